from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coursekit.files import replace_file, write_once


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("content", [b"new", io.BytesIO(b"new")], ids=["bytes", "stream"])
@pytest.mark.parametrize("survive", [False, True])
def test_a_file_is_replaced_and_nothing_else_is_left(
    tmp_path: Path, content: bytes | io.BytesIO, survive: bool
) -> None:
    if isinstance(content, io.BytesIO):
        content.seek(0)
    (tmp_path / "file").write_bytes(b"old")
    replace_file(tmp_path / "file", content, survive_power_cut=survive)
    assert files_in(tmp_path) == {"file": b"new"}


def test_who_is_reading_a_file_while_it_is_replaced_sees_all_of_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with (tmp_path / "file").open("rb") as reader:
        replace_file(tmp_path / "file", b"new")
        assert reader.read() == b"old"


def test_an_interruption_leaves_the_old_file(tmp_path: Path) -> None:
    class Interrupted(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            raise KeyboardInterrupt

    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        replace_file(tmp_path / "file", Interrupted())
    assert files_in(tmp_path) == {"file": b"old"}


def test_a_refusal_of_the_system_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="file"):
        replace_file(tmp_path / "file", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"theirs")
    (tmp_path / "file").symlink_to(tmp_path / "other")
    replace_file(tmp_path / "file", b"new")
    assert files_in(tmp_path) == {"file": b"new", "other": b"theirs"}
    assert not (tmp_path / "file").is_symlink()


def test_a_new_file_may_be_read_by_all_whom_the_umask_lets(tmp_path: Path) -> None:
    with umask(0o022):
        replace_file(tmp_path / "file", b"new")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_a_mode_holds_whatever_the_umask_says(tmp_path: Path, mode: int) -> None:
    with umask(0o077):
        replace_file(tmp_path / "file", b"new", mode=mode)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_a_file_that_is_written_once_is_its_owners_and_stays(tmp_path: Path) -> None:
    write_once(tmp_path / "file", b"first")
    write_once(tmp_path / "file", b"second")
    assert files_in(tmp_path) == {"file": b"first"}
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
