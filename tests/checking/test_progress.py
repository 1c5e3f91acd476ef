from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

import coursekit
from coursekit.checking import CheckResult, Exercise, Student, Verdict, checks, checks_for, load_lab
from coursekit.checking.lab import NBGRADER_VARIABLE
from coursekit.checking.progress import Progress, start
from coursekit.grading.cleaning import clean_html

LAB = "01_softmax"


@checks("first")
def adds(student: Student, rng: object) -> None:
    """Two and two are four."""


EXERCISES = tuple(Exercise(slug, points=points, checks=(adds, adds)) for slug, points in (("a", 1), ("b", 4), ("c", 5)))


@pytest.fixture(autouse=True)
def _new_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.checking.progress._labs", {})
    monkeypatch.delenv(NBGRADER_VARIABLE, raising=False)


def verdict(slug: str, *passed: bool, not_written: bool = False) -> Verdict:
    exercise = next(exercise for exercise in EXERCISES if exercise.slug == slug)
    return Verdict(exercise, tuple(CheckResult(adds, passed=ok, not_written=not_written) for ok in passed))


def progress(*verdicts: Verdict) -> Progress:
    begun = start(LAB, EXERCISES)
    for each in verdicts:
        begun.note(each)
    return begun


def row(shown: Progress, slug: str) -> str:
    (line,) = (line for line in repr(shown).splitlines() if f" {slug} " in line)
    return " ".join(line.split())


# what is said


def test_points_so_far_are_those_of_the_checks_that_pass() -> None:
    shown = progress(verdict("a", True, True), verdict("b", True, False))
    assert (shown.score, shown.max_score) == (3, 10)
    assert repr(shown).startswith(f"{LAB}: 3 of 10 points so far  [#######.................]")


def test_thirds_of_a_point_are_shown_to_two_decimals() -> None:
    shown = progress(verdict("b", True, True, False), verdict("c", True, False, False))
    assert row(shown, "b").startswith("◐ b 2.67 of 4 ")
    assert "4.33 of 10 points so far" in repr(shown)


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ((), "○ b 0 of 4 not tried"),
        ((verdict("b", True, True),), "✓ b 4 of 4 done"),
        ((verdict("b", True, False),), "◐ b 2 of 4 in part, 1 of 2 checks pass"),
        ((verdict("b", False, False),), "✗ b 0 of 4 not right yet, 0 of 2 checks pass"),
        ((verdict("b", False, False, not_written=True),), "○ b 0 of 4 not started"),
        ((verdict("b", False, False), verdict("b", True, True)), "✓ b 4 of 4 done"),
        ((verdict("b", True, True), verdict("b", False, False)), "✗ b 0 of 4 not right yet, 0 of 2 checks pass"),
    ],
)
def test_each_exercise_has_the_state_of_its_last_check(verdicts: tuple[Verdict, ...], line: str) -> None:
    assert row(progress(verdict("a", True), *verdicts), "b") == line


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((verdict("b", True),), "Next: a, 1 point."),
        ((verdict("a", True),), "Next: b, 4 points."),
        ((verdict("a", True, False),), "Next: a, 1 point. The first check that fails: Two and two are four."),
        ((verdict("a", False, not_written=True),), "Next: a, 1 point."),
        ((verdict("a", True), verdict("b", True), verdict("c", True)), "All exercises pass their visible checks."),
    ],
)
def test_what_is_next_is_the_first_exercise_that_is_not_done(verdicts: tuple[Verdict, ...], words: str) -> None:
    assert repr(progress(*verdicts)).splitlines()[-2] == words
    assert words in progress(*verdicts)._repr_html_()


def test_it_says_that_hidden_checks_and_answers_in_words_are_not_counted() -> None:
    for shown in (repr(progress(verdict("a", True))), progress(verdict("a", True))._repr_html_()):
        assert "Visible checks of this session only: hidden ones and answers in words are graded later." in shown


def test_it_fits_a_terminal() -> None:
    shown = start(LAB, tuple(load_lab(LAB).exercises.values()))
    for exercise in shown.exercises:
        shown.note(Verdict(exercise, tuple(CheckResult(check, passed=False) for check in exercise.checks)))
    assert max(map(len, repr(shown).splitlines())) <= 88


# HTML


def test_the_html_is_well_formed_and_has_words_and_headers() -> None:
    html = progress(verdict("a", True, True), verdict("b", True, False))._repr_html_()
    ET.fromstring(html.replace("&ensp;", " "))
    assert set(re.findall(r'role="img" aria-label="([^"]*)"', html)) == {
        "3 of 10 points so far",
        "done",
        "in part",
        "not tried",
    }
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html) == ["exercise", "points", "checks"]
    assert html.count('<th scope="row"') == 3


def test_the_bar_is_as_long_as_the_points_are_many() -> None:
    html = progress(verdict("a", True, True), verdict("b", True, False))._repr_html_()
    assert "width:30%;" in html


def test_it_survives_the_cleaning_of_feedback() -> None:
    cleaned = clean_html(progress(verdict("b", True, False))._repr_html_())
    assert "width:20%" in cleaned
    assert 'aria-label="2 of 10 points so far"' in cleaned


# sessions


@pytest.mark.parametrize("show", [repr, Progress._repr_html_])
def test_without_a_lab_it_says_how_to_load_one(show: object) -> None:
    assert callable(show)
    assert "No lab is loaded. Run the first cells of the notebook" in show(coursekit.progress())


@pytest.mark.parametrize("show", [repr, Progress._repr_html_])
def test_before_the_first_check_it_says_to_run_one(show: object) -> None:
    checks_for(LAB)
    assert callable(show)
    assert f"{LAB}: No check has been run in this session yet." in show(coursekit.progress())


def test_checks_that_are_run_count() -> None:
    check = checks_for(LAB)
    globals_of_notebook = {"check": check, "scores": lambda W, b, X: X @ W + b}
    exec("check('scores')\ncheck('softmax')", globals_of_notebook)
    seen = coursekit.progress()
    assert [(slug, each.passed) for slug, each in seen.verdicts.items()] == [("scores", True), ("softmax", False)]
    assert seen.score == 1


def test_running_the_first_cell_again_loses_nothing() -> None:
    progress(verdict("a", True))
    assert start(LAB, EXERCISES).score == 1


def test_the_lab_that_was_loaded_last_is_shown() -> None:
    check = checks_for(LAB)
    exec("check('scores')", {"check": check})
    checks_for("00_numpy")
    assert coursekit.progress().lab == "00_numpy"
    checks_for(LAB)
    assert (coursekit.progress().lab, list(coursekit.progress().verdicts)) == (LAB, ["scores"])


@pytest.mark.parametrize("state", ["autograde", "validate"])
def test_while_nbgrader_runs_a_notebook_the_points_of_its_checks_stay_theirs(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setenv(NBGRADER_VARIABLE, state)
    names = {"check": checks_for(LAB), "scores": lambda W, b, X: X @ W + b, "coursekit": coursekit}
    exec("report = check('scores')\nshown = coursekit.progress()\nagain = check('scores')", names)
    assert repr(names["report"]) == repr(names["again"]) == "1"
    with pytest.raises(ValueError, match="could not convert"):
        float(repr(names["shown"]))


def test_asking_for_progress_loads_numpy_only_when_it_is_called() -> None:
    program = (
        "import sys, coursekit\nassert 'numpy' not in sys.modules\n"
        "print(coursekit.progress())\nassert not {'IPython', 'matplotlib'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("No lab is loaded.")
