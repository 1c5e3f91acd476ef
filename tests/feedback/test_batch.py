from __future__ import annotations

import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.errors import CourseError, UnknownNameError
from coursekit.feedback import batch, write_feedback
from tests.feedback.conftest import LAB, NAMES


def page_of(course: Path, student: str) -> Path:
    return course / "feedback" / student / LAB / f"{LAB}.html"


def written(course: Path) -> set[str]:
    return {file.parts[-3] for file in (course / "feedback").glob(f"*/{LAB}/{LAB}.html")}


def test_everybody_who_handed_in_has_a_page(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", LAB, "--course", str(copied)]) == 0
    assert written(copied) == {*NAMES, "cut-short"}
    said = capsys.readouterr().out
    assert said.startswith(f"6 pages written: {copied / 'feedback' / 'STUDENT' / LAB / LAB}.html\n")
    assert "no page, because nothing was handed in: absent" in said


def test_a_page_is_for_its_owners_eyes_and_lies_beside_what_nbgrader_hands_it_out_by(copied: Path) -> None:
    write_feedback(LAB, course=copied, student="right")
    folder = page_of(copied, "right").parent
    assert {file.name: file.read_text() for file in folder.iterdir() if file.suffix == ".txt"} == {
        "timestamp.txt": "2026-01-31 12:00:00.000000 UTC",
        "submission_secret.txt": "secret of right",
    }
    modes = {file.suffix: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    # What nbgrader copies from here into the exchange is for the student to fetch; the folder is closed.
    assert modes == {".txt": 0o600, ".html": 0o644}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_many_pages_are_made_side_by_side_and_are_the_same(
    copied: Path, pages: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_WORTH", 2)
    monkeypatch.setattr(batch, "_CHUNK", 2)
    assert write_feedback(LAB, course=copied, jobs=2).pages == 6
    assert {student: page_of(copied, student).read_text() for student in pages} == pages


def test_pages_are_written_anew_each_time(copied: Path, pages: Mapping[str, str]) -> None:
    write_feedback(LAB, course=copied)
    page_of(copied, "right").write_text("old")
    write_feedback(LAB, course=copied)
    assert page_of(copied, "right").read_text() == pages["right"]
    assert [path.name for path in page_of(copied, "right").parent.iterdir() if "unfinished" in path.name] == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 1}', '{"cells": [{"cell_type": "code"}]}', "\0"])
def test_of_a_broken_notebook_the_page_says_so_and_the_others_are_written(
    content: str, copied: Path, pages: Mapping[str, str]
) -> None:
    (copied / "autograded" / "right" / LAB / f"{LAB}.ipynb").write_text(content)
    done = write_feedback(LAB, course=copied)
    assert done.broken == (f"{NAMES['right']} (right)",)
    broken = page_of(copied, "right").read_text()
    assert "The graded notebook cannot be read" in broken
    assert "<strong>21.5</strong> of 24 points" in broken
    assert {student: page_of(copied, student).read_text() for student in pages if student != "right"} == {
        student: page for student, page in pages.items() if student != "right"
    }


def test_who_has_no_graded_notebook_is_named(copied: Path) -> None:
    shutil.rmtree(copied / "autograded" / "wrong")
    done = write_feedback(LAB, course=copied)
    assert done.without == (f"{NAMES['wrong']} (wrong)",)
    assert "grade again" in done.text()
    assert "wrong" not in written(copied)


def test_a_page_is_written_behind_no_link(copied: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (copied / "feedback").mkdir()
    (copied / "feedback" / "right").symlink_to(elsewhere)
    (copied / "feedback" / "wrong").mkdir()
    (copied / "feedback" / "wrong" / LAB).symlink_to(elsewhere)
    write_feedback(LAB, course=copied)
    assert list(elsewhere.iterdir()) == []
    assert page_of(copied, "right").is_file()


@pytest.mark.parametrize("gone", ["gradebook.db", "autograded"])
def test_without_grades_or_graded_notebooks_it_says_what_to_run(
    gone: str, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copied / gone
    path.unlink() if path.is_file() else shutil.rmtree(path)
    assert main(["feedback", LAB, "--course", str(copied)]) == 2
    assert f"coursekit grade {LAB}" in capsys.readouterr().err
    assert not (copied / "feedback").exists()


def test_unknown_names_and_numbers_are_refused(copied: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=LAB):
        write_feedback("01_softmx", course=copied)
    with pytest.raises(UnknownNameError, match="right"):
        write_feedback(LAB, course=copied, student="rihgt")
    with pytest.raises(CourseError, match="--jobs must be at least 1"):
        write_feedback(LAB, course=copied, jobs=0)
    with pytest.raises(CourseError, match="does not exist"):
        write_feedback(LAB, course=tmp_path / "nowhere")
    assert not (copied / "feedback").exists()


def test_where_a_file_stands_in_the_way_it_is_named(copied: Path) -> None:
    (copied / "feedback").touch()
    with pytest.raises(CourseError, match="cannot be written"):
        write_feedback(LAB, course=copied)
