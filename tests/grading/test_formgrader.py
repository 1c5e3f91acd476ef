"""Formgrader in JupyterLab, with its buttons pressed by a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

LAB = "01_softmax"

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def page(
    jupyterlab: Callable[[Path], Any], copied: Path, hand_in: Callable[..., Path], reference: Mapping[str, str]
) -> Any:
    """JupyterLab in a graded course, in which one student has handed in again."""
    hand_in(copied, "untouched", {"scores": reference["scores"]}, timestamp="2026-02-01 12:00:00 UTC")
    return jupyterlab(copied)


def test_an_instructor_grades_in_formgrader(page: Any, copied: Path, gradebook: Callable[[Path], Any]) -> None:
    from playwright.sync_api import expect

    page.goto("/lab")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_text("Formgrader", exact=True).click()
    formgrader = page.frame_locator("iframe")
    expect(formgrader.get_by_role("link", name=LAB)).to_be_visible()

    page.goto(f"/formgrader/manage_submissions/{LAB}")
    row = page.get_by_role("row").filter
    expect(row(has_text="right")).to_contain_text("needs manual grading")
    expect(row(has_text="right")).to_contain_text("20 / 24")
    expect(row(has_text="wrong")).to_contain_text("17")
    expect(row(has_text="truncated")).to_contain_text("0 / 24")
    expect(row(has_text="untouched")).to_contain_text("needs autograding")
    row(has_text="untouched").locator(".autograde a").click()
    expect(page.get_by_text("Successfully autograded")).to_be_visible()
    page.get_by_role("button", name="Close").last.click()
    expect(row(has_text="untouched")).to_contain_text("1 / 24")

    page.goto(f"/formgrader/manage_students/right/{LAB}")
    page.locator("tbody").get_by_role("link", name=LAB).click()
    expect(page.get_by_text("Horses look both ways.")).to_be_visible()
    points = page.locator("input#why_templates_fail")
    # The class comes with the grade; a number typed in before that would be lost.
    expect(points).to_have_class(re.compile("needs_manual_grade"))
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
        points.fill("1.5")
        points.press("Tab")
    page.reload()
    expect(points).to_have_value("1.5")
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "right").score == 21.5
        assert opened.find_submission(LAB, "untouched").score == 1

    page.goto(f"/formgrader/manage_submissions/{LAB}")
    row(has_text="right").locator(".generate-feedback a").click()
    expect(page.get_by_text("Successfully generated feedback")).to_be_visible()
    page.goto((copied / "feedback" / "right" / LAB / f"{LAB}.html").as_uri())
    expect(page.locator(".total")).to_contain_text("21.5 of 24 points")
    expect(page.get_by_text("Horses look both ways.")).to_be_visible()
    expect(page.get_by_text("Every row of softmax(Z) is a probability distribution.")).to_be_visible()
