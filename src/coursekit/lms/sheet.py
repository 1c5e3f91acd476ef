"""A CSV file from a learning management system, written back with nothing changed but the cells that were set."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import LmsError

__all__ = ["Sheet", "read_number"]

#: A course of 10,000 with a hundred assignments has some 10 MB.
_MAX_SIZE_BYTES = 100_000_000
_DELIMITERS = ",;\t"
#: The encodings that are likely where it is none of Unicode's; the first is the likeliest.
_WESTERN = ("cp1252", "mac_roman")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
#: Spreadsheet programs leave them above a header.
_BLANK_LINES = re.compile(r"\A(?:[,;\t \"]*(?:\r\n|\r|\n))+")
#: How many rows tell what stands between cells.
_N_LOOKED_AT = 20


@dataclass
class Sheet:
    """A table with a header.

    Attributes:
        file: Where it comes from.
        header: The names of its columns.
        rows: The rows under the header, as they are: some may be shorter than it.
        delimiter: What stands between cells.
        newline: What ends a line.
        bom: Whether the file begins with a byte order mark, by which Excel knows UTF-8.
        guessed: Whether letters with accents are what is likely and not what is certain.
    """

    file: Path
    header: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    newline: str = "\r\n"
    bom: bool = False
    guessed: bool = False

    @classmethod
    def read(cls, file: Path) -> Sheet:
        """Read a file with commas, semicolons or tabs, in an encoding that spreadsheet programs save it in.

        That is UTF-8, UTF-16, or what Windows and the Mac use in the west (cp1252, Mac Roman). Whatever it is, UTF-8 is
        written.

        Raises:
            LmsError: If it cannot be read as such.
        """
        text, encoding = _text(file)
        if re.match(r"sep=[,;\t]\r?\n", text):
            # Excel's own first line, which no system reads.
            text = text.partition("\n")[2]
        text = _BLANK_LINES.sub("", text)
        delimiter = max(_DELIMITERS, key=lambda each: _fit(text, each))
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise LmsError(f"{file} cannot be read as CSV: {error}. Export it again, and save it as CSV.") from error
        if not rows or not any(rows[0]):
            raise LmsError(f"{file} has no header in its first line. Export it again.")
        newline = "\r\n" if "\r\n" in text else "\n"
        header = [cell.strip() for cell in rows[0]]
        return cls(file, header, rows[1:], delimiter, newline, encoding != "utf-8", encoding in _WESTERN)

    def write(self, file: Path) -> None:
        """Write the table.

        Raises:
            LmsError: If it cannot be written.
        """
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerows([self.header, *self.rows])
        content = (codecs.BOM_UTF8 if self.bom else b"") + stream.getvalue().encode("utf-8")
        try:
            file.write_bytes(content)
        except OSError as error:
            raise LmsError(f"{file} cannot be written: {error.strerror}. Name another file with --output.") from error

    def column(self, *names: str) -> int | None:
        """Return the index of the first of these columns that the table has, in any case of letters, or None."""
        header = [name.casefold() for name in self.header]
        return next((header.index(name.casefold()) for name in names if name.casefold() in header), None)

    def cell(self, row: int, column: int | None) -> str:
        """Return a cell's text without spaces around it; an empty text if there is no such cell."""
        cells = self.rows[row]
        return cells[column].strip() if column is not None and column < len(cells) else ""

    def rounded(self, columns: Iterable[int | None]) -> list[str]:
        """Return the numbers in columns of ids that a spreadsheet program has rounded, such as 1.3947E+17."""
        inside = {i for i in columns if i is not None}
        cells = (self.cell(row, i) for row in range(len(self.rows)) for i in sorted(inside))
        return [text for text in cells if _ROUNDED.fullmatch(text)]

    def put(self, row: int, column: int, text: str) -> None:
        """Write into a cell; a row that is too short is filled up to it."""
        cells = self.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = text


def read_number(text: str) -> float | None:
    """Read a number with a decimal point or comma, and perhaps the other between thousands; None if it is not one."""
    text = text.strip().replace("\u202f", "").replace("\u00a0", "")
    if "," in text and "." in text:
        text = text.replace("." if text.rindex(",") > text.rindex(".") else ",", "")
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    """Say how well a delimiter fits: how many rows have as many cells as the header, and how many these are.

    A title such as "Lab 1, part a, part b" may have more commas in it than semicolons stand between the titles.
    """
    try:
        rows = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _N_LOOKED_AT))
    except csv.Error:
        return 0, 0
    n_cells = len(rows[0]) if rows else 0
    return sum(len(row) == n_cells for row in rows) if n_cells > 1 else 0, n_cells


def _text(file: Path) -> tuple[str, str]:
    """Return a file's text, and its encoding."""
    try:
        if file.stat().st_size > _MAX_SIZE_BYTES:
            raise LmsError(f"{file} has more than {_MAX_SIZE_BYTES:,} bytes: it is not a table of grades.")
        content = file.read_bytes()
    except OSError as error:
        raise LmsError(f"{file} cannot be read: {error.strerror}.") from error
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LmsError(
            f"{file} is neither in UTF-8 nor in another encoding of spreadsheet programs (byte {error.start}). Export"
            " it again, or save it as 'CSV UTF-8' in the spreadsheet program."
        ) from error
    if "\0" in text:
        raise LmsError(f"{file} is not a text file. Give the CSV file, not a spreadsheet program's own.")
    return text.lstrip("\ufeff"), encoding


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    # In UTF-16 every other byte of a header in Latin letters is 0, or nearly so.
    for places, encoding in ((slice(1, 40, 2), "utf-16-le"), (slice(0, 40, 2), "utf-16-be")):
        if 2 * content[places].count(0) > len(content[places]):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        windows, mac = _WESTERN
        return mac if _n_odd(content, windows) and not _n_odd(content, mac) else windows
    return "utf-8"


def _n_odd(content: bytes, encoding: str) -> int:
    """Count what looks odd where it stands: signs in place of letters with accents, capitals within words."""
    text = content.decode(encoding, "replace")
    odd = 0
    for i in (i for i, character in enumerate(text) if not character.isascii()):
        before, behind = text[i - 1 : i], text[i + 1 : i + 2]
        inside = text[i].isupper() and before.isalpha() and (before.islower() or behind.islower())
        odd += not text[i].isalpha() or inside or (text[i].islower() and behind.isupper())
    return odd
