"""Each golden folder holds a lab's files and the two notebooks that it must build, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.authoring.conftest import Course

CASES = sorted((Path(__file__).parent / "golden").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_source_builds_its_golden_notebooks(case: Path, course: Course, update_golden: bool) -> None:
    shutil.copytree(case / "source", course.root / "labs" / case.name)
    course.build()
    built = {
        "instructor.ipynb": course.instructor(case.name).read_bytes(),
        "student.ipynb": course.student(case.name).read_bytes(),
    }
    for name, data in built.items():
        if update_golden:
            (case / name).write_bytes(data)
        assert (case / name).read_bytes() == data
