"""The course site, built as `make site` builds it, but with the pictures of one lab only."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from numpy.typing import NDArray

from coursekit.authoring.committed import secret_lines
from coursekit.authoring.lite import lab_in_browser
from coursekit.checking import lab_names
from coursekit.datasets import load_mnist
from coursekit.digitpad.image import ink
from coursekit.digitpad.reading import read
from coursekit.grading.limits import Limits

# To build the site takes most of a minute.
pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
RUN = "00_numpy"
#: What a browser fetches as it shows a page.
LOADS = re.compile(r"""url\(\s*['"]?(?:https?:)?//|@import\s+['"](?:https?:)?//""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the site's pages."""
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "docs", course / "docs", ignore=shutil.ignore_patterns("labs"))
    for name in ("notebooks", "solutions", "pyproject.toml"):
        (course / name).symlink_to(ROOT / name)
    environment = {name: value for name, value in os.environ.items() if name != "COURSEKIT_DATA"}
    environment |= {"COURSEKIT_OFFLINE": "1", "COURSEKIT_CACHE": str(course / "cache")}
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-D", f"executed_labs={RUN}"]
    done = subprocess.run(
        [*command, "-d", str(course / "doctrees"), str(course / "docs"), str(course / "html")],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return course / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> Mapping[str, Any]:
    """The pages' HTML by their path."""
    bs4 = pytest.importorskip("bs4")
    return {
        str(file.relative_to(site)): bs4.BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for file in site.rglob("*.html")
    }


def test_there_is_a_page_for_each_lab_and_each_reader(pages: Mapping[str, Any]) -> None:
    readers = {f"handbook/{reader}.html" for reader in ("students", "instructors", "authors")}
    assert {"index.html", *readers, *(f"labs/{lab}.html" for lab in lab_names())} <= set(pages)


def test_the_front_page_leads_to_each_lab_and_to_colab(pages: Mapping[str, Any]) -> None:
    links = {link["href"] for link in pages["index.html"].find(attrs={"role": "main"}).find_all("a", href=True)}
    for lab in lab_names():
        assert f"labs/{lab}.html" in links
        assert any("colab.research.google.com" in link and lab in link for link in links)


def test_pages_load_nothing_from_elsewhere(pages: Mapping[str, Any], site: Path) -> None:
    found = []
    for name, page in pages.items():
        for tag in page.find_all(["script", "img", "iframe", "source", "video", "audio", "embed", "object"]):
            found += [(name, tag[key]) for key in ("src", "data", "srcset") if "//" in tag.get(key, "")]
        for tag in page.find_all("link", href=True):
            found += [(name, tag["href"])] * ("//" in tag["href"])
        found += [(name, style.string) for style in page.find_all("style") if LOADS.search(style.string or "")]
    found += [(str(file), "") for file in site.rglob("*.css") if LOADS.search(file.read_text(encoding="utf-8"))]
    assert found == []


def test_links_within_the_site_lead_somewhere(pages: Mapping[str, Any], site: Path) -> None:
    dead = []
    for name, page in pages.items():
        for address in (tag.get("href") or tag.get("src") for tag in page.select("[href], [src]")):
            link = urlsplit(address)
            if link.scheme or address in ("", "#"):
                continue
            target = (site / name).parent / unquote(link.path) if link.path else site / name
            anchor = unquote(link.fragment)
            if link.path.lstrip("./").startswith("lite/"):
                # Built beside the pages; tests/test_lite.py opens it.
                continue
            if not target.is_file():
                dead.append((name, address))
            elif anchor and target.suffix == ".html":
                there = pages[str(target.resolve().relative_to(site.resolve()))]
                if there.find(id=anchor) is None:
                    dead.append((name, address))
    assert dead == []


def private_lines(lab: str) -> set[str]:
    """The lines of a lab that students must not see: of its answers and of its hidden checks."""
    import nbformat

    instructor = nbformat.read(ROOT / "solutions" / lab / f"{lab}.ipynb", as_version=4)
    student = nbformat.read(ROOT / "notebooks" / lab / f"{lab}.ipynb", as_version=4)
    hidden = (ROOT / "autograde" / "hidden" / f"{lab}.py").read_text(encoding="utf-8")
    docstrings = re.findall(r'^    """(.+?)"""$', hidden, re.MULTILINE)
    visible = (ROOT / "src" / "coursekit" / "checks" / f"{lab}.py").read_text(encoding="utf-8")
    told = "\n".join(cell.source for cell in student.cells)
    # A table of the lab's may name what an answer uses, such as a barrier: the page shows it on a line of its own.
    secret = {line for line in secret_lines(instructor, student) if line not in told}
    return secret | {line for line in docstrings if line not in visible}


@pytest.mark.parametrize("lab", lab_names())
def test_a_lab_page_gives_nothing_away(lab: str, pages: Mapping[str, Any], site: Path) -> None:
    private = private_lines(lab)
    assert len(private) > 30
    shown = {line.strip() for line in pages[f"labs/{lab}.html"].get_text().splitlines()}
    assert sorted(private & shown) == []
    assert "BEGIN SOLUTION" not in pages[f"labs/{lab}.html"].get_text()


def test_the_notebooks_to_download_are_the_students(site: Path) -> None:
    for lab in lab_names():
        (downloaded,) = (site / "_downloads").rglob(f"{lab}.ipynb")
        assert downloaded.read_bytes() == (ROOT / "notebooks" / lab / f"{lab}.ipynb").read_bytes()
    assert not [file for file in site.rglob("*.ipynb") if "_downloads" not in file.parts]


def test_a_lab_that_was_run_shows_its_pictures_with_words_for_them_and_its_checks_passed(
    pages: Mapping[str, Any],
) -> None:
    page = pages[f"labs/{RUN}.html"]
    pictures = page.select(".cell_output img")
    assert len(pictures) > 10
    assert not [picture["alt"] for picture in pictures if picture["alt"].startswith("The picture that this code draws")]
    assert all(len(picture["alt"].split()) > 5 for picture in pictures)
    checks = page.select("[aria-label^='Check of']")
    assert len(checks) == 9
    assert not [check for check in checks if "✗" in check.get_text()]
    assert "raise NotImplementedError" in page.get_text()


def test_each_lab_opens_in_the_browser_from_its_page_and_from_the_front_page(pages: Mapping[str, Any]) -> None:
    for lab in lab_names():
        assert pages["index.html"].find("a", href=lab_in_browser(lab)) is not None
        assert pages[f"labs/{lab}.html"].find("a", href=f"../{lab_in_browser(lab)}") is not None


def test_the_front_page_says_what_was_measured_of_its_network(pages: Mapping[str, Any]) -> None:
    network = json.loads((ROOT / "docs" / "reader.json").read_text(encoding="utf-8"))
    assert network["made"]["data"] == "MNIST"
    assert f"{network['right'] / network['test_images']:.1%}" in pages["index.html"].get_text()


@pytest.mark.skipif("COURSEKIT_DATA" not in os.environ, reason="COURSEKIT_DATA is not set")
def test_the_front_pages_network_reads_as_many_test_images_as_it_is_said_to() -> None:
    network, data = kept_network(), load_mnist()
    right = (network(data.test_vectors().astype(float)).argmax(axis=1) == data.test_labels).sum()
    told = json.loads((ROOT / "docs" / "reader.json").read_text(encoding="utf-8"))
    assert (len(data.test_labels), right) == (told["test_images"], pytest.approx(told["right"], abs=2))


def kept_network() -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """The network of the front page, in NumPy: the probabilities (n, 10) of images (n, 784)."""
    kept = json.loads((ROOT / "docs" / "reader.json").read_text(encoding="utf-8"))
    layers = [
        (
            each["scale"] * np.frombuffer(base64.b64decode(each["weights"]), np.int8).reshape(shape),
            np.array(each["biases"]),
        )
        for each, shape in zip(kept["layers"], itertools.pairwise(kept["sizes"]), strict=True)
    ]

    def network(images: NDArray[np.float64]) -> NDArray[np.float64]:
        signal = images
        for i, (W, b) in enumerate(layers):
            signal = (signal if i == 0 else np.maximum(signal, 0)) @ W + b
        powers = np.exp(signal - signal.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return shares

    return network


DRAWINGS: dict[str, list[list[tuple[float, float]]]] = {
    "a one": [[(0.5, 0.15), (0.5, 0.85)]],
    "a seven in a corner": [[(0.1, 0.1), (0.4, 0.1), (0.2, 0.5)]],
    "a lopsided L": [[(0.2, 0.05), (0.2, 0.9), (0.95, 0.9)]],
    "a dot": [[(0.8, 0.3)]],
    "nothing": [],
}


@pytest.mark.browser
def test_the_front_pages_pad_reads_what_the_package_reads(browser: Any, site: Path) -> None:
    page, network = browser.new_page(), kept_network()
    page.goto((site / "index.html").as_uri())
    for name, strokes in DRAWINGS.items():
        grey = np.rint(255 * ink(strokes)).astype(np.uint8) if strokes else np.zeros((0, 0), np.uint8)
        here = page.evaluate("text => window.readDigit(text)", base64.b64encode(grey.tobytes()).decode())
        there = read(grey / 255, lambda image: network(image.reshape(1, 784).astype(float)))
        assert (here["best"], here["words"]) == (there.best, there.words), name
        assert here["probabilities"] == pytest.approx(list(there.probabilities), abs=1e-4), name
        if strokes:
            assert np.allclose(np.reshape(here["image"], (28, 28)) / 255, there.image, atol=0.51 / 255), name
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_fit_the_screen_and_set_their_formulas_without_a_network(
    browser: Any, width: int, scheme: Any, site: Path
) -> None:
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    wanted: list[str] = []
    page.on("request", lambda request: wanted.append(request.url))
    page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    for name in ("index", "labs/00_numpy", "labs/04_cnn", "handbook/instructors"):
        page.goto((site / f"{name}.html").as_uri())
        if name.startswith("labs"):
            expect(page.locator(".math mjx-container").first).to_be_visible()
            assert page.locator("mjx-merror").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in wanted if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", f"labs/{RUN}", "labs/04_cnn", "handbook/instructors", "search"])
def test_axe_finds_nothing_on_a_page(name: str, site: Path, violations: Callable[[Path], list[str]]) -> None:
    assert violations(site / f"{name}.html") == []


def test_the_instructors_page_has_the_limits_as_they_are() -> None:
    page = (ROOT / "docs" / "handbook" / "instructors.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.MULTILINE))
    assert listed == {name: f"{value:g}" for name, value in Limits().as_dict().items()}
