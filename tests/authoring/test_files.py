from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.authoring.files import replace_file
from coursekit.errors import CourseError


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    replace_file(tmp_path / "a" / "b.txt", b"new")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"new"


def test_nothing_else_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"old")
    replace_file(tmp_path / "b.txt", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b.txt": b"new"}


def test_a_write_that_fails_names_the_file_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(CourseError, match=r"Cannot write .*b\.txt"):
        replace_file(tmp_path / "b.txt", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]
    assert (tmp_path / "b.txt").is_dir()


def test_a_file_in_a_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(CourseError, match=r"Cannot write .*b\.txt"):
        replace_file(tmp_path / "a" / "b.txt", b"new")
    assert (tmp_path / "a").read_bytes() == b"mine"
