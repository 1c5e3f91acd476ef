"""A cell that ends the process that it runs in, or must be ended with it, costs itself alone."""

from __future__ import annotations

from tests.field.case import Case, Edit, Notebook, after, answer, before, cell_of, text_of

DEAF = "while True:\n    try:\n        int('x')\n    except:\n        pass\n"


def _own(name: str, source: str) -> Edit:
    return lambda notebook: before(notebook, name, source)


def _two(notebook: Notebook) -> None:
    before(notebook, "scores", "import os\nos._exit(3)\n")
    after(notebook, "check_softmax", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")


def _above_and_below(slug: str, source: str) -> Edit:
    def edit(notebook: Notebook) -> None:
        answer(notebook, slug, f"{source}\n\n{text_of(cell_of(notebook, slug))}\n\n{source}")

    return edit


def _in_the_answers_cell(notebook: Notebook) -> None:
    answer(notebook, "softmax", "import os\ndef softmax(Z):\n    return Z\nos.kill(os.getpid(), 9)\n")


CASES = [
    Case(
        "C code that takes too long", "01_softmax", _own("softmax", "sum(range(10**13))"), said=r"In \[\d+\] was ended"
    ),
    Case(
        "a loop around except",
        "05_gemm",
        _own("flops", DEAF),
        # The interrupt may reach it in the moment in which it is outside of its try.
        said=r"In \[\d\] (was ended: .*interrupted|ran out of time)",
    ),
    Case(
        "a list that grows",
        "00_numpy",
        _own("one_hot", "grown = []\nwhile True:\n    grown.append(bytes(10**7))"),
        said=r"In \[\d+\](, line 3: MemoryError| was ended: it took up more than 512 MiB)",
    ),
    Case(
        "a cell kills its own process",
        "02_backprop",
        _own("neuron", "import os\nos.kill(os.getpid(), 9)"),
        said=r"In \[\d+\] was ended: .*SIGKILL",
    ),
    Case("a crash in C", "04_cnn", _own("conv_macs", "import ctypes\nctypes.string_at(0)"), said="SIGSEGV"),
    Case("two cells end the process", "01_softmax", _two, said=r"exit code 3.*SIGKILL"),
    Case("a loop that can be interrupted", "03_mlp", _own("relu", "while True:\n    pass"), said="ran out of time"),
    Case(
        "the answer's own cell kills its process",
        "01_softmax",
        _in_the_answers_cell,
        deserves={"softmax": "none"},
        said="SIGKILL",
        by_check={"softmax": "Divide each exp"},
    ),
    Case(
        "an answer's cell computes too long in C",
        "04_cnn",
        _above_and_below("conv_macs", "total = sum(range(10**13))"),
        said=r"In \[\d+\] was ended",
    ),
    Case(
        "an answer's cell takes too much memory",
        "00_numpy",
        _above_and_below("one_hot", "tables = [np.ones(10**7) for _ in range(100)]"),
        said=r"In \[\d+\](, line \d+: MemoryError| was ended: it took up more than 512 MiB)",
    ),
    Case(
        "a definition ends the process",
        "02_backprop",
        _above_and_below("neuron", "import os\ndef last(x=os._exit(3)): ..."),
        deserves={"neuron": "none"},
        said="exit code 3",
        by_check={"neuron": r"neuron is not defined: its cell, In \[\d+\], stopped: was ended"},
    ),
]
