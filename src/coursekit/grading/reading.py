"""Reading what a student handed in: the notebook in it is put back into the released structure, within limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from coursekit.checking.plain import Plain
from coursekit.grading.opening import open_submitted
from coursekit.grading.reader import READ_S, UnreadableError, read_apart
from coursekit.grading.rebuild import Rebuilt
from coursekit.grading.submission import SubmissionError, SubmittedFile

__all__ = ["MAX_TEXT", "read_notebook"]

#: Characters that the cells of a notebook may have together: a lab has some 50,000. Outputs and pictures are no text.
MAX_TEXT = 2_000_000
#: Saved outputs, which are skipped, at that rate.
_BYTES_PER_S = 10_000_000


def read_notebook(files: Sequence[SubmittedFile], lab: str, released: str) -> Rebuilt:
    """Read what a student handed in, and put the answers into the released notebook.

    Args:
        files: What was handed in, the likeliest first.
        lab: The lab's stem.
        released: Its notebook as students got it, as JSON.

    Raises:
        SubmissionError: If none of them is a notebook of this lab, or they cannot be read within
            :data:`~coursekit.grading.reader.READ_S` and :data:`~coursekit.grading.reader.READ_MIB`.
    """
    contents = [file.content for file in files]
    seconds = READ_S + sum(map(len, contents)) / _BYTES_PER_S
    names = [file.name for file in files]
    try:
        reply = read_apart(f"{__name__}:opened", names, lab, released, files=contents, seconds=round(seconds, 1))
    except UnreadableError as error:
        raise SubmissionError("malformed", f"{names[0][:100]} {error}.") from None
    if "cause" in reply:
        raise SubmissionError(reply["status"], reply["cause"])
    return Rebuilt(json.loads(reply["notebook"]), tuple(reply["notes"]))


def opened(names: Sequence[str], lab: str, released: str, contents: Sequence[bytes]) -> Plain:
    """Do the same in the process that this function is called in, without limits, with plain data.

    Args:
        names: The files' names.
        lab: The lab's stem.
        released: Its notebook as students got it, as JSON.
        contents: The files' bytes.
    """
    files = [SubmittedFile(name, content) for name, content in zip(names, contents, strict=True)]
    try:
        found = open_submitted(files, lab, json.loads(released))
        _require_little_text(found.notebook, names[0])
    except SubmissionError as error:
        return {"status": error.status, "cause": str(error)}
    return {"notebook": json.dumps(found.notebook), "notes": list(found.notes)}


def _require_little_text(notebook: Mapping[str, Any], name: str) -> None:
    n_characters = sum(len(cell["source"]) for cell in notebook["cells"])
    if n_characters > MAX_TEXT:
        raise SubmissionError(
            "malformed", f"The cells of {name} have {n_characters:,} characters together; the most is {MAX_TEXT:,}."
        )
