"""nbgrader's own commands, in a course that only its nbgrader_config.py sets up."""

from __future__ import annotations

import csv
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from coursekit.checking import lab_names
from coursekit.grading import Course, GradedClass, grade
from coursekit.variants import answered

pytestmark = pytest.mark.long

LAB = "01_softmax"
ROOT = Path(__file__).parents[2]


IN_TURN = """
import json, os, sys
from nbgrader.apps import NbGraderApp
for folder, arguments in json.load(sys.stdin):
    os.chdir(folder)
    NbGraderApp.launch_instance(arguments)
    NbGraderApp.clear_instance()
"""


def nbgrader(*commands: str, cwd: Path) -> str:
    """Run nbgrader commands in a folder as an instructor would, and return what they printed."""
    return in_turn(*((cwd, command) for command in commands))


def in_turn(*commands: tuple[Path, str]) -> str:
    """Run nbgrader commands, each in a folder; one process for all, because nbgrader takes seconds to start."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-c", IN_TURN],
        input=json.dumps([(str(folder), shlex.split(command)) for folder, command in commands]),
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


EXPORT = "export --to=grades.csv"


def exported(course: Path) -> dict[str, float]:
    """Return the score of each student that nbgrader has exported."""
    with (course / "grades.csv").open(newline="") as file:
        return {row["student_id"]: float(row["raw_score"] or 0) for row in csv.DictReader(file)}


def test_export_gives_the_scores_of_the_records(graded: tuple[Path, GradedClass], copied: Path) -> None:
    nbgrader(EXPORT, cwd=copied)
    assert exported(copied) == {record.student: record.score for record in graded[1].records}


def test_autograde_gives_the_scores_of_coursekit_grade(graded: tuple[Path, GradedClass], copied: Path) -> None:
    students = {"wrong", "dies", "noisy", "cells-gone", "linked", "right"}
    for path in (copied / "submitted").iterdir():
        if path.name not in students:
            path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
    for leftover in ("gradebook.db", "autograded"):
        shutil.rmtree(copied / leftover) if (copied / leftover).is_dir() else (copied / leftover).unlink()
    said = nbgrader(f"generate_assignment {LAB} --force", f"autograde {LAB}", EXPORT, cwd=copied)
    assert "without encryption" not in said
    assert exported(copied) == {r.student: r.score for r in graded[1].records if r.student in students}
    # What nbgrader has graded, coursekit grades again: it has left no record.
    assert grade(LAB, course=copied, student="noisy", jobs=1).kept == 0


def test_feedback_shows_checks_and_hides_hidden_ones(copied: Path) -> None:
    nbgrader(f"generate_feedback {LAB}", cwd=copied)
    page = (copied / "feedback" / "wrong" / LAB / f"{LAB}.html").read_text()
    assert "The whole matrix was normalised at once" in page
    assert "Hidden check: softmax_of_random_scores" in page
    assert "einsum" not in page
    assert "whole numbers among them, get the right probabilities" not in page
    assert "could not be graded" in (copied / "feedback" / "truncated" / LAB / f"{LAB}.html").read_text()


def trapped(course: Path, student: str) -> Path:
    """Put links, pipes and a device's likeness beside a student's notebook; return the folder."""
    folder = course / "submitted" / student / LAB
    (folder / "hidden.py").symlink_to(course / "hidden" / f"{LAB}.py")
    (folder / "book.db").symlink_to(course / "gradebook.db")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "all").symlink_to(course / "hidden")
    (folder / "within").mkdir()
    (folder / "within" / "hidden.py").symlink_to(course / "hidden" / f"{LAB}.py")
    (folder / "data.csv").write_text("1,2\n")
    os.mkfifo(folder / "pipe")
    (folder / "socket.ipynb").symlink_to("/dev/zero")
    return folder


def test_autograde_and_feedback_follow_no_link_and_wait_for_no_pipe(
    course: Path, reference: Mapping[str, str], hand_in: Callable[..., Path]
) -> None:
    for student in ("plain", "traps", "zero-time", "piped-time", "piped", "endless", "nowhere"):
        hand_in(course, student, {"scores": reference["scores"]})
    in_turn((course, f"generate_assignment {LAB} --force"))
    trapped(course, "traps")
    for student, target in (("zero-time", "/dev/zero"), ("endless", "/dev/zero"), ("nowhere", "/nowhere")):
        file = course / "submitted" / student / LAB / ("timestamp.txt" if "time" in student else f"{LAB}.ipynb")
        file.unlink()
        file.symlink_to(target)
    for student, name in (("piped-time", "timestamp.txt"), ("piped", f"{LAB}.ipynb")):
        (course / "submitted" / student / LAB / name).unlink()
        os.mkfifo(course / "submitted" / student / LAB / name)
    in_turn(*((course, command) for command in (f"autograde {LAB}", f"generate_feedback {LAB}", EXPORT)))
    scores = exported(course)
    assert scores == dict.fromkeys(("plain", "traps", "zero-time", "piped-time"), 1) | dict.fromkeys(
        ("piped", "endless", "nowhere"), 0
    )
    for student in scores:
        graded = {path.name for path in (course / "autograded" / student / LAB).iterdir()}
        assert graded <= {f"{LAB}.ipynb", "timestamp.txt"}
        given = [path.name for path in (course / "feedback" / student / LAB).iterdir()]
        assert sorted(set(given) - {"timestamp.txt"}) == [f"{LAB}.html"]
    page = (course / "feedback" / "endless" / LAB / f"{LAB}.html").read_text()
    assert "is a link" in page


def test_files_beside_the_instructors_notebook_go_out_to_students(course: Path) -> None:
    (course / "source" / LAB / "data.csv").write_text("1,2\n")
    in_turn((course, f"generate_assignment {LAB} --force"))
    assert (course / "release" / LAB / "data.csv").read_text() == "1,2\n"


def without_pictures(notebook: Path) -> None:
    """Take out the cells that only draw and train, which take time."""
    data = json.loads(notebook.read_text())
    data["cells"] = [cell for cell in data["cells"] if "explore" not in cell["metadata"].get("tags", [])]
    notebook.write_text(json.dumps(data))


def test_validate_tells_a_finished_notebook_from_an_untouched_one(course: Path) -> None:
    for version in ("source", "release"):
        without_pictures(course / version / LAB / f"{LAB}.ipynb")
    said = nbgrader(*(f"validate {version}/{LAB}/{LAB}.ipynb" for version in ("source", "release")), cwd=course)
    assert said.count("Success! Your notebook passes all the tests.") == 1
    # The nine exercises, and the three answers in words.
    assert said.count("VALIDATION FAILED ON 12 CELL(S)!") == 1
    assert said.index("Success!") < said.index("VALIDATION FAILED")
    assert "without encryption" not in said


# this repository's own course, whose sources and releases lie beside its folder


@pytest.fixture
def repository(tmp_path: Path, gradable: Callable[[Path], None]) -> Path:
    """A copy of autograde/ beside solutions/ and notebooks/, in a folder whose name is no plain word."""
    root = tmp_path / "a c++ course (2026)"
    for folder in ("solutions", "notebooks", "autograde/hidden"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    shutil.copy(ROOT / "autograde" / "nbgrader_config.py", root / "autograde")
    gradable(root / "autograde")
    return root


def test_generate_assignment_writes_the_notebook_that_is_committed(repository: Path) -> None:
    released = repository / "notebooks" / LAB / f"{LAB}.ipynb"
    before = released.read_bytes()
    nbgrader(f"generate_assignment {LAB} --force --course-dir='{repository / 'autograde'}'", cwd=repository)
    assert released.read_bytes() == before
    assert sorted(path.name for path in repository.iterdir()) == ["autograde", "notebooks", "solutions"]


def test_formgrader_lists_the_labs_and_not_their_sources(repository: Path) -> None:
    from nbgrader.apps.api import NbGraderAPI

    course = Course(repository / "autograde")
    assert NbGraderAPI(course.directory, config=course.config).get_source_assignments() == {*lab_names()}


def test_a_lab_goes_through_the_exchange_and_comes_back_graded(
    repository: Path, reference: Mapping[str, str], tmp_path: Path
) -> None:
    course, home, exchange = repository / "autograde", tmp_path / "student", tmp_path / "exchange"
    home.mkdir()
    exchange.mkdir()
    exchange.chmod(0o777)
    (home / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'coursekit'\n")
    through = f"--Exchange.root={exchange} --Exchange.cache={tmp_path / 'cache'}"
    said = in_turn(
        (course, f"generate_assignment {LAB} --force"),
        (course, f"release_assignment {LAB} {through}"),
        (home, f"list {through}"),
        (home, f"fetch_assignment {LAB} {through}"),
    )
    assert f"coursekit {LAB}" in said
    fetched = home / LAB / f"{LAB}.ipynb"
    fetched.write_text(json.dumps(answered(json.loads(fetched.read_text()), {"scores": reference["scores"]})))
    in_turn((home, f"submit {LAB} {through}"), (course, f"collect {LAB} {through}"))
    (record,) = grade(LAB, course=course, jobs=1).records
    assert (record.status, record.score) == ("graded", 1)
    in_turn(
        (course, EXPORT),
        (course, f"generate_feedback {LAB}"),
        (course, f"release_feedback {LAB} {through}"),
        (home, f"fetch_feedback {LAB} {through}"),
    )
    assert exported(course) == {record.student: 1}
    assert len(list((home / LAB / "feedback").rglob(f"{LAB}.html"))) == 1
