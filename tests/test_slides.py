"""The page about the lectures' slides: its numbers are computed anew, and its checks and exercises exist."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

import pytest

from coursekit.checking import lab_names, load_lab

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "slides.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")] for line in PAGE.splitlines() if line.count(" | ") == 4
]
ROWS = [row for row in ROWS if row[0] != "on the slide"]
NUMBERS = re.findall(r"`([^`]+)` = (-?[\d.]*\d)", PAGE)
DECKS = re.findall(r"^\| (\w[\w-]+) \| [^|]+\|$", PAGE, re.MULTILINE)


def computed(expression: str) -> float:
    """Compute one of the page's expressions."""
    return float(eval(compile(ast.parse(expression, mode="eval"), "slides.md", "eval"), {"math": math}))


def test_the_page_has_rows_of_all_verdicts() -> None:
    assert len(ROWS) > 30
    assert re.findall("^## (.+)$", PAGE, re.MULTILINE) == ["Convicted", "Right, and not the whole story", "Cleared"]


@pytest.mark.parametrize(("expression", "stated"), NUMBERS)
def test_each_number_is_what_its_expression_gives(expression: str, stated: str) -> None:
    decimals = len(stated.partition(".")[2])
    assert round(computed(expression), decimals) == pytest.approx(float(stated), abs=1e-12)


def test_each_row_has_a_number_that_is_computed_and_a_deck_that_is_named() -> None:
    for slide, numbers, source, *_ in ROWS:
        assert re.search(r"`[^`]+` = -?\d", numbers), slide
        assert source.partition(",")[0] in DECKS, slide


def test_checks_and_exercises_are_where_the_page_says() -> None:
    for slide, *_, checks, where in ROWS:
        lab = next(name for name in lab_names() if name.startswith(where[:2]))
        loaded = load_lab(lab, hidden=ROOT / "autograde" / "hidden")
        exercises = re.findall("`([^`]+)`", where)
        known = {check.name for slug in loaded.exercises for check in loaded.exercises[slug].checks}
        assert set(exercises) <= set(loaded.exercises), slide
        assert set(re.findall("`([^`]+)`", checks)) <= known, slide


def test_labs_name_decks_and_never_their_numbers_alone() -> None:
    files = [*(ROOT / "labs").rglob("*.py"), *(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    assert [str(file) for file in files if re.search(r"\bS00[0-4]\b", file.read_text(encoding="utf-8"))] == []


def test_every_lab_leads_to_the_page() -> None:
    for lab in lab_names():
        assert "docs/slides.md" in (ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text(encoding="utf-8")
