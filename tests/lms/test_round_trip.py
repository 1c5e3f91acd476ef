"""From a download to a table that can be uploaded again, through the whole of grading."""

from __future__ import annotations

import csv
import io
import json
import shutil
import warnings
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from coursekit.cli import main
from tests.lms.conftest import Notebook, Zipped

LAB = "01_softmax"
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,01_softmax (5678),Current Score\r\n"
    "    Points Possible,,,,,24.00,(read only)\r\n"
    '"García López, Ana",4711,S-1,ana@uni.example,"A, B",,\r\n'
    '"Ôta, Bo",4712,S-2,bo@uni.example,A,,\r\n'
    '"=1+1, Cy",4713,S-3,cy@uni.example,A,,\r\n'
)
MOODLE = (
    '\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    'Participant 77,"Ana García López",ana@uni.example,"Submitted for grading",,24.00,Yes,'
    '"Friday, 30 January 2026, 11:59 PM",-,\n'
    'Participant 78,"Bo Ôta",bo@uni.example,"Submitted for grading, 1 day late",,24.00,Yes,'
    '"Sunday, 1 February 2026, 9:00 AM",-,\n'
    'Participant 79,"Cy Nobody",cy@uni.example,"No submission",,24.00,Yes,-,-,\n'
)


def column(file: Path, i: int) -> list[str]:
    return [row[i] for row in csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""))]


@pytest.mark.long
def test_canvas_to_canvas(
    whole_course: Path, zipped: Zipped, notebook: Notebook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gradebook.csv").write_text(CANVAS, encoding="utf-8", newline="")
    file = zipped(
        {
            "garcíalópezana_4711_90210_01_softmax.ipynb": notebook(1),
            "garcíalópezana_4711_90300_01_softmax-1.ipynb": notebook(9),
            "ôtabo_LATE_4712_90211_01_softmax.ipynb": notebook(2),
        }
    )
    course, output = ["--course", str(whole_course)], str(tmp_path / "grades.csv")
    template = str(tmp_path / "gradebook.csv")
    assert main(["collect", LAB, str(file), *course, "--roster", template]) == 0
    assert main(["grade", LAB, *course, "--jobs", "1"]) == 0
    capsys.readouterr()
    assert main(["export", LAB, "--to", "canvas", *course, "--template", template, "--output", output]) == 0
    assert column(Path(output), 5) == ["01_softmax (5678)", "24.00", "20", "3", ""]
    assert column(Path(output), 0)[2:] == ["García López, Ana", "Ôta, Bo", "'=1+1, Cy"]
    assert capsys.readouterr().out.startswith(f"2 grades written to {output}\n")

    assert main(["export", LAB, "--to", "gradescope", *course, "--output", str(tmp_path / "gradescope")]) == 0
    results = json.loads((tmp_path / "gradescope" / "bo@uni.example" / "results.json").read_text())
    assert "score" not in results
    assert sum(test.get("score", 0) for test in results["tests"]) == 3
    assert sum(test.get("max_score", 0) for test in results["tests"]) == 24


@pytest.mark.long
def test_moodle_to_moodle_with_a_penalty_for_being_late(
    whole_course: Path, gradebook: Path, zipped: Zipped, notebook: Notebook, tmp_path: Path
) -> None:
    (tmp_path / "worksheet.csv").write_text(MOODLE, encoding="utf-8", newline="")
    with (whole_course / "nbgrader_config.py").open("a") as config:
        config.write("c.AssignLatePenalties.plugin_class = 'nbgrader.plugins.LateSubmissionPlugin'\n")
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    files = {
        "Ana García López_77_assignsubmission_file_/my lab (final).ipynb": notebook(9),
        "Bo Ôta_78_assignsubmission_file_/01_softmax.ipynb": notebook(2),
    }
    course, template = ["--course", str(whole_course)], str(tmp_path / "worksheet.csv")
    assert main(["collect", LAB, str(zipped(files)), *course, "--roster", template]) == 0
    shutil.copy(gradebook, whole_course / "gradebook.db")
    set_due_date(whole_course)
    assert main(["grade", LAB, *course, "--jobs", "1"]) == 0
    output = str(tmp_path / "grades.csv")
    assert main(["export", LAB, "--to", "moodle", *course, "--template", template, "--output", output]) == 0
    assert column(Path(output), 4) == ["Grade", "20", "0", ""]


def set_due_date(course: Path) -> None:
    with Gradebook(f"sqlite:///{course}/gradebook.db", "coursekit") as book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        book.update_or_create_assignment(LAB, duedate="2026-01-31 00:00:00")
