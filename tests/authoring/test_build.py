from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.authoring import build_labs
from coursekit.authoring.report import BuildReport
from coursekit.cli import main
from coursekit.errors import CourseError, SourceError, UnknownNameError
from tests.authoring.conftest import Course


def messages(report: BuildReport) -> list[tuple[str, str]]:
    return [(problem.path.as_posix(), problem.message) for problem in report.problems]


def snapshot(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_build_writes_both_notebooks_and_a_check_finds_them_good(course: Course) -> None:
    course.write()
    report = course.build()
    assert [path.as_posix() for path in report.written] == [
        "solutions/01_lab/01_lab.ipynb",
        "notebooks/01_lab/01_lab.ipynb",
    ]
    assert report.text().endswith("1 lab: 2 files written, 0 up to date.")
    checked = course.build(check=True)
    assert checked.problems == ()
    assert checked.text() == "1 lab: what is built is what the sources build."


def test_a_second_build_writes_nothing(course: Course) -> None:
    course.write()
    course.build()
    times = {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")}
    assert course.build().written == ()
    assert {path: path.stat().st_mtime_ns for path in course.root.rglob("*.ipynb")} == times


def test_two_courses_and_two_processes_give_the_same_bytes(course: Course, tmp_path: Path) -> None:
    course.write()
    course.build()
    other = tmp_path / "other"
    shutil.copytree(course.root / "labs", other / "labs")
    shutil.copy(course.root / "pyproject.toml", other)
    code = "from coursekit.authoring import build_labs; build_labs('other')"
    package = Path(sys.modules["coursekit"].__path__[0]).parent
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert {path.relative_to(other): data for path, data in snapshot(other).items()} == {
        path.relative_to(course.root): data for path, data in snapshot(course.root).items()
    }


def test_the_root_may_be_relative(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course.write()
    monkeypatch.chdir(course.root)
    assert len(build_labs(Path()).written) == 2
    monkeypatch.chdir(course.root / "solutions")
    assert build_labs(Path(".."), check=True).problems == ()


def test_a_check_writes_nothing(course: Course) -> None:
    course.write()
    before = snapshot(course.root)
    assert messages(course.build(check=True)) == [
        ("solutions/01_lab/01_lab.ipynb", "is missing; run: coursekit build"),
        ("notebooks/01_lab/01_lab.ipynb", "is missing; run: coursekit build"),
    ]
    assert snapshot(course.root) == before


def test_an_edited_notebook_is_shown_as_a_diff_and_built_anew(course: Course) -> None:
    course.write()
    course.build()
    good = course.student().read_text(encoding="utf-8")
    course.student().write_text(good.replace("A title", "Another title"), encoding="utf-8")
    report = course.build(check=True)
    [problem] = report.problems
    assert problem.path.as_posix() == "notebooks/01_lab/01_lab.ipynb"
    assert '-    "# Another title"' in problem.diff
    assert '+    "# A title"' in problem.diff
    assert problem.diff in report.text()
    assert [path.parts[0] for path in course.build().written] == ["notebooks"]
    assert course.student().read_text(encoding="utf-8") == good


def test_an_edited_source_makes_the_committed_notebooks_differ(course: Course, lab: str) -> None:
    course.write()
    course.build()
    course.write(lab.replace("A title", "B title"))
    assert len(course.build(check=True).problems) == 2


def test_one_broken_source_stops_the_build_of_all(course: Course, lab: str) -> None:
    course.write(stem="01_good")
    course.write(lab.replace("### END", "### AND"), stem="02_bad")
    course.write(lab.replace('check("double")', "pass"), stem="03_bad")
    with pytest.raises(SourceError) as caught:
        course.build()
    text = str(caught.value)
    assert "labs/02_bad/double.py:3: " in text
    assert "labs/03_bad/lab.py:13: " in text
    assert list(course.root.rglob("*.ipynb")) == []


def test_a_check_reports_broken_rules_beside_the_rest(course: Course, lab: str) -> None:
    course.write(stem="01_good")
    course.write(lab.replace("### END", "### AND"), stem="02_bad")
    assert [(problem.path.name, problem.line) for problem in course.build(check=True).problems] == [
        ("double.py", 3),
        ("01_good.ipynb", None),
        ("01_good.ipynb", None),
    ]


@pytest.mark.parametrize("stem", ["softmax", "1_softmax", "01-softmax", "01_Softmax", "01_"])
def test_a_source_not_named_like_a_lab_is_refused(course: Course, stem: str) -> None:
    course.write(stem=stem)
    with pytest.raises(SourceError, match="is not named like a lab"):
        course.build()
    assert "is not named like a lab" in course.build(check=True).problems[0].message


@pytest.mark.parametrize(
    "orphan",
    [
        "solutions/02_gone/02_gone.ipynb",
        "notebooks/02_gone/02_gone.ipynb",
        "notebooks/01_lab/extra.ipynb",
        "notebooks/01_lab.ipynb",
        "solutions/deep/01_lab/01_lab.ipynb",
    ],
)
def test_a_notebook_without_a_source_is_reported_and_kept(course: Course, orphan: str) -> None:
    course.write()
    course.build()
    path = course.root / orphan
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    expected = [(orphan, "has no source; delete it, or write the source that builds it.")]
    assert messages(course.build(check=True)) == expected
    assert messages(course.build()) == expected
    assert path.exists()
    assert course.build(labs=("01_lab",)).problems == ()


def test_jupyters_own_copies_are_no_orphans(course: Course) -> None:
    course.write()
    course.build()
    copy = course.root / "notebooks" / "01_lab" / ".ipynb_checkpoints" / "01_lab-checkpoint.ipynb"
    copy.parent.mkdir()
    copy.write_text("{}", encoding="utf-8")
    assert course.build(check=True).problems == ()


def test_only_the_named_labs_are_built(course: Course) -> None:
    course.write(stem="01_one")
    course.write("broken", stem="02_two")
    assert course.build(labs=("01_one",)).labs == ("01_one",)
    assert not course.student("02_two").exists()


def test_an_unknown_lab_suggests_the_nearest(course: Course) -> None:
    course.write(stem="01_softmax")
    with pytest.raises(UnknownNameError, match="Did you mean '01_softmax'"):
        course.build(labs=("01_sofmax",))


def test_a_folder_that_is_no_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"There is no folder .*labs; name the course's folder with --root"):
        build_labs(tmp_path)


def test_a_course_without_labs_builds_nothing(course: Course) -> None:
    assert course.build().text() == "0 labs: 0 files written, 0 up to date."


def test_a_notebook_that_cannot_be_written_is_an_error(course: Course) -> None:
    course.write()
    (course.root / "notebooks").write_text("in the way", encoding="utf-8")
    with pytest.raises(CourseError, match=r"Cannot write .*notebooks/01_lab/01_lab\.ipynb"):
        course.build()


def test_no_temporary_file_is_left(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    course.write()
    before = snapshot(course.root)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(CourseError, match="No space left on device"):
        course.build()
    assert snapshot(course.root) == before


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        (None, [], 0),
        (None, ["--check"], 1),
        ("x = 1\n", [], 2),
        ("x = 1\n", ["--check"], 1),
        (None, ["01_labb"], 2),
    ],
)
def test_the_command_lines_status_tells_the_outcomes_apart(
    course: Course, lab: str, capsys: pytest.CaptureFixture[str], text: str, arguments: list[str], status: int
) -> None:
    course.write(text or lab)
    assert main(["build", "--root", str(course.root), *arguments]) == status
    out, err = capsys.readouterr()
    assert bool(err) == (status == 2)
    assert bool(out) == (status != 2)
