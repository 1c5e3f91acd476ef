"""Opening what was handed in: which file it is, and the notebook in it.

Students hand in a second notebook beside an untouched one, a zip with the notebook in it, a folder within a folder.
The file that bears the lab's name is taken, unless it is untouched or another one holds more answers. What was done is
said.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from coursekit.cells import is_answer
from coursekit.grading.elsewhere import listed
from coursekit.grading.kinds import WHAT_TO_HAND_IN, kind_of
from coursekit.grading.matching import is_unwritten
from coursekit.grading.rebuild import Rebuilt, parse, rebuild
from coursekit.grading.submission import MAX_SIZE_BYTES, SubmissionError, SubmittedFile

__all__ = ["MAX_NOTEBOOKS", "MAX_TEXT", "ZIP", "open_submitted"]

#: How many notebooks of one submission are looked at.
MAX_NOTEBOOKS = 10
#: Characters that the cells of a notebook may have together: a lab has some 50,000. Outputs and pictures are no text.
MAX_TEXT = 2_000_000
#: A picture within words, as Colab writes one that was pasted.
_PICTURE = re.compile(r"data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]*", re.ASCII)
_NOTEBOOK = ".ipynb"
_MAX_ENTRIES = 10_000
#: Zips within zips that are opened.
_MAX_DEPTH = 3
_ENCRYPTED = 0x1
#: How a zip archive begins.
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class _Opened:
    """A file that holds a notebook of the lab.

    Attributes:
        name: The file's name.
        rebuilt: The notebook, put back into the released structure.
        answers: How many of the cells that are to be written in are not as they were released.
    """

    name: str
    rebuilt: Rebuilt
    answers: int


def open_submitted(
    files: Sequence[SubmittedFile],
    lab: str,
    released: Mapping[str, Any],
    *,
    passed_over: Collection[int] = (),
    only: int | None = None,
) -> Rebuilt:
    """Return the notebook that a student handed in, rebuilt, with notes on which file it is.

    Args:
        files: What was handed in, the likeliest first.
        lab: The lab's stem.
        released: Its notebook as students got it.
        passed_over: Notebooks that are not to be read, by their number among all, those within zips too.
        only: The number of the only one to be read; all unless given.

    Raises:
        SubmissionError: If none of them is a notebook of the lab; it says what the first one is.
    """
    opened: list[_Opened] = []
    refused: list[SubmissionError] = []
    unpacked, notes = _unpacked(files)
    for number, file in enumerate(unpacked[:MAX_NOTEBOOKS]):
        if number in passed_over or only not in (None, number):
            continue
        try:
            opened.append(_opened(file, released))
        except SubmissionError as error:
            refused.append(error)
    for number in sorted(n for n in passed_over if n < len(unpacked)):
        refused.append(SubmissionError("malformed", f"{unpacked[number].name[:100]} takes too much to read."))
    if not opened:
        raise _refusal(files, f"{lab}{_NOTEBOOK}", refused)
    named = opened[0].name == f"{lab}{_NOTEBOOK}"
    best = max(opened, key=lambda each: each.answers)
    chosen = best if not named or best.answers > opened[0].answers else opened[0]
    notes += _about_choice(chosen, opened, refused, f"{lab}{_NOTEBOOK}")
    return replace(chosen.rebuilt, notes=(*notes, *chosen.rebuilt.notes))


def _opened(file: SubmittedFile, released: Mapping[str, Any]) -> _Opened:
    submitted, notes = parse(file.content, file.name)
    rebuilt = rebuild(released, submitted)
    rebuilt = replace(rebuilt, notes=(*notes, *rebuilt.notes))
    _require_little_text(rebuilt.notebook, file.name)
    now = {cell["id"]: cell["source"].strip() for cell in rebuilt.notebook["cells"]}
    asked = [(now[cell["id"]], cell["source"].strip()) for cell in released["cells"] if is_answer(cell)]
    return _Opened(file.name, rebuilt, sum(text != before and not is_unwritten(text) for text, before in asked))


def _require_little_text(notebook: Mapping[str, Any], name: str) -> None:
    texts = ((cell["cell_type"], cell["source"]) for cell in notebook["cells"])
    n_characters = sum(len(text if kind == "code" else _PICTURE.sub("", text)) for kind, text in texts)
    if n_characters > MAX_TEXT:
        raise SubmissionError(
            "malformed", f"The cells of {name} have {n_characters:,} characters together; the most is {MAX_TEXT:,}."
        )


def _about_choice(
    chosen: _Opened, opened: Sequence[_Opened], refused: Sequence[SubmissionError], wanted: str
) -> Iterator[str]:
    """Yield which file was taken, where that is not plain."""
    others = [each for each in opened if each is not chosen]
    if chosen.name != wanted and not others:
        yield f"The file was named {chosen.name[:100]!r}; it was taken for {wanted}."
    elif others:
        passed = listed([f"{each.name[:100]!r} with {each.answers}" for each in others])
        taken = f"{chosen.name[:100]!r} was taken, with {chosen.answers} answers"
        yield f"Of the notebooks handed in, {taken}, not {passed}."
    yield from (f"Another file was passed over: {error}" for error in refused[:3])


def _unpacked(files: Iterable[SubmittedFile]) -> tuple[list[SubmittedFile], list[str]]:
    """Return the files, with the notebooks of each zip in its place."""
    unpacked: list[SubmittedFile] = []
    notes: list[str] = []
    for file in files:
        inside = list(_in_zip(file, [MAX_SIZE_BYTES])) if _is_zip(file.content) else []
        unpacked += inside or [file]
        if inside:
            notes.append(f"{file.name[:100]} is a zip archive; the notebook in it was taken.")
    return unpacked, notes


def _in_zip(file: SubmittedFile, left: list[int], depth: int = 1) -> Iterator[SubmittedFile]:
    """Yield the notebooks in a zip, and in zips within it, as far as they can be read.

    Args:
        file: The zip.
        left: How many bytes may still come out of it and all zips within it, to be counted down here.
        depth: How many zips it lies in, itself included.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            infos = [info for info in archive.infolist()[:_MAX_ENTRIES] if _may_hold_notebook(info)]
            infos.sort(key=lambda info: not _is_notebook(info.filename))
            for info in infos[:MAX_NOTEBOOKS]:
                with archive.open(info) as packed:
                    # Not what the zip says of its size: what comes out counts.
                    content = packed.read(left[0] + 1)
                left[0] -= len(content)
                if left[0] < 0:
                    return
                inner = SubmittedFile(f"{file.name}/{info.filename}", content)
                if not _is_zip(content):
                    yield inner
                elif depth < _MAX_DEPTH:
                    yield from _in_zip(inner, left, depth + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return


def _may_hold_notebook(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    wanted = _is_notebook(path.name) or path.suffix.lower() == ".zip"
    return wanted and not hidden and not info.is_dir() and not info.flag_bits & _ENCRYPTED


def _is_notebook(name: str) -> bool:
    # Browsers and mail programs add endings of their own: .ipynb.txt, .ipynb.json.
    return _NOTEBOOK in PurePosixPath(name.replace("\\", "/")).name.lower()


def _is_zip(content: bytes) -> bool:
    return content.startswith(ZIP)


def _locked(content: bytes) -> str:
    """Return what a zip is whose files a password protects; an empty text for any other file."""
    if not _is_zip(content):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            locked = any(info.flag_bits & _ENCRYPTED for info in archive.infolist()[:_MAX_ENTRIES])
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return ""
    return "a zip archive that a password protects" if locked else ""


def _refusal(files: Sequence[SubmittedFile], wanted: str, refused: Sequence[SubmissionError]) -> SubmissionError:
    """Return why nothing of what was handed in can be graded."""
    first = files[0].name
    if PurePosixPath(first).suffix.lower() == _NOTEBOOK and refused:
        return refused[0]
    if refused and not kind_of(files[0].content) and files[0].content.lstrip()[:1] == b"{":
        return refused[0]
    kinds = [(file.name[:60], _locked(file.content) or kind_of(file.content)) for file in files]
    told = [f"{name!r}, {kind}" if kind else repr(name) for name, kind in kinds]
    return SubmissionError("malformed", f"There is no notebook {wanted}, only {listed(told[:5])}. {WHAT_TO_HAND_IN}")
