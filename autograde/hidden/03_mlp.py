# Built by `coursekit build` from labs/03_mlp/. Edit the files there, not this one.
"""Hidden checks of lab 03: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints. That the optimisers here are those of torch.optim is tested in
tests/hidden/test_03_mlp.py.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

import numpy as np

from coursekit.checking import Student, checks, expect, expect_close, expect_equal, expect_parts, expect_shape

Rng = np.random.Generator
Function = Callable[..., Any]
#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}

SIZES = ([4, 3], [5, 4, 3], [3, 3, 3, 3], [2, 6, 4, 5, 3])


def _random_params(rng: Rng, sizes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (rng.normal(size=(n_in, n_out)) / n_in**0.5, rng.normal(scale=0.5, size=n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def _signal(params: Any, x: Any) -> list[list[float]]:
    """Send one example through the network, number by number; return what every layer gives."""
    signals = [list(map(float, x))]
    for depth, (W, b) in enumerate(params, start=1):
        z = [
            sum(s * float(W[i][j]) for i, s in enumerate(signals[-1])) + float(b[j])  # a unit's weighted sum
            for j in range(len(b))
        ]
        signals.append(z if depth == len(params) else [max(value, 0.0) for value in z])
    return signals


def _one_by_one(params: Any, X: Any, y: Any) -> list[list[np.ndarray]]:
    """Add up the gradients of all examples, each handed back from unit to unit."""
    grads = [[np.zeros(part.shape) for part in layer] for layer in params]
    for x, label in zip(X, y, strict=True):
        signals = _signal(params, x)
        powers = np.exp(np.array(signals[-1]) - max(signals[-1]))
        blame = powers / powers.sum() - (np.arange(len(powers)) == label)
        for depth in reversed(range(len(params))):
            below = np.array(signals[depth])
            grads[depth][0] += below[:, None] * blame[None, :] / len(X)
            grads[depth][1] += blame / len(X)
            blame = np.array([(w @ blame) * (s > 0) for w, s in zip(params[depth][0], below, strict=True)])
    return grads


def _expect_path(student: Student, probe: Function, reference: Function, rng: Rng, hint: str, **options: float) -> None:
    """Expect six steps on a network of three layers to go where the reference goes; lr changes on the way.

    The first layer and the last have one shape, and each needs a state of its own.
    """
    params = _random_params(rng, [5, 3, 5, 3])
    grads = [_random_params(rng, [5, 3, 5, 3]) for _ in range(6)]
    rates = [0.1, 0.1, 0.03, 0.2, 0.05, 0.1]
    path = student.run(probe, params=params, grads=grads, rates=rates, options=options)
    state = None
    for t, got in enumerate(path):
        params, state = reference(params, grads[t], state, rates[t], **options)
        _expect_params(got, params, f"after step {t + 1}", hint)


def _expect_params(got: Any, right: Any, when: str, hint: str, rtol: float = 1e-4, atol: float = 1e-5) -> None:
    names = [f"layer {i + 1}" for i in range(len(right))]
    for name, layer, pair in zip(names, expect_parts(got, names, hint=hint), right, strict=True):
        for part, what, value in zip(expect_parts(layer, ("W", "b"), hint=hint), ("W", "b"), pair, strict=True):
            expect_close(part, value, hint=hint, what=f"{what} of {name} {when}", rtol=rtol, atol=atol)


# labs/03_mlp/sigmoid.py


def sigmoid(z: Any) -> Any:
    """Return the logistic function by way of the hyperbolic tangent, which overflows nowhere."""
    return 0.5 * np.tanh(0.5 * np.asarray(z)) + 0.5


# the bends


@checks("sigmoid")
def sigmoid_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers, whole ones among them, have the right sigmoid."""
    for z in (
        rng.normal(scale=4, size=(5, 3)),
        rng.integers(-6, 7, size=8),
        rng.uniform((-30, -25, -20), (-25, -20, -15)),
    ):
        right = np.array([1 / (1 + np.e ** -float(x)) for x in z.ravel()]).reshape(z.shape)
        hint = "Compare with torch.sigmoid, for whole numbers and for z near -20 too."
        expect_close(student.call("sigmoid", z), right, hint=hint, rtol=1e-5, atol=1e-12)


# labs/03_mlp/d_sigmoid.py

STAND_INS["d_sigmoid"] = (sigmoid,)


@checks("d_sigmoid")
def slope_of_sigmoid_at_random_numbers(student: Student, rng: Rng) -> None:
    """The slope at random numbers, whole ones among them, is right."""
    for z in (rng.normal(scale=3, size=(5, 3)), rng.integers(-6, 7, size=8)):
        right = 0.25 / np.cosh(z / 2) ** 2
        hint = "Compare with (σ(z + h) - σ(z - h)) / 2h."
        expect_close(student.call("d_sigmoid", z), right, hint=hint, rtol=1e-4, atol=1e-7)


# labs/03_mlp/tanh.py

STAND_INS["tanh"] = (sigmoid,)


def tanh(z: Any) -> Any:
    """Return the hyperbolic tangent."""
    return np.tanh(z)


@checks("tanh")
def tanh_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers, whole ones among them, have the right hyperbolic tangent."""
    for z in (rng.normal(scale=2, size=(5, 3)), rng.integers(-4, 5, size=8)):
        right = [[np.sinh(x) / np.cosh(x) for x in row] for row in np.atleast_2d(z)]
        hint = "Compare with np.tanh."
        expect_close(student.call("tanh", z), np.reshape(right, z.shape), hint=hint, rtol=1e-5, atol=1e-7)


# labs/03_mlp/d_tanh.py

STAND_INS["d_tanh"] = (sigmoid, tanh)


@checks("d_tanh")
def slope_of_tanh_at_random_numbers(student: Student, rng: Rng) -> None:
    """The slope at random numbers, whole ones among them, is right."""
    for z in (rng.normal(scale=2, size=(5, 3)), rng.integers(-4, 5, size=8)):
        hint = "Compare with (tanh(z + h) - tanh(z - h)) / 2h."
        expect_close(student.call("d_tanh", z), np.cosh(z) ** -2.0, hint=hint, rtol=1e-4, atol=1e-6)


# labs/03_mlp/relu.py


def relu(z: Any) -> Any:
    """Return what of z is positive."""
    return np.where(np.asarray(z) > 0, z, 0 * np.asarray(z))


@checks("relu")
def relu_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers, whole ones among them, lose what is negative, however small or large."""
    for z in (rng.normal(size=(5, 3)), rng.integers(-6, 7, size=8), np.array([1e-9, -1e-9, 1e9, -1e9])):
        right = np.reshape([x if x > 0 else 0 for x in z.ravel()], z.shape)
        expect_close(student.call("relu", z), right, hint="max(z, 0) in every place.", atol=0)


# labs/03_mlp/d_relu.py

STAND_INS["d_relu"] = (relu,)


def d_relu(z: Any) -> Any:
    """Return 1 where z is positive, else 0."""
    return np.where(np.asarray(z) > 0, 1, 0)


@checks("d_relu")
def slope_of_relu_at_random_numbers(student: Student, rng: Rng) -> None:
    """The slope at random numbers, whole and tiny ones among them, is 1 or 0."""
    for z in (rng.normal(size=(5, 3)), rng.integers(-2, 3, size=12), np.array([1e-9, -1e-9, 0.0, 1e9])):
        right = np.reshape([1 if x > 0 else 0 for x in z.ravel()], z.shape)
        expect_close(student.call("d_relu", z), right, hint="1 wherever z > 0, else 0.")


# labs/03_mlp/init_layer.py


def init_layer(n_in: Any, n_out: Any, kind: Any, rng: Any) -> Any:
    """Draw the weights of a layer; biases of zero."""
    variance = 2 / n_in if kind == "he" else 2 / (n_in + n_out)
    return variance**0.5 * rng.standard_normal((n_in, n_out)), np.zeros(n_out)


def _drawn(init_layer: Function, n_in: int, n_out: int, kind: str, seed: int) -> Any:
    return init_layer(n_in, n_out, kind, np.random.default_rng(seed))


@checks("init_layer")
def spread_of_layers_of_any_size(student: Student, rng: Rng) -> None:
    """Wide, narrow and square layers have the standard deviation that their sizes ask for."""
    for n_in, n_out in ((40, 300), (300, 40), (100, 100)):
        for kind, fan in (("he", n_in), ("xavier", n_in + n_out)):
            got = student.run(_drawn, n_in=n_in, n_out=n_out, kind=kind, seed=int(rng.integers(1000)))
            W, b = expect_parts(got, ("W", "b"), hint="Return W, b.")
            expect_shape(W, (n_in, n_out), hint="W has a row for each input, a column for each output.", what="W")
            hint = "√(2 / n_in) for he, √(2 / (n_in + n_out)) for xavier; try sizes that differ much."
            expect_close(np.std(W) * fan**0.5, 2**0.5, hint=hint, what="The spread of W", rtol=0.045)
            expect_close(b, np.zeros(n_out), hint="b starts at zero.", what="b")


# labs/03_mlp/mlp_forward.py

STAND_INS["mlp_forward"] = (relu,)


def mlp_forward(params: Any, X: Any) -> Any:
    """Return the logits, and the inputs of all layers with the logits at their end."""
    signals = [X]
    for i, (W, b) in enumerate(params):
        z = np.dot(signals[-1], W) + b
        signals.append(z if i == len(params) - 1 else np.where(z > 0, z, 0 * z))
    return signals[-1], signals


def _logits(mlp_forward: Function, params: Any, X: Any) -> Any:
    logits, _ = mlp_forward(params, X)
    return logits


@checks("mlp_forward")
def logits_of_random_networks(student: Student, rng: Rng) -> None:
    """Networks of one to four layers give the right logits, down to a single example."""
    for n, sizes in zip((6, 5, 3, 1), SIZES, strict=True):
        params, X = _random_params(rng, sizes), rng.normal(scale=8, size=(n, sizes[0]))
        right = [_signal(params, x)[-1] for x in X]
        hint = "Try networks of one, two and four layers with sizes that all differ. Relu caps nothing: max(z, 0)."
        expect_close(student.run(_logits, params=params, X=X), right, hint=hint, what="logits", rtol=1e-4, atol=1e-4)


# labs/03_mlp/mlp_backward.py

STAND_INS["mlp_backward"] = (relu, d_relu, mlp_forward)


def mlp_backward(params: Any, cache: Any, y: Any) -> Any:
    """Return the gradient of the mean cross-entropy."""
    E = np.exp(cache[-1] - cache[-1].max(axis=1, keepdims=True))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(E.shape[1])[np.asarray(y)]) / len(E)
    D = D.astype(cache[-1].dtype)
    backward = []
    for (W, _), signal in zip(params[::-1], cache[-2::-1], strict=True):
        backward.append((np.dot(signal.T, D), np.sum(D, axis=0)))
        D = np.dot(D, W.T) * (signal > 0)
    return backward[::-1]


def _gradient(mlp_backward: Function, mlp_forward: Function, params: Any, X: Any, y: Any) -> Any:
    try:
        mlp_backward(params, None, y)
    except NotImplementedError:
        raise
    except Exception:  # noqa: S110 - no answer has to put up with such a cache
        pass
    _, cache = mlp_forward(params, X)
    return mlp_backward(params, cache, y)


@checks("mlp_backward")
def gradients_of_random_networks(student: Student, rng: Rng) -> None:
    """Networks of one to four layers have the right gradients, square ones and single examples too."""
    # In the wide one, of square layers too, there are units enough that some are on and some off, whatever is drawn.
    # The last one has more than ten classes.
    for n, sizes in [*zip((6, 5, 3, 1), SIZES, strict=True), (16, [8, 8, 8, 8]), (3, [4, 5, 12])]:
        params, X, y = _random_params(rng, sizes), rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n)
        y[0] = sizes[-1] - 1
        names = [f"layer {i + 1}" for i in range(len(params))]
        got = student.run(_gradient, params=params, X=X, y=y)
        layers = expect_parts(got, names, hint="One (dW, db) for each layer.")
        for name, layer, right in zip(names, layers, _one_by_one(params, X, y), strict=True):
            hint = (
                "Compare with torch.autograd, at sizes that all differ: Wᵀ, not W; the mask of the layer's own input."
            )
            for part, what, value in zip(
                expect_parts(layer, ("dW", "db"), hint=hint), ("dW", "db"), right, strict=True
            ):
                expect_close(part, value, hint=hint, what=f"{what} of {name}", rtol=1e-4, atol=1e-6)


# labs/03_mlp/count_parameters.py


@checks("count_parameters")
def parameters_of_random_networks(student: Student, rng: Rng) -> None:
    """Networks of two to six sizes are counted right, layers of equal sizes too."""
    networks = [[int(size) for size in rng.integers(1, 50, size=n_sizes)] for n_sizes in (2, 3, 4, 6)]
    for sizes in (*networks, [networks[0][0]] * 4):
        n_layers = len(sizes) - 1
        right = sum(np.zeros((sizes[i], sizes[i + 1])).size + np.zeros(sizes[i + 1]).size for i in range(n_layers))
        hint = "Weights and biases of every layer, whatever their number, and whether or not others have their sizes."
        expect_close(student.call("count_parameters", sizes), right, hint=hint, what="The count")


# labs/03_mlp/sgd_step.py


def sgd_step(params: Any, grads: Any, lr: Any) -> Any:
    """Return parameters moved against their gradients."""
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]


@checks("sgd_step")
def sgd_steps_of_random_networks(student: Student, rng: Rng) -> None:
    """Networks of one to four layers move against their gradients, by lr."""
    for sizes in SIZES:
        params, grads, lr = _random_params(rng, sizes), _random_params(rng, sizes), float(rng.uniform(0.01, 0.5))
        right = sgd_step(params, grads, lr)
        _expect_params(student.call("sgd_step", params, grads, lr), right, "after the step", "w - lr * g everywhere.")


# labs/03_mlp/momentum_step.py

STAND_INS["momentum_step"] = (sgd_step,)


def momentum_step(params: Any, grads: Any, state: Any, lr: Any, gamma: Any = 0.9) -> Any:
    """Return parameters moved by their velocities, and these."""
    old = [(0 * W, 0 * b) for W, b in params] if state is None else state
    new = [(gamma * v + g, gamma * u + h) for (v, u), (g, h) in zip(old, grads, strict=True)]
    return [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, new, strict=True)], new


# the optimisers


def _momentum_path(momentum_step: Function, params: Any, grads: Any, rates: Any, options: Any) -> Any:
    state, path = None, []
    for step, lr in zip(grads, rates, strict=True):
        params, state = momentum_step(params, step, state, lr, **options)
        path.append(params)
    return path


@checks("momentum_step")
def momentum_agrees_with_torch(student: Student, rng: Rng) -> None:
    """Six steps go where torch.optim.SGD with momentum goes, with γ = 0.9 and another, and with lr changing."""
    hint = "v ← γ v + g, without lr; w ← w − η v, with the lr of this step; for every b as for every W."
    _expect_path(student, _momentum_path, momentum_step, rng, hint)
    _expect_path(student, _momentum_path, momentum_step, rng, hint, gamma=0.6)


# labs/03_mlp/adam_step.py

STAND_INS["adam_step"] = (sgd_step,)


def adam_step(
    params: Any, grads: Any, state: Any, lr: Any, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-8
) -> Any:
    """Return parameters moved as by torch.optim.Adam, and the state: every gradient so far, the oldest first.

    The running means are written out as sums over all gradients, weighted by the powers of the βs.
    """
    history = [*(state or []), grads]
    t = len(history)
    moved = []
    for i, layer in enumerate(params):
        parts = []
        for j, part in enumerate(layer):
            m = (1 - beta1) * sum(beta1 ** (t - 1 - s) * g[i][j] for s, g in enumerate(history))
            v = (1 - beta2) * sum(beta2 ** (t - 1 - s) * g[i][j] ** 2 for s, g in enumerate(history))
            parts.append(part - lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps))
        moved.append(tuple(parts))
    return moved, history


def _adam_path(adam_step: Function, params: Any, grads: Any, rates: Any, options: Any) -> Any:
    state, path = None, []
    for step, lr in zip(grads, rates, strict=True):
        params, state = adam_step(params, step, state, lr, **options)
        path.append(params)
    return path


@checks("adam_step")
def adam_agrees_with_torch(student: Student, rng: Rng) -> None:
    """Six steps go where torch.optim.Adam goes, with its default settings."""
    hint = (
        "Hold your steps against torch.optim.Adam, step by step: every number of every W and b has means of its own, "
        "and all of them have the same t."
    )
    _expect_path(student, _adam_path, adam_step, rng, hint)


@checks("adam_step")
def adam_uses_its_settings(student: Student, rng: Rng) -> None:
    """Six steps with other β₁, β₂ and a large ε go where torch.optim.Adam goes."""
    hint = "Use the arguments beta1, beta2 and eps; ε is added to the corrected root, not under it."
    _expect_path(student, _adam_path, adam_step, rng, hint, beta1=0.7, beta2=0.99, eps=0.3)


# labs/03_mlp/nadam_step.py

STAND_INS["nadam_step"] = (sgd_step,)


def nadam_step(
    params: Any,
    grads: Any,
    state: Any,
    lr: Any,
    beta1: Any = 0.9,
    beta2: Any = 0.999,
    eps: Any = 1e-8,
    psi: Any = 0.004,
) -> Any:
    """Return parameters moved as by torch.optim.NAdam, and the state: every gradient so far, the oldest first."""
    history = [*(state or []), grads]
    t = len(history)
    mus = [beta1 * (1 - 0.5 * 0.96 ** (s * psi)) for s in range(1, t + 2)]
    ahead, now = mus[t] / (1 - np.prod(mus)), (1 - mus[t - 1]) / (1 - np.prod(mus[:t]))
    moved = []
    for i, layer in enumerate(params):
        parts = []
        for j, part in enumerate(layer):
            m = (1 - beta1) * sum(beta1 ** (t - 1 - s) * g[i][j] for s, g in enumerate(history))
            v = (1 - beta2) * sum(beta2 ** (t - 1 - s) * g[i][j] ** 2 for s, g in enumerate(history))
            root = (v / (1 - beta2**t)) ** 0.5 + eps
            parts.append(part - lr * float(ahead) * m / root - lr * float(now) * grads[i][j] / root)
        moved.append(tuple(parts))
    return moved, history


def _nadam_path(nadam_step: Function, params: Any, grads: Any, rates: Any, options: Any) -> Any:
    state, path = None, []
    for step, lr in zip(grads, rates, strict=True):
        params, state = nadam_step(params, step, state, lr, **options)
        path.append(params)
    return path


@checks("nadam_step")
def nadam_agrees_with_torch(student: Student, rng: Rng) -> None:
    """Six steps go where torch.optim.NAdam goes, with its default settings."""
    hint = (
        "Hold your steps against torch.optim.NAdam, step by step: every number of every W and b has means of its own, "
        "and all of them have the same t."
    )
    _expect_path(student, _nadam_path, nadam_step, rng, hint)


@checks("nadam_step")
def nadam_uses_its_settings(student: Student, rng: Rng) -> None:
    """Six steps with other β₁, β₂, ψ and a large ε go where torch.optim.NAdam goes."""
    hint = "Use the arguments beta1, beta2, eps and psi; ε is added to the corrected root, not under it."
    _expect_path(student, _nadam_path, nadam_step, rng, hint, beta1=0.7, beta2=0.99, eps=0.3, psi=0.5)


# labs/03_mlp/train_mlp.py

STEPS = (sgd_step, momentum_step, adam_step, nadam_step)
STAND_INS["train_mlp"] = (relu, d_relu, init_layer, mlp_forward, mlp_backward, *STEPS)


def _trained(train_mlp: Function, X: Any, y: Any, sizes: Any, seed: int, options: Any) -> Any:
    return train_mlp(X, y, sizes, rng=np.random.default_rng(seed), **options)


def _train(student: Student, X: Any, y: Any, sizes: list[int], seed: int, **options: Any) -> tuple[Any, ...]:
    got = student.run(_trained, X=X, y=y, sizes=sizes, seed=seed, options=options)
    params, history = expect_parts(got, ("params", "history"), hint="Return params, history.")
    names = [f"layer {i + 1}" for i in range(len(sizes) - 1)]
    layers = expect_parts(params, names, hint="One (W, b) a layer.", what="params")
    pairs = [expect_parts(layer, ("W", "b"), hint="One (W, b) a layer.") for layer in layers]
    return [tuple(np.asarray(part, dtype=float) for part in pair) for pair in pairs], np.asarray(history, dtype=float)


def _start_and_end(
    student: Student, X: Any, y: Any, sizes: list[int], seed: int, *, lr: float, **options: Any
) -> tuple[Any, Any, Any]:
    """Train twice, the first time without moving: return the parameters at the start, at the end, and the history."""
    start, _ = _train(student, X, y, sizes, seed, lr=0.0, **options)
    end, history = _train(student, X, y, sizes, seed, lr=lr, **options)
    moving = all(np.any(W) for W, _ in start)
    expect(moving, "Weights start at zero.", hint='Begin with init_layer(n_in, n_out, "he", rng).')
    return start, end, history


def _reference_step(optimizer: str, params: Any, grads: Any, state: Any, lr: float) -> Any:
    if optimizer == "sgd":
        return sgd_step(params, grads, lr), None
    steps: dict[str, Any] = {"momentum": momentum_step, "adam": adam_step, "nadam": nadam_step}
    return steps[optimizer](params, grads, state, lr)


def _regularised(params: Any, X: Any, y: Any, l2: float) -> Any:
    grads = _one_by_one(params, X, y)
    return [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads, strict=True)]


# The ways in which three examples can come in batches of two.
WAYS = [((1, 2), (0,)), ((0, 2), (1,)), ((0, 1), (2,))]


def _losses(params: Any, X: Any, y: Any) -> Any:
    """Return the cross-entropy of each example."""
    logits = np.array([_signal(params, x)[-1] for x in X])
    return np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]


def _flat(params: Any) -> np.ndarray:
    return np.concatenate([part.ravel() for layer in params for part in layer])


def _through(params: Any, X: Any, y: Any, batches: Any, l2: float = 0.0) -> tuple[np.ndarray, float]:
    """Step through batches with SGD, lr = 1: where it ends, and the mean of the losses, each before its step."""
    losses: list[float] = []
    for batch in batches:
        part, labels = X[list(batch)], y[list(batch)]
        losses += _losses(params, part, labels).tolist()
        params = sgd_step(params, _regularised(params, part, labels, l2), 1.0)
    return _flat(params), float(np.mean(losses))


def _nearest_way(start: Any, end: Any, X: Any, y: Any, l2: float) -> tuple[float, float]:
    """Find the way through three examples that leads nearest: how far from there, and its mean loss."""
    ends = [_through(start, X, y, way, l2) for way in WAYS]
    return min((float(np.abs(there - _flat(end)).max()), loss) for there, loss in ends)


@checks("train_mlp")
def training_starts_from_he(student: Student, rng: Rng) -> None:
    """Before any step the weights are He's, and the biases zero."""
    X, y = rng.normal(size=(4, 150)), rng.integers(20, size=4)
    seed = int(rng.integers(1000))
    params, _ = _train(student, X, y, [150, 60, 20], seed, epochs=1, batch_size=4, lr=0.0, optimizer="sgd", l2=0.0)
    for (W, b), n_in in zip(params, (150, 60), strict=True):
        hint = 'Begin with init_layer(n_in, n_out, "he", rng).'
        expect_close(np.std(W) * n_in**0.5, 2**0.5, hint=hint, what="The spread of W at the start", rtol=0.1)
        expect_close(b, np.zeros(len(b)), hint=hint, what="b at the start")


@checks("train_mlp")
def full_batches_go_where_the_optimiser_goes(student: Student, rng: Rng) -> None:
    """Four steps on the whole data end where the optimiser ends, with its state kept from step to step."""
    X, y = rng.normal(size=(8, 3)), rng.integers(2, size=8)
    for optimizer, lr in (("sgd", 0.3), ("momentum", 0.1), ("adam", 0.05), ("nadam", 0.05)):
        seed = int(rng.integers(1000))
        options = {"epochs": 4, "batch_size": 8, "optimizer": optimizer, "l2": 0.0}
        params, got, _ = _start_and_end(student, X, y, [3, 5, 2], seed, lr=lr, **options)
        state, descent = None, params
        for _ in range(4):
            params, state = _reference_step(optimizer, params, _regularised(params, X, y, 0.0), state, lr)
            descent = sgd_step(descent, _regularised(descent, X, y, 0.0), lr)
        hint = f'One step of optimizer="{optimizer}" for each batch, with lr, from where the step before has led.'
        if optimizer != "sgd":
            hint = f"{hint} Its state is kept for the whole training."
            if np.allclose(_flat(got), _flat(descent), rtol=1e-3, atol=2e-4):
                hint = (
                    f'Those are steps of plain descent: use optimizer="{optimizer}", and keep its state between steps.'
                )
        _expect_params(got, params, "at the end", hint, rtol=1e-3, atol=2e-4)


@checks("train_mlp")
def regulariser_pulls_weights_only(student: Student, rng: Rng) -> None:
    """With l2, λ W is added to each dW before the step, and nothing to db."""
    X, y = rng.normal(size=(8, 3)) + 1, rng.integers(2, size=8)
    for optimizer, lr in (("sgd", 0.3), ("adam", 0.05)):
        seed = int(rng.integers(1000))
        options = {"epochs": 4, "batch_size": 8, "optimizer": optimizer, "l2": 0.5}
        params, got, _ = _start_and_end(student, X, y, [3, 5, 2], seed, lr=lr, **options)
        state = None
        for _ in range(4):
            params, state = _reference_step(optimizer, params, _regularised(params, X, y, 0.5), state, lr)
        hint = "Add l2 * W to dW before the optimiser sees it; leave db alone; the factor is λ, not λ/2 and not λ/n."
        _expect_params(got, params, "at the end", hint, rtol=1e-3, atol=2e-4)
    # Of three examples, one comes in a batch of its own. Without l2 that may be wrong for other reasons.
    X, y, seed = rng.normal(size=(3, 2)) + 0.5, np.arange(3), int(rng.integers(1000))
    misses = []
    for l2 in (0.0, 0.5):
        options = {"epochs": 1, "batch_size": 2, "optimizer": "sgd", "l2": l2}
        start, end, _ = _start_and_end(student, X, y, [2, 4, 3], seed, lr=1.0, **options)
        misses.append(_nearest_way(start, end, X, y, l2)[0])
    hint = "Every step adds the whole λ W to dW, that of a short last batch too."
    lost = "With batches of two examples and one, no order of the examples leads to these weights."
    expect(misses[1] < 1e-3 or misses[0] > 1e-3, lost, hint=hint)


@checks("train_mlp")
def history_holds_the_losses(student: Student, rng: Rng) -> None:
    """history holds the mean cross-entropies before the steps, without the regulariser's part."""
    X, y = rng.normal(size=(8, 3)), rng.integers(2, size=8)
    seed = int(rng.integers(1000))
    options = {"epochs": 3, "batch_size": 8, "optimizer": "sgd", "l2": 0.5}
    params, _, history = _start_and_end(student, X, y, [3, 5, 2], seed, lr=0.3, **options)
    right = []
    for _ in range(3):
        right.append(np.mean(_losses(params, X, y)))
        params = sgd_step(params, _regularised(params, X, y, 0.5), 0.3)
    hint = "Take the cross-entropy of the logits from which the gradient is computed; l2 is not part of it."
    expect_close(history, right, hint=hint, what="history", rtol=1e-4)
    # Two batches: the second one's loss is measured where the first step has led.
    X, y = rng.normal(size=(3, 2)) + 0.5, np.arange(3)
    options = {"epochs": 1, "batch_size": 2, "optimizer": "sgd", "l2": 0.0}
    start, end, history = _start_and_end(student, X, y, [2, 4, 3], seed, lr=1.0, **options)
    miss, loss = _nearest_way(start, end, X, y, 0.0)
    hint = "Measure each batch's loss just before its own step, with the weights that the batch before it left."
    if miss < 1e-3:
        expect_close(history, [loss], hint=hint, what="history of one epoch with two batches", rtol=1e-4)


@checks("train_mlp")
def each_epoch_shuffles_anew(student: Student, rng: Rng) -> None:
    """Three examples in batches of two: each epoch makes a step for a pair and one for the third, drawn anew."""
    # Each epoch goes in one of three ways, each of which ends somewhere else: see which two they were.
    X, y = rng.normal(size=(3, 2)) + 0.5, np.arange(3)
    options = {"epochs": 2, "batch_size": 2, "optimizer": "sgd", "l2": 0.0}
    for seed in range(10):
        start, end, _ = _start_and_end(student, X, y, [2, 4, 3], seed, lr=1.0, **options)
        misses = {
            (i, j): np.abs(_through(start, X, y, WAYS[i] + WAYS[j])[0] - _flat(end)).max()
            for i, j in product(range(3), repeat=2)
        }
        hint = "Step once for each batch, the short last one too, each from the weights that the batch before it left."
        expect(min(misses.values()) < 1e-3, "No order of the examples leads to these weights.", hint=hint)
        first, second = min(misses, key=lambda way: misses[way])
        if first != second:
            return
    hint = "Shuffle in every epoch: go through Batches(…, rng=rng) anew, or draw a new permutation."
    expect(False, "All epochs have the same order.", hint=hint)


# labs/03_mlp/make_mlp.py


# PyTorch


def _network(make_mlp: Function, sizes: Any, X: Any) -> Any:
    """Return a network's weights and answers, in both modes, and those of a second network made alike."""
    import torch

    torch.manual_seed(0)
    model, other = make_mlp(sizes), make_mlp(sizes)
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    params = [(layer.weight.T, torch.zeros(1) if layer.bias is None else layer.bias) for layer in layers]
    images = torch.tensor(X, dtype=torch.float32)
    model.train()(images).sum().backward()
    reached = all(parameter.grad is not None for parameter in model.parameters() if parameter.requires_grad)
    count = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    return params, count, reached, model.train()(images), model.eval()(images), other.eval()(images)


@checks("make_mlp")
def network_computes_what_its_weights_say(student: Student, rng: Rng) -> None:
    """Networks of one to four layers, with the weights that they came with, give the right logits in both modes."""
    for sizes in SIZES:
        # The single example of the network of one layer is a row all the same.
        X = rng.normal(scale=3, size=(6 if len(sizes) > 2 else 1, sizes[0]))
        params, count, reached, training, judging, other = student.run(_network, sizes=sizes, X=X)
        right: Any = np.array([_signal(params, x)[-1] for x in X]) if len(params) == len(sizes) - 1 else None
        expect(right is not None, "There are more or fewer linear layers.", hint="One for each pair of neighbours.")
        hint = "Linear and ReLU in turn, and nothing after the last Linear: no dropout, no softmax."
        for got in (training, judging):
            expect_close(got, right, hint=hint, what="The output", rtol=1e-3, atol=1e-4)
        hint = "Weights and biases of the linear layers are all that there is to learn, and each of them is trained."
        right_count = sum((a + 1) * b for a, b in pairwise(sizes))
        expect_equal(count, right_count, hint=hint, what="The number of parameters that are trained")
        hint = "The way from a layer's weights to the logits is cut: no detach(), .data, .item() or numpy() in forward."
        expect(bool(reached), "Some weights get no gradient.", hint=hint)
        hint = "Make new layers every time, and leave the generator of random numbers alone: no manual_seed."
        expect(bool(np.any(np.asarray(other) != judging)), "Two networks have the same weights.", hint=hint)


# labs/03_mlp/train_epoch.py


def _epoch(train_epoch: Function, X: Any, y: Any, W: Any, b: Any, sizes: Any, options: Any) -> Any:
    """Train a linear layer for two epochs on a loader that is nothing but a generator."""
    import torch

    layer = torch.nn.Linear(*W.shape).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W.T))
        layer.bias.copy_(torch.tensor(b))
    images, labels = torch.tensor(X).split(sizes), torch.tensor(y).split(sizes)
    optimizer = torch.optim.SGD(layer.parameters(), **options)
    losses = [train_epoch(layer, (pair for pair in zip(images, labels, strict=True)), optimizer) for _ in range(2)]
    return losses, layer.weight.T, layer.bias


@checks("train_epoch")
def two_epochs_of_ragged_batches(student: Student, rng: Rng) -> None:
    """Two epochs over batches of 4, 1 and 3, with momentum, end at the right weights and have the right losses."""
    X, y = rng.normal(size=(8, 3)), rng.integers(4, size=8)
    params, state = _random_params(rng, [3, 4]), None
    options = {"lr": 0.2, "momentum": 0.5}
    W, b = params[0]
    losses, got_W, got_b = student.run(_epoch, X=X, y=y, W=W, b=b, sizes=[4, 1, 3], options=options)
    right = []
    for _ in range(2):
        total = 0.0
        for part in (slice(0, 4), slice(4, 5), slice(5, 8)):
            logits = np.array([_signal(params, x)[-1] for x in X[part]])
            total += sum(np.log(np.exp(row).sum()) - row[label] for row, label in zip(logits, y[part], strict=True))
            params, state = momentum_step(params, _one_by_one(params, X[part], y[part]), state, 0.2, gamma=0.5)
        right.append(total / 8)
    hint = "Use the optimiser that is given, once for each batch; weigh each batch's loss by its length."
    expect_close(got_W, params[0][0], hint=hint, what="The weight after two epochs", rtol=1e-4, atol=1e-6)
    expect_close(got_b, params[0][1], hint=hint, what="The bias after two epochs", rtol=1e-4, atol=1e-6)
    expect_close(losses, right, hint=hint, what="The list of both losses", rtol=1e-4)


# labs/03_mlp/evaluate.py


def _verdict(evaluate: Function, X: Any, y: Any, W: Any, b: Any, sizes: Any) -> Any:
    import torch

    layer = torch.nn.Linear(*W.shape).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W.T))
        layer.bias.copy_(torch.tensor(b))
    images, labels = torch.tensor(X).split(sizes), torch.tensor(y).split(sizes)
    with torch.enable_grad():
        return evaluate(layer, (pair for pair in zip(images, labels, strict=True)))


@checks("evaluate")
def ragged_batches_are_judged_right(student: Student, rng: Rng) -> None:
    """Batches of 5, 1 and 3 from a generator have the right loss and accuracy."""
    classes = np.arange(9) % 4
    # The largest of four probabilities may lie below one half.
    W, b = np.eye(4) + rng.normal(scale=0.1, size=(4, 4)), rng.normal(scale=0.1, size=4)
    X = np.eye(4)[classes] + rng.normal(scale=0.1, size=(9, 4))
    y = np.where(np.isin(np.arange(9), (5, 7, 8)), (classes + 1) % 4, classes)
    logits = np.array([_signal([(W, b)], x)[-1] for x in X])
    got = student.run(_verdict, X=X, y=y, W=W, b=b, sizes=[5, 1, 3])
    loss, accuracy = expect_parts(got, ("loss", "accuracy"), hint="Return loss, accuracy.")
    hint = "Add up over all examples, then divide by their number; the loader gives pairs and nothing else."
    losses = [np.log(np.exp(row).sum()) - row[label] for row, label in zip(logits, y, strict=True)]
    expect_close(loss, np.mean(losses), hint=hint, what="The loss", rtol=1e-4)
    expect_close(accuracy, np.mean(np.argmax(logits, axis=1) == y), hint=hint, what="The accuracy", rtol=1e-6)


# labs/03_mlp/read_the_log.py


@checks("read_the_log")
def layers_are_those_of_the_log(student: Student, rng: Rng) -> None:
    """The network has the layers of the one that made the log."""
    sizes = [int(size) for size in student.call("read_the_log")["sizes"]]
    hint = "How low does each suspect's training loss get, epoch by epoch? Too high and too low both rule it out."
    expect(sizes == [784, 128, 10], "Another network made the log.", hint=hint)


@checks("read_the_log")
def dropout_is_that_of_the_log(student: Student, rng: Rng) -> None:
    """The share of units dropped is that of the network that made the log."""
    hint = "Compare the last epoch with the test images. What makes a network look worse while it is trained?"
    expect(bool(abs(student.call("read_the_log")["dropout"] - 0.2) < 1e-6), "The dropout was another.", hint=hint)


@checks("read_the_log")
def optimiser_is_that_of_the_log(student: Student, rng: Rng) -> None:
    """The optimiser is the one that made the log."""
    hint = "Look at the first epoch: how far does each of the two get in 1,875 steps?"
    expect(str(student.call("read_the_log")["optimizer"]).lower() == "adam", "It was another optimiser.", hint=hint)
