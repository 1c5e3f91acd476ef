"""What comes from a learning management system, and what goes back to it, is a student's, too."""

from __future__ import annotations

import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from coursekit.grading.course import Course
from coursekit.grading.export import neutral
from coursekit.grading.students import read_names
from coursekit.lms import collect
from tests.attacks.attack import LAB, make_small_course

GOOD = b'{"nbformat": 4, "cells": []}'
_MIB = 2**20


@pytest.fixture
def course(tmp_path: Path) -> Path:
    make_small_course(tmp_path / "course")
    return tmp_path / "course"


def sparse(file: Path, n_mib: int) -> None:
    with file.open("wb") as opened:
        opened.truncate(n_mib * _MIB)


def saying_less(file: Path, size: int) -> None:
    """Have the first entry of a zip state another size than it has, in both places."""
    content = bytearray(file.read_bytes())
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(sign) + at, size)
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (zipfile.ZIP_DEFLATED, "it is damaged"),
        (zipfile.ZIP_BZIP2, "packed by another method"),
        (zipfile.ZIP_LZMA, "packed by another method"),
    ],
)
def test_a_file_that_says_it_is_small_takes_no_more_memory_than_a_small_one(
    course: Path, tmp_path: Path, kind: int, cause: str
) -> None:
    file = tmp_path / "class.zip"
    with zipfile.ZipFile(file, "w", kind, compresslevel=1) as packed:
        with packed.open(f"ana_1_2_{LAB}.ipynb", "w") as opened:
            for _ in range(100):
                opened.write(bytes(_MIB))
        packed.writestr(f"bo_3_4_{LAB}.ipynb", GOOD, zipfile.ZIP_DEFLATED)
    saying_less(file, 100)
    tracemalloc.start()
    try:
        collected = collect(LAB, file, course=course)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50 * _MIB
    notes = {row.student: row.note for row in collected.students}
    assert cause in notes["1"]
    assert notes["3"] == "new"


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        (b"An\xe9_11_assignsubmission_file_", None),
        (b"An\xe9", "{student}/{file}"),
        (b"An\xe9 11", "{name} {student}/{file}"),
    ],
)
def test_a_name_that_is_not_utf_8_keeps_nobody_from_being_collected(
    course: Path, tmp_path: Path, folder: bytes, pattern: str | None
) -> None:
    place = tmp_path / "class"
    for name in (folder, folder.replace(b"\xe9", b"\xe8").replace(b"11", b"12")):
        inside = place / os.fsdecode(name)
        inside.mkdir(parents=True)
        (inside / f"{LAB}.ipynb").write_bytes(GOOD)
    collected = collect(LAB, place, course=course, pattern=pattern)
    assert [row.note for row in collected.students] == ["new", "new"]
    assert [row.note for row in collect(LAB, place, course=course, pattern=pattern).students] == ["unchanged"] * 2
    for called in read_names(Course(course)).values():
        assert called.isprintable()


def test_one_file_of_any_size_keeps_nobody_from_being_collected(course: Path, tmp_path: Path) -> None:
    place = tmp_path / "class"
    place.mkdir()
    sparse(place / f"ana_1_2_{LAB}.ipynb", 2**23)
    (place / f"bo_3_4_{LAB}.ipynb").write_bytes(GOOD)
    notes = {row.student: row.note for row in collect(LAB, place, course=course).students}
    assert "the most is" in notes["1"]
    assert notes["3"] == "new"


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [("Ann;=1+1", ","), ('Ann; "=1+1', ","), ("Ann\t@SUM(A1)", ","), ("Ann,=1+1", ";"), ("Ann,' -1+cmd", ";")],
)
def test_no_part_of_a_name_is_a_formula_where_tables_are_divided_otherwise(name: str, delimiter: str) -> None:
    other = next(mark for mark in ";,\t" if mark in name)
    made = neutral(name, delimiter=delimiter)
    assert all(part.lstrip(' "')[:1] not in "=+-@" for part in made.split(other))
    assert made.replace("'", "") == name.replace("'", "")
    assert neutral(made, delimiter=delimiter) == made
