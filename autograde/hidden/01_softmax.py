# Built by `coursekit build` from labs/01_softmax/. Edit the files there, not this one.
"""Hidden checks of lab 01: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations, product
from typing import Any

import numpy as np

from coursekit.checking import Student, checks, expect, expect_close, expect_parts, expect_shape

Rng = np.random.Generator
Function = Callable[..., Any]

#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}


# labs/01_softmax/scores.py


def scores(W: Any, b: Any, X: Any) -> Any:
    """Return the (n, k) scores X W + b."""
    return np.einsum("nd,dk->nk", X, W) + b


@checks("scores")
def scores_of_random_examples(student: Student, rng: Rng) -> None:
    """Random scores are right at rectangular sizes, down to a single example, and with square weights."""
    for n, d, k in ((6, 5, 3), (1, 5, 3), (2, 4, 4)):
        W, b, X = rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(n, d))
        got = student.call("scores", W, b, X)
        single = "One example has one row of scores, (1, k): squeeze() takes away every axis of length 1."
        expect_close(
            got,
            scores(W, b, X),
            hint=single
            if np.ndim(got) < 2
            else "Try sizes n, d, k that all differ, and as many classes as features: the product is X @ W there too.",
            rtol=1e-5,
            atol=1e-5,
        )


# labs/01_softmax/hinge_loss.py


@checks("hinge_loss")
def hinge_of_random_examples(student: Student, rng: Rng) -> None:
    """Random scores have the right loss, for square batches too."""
    for n, k in ((7, 4), (4, 4), (1, 3), (5, 2)):
        S, y = rng.normal(scale=2, size=(n, k)), rng.integers(k, size=n)
        terms = [max(0.0, S[i, j] - S[i, y[i]] + 1.5) for i in range(n) for j in range(k) if j != y[i]]
        got = student.call("hinge_loss", S, y, 1.5)
        by_classes = "That is the sum divided by the number of classes: take the mean over the examples."
        expect_close(
            got,
            sum(terms) / n,
            hint="Write the two loops over i and j, and compare.",
            rtol=1e-5,
            atol=1e-5,
            mistakes={by_classes: sum(terms) / k},
        )


# labs/01_softmax/softmax.py


def softmax(Z: Any) -> Any:
    """Return the (n, k) probabilities of each row of scores."""
    Z = np.asarray(Z, dtype=float)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@checks("softmax")
def softmax_of_random_scores(student: Student, rng: Rng) -> None:
    """Random scores, whole numbers among them, get the right probabilities at every size."""
    sizes = rng.normal(scale=3, size=(6, 4)), rng.normal(size=(1, 7)), rng.normal(size=(3, 2))
    for Z in (*sizes, rng.integers(-5, 5, size=(4, 4))):
        expect_close(student.call("softmax", Z), softmax(Z), hint="Compare with torch.softmax(Z, dim=1).", rtol=1e-5)


@checks("softmax")
def softmax_of_rows_far_apart(student: Student, rng: Rng) -> None:
    """Rows whose scores lie thousands apart do not spoil each other."""
    # Eighths are exact in float32 even at 5000, so an answer in float32 is right here too.
    # A logarithm of a sum is not, so the calls are too large to be made again in float32.
    Z = rng.integers(-16, 16, size=(5, 9)) / 8 + np.array([[-5000.0], [-40.0], [0.0], [40.0], [5000.0]])
    expect_close(
        student.call("softmax", Z),
        softmax(Z),
        hint="Subtract each row's own maximum, not the whole matrix's.",
        rtol=1e-5,
    )
    hint = "Subtract each row's own maximum in every batch: exp(-5000) is 0, and 0 / 0 is nan."
    expect_close(student.call("softmax", Z[:3]), softmax(Z[:3]), hint=hint, rtol=1e-5)


# labs/01_softmax/cross_entropy.py


def cross_entropy(P: Any, y: Any) -> Any:
    """Return the mean of minus the logarithm of the true classes' probabilities."""
    return -np.mean([np.log(row[label]) for row, label in zip(P, y, strict=True)])


@checks("cross_entropy")
def loss_of_random_guesses(student: Student, rng: Rng) -> None:
    """Random probabilities have the right loss, for one example and for many."""
    for n, k in ((9, 4), (5, 5), (1, 3)):
        P, y = rng.dirichlet(np.ones(k), size=n), rng.integers(k, size=n)
        expect_close(
            student.call("cross_entropy", P, y),
            cross_entropy(P, y),
            hint="Compare with a loop over i.",
            rtol=1e-5,
            atol=1e-5,
        )


@checks("cross_entropy")
def unlikely_classes_cost_much(student: Student, rng: Rng) -> None:
    """A true class with the probability 0.0001 loses 9.21, not what some larger number would lose."""
    P, y = np.array([[1e-4, 0.9999], [0.0, 1.0]]), np.array([0, 1])
    got = student.call("cross_entropy", P, y)
    hint = "If you keep the logarithm away from 0, use a far smaller number, such as 1e-12."
    if np.shape(got) == () and np.isnan(np.asarray(got, dtype=float)):
        hint = "The wrong class may have probability 0, and 0 · log 0 is nan: pick the true class's, P[i, y[i]]."
    expect_close(got, cross_entropy(P, y), hint=hint, rtol=1e-4)


# labs/01_softmax/numeric_gradient.py


def _waves(numeric_gradient: Function, x: Any) -> Any:
    seen = []

    def f(v: Any) -> float:
        seen.append(np.shape(v))
        return float(np.sin(v).sum() + np.prod(v))

    return numeric_gradient(f, x), seen


@checks("numeric_gradient")
def gradient_of_waves(student: Student, rng: Rng) -> None:
    """The gradient of a curved function is right for arrays of one, two and three axes."""
    for shape in ((4,), (2, 3), (2, 2, 2)):
        x = rng.uniform(0.5, 1.5, size=shape)
        gradient, seen = student.run(_waves, x=x)
        hint = "np.ndindex(x.shape) walks through an array of any shape."
        # A one-sided difference passes here, always: that mistake is another check's.
        expect_close(gradient, np.cos(x) + np.prod(x) / x, hint=hint, rtol=1e-5, atol=1e-5)
        expect(set(seen) == {shape}, "f gets arrays of another shape.", hint="Give f the whole array, one entry moved.")


# labs/01_softmax/softmax_gradient.py

STAND_INS["softmax_gradient"] = (scores, softmax, cross_entropy)


def softmax_gradient(W: Any, b: Any, X: Any, y: Any, l2: Any) -> Any:
    """Return the regularised loss, dW and db."""
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(np.square(W))
    D = (P - np.eye(P.shape[1])[np.asarray(y, dtype=int)]) / len(X)
    return loss, np.einsum("nd,nk->dk", X, D) + l2 * W, D.sum(axis=0)


@checks("softmax_gradient")
def gradient_of_random_examples(student: Student, rng: Rng) -> None:
    """Loss and gradients are right at random rectangular and square sizes."""
    for n, d, k, l2 in ((6, 5, 3, 0.0), (3, 3, 3, 0.7), (1, 4, 2, 0.1)):
        inputs = rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(n, d)), rng.integers(k, size=n), l2
        got = expect_parts(student.call("softmax_gradient", *inputs), ("loss", "dW", "db"), hint="Return loss, dW, db.")
        for value, right in zip(got, softmax_gradient(*inputs), strict=True):
            expect_close(value, right, hint="Compare dW and db with your numeric_gradient.", rtol=1e-4, atol=1e-6)


# labs/01_softmax/minibatches.py


def minibatches(X: Any, y: Any, batch_size: int, rng: Rng) -> Any:
    """Return an epoch of shuffled batches."""
    order = rng.permutation(len(X))
    pieces = [order[i : i + batch_size] for i in range(0, len(X), batch_size)]
    return [(X[piece], y[piece]) for piece in pieces]


def _epoch(minibatches: Function, X: Any, y: Any, batch_size: int, seed: int) -> Any:
    return [(a, b) for a, b in minibatches(X, y, batch_size, np.random.default_rng(seed))]


@checks("minibatches")
def batches_of_every_size(student: Student, rng: Rng) -> None:
    """Batches of one, of all examples, and larger than the data are right too."""
    X, y = rng.normal(size=(6, 2, 2)), rng.integers(3, size=6)
    X[:, 0, 0] = range(6)
    for batch_size, sizes in ((1, [1] * 6), (6, [6]), (50, [6]), (3, [3, 3])):
        got = student.run(_epoch, X=X, y=y, batch_size=batch_size, seed=7)
        seen = [len(labels) for _, labels in got]
        expect(seen == sizes, "The batches have the wrong sizes.", hint="range(0, n, batch_size) gives their starts.")
        labels = np.concatenate([np.asarray(labels) for _, labels in got])
        whole = labels.dtype.kind in "iu"
        hint = "Labels are whole numbers, and pick entries: one array for X and y makes floats of them, which cannot."
        expect(whole, "The labels are no whole numbers any more.", hint=hint)
        images = np.concatenate([np.asarray(images) for images, _ in got])
        expect_shape(images, X.shape, hint="X keeps its other axes.")
        rows = images[:, 0, 0].astype(int)
        expect_close(sorted(rows), range(6), hint="Every example comes once per epoch.")
        expect_close(images, X[rows], hint="X keeps its other axes.")
        expect_close(labels, y[rows], hint="Index X and y with the same row numbers: several rows may have one label.")


def _labels_of_epochs(minibatches: Function, X: Any, y: Any, batch_size: int, seed: int, epochs: int) -> Any:
    rng = np.random.default_rng(seed)
    return [[[int(i) for i in labels] for _, labels in minibatches(X, y, batch_size, rng)] for _ in range(epochs)]


@checks("minibatches")
def batches_mix_the_examples(student: Student, rng: Rng) -> None:
    """No batch is a run of neighbours: the examples are shuffled before they are cut into batches."""
    X, y = rng.normal(size=(40, 2)), np.arange(40)
    for _, labels in student.run(_epoch, X=X, y=y, batch_size=8, seed=int(rng.integers(1000))):
        run = np.ptp(labels) == len(labels) - 1
        expect(not run, "A batch is a run of neighbours.", hint="Shuffle the examples first, then cut into batches.")
    # Each of eight examples misses one of these batches in 100 epochs by chance once in 10¹¹ times.
    X, seed = rng.normal(size=(8, 5)), int(rng.integers(1000))
    epochs = student.run(_labels_of_epochs, X=X, y=np.arange(8), batch_size=3, seed=seed, epochs=100)
    for place, name in ((0, "first"), (-1, "last")):
        hint = f"In 100 epochs some example never comes in the {name} batch: shuffle all rows, the last ones too."
        seen = {label for epoch in epochs for label in epoch[place]}
        expect(seen == set(range(8)), "An example stays where it is.", hint=hint)


# labs/01_softmax/train_softmax.py

STAND_INS["train_softmax"] = (scores, softmax, cross_entropy, softmax_gradient, minibatches)


def _trained(train_softmax: Function, X: Any, y: Any, n_classes: int, seed: int, options: Any) -> Any:
    return train_softmax(X, y, n_classes, rng=np.random.default_rng(seed), **options)


def _train(student: Student, X: Any, y: Any, n_classes: int, seed: int, **options: float) -> tuple[Any, ...]:
    got = student.run(_trained, X=X, y=y, n_classes=n_classes, seed=seed, options=options)
    return expect_parts(got, ("W", "b"), hint="Return W, b.")


@checks("train_softmax")
def training_finds_the_minimum(student: Student, rng: Rng) -> None:
    """With a regulariser and full batches, training ends where the gradient is zero."""
    # Eight examples of each class: the rarer a class, the slower is the way to the minimum.
    X, y = rng.normal(size=(24, 3)), rng.permutation(np.repeat(np.arange(3), 8))
    W, b = _train(student, X, y, 3, 1, epochs=400, batch_size=24, lr=0.5, l2=0.1)
    _, dW, db = softmax_gradient(np.asarray(W), np.asarray(b), X, y, 0.1)
    hint = "Pass l2 on to softmax_gradient; subtract lr times the gradient from W and from b."
    expect_close(dW, np.zeros((3, 3)), hint=hint, what="The gradient at the end", atol=1e-3)
    expect_close(db, np.zeros(3), hint=hint, what="The bias gradient at the end", atol=1e-3)


@checks("train_softmax")
def every_batch_makes_a_step(student: Student, rng: Rng) -> None:
    """Each batch of each epoch makes one step, of the size that lr says."""
    # With inputs of zero and all labels alike, every step moves b by the same rule whatever the batches hold.
    X, y = np.zeros((10, 2)), np.zeros(10, dtype=int)
    _, b = _train(student, X, y, 2, 2, epochs=3, batch_size=4, lr=0.5, l2=0.0)
    right = np.zeros(2)
    for _ in range(9):
        right = right - 0.5 * (softmax(right[None])[0] - [1.0, 0.0])
    hint = "Step once for each batch, in each epoch: two nested loops. A short batch is a mean over its own examples."
    expect_close(np.subtract(b[0], b[1]), right[0] - right[1], hint=hint, what="The bias", rtol=0.05)


def _one_by_one(W: Any, b: Any, X: Any, y: Any, order: Iterable[int]) -> Any:
    """Step through examples with lr = 1 and l2 = 0.3 in an order; return the weights, the bias beneath them."""
    for i in order:
        _, dW, db = softmax_gradient(W, b, X[[i]], y[[i]], 0.3)
        W, b = W - dW, b - db
    return np.vstack([W, b])


@checks("train_softmax")
def each_epoch_shuffles_anew(student: Student, rng: Rng) -> None:
    """With batches of one, every epoch steps through the examples one by one, in an order of its own."""
    # Two epochs over three examples can go in 36 ways, each with an end of its own: see which one it was.
    X, y = rng.normal(size=(3, 2)), np.arange(3)
    ways = list(product(permutations(range(3)), repeat=2))
    for seed in range(10):
        (W, b), end = (
            [np.asarray(part) for part in _train(student, X, y, 3, seed, epochs=2, batch_size=1, lr=lr, l2=0.3)]
            for lr in (0.0, 1.0)
        )
        expect_shape(end[0], (2, 3), hint="W is (d, n_classes).")
        misses = [np.abs(_one_by_one(W, b, X, y, [*one, *two]) - np.vstack(end)).max() for one, two in ways]
        hint = "Take each batch's gradient, with all of l2 in it, at the weights that the batch before it left."
        expect(bool(min(misses) < 1e-3), "No order of the examples leads to these weights.", hint=hint)
        one, two = ways[int(np.argmin(misses))]
        if one != two:
            return
    expect(False, "All epochs have the same order.", hint="Shuffle in every epoch: call minibatches within the loop.")


@checks("train_softmax")
def training_starts_near_zero(student: Student, rng: Rng) -> None:
    """Before any step, W and b are zeros or small."""
    # Far from zero, so that a gradient is not small either.
    X, y = rng.normal(scale=10, size=(6, 4)), rng.permutation(np.arange(6) % 3)
    W, b = _train(student, X, y, 3, 3, epochs=1, batch_size=6, lr=0.0, l2=0.0)
    expect_shape(W, (4, 3), hint="W is (d, n_classes).")
    size = max(np.abs(W).max(), np.abs(b).max())
    expect(bool(size <= 0.2), "The weights start too large.", hint="Start from zeros or 0.01 * rng.normal(...).")


# labs/01_softmax/predict.py

STAND_INS["predict"] = (scores, softmax)


@checks("predict")
def labels_of_random_examples(student: Student, rng: Rng) -> None:
    """Random examples get the right labels, for square batches too."""
    for n, d, k in ((8, 5, 3), (4, 4, 4), (1, 2, 6), (9, 3, 2)):
        W, b, X = rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(n, d))
        right = [int(np.argmax(row)) for row in scores(W, b, X)]
        expect_close(student.call("predict", W, b, X), right, hint="Scores first, X @ W + b; then argmax, axis=1.")
        hint = (
            "All scores of a row may be below zero: its highest one counts all the same. Compare with no fixed number."
        )
        expect_close(student.call("predict", W, b - 20, X), right, hint=hint)
    X = np.array([[2.0, 1.0], [1.0, 2.0], [-2.0, -1.0], [-1.0, -2.0]])
    hint = "Two classes have two columns of scores, and the higher one wins: no sign decides."
    expect_close(student.call("predict", np.eye(2), np.zeros(2), X), [0, 1, 1, 0], hint=hint)
    X = rng.normal(size=(20, 2))
    hint = "The highest score may be ahead by little, 0.2001 beside 0.2: round none."
    expect_close(student.call("predict", np.zeros((2, 3)), np.array([0.2, 0.2001, 0.1]), X), np.ones(20), hint=hint)
    # Of a hundred classes and more; one byte still holds them.
    best = rng.integers(100, 120, size=20)
    hint = "There may be a hundred classes and more: compare all columns of the scores."
    expect_close(student.call("predict", np.eye(120), np.zeros(120), np.eye(120)[best]), best, hint=hint)
    tied = student.call("predict", np.zeros((2, 3)), np.array([1.0, 2.0, 2.0]), X)
    hint = "Where two classes share the highest score, choose either one: each example has one label."
    expect_shape(tied, (20,), hint=hint)
    expect(bool(np.isin(tied, [1, 2]).all()), "A label is not that of a highest score.", hint=hint)


@checks("predict")
def labels_of_whole_numbers(student: Student, rng: Rng) -> None:
    """Examples of whole numbers, of an integer dtype, have scores with decimals, and the labels of those."""
    W, b = np.array([[0.25, 0.75, 0.5], [0.5, 0.0, 0.75]]), np.array([0.0, 0.125, 0.0])
    hint = "Scores are no whole numbers, even if the examples are: do not store them in an array of X's dtype."
    expect_close(student.call("predict", W, b, np.eye(2, dtype=np.int64)), [1, 2], hint=hint)
