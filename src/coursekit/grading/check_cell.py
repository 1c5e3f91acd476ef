"""What a check cell holds once its notebook has run: a verdict, or the reason why there is none.

nbgrader reads a cell's grade from its outputs, and gives full marks to a cell without any. So a check cell is left
with exactly one output that it can read: the number of points with the verdict beside it, or an error, which
is 0. Whatever else the cell printed goes, because it shows what the hidden checks asked.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from coursekit.checking import VERDICT_MIME

__all__ = ["exercise_of", "problem_of", "settle", "timed_out", "verdict_of"]

_PREFIX = "check_"
_MAX_MESSAGE = 2000
_NO_VERDICT = "NoVerdict"
_TIMED_OUT = "CellTimeoutError"


def exercise_of(cell: NotebookNode) -> str | None:
    """Return the slug of the exercise that a check cell judges, or None for any other cell."""
    nbgrader = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "code" or not nbgrader.get("grade") or nbgrader.get("solution"):
        return None
    return str(nbgrader["grade_id"]).removeprefix(_PREFIX)


def verdict_of(cell: NotebookNode) -> dict[str, Any] | None:
    """Return the record that a check cell has put out, or None if there is none of the right form."""
    for output in cell.get("outputs", []):
        if output.output_type == "execute_result" and VERDICT_MIME in output.data:
            record = _record(output.data[VERDICT_MIME])
            if record is not None and record["name"] == exercise_of(cell):
                return record if record["max_score"] == cell.metadata["nbgrader"]["points"] else None
    return None


def problem_of(cell: NotebookNode) -> str:
    """Say in a sentence why a check cell has no verdict."""
    errors = {output.ename: output.evalue for output in cell.get("outputs", []) if output.output_type == "error"}
    if not errors:
        return "The check cell gave no verdict."
    if _NO_VERDICT in errors:
        return str(errors[_NO_VERDICT])
    if _TIMED_OUT in errors:
        return "The check ran out of time."
    return _shortened("The check cell stopped. " + "; ".join(f"{name}: {value}" for name, value in errors.items()))


def settle(cell: NotebookNode, *, cause: str = "") -> None:
    """Leave in a check cell what nbgrader is to read.

    Args:
        cell: The cell, which is changed.
        cause: Why there is no verdict, if there is none and the cell itself does not say.
    """
    verdict = verdict_of(cell)
    if verdict is None:
        cell.outputs = [_error(cause if cause and not cell.outputs else problem_of(cell))]
        return
    (result, *_) = (o for o in cell.outputs if o.output_type == "execute_result" and VERDICT_MIME in o.data)
    result.data[VERDICT_MIME] = verdict
    result.data["text/plain"] = repr(verdict["score"])
    cell.outputs = [result]


def timed_out(cell: NotebookNode) -> bool:
    """Tell whether a cell was stopped because its time had run out."""
    return any(o.output_type == "error" and o.ename == _TIMED_OUT for o in cell.get("outputs", []))


def _error(message: str) -> NotebookNode:
    return new_output("error", ename=_NO_VERDICT, evalue=message, traceback=[message])


def _record(data: Any) -> dict[str, Any] | None:
    """Rebuild a record from what came out of the student's kernel, or return None if it has another form."""
    try:
        score = float(data["score"])
        checks = [
            {
                "name": str(check["name"]),
                "visible": check["visible"] is True,
                "passed": check["passed"] is True,
                "message": _shortened(str(check["message"])),
            }
            for check in data["checks"]
        ]
        name, max_score = str(data["name"]), float(data["max_score"])
    except (KeyError, TypeError, ValueError):
        return None
    return {"name": name, "score": score, "max_score": max_score, "checks": checks} if 0 <= score <= max_score else None


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_MESSAGE else text[: _MAX_MESSAGE - 1] + "…"
