import io

import pytest

from coursekit.grading.record import CheckRecord, ExerciseRecord, Record
from coursekit.grading.table import progress_line, table


@pytest.fixture
def record():
    checks = (CheckRecord("rows_are_distributions", visible=True, passed=False, message="no"),)
    exercises = (ExerciseRecord("softmax", 1.5, 3.0, checks), ExerciseRecord("softmax_gradient", 4.0, 4.0, ()))
    return Record("ada", "01_softmax", "graded", 5.5, 7.0, 0.1, "", exercises)


def test_the_table_has_a_row_a_student_and_a_column_an_exercise(record):
    head, _, row = table([record]).splitlines()
    assert head.split() == ["student", "status", "softmax", "softmax_g…", "score"]
    assert row.split() == ["ada", "graded", "1.5", "4", "5.5/7"]


def test_terminal_escapes_in_names_and_messages_are_made_harmless(record):
    hostile = Record("a\x1b[2Jda", "01_softmax", "malformed", 0, 7.0, 0, "bad \x1b]0;owned\x07\n", ())
    assert not set(table([record, hostile])) & {"\x1b", "\x07"}


def test_a_record_survives_the_way_through_json(record):
    assert Record.from_json(record.as_json()) == record


def test_progress_is_shown_on_a_terminal_only(record):
    stream = io.StringIO()
    progress_line(stream)(1, 2, record)
    assert stream.getvalue() == ""
    stream.isatty = lambda: True
    progress_line(stream)(1, 2, record)
    assert "1/2 graded" in stream.getvalue()
