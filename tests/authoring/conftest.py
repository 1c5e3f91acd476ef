"""A small course to build, in a folder of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coursekit.authoring.report import BuildReport

#: Finds what is wrong with a source: lines and messages.
Findings = Callable[[str], list[tuple[int | None, str]]]

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


#: A lab with everything that an author may write: its one exercise has checks of both kinds, answers and a survivor.
WHOLE_LAB = {
    "lab.py": '''\
# %% [markdown]
# # A title

# %%
import numpy as np

from coursekit.checking import checks_for

check = checks_for("01_lab")

# %% exercise double

# %% tags=["explore"]
print(double(2))

# %% [markdown]
# ## Why?

# %% visible
"""Visible checks."""

import numpy as np

from coursekit.checking import Student, checks, expect_close

Rng = np.random.Generator

# %% hidden
"""Hidden checks."""

import numpy as np

from coursekit.checking import Student, checks, expect_close

Rng = np.random.Generator
''',
    "double.py": '''\
# %% [markdown]
# ## Twice as much

# %% nbgrader={"grade_id": "double", "solution": true}
def double(x, spare=7):
    # Any way is right.
    ### BEGIN SOLUTION
    twice = x + x
    return twice
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_double", "grade": true, "points": 3}
check("double")

# %% tags=["explore"]
print(double(1))

# %% visible
THREE = 3.0


@checks("double")
def doubles_three(student: Student, rng: Rng) -> None:
    """3 becomes 6."""
    expect_close(student.call("double", THREE), 6.0, hint="Twice.")


# %% hidden
@checks("double")
def doubles_what_is_random(student: Student, rng: Rng) -> None:
    """Random numbers are doubled."""
    x = rng.normal(size=17)
    got = student.call("double", x)
    expect_close(got, 0.5 * (4 * x), hint="Twice.")


# %% right twofold
def double(x):
    doubled = 2 * x
    return doubled


# %% wrong square -> doubles_three
# Right for two.
# - twice = x + x
# + twice = x**2


# %% wrong six of twofold -> doubles_what_is_random
# - doubled = 2 * x
# + doubled = 6.0 * np.ones_like(x)


# %% survivors
# - def double(x, spare=7):
# + def double(x, spare=8):
# + def double(x, spare=14):
# Nothing uses it.
''',
}


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

    def write(self, lab: str | dict[str, str] = LAB, stem: str = "01_lab") -> Path:
        """Write a lab, given as files or as one text, each exercise to a file of its own; return its folder."""
        folder = self.root / "labs" / stem
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in (split_lab(lab) if isinstance(lab, str) else lab).items():
            (folder / name).write_text(content, encoding="utf-8")
        return folder

    def build(self, **options: Any) -> BuildReport:
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
def whole_lab() -> dict[str, str]:
    """The files of a lab with everything that an author may write."""
    return dict(WHOLE_LAB)


@pytest.fixture
def lab() -> str:
    """The source of a lab that breaks no rule: one exercise and its check."""
    return LAB


@pytest.fixture
def findings(tmp_path: Path) -> Findings:
    """A function from a source to what is wrong with it."""
    from coursekit.authoring.reading import read_lab

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
