"""What it costs to grade a submission, beside plain nbgrader, which grades the same submissions in the same run.

Four measurements, all in temporary folders:

1. *Side by side.* The same submission, handed in by many, is graded by `nbgrader autograde` as nbgrader ships it and by
   `coursekit grade` with its sandbox, in turn, several times; both write the gradebook and the executed notebooks.
   Two notebooks: a small one that imports numpy, torch and matplotlib, has two exercises and draws one figure, and the
   whole of lab 01. Seconds per submission are the whole command's time, starting up and all, over the class's size;
   coursekit's class is ten times as large. The ratio is that of the medians. Memory is looked at in a round of its
   own. nbgrader runs the checks that are visible to students only; coursekit also runs the hidden ones.
2. *Growth.* `coursekit grade` on 10 to 1,000 submissions of the small notebook: time per submission and peak memory.
3. *Parts.* The small notebook with and without the sandbox, and with and without the checks.
4. *Seals.* What keeps submissions apart, by itself: the notebook read in the grader and in the process that reads for
   it, and a submission of one empty cell in the sandbox, with its folders mounted and its processes swept.

The bar: 25 times nbgrader's speed on the small notebook.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from machine import header

from coursekit.cells import solution_sources
from coursekit.demo import make_course
from coursekit.grading.reading import opened, read_notebook
from coursekit.grading.sandbox import Sandbox
from coursekit.grading.submission import SubmittedFile
from coursekit.variants import answered

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
LAB = "01_softmax"
BAR = 25.0
KEPT_EXERCISES = ("scores", "softmax")
FIGURE = "import torch\nplt.plot(torch.linspace(0, 1, 100) ** 2)\nplt.title('a figure')\nplt.show()"
PLAIN_CONFIG = (
    "c = get_config()\nc.CourseDirectory.course_id = 'plain'\nc.CourseDirectory.db_url = 'sqlite:///gradebook.db'\n"
)


class Measured(NamedTuple):
    """What a command took.

    Attributes:
        seconds: From its start to its end.
        peak_mib: The most memory that it and all that it started held at one time, shared pages counted once.
    """

    seconds: float
    peak_mib: float


def main() -> None:
    """Measure, print, and keep the raw figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each side grades its class (default: 3)")
    parser.add_argument("--students", type=int, default=10, help="size of nbgrader's class (default: 10)")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10, 30, 100, 300, 1000], help="class sizes for growth")
    options = parser.parse_args()
    outcome: dict[str, Any] = {"machine": header("nbgrader", "numpy", "torch", "matplotlib")}
    print(json.dumps(outcome["machine"], indent=1))
    with tempfile.TemporaryDirectory(prefix="coursekit-bench-") as folder:
        place = Path(folder)
        outcome["side by side"] = {
            name: side_by_side(place / name, small=name == "small", rounds=options.rounds, students=options.students)
            for name in ("small", "lab")
        }
        outcome["growth"] = growth(place / "growth", options.sizes)
        outcome["parts"] = parts(place / "parts", options.rounds)
        outcome["seals"] = seals(place / "seals")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "grading.json").write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")
    ratio = outcome["side by side"]["small"]["ratio"]
    print(f"\n{ratio:.1f} times nbgrader's speed on the small notebook; the bar is {BAR:g}.")
    sys.exit(0 if ratio >= BAR else 1)


def side_by_side(place: Path, *, small: bool, rounds: int, students: int) -> dict[str, Any]:
    """Grade one class with nbgrader and one, ten times as large, with coursekit, in turn."""
    ours, theirs = course(place / "ours", small=small), plain_course(place / "theirs", small=small)
    hand_in(ours, 10 * students)
    hand_in(theirs, students)
    seconds: dict[str, list[float]] = {"nbgrader": [], "coursekit": []}
    memory: dict[str, float] = {}
    print(f"\n{place.name} notebook: nbgrader grades {students}, coursekit {10 * students}; {rounds} rounds in turn")
    # To look at memory holds up the processes that it is looked at in: the first round is for that alone.
    for timed in (False, *[True] * rounds):
        for name, folder, n in (("nbgrader", theirs, students), ("coursekit", ours, 10 * students)):
            forget(folder)
            done = (grade if name == "coursekit" else autograde)(folder, watched=not timed)
            if timed:
                seconds[name].append(done.seconds / n)
            else:
                memory[name] = done.peak_mib
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    ratio = medians["nbgrader"] / medians["coursekit"]
    for name, values in seconds.items():
        spread = f"{min(values):.3f} to {max(values):.3f}"
        print(f"  {name:10} {medians[name]:7.3f} s per submission ({spread}), {memory[name]:6.0f} MiB at most")
    print(f"  ratio      {ratio:7.1f}")
    return {"seconds per submission": seconds, "peak MiB": memory, "ratio": ratio}


def growth(place: Path, sizes: list[int]) -> list[dict[str, float]]:
    """Grade classes of several sizes."""
    print("\nsmall notebook, class by class\n  students   seconds   s per submission   peak MiB")
    rows = []
    for size in sizes:
        folder = course(place / str(size), small=True)
        hand_in(folder, size)
        done = grade(folder, watched=True)
        rows.append({"students": size, "seconds": done.seconds, "peak MiB": done.peak_mib})
        print(f"  {size:8} {done.seconds:9.1f} {done.seconds / size:18.3f} {done.peak_mib:10.0f}")
        shutil.rmtree(folder)
    return rows


def parts(place: Path, rounds: int) -> dict[str, list[float]]:
    """Take the sandbox away, then the checks, and see what they cost."""
    n = 100
    whole, unchecked = course(place / "whole", small=True), course(place / "unchecked", small=True, checks=False)
    for folder in (whole, unchecked):
        hand_in(folder, n)
    kinds = {
        "sandbox and checks": (whole, ()),
        "checks, no sandbox": (whole, ("--sandbox", "none")),
        "sandbox, no checks": (unchecked, ()),
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    print(f"\nsmall notebook, {n} students, {rounds} rounds in turn")
    for _ in range(rounds):
        for kind, (folder, options) in kinds.items():
            forget(folder)
            seconds[kind].append(grade(folder, *options).seconds / n)
    for kind, values in seconds.items():
        print(f"  {kind:20} {1000 * statistics.median(values):7.1f} ms per submission")
    return seconds


def seals(place: Path, *, n: int = 50) -> dict[str, float]:
    """Time what keeps submissions apart, in turn; return medians in milliseconds per submission."""
    folder = course(place, small=True)
    hand_in(folder, 1)
    released = json.dumps(nbformat.read(folder / "release" / LAB / f"{LAB}.ipynb", as_version=4))
    content = next((folder / "submitted").glob(f"*/{LAB}/{LAB}.ipynb")).read_bytes()
    files = [SubmittedFile(f"{LAB}.ipynb", content)]
    with contextlib.closing(Sandbox()) as sandbox:
        acts: dict[str, Callable[[], object]] = {
            "read in the grader": lambda: opened([f"{LAB}.ipynb"], LAB, released, [], None, [content]),
            "read apart, within limits": lambda: read_notebook(files, LAB, released),
            "a session in the sandbox": lambda: one_cell(sandbox),
        }
        taken: dict[str, list[float]] = {name: [] for name in acts}
        for _ in range(n):
            for name, act in acts.items():
                began = time.perf_counter()
                act()
                taken[name].append(1000 * (time.perf_counter() - began))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    print(f"\nseals, {n} times in turn")
    for name, value in medians.items():
        print(f"  {name:26} {value:7.1f} ms per submission")
    return medians


def one_cell(sandbox: Sandbox) -> None:
    """Run one empty cell as a submission."""
    with sandbox.session() as session:
        session.run_cell("pass")


def course(folder: Path, *, small: bool, checks: bool = True) -> Path:
    """Make a course for `coursekit grade`."""
    make_course(folder, lab=LAB, root=ROOT)
    if small:
        for version in ("source", "release"):
            make_small(folder / version / LAB / f"{LAB}.ipynb", checks=checks)
    enter_lab(folder)
    return folder


def plain_course(folder: Path, *, small: bool) -> Path:
    """Make a course that knows nothing of coursekit's way of grading."""
    course(folder, small=small)
    (folder / "nbgrader_config.py").write_text(PLAIN_CONFIG)
    enter_lab(folder)
    return folder


def enter_lab(folder: Path) -> None:
    """Enter the lab into the course's gradebook, as `nbgrader generate_assignment` does, and keep that as a start."""
    (folder / "gradebook.db").unlink(missing_ok=True)
    measured(["nbgrader", "generate_assignment", LAB, "--force"], folder)
    shutil.copy(folder / "gradebook.db", folder / "gradebook.empty")


def make_small(notebook: Path, *, checks: bool) -> None:
    """Cut a lab's notebook down to two exercises and a figure."""
    data = json.loads(notebook.read_text(encoding="utf-8"))
    kept = [cell for cell in data["cells"] if is_kept(cell, checks=checks)]
    figure: dict[str, object] = {
        "cell_type": "code",
        "id": "figure",
        "metadata": {},
        "source": FIGURE,
        "outputs": [],
        "execution_count": None,
    }
    notebook.write_text(json.dumps({**data, "cells": [*kept, figure]}), encoding="utf-8")


def is_kept(cell: dict[str, Any], *, checks: bool) -> bool:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    if grade_id:
        slug = grade_id.removeprefix("check_")
        return slug in KEPT_EXERCISES and (checks or slug == grade_id)
    return cell["cell_type"] == "code" and "import numpy" in "".join(cell["source"])


def hand_in(folder: Path, n: int) -> None:
    """Hand in right answers for a number of students."""
    reference = solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8")))
    released = json.loads((folder / "release" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8"))
    answers = {slug: reference[slug] for slug in solution_sources(released)}
    text = json.dumps(answered(released, answers))
    for i in range(n):
        place = folder / "submitted" / f"student-{i:04}" / LAB
        place.mkdir(parents=True)
        (place / f"{LAB}.ipynb").write_text(text, encoding="utf-8")
        (place / "timestamp.txt").write_text("2026-01-31 12:00:00 UTC", encoding="utf-8")


def forget(folder: Path) -> None:
    """Take a course back to where nobody has been graded."""
    shutil.rmtree(folder / "autograded", ignore_errors=True)
    shutil.copy(folder / "gradebook.empty", folder / "gradebook.db")


def autograde(folder: Path, *, watched: bool = False) -> Measured:
    """Grade with nbgrader."""
    return measured(["nbgrader", "autograde", LAB], folder, watched=watched)


def grade(folder: Path, *options: str, watched: bool = False) -> Measured:
    """Grade with coursekit."""
    return measured(["coursekit", "grade", LAB, "--course", ".", *options], folder, watched=watched)


def measured(command: list[str], folder: Path, *, watched: bool = False) -> Measured:
    """Run a program of this environment in a folder; every submission must have been graded.

    Args:
        command: The program's module and what follows it.
        folder: Where to run it.
        watched: Whether to look at its memory, which takes time from it.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        sampler = Sampler(process.pid) if watched else None
        said, _ = process.communicate()
        seconds = time.perf_counter() - began
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{said[-3000:]}")
    return Measured(seconds, sampler.stop() if sampler is not None else 0.0)


class Sampler(threading.Thread):
    """Looks at a process and all that descends from it, a few times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak_mib = 0.0
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        """Sample until told to stop."""
        while not self._over.wait(0.5):
            self.peak_mib = max(self.peak_mib, sum(map(proportional_mib, family(self.pid))))

    def stop(self) -> float:
        """Return the most that was seen, in MiB."""
        self._over.set()
        self.join()
        return self.peak_mib


def family(pid: int) -> Iterator[int]:
    """List a process and its descendants."""
    yield pid
    try:
        children = [
            int(child) for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()
        ]
    except OSError:
        return
    for child in children:
        yield from family(child)


def proportional_mib(pid: int) -> float:
    """Return a process's memory, with shared pages divided among those that share them; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    main()
