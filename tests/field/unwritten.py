""" "Not started" is said of what is as released; of what stopped or is misnamed, what happened."""

from __future__ import annotations

from tests.field.case import Case, Edit, Notebook, after, answer, cell_of, stub, text_of


def _replaced(slug: str, old: str, new: str) -> Edit:
    def edit(notebook: Notebook) -> None:
        source = text_of(cell_of(notebook, slug))
        assert old in source
        answer(notebook, slug, source.replace(old, new))

    return edit


def _with(slug: str, *, first: str = "", last: str = "") -> Edit:
    def edit(notebook: Notebook) -> None:
        answer(notebook, slug, f"{first}\n{text_of(cell_of(notebook, slug))}\n{last}\n")

    return edit


def _as_released(notebook: Notebook) -> None:
    stub(notebook, "count_parameters", "03_mlp")


def _below_the_stub(lab: str, slug: str, source: str) -> Edit:
    """Leave a stub, and below it a cell with the answer's text in it, once as a method."""

    def edit(notebook: Notebook) -> None:
        right = text_of(cell_of(notebook, slug))
        method = "    @staticmethod\n" + "\n".join(f"    {line}" for line in right.splitlines())
        stub(notebook, slug, lab)
        after(notebook, slug, source.format(answer=right, method=method, text=repr(f"import numpy as np\n{right}")))

    return edit


#: Names that no text of a cell shows to be bound.
ALL_OF_A_CLASS = """class Answers:
{method}

globals().update({{name: getattr(Answers, name) for name in vars(Answers) if not name.startswith("_")}})
"""
OF_A_FILE = """from pathlib import Path
Path("answers.py").write_text({text})
{read}
"""

CASES = [
    Case(
        "all methods of a class are bound",
        "01_softmax",
        _below_the_stub("01_softmax", "softmax", ALL_OF_A_CLASS),
        kernel=True,
    ),
    Case(
        "all methods of another class are bound",
        "05_gemm",
        _below_the_stub("05_gemm", "roofline", ALL_OF_A_CLASS.replace("globals().update(", "get_ipython().push(")),
        kernel=True,
    ),
    Case(
        "all of a file that a cell wrote is imported",
        "03_mlp",
        _below_the_stub("03_mlp", "relu", OF_A_FILE.replace("{read}", "from answers import *")),
        kernel=True,
    ),
    Case(
        "a file that a cell wrote is run",
        "04_cnn",
        _below_the_stub("04_cnn", "conv_output_size", OF_A_FILE.replace("{read}", "exec(open('answers.py').read())")),
        kernel=True,
    ),
    Case(
        "another name is bound by a text",
        "01_softmax",
        _below_the_stub("01_softmax", "predict", "print('predict')\nglobals()['other'] = 1"),
        deserves={"predict": "none"},
        by_check={"predict": "predict is not written yet"},
        kernel=True,
    ),
    Case(
        "a word mistyped in the answer",
        "01_softmax",
        _replaced("predict", "    return", "    retrun"),
        deserves={"predict": "none"},
        said=r"In \[\d+\], line \d+: SyntaxError: invalid syntax \(retrun",
        by_check={"predict": r"predict is not defined: its cell, In \[\d+\], stopped: line \d+: SyntaxError"},
        kernel=True,
    ),
    Case(
        "a later Python's quotes below the answer",
        "01_softmax",
        _with("softmax", last='names = {"a": 1}\nprint(f"{names["a"]}")'),
        said="newer than Python|^$",
        told="newer than Python|^$",
    ),
    Case(
        "a later Python's type parameters in the answer",
        "00_numpy",
        _replaced("simple_interest", "def simple_interest(", "def simple_interest[T]("),
        deserves={"simple_interest": "none"},
        said="SyntaxError: .*newer than Python",
        by_check={"simple_interest": "newer than Python"},
    ),
    Case(
        "the function has another name",
        "05_gemm",
        _replaced("peak_flops", "def peak_flops", "def peakFlops"),
        deserves={"peak_flops": "none"},
        by_check={"peak_flops": r"did you mean peakFlops\?"},
        kernel=True,
    ),
    Case(
        "the class of another name is another exercise",
        "03_mlp",
        _replaced("d_sigmoid", "def d_sigmoid", "def slope_of_it"),
        deserves={"d_sigmoid": "none"},
        by_check={"d_sigmoid": "d_sigmoid is not defined yet"},
        kernel=True,
    ),
    Case(
        "an import in the answer's cell fails",
        "05_gemm",
        _with("roofline", first="import seaborn_of_old as sns"),
        said=r"line 1: ModuleNotFoundError: No module named 'seaborn_of_old'",
    ),
    Case(
        "a question in the answer's cell", "02_backprop", _with("neuron", first="input('go on?')"), said="line 1: Stdin"
    ),
    Case(
        "a trial below the answer fails",
        "03_mlp",
        _with("sgd_step", last="sgd_step(None, None, 0.1)"),
        said=r"In \[\d+\], line \d+: TypeError",
        kernel=True,
    ),
    Case(
        "the stub's last line is left below the answer",
        "04_cnn",
        _replaced("conv_macs", "return ", "macs = "),
        deserves={"conv_macs": "none"},
        by_check={"conv_macs": "return"},
        kernel=True,
    ),
    Case("one exercise is as released", "03_mlp", _as_released, deserves={"count_parameters": "none"}, kernel=True),
]
