import json

import pytest

from coursekit.cli import main
from coursekit.errors import CourseError, UnknownNameError
from coursekit.grading import grade
from coursekit.grading.gradebook import GradebookWriter

LAB = "01_softmax"


def by_student(outcome):
    return {record.student: record for record in outcome.records}


def failed(record, exercise):
    checks = next(e.checks for e in record.exercises if e.name == exercise)
    return {check.name for check in checks if not check.passed}


def test_every_student_has_a_row(graded):
    folder, outcome = graded
    students = {path.name for path in (folder / "submitted").iterdir() if path.is_dir() or path.is_symlink()}
    assert set(by_student(outcome)) == students


def test_right_answers_get_full_marks(graded):
    record = by_student(graded[1])["right"]
    assert (record.status, record.score, record.max_score, record.message) == ("graded", 20, 20, "")
    assert [e.score for e in record.exercises] == [e.max_score for e in record.exercises]


def test_an_untouched_notebook_gets_nothing(graded):
    record = by_student(graded[1])["untouched"]
    assert (record.status, record.score) == ("graded", 0)


def test_a_wrong_answer_costs_only_its_own_exercise(graded):
    record = by_student(graded[1])["wrong"]
    assert "rows_do_not_mix" in failed(record, "softmax")
    assert all(e.score == e.max_score for e in record.exercises if e.name != "softmax")


def test_hidden_checks_are_reported_by_hint_only(graded):
    record = by_student(graded[1])["wrong"]
    checks = {c.name: c for e in record.exercises for c in e.checks}
    hidden = checks["softmax_of_rows_far_apart"]
    assert (hidden.visible, hidden.passed) == (False, False)
    assert "Subtract" in hidden.message
    assert "Got" not in hidden.message
    assert "Got" in checks["rows_do_not_mix"].message


def test_what_was_earned_before_a_crash_stays(graded):
    record = by_student(graded[1])["dies"]
    scores = {e.name: e.score for e in record.exercises}
    assert record.status == "crashed"
    assert (scores["scores"], scores["hinge_loss"], scores["softmax"], scores["predict"]) == (1, 2, 0, 0)
    assert "died" in record.message


def test_leaving_the_interpreter_inside_an_answer_is_a_wrong_answer(graded):
    record = by_student(graded[1])["exits"]
    assert record.status == "graded"
    assert {"rows_do_not_mix", "softmax_of_rows_far_apart"} <= failed(record, "softmax")
    assert record.score == 17


def test_text_on_stderr_costs_nothing(graded):
    assert by_student(graded[1])["noisy"].score == 20


@pytest.mark.parametrize(
    ("student", "status", "cause"),
    [
        ("empty-lab", "missing", "it holds nothing"),
        ("no-lab", "missing", "no folder"),
        ("truncated", "malformed", "not a notebook"),
        ("latin", "malformed", "not a notebook"),
        ("nbformat-99", "malformed", "not a notebook"),
        ("folder", "malformed", "not an ordinary file"),
        ("pipe", "malformed", "not an ordinary file"),
        ("linked-file", "malformed", "link"),
        ("linked-lab", "malformed", "link"),
        ("linked-student", "malformed", "link"),
    ],
)
def test_what_is_no_notebook_scores_zero_and_says_why(graded, student, status, cause):
    record = by_student(graded[1])[student]
    assert (record.status, record.score) == (status, 0)
    assert cause in record.message
    assert record.max_score == 20


def test_stray_files_are_passed_over_with_a_notice(graded):
    assert any("stray.txt" in notice for notice in graded[1].notices)


def test_scores_in_the_gradebook_are_those_of_the_records(graded):
    from nbgrader.api import Gradebook

    folder, outcome = graded
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "coursekit") as gradebook:
        submissions = {s.student.id: s.score for s in gradebook.assignment_submissions(LAB)}
    wanted = {r.student: r.score for r in outcome.records if r.status != "missing"}
    assert submissions == pytest.approx(wanted)


def test_nothing_of_the_hidden_checks_is_written_where_students_look(graded):
    folder, _ = graded
    for notebook in (folder / "autograded").rglob("*.ipynb"):
        text = notebook.read_text()
        assert "np.einsum" not in text
        assert "STAND_INS" not in text


def test_what_has_not_changed_is_kept(copied):
    again = grade(LAB, course=copied, jobs=1)
    assert again.kept == 6
    assert by_student(again)["right"].score == 20


def test_regrade_runs_what_has_not_changed(copied):
    outcome = grade(LAB, course=copied, jobs=1, student="right", regrade=True)
    assert outcome.kept == 0
    assert [record.student for record in outcome.records] == ["right"]


def test_a_new_hand_in_replaces_the_old_grade_and_spares_manual_ones(copied, reference, hand_in):
    from nbgrader.api import Gradebook

    address = f"sqlite:///{copied}/gradebook.db"
    with Gradebook(address, "coursekit") as gradebook:
        gradebook.find_grade("why_templates_fail", LAB, LAB, "right").manual_score = 1.5
        gradebook.find_comment("why_templates_fail", LAB, LAB, "right").manual_comment = "well put"
        gradebook.db.commit()
    hand_in(copied, "right", {"scores": reference["scores"]}, timestamp="2026-02-01 12:00:00 UTC")
    assert grade(LAB, course=copied, student="right", jobs=1).records[0].score == 1
    with Gradebook(address, "coursekit") as gradebook:
        assert gradebook.find_submission(LAB, "right").score == 2.5
        assert gradebook.find_comment("why_templates_fail", LAB, LAB, "right").comment == "well put"


def test_a_broken_second_hand_in_takes_the_old_grade_away(copied):
    from nbgrader.api import Gradebook

    (copied / "submitted" / "right" / LAB / f"{LAB}.ipynb").write_text("{")
    assert grade(LAB, course=copied, student="right", jobs=1).records[0].status == "malformed"
    assert not (copied / "autograded" / "right" / LAB).exists()
    with Gradebook(f"sqlite:///{copied}/gradebook.db", "coursekit") as gradebook:
        assert gradebook.find_submission(LAB, "right").score == 0


def test_a_cell_that_never_ends_fails_its_check_and_is_named(course, reference, hand_in):
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Execute.timeout = 5\n")
    endless = {"hinge_loss": "def hinge_loss(S, y, margin=1.0):\n    while True:\n        pass"}
    hand_in(course, "endless", reference | endless)
    (record,) = grade(LAB, course=course, jobs=1).records
    assert record.score == 18
    assert "ran out of time (5 s)" in record.message


def test_a_dask_cluster_gives_the_same_records(graded, copied):
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        outcome = grade(LAB, course=copied, executor=cluster.scheduler_address, regrade=True)
    first, second = ({k: v.as_json() for k, v in by_student(o).items() if k != "pipe"} for o in (graded[1], outcome))
    for record in (*first.values(), *second.values()):
        record.pop("seconds")
    assert first == second


def test_the_command_line_prints_a_table_and_writes_the_records(course, reference, tmp_path, capsys, hand_in):
    hand_in(course, "ada", {"scores": reference["scores"]})
    (course / "submitted" / "bob" / LAB).mkdir(parents=True)
    file = tmp_path / "grades.json"
    assert main(["grade", LAB, "--course", str(course), "--jobs", "1", "--json", str(file)]) == 0
    records = json.loads(file.read_text())
    assert [(r["student"], r["status"], r["score"]) for r in records] == [("ada", "graded", 1), ("bob", "missing", 0)]
    assert set(records[0]) == {
        *("student", "lab", "status", "score", "max_score", "seconds", "message", "exercises"),
    }
    assert set(records[0]["exercises"][0]) == {"name", "score", "max_score", "checks"}
    assert set(records[0]["exercises"][0]["checks"][0]) == {"name", "visible", "passed", "message"}
    assert "ada" in capsys.readouterr().out


def test_an_unknown_lab_suggests_the_nearest(course):
    with pytest.raises(UnknownNameError, match="Did you mean '01_softmax'"):
        grade("01_sofmax", course=course)


def test_an_unknown_student_suggests_the_nearest(course, hand_in):
    hand_in(course, "ada", {})
    with pytest.raises(UnknownNameError, match="Did you mean 'ada'"):
        grade(LAB, course=course, student="adda")


@pytest.mark.parametrize("jobs", [0, -2])
def test_a_number_of_jobs_below_one_is_refused(course, jobs):
    with pytest.raises(CourseError, match="at least 1"):
        grade(LAB, course=course, jobs=jobs)


def test_no_scheduler_at_an_address_is_said(course):
    with pytest.raises(CourseError, match="No Dask scheduler answers"):
        grade(LAB, course=course, executor="tcp://127.0.0.1:9")


def test_a_course_without_submissions_is_said(course):
    (course / "submitted").rmdir()
    with pytest.raises(CourseError, match="no folder of submissions"):
        grade(LAB, course=course)


def test_a_lab_whose_cells_changed_after_the_hand_in_is_refused_and_nothing_is_lost(copied):
    path = copied / "release" / LAB / f"{LAB}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ("predict", "check_predict")]
    path.write_text(json.dumps(notebook))
    before = (copied / "gradebook.db").read_bytes()
    with pytest.raises(CourseError, match="cannot take the lab"):
        grade(LAB, course=copied)
    assert (copied / "gradebook.db").read_bytes() == before


def test_a_file_that_is_no_gradebook_is_said_and_left_alone(course):
    (course / "gradebook.db").write_text("not a database")
    with pytest.raises(CourseError, match="gradebook"):
        grade(LAB, course=course)
    assert (course / "gradebook.db").read_text() == "not a database"


def test_a_submission_that_is_done_is_written_before_the_others_are(course, reference, monkeypatch, hand_in):
    for student in ("ada", "bob"):
        hand_in(course, student, {"scores": reference["scores"]})
    written = []
    finish = GradebookWriter.finish

    def interrupt(self, notebook, record, *rest):
        finish(self, notebook, record, *rest)
        written.append(record.student)
        raise KeyboardInterrupt

    monkeypatch.setattr(GradebookWriter, "finish", interrupt)
    with pytest.raises(KeyboardInterrupt):
        grade(LAB, course=course, jobs=1)
    monkeypatch.undo()
    again = grade(LAB, course=course, jobs=1)
    assert again.kept == len(written) == 1
    assert [record.score for record in again.records] == [1, 1]
