from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from coursekit.checking import LocalStudent, checks_for, judge, lab_names, load_lab
from coursekit.checking.lab import NBGRADER_VARIABLE, hidden_source
from coursekit.errors import CourseError, UnknownNameError

Cells: TypeAlias = Callable[..., LocalStudent]
LAB = "01_softmax"
HIDDEN = '''
from coursekit.checking import checks, expect_close


def helper(x):
    return x


def scores(W, b, X):
    return helper(X @ W + b)


STAND_INS = {"predict": (scores, helper)}


@checks("predict")
def hidden_predictions(student, rng):
    """Zero it is."""
    expect_close(student.call("predict", 1, 2, 3), 0, hint="Give zero.")
'''


@pytest.fixture(autouse=True)
def _not_grading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NBGRADER_VARIABLE, raising=False)


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    folder = tmp_path / "hidden"
    folder.mkdir()
    (folder / f"{LAB}.py").write_text(HIDDEN, encoding="utf-8")
    return folder


def notebook(setup: str = "") -> dict[str, Any]:
    """Return the names of a notebook that has made its check function."""
    namespace: dict[str, Any] = {}
    exec(f"from coursekit.checking import checks_for\n{setup}\ncheck = checks_for({LAB!r})", namespace)
    return namespace


# labs by name


def test_labs_are_listed_in_order() -> None:
    names = lab_names()
    assert LAB in names
    assert names == sorted(names)


def test_a_lab_has_its_exercises_in_order() -> None:
    lab = load_lab(LAB)
    assert lab.name == LAB
    assert list(lab.exercises)[:2] == ["scores", "hinge_loss"]
    assert lab.exercise("scores") is lab.exercises["scores"]


@pytest.mark.parametrize("find", [load_lab, checks_for])
def test_an_unknown_lab_suggests_the_nearest(find: Callable[[str], object]) -> None:
    with pytest.raises(UnknownNameError, match=r"no lab named '01_sofmax'\. Did you mean '01_softmax'\?"):
        find("01_sofmax")


def test_an_unknown_exercise_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"no exercise named 'soft_max'\. Did you mean 'softmax'\?"):
        load_lab(LAB).exercise("soft_max")


def test_the_check_function_names_the_nearest_exercise_too() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'cross_entropy'"):
        eval("check('crossentropy')", notebook())


# hidden checks


def test_without_a_folder_there_are_visible_checks_alone() -> None:
    exercise = load_lab(LAB).exercise("predict")
    assert all(check.visible for check in exercise.checks)
    assert exercise.stand_ins == {}


def test_hidden_checks_come_after_the_visible_ones(hidden: Path) -> None:
    visible, exercise = load_lab(LAB).exercise("predict"), load_lab(LAB, hidden=hidden).exercise("predict")
    assert exercise.checks[: len(visible.checks)] == visible.checks
    hidden_ones = exercise.checks[len(visible.checks) :]
    assert [check.name for check in hidden_ones] == ["hidden_predictions", "predict_in_other_forms_on_other_data"]
    assert not any(check.visible for check in hidden_ones)


def test_stand_ins_are_texts_by_name_that_may_use_one_another(hidden: Path, cells: Cells) -> None:
    exercise = load_lab(LAB, hidden=hidden).exercise("predict")
    assert list(exercise.stand_ins) == ["scores", "helper"]
    student = cells("def predict(W, b, X):\n    return scores(W, b, X).argmax(axis=1)")
    with student.standing_in(exercise.stand_ins):
        assert all(result.passed for result in judge(load_lab(LAB).exercise("predict"), student).results)


def test_a_folder_without_a_file_for_the_lab_has_no_hidden_checks(tmp_path: Path) -> None:
    assert load_lab(LAB, hidden=tmp_path).exercises == load_lab(LAB).exercises


def test_a_folder_that_does_not_exist_is_an_error_of_the_course(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"nowhere' does not exist.*beside nbgrader_config\.py"):
        load_lab(LAB, hidden=tmp_path / "nowhere")


def test_hidden_checks_may_be_given_by_their_text(hidden: Path) -> None:
    by_folder, by_text = load_lab(LAB, hidden=hidden), load_lab(LAB, hidden=hidden_source(hidden, LAB))
    names = [[check.name for check in lab.exercise("predict").checks] for lab in (by_folder, by_text)]
    assert names[0] == names[1]
    assert by_folder.exercise("predict").stand_ins == by_text.exercise("predict").stand_ins


def test_hidden_checks_that_cannot_be_read_are_an_error_that_names_the_file(hidden: Path) -> None:
    (hidden / f"{LAB}.py").write_bytes(b"\xff")
    with pytest.raises(CourseError, match=r"01_softmax\.py' cannot be read"):
        load_lab(LAB, hidden=hidden)


@pytest.mark.parametrize(
    "text", [HIDDEN.replace('checks("predict")', 'checks("predicts")'), HIDDEN.replace('{"pr', '{"P')]
)
def test_a_check_or_stand_in_for_no_exercise_is_an_error_of_the_course(hidden: Path, text: str) -> None:
    (hidden / f"{LAB}.py").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"In lab 01_softmax: There is no exercise named .* Did you mean 'predict'\?"):
        load_lab(LAB, hidden=hidden)


@pytest.mark.parametrize("text", ["def :", "import no_such_module", "1 / 0"])
def test_hidden_checks_that_cannot_be_loaded_are_an_error_of_the_course(hidden: Path, text: str) -> None:
    (hidden / f"{LAB}.py").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"hidden checks of 01_softmax cannot be loaded: \w+Error"):
        load_lab(LAB, hidden=hidden)


# the check function of a notebook


def test_the_check_function_looks_at_the_notebook_that_calls_it() -> None:
    names = notebook()
    exec("def scores(W, b, X):\n    return X @ W + b", names)
    report = eval("check('scores')", names)
    assert report.verdict.passed
    assert not report.grading


def test_the_check_function_sees_what_is_defined_at_the_time() -> None:
    names = notebook()
    assert eval("check('scores')", names).verdict.not_written
    exec("def scores(W, b, X):\n    return X @ W + b", names)
    assert eval("check('scores')", names).verdict.passed


def test_the_check_function_can_be_called_from_a_function_of_the_notebook() -> None:
    names = notebook()
    exec("def scores(W, b, X):\n    return X @ W + b\ndef all_checks():\n    return check('scores')", names)
    assert eval("all_checks()", names).verdict.passed


def test_two_notebooks_are_kept_apart() -> None:
    first, second = notebook(), notebook()
    exec("def scores(W, b, X):\n    return X @ W + b", first)
    assert eval("check('scores')", first).verdict.passed
    assert eval("check('scores')", second).verdict.not_written


def test_the_check_function_takes_a_seed() -> None:
    names = notebook("def predict(W, b, X):\n    raise ValueError(repr(X.tolist()))")
    first, again, other = (eval(f"check('predict', seed={seed})", names).verdict for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_while_nbgrader_grades_the_text_is_the_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NBGRADER_VARIABLE, "autograde")
    report = eval("check('scores')", notebook("def scores(W, b, X):\n    return X @ W + b"))
    assert report.grading
    assert repr(report) == "1"
