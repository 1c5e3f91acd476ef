"""The page over several labs: everybody's points, and who may be losing touch."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit.cells import solution_sources
from coursekit.cli import main
from coursekit.errors import CourseError, UnknownNameError
from coursekit.grading import Course, grade
from coursekit.report import write_report, write_term_report
from coursekit.report.term import read_term
from coursekit.variants import answered

ROOT = Path(__file__).parents[2]
FIRST, SECOND = "00_numpy", "01_softmax"
#: What is handed in to lab 00, which the class of twelve did before lab 01: nothing, some right answers, or all.
BEFORE = {"right": 1.0, "untouched": 0.8, "only hidden": 0.8, "<script>alert(1)<|script>": 0.0, "absent": 0.0}


@pytest.fixture(scope="module")
def term(graded: Path, tmp_path_factory: pytest.TempPathFactory, gradable: Callable[[Path], None]) -> Path:
    """The graded course, with an earlier lab."""
    folder = Path(shutil.copytree(graded, tmp_path_factory.mktemp("term") / "course"))
    for kind, copy in (("solutions", "source"), ("notebooks", "release")):
        shutil.copytree(ROOT / kind / FIRST, folder / copy / FIRST)
    released, solved = (
        json.loads((folder / kind / FIRST / f"{FIRST}.ipynb").read_text()) for kind in ("release", "source")
    )
    right = solution_sources(solved)
    for student, share in BEFORE.items():
        place = folder / "submitted" / student / FIRST
        place.mkdir(parents=True)
        given = dict(list(right.items())[: round(share * len(right))])
        if given:
            (place / f"{FIRST}.ipynb").write_text(json.dumps(answered(released, given)))
    gradable(folder)
    grade(FIRST, course=folder, jobs=2)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_student("untouched", first_name="Łukasz", last_name="<b>O'Neil</b>")
    return folder


def test_everybody_has_a_row_with_the_points_of_each_lab(term: Path) -> None:
    labs, students = read_term([FIRST, SECOND], Course(term))
    assert [(lab.name, lab.max_score) for lab in labs] == [(FIRST, 24.0), (SECOND, 24.0)]
    of = {student.student: student for student in students}
    assert set(of) == {path.name for path in (term / "submitted").iterdir()}
    assert of["right"].scores == (20.0, 20.0)
    assert of["half"].scores[0] is None
    assert of["half"].n_handed_in == 1
    assert of["absent"].scores == (None, None)
    assert of["absent"].total == 0
    assert [len(lab.shares) for lab in labs] == [3, 11]
    assert labs[0].quantile(1.0) == pytest.approx(20 / 24)


def test_who_hands_in_nothing_or_falls_far_is_worth_a_word_and_nobody_else(term: Path) -> None:
    _, students = read_term([FIRST, SECOND], Course(term))
    told = {student.student: student.concern for student in students if student.concern}
    assert told["absent"] == "has handed in nothing"
    assert re.fullmatch(r"has 0 % in 01_softmax, and had \d\d % on average before", told["untouched"])
    assert set(told) == {"absent", "untouched"}
    _, turned = read_term([SECOND, FIRST], Course(term))
    # One lab missed is no reason yet.
    assert {s.student for s in turned if s.concern} == {"absent"}


def test_the_page_says_it_all_and_lets_no_markup_through(term: Path, tmp_path: Path) -> None:
    write_report(SECOND, course=term)
    page = write_term_report([FIRST, SECOND], course=term).read_text()
    assert (term / "reports" / "term.html").stat().st_mode & 0o777 == 0o600
    assert f'href="{SECOND}.html"' in page
    assert f'href="{FIRST}.html"' not in page
    assert "<script>alert" not in page
    assert "<b>O" not in page
    assert "<b>O'Neil</b>, Łukasz" in html.unescape(page)
    assert re.search(r"<desc[^>]*>00_numpy: 3 of 12 handed it in, median \d+ %", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_the_verb_writes_one_page_over_all_labs_that_it_is_given(
    term: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", FIRST, SECOND, "--course", str(term)]) == 0
    assert capsys.readouterr().out.strip() == str(term / "reports" / "term.html")
    assert main(["report", FIRST, SECOND, "--similar", "--course", str(term)]) == 2
    assert "--similar looks at one lab; got 2: 00_numpy, 01_softmax" in capsys.readouterr().err


def test_what_cannot_be_shown_is_said_and_nothing_is_written(term: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    with pytest.raises(CourseError, match=r"00_numpy was named more than once"):
        write_term_report([FIRST, SECOND, FIRST], course=term, output=file)
    with pytest.raises(UnknownNameError, match="01_softmax"):
        write_term_report([FIRST, "01_softmx"], course=term, output=file)
    shutil.copytree(ROOT / "solutions" / "02_backprop", term / "source" / "02_backprop", dirs_exist_ok=True)
    shutil.copytree(ROOT / "notebooks" / "02_backprop", term / "release" / "02_backprop", dirs_exist_ok=True)
    with pytest.raises(CourseError, match="Nobody has been graded in 02_backprop"):
        write_term_report([FIRST, "02_backprop"], course=term, output=file)
    assert not file.exists()
    file.write_text("my thesis")
    with pytest.raises(CourseError, match="is not a report"):
        write_term_report([FIRST, SECOND], course=term, output=file)
    assert file.read_text() == "my thesis"


@pytest.mark.long
@pytest.mark.browser
def test_axe_finds_nothing_on_the_page(term: Path, tmp_path: Path, violations: Callable[[Path], list[str]]) -> None:
    assert violations(write_term_report([FIRST, SECOND], course=term, output=tmp_path / "term.html")) == []
