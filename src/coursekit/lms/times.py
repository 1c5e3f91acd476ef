"""Times as learning management systems write them, in whatever language, of this computer's time zone."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime

__all__ = ["read_time"]

_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})(?:[:.]| ?h ?)(\d\d)(?!\.?\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[^\dA-Za-z]{1,3}(\d{1,2})[^\dA-Za-z]{1,3}(\d{1,2})(?!\d)")
#: Brightspace writes ``1159 PM``, Blackboard ``2026-01-30-23-59-00``.
_CLOCK_WITHOUT_COLON = re.compile(r"\b(\d{1,2})(\d\d) ([AP]M)\b")
_DAY_FIRST = re.compile(r"\d{1,2}\.\d{1,2}\.")
_ALL_HYPHENS = re.compile(r"(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)")


def read_time(text: str) -> datetime | None:
    """Read a time such as "Friday, 30 January 2026, 11:59 PM" or "Freitag, 30. Januar 2026, 23:59", as UTC.

    Returns:
        The time, without a time zone; None if the text is none.
    """
    from dateutil import parser

    if text in ("", "-") or not any(map(str.isdigit, text)):
        return None
    plain = _ALL_HYPHENS.sub(r"\1 \2:\3:\4", _CLOCK_WITHOUT_COLON.sub(r"\1:\2 \3", text))
    try:
        found: datetime | None = parser.parse(plain, dayfirst=bool(_DAY_FIRST.match(plain)))
    except (ValueError, OverflowError):
        found = _in_another_language(text)
    return found.astimezone(UTC).replace(tzinfo=None) if found is not None else None


def _in_another_language(text: str) -> datetime | None:
    """Read a time whose year, month and day are numbers, or whose day of the week and month are words that agree."""
    clock = _CLOCK.search(text)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    date = _CLOCK.sub(" ", text)
    try:
        if numbers := _YEAR_FIRST.search(date):
            return datetime(int(numbers[1]), int(numbers[2]), int(numbers[3]), hour, minute)
        year, day = re.search(r"(?<!\d)\d{4}(?!\d)", date), re.search(r"(?<!\d)\d{1,2}(?!\d)", date)
        if year is None or day is None:
            return None
        said = date.casefold()
        for months, weekdays, afternoon in _calendars():
            on = {number for name, number in weekdays.items() if _says(said, name)}
            for month in {number for name, number in months.items() if on and _says(said, name)}:
                found = datetime(int(year[0]), month, int(day[0]), hour, minute)
                if found.weekday() in on:
                    late = hour < 12 and any(_says(said, word) for word in afternoon)
                    return found.replace(hour=hour + 12) if late else found
    except ValueError:
        return None
    return None


def _says(text: str, name: str) -> bool:
    return re.search(rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])", text) is not None


@functools.cache
def _calendars() -> list[tuple[dict[str, int], dict[str, int], set[str]]]:
    """Return names in each language that Babel knows: months (from 1), days (from Monday, 0), the afternoon."""
    from babel import Locale, localedata

    calendars = []
    for code in localedata.locale_identifiers():
        if re.fullmatch("[a-z]{2}|zh_Han[st]", code):
            locale = Locale.parse(code)
            months, days = (
                {name.casefold(): number for form in forms.values() for number, name in form[width].items()}
                for forms, width in ((locale.months, "wide"), (locale.days, "wide"))
            )
            short = {name.casefold(): number for number, name in locale.days["format"]["abbreviated"].items()}
            periods = [form for context in locale.day_periods.values() for form in context.values()]
            afternoon = {form[part].casefold() for form in periods for part in ("pm", "afternoon1") if part in form}
            calendars.append((months, short | days, afternoon))
    return calendars
