"""The maintainers' page names what exists, and leaves no module of grading out."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GRADING = ROOT / "src" / "coursekit" / "grading"
PAGE = (ROOT / "docs" / "handbook" / "maintainers.md").read_text(encoding="utf-8")
SPANS = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))
FILES = [span for span in SPANS if re.fullmatch(r"[\w/]+\.py", span)]
FOLDERS = [span for span in SPANS if re.fullmatch(r"[\w/]+/", span) and span != "submitted/"]
NAMES = [span for span in SPANS if re.fullmatch(r"[a-z_]+(\.[a-z_]+)*(\.\w+)+", span) and not span.endswith(".py")]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_named_exists(name: str) -> None:
    assert any((folder / name).is_file() for folder in (GRADING, GRADING.parent, ROOT))


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_is_named_exists(name: str) -> None:
    assert (ROOT / name).is_dir()


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("c.")])
def test_a_name_that_is_named_exists(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(f"coursekit.grading.{module}"), attribute)


@pytest.mark.parametrize("name", [span for span in SPANS if re.fullmatch(r"[A-Z]\w+\.\w+", span)])
def test_a_method_that_is_named_exists(name: str) -> None:
    class_name, _, method = name.partition(".")
    found = [
        getattr(importlib.import_module(f"coursekit.grading.{path.stem}"), class_name, None)
        for path in GRADING.glob("[a-z]*.py")
    ]
    assert any(hasattr(owner, method) for owner in found if owner is not None)


def test_the_page_names_something_of_each_kind() -> None:
    assert len(FILES) > 20
    assert len(NAMES) > 15


def test_every_module_of_grading_has_its_line() -> None:
    table = PAGE.partition("## What each module decides")[2].partition("\n## ")[0]
    modules = {path.relative_to(GRADING).as_posix() for path in GRADING.rglob("*.py")}
    known = {name for name in modules if f"`{name}`" in table}
    left = modules - known - {"__init__.py", "sandbox/__init__.py", "sandbox/worker.py"}
    assert sorted(left) == []
