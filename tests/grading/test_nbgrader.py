"""nbgrader's own commands, in a course that only its nbgrader_config.py sets up."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAB = "01_softmax"
ROOT = Path(__file__).parents[2]


def nbgrader(*arguments, cwd, fails=False):
    """Run an nbgrader command as an instructor would, and return what it printed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    # nbgrader makes the programs that it calls inherit our filters; its own warnings are not our errors.
    env = {**os.environ, "PATH": path, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def grades(course):
    """Return the score of each student, as nbgrader exports it."""
    nbgrader("export", "--to=grades.csv", cwd=course)
    with (course / "grades.csv").open(newline="") as file:
        return {row["student_id"]: float(row["raw_score"] or 0) for row in csv.DictReader(file)}


def test_autograde_gives_the_scores_of_coursekit_grade(copied):
    students = ("right", "wrong", "untouched", "dies")
    ours = grades(copied)
    (copied / "gradebook.db").unlink()
    shutil.rmtree(copied / "autograded")
    for path in (copied / "submitted").iterdir():
        if path.name not in students:
            path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
    nbgrader("generate_assignment", LAB, "--force", cwd=copied)
    nbgrader("autograde", LAB, cwd=copied)
    assert grades(copied) == {student: ours[student] for student in students}


def test_feedback_shows_checks_and_hides_hidden_ones(copied):
    nbgrader("generate_feedback", LAB, "--student=wrong", cwd=copied)
    page = (copied / "feedback" / "wrong" / LAB / f"{LAB}.html").read_text()
    assert "The whole matrix was normalised at once" in page
    assert "Hidden check: softmax_of_random_scores" in page
    assert "np.einsum" not in page
    assert "whole numbers among them, get the right probabilities" not in page


def test_validate_tells_a_finished_notebook_from_an_untouched_one(copied):
    assert "Success" in nbgrader("validate", f"source/{LAB}/{LAB}.ipynb", cwd=copied)
    # The nine exercises, and the answer in words.
    said = nbgrader("validate", f"release/{LAB}/{LAB}.ipynb", cwd=copied)
    assert "Success" not in said
    assert "FAILED ON 10 CELL" in said


@pytest.fixture
def repository(tmp_path):
    """A copy of this repository's course: autograde/ beside solutions/ and notebooks/."""
    for folder in ("solutions", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".*"))
    (tmp_path / "autograde").mkdir()
    shutil.copy(ROOT / "autograde" / "nbgrader_config.py", tmp_path / "autograde")
    shutil.copytree(ROOT / "autograde" / "hidden", tmp_path / "autograde" / "hidden")
    return tmp_path


def test_generate_assignment_writes_the_notebook_that_is_committed(repository):
    released = repository / "notebooks" / LAB / f"{LAB}.ipynb"
    before = released.read_bytes()
    nbgrader("generate_assignment", LAB, "--force", cwd=repository / "autograde")
    assert released.read_bytes() == before


def test_a_lab_goes_through_the_exchange_and_comes_back_graded(repository, reference, tmp_path):
    course, home = repository / "autograde", tmp_path / "student"
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    home.mkdir()
    for folder in (course, home):
        config = folder / "nbgrader_config.py"
        text = (
            config.read_text() if config.exists() else "c = get_config()\nc.CourseDirectory.course_id = 'coursekit'\n"
        )
        cache = tmp_path / f"cache-{folder.name}"
        config.write_text(f"{text}c.Exchange.root = {str(exchange)!r}\nc.Exchange.cache = {str(cache)!r}\n")
    nbgrader("generate_assignment", LAB, "--force", cwd=course)
    nbgrader("release_assignment", LAB, cwd=course)
    nbgrader("fetch_assignment", LAB, cwd=home)
    answer(home / LAB / f"{LAB}.ipynb", {"scores": reference["scores"]})
    nbgrader("submit", LAB, cwd=home)
    nbgrader("collect", LAB, cwd=course)
    (student,) = (path.name for path in (course / "submitted").iterdir())
    nbgrader("autograde", LAB, cwd=course)
    assert grades(course) == {student: 1.0}
    nbgrader("generate_feedback", LAB, cwd=course)
    nbgrader("release_feedback", LAB, cwd=course)
    nbgrader("fetch_feedback", LAB, cwd=home)
    assert list((home / LAB / "feedback").rglob(f"{LAB}.html"))


def answer(notebook, answers):
    """Write answers into a fetched notebook, as a student does."""
    import json

    from coursekit.variants import answered

    notebook.write_text(json.dumps(answered(json.loads(notebook.read_text()), answers)))
