from __future__ import annotations

import json
from pathlib import Path

import pytest

from coursekit.errors import CourseError, UnknownNameError
from coursekit.grading import Course

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"


def test_a_course_knows_its_labs_and_folders(course: Path) -> None:
    found = Course(course)
    assert found.labs() == [LAB]
    assert found.submitted == course / "submitted"
    assert found.hidden == course / "hidden"
    assert found.autograded("ada", LAB) == course / "autograded" / "ada" / LAB
    assert found.db_url == f"sqlite:///{course}/gradebook.db"


def test_the_repositorys_own_course_finds_its_labs_wherever_one_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert LAB in Course(ROOT / "autograde").labs()


def test_a_course_may_be_named_by_a_relative_path(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course.parent)
    assert Course(Path("course")).submitted == course / "submitted"


def test_a_course_set_up_without_us_is_where_its_file_is(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.submitted_directory = 'in'\n")
    assert Course(tmp_path).submitted == tmp_path / "in"


def test_a_folder_without_configuration_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no course folder.*nbgrader_config\.py.*--course DIR"):
        Course(tmp_path)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("c = (", "SyntaxError"),
        ("import nowhere_to_be_found", "ModuleNotFoundError"),
        ("c = get_config()\nc.CourseDirectory.root = 5", "TraitError"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_named(tmp_path: Path, text: str, cause: str) -> None:
    (tmp_path / "nbgrader_config.py").write_text(text)
    with pytest.raises(CourseError, match=rf"nbgrader_config\.py cannot be used: {cause}.*Mend it"):
        Course(tmp_path)


def test_an_unknown_lab_suggests_the_nearest(course: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean '01_softmax'"):
        Course(course).require_lab("01_sofmax")


def test_a_released_notebook_that_cannot_be_read_is_named(course: Path) -> None:
    (course / "release" / LAB / f"{LAB}.ipynb").write_text(json.dumps({"nbformat": 4}))
    with pytest.raises(CourseError, match=rf"{LAB}\.ipynb cannot be read.*coursekit build"):
        Course(course).released(LAB)
