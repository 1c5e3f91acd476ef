"""What all tests share: one thread each, figures that no screen shows, and JupyterLab in a browser."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

ROOT = Path(__file__).parents[1]

# Two processes whose torch takes both cores wait for each other. Some suites run without it, too (`make versions`).
with suppress(ModuleNotFoundError):
    import torch

    torch.set_num_threads(1)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMIUM_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
JUPYTERLAB_OPTIONS = (
    *("--no-browser", "--allow-root", "--ServerApp.port_retries=0", "--IdentityProvider.token="),
    *("--ServerApp.root_dir=.", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
)
#: Otherwise it asks whether it may, in a box that lies over the page.
NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
PATIENCE_MS = 60_000
#: Has a folder of a name filled, and returns it.
Once: TypeAlias = Callable[[str, Callable[[Path], object]], Path]
#: What to do for tests that were skipped, by a word of the reason that they give.
REMEDIES = {
    "bubblewrap": "install bubblewrap",
    "sandbox": "install bubblewrap",
    "Chromium": "install Chromium",
    "axe_playwright_python": "install axe-playwright-python",
    "Pyodide": "run `make pyodide`",
    "playwright": "install playwright",
    "COURSEKIT_DATA": "set COURSEKIT_DATA to a folder that holds the real images",
    "needs R": "install R",
    "needs numba": "install numba",
    "needs Triton": "install triton",
    "needs JupyterHub": "install jupyterhub",
    "needs a GPU": "use a machine with a GPU",
    "needs a CUDA": "use a machine with a GPU",
}
#: Files of trials that take longest: begun first, so that no process waits at the end for the other.
LONGEST = ("test_demo.py", "test_handbook.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others keep their order."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """End with what it takes to run the tests that were skipped."""
    yield
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])]
    if reasons:
        terminalreporter.write_line(rest(reasons))


def rest(reasons: list[str]) -> str:
    """Say how to run tests that were skipped, from the reasons that they gave."""
    remedies = Counter(
        next((remedy for word, remedy in REMEDIES.items() if word in reason), "see the reasons above")
        for reason in reasons
    )
    steps = "; ".join(f"{remedy} ({count})" for remedy, count in remedies.most_common())
    return f"To run the tests that were skipped: {steps}."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Name the authors' lines beside those of built checks in the traceback of a test that failed."""
    report = yield
    if report.failed and ("hidden" in report.longreprtext or "coursekit/checks/" in report.longreprtext):
        from coursekit.authoring.lines import authored_places

        if places := authored_places(report.longreprtext, ROOT):
            report.sections.append(("Written in", "\n".join(places)))
    return report


@pytest.fixture
def off_screen() -> Iterator[None]:
    """Draw on no screen, and leave no figure behind."""
    mpl.use("Agg")
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """A function that has a folder filled, by one of the processes that run tests side by side, for all of them."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent

    def filled(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def gradable() -> Callable[[Path], None]:
    """A function that has a course graded without a sandbox where this machine has none."""

    def make(course: Path) -> None:
        if shutil.which("bwrap") is None:
            with (course / "nbgrader_config.py").open("a") as config:
                config.write("c.GradingStep.sandbox = 'none'\n")

    return make


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, driven by Playwright; where there is none, the test is skipped."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    sync_api.expect.set_options(timeout=PATIENCE_MS)
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def violations(browser: Any) -> Callable[[Path], list[str]]:
    """A function that says what axe-core finds on a page in a file: on wide and narrow screens, in light and dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def found(file: Path) -> list[str]:
        faults = []
        for width, scheme in ((1200, "light"), (480, "dark"), (1200, "dark"), (480, "light")):
            # Contrast takes by far the longest, and is the same at any width: it is looked at once in each scheme.
            rules = {"color-contrast": {"enabled": (width, scheme) in ((1200, "light"), (480, "dark"))}}
            # The page's own policy would keep axe-core out.
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(file.as_uri())
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{file.name}, {width} px, {scheme}: wider than the screen")
            for fault in axe.run(page, options={"resultTypes": ["violations"], "rules": rules}).response["violations"]:
                where = "; ".join(" ".join(map(str, node["target"])) for node in fault["nodes"][:3])
                faults.append(f"{file.name}, {width} px, {scheme}: {fault['id']}: {fault['help']} ({where})")
            context.close()
        return faults

    return found


@pytest.fixture
def jupyterlab(browser: Any, tmp_path: Path) -> Iterator[Callable[[Path], Any]]:
    """A function that starts JupyterLab in a folder and returns a page, whose addresses are relative to the server's.

    The page reaches nothing else on the network.
    """
    with ExitStack() as stopping:

        def start(folder: Path) -> Any:
            address = stopping.enter_context(serving(folder, tmp_path / "jupyterlab"))
            page = browser.new_page(base_url=address, viewport={"width": 1400, "height": 1000})
            page.set_default_timeout(PATIENCE_MS)
            page.route(lambda url: not url.startswith((address, "file:")), lambda route: route.abort())
            return page

        yield start


@pytest.fixture
def open_notebook(jupyterlab: Callable[[Path], Any]) -> Callable[[Path], Any]:
    """A function that opens a notebook in JupyterLab and returns the page once the kernel is ready to run cells."""

    def opened(notebook: Path) -> Any:
        page = jupyterlab(notebook.parent)
        page.goto(f"/lab/tree/{notebook.name}")
        # What is run before the kernel is there is not run at all.
        page.get_by_text("(ipykernel) | Idle").wait_for()
        return page

    return opened


@contextmanager
def serving(folder: Path, own: Path) -> Iterator[str]:
    """Run JupyterLab in a folder, with settings and a log in a folder of its own; give its address once it answers."""
    (own / "labconfig").mkdir(parents=True)
    (own / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(NO_NEWS))
    log = own / "log.txt"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    surroundings = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        **{name: str(own) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")},
    }
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *JUPYTERLAB_OPTIONS, f"--port={port}"],
            cwd=folder,
            env=os.environ | surroundings,
            stdout=stream,
            stderr=stream,
        )
        try:
            yield answering(f"http://127.0.0.1:{port}", server, log)
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
