from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from coursekit.errors import CourseError, UnknownNameError
from coursekit.grading.submission import (
    MAX_SIZE_BYTES,
    Submission,
    SubmissionError,
    SubmittedFile,
    find_submissions,
    read_receipt,
    read_submission,
)

LAB = "01_lab"
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


@pytest.fixture
def submission(tmp_path: Path) -> Submission:
    folder = tmp_path / "submitted" / "ada" / LAB
    folder.mkdir(parents=True)
    return Submission("ada", LAB, folder)


def refused(submission: Submission) -> SubmissionError:
    with pytest.raises(SubmissionError) as caught:
        read_submission(submission)
    return caught.value


# finding


def test_every_students_folder_is_found_in_order(tmp_path: Path) -> None:
    for student in ("zoe", "ada"):
        (tmp_path / student / LAB).mkdir(parents=True)
    found, notes = find_submissions(tmp_path, LAB)
    assert [(s.student, s.notebook) for s in found] == [
        (student, tmp_path / student / LAB / f"{LAB}.ipynb") for student in ("ada", "zoe")
    ]
    assert notes == []


def test_stray_files_are_passed_over_with_a_notice_and_hidden_ones_without(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".DS_Store").touch()
    found, notes = find_submissions(tmp_path, LAB)
    assert [s.student for s in found] == ["ada"]
    assert notes == ["passed over 'notes.txt': not a student's folder"]


def test_a_name_that_a_page_would_take_for_html_is_graded_with_a_note(tmp_path: Path) -> None:
    for student in ("<b>ada", "o'neil"):
        (tmp_path / student / LAB).mkdir(parents=True)
    found, notes = find_submissions(tmp_path, LAB)
    assert [s.student for s in found] == ["<b>ada", "o'neil"]
    assert len(notes) == 1
    assert "'<b>ada'" in notes[0]
    assert "rename" in notes[0]


def test_a_name_that_is_not_text_stands_for_a_student_all_the_same(tmp_path: Path) -> None:
    for name in ("Andr\udce9", "Zo\xe9"):
        (tmp_path / name).mkdir()
    found, (note,) = find_submissions(tmp_path, LAB)
    assert [submission.student for submission in found] == ["Andr\\xe9", "Zo\xe9"]
    assert found[0].folder == tmp_path / "Andr\udce9" / LAB
    assert "not UTF-8" in note
    assert note.isprintable()
    for name in ("Andr\udce9", "Andr\\xe9"):
        assert [submission.student for submission in find_submissions(tmp_path, LAB, student=name)[0]] == ["Andr\\xe9"]


def test_an_id_that_two_folders_share_is_that_of_the_one_whose_name_it_is(tmp_path: Path) -> None:
    for name in ("Andr\udce9", "Andr\\xe9"):
        (tmp_path / name).mkdir()
    found, (note,) = find_submissions(tmp_path, LAB)
    assert [submission.folder.parent.name for submission in found] == ["Andr\\xe9"]
    assert "not a student's folder" in note


def test_a_link_to_another_students_folder_is_a_student_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ada" / LAB).mkdir(parents=True)
    (tmp_path / "eve").symlink_to(tmp_path / "ada")
    assert [s.student for s in find_submissions(tmp_path, LAB)[0]] == ["ada", "eve"]


def test_one_student_can_be_asked_for(tmp_path: Path) -> None:
    for student in ("ada", "bob"):
        (tmp_path / student).mkdir()
    assert [s.student for s in find_submissions(tmp_path, LAB, student="bob")[0]] == ["bob"]
    with pytest.raises(UnknownNameError, match="Did you mean 'ada'"):
        find_submissions(tmp_path, LAB, student="adda")


def test_no_folder_of_submissions_is_an_error_and_an_empty_one_a_note(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no folder of submissions.*nbgrader collect 01_lab"):
        find_submissions(tmp_path / "submitted", LAB)
    assert "holds no student's folder" in find_submissions(tmp_path, LAB)[1][0]


# reading


def put(submission: Submission, **contents: bytes) -> None:
    """Put files into a lab's folder, by their names, in which ``__`` stands for ``/``."""
    for name, content in contents.items():
        file = submission.folder / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def names(submission: Submission) -> list[str]:
    return [file.name for file in read_submission(submission).files]


def test_a_file_is_read_with_a_digest_of_its_bytes(submission: Submission) -> None:
    submission.notebook.write_bytes(b"anything")
    submitted = read_submission(submission)
    assert submitted.files == (SubmittedFile(f"{LAB}.ipynb", b"anything"),)
    submission.notebook.write_bytes(b"anything ")
    assert read_submission(submission).digest != submitted.digest


def test_another_notebook_beside_it_changes_the_digest(submission: Submission) -> None:
    submission.notebook.write_bytes(b"anything")
    before = read_submission(submission).digest
    put(submission, **{"Untitled.ipynb": b"mine"})
    assert read_submission(submission).digest != before


@pytest.mark.parametrize("name", ["01_lab (1).ipynb", "01_lab-Copy1.ipynb", "01_LAB.IPYNB", "Untitled.ipynb"])
def test_the_only_notebook_is_taken_whatever_its_name(submission: Submission, name: str) -> None:
    put(submission, **{name: b"mine", "notes.txt": b"", ".hidden.ipynb": b"", "timestamp.txt": b""})
    assert read_submission(submission).files == (SubmittedFile(name, b"mine"),)


@pytest.mark.parametrize("name", ["01_lab.ipynb.txt", "01_lab.ipynb.json", "01_lab.ipynb (1)", "work/a.IPYNB.download"])
def test_a_notebook_with_another_ending_behind_its_own_is_taken_before_other_files(
    submission: Submission, name: str
) -> None:
    put(submission, **{name: b"1", "data.csv": b"2", "picture.png": b"3"})
    assert names(submission) == [name]


def test_what_lies_beside_a_zip_is_looked_at_too(submission: Submission) -> None:
    put(submission, **{"pictures.zip": b"1", "work.txt": b"2"})
    assert names(submission) == ["pictures.zip", "work.txt"]


@pytest.mark.parametrize("name", [f"{LAB}/{LAB}.ipynb", "downloads/unzipped/mine/lab.ipynb", "final/mine.zip"])
def test_a_notebook_or_a_zip_in_a_folder_within_the_folder_is_taken(submission: Submission, name: str) -> None:
    put(submission, **{name: b"mine", ".ipynb_checkpoints/x.ipynb": b"", "__MACOSX/._x.ipynb": b""})
    assert read_submission(submission).files == (SubmittedFile(name, b"mine"),)


def test_the_file_with_the_labs_name_comes_first_and_what_lies_deepest_last(submission: Submission) -> None:
    put(submission, **{"a.ipynb": b"", "a/b/c.ipynb": b"", "a/b.ipynb": b"", "z.zip": b"", "lab.py": b""})
    assert names(submission) == ["a.ipynb", "z.zip", "a/b.ipynb", "a/b/c.ipynb"]
    submission.notebook.write_bytes(b"mine")
    assert names(submission)[:2] == [f"{LAB}.ipynb", "a.ipynb"]


def test_where_there_is_no_notebook_every_file_is_looked_at_but_the_courses_own(submission: Submission) -> None:
    put(submission, **{f"{LAB}_work.txt": b"{}", "lab.py": b"", "timestamp.txt": b"", "lms.json": b""})
    assert names(submission) == [f"{LAB}_work.txt", "lab.py"]


def test_no_more_than_ten_files_are_read(submission: Submission) -> None:
    put(submission, **{f"{i:02}.ipynb": b"" for i in range(20)})
    assert len(names(submission)) == 10


def test_a_link_beside_the_notebook_is_passed_over(submission: Submission, tmp_path: Path) -> None:
    put(submission, **{f"{LAB}.ipynb": b"mine"})
    (tmp_path / "other.ipynb").write_bytes(b"theirs")
    (submission.folder / "other.ipynb").symlink_to(tmp_path / "other.ipynb")
    (submission.folder / "folder").symlink_to(tmp_path)
    assert names(submission) == [f"{LAB}.ipynb"]


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_the_only_notebook_must_be_an_ordinary_file(submission: Submission, tmp_path: Path, kind: str) -> None:
    (tmp_path / "other.ipynb").write_bytes(b"theirs")
    path = submission.folder / "mine.ipynb"
    path.symlink_to(tmp_path / "other.ipynb") if kind == "link" else os.mkfifo(path)
    assert refused(submission).status == "malformed"


def test_a_huge_file_is_not_read(submission: Submission) -> None:
    with submission.notebook.open("wb") as file:
        file.truncate(MAX_SIZE_BYTES + 1)
    assert "250,000,001 bytes; the most is 250,000,000" in str(refused(submission))


def test_a_huge_file_beside_the_notebook_is_passed_over(submission: Submission) -> None:
    put(submission, **{f"{LAB}.ipynb": b"mine"})
    with (submission.folder / "other.ipynb").open("wb") as file:
        file.truncate(MAX_SIZE_BYTES)
    assert names(submission) == [f"{LAB}.ipynb"]


def make_pipe(path: Path, target: Path) -> None:
    os.mkfifo(path)


def make_folder(path: Path, target: Path) -> None:
    path.mkdir()


def make_link(path: Path, target: Path) -> None:
    path.symlink_to(target)


def make_dangling_link(path: Path, target: Path) -> None:
    path.symlink_to(path / "nowhere")


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (make_pipe, "not an ordinary file"),
        (make_folder, "not an ordinary file"),
        (make_link, "is a link"),
        (make_dangling_link, "is a link"),
    ],
)
def test_only_an_ordinary_file_is_opened(submission: Submission, tmp_path: Path, make: Any, cause: str) -> None:
    (tmp_path / "someone-elses.ipynb").write_text(json.dumps(NOTEBOOK))
    make(submission.notebook, tmp_path / "someone-elses.ipynb")
    error = refused(submission)
    assert error.status == "malformed"
    assert cause in str(error)


@pytest.mark.parametrize("linked", ["student", "lab"])
def test_a_link_in_place_of_a_folder_is_not_followed(tmp_path: Path, linked: str) -> None:
    (tmp_path / "ada" / LAB).mkdir(parents=True)
    (tmp_path / "ada" / LAB / f"{LAB}.ipynb").write_text(json.dumps(NOTEBOOK))
    eve = tmp_path / "eve"
    if linked == "student":
        eve.symlink_to(tmp_path / "ada")
    else:
        eve.mkdir()
        (eve / LAB).symlink_to(tmp_path / "ada" / LAB)
    assert "is a link" in str(refused(Submission("eve", LAB, eve / LAB)))


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ([], "There is no folder 01_lab; it holds nothing."),
        (["01_lab.ipynb"], "There is no folder 01_lab; it holds 01_lab.ipynb."),
        (["01_lab/"], "There is no 01_lab.ipynb in the folder; it holds nothing."),
        (["01_lab/timestamp.txt"], "There is no 01_lab.ipynb in the folder; it holds nothing."),
    ],
    ids=["nothing", "a level too high", "an empty folder", "a time"],
)
def test_what_is_not_there_is_missing_and_the_cause_says_what_is(tmp_path: Path, files: list[str], cause: str) -> None:
    student = tmp_path / "ada"
    student.mkdir()
    for name in files:
        (student / name).parent.mkdir(exist_ok=True)
        (student / name).mkdir() if name.endswith("/") else (student / name).touch()
    error = refused(Submission("ada", LAB, student / LAB))
    assert (error.status, str(error)) == ("missing", cause)


# receipts


def test_a_receipt_holds_when_it_was_and_the_exchanges_secret(submission: Submission) -> None:
    (submission.folder / "timestamp.txt").write_text("2026-01-31 12:00:00.5 UTC\n")
    (submission.folder / "submission_secret.txt").write_text("s3cret")
    receipt = read_receipt(submission)
    assert (receipt.timestamp, receipt.secret, receipt.note) == (
        datetime(2026, 1, 31, 12, 0, 0, 500000),
        "s3cret",
        "",
    )


def test_without_these_files_a_receipt_is_empty(submission: Submission) -> None:
    assert read_receipt(submission).timestamp is None


@pytest.mark.parametrize("text", ["yesterday", "2026-13-45", "9" * 400])
def test_a_timestamp_that_is_no_time_is_passed_over_with_a_note(submission: Submission, text: str) -> None:
    (submission.folder / "timestamp.txt").write_text(text)
    receipt = read_receipt(submission)
    assert receipt.timestamp is None
    assert "timestamp.txt is no time" in receipt.note
    assert "formgrader" in receipt.note


@pytest.mark.parametrize("make", [make_pipe, make_folder, make_link])
def test_a_timestamp_that_is_no_ordinary_file_is_passed_over(submission: Submission, tmp_path: Path, make: Any) -> None:
    (tmp_path / "secret").write_text("2026-01-31 12:00:00 UTC")
    make(submission.folder / "timestamp.txt", tmp_path / "secret")
    assert read_receipt(submission).timestamp is None


def test_the_secret_behind_a_link_is_someone_elses(tmp_path: Path) -> None:
    (tmp_path / "ada" / LAB).mkdir(parents=True)
    (tmp_path / "ada" / LAB / "submission_secret.txt").write_text("s3cret")
    (tmp_path / "eve").symlink_to(tmp_path / "ada")
    assert read_receipt(Submission("ada", LAB, tmp_path / "ada" / LAB)).secret == "s3cret"
    assert read_receipt(Submission("eve", LAB, tmp_path / "eve" / LAB)).secret == ""
