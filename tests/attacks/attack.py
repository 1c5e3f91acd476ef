"""What an attack is, and the class in which it is mounted."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from coursekit.cells import solution_sources
from coursekit.demo import make_course
from coursekit.variants import answered

Notebook: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"
#: The exercises that the cut-down lab keeps.
EXERCISES = ("scores", "softmax", "cross_entropy")
#: Small, so that what is endless ends soon.
LIMITS = {"cell_s": 3, "call_s": 1.5, "submission_s": 12, "memory_mib": 512, "processes": 48, "scratch_mib": 32}
#: The wrong answer that most attacks want to have taken for right: each column mixes the rows.
WRONG = "def softmax(Z):\n    E = np.exp(Z - Z.max())\n    return E / E.sum()\n"
KINDS = {
    "forging": "forge the verdict",
    "secrets": "read secrets, change the surroundings",
    "exhaustion": "use everything up",
    "malformed": "hand in what is no notebook",
    "folder": "booby-trap the folder",
    "feedback": "attack who reads the feedback",
    "subject": "cheat at the subject",
}


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    Attributes:
        kind: Its class, one of :data:`KINDS`.
        name: What it does, in short.
        cause: A regular expression that the record must match somewhere: its status, message or a check's message.
        softmax: Its answer to `softmax`.
        cell: An extra cell before all exercises.
        last: An extra cell after all exercises.
        mangle: Changes the notebook; may return bytes to be written in its place.
        trap: Changes the submission's folder, once the notebook is in it.
        twin: The answer to `softmax` of the honest twin; the attack's own unless given.
        sandboxed: Whether it takes the sandbox to stop it.
        plain: Whether it is shown against plain nbgrader, too.
    """

    kind: str
    name: str
    cause: str
    softmax: str = WRONG
    cell: str = ""
    last: str = ""
    mangle: Callable[[Notebook], bytes | None] | None = field(default=None, repr=False)
    trap: Callable[[Path], None] | None = field(default=None, repr=False)
    twin: str = WRONG
    sandboxed: bool = False
    plain: bool = False

    @property
    def student(self) -> str:
        """The id of who mounts it."""
        return f"{_id(self.name)}-attack"

    @property
    def honest(self) -> str:
        """The id of the twin, who hands in the same wrong answer and nothing else."""
        return f"{_id(self.name)}-twin"


def _id(name: str) -> str:
    return name.replace(" ", "-").replace("'", "")


def make_small_course(folder: Path) -> None:
    """Make a course whose lab is cut down to a few exercises."""
    make_course(folder, lab=LAB, root=ROOT)
    for version in ("source", "release"):
        file = folder / version / LAB / f"{LAB}.ipynb"
        notebook = json.loads(file.read_text(encoding="utf-8"))
        notebook["cells"] = [cell for cell in notebook["cells"] if _is_kept(cell)]
        file.write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "submitted").mkdir()


def reference() -> dict[str, str]:
    """Return the reference answers to the exercises that are kept."""
    answers = solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8")))
    return {slug: answers[slug] for slug in EXERCISES}


def hand_in(course: Path, student: str, answers: Mapping[str, str]) -> Path:
    """Hand in a notebook; return its file."""
    released = json.loads((course / "release" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8"))
    file = course / "submitted" / student / LAB / f"{LAB}.ipynb"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(answered(released, answers)), encoding="utf-8")
    (file.parent / "timestamp.txt").write_text("2026-01-31 12:00:00 UTC", encoding="utf-8")
    return file


def hand_in_honestly(course: Path, attacks: Iterable[Attack]) -> None:
    """Hand in for the twins, and for neighbours who have nothing to do with any attack."""
    right = reference()
    for attack in attacks:
        hand_in(course, attack.honest, {"scores": right["scores"], "softmax": attack.twin})
    for i in range(6):
        hand_in(course, f"neighbour-{i}", right if i % 2 else {"scores": right["scores"]})


def mount(course: Path, attack: Attack) -> None:
    """Hand in an attack."""
    file = hand_in(course, attack.student, {"scores": reference()["scores"], "softmax": attack.softmax})
    notebook = json.loads(file.read_text(encoding="utf-8"))
    at = next(i for i, cell in enumerate(notebook["cells"]) if cell["metadata"].get("nbgrader"))
    notebook["cells"][at:at] = [code(attack.cell)] if attack.cell else []
    notebook["cells"] += [code(attack.last)] if attack.last else []
    content = attack.mangle(notebook) if attack.mangle is not None else None
    file.write_bytes(content if content is not None else json.dumps(notebook).encode())
    if attack.trap is not None:
        attack.trap(file)


@contextmanager
def cluster() -> Iterator[str]:
    """Start a Dask cluster of two workers on this machine; give its scheduler's address."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as started:
        yield str(started.scheduler_address)


def code(source: str) -> Notebook:
    """Return a code cell."""
    cell: Notebook = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    return cell


def cell_of(notebook: Notebook, name: str) -> Notebook:
    """Return the cell with a grade_id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def copied(value: Any) -> Any:
    """Return a copy that shares nothing."""
    return copy.deepcopy(value)


def _is_kept(cell: Notebook) -> bool:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    if grade_id:
        return grade_id.removeprefix("check_") in EXERCISES
    return cell["cell_type"] == "code" and "import numpy" in "".join(cell["source"])
