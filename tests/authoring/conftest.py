"""A small course to build, in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from coursekit.authoring.report import BuildReport

ADDRESS = "https://github.com/someone/course"

LAB = """\
# %% [markdown]
# # A title

# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    ### BEGIN SOLUTION
    twice = x + x
    return twice
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_double", "grade": true, "points": 1}
check("double")
"""


@dataclass(frozen=True)
class Course:
    root: Path

    def write(self, text: str = LAB, stem: str = "01_lab") -> Path:
        path = self.root / "solutions" / f"{stem}.py"
        path.write_text(text, encoding="utf-8")
        return path

    def build(self, **options: bool | tuple[str, ...]) -> BuildReport:
        from coursekit.authoring import build_labs

        return build_labs(self.root, **options)

    def student(self, stem: str = "01_lab") -> Path:
        return self.root / "notebooks" / stem / f"{stem}.ipynb"

    def instructor(self, stem: str = "01_lab") -> Path:
        return self.root / "solutions" / stem / f"{stem}.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course without labs that knows its address."""
    root = tmp_path / "course"
    (root / "solutions").mkdir(parents=True)
    (root / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{ADDRESS}"\n', encoding="utf-8")
    return Course(root)


@pytest.fixture
def lab() -> str:
    """The source of a lab that breaks no rule: one exercise and its check."""
    return LAB


@pytest.fixture
def findings(tmp_path: Path) -> Callable[[str], list[tuple[int | None, str]]]:
    """A function from a source to what is wrong with it: lines and messages."""
    from coursekit.authoring.source import source_problems

    def find(text: str) -> list[tuple[int | None, str]]:
        path = tmp_path / "01_lab.py"
        path.write_text(text, encoding="utf-8")
        return [(problem.line, problem.message) for problem in source_problems(path)]

    return find


@pytest.fixture
def update_golden() -> bool:
    """Whether to rewrite what the golden folders expect: set COURSEKIT_UPDATE_GOLDEN=1, then read the diff."""
    return os.environ.get("COURSEKIT_UPDATE_GOLDEN") == "1"
