"""How a verdict is shown: a table in a notebook, text in a terminal, a number to nbgrader."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from html import escape
from typing import Any

from coursekit.checking.differences import ArrayDifference, ShapeDifference
from coursekit.checking.drawing import drawn
from coursekit.checking.expressions import call_text
from coursekit.checking.verdicts import CheckResult, Verdict

__all__ = ["VERDICT_MIME", "Report", "as_html", "as_text"]

#: The type under which a report carries :meth:`Verdict.record` in a cell's output while a course is graded.
VERDICT_MIME = "application/vnd.coursekit.verdict+json"

#: Colour, the same as a tint, and mark. Blue-green, vermilion and grey of Okabe and Ito's palette
#: (https://jfly.uni-koeln.de/color/), which colour-blind readers can tell apart. Text has the page's own colour and
#: tints are transparent, so that they suit light and dark wherever a notebook is shown.
LOOKS = {
    "passed": ("#009e73", "0,158,115", "✓"),
    "failed": ("#d55e00", "213,94,0", "✗"),
    "waiting": ("#7f7f7f", "127,127,127", "○"),
}
#: The style of a table's cell; notebooks have styles of their own for all of this.
CELL = "text-align:left;vertical-align:top;white-space:normal;border:none;border-top:1px solid rgba(127,127,127,.2);"
#: Labels of what stands as it is, in the letters of code.
_CODE = ("call", "expected", "got")
_HINT, _GENERAL = "hint", "in general"
_SAME_ERROR = "The same error as above."
#: Columns of a text in a terminal.
WIDTH = 88


class Report:
    """A verdict as the result of a cell.

    Args:
        verdict: The verdict.
        grading: Whether nbgrader is reading; its text is then the number of points alone.
    """

    def __init__(self, verdict: Verdict, *, grading: bool = False) -> None:
        self.verdict = verdict
        self.grading = grading

    def __repr__(self) -> str:
        return f"{self.verdict.score:.10g}" if self.grading else as_text(self.verdict)

    def _repr_html_(self) -> str:
        return as_html(self.verdict)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": repr(self), "text/html": as_html(self.verdict)}
        if self.grading:
            bundle[VERDICT_MIME] = asdict(self.verdict.record())
        return bundle


def as_text(verdict: Verdict) -> str:
    """Write a verdict for a terminal, at most 88 columns wide."""
    lines = [f"{_look(verdict)[2]} {verdict.exercise.slug}: {_headline(verdict)}"]
    if verdict.not_written:
        lines.append(_filled(f"    {_kind_words(verdict)}"))
        return "\n".join(lines)
    for result in (*_each_error_once(verdict.results), *verdict.answers):
        lines.append(_filled(f"  {'✓' if result.passed else '✗'} {_sentence(result)}"))
        for label, text in _details(result, worst=True):
            lines += _labelled(label, text)
    return "\n".join(lines)


def as_html(verdict: Verdict) -> str:
    """Write a verdict as an HTML table that carries its own style and follows the notebook's theme."""
    _, _, mark = look = _look(verdict)
    slug = escape(verdict.exercise.slug)
    headline = (
        f'<strong style="color:{look[0]};font-size:15px;">{mark}</strong>&ensp;'
        f'<strong style="font-family:monospace;font-size:14px;">{slug}</strong>&ensp;{escape(_headline(verdict))}'
    )
    if verdict.not_written:
        body = f'<div style="padding:6px 12px;">{escape(_kind_words(verdict))}</div>'
    else:
        results = [*_each_error_once(verdict.results), *verdict.answers]
        body = table("".join(map(_row, results))) if results else ""
    return card(headline, body, look=look, label=f"Check of {verdict.exercise.slug}")


def card(headline: str, body: str, *, look: tuple[str, str, str], label: str) -> str:
    """Frame HTML, with a headline, in a colour."""
    colour, tint, _ = look
    return (
        f'<div role="group" aria-label="{escape(label)}" style="max-width:860px;'
        f"border:1px solid rgba({tint},.45);border-left:5px solid {colour};border-radius:4px;"
        f'font-size:13px;line-height:1.5;margin:4px 0;overflow:hidden;">'
        f'<div style="padding:6px 12px;background:rgba({tint},.12);">{headline}</div>{body}</div>'
    )


def table(rows: str, *, head: tuple[str, ...] = (), layout: str = "fixed") -> str:
    """Make a table, as wide as the card that it is in, of HTML rows and the names of its columns.

    Unless ``layout`` is ``"auto"``, the first row decides the widths of the columns.
    """
    names = "".join(
        f'<th scope="col" style="{CELL}padding:3px 8px 3px {8 if i else 12}px;font-weight:400;opacity:.8;">{name}</th>'
        for i, name in enumerate(head)
    )
    top = f'<tr style="background:none;">{names}</tr>' if names else ""
    style = f"width:100%;border-collapse:collapse;margin:0;border:none;table-layout:{layout};font-size:13px;"
    return f'<table style="{style}"><tbody style="border:none;">{top}{rows}</tbody></table>'


def _row(result: CheckResult) -> str:
    colour, _, mark = LOOKS["passed" if result.passed else "failed"]
    word = "passed" if result.passed else "failed"
    details, drawing = _details(result), _drawing(result)
    if drawing and isinstance(result.difference, ShapeDifference):
        # The two shapes are in the drawing.
        details = [(label, text) for label, text in details if label not in ("expected", "got")]
    parts = list(map(_html_detail, details))
    if drawing:
        # After what is said of the result, before the numbers.
        parts.insert(1, drawing)
    return (
        f'<tr style="background:none;">'
        f'<th scope="row" style="{CELL}box-sizing:border-box;width:34px;padding:5px 4px 5px 12px;">'
        f'<strong role="img" aria-label="{word}" style="color:{colour};">{mark}</strong></th>'
        f'<td style="{CELL}padding:5px 12px 5px 4px;">{escape(_sentence(result))}{"".join(parts)}</td></tr>'
    )


def _drawing(result: CheckResult) -> str:
    """Draw where a result differs; of a hidden check, nothing."""
    return drawn(result.difference) if result.difference and result.check.visible and not result.passed else ""


def _html_detail(detail: tuple[str, str]) -> str:
    label, text = detail
    if not label:
        return f'<div style="opacity:.8;margin-bottom:2px;">{escape(text)}</div>'
    name = f'<span style="flex:0 0 5em;opacity:.75;">{label}</span>'
    if label in _CODE:
        body = (
            f'<pre style="margin:0;padding:1px 6px;max-width:100%;box-sizing:border-box;border-radius:3px;'
            f"background:rgba(127,127,127,.12);"
            f'white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px;line-height:1.45;">{escape(text)}</pre>'
        )
    else:
        body = f'<span style="flex:1 1 15em;{"font-weight:600;" if label == _HINT else ""}">{escape(text)}</span>'
    return f'<div style="display:flex;flex-wrap:wrap;gap:0 6px;margin-top:3px;">{name}{body}</div>'


def _details(result: CheckResult, *, worst: bool = False) -> list[tuple[str, str]]:
    """Pair what a failed check has to say with labels; of a hidden check, its hint alone."""
    if result.passed:
        return []
    parts = [(_GENERAL if result.general and result.check.visible else _HINT, result.hint)]
    if result.check.visible:
        call = call_text(result.call) if result.call else ""
        numbers = [("call", call), ("expected", result.expected), ("got", result.got)]
        if worst and isinstance(result.difference, ArrayDifference):
            numbers.insert(1, ("worst", result.difference.worst_words()))
        parts = [("", result.message), *numbers, *parts]
    return [(label, text) for label, text in parts if text]


def _each_error_once(results: Sequence[CheckResult]) -> list[CheckResult]:
    """Tell an error that several visible checks meet where it comes first, with how many more it stops."""
    counts = Counter(r.error for r in results if r.error and r.check.visible)
    told, seen = [], set[str]()
    for result in results:
        more = counts[result.error] - 1
        if more > 0 and result.error in seen and result.check.visible:
            result = replace(result, message=_SAME_ERROR, expected="", got="", hint="", call=None)
        elif more > 0 and result.check.visible:
            stops = f"The same error stops {more} more {'check' if more == 1 else 'checks'}."
            result = replace(result, message=f"{result.message} {stops}")
        seen.add(result.error)
        told.append(result)
    return told


def _sentence(result: CheckResult) -> str:
    return result.check.sentence if result.check.visible else f"Hidden check: {result.check.name}"


def _look(verdict: Verdict) -> tuple[str, str, str]:
    if verdict.not_written:
        return LOOKS["waiting"]
    return LOOKS["passed" if verdict.passed else "failed"]


def _headline(verdict: Verdict) -> str:
    points = in_points(verdict.exercise.points)
    if verdict.not_written:
        return f"not started yet, worth {points}"
    passed, total = sum(r.passed for r in verdict.results), len(verdict.results)
    if any(not result.check.visible for result in verdict.results):
        known = f", {sum(r.passed for r in verdict.answers)} of {len(verdict.answers)} questions answered right"
        return f"{passed} of {total} checks pass{known if verdict.answers else ''}, {verdict.score:g} of {points}"
    if verdict.passed:
        return f"{'the check passes' if total == 1 else f'all {total} checks pass'}, worth up to {points}"
    return f"{passed} of {total} checks pass, worth up to {points}"


def _kind_words(verdict: Verdict) -> str:
    first = verdict.results[0]
    return f"{first.message} {first.hint} Every answer starts this way: write a first attempt and check again."


def in_points(points: float) -> str:
    """Write a number of points with its unit."""
    return f"{points:g} point" if points == 1 else f"{points:g} points"


def _filled(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return textwrap.fill(line, WIDTH, subsequent_indent=" " * (indent + 2))


def _labelled(label: str, text: str) -> list[str]:
    """Lay out a detail beneath its check: numbers as they stand, prose filled."""
    head = f"      {label + ': ':<10}" if label else "    "
    if label in _CODE:
        room = WIDTH - len(head)
        # Filling would undo the columns of an array: only what is too wide is wrapped.
        fitted = [
            part for line in text.splitlines() for part in (textwrap.wrap(line, room) if len(line) > room else [line])
        ]
        return [f"{head if i == 0 else ' ' * len(head)}{line}".rstrip() for i, line in enumerate(fitted)]
    return [textwrap.fill(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))]
