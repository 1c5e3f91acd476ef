"""The page, as it is written and as a browser shows it."""

from __future__ import annotations

import dataclasses
import html
import itertools
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from coursekit.cli import main
from coursekit.errors import CourseError
from coursekit.report import write_report
from coursekit.report.classroom import Classroom, Member
from coursekit.report.page import render
from coursekit.report.similarity import similar_pairs

LAB = "01_softmax"
SCRIPT_ID = "<script>alert(1)<|script>"


class Tags(HTMLParser):
    """Collects a page's tags with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def thousand(classroom: Classroom) -> Classroom:
    """Invent a class of 1,000 from a class of twelve."""
    members = []
    for i, member in zip(range(1000), itertools.cycle(classroom.members), strict=False):
        points = {name: p and round(p * (1 - i % 7 / 20), 4) for name, p in (member.points or {}).items()}
        record = member.record and dataclasses.replace(member.record, seconds=round(1 + i % 97 / 10, 2))
        changed = {"student": f"{member.student}-{i:04}", "points": points, "record": record}
        members.append(dataclasses.replace(member, **changed))  # type: ignore[arg-type]
    return dataclasses.replace(classroom, members=tuple(members))


# the file


def test_the_page_lies_in_the_course_unless_told_otherwise(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", LAB, "--course", str(copied)]) == 0
    file = copied / "reports" / f"{LAB}.html"
    assert capsys.readouterr().out.strip() == str(file)
    # It names students: it is for its owner's eyes.
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_similar_work_is_listed_only_when_asked_for(copied: Path, tmp_path: Path) -> None:
    plain = write_report(LAB, course=copied, output=tmp_path / "plain.html").read_text()
    assert 'id="similar"' not in plain
    assert 'class="pair"' not in plain
    similar = write_report(LAB, course=copied, output=tmp_path / "similar.html", similar=True).read_text()
    assert 'id="similar"' in similar
    for word in ("plagiar", "cheat", "copied", "suspect", "fraud"):
        assert word not in similar[similar.index('id="similar"') :].lower()


def test_a_report_is_replaced_and_nothing_else_is(copied: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    write_report(LAB, course=copied, output=file)
    write_report(LAB, course=copied, output=file)
    file.write_text("my thesis")
    with pytest.raises(CourseError, match="is not a report"):
        write_report(LAB, course=copied, output=file)
    assert file.read_text() == "my thesis"


def test_a_place_that_cannot_be_written_to_is_told_in_words(copied: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match="--output"):
        write_report(LAB, course=copied, output=tmp_path / "file" / "page.html")
    with pytest.raises(CourseError, match="--output"):
        write_report(LAB, course=copied, output=tmp_path)


def test_a_class_that_was_not_graded_gets_no_page(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(copied / "autograded")
    assert main(["report", LAB, "--course", str(copied)]) == 2
    assert f"coursekit grade {LAB}" in capsys.readouterr().err
    assert not (copied / "reports").exists()


def test_links_lead_from_the_page_to_the_work(copied: Path) -> None:
    feedback = copied / "feedback" / "in words" / LAB / f"{LAB}.html"
    feedback.parent.mkdir(parents=True)
    feedback.touch()
    page = write_report(LAB, course=copied).read_text()
    links = [attributes["href"] or "" for tag, attributes in Tags(page).found if tag == "a"]
    assert f"../feedback/in%20words/{LAB}/{LAB}.html" in links
    assert f"../autograded/%3D1%2B1/{LAB}/{LAB}.ipynb" in links
    assert not [link for link in links if link.startswith("..") and "<" in link]


def test_what_students_wrote_is_text_and_never_markup(classroom: Classroom, tmp_path: Path) -> None:
    ids = [
        "</title><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "=HYPERLINK(1)",
        "javascript:alert(1)",
    ]
    members = [
        dataclasses.replace(member, student=student, message=f"<b>{student}</b>", mended=True)
        for member, student in zip([m for m in classroom.members if m.counted], ids, strict=False)
    ]
    answers = {student: {"softmax": f"<script>{'x = f(1, 2) + g(3)' * 20}</script>"} for student in ids[:2]}
    page = render(
        dataclasses.replace(classroom, members=tuple(members)), pairs=similar_pairs(answers, {}), beside=tmp_path
    )
    tags = Tags(page).found
    assert [tag for tag, _ in tags].count("script") == 1
    assert "img" not in [tag for tag, _ in tags]
    assert not [attributes for _, attributes in tags if any(name.startswith("on") for name in attributes)]
    assert "=HYPERLINK(1)" in page


def test_students_are_shown_by_name_with_their_ids_beside(classroom: Classroom, tmp_path: Path) -> None:
    names = ["O'Brien, Seán", "دנה <b>", "x" * 200]
    members = [dataclasses.replace(member, name=name) for member, name in zip(classroom.members, names, strict=False)]
    page = render(
        dataclasses.replace(classroom, members=(*members, *classroom.members[3:])), pairs=None, beside=tmp_path
    )
    for member in members:
        assert f"<bdi>{html.escape(member.name)}</bdi>" in page.replace("&#39;", "&#x27;")
        assert f">{html.escape(member.student)}</bdi>" in page
    assert f"<bdi>{html.escape(classroom.members[3].student)}</bdi>" in page


def test_nothing_is_loaded_from_elsewhere(copied: Path) -> None:
    tags = Tags(write_report(LAB, course=copied, similar=True).read_text()).found
    assert not [tag for tag, attributes in tags if "src" in attributes or tag in ("link", "img", "iframe", "base")]
    policy = next(a["content"] or "" for tag, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_pictures_have_a_title_and_say_their_numbers(classroom: Classroom, tmp_path: Path) -> None:
    page = render(classroom, pairs=None, beside=tmp_path)
    pictures = re.findall(r'<svg [^>]*role="img"[^>]*aria-labelledby="(\S+) (\S+)"', page)
    assert len(pictures) == 2
    for title, description in pictures:
        assert re.search(rf'<title id="{title}">\S', page)
        assert re.search(rf'<desc id="{description}">[^<]*\d', page)


@pytest.mark.parametrize("statuses", [(), ("missing",), ("malformed", "missing")])
def test_a_class_with_nothing_to_count_still_has_a_page(
    classroom: Classroom, tmp_path: Path, statuses: tuple[str, ...]
) -> None:
    members = tuple(Member(f"s{i}", status) for i, status in enumerate(statuses))
    page = render(dataclasses.replace(classroom, members=members), pairs=[], beside=tmp_path)
    assert "Who needs a human look" in page


# the page in a browser


@pytest.mark.long
@pytest.mark.browser
def test_axe_finds_nothing_on_the_page(
    classroom: Classroom, tmp_path: Path, violations: Callable[[Path], list[str]]
) -> None:
    answers = {member.student: dict(member.answers or {}) for member in classroom.members}
    names = itertools.cycle(("O'Brien, Seán", "בן דוד, דנה", "محمد, عبد الرحمن", "x" * 150, ""))
    members = tuple(dataclasses.replace(m, name=name) for m, name in zip(classroom.members, names, strict=False))
    page = render(
        dataclasses.replace(classroom, members=members),
        pairs=similar_pairs(answers, classroom.stubs),
        beside=tmp_path,
    )
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    assert violations(tmp_path / "report.html") == []


@pytest.fixture(params=[12, 1000])
def opened(request: pytest.FixtureRequest, browser: Any, classroom: Classroom, tmp_path: Path) -> Iterator[Any]:
    """The page of a class of twelve, and of a thousand; at the end, nothing was asked for and nothing went wrong."""
    whole = classroom if request.param == 12 else thousand(classroom)
    answers = {member.student: dict(member.answers or {}) for member in classroom.members}
    file = tmp_path / "report.html"
    file.write_text(render(whole, pairs=similar_pairs(answers, classroom.stubs), beside=tmp_path), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.n_students = request.param
    page.size_bytes = file.stat().st_size
    troubles: list[str] = []

    def dismiss(dialog: Any) -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.on("request", lambda asked: troubles.append(asked.url) if asked.url != file.as_uri() else None)
    page.on("dialog", dismiss)
    page.goto(file.as_uri())
    yield page
    page.close()
    assert troubles == []


def column(page: Any, table: str, number: int) -> list[str]:
    texts: list[str] = page.eval_on_selector_all(
        f"#{table} tbody tr:not([hidden])", f"rows => rows.map(row => row.cells[{number}].textContent.trim())"
    )
    return texts


def header(page: Any, table: str, name: str) -> Any:
    return page.locator(f"#{table} th[aria-sort]").filter(has_text=re.compile(f"^{name}"))


@pytest.mark.browser
@pytest.mark.browser
def test_tables_sort_by_click_and_by_keyboard(opened: Any) -> None:
    from playwright.sync_api import expect

    points = header(opened, "students-table", "points")
    points.get_by_role("button").click()
    expect(points).to_have_attribute("aria-sort", "ascending")
    upwards = [float(text) for text in column(opened, "students-table", 2)]
    assert len(upwards) == opened.n_students
    assert upwards == sorted(upwards)

    points.get_by_role("button").focus()
    opened.keyboard.press("Enter")
    expect(points).to_have_attribute("aria-sort", "descending")
    assert [float(text) for text in column(opened, "students-table", 2)] == upwards[::-1]

    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Space")
    expect(header(opened, "students-table", "student")).to_have_attribute("aria-sort", "ascending")
    expect(points).to_have_attribute("aria-sort", "none")
    names = column(opened, "students-table", 0)
    assert len(set(names)) == opened.n_students
    assert names.index(next(n for n in names if n.startswith("absent"))) < names.index(
        next(n for n in names if n.startswith("untouched"))
    )


@pytest.mark.browser
@pytest.mark.browser
def test_what_has_no_value_sorts_last_both_ways(opened: Any) -> None:
    time = header(opened, "students-table", "run time").get_by_role("button")
    last = opened.locator("#students-table thead th").count() - 1
    for _ in range(2):
        time.click()
        texts = column(opened, "students-table", last)
        n_empty = texts.count("–")
        assert n_empty > 0
        assert texts[-n_empty:] == ["–"] * n_empty


@pytest.mark.browser
@pytest.mark.browser
def test_the_filter_leaves_those_who_fit_and_says_how_many(opened: Any) -> None:
    from playwright.sync_api import expect

    filter_ = opened.locator('.filter[data-for="students-table"]')
    filter_.get_by_role("searchbox").fill("GRADED die")
    names = column(opened, "students-table", 0)
    assert 0 < len(names) < opened.n_students / 6
    assert all(name.startswith("dies") for name in names)
    expect(filter_.locator("output")).to_have_text(f"{len(names)} of {opened.n_students:,} students")
    filter_.get_by_role("searchbox").fill("")
    expect(filter_.locator("output")).to_have_text(f"{opened.n_students:,} students")


@pytest.mark.browser
@pytest.mark.browser
def test_those_who_need_a_look_can_be_chosen_by_reason(opened: Any) -> None:
    chosen = opened.locator('.filter[data-for="look-table"] select')
    everyone = column(opened, "look-table", 0)
    assert not any(name.startswith(("right", "untouched")) for name in everyone)
    chosen.select_option("hidden")
    names = column(opened, "look-table", 0)
    assert names
    assert all(name.startswith("only hidden") for name in names)


@pytest.mark.browser
@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_no_wider_than_the_window(opened: Any, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    for folded in opened.locator(".pair").all()[:3]:
        folded.locator("summary").click()
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.size_bytes < 3_000_000


@pytest.mark.browser
@pytest.mark.browser
def test_the_browser_shows_students_markup_as_text(opened: Any) -> None:
    from playwright.sync_api import expect

    expect(opened.locator("#students-table").get_by_text(SCRIPT_ID).first).to_be_visible()
    expect(opened.locator("#students-table").get_by_text("=1+1").first).to_be_visible()
    assert opened.locator("main img").count() == 0
