"""The labs in the browser, as `make site` builds them: opened from the front page, worked through and graded."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from coursekit.authoring.lite import PYODIDE_VERSION, build_lite, lab_in_browser, lite_notebook
from coursekit.cells import solution_sources
from coursekit.checking import lab_names
from coursekit.demo import make_course
from coursekit.errors import CourseError
from coursekit.grading import grade
from coursekit.variants import load_variants
from tests import pyodide
from tests.served import served

ROOT = Path(__file__).parents[1]
LAB = "01_softmax"
#: On a slow machine that has other work to do, Python takes a minute to start in a browser.
PATIENCE_MS = 120_000
WRONG = "hinge_loss"
NUMBER = re.compile(r"\[\d+\]")
#: Save twice, the second time a little later than the first; is JupyterLab's question on the page?
SAVE_TWICE = """async (gap_ms) => {
  const context = jupyterapp.shell.currentWidget.context;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const asked = () => document.querySelector(".jp-Dialog") !== null;
  // JupyterLab takes no notice of what was saved half a second ago.
  await wait(700);
  const first = context.save();
  await wait(gap_ms);
  const second = context.save();
  while (!asked() && (await Promise.race([Promise.all([first, second]), wait(50)])) === undefined);
  return asked();
}"""
#: A word for each answer that was given: it passes, fails, or was not written.
VERDICTS = """import json
from coursekit import digitpad

slugs = ("scores", "hinge_loss", "softmax")
found = {slug: {r.check.name: r.passed for r in check(slug).verdict.results} for slug in slugs}
print("VERDICTS", json.dumps(found))
print("TAB", get_ipython().complete("np.arra")[1])
digitpad.draw(lambda image: np.eye(10)[[1 if image.sum(axis=1)[0].max() > 3 else 0]])"""
#: A module beside the notebook, and two that are not loaded at the start, one of which needs a third.
ONES_OWN = """from pathlib import Path

Path("mine.py").write_text("answer = 42")
import mine, pandas, ssl

print("MINE", mine.answer, pandas.Timestamp("2026-01-31", tz="Asia/Kolkata").utcoffset(), ssl.CERT_NONE)"""


def test_the_tested_pyodide_is_the_one_that_the_site_asks_for() -> None:
    assert pyodide.VERSION == PYODIDE_VERSION


@pytest.mark.parametrize("lab", lab_names())
def test_a_notebook_for_the_browser_says_where_work_is_kept_and_differs_in_nothing_else(lab: str) -> None:
    released = json.loads((ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    mine = lite_notebook(released)
    (opening, *others), (first, *rest) = mine["cells"], released["cells"]
    assert others == rest
    text = "".join(opening["source"])
    assert text.splitlines()[0] == "".join(first["source"]).splitlines()[0]
    assert "kept in this browser, on this device alone" in text
    assert "https://colab" not in text
    assert {**opening, "source": ""} == {**first, "source": ""}


def test_a_lab_without_colabs_badge_says_so_too() -> None:
    opening = {"cell_type": "markdown", "source": ["# A lab\n", "\n", "Begin."]}
    text = "".join(lite_notebook({"cells": [opening]})["cells"][0]["source"])
    assert text.startswith("# A lab\n\n> **You work in your browser.**")
    assert text.endswith("\n\nBegin.")


def test_a_folder_that_holds_no_pyodide_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"has no pyodide\.js"):
        build_lite(ROOT, tmp_path / "lite", pyodide=tmp_path)
    assert not (tmp_path / "lite").exists()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site, without pictures in its labs' pages."""
    if not pyodide.is_there():
        pytest.skip("Pyodide is not here")
    folder = tmp_path_factory.mktemp("site")
    html = folder / "html"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-D", "executed_labs=none"]
    subprocess.run([*command, "-d", str(folder / "doctrees"), str(ROOT / "docs"), str(html)], check=True)
    build_lite(ROOT, html / "lite", pyodide=pyodide.folder())
    settings = html / "lite" / "jupyter-lite.json"
    shown = json.loads(settings.read_text(encoding="utf-8"))
    # So that a test can save when it likes, and ask whether all is saved.
    shown["jupyter-config-data"]["exposeAppInBrowser"] = "true"
    settings.write_text(json.dumps(shown), encoding="utf-8")
    # As on a server that keeps a folder's name in each address, such as GitHub's.
    with served({"/course/": html}) as found:
        yield f"{found}/course"


@pytest.fixture
def page(address: str, browser: Any) -> Iterator[Any]:
    """A page that reaches the site and nothing else; at the end, nothing else may have been asked for."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    wanted: list[str] = []
    context.on("request", lambda request: wanted.append(request.url))
    context.route(lambda url: not url.startswith(address.removesuffix("/course")), lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()
    # JupyterLite's service worker is asked whether it lives at the top of the host, wherever the site lies.
    host = address.removesuffix("/course")
    assert [url for url in wanted if not url.startswith((host, "data:", "blob:"))] == []


def cell(page: Any, text: str) -> Any:
    """The code cell that holds a text."""
    return page.locator(".jp-CodeCell").filter(has_text=text).first


def new_cell(page: Any) -> Any:
    """Add a cell of one's own at the end."""
    from playwright.sync_api import expect

    cells = page.locator(".jp-CodeCell")
    count = cells.count()
    page.locator(".jp-Notebook-footer").click()
    expect(cells).to_have_count(count + 1, timeout=PATIENCE_MS)
    return cells.nth(count)


def run(page: Any, found: Any) -> Any:
    """Run a cell, and wait until it is done."""
    found.locator(".cm-content").first.click()
    page.keyboard.press("Control+Enter")
    return done(found)


def done(found: Any) -> Any:
    from playwright.sync_api import expect

    # Empty before the first run, a star while it runs.
    expect(found.locator(".jp-InputPrompt").first).to_contain_text(NUMBER, timeout=PATIENCE_MS)
    return found


def write(page: Any, found: Any, source: str) -> Any:
    """Write over what is in a cell, and run it."""
    found.locator(".cm-content").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    return run(page, found)


@pytest.mark.long
@pytest.mark.browser
def test_a_lab_is_done_in_the_browser_and_graded_with_the_same_verdicts(
    page: Any, address: str, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/index.html")
    draw(page, [(0.5, 0.15), (0.5, 0.85)])
    expect(page.locator(".digitpad-best")).to_have_text("1")
    page.locator(f'a[href="{lab_in_browser(LAB)}"]').first.click()
    expect(cell(page, "install the course")).to_be_visible(timeout=PATIENCE_MS)
    run(page, cell(page, "install the course"))
    # Matplotlib says so where it has to look for its fonts.
    expect(run(page, cell(page, "check = checks_for"))).not_to_contain_text("font cache")
    # All is loaded with Python: the kernel finds nothing to install.
    assert [url for url in asked if "/pypi/all.json" in url] == []
    assert any(url.endswith("/numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl") for url in asked)

    reference = solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8")))
    wrong = next(v.source for v in load_variants(ROOT / "labs" / LAB) if v.slug == WRONG and not v.right)
    write(page, cell(page, "def scores("), reference["scores"])
    write(page, cell(page, f"def {WRONG}("), wrong)
    expect(run(page, cell(page, 'check("scores")'))).to_contain_text("checks pass")
    expect(run(page, cell(page, f'check("{WRONG}")'))).to_contain_text("✗")
    run(page, cell(page, "def softmax("))
    expect(run(page, cell(page, 'check("softmax")'))).to_contain_text("is not written yet")
    expect(run(page, cell(page, "coursekit.progress()"))).to_contain_text("scores")

    own = new_cell(page)
    expect(write(page, own, VERDICTS)).to_contain_text("VERDICTS")
    printed = own.locator(".jp-OutputArea-output").filter(has_text="VERDICTS").inner_text()
    here = json.loads(printed.partition("VERDICTS")[2].strip().splitlines()[0])
    assert "np.array_equal" in printed
    draw(page, [(0.5, 0.15), (0.5, 0.85)])
    expect(page.locator(".digitpad-best")).to_have_text("1")

    # Tab lists names, and says nothing of kinds that nobody knows.
    last = new_cell(page)
    last.locator(".cm-content").click()
    page.keyboard.insert_text("np.array_e")
    expect(last.locator(".cm-content")).to_have_text("np.array_e", timeout=PATIENCE_MS)
    page.keyboard.press("Tab")
    listed = page.locator(".jp-Completer-item")
    expect(listed).to_have_text(["np.array_equal", "np.array_equiv"], timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(write(page, last, ONES_OWN)).to_contain_text("MINE 42 5:30:00")

    with page.expect_download() as downloading:
        page.locator(".jp-NotebookPanel-toolbar jp-button").filter(has_text="Download").click()
    assert downloading.value.suggested_filename == f"{LAB}.ipynb"
    downloading.value.save_as(tmp_path / f"{LAB}.ipynb")

    assert [gap for gap in range(12) if page.evaluate(SAVE_TWICE, gap)] == [], "saving asks a needless question"
    # What was written is still there when the page is opened again.
    page.wait_for_function("!jupyterapp.status.isDirty")
    page.reload()
    expect(cell(page, f"def {WRONG}(")).to_contain_text(wrong.strip().splitlines()[-1].strip(), timeout=PATIENCE_MS)

    graded = verdicts_when_graded(tmp_path / f"{LAB}.ipynb", tmp_path / "course")
    assert {slug: graded[slug] for slug in here} == here
    assert all(here["scores"].values())
    assert not all(here[WRONG].values())
    assert not any(here["softmax"].values())


#: Run the first code cell as soon as it is shown, and return whether a kernel is there.
RUN_EARLY = """(text) => {
    const panel = window.jupyterapp?.shell.currentWidget;
    const cells = panel?.content?.widgets ?? [];
    const first = cells.findIndex((cell) => cell.model.type === "code" && cell.model.sharedModel.source.includes(text));
    if (first < 0) return null;
    panel.content.activeCellIndex = first;
    jupyterapp.commands.execute("notebook:run-cell");
    return { kernel: Boolean(panel.sessionContext.session?.kernel) };
}"""


@pytest.mark.long
@pytest.mark.browser
def test_a_cell_that_is_run_before_python_is_there_waits_for_it(page: Any, address: str) -> None:
    from playwright.sync_api import expect

    def ran_early() -> bool:
        page.goto(f"{address}/{lab_in_browser(LAB)}")
        return not page.wait_for_function(RUN_EARLY, arg="install the course").json_value()["kernel"]

    # On a busy machine Python can be there before this script is asked.
    assert any(ran_early() for _ in range(3))
    first = cell(page, "install the course")
    expect(first.locator(".jp-InputPrompt")).to_have_text("[*]:", timeout=PATIENCE_MS)
    done(first)


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "is_light"), [("light", "true"), ("dark", "false")])
def test_a_lab_is_dark_where_the_system_is(page: Any, address: str, scheme: str, is_light: str) -> None:
    from playwright.sync_api import expect

    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/{lab_in_browser(LAB)}")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", is_light, timeout=PATIENCE_MS)


def verdicts_when_graded(notebook: Path, course: Path) -> Mapping[str, Mapping[str, bool]]:
    """Hand a notebook in, grade it, and return for each exercise whether each visible check passed."""
    make_course(course, lab=LAB, root=ROOT)
    place = course / "submitted" / "student" / LAB
    place.mkdir(parents=True)
    (place / f"{LAB}.ipynb").write_bytes(notebook.read_bytes())
    (record,) = grade(LAB, course=course, sandbox=None if shutil.which("bwrap") else "none").records
    assert record.status == "graded"
    return {
        exercise.name: {check.name: check.passed for check in exercise.checks if check.visible}
        for exercise in record.exercises
    }


def draw(page: Any, stroke: list[tuple[float, float]]) -> None:
    """Draw with the mouse on the board."""
    board = page.locator(".digitpad-ink")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()
