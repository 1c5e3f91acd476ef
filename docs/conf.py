"""The course site: how Sphinx makes it of docs/ and of the labs' notebooks."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
from sphinx.application import Sphinx
from sphinx.config import Config

from coursekit import digitpad
from coursekit.authoring.page import execute, lab_cards, lab_page
from coursekit.authoring.repository import repository_address

ROOT = Path(__file__).parents[1]
PAD = Path(digitpad.__file__).parent
REPOSITORY = repository_address(ROOT)

project = "coursekit"
author = "The coursekit authors"
copyright = author  # noqa: A001 - Sphinx's name
language = "en"

extensions = ["myst_nb", "sphinx_copybutton", "sphinx_design", "sphinx-mathjax-offline"]
exclude_patterns = ["labs/cards.md"]
myst_enable_extensions = ["colon_fence", "dollarmath", "substitution"]
myst_substitutions: dict[str, str] = {}
myst_heading_anchors = 3
# The labs' pages bring their outputs with them. Widgets would need a server and scripts from elsewhere.
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
copybutton_prompt_text = "$ "

html_theme = "furo"
html_title = "coursekit"
# The second is written from the package's own pad.
html_static_path = ["_static", "labs/static"]
html_css_files = ["site.css", "digitpad.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "source_repository": REPOSITORY,
    "source_branch": "main",
    "source_directory": "docs/",
    "top_of_page_buttons": [],
    "light_css_variables": {"color-brand-primary": "#0b5c8a", "color-brand-content": "#0b5c8a"},
    "dark_css_variables": {"color-brand-primary": "#7cc4ee", "color-brand-content": "#7cc4ee"},
}


def write_labs(app: Sphinx, config: Config) -> None:
    """Write the labs' pages and the cards that lead to them into docs/labs/."""
    folder = Path(app.srcdir, "labs")
    (folder / "covers").mkdir(parents=True, exist_ok=True)
    pages = {}
    for file in sorted((ROOT / "notebooks").glob("*/*.ipynb")):
        lab, instructor = file.stem, nbformat.read(ROOT / "solutions" / file.stem / file.name, as_version=4)
        if lab in config.executed_labs or "all" in config.executed_labs:
            instructor = execute(instructor, keep=Path(app.doctreedir))
        pages[lab] = lab_page(nbformat.read(file, as_version=4), instructor, repository=REPOSITORY)
        nbformat.write(pages[lab], folder / file.name)
    cards = lab_cards(pages, covers=folder / "covers", repository=REPOSITORY)
    (folder / "cards.md").write_text(cards, encoding="utf-8")


def write_digit_pad(app: Sphinx, config: Config) -> None:
    """Write the front page's digit pad: the package's own pad, a trained network, and what reads in a drawing."""
    folder = Path(app.srcdir, "labs", "static")
    folder.mkdir(parents=True, exist_ok=True)
    pad, reader, front = (
        file.read_text(encoding="utf-8")
        for file in (PAD / "pad.js", Path(app.srcdir, "reader.json"), Path(app.srcdir, "front.js"))
    )
    # One plain script, since a page that is opened as a file may not import modules.
    script = f"(() => {{\n{pad.replace('export default { render };', '')}\nconst READER = {reader};\n{front}}})();\n"
    (folder / "digitpad.js").write_text(script, encoding="utf-8")
    shutil.copyfile(PAD / "pad.css", folder / "digitpad.css")
    network = json.loads(reader)
    config.myst_substitutions["right"] = f"{network['right'] / network['test_images']:.1%}"


#: What the theme and Sphinx leave out of the pages for those who hear them, or read them without a mouse.
ACCESSIBLE = (
    (re.compile(r'(<p class="caption" role="heading")>'), r'\1 aria-level="2">'),
    (re.compile(r'(<aside class="sidebar-drawer")>'), r'\1 aria-label="Site">'),
    (re.compile(r'(<aside class="toc-drawer(?: no-toc)?")>'), r'\1 aria-label="Page">'),
    (re.compile(r'(<div class="highlight"><pre)>'), r'\1 tabindex="0">'),
    (re.compile(r'(id="furo-main-content">\s*)(<noscript>)'), r"\1<h1>Search</h1>\n\2"),
    (re.compile(r"<th( [^>]*)?>(<p></p>)?</th>"), r"<td\1></td>"),
)


def make_accessible(app: Sphinx, error: Exception | None) -> None:
    """Name landmarks, give headings their level, and let keyboards scroll code, in the pages as they were written."""
    for file in Path(app.outdir).rglob("*.html") if error is None and app.builder.format == "html" else ():
        page = before = file.read_text(encoding="utf-8")
        for pattern, better in ACCESSIBLE:
            page = pattern.sub(better, page)
        if page != before:
            file.write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Have the labs' pages written before Sphinx looks for pages, and all pages made accessible afterwards."""
    app.add_config_value("executed_labs", ["all"], "", list, "The labs to run for their pictures: names, or all.")
    app.connect("config-inited", write_labs)
    app.connect("config-inited", write_digit_pad)
    app.connect("build-finished", make_accessible)
