"""What it costs to open a lab in the browser, from the click on the site's front page to the first check.

A site is served from this machine with Python's plain web server, and opened in Chromium. The first visit has an empty
profile; the second is another start of the browser with the profile that the first has left. Each cell is run as soon
as the one before it is done. The parts are added up:

- the page: the lab's cells can be read and written in;
- Python: the page says that the kernel is idle; on a first visit too soon: the rest counts with the course;
- the course: the first cell has installed it;
- the imports: NumPy, Matplotlib and the course's own;
- the check: the first exercise's check has answered.

Build the site first, with a copy of Pyodide: ``make pyodide``, then ``make site PYODIDE=…`` with the folder that it
printed. Pyodide's network gives packages that are compiled to bytecode; for the same of a copy, run ``pyodide
py-compile`` of pyodide-build, under the Python that Pyodide has, on the folder.

The bar: 20 seconds for the first visit, on two cores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from machine import header

from coursekit.authoring.lite import lab_in_browser

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
LAB = "01_softmax"
BAR_S = 20.0
PARTS = ("the page", "Python", "the course", "the imports", "the check")
VISITS = ("first visit", "second visit")
_PATIENCE_MS = 180_000
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def main() -> None:
    """Measure, print, and keep the raw figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often a new profile is begun (default: 3)")
    parser.add_argument("--site", type=Path, default=ROOT / "site" / "html", help="a built site (default: site/html)")
    options = parser.parse_args()
    if not (options.site / "lite" / "static" / "pyodide").is_dir():
        sys.exit(
            f"{options.site} has no labs in the browser with a copy of Pyodide: `make site PYODIDE=…` builds them."
        )
    outcome: dict[str, Any] = {"machine": header("jupyterlite-core", "jupyterlite-pyodide-kernel"), "lab": LAB}
    print(json.dumps(outcome["machine"], indent=1))
    seconds: dict[str, list[list[float]]] = {visit: [] for visit in VISITS}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="coursekit-bench-") as profile, served(options.site) as address:
            for visit in VISITS:
                seconds[visit].append(opened(address, Path(profile)))
    print(f"\n{'medians, in s':<18}", *(f"{part:>12}" for part in PARTS), f"{'together':>12}", sep="")
    medians = {visit: [statistics.median(part) for part in zip(*rows, strict=True)] for visit, rows in seconds.items()}
    for visit, parts in medians.items():
        whole = statistics.median(sum(row) for row in seconds[visit])
        print(f"{visit:<18}", *(f"{part:12.1f}" for part in parts), f"{whole:12.1f}", sep="")
    raw = {visit: dict(zip(PARTS, zip(*rows, strict=True), strict=True)) for visit, rows in seconds.items()}
    outcome |= {"bar": BAR_S, "seconds": raw}
    first = statistics.median(sum(row) for row in seconds[VISITS[0]])
    print(f"\nThe first visit takes {first:.1f} s; the bar is {BAR_S:g} s.")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "browser.json").write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on this machine, as the README says; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "-d", str(site), str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def opened(address: str, profile: Path) -> list[float]:
    """Open the lab and run it up to its first check; return the seconds that each part took."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            args=list(_FLAGS),
            headless=True,
            viewport={"width": 1400, "height": 1000},
        )
        page = context.pages[0]
        page.set_default_timeout(_PATIENCE_MS)
        page.goto(f"{address}/index.html")
        times = [time.perf_counter()]
        page.locator(f'a[href="{lab_in_browser(LAB)}"]').first.click()
        cell(page, "install the course").wait_for()
        times.append(time.perf_counter())
        # What is run before the kernel is there is not run at all.
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
        times.append(time.perf_counter())
        for text in ("install the course", "check = checks_for", 'check("scores")'):
            run(page, cell(page, text))
            times.append(time.perf_counter())
        context.close()
    return [after - before for before, after in itertools.pairwise(times)]


def cell(page: Any, text: str) -> Any:
    """Return the code cell that holds a text."""
    return page.locator(".jp-CodeCell").filter(has_text=text).first


def run(page: Any, found: Any) -> None:
    """Run a cell, and wait until it is done."""
    found.locator(".cm-content").first.click()
    page.keyboard.press("Control+Enter")
    # Empty before the first run, a star while it runs.
    found.locator(".jp-InputPrompt").filter(has_text="]:").filter(has_not_text="*").filter(
        has_not_text="[ ]"
    ).wait_for()


if __name__ == "__main__":
    main()
