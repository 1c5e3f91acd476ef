"""Reading a notebook within limits: what is too much ends in a cause, and an ordinary one is read as ever."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.grading import reading
from coursekit.grading.opening import open_submitted
from coursekit.grading.reader import read_apart
from coursekit.grading.reading import MAX_TEXT, read_notebook
from coursekit.grading.rebuild import Rebuilt
from coursekit.grading.submission import SubmissionError, SubmittedFile

LAB = "01_softmax"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def released() -> str:
    """The lab as students got it, as JSON."""
    text = (ROOT / "notebooks" / LAB / f"{LAB}.ipynb").read_text()
    return json.dumps(nbformat.reads(text, as_version=4))


def with_cell(released: str, source: str) -> bytes:
    notebook: dict[str, Any] = json.loads(released)
    cell: Any = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    notebook["cells"].insert(2, cell)
    return json.dumps(notebook).encode()


def read(content: bytes, released: str) -> Rebuilt:
    return read_notebook([SubmittedFile("x.ipynb", content)], LAB, released)


def test_a_notebook_is_read_as_without_limits(released: str) -> None:
    content = with_cell(released, "x = 1").decode().encode("utf-16")
    direct = open_submitted([SubmittedFile("x.ipynb", content)], LAB, json.loads(released))
    apart = read(content, released)
    assert (apart.notebook, apart.notes) == (direct.notebook, direct.notes)
    assert any("utf-16" in note for note in apart.notes)


def test_what_is_no_notebook_is_told_as_ever(released: str) -> None:
    with pytest.raises(SubmissionError, match=r"x\.ipynb is not a notebook: it is empty") as caught:
        read(b"", released)
    assert caught.value.status == "malformed"


def test_blank_lines_by_the_hundred_thousand_are_read(released: str) -> None:
    assert len(read(with_cell(released, "\n" * 400_000 + "x"), released).notebook["cells"]) > 1


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b'{"nbformat": 4, "cells": [' + b"[]," * 16_000_000 + b"[]]}", r"takes more than (1024 MiB|[0-9.]+ s)"),
        (b'{"nbformat": 4, "cells": ' + b"[" * 10_000_000, "nested too deeply"),
    ],
    ids=["many lists", "deep lists"],
)
def test_a_file_that_would_fill_the_memory_does_not(content: bytes, cause: str, released: str) -> None:
    with pytest.raises(SubmissionError, match=cause):
        read(content, released)


def test_what_takes_too_long_is_told(released: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old = {"cell_type": "code", "input": "x", "outputs": [], "language": "python", "metadata": {}}
    text = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [old] * 20_000}]})
    monkeypatch.setattr(reading, "read_apart", lambda *given, **named: read_apart(*given, **{**named, "seconds": 0.3}))
    with pytest.raises(SubmissionError, match=r"x\.ipynb takes more than 0\.3 s to read"):
        read(text.encode(), released)


def test_more_text_than_anybody_types_is_refused(released: str) -> None:
    with pytest.raises(SubmissionError, match="characters together; the most is 2,000,000"):
        read(with_cell(released, "x" * MAX_TEXT), released)


def test_a_picture_that_was_pasted_into_words_is_no_text(released: str) -> None:
    picture = f"![sketch](data:image/png;base64,{'A' * MAX_TEXT}) as I see it"
    notebook = json.loads(with_cell(released, picture))
    notebook["cells"][2]["cell_type"] = "markdown"
    assert picture in [cell["source"] for cell in read(json.dumps(notebook).encode(), released).notebook["cells"]]
    with pytest.raises(SubmissionError, match="characters together"):
        read(with_cell(released, picture), released)


@pytest.mark.long
@pytest.mark.parametrize(
    "poison",
    [b'{"nbformat": 4, "cells": ' + b"[" * 10_000_000, b'{"nbformat": 4, "cells": [' + b"[]," * 16_000_000 + b"[]]}"],
    ids=["deep lists", "many lists"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["beside it", "in one zip with it"])
def test_a_second_file_that_cannot_be_read_does_not_cost_the_first(poison: bytes, packed: bool, released: str) -> None:
    good = with_cell(released, "answer = 42")
    files = {f"{LAB}.ipynb": good, "second.ipynb": poison}
    if packed:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in files.items():
                file.writestr(name, content)
        files = {"all.zip": archive.getvalue()}
    rebuilt = read_notebook([SubmittedFile(name, content) for name, content in files.items()], LAB, released)
    assert any(cell["source"] == "answer = 42" for cell in rebuilt.notebook["cells"])
    assert any("was passed over" in note for note in rebuilt.notes)


def test_a_second_file_with_too_much_text_does_not_cost_the_first(released: str) -> None:
    good, long = with_cell(released, "answer = 42"), with_cell(released, "x" * MAX_TEXT)
    files = [SubmittedFile(f"{LAB}.ipynb", good), SubmittedFile("second.ipynb", long)]
    assert any(c["source"] == "answer = 42" for c in read_notebook(files, LAB, released).notebook["cells"])
