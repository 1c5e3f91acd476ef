"""The instructors' page of the handbook, its commands run as they stand for a class, five of whom are odd.

The class has 30 students, or as many as ``COURSEKIT_CLASS`` says.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from coursekit.demo import Member, make_class
from coursekit.variants import answered

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
LAB = "01_softmax"
PAGE = ROOT / "docs" / "handbook" / "instructors.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COPIED = (
    *("labs", "solutions", "notebooks", "autograde", "src", "pyproject.toml", "constraints.txt", "environment.yml"),
    *("README.md", "LICENSE", "CHANGELOG.md", ".gitignore"),
)
PRIVATE = ("__pycache__", ".ipynb_checkpoints", "gradebook.db", "submitted", "autograded", "feedback", "reports")
#: What the last five hand in, and what comes of it.
ODD = {
    "a zip": "graded",
    "another ending": "graded",
    "a web page": "malformed",
    "a text": "malformed",
    "nothing": "missing",
}
N_STUDENTS = int(os.environ.get("COURSEKIT_CLASS", "30")) - len(ODD)
FIRST = ("Ana", "Zoë", "Łukasz", "José", "Mary Jane", "李", "Søren", "Nguyễn")
LAST = ("García López", "O'Neil", "Müller", "Smith-Jones", "Đặng", "בן דוד")


class Pupil(NamedTuple):
    """A student as Canvas knows them, and what they hand in."""

    name: str
    number: int
    login: str
    member: Member
    late: bool
    form: str = "a notebook"

    @property
    def status(self) -> str:
        return ODD.get(self.form, "graded")


def invented_class() -> list[Pupil]:
    """Students with names of all kinds, many of them namesakes, who hand in kept answers; five in odd ways."""
    members = make_class(ROOT / "labs" / LAB, ROOT / "solutions" / LAB / f"{LAB}.ipynb")
    # Those who did half or nothing come last, and are to be in a small class, too.
    members = [*members[-2:], *members[:-2]]
    # What somebody hands in, somebody else hands in too.
    n_members = min(len(members), max(1, N_STUDENTS // 2))
    return [
        Pupil(
            name=f"{LAST[i % len(LAST)]}, {FIRST[i % len(FIRST)]}",
            number=4000 + i,
            login=f"login{i:03}",
            member=members[i % n_members],
            late=i % 10 == 9,
            form="a notebook" if i < N_STUDENTS else list(ODD)[i - N_STUDENTS],
        )
        for i in range(N_STUDENTS + len(ODD))
    ]


def write_download(file: Path, pupils: list[Pupil]) -> None:
    """Write the zip that Canvas gives for an assignment."""
    released = json.loads((ROOT / "notebooks" / LAB / f"{LAB}.ipynb").read_text())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for pupil in pupils:
            name = re.sub(r"[\W_]", "", pupil.name.lower())
            late = "LATE_" if pupil.late else ""
            whose, notebook = f"{name}_{late}{pupil.number}", json.dumps(answered(released, pupil.member.answers))
            for sent, content in sent_as(pupil.form, notebook).items():
                number = "" if sent == "text.html" else f"{90000 + pupil.number}_"
                packed.writestr(f"{whose}_{number}{sent}", content)


def sent_as(form: str, notebook: str) -> dict[str, str | bytes]:
    """What somebody hands in who has a notebook, by the names of files."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr(f"my lab/{LAB}.ipynb", notebook)
    forms: dict[str, dict[str, str | bytes]] = {
        "a notebook": {f"{LAB}.ipynb": notebook},
        "a zip": {"lab.zip": inner.getvalue()},
        "another ending": {f"{LAB}.ipynb.txt": notebook},
        "a web page": {f"{LAB}.html": "<!doctype html><title>lab</title>"},
        "a text": {"text.html": "<p>see https://colab.research.google.com/drive/1</p>"},
        "nothing": {},
    }
    return forms[form]


def write_gradebook(file: Path, pupils: list[Pupil]) -> None:
    """Write the table that Canvas gives for a course."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{LAB} (5678)", "Final Score"])
        table.writerow(["    Points Possible", "", "", "", "", "24", "(read only)"])
        for pupil in pupils:
            table.writerow([pupil.name, pupil.number, f"S{pupil.number}", pupil.login, "A", "", ""])


@pytest.fixture(scope="session")
def pupils() -> list[Pupil]:
    return invented_class()


@pytest.fixture(scope="session")
def followed(tmp_path_factory: pytest.TempPathFactory, pupils: list[Pupil]) -> Path:
    """A copy of the repository in which somebody has followed the page."""
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap: the page's commands grade in the sandbox")
    root = tmp_path_factory.mktemp("page") / "coursekit"
    copy_repository(root)
    # The page asks for the version.
    git = ["git", "-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    for command in (["init", "-q"], ["add", "labs"], ["commit", "-qm", "As it is"]):
        subprocess.run([*git, *command], cwd=root, check=True, capture_output=True)
    (root / "downloads").mkdir()
    write_download(root / "downloads" / "canvas-submissions.zip", pupils)
    write_gradebook(root / "downloads" / "canvas-gradebook.csv", pupils)
    (root / "said.txt").write_text(follow(root))
    return root


def copy_repository(root: Path) -> None:
    root.mkdir(parents=True)
    for name in COPIED:
        source, copy = ROOT / name, root / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns(*PRIVATE))
        else:
            shutil.copy(source, copy)


def follow(root: Path) -> str:
    """Run the page's commands, and return what they print."""
    return run_in(root, "".join(BLOCK.findall(PAGE.read_text(encoding="utf-8"))))


def run_in(root: Path, commands: str) -> str:
    surroundings = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "JUPYTER_CONFIG_DIR": str(root.parent / "jupyter"),
        "COURSEKIT_OFFLINE": "1",
    }
    done = subprocess.run(
        ["bash", "-e", "-x", "-c", commands], cwd=root, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    return done.stdout


@pytest.fixture
def records(followed: Path) -> Mapping[str, dict]:  # type: ignore[type-arg]
    return {record["student"]: record for record in json.loads((followed / "results" / "grades.json").read_text())}


def test_the_page_takes_the_steps_in_their_order() -> None:
    commands = "".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    steps = (
        "coursekit bundle",
        "coursekit collect",
        "coursekit grade",
        "report",
        "--dry-run",
        "feedback",
        "coursekit export",
    )
    places = [commands.index(step) for step in steps]
    assert places == sorted(places)


def test_the_bundle_holds_the_labs_and_nothing_private(followed: Path) -> None:
    with zipfile.ZipFile(followed / "student-bundle.zip") as packed:
        names = packed.namelist()
    assert any(name.endswith(f"{LAB}.ipynb") for name in names)
    folders = {folder for name in names for folder in name.split("/")[:-1]}
    assert folders.isdisjoint({"solutions", "autograde", "hidden", "labs", "submitted", "tests"})


def test_everybody_is_graded_as_the_answers_deserve(
    records: Mapping[str, dict],  # type: ignore[type-arg]
    pupils: list[Pupil],
) -> None:
    assert {student: record["status"] for student, record in records.items()} == {p.login: p.status for p in pupils}
    read = [pupil for pupil in pupils if pupil.status == "graded"]
    full = sum(pupil.member.student == "reference" or pupil.member.student.startswith("right") for pupil in read)
    assert sum(record["score"] == record["max_score"] for record in records.values()) == full
    untouched = sum(pupil.member.student == "untouched" for pupil in read)
    assert sum(record["score"] == 0 for record in records.values()) == untouched + len(pupils) - len(read)


def test_everybody_gets_feedback(followed: Path, pupils: list[Pupil]) -> None:
    pages = {path.parts[-3] for path in (followed / "autograde" / "feedback").glob(f"*/{LAB}/{LAB}.html")}
    assert pages == {pupil.login for pupil in pupils if pupil.status != "missing"}
    for pupil in pupils[:8]:
        page = followed / "autograde" / "feedback" / pupil.login / LAB / f"{LAB}.html"
        assert f"<title>{LAB}: {pupil.name}</title>" in html.unescape(page.read_text())


def test_canvas_gets_the_feedback_back_by_its_own_numbers(followed: Path, pupils: list[Pupil]) -> None:
    with zipfile.ZipFile(followed / "results" / "canvas-feedback.zip") as packed:
        names = packed.namelist()
    # As Canvas reads them: the first two numbers between underscores.
    found = sorted([int(part) for part in name.split("_") if part.isdigit()][:2] for name in names)
    filed = [pupil.number for pupil in pupils if pupil.form not in ("a text", "nothing")]
    assert found == [[number, 90000 + number] for number in filed]


def test_the_report_shows_everybody_by_name(followed: Path, pupils: list[Pupil]) -> None:
    page = html.unescape((followed / "results" / "report.html").read_text())
    assert all(pupil.name in page and pupil.login in page for pupil in pupils)


def test_who_got_nothing_is_named_at_the_end_of_collecting_grading_and_exporting(
    followed: Path, pupils: list[Pupil]
) -> None:
    said = (followed / "said.txt").read_text()
    (absent,) = (f"{pupil.name} ({pupil.login})" for pupil in pupils if pupil.status == "missing")
    assert said.count(f"handed in nothing (1): {absent}") >= 2
    assert f"no grade, because nothing was handed in: {absent}" in said
    unread = "; ".join(f"{pupil.name} ({pupil.login})" for pupil in pupils if pupil.status == "malformed")
    assert f"nothing that can be graded (2): {unread}" in said


def test_canvas_gets_its_own_table_back_with_the_scores(
    followed: Path,
    records: Mapping[str, dict],  # type: ignore[type-arg]
    pupils: list[Pupil],
) -> None:
    with (followed / "results" / "canvas-grades.csv").open(encoding="utf-8-sig", newline="") as stream:
        head, points, *rows = csv.reader(stream)
    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    column = head.index(f"{LAB} (5678)")
    assert points[column] == "24"
    exported = {int(row[1]): float(row[column]) for row in rows if row[column]}
    assert list(exported) == [pupil.number for pupil in pupils if pupil.status != "missing"]
    # The hand-graded answer counts nothing as yet, and nobody's hidden neighbour has changed places with them. Who
    # hands in the same file has the same inputs drawn; a zip of it has others.
    scores_of: dict[tuple[str, str], set[float]] = {}
    for pupil in (pupil for pupil in pupils if pupil.status == "graded"):
        file = "a zip" if pupil.form == "a zip" else "a notebook"
        scores_of.setdefault((pupil.member.student, file), set()).add(exported[pupil.number])
    assert all(len(found) == 1 for found in scores_of.values())
    assert scores_of["reference", "a notebook"] == {20.0}
    assert scores_of["untouched", "a notebook"] == {0.0}
    scores = sorted(record["score"] for record in records.values() if record["status"] != "missing")
    assert sorted(exported.values()) == pytest.approx(scores, abs=0.0051)  # Canvas gets two decimals


def test_a_term_that_was_put_away_can_be_looked_at_again(followed: Path, pupils: list[Pupil], tmp_path: Path) -> None:
    again = tmp_path / "coursekit"
    copy_repository(again)
    with tarfile.open(followed / "results" / "term.tar.gz") as packed:
        packed.extractall(again, filter="data")
    said = run_in(again, f"coursekit report {LAB} --output report.html && coursekit grade {LAB}")
    page = html.unescape((again / "report.html").read_text())
    assert all(pupil.name in page and pupil.login in page for pupil in pupils)
    kept = sum(pupil.status != "missing" for pupil in pupils)
    assert f"note: {kept} unchanged since the last run and kept" in said


@pytest.mark.parametrize(("late_s", "off"), [(-60, 0), (3600, 0), (3601, 2), (3600 + 86401, 4), (30 * 86400, 20)])
def test_the_rule_for_late_work_takes_off_what_the_page_says(late_s: int, off: float) -> None:
    (rule,) = re.findall(
        r"^```python\n(from nbgrader.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    names: dict[str, Any] = {"c": SimpleNamespace(AssignLatePenalties=SimpleNamespace())}
    exec(rule, names)
    taken = names["c"].AssignLatePenalties.plugin_class().late_submission_penalty("login000", 20, late_s)
    assert taken == pytest.approx(off)


def test_a_dry_run_on_unchanged_checks_changes_nobody(followed: Path) -> None:
    assert re.search(
        rf"\b{N_STUDENTS + len(ODD)}\b.*unchanged|no score would change", (followed / "said.txt").read_text(), re.I
    )
