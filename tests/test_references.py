"""Do our own reference answers stand up to what other courses ask of theirs, and to what lies at the edge?

The kinds of question are those of micrograd's ``test_engine.py``, of CMU 10-714's first two homeworks and of
minitorch's tests of scalars: an expression that uses its values again and again, each operation beside a central
difference, a loss beside PyTorch's. The expressions and the numbers are ours.
"""

from __future__ import annotations

import functools
import json
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from coursekit.variants import names_defined

ROOT = Path(__file__).parents[1]
Values = Callable[..., Any]


@functools.cache
def reference(lab: str) -> dict[str, Any]:
    """Return the names that a lab's reference notebook defines."""
    return names_defined(json.loads((ROOT / "solutions" / lab / f"{lab}.ipynb").read_text(encoding="utf-8")))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(16)


# Value: lab 02


def reuse(relu: Values, a: Any, b: Any) -> Any:
    """Use every intermediate more than once, written over as one goes."""
    c = 3 * a - b
    d = relu(c) * c + relu(-c)
    c = c + d * a
    d = d + (c - 1) * (1 - b) - d / 4
    return (c * c + d) / (1 + b * b) + 2 / (3 + d * d)


def mixed(relu: Values, a: Any, b: Any) -> Any:
    """Mix numbers and values on either side."""
    e = (a + b) ** 2 - b**3 / 2
    e = 1 + e + -a
    f = relu(2 - e) + relu(e * b) - 5 / (e**2 + 1)
    return sum([e, f, e * f, 0.5 * f**-1])


def smooth(relu: Values, a: Any, b: Any) -> Any:
    """Go through the functions, one within the other."""
    inner = (a * b).tanh() - a.sigmoid() if hasattr(a, "sigmoid") else torch.tanh(a * b) - torch.sigmoid(a)
    return inner.exp() * inner + b * inner.tanh()


def torch_relu(x: Any) -> Any:
    return torch.relu(x)


def slope(of: torch.Tensor) -> np.ndarray:
    """What torch has found for the gradient by a tensor."""
    assert of.grad is not None
    return of.grad.numpy()


@pytest.mark.parametrize("expression", [reuse, mixed, smooth])
@pytest.mark.parametrize("at", [(-4.0, 2.0), (0.5, -1.5), (3.0, 0.25), (-0.3, -0.7)])
def test_an_expression_has_torchs_value_and_slopes(expression: Callable[..., Any], at: tuple[float, float]) -> None:
    Value = reference("02_backprop")["Value"]
    ours = [Value(number) for number in at]
    theirs = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in at]
    out = expression(lambda v: v.relu(), *ours)
    expected = expression(torch_relu, *theirs)
    out.backward()
    expected.backward()
    assert out.data == pytest.approx(expected.item(), rel=1e-12)
    assert [v.grad for v in ours] == pytest.approx([slope(t).item() for t in theirs], rel=1e-9)


ONE: dict[str, Callable[[Any], Any]] = {
    "x + 5": lambda x: x + 5,
    "5 - x": lambda x: 5 - x,
    "x * 3": lambda x: x * 3,
    "x / -2": lambda x: x / -2,
    "7 / x": lambda x: 7 / x,
    "x ** 2": lambda x: x**2,
    "x ** -3": lambda x: x**-3,
    "x ** 0": lambda x: x**0,
    "-x": lambda x: -x,
    "relu": lambda x: x.relu(),
    "sigmoid": lambda x: x.sigmoid(),
    "tanh": lambda x: x.tanh(),
    "exp": lambda x: x.exp(),
    "relu of a sum": lambda x: (x + x * 2).relu(),
    "a function of itself": lambda x: (x * x).sigmoid() * x,
}
TWO: dict[str, Callable[[Any, Any], Any]] = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "both twice": lambda x, y: (x * y + x) * (y - x * y),
}
NUMBERS = (-2.75, -1.0, -0.125, 0.4, 1.0, 3.5)


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("at", NUMBERS)
def test_the_slope_of_one_operation_is_a_central_difference(name: str, at: float) -> None:
    Value = reference("02_backprop")["Value"]
    x = Value(at)
    ONE[name](x).backward()
    difference = (ONE[name](Value(at + 1e-5)).data - ONE[name](Value(at - 1e-5)).data) / 2e-5
    assert x.grad == pytest.approx(difference, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize("at", [(a, b) for a in NUMBERS[::2] for b in NUMBERS[1::2]])
def test_the_slopes_of_two_operands_are_central_differences(name: str, at: tuple[float, float]) -> None:
    Value = reference("02_backprop")["Value"]
    x, y = map(Value, at)
    TWO[name](x, y).backward()
    for value, (dx, dy) in ((x, (1e-5, 0)), (y, (0, 1e-5))):
        above, below = (TWO[name](Value(at[0] + s * dx), Value(at[1] + s * dy)).data for s in (1, -1))
        assert value.grad == pytest.approx((above - below) / 2e-5, rel=1e-6, abs=1e-9)


def test_a_power_of_0_at_0_is_1_and_flat() -> None:
    x = reference("02_backprop")["Value"](0.0)
    one = x**0
    one.backward()
    assert (one.data, x.grad) == (1.0, 0.0)


@pytest.mark.parametrize(("at", "right"), [(-1000.0, 0.0), (1000.0, 1.0)])
def test_the_sigmoid_is_calm_far_out(at: float, right: float) -> None:
    x = reference("02_backprop")["Value"](at)
    s = x.sigmoid()
    s.backward()
    assert (s.data, x.grad) == (right, 0.0)
    value, grads = reference("02_backprop")["neuron"](1.0, at, 0.0, 0.0, 0.0)
    assert value == right
    assert set(grads.values()) == {0.0}


@pytest.mark.parametrize("at", [5.0, 8.0, 10.0, 12.0, 15.0, 20.0, 40.0])
def test_the_right_gradient_of_a_saturated_unit_is_right(at: float) -> None:
    gradient_check = reference("02_backprop")["gradient_check"]
    error = gradient_check(lambda x: float(np.tanh(x[0])), lambda x: 1 / np.cosh(x) ** 2, np.array([at]))
    assert error < 1e-6


def test_a_graph_in_which_a_node_is_met_early_and_late_is_ordered() -> None:
    Value, topological_order = (reference("02_backprop")[name] for name in ("Value", "topological_order"))
    a, b = Value(1.0), Value(2.0)
    c = a * b
    d = (c + b) * (a + c) + c
    order = [id(node) for node in topological_order(d)]
    assert len(order) == len(set(order)) == 7
    assert order[-1] == id(d)
    for node in topological_order(d):
        assert all(order.index(id(parent)) < order.index(id(node)) for parent in node.parents)


@pytest.mark.parametrize(
    ("full", "shape"),
    [((3, 1, 4), (1, 4)), ((2, 5), (5,)), ((2, 5), (2, 1)), ((4, 3, 2), ()), ((3,), (3,)), ((5, 4, 3), (5, 1, 1))],
)
def test_what_was_broadcast_is_summed_as_by_torch(
    full: tuple[int, ...], shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    G = rng.normal(size=full)
    small = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    small.expand(full).backward(torch.tensor(G))
    np.testing.assert_allclose(reference("02_backprop")["unbroadcast"](G, shape), slope(small), rtol=1e-12)


@pytest.mark.parametrize(("n", "k", "m"), [(5, 4, 3), (1, 7, 1), (6, 1, 2)])
def test_the_gradients_of_a_product_are_torchs(n: int, k: int, m: int, rng: np.random.Generator) -> None:
    A, B, G = rng.normal(size=(n, k)), rng.normal(size=(k, m)), rng.normal(size=(n, m))
    a, b = (torch.tensor(part, requires_grad=True) for part in (A, B))
    (a @ b).backward(torch.tensor(G))
    for ours, theirs in zip(reference("02_backprop")["matmul_backward"](G, A, B), (slope(a), slope(b)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


# the softmax loss and its steps: labs 01 and 03


@pytest.mark.parametrize(("n", "k"), [(50, 10), (2000, 10), (1, 3)])
def test_knowing_nothing_costs_the_logarithm_of_the_classes(n: int, k: int, rng: np.random.Generator) -> None:
    answers, y = reference("01_softmax"), rng.integers(k, size=n)
    assert answers["cross_entropy"](answers["softmax"](np.zeros((n, k))), y) == pytest.approx(math.log(k))


@pytest.mark.parametrize("scale", [0.1, 1.0, 30.0])
def test_loss_and_gradient_are_torchs(scale: float, rng: np.random.Generator) -> None:
    W, b = scale * rng.normal(size=(5, 4)), rng.normal(size=4)
    X, y = rng.normal(size=(60, 5)), rng.integers(4, size=60)
    w, c = (torch.tensor(part, requires_grad=True) for part in (W, b))
    expected = torch.nn.functional.cross_entropy(torch.tensor(X) @ w + c, torch.tensor(y)) + 0.15 * (w**2).sum()
    expected.backward()
    loss, dW, db = reference("01_softmax")["softmax_gradient"](W, b, X, y, 0.3)
    assert loss == pytest.approx(expected.item(), rel=1e-10)
    np.testing.assert_allclose(dW, slope(w), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(db, slope(c), rtol=1e-8, atol=1e-12)


def test_a_confident_mistake_costs_what_its_scores_say() -> None:
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        loss, dW, db = reference("01_softmax")["softmax_gradient"](
            1000 * np.eye(3), np.zeros(3), np.eye(3), np.array([1, 2, 0]), 0.0
        )
    assert loss == pytest.approx(1000)
    np.testing.assert_allclose(dW, (np.eye(3) - np.roll(np.eye(3), 1, axis=1)) / 3, atol=1e-15)
    np.testing.assert_allclose(db, np.zeros(3), atol=1e-15)


@pytest.mark.parametrize("batch_size", [5, 7, 20])
def test_an_epoch_of_softmax_regression_is_torchs(batch_size: int, rng: np.random.Generator) -> None:
    answers = reference("01_softmax")
    X, y = rng.normal(size=(20, 3)), rng.integers(4, size=20)
    W, b = answers["train_softmax"](
        X, y, 4, epochs=2, batch_size=batch_size, lr=0.5, l2=0.0, rng=np.random.default_rng(1)
    )
    layer = torch.nn.Linear(3, 4).double()
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
    order = np.random.default_rng(1)
    for _ in range(2):
        for images, labels in answers["minibatches"](X, y, batch_size, order):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(layer(torch.tensor(images)), torch.tensor(labels)).backward()
            optimizer.step()
    np.testing.assert_allclose(W, layer.weight.detach().numpy().T, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(b, layer.bias.detach().numpy(), rtol=1e-9, atol=1e-12)


def test_two_layers_have_torchs_gradients(rng: np.random.Generator) -> None:
    answers = reference("03_mlp")
    params = [(rng.normal(size=(5, 8)), rng.normal(size=8)), (rng.normal(size=(8, 3)), rng.normal(size=3))]
    X, y = rng.normal(size=(50, 5)), rng.integers(3, size=50)
    (W1, b1), (W2, b2) = [[torch.tensor(part, requires_grad=True) for part in layer] for layer in params]
    logits = torch.relu(torch.tensor(X) @ W1 + b1) @ W2 + b2
    torch.nn.functional.cross_entropy(logits, torch.tensor(y)).backward()
    grads = answers["mlp_backward"](params, answers["mlp_forward"](params, X)[1], y)
    for ours, theirs in zip((part for layer in grads for part in layer), (W1, b1, W2, b2), strict=True):
        np.testing.assert_allclose(ours, slope(theirs), rtol=1e-9, atol=1e-12)


# images: lab 04


def test_bytes_do_not_wrap_in_a_correlation() -> None:
    image, filter_ = np.full((3, 3), 200, np.uint8), np.full((2, 2), 100, np.uint8)
    np.testing.assert_array_equal(reference("04_cnn")["correlate2d"](image, filter_), np.full((2, 2), 80_000.0))
