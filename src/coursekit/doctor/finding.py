"""What was found, and the report that is made of it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["DATA", "GPU", "GRADING", "LABS", "Finding", "healthy", "report"]

#: The report's headings.
LABS, GRADING, GPU, DATA = "Labs", "Grading", "GPU", "Data"

_MARKS = {True: "ok", False: "no", None: "--"}
_WIDTH = 100


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        group: The heading that it stands under.
        name: What was looked at.
        ok: Whether it is as it should be; None if it is optional, or not needed here.
        found: What was found, such as a version.
        remedy: What to do about it, in lines of words or commands; empty if there is nothing to do.
    """

    group: str
    name: str
    ok: bool | None
    found: str
    remedy: str = ""


def healthy(findings: Sequence[Finding]) -> bool:
    """Tell whether nothing that is needed is missing or broken."""
    return all(finding.ok is not False for finding in findings)


def report(findings: Sequence[Finding]) -> str:
    """Write the findings for a reader: group by group, a line each with its remedy below, and a verdict at the end."""
    column = max((len(finding.name) for finding in findings), default=0)
    lines = []
    for group in dict.fromkeys(finding.group for finding in findings):
        lines.append(group)
        for finding in findings:
            if finding.group == group:
                lines += _in_lines(finding, column)
        lines.append("")
    return "\n".join([*lines, *_verdict(findings)])


def _in_lines(finding: Finding, column: int) -> list[str]:
    first = f"  {_MARKS[finding.ok]}  {finding.name:<{column}}  "
    indent = " " * len(first)
    lines = _wrapped(finding.found, first, indent)
    for line in finding.remedy.splitlines():
        lines += _wrapped(line, f"{indent}> ", f"{indent}  ")
    return lines


def _wrapped(text: str, first: str = "", indent: str = "") -> list[str]:
    # Paths are there to be copied, and are not cut in two.
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _verdict(findings: Sequence[Finding]) -> list[str]:
    broken = [finding.name for finding in findings if finding.ok is False]
    if broken:
        verdict = f"To be mended: {', '.join(broken)}. What to do stands under each."
    elif any(finding.group == GRADING and finding.ok for finding in findings):
        verdict = "All is well: the labs can be worked through here, and graded safely."
    else:
        verdict = "All is well: the labs can be worked through here."
    legend = "-- marks what is optional, or not needed here."
    return _wrapped(verdict) + [legend] * any(finding.ok is None for finding in findings)
