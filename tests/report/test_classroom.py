from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit.errors import CourseError, UnknownNameError
from coursekit.grading import Course
from coursekit.report.classroom import Classroom, Member, read_classroom

LAB = "01_softmax"
BY_HAND = "why_templates_fail"


def member(classroom: Classroom, student: str) -> Member:
    return next(found for found in classroom.members if found.student == student)


def test_the_class_is_read_from_what_grading_left(classroom: Classroom) -> None:
    assert len(classroom.members) == 12
    assert [found.student for found in classroom.members] == sorted(found.student for found in classroom.members)
    assert classroom.max_score == 24
    by_hand = [item.name for item in classroom.items if item.by_hand]
    assert by_hand == ["why_the_best_step", "why_one_loss_is_content", BY_HAND]
    right = member(classroom, "right")
    assert (right.status, right.score, right.handed_in) == ("graded", 20, "2026-01-31 12:00")
    assert member(classroom, "absent").status == "missing"
    assert member(classroom, "dies").status == "graded"
    assert member(classroom, "dies").stopped
    assert not right.stopped
    assert 0 < member(classroom, "dies").score < 20


def test_what_was_left_as_released_is_no_answer(classroom: Classroom) -> None:
    assert member(classroom, "untouched").answers == {}
    assert set(member(classroom, "nothing right").answers or {}) == {"scores"}
    assert BY_HAND in member(classroom, "in words").tried
    assert BY_HAND not in member(classroom, "right").tried


def test_only_a_notebook_that_was_mended_counts_as_such(classroom: Classroom) -> None:
    assert [found.student for found in classroom.members if found.mended] == ["mended"]


def test_scores_by_hand_come_from_the_gradebook(copied: Path) -> None:
    assert member(read_classroom(LAB, course=Course(copied)), "in words").waiting == (BY_HAND,)
    with Gradebook(f"sqlite:///{copied}/gradebook.db", "coursekit") as gradebook:
        grade = gradebook.find_submission_notebook(LAB, LAB, "in words").grades
        by_hand = next(found for found in grade if found.cell.name == BY_HAND)
        by_hand.manual_score, by_hand.needs_manual_grade = 1.5, False
        checked = next(found for found in grade if found.cell.name == "check_softmax")
        checked.manual_score, checked.extra_credit = 1.0, 0.25
        gradebook.find_submission_notebook(LAB, LAB, "in words").late_submission_penalty = 2.0
        gradebook.db.commit()
    found = member(read_classroom(LAB, course=Course(copied)), "in words")
    assert found.waiting == ()
    assert (found.points or {})["softmax"] == 1.25
    assert found.score == 20 - 3 + 1.25 + 1.5 - 2


def test_what_came_after_grading_shows(copied: Path) -> None:
    file = copied / "submitted" / "right" / LAB / f"{LAB}.ipynb"
    file.write_text(file.read_text() + "\n")
    shutil.copytree(copied / "submitted" / "right", copied / "submitted" / "newcomer")
    classroom = read_classroom(LAB, course=Course(copied))
    assert [found.student for found in classroom.members if found.outdated] == ["right"]
    assert member(classroom, "newcomer").status == "ungraded"


def test_the_class_can_be_read_when_the_submissions_are_gone(copied: Path) -> None:
    shutil.rmtree(copied / "submitted")
    classroom = read_classroom(LAB, course=Course(copied))
    # Who has handed in nothing has no graded notebook either.
    assert len(classroom.members) == 11
    assert not any(found.outdated for found in classroom.members)


def test_a_class_that_was_not_graded_is_told_how_to(copied: Path) -> None:
    shutil.rmtree(copied / "autograded")
    with pytest.raises(CourseError, match=rf"coursekit grade {LAB} --course"):
        read_classroom(LAB, course=Course(copied))


def test_a_lost_gradebook_is_named_and_not_made(copied: Path) -> None:
    (copied / "gradebook.db").unlink()
    with pytest.raises(CourseError, match=r"no gradebook .*gradebook\.db"):
        read_classroom(LAB, course=Course(copied))
    assert not (copied / "gradebook.db").exists()


def test_a_damaged_gradebook_is_told_in_words(copied: Path) -> None:
    (copied / "gradebook.db").write_bytes(b"nothing that SQLite knows" * 100)
    with pytest.raises(CourseError, match="cannot be read"):
        read_classroom(LAB, course=Course(copied))


def test_a_lab_that_is_not_there_is_told_from_those_that_are(graded: Path) -> None:
    with pytest.raises(UnknownNameError, match=LAB):
        read_classroom("01_sotfmax", course=Course(graded))
