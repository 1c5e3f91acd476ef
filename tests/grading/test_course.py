from __future__ import annotations

import json
from pathlib import Path

import pytest

from coursekit.errors import CourseError, UnknownNameError
from coursekit.grading import Course
from coursekit.grading.course import SECRET_FILE

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


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, far from any course."""
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_a_folder_that_does_not_exist_is_said_to_be_missing(elsewhere: Path) -> None:
    with pytest.raises(CourseError, match=r"'autograde' does not exist, seen from .*Give the folder with") as said:
        Course(Path("autograde"))
    assert "--course DIR" in str(said.value)


@pytest.mark.parametrize(
    ("place", "option"), [("", "."), ("autograde", "autograde"), ("..", ".."), ("../my course", "'../my course'")]
)
def test_a_course_that_is_near_is_named(elsewhere: Path, place: str, option: str) -> None:
    course = elsewhere / place
    course.mkdir(exist_ok=True)
    (course / "nbgrader_config.py").touch()
    with pytest.raises(CourseError) as said:
        Course(Path("grading"))
    assert str(said.value).endswith(f"There is a course in {str(course.resolve())!r}: --course {option}")


def test_a_folder_without_a_configuration_is_not_a_course(elsewhere: Path) -> None:
    (elsewhere / "notes").mkdir()
    with pytest.raises(CourseError, match=r"'notes' is not a course folder: it has no nbgrader_config\.py"):
        Course(Path("notes"))


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


def test_a_courses_secret_is_made_once_for_its_owners_eyes(course: Path) -> None:
    first, again = Course(course).secret(), Course(course).secret()
    assert first == again
    assert len(first) == 32
    assert (course / SECRET_FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in course.glob(f"{SECRET_FILE}*")] == [SECRET_FILE]


def test_a_run_that_writes_nothing_makes_no_secret(course: Path) -> None:
    assert Course(course).secret(keep=False) != Course(course).secret(keep=False)
    assert not (course / SECRET_FILE).exists()


def test_a_secret_that_cannot_be_read_is_an_error_that_says_so(course: Path) -> None:
    (course / SECRET_FILE).mkdir()
    with pytest.raises(CourseError, match="cannot be read or written"):
        Course(course).secret()
