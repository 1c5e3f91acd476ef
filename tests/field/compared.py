"""Kept right answers, in a kernel and graded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from coursekit.cells import solution_sources
from coursekit.checking.lab import hidden_source
from coursekit.checking.record import CheckRecord
from coursekit.grading.execution import Job, run_submission
from coursekit.variants import Variant, answered
from tests.field.kernel import run, verdicts_in

ROOT = Path(__file__).parents[2]


def differs(lab: str, variants: Sequence[Variant], *, whole: bool) -> bool:
    """Tell whether a kernel and grading differ about a notebook with right answers in another style.

    Grading has right answers that stand in for earlier exercises, where a check fails without: a right answer that
    returns lists, say, costs nothing in an exercise that needs arrays. No student may see them, so the kernel must show
    what grading gives without; with them, all checks must pass. A call that takes longer than grading allows passes in
    a kernel, which says so; it counts as passed if it comes to an end with right answers beside it.
    """
    released, reference = _read("notebooks", lab), solution_sources(_read("solutions", lab))
    if not whole:
        cells = [cell for cell in released["cells"] if "explore" not in cell["metadata"].get("tags", [])]
        released = {**released, "cells": cells}
    notebook = answered(released, reference | {variant.slug: variant.source for variant in variants})
    shown = verdicts_in(run(nbformat.reads(json.dumps(notebook), as_version=4), validating=True, cell_s=600))
    hidden = hidden_source(ROOT / "autograde" / "hidden", lab)
    job = Job(json.dumps(notebook).encode(), f"{lab}.ipynb", lab, _joined(released), f"{hidden}\nSTAND_INS = {{}}\n")
    alone, helped = (run_submission(each) for each in (job, replace(job, hidden=hidden)))
    given = {e.name: {c.name: c.passed or _slow(c) for c in e.checks if c.visible} for e in alone.exercises}
    lost = [f"{e.name}: {c.name}" for e in helped.exercises for c in e.checks if not c.passed]
    if shown != given or lost:
        print(
            f"  {', '.join(map(str, variants))}: in the kernel {_failed(shown)}, graded {_failed(given)},"
            f" lost {lost} {helped.message}",
            flush=True,
        )
    return shown != given or bool(lost)


def _slow(check: CheckRecord) -> bool:
    """Tell whether a check failed for its time alone, which a notebook only warns of."""
    return "it did not come back within" in check.message


def _joined(notebook: dict[str, Any]) -> str:
    """Return a notebook's JSON with the text of each cell in one piece, as nbformat reads it."""
    return json.dumps(
        {**notebook, "cells": [{**cell, "source": "".join(cell["source"])} for cell in notebook["cells"]]}
    )


def _failed(verdicts: dict[str, dict[str, bool]]) -> list[str]:
    return [f"{slug}: {name}" for slug, checks in verdicts.items() for name, passed in checks.items() if not passed]


def _read(kind: str, lab: str) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((ROOT / kind / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    return notebook
