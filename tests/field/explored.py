"""What "Run All" defines, grading defines: imports and definitions of cells to look at, and cells of one's own."""

from __future__ import annotations

from tests.field.case import Case, Notebook, after, answer, before, cell_of, text_of


def _untouched(notebook: Notebook) -> None:
    """Hand in right answers and nothing odd."""


def _struct(notebook: Notebook) -> None:
    source = text_of(cell_of(notebook, "read_idx"))
    unpacked = 'struct.unpack(">I", data[:4].rjust(4))[0]'
    answer(notebook, "read_idx", source.replace('int.from_bytes(data[:4], "big")', unpacked))


def _torch(notebook: Notebook) -> None:
    answer(notebook, "predict", "def predict(W, b, X):\n    return torch.as_tensor(X @ W + b).argmax(dim=1).numpy()\n")


def _helper_in_a_look(notebook: Notebook) -> None:
    look = cell_of(notebook, "rng = np.random.default_rng(0)\nW_random")
    look["source"] = f"{text_of(look)}\n\ndef largest(S):\n    return S.argmax(axis=1)\n"
    answer(notebook, "predict", "def predict(W, b, X):\n    return largest(X @ W + b)\n")


def _helper_below_a_print(notebook: Notebook) -> None:
    before(notebook, "scores", "print(X_train.shape)\n\ndef product(X, W):\n    return X @ W\n")
    answer(notebook, "scores", "def scores(W, b, X):\n    return product(X, W) + b\n")


def _inherited_tag(notebook: Notebook) -> None:
    source = "costs = {op: 2 for op in ('axpy', 'gemv', 'gemm')}\npowers = dict(zip(costs, (1, 2, 3)))\n"
    before(notebook, "flops", source, tags=["explore"])
    answer(notebook, "flops", "def flops(op, n):\n    return costs[op] * n ** powers[op]\n")


def _constant_in_a_look(notebook: Notebook) -> None:
    look = cell_of(notebook, "mnist = load_mnist()")
    look["source"] = f"{text_of(look)}\nFLOOR, CEILING = -np.inf, 0.0\n"
    answer(notebook, "relu", "def relu(z):\n    return np.maximum(z, CEILING)\n")


def _class_in_a_look(notebook: Notebook) -> None:
    source = text_of(cell_of(notebook, "topological_order"))
    answer(notebook, "topological_order", f"{source}\nassert topological_order(Step())\n")


def _lambda_in_a_look(notebook: Notebook) -> None:
    look = cell_of(notebook, "processor = bench")
    look["source"] = "itemsize = lambda dtype: np.dtype(dtype).itemsize\n" + text_of(look)
    source = text_of(cell_of(notebook, "bytes_moved"))
    answer(notebook, "bytes_moved", source.replace("np.dtype(dtype).itemsize\n    ###", "itemsize(dtype)\n    ###"))


def _look_made_ones_own(notebook: Notebook) -> None:
    look = cell_of(notebook, "from coursekit.datasets.digits")
    look["source"] = "rows = np.eye(2000)\n"
    answer(notebook, "one_hot", "def one_hot(y, n_classes):\n    return rows[:n_classes, :n_classes][y]\n")


def _import_tried_in_a_look(notebook: Notebook) -> None:
    look = cell_of(notebook, "slide = np.array")
    look["source"] = (
        f"try:\n    import scipy_of_old\nexcept ImportError:\n    import math as scipy_of_old\n{text_of(look)}"
    )
    source = text_of(cell_of(notebook, "conv_output_size"))
    answer(notebook, "conv_output_size", source.replace(":\n", ":\n    assert scipy_of_old.floor(1.5) == 1\n", 1))


def _defined_again_below(notebook: Notebook) -> None:
    after(notebook, "check_softmax", "def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum()\n")


DIFFERENCES = "((a[:, None, :].astype(float) - b) ** 2).sum(axis=2)"


def _helper_among_magics(notebook: Notebook) -> None:
    before(
        notebook,
        "pairwise_sq_dists",
        f"%matplotlib inline\nfiles = !ls\n!echo \\\n    two lines\ndef apart(a, b):\n    return {DIFFERENCES}\napart?",
    )
    answer(notebook, "pairwise_sq_dists", "%%time\ndef pairwise_sq_dists(A, B):\n    return apart(A, B)")


def _operators_begin_lines(notebook: Notebook) -> None:
    source = f"def pairwise_sq_dists(a, b):\n    power = (\n        7\n        % 5\n    )\n    return {DIFFERENCES}"
    answer(notebook, "pairwise_sq_dists", source.replace("** 2", "** power"))


def _named_like_attributes(notebook: Notebook) -> None:
    before(notebook, "pairwise_sq_dists", "astype = digits\nsum = digits.labels.sum()\nnewaxis = [digits]")


def _all_of_numpy(notebook: Notebook) -> None:
    before(notebook, "pairwise_sq_dists", "from numpy import *")
    source = "def pairwise_sq_dists(a, b):\n    return square(a[:, None, :].astype(float) - b).sum(axis=2)"
    answer(notebook, "pairwise_sq_dists", source)


def _a_try_that_is_left_out(notebook: Notebook) -> None:
    loops = "def pairwise_sq_dists(A, B):\n    return np.array([[((a - b) ** 2).sum() for b in B] for a in A])"
    after(notebook, "pairwise_sq_dists", f"%%script echo left out\n{loops}")
    after(notebook, "pairwise_sq_dists", f"%%writefile earlier.py\n{loops}")


CASES = [
    *(Case("nothing odd", lab, _untouched, kernel=True) for lab in ("00_numpy", "01_softmax", "05_gemm")),
    *(Case("nothing odd", lab, _untouched) for lab in ("02_backprop", "03_mlp", "04_cnn")),
    Case("struct comes from a cell to look at", "00_numpy", _struct, kernel=True),
    Case("torch comes from a cell to look at", "01_softmax", _torch, kernel=True),
    Case("a helper stands in a cell to look at", "01_softmax", _helper_in_a_look, kernel=True),
    Case(
        "a helper stands below a print of data",
        "01_softmax",
        _helper_below_a_print,
        said=r"^In \[\d\], line 1: NameError: name 'X_train' is not defined\.$",
        kernel=True,
    ),
    Case("an own cell has inherited the tag", "05_gemm", _inherited_tag, kernel=True),
    Case("a constant stands in a cell to look at", "03_mlp", _constant_in_a_look, kernel=True),
    Case("a class comes from a cell to look at", "02_backprop", _class_in_a_look, kernel=True),
    Case("a lambda stands in a cell to look at", "05_gemm", _lambda_in_a_look),
    Case("a cell to look at was made ones own", "00_numpy", _look_made_ones_own, kernel=True),
    Case("an import is tried in a cell to look at", "04_cnn", _import_tried_in_a_look),
    Case("the answer is defined again below", "01_softmax", _defined_again_below),
    Case("a helper stands among magics", "00_numpy", _helper_among_magics, kernel=True),
    Case("operators begin lines", "00_numpy", _operators_begin_lines, kernel=True),
    Case(
        "names of the data are those of attributes", "00_numpy", _named_like_attributes, said="NameError: name 'digits'"
    ),
    Case("all of NumPy is imported", "00_numpy", _all_of_numpy, kernel=True),
    Case("a try is left out by a magic", "00_numpy", _a_try_that_is_left_out, kernel=True),
]
