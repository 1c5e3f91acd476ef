from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursekit.datasets import cifar10, load_cifar10
from coursekit.errors import DataError

Files = dict[str, bytes]
LayOut = Callable[[str, Files], Path]
SUBFOLDER = cifar10.SUBFOLDER


@pytest.mark.parametrize("is_packed", [False, True])
def test_own_files_are_read_packed_or_plain(
    lay_out: LayOut, cifar_files: Files, packed: Callable[[Files], Files], is_packed: bool
) -> None:
    folder = lay_out(SUBFOLDER, packed(cifar_files) if is_packed else cifar_files)
    data = load_cifar10()
    assert (data.name, data.is_sample, data.source) == ("CIFAR-10", False, str(folder))
    assert data.train_images.shape == (50, 32, 32, 3)
    assert data.test_images.shape == (10, 32, 32, 3)
    np.testing.assert_array_equal(data.train_labels, np.tile(np.arange(10), 5))


def test_channels_come_last_and_batches_keep_their_order(lay_out: LayOut, cifar_files: Files) -> None:
    lay_out(SUBFOLDER, cifar_files)
    images = load_cifar10().train_images
    record = cifar_files["data_batch_2.bin"][3073 * 3 : 3073 * 4]  # the fourth image of the second batch
    planes = np.frombuffer(record[1:], np.uint8).reshape(3, 32, 32)
    for channel in range(3):
        np.testing.assert_array_equal(images[13, :, :, channel], planes[channel])


def test_types_are_as_documented(lay_out: LayOut, cifar_files: Files) -> None:
    lay_out(SUBFOLDER, cifar_files)
    data = load_cifar10()
    assert data.train_images.dtype == np.uint8
    assert data.train_labels.dtype == data.test_labels.dtype == np.int64
    assert data.train_images.flags.c_contiguous
    assert data.train_images.flags.writeable
    assert data.class_names[0] == "airplane"
    assert len(data.class_names) == 10


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda content: content[:-1], "it has 30729 bytes, expected a multiple of 3073"),
        (lambda _: b"", "it has 0 bytes"),
        (lambda content: b"\x0a" + content[1:], "a label is 10; legal are 0 to 9"),
        (lambda _: b"\x1f\x8bgarbage", "cannot be read"),
    ],
    ids=["cut short", "empty", "label out of range", "garbage after gzip's mark"],
)
def test_a_damaged_own_file_is_named_with_what_is_wrong_and_what_to_do(
    lay_out: LayOut, cifar_files: Files, spoil: Callable[[bytes], bytes], complaint: str
) -> None:
    lay_out(SUBFOLDER, cifar_files | {"data_batch_3.bin": spoil(cifar_files["data_batch_3.bin"])})
    with pytest.raises(DataError) as caught:
        load_cifar10()
    assert complaint in str(caught.value)
    assert "data_batch_3.bin" in str(caught.value)
    assert "unset COURSEKIT_DATA" in str(caught.value)


def test_missing_own_files_are_listed(lay_out: LayOut, cifar_files: Files) -> None:
    del cifar_files["test_batch.bin"]
    lay_out(SUBFOLDER, cifar_files)
    with pytest.raises(DataError, match=r"lacks test_batch\.bin .*6 files are needed, 5 are there"):
        load_cifar10()


def test_it_is_unpacked_from_its_archive(
    make_mirror: Any, monkeypatch: pytest.MonkeyPatch, cifar_files: Files, cifar_archive: bytes, cache: Path
) -> None:
    mirror = make_mirror({cifar10.ARCHIVE: cifar_archive})
    monkeypatch.setattr(cifar10, "MIRRORS", (mirror.address,))
    for _ in range(2):
        data = load_cifar10()
        assert not data.is_sample
        np.testing.assert_array_equal(data.train_labels, np.tile(np.arange(10), 5))
    assert mirror.downloads() == [cifar10.ARCHIVE]
    assert {path.name: path.read_bytes() for path in (cache / SUBFOLDER).iterdir()} == cifar_files


def archive_of(files: Files, extra: list[tarfile.TarInfo]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for member in extra:
            archive.addfile(member, io.BytesIO(b"evil") if member.isreg() else None)
        for name, content in files.items():
            member = tarfile.TarInfo(f"{SUBFOLDER}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def a_member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, target, 4 if kind == tarfile.REGTYPE else 0
    return member


@pytest.fixture
def serve(make_mirror: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """A function that puts an archive on the only mirror, as if it were the published one."""

    def put(archive: bytes) -> None:
        monkeypatch.setattr(cifar10, "MIRRORS", (make_mirror({cifar10.ARCHIVE: archive}).address,))
        monkeypatch.setattr(cifar10, "ARCHIVE_MD5", hashlib.md5(archive, usedforsecurity=False).hexdigest())

    return put


def test_only_expected_names_are_unpacked(
    serve: Callable[[bytes], None], cifar_files: Files, cache: Path, tmp_path: Path
) -> None:
    hostile = [
        a_member("../../evil"),
        a_member(f"{SUBFOLDER}/../../../evil"),
        a_member(str(tmp_path / "evil")),
        a_member(f"{SUBFOLDER}/evil"),
        a_member(SUBFOLDER, tarfile.SYMTYPE, str(tmp_path / "elsewhere")),
        a_member(f"{SUBFOLDER}/pipe", tarfile.FIFOTYPE),
    ]
    serve(archive_of(cifar_files, hostile))
    assert not load_cifar10().is_sample
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert [path.name for path in cache.iterdir()] == [SUBFOLDER]
    assert sorted(path.name for path in (cache / SUBFOLDER).iterdir()) == sorted(cifar_files)
    assert not (cache / SUBFOLDER).is_symlink()


@pytest.mark.parametrize("kind", [None, tarfile.SYMTYPE, tarfile.LNKTYPE], ids=["nothing", "a link", "a hard link"])
def test_an_archive_with_something_else_for_a_file_is_refused(
    kind: bytes | None,
    serve: Callable[[bytes], None],
    cifar_files: Files,
    tmp_path: Path,
    cache: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    del cifar_files["test_batch.bin"]
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    extra = [a_member(f"{SUBFOLDER}/test_batch.bin", kind, str(secret))] if kind else []
    serve(archive_of(cifar_files, extra))
    assert load_cifar10().is_sample
    assert f"lacks {SUBFOLDER}/test_batch.bin" in " ".join(capsys.readouterr().out.replace("|", " ").split())
    assert not (cache / SUBFOLDER / "test_batch.bin").exists()


def test_targets_of_the_published_images() -> None:
    assert cifar10.TARGETS["linear"] == 0.36


@pytest.mark.usefixtures("real_data")
def test_the_published_images_are_complete() -> None:
    data = load_cifar10()
    assert data.train_images.shape == (50_000, 32, 32, 3)
    assert data.test_images.shape == (10_000, 32, 32, 3)
    assert np.bincount(data.train_labels).tolist() == [5000] * 10
    assert np.bincount(data.test_labels).tolist() == [1000] * 10
    # Mean red, green and blue, as in every CIFAR-10 tutorial; re-encoded images come close.
    assert data.train_images.mean((0, 1, 2)) / 255 == pytest.approx([0.4914, 0.4822, 0.4465], abs=5e-3)
