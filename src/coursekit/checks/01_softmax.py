# Built by `coursekit build` from labs/01_softmax/. Edit the files there, not this one.
"""Visible checks of lab 01: linear classifiers and softmax.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slides'" are those of the lecture decks that the course grew from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_equal,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_own_memory,
    expect_parts,
    expect_shape,
    forms,
)

Rng = np.random.Generator
Function = Callable[..., Any]

# Three examples of two features, three classes: square on purpose, so that a bias added to the wrong axis shows.
X_SMALL = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
W_SMALL = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."


def _finite(values: Any) -> bool:
    """Tell whether an answer holds nothing but finite numbers, so that a hint can speak of overflow or not."""
    try:
        return bool(np.isfinite(np.asarray(values, dtype=float)).all())
    except (TypeError, ValueError):
        return False


#: What each exercise is worth, in the order of the lab.
POINTS = {
    "scores": 1,
    "hinge_loss": 2,
    "softmax": 3,
    "cross_entropy": 2,
    "numeric_gradient": 2,
    "softmax_gradient": 4,
    "minibatches": 2,
    "train_softmax": 3,
    "predict": 1,
}
#: The input with which questions about one's own code are asked, by exercise.
ASKED = {
    "hinge_loss": """
S = np.array([[5.0, 3.0, 1.0, 3.0], [2.0, 6.0, 4.0, 5.0]])
y = np.array([1, 2])
hinge_loss(S, y)
""",
    "softmax": """
Z = np.array([[2.0, 4.0, 1.0], [0.0, 1.0, 3.0]])
softmax(Z)
""",
    "numeric_gradient": """
n = 3
x = np.arange(1.0, 2 * n + 1).reshape(2, n)
numeric_gradient(lambda x: (x[0] * x[1] ** 2).sum(), x)
""",
    "softmax_gradient": """
W, b = np.array([[0.5, -1.0, 0.2], [1.0, 0.3, -0.5]]), np.array([0.1, -0.2, 0.3])
X = np.array([[1.0, 2.0], [3.0, 0.5], [1.0, 1.0], [-1.0, 2.0]])
y = np.array([0, 2, 1, 2])
softmax_gradient(W, b, X, y, 0.1)
""",
    "minibatches": """
n = 5
X, y = np.arange(3.0 * n).reshape(n, 3), np.arange(n)
list(minibatches(X, y, 2, np.random.default_rng(0)))
""",
}


# labs/01_softmax/scores.py

B_SMALL = np.array([10.0, 20.0, 30.0])


@checks("scores")
def scores_of_three_examples(student: Student, rng: Rng) -> None:
    """Three examples get the scores worked out by hand."""
    expect_close(
        student.call("scores", W_SMALL, B_SMALL, X_SMALL),
        [[15.0, 22.0, 29.0], [21.0, 24.0, 27.0], [27.0, 26.0, 25.0]],
        hint="Examples are rows: X is (n, d), W is (d, k), so the product is X @ W. Then b is added to every row.",
        mistakes={
            "The bias is missing: add b.": [[5, 2, -1], [11, 4, -3], [17, 6, -5]],
            "b was subtracted: add it.": [[-5, -18, -31], [1, -16, -33], [7, -14, -35]],
            "Every score got the sum of all biases: b[j] goes to column j alone.": (
                [[65, 62, 59], [71, 64, 57], [77, 66, 55]]
            ),
            "Every score got the first bias: b[j] goes to column j.": [[15, 12, 9], [21, 14, 7], [27, 16, 5]],
            "The rows are columns: examples are rows, so the product is X @ W, without a transpose.": (
                [[15, 31, 47], [12, 24, 36], [9, 17, 25]]
            ),
            "The bias belongs to the classes: b[j] goes to column j, not to row j.": [
                [15, 12, 9],
                [31, 24, 17],
                [47, 36, 25],
            ],
        },
    )
    expect_close(
        student.call("scores", W_SMALL / 8, B_SMALL / 8, X_SMALL),
        [[1.875, 2.75, 3.625], [2.625, 3.0, 3.375], [3.375, 3.25, 3.125]],
        hint="With weights and biases of an eighth, scores are an eighth: round nothing, and keep fractions.",
    )


@checks("scores")
def scores_have_a_row_an_example(student: Student, rng: Rng) -> None:
    """Five examples and four classes give a (5, 4) array of scores."""
    got = student.call("scores", rng.normal(size=(7, 4)), rng.normal(size=4), rng.normal(size=(5, 7)))
    expect_shape(got, (5, 4), hint="One row per example, one column per class.")


@checks("scores")
def scores_leave_their_inputs_alone(student: Student, rng: Rng) -> None:
    """W, b and X are what they were before the call."""
    got = student.call("scores", W_SMALL, B_SMALL, X_SMALL)
    expect_shape(got, (3, 3), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


scores_in_other_forms = forms("scores", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/01_softmax/hinge_loss.py

# Rows lose 2.9, 0 and 2. The first holds the slides' scores 3.2, 5.1, -1.7.
S_HINGE = np.array([[3.2, 5.1, -1.7], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
Y_HINGE = np.array([0, 2, 1])
TRUE_CLASS_COUNTED = "The true class takes part: leave j = y out of the sum, or take its margin off again."


@checks("hinge_loss")
def hinge_of_three_examples(student: Student, rng: Rng) -> None:
    """Examples that lose 2.9, 0 and 2 have the mean loss 4.9 / 3."""
    expect_close(
        student.call("hinge_loss", S_HINGE, Y_HINGE),
        4.9 / 3,
        hint="Add max(0, s_j - s_y + margin) over the wrong classes j, with the true class's score s_y = S[i, y[i]], "
        "whichever is the best; then take the mean over the examples.",
        what="The loss",
        mistakes={
            TRUE_CLASS_COUNTED: 7.9 / 3,
            "That is the sum: take the mean over the examples.": 4.9,
            "That is the sum with the true class in it: leave j = y out and take the mean.": 7.9,
            "The slide lost a minus sign: the loss compares s_j - s_y, not s_j times s_y.": 30.32 / 3,
            "That divides by the classes as well: sum over the classes, mean over the examples.": 4.9 / 9,
            "Only the best wrong class counts there: add over all wrong classes.": 3.9 / 3,
            "The true scores were taken for a row: S[rows, y] has the shape (n,), make it a column, [:, None].": (
                4.1 / 3
            ),
            "That loss is squared: the hinge is max(0, s_j - s_y + margin) itself.": (2.9**2 + 2.0) / 3,
            "The difference is turned around: a wrong class costs s_j - s_y + margin, not s_y - s_j + margin.": 12.9
            / 3,
        },
    )


@checks("hinge_loss")
def hinge_uses_its_margin(student: Student, rng: Rng) -> None:
    """With a margin of 2 the three examples lose 3.9, 1 and 4."""
    expect_close(
        student.call("hinge_loss", S_HINGE, Y_HINGE, margin=2.0),
        8.9 / 3,
        hint="First get the loss with the margin 1 right, in the check above; then margin takes the place of that 1.",
        what="The loss",
        mistakes={
            TRUE_CLASS_COUNTED: 14.9 / 3,
            "That is the loss with a margin of 1: use the argument margin.": 4.9 / 3,
            "That is the sum: take the mean over the examples.": 8.9,
        },
    )
    half = student.call("hinge_loss", S_HINGE, Y_HINGE, margin=0.5)
    expect_close(half, 3.4 / 3, hint="The margin need not be a whole number.", what="The loss with a margin of 0.5")


@checks("hinge_loss")
def hinge_is_zero_past_the_margin(student: Student, rng: Rng) -> None:
    """A true class ahead of all others by more than the margin loses nothing."""
    right = np.array([2, 0, 1, 3])
    scores = rng.normal(scale=0.1, size=(4, 5))
    scores[np.arange(4), right] += 10
    expect_close(
        student.call("hinge_loss", scores, right),
        0.0,
        hint="max(0, ·) belongs around each wrong class's term, before they are added.",
        what="The loss",
        mistakes={TRUE_CLASS_COUNTED: 1.0},
    )
    loss = student.call("hinge_loss", scores, (right + 1) % 5)
    expect(
        bool(np.all(np.asarray(loss) > 9)),
        "Wrong labels lose too little.",
        got=loss,
        hint="Compare each score with S[i, y[i]].",
    )


@checks("hinge_loss")
def hinge_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """S and y are what they were before the call."""
    got = student.call("hinge_loss", S_HINGE, Y_HINGE)
    expect_shape(got, (), hint=RIGHT_FIRST, what="The loss")
    expect(bool(got > 0), "The loss of these examples is above zero.", got=got, hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


hinge_loss_in_other_forms = forms("hinge_loss", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/01_softmax/softmax.py

# exp([0, 1, 2]) divided by its sum: what each row of [[1, 2, 3], [4, 5, 6]] becomes.
STEP_ROW = np.array([0.09003057317038046, 0.24472847105479764, 0.6652409557748219])


@checks("softmax")
def softmax_of_the_slide(student: Student, rng: Rng) -> None:
    """The slides' scores 2, 4, 1, 0 become the probabilities that e², e⁴, e¹, e⁰ stand for."""
    expect_close(
        student.call("softmax", np.array([[2.0, 4.0, 1.0, 0.0]])),
        [[0.112457213671, 0.830952660544, 0.041370696921, 0.015219428864]],
        hint="Divide each exp(z_j) by the sum of all exp(z_j) in its row.",
        mistakes={
            "Softmax was applied twice: exp once, divide once.": [
                [0.204496214583, 0.419492191365, 0.190463951933, 0.185547642120]
            ],
            "Columns were normalised: classes are columns, so sum over axis=1.": [[1.0, 1.0, 1.0, 1.0]],
            "Those are powers of 2: use np.exp.": [[4 / 23, 16 / 23, 2 / 23, 1 / 23]],
            "The scores themselves were divided by their sum: exp comes first.": [[2 / 7, 4 / 7, 1 / 7, 0.0]],
            "The sign is turned: exp(z), not exp(-z), so that the highest score has the highest probability.": (
                [[0.088946817, 0.012037643, 0.241782517, 0.657233023]]
            ),
            "That is the sigmoid of each score by itself: divide exp(z_j) by the sum over its row.": (
                [[0.880797078, 0.982013790, 0.731058579, 0.5]]
            ),
            "Those are the logarithms of the probabilities.": np.log(
                [[0.112457213671, 0.830952660544, 0.041370696921, 0.015219428864]]
            ),
            "Those are rounded to three decimals: return what comes out.": [[0.112, 0.831, 0.041, 0.015]],
            "The maximum was subtracted after exp: subtract it from the scores, np.exp(Z - …).": [
                [0.068182734704, 1.017959024430, -0.025786250656, -0.060355508478]
            ],
        },
    )


@checks("softmax")
def rows_are_distributions(student: Student, rng: Rng) -> None:
    """Every row of softmax(Z) is a probability distribution."""
    got = student.call("softmax", rng.normal(size=(8, 10)))
    expect_shape(got, (8, 10), hint="Return one row per example, one column per class.")
    expect_close(
        np.sum(got, axis=1),
        np.ones(8),
        hint="The sum of all rows together is 1: each row is divided by its own sum, axis=1, keepdims=True."
        if abs(float(np.sum(got)) - 1) < 1e-5
        else "Normalise over classes, axis=1: each row on its own.",
        what="The row sum",
    )


@checks("softmax")
def rows_do_not_mix(student: Student, rng: Rng) -> None:
    """The rows of [[1, 2, 3], [4, 5, 6]] become the same distribution: a row sees only itself."""
    # The first mistake is the slides' own code, which divides by the sum of the whole matrix.
    expect_close(
        student.call("softmax", np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])),
        [STEP_ROW, STEP_ROW],
        hint="Normalise each row on its own: axis=1.",
        mistakes={
            "The whole matrix was normalised at once, as on the slide: sum over axis=1, keepdims=True.": [
                [0.004269778545, 0.011606461431, 0.031549633201],
                [0.085760794625, 0.233122009624, 0.633691322574],
            ],
            "Columns were divided by their sums: classes are columns, so sum over axis=1.": [[0.5] * 3] * 2,
            "Columns were normalised: classes are columns, so sum over axis=1.": [
                [0.047425873178] * 3,
                [0.952574126822] * 3,
            ],
        },
    )


@checks("softmax")
def square_batches_keep_their_rows(student: Student, rng: Rng) -> None:
    """With as many examples as classes, each row still is divided by its own sum."""
    got = student.call("softmax", np.log([[1.0, 2.0, 1.0], [6.0, 1.0, 1.0], [1.0, 3.0, 6.0]]))
    expect_close(
        got,
        [[0.25, 0.5, 0.25], [0.75, 0.125, 0.125], [0.1, 0.3, 0.6]],
        hint="A sum of shape (n,) divides columns: keep the axis with keepdims=True to divide rows.",
    )


@checks("softmax")
def huge_scores_stay_finite(student: Student, rng: Rng) -> None:
    """Scores of 2000 or -2000 give the same distribution as small ones, also side by side, and no warning."""
    Z = [[0.0, 1.0, 2.0], [2000.0, 2001.0, 2002.0], [-2002.0, -2001.0, -2000.0], [-2000.0, 0.0, 2000.0]]
    got = student.call("softmax", np.array(Z))
    overflow = (
        "exp(2000) is more than a float holds, and a row of exp(-2000) is zeros, of which 0 / 0 comes. Subtract each "
        "row's own maximum before exp: the ratio stays the same."
    )
    differences = (
        "Only differences within a row count: 2000, 2001, 2002 have the probabilities of 0, 1, 2. Subtract each row's "
        "own maximum before exp; clip and round nothing."
    )
    hint = differences if _finite(got) else overflow
    expect_close(got, np.array([STEP_ROW, STEP_ROW, STEP_ROW, [0.0, 0.0, 1.0]]), hint=hint)
    expect_no_warning(student, hint=overflow)


@checks("softmax")
def softmax_leaves_its_input_alone(student: Student, rng: Rng) -> None:
    """Z is what it was before the call, and the result is an array of its own."""
    got = student.call("softmax", rng.normal(size=(3, 4)))
    expect_close(np.sum(got), 3.0, hint=RIGHT_FIRST, what="The sum of three distributions", rtol=1e-5)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


softmax_in_other_forms = forms("softmax", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/01_softmax/cross_entropy.py

LOG2 = "That is log base 2: use the natural logarithm, np.log."


def _ten_digits() -> tuple[np.ndarray, np.ndarray]:
    """Build the slides' batch of ten digits: the true class has .2, 1, .7, .9, .9, 1, 1, 1, .9, 1."""
    labels = np.array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    chances = np.array([0.2, 1.0, 0.7, 0.9, 0.9, 1.0, 1.0, 1.0, 0.9, 1.0])
    P = np.zeros((10, 10))
    P[np.arange(10), (labels + 1) % 10] = 1 - chances
    P[np.arange(10), labels] = chances
    return P, labels


@checks("cross_entropy")
def loss_of_the_slide(student: Student, rng: Rng) -> None:
    """A true class with probability 0.20 loses -ln 0.20 = 1.6094."""
    expect_close(
        student.call("cross_entropy", np.array([[0.20, 0.25, 0.55]]), np.array([0])),
        1.6094379124341003,
        hint="Pick the probability of the true class, P[i, y[i]], and take minus its natural logarithm.",
        what="The loss",
        mistakes={
            LOG2: 2.321928094887362,
            "That is log base 10: use the natural logarithm, np.log.": 0.6989700043360187,
            "The sign is missing: the loss is minus the logarithm.": -1.6094379124341003,
            "That is the loss divided by the number of classes: take the mean over the examples alone.": (
                1.6094379124341003 / 3
            ),
            "That is what the most likely class would cost: the true class is y[i].": 0.5978370007556204,
            "Wrong classes were counted too, with -ln(1 - p): only the true class counts.": 2.695627681103653,
            "P holds probabilities already: softmax is not needed here.": 1.2442521814071255,
            "That is 1 - p: take minus the logarithm of p.": 0.8,
            "That is one number for each example, (n,): take the mean.": [1.6094379124341003],
        },
    )


@checks("cross_entropy")
def loss_of_ten_digits(student: Student, rng: Rng) -> None:
    """The slides' ten digits lose 0.228219 on average, and their certain zeros raise no warning."""
    P, y = _ten_digits()
    total = -(np.log(0.2) + np.log(0.7) + 3 * np.log(0.9))
    got = student.call("cross_entropy", P, y)
    zeros = (
        "Only the true class counts. Multiplying all of log P by a one-hot y meets 0 · log 0 = nan: pick P[i, y[i]]."
    )
    hint = zeros if not _finite(got) else "Pick each example's P[i, y[i]], take minus its logarithm, and then the mean."
    if np.shape(got) == () and np.isposinf(np.asarray(got, dtype=float)):
        hint = (
            "inf is minus the logarithm of a 0, and no true class has the probability 0 here: pick P[i, y[i]] first, "
            "row i and column y[i], then take its logarithm."
        )
    expect_close(
        got,
        total / 10,
        hint=hint,
        what="The loss",
        mistakes={
            "That is the sum: take the mean over the examples.": total,
            "That is the logarithm of the mean: first the logarithms, then their mean.": -np.log(0.86),
            LOG2: total / 10 / np.log(2),
            "That is the first example's loss, divided by the number of examples: does return stand inside the loop?": (
                -np.log(P[0, y[0]]) / 10
            ),
            "That is the last example's loss, divided by the number of examples: add up with +=.": (
                -np.log(P[9, y[9]]) / 10
            ),
        },
    )
    hint = zeros
    expect_no_warning(student, hint=hint)
    hint = "P holds zeros here. np.clip(P, …, out=P) and P[P == 0] = … write into the caller's array: leave P as it is."
    expect_inputs_unchanged(student, hint=hint)


@checks("cross_entropy")
def each_example_has_its_own_label(student: Student, rng: Rng) -> None:
    """Example i is judged by its own label y[i], in a batch with as many examples as classes."""
    P = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.5, 0.25, 0.25]])
    expect_close(
        student.call("cross_entropy", P, np.array([1, 0, 2])),
        (2 + 3 + 2) * np.log(2) / 3,
        hint="Each example pays for its own label: minus the logarithm of P[i, y[i]], then the mean.",
        what="The loss",
        mistakes={
            LOG2: (2 + 3 + 2) / 3,
            "P[:, y] picks whole columns. P[np.arange(n), y] picks one entry per row.": -np.log(P).mean(),
        },
    )


@checks("cross_entropy")
def loss_of_a_long_batch(student: Student, rng: Rng) -> None:
    """Two thousand even guesses between two classes lose ln 2 on average, like one."""
    expect_close(
        student.call("cross_entropy", np.full((2000, 2), 0.5), rng.integers(2, size=2000)),
        np.log(2),
        hint="Take the logarithm of each example's probability, then the mean: a product of 2,000 probabilities is "
        "smaller than the smallest float.",
        what="The loss",
        mistakes={LOG2: 1.0, "That is the sum: take the mean over the examples.": 2000 * np.log(2)},
        rtol=1e-5,
    )


@checks("cross_entropy")
def loss_is_one_number(student: Student, rng: Rng) -> None:
    """The loss of six evenly spread guesses over four classes is the number ln 4, and P and y are left alone."""
    got = student.call("cross_entropy", np.full((6, 4), 0.25), rng.integers(4, size=6))
    expect_shape(got, (), hint="Take the mean over the examples.", what="The loss")
    hint = "Each example loses -ln 0.25; take the mean."
    expect_close(got, np.log(4), hint=hint, what="The loss", mistakes={LOG2: 2.0})
    expect_inputs_unchanged(student)


cross_entropy_in_other_forms = forms("cross_entropy", "float32", "fortran", "strided", "read-only", "again")


# labs/01_softmax/numeric_gradient.py


def _gradient_of_products(numeric_gradient: Function, x: np.ndarray) -> Any:
    return numeric_gradient(lambda v: float(v[0, 0] * v[0, 1] + v[1, 0] * v[1, 2] ** 2), x)


def _gradient_of_cubes(numeric_gradient: Function, x: np.ndarray, h: float) -> Any:
    return numeric_gradient(lambda v: float((v**3).sum()), x, h=h)


def _gradient_at_a_transposed_array(numeric_gradient: Function, x: np.ndarray) -> Any:
    return numeric_gradient(lambda v: float((v**2).sum()), x.T)


def _gradient_and_x(numeric_gradient: Function, x: np.ndarray) -> Any:
    return numeric_gradient(lambda v: float((v**2).sum()), x), x


@checks("numeric_gradient")
def gradient_of_products(student: Student, rng: Rng) -> None:
    """The gradient of x₀₀·x₀₁ + x₁₀·x₁₂² is found in every coordinate of a (2, 3) array."""
    slopes = np.array([[3.0, 2.0, 0.0], [169.0, 0.0, 182.0]])
    got = student.run(_gradient_of_products, x=np.array([[2.0, 3.0, 5.0], [7.0, 11.0, 13.0]]))
    # Slopes that are 1e-10 times as large are 0 to the digits compared here, and another mistake.
    same, by_h = "Every slope is 0: f saw the same array twice.", "Every slope is h² times what it should be: "
    tiny = np.shape(got) == (2, 3) and _finite(got) and bool(np.any(got)) and np.allclose(got, 1e-10 * slopes, 1e-2, 0)
    nothing = (
        f"{by_h}/ 2 * h halves and then multiplies by h, so put brackets around 2 * h."
        if tiny
        else f"{same} `plus = x` is the same array, not a copy: write x.copy()."
    )
    expect_close(
        got,
        slopes,
        hint="Move one coordinate at a time, and put it back before the next.",
        what="The gradient",
        rtol=1e-5,
        atol=1e-5,
        mistakes={
            nothing: np.zeros((2, 3)),
            "Each slope is half of what it should be: one of the two points is x itself, not a step away. "
            "(`minus = x` after `plus = x` is the same array, not a copy, and -= takes back what += did.)": (
                [[1.5, 1.0, 0.0], [84.5, 0.0, 91.0]]
            ),
            "Every sign is turned: f(x + h) - f(x - h), in this order.": -slopes,
            "Those are the slopes in one long row: give them x's shape.": slopes.ravel(),
            "Each slope is twice what it should be: the two points are 2h apart, divide by 2h.": (
                [[6.0, 4.0, 0.0], [338.0, 0.0, 364.0]]
            ),
        },
    )


@checks("numeric_gradient")
def differences_are_central(student: Student, rng: Rng) -> None:
    """For x³ and h = 0.1, central differences give 3x² + 0.01 to the last digit."""
    x = np.array([1.0, -2.0, 0.5])
    expect_close(
        student.run(_gradient_of_cubes, x=x, h=0.1),
        3 * x**2 + 0.01,
        hint="Central differences go both ways: (f(x + h) - f(x - h)) / (2h), with the h that is given.",
        what="The gradient",
        mistakes={
            "That is the forward difference, as on the slide: step back by h as well.": 3 * x**2 + 0.3 * x + 0.01,
            "The two points are 2h apart: divide by 2h.": 2 * (3 * x**2 + 0.01),
            "That is the backward difference: step forward by h as well.": 3 * x**2 - 0.3 * x + 0.01,
            "The steps are h / 2 long: go a whole h each way, and divide by 2h.": 3 * x**2 + 0.0025,
            "h is not used: the argument h is 0.1 here.": 3 * x**2,
        },
    )


@checks("numeric_gradient")
def memory_order_does_not_matter(student: Student, rng: Rng) -> None:
    """At a transposed array, whose columns lie one after the other in memory, the gradient of Σx² is 2x too."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    expect_close(
        student.run(_gradient_at_a_transposed_array, x=x),
        2 * x.T,
        hint="Index x itself, x[i] with i from np.ndindex(x.shape), and give f the whole array.",
        what="The gradient",
        rtol=1e-5,
        mistakes={
            "x never moved: ravel, flatten and reshape(-1) may return a copy, and here they do. Index x itself.": (
                np.zeros((3, 2))
            ),
            "The slopes are right and in the wrong places: reshape with the order in which you walked.": (
                2 * x.ravel().reshape(3, 2)
            ),
        },
    )


@checks("numeric_gradient")
def x_is_put_back(student: Student, rng: Rng) -> None:
    """x is what it was before the call."""
    x = rng.normal(size=(2, 3))
    x[0, 1] = 0.0
    gradient, x_after = student.run(_gradient_and_x, x=x)
    expect_shape(gradient, (2, 3), hint=RIGHT_FIRST, what="The gradient")
    expect_close(
        x_after,
        x,
        hint="Keep the old value of the coordinate and write it back, or work on a copy.",
        what="x after the call",
        rtol=0,
        atol=1e-12,
    )


numeric_gradient_in_other_forms = forms("numeric_gradient", "fortran", "strided", "again")


# labs/01_softmax/softmax_gradient.py

X_GRADIENT = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0], [2.0, 2.0]])
Y_GRADIENT = np.array([0, 2, 1, 2])


def _numeric_slopes(softmax_gradient: Function, W: Any, b: Any, X: Any, y: Any, l2: float) -> Any:
    """Differentiate the student's own loss by central differences, for every entry of W and b.

    The step is coarse, so that a loss computed in float32 serves too.
    """

    def slopes(x: Any, loss: Any) -> Any:
        out = np.zeros(x.shape)
        for i in np.ndindex(*x.shape):
            step = np.zeros(x.shape)
            step[i] = 1e-2
            out[i] = (float(loss(x + step)) - float(loss(x - step))) / 2e-2
        return out

    return (
        slopes(W, lambda V: softmax_gradient(V, b, X, y, l2)[0]),
        slopes(b, lambda c: softmax_gradient(W, c, X, y, l2)[0]),
    )


def _parts(student: Student, *inputs: Any) -> tuple[Any, ...]:
    got = student.call("softmax_gradient", *inputs)
    return expect_parts(got, ("loss", "dW", "db"), hint="Return the three together: return loss, dW, db.")


@checks("softmax_gradient")
def zero_weights_know_nothing(student: Student, rng: Rng) -> None:
    """With W = 0 and b = 0 every class has 1/3: the loss is ln 3, the gradient what is worked out by hand."""
    loss, dW, db = _parts(student, np.zeros((2, 3)), np.zeros(3), X_GRADIENT, Y_GRADIENT, 0.0)
    hint = "The loss is the mean cross-entropy of softmax(X @ W + b)."
    if np.shape(loss) == () and np.isnan(np.asarray(loss, dtype=float)):
        hint += " Is 1 subtracted from P in place? Then compute the loss first, or work on a copy."
    expect_close(loss, np.log(3), hint=hint, what="The loss")
    turned = np.shape(dW) == (3,) and np.shape(db) == (2, 3)
    expect(not turned, "dW and db have each other's shapes.", hint="The order is loss, dW, db.")
    expect_close(
        dW,
        np.array([[3, 6, -9], [1, -5, 4]]) / 12,
        hint="dW = Xᵀ (P - Y) / n: subtract 1 from the probability of each example's own class, then average.",
        what="dW",
        mistakes={
            "The mean is missing, as on the slide: the gradient of a mean over n examples has a factor 1/n.": [
                [3 / 3, 6 / 3, -9 / 3],
                [1 / 3, -5 / 3, 4 / 3],
            ],
            "P[:, y] -= 1 takes 1 from whole columns: P[np.arange(n), y] picks one entry per row.": (
                X_GRADIENT.mean(axis=0)[:, None] * np.full(3, 1 / 3 - 1)
            ),
            "Divide by n, the number of examples, not by the number of classes.": np.array([[3, 6, -9], [1, -5, 4]])
            / 9,
            "P - Y is the slope along the scores already: do not multiply it by P (1 - P).": (
                np.array([[3, 6, -9], [1, -5, 4]]) / 12 * (2 / 9)
            ),
            "That goes uphill: dW is Xᵀ (P - Y) / n, not (Y - P).": np.array([[-3, -6, 9], [-1, 5, -4]]) / 12,
            "The labels themselves were subtracted, as numbers: Y is one-hot, so take 1 from P[i, y[i]] in each row.": (
                np.outer(X_GRADIENT.mean(axis=0) / 3 - X_GRADIENT.T @ Y_GRADIENT / 4, np.ones(3))
            ),
        },
        rtol=1e-5,
        atol=1e-6,
    )
    hint = "db is the mean of P - Y over the examples."
    mistakes = {
        "db was divided by n twice: sum the rows of (P - Y) / n, or take the mean of P - Y.": np.array([1, 1, -2]) / 48,
        "db lacks the factor 1/n: it is the mean of P - Y over the examples, not the sum.": np.array([1, 1, -2]) / 3,
    }
    expect_close(db, np.array([1, 1, -2]) / 12, hint=hint, what="db", rtol=1e-5, atol=1e-6, mistakes=mistakes)


@checks("softmax_gradient")
def gradient_is_the_slope_of_the_loss(student: Student, rng: Rng) -> None:
    """dW and db agree with central differences of the loss that comes with them."""
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    X, y = rng.normal(size=(5, 4)), np.array([2, 0, 1, 1, 2])
    _, dW, db = _parts(student, W, b, X, y, 0.3)
    # What is moved between the calls would make the slopes others.
    expect_inputs_unchanged(student)
    slope_W, slope_b = student.run(_numeric_slopes, W=W, b=b, X=X, y=y, l2=0.3)
    finite = _finite(slope_W) and _finite(slope_b)
    expect(finite, "The loss is not finite near here.", got=slope_W, hint="First get the loss right, checks above.")
    expect_close(
        dW,
        slope_W,
        hint="dW and the loss that comes with it do not belong together, and either may be wrong: both need the same "
        "mean and the same regulariser.",
        what="dW, beside the slopes of your own loss,",
        rtol=1e-3,
        atol=1e-3,
    )
    expect_close(
        db,
        slope_b,
        hint="db and the loss that comes with it do not belong together, and either may be wrong: db is the mean of "
        "P - Y over the examples; b is not regularised.",
        what="db, beside the slopes of your own loss,",
        rtol=1e-3,
        atol=1e-3,
    )


@checks("softmax_gradient")
def regulariser_is_half_l2_times_squares(student: Student, rng: Rng) -> None:
    """l2 adds 0.5·l2·ΣW² to the loss and l2·W to dW, and leaves b out."""
    W, b = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]), np.array([5.0, -7.0, 1.0])
    loss0, dW0, db0 = _parts(student, W, b, X_GRADIENT, Y_GRADIENT, 0.0)
    loss1, dW1, db1 = _parts(student, W, b, X_GRADIENT, Y_GRADIENT, 0.4)
    expect_close(
        np.subtract(loss1, loss0),
        0.5 * 0.4 * 15.25,
        hint="The regulariser is 0.5 * l2 * the sum of the squares of W.",
        what="What l2 = 0.4 adds to the loss",
        rtol=1e-4,
        mistakes={
            "The factor one half is missing: 0.5 * l2 * ΣW².": 0.4 * 15.25,
            "The bias is not regularised: only W is.": 0.5 * 0.4 * (15.25 + 75),
        },
    )
    expect_close(
        np.subtract(dW1, dW0),
        0.4 * W,
        hint="The slope of 0.5·l2·W² is l2·W.",
        what="What l2 = 0.4 adds to dW",
        rtol=1e-4,
        atol=1e-5,
    )
    expect_close(db1, db0, hint="The bias is not regularised: only W is.", what="db with l2", rtol=1e-4, atol=1e-5)


@checks("softmax_gradient")
def certain_scores_stay_finite(student: Student, rng: Rng) -> None:
    """Weights that give scores of a thousand, all in favour of the true classes, give the loss 0 and no nan."""
    W, b = np.array([[1000.0, 0.0], [0.0, 1000.0]]), np.zeros(2)
    loss, dW, db = _parts(student, W, b, np.eye(2), np.array([0, 1]), 0.0)
    hint = "P is certain and right here, so loss and gradient are 0: first get the checks above right."
    if not _finite(loss) or not _finite(dW) or student.report.warnings:
        hint = "Use your stable softmax, and take the logarithm of the true class's probability only."
    expect_close(loss, 0.0, hint=hint, what="The loss", atol=1e-6)
    expect_close(dW, np.zeros((2, 2)), hint=hint, what="dW", atol=1e-6)
    expect_close(db, np.zeros(2), hint=hint, what="db", atol=1e-6)


@checks("softmax_gradient")
def confident_mistakes_have_a_gradient(student: Student, rng: Rng) -> None:
    """Two scores of a thousand against the true class, beside a row of zeros, cost much and have a gradient."""
    W, b = np.array([[1000.0, 0.0], [0.0, 1000.0]]), np.zeros(2)
    loss, dW, db = _parts(student, W, b, np.eye(3, 2), np.array([1, 0, 0]), 0.0)
    hint = (
        "P is [[1, 0], [0, 1], [1/2, 1/2]] and Y is [[0, 1], [1, 0], [1, 0]]: dW is Xᵀ (P - Y) / n. Is softmax stable, "
        "with each row's own maximum?"
    )
    third = 1 / 3
    expect_close(dW, [[third, -third], [-third, third]], hint=hint, what="dW", rtol=1e-5, atol=1e-6)
    expect_close(db, [-third / 2, third / 2], hint=hint, what="db", rtol=1e-5, atol=1e-6)
    expect_shape(loss, (), hint="The loss is one number.", what="The loss")
    large = bool(np.asarray(loss) > 10)
    # 667 to the last digit asks for the logarithm straight from the scores; clipped probabilities give less.
    expect(large, "The loss of two confident mistakes is small.", expected="667, or at least 10", got=loss, hint=hint)


@checks("softmax_gradient")
def gradient_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """W, b, X and y are what they were before the call, and the results are arrays of their own."""
    _, dW, db = _parts(student, rng.normal(size=(2, 3)), rng.normal(size=3), X_GRADIENT, Y_GRADIENT, 0.1)
    expect_shape(dW, (2, 3), hint=RIGHT_FIRST, what="dW")
    expect_shape(db, (3,), hint=RIGHT_FIRST, what="db")
    expect_inputs_unchanged(student)
    expect_own_memory(student)


softmax_gradient_in_other_forms = forms(
    "softmax_gradient", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/01_softmax/minibatches.py


def _batches(minibatches: Function, X: Any, y: Any, batch_size: int, seed: int, epochs: int) -> Any:
    rng = np.random.default_rng(seed)
    epochs_of_batches: list[Any] = []
    for _ in range(epochs):
        batches = minibatches(X, y, batch_size, rng)
        if isinstance(batches, tuple) and len(batches) == 2 and all(isinstance(part, np.ndarray) for part in batches):
            epochs_of_batches.append("returned")
            continue
        batches = [batches] if isinstance(batches, np.ndarray) else list(batches)
        epochs_of_batches.append([list(batch) if isinstance(batch, tuple) else batch for batch in batches])
    return epochs_of_batches


def _pairs(epoch: Any) -> list[tuple[Any, Any]]:
    """Take the batches of an epoch apart, each a pair of examples and labels."""
    for batch in epoch:
        hint = "return ends the function with its first batch. Write yield: the function goes on where it was."
        expect(epoch != "returned", "One batch is returned, and no other comes.", hint=hint)
        pair = isinstance(batch, list) and len(batch) == 2
        what = f"an array of shape {batch.shape}" if isinstance(batch, np.ndarray) else type(batch).__name__
        got = what if not isinstance(batch, list) else f"{len(batch)} things"
        hint = "Yield two things at a time, the examples and their labels: yield X[chosen], y[chosen]."
        expect(pair, "A batch is not a pair.", expected="(X_batch, y_batch)", got=got, hint=hint)
        row = np.ndim(batch[1]) == 0
        hint = "That is one example and its label. Yield a whole batch at once: chosen holds batch_size row numbers."
        expect(not row, "A single row is yielded.", expected="(X_batch, y_batch)", got=batch[0], hint=hint)
    return [(images, labels) for images, labels in epoch]


def _numbered(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Build n examples that can be told apart: row i holds 10·i and 10·i + 1, and its label is i."""
    return 10.0 * np.arange(n)[:, None] + [0.0, 1.0], np.arange(n)


@checks("minibatches")
def batches_have_the_size_asked_for(student: Student, rng: Rng) -> None:
    """Ten examples in batches of four come as four, four and a last two."""
    X, y = _numbered(10)
    got = _pairs(student.run(_batches, X=X, y=y, batch_size=4, seed=1, epochs=1)[0])
    expect_equal(
        [len(labels) for _, labels in got],
        [4, 4, 2],
        hint="Go through the order in steps of batch_size; what is left at the end is a batch too.",
        what="The list of batch sizes",
    )
    for images, _ in got[:1]:
        expect_shape(
            images,
            (4, 2),
            hint="Yield (X_batch, y_batch): rows of X, and their labels.",
            what="The first X_batch",
        )


@checks("minibatches")
def every_example_comes_once(student: Student, rng: Rng) -> None:
    """An epoch of batches holds every example exactly once."""
    X, y = _numbered(23)
    got = _pairs(student.run(_batches, X=X, y=y, batch_size=5, seed=2, epochs=1)[0])
    seen = sorted(int(label) for _, labels in got for label in labels)
    hint = "Draw one permutation per epoch, and cut it up; do not draw each batch anew."
    alike = all(np.array_equal(labels[: len(got[-1][1])], got[-1][1]) for _, labels in got)
    if len(got) > 1 and alike:
        hint = (
            "All batches begin with the same examples: is it one array, which each batch writes over? Make a new one."
        )
    expect_equal(
        seen,
        list(range(23)),
        hint=hint,
        what="The list of examples seen",
    )


@checks("minibatches")
def rows_keep_their_labels(student: Student, rng: Rng) -> None:
    """Each row of X_batch comes with its own label in y_batch."""
    X, y = _numbered(12)
    # Labels that are no row numbers.
    y += 20
    got = _pairs(student.run(_batches, X=X, y=y, batch_size=5, seed=3, epochs=1)[0])
    expect(bool(got), "No batch came.", hint="Yield (X_batch, y_batch), or return a list of such pairs.")
    rows, labels = (np.concatenate([np.asarray(pair[i]) for pair in got]) for i in (0, 1))
    hint = "Yield the labels of the chosen rows, y[chosen], not the row numbers themselves."
    expect(bool(np.isin(labels, y).all()), "y_batch holds numbers that are no labels.", got=labels, hint=hint)
    expect_close(
        rows,
        X[labels.astype(int) - 20],
        hint="Index X and y with the same shuffled indices.",
        what="X_batch beside y_batch",
    )


@checks("minibatches")
def each_epoch_has_a_new_order(student: Student, rng: Rng) -> None:
    """The order is drawn from rng: new in each epoch, and the same again for the same seed."""
    X, y = _numbered(40)
    seed = int(rng.integers(1000))
    epochs = student.run(_batches, X=X, y=y, batch_size=8, seed=seed, epochs=2)
    # Examples that were moved come in another order whatever is drawn, and earlier batches may be views of them.
    hint = "X and y were shuffled themselves: shuffle row numbers instead, and index with them."
    expect_inputs_unchanged(student, hint=hint)
    first, second = map(_order, epochs)
    again = _order(student.run(_batches, X=X, y=y, batch_size=8, seed=seed, epochs=1)[0])
    expect(first != list(range(40)), "The examples come in their old order.", hint="Shuffle: rng.permutation(n).")
    expect(
        first != second,
        "Two epochs have the same order.",
        hint="Draw from the rng that is given, anew each call.",
    )
    expect(first == again, "The same seed gives another order.", hint="Draw from rng, not from np.random.")


def _order(epoch: Any) -> list[int]:
    return [int(label) for _, labels in _pairs(epoch) for label in labels]


@checks("minibatches")
def minibatches_leave_their_inputs_alone(student: Student, rng: Rng) -> None:
    """X and y are what they were before the epoch."""
    X, y = _numbered(9)
    got = student.run(_batches, X=X, y=y, batch_size=2, seed=4, epochs=1)[0]
    expect_equal(len(got), 5, hint=RIGHT_FIRST, what="The number of batches")
    expect_inputs_unchanged(student, hint="rng.shuffle(X) writes into X: shuffle indices instead, and index with them.")


minibatches_in_other_forms = forms("minibatches", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/01_softmax/train_softmax.py


def _trained(train_softmax: Function, X: Any, y: Any, n_classes: int, seed: int, options: Any) -> Any:
    return train_softmax(X, y, n_classes, rng=np.random.default_rng(seed), **options)


def _train(student: Student, X: np.ndarray, y: np.ndarray, n_classes: int, *, seed: int, **options: float) -> Any:
    settings = {"epochs": 20, "batch_size": 10, "lr": 0.1, "l2": 0.0, **options}
    got = student.run(_trained, X=X, y=y, n_classes=n_classes, seed=seed, options=settings)
    return expect_parts(got, ("W", "b"), hint="Return the weights and the bias: return W, b.")


def _blobs(rng: Rng, n: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """Draw three well-separated clouds of points in the plane, none at the origin."""
    labels = np.arange(n) % 3
    centres = np.array([[4.0, 4.0], [0.0, 4.0], [4.0, 0.0]])
    return centres[labels] + rng.normal(scale=0.4, size=(n, 2)), labels


@checks("train_softmax")
def weights_have_the_shape_of_the_classes(student: Student, rng: Rng) -> None:
    """W is (d, n_classes) and b is (n_classes,), also when a class has no example."""
    X, y = _blobs(rng, 30)
    W, b = _train(student, X, y, 5, seed=0, epochs=1)
    expect_shape(W, (2, 5), hint="Use n_classes: a class may have no example in this data.", what="W")
    expect_shape(b, (5,), hint="One bias per class: b has shape (n_classes,).", what="b")


@checks("train_softmax")
def training_separates_three_clouds(student: Student, rng: Rng) -> None:
    """Three clouds that lines can separate are told apart after 30 epochs."""
    X, y = _blobs(rng)
    W, b = _train(student, X, y, 3, seed=1, epochs=30)
    guesses = np.argmax(X @ np.asarray(W) + np.asarray(b), axis=1)
    expect(
        bool((guesses == y).mean() >= 0.97),
        "The trained weights do not separate the clouds.",
        expected="accuracy of at least 0.97",
        got=f"accuracy {(guesses == y).mean():.2f}",
        hint="Step against the gradient, for W and for b, in every batch of every epoch.",
    )


@checks("train_softmax")
def one_full_batch_step_is_lr_times_the_gradient(student: Student, rng: Rng) -> None:
    """One step on one batch from (nearly) zero moves b by lr times the slides' probabilities minus truth."""
    # All inputs are zero, so only b learns: from 1/4 each, the gradient is 1/4 minus the classes' shares.
    X, y = np.zeros((4, 3)), np.array([1, 1, 1, 3])
    _, b = _train(student, X, y, 4, seed=2, epochs=1, batch_size=4, lr=10.0)
    expect_close(
        b,
        -10 * np.array([0.25, -0.5, 0.25, 0.0]),
        hint="b ← b - lr · db, once for each batch; start from zeros or small random weights, b from zeros.",
        what="b after one step",
        rtol=0,
        atol=0.3,
        mistakes={
            "The step is n times as long: the gradient is a mean over the batch, so multiply it by lr alone.": (
                -40 * np.array([0.25, -0.5, 0.25, 0.0])
            ),
            "b has not moved: step with b too, b -= lr * db.": np.zeros(4),
        },
    )


@checks("train_softmax")
def epochs_go_around_batches(student: Student, rng: Rng) -> None:
    """Two epochs over two examples, one per batch, take each example once per epoch, in an order drawn anew."""
    # Inputs are zero, so only b learns, and b[0] - b[1] at the end tells which example came when (lr = 1):
    in_turn, turned, in_pairs, one_epoch = 0.5999245, 0.3143300, 1.0542684, 0.4621172
    steps_alone = 1.6706130, 1.1859547
    hint = (
        "for each epoch: for each batch of minibatches(X, y, batch_size, rng): one step. Return after the last epoch."
    )
    lost = "Only one epoch was trained. Does return stand inside the loop? minibatches is used up after one pass."
    ends = set()
    for seed in range(20):
        _, b = _train(student, np.zeros((2, 2)), np.arange(2), 2, seed=seed, epochs=2, batch_size=1, lr=1.0)
        expect_shape(b, (2,), hint="One bias per class: b has shape (n_classes,).", what="b")
        got = abs(float(np.subtract(*np.asarray(b))))
        right = turned if abs(got - turned) < abs(got - in_turn) else in_turn
        mistakes = {}
        if abs(got - in_pairs) < 0.02:
            mistakes = {"The loops are swapped: each batch was trained epochs times. Epochs go around batches.": got}
        if abs(got - one_epoch) < 0.02:
            mistakes = {f"{lost} Call it anew in each epoch.": got}
        if got < 0.02:
            whole = "The two examples have cancelled out: step after each batch, not once for all of them together."
            mistakes = {whole: got}
        if min(abs(got - end) for end in steps_alone) < 0.002:
            forgets = "b is what the last step was: a step is taken from what b was before, b -= lr * db"
            mistakes = {f"{forgets} (b =- lr * db, with the signs turned, is b = -lr * db).": got}
        what = "The difference of the two biases"
        expect_close(got, right, hint=hint, what=what, rtol=0, atol=0.05, mistakes=mistakes)
        ends.add(right)
        if len(ends) == 2:
            return
    again = "In twenty runs the second epoch had the order of the first."
    hint = (
        "Call minibatches inside the loop over epochs, so that each epoch is shuffled anew, with the rng that is given."
    )
    expect(False, again, hint=hint)


@checks("train_softmax")
def rng_decides_the_run(student: Student, rng: Rng) -> None:
    """The same rng gives the same weights, another rng others."""
    X, y = _blobs(rng, 30)
    first, again, other = (
        np.asarray(_train(student, X, y, 3, seed=seed, epochs=2, batch_size=7)[0]) for seed in (5, 5, 6)
    )
    expect(
        bool((first == again).all()),
        "The same rng gave other weights.",
        hint="Draw from rng, not from np.random, and begin each run with new weights: none may stay from another.",
    )
    expect(bool((first != other).any()), "Another rng gave the same weights.", hint="Pass rng on to minibatches.")


@checks("train_softmax")
def training_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """X and y are what they were before training."""
    X, y = _blobs(rng, 12)
    W, _ = _train(student, X, y, 3, seed=3, epochs=1)
    expect(bool(np.abs(W).max() > 0.05), "The weights have not moved.", got=W, hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


train_softmax_in_other_forms = forms("train_softmax", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/01_softmax/predict.py


@checks("predict")
def class_with_the_highest_score(student: Student, rng: Rng) -> None:
    """Three examples with scores worked out by hand get the classes 2, 0 and 0."""
    # The scores are [13, 14, 15], [19, 16, 13] and [25, 18, 11].
    got = student.call("predict", W_SMALL, np.array([8.0, 12.0, 16.0]), X_SMALL)
    one = "One number came for three examples: take the argmax of all rows of scores, with axis=1."
    expect_close(
        got,
        [2, 0, 0],
        hint=one if np.shape(got) == () else "Take np.argmax of the scores over classes, axis=1.",
        mistakes={
            "That is the best example for each class: use axis=1, the best class for each example.": [
                2,
                2,
                0,
            ],
            "Class 0 for all three: X @ W alone gives that. Is b added, X @ W + b?": [0, 0, 0],
            "That is the class with the lowest score: use argmax.": [0, 2, 2],
            "Classes count from 0: the first column is class 0.": [3, 1, 1],
            "That is the highest score itself: np.argmax says in which column it stands.": [15, 19, 25],
        },
    )


@checks("predict")
def one_label_an_example(student: Student, rng: Rng) -> None:
    """Six examples that each point to one of four classes get those six labels."""
    labels = rng.integers(4, size=6)
    X = 0.3 * np.eye(4)[labels] + rng.uniform(0, 0.1, size=(6, 4))
    got = student.call("predict", np.eye(4), np.zeros(4), X)
    expect_shape(got, (6,), hint="One label per example: take the argmax over classes, axis=1.")
    expect_close(
        got,
        labels,
        hint="Return which class has the highest score, not the score itself; round no score.",
        what="The list of labels",
    )


@checks("predict")
def huge_scores_have_a_highest_one_too(student: Student, rng: Rng) -> None:
    """Scores of thousands, above zero and below, have a highest one like any others."""
    expect_close(
        student.call("predict", np.array([[1000.0, 2000.0, 1500.0]]), np.zeros(3), np.array([[1.0], [2.0], [-0.5]])),
        [1, 1, 0],
        hint="The class with the highest score is that with the highest probability: no exp is needed, and exp(2000) "
        "overflows.",
        what="The list of labels",
        mistakes={"That is the score of the largest size: -500 is higher than -1000, so take no abs().": [1, 1, 1]},
    )


predict_in_other_forms = forms("predict", "integers", "float32", "fortran", "strided", "read-only", "again")
