"""The package itself: what it offers, and when it imports what it stands on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import coursekit.authoring

PACKAGE = Path(sys.modules["coursekit"].__path__[0]).parent


def fresh_python(code: str) -> str:
    """Run code in a Python of its own and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("name", coursekit.authoring.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(coursekit.authoring, name).__doc__


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = coursekit.authoring.nothing


def test_importing_the_package_imports_nothing_of_jupyter() -> None:
    tools = "{'nbgrader', 'jupytext', 'nbformat'}"
    assert fresh_python(f"import coursekit.authoring, sys; print(sorted({tools} & set(sys.modules)))") == "[]"


@pytest.mark.parametrize("missing", ["nbgrader", "jupytext", "nbformat"])
def test_a_missing_tool_is_an_error_that_names_the_extra(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from coursekit.errors import CourseError\n"
        "try:\n    from coursekit.authoring import build_labs\n"
        "except CourseError as error:\n    print(error)"
    )
    text = fresh_python(code)
    assert repr(missing) in text
    assert "pip install 'coursekit[grade]'" in text
