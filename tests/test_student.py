"""A student's way through a lab, in the browser: fetch it, answer, check, validate, hand it in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from coursekit.cells import solution_sources
from coursekit.demo import make_course
from coursekit.grading import grade

ROOT = Path(__file__).parents[1]
LAB = "01_softmax"
EXERCISE = "scores"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "darwin", reason="nbgrader's exchange wants a shared folder of Linux's kind"),
]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose lab lies in the exchange."""
    folder = tmp_path / "course"
    make_course(folder, lab=LAB, root=ROOT)
    use_exchange(folder / "nbgrader_config.py", tmp_path / "exchange")
    nbgrader(folder, "generate_assignment", LAB, "--force")
    nbgrader(folder, "release_assignment", LAB)
    return folder


@pytest.fixture
def reference() -> Mapping[str, str]:
    """The reference answers, by exercise."""
    return solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text()))


def use_exchange(config: Path, exchange: Path) -> None:
    exchange.mkdir(exist_ok=True)
    exchange.chmod(0o777)
    with config.open("a") as file:
        file.write(
            f"\nc = get_config()\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'coursekit'\n"
        )


def nbgrader(folder: Path, *command: str) -> None:
    subprocess.run([sys.executable, "-m", "nbgrader", *command], cwd=folder, check=True, capture_output=True)


def open_assignments(page: Any) -> None:
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_text("Assignment List", exact=True).click()


def cell(page: Any, text: str) -> Any:
    """The code cell that holds a text, brought into view."""
    found = page.locator(".jp-CodeCell").filter(has_text=text).first
    found.scroll_into_view_if_needed()
    return found


def run(page: Any, text: str) -> Any:
    """Run the cell that holds a text, and wait until it is done."""
    found = cell(page, text)
    found.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    page.get_by_text("(ipykernel) | Idle").wait_for()
    return found


def answer(page: Any, exercise: str, source: str) -> None:
    """Write an answer over what is in an exercise's cell, and run it."""
    cell(page, f"def {exercise}(").locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    page.keyboard.press("Control+Enter")


def test_a_student_fetches_answers_checks_validates_and_hands_in(
    course: Path, reference: Mapping[str, str], jupyterlab: Callable[[Path], Any], tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    home = tmp_path / "student"
    home.mkdir()
    use_exchange(home / "nbgrader_config.py", tmp_path / "exchange")
    page = jupyterlab(home)
    page.goto("/lab")
    open_assignments(page)
    released = page.locator("#released_assignments_list")
    released.get_by_role("button", name="Fetch").click()
    fetched = page.locator("#fetched_assignments_list")
    expect(fetched).to_contain_text(LAB)

    page.goto(f"/lab/tree/{LAB}/{LAB}.ipynb")
    page.get_by_text("(ipykernel) | Idle").wait_for()
    run(page, "check = checks_for")
    answer(page, EXERCISE, "def scores(X, W, b):\n    return X @ W.T + b")
    checked = run(page, f'check("{EXERCISE}")')
    expect(checked).to_contain_text("hint")
    answer(page, EXERCISE, reference[EXERCISE])
    checked = run(page, f'check("{EXERCISE}")')
    expect(checked).to_contain_text("all 4 checks pass")

    page.get_by_role("button", name="Validate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text('check("hinge_loss")')
    expect(dialog).not_to_contain_text(f'check("{EXERCISE}")')
    dialog.get_by_role("button", name="Ok").click()

    page.goto("/lab")
    open_assignments(page)
    fetched.get_by_role("button", name="Submit").click()
    expect(page.locator("#submitted_assignments_list")).to_contain_text(LAB)

    nbgrader(course, "collect", LAB)
    (record,) = grade(LAB, course=course, sandbox="none").records
    assert (record.status, record.score) == ("graded", 1)
    assert [exercise.name for exercise in record.exercises if exercise.score] == [EXERCISE]
