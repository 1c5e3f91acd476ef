# %% [markdown]
# ## 7 · The loop, and the line
#
# A layer of a network multiplies every example by a matrix. Suppose that each example has a matrix of its own: $W$ of
# shape $(n, k, d)$ and $X$ of shape $(n, d)$. Written as loops,
#
# $$Y_{ij} = \sum_{p=1}^d W_{ijp} X_{ip}, \qquad (n, k, d),\ (n, d) \to (n, k).$$
#
# Three tools can say this without a loop. `@` takes its last two axes as matrices and repeats over all axes before
# them, so $(n, k, d)$ @ $(n, d, 1)$ is $(n, k, 1)$. `*` multiplies entry by entry, broadcasting; the sum is then up to
# you. `np.einsum` takes the formula itself as text: one letter per axis, and what is missing after the arrow is summed
# over.

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
    X: (n, d) examples; both hold numbers of any dtype, whole numbers too
    Returns (n, k): row i is W[i] @ X[i].

    Rule: no Python loop over examples; the check counts Python's steps.
    Hint: which shape must X have before @, or * and a sum, fits W?
    """
    ### BEGIN SOLUTION
    return (W @ X[:, :, None]).squeeze(axis=2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_batched_matvec", "grade": true, "points": 2}
check("batched_matvec")

# %% tags=["explore"]
ask("batched_matvec", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# How much is it worth? Each step of a Python loop costs a few hundred nanoseconds, however little it computes. For one
# example all three ways are quick. As $n$ grows, the loops pay for every example again. Note the axes: equal steps are
# equal *factors*. **Guess first** how many times as long as yours the three loops take.

# %% tags=["explore"]
my_guess = None  # times as long

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
    ylabel="seconds per call",
    title=f"The same numbers; at n = {sizes[-1]} yours is {factors['three loops']:,.0f} times as fast as three loops",
    log="xy",
    markers=True,
    guess=None if my_guess is None else (sizes, [my_guess * seconds for seconds in times["yours"]]),
)

# %% [markdown]
# ### Why do the lines part?
#
# **Read the three lines from left to right. Why are they closest at $n = 1$? Why does "three loops" rise by a factor of ten for
# each factor of ten from the start, and yours only later? What does each of them pay for, once per call or once per example?** Three to five
# sentences.

# %% [markdown] nbgrader={"grade_id": "why_the_lines_part", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# At n = 1 "one loop" and yours pay the fixed price of a call: microseconds to enter NumPy, check types, make an array; 8 · 16 products are few.
# Three loops pay Python's price for each multiply-add, 128 of them per example, from the first example on, so time is proportional to n from the first: a line of slope 1 on
# two logarithmic axes. One loop pays one call of NumPy per example: slope 1 as well, lower by what a call does in one go. The vectorised
# line pays the fixed price once; it is flat until n · 128 products take longer than the call, and then rises with slope 1 too, at the
# machine's own price. Full mark: fixed price against price per example for at least two of the lines, and why the slope is 1. Half: "loops are
# slow in Python" with one reason.
# ### END SOLUTION

# %% ask
n = 4
W, X = np.arange(6.0 * n).reshape(n, 2, 3), 1 + np.arange(3.0 * n).reshape(n, 3)
batched_matvec(W, X)


# %% visible
W_TWO = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[0.0, 1.0, -1.0], [2.0, 0.0, 1.0]]])
X_TWO = np.array([[1.0, 0.0, 2.0], [3.0, 1.0, -1.0]])


@checks("batched_matvec")
def two_products_worked_out_by_hand(student: Student, rng: Rng) -> None:
    """Two 2 × 3 matrices times two vectors give the products worked out by hand."""
    expect_close(
        student.call("batched_matvec", W_TWO, X_TWO),
        [[7, 16], [2, 5]],
        hint="Row i is W[i] @ X[i]: multiply along d and sum over d, for every example and every row of its matrix.",
        mistakes={
            "* multiplies entry by entry: the sum over d, the last axis, is missing.": (
                [[[1, 0, 6], [4, 0, 12]], [[0, 1, 1], [6, 0, -1]]]
            ),
            "Every matrix was multiplied by every example: each has its own.": (
                [[[7, 2], [16, 11]], [[-2, 2], [4, 5]]]
            ),
            "The axis of length 1 that @ needed is still there: take it off.": [[[7], [16]], [[2], [5]]],
            "The first matrix was used for every example: W[i] belongs to X[i].": [[7, 16], [2, 11]],
            "reshape keeps the numbers in their order: to swap axes use transpose(0, 2, 1) or swapaxes.": (
                [[11, 14], [-1, 4]]
            ),
            "Examples are rows: the result is (n, k), here it is its transpose.": [[7, 2], [16, 5]],
            "Each matrix met all examples, added up: in np.einsum, W and X need the same letter for the examples.": (
                [[9, 27], [0, 9]]
            ),
            "That is the mean over d: take the sum.": [[7 / 3, 16 / 3], [2 / 3, 5 / 3]],
        },
        atol=1e-5,
    )


@checks("batched_matvec")
def as_many_examples_as_rows_and_columns(student: Student, rng: Rng) -> None:
    """Three 3 × 3 matrices (one changes nothing, one doubles, one moves entries up) act on an example each."""
    W = np.stack([np.eye(3), 2 * np.eye(3), np.roll(np.eye(3), 1, axis=1)])
    X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    expect_close(
        student.call("batched_matvec", W, X),
        [[1, 2, 3], [8, 10, 12], [8, 9, 7]],
        hint="Say the shapes: W is (n, k, d), and X needs to become (n, d, 1) for @, or (n, 1, d) for *.",
        mistakes={
            "W @ X takes X for one matrix: make a column of each example, X[:, :, None].": np.stack(
                [X, 2 * X, X[[1, 2, 0]]]
            ),
            "The matrices were transposed: sum over d, the last axis of W.": [[1, 2, 3], [8, 10, 12], [9, 7, 8]],
        },
        atol=1e-5,
    )


@checks("batched_matvec")
def more_examples_take_no_more_steps(student: Student, rng: Rng) -> None:
    """For forty examples Python takes as many steps as for four: there is no loop over examples."""
    few, many = ([rng.normal(size=(n, 2, 3)), rng.normal(size=(n, 3))] for n in (4, 40))
    got = student.call("batched_matvec", *few)
    expect_shape(got, (4, 2), hint="First return a result of the right form; then this check counts steps.")
    hint = "A comprehension, map and np.vectorize loop too. @ repeats over all axes before the last two."
    _expect_no_loop(student, "batched_matvec", few, many, what="examples", hint=hint)
    # One of the many examples, so that these too are computed with.
    got = np.asarray(student.call("batched_matvec", *many))
    one = (many[0][37] * many[1][37]).sum(axis=1)
    cut = (np.trunc(many[0][37]) * np.trunc(many[1][37])).sum(axis=1)
    expect_close(
        got[37],
        one,
        hint="First get the numbers right, for many examples too.",
        rtol=1e-4,
        mistakes={"The fractions of W and X were cut off: convert to float, not to whole numbers.": cut},
    )


@checks("batched_matvec")
def matrices_and_examples_stay_as_they_are(student: Student, rng: Rng) -> None:
    """W and X are what they were before the call."""
    got = student.call("batched_matvec", W_TWO, X_TWO)
    expect_shape(got, (2, 2), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


batched_matvec_in_other_forms = forms(
    "batched_matvec", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# %% hidden
@checks("batched_matvec")
def products_of_random_examples(student: Student, rng: Rng) -> None:
    """Random matrices and examples have the right products at every size."""
    for n, k, d in ((5, 2, 3), (3, 3, 3), (1, 4, 2), (4, 1, 5), (2, 2, 3), (6, 3, 1)):
        W, X = rng.normal(size=(n, k, d)), rng.normal(size=(n, d))
        right = [[sum(w * x for w, x in zip(row, X[i], strict=True)) for row in W[i]] for i in range(n)]
        hint = "Compare with the loop over i of W[i] @ X[i], at sizes n, k and d that all differ."
        got = student.call("batched_matvec", W, X)
        single = (
            "The result has two axes also where n or k is 1: squeeze() takes away every axis of length 1, name one."
        )
        expect_close(got, right, hint=single if np.ndim(got) < 2 else hint, rtol=1e-4, atol=1e-5)


# %% right einsum
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.einsum("nkd,nd->nk", W, X)

# %% right star_and_sum
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return (W * X[:, None, :]).sum(axis=-1)

# %% right row_times_transpose
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return (X[:, None, :] @ W.transpose(0, 2, 1)).squeeze(1)


# %% right torch
def batched_matvec(W, X):
    import torch

    return torch.bmm(torch.tensor(W, dtype=torch.float64), torch.tensor(X, dtype=torch.float64).unsqueeze(-1)).squeeze(
        -1
    )


# %% right float32
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.matmul(W.astype(np.float32), X.astype(np.float32)[..., None])[..., 0]

# %% right row_of_the_matrix_by_row
# A loop over the rows of the matrices is no loop over examples.
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.stack([(W[:, j] * X).sum(axis=1) for j in range(W.shape[1])], axis=1)

# %% right fortran_order
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.asfortranarray(np.einsum("...kd,...d", W, X))

# %% wrong star_for_at -> two_products_worked_out_by_hand
# The axes of the product are confused, at any shape.
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return W * X[:, None, :]

# %% wrong every_matrix_with_every_example -> two_products_worked_out_by_hand
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return W @ X.T

# %% wrong the_extra_axis_left -> two_products_worked_out_by_hand
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return W @ X[:, :, None]

# %% wrong the_first_matrix_for_all -> two_products_worked_out_by_hand
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return X @ W[0].T


# %% wrong reshape_taken_for_transpose -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    n, k, d = W.shape
    return (X[:, None, :] @ W.reshape(n, d, k))[:, 0]


# %% wrong result_transposed -> two_products_worked_out_by_hand
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.einsum("nkd,nd->kn", W, X)

# %% wrong x_taken_for_one_matrix -> as_many_examples_as_rows_and_columns
# Shows only where n, k and d are the same.
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return W @ X

# %% wrong summed_over_rows -> as_many_examples_as_rows_and_columns
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return (W * X[:, None, :]).sum(axis=1)


# %% wrong matrices_transposed_if_square -> as_many_examples_as_rows_and_columns
def batched_matvec(W, X):
    if W.shape[1] == W.shape[2]:
        return np.einsum("nkd,nk->nd", W, X)
    return np.einsum("nkd,nd->nk", W, X)


# %% wrong a_row_where_a_column_was_meant -> as_many_examples_as_rows_and_columns
def batched_matvec(W, X):
    if len(set(W.shape)) == 1:
        return (W * X).sum(axis=-1)
    return (W * X[:, None]).sum(axis=-1)


# %% wrong mean_for_sum -> two_products_worked_out_by_hand
# Another reduction, type or shape.
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return (W * X[:, None, :]).mean(axis=2)

# %% wrong whole_numbers_in_between -> products_of_random_examples
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.einsum("nkd,nd->nk", W.astype(int), X.astype(int))

# %% wrong a_single_example_loses_its_axis -> products_of_random_examples
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.squeeze(W @ X[:, :, None])

# %% wrong a_comprehension -> more_examples_take_no_more_steps
# Right numbers by a loop over examples, in whatever disguise.
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.array([matrix @ x for matrix, x in zip(W, X)])

# %% wrong a_loop_called_map -> more_examples_take_no_more_steps
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.array(list(map(np.matmul, W, X)))

# %% wrong a_loop_called_vectorize -> more_examples_take_no_more_steps
# - return (W @ X[:, :, None]).squeeze(axis=2)
# + return np.vectorize(lambda matrix, x: matrix @ x, signature="(k,d),(d)->(k)")(W, X)


# %% wrong three_loops -> more_examples_take_no_more_steps
def batched_matvec(W, X):
    n, k, d = W.shape
    Y = np.zeros((n, k))
    for i in range(n):
        for j in range(k):
            for p in range(d):
                Y[i, j] += W[i, j, p] * X[i, p]
    return Y


# %% wrong multiplied_in_place -> matrices_and_examples_stay_as_they_are
# Right numbers, and something that others rely on is changed or kept.
def batched_matvec(W, X):
    W *= X[:, None, :]
    return W.sum(axis=2)


# %% wrong result_like_the_examples -> batched_matvec_in_other_forms
def batched_matvec(W, X):
    products = np.zeros((len(X), W.shape[1]), dtype=X.dtype)
    products[...] = (W @ X[:, :, None]).squeeze(axis=2)
    return products


# %% wrong remembers_by_shape -> batched_matvec_in_other_forms
kept = {}


def batched_matvec(W, X):
    if W.shape not in kept:
        kept[W.shape] = np.einsum("nkd,nd->nk", W, X)
    return kept[W.shape].copy()


# %% right diagonal_of_all_products
def batched_matvec(W, X):
    n, k, d = W.shape
    full = np.tensordot(W, X, axes=([2], [1]))
    return full[np.arange(n), :, np.arange(n)]


# %% right sum_over_the_columns
def batched_matvec(W, X):
    return sum(W[:, :, j] * X[:, j : j + 1] for j in range(X.shape[1]))


# %% wrong another_letter_for_the_examples -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    return np.einsum("nkd,md->nk", W, X)


# %% wrong fractions_cut_off -> more_examples_take_no_more_steps
def batched_matvec(W, X):
    return (W.astype(int) @ X[:, :, None].astype(int))[:, :, 0]


# %% wrong every_axis_of_length_1_gone -> products_of_random_examples
def batched_matvec(W, X):
    return (W @ X[:, :, None]).squeeze()
