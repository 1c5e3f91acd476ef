"""Reading a submission's notebook: it is parsed and put back into the released structure, within limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from coursekit.checking.plain import Plain
from coursekit.grading.reader import UnreadableError, read_apart
from coursekit.grading.rebuild import Rebuilt, parse, rebuild
from coursekit.grading.submission import SubmissionError

__all__ = ["MAX_TEXT", "read_notebook"]

#: Characters that the cells of a notebook may have together: a lab has some 50,000. Outputs and pictures are no text.
MAX_TEXT = 2_000_000


def read_notebook(content: bytes, name: str, released: str) -> Rebuilt:
    """Read a student's notebook and put the answers into the released one.

    Args:
        content: The bytes of the file.
        name: What it is called.
        released: The notebook as students got it, as JSON.

    Raises:
        SubmissionError: If it is no notebook of this lab, or cannot be read within
            :data:`~coursekit.grading.reader.READ_S` and :data:`~coursekit.grading.reader.READ_MIB`.
    """
    try:
        reply = read_apart(f"{__name__}:rebuilt", np.frombuffer(content, np.uint8), name, released)
    except UnreadableError as error:
        raise SubmissionError("malformed", f"{name} {error}.") from None
    if "cause" in reply:
        raise SubmissionError(reply["status"], reply["cause"])
    return Rebuilt(json.loads(reply["notebook"]), tuple(reply["notes"]))


def rebuilt(content: Any, name: str, released: str) -> Plain:
    """Do the same in the process that this function is called in, without limits, with plain data.

    Args:
        content: The bytes of the file; uint8, shape (bytes,).
        name: What it is called.
        released: The notebook as students got it, as JSON.
    """
    try:
        submitted, notes = parse(bytes(content), name)
        found = rebuild(json.loads(released), submitted)
        _require_little_text(found.notebook, name)
    except SubmissionError as error:
        return {"status": error.status, "cause": str(error)}
    return {"notebook": json.dumps(found.notebook), "notes": [*notes, *found.notes]}


def _require_little_text(notebook: Mapping[str, Any], name: str) -> None:
    n_characters = sum(len(cell["source"]) for cell in notebook["cells"])
    if n_characters > MAX_TEXT:
        raise SubmissionError(
            "malformed", f"The cells of {name} have {n_characters:,} characters together; the most is {MAX_TEXT:,}."
        )
