from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import nbformat
import pytest

from coursekit.grading.opening import open_submitted
from coursekit.grading.rebuild import Rebuilt
from coursekit.grading.submission import SubmissionError, SubmittedFile
from coursekit.variants import answered

Notebook: TypeAlias = dict[str, Any]
LAB = "01_softmax"
WANTED = f"{LAB}.ipynb"
ROOT = Path(__file__).parents[2]


def released_of(lab: str) -> Notebook:
    text = (ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text()
    notebook: Notebook = json.loads(json.dumps(nbformat.reads(text, as_version=4)))
    return notebook


@pytest.fixture(scope="session")
def released() -> Notebook:
    """The lab as students got it."""
    return released_of(LAB)


@pytest.fixture
def versions(released: Notebook, reference: Mapping[str, str]) -> Mapping[str, bytes]:
    """The lab untouched, with two answers, and with all of them."""
    some = dict(list(reference.items())[:2])
    return {
        name: json.dumps(answered(copy.deepcopy(released), answers)).encode()
        for name, answers in {"untouched": {}, "two": some, "all": reference}.items()
    }


def opened(released: Notebook, files: Mapping[str, bytes]) -> Rebuilt:
    return open_submitted([SubmittedFile(name, content) for name, content in files.items()], LAB, released)


def refused(released: Notebook, files: Mapping[str, bytes]) -> str:
    with pytest.raises(SubmissionError) as caught:
        opened(released, files)
    assert caught.value.status == "malformed"
    return str(caught.value)


def zipped(**contents: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file.getvalue()


def has_answered(rebuilt: Rebuilt, released: Notebook) -> int:
    before = {c["id"]: c["source"] for c in released["cells"] if c["metadata"].get("nbgrader", {}).get("solution")}
    return sum(before.get(c["id"], c["source"]) != c["source"] for c in rebuilt.notebook["cells"])


def test_one_notebook_under_the_labs_name_is_taken_without_a_word(
    released: Notebook, versions: Mapping[str, bytes]
) -> None:
    assert opened(released, {WANTED: versions["all"]}).notes == ()


@pytest.mark.parametrize("name", ["01_softmax (1).ipynb", "downloads/01_softmax.ipynb", "01_softmax.ipynb.txt"])
def test_one_notebook_under_another_name_is_taken_with_a_note(
    released: Notebook, versions: Mapping[str, bytes], name: str
) -> None:
    rebuilt = opened(released, {name: versions["two"]})
    assert rebuilt.notes == (f"The file was named {name!r}; it was taken for 01_softmax.ipynb.",)


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        ({WANTED: "untouched", "01_softmax (1).ipynb": "all"}, "01_softmax (1).ipynb"),
        ({WANTED: "two", "final/01_softmax.ipynb": "all"}, "final/01_softmax.ipynb"),
        ({WANTED: "all", "01_softmax-Copy1.ipynb": "two"}, WANTED),
        ({WANTED: "two", "01_softmax-Copy1.ipynb": "two"}, WANTED),
        ({WANTED: "untouched", "old.ipynb": "untouched"}, WANTED),
        ({"a.ipynb": "two", "b.ipynb": "all"}, "b.ipynb"),
    ],
    ids=["untouched", "fewer answers", "more answers", "as many", "both untouched", "neither has the name"],
)
def test_of_two_notebooks_the_named_one_is_taken_unless_another_holds_more_answers(
    released: Notebook, versions: Mapping[str, bytes], files: Mapping[str, str], taken: str
) -> None:
    rebuilt = opened(released, {name: versions[version] for name, version in files.items()})
    assert has_answered(rebuilt, released) == {"untouched": 0, "two": 2, "all": 9}[files[taken]]
    (note,) = rebuilt.notes
    assert note.startswith(f"Of the notebooks handed in, {taken!r} was taken, with ")
    assert all(repr(name) in note for name in files)


def test_a_broken_notebook_gives_way_to_a_whole_one_and_both_are_told(
    released: Notebook, versions: Mapping[str, bytes]
) -> None:
    rebuilt = opened(released, {WANTED: b'{"cells": [', "01_softmax-Copy1.ipynb": versions["two"]})
    assert has_answered(rebuilt, released) == 2
    said = " ".join(rebuilt.notes)
    assert "'01_softmax-Copy1.ipynb'; it was taken for 01_softmax.ipynb" in said
    assert "passed over: 01_softmax.ipynb is not a notebook" in said


def test_another_labs_notebook_beside_it_is_passed_over(released: Notebook, versions: Mapping[str, bytes]) -> None:
    other = json.dumps(released_of("00_numpy")).encode()
    rebuilt = opened(released, {"00_numpy.ipynb": other, "lab1.ipynb": versions["two"]})
    assert has_answered(rebuilt, released) == 2
    assert "the notebook of 00_numpy" in " ".join(rebuilt.notes)


def test_another_labs_notebook_alone_is_named(released: Notebook, versions: Mapping[str, bytes]) -> None:
    stripped = released_of("00_numpy")
    stripped["metadata"] = {}
    for lab in (released_of("00_numpy"), stripped, released_of("03_mlp")):
        said = refused(released, {WANTED: json.dumps(lab).encode()})
        assert "the notebook of 0" in said
        assert "not of 01_softmax" in said


# archives


@pytest.mark.parametrize("name", ["work.zip", WANTED])
def test_a_notebook_in_a_zip_is_taken_with_a_note(released: Notebook, versions: Mapping[str, bytes], name: str) -> None:
    packed = zipped(**{"lab/01_softmax.ipynb": versions["two"], "__MACOSX/lab/._01_softmax.ipynb": b"x", "a.csv": b""})
    rebuilt = opened(released, {name: packed})
    assert has_answered(rebuilt, released) == 2
    assert f"{name} is a zip archive; the notebook in it was taken." in rebuilt.notes


def test_a_zip_beside_an_untouched_notebook_is_looked_into(released: Notebook, versions: Mapping[str, bytes]) -> None:
    packed = zipped(**{WANTED: versions["all"]})
    rebuilt = opened(released, {WANTED: versions["untouched"], "final.zip": packed})
    assert has_answered(rebuilt, released) == 9


@pytest.mark.parametrize(
    "content",
    [
        zipped(**{"a.txt": b""}),
        zipped(**{WANTED: b"1"})[:-30],
        zipped(**{"01_softmax.zip": zipped(**{"a.txt": b""})}),
        b"PK\x03\x04" + b"\0" * 100,
    ],
    ids=["no notebook", "cut short", "a zip in a zip", "damaged"],
)
def test_a_zip_without_a_notebook_says_so(released: Notebook, content: bytes) -> None:
    for name in (WANTED, "work.zip"):
        said = refused(released, {name: content})
        assert "a zip archive without a notebook" in said
        assert "Hand in the .ipynb file" in said


@pytest.mark.parametrize(("depth", "found"), [(1, True), (3, True), (4, False)])
def test_zips_within_zips_are_opened_up_to_a_depth(
    released: Notebook, versions: Mapping[str, bytes], depth: int, found: bool
) -> None:
    content = versions["two"]
    for _ in range(depth):
        content = zipped(**{WANTED if content == versions["two"] else "inner.zip": content})
    if found:
        assert has_answered(opened(released, {"work.zip": content}), released) == 2
    else:
        assert "a zip archive" in refused(released, {"work.zip": content})


def test_zips_within_a_zip_unpack_to_no_more_than_a_file_may_have_together(
    released: Notebook, monkeypatch: pytest.MonkeyPatch, versions: Mapping[str, bytes]
) -> None:
    inner = zipped(**{WANTED: versions["two"]})
    monkeypatch.setattr("coursekit.grading.opening.MAX_SIZE_BYTES", len(inner) + 100)
    assert "a zip archive" in refused(released, {"work.zip": zipped(**{"inner.zip": inner})})


@pytest.mark.parametrize("name", ["01_softmax.ipynb.txt", "01_softmax.ipynb.json", "Lab\\01_softmax.ipynb", "a.ipynb_"])
def test_a_notebook_in_a_zip_is_taken_whatever_was_put_behind_its_name(
    released: Notebook, versions: Mapping[str, bytes], name: str
) -> None:
    assert has_answered(opened(released, {"work.zip": zipped(**{name: versions["two"]})}), released) == 2


def test_a_zip_with_a_password_says_so(released: Notebook, versions: Mapping[str, bytes]) -> None:
    content = bytearray(zipped(**{WANTED: versions["two"]}))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(sign) + flags] |= 1
    said = refused(released, {"work.zip": bytes(content)})
    assert "'work.zip', a zip archive that a password protects" in said


def test_a_zip_that_unpacks_to_more_than_a_file_may_have_is_not_read(
    released: Notebook, monkeypatch: pytest.MonkeyPatch, versions: Mapping[str, bytes]
) -> None:
    monkeypatch.setattr("coursekit.grading.opening.MAX_SIZE_BYTES", 1000)
    assert "a zip archive" in refused(released, {"work.zip": zipped(**{WANTED: versions["two"]})})


# files of other kinds


def test_what_is_no_notebook_is_told_by_its_name_and_kind(released: Notebook) -> None:
    files = {"01_softmax.py": b"import numpy as np\n", "01_softmax.html": b"<html></html>", "notes": b"?"}
    said = refused(released, files)
    assert said.startswith("There is no notebook 01_softmax.ipynb, only '01_softmax.py', a Python script, ")
    assert "'01_softmax.html', a web page" in said
    assert said.endswith("Download .ipynb.")


def test_a_damaged_notebook_under_another_ending_is_told_as_such(released: Notebook) -> None:
    assert "JSON is broken" in refused(released, {"01_softmax.ipynb.json": b'{"cells": ['})
