"""The page, as it is written and as a browser shows it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.feedback.conftest import LAB, NAMES

EXERCISES = (
    *("scores", "hinge_loss", "softmax", "cross_entropy", "numeric_gradient"),
    *("why_the_best_step", "softmax_gradient", "minibatches", "train_softmax"),
    *("why_one_loss_is_content", "predict", "why_templates_fail"),
)


@pytest.fixture(scope="module")
def read(pages: Mapping[str, str]) -> Mapping[str, BeautifulSoup]:
    return {student: BeautifulSoup(page, "html.parser") for student, page in pages.items()}


def one(page: Tag, selector: str) -> Tag:
    (found,) = page.select(selector)
    return found


def text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def rows(page: Tag) -> dict[str, tuple[str, str]]:
    """Return points and state by exercise."""
    found = {}
    for row in page.select(".points tbody tr"):
        name, points, state = (text(cell) for cell in row.find_all(["th", "td"]))
        found[name] = (points, state)
    return found


def test_each_exercise_has_a_row_with_its_points_and_a_link_to_its_work(read: Mapping[str, BeautifulSoup]) -> None:
    for student in NAMES:
        assert tuple(rows(read[student])) == EXERCISES
        links = [link["href"] for link in read[student].select(".points a")]
        assert links == [f"#exercise-{name}" for name in EXERCISES]
        for link in links:
            section = one(read[student], f"[id='{str(link)[1:]}']")
            assert section.select(".cell.own")


def test_points_are_the_gradebooks_by_hand_and_by_machine(read: Mapping[str, BeautifulSoup]) -> None:
    right = rows(read["right"])
    assert right["softmax"] == ("3 of 3", "✓ all points")
    assert right["why_templates_fail"] == ("1.5 of 2", "◐ some points, by hand")
    assert right["why_the_best_step"] == ("– of 1", "… waits for a score by hand")
    assert text(one(read["right"], ".total")) == "21.5 of 24 points so far: 1 answer waits for a score"
    assert rows(read["untouched"])["softmax"] == ("0 of 3", "○ not started")
    assert "2 points are taken off for handing in late." in text(one(read["wrong"], ".late"))


def test_the_first_things_to_look_at_are_named_with_what_their_checks_said(read: Mapping[str, BeautifulSoup]) -> None:
    first = [text(item) for item in read["wrong"].select(".first li")]
    assert len(first) == 1
    assert first[0].startswith("softmax: rows are distributions fails. The row sum is not right")
    assert "The sum of all rows together is 1" in first[0]
    assert not read["right"].select(".first li")
    assert "Not started: scores, hinge_loss," in text(one(read["untouched"], "#summary"))


def test_what_was_mended_and_what_stopped_stands_on_top(read: Mapping[str, BeautifulSoup]) -> None:
    assert "this notebook was mended" in text(one(read["mended"], "#summary .notice"))
    assert "NameError: name 'undefined_name' is not defined" in text(one(read["stops"], "#summary .notice"))
    assert "could not be graded" in text(one(read["cut-short"], "#summary .notice"))
    assert not read["right"].select(".notice")


def test_a_check_stands_below_its_answer_in_one_section(read: Mapping[str, BeautifulSoup]) -> None:
    section = one(read["wrong"], "#exercise-softmax")
    kinds = [cell["class"] for cell in section.select(".cell")]
    assert kinds == [["cell", "code", "own"], ["cell", "check"]]
    assert "whole matrix was normalised at once" in text(section)
    assert "Hidden check: softmax_of_random_scores" in text(section)
    assert "Test cell" not in text(read["wrong"])


def test_comments_are_shown_where_they_belong_and_clean(read: Mapping[str, BeautifulSoup]) -> None:
    comment = one(read["right"], "#exercise-why_templates_fail .comment")
    assert one(comment, "strong").get_text() == "why"
    assert comment.select("math")
    assert "Read it aloud." in text(one(read["wrong"], "#exercise-softmax .comment"))
    assert len(read["right"].select(".comment")) == 1


def test_a_page_is_headed_by_its_students_name_and_nothing_else_is_made_of_it(pages: Mapping[str, str]) -> None:
    for student, name in NAMES.items():
        page = pages[student].replace("&#39;", "&#x27;")
        assert f"<title>{LAB}: {html.escape(name)}</title>" in page
        assert f"<bdi>{html.escape(name)}</bdi>" in page
        assert not [other for other in NAMES.values() if other != name and html.escape(other) in page]


def test_nothing_hidden_is_given_away(pages: Mapping[str, str]) -> None:
    for page in pages.values():
        assert "einsum" not in page
        assert "whole numbers among them, get the right probabilities" not in page


def test_a_page_runs_nothing_and_loads_nothing(read: Mapping[str, BeautifulSoup], pages: Mapping[str, str]) -> None:
    for page in read.values():
        assert not page.find_all(["script", "link", "iframe", "object", "base", "form"])
        assert all(str(tag["src"]).startswith("data:") for tag in page.select("[src]"))
        assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
        (policy,) = page.select('meta[http-equiv="Content-Security-Policy"]')
        assert str(policy["content"]).startswith("default-src 'none';")
        assert "script-src" not in str(policy["content"])
    assert "mine" in pages["stops"]


def test_formulas_need_no_network_and_answers_may_run_from_right_to_left(read: Mapping[str, BeautifulSoup]) -> None:
    page = read["right"]
    assert len(page.select("math")) > 50
    answer = one(page, "#exercise-why_the_best_step .cell.own")
    assert answer["dir"] == "auto"


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("student", [*NAMES, "cut-short"])
def test_axe_finds_nothing_on_a_page(
    student: str, pages: Mapping[str, str], tmp_path: Path, violations: Callable[[Path], list[str]]
) -> None:
    (tmp_path / f"{student}.html").write_text(pages[student], encoding="utf-8")
    assert violations(tmp_path / f"{student}.html") == []


@pytest.mark.browser
def test_in_a_browser_a_page_asks_for_nothing_and_its_policy_stops_nothing_of_its_own(
    browser: Any, pages: Mapping[str, str], tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    (tmp_path / "page.html").write_text(pages["wrong"], encoding="utf-8")
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((tmp_path / "page.html").as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    card = page.locator('#exercise-softmax [aria-label="Check of softmax"]')
    assert card.evaluate("card => getComputedStyle(card).borderLeftWidth") == "5px"
    page.locator('.points a[href="#exercise-softmax"]').click()
    expect(page.locator("#exercise-softmax .head")).to_be_in_viewport()
    page.close()
