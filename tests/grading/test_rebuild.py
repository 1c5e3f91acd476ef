from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import nbformat
import pytest

from coursekit.grading.rebuild import parse, rebuild
from coursekit.grading.submission import SubmissionError
from coursekit.variants import answered

Notebook: TypeAlias = dict[str, Any]
LAB = "01_softmax"
ROOT = Path(__file__).parents[2]
WORDS = "Because a horse may look to the left."


@pytest.fixture(scope="session")
def released() -> Notebook:
    """The lab as students got it."""
    text = (ROOT / "notebooks" / LAB / f"{LAB}.ipynb").read_text()
    return json.loads(json.dumps(nbformat.reads(text, as_version=4)))


@pytest.fixture
def mine(released: Notebook, reference: Mapping[str, str]) -> Notebook:
    """The reference answers, handed in, with an answer in words."""
    return answered(copy.deepcopy(released), {**reference, "why_templates_fail": WORDS})


def cell(notebook: Mapping[str, Any], name: str) -> Any:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def index(notebook: Mapping[str, Any], name: str) -> int:
    return notebook["cells"].index(cell(notebook, name))


def sources(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of each cell that nbgrader knows."""
    found = {c["metadata"]["nbgrader"]["grade_id"]: c for c in notebook["cells"] if c["metadata"].get("nbgrader")}
    return {name: "".join(c["source"]) for name, c in found.items()}


def valid(notebook: Mapping[str, Any]) -> None:
    nbformat.validate(nbformat.from_dict(notebook))
    ids = [c["id"] for c in notebook["cells"]]
    assert len(ids) == len(set(ids))


# reading


def read(content: bytes) -> Notebook:
    return parse(content, "x.ipynb")[0]


def test_a_notebook_is_read_without_notes(mine: Notebook) -> None:
    assert parse(json.dumps(mine).encode(), "x.ipynb") == (mine, ())
    assert read(b"\xef\xbb\xbf" + json.dumps(mine).encode()) == mine


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_text_in_another_encoding_is_read_with_a_note(encoding: str) -> None:
    text = json.dumps({"nbformat": 4, "cells": [{"source": "é"}]}, ensure_ascii=False)
    data, (note,) = parse(text.encode(encoding), "x.ipynb")
    assert data["cells"][0]["source"] == "é"
    assert encoding in note


def test_a_notebook_of_format_3_is_converted_with_a_note() -> None:
    code = {"cell_type": "code", "input": ["x = 1"], "language": "python", "metadata": {}, "outputs": []}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [code]}]}
    data, (note,) = parse(json.dumps(old).encode(), "x.ipynb")
    assert data["cells"][0]["source"] == "x = 1"
    assert "old format" in note


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b'{"cells": [', "its JSON is broken"),
        (b"\x00\xff\x00", "its JSON is broken"),
        (b"[1, 2]", "it does not say its nbformat"),
        (b"{}", "it does not say its nbformat"),
        (b'{"nbformat": 99, "cells": []}', "its nbformat is 99; legal are 2, 3 and 4"),
        (b'{"nbformat": "4", "cells": []}', "its nbformat is 4"),
        (b'{"nbformat": [4], "cells": []}', "its nbformat is [4]"),
        (b'{"nbformat": 3, "cells": []}', "cannot be converted"),
        (b'{"nbformat": 3, "worksheets": 7}', "cannot be converted"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "is not a notebook"),
        (b'{"nbformat": 4, "cells": [' + b"{}," * 5000 + b"{}]}", "5,001 cells; the most is 3,000"),
    ],
    ids=lambda value: value[:30].decode("latin1") if isinstance(value, bytes) else None,
)
def test_what_is_no_notebook_is_malformed_with_its_cause(content: bytes, cause: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        parse(content, "x.ipynb")
    assert caught.value.status == "malformed"
    assert cause in str(caught.value)
    assert len(str(caught.value)) < 400


# rebuilding what is whole


def as_run(notebook: Notebook) -> None:
    """Do what a program does that runs a notebook and writes it."""
    for number, c in enumerate(notebook["cells"]):
        c["metadata"]["collapsed"] = False
        c["source"] = c["source"].splitlines(keepends=True)
        if c["cell_type"] == "code":
            c |= {"execution_count": number, "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]}
    notebook["metadata"] |= {"colab": {"provenance": []}, "kernelspec": {"name": "python311", "display_name": "Mine"}}


@pytest.mark.parametrize("prepare", [lambda notebook: None, as_run], ids=["as it is", "run and written"])
def test_an_ordinary_submission_is_taken_without_notes(
    released: Notebook, mine: Notebook, prepare: Callable[[Notebook], None]
) -> None:
    wanted = copy.deepcopy(mine)
    prepare(mine)
    rebuilt = rebuild(released, mine)
    assert rebuilt.notes == ()
    assert sources(rebuilt.notebook) == sources(wanted)
    assert rebuilt.notebook["metadata"] == released["metadata"]
    assert [c["metadata"] for c in rebuilt.notebook["cells"]] == [c["metadata"] for c in released["cells"]]
    assert all(c["outputs"] == [] for c in rebuilt.notebook["cells"] if c["cell_type"] == "code")
    valid(rebuilt.notebook)


def test_an_untouched_notebook_is_as_it_was_released(released: Notebook) -> None:
    rebuilt = rebuild(released, copy.deepcopy(released))
    assert (rebuilt.notebook, rebuilt.notes) == (released, ())


def test_cells_that_may_be_edited_are_the_students(released: Notebook, mine: Notebook) -> None:
    setup = next(c for c in mine["cells"] if "import numpy" in "".join(c["source"]))
    setup["source"] = "".join(setup["source"]) + "\nimport math"
    assert any(c["source"].endswith("import math") for c in rebuild(released, mine).notebook["cells"])


def test_cells_of_ones_own_stay_where_they_are(released: Notebook, mine: Notebook) -> None:
    extra = {"cell_type": "code", "id": "x y!", "metadata": {"nbgrader": 3}, "source": "def helper(): ..."}
    drawing = {"cell_type": "code", "id": "softmax", "metadata": {"tags": ["explore"]}, "source": "train()"}
    at = index(mine, "softmax")
    mine["cells"][at:at] = [extra, drawing]
    mine["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "My name"})
    rebuilt = rebuild(released, mine)
    assert rebuilt.notes == ()
    cells = rebuilt.notebook["cells"]
    at = index(rebuilt.notebook, "softmax")
    assert [c["source"] for c in cells[at - 2 : at]] == ["def helper(): ...", "train()"]
    assert [c["metadata"] for c in cells[at - 2 : at]] == [{}, {"tags": ["explore"]}]
    assert cells[0]["source"] == "My name"
    assert len(cells) == len(released["cells"]) + 3
    valid(rebuilt.notebook)


def test_pictures_in_an_answer_are_kept_where_they_are_well_formed(released: Notebook, mine: Notebook) -> None:
    cell(mine, "why_templates_fail")["attachments"] = {"a.png": {"image/png": "AAAA"}, "b": 3, "c": {"image/png": 1}}
    rebuilt = rebuild(released, mine)
    assert cell(rebuilt.notebook, "why_templates_fail")["attachments"] == {"a.png": {"image/png": "AAAA"}}
    valid(rebuilt.notebook)


# what programs lose


def without_metadata(notebook: Notebook) -> None:
    notebook["metadata"] = {}
    for c in notebook["cells"]:
        c["metadata"] = {}


def without_ids(notebook: Notebook) -> None:
    for c in notebook["cells"]:
        c.pop("id", None)


def without_either(notebook: Notebook) -> None:
    without_metadata(notebook)
    without_ids(notebook)


@pytest.mark.parametrize("lose", [without_metadata, without_ids, without_either])
def test_what_a_program_has_lost_is_found_again(
    released: Notebook, mine: Notebook, lose: Callable[[Notebook], None]
) -> None:
    wanted = sources(mine)
    lose(mine)
    rebuilt = rebuild(released, mine)
    assert sources(rebuilt.notebook) == wanted
    assert len(rebuilt.notebook["cells"]) == len(released["cells"])
    assert rebuilt.notes == ()


def test_an_old_format_without_metadata_is_found_again(released: Notebook, mine: Notebook) -> None:
    wanted = sources(mine)
    without_either(mine)
    cells = [
        {"cell_type": "code", "input": c["source"], "language": "python", "metadata": {}, "outputs": []}
        if c["cell_type"] == "code"
        else {"cell_type": c["cell_type"], "source": c["source"], "metadata": {}}
        for c in mine["cells"]
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    data, _ = parse(json.dumps(old).encode(), "x.ipynb")
    assert sources(rebuild(released, data).notebook) == wanted


# what students break


def delete_check(notebook: Notebook) -> None:
    del notebook["cells"][index(notebook, "check_softmax")]


def delete_prose(notebook: Notebook) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if c["metadata"].get("nbgrader")]


def change_check(notebook: Notebook) -> None:
    cell(notebook, "check_softmax")["source"] = "check = lambda slug: 99\ncheck('softmax')"


def change_points(notebook: Notebook) -> None:
    cell(notebook, "check_softmax")["metadata"]["nbgrader"]["points"] = 1000


def rename(notebook: Notebook) -> None:
    cell(notebook, "softmax")["metadata"]["nbgrader"]["grade_id"] = "my_softmax"


def swap_names(notebook: Notebook) -> None:
    first, second = (cell(notebook, name)["metadata"]["nbgrader"] for name in ("scores", "softmax"))
    first["grade_id"], second["grade_id"] = second["grade_id"], first["grade_id"]


def retype_answer(notebook: Notebook) -> None:
    cell(notebook, "softmax")["cell_type"] = "markdown"


def retype_words(notebook: Notebook) -> None:
    cell(notebook, "why_templates_fail")["cell_type"] = "code"


def duplicate(notebook: Notebook) -> None:
    copied = copy.deepcopy(cell(notebook, "softmax"))
    copied["source"] = 'def softmax(Z):\n    """An older try."""\n    return Z'
    notebook["cells"].insert(index(notebook, "softmax"), copied)


def duplicate_check(notebook: Notebook) -> None:
    at = index(notebook, "check_softmax")
    notebook["cells"].insert(at, copy.deepcopy(notebook["cells"][at]))


def reverse(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def take_out_of_json(notebook: Notebook) -> None:
    notebook["cells"][1:1] = [None, 3, "x", {}, {"cell_type": 3, "source": 7, "metadata": []}, {"source": None}]


@pytest.mark.parametrize(
    ("damage", "note"),
    [
        (delete_check, "check_softmax was missing; it has been put back"),
        (delete_prose, ""),
        (change_check, "check_softmax had been changed"),
        (change_points, "points of check_softmax had been changed"),
        (rename, "softmax bore the name 'my_softmax'"),
        (swap_names, "softmax bore the name 'scores'"),
        (retype_answer, "softmax had become a markdown cell"),
        (retype_words, "why_templates_fail had become a code cell"),
        (duplicate, "softmax was there more than once"),
        (duplicate_check, "check_softmax was there more than once"),
        (reverse, "changed places"),
        (take_out_of_json, ""),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_damage_is_mended_and_told(
    released: Notebook, mine: Notebook, damage: Callable[[Notebook], None], note: str
) -> None:
    wanted = sources(mine)
    damage(mine)
    rebuilt = rebuild(released, mine)
    assert sources(rebuilt.notebook) == wanted
    assert note in " ".join(rebuilt.notes)
    valid(rebuilt.notebook)


def test_a_deleted_answer_comes_back_as_it_was_released(released: Notebook, mine: Notebook) -> None:
    del mine["cells"][index(mine, "softmax")]
    rebuilt = rebuild(released, mine)
    assert sources(rebuilt.notebook)["softmax"] == sources(released)["softmax"]
    assert "softmax was missing" in " ".join(rebuilt.notes)


def test_an_answer_that_was_moved_into_a_cell_of_ones_own_counts(
    released: Notebook, mine: Notebook, reference: Mapping[str, str]
) -> None:
    at = index(mine, "softmax")
    mine["cells"][at] = {"cell_type": "code", "metadata": {}, "source": reference["softmax"]}
    assert sources(rebuild(released, mine).notebook)["softmax"] == reference["softmax"]


def test_an_answer_with_a_syntax_error_is_still_the_answer(released: Notebook, mine: Notebook) -> None:
    cell(mine, "softmax")["source"] = "def softmax(Z):\n    return (Z"
    without_either(mine)
    assert sources(rebuild(released, mine).notebook)["softmax"].endswith("return (Z")


def test_half_a_character_is_replaced(released: Notebook, mine: Notebook) -> None:
    cell(mine, "softmax")["source"] = "def softmax(Z):\n    return '\ud83d'"
    json.dumps(rebuild(released, mine).notebook, ensure_ascii=False).encode("utf-8")


def test_many_notes_are_cut_short(released: Notebook, mine: Notebook) -> None:
    for c in mine["cells"]:
        if "points" in c["metadata"].get("nbgrader", {}):
            c["metadata"]["nbgrader"] |= {"points": 1000, "grade_id": c["id"] + "-mine"}
    notes = rebuild(released, mine).notes
    assert len(notes) == 11
    assert notes[-1].startswith("And ")


def test_what_is_missing_is_told_in_one_sentence(released: Notebook, mine: Notebook) -> None:
    mine["cells"] = mine["cells"][:9]
    (note,) = rebuild(released, mine).notes
    assert note.startswith("The cells hinge_loss, check_hinge_loss, softmax, ")
    assert note.endswith(" and 10 more were missing; they have been put back.")


@pytest.mark.parametrize("cells", [[], [{}], [{"cell_type": "code", "source": "print(1)", "metadata": {}}], [1, None]])
def test_a_notebook_of_which_nothing_is_the_labs_is_malformed(released: Notebook, cells: list[Any]) -> None:
    with pytest.raises(SubmissionError, match="None of its cells") as caught:
        rebuild(released, {"cells": cells})
    assert caught.value.status == "malformed"


def test_rebuilding_changes_neither_notebook(released: Notebook, mine: Notebook) -> None:
    before = json.dumps([released, mine])
    rebuilt = rebuild(released, mine)
    for c in rebuilt.notebook["cells"]:
        c["metadata"]["x"] = 1
    assert json.dumps([released, mine]) == before


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_broken_the_result_is_a_notebook_with_every_released_cell(
    released: Notebook, mine: Notebook, seed: int
) -> None:
    rng = random.Random(seed)
    junk: list[Any] = [None, 3, "", [], {}, ["a", 1], {"nbgrader": {"grade_id": ["x"]}}, "\ud800", -1.5, True]
    for _ in range(rng.randrange(1, 60)):
        c = rng.choice(mine["cells"])
        act = rng.randrange(6)
        if act == 0:
            c[rng.choice(["source", "metadata", "cell_type", "id", "attachments"])] = rng.choice(junk)
        elif act == 1:
            c.pop(rng.choice(["source", "metadata", "cell_type", "id"]), None)
        elif act == 2:
            mine["cells"].remove(c) if len(mine["cells"]) > 5 else None
        elif act == 3:
            mine["cells"].insert(rng.randrange(len(mine["cells"])), copy.deepcopy(c))
        elif act == 4:
            rng.shuffle(mine["cells"])
        else:
            mine["cells"].insert(0, {"cell_type": "raw", "source": rng.choice(junk), "metadata": rng.choice(junk)})
    try:
        rebuilt = rebuild(released, mine)
    except SubmissionError:
        return
    valid(rebuilt.notebook)
    json.dumps(rebuilt.notebook, ensure_ascii=False).encode("utf-8")
    ids = {c["id"] for c in released["cells"]}
    kept = [c for c in rebuilt.notebook["cells"] if c["id"] in ids]
    assert [(c["id"], c["metadata"], c["cell_type"]) for c in kept] == [
        (c["id"], c["metadata"], c["cell_type"]) for c in released["cells"]
    ]
    locked = [c for c in released["cells"] if c["metadata"].get("nbgrader", {}).get("locked")]
    assert all(c["source"] == cell(rebuilt.notebook, c["id"])["source"] for c in locked)
