"""What may stand on a cell's marker in a lab's source: tags, and a short form of nbgrader's metadata."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from coursekit.cells import FLAGS, SCHEMA_VERSION, WITH_POINTS, Role, role_of

__all__ = ["TAGS", "metadata_messages"]

TAGS = ("explore", "cover", "hide-input", "hide-output", "raises-exception", "remove-output", "skip-execution")
"""The tags that something reads: ``explore`` the grader, ``cover`` the course site, the others Jupyter's own tools."""

_SHORT = {
    "exercise": '{"grade_id": "softmax", "solution": true}',
    "check": '{"grade_id": "check_softmax", "grade": true, "points": 3}',
    "answer": '{"grade_id": "why", "grade": true, "solution": true, "points": 2}',
    "task": '{"grade_id": "essay", "task": true, "points": 2}',
    "read-only": '{"grade_id": "setup", "locked": true}',
}
_CELL_TYPES: dict[Role, tuple[str, ...]] = {
    "exercise": ("code",),
    "check": ("code",),
    "answer": ("code", "markdown"),
    "task": ("markdown",),
    "read-only": ("code", "markdown"),
}
_FLAG_NAMES = ("grade", "locked", "solution", "task")
_KEYS = ("grade_id", "points", "schema_version", *_FLAG_NAMES)
_GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_RESERVED = ("colab",)


def metadata_messages(metadata: dict[str, Any], cell_type: str) -> Iterator[str]:
    """Yield what is wrong with the metadata on a cell's marker."""
    if "incorrectly_encoded_metadata" in metadata:
        text = metadata["incorrectly_encoded_metadata"]
        yield f"the marker's {text!r} cannot be read; write JSON values, such as nbgrader={_SHORT['exercise']}."
        return
    if cell_type == "raw":
        yield "raw cells have no place in a lab; write '# %% [markdown]' or '# %%'."
    for key in sorted(set(metadata) - {"nbgrader", "tags"}):
        shown = f"{metadata[key]!r}" if key == "title" else f"{key}={metadata[key]!r}"
        yield f"the marker says {shown}; legal are [markdown], tags=[…] and nbgrader={{…}}."
    yield from _tag_messages(metadata.get("tags", []))
    if "nbgrader" in metadata:
        yield from _nbgrader_messages(metadata["nbgrader"], cell_type)


def _tag_messages(tags: list[str]) -> Iterator[str]:
    for tag in tags:
        if tag not in TAGS:
            yield f"nothing reads the tag {tag!r}; legal are {', '.join(TAGS)}."


def _nbgrader_messages(short: object, cell_type: str) -> Iterator[str]:
    if not isinstance(short, dict):
        yield f"nbgrader={short!r} is not a JSON object; write for example nbgrader={_SHORT['exercise']}."
        return
    wrong = [*_key_messages(short), *_grade_id_messages(short)]
    yield from wrong
    if wrong:
        return
    role = role_of(short)
    if role is None:
        forms = "; ".join(f"{role} {form}" for role, form in _SHORT.items())
        yield f"nbgrader={short!r} is no kind of cell. The kinds are: {forms}."
        return
    yield from _role_messages(short, role, cell_type)


def _key_messages(short: dict[str, Any]) -> Iterator[str]:
    for key, value in short.items():
        if key not in _KEYS:
            yield f"nbgrader has no key {key!r} for a source; legal are {', '.join(_KEYS)}."
        elif key in _FLAG_NAMES and not isinstance(value, bool):
            yield f"nbgrader's {key!r} is {value!r}; legal are true and false."
        elif key == "schema_version" and value != SCHEMA_VERSION:
            yield f"nbgrader's 'schema_version' is {value!r}; leave it out, or write {SCHEMA_VERSION}."


def _grade_id_messages(short: dict[str, Any]) -> Iterator[str]:
    grade_id = short.get("grade_id")
    if not isinstance(grade_id, str) or not _GRADE_ID.fullmatch(grade_id):
        yield f"nbgrader's 'grade_id' is {grade_id!r}; it takes 1 to 64 letters, digits, '_' and '-'."
    elif grade_id in _RESERVED:
        yield f"the grade_id {grade_id!r} belongs to a cell that the build inserts; choose another."


def _role_messages(short: dict[str, Any], role: Role, cell_type: str) -> Iterator[str]:
    form = f"{role} {short['grade_id']!r}"
    if cell_type not in _CELL_TYPES[role]:
        yield f"{form} is a {cell_type} cell; it must be {' or '.join(_CELL_TYPES[role])}."
    if "locked" in short and short["locked"] != FLAGS[role]["locked"]:
        yield f"{form} has locked={short['locked']}; leave it out, the build sets it."
    points = short.get("points")
    if role not in WITH_POINTS:
        if points is not None:
            yield f"{form} has points={points!r}; points go to its check cell, an answer or a task."
    elif isinstance(points, bool) or not isinstance(points, int | float) or not 0 < points < math.inf:
        yield f"{form} has points={points!r}; it needs a number above 0."
