"""Hold, for each kept right answer of a lab, that a kernel shows the verdicts that grading gives.

The lab's notebook, with right answers in it and one of them in another style, is run in a kernel from top to bottom and
graded; visible checks must say the same in both. Each answer takes a kernel of its own, as many at once as there are
processor cores: a lab takes minutes. Cells to look at are left out unless --whole is given: what they draw and train
takes most of the time, and no check looks at it.

    python -m tests.field 00_numpy 01_softmax
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from coursekit.cells import solution_sources
from coursekit.checking import lab_names
from coursekit.checking.lab import hidden_source
from coursekit.grading.execution import Job, run_submission
from coursekit.variants import Variant, answered, load_variants
from tests.field.kernel import run, verdicts_in

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Compare, print, and return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", metavar="LAB", help="stems of labs (default: all)")
    parser.add_argument("--whole", action="store_true", help="run the cells to look at, too")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth answer")
    options = parser.parse_args()
    differing = 0
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        for lab in options.labs or lab_names():
            right = [variant for variant in load_variants(ROOT / "labs" / lab) if variant.right][:: options.every]
            began = time.monotonic()
            found = sum(pool.map(partial(_differs, lab, whole=options.whole), right))
            differing += found
            print(f"{lab}: {len(right)} right answers, {found} differ, {time.monotonic() - began:.0f} s", flush=True)
    return min(differing, 1)


def _differs(lab: str, variant: Variant, *, whole: bool) -> bool:
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


if __name__ == "__main__":
    sys.exit(main())
