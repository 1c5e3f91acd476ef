"""The labs in the browser: a JupyterLite beside the site's pages, with nothing to install and no server.

``python -m coursekit.authoring.lite DEST`` builds it. What it opens are the students' notebooks, the course's wheel and
the wheels of the digit pad; Python itself, Pyodide, comes from its makers' network unless a copy is given.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursekit.errors import CourseError

__all__ = ["PYODIDE_VERSION", "build_lite", "lab_in_browser", "lite_notebook"]

#: The Python in the browser that the labs are tested with.
PYODIDE_VERSION = "0.27.7"
#: The form of it whose packages are compiled to bytecode: the first check comes a third sooner. A traceback shows no
#: lines of NumPy's own code then; those of a student and of the course it shows as ever.
_PYODIDE_ADDRESS = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE_VERSION}/pyc/"
_PYODIDE_PYTHON = "3.12"
#: What the digit pad needs beyond what Pyodide has.
_WHEELS = ("anywidget", "comm", "ipywidgets", "jupyterlab_widgets", "psygnal", "typing_extensions")
#: What is loaded of Pyodide's packages with Python, and with them the course's wheels and the kernel's own.
_LOADED = ("ipython", "matplotlib", "micropip", "numpy")
#: What the kernel installs when it starts, unless it is told that it is there. Jedi and ssl never are: IPython does
#: without the one, whose 1,900 files take longer to unpack than NumPy, and there are no sockets for the other.
_INSTALLED = ("comm", "ipykernel", "ipython", "jedi", "micropip", "piplite", "pyodide_kernel", "sqlite3", "ssl")
#: The kernel's wheels, which lie beside its script.
_KERNELS_WHEELS = ("ipykernel", "piplite", "pyodide_kernel")
#: What IPython runs first there.
_STARTUP = f"/lib/python{_PYODIDE_PYTHON}/site-packages/coursekit/authoring/browser/startup.py"
_KERNEL_EXTENSION = "@jupyterlite/pyodide-kernel-extension"
_EXTENSIONS = (_KERNEL_EXTENSION, "@jupyter-widgets/jupyterlab-manager", "anywidget")
#: Hands out the notebook that is open, starts Python, and runs cells, in place of what JupyterLab has for that.
_OWN_EXTENSION = Path(__file__).with_name("download")
_IN_PLACE_OF = "@jupyterlab/notebook-extension:cell-executor"
_START = "extensions/coursekit-download/static/start.js"
_SITE_FROM_START = "../../../"
#: Where a site keeps a copy of Pyodide.
_COPY = "static/pyodide"
_APPS = ("notebooks", "tree", "lab")
_KERNEL = f"{_KERNEL_EXTENSION}:kernel"
_DOWNLOAD = "coursekit:download"
#: Work is kept every few seconds, since a tab is closed more easily than a program; all cells are on the page, which is
#: dark where the system is, as the site's pages are. Names are waited for at Tab as long as a slow tablet needs: after
#: JupyterLab's one second, no list is shown and nothing is said.
_SETTINGS = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/completer-extension:manager": {"providerTimeout": 10_000},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 5},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/notebook-extension:panel": {"toolbar": [{"name": "download", "command": _DOWNLOAD, "rank": 12}]},
    "@jupyterlab/mainmenu-extension:plugin": {
        "menus": [{"id": "jp-mainmenu-file", "items": [{"command": _DOWNLOAD, "rank": 5}]}]
    },
}
_BADGE = re.compile(r"^\[!\[Open in Colab\].*$", re.MULTILINE)
_IN_BROWSER = (
    "> **You work in your browser.** Python runs in this page, with nothing to install. The first cell with code takes"
    " some seconds. What you write is kept in this browser, on this device alone: *Download*, in the bar above, gives"
    " you the `.ipynb` to hand in, and to keep. Where a cell does not come to an end, *Kernel → Restart Kernel*"
    " helps; what you have written stays."
)


def lab_in_browser(lab: str) -> str:
    """Return where a lab opens in the browser, as an address from the site's front page."""
    return f"lite/notebooks/index.html?path={lab}/{lab}.ipynb"


def lite_notebook(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a student's notebook with a word on working in the browser in place of Colab's badge."""
    opening, *others = notebook["cells"]
    text = "".join(opening["source"])
    if not _BADGE.search(text):
        heading, _, rest = text.partition("\n")
        text = f"{heading}\n\n{_IN_BROWSER}\n{rest}"
    text = _BADGE.sub(lambda _: _IN_BROWSER, text, count=1)
    return {**notebook, "cells": [{**opening, "source": text.splitlines(keepends=True)}, *others]}


def build_lite(root: Path, dest: Path, *, pyodide: Path | None = None) -> None:
    """Build a JupyterLite with a course's labs.

    Args:
        root: The course's folder, with ``notebooks/`` and the package's source.
        dest: The folder to write, replaced if it is there.
        pyodide: A folder with Pyodide's files, to be copied to the site; its makers' network unless given.

    Raises:
        CourseError: If a wheel cannot be had, the folder holds no Pyodide, or JupyterLite cannot be built.
    """
    if pyodide is not None and not (pyodide / "pyodide.js").is_file():
        raise CourseError(
            f"{pyodide} is no Pyodide: it has no pyodide.js. Unpack a release of {PYODIDE_VERSION} there."
        )
    with tempfile.TemporaryDirectory() as scratch:
        lite = Path(scratch)
        _write_notebooks(root / "notebooks", lite / "labs")
        _put_wheels(root, lite / "pypi")
        (lite / "overrides.json").write_text(json.dumps(_SETTINGS), encoding="utf-8")
        wheels = sorted(file.name for file in (lite / "pypi").glob("*.whl"))
        (lite / "jupyter-lite.json").write_text(json.dumps(_site_settings(pyodide, wheels)), encoding="utf-8")
        (lite / "jupyter_lite_config.json").write_text(json.dumps(_build_settings()), encoding="utf-8")
        _run([sys.executable, "-m", "jupyterlite_core", "build"], lite, "JupyterLite could not be built")
        if pyodide is not None:
            # Put there before, JupyterLite would have its own script start it.
            shutil.copytree(pyodide, lite / "out" / _COPY)
        shutil.rmtree(dest, ignore_errors=True)
        dest.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(lite / "out", dest)


def _write_notebooks(source: Path, dest: Path) -> None:
    for file in sorted(source.glob("*/*.ipynb")):
        copy = lite_notebook(json.loads(file.read_text(encoding="utf-8")))
        (dest / file.parent.name).mkdir(parents=True)
        (dest / file.parent.name / file.name).write_text(json.dumps(copy, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _put_wheels(root: Path, dest: Path) -> None:
    """Build the course's wheel, and fetch those that it needs in the browser."""
    pip = [sys.executable, "-m", "pip"]
    _run([*pip, "wheel", "--quiet", "--no-deps", "-w", str(dest), str(root)], root, "The course's wheel was not built")
    anywhere = ["--only-binary=:all:", "--platform=any", f"--python-version={_PYODIDE_PYTHON}"]
    pins = root / "constraints.txt"
    tested = ["-c", str(pins)] if pins.is_file() else []
    _run([*pip, "download", "--quiet", "--no-deps", *anywhere, *tested, "-d", str(dest), *_WHEELS], root, "No wheels")


def _site_settings(pyodide: Path | None, wheels: Sequence[str]) -> dict[str, Any]:
    """Return the site's settings; addresses in them that start.js reads are taken from where it lies."""
    folder = f"extensions/{_KERNEL_EXTENSION}/static/pypi"
    kernels = _extension(_KERNEL_EXTENSION) / "static" / "pypi"
    own = [f"{folder}/{file.name}" for name in _KERNELS_WHEELS for file in kernels.glob(f"{name}-*.whl")]
    options = {
        "packages": _INSTALLED,
        "env": {"PYTHONSTARTUP": _STARTUP},
        "pyodide": _PYODIDE_ADDRESS if pyodide is None else f"{_SITE_FROM_START}{_COPY}/",
        "loaded": [*_LOADED, *(_SITE_FROM_START + place for place in (*own, *(f"pypi/{name}" for name in wheels)))],
    }
    plugins = {_KERNEL: {"pyodideUrl": f"./{_START}", "loadPyodideOptions": options}}
    settings = {"appName": "coursekit", "disabledExtensions": [_IN_PLACE_OF], "litePluginSettings": plugins}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}


def _build_settings() -> dict[str, Any]:
    # Named one by one: what else is installed for JupyterLab is for grading, or wants a server.
    build = {
        "apps": list(_APPS),
        "contents": ["labs"],
        "federated_extensions": [*(str(_extension(name)) for name in _EXTENSIONS), str(_OWN_EXTENSION)],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "output_dir": "out",
    }
    return {"LiteBuildConfig": build}


def _extension(name: str) -> Path:
    return Path(sys.prefix, "share", "jupyter", "labextensions", name)


def _run(command: Sequence[str], folder: Path, trouble: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-30:])
        raise CourseError(f"{trouble}: {' '.join(command[:4])} ended with {done.returncode}.\n{last}")


def main() -> None:
    """Build the labs in the browser from the command line."""
    parser = argparse.ArgumentParser(prog="python -m coursekit.authoring.lite", description=__doc__)
    parser.add_argument("dest", type=Path, metavar="DEST", help="the folder to write, lite/ beside the site's pages")
    parser.add_argument("--pyodide", type=Path, metavar="DIR", help="a copy of Pyodide to put on the site")
    options = parser.parse_args()
    try:
        build_lite(Path.cwd(), options.dest, pyodide=options.pyodide)
    except CourseError as error:
        sys.exit(f"coursekit: {error}")


if __name__ == "__main__":
    main()
