"""How far one is with a lab, by the checks that were run in this session."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape

from coursekit.checking.display import CELL, LOOKS, WIDTH, card, in_points, table
from coursekit.checking.verdicts import CheckResult, Exercise, Verdict

__all__ = ["Progress", "progress", "start"]

_NOTE = "Visible checks of this session only: hidden ones and answers in words are graded later."
_NO_LAB = "No lab is loaded. Run the first cells of the notebook, up to `check = checks_for(...)`, then this one."
_NO_CHECK = "No check has been run in this session yet. Run the check cells, then this one again."
_MARKS = {"done": "✓", "in part": "◐", "not right yet": "✗", "not started": "○", "not tried": "○"}
_BAR = 24

#: The labs of this session by name, the one that was started last at the end.
_labs: dict[str, Progress] = {}


@dataclass(frozen=True)
class Progress:
    """How far one is with a lab, as the result of a cell.

    Attributes:
        lab: The lab's stem; empty if none has been loaded.
        exercises: Its exercises, in order.
        verdicts: The last verdict on each exercise that has been checked, by its slug.
    """

    lab: str
    exercises: tuple[Exercise, ...]
    verdicts: dict[str, Verdict]

    def note(self, verdict: Verdict) -> None:
        """Take down what the checks say of an exercise now."""
        self.verdicts[verdict.exercise.slug] = verdict

    @property
    def score(self) -> float:
        """Points so far, to two decimals."""
        return round(sum(verdict.score for verdict in self.verdicts.values()), 2)

    @property
    def max_score(self) -> float:
        """Points of all exercises."""
        return sum(exercise.points for exercise in self.exercises)

    def state(self, exercise: Exercise) -> str:
        """Say how far an exercise is: done, in part, not right yet, not started, or not tried."""
        verdict = self.verdicts.get(exercise.slug)
        if verdict is None:
            return "not tried"
        if verdict.not_written:
            return "not started"
        return "done" if verdict.passed else "in part" if verdict.score else "not right yet"

    def __repr__(self) -> str:
        if message := self._message():
            return message
        filled = int(_BAR * self._fraction)
        width = max(len(exercise.slug) for exercise in self.exercises)
        lines = [f"{self.lab}: {self._points()}  [{'#' * filled}{'.' * (_BAR - filled)}]"]
        for exercise in self.exercises:
            state = self.state(exercise)
            points = f"{self._score_of(exercise):>5g} of {exercise.points:g}"
            lines.append(f"  {_MARKS[state]} {exercise.slug:<{width}}  {points:<12}  {self._words(exercise)}")
        return "\n".join([*lines, textwrap.fill(self._next(), WIDTH), _NOTE])

    def _repr_html_(self) -> str:
        look = LOOKS["passed" if self.exercises and self.score == self.max_score else "waiting"]
        if message := self._message():
            body = f'<div style="padding:6px 12px;">{escape(message)}</div>'
            return card("<strong>Progress</strong>", body, look=look, label="Progress")
        headline = (
            f'<strong style="font-family:monospace;font-size:14px;">{escape(self.lab)}</strong>&ensp;{self._points()}'
        )
        green = LOOKS["passed"][0]
        bar = (
            f'<div role="img" aria-label="{self._points()}" style="height:10px;margin:8px 12px 6px;border-radius:5px;'
            f'overflow:hidden;background:rgba({LOOKS["waiting"][1]},.25);">'
            f'<div style="height:10px;width:{100 * self._fraction:.4g}%;background:{green};"></div></div>'
        )
        ahead = f'<div style="padding:2px 12px 6px;"><strong>{escape(self._next())}</strong></div>'
        note = f'<div style="padding:4px 12px 6px;opacity:.8;font-size:12px;">{_NOTE}</div>'
        rows = table("".join(map(self._row, self.exercises)), head=("exercise", "points", "checks"), layout="auto")
        return card(headline, bar + ahead + rows + note, look=look, label=f"Progress in {self.lab}")

    def _row(self, exercise: Exercise) -> str:
        state = self.state(exercise)
        colour = {"done": LOOKS["passed"][0], "not right yet": LOOKS["failed"][0], "in part": LOOKS["failed"][0]}
        return (
            f'<tr style="background:none;"><th scope="row" style="{CELL}padding:3px 8px 3px 12px;font-weight:400;'
            f'overflow-wrap:anywhere;"><strong role="img" aria-label="{state}"'
            f' style="color:{colour.get(state, "inherit")};">{_MARKS[state]}</strong>&ensp;'
            f'<span style="font-family:monospace;">{escape(exercise.slug)}</span></th>'
            f'<td style="{CELL}padding:3px 8px;">{self._score_of(exercise):g} of {exercise.points:g}</td>'
            f'<td style="{CELL}padding:3px 12px 3px 8px;">{escape(self._words(exercise))}</td></tr>'
        )

    @property
    def _fraction(self) -> float:
        return self.score / self.max_score if self.max_score else 0.0

    def _points(self) -> str:
        return f"{self.score:g} of {in_points(self.max_score)} so far"

    def _score_of(self, exercise: Exercise) -> float:
        verdict = self.verdicts.get(exercise.slug)
        return round(verdict.score, 2) if verdict else 0.0

    def _words(self, exercise: Exercise) -> str:
        """Say how many checks pass, or that none has been tried."""
        state, verdict = self.state(exercise), self.verdicts.get(exercise.slug)
        if verdict is None or verdict.not_written or verdict.passed:
            return state
        return f"{state}, {sum(result.passed for result in verdict.results)} of {len(verdict.results)} checks pass"

    def _message(self) -> str:
        """Say why there is no progress to show yet."""
        if not self.exercises:
            return _NO_LAB
        return "" if self.verdicts else f"{self.lab}: {_NO_CHECK}"

    def _next(self) -> str:
        """Say what to do next: the first exercise that is not done, and its first check that does not pass."""
        for exercise in self.exercises:
            if self.state(exercise) != "done":
                failed = self._first_failed(exercise)
                what = (
                    f" The first check that fails: {failed.check.sentence}" if failed and not failed.not_written else ""
                )
                return f"Next: {exercise.slug}, {in_points(exercise.points)}.{what}"
        return "All exercises pass their visible checks."

    def _first_failed(self, exercise: Exercise) -> CheckResult | None:
        verdict = self.verdicts.get(exercise.slug)
        return next((result for result in verdict.results if not result.passed), None) if verdict else None


def start(lab: str, exercises: tuple[Exercise, ...]) -> Progress:
    """Return the progress of a lab, and make it the current one; verdicts from earlier in this session stay."""
    earlier = _labs.pop(lab, None)
    _labs[lab] = Progress(lab, exercises, earlier.verdicts if earlier else {})
    return _labs[lab]


def progress() -> Progress:
    """Show how far one is with a lab: points so far, each exercise, and what is next.

    It counts the visible checks that were run in this session, for the lab whose ``checks_for`` was called last.
    """
    return next(reversed(_labs.values()), Progress("", (), {}))
