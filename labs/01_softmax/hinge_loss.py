# %% [markdown]
# ## 2 · How wrong is a score? The hinge
#
# To improve $W$ we need one number that says how bad it is. The **hinge loss** asks that the true class $y$ beat
# every other class by a margin. Each class that comes too close costs what it lacks:
#
# $$L = \frac1n \sum_{i=1}^n \sum_{j \ne y_i} \max(0,\; s_{ij} - s_{i y_i} + \text{margin}).$$
#
# Two things to watch. The true class itself takes no part in the inner sum. And one of the lectures prints the term as
# $s_j s_{y_i} + 1$: a minus sign was lost between the two scores, and with it the meaning. We take the mean over
# examples, as for every loss in this course.

# %% nbgrader={"grade_id": "hinge_loss", "solution": true}
def hinge_loss(S, y, margin=1.0):
    """Return the mean hinge loss of a batch.

    S: (n, k) scores
    y: (n,) true classes, whole numbers from 0 to k - 1
    Returns one number: the mean over examples of the sum over wrong classes.

    Hint: S[np.arange(n), y] picks each row's true score; make it a column, (n, 1).
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(S))
    true_scores = S[rows, y][:, None]
    excess = np.maximum(0, S - true_scores + margin)
    excess[rows, y] = 0
    return excess.sum(axis=1).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_hinge_loss", "grade": true, "points": 2}
check("hinge_loss")

# %% tags=["explore"]
ask("hinge_loss", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# Random weights give scores near zero, so every wrong class lacks almost the whole margin. Nine wrong classes,
# each about 1: the loss should be close to 9. Predicting a number before computing it is the cheapest test there is.

# %% tags=["explore"]
S_random = scores(W_random, b_random, X_test)
print(f"hinge loss of the random weights: {hinge_loss(S_random, y_test):.3f}")

# %% ask
S = np.array([[5.0, 3.0, 1.0, 3.0], [2.0, 6.0, 4.0, 5.0]])
y = np.array([1, 2])
hinge_loss(S, y)


# %% visible
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


# %% hidden
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


# %% right loops
def hinge_loss(S, y, margin=1.0):
    total = 0.0
    for row, label in zip(S, y):
        for j, score in enumerate(row):
            if j != label:
                total += max(0, score - row[label] + margin)
    return total / len(S)


# %% right margin_taken_off_again
def hinge_loss(S, y, margin=1.0):
    S = np.asarray(S)
    true = np.take_along_axis(S, np.asarray(y)[:, None], axis=1)
    return np.clip(S - true + margin, 0, None).sum(axis=1).mean() - margin


# %% right torch_masked
def hinge_loss(S, y, margin=1.0):
    import torch

    S, y = torch.tensor(S), torch.tensor(y)
    gaps = (S - S.gather(1, y[:, None]) + margin).clamp(min=0)
    return gaps.scatter(1, y[:, None], 0.0).sum() / len(S)


# %% right list_comprehension
def hinge_loss(S, y, margin=1.0):
    losses = [sum(max(0.0, s - row[t] + margin) for j, s in enumerate(row) if j != t) for row, t in zip(S.tolist(), y)]
    return np.array(sum(losses) / len(losses), dtype=np.float32)


# %% wrong true_class_counted -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    true = S[np.arange(len(S)), y][:, None]
    return np.maximum(0, S - true + margin).sum(axis=1).mean()


# %% wrong sum_for_mean -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.sum()


# %% wrong slide_without_minus -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S * S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong margin_is_one -> hinge_uses_its_margin
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + 1)
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong sum_before_max -> hinge_is_zero_past_the_margin
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = S - S[rows, y][:, None] + margin
    gaps[rows, y] = 0
    return abs(gaps.sum(axis=1)).mean()


# %% wrong best_wrong_class_only -> hinge_of_random_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.max(axis=1).mean()


# %% wrong mean_over_classes_too -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.mean()


# %% wrong writes_into_the_scores -> hinge_leaves_its_inputs_alone
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    S -= S[rows, y][:, None]
    gaps = np.maximum(0, S + margin)
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong squared -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin) ** 2
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong half_of_the_true_row -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    gaps = np.maximum(0, S - S[np.arange(len(S)), y] + margin)
    gaps[np.arange(len(S)), y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong loss_of_each_example -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.sum(axis=1)


# %% wrong first_column_is_true -> hinge_of_random_examples
def hinge_loss(S, y, margin=1.0):
    gaps = np.maximum(0, S[:, 1:] - S[:, :1] + margin)
    return gaps.sum(axis=1).mean()


# %% wrong margin_subtracted -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] - margin)
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong gaps_made_like_the_scores -> hinge_loss_in_other_forms
def hinge_loss(S, y, margin=1.0):
    gaps = np.zeros_like(S)
    for i, label in enumerate(y):
        gaps[i] = np.maximum(0, S[i] - S[i, label] + margin)
        gaps[i, label] = 0
    return gaps.sum(axis=1).mean()


# %% wrong divided_by_the_classes -> hinge_of_random_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    lacking = np.maximum(0, S - S[rows, y][:, None] + margin)
    lacking[rows, y] = 0
    return lacking.sum() / S.shape[1]


# %% wrong difference_turned_around -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    lacking = np.maximum(0, S[rows, y][:, None] - S + margin)
    lacking[rows, y] = 0
    return lacking.sum(axis=1).mean()
