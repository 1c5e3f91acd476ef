# Built by `coursekit build` from labs/03_mlp/. Edit the files there, not this one.
"""Visible checks of lab 03: the multilayer perceptron, in NumPy and in PyTorch.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slides'" are those of the lecture decks that the course grew from.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_own_memory,
    expect_parts,
    expect_shape,
    forms,
)
from coursekit.checking.uncalled import uncalled

#: What grading imports ahead, once for all submissions: the first optimiser of a process imports it, in over a second.
PRELOAD = ("torch._dynamo",)

Rng = np.random.Generator
Function = Callable[..., Any]

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."
LN2, LN3 = np.log(2), np.log(3)
#: Values far from zero on both sides, 1000 among them.
FAR = np.array([-1000.0, -50.0, 0.0, 50.0, 1000.0])
SHAPES: tuple[tuple[int, ...], ...] = ((), (4,), (2, 3), (2, 1, 3))


def _expect_shapes_kept(student: Student, name: str, rng: Rng) -> None:
    """Expect that a function of numbers keeps every shape, leaves its input alone and shares no memory with it."""
    for shape in SHAPES:
        z = rng.normal(size=shape)
        got = student.call(name, z if shape else float(z))
        hint = "Work entry by entry: a number gives a number, an array an array of the same shape."
        expect_shape(got, shape, hint=hint)
        expect_inputs_unchanged(student)
        expect_own_memory(student)


# Two examples, sizes 2-3-2. The first layer gives [[5, -1, 4], [1, 2, -1]] before the relu.
X_HAND = np.array([[1.0, 2.0], [3.0, -1.0]])
PARAMS_HAND = [
    (np.array([[1.0, 0.0, -1.0], [2.0, -1.0, 1.0]]), np.array([0.0, 1.0, 3.0])),
    (np.array([[1.0, -1.0], [0.0, 2.0], [2.0, 1.0]]), np.array([1.0, -1.0])),
]
LOGITS_HAND = [[14.0, -2.0], [2.0, 2.0]]
NETWORK_MISTAKES = {
    "A relu after the last layer: logits may be negative.": [[14.0, 0.0], [2.0, 2.0]],
    "The relu between the layers is missing.": [[14.0, -4.0], [0.0, 1.0]],
    "Those are probabilities: no softmax here, the loss has it.": [[0.9999998874648, 1.12535e-07], [0.5, 0.5]],
}


def _random_params(rng: Rng, sizes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (rng.normal(scale=0.7, size=(n_in, n_out)), rng.normal(scale=0.5, size=n_out))
        for n_in, n_out in pairwise(sizes)
    ]


STEP_PARAMS = [(np.array([[10.0, 20.0]]), np.array([1.0, -1.0])), (np.array([[3.0], [-4.0]]), np.array([0.5]))]
STEP_GRADS = [(np.array([[1.0, -2.0]]), np.array([0.5, 4.0])), (np.array([[2.0], [0.0]]), np.array([-1.0]))]


def _parts(params: Any) -> list[tuple[str, Any]]:
    """Take a list of (W, b) apart, each part with its name."""
    names = []
    hint = "Return params as a list of (W, b), one pair a layer."
    layers = expect_parts(params, ("W1, b1", "W2, b2"), hint=hint, what="params")
    for i, layer in enumerate(layers, start=1):
        W, b = expect_parts(layer, ("W", "b"), hint=hint, what=f"Layer {i} of params")
        names += [(f"W of layer {i}", W), (f"b of layer {i}", b)]
    return names


def _expect_pure(student: Student, probe: Function) -> None:
    """Expect that steps change nothing that they are given: neither parameters, gradients nor state."""
    # No gradient of zero here: what becomes of those is another check's business.
    grads = [(np.where(dW == 0, 3.0, dW), db) for dW, db in STEP_GRADS]
    before, place, once, again = student.run(probe, params=STEP_PARAMS, grads=grads)
    expect(bool(np.any(_parts(once)[0][1] != _parts(place)[0][1])), "Nothing has moved.", hint=RIGHT_FIRST)
    expect_inputs_unchanged(student, hint="v *= … and v += … write into the array that is there: make a new one.")
    expect_own_memory(student)
    for (name, one), (_, two) in zip(_parts(before), _parts(place), strict=True):
        hint = "The step has moved the parameters it was given: return w - …, do not write w -= …."
        expect_close(two, one, hint=hint, what=f"After a further step, the earlier {name}", rtol=0, atol=0)
    for (name, one), (_, two) in zip(_parts(once), _parts(again), strict=True):
        hint = "The step has changed the state it was given: build a new state, and nothing outside the function."
        expect_close(two, one, hint=hint, what=f"From the same state a second time, {name}", rtol=0, atol=0)


def _one_weight(*slopes: float) -> tuple[Any, Any]:
    """Build a network of a single weight at 10 and bias at 0, with a gradient for each step, and -1 for the bias."""
    params = [(np.array([[10.0]]), np.array([0.0]))]
    return params, [[(np.array([[slope]]), np.array([-1.0]))] for slope in slopes]


def _steps_of(path: Any, lr: float) -> np.ndarray:
    """Give the length of each step of the single weight, in units of lr."""
    hint = "Return (params, state), params being a list of (W, b) like the one given."
    places = [10.0]
    for params in path:
        (layer,) = expect_parts(params, ("(W, b)",), hint=hint, what="params")
        W, b = expect_parts(layer, ("W", "b"), hint=hint, what="The layer")
        expect_shape(W, (1, 1), hint=hint, what="W")
        expect_shape(b, (1,), hint=hint, what="b")
        places.append(float(np.asarray(W)[0, 0]))
    return -np.diff(places) / lr


WHAT_STEPS = "The list of the steps' lengths, in units of lr,"

#: What each exercise is worth, in the order of the lab.
POINTS = {
    "sigmoid": 1,
    "d_sigmoid": 1,
    "tanh": 1,
    "d_tanh": 1,
    "relu": 1,
    "d_relu": 1,
    "init_layer": 2,
    "mlp_forward": 3,
    "mlp_backward": 4,
    "count_parameters": 1,
    "sgd_step": 1,
    "momentum_step": 2,
    "adam_step": 4,
    "nadam_step": 3,
    "train_mlp": 4,
    "make_mlp": 2,
    "train_epoch": 3,
    "evaluate": 2,
    "read_the_log": 2,
}
#: The input with which questions about one's own code are asked, by exercise.
ASKED = {
    "mlp_forward": """
params = [
    (np.arange(12.0).reshape(3, 4) - 6, np.array([1.0, 2.0, 3.0, 4.0])),
    (np.arange(1.0, 9.0).reshape(4, 2), np.array([5.0, 6.0])),
]
X = np.arange(15.0).reshape(5, 3) % 4
mlp_forward(params, X)[0]
""",
    "mlp_backward": """
W = np.array([[0.1, 0.4], [0.2, -0.1], [0.3, 0.1], [-0.2, 0.2]])
b = np.array([0.1, 0.2, 0.3, 0.4])
params = [(np.full((3, 4), 0.1), b), (W, np.array([0.5, -0.5]))]
X, y = np.arange(15.0).reshape(5, 3), np.array([0, 1, 1, 0, 1])
logits, cache = mlp_forward(params, X)
mlp_backward(params, cache, y)
""",
    "momentum_step": """
params = [(np.arange(20.0, 26).reshape(3, 2), np.array([10.0, 20.0]))]
grads = [(2 * np.arange(1.0, 7).reshape(3, 2), np.array([4.0, 2.0]))]
params, state = momentum_step(params, grads, None, 1.0, 0.5)
more = [(np.array([[3.0, 1.0], [2.0, 5.0], [4.0, 2.0]]), np.array([1.0, 3.0]))]
momentum_step(params, more, state, 1.0, 0.5)[0][0][0]
""",
    "adam_step": """
params = [(np.arange(6.0).reshape(3, 2), np.array([1.0, 2.0]))]
grads = [(np.full((3, 2), 0.5), np.array([2.0, 1.0]))]
params, state = adam_step(params, grads, None, 0.1)
more = [(np.full((3, 2), -1.0), np.array([1.0, -2.0]))]
adam_step(params, more, state, 0.1)[0]
""",
}


# labs/03_mlp/sigmoid.py


@checks("sigmoid")
def sigmoid_of_known_values(student: Student, rng: Rng) -> None:
    """0, 1, -1, ln 3 and -ln 3 become 0.5, 0.731059 (the slides'), 0.268941, 0.75 and 0.25."""
    expect_close(
        student.call("sigmoid", np.array([0.0, 1.0, -1.0, LN3, -LN3])),
        [0.5, 0.7310585786300049, 0.2689414213699951, 0.75, 0.25],
        hint="σ(z) = 1 / (1 + exp(-z)).",
        mistakes={
            "The sign in the exponent is missing: 1 / (1 + exp(-z)).": [
                0.5,
                0.2689414213699951,
                0.7310585786300049,
                0.25,
                0.75,
            ]
        },
        rtol=1e-5,
    )


@checks("sigmoid")
def sigmoid_is_calm_far_out(student: Student, rng: Rng) -> None:
    """At -1000 it is 0 and at 1000 it is 1, without a warning."""
    got = student.call("sigmoid", FAR)
    hint = "exp of a large number overflows. exp(-|z|) never does: use one form for z ≥ 0, the other for z < 0."
    wrong = "σ(-1000) is 0, σ(0) is 1/2, σ(1000) is 1: first get the check above right."
    expect_close(got, [0, 0, 0.5, 1, 1], hint=wrong if np.isfinite(np.sum(got)) else hint)
    expect_no_warning(student, hint=hint + " np.where computes both sides before it chooses.")


@checks("sigmoid")
def sigmoid_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "sigmoid", rng)


sigmoid_in_other_forms = forms("sigmoid", "integers", "fortran", "strided", "read-only", "again")


# labs/03_mlp/d_sigmoid.py


@checks("d_sigmoid")
def slope_of_sigmoid_at_known_values(student: Student, rng: Rng) -> None:
    """At 0, ln 3, -ln 3 and 1 the sigmoid's slope is 1/4, 3/16, 3/16 and 0.196612."""
    z = np.array([0.0, LN3, -LN3, 1.0])
    expect_close(
        student.call("d_sigmoid", z),
        [0.25, 0.1875, 0.1875, 0.19661193324148185],
        hint="σ'(z) = σ(z) (1 - σ(z)).",
        mistakes={
            "That is z (1 - z): the argument is z, what goes INTO the sigmoid. Compute s = σ(z) first.": z * (1 - z),
            "That is the sigmoid itself, not its slope.": [0.5, 0.75, 0.25, 0.7310585786300049],
            "1 - s² is the slope of tanh, not of the sigmoid.": 1 - np.array([0.5, 0.75, 0.25, 0.731058578630]) ** 2,
        },
        rtol=1e-5,
    )


@checks("d_sigmoid")
def slope_of_sigmoid_is_calm_far_out(student: Student, rng: Rng) -> None:
    """At ±1000 the slope is 0, without a warning."""
    got = student.call("d_sigmoid", FAR)
    hint = "Build it from a sigmoid that does not overflow."
    wrong = "The slope is 0 at ±1000 and 1/4 at 0: first get the check above right."
    expect_close(got, [0, 0, 0.25, 0, 0], hint=wrong if np.isfinite(np.sum(got)) else hint)
    expect_no_warning(student, hint=hint)


@checks("d_sigmoid")
def slope_of_sigmoid_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "d_sigmoid", rng)


d_sigmoid_in_other_forms = forms("d_sigmoid", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/tanh.py


@checks("tanh")
def tanh_of_known_values(student: Student, rng: Rng) -> None:
    """0, ln 2, -ln 2 and ln 3 become 0, 0.6, -0.6 and 0.8."""
    expect_close(
        student.call("tanh", np.array([0.0, LN2, -LN2, LN3])),
        [0.0, 0.6, -0.6, 0.8],
        hint="tanh z = 2 σ(2z) - 1, or np.tanh.",
        mistakes={
            "That is 2 σ(z) - 1: the argument of σ is 2z.": [0, 1 / 3, -1 / 3, 0.5],
            "That is the sigmoid: tanh z = 2 σ(2z) - 1.": [0.5, 2 / 3, 1 / 3, 0.75],
            "That is tan, the tangent of an angle. This is the hyperbolic one.": np.tan([0.0, LN2, -LN2, LN3]),
        },
        rtol=1e-5,
    )


@checks("tanh")
def tanh_is_calm_far_out(student: Student, rng: Rng) -> None:
    """At -1000 it is -1 and at 1000 it is 1, without a warning."""
    got = student.call("tanh", FAR)
    hint = "exp(1000) overflows, and inf / inf is nan: use np.tanh, or your sigmoid at 2z."
    expect_close(got, [-1, -1, 0, 1, 1], hint=hint, rtol=1e-6, atol=1e-7)
    expect_no_warning(student, hint=hint)


@checks("tanh")
def tanh_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "tanh", rng)


tanh_in_other_forms = forms("tanh", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/d_tanh.py


@checks("d_tanh")
def slope_of_tanh_at_known_values(student: Student, rng: Rng) -> None:
    """At 0, ln 2, -ln 2 and ln 3 the slope of tanh is 1, 0.64, 0.64 and 0.36."""
    z = np.array([0.0, LN2, -LN2, LN3])
    expect_close(
        student.call("d_tanh", z),
        [1.0, 0.64, 0.64, 0.36],
        hint="tanh'(z) = 1 - tanh²(z).",
        mistakes={
            "That is 1 - z²: the argument is z, what goes INTO tanh. Compute t = tanh(z) first.": 1 - z**2,
            "The square is missing: 1 - tanh²(z).": [1.0, 0.4, 1.6, 0.2],
            "s (1 - s) is the slope of the sigmoid.": [0.0, 0.24, -0.96, 0.16],
        },
        rtol=1e-5,
    )


@checks("d_tanh")
def slope_of_tanh_is_calm_far_out(student: Student, rng: Rng) -> None:
    """At ±1000 the slope is 0, without a warning."""
    got = student.call("d_tanh", FAR)
    hint = "exp(1000) and cosh(1000) overflow: use 1 - tanh²(z)."
    wrong = "The slope is 0 at ±1000 and 1 at 0: first get the check above right."
    expect_close(got, [0, 0, 1, 0, 0], hint=wrong if np.isfinite(np.sum(got)) else hint, atol=1e-7)
    expect_no_warning(student, hint=hint)


@checks("d_tanh")
def slope_of_tanh_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "d_tanh", rng)


d_tanh_in_other_forms = forms("d_tanh", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/relu.py


@checks("relu")
def negative_numbers_become_zero(student: Student, rng: Rng) -> None:
    """-2, 3, 0 and -0.5 become 0, 3, 0 and 0."""
    expect_close(
        student.call("relu", np.array([-2.0, 3.0, 0.0, -0.5])),
        [0.0, 3.0, 0.0, 0.0],
        hint="In every place, take the larger of z and 0.",
        mistakes={
            "That is the absolute value.": [2.0, 3.0, 0.0, 0.5],
            "That is min(z, 0).": [-2.0, 0.0, 0.0, -0.5],
            "A positive number stays as it is; that 3 becomes 1 is right for the slope of relu.": [0.0, 1.0, 0.0, 0.0],
            "That is a leaky relu: here what is negative becomes 0.": [-0.02, 3.0, 0.0, -0.005],
        },
    )


@checks("relu")
def relu_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, z is left alone, and the result is no part of it."""
    _expect_shapes_kept(student, "relu", rng)
    hint = "Where nothing is negative, nothing changes; return a new array all the same, z.copy() for one."
    expect_close(student.call("relu", np.array([0.0, 1.0, 2.5])), [0, 1, 2.5], hint="Positive numbers stay.")
    expect_own_memory(student, hint=hint)


relu_in_other_forms = forms("relu", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/d_relu.py


@checks("d_relu")
def slope_of_relu_is_one_or_zero(student: Student, rng: Rng) -> None:
    """At -2, 3, 0.5 and -0.5 the slope is 0, 1, 1 and 0."""
    expect_close(
        student.call("d_relu", np.array([-2.0, 3.0, 0.5, -0.5])),
        [0, 1, 1, 0],
        hint="The slope of max(z, 0) is 1 where z is positive and 0 where it is negative.",
        mistakes={
            "That is relu itself, not its slope.": [0.0, 3.0, 0.5, 0.0],
            "That is the sign of z: where z is negative, relu is flat.": [-1, 1, 1, -1],
        },
    )


@checks("d_relu")
def slope_of_relu_at_zero_is_zero(student: Student, rng: Rng) -> None:
    """At exactly 0 the slope is 0, as the course has chosen, and nothing is divided by it."""
    expect_close(
        student.call("d_relu", np.array([0.0, -1000.0, 1000.0, 0.0])),
        [0, 0, 1, 0],
        hint="1 where z > 0, and 0 everywhere else, at z = 0 too: compare z with 0.",
        mistakes={
            "Ask whether z > 0, not z >= 0.": [1, 0, 1, 1],
            "Half and half is a choice too, but the course's is 0 at z = 0.": [0.5, 0, 1, 0.5],
        },
    )
    expect_no_warning(student, hint="Compare z with 0; there is nothing to divide.")


@checks("d_relu")
def slope_of_relu_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "d_relu", rng)


d_relu_in_other_forms = forms("d_relu", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/init_layer.py


def _layers(init_layer: Function, n_in: int, n_out: int, kind: str, seed: int, count: int = 1) -> Any:
    rng = np.random.default_rng(seed)
    return [init_layer(n_in, n_out, kind, rng) for _ in range(count)]


def _layer(student: Student, n_in: int, n_out: int, kind: str, seed: int) -> tuple[Any, ...]:
    got = student.run(_layers, n_in=n_in, n_out=n_out, kind=kind, seed=seed)[0]
    W, b = expect_parts(got, ("W", "b"), hint="Return the two together: return W, b.")
    expect_shape(W, (n_in, n_out), hint="W has a row for each input and a column for each output.", what="W")
    return W, b


SPREAD_MISTAKES = {
    "All weights are alike: then all units of a layer learn the same for ever. Draw them.": 0.0,
    "The spread does not depend on the layer's size: scale by the deviation given above.": 1.0,
    "That is the variance: rng.normal and a factor both take the standard deviation, its root.": 0.01,
}


def _expect_spread(W: Any, *, hint: str, mistakes: dict[str, float]) -> None:
    """Expect a standard deviation of 0.1, as nearly as so many random numbers have it."""
    spread = float(np.std(W))
    known = [words for words, value in mistakes.items() if np.isclose(spread, value, rtol=0.045, atol=0)]
    hint = known[0] if known else hint
    if not known and abs(float(np.mean(W))) > 0.3 * spread:
        hint = "The mean of the weights is far from 0: draw them from a normal distribution around 0, of both signs."
    expect_close(spread, 0.1, hint=hint, what="The standard deviation of W", rtol=0.045)


@checks("init_layer")
def layer_has_weights_and_zero_biases(student: Student, rng: Rng) -> None:
    """A layer from 7 to 4 units has weights (7, 4) and 4 biases, all zero."""
    for kind in ("he", "xavier"):
        W, b = _layer(student, 7, 4, kind, int(rng.integers(1000)))
        alike = np.array_equal(np.asarray(W)[:, 0], np.asarray(W)[:, 1])
        hint = "Units that begin alike stay alike: draw every weight of W on its own, size=(n_in, n_out)."
        expect(not alike, "All weights of one unit are those of another.", hint=hint)
        expect_close(b, np.zeros(4), hint="One bias for each output, all 0.", what="b")


@checks("init_layer")
def he_spreads_by_the_inputs(student: Student, rng: Rng) -> None:
    """From 200 to 50 units, He's weights have the standard deviation 0.1."""
    W, _ = _layer(student, 200, 50, "he", int(rng.integers(1000)))
    _expect_spread(
        W,
        hint="He: a standard deviation of √(2 / n_in).",
        mistakes={
            **SPREAD_MISTAKES,
            "That is √(2 / n_out): He counts what goes IN.": 0.2,
            "The 2 is missing: √(2 / n_in).": np.sqrt(1 / 200),
            "That is Xavier's: He's does not count the outputs.": np.sqrt(2 / 250),
        },
    )


@checks("init_layer")
def xavier_spreads_by_both_ends(student: Student, rng: Rng) -> None:
    """From 150 to 50 units, Xavier's weights have the standard deviation 0.1."""
    W, _ = _layer(student, 150, 50, "xavier", int(rng.integers(1000)))
    _expect_spread(
        W,
        hint="Xavier: a standard deviation of √(2 / (n_in + n_out)).",
        mistakes={
            **SPREAD_MISTAKES,
            "That is He's: Xavier counts inputs and outputs.": np.sqrt(2 / 150),
            "That is √(1 / n_in): Xavier counts inputs and outputs.": np.sqrt(1 / 150),
            "The 2 is missing: √(2 / (n_in + n_out)).": np.sqrt(1 / 200),
            "√6 / √(n_in + n_out) bounds a uniform distribution; here it is a normal one.": np.sqrt(6 / 200),
        },
    )


@checks("init_layer")
def weights_are_normal_around_zero(student: Student, rng: Rng) -> None:
    """The weights have the mean 0, and 68 of 100 lie within one standard deviation of it."""
    W, _ = _layer(student, 200, 50, "he", int(rng.integers(1000)))
    spread = float(np.std(W))
    expect(spread > 0, "All weights are alike.", hint="Draw them from rng.")
    expect_close(
        np.mean(W) / spread,
        0.0,
        hint="rng.normal(0, deviation, size=...) has the mean 0; rng.random and rng.uniform(0, ...) do not.",
        what="The mean of W, in standard deviations,",
        atol=0.05,
    )
    expect_close(
        np.mean(np.abs(W) < spread),
        0.683,
        hint="Draw from a normal distribution, rng.normal.",
        what="The share of weights within one standard deviation",
        mistakes={"Those weights are spread evenly: use rng.normal, not rng.uniform.": 0.577},
        atol=0.025,
        rtol=0,
    )


@checks("init_layer")
def rng_decides_the_weights(student: Student, rng: Rng) -> None:
    """The same rng gives the same weights; the next layer drawn from it gets others."""
    seed = int(rng.integers(1000))
    first, second = (np.asarray(W) for W, _ in student.run(_layers, n_in=6, n_out=5, kind="he", seed=seed, count=2))
    again = np.asarray(_layer(student, 6, 5, "he", seed)[0])
    expect(bool((first == again).all()), "The same rng gave other weights.", hint="Draw from rng, not from np.random.")
    expect(bool((first != second).any()), "Two layers are alike.", hint="Draw from the rng that is given, anew.")


# labs/03_mlp/mlp_forward.py


def _logits(mlp_forward: Function, params: Any, X: Any) -> Any:
    logits, _ = mlp_forward(params, X)
    return logits


@checks("mlp_forward")
def logits_of_two_examples(student: Student, rng: Rng) -> None:
    """Two examples get the logits worked out by hand through a 2-3-2 network."""
    expect_close(
        student.run(_logits, params=PARAMS_HAND, X=X_HAND),
        LOGITS_HAND,
        hint="relu(X @ W1 + b1), then @ W2 + b2. Return logits, cache.",
        what="logits",
        mistakes={**NETWORK_MISTAKES, "The biases are missing: add b in every layer.": [[7.0, -4.0], [1.0, 1.0]]},
        atol=1e-6,
    )


@checks("mlp_forward")
def networks_of_any_depth_have_logits(student: Student, rng: Rng) -> None:
    """Five examples through 4-6-3-5-2 give (5, 2) logits."""
    got = student.run(_logits, params=_random_params(rng, [4, 6, 3, 5, 2]), X=rng.normal(size=(5, 4)))
    expect_shape(got, (5, 2), hint="Go through all of params; one row per example.", what="logits")


@checks("mlp_forward")
def a_single_layer_does_not_bend(student: Student, rng: Rng) -> None:
    """A network of one layer with identity weights hands its inputs through, negative ones too."""
    X = rng.normal(size=(4, 3)) - 1
    hint = "The last layer has no relu, even if it is the only one."
    expect_close(student.run(_logits, params=[(np.eye(3), np.zeros(3))], X=X), X, hint=hint, what="logits", rtol=1e-5)


def _cache_after_a_second_call(mlp_forward: Function, params: Any, X: Any) -> bool:
    """Say whether a cache that is a list of arrays is after a second call what it was before."""
    _, cache = mlp_forward(params, X)
    if not isinstance(cache, list | tuple) or not all(isinstance(part, np.ndarray) for part in cache):
        return True
    before = [np.array(part) for part in cache]
    mlp_forward(params, X + 1)
    return len(cache) == len(before) and all(np.array_equal(*pair) for pair in zip(cache, before, strict=True))


@checks("mlp_forward")
def forward_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """params and X are what they were before the call, and the logits are an array of their own."""
    got = student.run(_logits, params=PARAMS_HAND, X=X_HAND)
    expect_shape(got, (2, 2), hint=RIGHT_FIRST, what="logits")
    expect(bool(np.any(got)), "All logits are zero.", hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)
    hint = (
        "Start each call with a new list for the cache: one that stands outside the function grows from call to call."
    )
    lost = "The cache of an earlier call changes when mlp_forward is called again."
    expect(bool(student.run(_cache_after_a_second_call, params=PARAMS_HAND, X=X_HAND)), lost, hint=hint)


mlp_forward_in_other_forms = forms("mlp_forward", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/mlp_backward.py


def _gradients(mlp_backward: Function, mlp_forward: Function, params: Any, X: Any, y: Any, times: int = 1) -> Any:
    try:
        # An answer that is not written says so, even if mlp_forward is not written either.
        mlp_backward(params, None, y)
    except NotImplementedError:
        raise
    except Exception:  # noqa: S110 - no answer has to put up with such a cache
        pass
    _, cache = mlp_forward(params, X)
    return [mlp_backward(params, cache, y) for _ in range(times)]


def _slopes(mlp_backward: Function, mlp_forward: Function, params: Any, X: Any, y: Any) -> Any:
    """Return the gradient, and the slopes of the loss found by moving each parameter of each layer a little."""

    def loss() -> Any:
        logits = np.asarray(mlp_forward(params, X)[0], dtype=float)
        P = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return -np.log(P[np.arange(len(y)), y]).mean()

    try:
        mlp_backward(params, None, y)
    except NotImplementedError:
        raise
    except Exception:  # noqa: S110
        pass
    found = mlp_backward(params, mlp_forward(params, X)[1], y)
    slopes: list[list[Any]] = []
    for layer in params:
        slopes.append([])
        for part in layer:
            slope = np.zeros(part.shape)
            for i in np.ndindex(*part.shape):
                old = part[i]
                part[i] = old + 1e-3
                above = loss()
                part[i] = old - 1e-3
                slope[i] = (above - loss()) / 2e-3
                part[i] = old
            slopes[-1].append(slope)
    return found, slopes


def _each_gradient(got: Any, n_layers: int) -> list[tuple[str, Any]]:
    """Take a list of (dW, db) apart, each part with its name."""
    named = []
    names = [f"layer {i + 1}" for i in range(n_layers)]
    for name, layer in zip(
        names, expect_parts(got, names, hint="Return one (dW, db) per layer, in a list."), strict=True
    ):
        dW, db = expect_parts(layer, ("dW", "db"), hint="Each layer has a pair (dW, db).", what=f"The pair of {name}")
        named += [(f"dW of {name}", dW), (f"db of {name}", db)]
    return named


@checks("mlp_backward")
def one_layer_by_hand(student: Student, rng: Rng) -> None:
    """One layer of zero weights has the gradient worked out by hand, as in lab 01."""
    X, y = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0], [2.0, 2.0]]), np.array([0, 2, 1, 2])
    got = student.run(_gradients, params=[(np.zeros((2, 3)), np.zeros(3))], X=X, y=y)[0]
    (_, dW), (_, db) = _each_gradient(got, 1)
    by_hand = np.array([[3.0, 6.0, -9.0], [1.0, -5.0, 4.0]])
    expect_close(
        dW,
        by_hand / 12,
        hint="D = (P - Y) / n at the logits, and dW = Aᵀ D, A being what went into the layer.",
        what="dW",
        mistakes={
            "The factor 1/n is missing: the loss is a mean over the batch.": by_hand / 3,
            "The factor 1/n is in there twice.": by_hand / 48,
            "Those gradients go downhill: D is P - Y, not Y - P.": -by_hand / 12,
            "Y is missing: D is P - Y at the logits.": np.array([[6.0] * 3, [7.0] * 3]) / 12,
            "Y takes 1 from each row in one place: D[np.arange(len(y)), y] -= 1, not D[:, y] -= 1.": np.array(
                [[-12.0] * 3, [-14.0] * 3]
            )
            / 12,
            "The softmax is taken over the whole batch: each row of P adds up to 1 (axis=1, keepdims=True).": np.array(
                [[-1.5, 1.5, -13.5], [-4.25, -10.25, -1.25]]
            )
            / 12,
            "The softmax is taken over the examples: each row of P adds up to 1 (axis=1, keepdims=True).": np.array(
                [[1.5, 4.5, -10.5], [-0.75, -6.75, 2.25]]
            )
            / 12,
        },
        rtol=1e-5,
        atol=1e-6,
    )
    hint = "db is the sum of the rows of D, which has its 1/n already."
    expect_close(db, np.array([1, 1, -2]) / 12, hint=hint, what="db", rtol=1e-5, atol=1e-6)


@checks("mlp_backward")
def gradients_have_the_shapes_of_params(student: Student, rng: Rng) -> None:
    """Every dW is shaped like its W and every db like its b, in a network 5-4-3-2."""
    params = _random_params(rng, [5, 4, 3, 2])
    got = student.run(_gradients, params=params, X=rng.normal(size=(6, 5)), y=rng.integers(2, size=6))[0]
    shapes = [part.shape for layer in params for part in layer]
    for (name, part), shape in zip(_each_gradient(got, 3), shapes, strict=True):
        hint = (
            "A gradient has the shape of what it belongs to: dW = Aᵀ D, db = D.sum(axis=0), D_before = D Wᵀ. "
            "The first layer comes first in the list."
        )
        expect_shape(part, shape, hint=hint, what=name)


# One input, two hidden units of which the second never gets a positive number.
DEAD_PARAMS = [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[1.0, -1.0], [1.0, -1.0]]), np.zeros(2))]


@checks("mlp_backward")
def mask_is_that_of_the_signal(student: Student, rng: Rng) -> None:
    """A unit that was switched off gets no gradient; one that was on gets all of it, positive or negative."""
    got = student.run(_gradients, params=DEAD_PARAMS, X=np.array([[1.0], [2.0]]), y=np.array([1, 0]))[0]
    # The live unit gets 0.880797 from the first example and -0.017986 from the second, which it multiplies by 2.
    (_, dW1), (_, db1) = _each_gradient(got, 2)[:2]
    upstream = "The mask is taken from the gradient: ask whether the unit's signal was positive on the way forward."
    nowhere = "The mask is missing: multiply by the slope of relu where the signal went in."
    expect_close(
        dW1,
        [[0.8448246580536992, 0.0]],
        hint="D_before = (D Wᵀ) times the slope of relu at what went into it.",
        what="dW of layer 1",
        mistakes={upstream: [[0.8807970779778823] * 2], nowhere: [[0.8448246580536992] * 2]},
        rtol=1e-5,
        atol=1e-6,
    )
    hint = "db is the sum of the rows of D, after the same mask."
    expect_close(db1, [0.8628108680157908, 0.0], hint=hint, what="db of layer 1", rtol=1e-5, atol=1e-6)


@checks("mlp_backward")
def gradient_is_the_slope_of_the_loss(student: Student, rng: Rng) -> None:
    """All gradients of a 3-4-2 network agree with central differences of its loss."""
    # Drawn once for all: no unit comes near its kink, where a difference tells nothing of the slope.
    fixed = np.random.default_rng(32)
    params = _random_params(fixed, [3, 4, 2])
    X, y = fixed.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    found, slopes = student.run(_slopes, params=params, X=X, y=y)
    right = [slope for layer in slopes for slope in layer]
    finite = all(np.isfinite(slope).all() for slope in right)
    expect(finite, "The loss of mlp_forward's logits is not finite.", hint="First get mlp_forward right.")
    for (name, part), slope in zip(_each_gradient(found, 2), right, strict=True):
        hint = (
            "Go from the last layer to the first: its dW and db, then what it hands on, (D Wᵀ) times its input's mask."
        )
        expect_close(part, slope, hint=hint, what=name, rtol=2e-3, atol=2e-3)


@checks("mlp_backward")
def huge_logits_stay_finite(student: Student, rng: Rng) -> None:
    """Logits of 1000 and of -1000 side by side give the gradients worked out by hand, no nan and no warning."""
    # Two examples that are certain, and one whose logits are -999 and -1000, which is sure to 1 / (1 + 1/e).
    X, y = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]), np.array([0, 1, 0])
    got = student.run(_gradients, params=[(1000 * np.eye(2), np.array([1.0, 0.0]))], X=X, y=y)[0]
    overflow = "exp(1000) overflows: subtract each row's own maximum before exp, as in lab 01."
    (_, dW), (_, db) = _each_gradient(got, 1)
    finite = bool(np.isfinite(np.sum(dW)) and np.isfinite(np.sum(db)))
    hint = (
        "D is (P - Y) / n: two rows of P are certain and right; the third, of the logits -999 and -1000, is 0.731059 "
        "and 0.268941. Shift each row by its own maximum, and cut nothing off: the softmax is that of 0 and -1."
    )
    unsure = 0.2689414213699951
    expect_close(
        dW,
        unsure / 3 * np.array([[1, -1], [1, -1]]),
        hint=hint if finite else overflow,
        what="dW",
        rtol=1e-5,
        atol=1e-6,
    )
    sums = "db is the sum of the rows of D." if finite else overflow
    expect_close(db, unsure / 3 * np.array([-1, 1]), hint=sums, what="db", rtol=1e-5, atol=1e-6)
    expect_no_warning(student, hint=overflow)


@checks("mlp_backward")
def backward_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """params, X and y are what they were, and the same cache gives the same gradient a second time."""
    params, X, y = _random_params(rng, [3, 4, 2]), rng.normal(size=(5, 3)), rng.integers(2, size=5)
    first, second = student.run(_gradients, params=params, X=X, y=y, times=2)
    pairs = zip(_each_gradient(first, 2), _each_gradient(second, 2), strict=True)
    expect(bool(np.any(first[1][0])), "All of dW is zero.", hint=RIGHT_FIRST)
    for (name, one), (_, two) in pairs:
        hint = "Operators such as -= write into the cache: make a new array, or copy first."
        expect_close(two, one, hint=hint, what=f"{name}, the second time,", rtol=1e-12)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


mlp_backward_in_other_forms = forms("mlp_backward", "fortran", "strided", "again")


# labs/03_mlp/count_parameters.py


@checks("count_parameters")
def parameters_of_a_small_network(student: Student, rng: Rng) -> None:
    """3-2-2 has 14 parameters: 6 + 2 in the first layer, 4 + 2 in the second."""
    expect_close(
        student.call("count_parameters", [3, 2, 2]),
        14,
        hint="A layer from a to b units has a · b weights and b biases.",
        what="The count",
        mistakes={
            "Those are the weights only: each unit of a layer has a bias as well.": 10,
            "The input has no biases: only the units of later layers have.": 17,
            "Two biases are missing: each unit of each layer has one, except the inputs.": 12,
            "Those are the units, not the connections between them.": 7,
        },
    )


@checks("count_parameters")
def parameters_of_the_slide(student: Student, rng: Rng) -> None:
    """The slides' network, 784-16-16-10, has 13,002 parameters."""
    expect_close(
        student.call("count_parameters", [784, 16, 16, 10]),
        13_002,
        hint="Add up (a + 1) · b over neighbouring sizes.",
        what="The count",
        mistakes={"Those are the weights only: each unit of a layer has a bias as well.": 12_960},
    )
    expect_inputs_unchanged(student)


@checks("count_parameters")
def parameters_of_a_wide_network(student: Student, rng: Rng) -> None:
    """784-128-10 has 101,770 parameters: more than 16 bits can count."""
    expect_close(
        student.call("count_parameters", [784, 128, 10]),
        101_770,
        hint="Add up (a + 1) · b over neighbouring sizes, with Python's own whole numbers: int16 ends at 32,767.",
        what="The count",
        mistakes={"Those are the weights only: each unit of a layer has a bias as well.": 101_632},
    )


# labs/03_mlp/sgd_step.py


@checks("sgd_step")
def a_step_goes_against_the_gradient(student: Student, rng: Rng) -> None:
    """With lr = 0.1, weights of 10 and 20 with gradients of 1 and -2 become 9.9 and 20.2, and so on."""
    got = student.call("sgd_step", STEP_PARAMS, STEP_GRADS, 0.1)
    (_, W1), (_, b1), (_, W2), (_, b2) = _parts(got)
    uphill = "Those weights went uphill: subtract."
    hint = "w - lr * g, for every W and every b."
    mistakes = {uphill: [[10.1, 19.8]], "lr is missing: w - lr * g.": [[9.0, 22.0]]}
    expect_close(W1, [[9.9, 20.2]], hint=hint, what="W of layer 1", mistakes=mistakes)
    expect_close(b1, [0.95, -1.4], hint=hint, what="b of layer 1", mistakes={"b has to move too.": [1.0, -1.0]})
    expect_close(W2, [[2.8], [-4.0]], hint=hint, what="W of layer 2")
    expect_close(b2, [0.6], hint=hint, what="b of layer 2")


@checks("sgd_step")
def sgd_step_is_pure(student: Student, rng: Rng) -> None:
    """params and grads are what they were, and the new params have memory of their own."""
    got = student.call("sgd_step", STEP_PARAMS, STEP_GRADS, 0.1)
    expect(bool(np.any(_parts(got)[0][1] != STEP_PARAMS[0][0])), "Nothing has moved.", hint=RIGHT_FIRST)
    expect_inputs_unchanged(student, hint="W -= … writes into the caller's array: return W - … instead.")
    expect_own_memory(student)


sgd_step_in_other_forms = forms("sgd_step", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/momentum_step.py


def _momentum(momentum_step: Function, params: Any, grads: Any, lr: float, options: Any) -> Any:
    state, path = None, []
    for step in grads:
        params, state = momentum_step(params, step, state, lr, **options)
        path.append(params)
    return path


def _momentum_twice(momentum_step: Function, params: Any, grads: Any) -> Any:
    place, state = momentum_step(params, grads, None, 0.1)
    before = [[np.array(part) for part in layer] for layer in place]
    once, again = (momentum_step(place, grads, state, 0.1)[0] for _ in range(2))
    return before, place, once, again


@checks("momentum_step")
def velocity_builds_up(student: Student, rng: Rng) -> None:
    """With γ = 0.6 and a gradient of 1, three steps have the lengths η, 1.6 η and 1.96 η."""
    params, grads = _one_weight(1.0, 1.0, 1.0)
    path = student.run(_momentum, params=params, grads=grads, lr=0.1, options={"gamma": 0.6})
    expect_close(
        _steps_of(path, 0.1),
        [1.0, 1.6, 1.96],
        hint="v ← γ v + g with v = 0 at first; then w ← w − η v.",
        what=WHAT_STEPS,
        mistakes={
            "The velocity is forgotten: return it in the state, and use the state that comes in.": [1.0, 1.0, 1.0],
            "That is another convention, γ v + (1 − γ) g: here g comes in whole.": [0.4, 0.64, 0.784],
            "That is Nesterov's step, g + γ v: here w moves by η v.": [1.6, 1.96, 2.176],
            "γ belongs to the old velocity only: v ← γ v + g.": [0.6, 0.96, 1.176],
            "Those weights went uphill: w ← w − η v.": [-1.0, -1.6, -1.96],
            "Those steps go along the velocity of the step before: first the new v, then w.": [0.0, 1.0, 1.6],
            "η is in there twice: it stands in w ← w − η v, and not in v.": [0.1, 0.16, 0.196],
            "η is missing: w ← w − η v.": [10.0, 16.0, 19.6],
            "γ belongs to the old velocity, not to g: v ← γ v + g.": [0.6, 1.2, 1.8],
            "Those are the steps with γ = 0.9: use the argument gamma.": [1.0, 1.9, 2.71],
        },
        rtol=1e-4,
    )


@checks("momentum_step")
def velocity_outlives_its_gradient(student: Student, rng: Rng) -> None:
    """With γ = 0.9 by default, a weight rolls on by 0.9 η and 0.81 η after its gradient has gone."""
    params, grads = _one_weight(1.0, 0.0, 0.0)
    path = student.run(_momentum, params=params, grads=grads, lr=0.1, options={})
    hint = "The state holds the velocity: v ← γ v + g, also where g is 0. γ is 0.9 unless given."
    expect_close(_steps_of(path, 0.1), [1.0, 0.9, 0.81], hint=hint, what=WHAT_STEPS, rtol=1e-4)


@checks("momentum_step")
def momentum_step_is_pure(student: Student, rng: Rng) -> None:
    """Parameters, gradients and state are what they were after a step."""
    _expect_pure(student, _momentum_twice)


momentum_step_in_other_forms = forms("momentum_step", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/adam_step.py


def _adam(adam_step: Function, params: Any, grads: Any, lr: float, options: Any) -> Any:
    state, path = None, []
    for step in grads:
        params, state = adam_step(params, step, state, lr, **options)
        path.append(params)
    return path


def _adam_twice(adam_step: Function, params: Any, grads: Any) -> Any:
    place, state = adam_step(params, grads, None, 0.1)
    before = [[np.array(part) for part in layer] for layer in place]
    once, again = (adam_step(place, grads, state, 0.1)[0] for _ in range(2))
    return before, place, once, again


# What torch.optim makes of a single weight, as lengths of steps in units of lr. The first is the slides' Adam, which
# has no bias correction, with β₂ = 0.999.
UNCORRECTED = [3.1622774101683975, 4.249591450385753, 4.950235121381427]
ADAM_STEPS = [1.0, -0.36610352, 0.34324108]
ADAM_MISTAKES = {
    "β₁ and β₂ have changed places: β₁ = 0.9 belongs to the mean of g, β₂ = 0.999 to that of g².": [
        1.0,
        -0.31181718,
        0.29999469,
    ],
    "The bias correction is missing: divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ.": [3.16227666, -1.55579029, 1.69912398],
    "The first step has t = 1: here it has t = 2.": [0.74413681, -0.31428617, 0.31224621],
    "The correction stands still at t = 1: it is 1 − βᵗ with t = 1, 2, 3, and t travels in the state.": [
        1.0,
        -0.49198415,
        0.53731023,
    ],
}


@checks("adam_step")
def constant_gradients_make_equal_steps(student: Student, rng: Rng) -> None:
    """With a constant gradient of 4, three steps have the lengths η, η and η."""
    params, grads = _one_weight(4.0, 4.0, 4.0)
    steps = _steps_of(student.run(_adam, params=params, grads=grads, lr=0.1, options={}), 0.1)
    hint = "Divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ, with t = 1 in the first step; then w − η m̂ / (√v̂ + ε)."
    if not np.isfinite(steps[0]):
        hint = "The first step divides by 0. Is t 0 in it? Then 1 − βᵗ is 0. Count the step before you use t: 1, 2, 3."
    expect_close(
        steps,
        [1.0, 1.0, 1.0],
        hint=hint,
        what=WHAT_STEPS,
        mistakes={
            "The bias correction is missing: divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ.": UNCORRECTED,
            "v is the running mean of the gradient's SQUARE: g**2.": [2.0, 2.0, 2.0],
            "The root is missing: m̂ / (√v̂ + ε).": [0.25, 0.25, 0.25],
            "m is not corrected: divide it by 1 − β₁ᵗ.": [0.1, 0.19, 0.271],
            "The correction stands still at t = 1: it is 1 − βᵗ with t = 1, 2, 3, and t travels in the state.": [
                1.0,
                1.34383888,
                1.56540186,
            ],
            "Those weights went uphill: w − η ….": [-1.0, -1.0, -1.0],
            "v is not corrected: divide it by 1 − β₂ᵗ.": [31.622774, 22.366271, 18.26655],
            "The first step has t = 1: here it has t = 2.": [0.744137, 0.858463, 0.909699],
            "v is the running mean of g**2, the gradient's square, not that of m.": [10.0, 6.585717, 5.00826],
            "Corrected means came back: m̂ and v̂ are for this step alone, m and v go into the state.": [
                1.0,
                0.235317,
                0.043708,
            ],
        },
        rtol=1e-4,
    )


@checks("adam_step")
def adam_follows_changing_gradients(student: Student, rng: Rng) -> None:
    """Gradients of 1, -2 and 3 make the steps that were worked out with a calculator."""
    params, grads = _one_weight(1.0, -2.0, 3.0)
    path = student.run(_adam, params=params, grads=grads, lr=0.1, options={})
    expect_close(
        _steps_of(path, 0.1),
        ADAM_STEPS,
        hint="β₁ = 0.9 belongs to the mean of g, β₂ = 0.999 to that of g². Both start at 0; t = 1 in the first step.",
        what=WHAT_STEPS,
        mistakes=ADAM_MISTAKES,
        rtol=1e-4,
    )


@checks("adam_step")
def zero_gradients_move_nothing(student: Student, rng: Rng) -> None:
    """A weight whose gradient is always 0 stays where it is: no nan, no warning."""
    params, grads = _one_weight(0.0, 0.0, 0.0)
    path = student.run(_adam, params=params, grads=grads, lr=0.1, options={})
    hint = "0 / 0 is nan: add ε to the root, √v̂ + ε. On MNIST thousands of weights have such gradients."
    expect_close(_steps_of(path, 0.1), [0.0, 0.0, 0.0], hint=hint, what=WHAT_STEPS)
    expect_no_warning(student, hint=hint)


@checks("adam_step")
def adam_step_is_pure(student: Student, rng: Rng) -> None:
    """Parameters, gradients and state are what they were after a step."""
    _expect_pure(student, _adam_twice)


adam_step_in_other_forms = forms("adam_step", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/nadam_step.py


def _nadam(nadam_step: Function, params: Any, grads: Any, lr: float, options: Any) -> Any:
    state, path = None, []
    for step in grads:
        params, state = nadam_step(params, step, state, lr, **options)
        path.append(params)
    return path


def _nadam_twice(nadam_step: Function, params: Any, grads: Any) -> Any:
    place, state = nadam_step(params, grads, None, 0.1)
    before = [[np.array(part) for part in layer] for layer in place]
    once, again = (nadam_step(place, grads, state, 0.1)[0] for _ in range(2))
    return before, place, once, again


NADAM_CONSTANT = [1.05645179, 0.78368436, 0.73221713, 0.73105176, 0.74600133]
NADAM_CHANGING = [1.05645178, -0.90655749, 0.8835667, 0.04436748, 0.39228486]
NADAM_CONSTANT_MISTAKES = {
    "Those are Adam's steps: Nadam looks ahead.": [1.0] * 5,
    "Those weights went uphill: w − η ….": [-step for step in NADAM_CONSTANT],
    "The product under m ends too early: it goes up to μ_{t+1}.": [1.081856, 0.796833, 0.739238, 0.734767, 0.747928],
    "The product in the state goes up to μ_t; that with μ_{t+1} is for one step alone.": [
        0.739181,
        0.66055,
        0.676883,
        0.705635,
        0.734309,
    ],
    "m is corrected twice: the product of the μ does it, 1 − β₁ᵗ does not stand here.": [
        1.564518,
        1.184965,
        1.074542,
        1.032107,
        1.014217,
    ],
    "The new gradient's own part, with (1 − μ_t) g, is missing.": [0.056452, 0.094128, 0.127256, 0.1578, 0.18601],
    "m ← β₁ m + (1 − β₁) g has β₁ in it, not μ_t.": [1.310443, 1.084596, 1.031709, 1.01326, 1.005815],
    "The m of the step before is used: first the new m and v, then the step.": [
        1.0,
        0.739098,
        0.694181,
        0.697601,
        0.7162,
    ],
    "v is not corrected: divide it by 1 − β₂ᵗ.": [33.407936, 17.528097, 13.375081, 11.567616, 10.560607],
    "β₁ stands where μ_t and μ_{t+1} belong.": [1.473684, 1.157312, 1.078221, 1.046588, 1.030774],
    "The exponent of 0.96 is t ψ; ψ is missing.": [1.062788, 0.773591, 0.711335, 0.701732, 0.710331],
}
NADAM_MISTAKES = {
    "Those are Adam's steps: Nadam looks ahead.": [1.0, -0.36610352, 0.34324108, 0.28116221, 0.37057389],
}


@checks("nadam_step")
def nadam_with_a_constant_gradient(student: Student, rng: Rng) -> None:
    """With a constant gradient of 4, five steps are what torch.optim.NAdam makes."""
    params, grads = _one_weight(4.0, 4.0, 4.0, 4.0, 4.0)
    path = student.run(_nadam, params=params, grads=grads, lr=0.1, options={})
    expect_close(
        _steps_of(path, 0.1),
        NADAM_CONSTANT,
        hint="μ_t = β₁ (1 − 0.5 · 0.96^(t ψ)), t = 1 in the first step; the product of the μ travels in the state.",
        what=WHAT_STEPS,
        mistakes=NADAM_CONSTANT_MISTAKES,
        rtol=1e-4,
    )


@checks("nadam_step")
def nadam_follows_changing_gradients(student: Student, rng: Rng) -> None:
    """Gradients of 1, -2, 3, 0 and 1 make the steps of torch.optim.NAdam."""
    params, grads = _one_weight(1.0, -2.0, 3.0, 0.0, 1.0)
    path = student.run(_nadam, params=params, grads=grads, lr=0.1, options={})
    expect_close(
        _steps_of(path, 0.1),
        NADAM_CHANGING,
        hint="The new m (with μ_{t+1}, over 1 − the product up to t+1) and the new g (with 1 − μ_t, over 1 − the "
        "product up to t), together over √v̂ + ε.",
        what=WHAT_STEPS,
        mistakes=NADAM_MISTAKES,
        rtol=1e-4,
    )


@checks("nadam_step")
def nadam_leaves_zero_gradients_alone(student: Student, rng: Rng) -> None:
    """A weight whose gradient is always 0 stays where it is: no nan, no warning."""
    params, grads = _one_weight(0.0, 0.0)
    path = student.run(_nadam, params=params, grads=grads, lr=0.1, options={})
    hint = "0 / 0 is nan: add ε to the root, √v̂ + ε."
    expect_close(_steps_of(path, 0.1), [0.0, 0.0], hint=hint, what=WHAT_STEPS)
    expect_no_warning(student, hint=hint)


@checks("nadam_step")
def nadam_step_is_pure(student: Student, rng: Rng) -> None:
    """Parameters, gradients and state are what they were after a step."""
    _expect_pure(student, _nadam_twice)


nadam_step_in_other_forms = forms("nadam_step", "float32", "fortran", "strided", "read-only", "again")


# labs/03_mlp/train_mlp.py


def _trained(train_mlp: Function, X: Any, y: Any, sizes: list[int], seed: int, options: Any) -> Any:
    return train_mlp(X, y, sizes, rng=np.random.default_rng(seed), **options)


def _train(student: Student, X: np.ndarray, y: np.ndarray, sizes: list[int], *, seed: int, **options: Any) -> Any:
    settings = {"epochs": 2, "batch_size": 10, "lr": 0.05, "optimizer": "sgd", "l2": 0.0, **options}
    got = student.run(_trained, X=X, y=y, sizes=sizes, seed=seed, options=settings)
    params, history = expect_parts(got, ("params", "history"), hint="Return the two together: return params, history.")
    hint = "Return params, history; append one number per epoch to history."
    expect_shape(history, (settings["epochs"],), hint=hint, what="history")
    return params, history


def _ring(rng: Rng, n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Draw points of which the inner ones are class 0 and the outer ones class 1: no line separates them."""
    labels = np.arange(n) % 2
    radius = np.where(labels == 0, rng.uniform(0, 0.7, size=n), rng.uniform(1.5, 2.0, size=n))
    angle = rng.uniform(0, 2 * np.pi, size=n)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), labels


OPTIMIZERS = {"sgd": 0.3, "momentum": 0.05, "adam": 0.02, "nadam": 0.02}


@checks("train_mlp")
def every_optimiser_learns_a_ring(student: Student, rng: Rng) -> None:
    """With each optimiser the loss of a ring, which no line can cut out, falls below 0.2."""
    X, y = _ring(rng)
    for optimizer, lr in OPTIMIZERS.items():
        _, history = _train(student, X, y, [2, 32, 2], seed=1, epochs=25, optimizer=optimizer, lr=lr)
        last = float(np.asarray(history)[-1])
        hint = (
            "In every batch: forward, backward, one step, with the batch's own labels. Keep params and state from one "
            "step to the next."
        )
        if np.all(np.diff(history) > 0):
            hint = "history grows: does each epoch's sum begin at 0, and does each step go against the gradient?"
        expect(
            last < 0.2,
            f"With optimizer={optimizer!r} the loss does not fall far enough.",
            expected="below 0.2 after 25 epochs",
            got=f"{last:.4f}, from {float(np.asarray(history)[0]):.4f}",
            hint=hint,
        )


@checks("train_mlp")
def trained_params_have_the_sizes(student: Student, rng: Rng) -> None:
    """params has the shapes that sizes asks for, and history one number per epoch."""
    # No example is of the last class: sizes says how many there are, not the labels.
    X, y = rng.normal(size=(7, 3)), rng.integers(3, size=7)
    params, _ = _train(student, X, y, [3, 6, 5, 4], seed=2, epochs=3)
    layers = expect_parts(params, ("3-6", "6-5", "5-4"), hint="One (W, b) for each pair of neighbours in sizes.")
    for layer, (n_in, n_out) in zip(layers, ((3, 6), (6, 5), (5, 4)), strict=True):
        W, b = expect_parts(layer, ("W", "b"), hint="Each layer is a pair (W, b).", what="A layer")
        expect_shape(W, (n_in, n_out), hint="W is (n_in, n_out).", what=f"W of the layer {n_in}-{n_out}")
        expect_shape(b, (n_out,), hint="b is (n_out,).", what=f"b of the layer {n_in}-{n_out}")


@checks("train_mlp")
def loss_of_an_epoch_is_a_mean_over_examples(student: Student, rng: Rng) -> None:
    """With lr = 0 nothing is learnt, so every epoch has the same loss, however the short last batch falls."""
    X, y = rng.normal(size=(10, 3)), rng.integers(4, size=10)
    _, history = _train(student, X, y, [3, 6, 4], seed=3, epochs=4, batch_size=4, lr=0.0)
    loss = np.asarray(history, dtype=float)
    expect(bool((loss > 0.05).all()), "An untrained network cannot have so small a loss.", got=loss, hint="Mean loss.")
    hint = (
        "All examples count, each of them once, those of the short last batch too: add loss · len(y_batch), and divide "
        "by the number of examples."
    )
    expect_close(loss, np.full(4, loss[0]), hint=hint, what="history", rtol=1e-5)


@checks("train_mlp")
def rng_decides_the_run(student: Student, rng: Rng) -> None:
    """The same rng gives the same losses, another rng others."""
    X, y = _ring(rng, 24)
    first, again, other = (
        np.asarray(_train(student, X, y, [2, 8, 2], seed=seed, batch_size=5)[1]) for seed in (5, 5, 6)
    )
    hint = "Draw weights and batches from rng, not from np.random, and keep nothing from the run before."
    expect(bool((first == again).all()), "The same rng gave another run.", hint=hint)
    expect(
        bool((first != other).any()), "Another rng gave the same run.", hint="Pass rng on to init_layer and Batches."
    )


@checks("train_mlp")
def training_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """X and y are what they were before training."""
    X, y = _ring(rng, 30)
    _, history = _train(student, X, y, [2, 8, 2], seed=3, epochs=3, lr=0.2)
    expect(bool(np.ptp(np.asarray(history)) > 0), "The loss has not moved.", got=history, hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


# labs/03_mlp/make_mlp.py


def _linears(make_mlp: Function, sizes: list[int], X: Any) -> Any:
    import torch

    model = make_mlp(sizes)
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    kept = [value for module in model.modules() for value in vars(module).values() if isinstance(value, list | tuple)]
    hidden = [1 for value in kept for item in value if isinstance(item, torch.nn.Linear) and item not in layers]
    shapes = [tuple(layer.weight.shape) for layer in layers]
    return shapes, hidden, model(torch.tensor(X, dtype=torch.float32))


def _filled(make_mlp: Function, sizes: list[int], params: Any, X: Any) -> Any:
    """Put weights into a network's linear layers; return its answer, and the same in evaluation mode."""
    import torch

    model = make_mlp(sizes).double()
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    if len(layers) != len(params):
        return len(layers)
    if any(layer.bias is None for layer in layers):
        return "a layer without biases"
    with torch.no_grad():
        for layer, (W, b) in zip(layers, params, strict=True):
            layer.weight.copy_(torch.tensor(W.T))
            layer.bias.copy_(torch.tensor(b))
        return model.train()(torch.tensor(X)), model.eval()(torch.tensor(X))


@checks("make_mlp")
def network_has_the_layers_asked_for(student: Student, rng: Rng) -> None:
    """[5, 4, 3, 2] makes linear layers 5-4, 4-3 and 3-2, and five examples get (5, 2) logits."""
    shapes, hidden, out = student.run(_linears, sizes=[5, 4, 3, 2], X=rng.normal(size=(5, 5)))
    expect(
        not hidden,
        "The layers are in a plain list, where PyTorch does not find them.",
        got=f"parameters() lists {len(shapes)} of the linear layers",
        hint="A list of layers is not registered, so they are never trained: put them into "
        "torch.nn.Sequential(*layers) or torch.nn.ModuleList(layers).",
    )
    expect(
        list(shapes) == [(4, 5), (3, 4), (2, 3)],
        "The network has not the linear layers asked for.",
        expected="Linear(5, 4), Linear(4, 3), Linear(3, 2)",
        got=", ".join(f"Linear({n_in}, {n_out})" for n_out, n_in in shapes) or "no nn.Linear",
        hint="One nn.Linear(n_in, n_out) for each pair of neighbours in sizes.",
    )
    expect_shape(out, (5, 2), hint="A row of logits for each example.", what="The output")


@checks("make_mlp")
def network_gives_logits(student: Student, rng: Rng) -> None:
    """With the weights of the example worked out by hand, the network gives its logits."""
    got = student.run(_filled, sizes=[2, 3, 2], params=PARAMS_HAND, X=X_HAND)
    hint = "nn.Linear(n_in, n_out) has one bias for each output, unless bias=False is given: leave that out."
    expect(not isinstance(got, str), "A linear layer has no biases.", got=got, hint=hint)
    expect(
        not isinstance(got, int), "[2, 3, 2] should have two nn.Linear layers.", got=got, hint="See the check above."
    )
    hint = "Linear, ReLU, Linear: a relu after each layer but the last, and nothing after the last."
    expect_close(got[0], LOGITS_HAND, hint=hint, what="The output", mistakes=NETWORK_MISTAKES, atol=1e-6)


# labs/03_mlp/train_epoch.py

# Inputs of zero, so that only the bias learns: two examples of class 0, then one of class 1.
X_EPOCH, Y_EPOCH = np.zeros((3, 2)), np.array([0, 0, 1])


def _epoch_of_two(train_epoch: Function, X: Any, y: Any, lr: float) -> Any:
    import torch

    model = torch.nn.Linear(2, 2).double()
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    images, labels = torch.tensor(X), torch.tensor(y)
    loader = [(images[:2], labels[:2]), (images[2:], labels[2:])]
    loss = train_epoch(model, loader, torch.optim.SGD(model.parameters(), lr=lr))
    return loss, model.bias, bool(getattr(loss, "requires_grad", False))


def _epochs_on_clouds(train_epoch: Function, X: Any, y: Any) -> Any:
    import torch

    torch.manual_seed(0)

    class Spy(torch.nn.Module):
        """Notes whether it is in training mode when it is used."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: list[Any] = []

        def forward(self, x: Any) -> Any:
            self.seen.append(self.training)
            return x

    spy = Spy()
    model = torch.nn.Sequential(spy, torch.nn.Linear(2, 3)).double()
    model.eval()
    images, labels = torch.tensor(X), torch.tensor(y)
    loader = [(images[i : i + 10], labels[i : i + 10]) for i in range(0, len(labels), 10)]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    losses = [train_epoch(model, loader, optimizer) for _ in range(15)]
    return losses, len(spy.seen), all(spy.seen)


@checks("train_epoch")
def two_batches_by_hand(student: Student, rng: Rng) -> None:
    """Two batches with lr = 1 move the biases to -0.231059 and 0.231059, as worked out by hand."""
    _, bias, _ = student.run(_epoch_of_two, X=X_EPOCH, y=Y_EPOCH, lr=1.0)
    forgotten = uncalled(student, "train_epoch")
    expect_close(
        bias,
        [-0.2310585786300049, 0.2310585786300049],
        hint=forgotten or "For every batch: forward, cross-entropy, zero the gradients, backward, step.",
        what="The bias after the epoch",
        mistakes={
            f"The gradients are not zeroed: the second step goes along the sum of both. {forgotten}".strip(): [
                0.2689414213699951,
                -0.2689414213699951,
            ],
            forgotten or "Nothing has moved: optimizer.step() is missing, or the gradients are zeroed before it.": [
                0.0,
                0.0,
            ],
            "Only the first batch has made a step.": [0.5, -0.5],
            "Only the last batch has made a step: one step for every batch, with its own gradient.": [-0.5, 0.5],
            "The loss of a batch is a sum here: take the mean over its examples.": [0.119203, -0.119203],
            "A softmax has been applied before the cross-entropy, which has its own.": [-0.013639111, 0.013639111],
        },
        rtol=1e-4,
    )


@checks("train_epoch")
def loss_of_two_batches_by_hand(student: Student, rng: Rng) -> None:
    """A batch of two that loses 0.693147 each and a batch of one that loses 1.313262 have the mean 0.899852."""
    loss, _, recorded = student.run(_epoch_of_two, X=X_EPOCH, y=Y_EPOCH, lr=1.0)
    first, second = 0.6931471805599453, 1.3132616875182228
    expect_close(
        loss,
        (2 * first + second) / 3,
        hint="Add up loss.item() · len(labels), and divide by the number of examples.",
        what="The loss",
        mistakes={
            "That is the mean over the batches: a short batch counts for fewer examples.": (first + second) / 2,
            "That is the sum over the examples: divide by their number.": 2 * first + second,
            "That is the sum over the batches: take the mean over the examples.": first + second,
            "That is the last batch's loss.": second,
            "Those losses are measured after the steps: take the ones that the gradients come from.": 0.3716906,
            "That is the sum of the batches' means, divided by the number of examples.": (first + second) / 3,
        },
        rtol=1e-4,
    )
    hint = "Add up loss.item(), a plain number: a sum of tensors keeps the graph of every batch, and their memory."
    expect(not recorded, "The mean is a tensor that is still tied to the graphs of all batches.", hint=hint)


@checks("train_epoch")
def model_is_in_training_mode(student: Student, rng: Rng) -> None:
    """A model that comes in evaluation mode is put into training mode, and its loss falls in 15 epochs."""
    labels = np.arange(30) % 3
    X = np.array([[3.0, 0.0], [0.0, 3.0], [-3.0, -3.0]])[labels] + rng.normal(scale=0.3, size=(30, 2))
    losses, n_batches, training = student.run(_epochs_on_clouds, X=X, y=labels)
    expect(n_batches == 45, "The model is not used once for each batch.", expected=45, got=n_batches, hint="One pass.")
    expect(bool(training), "The model is not in training mode.", hint="Call model.train() before the loop.")
    expect_shape(losses, (15,), hint="Return one number: the mean loss.", what="The list of 15 losses")
    expect(
        bool(np.asarray(losses)[-1] < 0.1),
        "The loss does not fall as it should.",
        expected="below 0.1 after 15 epochs",
        got=losses,
        hint="One step for every batch, against the gradient of the mean cross-entropy.",
    )


# labs/03_mlp/evaluate.py

# Four examples with the logits (ln 3, 0), so with probabilities 3/4 and 1/4; the third is of the less likely class.
X_JUDGED, Y_JUDGED = np.array([[LN3, 0.0]] * 4), np.array([0, 0, 1, 0])


def _judged(evaluate: Function, X: Any, y: Any, dropout: float) -> Any:
    """Judge an identity layer on two batches, of three and of one example."""
    import torch

    class Spy(torch.nn.Module):
        """Notes whether operations are being recorded, and whether it is in training mode, when it is used."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: list[Any] = []

        def forward(self, x: Any) -> Any:
            self.seen.append((torch.is_grad_enabled(), self.training))
            return x

    torch.manual_seed(0)
    spy, layer = Spy(), torch.nn.Linear(2, 2)
    torch.nn.init.eye_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    model = torch.nn.Sequential(torch.nn.Sequential(spy, torch.nn.Dropout(dropout)), layer).double()
    images, labels = torch.tensor(X), torch.tensor(y)
    with torch.enable_grad():
        result = evaluate(model, [(images[:3], labels[:3]), (images[3:], labels[3:])])
        trainable = torch.is_grad_enabled() and layer.weight.requires_grad
    return result, layer.weight, spy.seen, trainable


def _judge(student: Student, dropout: float = 0.0) -> tuple[Any, Any, Any, Any, Any]:
    result, weight, seen, trainable = student.run(_judged, X=X_JUDGED, y=Y_JUDGED, dropout=dropout)
    loss, accuracy = expect_parts(result, ("loss", "accuracy"), hint="Return the two together: return loss, accuracy.")
    return loss, accuracy, weight, seen, trainable


@checks("evaluate")
def accuracy_of_four_examples(student: Student, rng: Rng) -> None:
    """Two right and one wrong in a batch of three, and one right in a batch of one, make 3/4."""
    _, accuracy, *_ = _judge(student)
    expect_close(
        accuracy,
        0.75,
        hint="Count the examples whose largest logit is that of their class; divide by all examples.",
        what="The accuracy",
        mistakes={
            "That is the mean over the batches: count examples, not batches.": 5 / 6,
            "That is a number of examples: divide by how many there are.": 3.0,
            "That is a percentage: return a share between 0 and 1.": 75.0,
            "That is the last batch's accuracy.": 1.0,
            "That is the first batch's accuracy.": 2 / 3,
            "That is the share of wrong ones.": 0.25,
            "That is the loss: return loss, accuracy, in this order.": 0.5623351446188083,
        },
    )


@checks("evaluate")
def loss_of_four_examples(student: Student, rng: Rng) -> None:
    """Three examples that lose 0.287682 and one that loses 1.386294 have the mean 0.562335."""
    loss, *_ = _judge(student)
    right, wrong = 0.2876820724517809, 1.3862943611198906
    expect_close(
        loss,
        (3 * right + wrong) / 4,
        hint="Add up the cross-entropy of all examples (reduction='sum'), and divide by their number.",
        what="The loss",
        mistakes={
            "That is the mean over the batches: a short batch counts for fewer examples.": (
                (2 * right + wrong) / 3 + right
            )
            / 2,
            "That is the sum over the examples: divide by their number.": 3 * right + wrong,
            "A softmax has been applied before the cross-entropy, which has its own.": 0.59907698,
        },
        rtol=1e-4,
    )


@checks("evaluate")
def judging_is_not_training(student: Student, rng: Rng) -> None:
    """Nothing is recorded for gradients, dropout is switched off, and no weight moves."""
    loss, _, weight, seen, trainable = _judge(student, dropout=0.5)
    expect(bool(seen), "The model has not been used.", hint="Go through the loader: model(images).")
    hint = "Call model.eval() first: it reaches all layers, those inside of others too."
    expect(not any(mode for _, mode in seen), "The model is in training mode.", hint=hint)
    expect(
        not any(recorded for recorded, _ in seen),
        "Operations are recorded for gradients.",
        hint="Put the loop into: with torch.no_grad().",
    )
    expect_close(loss, 0.5623351446188083, hint="Call model.eval() first.", what="The loss with dropout", rtol=1e-4)
    expect_close(weight, np.eye(2), hint="No optimiser here: judging changes nothing.", what="The weight afterwards")
    hint = "with torch.no_grad(): switches gradients back on at its end; parameters keep requires_grad."
    expect(bool(trainable), "The model cannot be trained any more: gradients stay switched off.", hint=hint)


# labs/03_mlp/read_the_log.py

#: How many parameters the suspects have.
SUSPECTS = {(784, 16, 16, 10): 13_002, (784, 128, 10): 101_770, (784, 64, 10): 50_890}
FACTS = ("batch_size", "sizes", "dropout", "optimizer", "parameters")


def _facts(student: Student) -> dict[str, Any]:
    got = student.call("read_the_log")
    names = [name for name in FACTS if not isinstance(got, dict) or name not in got]
    expect(
        not names,
        "The answer lacks facts.",
        expected=", ".join(FACTS),
        got=", ".join(map(str, got)) if isinstance(got, dict) else got,
        hint="Return a dict with these five keys.",
    )
    expect(
        isinstance(got["sizes"], list | tuple | np.ndarray) and len(got["sizes"]) >= 2,
        "sizes is not a list of two numbers or more.",
        got=got["sizes"],
        hint="From the input to the output, such as [784, 16, 16, 10].",
    )
    return got  # type: ignore[no-any-return]


@checks("read_the_log")
def answer_has_the_five_facts(student: Student, rng: Rng) -> None:
    """The answer is a dict of five facts; the network reads 784 pixels and gives 10 classes."""
    facts = _facts(student)
    hint = "The images have 28 × 28 pixels and show ten digits."
    expect(facts["sizes"][0] == 784 and facts["sizes"][-1] == 10, "sizes fits no MNIST.", got=facts["sizes"], hint=hint)
    expect(
        str(facts["optimizer"]).lower() in ("sgd", "adam"),
        "optimizer is none of the suspects'.",
        expected="'sgd' or 'adam'",
        got=facts["optimizer"],
        hint="The suspects use SGD or Adam.",
    )
    hint = "A share is between 0, for none, and 1."
    expect(bool(0 <= facts["dropout"] < 1), "dropout is not a share.", got=facts["dropout"], hint=hint)


@checks("read_the_log")
def steps_fit_the_images(student: Student, rng: Rng) -> None:
    """With this batch size, 60,000 images make 1,875 steps and 10,000 images make 313."""
    batch_size = _facts(student)["batch_size"]
    expect(
        isinstance(batch_size, int | float) and batch_size >= 1,
        "batch_size is not a whole number of 1 or more.",
        got=batch_size,
        hint="How many images does a step take?",
    )
    steps = [int(-(-60_000 // batch_size)), int(-(-10_000 // batch_size))]
    hint = "An epoch goes through all 60,000 images, and a step through one batch."
    expect(steps == [1875, 313], "These are not the log's steps.", expected=[1875, 313], got=steps, hint=hint)


@checks("read_the_log")
def parameters_fit_the_sizes(student: Student, rng: Rng) -> None:
    """The layers are a suspect's, and the number of parameters is that of a network with these layers."""
    facts = _facts(student)
    sizes = tuple(int(size) for size in facts["sizes"])
    expect(
        sizes in SUSPECTS,
        "No suspect has these layers.",
        expected=" or ".join("-".join(map(str, known)) for known in SUSPECTS),
        got="-".join(map(str, sizes)),
        hint="sizes is one of the table's, from the input to the output.",
    )
    hint = "Use count_parameters(sizes); dropout has none."
    expect_close(facts["parameters"], SUSPECTS[sizes], hint=hint, what="The number of parameters")
