"""A line that fails takes no others along, and is told: what students put on top of their notebooks."""

from __future__ import annotations

from tests.field.case import Case, Edit, Notebook, answer, before, cell_of, setup_of, text_of


def _on_top(source: str) -> Edit:
    def edit(notebook: Notebook) -> None:
        setup = setup_of(notebook)
        setup["source"] = f"{source}\n{text_of(setup)}"

    return edit


def _own(name: str, source: str) -> Edit:
    return lambda notebook: before(notebook, name, source)


def _setup_without(line: str) -> Edit:
    def edit(notebook: Notebook) -> None:
        setup = setup_of(notebook)
        assert line in text_of(setup)
        setup["source"] = text_of(setup).replace(line, "")

    return edit


def _setup_broken(notebook: Notebook) -> None:
    setup = setup_of(notebook)
    setup["source"] = f"{text_of(setup)}\nplots.style(\n"


def _many_fail(notebook: Notebook) -> None:
    for i in range(12):
        before(notebook, "conv_output_size", f"nowhere_{i}")


def _answered(slug: str, first: str = "", last: str = "") -> Edit:
    def edit(notebook: Notebook) -> None:
        answer(notebook, slug, f"{first}\n{text_of(cell_of(notebook, slug))}\n{last}\n".lstrip("\n"))

    return edit


LECTURE = "def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum()\n"

CASES = [
    Case(
        "an older try below a raise",
        "01_softmax",
        _answered("softmax", last=f"raise SystemExit('stop here')\n\n{LECTURE}"),
        said=r"^In \[\d+\], line \d+: SystemExit: stop here\.$",
        kernel=True,
    ),
    Case(
        "an older try below a trial that fails",
        "01_softmax",
        _answered("softmax", last=f"softmax(3)\n\n{LECTURE}"),
        said=r"^In \[\d+\], line \d+: AttributeError",
        kernel=True,
    ),
    Case(
        "another try below an assertion that fails",
        "05_gemm",
        _own("check_peak_flops", "assert peak_flops(1, 1, 1) == 1\ndef peak_flops(*parts):\n    return 0"),
        said="AssertionError",
        kernel=True,
    ),
    Case(
        "a better answer below an import that fails",
        "05_gemm",
        _answered("flops", first="def flops(op, n):\n    return 0\nimport seaborn_of_old"),
        said="No module named 'seaborn_of_old'",
    ),
    Case(
        "an answer below what is still to be written",
        "03_mlp",
        _answered("relu", first="def relu(z):\n    raise NotImplementedError\nassert relu(1) == 1"),
        said="line 2: NotImplementedError",
    ),
    Case(
        "an import fails in a cell that is timed",
        "01_softmax",
        _answered("softmax", first="%%time\nimport seaborn_of_old as sns"),
        said=r"line 2: ModuleNotFoundError: No module named 'seaborn_of_old'",
    ),
    Case(
        "a file is missing in a cell that is profiled",
        "02_backprop",
        _answered("neuron", first="%%prun -l 3\nopen('notes.txt')"),
        said=r"line 2: FileNotFoundError",
    ),
    Case("magics that a kernel has", "00_numpy", _on_top("%autosave 60\n%clear\n%connect_info"), kernel=True),
    Case(
        "an answer below what takes too long",
        "05_gemm",
        _answered("roofline", first="tries = 0\nwhile True:\n    tries += 1"),
        said="ran out of time",
    ),
    Case(
        "an answer above what takes too long",
        "03_mlp",
        _answered("d_sigmoid", last="import time\ntime.sleep(100)\nprint(d_sigmoid(0))"),
        said="ran out of time",
    ),
    Case(
        "Colab's drive is mounted on top of the imports",
        "01_softmax",
        _on_top("from google.colab import drive\ndrive.mount('/content/drive')"),
        said=r"^In \[1\], line 1: ModuleNotFoundError: No module named 'google'.* \(and 1 more\)\.$",
    ),
    Case(
        "a backend that is not there",
        "03_mlp",
        _on_top("%matplotlib widget"),
        said=r"In \[1\], line 1: .*widget",
    ),
    Case(
        "a folder that is not there",
        "00_numpy",
        _on_top("import os\nos.chdir('/content/drive/MyDrive/course')"),
        said=r"In \[1\], line 2: FileNotFoundError: .*/content/drive",
    ),
    Case("a package that is not there", "05_gemm", _on_top("import seaborn as sns\nsns.set()"), said="'seaborn'"),
    Case("a package is installed", "02_backprop", _on_top("!pip install --quiet seaborn_of_old")),
    Case("an extension that is not there", "04_cnn", _on_top("%load_ext nb_black"), said="nb_black"),
    Case(
        "a magic that is not there", "00_numpy", _on_top("%nonsense"), said=r"In \[1\], line 1: UsageError: .*nonsense"
    ),
    Case(
        "a question to the reader", "01_softmax", _on_top("name = input('Your name?')"), said="StdinNotImplementedError"
    ),
    Case(
        "exit is called", "04_cnn", _own("conv_macs", "exit()"), said=r"SystemExit: exit\(\) ends no more than its line"
    ),
    Case("no stream is left", "01_softmax", _own("softmax", "import sys\nsys.stdout = sys.stderr = None")),
    Case("sys.exit on top", "05_gemm", _on_top("import sys\nif len(sys.argv): sys.exit(0)"), said="line 2: SystemExit"),
    Case("a line of the imports is gone", "03_mlp", _setup_without("import numpy as np\n")),
    Case("the imports have a syntax error", "02_backprop", _setup_broken, said=r"In \[1\], line 1\d: SyntaxError"),
    Case(
        "a picture of data that grading does not load",
        "01_softmax",
        _own("softmax", "plots.image_grid(mnist.train_images[:4])\nshown = True"),
        said=r"line 1: NameError: name 'mnist' is not defined",
        kernel=True,
    ),
    Case(
        "many cells that fail",
        "04_cnn",
        _many_fail,
        said=r"nowhere_7' is not defined\.\s+And 4 more cells stopped\.",
    ),
]
