"""What is wrong with the built files that stand in the repository: notebooks, and modules of checks."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from coursekit.authoring.markers import regions
from coursekit.authoring.modules import MODULE_FOLDERS
from coursekit.authoring.report import Problem
from coursekit.authoring.rules import telling_lines

__all__ = ["NOTEBOOK_FOLDERS", "committed_problems", "leaked_lines", "orphan_problems", "secret_lines", "texts_in"]

NOTEBOOK_FOLDERS = ("solutions", "notebooks")
"""The folders of the instructor's and of the students' notebooks, under the course's root."""


def committed_problems(path: Path, built: bytes, secrets: Collection[str]) -> Iterator[Problem]:
    """Yield how a committed file is not the one just built.

    Args:
        path: The committed notebook or module.
        built: The bytes it should have.
        secrets: The lines it must not show.
    """
    if not path.is_file():
        yield Problem(path, "is missing; run: coursekit build")
        return
    committed = path.read_bytes()
    if committed == built:
        return
    text = committed.decode(errors="replace")
    if path.suffix == ".ipynb":
        yield from _notebook_problems(path, text, secrets)
    yield Problem(
        path, "is not what its source builds; edit the source and run: coursekit build", diff=_diff(path, text, built)
    )


def _notebook_problems(path: Path, text: str, secrets: Collection[str]) -> Iterator[Problem]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = {}
    yield from _content_problems(path, content)
    for line in leaked_lines(content, secrets) if content else _leaked_text(text, secrets):
        yield Problem(path, f"shows students a line of an answer: {line!r}")


def secret_lines(instructor: NotebookNode, student: NotebookNode) -> frozenset[str]:
    """Return the lines that would give an answer away: those in a region and nowhere in the student's notebook."""
    secrets: set[str] = set()
    for cell in instructor.cells:
        lines = cell.source.split("\n")
        for _, begin, end in regions(cell.source):
            secrets.update(telling_lines(lines[begin + 1 : end]))
    shown = {line.strip() for cell in student.cells for line in cell.source.split("\n")}
    return frozenset(secrets - shown)


def leaked_lines(content: object, secrets: Collection[str]) -> list[str]:
    """Return the secrets that stand as lines in any text of a notebook, its outputs and metadata included."""
    shown = {line.strip() for text in texts_in(content) for line in text.splitlines()}
    return sorted(secret for secret in secrets if secret in shown)


def orphan_problems(root: Path, built: Collection[Path], unread: Collection[str]) -> Iterator[Problem]:
    """Yield what stands where built files do, and no source builds; nothing is ever deleted.

    Args:
        root: The course's folder.
        built: The paths of the built files.
        unread: The stems of labs that cannot be read, of which nobody knows what they build.
    """
    notebooks = [path for folder in NOTEBOOK_FOLDERS for path in sorted((root / folder).rglob("*.ipynb"))]
    modules = [path for folder in MODULE_FOLDERS.values() for path in sorted((root / folder).glob("*.py"))]
    for path in [*notebooks, *modules]:
        mine = any(part.startswith((".", "_")) for part in path.relative_to(root).parts)
        if path not in built and path.stem not in unread and not mine:
            yield Problem(path, "has no source; delete it, or write the source that builds it.")


def _content_problems(path: Path, content: Any) -> Iterator[Problem]:
    cells = content.get("cells") if isinstance(content, dict) else None
    cells = cells if isinstance(cells, list) else []
    codes = [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    if any(cell.get("outputs") or cell.get("execution_count") is not None for cell in codes):
        yield Problem(path, "carries outputs of a run.")
    metadata = content.get("metadata") if isinstance(content, dict) else None
    kernelspec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    if not isinstance(kernelspec, dict) or not kernelspec.get("name"):
        yield Problem(path, "has no kernelspec, so Jupyter would ask which kernel to run.")


def _leaked_text(text: str, secrets: Collection[str]) -> list[str]:
    """Return the secrets that stand in a file that is no JSON, such as one with the marks of a merge conflict."""
    return sorted(secret for secret in secrets if json.dumps(secret, ensure_ascii=False)[1:-1] in text)


def texts_in(content: object) -> Iterator[str]:
    """Yield every string in JSON data; the strings of a list are also joined, as nbformat splits texts into lines."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for item in content:
            yield from texts_in(item)
        if all(isinstance(item, str) for item in content):
            yield "".join(content)
    elif isinstance(content, dict):
        for item in content.values():
            yield from texts_in(item)


def _diff(path: Path, committed: str, built: bytes) -> str:
    lines = difflib.unified_diff(
        committed.splitlines(),
        built.decode().splitlines(),
        f"{path.name} (committed)",
        f"{path.name} (built from its source)",
        lineterm="",
    )
    return "\n".join(lines)
