"""Putting what a student handed in into the folder of submissions: whole, or not at all."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from coursekit.errors import LmsError
from coursekit.files import replace_file
from coursekit.grading.submission import MAX_SIZE_BYTES, read_short_text
from coursekit.lms.archive import UnreadableError
from coursekit.lms.download import SentFile
from coursekit.lms.origin import FILE, Origin, read_origin
from coursekit.lms.people import is_named

__all__ = ["Parcel", "pack", "place"]

TIMESTAMP = "timestamp.txt"
_NOTES = (TIMESTAMP, "submission_secret.txt", FILE)
#: As many files as grading looks at.
_MAX_FILES = 10
_MAX_PART_BYTES = 120
_NOTEBOOK, _ZIP = ".ipynb", ".zip"
_NOT_IN_NAMES = re.compile(r"[\0-\x1f\x7f<>:\"|?*/\\]")
_NOT_TAKEN = ".not-collected.txt"


@dataclass(frozen=True)
class Parcel:
    """What of a student's files is to be put into their folder.

    Attributes:
        contents: The bytes of each file, by its path in the folder.
        chosen: The file that bears the lab's name there, or else the first one; None if there is none.
        problems: Which files cannot be taken, and why.
        passed: The names of the files that were passed over.
        has_notebook: Whether one of them is a notebook, or a zip, by its name.
    """

    contents: Mapping[str, bytes]
    chosen: SentFile | None = None
    problems: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    has_notebook: bool = False

    @property
    def digest(self) -> str:
        """What tells it from everything else that could have been handed in."""
        return _digest(self.contents)


def pack(files: Sequence[SentFile], lab: str, others: Sequence[str]) -> Parcel:
    """Choose and read the files that may hold a student's notebook; where none may, all of them, to see what they are.

    The newest notebook, or the newest that bears the lab's name, is to have the lab's name. A file that cannot be read
    is stood for by a text that says why.

    Args:
        files: The student's files.
        lab: The lab's stem.
        others: The stems of the course's other labs, whose notebooks count only if there is nothing else.
    """
    notebooks = [file for file in files if _NOTEBOOK in PurePosixPath(file.name).name.lower()]
    own = [file for file in notebooks if not any(is_named(file.name, other) for other in others)] or notebooks
    zips = [file for file in files if file.name.lower().endswith(_ZIP) and file not in own]
    # A zip may hold nothing but pictures: then the notebook is beside it, under a name of its own.
    others_too = [] if own else [file for file in files if file not in zips]
    ranked = (
        sorted(each, key=lambda file: _likelihood(file, lab), reverse=True) for each in ([*own, *zips], others_too)
    )
    taken = list(itertools.chain(*ranked))[:_MAX_FILES]
    contents: dict[str, bytes] = {}
    problems = []
    left = MAX_SIZE_BYTES
    for file in taken:
        named = f"{lab}{_NOTEBOOK}" if file is taken[0] and file.name.lower().endswith(_NOTEBOOK) else _safe(file.name)
        try:
            content = file.entry.read()
            if len(content) > left:
                raise UnreadableError(f"it and what came with it have more than {MAX_SIZE_BYTES:,} bytes")
            left -= len(content)
        except UnreadableError as error:
            problems.append(str(error))
            named, content = (
                f"{_safe(file.name)}{_NOT_TAKEN}",
                f"{file.name[:200]}: {error}.\n".encode("utf-8", "replace"),
            )
        contents[_unlike(named, contents)] = content
    passed = sorted({file.name for file in files if not any(file is other for other in taken)})
    return Parcel(contents, taken[0] if taken else None, tuple(problems), tuple(passed), bool(own or zips))


def _likelihood(file: SentFile, lab: str) -> tuple[bool, bool, int, str]:
    """Return a key that is highest for the file that is most likely the notebook, and of several for the newest."""
    return file.name.lower().endswith(_NOTEBOOK), is_named(file.name, lab), file.order, file.name


def place(folder: Path, parcel: Parcel, origin: Origin, *, sure: bool, dry_run: bool = False) -> str:
    """Write what a student handed in, and where it came from, and say what was done.

    The folder is made aside and takes its place when it is whole, so that a run that was cut short has changed
    nothing, or all of it.

    Args:
        folder: The student's folder for the lab.
        parcel: What is to be in it.
        origin: Where it came from.
        sure: Whether a roster has made certain that the folder is this student's, although names can be shared.
        dry_run: Whether to write nothing, and say what would be done.

    Raises:
        LmsError: If the folder cannot be written to.
    """
    linked = [path for path in (folder.parent, folder) if path.is_symlink()]
    if linked:
        return f"not taken: {os.path.relpath(linked[0], folder.parents[1])} in the folder of submissions is a link"
    try:
        there = _digest(dict(_contents(folder)))
        before = read_origin(folder)
        if why := _why_keep(there, before, origin, sure=sure):
            return why
        if origin.sha256 == there and before is not None:
            origin = _completed(origin, before)
            if origin == before:
                return "unchanged"
            if not dry_run:
                origin.write(folder)
                _stamp(folder, origin, before)
            return "unchanged; its origin was brought up to date"
        if not dry_run:
            _write(folder, parcel, origin)
    except OSError as error:
        raise LmsError(
            f"{folder} cannot be written to: {error.strerror}. What was collected so far is kept; run again to collect"
            " the rest."
        ) from error
    return f"replaced {before.file if before and before.file else 'the same'}, which is older" if there else "new"


def _why_keep(there: str, before: Origin | None, origin: Origin, *, sure: bool) -> str:
    """Return why what is there stays; an empty text if it is to be replaced."""
    if not there or there == origin.sha256:
        return ""
    if before is None:
        return "kept what is there: it was not collected from a download; delete it to take this one"
    if not sure and (before.lms, before.sender or before.number) != (origin.lms, origin.sender or origin.number):
        return f"kept what is there: it comes from another {before.name!r} ({before.number}); give a --roster"
    if there != before.sha256:
        return "kept what is there: it was changed after it was collected; delete it to take this one"
    if not origin.sha256:
        return "kept what is there: nothing of theirs is in this download"
    if origin.is_older_than(before):
        return f"kept what is there: {before.file} is newer"
    return ""


def _completed(origin: Origin, before: Origin) -> Origin:
    """Return the new origin of what has not changed, completed by what only the earlier one says."""
    return replace(
        origin,
        file=before.file,
        order=max(origin.order, before.order),
        late=origin.late or before.late,
        handed_in=origin.handed_in or before.handed_in,
    )


def _write(folder: Path, parcel: Parcel, origin: Origin) -> None:
    aside, old = (folder.with_name(f".{folder.name}.{what}") for what in ("unfinished", "before"))
    for path in (aside, old):
        shutil.rmtree(path, ignore_errors=True)
    aside.mkdir(parents=True)
    for name, content in parcel.contents.items():
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        (aside / name).write_bytes(content)
    origin.write(aside)
    _stamp(aside, origin, None)
    if folder.exists():
        folder.rename(old)
    aside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _stamp(folder: Path, origin: Origin, before: Origin | None) -> None:
    """Write when it was handed in; an instructor's own time stays, unless a new one is told."""
    stamp = folder / TIMESTAMP
    if origin.handed_in and (before is None or origin.handed_in != before.handed_in or not read_short_text(stamp)):
        replace_file(stamp, origin.handed_in.encode())


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files that are in a student's folder, but for the notes of the course's own programs."""
    for place_, folders, names in os.walk(folder):
        folders.sort()
        for name in names:
            file = Path(place_, name)
            inside = file.relative_to(folder).as_posix()
            if inside not in _NOTES and not name.startswith("."):
                # What is no ordinary file was not collected.
                yield inside, file.read_bytes() if file.is_file() and not file.is_symlink() else b""


def _digest(contents: Mapping[str, bytes]) -> str:
    if len(contents) == 1 and next(iter(contents)).endswith(_NOTEBOOK):
        return hashlib.sha256(next(iter(contents.values()))).hexdigest()
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest() if contents else ""


def _safe(name: str) -> str:
    """Make a student's own name for a file one that any system can hold, and that hides nothing and is no note."""
    parts = [_NOT_IN_NAMES.sub("_", part).strip() for part in PurePosixPath(name).parts if part not in ("/", "..")]
    parts = [f"_{part}" if part.startswith(".") or not part else part for part in parts[-6:]]
    if len(parts) == 1 and parts[0].lower() in _NOTES:
        parts = [f"_{parts[0]}"]
    return "/".join(map(_fitting, parts)) or "_"


def _fitting(part: str) -> str:
    """Shorten a name in its middle, so that what it ends with stays."""
    if len(part.encode("utf-8", "replace")) <= _MAX_PART_BYTES:
        return part.encode("utf-8", "replace").decode()
    return f"{part[:20]}_{part[-20:]}".encode("utf-8", "replace").decode()


def _unlike(name: str, taken: Mapping[str, bytes]) -> str:
    """Return a name that is not taken, also where a system makes no difference between upper and lower case."""
    used = {other.casefold() for other in taken}
    path, n = PurePosixPath(name), 1
    while name.casefold() in used or any(other.startswith(f"{name.casefold()}/") for other in used):
        n += 1
        name = str(path.with_name(f"{path.stem} ({n}){path.suffix}"))
    return name
