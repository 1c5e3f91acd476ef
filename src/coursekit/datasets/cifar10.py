"""CIFAR-10: 60,000 small colour photographs in ten classes, by A. Krizhevsky, V. Nair and G. Hinton.

https://www.cs.toronto.edu/~kriz/cifar.html describes the files and their format.
"""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets.dataset import Dataset
from coursekit.datasets.download import DownloadError, fetch
from coursekit.datasets.folders import Published, find, read_content
from coursekit.datasets.pictures import pictures_sample
from coursekit.errors import DataError
from coursekit.files import replace_file

__all__ = ["load_cifar10", "read_batch"]

SUBFOLDER = "cifar-10-batches-bin"
#: Google's copy (Swift for TensorFlow's models), MindSpore's (its tutorials), and the original site. That comes last
#: since it has been sending about 60 kB/s, 45 minutes for the file: https://github.com/pytorch/vision/issues/9536
MIRRORS = (
    "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/",
    "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/",
    "https://www.cs.toronto.edu/~kriz/",
)
ARCHIVE = "cifar-10-binary.tar.gz"
#: md5 of the archive as it is, from the original site.
ARCHIVE_MD5 = "c32a1d4ab5d03f1284b67883e8d87530"
TRAIN_FILES = tuple(f"data_batch_{i}.bin" for i in range(1, 6))
TEST_FILES = ("test_batch.bin",)
FILES = (*TRAIN_FILES, *TEST_FILES)
CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIDE = 32
RECORD_BYTES = 1 + 3 * SIDE * SIDE
N_IMAGES = 60_000
#: "linear" by lab 01 (0.40 measured), the others by labs 03 and 04.
TARGETS = MappingProxyType({"linear": 0.36, "mlp": 0.50, "cnn": 0.70, "cnn_gpu": 0.90})


def load_cifar10() -> Dataset:
    """Load CIFAR-10.

    It is looked for in the folder ``cifar-10-batches-bin`` of ``COURSEKIT_DATA``, then in the cache
    (``COURSEKIT_CACHE``), then on the network (not if ``COURSEKIT_OFFLINE`` is set). If it is nowhere, a small sample
    of generated pictures takes its place, with a notice and a name that say so.

    Returns:
        50,000 training and 10,000 test images: (n, 32, 32, 3) uint8, 0..255, red, green, blue; labels (n,) int64, 0..9.

    Raises:
        DataError: If COURSEKIT_DATA is not a folder, or its files are incomplete or broken; or if the cache is damaged
            and cannot be downloaded again.
    """
    return find(published(), notice=True)


def published() -> Published:
    """Say what CIFAR-10 consists of, and how it is read and downloaded."""
    return Published(SUBFOLDER, FILES, N_IMAGES, _read, _download, pictures_sample)


def read_batch(folder: Path, name: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read one of CIFAR-10's binary files: records of a label byte and 3072 pixel bytes, channel by channel.

    Args:
        folder: Where it is.
        name: Its name; it may also be there packed, with ``.gz`` appended.

    Returns:
        Images (n, 32, 32, 3) uint8 and labels (n,) int64, n at least 1.

    Raises:
        DataError: If its size is not a multiple of 3073 bytes, or a label is above 9.
    """
    path, content = read_content(folder, name)
    if not content or len(content) % RECORD_BYTES:
        raise DataError(
            f"{path} is cut short or not a CIFAR-10 file: it has {len(content)} bytes, expected a multiple of"
            f" {RECORD_BYTES}."
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD_BYTES)
    labels = records[:, 0].astype(np.int64)
    if labels.max() >= len(CLASS_NAMES):
        raise DataError(f"{path}: a label is {labels.max()}; legal are 0 to {len(CLASS_NAMES) - 1}.")
    channels_last = records[:, 1:].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)
    # Contiguous in that order, so that flattening and slicing batches cost what they seem to.
    return np.ascontiguousarray(channels_last), labels


def _read(folder: Path) -> Dataset:
    train_images, train_labels = _joined(folder, TRAIN_FILES)
    test_images, test_labels = _joined(folder, TEST_FILES)
    return Dataset(
        name="CIFAR-10",
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        class_names=CLASS_NAMES,
        targets=TARGETS,
        is_sample=False,
        source=str(folder),
    )


def _joined(folder: Path, names: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    batches = [read_batch(folder, name) for name in names]
    return np.concatenate([images for images, _ in batches]), np.concatenate([labels for _, labels in batches])


def _download(folder: Path) -> None:
    def unpack(_: str, content: IO[bytes]) -> None:
        # Only expected names are written, whatever else the archive holds. Read as a stream, it is unpacked only once.
        expected = {f"{SUBFOLDER}/{name}": folder / name for name in FILES}
        with tarfile.open(fileobj=content, mode="r|gz") as archive:
            for member in archive:
                if member.isreg() and member.name in expected and (stream := archive.extractfile(member)):
                    replace_file(expected.pop(member.name), stream, survive_power_cut=True)
        if expected:
            raise DownloadError(f"{ARCHIVE} lacks {', '.join(expected)}")

    fetch(MIRRORS, {ARCHIVE: ARCHIVE_MD5}, folder, unpack)
