"""Formgrader in JupyterLab, with its buttons pressed by a browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

LAB = "01_softmax"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE_MS = 60_000

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")]


@pytest.fixture
def jupyter(copied: Path, hand_in: Callable[..., Path], reference: Mapping[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab in a graded course, in which one student has handed in again."""
    hand_in(copied, "untouched", {"scores": reference["scores"]}, timestamp="2026-02-01 12:00:00 UTC")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = (
        *("--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="),
        *(
            "--ServerApp.root_dir=.",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ),
    )
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with (tmp_path / "jupyter.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=copied,
            env=os.environ | {"PATH": path},
            stdout=log,
            stderr=log,
        )
        try:
            yield answering(f"http://127.0.0.1:{port}", server, tmp_path / "jupyter.log")
        finally:
            server.terminate()
            server.wait()


def answering(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until a server answers, and return its address."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(urllib.error.URLError), urllib.request.urlopen(f"{address}/api"):
            return address
        time.sleep(0.2)
    pytest.fail(f"JupyterLab does not answer:\n{log.read_text()}")


@pytest.fixture
def page(jupyter: str) -> Iterator[Any]:
    """A page of a browser; addresses are relative to the server's."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        opened = browser.new_page(base_url=jupyter, viewport={"width": 1400, "height": 1000})
        opened.set_default_timeout(PATIENCE_MS)
        # What formgrader wants from the internet must not hold it up.
        opened.route(lambda url: not url.startswith((jupyter, "file:")), lambda route: route.abort())
        sync_api.expect.set_options(timeout=PATIENCE_MS)
        yield opened
        browser.close()


def test_an_instructor_grades_in_formgrader(page: Any, copied: Path, gradebook: Callable[[Path], Any]) -> None:
    from playwright.sync_api import expect

    page.goto("/lab")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_text("Formgrader", exact=True).click()
    formgrader = page.frame_locator("iframe")
    expect(formgrader.get_by_role("link", name=LAB)).to_be_visible()

    page.goto(f"/formgrader/manage_submissions/{LAB}")
    row = page.get_by_role("row").filter
    expect(row(has_text="right")).to_contain_text("needs manual grading")
    expect(row(has_text="right")).to_contain_text("20 / 22")
    expect(row(has_text="wrong")).to_contain_text("17")
    expect(row(has_text="truncated")).to_contain_text("0 / 22")
    expect(row(has_text="untouched")).to_contain_text("needs autograding")
    row(has_text="untouched").locator(".autograde a").click()
    expect(page.get_by_text("Successfully autograded")).to_be_visible()
    page.get_by_role("button", name="Close").last.click()
    expect(row(has_text="untouched")).to_contain_text("1 / 22")

    page.goto(f"/formgrader/manage_students/right/{LAB}")
    page.locator("tbody").get_by_role("link", name=LAB).click()
    expect(page.get_by_text("Horses look both ways.")).to_be_visible()
    points = page.locator("input#why_templates_fail")
    # The class comes with the grade; a number typed in before that would be lost.
    expect(points).to_have_class(re.compile("needs_manual_grade"))
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
        points.fill("1.5")
        points.press("Tab")
    page.reload()
    expect(points).to_have_value("1.5")
    with gradebook(copied) as opened:
        assert opened.find_submission(LAB, "right").score == 21.5
        assert opened.find_submission(LAB, "untouched").score == 1

    page.goto(f"/formgrader/manage_submissions/{LAB}")
    row(has_text="right").locator(".generate-feedback a").click()
    expect(page.get_by_text("Successfully generated feedback")).to_be_visible()
    page.goto((copied / "feedback" / "right" / LAB / f"{LAB}.html").as_uri())
    expect(page.get_by_role("heading", name="(Score: 21.5 / 22.0)")).to_be_visible()
    expect(page.get_by_text("Horses look both ways.")).to_be_visible()
    expect(page.get_by_text("Every row of softmax(Z) is a probability distribution.")).to_be_visible()
