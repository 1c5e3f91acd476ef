"""The accuracies that a lab's notebook reaches, as rows of the README's table.

Reads executed notebooks, or runs the instructor's notebooks first, and finds the lines of the form

    784-16-16-10 in NumPy, SGD: 95.07% of the test images are right; the bar is 92.00%. (3.2 s)

in what they printed. The seconds are optional.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

import nbformat

from coursekit.checking import lab_names
from coursekit.grading.configuration import QUIET

ROOT = Path(__file__).parents[1]
LINE = re.compile(
    r"^(?P<what>.+): (?P<right>[\d.]+)% of the test images are right; the bar is (?P<bar>[\d.]+)%\."
    r"(?: \((?P<seconds>[\d.]+) s\))?",
    re.MULTILINE,
)


def executed(lab: str) -> nbformat.NotebookNode:
    """Run a lab's instructor notebook."""
    from nbclient import NotebookClient

    notebook = nbformat.read(ROOT / "solutions" / lab / f"{lab}.ipynb", as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=600, kernel_name="python3", extra_arguments=[QUIET])
        client.execute(cwd=folder)
    return notebook


def rows(lab: str, notebook: nbformat.NotebookNode) -> list[str]:
    """Write a row of Markdown for each measured line."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    return [
        f"| {lab} | {found['what']} | {found['right']} % | {found['bar']} % | "
        + (f"{found['seconds']} s |" if found["seconds"] else "– |")
        for found in LINE.finditer(printed)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "notebooks", nargs="*", metavar="LAB", help="labs to run, or executed notebooks to read (default: run all labs)"
    )
    options = parser.parse_args()
    print("| lab | what | test images right | bar | training |")
    print("|---|---|---|---|---|")
    for name in options.notebooks or lab_names():
        path = Path(name)
        notebook = nbformat.read(path, as_version=4) if path.suffix == ".ipynb" else executed(name)
        print("\n".join(rows(path.stem, notebook)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
