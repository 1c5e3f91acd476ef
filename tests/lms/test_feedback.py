from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from coursekit.errors import CourseError, LmsError
from coursekit.lms import export_feedback
from tests.lms.conftest import Grades

LAB = "01_softmax"
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission),Last modified (grade)\n"
    "Participant 77,Ana García,ana@uni.example,Submitted,,20,-,-\n"
    "Participant 78,Bo_Ôta,bo@uni.example,Submitted,,20,-,-\n"
)


def collected(course: Path, student: str, page: str = "", **fields: object) -> None:
    """Leave what collecting and feedback leave of a student."""
    place = course / "submitted" / student / LAB
    place.mkdir(parents=True)
    origin = {"lms": "canvas", "number": "", "name": "", "file": "x.ipynb", "late": False, "order": 1, "sha256": "0"}
    (place / "lms.json").write_text(json.dumps(origin | fields))
    if page:
        folder = course / "feedback" / student / LAB
        folder.mkdir(parents=True)
        (folder / f"{LAB}.html").write_text(page)


def pages(file: Path) -> Mapping[str, str]:
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def canvas_reads(name: str) -> tuple[str, str] | None:
    """Read a name as Canvas does: the first two numbers between underscores (infer_comment_context_from_filename)."""
    parts = PurePosixPath(name).name.split("_")
    numbers = [part for part in parts if re.fullmatch(r"\d+", part)][:2]
    return (numbers[0], numbers[1]) if len(numbers) == 2 and not parts[-1].startswith("link") else None


def moodle_reads(path: str, participants: set[int]) -> tuple[int, str] | None:
    """Read a path as Moodle does: name_number_kind_plugin, then the file (is_valid_filename_for_import)."""
    parts = path.split("/")
    while parts:
        told = parts.pop(0).split("_", 4)
        if (
            len(told) >= 4
            and told[1].isdigit()
            and int(told[1]) in participants
            and told[2:4] == ["assignsubmission", "file"]
        ):
            return int(told[1]), "/".join([told[4] if len(told) > 4 else "", *parts]).lstrip("/")
    return None


def test_canvas_finds_each_pages_student_and_file(graded: Grades, tmp_path: Path) -> None:
    course = graded({"ana": 1, "bo": 2, "team_2": 3})
    collected(course, "ana", "<p>Ana</p>", number="4711", sender="4711", name="García López, Ana", order=90210)
    collected(course, "bo", "<p>Bo</p>", number="4712", sender="4712", name="b_3_o", order=90211, late=True)
    collected(course, "team_2", "<p>2</p>", number="4713", sender="4713", name="team_2", order=90212)
    exported = export_feedback(LAB, to="canvas", course=course, output=tmp_path / "back.zip")
    found = {canvas_reads(name): text for name, text in pages(tmp_path / "back.zip").items()}
    assert found == {("4711", "90210"): "<p>Ana</p>", ("4712", "90211"): "<p>Bo</p>", ("4713", "90212"): "<p>2</p>"}
    assert (exported.written, exported.what, exported.notes) == (3, "page", ())


def test_moodle_finds_each_pages_participant_by_the_worksheets_numbers(graded: Grades, tmp_path: Path) -> None:
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    course = graded({"ana@uni.example": 1, "bo@uni.example": 2})
    collected(course, "ana@uni.example", "<p>Ana</p>", lms="moodle", number="42", name="Group A", group="Group A")
    collected(course, "bo@uni.example", "<p>Bo</p>", lms="moodle", name="Bo", group="Group A")
    output = tmp_path / "back.zip"
    export_feedback(LAB, to="moodle", course=course, output=output, template=tmp_path / "worksheet.csv")
    found = {moodle_reads(name, {77, 78}): text for name, text in pages(output).items()}
    assert found == {(77, f"{LAB}.html"): "<p>Ana</p>", (78, f"{LAB}.html"): "<p>Bo</p>"}


def test_a_group_in_canvas_gets_one_page_by_its_representative(graded: Grades, tmp_path: Path) -> None:
    course = graded({"ana": 1, "bo": 1})
    for student, number in (("ana", "4711"), ("bo", "4712")):
        collected(course, student, "<p>ours</p>", number=number, sender="4712", name="Team A", order=9, group="Team A")
    exported = export_feedback(LAB, to="canvas", course=course, output=tmp_path / "back.zip")
    assert [canvas_reads(name) for name in pages(tmp_path / "back.zip")] == [("4712", "9")]
    assert exported.written == 1


def test_who_gets_no_page_is_named_with_the_reason(graded: Grades, tmp_path: Path) -> None:
    course = graded({"ana": 1, "bo": 0, "cy": 0, "di": 1, "eve": 1})
    collected(course, "ana", "<p>Ana</p>", number="4711", sender="4711", order=9)
    collected(course, "bo", "<p>Bo</p>", number="4712", sender="4712", file="text.html", order=0)
    collected(course, "cy", number="4713", sender="4713")
    collected(course, "di", "<p>Di</p>", number="4714", sender="4715", order=8)
    collected(course, "eve", "<p>Eve</p>", number="4715", sender="4715", order=8)
    exported = export_feedback(LAB, to="canvas", course=course, output=tmp_path / "back.zip")
    assert list(pages(tmp_path / "back.zip").values()) == ["<p>Ana</p>"]
    assert exported.notes == (
        "left out, because they claim one place: di, eve",
        f"no page, so run `coursekit feedback {LAB}` first: cy",
        "Canvas takes feedback only to a file that was handed in and collected from its download: bo",
    )


def test_without_pages_or_for_gradescope_nothing_is_written(graded: Grades, tmp_path: Path) -> None:
    course = graded({"ana": 1})
    with pytest.raises(CourseError, match="no pages of feedback to 01_softmax"):
        export_feedback(LAB, to="canvas", course=course, output=tmp_path / "back.zip")
    with pytest.raises(LmsError, match="--feedback is for canvas and moodle"):
        export_feedback(LAB, to="gradescope", course=course, output=tmp_path / "back.zip")
    assert not (tmp_path / "back.zip").exists()


def test_a_page_behind_a_link_is_not_sent(graded: Grades, tmp_path: Path) -> None:
    course = graded({"ana": 1, "bo": 1})
    collected(course, "ana", "<p>Ana</p>", number="4711", sender="4711", order=9)
    collected(course, "bo", number="4712", sender="4712", order=8)
    (course / "feedback" / "bo").symlink_to(course / "feedback" / "ana")
    export_feedback(LAB, to="canvas", course=course, output=tmp_path / "back.zip")
    assert len(pages(tmp_path / "back.zip")) == 1
