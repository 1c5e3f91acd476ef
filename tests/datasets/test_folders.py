from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coursekit.datasets import cifar10, folders, load_cifar10, load_mnist, mnist
from coursekit.errors import DataError

Files = dict[str, bytes]
LayOut = Callable[[str, Files], Path]


@pytest.fixture
def cached(cache: Path, mnist_files: Files, packed: Callable[[Files], Files]) -> Path:
    """MNIST in the cache."""
    folder = cache / "mnist"
    folder.mkdir(parents=True)
    for name, content in packed(mnist_files).items():
        (folder / name).write_bytes(content)
    return folder


def words(text: str) -> str:
    """The text without the frame and the line ends of a notice."""
    return " ".join(text.replace("|", " ").split())


@pytest.mark.parametrize("load", [load_mnist, load_cifar10])
def test_a_folder_that_does_not_exist_is_an_error(
    load: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"nowhere', which is not a folder.*mnist/.*cifar-10-batches-bin/.*unset it"):
        load()


def test_a_file_for_a_folder_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "file"))
    with pytest.raises(DataError, match="not a folder"):
        load_mnist()


def test_an_empty_setting_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_DATA", "")
    assert load_mnist().is_sample


def test_own_files_come_before_the_cache(cached: Path, lay_out: LayOut, mnist_files: Files) -> None:
    folder = lay_out("mnist", mnist_files)
    assert load_mnist().source == str(folder) != str(cached)


def test_a_folder_without_this_data_set_leads_on_to_the_cache(
    cached: Path, lay_out: LayOut, cifar_files: Files
) -> None:
    lay_out(cifar10.SUBFOLDER, cifar_files)
    assert load_mnist().source == str(cached)


def test_the_notice_tells_of_a_folder_without_this_data_set(
    lay_out: LayOut, cifar_files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(cifar10.SUBFOLDER, cifar_files)
    assert load_mnist().is_sample
    assert "has no file of it in mnist" in words(capsys.readouterr().out)


def test_own_files_are_left_as_they_are(lay_out: LayOut, mnist_files: Files) -> None:
    folder = lay_out("mnist", mnist_files)
    load_mnist()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == mnist_files


def test_the_cache_works_offline(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    assert load_mnist().source == str(cached)


def test_an_unfinished_cache_is_no_error_offline(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cached / "t10k-labels-idx1-ubyte.gz").unlink()
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    assert load_mnist().is_sample


@pytest.mark.parametrize("damage", ["cut short", "missing"])
def test_a_damaged_cache_is_downloaded_again(
    damage: str, cached: Path, make_mirror: Any, mnist_files: Files, packed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = cached / "train-images-idx3-ubyte.gz"
    if damage == "missing":
        broken.unlink()
    else:
        broken.write_bytes(broken.read_bytes()[:-9])
    monkeypatch.setattr(mnist, "MIRRORS", (make_mirror(packed(mnist_files)).address,))
    assert not load_mnist().is_sample
    assert broken.read_bytes() == packed(mnist_files)[broken.name]


@pytest.mark.parametrize("offline", ["1", "0"])
def test_a_damaged_cache_that_cannot_be_renewed_is_an_error(
    offline: str, cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = cached / "train-labels-idx1-ubyte.gz"
    broken.write_bytes(broken.read_bytes()[:-9])
    monkeypatch.setenv("COURSEKIT_OFFLINE", offline)
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte\.gz cannot be read.*or delete .*mnist") as caught:
        load_mnist()
    assert "unset COURSEKIT_DATA" not in str(caught.value)


def test_a_damaged_cifar10_cache_is_downloaded_again(
    cache: Path, make_mirror: Any, cifar_files: Files, cifar_archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cifar10, "MIRRORS", (make_mirror({cifar10.ARCHIVE: cifar_archive}).address,))
    load_cifar10()
    broken = cache / cifar10.SUBFOLDER / "data_batch_1.bin"
    broken.write_bytes(broken.read_bytes()[:-9])
    assert not load_cifar10().is_sample
    assert broken.read_bytes() == cifar_files["data_batch_1.bin"]


def test_a_cached_file_cut_between_two_images_is_downloaded_again(
    cache: Path, make_mirror: Any, cifar_files: Files, cifar_archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cifar10, "MIRRORS", (make_mirror({cifar10.ARCHIVE: cifar_archive}).address,))
    load_cifar10()
    broken = cache / cifar10.SUBFOLDER / "data_batch_1.bin"
    broken.write_bytes(broken.read_bytes()[: -cifar10.RECORD_BYTES])
    assert len(load_cifar10().train_labels) == 50
    broken.write_bytes(broken.read_bytes()[: -cifar10.RECORD_BYTES])
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    with pytest.raises(DataError, match=r"cifar-10-batches-bin holds 59 images, expected 60\..*or delete "):
        load_cifar10()


def test_own_files_may_be_a_part_of_the_data_set(lay_out: LayOut, cifar_files: Files) -> None:
    lay_out(cifar10.SUBFOLDER, cifar_files | {"data_batch_1.bin": cifar_files["data_batch_1.bin"][:3073]})
    assert len(load_cifar10().train_labels) == 41


@pytest.fixture
def close_folder(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """A function that closes a folder to the user, even to root, whom no permission stops."""

    def close(folder: Path) -> None:
        real_stat = Path.stat

        def stat(path: Path, **options: bool) -> os.stat_result:
            if folder in path.parents:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return real_stat(path, **options)

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr(Path, "stat", stat)
        monkeypatch.setattr(tempfile, "TemporaryFile", refuse)

    return close


def test_a_cache_that_is_closed_to_the_user_leads_on_to_the_sample(
    cached: Path, close_folder: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    close_folder(cached)
    assert load_mnist().is_sample
    assert "cannot be written to (Permission denied)" in words(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("closed", "said"),
    [("mnist", "mnist cannot be read: Permission denied"), ("..", "data', which you may not look into")],
)
def test_an_own_folder_that_is_closed_to_the_user_is_an_error(
    closed: str, said: str, lay_out: LayOut, mnist_files: Files, close_folder: Callable[[Path], None]
) -> None:
    folder = lay_out("mnist", mnist_files)
    close_folder(folder if closed == "mnist" else folder.parents[1])
    with pytest.raises(DataError, match=said):
        load_mnist()


@pytest.mark.parametrize("variable", ["COURSEKIT_DATA", "COURSEKIT_CACHE"])
def test_the_home_of_an_unknown_user_is_an_error(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "~no such user/images")
    with pytest.raises(DataError, match=f"{variable} names '~no such user/images', but there is no such user"):
        load_mnist()


def test_the_cache_folder_may_lie_in_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_CACHE", "~/images")
    assert folders.cache_folder() == Path.home() / "images"


def test_without_a_setting_the_cache_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSEKIT_CACHE")
    assert "coursekit" in str(folders.cache_folder())


def test_a_cache_that_cannot_be_written_to_leads_on_to_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path / "file"))
    assert load_mnist().is_sample
    shown = words(capsys.readouterr().out)
    assert "cannot be written to" in shown
    assert "COURSEKIT_CACHE may name another" in shown
