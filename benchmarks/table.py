"""Writes what the labs' notebooks reach into the README's table.

Runs the instructor's notebooks, or reads executed ones, and finds the lines of the form

    784-16-16-10 in NumPy, SGD: 95.07% of the test images are right; the bar is 92.00%. (3.2 s)

in what they printed. The seconds are optional. What needs a GPU and had none is a line that says so:

    CIFAR-10 ResNet-9 on a GPU: not measured, for there is no GPU here (bar 90.00%).

The table stands between two comments in the README, with the machine
and the date.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from machine import header

from coursekit.checking import lab_names
from coursekit.grading.configuration import QUIET

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- table.py: begin -->", "<!-- table.py: end -->"
LINE = re.compile(
    r"^(?P<what>.+): (?P<right>[\d.]+)% of the test images are right; the bar is (?P<bar>[\d.]+)%\."
    r"(?: \((?P<seconds>[\d.]+) s\))?",
    re.MULTILINE,
)
LEFT_OUT = re.compile(r"^(?P<what>.+): not measured, for there is no GPU here \(bar (?P<bar>[\d.]+)%\)\.", re.MULTILINE)


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
    measured = [
        f"| {lab} | {found['what']} | {found['right']} % | {found['bar']} % | "
        + (f"{found['seconds']} s |" if found["seconds"] else "– |")
        for found in LINE.finditer(printed)
    ]
    return measured + [
        f"| {lab} | {found['what']} | not measured: no GPU | {found['bar']} % | – |"
        for found in LEFT_OUT.finditer(printed)
    ]


def table(notebooks: list[str]) -> str:
    """Write the table, with the machine above it."""
    machine = header("numpy", "torch")
    cpu, cores, date = machine["cpu"], machine["cores"], str(machine["date"]).split()[0]
    lines = [
        f"Measured on {date}: {cpu}, {cores} cores, Python {machine['python']}, NumPy {machine['numpy']}, PyTorch"
        f" {machine['torch']}.",
        "",
        "| lab | what | test images right | bar | training |",
        "|---|---|---|---|---|",
    ]
    for name in notebooks or lab_names():
        path = Path(name)
        notebook = nbformat.read(path, as_version=4) if path.suffix == ".ipynb" else executed(name)
        lines += rows(path.stem, notebook)
    return "\n".join(lines)


def put_between(text: str, table: str) -> str:
    """Put a table between the marks of a text.

    Raises:
        SystemExit: If the text has no such marks.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{README} has no {BEGIN} with an {END} after it to put the table between.")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def main() -> None:
    """Run the labs, print the table, and put it into the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "notebooks", nargs="*", metavar="LAB", help="labs to run, or executed notebooks to read (default: run all labs)"
    )
    options = parser.parse_args()
    if not os.environ.get("COURSEKIT_DATA"):
        print("COURSEKIT_DATA is not set: the built-in samples may stand in for the real images.", file=sys.stderr)
    written = table(options.notebooks)
    print(written)
    README.write_text(put_between(README.read_text(encoding="utf-8"), written), encoding="utf-8")


if __name__ == "__main__":
    main()
