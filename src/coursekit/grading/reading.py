"""Reading what a student handed in: the notebook in it is put back into the released structure, within limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from coursekit.checking.plain import Plain
from coursekit.grading.opening import MAX_NOTEBOOKS, MAX_TEXT, ZIP, open_submitted
from coursekit.grading.reader import READ_S, UnreadableError, read_apart
from coursekit.grading.rebuild import Rebuilt
from coursekit.grading.submission import SubmissionError, SubmittedFile

__all__ = ["MAX_TEXT", "read_notebook"]

#: Saved outputs, which are skipped, at that rate.
_BYTES_PER_S = 10_000_000
#: What converts an old format has to be imported first, which takes seconds on a busy machine.
_OLD_FORMAT, _IMPORT_S = b'"worksheets"', 30
#: How many notebooks that cannot be read are looked for beside one that can.
_MAX_UNREADABLE = 3


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
    try:
        reply = _read(files, lab, released)
    except UnreadableError as error:
        # It may be one file alone, such as a second notebook beside a good one.
        passed_over = _unreadable_in(files, lab, released)
        if not passed_over:
            raise SubmissionError("malformed", f"{files[0].name[:100]} {error}.") from None
        try:
            reply = _read(files, lab, released, passed_over)
        except UnreadableError:
            raise SubmissionError("malformed", f"{files[0].name[:100]} {error}.") from None
    if "cause" in reply:
        raise SubmissionError(reply["status"], reply["cause"])
    return Rebuilt(json.loads(reply["notebook"]), tuple(reply["notes"]))


def _read(
    files: Sequence[SubmittedFile], lab: str, released: str, passed_over: Sequence[int] = (), only: int | None = None
) -> Any:
    contents = [file.content for file in files]
    seconds = READ_S + sum(map(len, contents)) / _BYTES_PER_S
    seconds += _IMPORT_S if any(_OLD_FORMAT in content for content in contents) else 0
    arguments = ([file.name for file in files], lab, released, list(passed_over), only)
    return read_apart(f"{__name__}:opened", *arguments, files=contents, seconds=round(seconds, 1))


def _unreadable_in(files: Sequence[SubmittedFile], lab: str, released: str) -> list[int]:
    """Number the notebooks that cannot be read within limits, if another one can be: each is read by itself."""
    if len(files) == 1 and not files[0].content.startswith(ZIP):
        return []
    found: list[int] = []
    n_readable = 0
    for number in range(MAX_NOTEBOOKS):
        try:
            reply = _read(files, lab, released, only=number)
            n_readable += "notebook" in reply
        except UnreadableError:
            found.append(number)
        if len(found) > _MAX_UNREADABLE:
            # What comes after these is not worth the time.
            found += range(number + 1, MAX_NOTEBOOKS)
            break
    return found if n_readable else []


def opened(
    names: Sequence[str],
    lab: str,
    released: str,
    passed_over: Sequence[int],
    only: int | None,
    contents: Sequence[bytes],
) -> Plain:
    """Do the same in the process that this function is called in, without limits, with plain data.

    Args:
        names: The files' names.
        lab: The lab's stem.
        released: Its notebook as students got it, as JSON.
        passed_over: Notebooks that are not to be read, by number.
        only: The number of the only one to be read; None for all.
        contents: The files' bytes.
    """
    files = [SubmittedFile(name, content) for name, content in zip(names, contents, strict=True)]
    try:
        found = open_submitted(files, lab, json.loads(released), passed_over=passed_over, only=only)
    except SubmissionError as error:
        return {"status": error.status, "cause": str(error)}
    return {"notebook": json.dumps(found.notebook), "notes": list(found.notes)}
