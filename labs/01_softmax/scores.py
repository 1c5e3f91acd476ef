# %% [markdown]
# ## 1 · Scores
#
# A linear classifier keeps one weight for every pixel and class: a matrix $W$ of shape $(d, k)$ and a bias $b$
# of shape $(k,)$. The score of class $j$ for image $i$ is a weighted sum of the image's pixels,
#
# $$S = X W + b, \qquad S_{ij} = \sum_p X_{ip} W_{pj} + b_j, \qquad (n, d)\,(d, k) + (k,) \to (n, k).$$
#
# Many slides write $z = Wx + b$ with one example as a column. It is the same sum; only the letters have changed
# sides. With rows, a whole batch is one product.

# %% nbgrader={"grade_id": "scores", "solution": true}
def scores(W, b, X):
    """Score every example for every class.

    W: (d, k) weights
    b: (k,) biases
    X: (n, d) examples, one per row
    Returns (n, k) scores.

    Hint: let the shapes lead you; only one order of the product fits.
    """
    ### BEGIN SOLUTION
    return X @ W + b
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_scores", "grade": true, "points": 1}
check("scores")

# %% [markdown]
# First by hand. An image of four pixels, three classes: each score is four products, their sum and a bias. Work one of them out on
# paper before you run the cell.

# %% tags=["explore"]
tiny = np.array([[0.2, 0.9, 0.1, 0.0]])
W_tiny = np.array([[1.0, 0.0, -1.0], [2.0, -1.0, 0.0], [0.0, 3.0, 1.0], [-1.0, 1.0, 2.0]])
b_tiny = np.array([0.1, 0.2, 0.5])
plots.arrays(
    {"X": tiny, "W": W_tiny, "b": b_tiny, "scores": scores(W_tiny, b_tiny, tiny)}, title="Four pixels, three classes"
)

# %% [markdown]
# With random weights the scores mean nothing, and the best score is right about one time in ten. That is where
# everything below starts.

# %% tags=["explore"]
rng = np.random.default_rng(0)
W_random, b_random = 0.01 * rng.normal(size=(X_test.shape[1], 10)), np.zeros(10)
random_guesses = scores(W_random, b_random, X_test).argmax(axis=1)
print(f"random weights: {(random_guesses == y_test).mean():.1%} of the test images are right")

# %% visible
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


# %% hidden
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


# %% right loops
def scores(W, b, X):
    S = np.empty((len(X), len(b)))
    for i, x in enumerate(X):
        for j in range(len(b)):
            S[i, j] = sum(x[p] * W[p, j] for p in range(len(x))) + b[j]
    return S


# %% right torch_float32
def scores(W, b, X):
    import torch

    W, b, X = (torch.tensor(a, dtype=torch.float32) for a in (W, b, X))
    return torch.addmm(b, X, W)


# %% right list_of_rows
# - return X @ W + b
# + return [list(x @ W + b) for x in X]

# %% right fortran_order
# - return X @ W + b
# + return (W.T @ X.T + b[:, None]).T

# %% right homogeneous_coordinates
# - return X @ W + b
# + return np.hstack([X, np.ones((len(X), 1))]) @ np.vstack([W, b])

# %% right matrix_class
# - return X @ W + b
# + return np.asmatrix(X) * np.asmatrix(W) + b

# %% wrong bias_forgotten -> scores_of_three_examples
# - return X @ W + b
# + return X @ W

# %% wrong bias_on_rows -> scores_of_three_examples
# - return X @ W + b
# + return X @ W + b[:, None]

# %% wrong columns_are_examples -> scores_have_a_row_an_example
# - return X @ W + b
# + return (X @ W + b).T

# %% wrong slide_order -> scores_of_three_examples
# - return X @ W + b
# + return W @ X + b


# %% wrong bias_added_into_the_input -> scores_leave_their_inputs_alone
def scores(W, b, X):
    W *= 1.0
    X[:, 0] += 1e-9
    return X @ W + b


# %% wrong right_for_three_classes_only -> scores_of_random_examples
# - return X @ W + b
# + return X @ W + (b if len(b) == len(X) else b * 0)

# %% wrong bias_multiplied -> scores_of_three_examples
# - return X @ W + b
# + return X @ W * b

# %% wrong bias_as_a_column_of_the_features -> scores_of_random_examples
# - return X @ W + b
# + return X @ (W + b / X.sum(axis=1).mean())

# %% wrong dtype_of_the_examples -> scores_in_other_forms
# Pixels are often whole numbers: the array for the scores then holds whole numbers, too.
# - return X @ W + b
# + S = np.zeros_like(X, shape=(len(X), len(b)))
# + S[:] = X @ W + b
# + return S


# %% right torch_linear
def scores(W, b, X):
    import torch

    t = lambda a: torch.as_tensor(np.ascontiguousarray(a), dtype=torch.float64)
    return torch.nn.functional.linear(t(X), t(W).T, t(b)).numpy()


# %% wrong rounded_to_whole_numbers -> scores_of_three_examples
# - return X @ W + b
# + return np.round(X @ W + b)


# %% wrong square_weights_transposed -> scores_of_random_examples
# As many classes as features: the slides' order fits, too.
# - return X @ W + b
# + return (X @ W.T if W.shape[0] == W.shape[1] else X @ W) + b


# %% wrong bias_subtracted -> scores_of_three_examples
def scores(W, b, X):
    return X @ W - b


# %% wrong all_biases_added_up -> scores_of_three_examples
def scores(W, b, X):
    return X @ W + b.sum()


# %% wrong a_single_example_loses_its_axis -> scores_of_random_examples
def scores(W, b, X):
    return np.squeeze(X @ W + b)
