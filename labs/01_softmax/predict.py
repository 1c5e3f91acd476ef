# %% [markdown]
# ## 9 · The answer
#
# Which class does the classifier choose? The one with the highest score. Softmax does not change the order, so it is not
# needed here.

# %% nbgrader={"grade_id": "predict", "solution": true}
def predict(W, b, X):
    """Choose a class for every example.

    W: (d, k) weights
    b: (k,) biases
    X: (n, d) examples
    Returns (n,) whole numbers: the class with the highest score in each row;
    where several share it, any of them.
    """
    ### BEGIN SOLUTION
    return scores(W, b, X).argmax(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_predict", "grade": true, "points": 1}
check("predict")


# %% visible
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


# %% hidden
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


# %% right loops
# - return scores(W, b, X).argmax(axis=1)
# + return [max(range(len(b)), key=lambda j: x @ W[:, j] + b[j]) for x in X]


# %% right torch
def predict(W, b, X):
    import torch

    W, b, X = (torch.tensor(a, dtype=torch.float32) for a in (W, b, X))
    return (X @ W + b).argmax(dim=1)


# %% right through_probabilities
# - return scores(W, b, X).argmax(axis=1)
# + return np.argmax(softmax(scores(W, b, X)), axis=-1).astype(np.uint8)

# %% right sorted_scores
# - return scores(W, b, X).argmax(axis=1)
# + return np.argsort(X @ W + b, axis=1)[:, -1]


# %% right whole_floats
def predict(W, b, X):
    S = scores(W, b, X)
    return [float(np.flatnonzero(row == np.max(row))[0]) for row in np.asarray(S)]


# %% wrong best_example_of_each_class -> class_with_the_highest_score
# - return scores(W, b, X).argmax(axis=1)
# + return np.argmax(X @ W + b, axis=0)

# %% wrong bias_forgotten -> class_with_the_highest_score
# - return scores(W, b, X).argmax(axis=1)
# + return np.argmax(X @ W, axis=1)

# %% wrong lowest_score -> class_with_the_highest_score
# - return scores(W, b, X).argmax(axis=1)
# + return np.argmin(X @ W + b, axis=1)

# %% wrong highest_score_itself -> one_label_an_example
# - return scores(W, b, X).argmax(axis=1)
# + return np.max(X @ W + b, axis=1)


# %% wrong probabilities -> one_label_an_example
def predict(W, b, X):
    S = X @ W + b
    E = np.exp(S - S.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong index_in_the_whole_matrix -> one_label_an_example
# - return scores(W, b, X).argmax(axis=1)
# + return np.argmax(X @ W + b)

# %% wrong column_of_labels -> one_label_an_example
# - return scores(W, b, X).argmax(axis=1)
# + return np.argmax(X @ W + b, axis=1, keepdims=True)

# %% wrong largest_size_of_score -> labels_of_random_examples
# - return scores(W, b, X).argmax(axis=1)
# + return np.argmax(np.abs(X @ W + b), axis=1)

# %% wrong counts_from_one -> class_with_the_highest_score
# - return scores(W, b, X).argmax(axis=1)
# + return np.argmax(X @ W + b, axis=1) + 1


# %% wrong one_hot -> one_label_an_example
def predict(W, b, X):
    S = X @ W + b
    return (S == S.max(axis=1, keepdims=True)).astype(int)


# %% wrong scores_of_the_dtype_of_the_examples -> labels_of_whole_numbers
def predict(W, b, X):
    S = np.zeros_like(X, shape=(len(X), len(b)))
    S[:] = X @ W + b
    return S.argmax(axis=1)


# %% wrong through_an_overflowing_softmax -> huge_scores_have_a_highest_one_too
def predict(W, b, X):
    E = np.exp(X @ W + b)
    return (E / E.sum(axis=1, keepdims=True)).argmax(axis=1)


# %% wrong through_a_sigmoid -> huge_scores_have_a_highest_one_too
def predict(W, b, X):
    return (np.tanh((X @ W + b) / 2)).argmax(axis=1)


# %% wrong scores_rounded -> one_label_an_example
# - return scores(W, b, X).argmax(axis=1)
# + return np.round(scores(W, b, X)).argmax(axis=1)


# %% wrong two_labels_where_scores_are_equal -> labels_of_random_examples
def predict(W, b, X):
    S = scores(W, b, X)
    return np.where(S == S.max(axis=1, keepdims=True))[1]


# %% wrong best_begins_at_0 -> labels_of_random_examples
# Where all scores are below zero, none beats the 0 that the search begins with.
def predict(W, b, X):
    labels = []
    for row in scores(W, b, X):
        best, label = 0, 0
        for j, score in enumerate(row):
            if score > best:
                best, label = score, j
        labels.append(label)
    return labels


# %% wrong two_classes_by_the_sign -> labels_of_random_examples
def predict(W, b, X):
    S = scores(W, b, X)
    return (S[:, 1] > 0).astype(int) if S.shape[1] == 2 else S.argmax(axis=1)


# %% wrong scores_rounded_to_hundredths -> labels_of_random_examples
# - return scores(W, b, X).argmax(axis=1)
# + return np.round(scores(W, b, X), 2).argmax(axis=1)


# %% wrong ten_classes_at_most -> labels_of_random_examples
def predict(W, b, X):
    return (X @ W + b)[:, :10].argmax(axis=1)


# %% wrong size_of_the_score -> huge_scores_have_a_highest_one_too
def predict(W, b, X):
    return np.abs(X @ W + b).argmax(axis=1)
