# %% [markdown]
# ## 8 · Trust, but check
#
# A wrong gradient rarely crashes. The net still learns, only worse, and nobody knows why. So compare every gradient
# that you derive with central differences, $(f(x + h e_i) - f(x - h e_i)) / 2h$, which know nothing of your derivation.
# The lecture's one-sided difference would do, badly: on $x^3$ with $h = 10^{-4}$ at 2 it is off by $6 \cdot 10^{-4}$,
# the central one by $10^{-8}$.
#
# What counts is the error *relative* to the slopes, since slopes may be 1000 or 0.001. For each coordinate, with $a$
# claimed and $b$ measured,
#
# $$\frac{|a - b|}{\max(|a|, |b|, 10^{-5})},$$
#
# and the **largest** coordinate counts: one bad weight in a million is a bug. About $10^{-6}$ or less is right, above
# $10^{-3}$ is wrong, and in between a kink (a relu at 0) may be near. The floor is there because $f$ is rounded: near 1 by
# $10^{-16}$, so that with $2h = 2 \cdot 10^{-5}$ a measured slope is off by up to $10^{-11}$, which is no mistake of yours.
# A `nan` is no small error: it counts as infinite, and since every comparison with nan is false it likes to slip
# through.

# %% nbgrader={"grade_id": "gradient_check", "solution": true}
def gradient_check(f, grad_f, x):
    """Compare a gradient with central differences.

    f: takes an array of x's shape and returns a number
    grad_f: takes the same and returns an array of that shape, f's supposed gradient
    x: float array of any shape; after the call it is what it was before
    Returns the largest relative error of any coordinate, as defined above; infinity
    if any is nan.

    Hint: a step of 1e-5 serves well. np.isnan finds what comparisons miss.
    """
    ### BEGIN SOLUTION
    claimed, worst = np.asarray(grad_f(x)), 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        scale = max(abs(claimed[i]), abs(measured), 1e-5)
        error = abs(claimed[i] - measured) / scale
        worst = max(worst, np.inf if np.isnan(error) else error)
    return float(worst)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_gradient_check", "grade": true, "points": 3}
check("gradient_check")

# %% tags=["explore"]
ask("gradient_check", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# Every step that your engine knows, checked at 0.7, and one gradient that is wrong on purpose. On the logarithmic axis
# the honest ones lie at the level of rounding; a lie stands out by nine orders of magnitude.

# %% tags=["explore"]
steps = {
    "v + 2v": lambda v: v + 2 * v,
    "v · v": lambda v: v * v,
    "v³": lambda v: v**3,
    "1 − v": lambda v: 1 - v,
    "1 / v": lambda v: 1 / v,
    "exp": lambda v: v.exp(),
    "tanh": lambda v: v.tanh(),
    "relu": lambda v: v.relu(),
    "σ": lambda v: v.sigmoid(),
}


def error_of(step, x):
    """Check the slope that the engine gives a step at x, an array of one."""

    def slope(x):
        v = Value(float(x[0]))
        step(v).backward()
        return np.array([v.grad])

    return gradient_check(lambda x: step(Value(float(x[0]))).data, slope, x)


at_07 = np.array([0.7])
errors = {name: error_of(step, at_07) for name, step in steps.items()}
errors["a lie"] = gradient_check(lambda x: np.tanh(x[0]), lambda x: 1 - x**2, at_07)
title = "tanh with the slope 1 − v² instead of 1 − tanh² v is caught at once"
plots.relative_errors(errors, title=title)

# %% [markdown]
# ### What can a check not see?
#
# The relu passes at 0.7. **At which input can the check fail although the code is right, and what does central differencing measure there? And
# name one mistake in a network's code that a gradient check can never find, however it is run.** Three to five sentences.

# %% [markdown] nbgrader={"grade_id": "why_a_check_may_be_content", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# At 0 (or within 10⁻⁵ of it) the step goes over the kink: central differences measure the mean of both slopes, 0.5, while the code says 0 or 1.
# So a check near a kink is no evidence; move the point. Never found: any mistake that is in the function and in its gradient alike, since the check
# only compares the two. Examples: a loss summed where a mean was meant, labels in the wrong order, pixels not divided by 255, softmax over
# the wrong axis, a layer that is missing from both. Full mark: the kink with what is measured there, and an example with its reason. Half: one of
# them.
# ### END SOLUTION


# %% ask
n = 3
x = np.arange(1.0, 2 * n + 1).reshape(2, n)
gradient_check(lambda x: (x**2).sum(), lambda x: x + 2, x)


# %% visible
def checking_a_gradient(gradient_check: Function, x: Any, factors: Any) -> Any:
    """Check the gradient of Σ x³ + x₀x₁, multiplied by factors so that it may be wrong."""

    def f(v: Any) -> float:
        return float((v**3).sum() + v.flat[0] * v.flat[1])

    def grad_f(v: Any) -> Any:
        grad = 3 * v**2
        grad.flat[0] += v.flat[1]
        grad.flat[1] += v.flat[0]
        return grad * factors

    return gradient_check(f, grad_f, x)


X_CHECK = np.array([[1.0, -2.0, 0.5], [1.5, -1.0, 2.0]])


def _expect_right_gradient_accepted(student: Student) -> None:
    """Expect that a right gradient passes, so that hints about scales do not blame them for a wrong difference."""
    error = student.run(checking_a_gradient, x=X_CHECK, factors=np.ones((2, 3)))
    expect_shape(error, (), hint="Return one number, the largest error.", what="The error")
    hint = "First see to it that a right gradient has almost no error; then this check looks at wrong ones."
    expect(bool(0 <= error < 1e-6), "A right gradient looks wrong.", got=error, hint=hint)


@checks("gradient_check")
def right_gradients_have_almost_no_error(student: Student, rng: Rng) -> None:
    """A right gradient of a (2, 3) array has an error below 1e-6, and x is left alone."""
    error = student.run(checking_a_gradient, x=X_CHECK, factors=np.ones((2, 3)))
    expect_shape(error, (), hint="Return one number, the largest error.", what="The error")
    hint = "Move one coordinate at a time, both ways, by about 1e-5; divide by twice that; keep x's shape."
    if abs(error - 1) < 1e-9:
        hint = (
            "An error of 1 means that a slope was measured as 0: did f see the same array twice? `plus = x` is the "
            "same array, not a copy: write x.copy()."
        )
    elif abs(error - 0.5) < 1e-3:
        hint = (
            "An error of 1/2 means that slopes were measured as half or twice what they are: are both points a step "
            "away from x, and is the difference divided by twice the step?"
        )
    expect(
        bool(0 <= error < 1e-6),
        "A right gradient looks wrong.",
        expected="an error from 0 to 1e-6",
        got=error,
        hint=hint,
    )
    expect_inputs_unchanged(student, hint="Work on a copy of x, or write the old value back.")


@checks("gradient_check")
def wrong_gradients_have_the_errors_they_deserve(student: Student, rng: Rng) -> None:
    """A gradient that is twice too large has the error 1/2, one with the wrong sign the error 2."""
    _expect_right_gradient_accepted(student)
    twice = student.run(checking_a_gradient, x=X_CHECK, factors=np.full((2, 3), 2.0))
    hint = "The relative error is |a - b| / max(|a|, |b|, 1e-5), coordinate by coordinate."
    expect_close(
        twice,
        0.5,
        hint=hint,
        what="The error of a gradient twice too large",
        rtol=1e-5,
        mistakes={
            "The scale here is the larger of |a| and |b|, not their sum.": 1 / 3,
            "The scale here is the larger of |a| and |b|, not the measured slope alone.": 1.0,
            "The scale here is the larger of |a| and |b|, not their mean.": 2 / 3,
            "That is an absolute error: divide by the larger of |a| and |b|.": 14.0,
        },
    )
    turned = student.run(checking_a_gradient, x=X_CHECK, factors=np.full((2, 3), -1.0))
    expect_close(
        turned, 2.0, hint="Take absolute values: |a - b|, |a| and |b|.", what="The error of -gradient", rtol=1e-5
    )


@checks("gradient_check")
def one_wrong_coordinate_is_enough(student: Student, rng: Rng) -> None:
    """If one coordinate of six is four times too large, the error is 3/4, wherever it stands."""
    _expect_right_gradient_accepted(student)
    for place in (0, 3, 5):
        factors = np.ones(6)
        factors[place] = 4.0
        expect_close(
            student.run(checking_a_gradient, x=X_CHECK, factors=factors.reshape(2, 3)),
            0.75,
            hint="Go through all coordinates, and return the largest error.",
            what=f"The error with coordinate {place} wrong",
            rtol=1e-4,
            mistakes={"That is the mean over the coordinates: the largest counts.": 0.125},
        )


def checking_at_a_transposed_array(gradient_check: Function, x: Any, factors: Any) -> Any:
    """Check the gradient of Σ x³, multiplied by factors, at an array that lies in memory column by column."""
    return gradient_check(lambda v: float((v**3).sum()), lambda v: 3 * v**2 * factors.T, np.array(x).T)


@checks("gradient_check")
def memory_order_does_not_matter(student: Student, rng: Rng) -> None:
    """At a transposed array a right gradient has no error, and one that is four times too large in one place 3/4."""
    _expect_right_gradient_accepted(student)
    hint = (
        "ravel, flatten and reshape(-1) may return a copy, so that x never moves, or walk in another order. Index x "
        "itself, x[i] with i from np.ndindex(x.shape)."
    )
    for place in (None, 1, 3):
        factors = np.ones((2, 3))
        if place is not None:
            factors.flat[place] = 4.0
        error = student.run(checking_at_a_transposed_array, x=X_CHECK, factors=factors)
        right = 0.0 if place is None else 0.75
        what = "The error of a right gradient" if place is None else "The error of a gradient with one coordinate wrong"
        expect_close(error, right, hint=hint, what=what, rtol=1e-4, atol=1e-6)


def checking_where_slopes_are_zero(gradient_check: Function, x: Any, claimed: Any) -> Any:
    """Check a claimed gradient of a function that only its first coordinate moves."""
    return gradient_check(lambda v: float(2 * v[0]), lambda v: claimed * np.ones(v.shape), x)


@checks("gradient_check")
def zero_slopes_agree(student: Student, rng: Rng) -> None:
    """Where both slopes are 0 the error is 0, without a warning; where only one is, it is 1."""
    _expect_right_gradient_accepted(student)
    hint = "0/0 is nan. The scale is at least 1e-5, so that two zeros agree."
    error = student.run(checking_where_slopes_are_zero, x=np.array([1.0, 2.0, 3.0]), claimed=np.array([2.0, 0.0, 0.0]))
    expect(
        bool(0 <= error < 1e-6), "Two slopes of 0 do not agree.", expected="an error below 1e-6", got=error, hint=hint
    )
    expect_no_warning(student, hint=hint)
    error = student.run(
        checking_where_slopes_are_zero, x=np.array([1.0, 2.0, 3.0]), claimed=np.array([2.0, 0.0, 0.001])
    )
    expect_close(
        error, 1.0, hint="|0.001 - 0| / 0.001 is 1.", what="The error where a slope of 0 is claimed to be 0.001"
    )
    error = student.run(checking_where_slopes_are_zero, x=np.array([1.0, 2.0, 3.0]), claimed=np.zeros(3))
    hint = "|0 - 2| / 2 is 1: a claimed slope of 0 is a claim too."
    expect_close(error, 1.0, hint=hint, what="The error where a slope of 2 is claimed to be 0", rtol=1e-5)


def checking_where_nan_is(gradient_check: Function, x: Any, where: str, place: int) -> Any:
    """Check a gradient with a nan at one place, in the gradient or in f."""
    kept = np.array(x)

    def f(v: Any) -> float:
        moved = v[place] != kept[place]
        return float("nan") if where == "f" and moved else float((v**2).sum())

    def grad_f(v: Any) -> Any:
        grad = 2.0 * v
        if where == "grad_f":
            grad[place] = float("nan")
        return grad

    return float(gradient_check(f, grad_f, x))


@checks("gradient_check")
def nan_is_infinitely_wrong(student: Student, rng: Rng) -> None:
    """A single nan, in the gradient or in f, makes the error infinite, wherever it stands."""
    for where in ("grad_f", "f"):
        for place in (0, 1, 2):
            error = student.run(checking_where_nan_is, x=np.array([1.0, 2.0, 3.0]), where=where, place=place)
            expect(
                bool(error == np.inf),
                f"A nan of {where} in coordinate {place} goes unnoticed.",
                expected="inf",
                got=error,
                hint="nan > worst is False, and max(worst, nan) may be either. Ask np.isnan, and count it as np.inf.",
            )
            hint = "Put the old value back before you return, also where a nan ends the search, or work on a copy of x."
            expect_inputs_unchanged(student, hint=hint)


def noting_where_f_is_asked(gradient_check: Function, x: Any) -> Any:
    """Return where f was asked, relative to x."""
    asked, kept = [], np.array(x)

    def f(v: Any) -> float:
        asked.append(np.array(v, dtype=float))
        return float((v**2).sum())

    gradient_check(f, lambda v: 2 * v, x)
    return [v.shape == kept.shape for v in asked], [v.ravel() - kept.ravel() for v in asked if v.size == kept.size]


@checks("gradient_check")
def differences_go_both_ways(student: Student, rng: Rng) -> None:
    """f is asked on both sides of x, equally far, one coordinate at a time, in arrays of x's shape."""
    shapes, moves = student.run(noting_where_f_is_asked, x=np.array([[1.0, -2.0], [0.0, 3.0]]))
    expect_inputs_unchanged(student, hint="Work on a copy of x, or write the old value back.")
    expect(
        bool(shapes) and all(shapes), "f gets arrays of another shape.", hint="Give f the whole array, one entry moved."
    )
    asked = np.array(moves)
    single = asked[(np.abs(asked) > 1e-12).sum(axis=1) == 1]
    for i in range(4):
        steps = single[np.abs(single[:, i]) > 1e-12, i] if len(single) else np.zeros(0)
        expect(
            bool(len(steps) and abs(steps.max() + steps.min()) < 1e-9 and steps.max() > 0),
            f"Coordinate {i} is not moved by the same step both ways.",
            got=np.sort(steps),
            hint="Central differences: (f(x + h) - f(x - h)) / (2h), each coordinate by itself.",
        )


# %% hidden
def checking_x_itself(gradient_check: Function, x: Any) -> Any:
    """Check the gradient of Σ x² / 2, which is x itself."""
    return gradient_check(lambda v: float((v**2).sum() / 2), lambda v: v, x)


def checking_a_gradient(gradient_check: Function, x: Any, weights: Any, claimed: Any) -> Any:
    """Check a claimed gradient of a weighted sum of sines."""
    return gradient_check(lambda v: float((weights * np.sin(v)).sum()), lambda v: claimed, x)


@checks("gradient_check")
def errors_of_random_gradients(student: Student, rng: Rng) -> None:
    """Gradients of one, two and three axes with a random error in a random place get that error."""
    for shape in ((5,), (3, 2), (2, 2, 2)):
        x, weights = rng.uniform(-1, 1, size=shape), rng.uniform(1, 2, size=shape) * rng.choice([-1, 1], size=shape)
        right = weights * np.cos(x)
        error = student.run(checking_a_gradient, x=x, weights=weights, claimed=right)
        expect(bool(0 <= error < 1e-6), "A right gradient looks wrong.", got=error, hint="np.ndindex(x.shape) helps.")
        claimed, factor = right.copy(), float(rng.uniform(-0.9, 0.9))
        place = tuple(int(rng.integers(n)) for n in shape)
        claimed[place] *= factor
        error = student.run(checking_a_gradient, x=x, weights=weights, claimed=claimed)
        hint = "The scale is max(|a|, |b|); the largest coordinate counts."
        expect_close(error, 1 - factor, hint=hint, what="The error", rtol=1e-4)
        hint = (
            "Put x back exactly as it was, and leave alone what grad_f returns, which grad_f may keep: a - b makes a "
            "new array, a -= b writes into grad_f's."
        )
        expect_inputs_unchanged(student, hint=hint)
    # Many coordinates, each of which counts.
    x, weights = rng.uniform(-1, 1, size=60), rng.uniform(1, 2, size=60)
    for place in rng.choice(60, size=4, replace=False):
        claimed = weights * np.cos(x)
        claimed[place] *= 0.5
        error = student.run(checking_a_gradient, x=x, weights=weights, claimed=claimed)
        hint = "Check every coordinate, and not only some of them: one bad weight in a million is a bug."
        expect_close(error, 0.5, hint=hint, what="The error with one of 60 coordinates wrong", rtol=1e-4)
    error = student.run(checking_x_itself, x=rng.uniform(0.001, 0.002, size=3))
    hint = "grad_f may hand x itself back: copy what it returns, or put x back before you compare."
    expect(bool(0 <= error < 1e-5), "The gradient x of Σ x² / 2 looks wrong.", got=error, hint=hint)


@checks("gradient_check")
def tiny_slopes_are_not_blown_up(student: Student, rng: Rng) -> None:
    """Where a slope is 0 and a tiny one is claimed, the scale is the floor, not the tiny slope or their sum."""
    x = rng.normal(size=3)

    def error(claimed: float) -> float:
        claim = np.array([0.0, claimed, 0.0])
        got = student.run(checking_a_gradient, x=x, weights=np.zeros(3), claimed=claim)
        expect_shape(got, (), hint="Return one number, the largest error.")
        return float(np.asarray(got))

    # Whoever takes a smaller floor than the lab's is right too: see which one it is, and that it is one.
    hint = "The scale is max(|a|, |b|, 1e-5): the largest of the three."
    small = error(4e-13)
    expect(0 < small < 0.9, "Tiny slopes are blown up.", hint=hint)
    floor = 4e-13 / small
    expect(floor < 1.1e-5, "The scale is too large.", hint=hint)
    for claimed in (2e-13, 4e-6, 1e-2):
        expect_close(error(claimed), claimed / max(claimed, floor), hint=hint, what="The error", rtol=1e-4)


# %% right array_of_slopes
def gradient_check(f, grad_f, x):
    h = 1e-6
    a = np.array(grad_f(x.copy()), dtype=float)
    b = np.empty(x.shape)
    for i in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        b[i] = (f(up) - f(down)) / (2 * h)
    error = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)
    return np.inf if np.isnan(error).any() else error.max()


# %% right in_place_and_back
def gradient_check(f, grad_f, x):
    claimed = grad_f(x)
    errors = []
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        old = x[i]
        x[i] = old + 1e-4
        above = f(x)
        x[i] = old - 1e-4
        below = f(x)
        x[i] = old
        a, b = float(claimed[i]), (above - below) / 2e-4
        if math.isnan(a) or math.isnan(b):
            return float("inf")
        errors.append(abs(a - b) / max(abs(a), abs(b), 1e-12))
    return max(errors)


# %% right steps_of_the_size_of_x
def gradient_check(f, grad_f, x):
    claimed = np.asarray(grad_f(x), dtype=float).ravel()
    worst = 0.0
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h = 1e-5 * max(1.0, abs(x.flat[i]))
        step = step.reshape(x.shape)
        measured = (f(x + step) - f(x - step)) / (2 * h)
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        if not error <= worst:
            worst = error if error == error else np.inf
        if worst == np.inf:
            break
    return np.float64(worst)


# %% right eye_of_steps
def gradient_check(f, grad_f, x):
    steps = 1e-5 * np.eye(x.size).reshape(-1, *x.shape)
    b = np.array([(f(x + s) - f(x - s)) / 2e-5 for s in steps])
    a = np.reshape(grad_f(x), -1)
    scale = np.max([np.abs(a), np.abs(b), np.full(a.shape, 1e-12)], axis=0)
    return float(np.nan_to_num(np.abs(a - b) / scale, nan=np.inf).max())


# %% right floor_of_the_lab
def gradient_check(f, grad_f, x):
    a, b = np.asarray(grad_f(x)).ravel(), np.zeros(x.size)
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = 1e-5
        step = step.reshape(x.shape)
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    error = np.abs(a - b) / np.maximum.reduce([np.abs(a), np.abs(b), np.full(x.size, 1e-5)])
    return float(np.inf if np.isnan(error).any() else error.max())


# %% wrong forward_difference -> differences_go_both_ways
# The measured slope: both ways, and divided by 2h.
def gradient_check(f, grad_f, x):
    claimed, worst = grad_f(x), 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-7
        measured = (f(x + step) - f(x)) / 1e-7
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% wrong divided_by_h -> right_gradients_have_almost_no_error
def gradient_check(f, grad_f, x):
    claimed, worst = grad_f(x), 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 1e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% wrong mean_of_the_coordinates -> one_wrong_coordinate_is_enough
# One wrong coordinate is enough: the largest error counts, and none is left out.
def gradient_check(f, grad_f, x):
    claimed, errors = grad_f(x), []
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        errors.append(np.inf if np.isnan(error) else error)
    return np.mean(errors)


# %% wrong last_coordinate_only -> one_wrong_coordinate_is_enough
def gradient_check(f, grad_f, x):
    claimed = grad_f(x)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        error = np.inf if np.isnan(error) else error
    return error


# %% wrong norms_of_the_whole -> one_wrong_coordinate_is_enough
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    error = np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b), 1e-12)
    return np.inf if np.isnan(error) else error


# %% wrong nan_slips_through -> nan_is_infinitely_wrong
# No comparison with nan is true, so it has to be looked for.
def gradient_check(f, grad_f, x):
    claimed, worst = grad_f(x), 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        if error > worst:
            worst = error
    return worst


# %% wrong nan_is_returned -> nan_is_infinitely_wrong
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return (np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)).max()


# %% wrong only_the_claims_nan -> nan_is_infinitely_wrong
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    if np.isnan(a).any():
        return np.inf
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nanmax(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12))


# %% wrong absolute_error -> wrong_gradients_have_the_errors_they_deserve
# The error is relative to the larger of the two slopes.
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b), nan=np.inf).max()


# %% wrong scale_is_the_sum -> wrong_gradients_have_the_errors_they_deserve
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12), nan=np.inf).max()


# %% wrong scale_is_the_measured_slope -> wrong_gradients_have_the_errors_they_deserve
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.abs(b), 1e-12), nan=np.inf).max()


# %% wrong sign_lost -> wrong_gradients_have_the_errors_they_deserve
def gradient_check(f, grad_f, x):
    a, b = np.abs(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = abs(f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.maximum(a, b), 1e-12), nan=np.inf).max()


# %% wrong floor_of_the_lab_added of floor_of_the_lab -> tiny_slopes_are_not_blown_up
# The floor under the scale: none, too high, or added where the larger should count.
# - error = np.abs(a - b) / np.maximum.reduce([np.abs(a), np.abs(b), np.full(x.size, 1e-5)])
# + error = np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + 1e-5)

# %% wrong floor_that_hides_slopes of floor_of_the_lab -> zero_slopes_agree
# - error = np.abs(a - b) / np.maximum.reduce([np.abs(a), np.abs(b), np.full(x.size, 1e-5)])
# + error = np.abs(a - b) / np.maximum.reduce([np.abs(a), np.abs(b), np.full(x.size, 1e-2)])


# %% wrong zero_by_zero -> zero_slopes_agree
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)), nan=np.inf).max()


# %% wrong floor_added -> tiny_slopes_are_not_blown_up
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + 1e-12), nan=np.inf).max()


# %% wrong x_left_moved -> right_gradients_have_almost_no_error
# x is moved in place, and not moved back.
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += 1e-5
        above = f(x)
        x[i] -= 2e-5
        b[i] = (above - f(x)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12), nan=np.inf).max()


# %% wrong the_same_array_under_two_names -> right_gradients_have_almost_no_error
def gradient_check(f, grad_f, x):
    claimed, worst = np.array(grad_f(x)), 0.0
    for i in np.ndindex(x.shape):
        plus = x
        plus[i] += 1e-5
        minus = x
        minus[i] -= 1e-5
        measured = (f(plus) - f(minus)) / 2e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-5)
        worst = max(worst, np.inf if np.isnan(error) else error)
    return float(worst)


# %% wrong first_axis_only -> right_gradients_have_almost_no_error
# Any number of axes.
def gradient_check(f, grad_f, x):
    a, worst = np.array(grad_f(x)), 0.0
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b = (f(x + step) - f(x - step)) / 2e-5
        error = np.max(np.abs(a[i] - b) / np.maximum(np.maximum(np.abs(a[i]), abs(b)), 1e-12))
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% wrong f_gets_flat_arrays -> differences_go_both_ways
def gradient_check(f, grad_f, x):
    a, worst = np.ravel(grad_f(x)), 0.0
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = 1e-5
        b = (f(x.ravel() + step) - f(x.ravel() - step)) / 2e-5
        error = abs(a[i] - b) / max(abs(a[i]), abs(b), 1e-12)
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% wrong only_one_axis_or_two -> errors_of_random_gradients
def gradient_check(f, grad_f, x):
    a, worst = np.asarray(grad_f(x)), 0.0
    rows = [(i,) for i in range(len(x))] if x.ndim == 1 else [(i, j) for i in range(len(x)) for j in range(x.shape[1])]
    for i in rows:
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b = (f(x + step) - f(x - step)) / 2e-5
        error = np.max(np.abs(a[i] - b) / np.maximum(np.maximum(np.abs(a[i]), abs(b)), 1e-12))
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% right all_coordinates_at_once
def gradient_check(f, grad_f, x):
    E = 1e-5 * np.eye(x.size).reshape(-1, *x.shape)
    m = np.array([f(x + e) - f(x - e) for e in E]) / 2e-5
    g = np.reshape(grad_f(x.copy()), -1)
    rel = np.abs(g - m) / np.maximum(np.maximum(np.abs(g), np.abs(m)), 1e-5)
    return np.inf if np.isnan(rel).any() else rel.max()


# %% wrong ravel_taken_for_a_view -> memory_order_does_not_matter
def gradient_check(f, grad_f, x):
    claimed, worst = np.asarray(grad_f(x)).ravel(), 0.0
    flat = x.ravel()
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + 1e-5
        up = f(x)
        flat[i] = old - 1e-5
        down = f(x)
        flat[i] = old
        m = (up - down) / 2e-5
        error = abs(claimed[i] - m) / max(abs(claimed[i]), abs(m), 1e-5)
        worst = max(worst, np.inf if np.isnan(error) else error)
    return float(worst)


# %% wrong claims_in_memory_order -> memory_order_does_not_matter
# - claimed, worst = np.asarray(grad_f(x)), 0.0
# - for i in np.ndindex(x.shape):
# + claimed, worst = np.asarray(grad_f(x)).ravel(order="K"), 0.0
# + for n, i in enumerate(np.ndindex(x.shape)):

# - scale = max(abs(claimed[i]), abs(measured), 1e-5)
# - error = abs(claimed[i] - measured) / scale
# + error = abs(claimed[n] - measured) / max(abs(claimed[n]), abs(measured), 1e-5)


# %% wrong x_left_moved_at_a_nan -> nan_is_infinitely_wrong
def gradient_check(f, grad_f, x):
    worst, h, grad = 0.0, 1e-5, np.array(grad_f(x))
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        down = f(x)
        if np.isnan(up) or np.isnan(down) or np.isnan(grad[i]):
            return np.inf
        x[i] = old
        a, b = grad[i], (up - down) / (2 * h)
        worst = max(worst, abs(a - b) / max(abs(a), abs(b), 1e-5))
    return worst


# %% wrong claims_of_zero_skipped -> zero_slopes_agree
def gradient_check(f, grad_f, x):
    worst, h, grad = 0.0, 1e-5, grad_f(x)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        a, b = grad[i], (f(x + e) - f(x - e)) / (2 * h)
        if np.isnan(a) or np.isnan(b):
            return np.inf
        if a == 0:
            continue
        worst = max(worst, abs(a - b) / max(abs(a), abs(b), 1e-5))
    return worst


# %% wrong ten_coordinates_drawn -> errors_of_random_gradients
# As some course's own gradient check does, to save time.
def gradient_check(f, grad_f, x):
    worst, h, grad = 0.0, 1e-5, grad_f(x).ravel()
    for i in np.random.default_rng(0).permutation(x.size)[:10]:
        e = np.zeros(x.shape)
        e.flat[i] = h
        a, b = grad[i], (f(x + e) - f(x - e)) / (2 * h)
        if np.isnan(a) or np.isnan(b):
            return np.inf
        worst = max(worst, abs(a - b) / max(abs(a), abs(b), 1e-5))
    return worst


# %% wrong compared_while_moved -> errors_of_random_gradients
# grad_f may return x itself.
def gradient_check(f, grad_f, x):
    worst, h, grad = 0.0, 1e-5, grad_f(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old - h
        down = f(x)
        x[i] = old + h
        b = (f(x) - down) / (2 * h)
        error = abs(grad[i] - b) / max(abs(grad[i]), abs(b), 1e-5)
        x[i] = old
        if np.isnan(error):
            return np.inf
        worst = max(worst, error)
    return worst


# %% wrong claims_written_over -> errors_of_random_gradients
def gradient_check(f, grad_f, x):
    h, slopes = 1e-5, np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        slopes[i] = (f(x + e) - f(x - e)) / (2 * h)
    errors = grad_f(x)
    scale = np.maximum(np.maximum(np.abs(errors), np.abs(slopes)), 1e-5)
    errors -= slopes
    errors = np.abs(errors) / scale
    return np.inf if np.isnan(errors).any() else errors.max()


# %% survivors
# - claimed, worst = (np.asarray(grad_f(x)), 0.0)
# + claimed, worst = (np.asarray(grad_f(x)), -1)
# No error is below 0, so the first coordinate puts its own in place of either start.
