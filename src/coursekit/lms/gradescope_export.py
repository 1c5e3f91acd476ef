"""Gradescope: the zip that it exports of an assignment's submissions, with who handed in what.

Gradescope's "Export Submissions" makes a folder for each submission, ``assignment_5555_export/submission_271000001/``,
and beside them ``submission_metadata.yml``: for each folder its ``:submitters:``, one or, where groups hand in,
several, each with ``:name:``, ``:sid:`` and ``:email:``, and ``:created_at:``. Ruby writes it, so that keys begin with
a colon. The same words are documented for autograders,
https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from coursekit.errors import LmsError
from coursekit.lms.archive import Source, UnreadableError
from coursekit.lms.people import Person, Upload

__all__ = ["NAME", "RECOGNISED_BY", "read_names", "read_submitters"]

NAME = "gradescope"
RECOGNISED_BY = "assignment_5555_export/submission_271000001/01_softmax.ipynb"
METADATA = "submission_metadata.yml"
_FOLDER = re.compile(r"submission_(\d{1,20})")


def read_names(paths: Iterable[PurePosixPath]) -> dict[PurePosixPath, Upload]:
    """Read the paths of an export; those that Gradescope does not name so are left out."""
    found = {}
    for path in paths:
        for i, part in enumerate(path.parts):
            if match := _FOLDER.fullmatch(part):
                found[path] = Upload(match[1], "", "/".join(path.parts[i + 1 :]))
                break
    return found


def read_submitters(source: Source) -> dict[str, tuple[Person, ...]]:
    """Read who handed in each submission, by its number.

    Raises:
        LmsError: If the export does not say, or cannot be read.
    """
    entry = next((entry for entry in source.entries if entry.path.name == METADATA), None)
    if entry is None:
        raise LmsError(
            f"{source.file} has Gradescope's folders but no {METADATA}, which says whose they are. Export the"
            " submissions again, and give the zip as it comes. Nothing was changed."
        )
    try:
        told = _loaded(entry.read())
        return {
            match[1]: tuple(_persons(submission))
            for name, submission in told.items()
            if (match := _FOLDER.fullmatch(str(name)))
        }
    except (UnreadableError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LmsError(
            f"{METADATA} in {source.file} cannot be read: {str(error)[:200]}. Export the submissions again."
        ) from error


def _persons(submission: Mapping[str, Any]) -> Iterable[Person]:
    created = submission.get(":created_at")
    handed_in = created if isinstance(created, datetime) else None
    if handed_in is not None and handed_in.tzinfo is not None:
        handed_in = handed_in.astimezone(UTC).replace(tzinfo=None)
    for number, submitter in enumerate(submission.get(":submitters") or ()):
        told = [str(submitter.get(key) or "").strip() for key in (":email", ":sid")]
        yield Person(number, "", str(submitter.get(":name") or ""), tuple(filter(None, told)), handed_in=handed_in)


def _loaded(content: bytes) -> dict[str, Any]:
    """Read YAML as plain data; what Ruby marks as an object of its own is read as what it is made of.

    Raises:
        ValueError: If it is not YAML, or no mapping.
    """
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc] # yaml has no types
        """Takes no object of any kind."""

    def plain(loader: Any, _: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Loader.add_multi_constructor("", plain)
    try:
        told = yaml.load(content, Loader)  # noqa: S506 - made from the safe one
    except yaml.YAMLError as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    if not isinstance(told, dict):
        raise ValueError("it does not list submissions")
    return told
