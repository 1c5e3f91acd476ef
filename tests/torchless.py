"""Running a lab's reference notebook where there is no PyTorch: in a process that hides it, or under Pyodide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: The exercises that are about PyTorch itself.
NEEDS_TORCH = {
    "03_mlp": {"make_mlp", "train_epoch", "evaluate"},
    "04_cnn": {"make_cnn", "train_cnn", "transfer"},
}
#: Defines `outcome(notebook, run)`: runs a notebook's cells but those to look at, unless their ids are in `run`, and
#: returns as JSON, for each exercise, its score, its points and the hints of its checks.
OUTCOME = """
import json

def outcome(notebook, run=()):
    import matplotlib
    matplotlib.use("agg")
    names, found = {"__name__": "__main__", "In": (cells := [])}, {}
    for cell in json.loads(notebook)["cells"]:
        source, tags = "".join(cell["source"]), set(cell["metadata"].get("tags", []))
        if cell["cell_type"] != "code" or "colab" in tags or ("explore" in tags and cell["id"] not in run):
            continue
        cells.append(source)
        if source.startswith('check("'):
            # As in IPython, the cell that is running is the last one.
            verdict = eval(source, names).verdict
            hints = [result.hint for result in verdict.results]
            found[verdict.exercise.slug] = [verdict.score, verdict.exercise.points, *hints]
        else:
            exec(compile(source, "<cell>", "exec"), names)
    return json.dumps(found)
"""


def reference(lab: str) -> dict[str, Any]:
    """Return a lab's reference notebook."""
    file = ROOT / "solutions" / lab / f"{lab}.ipynb"
    notebook: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return notebook


def short_of_points(found: dict[str, list[Any]]) -> set[str]:
    """Return the exercises that did not get all of their points."""
    return {slug for slug, (score, points, *_) in found.items() if score != points}
