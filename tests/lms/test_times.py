from __future__ import annotations

import pytest

from coursekit.lms.times import read_time


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")


@pytest.mark.parametrize(
    "text",
    [
        "Friday, 30 January 2026, 11:59 PM",
        "Freitag, 30. Januar 2026, 23:59",
        "vendredi 30 janvier 2026, 23:59",
        "viernes, 30 de enero de 2026, 23:59",
        "sexta-feira, 30 de janeiro de 2026 às 23:59",
        "пятница, 30 января 2026, 23:59",
        "2026年01月30日(金曜日) 23:59",
        "الجمعة، 30 يناير 2026، 11:59 م",
        "Jan 30, 2026 1159 PM",
        "2026-01-30-23-59-00",
        "30.01.2026, 23:59",
    ],
)
def test_a_time_is_read_in_whatever_language(text: str) -> None:
    assert str(read_time(text)) == "2026-01-30 23:59:00"


def test_a_day_of_the_week_tells_months_of_one_name_apart() -> None:
    # In Croatian that is October, in Czech and Polish November.
    assert str(read_time("petak, 30. listopada 2026, 23:59")) == "2026-10-30 23:59:00"
    assert str(read_time("poniedziałek, 30 listopada 2026, 23:59")) == "2026-11-30 23:59:00"


@pytest.mark.parametrize("text", ["vendredi 30 janvier 2026 à 9 h 01", "vendredi 30 janvier 2026, 9h01"])
def test_french_hours_are_no_months(text: str) -> None:
    assert str(read_time(text)) == "2026-01-30 09:01:00"


@pytest.mark.parametrize(
    "text", ["", "-", "never", "30 janv. 2026 9 h 01", "Samstag, 30. Januar 2026, 23:59", "40. Januar 2026", "9" * 300]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_time(text) is None
