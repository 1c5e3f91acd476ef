"""CIFAR-10: 60,000 small colour photographs in ten classes, by A. Krizhevsky, V. Nair and G. Hinton.

https://www.cs.toronto.edu/~kriz/cifar.html describes the files and their format.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets.dataset import Dataset
from coursekit.datasets.download import RemoteFile, fetch
from coursekit.datasets.folders import find
from coursekit.datasets.pictures import pictures_sample
from coursekit.errors import DataError

__all__ = ["load_cifar10"]

SUBFOLDER = "cifar-10-batches-bin"
ARCHIVE = RemoteFile(
    "cifar-10-binary.tar.gz",
    (
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
    ),
    md5="c32a1d4ab5d03f1284b67883e8d87530",
)
TRAIN_FILES = tuple(f"data_batch_{i}.bin" for i in range(1, 6))
TEST_FILES = ("test_batch.bin",)
CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIDE = 32
RECORD_BYTES = 1 + 3 * SIDE * SIDE
#: "linear" by lab 01 (0.40 measured), the others by labs 03 and 04.
TARGETS = MappingProxyType({"linear": 0.36, "mlp": 0.50, "cnn": 0.70, "cnn_gpu": 0.90})


def load_cifar10(*, notice: bool = True) -> Dataset:
    """Load CIFAR-10.

    It is looked for in the folder ``cifar-10-batches-bin`` of ``COURSEKIT_DATA``, then in the cache
    (``COURSEKIT_CACHE``), then on the network (not if ``COURSEKIT_OFFLINE`` is set). If it is nowhere, a small sample of
    generated pictures takes its place, with a notice and a name that say so.

    Args:
        notice: Whether to show that notice.

    Returns:
        50,000 training and 10,000 test images: (n, 32, 32, 3) uint8, 0..255, red, green, blue; labels (n,) int64, 0..9.

    Raises:
        DataError: If COURSEKIT_DATA is no folder, or its files are incomplete or broken.
    """
    return find(
        subfolder=SUBFOLDER, present=_present, read=_read, download=_download, sample=pictures_sample, notice=notice
    )


def read_batch(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read one of CIFAR-10's binary files: records of a label byte and 3072 pixel bytes, channel by channel.

    Returns:
        Images (n, 32, 32, 3) uint8 and labels (n,) int64.

    Raises:
        DataError: If its size is no multiple of 3073 bytes, or a label is above 9.
    """
    content = np.fromfile(path, np.uint8)
    if content.size == 0 or content.size % RECORD_BYTES:
        raise DataError(
            f"{path} is cut short or no CIFAR-10 file: {content.size} bytes, expected a multiple of {RECORD_BYTES}. {_REMEDY}"
        )
    records = content.reshape(-1, RECORD_BYTES)
    labels = records[:, 0].astype(np.int64)
    if labels.max() > 9:
        raise DataError(f"{path}: a label is {labels.max()}; legal are 0 to 9. {_REMEDY}")
    return records[:, 1:].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1), labels


_REMEDY = "Replace it by a fresh copy, or unset COURSEKIT_DATA to download one."


def _present(folder: Path) -> bool:
    return any((folder / name).exists() for name in (*TRAIN_FILES, *TEST_FILES))


def _whole(folder: Path) -> bool:
    return all((folder / name).exists() for name in (*TRAIN_FILES, *TEST_FILES))


def _read(folder: Path) -> Dataset:
    missing = [name for name in (*TRAIN_FILES, *TEST_FILES) if not (folder / name).exists()]
    if missing:
        raise DataError(f"{folder} lacks {', '.join(missing)}. Add what is missing, or move the rest.")
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
    batches = [read_batch(folder / name) for name in names]
    return np.concatenate([images for images, _ in batches]), np.concatenate([labels for _, labels in batches])


def _download(folder: Path) -> bool:
    if _whole(folder):
        return True
    cache = folder.parent
    if not fetch(ARCHIVE, cache):
        return False
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        with tarfile.open(cache / ARCHIVE.name) as archive:
            archive.extractall(scratch, filter="data")
        shutil.rmtree(folder, ignore_errors=True)
        (Path(scratch) / SUBFOLDER).rename(folder)
    (cache / ARCHIVE.name).unlink()
    return True
