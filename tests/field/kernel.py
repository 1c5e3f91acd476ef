"""A notebook run in a kernel from top to bottom, as its student does: what the checks say there."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

import nbformat
from nbclient import NotebookClient

from coursekit.checking import VERDICT_MIME
from coursekit.grading.configuration import QUIET
from tests.field.case import Case, files_of

#: Seconds that a cell may run.
CELL_S = 60


def verdicts_of(case: Case) -> dict[str, dict[str, bool]]:
    """Run a case in a kernel; return which checks pass, by exercise.

    nbgrader's validation is told apart from a student's own run by one variable alone: it lets a verdict be read off.
    """
    notebook = with_ids(files_of(case)[f"{case.lab}.ipynb"])
    return verdicts_in(run(nbformat.reads(notebook.decode(), as_version=4), validating=True))


def with_ids(content: bytes) -> bytes:
    """Return a notebook's file as Jupyter writes it, which gives every cell an id when it opens one."""
    notebook = json.loads(content)
    for number, cell in enumerate(notebook["cells"]):
        cell.setdefault("id", f"own-{number}")
    return json.dumps(notebook).encode()


def verdicts_in(notebook: Any) -> dict[str, dict[str, bool]]:
    """Return which checks pass, by exercise, as the outputs of a notebook say that was validated."""
    found: dict[str, dict[str, bool]] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            record = output.get("data", {}).get(VERDICT_MIME)
            if record is not None:
                found[record["name"]] = {check["name"]: check["passed"] for check in record["checks"]}
    return found


def run(notebook: Any, *, validating: bool = False, cell_s: int = CELL_S) -> Any:
    """Run a notebook in a kernel of its own, in an empty folder; cells that fail do not stop it.

    Args:
        notebook: The notebook, in format 4; its outputs are replaced.
        validating: Whether to run it as ``nbgrader validate`` does.
        cell_s: Seconds until a cell is interrupted.
    """
    client = NotebookClient(
        notebook,
        timeout=cell_s,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        extra_arguments=[QUIET],
    )
    surroundings = {**os.environ, **({"NBGRADER_EXECUTION": "validate"} if validating else {})}
    with tempfile.TemporaryDirectory() as folder:
        client.execute(cwd=folder, env=surroundings)
    return notebook
