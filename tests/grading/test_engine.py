from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.cli import main
from coursekit.errors import CourseError, UnknownNameError
from coursekit.grading import GradedClass, Record, engine, grade
from coursekit.grading.execution import Job, Run
from coursekit.grading.gradebook import GradebookWriter
from tests.attacks.attack import cluster

LAB = "01_softmax"
Graded = tuple[Path, GradedClass]
HandIn = Callable[..., Path]
Open = Callable[[Path], Any]


def failed(record: Record, exercise: str) -> set[str]:
    checks = next(e.checks for e in record.exercises if e.name == exercise)
    return {check.name for check in checks if not check.passed}


def scores(record: Record) -> dict[str, float]:
    return {exercise.name: exercise.score for exercise in record.exercises}


# what becomes of a class


def test_every_student_has_a_row(graded: Graded) -> None:
    folder, outcome = graded
    students = sorted(path.name for path in (folder / "submitted").iterdir() if path.is_dir() or path.is_symlink())
    assert [record.student for record in outcome.records] == students


def test_right_answers_get_full_marks(records: Mapping[str, Record]) -> None:
    record = records["right"]
    assert (record.status, record.score, record.max_score, record.message) == ("graded", 20, 20, "")
    assert [e.score for e in record.exercises] == [e.max_score for e in record.exercises]


def test_an_untouched_notebook_gets_nothing(records: Mapping[str, Record]) -> None:
    assert (records["untouched"].status, records["untouched"].score) == ("graded", 0)


def test_a_wrong_answer_costs_only_its_own_exercise(records: Mapping[str, Record]) -> None:
    record = records["wrong"]
    assert "rows_do_not_mix" in failed(record, "softmax")
    assert [e.name for e in record.exercises if e.score < e.max_score] == ["softmax"]


def test_hidden_checks_are_reported_by_hint_only(records: Mapping[str, Record]) -> None:
    checks = {check.name: check for exercise in records["wrong"].exercises for check in exercise.checks}
    hidden, visible = checks["softmax_of_rows_far_apart"], checks["rows_do_not_mix"]
    assert (hidden.visible, hidden.passed) == (False, False)
    assert "Subtract" in hidden.message
    assert "Got" not in hidden.message
    assert "Got" in visible.message


def test_a_cell_that_ends_its_process_costs_itself_alone(records: Mapping[str, Record]) -> None:
    record = records["dies"]
    assert record.status == "graded"
    assert "was ended: the notebook's process ended (exit code 1)" in record.message
    got = scores(record)
    assert (got["scores"], got["hinge_loss"], got["softmax"], got["predict"]) == (1, 2, 0, 1)


def test_leaving_the_interpreter_inside_an_answer_is_a_wrong_answer(records: Mapping[str, Record]) -> None:
    record = records["exits"]
    assert (record.status, record.score) == ("graded", 17)
    assert {"rows_do_not_mix", "softmax_of_rows_far_apart"} <= failed(record, "softmax")


def test_text_on_stderr_costs_nothing(records: Mapping[str, Record]) -> None:
    assert records["noisy"].score == 20


@pytest.mark.parametrize(
    ("student", "status", "cause"),
    [
        ("empty-lab", "missing", "it holds nothing"),
        ("no-lab", "missing", "no folder"),
        ("truncated", "malformed", "its JSON is broken"),
        ("markup", "malformed", "its JSON is broken"),
        ("pipe", "malformed", "not an ordinary file"),
        ("linked", "malformed", "is a link"),
    ],
)
def test_what_cannot_be_graded_scores_zero_and_says_why(
    records: Mapping[str, Record], student: str, status: str, cause: str
) -> None:
    record = records[student]
    assert (record.status, record.score, record.max_score) == (status, 0, 20)
    assert cause in record.message


def test_cells_that_were_deleted_are_put_back_and_told_of(graded: Graded, records: Mapping[str, Record]) -> None:
    assert (records["cells-gone"].status, records["cells-gone"].score) == ("graded", 0)
    assert "The cells scores, check_scores, hinge_loss, " in records["cells-gone"].message
    first, *_ = nbformat.read(graded[0] / "autograded" / "cells-gone" / LAB / f"{LAB}.ipynb", as_version=4).cells
    assert "check_scores" in first.source
    assert "were missing; they have been put back" in first.source


def test_a_student_whose_notebook_cannot_be_graded_gets_the_cause_back(graded: Graded) -> None:
    folder, _ = graded
    first, *_ = nbformat.read(folder / "autograded" / "truncated" / LAB / f"{LAB}.ipynb", as_version=4).cells
    assert "could not be graded" in first.source
    assert "its JSON is broken" in first.source


def test_stray_files_are_passed_over_with_a_note(graded: Graded, sandboxless: tuple[str, ...]) -> None:
    assert graded[1].notes == ("passed over 'stray.txt': not a student's folder", *sandboxless)


def test_scores_in_the_gradebook_are_those_of_the_records(graded: Graded, gradebook: Open) -> None:
    folder, outcome = graded
    with gradebook(folder) as opened:
        cells = {
            submission.student.id: {g.name: g.auto_score for notebook in submission.notebooks for g in notebook.grades}
            for submission in opened.assignment_submissions(LAB)
        }
    wanted = {
        record.student: {f"check_{exercise.name}": exercise.score for exercise in record.exercises}
        for record in outcome.records
        if record.status != "missing"
    }
    assert cells["right"]["why_templates_fail"] is None
    checked = {
        student: {name: score for name, score in grades.items() if name.startswith("check_")}
        for student, grades in cells.items()
    }
    assert checked == wanted


def test_nothing_of_the_hidden_checks_is_written_where_students_look(graded: Graded) -> None:
    folder, _ = graded
    for notebook in (folder / "autograded").rglob("*.ipynb"):
        text = notebook.read_text()
        assert "einsum" not in text
        assert "STAND_INS" not in text
        assert "COURSEKIT_HIDDEN" not in text


# running again


def test_what_has_not_changed_is_kept(copied: Path, graded: Graded) -> None:
    again = grade(LAB, course=copied, jobs=1)
    assert (again.kept, again.notes) == (9, graded[1].notes)
    first = {record.student: record for record in graded[1].records}
    assert all(record == first[record.student] for record in again.records if record.status in ("graded", "crashed"))


def test_what_is_kept_although_the_checks_have_changed_is_told_of(copied: Path, sandboxless: tuple[str, ...]) -> None:
    with (copied / "hidden" / f"{LAB}.py").open("a") as file:
        file.write("# A change.\n")
    outcome = grade(LAB, course=copied, student="untouched", jobs=1)
    assert outcome.kept == 1
    told = ("1 of those kept were graded with other checks than today's", *sandboxless)
    assert outcome.notes[-len(told) :] == told


def test_regrade_runs_what_has_not_changed(copied: Path) -> None:
    outcome = grade(LAB, course=copied, jobs=1, student="untouched", regrade=True)
    assert outcome.kept == 0
    assert [record.student for record in outcome.records] == ["untouched"]


def test_a_new_hand_in_is_graded_anew(copied: Path, reference: Mapping[str, str], hand_in: HandIn) -> None:
    hand_in(copied, "right", {"scores": reference["scores"]}, timestamp="2026-02-01 12:00:00 UTC")
    outcome = grade(LAB, course=copied, student="right", jobs=1)
    assert (outcome.kept, outcome.records[0].score) == (0, 1)


def test_a_broken_second_hand_in_takes_the_old_grade_away(copied: Path, gradebook: Open) -> None:
    (copied / "submitted" / "right" / LAB / f"{LAB}.ipynb").write_text("{")
    assert grade(LAB, course=copied, student="right", jobs=1).records[0].status == "malformed"
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "right").score == 0


def test_a_hand_in_that_was_taken_back_loses_its_grade(copied: Path, gradebook: Open) -> None:
    shutil.rmtree(copied / "submitted" / "right" / LAB)
    assert grade(LAB, course=copied, student="right", jobs=1).records[0].status == "missing"
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "right").score == 0


def test_what_was_done_before_an_interrupt_is_written(
    course: Path, reference: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, hand_in: HandIn
) -> None:
    for student in ("ada", "bob"):
        hand_in(course, student, {"scores": reference["scores"]})
    write = GradebookWriter.write

    def interrupt(self: GradebookWriter, *args: Any, **options: Any) -> None:
        write(self, *args, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(GradebookWriter, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        grade(LAB, course=course, jobs=1)
    monkeypatch.undo()
    again = grade(LAB, course=course, jobs=1)
    assert again.kept == 1
    assert [record.score for record in again.records] == [1, 1]


def test_a_timestamp_that_is_no_time_is_told_of(course: Path, hand_in: HandIn) -> None:
    hand_in(course, "ada", {}, timestamp="yesterday").write_text("{}")
    hand_in(course, "bob", {}, timestamp="yesterday")
    ada, bob = grade(LAB, course=course, jobs=1).records
    assert bob.status == "graded"
    assert "timestamp.txt is no time ('yesterday')" in bob.message
    assert "timestamp.txt" in ada.message


# elsewhere


@pytest.mark.long
def test_a_dask_cluster_gives_the_same_records(graded: Graded, copied: Path) -> None:
    with cluster() as address:
        outcome = grade(LAB, course=copied, executor=address, regrade=True)
    first, second = (
        {record.student: record.as_json() | {"seconds": 0} for record in found.records if record.student != "pipe"}
        for found in (graded[1], outcome)
    )
    assert first == second


def test_the_current_folder_stays_what_it_was_and_may_be_any(
    copied: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert grade(LAB, course=Path("copied"), student="untouched", jobs=1).kept == 1
    assert Path.cwd() == tmp_path


# the command line


def test_the_command_line_prints_a_table_and_writes_the_records(
    course: Path,
    reference: Mapping[str, str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    hand_in: HandIn,
    sandboxless: tuple[str, ...],
) -> None:
    hand_in(course, "ada", {"scores": reference["scores"]})
    (course / "submitted" / "bob" / LAB).mkdir(parents=True)
    file = tmp_path / "grades.json"
    assert main(["grade", LAB, "--course", str(course), "--jobs", "1", "--json", str(file)]) == 0
    records = json.loads(file.read_text())
    assert [(r["student"], r["status"], r["score"]) for r in records] == [("ada", "graded", 1), ("bob", "missing", 0)]
    out, err = capfd.readouterr()
    told = [f"note: {note}" for note in sandboxless]
    lines = out.splitlines()[2:]
    assert [line.split()[0] for line in lines[:3]] == ["ada", "bob", "bob:"]
    assert lines[3:5] == ["2 students: 1 graded, 1 missing.", "handed in nothing (1): bob"]
    assert lines[5:] == told
    # Kernels, nbgrader and its database have much to say that no instructor needs to read.
    assert err == ""


# what cannot be asked


def nothing_is_begun(course: Path) -> bool:
    return not (course / "gradebook.db").exists() and not (course / "autograded").exists()


def test_an_unknown_lab_suggests_the_nearest(course: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean '01_softmax'"):
        grade("01_sofmax", course=course)
    assert nothing_is_begun(course)


def test_an_unknown_student_suggests_the_nearest(course: Path, hand_in: HandIn) -> None:
    hand_in(course, "ada", {})
    with pytest.raises(UnknownNameError, match="Did you mean 'ada'"):
        grade(LAB, course=course, student="adda")
    assert nothing_is_begun(course)


@pytest.mark.parametrize(
    ("options", "cause"), [({"jobs": 0}, "at least 1"), ({"executor": "tcp://127.0.0.1:9"}, "No Dask scheduler")]
)
def test_without_workers_nothing_is_begun(course: Path, options: dict[str, Any], cause: str) -> None:
    with pytest.raises(CourseError, match=cause):
        grade(LAB, course=course, **options)
    assert nothing_is_begun(course)


@pytest.mark.parametrize(("folder", "cause"), [("submitted", "no folder of submissions"), ("hidden", "hidden checks")])
def test_a_folder_that_is_not_there_is_said(course: Path, folder: str, cause: str) -> None:
    shutil.rmtree(course / folder)
    with pytest.raises(CourseError, match=cause):
        grade(LAB, course=course)
    assert nothing_is_begun(course)


def test_progress_counts_to_the_end(copied: Path) -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int, record: Record) -> None:
        seen.append((done, total))

    grade(LAB, course=copied, jobs=1, progress=progress)
    assert [done for done, _ in seen] == list(range(1, len(seen) + 1))
    assert {total for _, total in seen} == {len(seen)}


class Counting:
    """A pool that runs nothing, and counts."""

    room = 2
    in_hand = most = 0

    def prepare(self, *_: object) -> None:
        pass

    def require(self, *_: object) -> None:
        pass

    def submit(self, job: Job) -> Future[Run]:
        self.in_hand += 1
        self.most = max(self.most, self.in_hand)
        future: Future[Run] = Future()
        future.set_result(Run.lost(job, "not run"))
        return future

    def result(self, future: Future[Run], job: Job) -> Run:
        self.in_hand -= 1
        return future.result()


def test_no_more_submissions_are_in_hand_than_there_is_room_for(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Counting()
    monkeypatch.setattr(engine, "open_pool", lambda *_, **__: contextlib.nullcontext(pool))
    grade(LAB, course=copied, regrade=True)
    assert (pool.most, pool.in_hand) == (2, 0)


@pytest.mark.parametrize(
    ("students", "options", "processes"), [(1, {}, 1), (2, {}, None), (1, {"jobs": 2}, 2), (2, {"student": "s0"}, 1)]
)
def test_one_submission_takes_one_process(
    copied: Path, monkeypatch: pytest.MonkeyPatch, students: int, options: dict[str, Any], processes: int | None
) -> None:
    one, *_ = sorted((copied / "submitted").glob(f"*/{LAB}/*.ipynb"))
    text = one.read_bytes()
    shutil.rmtree(copied / "submitted")
    for i in range(students):
        (copied / "submitted" / f"s{i}" / LAB).mkdir(parents=True)
        (copied / "submitted" / f"s{i}" / LAB / f"{LAB}.ipynb").write_bytes(text)
    opened: list[int | None] = []

    def open_pool(jobs: int | None, *_: object, **__: object) -> contextlib.nullcontext[Counting]:
        opened.append(jobs)
        return contextlib.nullcontext(Counting())

    monkeypatch.setattr(engine, "open_pool", open_pool)
    grade(LAB, course=copied, **options)
    assert opened == [processes]
