from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coursekit.datasets import cifar10, download, mnist
from coursekit.doctor import Finding
from coursekit.doctor.data import look_at_data


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache; no folder of the user's; downloads allowed, but none may be made."""
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    monkeypatch.delenv("COURSEKIT_OFFLINE", raising=False)
    monkeypatch.setattr(download, "fetch", lambda *_: pytest.fail("it was downloaded"))
    return tmp_path / "cache"


@pytest.fixture
def digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's with three training and two test images of MNIST's format."""
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    for part, n in {"train": 3, "t10k": 2}.items():
        images = np.array([mnist.IMAGES_MAGIC, n, 28, 28], ">i4").tobytes() + bytes(n * 28 * 28)
        labels = np.array([mnist.LABELS_MAGIC, n], ">i4").tobytes() + bytes(n)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(labels)
    monkeypatch.setenv("COURSEKIT_DATA", str(folder.parent))
    return folder


@pytest.fixture
def damaged(cache: Path) -> Path:
    """The folder for CIFAR-10 in the cache, full of broken files."""
    folder = cache / cifar10.SUBFOLDER
    folder.mkdir(parents=True)
    for name in cifar10.FILES:
        (folder / name).write_bytes(b"cut short")
    return folder


def found() -> tuple[Finding, Finding]:
    digits, pictures = look_at_data()
    assert (digits.name, pictures.name) == ("MNIST", "CIFAR-10")
    return digits, pictures


def test_what_is_nowhere_will_be_downloaded_and_how_much_it_is(cache: Path) -> None:
    digits, pictures = found()
    assert digits.ok is None
    assert (
        digits.found
        == "not here yet; a lab that needs it downloads it (12 MB) or, offline, uses small built-in pictures"
    )
    assert "(170 MB)" in pictures.found
    assert not cache.exists()


def test_offline_it_is_said_how_to_allow_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    for finding in found():
        assert finding.ok is None
        assert "small built-in pictures" in finding.found
        assert "unset COURSEKIT_OFFLINE" in finding.remedy


def test_the_users_files_are_read_and_counted(digits: Path) -> None:
    mine, pictures = found()
    assert (mine.ok, mine.found) == (True, f"5 images in {digits}")
    assert pictures.ok is None
    assert pictures.remedy == f"COURSEKIT_DATA names {digits.parent}, which has no file of it in cifar-10-batches-bin/."


def test_files_of_the_users_that_are_broken_are_a_fault(digits: Path) -> None:
    (digits / "train-images-idx3-ubyte").write_bytes(b"cut short")
    finding, _ = found()
    assert finding.ok is False
    assert str(digits / "train-images-idx3-ubyte") in finding.remedy


def test_a_folder_that_is_not_there_is_one_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_DATA", "/no/such/folder")
    (finding,) = look_at_data()
    assert (finding.ok, finding.found) == (False, "COURSEKIT_DATA names '/no/such/folder', which is not a folder")
    assert "unset it to download the data" in finding.remedy


def test_the_cache_is_read(cache: Path, digits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSEKIT_DATA")
    monkeypatch.setattr(mnist, "N_IMAGES", 5)
    cache.mkdir()
    digits.rename(cache / "mnist")
    assert found()[0].found == f"5 images in {cache / 'mnist'}"


def test_a_damaged_cache_will_be_downloaded_again(damaged: Path) -> None:
    _, finding = found()
    assert finding.ok is None
    assert finding.found.startswith(f"damaged in {damaged}; a lab that needs it downloads it (170 MB)")


def test_a_damaged_cache_is_a_fault_where_nothing_can_be_downloaded(
    damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    _, finding = found()
    assert finding.ok is False
    assert f"delete {damaged}" in finding.remedy
