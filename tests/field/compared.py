"""One kept right answer, in a kernel and graded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat

from coursekit.cells import solution_sources
from coursekit.checking.lab import hidden_source
from coursekit.grading.execution import Job, run_submission
from coursekit.variants import Variant, answered
from tests.field.kernel import run, verdicts_in

ROOT = Path(__file__).parents[2]


def differs(lab: str, variant: Variant, *, whole: bool) -> bool:
    """Tell whether a kernel and grading differ about a notebook with one right answer in another style."""
    released, reference = _read("notebooks", lab), solution_sources(_read("solutions", lab))
    if not whole:
        cells = [cell for cell in released["cells"] if "explore" not in cell["metadata"].get("tags", [])]
        released = {**released, "cells": cells}
    notebook = answered(released, reference | {variant.slug: variant.source})
    shown = verdicts_in(run(nbformat.reads(json.dumps(notebook), as_version=4), validating=True, cell_s=600))
    hidden = hidden_source(ROOT / "autograde" / "hidden", lab)
    graded = run_submission(Job(json.dumps(notebook).encode(), f"{lab}.ipynb", lab, _joined(released), hidden))
    given = {e.name: {c.name: c.passed for c in e.checks if c.visible} for e in graded.exercises}
    passes = all(all(checks.values()) for checks in given.values())
    if shown != given or not passes:
        print(f"  {variant}: in the kernel {_failed(shown)}, graded {_failed(given)} {graded.message}", flush=True)
    return shown != given or not passes


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
