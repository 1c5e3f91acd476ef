"""What may lean on what: the package's parts in layers, of which each uses only those below it.

Imports are read from the text, those inside functions included, so that no arrow hides behind a late import.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"

#: From the bottom to the top. The package's front, `coursekit` itself, may name what it offers on first use.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"absent", "cells", "errors", "files", "mutations", "text"}),
    frozenset({"gpu"}),
    frozenset({"checking", "datasets", "extras", "plots"}),
    frozenset({"batches", "bench", "checks", "digitpad", "questions", "speedrun", "training"}),
    frozenset({"authoring"}),
    frozenset({"variants"}),
    frozenset({"grading", "mutants"}),
    frozenset({"feedback", "lms", "report"}),
    frozenset({"doctor"}),
    frozenset({"demo"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
FRONT = ("checking", "datasets", "extras", "questions")

#: The packages from outside that a part may use, beyond Python's own.
OUTSIDE = {
    "checking": {"numpy", "IPython", "matplotlib"},
    # Probes of networks import torch where they run, beside the student's code.
    "checks": {"numpy", "torch"},
    # js is what Pyodide makes of the browser.
    "datasets": {"IPython", "js", "numpy", "pooch", "requests", "tqdm"},
    "gpu": {"numpy"},
    "questions": {"numpy"},
    "plots": {"numpy", "matplotlib", "torch", "IPython"},
    "bench": {"numpy", "matplotlib", "torch"},
}


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in sorted((SRC / "coursekit").rglob("*.py")):
        name = ".".join(path.relative_to(SRC).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def arrows() -> dict[str, frozenset[str]]:
    """The package's modules that each of them imports."""
    found = {}
    for name, path in modules().items():
        ours = {item for item in imported(path) if item.partition(".")[0] == "coursekit"}
        found[name] = frozenset({item if item in modules() else item.rpartition(".")[0] for item in ours} - {name})
    return found


def part(module: str) -> str:
    """The name below `coursekit`; nothing for the package itself."""
    return [*module.split("."), ""][1]


def layer(name: str) -> int:
    return next(i for i, names in enumerate(LAYERS) if name in names)


def test_every_part_has_its_layer() -> None:
    assert {part(module) for module in modules()} - {""} == frozenset().union(*LAYERS)


@pytest.mark.parametrize("name", sorted(frozenset().union(*LAYERS)))
def test_a_part_leans_on_lower_ones_only(name: str) -> None:
    used = {part(target) for module, targets in arrows().items() if part(module) == name for target in targets}
    assert [other for other in sorted(used - {name, ""}) if layer(other) >= layer(name)] == []


def test_the_front_offers_what_notebooks_use() -> None:
    assert {part(target) for target in arrows()["coursekit"]} <= set(FRONT)


def test_nothing_but_the_people_side_stands_on_grading() -> None:
    above = {part(module) for module, targets in arrows().items() if any(part(t) == "grading" for t in targets)}
    assert above - {"grading"} <= {"cli", "demo", "doctor", "feedback", "lms", "report"}


def test_the_import_graph_has_no_circle() -> None:
    left = {module: set(targets) for module, targets in arrows().items()}
    while free := [module for module, targets in left.items() if not targets & left.keys()]:
        for module in free:
            del left[module]
    assert sorted(left) == []


@pytest.mark.parametrize("name", sorted(OUTSIDE))
def test_a_part_for_students_needs_few_packages(name: str) -> None:
    paths = [path for module, path in modules().items() if part(module) == name]
    used = {item.partition(".")[0] for path in paths for item in imported(path)}
    assert used - set(sys.stdlib_module_names) - {"coursekit", "__future__"} <= OUTSIDE[name]


def test_what_runs_students_code_knows_neither_gradebook_nor_checks() -> None:
    code = "import sys, coursekit.grading.sandbox.worker; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {name.partition(".")[0] for name in loaded} & {"distributed", "nbgrader", "sqlalchemy"}
    ours = {name for name in loaded if name.startswith("coursekit.")}
    assert not {name for name in ours if part(name) in {"authoring", "checks", "lms", "report", "variants"}}
    assert "coursekit.grading.gradebook" not in ours
