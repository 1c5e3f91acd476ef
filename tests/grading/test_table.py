from __future__ import annotations

import io
from dataclasses import replace

import pytest

from coursekit.grading import CheckRecord, ExerciseRecord, Record
from coursekit.grading.table import progress_line, table

CHECK = CheckRecord("rows_are_distributions", visible=True, passed=False, message="no")
EXERCISES = (ExerciseRecord("softmax", 1.5, 3.0, (CHECK,)), ExerciseRecord("softmax_gradient", 4.0, 4.0, ()))
RECORD = Record("ada", "01_softmax", "graded", 5.5, 7.0, 0.1, "", EXERCISES)


def test_the_table_has_a_row_a_student_and_a_column_an_exercise() -> None:
    head, _, row, total = table([RECORD]).splitlines()
    assert head.split() == ["student", "status", "softmax", "softmax_g…", "score"]
    assert row.split() == ["ada", "graded", "1.5", "4", "5.5/7"]
    assert total == "1 student: 1 graded."


def test_messages_stand_below_the_table() -> None:
    assert table([RECORD, replace(RECORD, student="bob", message="It died.")]).splitlines()[-2] == "bob: It died."


def test_names_stand_beside_ids_and_who_got_nothing_stands_at_the_end() -> None:
    missing, malformed = (
        replace(RECORD, student=s, status=what) for s, what in (("xw", "missing"), ("x", "malformed"))
    )
    records = [RECORD, missing, malformed]
    lines = table(records, {"ada": "Lovelace, Ada", "xw": "王, 小明"}).splitlines()
    assert lines[0].split()[:3] == ["student", "name", "status"]
    assert lines[2].split()[:4] == ["ada", "Lovelace,", "Ada", "graded"]
    assert lines[-3:] == [
        "3 students: 1 graded, 1 missing, 1 malformed.",
        "handed in nothing (1): 王, 小明 (xw)",
        "nothing that can be graded (1): x",
    ]


def test_names_in_wide_characters_leave_columns_in_line() -> None:
    lines = table([RECORD, replace(RECORD, student="xw")], {"ada": "A", "xw": "王小明"}).splitlines()
    # Each of the three takes two places.
    assert lines[2].index("graded") == lines[3].index("graded") + 3


def test_who_needs_a_look_stands_below_the_messages() -> None:
    noticed = replace(RECORD, student="bob", message="It died.", noticed=("The notebook put something there.",))
    assert table([noticed]).splitlines()[-3:-1] == [
        "bob: It died.",
        "bob needs a look: The notebook put something there.",
    ]


def test_a_table_of_nobody_is_its_head() -> None:
    assert table([]).splitlines()[0].split() == ["student", "status", "score"]


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x1b]0;owned\x07", "\r", "\n", "\u202e", "\x9b1m"])
def test_what_could_rewrite_the_terminal_is_made_harmless(evil: str) -> None:
    hostile = replace(RECORD, student=f"a{evil}da", status="malformed", message=f"bad {evil}")
    text = table([RECORD, hostile])
    assert len(text.splitlines()) == 7
    assert all(character.isprintable() for line in text.splitlines() for character in line)


def test_progress_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    progress_line(stream)(1, 2, RECORD)
    assert stream.getvalue() == ""
    monkeypatch.setattr(stream, "isatty", lambda: True)
    show = progress_line(stream)
    show(1, 2, RECORD)
    assert "1/2 graded" in stream.getvalue()
    assert "\n" not in stream.getvalue()
    show(2, 2, RECORD)
    assert stream.getvalue().endswith("\n")
