"""MNIST: 70,000 handwritten digits, by Y. LeCun, C. Cortes and C. J. C. Burges.

http://yann.lecun.com/exdb/mnist/ described the files and their format.
"""

from __future__ import annotations

import math
from pathlib import Path
from types import MappingProxyType
from typing import IO

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets.dataset import Dataset
from coursekit.datasets.digits import digits_sample
from coursekit.datasets.download import fetch
from coursekit.datasets.folders import Published, find, read_content
from coursekit.errors import DataError
from coursekit.files import replace_file

__all__ = ["load_mnist", "read_idx"]

SUBFOLDER = "mnist"
#: PyTorch's copy (torchvision.datasets.MNIST), Google's (tensorflow_datasets) and Amazon's (SageMaker's examples). The
#: original site no longer has the files: https://github.com/pytorch/pytorch/pull/164238
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://sagemaker-sample-files.s3.amazonaws.com/datasets/image/MNIST/",
)
#: md5 of the unpacked files.
CHECKSUMS = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
SIDE = 28
N_CLASSES = 10
N_IMAGES = 70_000
IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049
#: "linear" and the two networks by this course's labs (0.92, 0.9475 and 0.954 measured); "mlp" is the lecture slides'
#: headline; "cnn" by lab 04.
TARGETS = MappingProxyType({"linear": 0.91, "mlp_sgd": 0.92, "mlp_adam": 0.94, "mlp": 0.9776, "cnn": 0.985})


def load_mnist() -> Dataset:
    """Load MNIST.

    It is looked for in the folder ``mnist`` of ``COURSEKIT_DATA``, then in the cache (``COURSEKIT_CACHE``), then
    on the network (not if ``COURSEKIT_OFFLINE`` is set). If it is nowhere, a small sample of other digits takes its
    place, with a notice and a name that say so.

    Returns:
        60,000 training and 10,000 test images: (n, 28, 28) uint8, 0 = paper and 255 = ink; labels (n,) int64, 0..9.

    Raises:
        DataError: If COURSEKIT_DATA is not a folder, or its files are incomplete or broken; or if the cache is damaged
            and cannot be downloaded again.
    """
    return find(published(), notice=True)


def published() -> Published:
    """Say what MNIST consists of, and how it is read and downloaded."""
    return Published(SUBFOLDER, tuple(CHECKSUMS), N_IMAGES, _read, _download, digits_sample)


def read_idx(folder: Path, name: str, magic: int) -> NDArray[np.uint8]:
    """Read a file in MNIST's IDX format, packed by gzip or plain.

    The format: big-endian 32-bit integers, a magic number (2049 for labels, 2051 for images) and then the length of
    each axis; then the values, one byte each.

    Args:
        folder: Where it is.
        name: Its name, without ``.gz``.
        magic: The magic number that it should begin with.

    Returns:
        (n,) labels or (n, height, width) images, n at least 1.

    Raises:
        DataError: If it is not such a file, or is cut short or too long.
    """
    path, content = read_content(folder, name)
    n_axes = magic % 256
    header = np.frombuffer(content[: 4 + 4 * n_axes], ">i4") if len(content) >= 4 + 4 * n_axes else np.zeros(0)
    if header.size == 0 or header[0] != magic:
        seen = f"only {len(content)} bytes" if header.size == 0 else f"magic number {header[0]}"
        raise DataError(f"{path} is not the MNIST file its name says: expected magic number {magic}, got {seen}.")
    shape = tuple(int(length) for length in header[1:])
    expected_bytes, got_bytes = math.prod(shape), len(content) - header.nbytes
    if min(shape) < 1:
        raise DataError(f"{path} is damaged: its header says shape {shape}, expected lengths of at least 1.")
    if expected_bytes != got_bytes:
        raise DataError(
            f"{path} is cut short or too long: its header says shape {shape}, which takes {expected_bytes} bytes, but "
            f"{got_bytes} follow."
        )
    # A copy, since arrays over bytes are read-only, and torch warns of those on stderr.
    return np.frombuffer(content, np.uint8, offset=header.nbytes).reshape(shape).copy()


def _read(folder: Path) -> Dataset:
    train_images, train_labels = _read_part(folder, "train")
    test_images, test_labels = _read_part(folder, "t10k")
    return Dataset(
        name="MNIST",
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        class_names=tuple("0123456789"),
        targets=TARGETS,
        is_sample=False,
        source=str(folder),
    )


def _read_part(folder: Path, part: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    images_name, labels_name = f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"
    images = read_idx(folder, images_name, IMAGES_MAGIC)
    labels = read_idx(folder, labels_name, LABELS_MAGIC)
    if images.shape[1:] != (SIDE, SIDE):
        raise DataError(f"{folder / images_name}: images are {images.shape[1:]}, expected {(SIDE, SIDE)}.")
    if len(images) != len(labels):
        raise DataError(f"{folder}: {images_name} has {len(images)} images, but {labels_name} {len(labels)} labels.")
    if labels.max() >= N_CLASSES:
        raise DataError(f"{folder / labels_name}: a label is {labels.max()}; legal are 0 to {N_CLASSES - 1}.")
    return images, labels.astype(np.int64)


def _download(folder: Path) -> None:
    def put(name: str, content: IO[bytes]) -> None:
        replace_file(folder / name, content, survive_power_cut=True)

    fetch(MIRRORS, {f"{name}.gz": md5 for name, md5 in CHECKSUMS.items()}, folder, put)
