"""What was written elsewhere than in its cell: joined, moved, typed into a check, left without its metadata."""

from __future__ import annotations

import copy
import re

from tests.field.case import CUTS, Case, Edit, Notebook, after, answer, before, cell_of, stub, text_of

#: The lecture's softmax, which normalises the whole matrix.
LECTURE = "def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum()"


def _join(notebook: Notebook, *names: str) -> None:
    """Join cells into the first of them, as VS Code and JupyterLab do."""
    first, *others = (cell_of(notebook, name) for name in names)
    first["source"] = "\n\n".join(text_of(cell) for cell in (first, *others))
    for other in others:
        notebook["cells"].remove(other)


def _strip(notebook: Notebook, *, ids: bool) -> None:
    """Take away what a program loses: the metadata, and the cells' ids."""
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        if ids:
            cell.pop("id", None)


def _move(notebook: Notebook, name: str, *, above: str, lab: str) -> None:
    """Move an answer to a cell of its own, and leave its own cell as it was released."""
    source = text_of(cell_of(notebook, name))
    stub(notebook, name, lab)
    before(notebook, above, source)


def two_joined(notebook: Notebook) -> None:
    _join(notebook, "scores", "softmax")


def two_joined_in_another_lab(notebook: Notebook) -> None:
    _join(notebook, "sigmoid", "d_sigmoid")


def all_in_the_first(notebook: Notebook) -> None:
    _join(notebook, *CUTS["05_gemm"].exercises)


def all_in_the_first_without_metadata(notebook: Notebook) -> None:
    _join(notebook, *CUTS["00_numpy"].exercises)
    _strip(notebook, ids=True)


def all_in_the_cell_of_imports(notebook: Notebook) -> None:
    setup = next(cell for cell in notebook["cells"] if "checks_for" in text_of(cell))
    setup["source"] = "\n\n".join([text_of(setup), *(text_of(cell_of(notebook, s)) for s in CUTS["04_cnn"].exercises)])
    for slug in CUTS["04_cnn"].exercises:
        notebook["cells"].remove(cell_of(notebook, slug))


def joined_with_their_checks(notebook: Notebook) -> None:
    _join(notebook, "scores", "check_scores")
    _join(notebook, "softmax", "check_softmax")


def a_check_joined_with_the_next_answer(notebook: Notebook) -> None:
    _join(notebook, "check_flops", "bytes_moved")


def in_a_cell_of_its_own(notebook: Notebook) -> None:
    source = text_of(cell_of(notebook, "neuron"))
    notebook["cells"].remove(cell_of(notebook, "neuron"))
    before(notebook, "check_neuron", source)


def below_the_stub(notebook: Notebook) -> None:
    _move(notebook, "sgd_step", above="check_sgd_step", lab="03_mlp")


def above_the_stub(notebook: Notebook) -> None:
    _move(notebook, "one_hot", above="one_hot", lab="00_numpy")


def two_checks_above(notebook: Notebook) -> None:
    _move(notebook, "roofline", above="flops", lab="05_gemm")


def lecture_below_without_metadata(notebook: Notebook) -> None:
    after(notebook, "check_softmax", LECTURE)
    _strip(notebook, ids=False)


def lecture_below_without_ids_either(notebook: Notebook) -> None:
    after(notebook, "check_softmax", LECTURE)
    _strip(notebook, ids=True)


def another_try_above_without_metadata(notebook: Notebook) -> None:
    before(notebook, "conv_macs", "def conv_macs(*sizes, **more):\n    return 0")
    _strip(notebook, ids=True)


def typed_into_the_check(notebook: Notebook) -> None:
    check, answer = cell_of(notebook, "check_softmax"), cell_of(notebook, "softmax")
    check["source"] = text_of(answer) + '\n\ncheck("softmax")'
    stub(notebook, "softmax", "01_softmax")


def typed_over_the_check(notebook: Notebook) -> None:
    cell_of(notebook, "check_one_hot")["source"] = text_of(cell_of(notebook, "one_hot"))
    stub(notebook, "one_hot", "00_numpy")


def a_helper_in_the_check(notebook: Notebook) -> None:
    answer = cell_of(notebook, "relu")
    check = cell_of(notebook, "check_relu")
    check["source"] = 'def _clip(x):\n    return np.maximum(x, 0)\n\n\ncheck("relu")'
    answer["source"] = "def relu(x):\n    return _clip(x)"


def an_experiment_below_the_check(notebook: Notebook) -> None:
    check = cell_of(notebook, "check_softmax")
    check["source"] = f'check("softmax")\n\n{LECTURE}\n'
    notebook["cells"].remove(cell_of(notebook, "check_softmax_gradient"))
    notebook["cells"].remove(cell_of(notebook, "softmax_gradient"))


def a_markdown_copy(notebook: Notebook) -> None:
    answer = cell_of(notebook, "softmax")
    copied = copy.deepcopy(answer) | {"cell_type": "markdown", "id": "copied"}
    del copied["outputs"], copied["execution_count"]
    notebook["cells"].insert(notebook["cells"].index(answer) + 1, copied)


def a_copy_worked_in(notebook: Notebook) -> None:
    answer = cell_of(notebook, "positive_part")
    notebook["cells"].insert(notebook["cells"].index(answer) + 1, copy.deepcopy(answer) | {"id": "copied"})
    stub(notebook, "positive_part", "00_numpy")


def moved_down(notebook: Notebook) -> None:
    answer = cell_of(notebook, "add_gate")
    notebook["cells"].remove(answer)
    notebook["cells"].insert(notebook["cells"].index(cell_of(notebook, "check_add_gate")), answer | {"metadata": {}})


def below_its_check_alone(notebook: Notebook) -> None:
    source = text_of(cell_of(notebook, "correlate2d"))
    stub(notebook, "correlate2d", "04_cnn")
    after(notebook, "check_correlate2d", source)


def in_a_cell_to_look_at(notebook: Notebook) -> None:
    look, answer = cell_of(notebook, "rng = np.random.default_rng(0)"), cell_of(notebook, "softmax")
    look["source"] = f"{text_of(look)}\n\n\n{text_of(answer)}"
    notebook["cells"].remove(answer)


def in_a_module_of_ones_own(notebook: Notebook) -> None:
    source = text_of(cell_of(notebook, "softmax"))
    stub(notebook, "softmax", "01_softmax")
    after(notebook, "softmax", "from answers import *")
    after(notebook, "softmax", f"%%writefile answers.py\nimport numpy as np\n\n{source}")


def all_in_a_module_of_ones_own(notebook: Notebook) -> None:
    slugs = CUTS["05_gemm"].exercises
    source = "\n\n".join(text_of(cell_of(notebook, slug)) for slug in slugs)
    for slug in slugs:
        notebook["cells"].remove(cell_of(notebook, slug))
    before(notebook, "check_flops", f"%%writefile answers.py\nimport numpy as np\n\n{source}")
    before(notebook, "check_flops", "%run answers.py")


def below_its_helper_at_the_end(notebook: Notebook) -> None:
    cells = [cell_of(notebook, name) for name in ("flops", "check_flops")]
    for cell in cells:
        notebook["cells"].remove(cell)
    helper = copy.deepcopy(cells[0]) | {"metadata": {}, "id": "helper"}
    helper["source"] = 'powers = {"axpy": 1, "gemv": 2, "gemm": 3}'
    cells[0]["source"] = "def flops(op, n):\n    return 2 * n ** powers[op]"
    notebook["cells"] += [helper, *cells]


def checked_under_another_name(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = re.sub(r"\bcheck\b(?= = |\()", "my_check", text_of(cell))


def _to_the_end(notebook: Notebook, *names: str) -> None:
    moved = [cell_of(notebook, name) for name in names]
    for cell in moved:
        notebook["cells"].remove(cell)
    notebook["cells"] += moved


def below_a_table_at_the_end(notebook: Notebook) -> None:
    _to_the_end(notebook, "one_hot", "check_one_hot")
    before(notebook, "one_hot", "rows = np.eye(2000)\nprint(rows.shape)")
    before(notebook, "one_hot", "def row_of(k, n):\n    return rows[:n, :n][k]\n\nassert row_of(0, 2).sum() == 1")
    answer(notebook, "one_hot", "def one_hot(y, n_classes):\n    return row_of(y, n_classes)")


def below_what_a_table_needs(notebook: Notebook) -> None:
    _to_the_end(notebook, "flops", "check_flops")
    before(notebook, "flops", "names = ['axpy', 'gemv', 'gemm']\npowers = dict(zip(names, range(1, 4)))")
    answer(notebook, "flops", "def flops(op, n):\n    return 2 * n ** powers[op]")


def all_checks_at_the_end(notebook: Notebook) -> None:
    right = text_of(cell_of(notebook, "softmax"))
    answer(notebook, "softmax", LECTURE)
    _to_the_end(notebook, *(f"check_{slug}" for slug in CUTS["01_softmax"].exercises))
    before(notebook, "check_scores", right)


def all_checks_at_the_end_below_a_trial(notebook: Notebook) -> None:
    right = text_of(cell_of(notebook, "peak_flops"))
    answer(notebook, "peak_flops", "def peak_flops(cores, ghz, flops_per_cycle):\n    return cores * ghz")
    _to_the_end(notebook, *(f"check_{slug}" for slug in CUTS["05_gemm"].exercises))
    before(notebook, "check_flops", f"{right}\nassert peak_flops(2, 1.0, 3) == 6e9\nassert flops('axpy', 1) == 2")


FOR_EACH = (
    "def for_each(function, pairs):\n    return [tuple(function(*each) for each in zip(*pair)) for pair in pairs]\n"
)
STEP = "def sgd_step(params, grads, lr):\n    return for_each(lambda w, g: w - lr * g, zip(params, grads))\n"


def a_helper_of_the_labs_written_anew(notebook: Notebook) -> None:
    notebook["cells"].remove(cell_of(notebook, "def for_each"))
    answer(notebook, "sgd_step", STEP)
    before(notebook, "sgd_step", FOR_EACH)


def a_helper_of_the_labs_written_anew_on_top(notebook: Notebook) -> None:
    notebook["cells"].remove(cell_of(notebook, "def for_each"))
    answer(notebook, "sgd_step", STEP)
    setup = next(cell for cell in notebook["cells"] if "checks_for" in text_of(cell))
    setup["source"] = f"{text_of(setup)}\n\n\n{FOR_EACH}"


def _checked(source: str, slug: str) -> Edit:
    def edit(notebook: Notebook) -> None:
        cell_of(notebook, f"check_{slug}")["source"] = source

    return edit


def lines_end_as_on_windows(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = text_of(cell).replace("\n", "\r\n")


def lines_end_as_long_ago(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = text_of(cell).replace("\n", "\r")


def _counts(where: str) -> str:
    return rf"stands? in {re.escape(where)}; (it counts|they count) there"


#: What is said of a check cell that has other lines in it than were released.
CHANGED = r"The cell check_\w+ had been changed; it is as released again\. What was typed"
IN_ORDER = "Cells had changed places; they are back in the released order"

CASES = [
    Case(
        "below a table at the end",
        "00_numpy",
        below_a_table_at_the_end,
        said=f"^{IN_ORDER}",
        told=IN_ORDER,
        kernel=True,
    ),
    Case(
        "below what a table needs", "05_gemm", below_what_a_table_needs, said=f"^{IN_ORDER}", told=IN_ORDER, kernel=True
    ),
    Case(
        "all checks at the end", "01_softmax", all_checks_at_the_end, said="a copy of that answer counts", kernel=True
    ),
    Case(
        "all checks at the end below a trial",
        "05_gemm",
        all_checks_at_the_end_below_a_trial,
        said="a copy of that answer counts",
        kernel=True,
    ),
    Case("a helper of the lab's written anew", "03_mlp", a_helper_of_the_labs_written_anew, kernel=True),
    Case("a helper of the lab's written anew on top", "03_mlp", a_helper_of_the_labs_written_anew_on_top, kernel=True),
    Case(
        "the check is displayed",
        "01_softmax",
        _checked('display(check("softmax"))', "softmax"),
        said=f"^{CHANGED}",
        told=CHANGED,
    ),
    Case(
        "the check's result is kept",
        "02_backprop",
        _checked("_ = check('neuron')\nprint(_)", "neuron"),
        said=f"^{CHANGED}",
        told=CHANGED,
    ),
    Case(
        "the check is tried",
        "04_cnn",
        _checked('try:\n    check("conv_macs")\nexcept Exception as e:\n    print(e)', "conv_macs"),
        said=f"^{CHANGED}",
        told=CHANGED,
    ),
    Case(
        "the check is timed",
        "01_softmax",
        _checked('%%time\ncheck("softmax")', "softmax"),
        said=r"^The cell check_softmax had been changed; it is as released again\.$",
        told=r"The cell check_softmax had been changed; it is as released again\.$",
    ),
    Case("lines end as on Windows", "01_softmax", lines_end_as_on_windows, kernel=True),
    Case("lines end as long ago", "03_mlp", lines_end_as_long_ago),
    Case("two answers joined", "01_softmax", two_joined, said=_counts("the cell scores"), kernel=True),
    Case("two answers joined", "03_mlp", two_joined_in_another_lab, said=_counts("the cell sigmoid"), kernel=True),
    Case("all answers in the first", "05_gemm", all_in_the_first, said=_counts("the cell flops"), kernel=True),
    Case(
        "all in the first without metadata",
        "00_numpy",
        all_in_the_first_without_metadata,
        said=_counts("the cell simple_interest"),
        kernel=True,
    ),
    Case("all in the cell of imports", "04_cnn", all_in_the_cell_of_imports, said=_counts("another cell"), kernel=True),
    Case("joined with the checks", "01_softmax", joined_with_their_checks, said="check_softmax were missing"),
    Case(
        "a check joined with the next answer",
        "05_gemm",
        a_check_joined_with_the_next_answer,
        said="typed into it stands in a cell of its own",
    ),
    Case("in a cell of its own", "02_backprop", in_a_cell_of_its_own, kernel=True),
    Case("moved below the stub", "03_mlp", below_the_stub, said=_counts("another cell"), kernel=True),
    Case("moved above the stub", "00_numpy", above_the_stub, said=_counts("another cell")),
    Case("in a cell to look at", "01_softmax", in_a_cell_to_look_at, said=_counts("another cell"), kernel=True),
    Case("moved far above the stub", "05_gemm", two_checks_above, said=_counts("another cell")),
    Case("lecture below without metadata", "01_softmax", lecture_below_without_metadata),
    Case("lecture below without ids either", "01_softmax", lecture_below_without_ids_either),
    Case("another try above without metadata", "04_cnn", another_try_above_without_metadata, kernel=True),
    Case(
        "typed into the check", "01_softmax", typed_into_the_check, said="check_softmax had been changed", kernel=True
    ),
    Case("typed over the check", "00_numpy", typed_over_the_check, said="check_one_hot had been changed"),
    Case("a helper in the check", "03_mlp", a_helper_in_the_check, said="check_relu had been changed", kernel=True),
    Case(
        "an experiment below the check",
        "01_softmax",
        an_experiment_below_the_check,
        said="typed into it stands in a cell of its own",
        deserves={"softmax_gradient": "none"},
    ),
    Case("a copy in markdown", "01_softmax", a_markdown_copy, said="softmax was there more than once", kernel=True),
    Case("a copy worked in", "00_numpy", a_copy_worked_in, said="positive_part was there more than once", kernel=True),
    Case("moved without its name", "02_backprop", moved_down, kernel=True),
    Case("in a module", "01_softmax", in_a_module_of_ones_own, said=_counts("another cell"), kernel=True),
    Case("all in a module", "05_gemm", all_in_a_module_of_ones_own, said=_counts("the cell flops"), kernel=True),
    Case(
        "below its helper at the end",
        "05_gemm",
        below_its_helper_at_the_end,
        said="Cells had changed places; they are back in the released order",
        kernel=True,
    ),
    Case("checked under another name", "03_mlp", checked_under_another_name, said="The cell check_sigmoid had been"),
    Case("below its check alone", "04_cnn", below_its_check_alone, said="a copy of it counts"),
]
