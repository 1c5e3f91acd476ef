"""What a data set is: images, labels, names, and the accuracy that a notebook may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Dataset"]


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A data set of labelled images, split into a training and a test part.

    Attributes:
        name: What this is, such as ``"MNIST"``; a sample's name says that it is one.
        train_images: uint8, 0..255. Grey images are (n, height, width), 0 = background and 255 = ink; colour images
            are (n, height, width, 3), red, green, blue.
        train_labels: (n,) int64, 0..len(class_names) - 1.
        test_images: Like ``train_images``.
        test_labels: Like ``train_labels``.
        class_names: The name of every class; a label is an index into it.
        targets: Test accuracies, fractions in 0..1, that a notebook may ask for, by kind of model. Read-only.
            Every data set has ``"linear"`` (softmax regression), ``"mlp"`` (a fully connected network of the
            student's choice) and ``"cnn"`` (a small convolutional network on a CPU). MNIST and its sample also have
            ``"mlp_sgd"`` (784-16-16-10, SGD at 0.01, batches of 10, 5 epochs) and ``"mlp_adam"`` (the same network,
            Adam, batches of 32, 5 epochs); CIFAR-10 and its sample also have ``"cnn_gpu"`` (a larger network).
        is_sample: True for a built-in stand-in, False for the published data set.
        source: Where it came from: the folder that it was read from, or "built into coursekit" and by whom.
    """

    name: str
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.int64]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    targets: Mapping[str, float]
    is_sample: bool
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", MappingProxyType(dict(self.targets)))

    @property
    def image_shape(self) -> tuple[int, ...]:
        """The shape of one image: (height, width) or (height, width, 3)."""
        return self.train_images.shape[1:]

    def train_vectors(self) -> NDArray[np.float32]:
        """Give each training image as a row of numbers in 0..1, for models that know nothing of pictures.

        Returns:
            A fresh array (n, d) float32, pixel / 255, d = 784 for MNIST and 3072 for CIFAR-10.
            ``row.reshape(data.image_shape)`` is the picture again.
        """
        return _as_vectors(self.train_images)

    def test_vectors(self) -> NDArray[np.float32]:
        """Give each test image as a row of numbers in 0..1, like `train_vectors`."""
        return _as_vectors(self.test_images)

    def __repr__(self) -> str:
        return (
            f"<{self.name}: {len(self.train_labels):,} training and {len(self.test_labels):,} test images, "
            f"{' x '.join(map(str, self.image_shape))}, {len(self.class_names)} classes ({self.source})>"
        )

    def _repr_html_(self) -> str:
        rows = {
            "training images": f"{self.train_images.shape} {self.train_images.dtype}",
            "test images": f"{self.test_images.shape} {self.test_images.dtype}",
            "classes": ", ".join(self.class_names),
            "from": self.source,
        }
        cells = "".join(
            f'<tr><th scope="row" style="text-align:left">{key}</th>'
            f'<td style="text-align:left">{escape(value)}</td></tr>'
            for key, value in rows.items()
        )
        caption = f'<caption style="text-align:left"><b>{escape(self.name)}</b></caption>'
        return f"<table>{caption}<tbody>{cells}</tbody></table>"

    def __getstate__(self) -> dict[str, Any]:
        # A read-only mapping cannot be pickled, and data sets travel to worker processes.
        return {**self.__dict__, "targets": dict(self.targets)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, targets=MappingProxyType(state["targets"]))


def _as_vectors(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Flatten images (n, ...), 0..255, to rows (n, d) and scale them to 0..1; they share no memory."""
    rows = images.reshape(len(images), -1).astype(np.float32)
    rows /= 255  # in place: a second copy of MNIST would take 188 MB more
    return rows
