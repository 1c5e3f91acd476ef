"""The labs under Pyodide, Python in the browser: the references that need no PyTorch pass every visible check."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coursekit.checking import lab_names
from tests import pyodide
from tests.served import served
from tests.torchless import NEEDS_TORCH, OUTCOME, reference, short_of_points

ROOT = Path(__file__).parents[1]
BEGIN = """async (packages) => {
    const script = document.createElement("script");
    script.src = "/pyodide/pyodide.js";
    await new Promise((ready, failed) => {
        script.onload = ready;
        script.onerror = failed;
        document.head.append(script);
    });
    window.python = await loadPyodide();
    await python.loadPackage(packages);
    const course = await fetch("/course.zip");
    python.unpackArchive(await course.arrayBuffer(), "zip", {extractDir: "/course"});
    python.runPython("import sys; sys.path.insert(0, '/course')");
}"""

pytestmark = [pytest.mark.long, pytest.mark.browser]


@pytest.fixture(scope="module")
def python(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page in which Pyodide runs, with the package as it stands and what it takes from Pyodide's own stock."""
    if not pyodide.is_there():
        pytest.skip("Pyodide is not here")
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("<!doctype html><title>Python</title>")
    with zipfile.ZipFile(folder / "course.zip", "w") as course:
        for file in sorted((ROOT / "src" / "coursekit").rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                course.write(file, file.relative_to(ROOT / "src"))
    with served({"/": folder, "/pyodide/": pyodide.folder()}) as address:
        page = browser.new_page()
        page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page.goto(f"{address}/index.html")
        page.evaluate(BEGIN, ["numpy", "matplotlib"])
        page.evaluate("program => python.runPython(program)", OUTCOME)
        yield page
        page.close()


@pytest.mark.parametrize("lab", lab_names())
def test_the_references_pass_every_visible_check_that_needs_no_torch(lab: str, python: Any) -> None:
    found = json.loads(
        python.evaluate("notebook => python.globals.get('outcome')(notebook)", json.dumps(reference(lab)))
    )
    assert len(found) >= 9
    short = short_of_points(found)
    assert short == NEEDS_TORCH.get(lab, set()), [found[slug] for slug in short - NEEDS_TORCH.get(lab, set())]


def test_the_fonts_that_are_listed_are_those_that_matplotlib_finds_there(python: Any) -> None:
    found, listed = python.evaluate("program => python.runPython(program).toJs()", FONTS)
    assert len(found) > 50
    assert found == listed


def test_a_call_that_takes_long_says_what_is_running(python: Any) -> None:
    said = python.evaluate("program => python.runPython(program)", LONG_CALL)
    assert "endless has been running for 0.2 s, at line" in said
    assert "of endless's cell" in said
    assert "restart the kernel" in said


FONTS = """
import json
from pathlib import Path
import coursekit
from matplotlib import font_manager

def entries(file):
    kept = json.loads(file.read_text())
    return sorted(json.dumps(font, sort_keys=True) for font in kept.pop("ttflist") + kept.pop("afmlist")) + [str(kept)]

font_manager.json_dump(font_manager.FontManager(), "/tmp/fonts.json")
kept = Path(coursekit.__file__).parent / "authoring" / "browser" / "fontlist.json"
[entries(file) for file in (Path("/tmp/fonts.json"), kept)]
"""

LONG_CALL = """
import contextlib, io, time
from coursekit.checking import notebook

notebook.PATIENCE_S = 0.2
names = {"__name__": "__main__", "In": []}
cell = '''
import time

def endless(began):
    while time.monotonic() - began < 1:
        pass
    return 1
'''
exec(compile(cell, "<cell>", "exec"), names)
with contextlib.redirect_stdout(io.StringIO()) as said:
    notebook.NotebookStudent(names, lab="01_softmax").call("endless", time.monotonic())
said.getvalue()
"""
