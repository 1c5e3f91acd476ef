"""MNIST: 70,000 handwritten digits, by Y. LeCun, C. Cortes and C. J. C. Burges.

http://yann.lecun.com/exdb/mnist/ describes the files and their format.
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.datasets.dataset import Dataset
from coursekit.datasets.digits import digits_sample
from coursekit.datasets.download import RemoteFile, fetch
from coursekit.datasets.folders import find
from coursekit.errors import DataError

__all__ = ["load_mnist"]

SUBFOLDER = "mnist"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)
#: md5 of the unpacked files.
CHECKSUMS = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049
#: "linear" and the two networks by this course's labs (0.92, 0.9475 and 0.954 measured); "mlp" is the lecture slides'
#: headline; "cnn" by lab 04.
TARGETS = MappingProxyType({"linear": 0.91, "mlp_sgd": 0.92, "mlp_adam": 0.94, "mlp": 0.9776, "cnn": 0.985})


def load_mnist(*, notice: bool = True) -> Dataset:
    """Load MNIST.

    It is looked for in the folder ``mnist`` of ``COURSEKIT_DATA``, then in the cache (``COURSEKIT_CACHE``), then
    on the network (not if ``COURSEKIT_OFFLINE`` is set). If it is nowhere, a small sample of other digits takes its
    place, with a notice and a name that say so.

    Args:
        notice: Whether to show that notice.

    Returns:
        60,000 training and 10,000 test images: (n, 28, 28) uint8, 0 = paper and 255 = ink; labels (n,) int64, 0..9.

    Raises:
        DataError: If COURSEKIT_DATA is no folder, or its files are incomplete or broken.
    """
    return find(
        subfolder=SUBFOLDER, present=_present, read=_read, download=_download, sample=digits_sample, notice=notice
    )


def read_idx(path: Path, magic: int) -> NDArray[np.uint8]:
    """Read a file in MNIST's IDX format, gzipped or plain.

    The format: big-endian 32-bit integers, a magic number (2049 for labels, 2051 for images) and then the length of
    each axis; then the values, one byte each.

    Args:
        path: The file.
        magic: The magic number that it should begin with.

    Returns:
        (n,) labels or (n, height, width) images.

    Raises:
        DataError: If it is no such file, or is cut short or too long.
    """
    content = _unpacked(path)
    n_axes = magic % 256
    header = np.frombuffer(content[: 4 + 4 * n_axes], ">i4") if len(content) >= 4 + 4 * n_axes else np.zeros(0)
    if header.size == 0 or header[0] != magic:
        seen = "an empty or tiny file" if header.size == 0 else f"magic number {header[0]}"
        raise DataError(
            f"{path} is not the MNIST file its name says: expected magic number {magic}, got {seen}. {_REMEDY}"
        )
    shape = tuple(int(length) for length in header[1:])
    expected_bytes, got_bytes = math.prod(shape), len(content) - header.nbytes
    if min(shape) < 0 or expected_bytes != got_bytes:
        raise DataError(
            f"{path} is cut or has surplus bytes: shape {shape} needs {expected_bytes}, got {got_bytes}. {_REMEDY}"
        )
    return np.frombuffer(content, np.uint8, offset=header.nbytes).reshape(shape)


_REMEDY = "Replace it by a fresh copy, or unset COURSEKIT_DATA to download one."


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is a damaged gzip file ({error}). {_REMEDY}") from None


def _file(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / f"{name}.gz", folder / name) if path.exists()), None)


def _present(folder: Path) -> bool:
    return any(_file(folder, name) for name in CHECKSUMS)


def _read(folder: Path) -> Dataset:
    missing = [f"{name}.gz" for name in CHECKSUMS if _file(folder, name) is None]
    if missing:
        raise DataError(
            f"{folder} lacks {', '.join(missing)} (plain or gzipped). Add what is missing, or move the rest."
        )
    parts: dict[str, Any] = {}
    for part, prefix in (("train", "train"), ("test", "t10k")):
        images_file, labels_file = (_file(folder, f"{prefix}-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1"))
        images, labels = read_idx(_known(images_file), IMAGES_MAGIC), read_idx(_known(labels_file), LABELS_MAGIC)
        if len(images) != len(labels):
            raise DataError(
                f"{folder}: {images_file} has {len(images)} images, {labels_file} {len(labels)} labels. {_REMEDY}"
            )
        if labels.size and labels.max() > 9:
            raise DataError(f"{labels_file}: a label is {labels.max()}; legal are 0 to 9. {_REMEDY}")
        parts |= {f"{part}_images": images, f"{part}_labels": labels.astype(np.int64)}
    return Dataset(
        name="MNIST", class_names=tuple("0123456789"), targets=TARGETS, is_sample=False, source=str(folder), **parts
    )


def _known(path: Path | None) -> Path:
    assert path is not None
    return path


def _download(folder: Path) -> bool:
    return all(
        fetch(RemoteFile(f"{name}.gz", tuple(f"{mirror}{name}.gz" for mirror in MIRRORS), md5), folder)
        for name, md5 in CHECKSUMS.items()
    )
