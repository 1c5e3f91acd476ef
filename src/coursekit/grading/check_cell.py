"""The outputs of a graded check cell: a verdict, or the reason why there is none.

nbgrader reads a cell's grade from its outputs, and gives full marks to a cell without any. So a check cell is left
with exactly one output that it can read: the number of points with the verdict beside it, or an error, which is 0.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from coursekit.checking import Report, Verdict

__all__ = ["Cell", "leave_cause", "leave_verdict"]

#: A cell of a notebook: JSON as plain data.
Cell: TypeAlias = dict[str, Any]

_NO_VERDICT = "NoVerdict"


def leave_verdict(cell: Cell, verdict: Verdict) -> None:
    """Leave a verdict in a check cell."""
    data = Report(verdict, grading=True)._repr_mimebundle_()
    result = {"output_type": "execute_result", "data": data, "metadata": {}}
    cell["outputs"] = [{**result, "execution_count": cell["execution_count"]}]


def leave_cause(cell: Cell, cause: str) -> None:
    """Leave in a check cell why there is no verdict."""
    cell["outputs"] = [{"output_type": "error", "ename": _NO_VERDICT, "evalue": cause, "traceback": [cause]}]
