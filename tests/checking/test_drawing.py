"""Drawings of differences, as a browser lays them out and reads them to those who do not see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from coursekit.checking import Check, CheckResult, Exercise, Student, Verdict, as_html, checks
from coursekit.checking.differences import Difference, array_difference, shape_difference
from coursekit.checking.progress import Progress

#: What JupyterLab and VS Code say of the elements of an output, as far as it could disturb.
NOTEBOOK_STYLE = """
body { margin: 8px; font: 14px/1.4 sans-serif; }
table { table-layout: auto; border-spacing: 0; border-collapse: collapse; margin-left: auto; font-size: 12px; }
td, th, tr { text-align: right; vertical-align: middle; padding: 0.5em; white-space: nowrap; max-width: none; }
tbody tr:nth-child(odd) { background: #eee; } th { font-weight: bold; } pre { white-space: pre; overflow-x: auto; }
"""

pytestmark = pytest.mark.browser


@checks("softmax_and_its_many_long_names")
def compares(student: Student, rng: np.random.Generator) -> None:
    """Every row of the result is a probability distribution, whatever the scores are."""


def arrays(got: Any, expected: Any) -> Difference:
    seen, right = np.asarray(got), np.asarray(expected)
    return array_difference(seen, right, np.asarray(seen == right))


ROWS = np.arange(12.0).reshape(4, 3)
DIFFERENCES: dict[str, Difference] = {
    "small": arrays(np.where(ROWS > 6, np.nan, ROWS), ROWS),
    "wide": arrays(np.ones((3, 1000)), np.zeros((3, 1000))),
    "high": arrays(np.ones((8, 3, 28, 28)), np.zeros((8, 3, 28, 28))),
    "long numbers": arrays([-1.2345678e-300], [9.87654321e300]),
    "shapes": shape_difference((1,) * 5, (123456,) * 4),
}


def verdict(difference: Difference) -> Verdict:
    check: Check = compares
    text = str(np.pi * ROWS)
    result = CheckResult(
        check, passed=False, message="It is not.", expected=text, got=text, hint="Try axis=1.", difference=difference
    )
    return Verdict(Exercise(check.slug, points=3, checks=(check,)), (result,))


@pytest.fixture(params=[360, 900])
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": request.param, "height": 800})
    yield opened
    opened.close()


def show(page: Any, html: str) -> None:
    page.set_content(f"<!doctype html><style>{NOTEBOOK_STYLE}</style>{html}")


def overflowing(page: Any) -> list[str]:
    """List what is wider than the box that it is in."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('html, [role=group], [role=group] :is(div, td, pre)')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 200))"
    )
    return found


@pytest.mark.parametrize("name", DIFFERENCES)
def test_nothing_is_cut_off_on_a_narrow_page(page: Any, name: str) -> None:
    show(page, as_html(verdict(DIFFERENCES[name])))
    assert overflowing(page) == []


def test_the_squares_of_a_map_are_of_one_size_on_every_page(page: Any) -> None:
    show(page, as_html(verdict(DIFFERENCES["wide"])))
    sizes = page.evaluate(
        "[...document.querySelectorAll('[role=img] > div > div > div')].map(e => e.getBoundingClientRect())"
        ".map(box => [box.width, box.height])"
    )
    assert len(sizes) == 60
    assert np.ptp(np.array(sizes), axis=0) == pytest.approx([0, 0], abs=0.1)


def test_a_screen_reader_reads_the_map_and_the_tables(page: Any) -> None:
    show(page, as_html(verdict(DIFFERENCES["small"])) + as_html(verdict(DIFFERENCES["shapes"])))
    named = "Map of 4 × 3 values: 5 of 12 values differ, in rows 2 and 3. Worst at index [2, 1]: expected 7, got nan."
    assert page.get_by_role("img", name=named, exact=True).count() == 1
    assert page.get_by_role("table", name="The worst").get_by_role("rowheader").all_inner_texts() == [
        "index",
        "expected",
        "got",
    ]
    shapes = page.get_by_role("table", name="Shapes, axis by axis")
    assert shapes.get_by_role("columnheader").all_inner_texts() == [f"axis {axis}" for axis in range(5)]


def test_progress_fits_too(page: Any) -> None:
    judged = verdict(DIFFERENCES["shapes"])
    show(page, Progress("01_softmax", (judged.exercise,), {judged.exercise.slug: judged})._repr_html_())
    assert overflowing(page) == []
