from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import nbformat
import pytest

from coursekit.grading.answers import sources_of
from coursekit.grading.matching import is_unwritten
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
    notebook: Notebook = json.loads(json.dumps(nbformat.reads(text, as_version=4)))
    return notebook


@pytest.fixture
def mine(released: Notebook, reference: Mapping[str, str]) -> Notebook:
    """The reference answers, handed in, with an answer in words."""
    return answered(copy.deepcopy(released), {**reference, "why_templates_fail": WORDS})


def cell(notebook: Mapping[str, Any], name: str) -> Any:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def index(notebook: Mapping[str, Any], name: str) -> int:
    return list(notebook["cells"]).index(cell(notebook, name))


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
    mine["cells"] = mine["cells"][: index(mine, "hinge_loss")]
    (note,) = rebuild(released, mine).notes
    assert note.startswith("The cells hinge_loss, check_hinge_loss, softmax, ")
    assert note.endswith(" and 12 more were missing; they have been put back.")


# answers in other cells than theirs


def join(notebook: Notebook, *names: str) -> None:
    """Join cells into the first of them, as VS Code does."""
    first, *others = (cell(notebook, name) for name in names)
    first["source"] = "\n\n".join("".join(c["source"]) for c in (first, *others))
    notebook["cells"] = [c for c in notebook["cells"] if not any(c is other for other in others)]


def code(source: str, **fields: Any) -> Notebook:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None, **fields}


def words(source: str) -> Notebook:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def run_order(notebook: Notebook) -> str:
    return "\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "code")


def is_stub(notebook: Notebook, released: Notebook, name: str) -> bool:
    return sources(notebook)[name] == sources(released)[name]


def test_answers_that_were_joined_in_one_cell_count_there(released: Notebook, mine: Notebook) -> None:
    join(mine, "scores", "hinge_loss", "softmax")
    rebuilt = rebuild(released, mine)
    assert run_order(rebuilt.notebook).count("def hinge_loss") == run_order(rebuilt.notebook).count("def softmax(") == 1
    assert sources(rebuilt.notebook)["softmax"] == "# The answer to softmax stands in the cell scores."
    assert rebuilt.notes == ("The answers to hinge_loss and softmax stand in the cell scores; they count there.",)


@pytest.mark.parametrize("lose", [lambda notebook: None, without_metadata, without_ids, without_either])
def test_all_answers_in_the_first_cell_count_there(
    released: Notebook, mine: Notebook, reference: Mapping[str, str], lose: Callable[[Notebook], None]
) -> None:
    join(mine, *reference)
    lose(mine)
    rebuilt = rebuild(released, mine)
    for slug in reference:
        assert f"def {slug}(" in sources_of(rebuilt.notebook)[slug]
        assert f"def {slug}(" not in sources(rebuilt.notebook)[slug] or slug == "scores"
    assert "were missing" not in " ".join(rebuilt.notes)
    valid(rebuilt.notebook)


def test_all_answers_in_the_cell_of_imports_count_above_stubs_left_as_they_were(
    released: Notebook, mine: Notebook, reference: Mapping[str, str]
) -> None:
    untouched = copy.deepcopy(released)
    setup = next(c for c in untouched["cells"] if "import numpy" in c["source"])
    setup["source"] += "\n\n" + "\n\n".join(reference.values())
    rebuilt = rebuild(released, untouched)
    assert not any(is_stub(rebuilt.notebook, released, slug) for slug in reference)
    assert run_order(rebuilt.notebook).count("def softmax(") == 1


def test_cells_joined_with_their_checks_are_told_apart(released: Notebook, mine: Notebook) -> None:
    join(mine, "scores", "check_scores", "hinge_loss", "check_hinge_loss")
    rebuilt = rebuild(released, mine)
    assert sources(rebuilt.notebook)["check_hinge_loss"] == 'check("hinge_loss")'
    assert "def hinge_loss" in sources_of(rebuilt.notebook)["hinge_loss"]
    assert "The cells check_scores and check_hinge_loss were missing; they have been put back." in rebuilt.notes


@pytest.mark.parametrize("lose", [lambda notebook: None, without_metadata, without_either])
def test_a_check_joined_with_the_next_answer_loses_nothing(
    released: Notebook, mine: Notebook, lose: Callable[[Notebook], None]
) -> None:
    join(mine, "check_scores", "hinge_loss")
    lose(mine)
    rebuilt = rebuild(released, mine)
    order = [c["source"][:20] for c in rebuilt.notebook["cells"] if c["cell_type"] == "code"]
    assert order.index("def hinge_loss(S, y,") == order.index('check("scores")') + 1
    assert not is_stub(rebuilt.notebook, released, "hinge_loss")


def test_an_answer_in_a_cell_of_ones_own_above_the_stub_counts(
    released: Notebook, mine: Notebook, reference: Mapping[str, str]
) -> None:
    cell(mine, "softmax")["source"] = sources(released)["softmax"]
    mine["cells"].insert(index(mine, "softmax"), code(reference["softmax"]))
    rebuilt = rebuild(released, mine)
    assert sources_of(rebuilt.notebook)["softmax"] == reference["softmax"]
    assert rebuilt.notes == ("The answer to softmax stands in another cell; it counts there.",)


def test_a_stub_of_another_release_gives_way_too(
    released: Notebook, mine: Notebook, reference: Mapping[str, str]
) -> None:
    cell(mine, "softmax")["source"] = 'def softmax(Z):\n    """Older words."""\n    raise NotImplementedError'
    mine["cells"].insert(index(mine, "softmax"), code(reference["softmax"]))
    assert sources_of(rebuild(released, mine).notebook)["softmax"] == reference["softmax"]


@pytest.mark.parametrize(
    ("text", "stub"),
    [
        ("def f(x):\n    raise NotImplementedError", True),
        ('def f(x):\n    """Words."""\n    # a hint\n    raise NotImplementedError', True),
        ("def f(x):\n    y = x\n    raise NotImplementedError", False),
        ("def f(x):\n    raise NotImplementedError\n    return x", False),
        ("import g\ndef f(x):\n    raise NotImplementedError", False),
        ("class f:\n    raise NotImplementedError", False),
        ("def f(x: raise NotImplementedError", False),
    ],
)
def test_a_function_that_only_raises_is_unwritten(text: str, stub: bool) -> None:
    assert is_unwritten(text) is stub


def test_an_answer_below_its_check_counts_where_there_is_no_other(
    released: Notebook, mine: Notebook, reference: Mapping[str, str]
) -> None:
    cell(mine, "softmax")["source"] = sources(released)["softmax"]
    mine["cells"].append(code("import this\n\n" + reference["softmax"]))
    rebuilt = rebuild(released, mine)
    assert sources(rebuilt.notebook)["softmax"] in reference["softmax"]
    assert "a copy of it counts" in " ".join(rebuilt.notes)


def test_what_stands_below_its_check_does_not_take_the_place_of_an_answer_above(
    released: Notebook, mine: Notebook, reference: Mapping[str, str]
) -> None:
    for lose in (lambda notebook: None, without_metadata, without_either):
        notebook = copy.deepcopy(mine)
        notebook["cells"].insert(index(notebook, "check_softmax") + 2, code("def softmax(Z):\n    return Z"))
        lose(notebook)
        rebuilt = rebuild(released, notebook)
        assert sources(rebuilt.notebook)["softmax"] == reference["softmax"]
        assert rebuilt.notes == ()


def test_a_stub_joined_with_an_answer_is_no_answer(released: Notebook, mine: Notebook) -> None:
    cell(mine, "hinge_loss")["source"] = sources(released)["hinge_loss"]
    join(mine, "scores", "hinge_loss")
    rebuilt = rebuild(released, mine)
    assert is_stub(rebuilt.notebook, released, "hinge_loss")
    assert "The cell hinge_loss was missing; it has been put back." in rebuilt.notes


def test_of_two_cells_with_one_name_the_code_wins_over_a_copy_in_words(released: Notebook, mine: Notebook) -> None:
    for place in (0, 1):
        notebook = copy.deepcopy(mine)
        copied = copy.deepcopy(cell(notebook, "softmax")) | {"cell_type": "markdown", "id": "copy"}
        copied["source"] = "def softmax(Z): mine, to print"
        notebook["cells"].insert(index(notebook, "softmax") + place, copied)
        rebuilt = rebuild(released, notebook)
        assert sources(rebuilt.notebook) == sources(mine)
        assert any(c["source"] == copied["source"] for c in rebuilt.notebook["cells"])


def test_a_copy_in_which_the_student_worked_counts(released: Notebook, mine: Notebook) -> None:
    copied = copy.deepcopy(cell(mine, "softmax")) | {"id": "copy"}
    mine["cells"].insert(index(mine, "softmax") + 1, copied)
    cell(mine, "softmax")["source"] = sources(released)["softmax"]
    assert sources_of(rebuild(released, mine).notebook)["softmax"] == copied["source"]


@pytest.mark.parametrize(
    "answer",
    [
        "softmax = lambda Z: Z",
        "try:\n    import torch\n    def softmax(Z):\n        return Z\nexcept ImportError:\n    pass",
        "from mine import softmax",
        "%%time\ndef softmax(Z):\n    return Z",
        "def softmax(Z):\n    return (Z",
        "%load_ext nb_black\nsoftmax: object = max",
    ],
)
def test_whatever_defines_an_answer_is_found(released: Notebook, mine: Notebook, answer: str) -> None:
    del mine["cells"][index(mine, "softmax")]
    mine["cells"].insert(index(mine, "check_softmax"), code(answer))
    assert sources_of(rebuild(released, mine).notebook)["softmax"] == answer


# what was typed into locked cells


@pytest.mark.parametrize(
    ("typed", "above", "below"),
    [
        ('{answer}\n\ncheck("softmax")', "{answer}", ""),
        ("{answer}", "{answer}", ""),
        ("import math\ncheck('softmax')  # again\nprint(1)", "import math", "print(1)"),
        ('check("softmax")\n\nprint(softmax(example))', "", "print(softmax(example))"),
        ("check('softmax');", "", ""),
        ('# I am done\ncheck("softmax")', "# I am done", ""),
        ('display(check("softmax"))', "display(None)", ""),
        ("import math\nr = check('softmax')\nprint(r)", "import math\nr = None", "print(r)"),
        (
            'with quiet:\n    check("softmax")\nprint(1)',
            "with quiet:\n    None",
            "print(1)",
        ),
        ('%%time\ncheck("softmax")', "", ""),
        ('%time check("softmax")', "", ""),
        ('my_check("softmax")', 'my_check("softmax")', ""),
    ],
)
def test_what_was_typed_into_a_check_cell_runs_as_a_cell_of_its_own(
    released: Notebook, mine: Notebook, reference: Mapping[str, str], typed: str, above: str, below: str
) -> None:
    answer = reference["softmax"].strip()
    cell(mine, "check_softmax")["source"] = typed.format(answer=answer)
    before = [c["source"] for c in rebuild(released, copy.deepcopy(mine)).notebook["cells"]]
    at = before.index('check("softmax")')
    assert (before[at - 1] == above.format(answer=answer)) == bool(above)
    assert (before[at + 1] == below) == bool(below)
    (note,) = rebuild(released, mine).notes
    assert note.startswith("The cell check_softmax had been changed; it is as released again.")
    assert ("stands in a cell of its own" in note) == bool(above or below)


def test_an_answer_typed_into_the_check_cell_counts(
    released: Notebook, mine: Notebook, reference: Mapping[str, str]
) -> None:
    cell(mine, "check_softmax")["source"] = reference["softmax"] + '\ncheck("softmax")'
    cell(mine, "softmax")["source"] = sources(released)["softmax"]
    assert sources_of(rebuild(released, mine).notebook)["softmax"] == reference["softmax"].strip()


# cells that have changed places


@pytest.mark.parametrize(
    ("helper", "above"),
    [
        ("import math\n\ndef product(A, B=np.eye(2)):\n    return A @ B", True),
        ("SCALE = 2.0\nclass Tool:\n    scale = SCALE", True),
        ("print('here')\ndef product(A, B):\n    return A @ B", True),
        ("table = np.eye(3)\nplt.plot(table)\nfor row in table:\n    total = row.sum()", True),
        ("class Tool(Softmax):\n    pass", False),
        ("def of(Z):\n    return softmax(Z)\ntable = of(np.eye(2))", False),
        ("table = np.eye(mnist.n_classes)", False),
        ("def (", False),
    ],
)
def test_a_helper_stays_above_an_answer_that_was_moved_below_it(
    released: Notebook, mine: Notebook, helper: str, above: bool
) -> None:
    moved = [cell(mine, name) for name in ("scores", "check_scores")]
    for each in moved:
        mine["cells"].remove(each)
    mine["cells"] += [code(helper), *moved]
    rebuilt = rebuild(released, mine)
    assert rebuilt.notes == ("Cells had changed places; they are back in the released order.",)
    at = [c["source"] for c in rebuilt.notebook["cells"]].index(helper)
    assert (at < index(rebuilt.notebook, "scores")) == above
    assert sources(rebuilt.notebook) == sources(mine)


def test_a_helper_of_cells_in_their_places_stays_where_it_is(released: Notebook, mine: Notebook) -> None:
    mine["cells"].insert(index(mine, "predict") + 1, code("def product(A, B):\n    return A @ B"))
    cells = rebuild(released, mine).notebook["cells"]
    assert [c["source"] for c in cells] == ["".join(c["source"]) for c in mine["cells"]]


# words beside their cell


def ask(notebook: Notebook) -> int:
    """Leave the question unanswered, and return where its cell stands."""
    cell(notebook, "why_templates_fail")["source"] = "*Write your answer here.*"
    return index(notebook, "why_templates_fail")


def say_below(notebook: Notebook) -> None:
    notebook["cells"].insert(ask(notebook) + 1, words(WORDS))


def say_above(notebook: Notebook) -> None:
    notebook["cells"].insert(ask(notebook), words(WORDS))


def say_in_the_question(notebook: Notebook) -> None:
    question = notebook["cells"][ask(notebook) - 1]
    question["source"] = "".join(question["source"]) + "\n\n" + WORDS


def say_at_the_end(notebook: Notebook) -> None:
    ask(notebook)
    notebook["cells"].append(words(WORDS))


def say_as_a_comment(notebook: Notebook) -> None:
    notebook["cells"].insert(ask(notebook) + 1, code(f"# {WORDS}"))


def say_as_code(notebook: Notebook) -> None:
    notebook["cells"].insert(ask(notebook) + 1, code(WORDS))


def say_in_a_raw_cell(notebook: Notebook) -> None:
    notebook["cells"].insert(ask(notebook) + 1, words(WORDS) | {"cell_type": "raw"})


SAY = [say_below, say_above, say_in_the_question, say_at_the_end, say_as_a_comment, say_as_code, say_in_a_raw_cell]


@pytest.mark.parametrize("lose", [lambda notebook: None, without_metadata])
@pytest.mark.parametrize("say", SAY)
def test_words_beside_the_answers_cell_wait_for_a_person(
    released: Notebook, mine: Notebook, say: Callable[[Notebook], None], lose: Callable[[Notebook], None]
) -> None:
    say(mine)
    lose(mine)
    rebuilt = rebuild(released, mine)
    side = "above" if say in (say_above, say_in_the_question) else "below"
    assert f"The student's own words stand {side}" in sources(rebuilt.notebook)["why_templates_fail"]
    assert f"the words {side} it wait for a person" in " ".join(rebuilt.notes)
    assert WORDS in json.dumps(rebuilt.notebook)


@pytest.mark.parametrize("name", ["softmax", "check_predict"])
def test_words_elsewhere_are_no_answer(released: Notebook, mine: Notebook, name: str) -> None:
    ask(mine)
    mine["cells"].insert(index(mine, name), words("I like this one."))
    mine["cells"].append(code("# scratch\nprint(1)"))
    rebuilt = rebuild(released, mine)
    assert is_stub(rebuilt.notebook, released, "why_templates_fail")
    assert rebuilt.notes == ()


def test_a_question_that_lost_lines_is_no_answer(released: Notebook, mine: Notebook) -> None:
    question = mine["cells"][ask(mine) - 1]
    question["source"] = "".join(question["source"]).splitlines()[0]
    assert is_stub(rebuild(released, mine).notebook, released, "why_templates_fail")


# what is not the lab's


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
