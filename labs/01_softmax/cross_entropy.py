# %% [markdown]
# ## 4 · Cross-entropy: what a probability costs
#
# If the true class got probability $p$, the **cross-entropy** is $-\ln p$: nothing for $p = 1$, 0.69 for a coin toss,
# without bound as $p$ goes to 0. A confident mistake is expensive. Over a batch, the mean:
#
# $$L = -\frac1n \sum_{i=1}^n \ln p_{i y_i}.$$
#
# Written with one-hot labels this is $-\sum_j y_{ij} \ln p_{ij}$, and so it is often coded. Beware: where $p_{ij} = 0$
# that computes $0 \cdot \ln 0$, which is `nan`, "not a number", in floating point. Only the true class's entry is
# needed: pick it.

# %% nbgrader={"grade_id": "cross_entropy", "solution": true}
def cross_entropy(P, y):
    """Return the mean cross-entropy of a batch.

    P: (n, k) probabilities; those of wrong classes may be zero
    y: (n,) true classes, whole numbers from 0 to k - 1
    Returns one number: the mean of minus the natural logarithm of each example's
    probability of its true class. No warnings.
    """
    ### BEGIN SOLUTION
    true_probabilities = P[np.arange(len(P)), y]
    return -np.log(true_probabilities).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_cross_entropy", "grade": true, "points": 2}
check("cross_entropy")

# %% [markdown]
# Hinge and cross-entropy look at the same scores in different ways. Below, two wrong classes keep the scores 0 and 1 while the
# score of the true class moves. The hinge is content once the margin is kept and asks for no more. Cross-entropy never
# is: it always pays to be a little surer.

# %% tags=["explore"]
true_score = np.linspace(-4, 6, 101)
rows = np.column_stack([true_score, np.zeros(101), np.ones(101)])[:, None, :]
one = np.zeros(1, int)
plots.curves(
    {
        "hinge": (true_score, [hinge_loss(row, one) for row in rows]),
        "cross-entropy": (true_score, [cross_entropy(softmax(row), one) for row in rows]),
    },
    xlabel="score of the true class (the others have 0 and 1)",
    ylabel="loss",
    title="Two ways to be dissatisfied with the same scores",
)

# %% [markdown]
# And a prediction to check: random weights give every class about 1/10, so the loss should be near $\ln 10 = 2.303$.

# %% tags=["explore"]
P_random = softmax(S_random)
print(f"cross-entropy of the random weights: {cross_entropy(P_random, y_test):.3f}")

# %% visible
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


# %% hidden
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


# %% right loops
def cross_entropy(P, y):
    losses = []
    for row, label in zip(P, y):
        losses.append(-np.log(row[label]))
    return sum(losses) / len(losses)


# %% right torch
def cross_entropy(P, y):
    import torch

    chosen = torch.as_tensor(P).gather(1, torch.as_tensor(y).long()[:, None])
    return torch.nn.functional.nll_loss(torch.log(torch.cat([chosen, chosen], 1)), torch.zeros(len(y)).long())


# %% right float32
def cross_entropy(P, y):
    chosen = np.asarray(P, dtype=np.float32)[range(len(y)), y]
    return np.mean(-np.log(chosen))


# %% right clipped_far_below
def cross_entropy(P, y):
    chosen = np.take_along_axis(P, np.asarray(y)[:, None], axis=1)
    return -np.log(np.maximum(chosen, 1e-300)).mean()


# %% right one_hot_inside_the_logarithm
def cross_entropy(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return -np.log((P * one_hot).sum(axis=1)).mean()


# %% right tiny_epsilon
def cross_entropy(P, y):
    return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))


# %% right where_the_label_is
def cross_entropy(P, y):
    chosen = P[np.arange(P.shape[1]) == np.reshape(y, (-1, 1))]
    return np.log(1 / chosen).mean()


# %% wrong log2 of tiny_epsilon -> loss_of_the_slide
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log2(P[np.arange(len(P)), y]).mean()

# %% wrong sign_forgotten of tiny_epsilon -> loss_of_the_slide
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return np.log(P[np.arange(len(P)), y]).mean()

# %% wrong sum_for_mean of tiny_epsilon -> loss_of_ten_digits
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(P[np.arange(len(P)), y]).sum()

# %% wrong zero_times_infinity of one_hot_inside_the_logarithm -> loss_of_ten_digits
# - return -np.log((P * one_hot).sum(axis=1)).mean()
# + return -(one_hot * np.log(P)).sum(axis=1).mean()

# %% wrong whole_columns of tiny_epsilon -> each_example_has_its_own_label
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(P[:, y]).mean() if len(P) > 1 and (P > 0).all() else -np.log(P[np.arange(len(P)), y]).mean()


# %% wrong softmax_again -> loss_of_the_slide
def cross_entropy(P, y):
    E = np.exp(P)
    P = E / E.sum(axis=1, keepdims=True)
    return -np.log(P[np.arange(len(P)), y]).mean()


# %% wrong loss_of_each_example of tiny_epsilon -> loss_is_one_number
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(P[np.arange(len(P)), y])

# %% wrong mean_over_classes_too of tiny_epsilon -> loss_of_random_guesses
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(P[np.arange(len(P)), y]).sum() / P.size

# %% wrong epsilon_that_shows of tiny_epsilon -> loss_of_random_guesses
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(P[np.arange(len(P)), y] + 1e-3).mean()

# %% wrong clipped_at_a_thousandth of tiny_epsilon -> unlikely_classes_cost_much
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(np.clip(P[np.arange(len(P)), y], 1e-3, 1)).mean()

# %% wrong most_likely_class of tiny_epsilon -> loss_of_the_slide
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(P.max(axis=1)).mean()


# %% wrong other_classes_too -> loss_of_the_slide
def cross_entropy(P, y):
    rows = np.arange(len(P))
    Q = 1 - P
    Q[rows, y] = P[rows, y]
    return -np.log(Q).sum(axis=1).mean()


# %% wrong probability_missed of tiny_epsilon -> loss_of_the_slide
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return 1 - P[np.arange(len(P)), y].mean()

# %% wrong logarithm_of_the_mean of tiny_epsilon -> loss_of_ten_digits
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(P[np.arange(len(P)), y].mean())


# %% wrong clips_its_input -> loss_is_one_number
def cross_entropy(P, y):
    P *= 1 - 1e-15
    return -np.log(P[np.arange(len(P)), y]).mean()


# %% wrong clips_the_zeros_of_the_caller -> cross_entropy_in_other_forms
def cross_entropy(P, y):
    P[P == 0] = 1e-12
    return -np.log(P[np.arange(len(P)), y]).mean()


# %% wrong logarithm_of_the_product of tiny_epsilon -> loss_of_a_long_batch
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return float(-np.log(np.prod(P[np.arange(len(P)), y]) + 1e-300) / len(P))


# %% wrong zeros_clipped_in_place -> loss_of_ten_digits
def cross_entropy(P, y):
    np.clip(P, 1e-12, None, out=P)
    return -np.log(P[np.arange(len(y)), y]).mean()


# %% wrong zeros_replaced_in_place -> loss_of_ten_digits
def cross_entropy(P, y):
    P[P == 0] = 1e-12
    return -np.log(P[np.arange(len(y)), y]).mean()


# %% right logarithm_where_needed
def cross_entropy(P, y):
    Y = np.eye(P.shape[1], dtype=bool)[y]
    return -np.log(P, where=Y, out=np.zeros(P.shape)).sum() / len(P)


# %% wrong half_precision -> loss_of_ten_digits
# - true_probabilities = P[np.arange(len(P)), y]
# + true_probabilities = P[np.arange(len(P)), y].astype(np.float16)


# %% right small_epsilon_from_habit of tiny_epsilon
# Off by a hundred-thousandth where the probability is 0.0001.
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-8)))


# %% wrong indices_swapped of tiny_epsilon -> loss_of_ten_digits
# Silent in a square batch.
# - return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))
# + return -np.log(P[y, np.arange(len(P))]).mean()


# %% wrong two_classes_by_another_formula -> unlikely_classes_cost_much
# Both classes' terms are computed, so 0 · log 0 is met.
def cross_entropy(P, y):
    if P.shape[1] == 2:
        p = P[:, 1]
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    return -np.log(P[np.arange(len(y)), y]).mean()


# %% wrong divided_by_the_classes -> loss_of_the_slide
def cross_entropy(P, y):
    return -np.log(P[np.arange(len(y)), y]).sum() / P.shape[1]


# %% wrong one_minus_the_probability -> loss_of_the_slide
def cross_entropy(P, y):
    return np.mean(1 - P[np.arange(len(y)), y])
