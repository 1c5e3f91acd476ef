# %% [markdown]
# ## 3 · Softmax: from scores to probabilities
#
# A score of 3.2 says little. Softmax turns a row of scores $z_{i1}, …, z_{ik}$ into probabilities: positive, adding up
# to 1, and in the order of the scores:
#
# $$p_{ij} = \frac{e^{z_{ij}}}{\sum_{l=1}^k e^{z_{il}}}.$$
#
# The lecture's scores 2, 4, 1, 0 become .112, .831, .041, .015. The lecture's *code*, though, divides by the sum of the
# **whole matrix**, so that all rows together add up to 1. With one example you cannot tell the difference; with two, no
# row adds up to 1 any more.
#
# There is a second trap. $e^{1000}$ is larger than any float. But a number subtracted from a whole row cancels:
# $e^{z_j - c} / \sum_l e^{z_l - c}$ is the same for every $c$. Choose $c$ well and nothing can overflow.

# %% nbgrader={"grade_id": "softmax", "solution": true}
def softmax(Z):
    """Turn each row of scores into a probability distribution.

    Z: (n, k) scores of any size, thousands included; it stays as it is
    Returns (n, k) probabilities; each row adds up to 1. No warnings.

    Hint: keepdims=True keeps a row's maximum, or its sum, as a column (n, 1).
    """
    ### BEGIN SOLUTION
    shifted = Z - Z.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softmax", "grade": true, "points": 3}
check("softmax")

# %% tags=["explore"]
ask("softmax", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# The lecture also works an example by hand: scores 3.2, 5.1 and −1.7 give .13, .87 and .00. The first two are right.
# The third was computed from the score itself, −1.7 / 188.68, where $e^{-1.7}$ belongs; cut off after two decimals, it
# looks like nothing. **Four decimals** would have shown a negative probability.

# %% tags=["explore"]
example = np.array([[3.2, 5.1, -1.7]])
slide = np.array([24.5, 164.0, -1.7]) / 188.68
plots.bars(
    {"softmax": softmax(example)[0], "as on the slide": slide},
    ["score 3.2", "score 5.1", "score −1.7"],
    ylabel="probability",
    title="Can a probability be below zero?",
)

# %% ask
Z = np.array([[2.0, 4.0, 1.0], [0.0, 1.0, 3.0]])
softmax(Z)

# %% visible
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


# %% hidden
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


# %% right loops
def softmax(Z):
    rows = []
    for z in Z:
        powers = [np.exp(v - max(z)) for v in z]
        rows.append([p / sum(powers) for p in powers])
    return rows


# %% right recursion_on_the_rows
def softmax(Z):
    if len(Z) == 1:
        E = [np.exp(float(v) - float(max(Z[0]))) for v in Z[0]]
        return [[e / sum(E) for e in E]]
    return softmax(Z[:1]) + softmax(Z[1:])


# %% right column_by_column
def softmax(Z):
    # One over the sum of exp(z_l - z_j) can overflow to one over infinity, which is the right zero.
    with np.errstate(over="ignore"):
        return np.stack([1 / np.exp(Z - Z[:, j : j + 1]).sum(axis=1) for j in range(Z.shape[1])], axis=1)


# %% right logarithm_of_the_sum
def softmax(Z):
    top = Z.max(axis=-1, keepdims=True)
    return np.exp(Z - top - np.log(np.exp(Z - top).sum(axis=-1, keepdims=True)))


# %% right float32
def softmax(Z):
    Z = np.asarray(Z, dtype=np.float32)
    E = np.exp(Z - Z.max(axis=1)[:, None])
    return E / E.sum(axis=1)[:, None]


# %% right torch
def softmax(Z):
    import torch

    return torch.softmax(torch.as_tensor(Z, dtype=torch.float64), dim=1)


# %% wrong whole_matrix -> rows_do_not_mix
# Divided by a sum that is not the row's: first of all the slide's own code.
def softmax(X):
    expo = np.exp(X)
    expo_sum = np.sum(np.exp(X))
    return expo / expo_sum


# %% wrong columns -> rows_do_not_mix
# - shifted = Z - Z.max(axis=1, keepdims=True)
# - powers = np.exp(shifted)
# - return powers / powers.sum(axis=1, keepdims=True)
# + shifted = Z - Z.max(axis=0)
# + powers = np.exp(shifted)
# + return powers / powers.sum(axis=0)


# %% wrong keepdims_missing_plainly -> rows_are_distributions
# Where there are as many classes as examples, this divides columns; anywhere else it stops.
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = Z - Z.max(axis=1).mean()

# - return powers / powers.sum(axis=1, keepdims=True)
# + return powers / powers.sum(axis=1)


# %% wrong keepdims_missing -> square_batches_keep_their_rows
# The same, mended for all shapes but the square one.
# - return powers / powers.sum(axis=1, keepdims=True)
# + total = powers.sum(axis=1)
# + return powers / (total if len(total) == powers.shape[1] else total[:, None])


# %% wrong divided_by_the_length -> softmax_of_the_slide
# - return powers / powers.sum(axis=1, keepdims=True)
# + return powers / np.linalg.norm(powers, axis=1, keepdims=True)


# %% wrong no_shift -> huge_scores_stay_finite
# Overflow: nothing is subtracted, or not the row's own maximum.
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = Z


# %% wrong clipped -> huge_scores_stay_finite
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = np.clip(Z, -500, 500)


# %% wrong one_shift_for_all_rows -> huge_scores_stay_finite
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = Z - Z.max()


# %% wrong mean_for_maximum -> huge_scores_stay_finite
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = Z - Z.mean(axis=1, keepdims=True)


# %% wrong first_score_for_maximum -> huge_scores_stay_finite
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = Z - Z[:, :1]


# %% wrong hidden_rows_lost -> softmax_of_rows_far_apart
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = Z - np.clip(Z.max(axis=1, keepdims=True), -3000, 3000)


# %% wrong powers_of_two -> softmax_of_the_slide
# Another function than exp, once, of the score.
# - powers = np.exp(shifted)
# + powers = 2.0**shifted


# %% wrong sign_turned -> softmax_of_the_slide
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = Z.min(axis=1, keepdims=True) - Z


# %% wrong scores_divided -> softmax_of_the_slide
# What the slide does with its third score.
# - return powers / powers.sum(axis=1, keepdims=True)
# + return Z / np.exp(Z).sum(axis=1, keepdims=True)


# %% wrong twice -> softmax_of_the_slide
def softmax(Z):
    for _ in range(2):
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        Z = E / E.sum(axis=1, keepdims=True)
    return Z


# %% wrong in_place -> softmax_leaves_its_input_alone
# Right numbers, but the caller's scores are gone.
def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z) if Z.dtype.kind == "f" else None
    return Z / Z.sum(axis=1, keepdims=True)


# %% right logarithms_in_place
def softmax(Z):
    Z = np.array(Z, dtype=float)
    Z -= np.logaddexp.reduce(Z, axis=1, keepdims=True)
    return np.exp(Z, out=Z)


# %% wrong ravel_taken_for_a_view -> softmax_in_other_forms
def softmax(Z):
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    flat = P.ravel()
    flat /= np.repeat(P.sum(axis=1), Z.shape[1])
    return P


# %% right logarithm_of_the_sum_by_numpy
# In float32 less exact for scores of thousands: the scores have no more digits.
def softmax(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


# %% wrong shifted_only_where_large -> softmax_of_rows_far_apart
# Where all scores lie far below zero nothing overflows, and 0 is divided by 0.
# - shifted = Z - Z.max(axis=1, keepdims=True)
# + shifted = Z - Z.max(axis=1, keepdims=True) if Z.max() > 700 else Z


# %% wrong exp_forgotten -> softmax_of_the_slide
def softmax(Z):
    return Z / Z.sum(axis=1, keepdims=True)


# %% wrong the_digits_of_the_slide -> softmax_of_the_slide
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.round(E / E.sum(axis=1, keepdims=True), 3)


# %% wrong a_sigmoid_for_each_score -> softmax_of_the_slide
def softmax(Z):
    return 1 / (1 + np.exp(-Z))


# %% wrong all_of_it_adds_up_to_1 -> rows_are_distributions
def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum()
