from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from coursekit.checking import LocalStudent, StudentError
from coursekit.checking.explanations import explained

Cells: TypeAlias = Callable[..., LocalStudent]

A, B = np.ones((4, 3)), np.ones((4, 10))
ERRORS = [
    ("max(0, A)", "np.maximum"),
    ("bool(torch.ones(2))", "torch.where"),
    ("A + B", "(4, 3) and (4, 10)"),
    ("torch.ones(4, 3) * torch.ones(4, 10)", "Along axis 1 one tensor has 3 entries and the other 10"),
    ("A @ B", "A has 3 columns and B 4 rows"),
    ("A.dot(B)", "(4, 3) and (4, 10)"),
    ("torch.nn.Linear(10, 2)(torch.ones(3, 784))", "for 10 features got rows of 784"),
    ("np.array([[1], [1, 2]])", "different lengths"),
    ("np.zeros(3).__setitem__(0, A)", "a whole array was put"),
    ("np.zeros(3, 4)", "np.zeros((n, k))"),
    ("np.maximum(1.0, A, 2.0)", "np.maximum(np.maximum(a, b), c)"),
    ("torch.nn.Sequential([torch.nn.ReLU()])", "nn.Sequential(*layers)"),
    ("torch.optim.SGD([], lr=0.1)", "nn.ModuleList"),
    ("exec('import torch\\nwith torch.no_grad:\\n    pass')", "with torch.no_grad():"),
    ("torch.relu(3)", "got int"),
    ("2.0 ^ 2", "x**2"),
    ("A ^ 2", "x**2"),
    ("[].sort()[0]", "without `return`"),
    ("[].sort() + 1", "without `return`"),
    ("A[:, 3]", "Axis 1 has 3 entries"),
    ("A.sum(axis=2)", "keepdims=True"),
    ("A[0, 0, 0]", "more indices than axes"),
    ("A[np.ones(3)]", ".astype(int)"),
    ("range(2.0)", "// a whole number"),
    ("np.ones(2, int).__isub__(0.5)", "x = x.astype(float)"),
    ("np.broadcast_to(A, (4, 3)).__setitem__(0, 0)", "x = x.copy()"),
    ("A(0)", "Index with [ ]"),
    ("A.reshape(5, 5)", "number of entries"),
    ("(lambda x: x)(1, 2)", "more arguments than its `def` line"),
    ("(lambda x, y: x)(1)", "leaves out 'y'"),
    ("A.append(1)", "Arrays have no append"),
    ("[1].shape", "of type list has no .shape"),
    ("(2).grad", "Make it one first, Value(other)"),
    ("A - A.mean(axis=1)", "4 rows of 3"),
    ("math.exp(A)", "np.exp"),
    ("np.zeros((4, 4))[0:0].__setitem__(slice(None), A)", "[pad : pad + n]"),
    ("np.zeros((2, 3)).__setitem__(slice(None), A)", "(4, 3), and the place left of = has (2, 3)"),
    ("torch.nn.Conv2d(3, 8, 3)(torch.ones(2, 1, 5, 5))", "made for 3 channels got images of 1"),
    ("{}[7]", "no key 7"),
    ("torch.ones(2).sum().backward()", "does not depend on a tensor that records"),
    ("torch.ones(2, requires_grad=True).backward()", "the mean or the sum"),
    ("torch.ones(2, requires_grad=True).numpy()", "t.detach().numpy()"),
    ("torch.ones(2, 2) @ torch.ones(2, 2).long()", "different dtypes"),
    ("nn.Linear(1, 1)", "nn is not imported here"),
    ("scale * 2", "scale has no value here"),
    ("[1.0] * 0.5", "one by one"),
    ("1 / 0", "The divisor is 0"),
]


@pytest.mark.parametrize(("expression", "words"), ERRORS, ids=[expression for expression, _ in ERRORS])
def test_a_common_error_is_told_in_plain_words(cells: Cells, expression: str, words: str) -> None:
    student = cells(
        f"import math\nimport torch\nA, B = np.ones((4, 3)), np.ones((4, 10))\ndef f():\n    return {expression}"
    )
    with pytest.raises(StudentError) as caught:
        student.call("f")
    assert words.lower() in caught.value.hint.lower()


def test_what_is_not_common_is_left_as_it_is() -> None:
    assert explained("ValueError", "something of the student's own") == ""


def probe(Number: Any) -> Any:
    number = Number(2.0)
    return (number + 1).value


NUMBER = """
class Number:
    def __init__(self, value):
        self.value = value
    def __add__(self, other):
        return Number(self.value + other.value)
"""


def test_an_error_in_an_operator_names_the_line_of_the_check_and_the_students_own(cells: Cells) -> None:
    with pytest.raises(StudentError) as caught:
        cells(NUMBER).run(probe)
    assert caught.value.message == "`(number + 1).value` stopped with an error."
    assert "in Number.__add__, line 6 of its cell: return Number(self.value + other.value)" in caught.value.got
    assert "probe" not in f"{caught.value.message} {caught.value.got}"


def test_an_error_in_a_module_names_the_students_own_line(cells: Cells) -> None:
    cell = "import torch\nclass Net(torch.nn.Module):\n    def forward(self, x):\n        return x @ torch.ones(3, 3)"

    def forward(Net: Any) -> Any:
        import torch

        return Net()(torch.ones(2, 2)).tolist()

    with pytest.raises(StudentError) as caught:
        cells(cell).run(forward)
    assert caught.value.message == "`Net()(torch.ones(2, 2)).tolist()` stopped with an error."
    assert "in Net.forward, line 4 of its cell" in caught.value.got


def test_an_error_in_another_function_names_the_call_too(cells: Cells) -> None:
    inner, outer = "def half(x):\n    return x.mean() / 2", "def train(x):\n    y = 2 * x\n    return half([y])"
    with pytest.raises(StudentError) as caught:
        cells(inner, outer).call("train", 1.0)
    assert "in half, line 2 of its cell: return x.mean() / 2" in caught.value.got
    assert "called in train, line 3 of its cell: return half([y])" in caught.value.got


def test_an_object_of_the_students_in_place_of_a_number_is_told(cells: Cells) -> None:
    def nested(Number: Any) -> Any:
        return Number(Number(1.0)).value

    with pytest.raises(StudentError) as caught:
        cells(NUMBER).run(nested)
    assert "Has one Number been put into another?" in caught.value.hint


def test_a_probe_is_never_named(cells: Cells) -> None:
    def _object(Number: Any) -> Any:
        return Number(1.0)

    with pytest.raises(StudentError, match="The use of Number gave back something"):
        cells(NUMBER).run(_object)
