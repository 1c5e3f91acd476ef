"""The same attacks on plain nbgrader, whose tests run in the student's kernel."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.attacks.attack import LAB, Attack, hand_in, make_small_course, mount, reference

__all__ = ["outcome", "prepared"]

CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'plain'\n"
#: Ordinary autograder tests of the three exercises; students do not get what is between the markers.
TESTS = {
    "scores": """
W, b, X = np.ones((4, 3)), np.arange(3.0), np.arange(8.0).reshape(2, 4)
assert np.shape(scores(W, b, X)) == (2, 3)
### BEGIN HIDDEN TESTS
assert np.allclose(scores(W, b, X), [[6, 7, 8], [22, 23, 24]])
### END HIDDEN TESTS
""",
    "softmax": """
P = softmax(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]))
assert np.allclose(np.sum(P, axis=1), 1)
### BEGIN HIDDEN TESTS
assert np.allclose(P[0], [0.09003057, 0.24472847, 0.66524096])
### END HIDDEN TESTS
""",
    "cross_entropy": """
assert np.isclose(cross_entropy(np.array([[0.5, 0.5]]), np.array([0])), np.log(2))
""",
}
SECRET = "0.24472847"
SIGNATURE = "written by a neighbour"
NEIGHBOURS = ("a-neighbour", "neighbour-1", "z-neighbour")
PATIENCE_S = 120
_MIB = 2**20


def prepared(folder: Path) -> Path:
    """Make a course with ordinary tests, entered into its gradebook, in which only neighbours have handed in."""
    make_small_course(folder)
    shutil.rmtree(folder / "hidden")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    source = folder / "source" / LAB / f"{LAB}.ipynb"
    notebook = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        slug = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removeprefix("check_")
        if slug in TESTS and cell["metadata"]["nbgrader"]["grade"]:
            cell["source"] = TESTS[slug]
    source.write_text(json.dumps(notebook), encoding="utf-8")
    _nbgrader(folder, "generate_assignment", LAB, "--force")
    answers = reference()
    for student in NEIGHBOURS:
        hand_in(folder, student, answers | {"scores": f"# {SIGNATURE}\n{answers['scores']}"})
    return folder


def outcome(course: Path, attack: Attack, folder: Path) -> str:
    """Mount an attack in a copy of a course, have nbgrader grade it, and say what came of it."""
    shutil.copytree(course, folder)
    hand_in(folder, attack.honest, {"scores": reference()["scores"], "softmax": attack.twin})
    mount(folder, attack)
    ended = _nbgrader(folder, "autograde", LAB)
    # A daemon may wait for its moment: the last student's.
    left = _left_in(folder)
    _nbgrader(folder, "generate_feedback", LAB)
    scores = _scores(folder)
    found = list(_damage(folder, attack, scores))
    found += ["the class did not come to an end"] if not ended else []
    found += ["a process goes on running"] if left else []
    for pid in left:
        # It may have ended by itself meanwhile.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return "; ".join(found) or "held"


def _damage(folder: Path, attack: Attack, scores: dict[str, float]) -> Iterator[str]:
    mine, honest = scores.get(attack.student, 0.0), scores.get(attack.honest, 0.0)
    if mine > honest:
        yield f"score {honest:g} became {mine:g}"
    if mine < honest:
        yield f"score {honest:g} became {mine:g}, without a word"
    changed = [student for student in NEIGHBOURS if scores.get(student) != 6]
    if changed:
        yield f"{len(changed)} of {len(NEIGHBOURS)} neighbours have other grades"
    graded = folder / "autograded" / attack.student / LAB / f"{LAB}.ipynb"
    if not graded.is_file():
        yield "not graded, no row that says why"
        return
    size = graded.stat().st_size
    if size > 10 * _MIB:
        yield f"a notebook of {size // _MIB} MB"
    shown = [cell.get("outputs") for cell in json.loads(graded.read_text(encoding="utf-8"))["cells"]]
    if any(SECRET in text for text in _printed(shown)):
        yield "the hidden tests are copied out"
    if any(SIGNATURE in text for text in _printed(shown)):
        yield "a neighbour's work is copied out"
    page = folder / "feedback" / attack.student / LAB / f"{LAB}.html"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if "<script>pwned" in text or 'onload="pwned' in text or "onerror=pwned" in text:
        yield "the script is in the feedback page"


def _printed(outputs: list[list[dict[str, object]] | None]) -> Iterator[str]:
    for cell in outputs:
        for output in cell or ():
            if output["output_type"] == "stream":
                yield "".join(output["text"])  # type: ignore[arg-type]


def _scores(folder: Path) -> dict[str, float]:
    """Return what the gradebook says, by student."""
    query = """
        select submitted_assignment.student_id, sum(coalesce(grade.manual_score, grade.auto_score, 0)) from grade
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
        group by submitted_assignment.student_id
    """
    with sqlite3.connect(folder / "gradebook.db") as database:
        return {student: float(score) for student, score in database.execute(query)}


def _nbgrader(folder: Path, *arguments: str) -> bool:
    """Run nbgrader, with all that it starts in a group of its own; tell whether it came to an end."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with subprocess.Popen(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return False
    return True


def _left_in(folder: Path) -> list[int]:
    """List the processes that run in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve().is_relative_to(folder):
                found.append(int(process.name))
        except OSError:
            continue
    return found
