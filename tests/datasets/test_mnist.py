from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coursekit.datasets import load_mnist, mnist
from coursekit.errors import DataError

Files = dict[str, bytes]
LayOut = Callable[[str, Files], Path]

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.mark.parametrize("is_packed", [False, True])
def test_own_files_are_read_packed_or_plain(
    lay_out: LayOut, mnist_files: Files, packed: Callable[[Files], Files], is_packed: bool
) -> None:
    folder = lay_out("mnist", packed(mnist_files) if is_packed else mnist_files)
    data = load_mnist()
    assert (data.name, data.is_sample, data.source) == ("MNIST", False, str(folder))
    assert data.train_images.shape == (30, 28, 28)
    assert data.test_images.shape == (10, 28, 28)
    assert data.train_images.tobytes() == mnist_files[IMAGES][16:]
    np.testing.assert_array_equal(data.train_labels, np.arange(30) % 10)


def test_types_are_as_documented(lay_out: LayOut, mnist_files: Files) -> None:
    lay_out("mnist", mnist_files)
    data = load_mnist()
    assert data.train_images.dtype == data.test_images.dtype == np.uint8
    assert data.train_labels.dtype == data.test_labels.dtype == np.int64
    assert data.class_names == tuple("0123456789")
    assert data.train_images.flags.c_contiguous


def test_images_can_be_written_to_since_torch_warns_of_others(lay_out: LayOut, mnist_files: Files) -> None:
    lay_out("mnist", mnist_files)
    assert load_mnist().train_images.flags.writeable


def test_own_files_need_not_be_the_published_ones(
    lay_out: LayOut, mnist_files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnist, "CHECKSUMS", dict.fromkeys(mnist_files, "0" * 32))
    lay_out("mnist", mnist_files)
    assert not load_mnist().is_sample


DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "cut short": (IMAGES, lambda content: content[:-1], "takes 23520 bytes, but 23519 follow"),
    "too long": (IMAGES, lambda content: content + b"x", "but 23521 follow"),
    "cut in the header": (LABELS, lambda content: content[:5], "got only 5 bytes"),
    "empty": (LABELS, lambda _: b"", "got only 0 bytes"),
    "labels for images": (IMAGES, lambda content: struct.pack(">i", 2049) + content[4:], "expected magic number 2051"),
    "a web page": (LABELS, lambda _: b"<!doctype html><p>Sorry", "got magic number 1008821359"),
    "no labels": (LABELS, lambda content: content[:4] + struct.pack(">i", 0), "shape (0,), expected lengths of at"),
    "no images": (IMAGES, lambda content: content[:4] + struct.pack(">i", 0) + content[8:16], "shape (0, 28, 28)"),
    "negative length": (IMAGES, lambda content: content[:4] + struct.pack(">i", -30) + content[8:], "shape (-30, 28"),
    "garbage after gzip's mark": (LABELS, lambda _: b"\x1f\x8b" + b"\x00" * 40, "cannot be read"),
    "other image size": (
        IMAGES,
        lambda content: content[:8] + struct.pack(">ii", 14, 56) + content[16:],
        "images are (14, 56), expected (28, 28)",
    ),
    "label out of range": (LABELS, lambda content: content[:-1] + b"\x0a", "a label is 10; legal are 0 to 9"),
    "fewer labels than images": (
        LABELS,
        lambda content: content[:4] + struct.pack(">i", 29) + content[8:-1],
        "has 30 images, but train-labels-idx1-ubyte 29 labels",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_own_file_is_named_with_what_is_wrong_and_what_to_do(
    lay_out: LayOut, mnist_files: Files, damage: str
) -> None:
    name, spoil, complaint = DAMAGES[damage]
    folder = lay_out("mnist", mnist_files | {name: spoil(mnist_files[name])})
    with pytest.raises(DataError) as caught:
        load_mnist()
    assert complaint in str(caught.value)
    assert name in str(caught.value)
    assert "unset COURSEKIT_DATA" in str(caught.value)
    assert (folder / name).read_bytes() == spoil(mnist_files[name])


def test_a_gzip_file_that_ends_early_is_an_error(
    lay_out: LayOut, mnist_files: Files, packed: Callable[[Files], Files]
) -> None:
    files = packed(mnist_files)
    files[f"{IMAGES}.gz"] = files[f"{IMAGES}.gz"][:-20]
    lay_out("mnist", files)
    with pytest.raises(DataError, match=rf"{IMAGES}.gz cannot be read"):
        load_mnist()


def test_missing_own_files_are_listed(lay_out: LayOut, mnist_files: Files) -> None:
    lay_out("mnist", {name: mnist_files[name] for name in (IMAGES, LABELS)})
    with pytest.raises(DataError, match="lacks t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte") as caught:
        load_mnist()
    assert "4 files are needed, 2 are there" in str(caught.value)


def test_targets_of_the_published_images() -> None:
    assert mnist.TARGETS["linear"] == 0.91


def test_the_published_images_are_complete(real_data: Path) -> None:
    data = load_mnist()
    assert data.train_images.shape == (60_000, 28, 28)
    assert data.test_images.shape == (10_000, 28, 28)
    # The mean pixel of the training images, 0.1307 of 255, is known from every MNIST tutorial.
    assert data.train_images.mean() / 255 == pytest.approx(0.1307, abs=1e-4)
    assert data.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert np.bincount(data.train_labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert data.source == str(real_data / "mnist")


@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize("name", mnist.CHECKSUMS)
def test_the_published_content_has_the_checksums_that_downloads_are_held_to(name: str) -> None:
    data = load_mnist()
    part = "train" if name.startswith("train") else "test"
    values = getattr(data, f"{part}_images" if "images" in name else f"{part}_labels").astype(np.uint8)
    header = struct.pack(f">{1 + values.ndim}i", 2048 + values.ndim, *values.shape)
    assert hashlib.md5(header + values.tobytes(), usedforsecurity=False).hexdigest() == mnist.CHECKSUMS[name]
