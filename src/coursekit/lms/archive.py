"""A zip that somebody else has packed, read without trusting it and without unpacking it to the disk."""

from __future__ import annotations

import contextlib
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from coursekit.errors import LmsError
from coursekit.grading.submission import MAX_SIZE_BYTES

__all__ = ["Archive", "Entry", "UnreadableError", "open_archive"]

#: The most bytes that the notebooks of a download may have together, unpacked.
MAX_TOTAL_BYTES = 4 * 2**30
#: The most files that are looked at.
MAX_ENTRIES = 100_000
_ENCRYPTED = 0x1
_NAMED_IN_UTF8 = 0x800
_SYSTEM_FILES = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


class UnreadableError(Exception):
    """A file in a zip cannot be used; the text says why."""


@dataclass(frozen=True)
class Entry:
    """A file in a zip.

    Attributes:
        path: Its name, as text in composed form (NFC).
        packed_s: When it was last changed, in seconds since 1970, in a time zone that the zip does not tell; or 0.
        info: What the zip says of it.
    """

    path: PurePosixPath
    packed_s: int
    info: zipfile.ZipInfo


class Archive:
    """A zip that is open for reading.

    Args:
        file: Where it is.
        packed: The zip.

    Attributes:
        entries: The ordinary files in it.
        notes: Which other entries are passed over, and why.
    """

    def __init__(self, file: Path, packed: zipfile.ZipFile) -> None:
        self.file = file
        self.entries: list[Entry] = []
        self.notes: list[str] = []
        self._packed = packed
        self._left_bytes = MAX_TOTAL_BYTES
        infos = packed.infolist()
        if len(infos) > MAX_ENTRIES:
            raise LmsError(
                f"{file} holds {len(infos):,} files; the most is {MAX_ENTRIES:,}. It is not the download of a class."
            )
        for info in infos:
            path = PurePosixPath(_name(info).replace("\\", "/"))
            if info.is_dir() or _SYSTEM_FILES & set(path.parts):
                continue
            why = _why_not(info, path)
            if why:
                self.notes.append(f"passed over {_shortened(str(path))!r}: {why}")
            else:
                self.entries.append(Entry(path, _packed_s(info), info))

    def read(self, entry: Entry) -> bytes:
        """Return a file's bytes.

        Raises:
            UnreadableError: If it is too large, or damaged.
            LmsError: If all that was read together is too large.
        """
        size = entry.info.file_size
        if size > MAX_SIZE_BYTES:
            raise UnreadableError(f"it has {size:,} bytes; the most is {MAX_SIZE_BYTES:,}")
        self._left_bytes -= size
        if self._left_bytes < 0:
            raise LmsError(
                f"The notebooks in {self.file} have more than {MAX_TOTAL_BYTES:,} bytes together, unpacked. Nothing"
                " more was taken. If they are all wanted, split the download."
            )
        try:
            # zipfile reads no more than the size that the zip states.
            return self._packed.read(entry.info)
        except Exception as error:
            # zipfile lets through whatever its decompressors and headers run into.
            raise UnreadableError(f"it is damaged: {type(error).__name__}: {str(error)[:200]}") from error


@contextlib.contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """Open a zip.

    Raises:
        LmsError: If it is not a zip, or is empty.
    """
    try:
        packed = zipfile.ZipFile(file)
    except Exception as error:
        # zipfile lets through whatever a table of contents makes it run into.
        what = getattr(error, "strerror", None) or error
        raise LmsError(
            f"{str(file)!r} cannot be read as a zip: {what}. Give the file that Canvas ('Download Submissions') or"
            " Moodle ('Download all submissions') makes, as it was downloaded."
        ) from error
    with packed:
        archive = Archive(file, packed)
        if not archive.entries and not archive.notes:
            raise LmsError(f"{str(file)!r} is empty: nobody's work is in it. Nothing was changed.")
        yield archive


def _name(info: zipfile.ZipInfo) -> str:
    """Return a name as it was meant: many programs write UTF-8 without declaring it."""
    name = info.filename
    if not info.flag_bits & _NAMED_IN_UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name)


def _why_not(info: zipfile.ZipInfo, path: PurePosixPath) -> str:
    """Return why a file is passed over; an empty text if it is not."""
    if not path.parts:
        return "it has no name"
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "its path leads out of the folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    return ""


def _packed_s(info: zipfile.ZipInfo) -> int:
    try:
        return int(datetime(*info.date_time, tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _shortened(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:60]}…{text[-39:]}"
