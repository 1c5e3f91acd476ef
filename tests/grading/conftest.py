"""A small class, handed in and graded once for the tests that only look at the outcome."""

import json
import os
import shutil
from pathlib import Path

import pytest

from coursekit.demo import make_course
from coursekit.grading import grade
from coursekit.variants import answered, load_variants, solution_sources

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"


def pytest_collection_modifyitems(items):
    # What nbgrader and Jupyter warn of among themselves is not ours to mend.
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))
        item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
        item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
        item.add_marker(pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"))


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch, tmp_path_factory):
    """Keep the user's Jupyter settings, and what an earlier test set, out of the tests."""
    monkeypatch.delenv("COURSEKIT_HIDDEN", raising=False)
    for variable in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path_factory.mktemp("jupyter")))


@pytest.fixture(scope="session")
def reference():
    """The reference answers, by exercise."""
    return solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text()))


@pytest.fixture(scope="session")
def variants():
    """The kept right and wrong answers, by their full name."""
    return {str(variant): variant.source for variant in load_variants(ROOT / "autograde" / "variants" / LAB)}


@pytest.fixture
def course(tmp_path):
    """An empty course of one lab."""
    folder = tmp_path / "course"
    make_course(folder, lab=LAB, root=ROOT)
    (folder / "submitted").mkdir()
    return folder


def notebook_with(answers, folder):
    """Return the released notebook as JSON, with answers."""
    return answered(json.loads((folder / "release" / LAB / f"{LAB}.ipynb").read_text()), answers)


def put(folder, student, answers, *, timestamp="2026-01-31 12:00:00 UTC"):
    """Put a notebook with answers among a course's submissions."""
    place = folder / "submitted" / student / LAB
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{LAB}.ipynb").write_text(json.dumps(notebook_with(answers, folder)))
    (place / "timestamp.txt").write_text(timestamp)
    return place / f"{LAB}.ipynb"


@pytest.fixture
def hand_in():
    """Put a notebook with answers among a course's submissions."""
    return put


@pytest.fixture(scope="session")
def graded(tmp_path_factory, reference, variants):
    """A course in which a class of all sorts has been graded, and the outcome."""
    folder = tmp_path_factory.mktemp("class") / "course"
    make_course(folder, lab=LAB, root=ROOT)
    put(folder, "right", reference)
    put(folder, "wrong", reference | {"softmax": variants["softmax-wrong-whole_matrix"]})
    put(folder, "untouched", {})
    put(folder, "dies", reference | {"softmax": "import os\nos._exit(1)"})
    put(folder, "exits", reference | {"softmax": "def softmax(Z):\n    raise SystemExit"})
    put(folder, "noisy", reference | {"scores": "import sys\nprint('x', file=sys.stderr)\n" + reference["scores"]})
    unusual(folder)
    before = Path.cwd()
    outcome = grade(LAB, course=folder, jobs=2)
    assert Path.cwd() == before
    return folder, outcome


def unusual(folder):
    """Add to a course's submissions everything but notebooks."""
    submitted = folder / "submitted"
    (submitted / "stray.txt").write_text("not a student")
    (submitted / "empty-lab" / LAB).mkdir(parents=True)
    (submitted / "no-lab").mkdir()
    for student, content in {
        "truncated": b'{"cells": [',
        "latin": "é".encode("utf-16"),
        "nbformat-99": b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
    }.items():
        place = submitted / student / LAB
        place.mkdir(parents=True)
        (place / f"{LAB}.ipynb").write_bytes(content)
    (submitted / "folder" / LAB / f"{LAB}.ipynb").mkdir(parents=True)
    (submitted / "pipe" / LAB).mkdir(parents=True)
    os.mkfifo(submitted / "pipe" / LAB / f"{LAB}.ipynb")
    (submitted / "linked-file" / LAB).mkdir(parents=True)
    (submitted / "linked-file" / LAB / f"{LAB}.ipynb").symlink_to(submitted / "right" / LAB / f"{LAB}.ipynb")
    (submitted / "linked-lab").mkdir()
    (submitted / "linked-lab" / LAB).symlink_to(submitted / "right" / LAB)
    (submitted / "linked-student").symlink_to(submitted / "right")


@pytest.fixture
def copied(graded, tmp_path):
    """The graded course, in a copy that a test may change."""
    folder = tmp_path / "copied"
    shutil.copytree(graded[0], folder, symlinks=True, ignore=shutil.ignore_patterns("pipe"))
    return folder
