from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from coursekit.checking import lab_names
from coursekit.grading.cleaning import clean_markdown
from coursekit.grading.formulas import formula

ROOT = Path(__file__).parents[2]


def words_of(lab: str) -> list[str]:
    notebook = json.loads((ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]


@pytest.mark.parametrize("lab", lab_names())
def test_every_formula_of_a_lab_is_set(lab: str) -> None:
    page = "".join(map(clean_markdown, words_of(lab)))
    assert re.findall(r"<code>[^<]*\\[A-Za-z][^<]*</code>", page) == []
    assert "\ue000" not in page
    assert page.count("<math") > 5


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"\frac{1}{2}", "<mfrac>"),
        (r"\begin{align} a &= b \end{align}", "<mtable"),
        (r"\text{a<b>c</b>}", "<mtext>a&lt;b&gt;c&lt;/b&gt;</mtext>"),
        (r"\text{&#x3c;script>}", "<mtext>&lt;script&gt;</mtext>"),
    ],
)
def test_what_is_typed_becomes_symbols_and_escaped_text(tex: str, part: str) -> None:
    assert part in formula(tex)


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\newcommand{\a}{\b\b}\a",
        r"\def\a{<b>}\a",
        r"\mmlToken{mglyph}[src='https://evil.example/g.png']{}",
        r"\unknown<img src=x onerror=alert(1)>",
        r"\frac{",
        "{" * 1500,
        "x" * 10_000,
        "",
    ],
)
def test_what_cannot_be_set_or_not_safely_stays_as_it_was_typed(tex: str) -> None:
    page = formula(tex)
    assert page.startswith("<code>")
    assert re.findall(r"<(?!/?code>)", page) == []


@pytest.mark.parametrize("tex", [r"\hspace{-9em}x", r"\kern-99em x", r"\hspace{99999999em}x", r"\color{red}{x}"])
def test_a_formula_takes_no_style_and_no_space_but_its_own(tex: str) -> None:
    assert re.findall(r'width="|style="|color="', formula(tex)) == []


class Attributes(HTMLParser):
    """Collects the values of all attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.values += [value or "" for _, value in attrs]


@pytest.mark.parametrize(
    "source",
    [
        "![$x$](data:image/png;base64,xx)",
        "[a](https://ok.example '$x$') $y$",
        '<b title="$x$">$y$</b>',
        '<b title="\ue0000\ue001">$y$</b>',
        '<b style="color:\ue0000\ue001">$y$</b>',
    ],
)
def test_no_formula_comes_to_stand_in_an_attribute(source: str) -> None:
    page = clean_markdown(source)
    assert not [value for value in Attributes(page).values if "<" in value or "\ue000" in value]
    assert "\ue000" not in page


def test_marks_that_a_student_types_bring_no_formula_that_is_not_theirs() -> None:
    clean_markdown("$secret$")
    assert "secret" not in clean_markdown("\ue0000\ue001 \ue0007\ue001 \ue000\ue0000\ue0010\ue001 and $mine$")
