"""What was found, and the report that is made of it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["DATA", "GPU", "GRADING", "LABS", "Finding", "healthy", "report"]

#: The report's headings.
LABS, GRADING, GPU, DATA = "For the labs", "For grading (students need none of this)", "GPU (optional)", "Data"

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
    broken = [finding for finding in findings if finding.ok is False]
    names = ", ".join(finding.name for finding in broken)
    # Optional, and yet no lab after 02 is done without it.
    labs = "the labs" if all(finding.name != "torch" or finding.ok for finding in findings) else "labs 00 to 02"
    if any(finding.group != GRADING for finding in broken):
        verdict = f"To be mended: {names}. Do what stands under each, and run this again."
    elif broken:
        verdict = (
            "You can work through the labs here; students need do nothing. Before you grade, repair this:"
            f" {names}. Do what stands under each, and run this again."
        )
    elif any(finding.group == GRADING and finding.ok for finding in findings):
        verdict = f"All is well: you can work through {labs} here, and grade them safely."
    else:
        verdict = f"All is well: you can work through {labs} here."
    lines = _wrapped(verdict)
    if any(finding.remedy for finding in findings):
        lines.append("> begins what you can do; a command is typed into a terminal.")
    if any(finding.ok is None for finding in findings):
        lines.append("-- marks what is optional, or not needed here.")
    return lines
