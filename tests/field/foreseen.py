"""An answer that needs what grading does not load: the check says so before it is handed in, and grading agrees."""

from __future__ import annotations

from tests.field.case import Case, Edit, Notebook, answer, before, cell_of, text_of


def _uses(slug: str, line: str, *, own: str = "") -> Edit:
    def edit(notebook: Notebook) -> None:
        source = text_of(cell_of(notebook, slug))
        head, mark, body = source.partition("    ### BEGIN SOLUTION\n")
        answer(notebook, slug, f"{head}    {line}\n{mark}{body}")
        if own:
            before(notebook, slug, own)

    return edit


CASES = [
    Case(
        "the answer uses the training images",
        "01_softmax",
        _uses("predict", "assert len(X_train)"),
        deserves={"predict": "none"},
        by_check={"predict": "X_train"},
        kernel=True,
    ),
    Case(
        "the answer uses a generator of another cell",
        "01_softmax",
        _uses("softmax_gradient", "rng.normal()"),
        deserves={"softmax_gradient": "none"},
        by_check={"softmax_gradient": "rng"},
        kernel=True,
    ),
    Case(
        "the answer uses what an own cell makes of the data",
        "01_softmax",
        _uses("predict", "assert n_pixels == 784", own="n_pixels = X_train.shape[1]"),
        deserves={"predict": "none"},
        said="NameError: name 'X_train'",
        by_check={"predict": "n_pixels"},
        kernel=True,
    ),
    Case(
        "a generator of ones own is there",
        "01_softmax",
        _uses("softmax", "rng.normal()", own="rng = np.random.default_rng(3)"),
        kernel=True,
    ),
    Case(
        "the answer uses the machine's description",
        "05_gemm",
        _uses("peak_flops", "assert processor.cores"),
        deserves={"peak_flops": "none"},
        by_check={"peak_flops": "processor"},
        kernel=True,
    ),
    Case(
        "the answer uses the sample of digits",
        "00_numpy",
        _uses("one_hot", "assert digits.n_classes"),
        deserves={"one_hot": "none"},
        by_check={"one_hot": "digits"},
        kernel=True,
    ),
    Case(
        "the answer uses the slide's matrix",
        "04_cnn",
        _uses("conv_output_size", "assert len(slide)"),
        deserves={"conv_output_size": "none"},
        by_check={"conv_output_size": "slide"},
    ),
    Case(
        "the answer takes its points from another cell",
        "02_backprop",
        _uses("matmul_backward", "assert len(X)", own="class Box: pass"),
        deserves={"matmul_backward": "none"},
        by_check={"matmul_backward": "X"},
    ),
    Case(
        "the answer never comes to an end",
        "05_gemm",
        _uses("roofline", "while True: pass"),
        deserves={"roofline": "none"},
        by_check={"roofline": "did not come back within|all checks of this exercise is used up"},
    ),
    Case(
        "a line that is timed makes it of the data",
        "01_softmax",
        _uses("predict", "assert n_pixels == 784", own="%time n_pixels = X_train.shape[1]"),
        deserves={"predict": "none"},
        said="NameError|X_train",
        by_check={"predict": "n_pixels"},
        kernel=True,
    ),
    Case(
        "a function of ones own makes it of the data",
        "01_softmax",
        _uses(
            "predict", "assert n_pixels == 784", own="def width():\n    return X_train.shape[1]\n\nn_pixels = width()"
        ),
        deserves={"predict": "none"},
        said="NameError: name 'X_train'",
        by_check={"predict": "n_pixels"},
        kernel=True,
    ),
    Case(
        "a class of ones own makes it of the data",
        "01_softmax",
        _uses(
            "predict",
            "assert box.width",
            own="class Box:\n    def __init__(self):\n        self.width = X_train.shape[1]\n\nbox = Box()",
        ),
        deserves={"predict": "none"},
        said="NameError: name 'X_train'",
        by_check={"predict": "box"},
        kernel=True,
    ),
    Case(
        "a function binds it by global",
        "00_numpy",
        _uses(
            "one_hot",
            "assert n_digits",
            own="def count():\n    global n_digits\n    n_digits = digits.n_classes\n\ncount()",
        ),
        deserves={"one_hot": "none"},
        said="NameError: name 'digits'",
        by_check={"one_hot": "n_digits"},
        kernel=True,
    ),
    Case(
        "a list is filled from the data",
        "01_softmax",
        _uses("predict", "assert means[0] >= 0", own="means = []\nfor x in X_train[:3]:\n    means.append(x.mean())"),
        deserves={"predict": "none"},
        said="NameError: name 'X_train'",
        by_check={"predict": "IndexError"},
        kernel=True,
    ),
    Case(
        "a dict is filled from the machine's description",
        "05_gemm",
        _uses("peak_flops", "assert facts['cores']", own="facts = {}\nfacts['cores'] = processor.cores"),
        deserves={"peak_flops": "none"},
        said="NameError: name 'processor'",
        by_check={"peak_flops": "KeyError: 'cores'"},
        kernel=True,
    ),
    Case(
        "a number grows by the data",
        "01_softmax",
        _uses("predict", "assert total > 0", own="total = 0\ntotal += np.abs(X_train).sum()"),
        deserves={"predict": "none"},
        said="NameError: name 'X_train'",
        by_check={"predict": "AssertionError"},
        kernel=True,
    ),
    Case(
        "a number is set anew from the data",
        "00_numpy",
        _uses("one_hot", "assert n_digits == 10", own="n_digits = 3\nn_digits = digits.n_classes"),
        deserves={"one_hot": "none"},
        said="NameError: name 'digits'",
        by_check={"one_hot": "AssertionError"},
        kernel=True,
    ),
    Case(
        "a try copes without the data",
        "01_softmax",
        _uses(
            "predict",
            "assert n_pixels == 784",
            own="try:\n    n_pixels = X_train.shape[1]\nexcept NameError:\n    n_pixels = 784",
        ),
        kernel=True,
    ),
    Case(
        "a setting of a module is made of the data",
        "01_softmax",
        _uses("predict", "assert plt", own="plt.rcParams['figure.dpi'] = X_train.shape[1]"),
        said="NameError: name 'X_train'",
        kernel=True,
    ),
]
