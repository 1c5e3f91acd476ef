"""``nbgrader export`` made safe for spreadsheet programs, which take some texts for formulas."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from nbgrader.plugins import CsvExportPlugin

from coursekit.text import printable

__all__ = ["SpreadsheetExport", "looks_like_formula", "neutral"]

# What OWASP lists under "CSV injection" (https://owasp.org/www-community/attacks/CSV_Injection), the wide forms of
# East Asian keyboards included.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
#: What stands between cells in one country's tables or another's. Where a spreadsheet goes by another mark than the
#: table's own, quotation marks keep no text together: it is divided there, and what follows begins a cell.
_DELIMITERS = ",;\t|"
_FORMULAS_WITHIN = {
    own: re.compile(rf"[{_DELIMITERS.replace(own, '')}][ \"']*(?=[=+\-@＝＋－＠])(?<!')") for own in _DELIMITERS
}
_NEEDS_QUOTES = frozenset(',"\r\n')


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take a cell's text for a formula; numbers such as -1 do not count."""
    return text.lstrip(" ").startswith(_FORMULA_STARTS) and not _is_number(text)


def neutral(text: str, *, delimiter: str = ",") -> str:
    """Return a cell's text, with an apostrophe in front of what a spreadsheet would take for a formula.

    Args:
        text: The text.
        delimiter: What stands between the cells of the table.
    """
    text = _FORMULAS_WITHIN[delimiter].sub(r"\g<0>'", text)
    return f"'{text}" if looks_like_formula(text) else text


class SpreadsheetExport(CsvExportPlugin):  # type: ignore[misc] # nbgrader has no types
    """Write grades as nbgrader's CSV exporter does, with no text that a spreadsheet would calculate or split.

    A text that starts like a formula gets an apostrophe before it, and one with commas, quotation marks or line ends
    is quoted. Numbers stay as they are.
    """

    def export(self, gradebook: Any) -> None:
        """Write the file.

        Args:
            gradebook: nbgrader's gradebook, open.
        """
        super().export(_Printed(gradebook))


class _Cell(str):
    """A text that compares and hashes as itself, and becomes safe for a CSV file when it is formatted."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        text = neutral(printable(str(self)))
        if not _NEEDS_QUOTES.isdisjoint(text):
            text = '"{}"'.format(text.replace('"', '""'))
        return text


class _Printed:
    """The part of a gradebook that nbgrader's exporter reads, with its texts made safe."""

    def __init__(self, gradebook: Any) -> None:
        self._gradebook = gradebook

    @property
    def assignments(self) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(name=_Cell(found.name), duedate=found.duedate, max_score=found.max_score)
            for found in self._gradebook.assignments
        ]

    @property
    def students(self) -> list[SimpleNamespace]:
        texts = ("id", "last_name", "first_name", "email")
        return [
            SimpleNamespace(**{name: _Cell(getattr(found, name) or "") for name in texts})
            for found in self._gradebook.students
        ]

    def find_submission(self, assignment: str, student: str) -> Any:
        return self._gradebook.find_submission(str(assignment), str(student))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
