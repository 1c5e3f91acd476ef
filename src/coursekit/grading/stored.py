"""What grading leaves in a graded notebook to know it by: the record, and digests of what it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.grading.record import Record

__all__ = ["Stored", "read_stored", "stored_record", "with_record"]

#: Where it stands in the notebook's metadata.
_KEY = "coursekit"


@dataclass(frozen=True)
class Stored:
    """A graded notebook.

    Attributes:
        notebook: The notebook, as JSON gives it.
        record: What grading said of the submission.
        digest: The digest of the submission's bytes.
        edition: A digest of what it was graded with.
        timestamp: What ``timestamp.txt`` beside it says; empty where there is none.
    """

    notebook: Mapping[str, Any]
    record: Record
    digest: str
    edition: str
    timestamp: str


def read_stored(folder: Path, lab: str) -> Stored | None:
    """Read the graded notebook in a folder; None if there is none, or none that ``coursekit grade`` wrote."""
    stamp = folder / "timestamp.txt"
    try:
        notebook = json.loads((folder / f"{lab}.ipynb").read_text(encoding="utf-8"))
        entry = notebook["metadata"][_KEY]
        record = Record.from_json(entry["record"])
        timestamp = stamp.read_text(encoding="utf-8") if stamp.exists() else ""
        return Stored(notebook, record, entry["digest"], entry.get("edition", ""), timestamp)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def stored_record(folder: Path, lab: str) -> Record | None:
    """Return what the last run of grading said of a submission; None where nothing of that is kept."""
    stored = read_stored(folder, lab)
    return stored.record if stored is not None else None


def with_record(notebook: Mapping[str, Any], record: Record, *, digest: str, edition: str) -> str:
    """Return a graded notebook's JSON with the record in its metadata."""
    entry = {"digest": digest, "edition": edition, "record": record.as_json()}
    content = {**notebook, "metadata": {**notebook["metadata"], _KEY: entry}}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
