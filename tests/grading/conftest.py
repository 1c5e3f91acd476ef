"""A small class of all sorts, handed in and graded once for the tests that only look at the outcome."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from coursekit.cells import solution_sources
from coursekit.demo import make_course
from coursekit.grading import GradedClass, Record, grade
from coursekit.variants import answered, load_variants
from tests.conftest import Once

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"
WHEN = "2026-01-31 12:00:00 UTC"
#: What grading adds to its notes where students' code cannot be kept in.
UNSANDBOXED = "graded without a sandbox (--sandbox none): students' code could do all that you can"
HandIn = Callable[..., Path]


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's own Jupyter and IPython settings out of the tests."""
    for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path_factory.getbasetemp() / "jupyter"))


@pytest.fixture(scope="session")
def reference() -> dict[str, str]:
    """The reference answers, by exercise."""
    return solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text()))


@pytest.fixture(scope="session")
def variants() -> Mapping[str, str]:
    """The kept right and wrong answers, by their full name."""
    return {str(variant): variant.source for variant in load_variants(ROOT / "labs" / LAB)}


@pytest.fixture
def sandboxless() -> tuple[str, ...]:
    """The note that ends all others where this machine has no sandbox; nothing where it has one."""
    return () if shutil.which("bwrap") else (UNSANDBOXED,)


@pytest.fixture
def course(tmp_path: Path, gradable: Callable[[Path], None]) -> Path:
    """A course of one lab, in which nobody has handed in anything."""
    folder = tmp_path / "course"
    make_course(folder, lab=LAB, root=ROOT)
    gradable(folder)
    (folder / "submitted").mkdir()
    return folder


def put(folder: Path, student: str, answers: Mapping[str, str], *, timestamp: str = WHEN) -> Path:
    place = folder / "submitted" / student / LAB
    place.mkdir(parents=True, exist_ok=True)
    released = json.loads((folder / "release" / LAB / f"{LAB}.ipynb").read_text())
    (place / f"{LAB}.ipynb").write_text(json.dumps(answered(released, answers)))
    (place / "timestamp.txt").write_text(timestamp)
    return place / f"{LAB}.ipynb"


@pytest.fixture
def hand_in() -> HandIn:
    """A function that puts a notebook with answers among a course's submissions, and returns its path."""
    return put


@pytest.fixture(scope="session")
def graded(
    once: Once,
    reference: dict[str, str],
    variants: Mapping[str, str],
    gradable: Callable[[Path], None],
) -> tuple[Path, GradedClass]:
    """A course in which a class of all sorts has been graded, and the outcome; not to be changed."""

    def fill(place: Path) -> None:
        make_course(place / "course", lab=LAB, root=ROOT)
        gradable(place / "course")
        join(place / "course", reference, variants)
        (place / "outcome.pickle").write_bytes(pickle.dumps(grade(LAB, course=place / "course", jobs=2)))

    place = once("class", fill)
    return place / "course", pickle.loads((place / "outcome.pickle").read_bytes())


def join(folder: Path, reference: dict[str, str], variants: Mapping[str, str]) -> None:
    """Hand in for a class of all sorts."""
    put(folder, "right", reference | {"why_templates_fail": "Horses look both ways."})
    put(folder, "wrong", reference | {"softmax": variants["softmax-wrong-whole_matrix"]})
    put(folder, "untouched", {})
    put(folder, "dies", reference | {"softmax": "import os\nos._exit(1)"})
    put(folder, "exits", reference | {"softmax": "def softmax(Z):\n    raise SystemExit"})
    put(folder, "noisy", reference | {"scores": "import sys\nprint('x', file=sys.stderr)\n" + reference["scores"]})
    submitted = folder / "submitted"
    (submitted / "stray.txt").write_text("not a student")
    (submitted / "empty-lab" / LAB).mkdir(parents=True)
    (submitted / "no-lab").mkdir()
    for student, content in {"truncated": '{"cells": [', "markup": "<script>"}.items():
        put(folder, student, {}).write_text(content)
    cells_gone = put(folder, "cells-gone", {})
    notebook = json.loads(cells_gone.read_text())
    cells_gone.write_text(json.dumps(notebook | {"cells": notebook["cells"][:4]}))
    put(folder, "pipe", {}).unlink()
    os.mkfifo(submitted / "pipe" / LAB / f"{LAB}.ipynb")
    (submitted / "linked").symlink_to(submitted / "right")


@pytest.fixture(scope="session")
def mixed_class(
    tmp_path_factory: pytest.TempPathFactory, gradable: Callable[[Path], None], reference: Mapping[str, str]
) -> tuple[Path, GradedClass]:
    """A course in which students have handed in one answer each, in files of all sorts, graded; not to be changed."""
    course = tmp_path_factory.mktemp("mixed") / "course"
    make_course(course, lab=LAB, root=ROOT)
    gradable(course)
    some = {"scores": reference["scores"]}

    def mangled(student: str, *names: str, content: Callable[[bytes], bytes] = bytes) -> None:
        file = put(course, student, some)
        written = content(file.read_bytes())
        file.unlink()
        for name in names:
            (file.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (file.parent / name).write_bytes(written)

    mangled("bom", f"{LAB}.ipynb", content=lambda content: b"\xef\xbb\xbf" + content)
    mangled("utf16", f"{LAB}.ipynb", content=lambda content: content.decode().encode("utf-16"))
    mangled("renamed", "01_softmax (1).ipynb")
    mangled("nested", f"downloads/{LAB}.ipynb")
    mangled("page", f"{LAB}.ipynb", content=lambda _: b"<!DOCTYPE html><title>GitHub</title>")
    mangled("script", "01_softmax.py", content=lambda _: b"import numpy\n")
    mangled("cut-short", f"{LAB}.ipynb", content=lambda content: content[:3000])
    mangled("nothing")
    beside = put(course, "beside", {})
    put(course, "x", some).rename(beside.with_name("01_softmax-Copy1.ipynb"))
    for name in ("timestamp.txt", "."):
        place = course / "submitted" / "x" / LAB / name
        place.unlink() if place.is_file() else place.rmdir()
    (course / "submitted" / "x").rmdir()
    return course, grade(LAB, course=course, jobs=1)


@pytest.fixture
def copied(graded: tuple[Path, GradedClass], tmp_path: Path) -> Path:
    """The graded course, in a copy that a test may change."""
    folder = tmp_path / "copied"
    shutil.copytree(graded[0], folder, symlinks=True, ignore=shutil.ignore_patterns("pipe"))
    return folder


@pytest.fixture
def records(graded: tuple[Path, GradedClass]) -> Mapping[str, Record]:
    """What grading said of the class, by student."""
    return {record.student: record for record in graded[1].records}


@pytest.fixture
def gradebook() -> Callable[[Path], Any]:
    """A function that opens a course's gradebook."""
    from nbgrader.api import Gradebook

    return lambda folder: Gradebook(f"sqlite:///{folder}/gradebook.db", "coursekit")


@pytest.fixture
def no_umask() -> Iterator[None]:
    """Let new files be as open as a program makes them."""
    before = os.umask(0)
    yield
    os.umask(before)
