"""Notebooks as they come back from students' own machines: what is edited, and what the work deserves.

A case is a lab's released notebook with right answers in it and one small edit. The labs are cut down to a few
exercises each, so that a notebook runs in a kernel within seconds.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from coursekit.cells import solution_sources
from coursekit.demo import make_course
from coursekit.variants import answered

Notebook: TypeAlias = dict[str, Any]
Cell: TypeAlias = dict[str, Any]
#: What is handed in: the notebook after the edit, or its file's bytes, or files by their names within the lab's folder.
Handed: TypeAlias = Notebook | bytes | Mapping[str, bytes]

#: Changes a notebook in place, or returns what is handed in instead.
Edit: TypeAlias = Callable[[Notebook], Handed | None]

ROOT = Path(__file__).parents[2]


class Cut(NamedTuple):
    """What is kept of a lab.

    Attributes:
        exercises: Their slugs, in the order of the lab.
        looks: The beginnings of the cells to look at that are kept.
    """

    exercises: tuple[str, ...]
    looks: tuple[str, ...]


CUTS = {
    "00_numpy": Cut(
        ("simple_interest", "positive_part", "one_hot", "pairwise_sq_dists", "read_idx"),
        ("from coursekit.datasets.digits", "import struct"),
    ),
    "01_softmax": Cut(
        ("scores", "softmax", "cross_entropy", "softmax_gradient", "predict"),
        ("mnist = load_mnist()", "rng = np.random.default_rng(0)\nW_random", "try:\n    import torch"),
    ),
    "02_backprop": Cut(
        ("add_gate", "neuron", "topological_order", "matmul_backward"), ("class Step", "def make_moons")
    ),
    "03_mlp": Cut(("sigmoid", "d_sigmoid", "relu", "count_parameters", "sgd_step"), ("mnist = load_mnist()",)),
    "04_cnn": Cut(("correlate2d", "conv_output_size", "conv_macs"), ("slide = np.array",)),
    "05_gemm": Cut(("flops", "bytes_moved", "peak_flops", "roofline"), ("processor = bench",)),
}


@dataclass(frozen=True)
class Case:
    """One submission.

    Attributes:
        name: What is odd about it, in short.
        lab: The lab's stem.
        edit: Changes a notebook with right answers in place, and returns None, or returns what is handed in instead.
        deserves: What an exercise deserves that does not deserve all its points: ``"none"`` or ``"part"``.
        said: A regular expression that the row's message must match; empty if the message must be empty.
        told: Likewise, what the student's graded notebook must say on top; as ``said`` unless given.
        status: The row's status.
        by_check: What checks must say, a regular expression by exercise: some message of the exercise must match.
        kernel: Whether the same notebook, run in a kernel from top to bottom, shows the same verdicts.
    """

    name: str
    lab: str
    edit: Edit = field(repr=False)
    deserves: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    told: str | None = None
    status: str = "graded"
    by_check: Mapping[str, str] = field(default_factory=dict)
    kernel: bool = False

    @property
    def student(self) -> str:
        """The id of who hands it in."""
        return "-".join(self.name.replace("'", "").replace("`", "").split())

    def __str__(self) -> str:
        return f"{self.lab[:2]}-{self.student}"


def released(lab: str) -> Notebook:
    """Return the cut lab's notebook as students get it."""
    return cut(_read("notebooks", lab), lab)


def finished(lab: str) -> Notebook:
    """Return the cut lab's notebook with a right answer in every solution cell."""
    return answered(released(lab), reference(lab))


@functools.cache
def reference(lab: str) -> Mapping[str, str]:
    """Return the right answers of a cut lab, by exercise."""
    answers = solution_sources(_read("solutions", lab))
    return {slug: answers[slug] for slug in CUTS[lab].exercises}


def cut(notebook: Notebook, lab: str) -> Notebook:
    """Return a lab's notebook with what is kept of it."""
    kept = CUTS[lab]
    found = [cell for cell in notebook["cells"] if _is_kept(cell, kept)]
    looks = [cell for cell in found if "explore" in cell["metadata"].get("tags", [])]
    assert len(looks) == len(kept.looks), f"{lab} has other cells to look at"
    return {**notebook, "cells": found}


def make_cut_course(folder: Path, lab: str) -> None:
    """Make a course for a cut lab."""
    make_course(folder, lab=lab, root=ROOT)
    for version in ("source", "release"):
        file = folder / version / lab / f"{lab}.ipynb"
        file.write_text(json.dumps(cut(json.loads(file.read_text(encoding="utf-8")), lab)), encoding="utf-8")
    (folder / "submitted").mkdir()


def hand_in(course: Path, case: Case) -> None:
    """Put a case among a course's submissions."""
    place = course / "submitted" / case.student / case.lab
    for name, content in files_of(case).items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def files_of(case: Case) -> dict[str, bytes]:
    """Return what is handed in, by the names of the files within the lab's folder."""
    notebook = finished(case.lab)
    changed = case.edit(notebook)
    handed: Handed = notebook if changed is None else changed
    if isinstance(handed, bytes):
        return {f"{case.lab}.ipynb": handed}
    if "nbformat" in handed:
        return {f"{case.lab}.ipynb": json.dumps(handed).encode()}
    return dict(handed)


def cell_of(notebook: Notebook, name: str) -> Cell:
    """Return the cell with a grade_id, or else the first code cell whose text begins so."""
    cells: list[Cell] = notebook["cells"]
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            return cell
    return next(c for c in cells if c["cell_type"] == "code" and text_of(c).startswith(name))


def setup_of(notebook: Notebook) -> Cell:
    """Return the cell with the lab's imports."""
    cells: list[Cell] = notebook["cells"]
    return next(c for c in cells if "checks_for" in text_of(c) and c["cell_type"] == "code")


def text_of(cell: Cell) -> str:
    """Return a cell's text."""
    return "".join(cell["source"])


def code(source: str, **metadata: Any) -> Cell:
    """Return a code cell of the student's own."""
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def before(notebook: Notebook, name: str, source: str, **metadata: Any) -> None:
    """Put a cell of the student's own above another."""
    notebook["cells"].insert(notebook["cells"].index(cell_of(notebook, name)), code(source, **metadata))


def after(notebook: Notebook, name: str, source: str, **metadata: Any) -> None:
    """Put a cell of the student's own below another."""
    notebook["cells"].insert(notebook["cells"].index(cell_of(notebook, name)) + 1, code(source, **metadata))


def answer(notebook: Notebook, slug: str, source: str) -> None:
    """Put another text into an exercise's solution cell."""
    cell_of(notebook, slug)["source"] = source


def stub(notebook: Notebook, slug: str, lab: str) -> None:
    """Put an exercise's solution cell back as it was released."""
    answer(notebook, slug, text_of(cell_of(released(lab), slug)))


def _is_kept(cell: Cell, kept: Cut) -> bool:
    tags, name = cell["metadata"].get("tags", []), cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    if name:
        return name.removeprefix("check_") in kept.exercises
    if "explore" in tags:
        return text_of(cell).startswith(kept.looks)
    return cell["cell_type"] == "code" and "colab" not in tags


@functools.cache
def _read(kind: str, lab: str) -> Notebook:
    notebook: Notebook = json.loads((ROOT / kind / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    return notebook
