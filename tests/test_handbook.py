"""The instructors' page of the handbook, its commands run as they stand for a class of forty."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from coursekit.demo import Member, make_class
from coursekit.variants import answered

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("page")]

ROOT = Path(__file__).parents[1]
LAB = "01_softmax"
PAGE = ROOT / "docs" / "handbook" / "instructors.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COPIED = (
    *("labs", "solutions", "notebooks", "autograde", "src", "pyproject.toml", "constraints.txt", "environment.yml"),
    *("README.md", "LICENSE", "CHANGELOG.md"),
)
PRIVATE = ("__pycache__", ".ipynb_checkpoints", "gradebook.db", "submitted", "autograded", "feedback", "reports")
N_STUDENTS = 40
FIRST = ("Ana", "Zoë", "Łukasz", "José", "Mary Jane", "李", "Søren", "Nguyễn")
LAST = ("García López", "O'Neil", "Müller", "Smith-Jones", "Đặng")


class Pupil(NamedTuple):
    """A student as Canvas knows them, and what they hand in."""

    name: str
    number: int
    login: str
    member: Member
    late: bool


def invented_class() -> list[Pupil]:
    """Forty students with names of all kinds, who hand in the kept right and wrong answers."""
    members = make_class(ROOT / "labs" / LAB, ROOT / "solutions" / LAB / f"{LAB}.ipynb")
    return [
        Pupil(
            name=f"{LAST[i // len(FIRST)]}, {FIRST[i % len(FIRST)]}",
            number=4000 + i,
            login=f"login{i:02}",
            member=members[i % len(members)],
            late=i % 10 == 9,
        )
        for i in range(N_STUDENTS)
    ]


def write_download(file: Path, pupils: list[Pupil]) -> None:
    """Write the zip that Canvas gives for an assignment."""
    released = json.loads((ROOT / "notebooks" / LAB / f"{LAB}.ipynb").read_text())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for pupil in pupils:
            name = re.sub(r"[\W_]", "", pupil.name.lower())
            late = "LATE_" if pupil.late else ""
            packed.writestr(
                f"{name}_{late}{pupil.number}_{90000 + pupil.number}_{LAB}.ipynb",
                json.dumps(answered(released, pupil.member.answers)),
            )


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
def followed(tmp_path_factory: pytest.TempPathFactory, worker_id: str, pupils: list[Pupil]) -> Path:
    """A copy of the repository in which somebody has followed the page."""
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap: the page's commands grade in the sandbox")
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    root = shared / "page" / "coursekit"
    with (shared / "page.lock").open("w") as lock:
        # The processes that run tests side by side share one copy.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            copy_repository(root)
            write_download(root / "canvas-submissions.zip", pupils)
            write_gradebook(root / "canvas-gradebook.csv", pupils)
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
    commands = "".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
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
    assert len(records) == N_STUDENTS
    assert {record["status"] for record in records.values()} == {"graded"}
    full = sum(pupil.member.student == "reference" or pupil.member.student.startswith("right") for pupil in pupils)
    assert sum(record["score"] == record["max_score"] for record in records.values()) == full
    untouched = sum(pupil.member.student == "untouched" for pupil in pupils)
    assert sum(record["score"] == 0 for record in records.values()) == untouched


def test_everybody_gets_feedback(followed: Path, records: Mapping[str, dict]) -> None:  # type: ignore[type-arg]
    pages = {path.parts[-3] for path in (followed / "autograde" / "feedback").glob(f"*/{LAB}/{LAB}.html")}
    assert pages == set(records)


def test_the_report_shows_everybody(followed: Path, records: Mapping[str, dict]) -> None:  # type: ignore[type-arg]
    page = (followed / "results" / "report.html").read_text()
    assert all(student in page for student in records)


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
    exported = {int(row[1]): float(row[column]) for row in rows}
    assert list(exported) == [pupil.number for pupil in pupils]
    # The hand-graded answer counts nothing as yet, and nobody's hidden neighbour has changed places with them.
    by_member: dict[str, set[float]] = {}
    for pupil in pupils:
        by_member.setdefault(pupil.member.student, set()).add(exported[pupil.number])
    assert all(len(scores) == 1 for scores in by_member.values())
    assert by_member["reference"] == {20.0}
    assert by_member["untouched"] == {0.0}
    scores = sorted(record["score"] for record in records.values())
    assert sorted(exported.values()) == pytest.approx(scores, abs=0.005)  # Canvas gets two decimals


def test_a_dry_run_on_unchanged_checks_changes_nobody(followed: Path) -> None:
    assert re.search(rf"\b{N_STUDENTS}\b.*unchanged|no score would change", (followed / "said.txt").read_text(), re.I)
