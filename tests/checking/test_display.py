from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import asdict, replace
from html.parser import HTMLParser
from typing import Any, TypeAlias

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from coursekit.checking import (
    VERDICT_MIME,
    Check,
    CheckResult,
    Exercise,
    LocalStudent,
    Report,
    Student,
    Verdict,
    as_html,
    as_text,
    checks,
    expect_close,
    expect_shape,
    judge,
)
from coursekit.checking.calls import Call

HOSTILE = "<script>alert('x')</script> & \"quotes\" </pre></td></table>"
LONG = "word " * 60 + "x" * 200


@checks("softmax")
def rows_are_distributions(student: object, rng: object) -> None:
    """Every row of softmax(Z) is a probability distribution."""


VISIBLE: Check = rows_are_distributions
THREE_POINTS = Exercise("softmax", points=3, checks=(VISIBLE,))
HIDDEN = replace(VISIBLE, visible=False)
PASSED = CheckResult(VISIBLE, passed=True)
FAILED = CheckResult(
    VISIBLE,
    passed=False,
    message="It is not right.",
    expected="[[1 2]\n [3 4]]",
    got="[[1 2]\n [3 5]]",
    hint="Try axis=1.",
)
FAILED_HIDDEN = replace(FAILED, check=HIDDEN)


def failed(expectation: Callable[..., None], got: Any, expected: Any) -> CheckResult:
    """What becomes of a visible check that expects something which does not hold."""
    exercise = Exercise("softmax", points=3, checks=(judging(expectation, got, expected),))
    (result,) = judge(exercise, LocalStudent({})).results
    assert not result.passed
    return result


def judging(expectation: Callable[..., None], got: Any, expected: Any) -> Check:
    @checks("softmax")
    def compares(student: Student, rng: np.random.Generator) -> None:
        """Numbers are right."""
        expectation(got, expected, hint="Try axis=1.")

    return compares


WRONG_MATRIX = failed(expect_close, [[1.0, 2.0], [0.0, 4.5]], [[1.0, 2.0], [3.0, 4.0]])
WRONG_PIXELS = failed(expect_close, np.full((40, 28, 28), np.nan), np.zeros((40, 28, 28)))
WRONG_SHAPE = failed(expect_shape, np.zeros((10, 8)), (8, 10))
NOT_WRITTEN = CheckResult(
    VISIBLE, passed=False, message="softmax is not written yet.", hint="Replace the line.", not_written=True
)
RESULTS = {
    "passed": (PASSED, PASSED),
    "one check": (PASSED,),
    "failed": (PASSED, FAILED),
    "hidden": (PASSED, FAILED_HIDDEN),
    "matrix": (WRONG_MATRIX, PASSED),
    "pixels": (WRONG_PIXELS,),
    "shape": (WRONG_SHAPE,),
    "not written": (NOT_WRITTEN, NOT_WRITTEN),
    "hostile": (replace(FAILED, message=HOSTILE, expected=HOSTILE, got=HOSTILE, hint=HOSTILE),),
    "long": (replace(FAILED, message=LONG, expected=LONG, got=LONG, hint=LONG),),
}


def verdict_of(results: tuple[CheckResult, ...], points: float = 3) -> Verdict:
    checks_ = tuple(result.check for result in results)
    return Verdict(Exercise("softmax", points=points, checks=checks_), results)


@pytest.fixture(params=RESULTS, ids=str)
def verdict(request: pytest.FixtureRequest) -> Verdict:
    return verdict_of(RESULTS[request.param])


# HTML


class Page(HTMLParser):
    """Notes the tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_table_is_well_formed(verdict: Verdict) -> None:
    ET.fromstring(as_html(verdict).replace("&ensp;", " "))


def test_the_table_loads_nothing_and_runs_nothing(verdict: Verdict) -> None:
    page = Page(as_html(verdict))
    assert set(page.tags) <= {"div", "strong", "span", "pre", "table", "tbody", "tr", "th", "td", "caption"}
    assert {name for name, _ in page.attributes} <= {"role", "aria-label", "style", "scope"}
    assert "url(" not in as_html(verdict)


def test_what_the_student_wrote_is_text_in_the_table() -> None:
    page = Page(as_html(verdict_of(RESULTS["hostile"])))
    assert page.text.count(HOSTILE) == 4
    assert "script" not in page.tags


def test_an_odd_slug_is_text_too() -> None:
    odd = Verdict(Exercise(HOSTILE, points=1, checks=(VISIBLE,)), (PASSED,))
    assert HOSTILE in Page(as_html(odd)).text
    ET.fromstring(as_html(odd).replace("&ensp;", " "))


def test_marks_have_words_for_screen_readers() -> None:
    page = Page(as_html(verdict_of(RESULTS["failed"])))
    assert ("aria-label", "Check of softmax") in page.attributes
    labels = [value for name, value in page.attributes if name == "aria-label"]
    assert labels[1:] == ["passed", "failed"]
    assert page.attributes.count(("role", "img")) == 2
    assert ("role", "group") in page.attributes


def test_colour_is_not_the_only_sign() -> None:
    assert "✓" in as_html(verdict_of(RESULTS["passed"]))
    assert "✗" in as_html(verdict_of(RESULTS["failed"]))
    assert "○" in as_html(verdict_of(RESULTS["not written"]))


def test_a_failed_check_shows_what_was_expected_got_and_a_hint() -> None:
    text = Page(as_html(verdict_of(RESULTS["failed"]))).text
    assert all(part in text for part in ("It is not right.", "[[1 2]\n [3 4]]", "[[1 2]\n [3 5]]", "Try axis=1."))


@pytest.mark.parametrize("show", [as_html, as_text])
def test_a_hidden_check_shows_its_name_and_hint_alone(show: Callable[[Verdict], str]) -> None:
    text = show(verdict_of(RESULTS["hidden"]))
    assert "Hidden check: rows_are_distributions" in text
    assert "Try axis=1." in text
    assert "It is not right." not in text
    assert "[3 4]" not in text
    assert "[3 5]" not in text


# drawings


def labels_in(html: str) -> list[str]:
    return [value or "" for name, value in Page(html).attributes if name == "aria-label"]


def test_arrays_that_differ_are_drawn_and_the_drawing_is_told_in_words() -> None:
    html = as_html(verdict_of(RESULTS["matrix"]))
    assert "Map of 2 × 2 values: 2 of 4 values differ, in row 1. " in "".join(labels_in(html))
    assert "Worst at index [1, 0]: expected 3, got 0, relative error 1." in "".join(labels_in(html))
    assert html.count("flex:1;background:rgba(") == 4
    assert html.count("border:2px solid;") == 1


def test_the_worst_entry_has_a_table_with_headers() -> None:
    table = re.search(r"<caption[^>]*>The worst</caption>.*?</table>", as_html(verdict_of(RESULTS["matrix"])))
    assert table is not None
    cells = re.findall(r'<th scope="row"[^>]*>(.*?)</th><td[^>]*>(.*?)</td>', table[0])
    assert dict(cells) == {"index": "[1, 0]", "expected": "3", "got": "0", "relative error": "1"}


def test_the_legend_explains_the_signs_that_occur() -> None:
    text = Page(as_html(verdict_of(RESULTS["matrix"]))).text
    assert "+ too large; − too small; framed: the worst" in text
    assert "×" not in text
    text = Page(as_html(verdict_of(RESULTS["pixels"]))).text
    assert "× not a number; framed: the worst; a square is up to 3 × 2 values" in text
    assert "36 more slices differ" in text


def test_shapes_stand_side_by_side_with_the_axes_that_differ_marked() -> None:
    html = as_html(verdict_of(RESULTS["shape"]))
    rows = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", html.split("<caption")[1])
    ]
    assert rows == [["", "axis 0", "axis 1"], ["expected", "8", "10"], ["got", "10 ✗", "8 ✗"]]
    assert html.count('scope="col"') == 2


def test_shapes_of_many_axes_are_told_in_text() -> None:
    html = as_html(verdict_of((failed(expect_shape, np.zeros((1,) * 40), (1,)),)))
    assert "<caption" not in html
    assert "shape (1, 1, 1," in html


@pytest.mark.parametrize("name", ["matrix", "pixels", "shape"])
def test_a_picture_of_a_hidden_check_is_never_drawn(name: str) -> None:
    result = replace(RESULTS[name][0], check=HIDDEN)
    bundle = Report(verdict_of((result,)), grading=True)._repr_mimebundle_()
    assert result.difference is not None
    assert {"Map of", "The worst", "worst", "axis", "relative"} & set(re.findall(r"[\w ]+", str(bundle))) == set()
    assert bundle["text/html"] == as_html(verdict_of((replace(FAILED_HIDDEN, hint=result.hint),)))


def test_a_hidden_check_does_not_even_keep_what_would_be_drawn() -> None:
    hidden = replace(judging(expect_close, [1.0], [2.0]), visible=False)
    (result,) = judge(Exercise("softmax", points=1, checks=(hidden,)), LocalStudent({})).results
    assert (result.passed, result.difference) == (False, None)


def test_a_report_is_a_fraction_of_a_picture_in_size() -> None:
    assert len(as_html(verdict_of(RESULTS["pixels"]))) < 60_000


def test_text_names_the_worst_entry() -> None:
    text = as_text(verdict_of(RESULTS["matrix"]))
    assert "      worst:    at index [1, 0]: expected 3, got 0, relative error 1\n      expected: [[1." in text
    assert "      in general: Try axis=1." in text


# text


def test_text_fits_88_columns(verdict: Verdict) -> None:
    assert max(map(len, as_text(verdict).splitlines())) <= 88


def test_text_says_all_in_a_terminal() -> None:
    assert as_text(verdict_of(RESULTS["failed"])) == (
        "✗ softmax: 1 of 2 checks pass, worth up to 3 points\n"
        "  ✓ Every row of softmax(Z) is a probability distribution.\n"
        "  ✗ Every row of softmax(Z) is a probability distribution.\n"
        "    It is not right.\n"
        "      expected: [[1 2]\n"
        "                 [3 4]]\n"
        "      got:      [[1 2]\n"
        "                 [3 5]]\n"
        "      hint:     Try axis=1."
    )


def test_the_columns_of_an_array_stay_in_line() -> None:
    array = str(np.arange(24).reshape(4, 6) * 1000)
    text = as_text(verdict_of((replace(FAILED, expected=array),)))
    rows = [line for line in text.splitlines() if "000" in line]
    assert len({line.rindex("000") for line in rows}) == 1


@pytest.mark.parametrize(
    ("results", "points", "headline"),
    [
        ((PASSED,), 1, "✓ softmax: the check passes, worth up to 1 point"),
        ((PASSED, PASSED), 2.5, "✓ softmax: all 2 checks pass, worth up to 2.5 points"),
        ((PASSED, FAILED), 3, "✗ softmax: 1 of 2 checks pass, worth up to 3 points"),
        ((PASSED, FAILED_HIDDEN), 3, "✗ softmax: 1 of 2 checks pass, 1.5 of 3 points"),
        ((NOT_WRITTEN,), 2, "○ softmax: not started yet, worth 2 points"),
    ],
)
def test_the_headline_counts_checks_and_points(results: tuple[CheckResult, ...], points: float, headline: str) -> None:
    assert as_text(verdict_of(results, points)).splitlines()[0] == headline


@pytest.mark.parametrize("show", [as_html, as_text])
def test_what_is_not_written_says_so_once_and_encourages(show: Callable[[Verdict], str]) -> None:
    text = " ".join(show(verdict_of(RESULTS["not written"])).split())
    assert text.count("is not written yet") == 1
    assert "write a first attempt" in text


# reports


Formats: TypeAlias = dict[str, Any]


def formats_of(report: Report) -> Formats:
    data: Formats = DisplayFormatter().format(report)[0]
    return data


def test_a_report_is_a_table_in_a_notebook_and_text_in_a_terminal(verdict: Verdict) -> None:
    formats = formats_of(Report(verdict))
    assert set(formats) == {"text/plain", "text/html"}
    assert formats["text/plain"] == repr(Report(verdict)) == as_text(verdict)
    assert formats["text/html"] == Report(verdict)._repr_html_() == as_html(verdict)


@pytest.mark.parametrize(
    ("points", "passed", "text"),
    [
        (3, [True, True], "3"),
        (3, [True, False], "1.5"),
        (2, [True, False, False], "0.6667"),
        (2.5, [True], "2.5"),
        (3, [False], "0"),
        (1000, [True, True, False], "666.6667"),
        (10**7, [True], "10000000"),
    ],
)
def test_while_grading_the_text_is_the_number_of_points_that_nbgrader_reads(
    points: float, passed: list[bool], text: str
) -> None:
    verdict = verdict_of(tuple(PASSED if ok else FAILED for ok in passed), points)
    formats = formats_of(Report(verdict, grading=True))
    assert formats["text/plain"] == repr(Report(verdict, grading=True)) == text
    assert float(text) == verdict.score


def test_only_while_grading_a_report_carries_its_record(verdict: Verdict) -> None:
    formats = formats_of(Report(verdict, grading=True))
    assert set(formats) == {"text/plain", "text/html", VERDICT_MIME}
    assert formats[VERDICT_MIME] == asdict(verdict.record())
    assert VERDICT_MIME not in Report(verdict)._repr_mimebundle_(include=None, exclude=None)


def test_colours_are_of_one_palette() -> None:
    used = set(re.findall(r"#[0-9a-f]{6}", "".join(as_html(verdict_of(results)) for results in RESULTS.values())))
    assert used == {"#009e73", "#d55e00", "#7f7f7f"}


def test_an_error_that_several_checks_meet_is_told_once() -> None:
    error = CheckResult(
        VISIBLE,
        passed=False,
        message="f stopped with an error.",
        got="ValueError: no",
        hint="Mend it.",
        error="ValueError no",
    )
    verdict = Verdict(THREE_POINTS, (error, error, error))
    for text in (as_text(verdict), as_html(verdict)):
        assert text.count("ValueError: no") == text.count("Mend it.") == 1
        assert text.count("The same error stops 2 more checks.") == 1
        assert text.count("The same error as above.") == 2


def test_the_call_of_a_visible_check_is_shown_and_of_a_hidden_one_never() -> None:
    call = Call("softmax", (np.array([[0.0, 1000.0]]),))
    for check, shown in ((VISIBLE, True), (replace(VISIBLE, visible=False), False)):
        result = CheckResult(check, passed=False, message="No.", hint="Try.", call=call)
        for text in (as_text(Verdict(THREE_POINTS, (result,))), as_html(Verdict(THREE_POINTS, (result,)))):
            assert ("softmax(np.array([[0., 1000.]]))" in text) == shown
