from __future__ import annotations

import csv
import io
import json
import warnings
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from coursekit.errors import CourseError, LmsError, UnknownNameError
from coursekit.lms import export_grades
from tests.lms.conftest import Grades

LAB = "01_softmax"
#: As Canvas exports it: a byte order mark, CRLF, a row of posting policies, read-only totals, the test student.
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Notes,00_numpy (5677),01_softmax (5678),Current Score\r\n"
    ",,,,,,,Manual Posting,\r\n"
    "    Points Possible,,,,,,22.00,20.00,(read only)\r\n"
    '"García López, Ana",4711,S-1,ana@uni.example,"A, B","late, ""ill""",17.50,,81.20\r\n'
    '"Ôta, Bo",4712,S-2,bo,A,-5,3.00,1.00,10\r\n'
    '"Excused, Cy",4713,S-3,cy,A,,EX,EX,\r\n'
    '"Other, Di",4714,S-4,di,A,,,,\r\n'
    '"Student, Test",4799,,d41d8cd9,A,,,,\r\n'
)
#: As Moodle writes it: a byte order mark, LF, a time with commas.
MOODLE = (
    '\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    'Participant 77,"Ana García López",ana@uni.example,"Submitted for grading",,20.00,Yes,'
    '"Friday, 30 January 2026, 11:59 PM",-,\n'
    'Participant 78,"Bo Ôta",bo@uni.example,"Submitted for grading",1.00,20.00,Yes,-,-,"well, ""done"""\n'
    'Participant 79,"Cy Locked",cy@uni.example,"No submission",,20.00,No,-,-,\n'
)


def cells(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def origin(course: Path, student: str, lms: str, number: str) -> None:
    place = course / "submitted" / student / LAB
    place.mkdir(parents=True)
    fields = {"lms": lms, "number": number, "name": "Given Name", "file": "x.ipynb", "late": False, "order": 1}
    (place / "lms.json").write_text(json.dumps(fields | {"sha256": "0"}))


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.csv"
    file.write_text(CANVAS, encoding="utf-8", newline="")
    return file


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.csv"


def test_only_the_labs_grades_change_in_canvas_table(graded: Grades, template: Path, out: Path) -> None:
    course = graded({"4711": 17.25, "bo": 8, "cy": 5})
    exported = export_grades(LAB, to="canvas", course=course, template=template, output=out)
    before, after = cells(template), cells(out)
    assert [row[7] for row in after] == ["01_softmax (5678)", "Manual Posting", "20.00", "17.25", "8", "EX", "", ""]
    assert [row[:7] + row[8:] for row in after] == [row[:7] + row[8:] for row in before]
    assert out.read_bytes().startswith(b"\xef\xbb\xbfStudent,")
    assert out.read_bytes().count(b"\r\n") == out.read_bytes().count(b"\n") == len(before)
    assert exported.written == 2
    assert exported.notes == (
        "left as they are: cy (excused)",
        "had another grade in the template: bo (1 before, 8 now)",
        "in the template, without a grade: Other, Di",
    )


def test_a_template_that_needs_no_change_comes_back_with_every_byte(graded: Grades, template: Path, out: Path) -> None:
    template.write_text(CANVAS.replace(",1.00,10", ",8,10"), encoding="utf-8", newline="")
    export_grades(LAB, to="canvas", course=graded({"bo": 8}), template=template, output=out)
    assert out.read_bytes() == template.read_bytes()


@pytest.mark.parametrize("student", ["4712", "bo", "BO", "S-2"])
def test_a_row_is_found_by_id_login_or_sis_id(graded: Grades, template: Path, out: Path, student: str) -> None:
    export_grades(LAB, to="canvas", course=graded({student: 8}), template=template, output=out)
    assert cells(out)[4][7] == "8"


def test_the_number_from_the_download_decides_where_an_id_is_anothers_login_too(
    graded: Grades, template: Path, out: Path
) -> None:
    template.write_text(CANVAS.replace(",bo,", ",4711,"), encoding="utf-8", newline="")
    course = graded({"4711": 8})
    exported = export_grades(LAB, to="canvas", course=course, template=template, output=out)
    assert "not in the template, or not for certain: 4711" in exported.notes
    origin(course, "4711", "canvas", "4711")
    export_grades(LAB, to="canvas", course=course, template=template, output=out)
    assert [cells(out)[3][7], cells(out)[4][7]] == ["8", "1.00"]


def test_an_origin_that_a_student_brings_does_not_overrule_their_id(graded: Grades, template: Path, out: Path) -> None:
    course = graded({"bo": 2})
    origin(course, "bo", "canvas", "4711")
    export_grades(LAB, to="canvas", course=course, template=template, output=out)
    assert [cells(out)[3][7], cells(out)[4][7]] == ["", "2"]


def test_the_number_from_the_download_finds_the_row_of_who_has_another_id(
    graded: Grades, template: Path, out: Path
) -> None:
    course = graded({"anything": 8})
    origin(course, "anything", "canvas", "4711")
    export_grades(LAB, to="canvas", course=course, template=template, output=out)
    assert cells(out)[3][7] == "8"


def test_who_is_not_in_the_template_is_named(graded: Grades, template: Path, out: Path) -> None:
    exported = export_grades(LAB, to="canvas", course=graded({"bo": 8, "zoe": 3}), template=template, output=out)
    assert "not in the template, or not for certain: zoe" in exported.notes


def test_no_row_is_filled_where_two_students_claim_it(graded: Grades, template: Path, out: Path) -> None:
    exported = export_grades(LAB, to="canvas", course=graded({"bo": 8, "S-2": 3}), template=template, output=out)
    assert cells(out)[4][7] == "1.00"
    assert exported.notes[0] == "not in the template, or not for certain: S-2, bo"
    assert exported.notes[1] == "in the template, without a grade: García López, Ana, Ôta, Bo, Other, Di"


def test_grades_are_scaled_to_the_templates_points(graded: Grades, template: Path, out: Path) -> None:
    template.write_text(CANVAS.replace("22.00,20.00", "22.00,100.00"), encoding="utf-8", newline="")
    exported = export_grades(LAB, to="canvas", course=graded({"bo": 20 / 3}), template=template, output=out)
    assert cells(out)[4][7] == "33.33"
    assert "scaled from the lab's 20 points to the template's 100" in exported.notes


def test_semicolons_and_decimal_commas_stay_what_they_are(graded: Grades, template: Path, out: Path) -> None:
    template.write_text("Student;ID;Section;01_softmax (5)\n    Points Possible;;;20,00\nOta;4712;A;1,50\n")
    export_grades(LAB, to="canvas", course=graded({"4712": 8.25}), template=template, output=out)
    assert out.read_text() == "Student;ID;Section;01_softmax (5)\n    Points Possible;;;20,00\nOta;4712;A;8,25\n"


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("Homework (5)", "has no column for 01_softmax. Its assignments: 'Homework"),
        ("Lab 11 (5)", "has no column"),
        ("01_softmax (5),Old 01_SOFTMAX (6)", ""),
        ("Lab 1: softmax (5)", ""),
        ("Lab 01 (5)", ""),
        ("Lab 1 (5),Lab 1 again (6)", "more than one column for 01_softmax"),
    ],
)
def test_the_labs_column_is_found_or_asked_for(
    graded: Grades, template: Path, out: Path, title: str, message: str
) -> None:
    template.write_text(f"Student,ID,Section,{title}\nOta,4712,A,\n")
    course = graded({"4712": 8})
    if message:
        with pytest.raises(LmsError, match=message):
            export_grades(LAB, to="canvas", course=course, template=template, output=out)
        assert not out.exists()
    else:
        export_grades(LAB, to="canvas", course=course, template=template, output=out)
        assert cells(out)[1][3] == "8"


def test_names_that_are_formulas_are_neutralised_where_canvas_has_an_id_to_go_by(
    graded: Grades, template: Path, out: Path
) -> None:
    template.write_text(
        "Student,ID,Section,Notes,01_softmax (5)\n"
        "=cmd|'/c calc'!A1,4711,A,@SUM(A1),\n"
        '"=""=1+1""",4712,A,-3,-1\n'
        "+Bo,,A,,\n"
    )
    exported = export_grades(LAB, to="canvas", course=graded({"4711": 8}), template=template, output=out)
    assert cells(out)[1:] == [
        ["'=cmd|'/c calc'!A1", "4711", "A", "@SUM(A1)", "8"],
        ['="=1+1"', "4712", "A", "-3", "-1"],
        ["+Bo", "", "A", "", ""],
    ]
    left = "look like formulas, and were left because the system reads them again: Notes in line 2, Student in line 4"
    assert exported.notes[0] == left


def test_a_worksheet_of_moodles_is_filled_in(graded: Grades, template: Path, out: Path) -> None:
    template.write_text(MOODLE, encoding="utf-8", newline="")
    course = graded({"ana@uni.example": 17.5, "Bo-Ôta": 8, "cy@uni.example": 3})
    origin(course, "Bo-Ôta", "moodle", "78")
    exported = export_grades(LAB, to="moodle", course=course, template=template, output=out)
    before, after = cells(template), cells(out)
    assert [row[4] for row in after[1:]] == ["17.5", "8", ""]
    assert [row[:4] + row[5:] for row in after] == [row[:4] + row[5:] for row in before]
    assert "left as they are: cy@uni.example (locked in Moodle)" in exported.notes


def test_what_moodle_would_pass_over_in_silence_is_said(graded: Grades, template: Path, out: Path) -> None:
    template.write_text(MOODLE, encoding="utf-8", newline="")
    course = graded({"ana@uni.example": 21})
    exported = export_grades(LAB, to="moodle", course=course, template=template, output=out)
    assert exported.notes[0] == "more than the maximum, which Moodle passes over: ana@uni.example"


def test_without_a_template_canvas_gets_its_columns(graded: Grades, out: Path) -> None:
    course = graded({"=cmd()": 8, "bo": 3})
    origin(course, "bo", "canvas", "4712")
    exported = export_grades(LAB, to="canvas", course=course, output=out)
    assert cells(out) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_softmax"],
        ["    Points Possible", "", "", "", "", "20"],
        ["'=cmd()", "", "", "'=cmd()", "", "8"],
        ["Given Name", "4712", "", "", "", "3"],
    ]
    assert "Canvas has to find them by the login; give a --template: =cmd()" in exported.notes[0]


def test_without_a_template_moodle_gets_its_columns(graded: Grades, out: Path) -> None:
    course = graded({"Bo-Ôta": 3})
    origin(course, "Bo-Ôta", "moodle", "78")
    export_grades(LAB, to="moodle", course=course, output=out)
    assert cells(out) == [
        ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"],
        ["Participant 78", "Given Name", "3", "20", ""],
    ]


def test_the_grade_is_nbgraders_own_with_points_by_hand_and_the_penalty(
    graded: Grades, template: Path, out: Path
) -> None:
    course = graded({"bo": 8, "4711": 1, "di": 2})
    with Gradebook(f"sqlite:///{course}/gradebook.db", "coursekit") as book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        book.find_grade("why", LAB, LAB, "bo").manual_score = 1.5
        book.find_submission(LAB, "bo").notebooks[0].late_submission_penalty = 2
        book.find_submission(LAB, "4711").notebooks[0].late_submission_penalty = 2
        book.find_grade("why", LAB, LAB, "di").needs_manual_grade = True
        book.add_student("absent")
        book.db.commit()
    exported = export_grades(LAB, to="canvas", course=course, template=template, output=out)
    assert [row[7] for row in cells(out)[3:5]] == ["0", "7.5"]
    assert exported.notes[:2] == (
        "1 still have something to be graded by hand; it counts as 0 so far: di",
        "no grade, because nothing was handed in: absent",
    )


def test_a_score_by_hand_of_one_member_counts_for_the_whole_group(graded: Grades, template: Path, out: Path) -> None:
    course = graded({"4711": 8, "bo": 8, "di": 8})
    for student, group in (("4711", "Team A"), ("bo", "Team A"), ("di", "")):
        place = course / "submitted" / student / LAB
        place.mkdir(parents=True)
        fields = {"lms": "canvas", "number": "", "name": "", "file": "x.ipynb", "late": False, "order": 1}
        (place / "lms.json").write_text(json.dumps(fields | {"sha256": "5", "group": group}))
    with Gradebook(f"sqlite:///{course}/gradebook.db", "coursekit") as book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        book.find_grade("why", LAB, LAB, "bo").manual_score = 1.5
        for student in ("4711", "di"):
            book.find_grade("why", LAB, LAB, student).needs_manual_grade = True
        book.db.commit()
    exported = export_grades(LAB, to="canvas", course=course, template=template, output=out)
    assert {row[3]: row[7] for row in cells(out)[3:]} == {
        "ana@uni.example": "9.5",
        "bo": "9.5",
        "cy": "EX",
        "di": "8",
        "d41d8cd9": "",
    }
    assert "scored by hand for another member of the group: 4711" in exported.notes
    assert "1 still have something to be graded by hand; it counts as 0 so far: di" in exported.notes


def test_an_export_leaves_the_course_as_it_is(graded: Grades, template: Path, out: Path) -> None:
    course = graded({"bo": 8})
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in course.rglob("*") if path.is_file()}
    export_grades(LAB, to="canvas", course=course, template=template, output=out)
    assert before == {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in course.rglob("*") if p.is_file()}


def test_the_template_is_never_written_over(graded: Grades, template: Path) -> None:
    with pytest.raises(LmsError, match="is the template itself"):
        export_grades(LAB, to="canvas", course=graded({"bo": 8}), template=template, output=template)
    assert template.read_bytes().decode() == CANVAS


def test_what_cannot_be_used_is_refused_in_words(graded: Grades, course: Path, template: Path, out: Path) -> None:
    with pytest.raises(CourseError, match=r"Nobody has been graded in 01_softmax: there is no .*gradebook\.db"):
        export_grades(LAB, to="canvas", course=course, template=template, output=out)
    graded({})
    with pytest.raises(CourseError, match="has no submission to it"):
        export_grades(LAB, to="canvas", course=course, template=template, output=out)
    graded({"bo": 8})
    with pytest.raises(LmsError, match="comes from Canvas, and --to is moodle"):
        export_grades(LAB, to="moodle", course=course, template=template, output=out)
    with pytest.raises(LmsError, match="Gradescope takes no --template"):
        export_grades(LAB, to="gradescope", course=course, template=template, output=out)
    with pytest.raises(UnknownNameError, match="Did you mean 'canvas'"):
        export_grades(LAB, to="canvass", course=course, output=out)
    with pytest.raises(LmsError, match=r"out\.csv cannot be written: No such file"):
        export_grades(LAB, to="canvas", course=course, output=out / "deeper" / "out.csv")
    assert not out.exists()
