"""A small course to build, in a folder of its own."""

from __future__ import annotations

import os
import re
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


EXERCISE = re.compile(
    r"^# %% nbgrader=\{\"grade_id\": \"(\w+)\", \"solution\": true\}.*?^check\(\"\1\"\)\n", re.MULTILINE | re.DOTALL
)


def split_lab(text: str) -> dict[str, str]:
    """Return the files of a lab that is given as one text: an exercise's file holds its two cells."""
    files = {f"{match[1]}.py": match[0] for match in EXERCISE.finditer(text)}
    return {"lab.py": EXERCISE.sub(lambda match: f"# %% exercise {match[1]}\n", text), **files}


@dataclass(frozen=True)
class Course:
    root: Path

    def write(self, text: str = LAB, stem: str = "01_lab") -> Path:
        """Write a lab given as one text, each exercise to a file of its own, and return its folder."""
        folder = self.root / "labs" / stem
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in split_lab(text).items():
            (folder / name).write_text(content, encoding="utf-8")
        return folder

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
    (root / "labs").mkdir(parents=True)
    (root / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{ADDRESS}"\n', encoding="utf-8")
    return Course(root)


@pytest.fixture
def lab() -> str:
    """The source of a lab that breaks no rule: one exercise and its check."""
    return LAB


@pytest.fixture
def findings(tmp_path: Path) -> Callable[[str], list[tuple[int | None, str]]]:
    """A function from a source to what is wrong with it: lines and messages."""
    from coursekit.authoring.lab import read_lab

    def find(text: str) -> list[tuple[int | None, str]]:
        folder = tmp_path / "01_lab"
        folder.mkdir(exist_ok=True)
        (folder / "lab.py").write_text(text, encoding="utf-8")
        found = [(problem.line, problem.message) for problem in read_lab(folder)[1]]
        # The rules are tried on labs in one piece; that exercises have files of their own is tried elsewhere.
        return [(line, message) for line, message in found if "stands in lab.py" not in message]

    return find


@pytest.fixture
def update_golden() -> bool:
    """Whether to rewrite what the golden folders expect: set COURSEKIT_UPDATE_GOLDEN=1, then read the diff."""
    return os.environ.get("COURSEKIT_UPDATE_GOLDEN") == "1"
