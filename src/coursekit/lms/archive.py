"""A zip that somebody else has packed, or a folder, read without trusting what is in it.

A zip is not unpacked to the disk. What a Mac and Windows add of their own is left out of both.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from coursekit.errors import LmsError
from coursekit.grading.kinds import kind_of
from coursekit.grading.submission import MAX_SIZE_BYTES

__all__ = ["Entry", "Source", "UnreadableError", "open_source"]

#: The most files that are looked at.
MAX_ENTRIES = 100_000
#: What is unpacked of a file at once.
_PIECE_BYTES = 2**16
#: What learning management systems pack with. zipfile unpacks the other methods without a bound.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_NAMED_IN_UTF8 = 0x800
_LOCKED = "it is encrypted"
_SYSTEM_FILES = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


class UnreadableError(Exception):
    """A file of a download cannot be used; the text says why."""


@dataclass(frozen=True)
class Entry:
    """A file in a zip or a folder.

    Attributes:
        path: Its name, as text in composed form (NFC).
        size: How many bytes it has, as far as is known before it is read.
        changed_s: When it was last changed, in seconds since 1970, in a time zone that a zip does not tell; or 0.
        why_not: Why it cannot be read; empty if it can.
        open: A function that returns its bytes.
    """

    path: PurePosixPath
    size: int
    changed_s: int
    why_not: str
    open: Callable[[], bytes] = field(repr=False, compare=False)

    def read(self) -> bytes:
        """Return the file's bytes.

        Raises:
            UnreadableError: If it is a link, encrypted, too large or damaged.
        """
        if self.why_not:
            raise UnreadableError(self.why_not)
        if self.size > MAX_SIZE_BYTES:
            raise UnreadableError(f"it has {self.size:,} bytes; the most is {MAX_SIZE_BYTES:,}")
        try:
            return self.open()
        except Exception as error:
            # zipfile lets through whatever its decompressors and headers run into.
            what = getattr(error, "strerror", None) or f"{type(error).__name__}: {str(error)[:200]}"
            raise UnreadableError(f"it is damaged: {what}") from error


@dataclass(frozen=True)
class Source:
    """A zip or a folder that students' files are taken from.

    Attributes:
        file: Where it is.
        entries: The files in it.
        folders: The folders that hold nothing.
        notes: What is passed over, and why.
    """

    file: Path
    entries: list[Entry] = field(default_factory=list)
    folders: list[PurePosixPath] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.file.is_dir()


@contextlib.contextmanager
def open_source(file: Path) -> Iterator[Source]:
    """Open a zip or a folder.

    Raises:
        LmsError: If it is neither, is empty, or holds more files than any class has.
    """
    if file.is_dir():
        yield _checked(_from_folder(file))
        return
    try:
        packed = zipfile.ZipFile(file)
    except Exception as error:
        # zipfile lets through whatever a table of contents makes it run into.
        what = getattr(error, "strerror", None) or error
        raise LmsError(
            f"{str(file)!r} cannot be read as a zip: {what}. Give the file that Canvas ('Download Submissions') or"
            f" Moodle ('Download all submissions') makes, as it was downloaded, or a folder.{_instead_of(file)}"
        ) from error
    with packed:
        yield _checked(_from_zip(file, packed))


def _instead_of(file: Path) -> str:
    """Say what a file is that is no zip, and what to do with it; an empty text if that cannot be told."""
    try:
        with file.open("rb") as stream:
            head = stream.read(1000)
    except OSError:
        return ""
    if head.startswith(b"PK"):
        return " It begins as a zip and does not end as one, as where a download was cut short: download it again."
    kind = kind_of(head).partition(",")[0]
    return f" This is {kind}{': unpack it, and give the folder' if 'archive' in kind else ''}." if kind else ""


def _checked(source: Source) -> Source:
    if not source.entries and not source.folders and not source.notes:
        raise LmsError(f"{str(source.file)!r} is empty: nobody's work is in it. Nothing was changed.")
    if source.entries and all(entry.why_not == _LOCKED for entry in source.entries):
        raise LmsError(
            f"{str(source.file)!r} asks for a password. Unpack it with the password, and give the folder. Nothing was"
            " changed."
        )
    return source


def _from_zip(file: Path, packed: zipfile.ZipFile) -> Source:
    infos = packed.infolist()
    _require_few(file, len(infos))
    source = Source(file)
    for info in infos:
        path = PurePosixPath(_name(info).replace("\\", "/"))
        if _is_of_a_system(path):
            # Whoever sent nothing else is somebody all the same.
            if (outer := _outside_of_systems(path)).parts and not _why_not_there(outer):
                source.folders.append(outer)
            continue
        if why := _why_not_there(path):
            source.notes.append(f"passed over {_shortened(str(path))!r}: {why}")
        elif info.is_dir():
            source.folders.append(path)
        else:
            opened = _reader(packed, info)
            source.entries.append(Entry(path, info.file_size, _packed_s(info), _why_unreadable(info), opened))
    return source


def _reader(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    return lambda: _unpacked(packed, info)


def _unpacked(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a file's bytes, as many as the zip says that there are."""
    # zipfile looks at that number only when a piece is unpacked, whatever it grows to.
    with packed.open(info) as opened:
        return b"".join(iter(lambda: opened.read(_PIECE_BYTES), b""))


def _from_folder(folder: Path) -> Source:
    source = Source(folder)
    for place, inner, names in os.walk(folder):
        # Hidden folders hold what programs keep for themselves: git's history, Jupyter's earlier versions.
        inner[:] = sorted(name for name in inner if not name.startswith(".") and name not in _SYSTEM_FILES)
        inside = PurePosixPath(_as_text(Path(place).relative_to(folder).as_posix()))
        linked = [name for name in inner if Path(place, name).is_symlink()]
        found = [name for name in sorted([*names, *linked]) if not _is_of_a_system(PurePosixPath(name))]
        if not found and not inner:
            source.folders.append(inside)
        for name in found:
            file = Path(place, name)
            status = file.lstat()
            kind = "" if stat.S_ISREG(status.st_mode) else "it is no ordinary file"
            why = "it is a link" if stat.S_ISLNK(status.st_mode) else kind
            path = inside / _as_text(name)
            source.entries.append(Entry(path, status.st_size, int(status.st_mtime), why, file.read_bytes))
        _require_few(folder, len(source.entries))
    return source


def _as_text(name: str) -> str:
    """Return a file's name in composed form, with what is not UTF-8 in it as escapes: two names stay two."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace"))


def _require_few(file: Path, n_files: int) -> None:
    if n_files > MAX_ENTRIES:
        raise LmsError(
            f"{file} holds {n_files:,} files; the most is {MAX_ENTRIES:,}. It is not the download of a class."
        )


def _is_of_a_system(path: PurePosixPath) -> bool:
    """Tell whether a Mac, Windows or Jupyter has made a file for itself."""
    hidden = any(part.startswith(".") for part in path.parts[:-1] if part != "..")
    return hidden or path.name.startswith("._") or not _SYSTEM_FILES.isdisjoint(path.parts)


def _outside_of_systems(path: PurePosixPath) -> PurePosixPath:
    """Return the folder in which a system has made a file or a folder for itself."""
    kept = itertools.takewhile(lambda part: not part.startswith(".") and part not in _SYSTEM_FILES, path.parts[:-1])
    return PurePosixPath(*kept)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a name as it was meant: many programs write UTF-8 without declaring it."""
    name = info.filename
    if not info.flag_bits & _NAMED_IN_UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name)


def _why_not_there(path: PurePosixPath) -> str:
    """Return why a path leads nowhere; an empty text if it does not."""
    if not path.parts:
        return "it has no name"
    if path.is_absolute() or ".." in path.parts or re.fullmatch("[A-Za-z]:", path.parts[0]):
        return "its path leads out of the folder"
    return ""


def _why_unreadable(info: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link"
    if info.flag_bits & _ENCRYPTED:
        return _LOCKED
    return "" if info.compress_type in _METHODS else "it is packed by another method than Deflate; pack it again"


def _packed_s(info: zipfile.ZipInfo) -> int:
    try:
        return int(datetime(*info.date_time, tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _shortened(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:60]}…{text[-39:]}"
