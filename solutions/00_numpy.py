# %% [markdown]
# # Lab 00 · Arrays, by doing
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **Can a program run without a complaint and still compute something else than you meant?** With arrays, easily: a sum
# along the wrong axis, a column taken for a row, a pixel that counts 254, 255, 0. This lab shows these accidents as
# pictures, so that you know them when they come, and gives you the nine small tools on which all later labs stand. At its
# end you read handwriting from raw bytes.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1 | `simple_interest` | see how exercises, checks and points work |
# | 2 | `predict_shapes` | know a result's shape before there is one |
# | 3–4 | `interior_view`, `positive_part` | say who owns the memory |
# | 5 | `standardize_columns` | work along one axis, whatever the dtype |
# | 6–7 | `pairwise_sq_dists`, `batched_matvec` | replace loops, and see what that is worth |
# | 8–9 | `one_hot`, `read_idx` | average a class in one product; read MNIST's own files |
#
# Two hours. Nothing but NumPy and Matplotlib is needed.

# %%
import gzip
import math
from pathlib import Path

import numpy as np

import coursekit
from coursekit import plots
from coursekit.checking import checks_for

check = checks_for("00_numpy")

# %% [markdown]
# ## 1 · A loan, and how the checks work
#
# A lecture slide asks for one year's interest on a loan of 325,000 at 2.225 %, and answers **7,312.5**. Simple interest is
# the principal times the rate, with the rate as a fraction: 2.225 % is 0.02225. So one line of Python can say whether the
# slide is right.
#
# This is what an **exercise** looks like: a cell with a function whose body is missing. Under it is its **check**. Run the
# check first, as it is: it tells you that nothing has been written yet. Then put your answer in place of `raise
# NotImplementedError`, run the cell, and run the check again. You may do so as often as you like.


# %% nbgrader={"grade_id": "simple_interest", "solution": true}
def simple_interest(principal, rate):
    """Return one year's simple interest.

    principal: the sum that is lent, a number or an array of them
    rate: the yearly rate as a fraction: 2 % is 0.02
    Returns the interest alone, unrounded; for an array, an array of its shape.

    Hint: this one is as easy as it looks.
    """
    ### BEGIN SOLUTION
    return principal * rate
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_simple_interest", "grade": true, "points": 1}
check("simple_interest")

# %% [markdown]
# Each line above is one thing that must hold. Where one does not, the check says what was expected, what your code gave, and
# what to try. An exercise's points are shared among its checks, so half right is half the points.
#
# **Handing in.** Save the notebook. Where your course uses nbgrader, *Validate* runs all checks once more and *Submit*
# hands the file in; elsewhere, upload the saved `.ipynb`. Then further checks run that you do not see here, on other data.
# Code that does what the text above it says passes those too; code that only knows the numbers of the visible checks does
# not.
#
# And the loan? The slide's figure belongs to another rate. The same function, given an array, computes interest at many
# rates at once: nothing in it says how many numbers there are. That is what this lab is about.

# %% tags=["explore"]
rates = np.array([0.02, 0.02225, 0.0225, 0.025])
interests = simple_interest(325_000, rates)
for rate, interest in zip(rates, interests):
    print(f"{rate:8.3%}  {interest:10,.2f}" + ("   <- the slide's figure" if interest == 7312.5 else ""))

# %% [markdown]
# ## 2 · Shapes, before running
#
# An array is a block of numbers of one type with a **shape**: the length of each axis, outermost first. An index such as
# `2` picks one place on its axis, and the axis is gone. A slice such as `1:3` keeps the axis. It runs from its start to
# *before* its end: `1:3` is the places 1 and 2, and $b - a$ is the length of `a:b` as long as both lie within the axis; a
# slice that reaches past the end simply stops there. Negative numbers count from the end; `::2` takes every second place.
#
# The lecture's table of slices has both rules, and a note that contradicts them: its header says that a slice ends
# *before* its end, and the note below says of `:2` "stop at 1". Take the header.
#
# Whoever can say a shape before running the line finds most mistakes before making them. So this is a game with one rule:
# **fill in all twelve shapes before you run any of the expressions.** The check says which lines are wrong, not what is
# right.


# %% nbgrader={"grade_id": "predict_shapes", "solution": true}
def predict_shapes():
    """Predict the shapes of twelve expressions. arr has shape (3, 3) and X has shape (4, 6).

    a  arr[:2, 1:]      e  arr[:, :2]       i  X[::2]
    b  arr[2]           f  arr[1, :2]       j  X[:, -1:]
    c  arr[2, :]        g  arr[1:2, :2]     k  X[0, 0]
    d  arr[2:, :]       h  X[1:-1, 1:-1]    l  X[2:100]

    Returns a dict from each letter to a tuple of whole numbers: {"a": (…, …), "b": …}.
    One axis of length 7 is written (7,), no axis at all ().
    """
    ### BEGIN SOLUTION
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_predict_shapes", "grade": true, "points": 2}
check("predict_shapes")

# %% [markdown]
# Now look. Each picture shows the whole array, with the places that the expression takes in blue. `arr[1, :2]` and
# `arr[1:2, :2]` take the same two numbers, and yet they are different arrays: one is a row of numbers, the other a table
# with one row.

# %% tags=["explore"]
arr = np.arange(9).reshape(3, 3)
taken = {
    "a  arr[:2, 1:]": arr[:2, 1:],
    "b  arr[2]": arr[2],
    "c  arr[2, :]": arr[2, :],
    "d  arr[2:, :]": arr[2:, :],
    "e  arr[:, :2]": arr[:, :2],
    "f  arr[1, :2]": arr[1, :2],
    "g  arr[1:2, :2]": arr[1:2, :2],
}
plots.selections(arr, taken, title="What each expression takes, and the shape of what comes out")

# %% tags=["explore"]
X = np.arange(24).reshape(4, 6)
taken = {
    "h  X[1:-1, 1:-1]": X[1:-1, 1:-1],
    "i  X[::2]": X[::2],
    "j  X[:, -1:]": X[:, -1:],
    "k  X[0, 0]": X[0, 0],
    "l  X[2:100]": X[2:100],
}
plots.selections(X, taken, columns=3, title="The same for X")

# %% [markdown]
# Two operations change a shape and are often mistaken for each other. `a.T` turns rows into columns. `a.reshape(3, 2)`
# keeps the numbers in their order and only breaks the lines elsewhere. For a 2 × 3 array both give the shape (3, 2), and
# no error tells you which one you meant.

# %% tags=["explore"]
a = np.array([[1, 2, 3], [4, 5, 6]])
plots.arrays({"a": a, "a.T": a.T, "a.reshape(3, 2)": a.reshape(3, 2)}, title="One shape, two arrays")

# %% [markdown]
# ## 3 · Views: two names for one memory
#
# A slice copies nothing. It is a **view**: a new shape over the same memory, made in no time however large the array is.
# What is written into the view is written into the array. That is wanted when you want to change a part in place, and a
# bug when you believed that you had a copy.


# %% nbgrader={"grade_id": "interior_view", "solution": true}
def interior_view(a):
    """Return a view of an array without its outermost rows and columns.

    a: (h, w) array, h and w at least 2
    Returns (h - 2, w - 2): a view, so that writing into it writes into a.

    Hint: line h of the game.
    """
    ### BEGIN SOLUTION
    return a[1:-1, 1:-1]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_interior_view", "grade": true, "points": 2}
check("interior_view")

# %% [markdown]
# A view of a view is a view of the first array still. Below, `ring` becomes the interior of itself again and again, and
# each time it is turned to its negative. No line writes to `picture`, and yet look at it. (The digit is from a small set
# of real handwritten ones that comes with this course, images of 28 × 28 pixels from 0, paper, to 255, ink.)

# %% tags=["explore"]
from coursekit.datasets.digits import digits_sample

digits = digits_sample()
images, labels = digits.train_images, digits.train_labels

picture = images[labels == 3][0].copy()
before = picture.copy()
ring = picture
while ring.size:
    ring[...] = 255 - ring
    ring = interior_view(ring)
plots.image_grid(np.stack([before, picture]), ["before", "picture, afterwards"], columns=2, size=2.2)

# %% [markdown]
# ## 4 · Copies: leave the caller's array alone
#
# A function that changes its input is a trap for whoever calls it. Arithmetic such as `a + 1` makes a new array. But `a +=
# 1`, `a[mask] = 0` and `np.maximum(a, 0, out=a)` write into the array that was handed in. In this course, **inputs stay as
# they are** and results have memory of their own, unless an exercise says otherwise, as the one above did.


# %% nbgrader={"grade_id": "positive_part", "solution": true}
def positive_part(a):
    """Return max(a, 0), entry by entry.

    a: array of any shape; it stays as it is
    Returns a new array of a's shape, which shares no memory with a.

    Hint: np.maximum compares entry by entry; np.max finds the largest entry.
    """
    ### BEGIN SOLUTION
    return np.maximum(a, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_positive_part", "grade": true, "points": 1}
check("positive_part")

# %% [markdown]
# You will meet this function again as the *rectified linear unit*. Here it splits the difference of two digits into the
# ink that only one of them has. The list below tells for some usual expressions whether they share memory with `a`. Guess
# each line first.

# %% tags=["explore"]
three, eight = (images[labels == digit][0].astype(float) for digit in (3, 8))
difference = eight - three
parts = {"8 − 3": difference, "only in the 8": positive_part(difference), "only in the 3": positive_part(-difference)}
plots.arrays(parts, title="A difference and its two positive parts", unit="ink (255 = black)")

# %% tags=["explore"]
a = np.arange(12.0).reshape(3, 4)
results = {
    "a[1:, :2]": a[1:, :2],
    "a.T": a.T,
    "a.reshape(2, 6)": a.reshape(2, 6),
    "a.T.reshape(2, 6)": a.T.reshape(2, 6),
    "a.ravel()": a.ravel(),
    "a.flatten()": a.flatten(),
    "a[[0, 2]]": a[[0, 2]],
    "a[a > 5]": a[a > 5],
    "np.asarray(a)": np.asarray(a),
    "np.array(a)": np.array(a),
    "a + 0": a + 0,
}
for expression, result in results.items():
    print(f"{expression:<20}", "shares memory with a" if np.shares_memory(a, result) else "has its own")

# %% [markdown]
# ## 5 · What a number may be
#
# All entries of an array have one type, its **dtype**, and the dtype decides what fits. Pixels are `uint8`: whole numbers
# from 0 to 255, in one byte. There is no 256. Arithmetic between `uint8` arrays goes round like a clock: 200 + 100 is 44,
# and 10 − 20 is 246. Nobody is told.
#
# Below, the same three operations on two digits: above in `uint8`, below after `.astype(float)`. To darken a digit makes
# its strokes pale; in the average, strokes fade where the digits overlap; in the difference, what was hardly grey becomes
# black.

# %% tags=["explore"]
one, eight = images[labels == 1][0], images[labels == 8][0]


def darker_mean_difference(a, b):
    return [a + 60, (a + b) / 2, np.abs(a - b)]


in_bytes = [one, *darker_mean_difference(one, eight)]
in_floats = [eight, *darker_mean_difference(one.astype(float), eight.astype(float))]
captions = ["a", "a + 60", "(a + b) / 2", "|a − b|", "b", "floats: a + 60", "floats: (a + b) / 2", "floats: |a − b|"]
plots.image_grid(
    np.clip([*in_bytes, *in_floats], 0, 255).astype(np.uint8),
    captions,
    columns=4,
    size=1.7,
    wrong=[caption in captions[1:4] for caption in captions],
    title="Above: three operations as uint8 does them",
)

# %% [markdown]
# The other accident is **truncation**. A whole-number array keeps whole numbers: what you write into it loses its
# fraction. So `np.zeros_like(counts)` is a bad place for averages, if `counts` holds integers.

# %% tags=["explore"]
counts = np.array([1, 2, 4])
shares = np.zeros_like(counts)
shares[:] = counts / counts.sum()
print("zeros_like(counts):     ", shares)
print("a new array of its own: ", counts / counts.sum())

# %% [markdown]
# ### Along an axis
#
# `A.sum(axis=0)` adds *along* axis 0: that axis disappears. For a table of shape (2, 3), `axis=0` leaves three column
# sums, `axis=1` two row sums. `keepdims=True` leaves the axis there with length 1, so that the result still lines up with
# the table. The lecture's example: the mean of all six entries is 2.8333, their standard deviation 2.11476.

# %% tags=["explore"]
A = np.array([[1, 0, 2], [3, 5, 6]])
print(f"mean {A.mean():.4f}, standard deviation {A.std():.5f}")
means = {
    "A": A,
    "A.mean(axis=0)": A.mean(axis=0),
    "A.mean(axis=1)": A.mean(axis=1),
    "A.mean(axis=1,\nkeepdims=True)": A.mean(axis=1, keepdims=True),
}
plots.arrays(means, title="The axis that is named is the one that goes")

# %% [markdown]
# To **standardise** a column is to shift and scale it so that its mean is 0 and its standard deviation 1; then columns
# measured in metres and in grams can be compared. With examples as rows, $X$ of shape $(n, d)$,
#
# $$Z_{ij} = \frac{X_{ij} - \mu_j}{\sigma_j}, \qquad \mu_j = \frac1n \sum_i X_{ij}, \qquad
# \sigma_j = \sqrt{\frac1n \sum_i (X_{ij} - \mu_j)^2}.$$
#
# The $1/n$ is a convention (`ddof=0`, NumPy's default); statisticians often take $1/(n-1)$. A constant column has
# $\sigma_j = 0$. It carries no information, so it becomes 0, without a warning. Beware: added up along a column, ten 0.1s
# have the computed mean 0.09999999999999999, so their computed $\sigma$ is not exactly 0. Whether a column is constant is
# better read from its largest and its smallest entry.


# %% nbgrader={"grade_id": "standardize_columns", "solution": true}
def standardize_columns(X):
    """Shift and scale each column to mean 0 and standard deviation 1.

    X: (n, d) numbers of any dtype, whole numbers too; it stays as it is
    Returns (n, d) floats; a column of equal numbers becomes zeros. ddof is 0. No warnings.

    Hint: anything divided by infinity is 0.
    """
    ### BEGIN SOLUTION
    is_constant = X.max(axis=0) == X.min(axis=0)
    spread = np.where(is_constant, np.inf, X.std(axis=0))
    return (X - X.mean(axis=0)) / spread
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_standardize_columns", "grade": true, "points": 3}
check("standardize_columns")

# %% [markdown]
# Of 784 pixels some are paper in every digit: constant columns, where a careless division would be 0/0. Standardised, a
# digit shows where it differs from the others: red where it has unusually much ink, blue where it lacks what others have.

# %% tags=["explore"]
pixels = images.reshape(len(images), -1)
constant = (pixels.max(axis=0) == pixels.min(axis=0)).sum()
print(f"{constant} of {pixels.shape[1]} pixels are the same in all {len(pixels)} images")
Z = standardize_columns(pixels).reshape(images.shape)
shown = {f"a {digit}": Z[labels == digit][0] for digit in (0, 1, 4, 7)}
plots.arrays(shown, title="Standardised digits", unit="standard deviations from the mean")

# %% [markdown]
# ## 6 · Broadcasting, and its trap
#
# When two shapes differ, NumPy lines them up **at their last axes**. An axis of length 1, or one that is missing on the
# left, is repeated as often as needed; any other difference is an error. So a table (4, 6) minus a row (6,) takes the row
# from every row of the table, and a column (4, 1) times a row (6,) is a full (4, 6) table of products.
#
# The trap: a column $(n, 1)$ and a row $(n,)$ broadcast as well, to $(n, n)$. Here is a model whose predictions are
# **perfect**. They come as a column, as they do from a matrix product, and the targets as a row. The mean squared error
# should be 0. What comes out is twice the variance of the targets.

# %% tags=["explore"]
targets = np.array([1.0, 4, 2, 8, 5, 7])
predictions = targets.reshape(6, 1)
differences = predictions - targets
print(f"mean squared error: {(differences**2).mean():.3f}")
print(f"with matching shapes: {((predictions[:, 0] - targets) ** 2).mean():.3f}")
plots.arrays(
    {"predictions": predictions, "targets": targets, "predictions − targets": differences},
    title="Every prediction is compared with every target; those meant are on the diagonal",
)

# %% [markdown]
# No error, no warning, and a number that looks like any other loss. The habit that saves you is to say the shape before
# running, and to assert it where it matters.
#
# Used on purpose, the same rule computes all pairs at once. Given points $A$ of shape $(n, d)$ and $B$ of shape $(m, d)$,
# we want all squared distances
#
# $$D_{ij} = \sum_{p=1}^d (A_{ip} - B_{jp})^2, \qquad (n, 1, d) - (m, d) \to (n, m, d) \to (n, m).$$
#
# `A[:, None, :]`, or `A[:, None]` for short, puts in an axis of length 1.


# %% nbgrader={"grade_id": "pairwise_sq_dists", "solution": true}
def pairwise_sq_dists(A, B):
    """Return the squared Euclidean distances between the points of two sets.

    A: (n, d) and B: (m, d), numbers of any dtype, uint8 pixels too; both stay as they are
    Returns (n, m): entry i, j is the squared distance of A[i] and B[j].

    Rule: no Python loop over points, in no disguise; the check counts Python's steps.
    Hint: what is 10 - 20 for pixels?
    """
    ### BEGIN SOLUTION
    differences = A[:, None, :].astype(float) - B
    return (differences**2).sum(axis=2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_pairwise_sq_dists", "grade": true, "points": 3}
check("pairwise_sq_dists")

# %% [markdown]
# A digit of 28 × 28 pixels is a point in a space of 784 dimensions. Below, every second pixel of the middle, a point in
# 100 dimensions, for ten digits of each kind, sorted. Light blocks on the diagonal: digits of one kind lie close together,
# most of all the ones. Which digits scatter? Which two kinds are hard to tell apart?

# %% tags=["explore"]
points = images[:, 4:24:2, 4:24:2].reshape(len(images), -1)
by_kind = np.concatenate([np.flatnonzero(labels == digit)[:10] for digit in range(10)])
D = pairwise_sq_dists(points[by_kind], points[by_kind])
near = {"ten 0s, ten 1s, … ten 9s, against the same": np.sqrt(D)}
plots.arrays(near, title="How far is every digit from every other?", unit="distance (255 = one black pixel)")

# %% [markdown]
# That is enough to read handwriting. Give each new digit the label of the **nearest** one whose label is known: no
# training, no parameters.

# %% tags=["explore"]
new_images, truth = digits.test_images[::2], digits.test_labels[::2]
new_points = new_images[:, 4:24:2, 4:24:2].reshape(len(new_images), -1)
nearest = pairwise_sq_dists(new_points, points).argmin(axis=1)
guesses = labels[nearest]
print(f"nearest neighbour: {(guesses == truth).mean():.1%} of {len(truth)} new digits are right")
mistaken = np.flatnonzero(guesses != truth)[:5]
pairs = np.concatenate([new_images[mistaken], images[nearest[mistaken]]])
captions = [f"new: a {truth[i]}" for i in mistaken] + [f"nearest: a {guesses[i]}" for i in mistaken]
plots.image_grid(
    pairs, captions, columns=len(mistaken), size=1.3, title="Five mistakes, each above its nearest neighbour"
)

# %% [markdown]
# ## 7 · The loop, and the line
#
# A layer of a network multiplies every example by a matrix. Suppose that each example has a matrix of its own: $W$ of
# shape $(n, k, d)$ and $X$ of shape $(n, d)$. Written as loops,
#
# $$Y_{ij} = \sum_{p=1}^d W_{ijp} X_{ip}, \qquad (n, k, d),\ (n, d) \to (n, k).$$
#
# Three tools can say this without a loop. `@` takes its last two axes as matrices and repeats over all axes before them,
# so $(n, k, d)$ @ $(n, d, 1)$ is $(n, k, 1)$. `*` multiplies entry by entry, broadcasting; the sum is then up to you.
# `np.einsum` takes the formula itself as text: one letter an axis, and what is missing after the arrow is summed over.


# %% tags=["explore"]
def by_three_loops(W, X):
    n, k, d = W.shape
    Y = np.zeros((n, k))
    for i in range(n):
        for j in range(k):
            for p in range(d):
                Y[i, j] += W[i, j, p] * X[i, p]
    return Y


def by_one_loop(W, X):
    return np.array([matrix @ x for matrix, x in zip(W, X)])


# %% nbgrader={"grade_id": "batched_matvec", "solution": true}
def batched_matvec(W, X):
    """Multiply each example by a matrix of its own.

    W: (n, k, d) matrices
    X: (n, d) examples
    Returns (n, k): row i is W[i] @ X[i].

    Rule: no Python loop over examples; the check counts Python's steps.
    Hint: which shape must X have before @, or * and a sum, fits W?
    """
    ### BEGIN SOLUTION
    return (W @ X[:, :, None])[:, :, 0]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_batched_matvec", "grade": true, "points": 2}
check("batched_matvec")

# %% [markdown]
# How much is it worth? Each step of a Python loop costs a few hundred nanoseconds, however little it computes. For one
# example all three ways are quick. As $n$ grows, the loops pay for every example again. Note the axes: equal steps are
# equal *factors*.

# %% tags=["explore"]
from timeit import repeat

ways = {"three loops": by_three_loops, "one loop": by_one_loop, "yours": batched_matvec}
sizes = [1, 3, 10, 30, 100, 300, 1000, 3000]
rng = np.random.default_rng(0)
data = [(rng.normal(size=(n, 8, 16)), rng.normal(size=(n, 16))) for n in sizes]
times = {
    name: [min(repeat(lambda: way(W, X), number=1, repeat=5 if len(X) < 1000 else 2)) for W, X in data]
    for name, way in ways.items()
}
factors = {name: series[-1] / times["yours"][-1] for name, series in times.items()}
print(f"n = {sizes[-1]}: three loops take {factors['three loops']:,.0f} times as long as yours,")
print(f"          one loop takes {factors['one loop']:,.1f} times as long")
plots.curves(
    {name: (sizes, series) for name, series in times.items()},
    xlabel="examples n",
    ylabel="seconds a call",
    title=f"The same numbers; at n = {sizes[-1]} yours is {factors['three loops']:,.0f} times as fast as three loops",
    log="xy",
    markers=True,
)

# %% [markdown]
# ## 8 · One-hot
#
# A label such as 3 is a name, not a quantity: class 4 is not more than class 3. In formulas a label often stands as a row
# of zeros with one 1, its **one-hot** vector: $Y_{ij} = 1$ if $y_i = j$, else 0. For $n$ labels, $Y$ is $(n, k)$, where
# $k$ is the number of classes. It must be given: a batch need not contain all of them.
#
# There are several short ways: compare a column with a row, index an array by two arrays at once (`Y[rows, columns] = 1`),
# or pick rows from a matrix that already has what you need.


# %% nbgrader={"grade_id": "one_hot", "solution": true}
def one_hot(y, n_classes):
    """Turn labels into rows with one 1.

    y: (n,) whole numbers from 0 to n_classes - 1, of any integer dtype
    n_classes: how many classes there are; some may not occur in y
    Returns (n, n_classes) zeros and ones, of any dtype: row i has its 1 in column y[i].

    Hint: look at the rows of np.eye(4).
    """
    ### BEGIN SOLUTION
    return np.eye(n_classes)[y]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_one_hot", "grade": true, "points": 2}
check("one_hot")

# %% [markdown]
# What it is good for: $Y^\top X$ has shape $(k, n)\,(n, d) \to (k, d)$. Its row $j$ is the sum of all images of class $j$.
# Divide by how many there are, and one product has averaged ten classes.

# %% tags=["explore"]
Y = one_hot(labels, 10)
class_sums = Y.T @ pixels
class_means = class_sums / Y.sum(axis=0)[:, None]
captions = [f"mean of {int(count)}" for count in Y.sum(axis=0)]
plots.image_grid(
    class_means.reshape(10, 28, 28), captions, columns=5, size=1.3, title="Ten average digits, one product"
)

# %% [markdown]
# ## 9 · Digits from bytes
#
# A file is a row of bytes, and a format says what they mean. MNIST's files, which lab 01 learns from, are in a format
# called IDX:
#
# | bytes | meaning |
# |---|---|
# | 0–3 | magic number: 2049 for labels (1 axis), 2051 for images (3 axes) |
# | then 4 an axis | the length of each axis: $n$, or $n$, height and width |
# | the rest | one byte an entry, 0 to 255, the last axis running fastest |
#
# The numbers of four bytes are **big-endian**: the most significant byte comes first, so 2051 is `00 00 08 03`. Files
# often come packed by gzip, in which case their first two bytes are `1f 8b`; a name can lie about that, the bytes cannot.
# Here are two such files, one of each kind.

# %% tags=["explore"]
import struct
from tempfile import TemporaryDirectory


def idx(magic, array):
    return struct.pack(f">{1 + array.ndim}I", magic, *array.shape) + array.tobytes()


folder = TemporaryDirectory()
images_path, labels_path = Path(folder.name, "images-idx3-ubyte.gz"), Path(folder.name, "labels-idx1-ubyte")
images_path.write_bytes(gzip.compress(idx(2051, digits.test_images), mtime=0))
labels_path.write_bytes(idx(2049, digits.test_labels.astype(np.uint8)))
for path in (images_path, labels_path):
    content = path.read_bytes()
    print(f"{path.name:<22} {len(content):>7} bytes, first {content[:16].hex(' ')}")

# %% [markdown]
# A reader that trusts its file returns nonsense when a download has been cut. Yours does not: if the magic number is
# neither of the two, if bytes are missing (in the header, in the data, or in the packed file), or if bytes are left over,
# it raises `ValueError` with a text that says what is wrong. `Path(path).read_bytes()` gives a file's bytes,
# `gzip.decompress(data)` unpacks them (and raises `EOFError` if they were cut), `int.from_bytes(data[:4], "big")` reads a
# number, and `np.frombuffer(data, np.uint8, offset=…)` an array. All are imported above.


# %% nbgrader={"grade_id": "read_idx", "solution": true}
def read_idx(path):
    """Read a file in MNIST's format, plain or packed by gzip.

    path: where it is, a str or a Path; whether it is packed is seen from its bytes
    Returns the entries as stored, uint8: (n,) labels or (n, height, width) images.
    Raises ValueError if the magic number is neither 2049 nor 2051, or bytes are missing or left over.

    Hint: unpack, magic number, shape, number of bytes, entries; check each before you go on.
    """
    ### BEGIN SOLUTION
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except EOFError:
            raise ValueError(f"{path} is cut short: the packed data end too early.") from None
    magic = int.from_bytes(data[:4], "big")
    if magic not in (2049, 2051):
        raise ValueError(f"{path} has magic number {magic}, expected 2049 or 2051.")
    start = 8 if magic == 2049 else 16
    shape = [int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise ValueError(f"{path} has {len(data)} bytes, expected {start} + {math.prod(shape)} for {shape}.")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape).copy()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_read_idx", "grade": true, "points": 4}
check("read_idx")

# %% [markdown]
# From bytes to handwriting, with nothing in between that you have not seen:

# %% tags=["explore", "cover"]
read_images, read_labels = read_idx(images_path), read_idx(labels_path)
print(f"images {read_images.shape} {read_images.dtype}, labels {read_labels.shape} {read_labels.dtype}")
captions = [str(label) for label in read_labels[:40]]
plots.image_grid(read_images[:40], captions, title="Forty digits, read from bytes by your own reader")

# %% [markdown]
# What the order of the axes and the start of the data mean, you see when they are wrong. From left to right: the image as
# it is; with the header taken for pixels; with a width of 27; with the pixels taken for signed numbers.

# %% tags=["explore"]
data = gzip.decompress(images_path.read_bytes())
entries = np.frombuffer(data, np.uint8)
misread = {
    "right": entries[16 : 16 + 784].reshape(28, 28),
    "header read\nas pixels": entries[:784].reshape(28, 28),
    "27 pixels a row": entries[16 : 16 + 756].reshape(28, 27),
    "signed bytes": entries[16 : 16 + 784].view(np.int8).reshape(28, 28),
}
plots.arrays(misread, title="One file, four readings", unit="value of a pixel")

# %% [markdown]
# ## 10 · Why did nobody complain?
#
# You have seen mistakes that raise no error: the column that met a row, the pixels that went round, the fraction that was
# cut off, the view that was taken for a copy. **Choose two of them. For each, say why NumPy has no way to know that
# something is wrong, and give one line of code (an assertion, a conversion, another call) that would have prevented it or
# made it loud, and what that line costs.** Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_nobody_complained", "grade": true, "solution": true, "points": 2}
# ### BEGIN SOLUTION
# **Broadcasting**: a column (n, 1) minus a row (n,) is a legal outer difference, which is exactly what `pairwise_sq_dists` relies on, so the same
# rule cannot be an error; `assert predictions.shape == targets.shape` makes it loud and costs nothing measurable.
# **Wrapping**: arithmetic modulo 256 is what `uint8` is defined to do, and a check of every sum would cost time in each of millions of
# operations; `.astype(float)` (or `int`) first prevents it and costs eight times the memory. **Truncation**: assigning into an integer array is
# allowed by definition; `np.zeros(counts.shape)` in place of `zeros_like` costs nothing. **View for copy**: a view is a full array, and writing into one is often wanted;
# `.copy()` prevents it and costs the memory and time of the copy, `a.flags.writeable = False` makes it loud.
# Full marks: two different mistakes, each with a reason why the operation is legitimate in other programs, a line that works, and its cost.
# Half: one mistake, or two without the reason.
# ### END SOLUTION

# %% [markdown]
# ## How far you are
#
# What the checks that you ran in this session say, exercise by exercise; run those that are missing, then look again.

# %% tags=["explore"]
coursekit.progress()

# %% [markdown]
# ## If you want more
#
# - **Less memory.** The broadcast $(n, m, d)$ array is large. Write the distances as $|a|^2 + |b|^2 - 2\,a \cdot b$, which needs only $(n, m)$, and compare
#   time and accuracy; then move all points by $10^8$ and look again.
# - **Nearer neighbours.** Does the vote of five neighbours read more digits than the nearest one? Do standardised pixels?
# - **The real thing.** Lab 01 downloads MNIST. Read its four files with your `read_idx`, and draw the ten average digits of all 60,000.
#
# Save the notebook and hand it in. Next: lab 01, in which a matrix learns to read these digits from examples.
