"""Running a submitted notebook, cell by cell, in a kernel of its own."""

from __future__ import annotations

from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute as NbgraderExecute
from nbgrader.utils import is_grade, is_solution

from coursekit.checking import VERDICT_MIME

__all__ = ["QUIET", "Execute", "verdict_of"]

#: Arguments for a kernel that should log errors only: it warns of every start on a local port.
QUIET = ("--IPKernelApp.log_level=40",)


class Execute(NbgraderExecute):  # type: ignore[misc]
    """nbgrader's execution, which passes over ``explore`` cells and keeps what was earned before a crash.

    nbgrader gives full marks to a check cell without output. Here a check cell that gave no verdict, because
    the kernel died before it or its time ran out, gets an error in its place, which nbgrader reads as 0.

    Attributes:
        ended: How the run was cut short: an empty text, or ``"crashed"``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra_arguments: list[str] = [*self.extra_arguments, *QUIET]

    def preprocess(self, nb: NotebookNode, resources: Any, km: Any = None) -> tuple[NotebookNode, Any]:
        """Run a notebook's cells in order, in place."""
        self.ended = ""
        try:
            super().preprocess(nb, resources, km=km)
        except DeadKernelError:
            self.ended = "crashed"
        for cell in nb.cells:
            if _is_check(cell) and verdict_of(cell) is None and not _has_error(cell):
                cell.outputs.append(_no_verdict(self.ended))
        return nb, resources

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Run a cell, unless it is for the student to look at only."""
        if "explore" in cell.metadata.get("tags", []):
            return cell, resources
        return super().preprocess_cell(cell, resources, index)  # type: ignore[no-any-return]


def verdict_of(cell: NotebookNode) -> dict[str, Any] | None:
    """Return the record of an exercise that a check cell has put out, or None."""
    for output in cell.get("outputs", []):
        if output.output_type == "execute_result" and VERDICT_MIME in output.data:
            record: dict[str, Any] = output.data[VERDICT_MIME]
            return record
    return None


def _is_check(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def _has_error(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def _no_verdict(ended: str) -> NotebookNode:
    cause = "The notebook's kernel died in an earlier cell." if ended else "The check cell gave no verdict."
    return new_output("error", ename="NoVerdict", evalue=cause, traceback=[f"NoVerdict: {cause}"])
