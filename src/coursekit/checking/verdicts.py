"""Checks, the exercises that they judge, and what they say of an answer."""

from __future__ import annotations

import inspect
import textwrap
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from coursekit.checking.calls import Call
from coursekit.checking.differences import ArrayDifference, Difference
from coursekit.checking.failures import CheckFailure, NotWrittenError, StudentError
from coursekit.checking.record import CheckRecord, ExerciseRecord
from coursekit.checking.student import Student
from coursekit.text import printable

__all__ = [
    "Check",
    "CheckFunction",
    "CheckResult",
    "Exercise",
    "Verdict",
    "checks",
    "deserves_second_chance",
    "first_verdict",
    "judge",
    "second_chance",
]

#: What is said of a hidden check when the answer gives no result, by the kind of :class:`StudentError`.
_HIDDEN_HINTS = {
    "NoReply": "It does not come to an end on this check's data, or ends the process: try larger and odder examples.",
    "NotPlainError": "Return numbers or arrays; is a `return` missing, or a pair of brackets after a name?",
    "NotImplementedError": "Something that it needs is not written yet.",
    "NameError": "It uses a name that is not defined.",
}
_STOPPED = "It stops with an error on this check's data: try other sizes, types and odd values."

CheckFunction: TypeAlias = Callable[[Student, np.random.Generator], None]


@dataclass(frozen=True)
class Check:
    """One thing that must be true of an answer.

    Attributes:
        slug: The exercise that it belongs to.
        function: Takes the student and a random generator; raises :class:`CheckFailure` if it does not hold.
        weight: Its share of the exercise's points, relative to the exercise's other checks.
        visible: Whether students may read it.
        forms: Of a check that makes the calls of the other checks in other forms, the names of these; else none.
    """

    slug: str
    function: CheckFunction
    weight: float = 1.0
    visible: bool = True
    forms: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def sentence(self) -> str:
        """What must be true: the function's docstring."""
        return " ".join((inspect.getdoc(self.function) or "").split())

    def __post_init__(self) -> None:
        if not self.sentence.endswith("."):
            raise ValueError(
                f"The check {self.name!r} needs one sentence as its docstring, with a full stop; got {self.sentence!r}."
            )
        if not self.weight > 0:
            raise ValueError(f"The check {self.name!r} needs a weight above 0; got {self.weight!r}.")


@dataclass(frozen=True)
class Exercise:
    """A solution cell, and the checks of it.

    Attributes:
        slug: Its name: the solution cell's grade_id, and the name of the function or class to write.
        points: What it is worth.
        checks: Its checks, the visible ones first.
        stand_ins: The text of a right answer, by name, for each earlier exercise that an answer may use.
    """

    slug: str
    points: float
    checks: tuple[Check, ...]
    stand_ins: Mapping[str, str] = field(default_factory=dict)

    def part(self, *, visible: bool) -> Exercise:
        """Return the exercise with its visible checks alone, or its hidden ones."""
        return replace(self, checks=tuple(check for check in self.checks if check.visible == visible))

    def with_hidden_share(self, share: float) -> Exercise:
        """Return the exercise with hidden checks that together weigh at least a share of all, if it has any.

        Args:
            share: From 0 up to, but not, 1.
        """
        weights = {kind: sum(check.weight for check in self.checks if check.visible == kind) for kind in (True, False)}
        if not weights[False]:
            return self
        factor = max(1.0, share / (1 - share) * weights[True] / weights[False])
        return replace(
            self, checks=tuple(c if c.visible else replace(c, weight=c.weight * factor) for c in self.checks)
        )


@dataclass(frozen=True)
class CheckResult:
    """What one check says of one answer.

    Attributes:
        check: The check.
        passed: Whether it holds.
        message: What does not hold; empty if it passed.
        expected: What was expected, ready to be shown.
        got: What the student's code gave, ready to be shown.
        hint: One thing to try next.
        not_written: Whether the answer itself has not been written yet.
        difference: Where an array or a shape differs, to be drawn; of a hidden check, always None.
        calls: The calls that the check has made of the student's code.
        call: Of a visible check that failed, the call that shows it, if it has made any.
        general: Whether the hint names what is often the cause, and not what was seen.
        error: Of an error in the student's code, its kind and place: the same for the same error.
    """

    check: Check
    passed: bool
    message: str = ""
    expected: str = ""
    got: str = ""
    hint: str = ""
    not_written: bool = False
    difference: Difference | None = None
    calls: tuple[Call, ...] = field(default=(), compare=False, repr=False)
    call: Call | None = field(default=None, compare=False, repr=False)
    general: bool = False
    error: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the checks say of one exercise.

    Attributes:
        exercise: The exercise.
        results: One result per check, in the order of the exercise's checks.
        answers: One result per graded question about the student's own code.
    """

    exercise: Exercise
    results: tuple[CheckResult, ...]
    answers: tuple[CheckResult, ...] = ()

    @property
    def not_written(self) -> bool:
        """Whether the answer has not been started."""
        return bool(self.results) and all(result.not_written for result in self.results)

    @property
    def passed(self) -> bool:
        """Whether every check holds, and every answer about the code is right."""
        return bool(self.results) and all(result.passed for result in (*self.results, *self.answers))

    @property
    def fraction(self) -> float:
        """The weight of the checks that passed, as a fraction of the weight of all."""
        total = sum(result.check.weight for result in self.results)
        return sum(r.check.weight for r in self.results if r.passed) / total if total else 0.0

    @property
    def score(self) -> float:
        """Points earned, to four decimals.

        Wrong answers about the code take away up to one point, or half of the exercise's, of what the code has earned.
        """
        if self.passed:
            return self.exercise.points
        wrong = sum(not result.passed for result in self.answers) / max(len(self.answers), 1)
        at_stake = min(1.0, self.exercise.points / 2)
        return round((self.exercise.points - wrong * at_stake) * self.fraction, 4)

    def record(self) -> ExerciseRecord:
        """Return the verdict as a record; of a hidden check it holds the name and the hint, never expected values."""
        results = (*self.results, *self.answers)
        checks = (CheckRecord(r.check.name, r.check.visible, r.passed, _message(r)) for r in results)
        return ExerciseRecord(self.exercise.slug, self.score, self.exercise.points, tuple(checks))


def checks(slug: str, /, *, weight: float = 1.0) -> Callable[[CheckFunction], Check]:
    """Make a function a check of an exercise: ``@checks("softmax")``.

    Args:
        slug: The exercise.
        weight: The check's share of the exercise's points, relative to its other checks.
    """
    return lambda function: Check(slug=slug, function=function, weight=weight)


def judge(exercise: Exercise, student: Student, *, seed: int = 0) -> Verdict:
    """Run an exercise's checks on a student's answer.

    Each check gets a random generator of its own, made from the seed and its name, so that a verdict does not
    depend on which other checks ran. A check that fails is run again with right answers in place of the
    earlier exercises that the answer may use, so that an error is paid for once.

    Args:
        exercise: The exercise.
        student: The student's code.
        seed: What the checks' random inputs are drawn from.
    """
    return second_chance(first_verdict(exercise, student, seed=seed), student, seed=seed)


def first_verdict(exercise: Exercise, student: Student, *, seed: int = 0) -> Verdict:
    """Run each of an exercise's checks once."""
    return Verdict(exercise, _run(exercise.checks, student, seed))


def deserves_second_chance(verdict: Verdict) -> bool:
    """Tell whether right answers to earlier exercises could make a check pass that has failed."""
    return bool(verdict.exercise.stand_ins) and any(map(_may_be_run_again, verdict.results))


def second_chance(verdict: Verdict, student: Student, *, seed: int = 0) -> Verdict:
    """Run the checks that failed again, with right answers in place of earlier exercises.

    Nothing is learnt from a check that fails again: what it says stays what it said first.
    """
    if not deserves_second_chance(verdict):
        return verdict
    with student.standing_in(verdict.exercise.stand_ins):
        # Other forms are tried once more in any case: there are more calls to try once more checks pass.
        passed = {r.check.name: r for r in verdict.results if not _may_be_run_again(r) and not r.check.forms}
        again = _run(verdict.exercise.checks, student, seed, known=passed)
    pairs = zip(verdict.results, again, strict=True)
    return replace(verdict, results=tuple(new if new.passed or old.passed else old for old, new in pairs))


def _may_be_run_again(result: CheckResult) -> bool:
    return not result.passed and not result.not_written


def _run(
    checks: Sequence[Check], student: Student, seed: int, *, known: Mapping[str, CheckResult] | None = None
) -> tuple[CheckResult, ...]:
    """Run checks, those last that make the calls of the others in other forms.

    Args:
        checks: The checks.
        student: The student's code.
        seed: What random inputs are drawn from.
        known: Results that stand already, by the name of the check.
    """
    results = dict(known or {})
    for check in sorted(checks, key=lambda check: bool(check.forms)):
        if check.name not in results:
            run = _try_forms if check.forms else _try
            results[check.name] = run(check, student, seed, [*results.values()])
    return tuple(results[check.name] for check in checks)


def _try_forms(check: Check, student: Student, seed: int, before: Sequence[CheckResult]) -> CheckResult:
    """Run a check that makes the calls of those before it in other forms; one of them must pass."""
    others = [result for result in before if result.check.visible == check.visible and not result.check.forms]
    if others and all(result.not_written for result in others):
        return replace(others[0], check=check)
    passed = sorted((result for result in others if result.passed), key=lambda result: result.check.name)
    if others and not passed:
        message = "No other check passes yet, so there is nothing to compare with."
        return CheckResult(check, passed=False, message=message, hint="See to the other checks first.")
    student.calls = tuple(call for result in passed for call in result.calls)
    return _tried(check, student, seed)


def _try(check: Check, student: Student, seed: int, before: Sequence[CheckResult]) -> CheckResult:
    """Run a check, whatever the results before it."""
    student.calls = ()
    result = replace(_tried(check, student, seed), calls=student.calls)
    shows_it = check.visible and not result.passed and not result.not_written and student.calls
    return replace(result, call=result.call or student.calls[-1]) if shows_it else result


def _tried(check: Check, student: Student, seed: int) -> CheckResult:
    rng = np.random.default_rng([seed, zlib.crc32(check.name.encode())])
    try:
        # A wrong answer can make the check itself compute inf - inf: a warning about that would not help the student.
        with np.errstate(all="ignore"):
            check.function(student, rng)
    except NotWrittenError as failure:
        own = failure.name == check.slug
        result = _failed(check, failure)
        if own or not check.visible:
            return replace(result, not_written=own)
        return replace(result, message=f"{check.slug} uses {failure.name}. {failure.message}", hint="Do that first.")
    except CheckFailure as failure:
        return _failed(check, failure)
    except Exception as error:
        # An answer of a form that the check did not expect must fail this check, not the whole grading.
        return CheckResult(
            check,
            passed=False,
            message="The result does not have the form that the exercise asks for.",
            got=textwrap.shorten(printable(f"{type(error).__name__}: {error}", keep="\n"), 300),
            hint="Compare what you return with the Returns section of the docstring.",
        )
    return CheckResult(check, passed=True)


def _failed(check: Check, failure: CheckFailure) -> CheckResult:
    if not check.visible and isinstance(failure, StudentError):
        # Nothing of what a student's code says about the data of a hidden check reaches the student.
        return CheckResult(check, passed=False, message=_STOPPED, hint=_HIDDEN_HINTS.get(failure.kind, _STOPPED))
    return CheckResult(
        check,
        passed=False,
        message=failure.message,
        expected=failure.expected,
        got=failure.got,
        hint=failure.hint,
        difference=failure.difference if check.visible else None,
        call=failure.call if check.visible else None,
        general=failure.general,
        error=_place_of(failure) if isinstance(failure, StudentError) else "",
    )


def _place_of(failure: StudentError) -> str:
    """Return what tells one error from another: its kind, and the student's line where there is one."""
    *_, last = [failure.got, *failure.got.splitlines()]
    return f"{failure.kind} {last}"


def _message(result: CheckResult) -> str:
    if result.passed:
        return ""
    if not result.check.visible:
        return result.hint
    got = f" Got: {result.got}." if result.got else ""
    expected = f" Expected: {result.expected}." if result.expected else ""
    worst = f" Worst {result.difference.worst_words()}." if isinstance(result.difference, ArrayDifference) else ""
    return f"{result.message}{worst}{expected}{got} {result.hint}".strip()
