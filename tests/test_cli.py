from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest

import coursekit
from coursekit.cli import main
from coursekit.doctor import Finding, report
from coursekit.errors import CourseError, UnknownNameError
from coursekit.feedback import Written

Calls: TypeAlias = list[tuple[tuple[Any, ...], dict[str, Any]]]
Replace: TypeAlias = Callable[[str, Any], Calls]

VERBS = ("build", "bundle", "new", "grade", "report", "collect", "export", "demo", "mutants", "doctor", "bench")
LAB = """\
# %% [markdown]
# # A title

# %% exercise double
"""
EXERCISE = """\
# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_double", "grade": true, "points": 1}
check("double")
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with the source of one lab, not yet built."""
    (tmp_path / "labs" / "01_lab").mkdir(parents=True)
    (tmp_path / "labs" / "01_lab" / "lab.py").write_text(LAB, encoding="utf-8")
    (tmp_path / "labs" / "01_lab" / "double.py").write_text(EXERCISE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://github.com/someone/course"\n', encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def replace(monkeypatch: pytest.MonkeyPatch) -> Replace:
    """A function that puts something in place of what a verb forwards to, and notes the calls."""

    def put(path: str, outcome: Any) -> Calls:
        calls: Calls = []

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            calls.append((args, kwargs))
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(path, stand_in)
        return calls

    return put


# the program itself


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"coursekit {coursekit.__version__}\n"


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["bild"],
        ["grade"],
        ["build", "--chekc"],
        ["grade", "01_softmax", "--jobs", "two"],
        ["bench"],
        ["bench", "gems"],
        ["bench", "gemm", "--sizes", "64;128"],
        ["bench", "gemm", "--device", "tpu"],
    ],
)
def test_a_request_that_cannot_be_read_is_refused_on_stderr(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert "usage: coursekit" in err


def test_an_unknown_verb_is_told_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bild"])
    err = capsys.readouterr().err
    assert all(verb in err for verb in VERBS)


@pytest.mark.parametrize("argv", [["--help"], *([verb, "--help"] for verb in VERBS)], ids=" ".join)
def test_help_is_to_be_had(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 0
    assert "usage: coursekit" in capsys.readouterr().out


def test_the_package_can_be_run_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coursekit", "mutants", "nowhere"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("coursekit: There is no lab named 'nowhere'.")


@pytest.mark.parametrize(
    ("path", "argv"),
    [
        ("coursekit.authoring.build_labs", ["build"]),
        ("coursekit.grading.grade", ["grade", "01_softmax"]),
        ("coursekit.demo.run_demo", ["demo"]),
        ("coursekit.mutants.run_mutants", ["mutants"]),
        ("coursekit.bench.bench_gemm", ["bench", "gemm"]),
    ],
)
@pytest.mark.parametrize(
    "error", [CourseError("The folder is gone. Make it."), UnknownNameError("lab", "x", ["y"])], ids=["course", "name"]
)
def test_an_error_is_one_line_on_stderr_and_exit_status_2(
    path: str, argv: list[str], error: Exception, replace: Replace, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(path, error)
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"coursekit: {error}\n"


# build


def test_build_writes_and_then_finds_nothing_to_do(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--root", str(course)]) == 0
    assert (course / "notebooks" / "01_lab" / "01_lab.ipynb").exists()
    assert main(["build", "--check", "--root", str(course)]) == 0
    assert capsys.readouterr().err == ""


def test_build_check_writes_nothing_and_exits_1_if_a_notebook_is_missing(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--check", "--root", str(course)]) == 1
    assert not (course / "notebooks").exists()
    assert "01_lab" in capsys.readouterr().out


def test_build_of_an_unknown_lab_suggests_the_nearest(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "01_lap", "--root", str(course)]) == 2
    assert "Did you mean '01_lab'" in capsys.readouterr().err


# mutants and demo


@pytest.mark.parametrize(("passed", "status"), [(True, 0), (False, 1)])
@pytest.mark.parametrize("verb", ["mutants", "demo"])
def test_the_exit_status_says_whether_all_is_well(verb: str, passed: bool, status: int, replace: Replace) -> None:
    calls = replace(f"coursekit.{verb}.run_{verb}", passed)
    assert main([verb]) == status
    assert len(calls) == 1


def test_bundle_forwards_its_folder_and_prints_what_was_written(
    replace: Replace, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = replace("coursekit.authoring.write_bundle", SimpleNamespace(text=lambda: "wrote there"))
    assert main(["bundle", "there", "--root", "here"]) == 0
    assert calls == [((Path("there"),), {"root": Path("here")})]
    assert capsys.readouterr().out == "wrote there\n"


def test_new_forwards_its_exercise_and_lab_and_prints_the_places(
    replace: Replace, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = replace("coursekit.authoring.write_skeleton", SimpleNamespace(text=lambda: "a.py:1"))
    assert main(["new", "leaky_relu", "--lab", "03_mlp", "--root", "here"]) == 0
    assert calls == [(("leaky_relu",), {"lab": "03_mlp", "root": Path("here")})]
    assert capsys.readouterr().out == "a.py:1\n"


def test_mutants_forwards_its_labs_and_root(replace: Replace) -> None:
    calls = replace("coursekit.mutants.run_mutants", True)
    main(["mutants", "01_softmax", "02_backprop", "--root", "here"])
    assert calls == [((Path("here"),), {"labs": ["01_softmax", "02_backprop"], "say": print})]


def test_demo_forwards_its_folder_lab_and_root(replace: Replace) -> None:
    calls = replace("coursekit.demo.run_demo", True)
    main(["demo", "--folder", "there", "--lab", "02_backprop", "--root", "here"])
    assert calls == [((Path("there"),), {"lab": "02_backprop", "root": Path("here"), "say": print})]


# doctor


@pytest.mark.parametrize(("ok", "status"), [(True, 0), (None, 0), (False, 1)])
def test_doctor_prints_its_report_and_says_whether_all_is_well(
    ok: bool | None, status: int, replace: Replace, capsys: pytest.CaptureFixture[str]
) -> None:
    finding = Finding("Labs", "numpy", ok, "2.1.0")
    replace("coursekit.doctor.examine", [finding])
    assert main(["doctor"]) == status
    assert capsys.readouterr().out == report([finding]) + "\n"


def test_doctor_says_in_its_help_what_its_exit_status_means(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["doctor", "--help"])
    assert "Exit status: 1 if a line is marked 'no', else 0." in capsys.readouterr().out


# bench


def test_bench_forwards_its_options_and_prints_what_it_is_told(
    replace: Replace, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = replace("coursekit.bench.bench_gemm", None)
    options = ["--device", "cpu", "--sizes", "64,128", "--precision", "float32", "--seconds", "0.1", "--json", "f.json"]
    assert main(["bench", "gemm", *options]) == 0
    ((args, kwargs),) = calls
    kwargs.pop("say")("one line")
    assert args == ()
    assert kwargs == {
        "device": "cpu",
        "sizes": [64, 128],
        "precisions": ["float32"],
        "budget_s": 0.1,
        "json_file": Path("f.json"),
    }
    assert capsys.readouterr().out == "one line\n"


# grade


@pytest.fixture
def graded(replace: Replace, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The calls of a grading that finds one record, one note and two kept submissions."""
    record = SimpleNamespace(as_json=lambda: {"student": "ann"})
    monkeypatch.setattr("coursekit.grading.table.table", lambda records, names: f"a table of {len(records)}")
    found = SimpleNamespace(records=[record], notes=["a stray file"], kept=2, names={})
    return replace("coursekit.grading.grade", found)


def test_grade_prints_a_table_and_notes(graded: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "01_softmax"]) == 0
    assert capsys.readouterr().out == (
        "a table of 1\nnote: a stray file\nnote: 2 unchanged since the last run and kept; --regrade grades them again\n"
    )


def test_grade_writes_its_records(graded: Calls, tmp_path: Path) -> None:
    assert main(["grade", "01_softmax", "--json", str(tmp_path / "grades.json")]) == 0
    assert json.loads((tmp_path / "grades.json").read_text(encoding="utf-8")) == [{"student": "ann"}]


def test_a_file_for_the_records_that_cannot_be_written_is_named(
    graded: Calls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", "01_softmax", "--json", str(tmp_path / "none" / "grades.json")]) == 2
    said = capsys.readouterr().err
    assert "The records cannot be written to" in said
    assert "No such file or directory. What was graded is kept" in said


def test_grade_forwards_its_options(graded: Calls) -> None:
    options = [
        "--course",
        "c",
        "--student",
        "ann",
        "--jobs",
        "3",
        "--executor",
        "tcp://h:1",
        "--trust-network",
        "--regrade",
    ]
    main(["grade", "01_softmax", *options])
    ((args, kwargs),) = graded
    assert args == ("01_softmax",)
    expected = {
        "course": Path("c"),
        "student": "ann",
        "jobs": 3,
        "executor": "tcp://h:1",
        "trust_network": True,
        "regrade": True,
    }
    assert {name: kwargs[name] for name in expected} == expected


def test_a_dry_run_prints_and_writes_changes_in_place_of_records(
    replace: Replace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = [SimpleNamespace(as_json=lambda: {"student": "ann", "after": 3})]
    monkeypatch.setattr("coursekit.grading.dry_run.changes_text", lambda found: f"{len(found)} changes")
    calls = replace("coursekit.grading.grade", SimpleNamespace(records=[], notes=[], kept=0, changes=changes))
    assert main(["grade", "01_softmax", "--regrade", "--dry-run", "--json", str(tmp_path / "f.json")]) == 0
    assert (calls[0][1]["regrade"], calls[0][1]["dry_run"]) == (True, True)
    assert capsys.readouterr().out == "1 changes\n"
    assert json.loads((tmp_path / "f.json").read_text(encoding="utf-8")) == [{"student": "ann", "after": 3}]


# collect and export


def test_collect_forwards_its_options_and_prints_a_table(
    replace: Replace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = replace("coursekit.lms.collect", "a collection")
    monkeypatch.setattr("coursekit.lms.table.table", lambda found: f"the table of {found}")
    options = ["--course", "c", "--roster", "r.csv", "--groups", "g.csv", "--pattern", "{student}/{file}", "--dry-run"]
    assert main(["collect", "01_softmax", "s.zip", *options]) == 0
    assert calls[0][0] == ("01_softmax", Path("s.zip"))
    assert calls[0][1] == {
        "course": Path("c"),
        "roster": Path("r.csv"),
        "groups": Path("g.csv"),
        "pattern": "{student}/{file}",
        "dry_run": True,
    }
    assert capsys.readouterr().out == "the table of a collection\n"


def test_export_forwards_its_options_and_prints_a_summary(
    replace: Replace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = replace("coursekit.lms.export_grades", "an export")
    monkeypatch.setattr("coursekit.lms.table.summary", lambda found: f"the summary of {found}")
    assert main(["export", "01_softmax", "--to", "canvas", "--template", "t.csv", "--output", "o.csv"]) == 0
    assert calls[0][0] == ("01_softmax",)
    assert calls[0][1] == {
        "to": "canvas",
        "course": Path("autograde"),
        "template": Path("t.csv"),
        "output": Path("o.csv"),
    }
    assert capsys.readouterr().out == "the summary of an export\n"
    pages = replace("coursekit.lms.export_feedback", "pages")
    assert main(["export", "01_softmax", "--to", "moodle", "--feedback", "--output", "o.zip"]) == 0
    assert pages[0][1]["output"] == Path("o.zip")


def test_feedback_forwards_its_options_and_prints_what_was_written(
    replace: Replace, capsys: pytest.CaptureFixture[str]
) -> None:
    written = Written(2, Path("feedback/STUDENT/01_softmax/01_softmax.html"), ("Ana (ana)",), ("bo",), ())
    calls = replace("coursekit.feedback.write_feedback", written)
    assert main(["feedback", "01_softmax", "--course", "c", "--student", "ana", "--jobs", "3"]) == 0
    assert calls == [(("01_softmax",), {"course": Path("c"), "student": "ana", "jobs": 3})]
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "2 pages written: feedback/STUDENT/01_softmax/01_softmax.html"
    assert said[1].endswith("grade again: Ana (ana)")
    assert said[2].endswith("grade again: bo")


def test_an_interrupt_ends_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("coursekit.authoring.build_labs", interrupted, raising=False)
    assert main(["build"]) == 130
    assert "what was finished is kept" in capsys.readouterr().err
