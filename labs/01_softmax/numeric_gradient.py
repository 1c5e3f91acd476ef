# %% [markdown]
# ## 5 · Which way is down? Slopes by experiment
#
# Learning means moving $W$ so that the loss falls. The direction comes from the **gradient**: for each entry, how
# much the loss changes if that entry moves a little. It can be found by experiment. The lecture moves one entry by $h$ and
# measures $(f(x+h) - f(x))/h$. Going both ways is far better for the same $h$:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}.$$
#
# The error of the one-sided difference shrinks like $h$, that of the **central difference** like $h^2$: in $f(x \pm h)
# = f(x) \pm h f'(x) + \tfrac12 h^2 f''(x) \pm \tfrac16 h^3 f'''(x) + …$, the Taylor series, the even terms cancel.
# ($e_i$ is 1 at entry $i$ and 0 elsewhere.)

# %% nbgrader={"grade_id": "numeric_gradient", "solution": true}
def numeric_gradient(f, x, h=1e-5):
    """Estimate the gradient of f at x by central differences.

    f: takes an array of x's shape and returns a number
    x: float array of any shape; after the call it is what it was before
    h: how far to step
    Returns an array of x's shape: the slope of f along each entry.

    Hint: for i in np.ndindex(x.shape) walks through the indices of any array.
    """
    ### BEGIN SOLUTION
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_numeric_gradient", "grade": true, "points": 2}
check("numeric_gradient")

# %% tags=["explore"]
ask("numeric_gradient", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# The lecture's example: one weight moves from 0.34 to 0.3401, and the loss from 1.25347 to 1.25322. The slope is negative: this
# weight should grow. But how much of it can be trusted? Each loss is printed to five decimals.

# %% tags=["explore"]
slope = (1.25322 - 1.25347) / 0.0001
off = 2 * 0.000005 / 0.0001
print(f"slope {slope:.4f}, and the rounding of both losses alone can change it by {off:.1f}")

# %% [markdown]
# How small should $h$ be? Too large, and the curve bends within the step; too small, and two nearly equal numbers are
# subtracted, so that only rounding is left. Below, the error for $f(x) = x^3$ at $x = 2$. The two slopes on the right
# are the orders $h$ and $h^2$; on the left both drown in noise. **Guess first** at which $h$ the central difference is
# best: put the number in place of `None`, and it is drawn beside what comes out.

# %% tags=["explore"]
my_guess = None  # such as 1e-3

# %% tags=["explore"]
steps = np.logspace(-13, -1, 49)


def cube(x):
    return float((x**3).sum())


two = np.array([2.0])
forward = [abs((cube(two + h) - cube(two)) / h - 12) for h in steps]
central = [abs(numeric_gradient(cube, two, h)[0] - 12) for h in steps]
plots.curves(
    {"one-sided difference": (steps, forward), "your central one": (steps, central)},
    xlabel="step h",
    ylabel="error of the slope",
    title="The best step is neither large nor tiny",
    log="xy",
    guess=None if my_guess is None else ([my_guess] * 2, [1e-11, 1.0]),
)

# %% [markdown]
# ### Why a best step?
#
# Numbers near 10 are stored to about $\varepsilon = 10^{-16}$ of their size. **Write down roughly the two errors of each kind of difference, that of
# the bend and that of rounding, as powers of $h$. At which $h$ are they equal for the one-sided difference, at which for the central one? Do the
# lowest points of the picture agree?** Three to five sentences.

# %% [markdown] nbgrader={"grade_id": "why_the_best_step", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# Rounding: f is off by about ε|f|, and the difference is divided by h: ε/h, on both curves. Bend: h (one-sided), h² (central), each times a
# derivative of f. Equal where h = ε/h, so h ≈ √ε = 10⁻⁸, error about 10⁻⁸; and where h² = ε/h, so h ≈ ε^(1/3) ≈ 5 · 10⁻⁶, error about
# 2 · 10⁻¹¹. Factors such as f = 8 and f'' = 12 move both a little. In the picture the one-sided curve is lowest near 10⁻⁸ and the central
# one between 10⁻⁶ and 10⁻⁵. Full mark: both errors, both best steps to within a power of ten, compared with the picture. Half: one of the two
# differences.
# ### END SOLUTION


# %% ask
n = 3
x = np.arange(1.0, 2 * n + 1).reshape(2, n)
numeric_gradient(lambda x: (x[0] * x[1] ** 2).sum(), x)


# %% visible
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


# %% hidden
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


# %% right nditer_in_place
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        gradient[i] = (above - below) / (2 * h)
        it.iternext()
    return gradient


# %% right flat_copies
def numeric_gradient(f, x, h=1e-5):
    slopes = []
    for i in range(x.size):
        up, down = x.copy(), x.copy()
        up.flat[i] += h
        down.flat[i] -= h
        slopes.append((f(up) - f(down)) / (2 * h))
    return np.array(slopes).reshape(x.shape)


# %% right steps_back_and_forth
def numeric_gradient(f, x, h=1e-5):
    gradient = np.empty(x.shape)
    for i in np.ndindex(*x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        gradient[i] = (above - below) / h / 2
    return gradient


# %% right list_of_slopes
def numeric_gradient(f, x, h=1e-5):
    def slopes(index):
        if len(index) < x.ndim:
            return [slopes((*index, i)) for i in range(x.shape[len(index)])]
        up, down = np.array(x), np.array(x)
        up[index] += h
        down[index] -= h
        return (f(up) - f(down)) / (2 * h)

    return slopes(())


# %% right one_direction_for_each_entry
def numeric_gradient(f, x, h=1e-5):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + step) - f(x - step)) * 0.5 / h for step in steps], x.shape)


# %% wrong forward_difference -> differences_are_central
# - gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
# + gradient[i] = (f(x + step) - f(x)) / h

# %% wrong divided_by_h -> differences_are_central
# - gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
# + gradient[i] = (f(x + step) - f(x - step)) / h

# %% wrong h_ignored -> differences_are_central
# - step[i] = h
# - gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
# + step[i] = 1e-5
# + gradient[i] = (f(x + step) - f(x - step)) / 2e-5


# %% wrong not_put_back -> x_is_put_back
# - step = np.zeros(x.shape)
# - step[i] = h
# - gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
# + x[i] += h
# + above = f(x)
# + x[i] -= 2 * h
# + below = f(x)
# + gradient[i] = (above - below) / (2 * h)


# %% wrong all_entries_at_once -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


# %% wrong first_axis_only -> gradient_of_products
# - for i in np.ndindex(x.shape):
# + for i in range(len(x)):


# %% wrong flattened_for_f -> gradient_of_waves
def numeric_gradient(f, x, h=1e-5):
    flat = x.astype(float).ravel()
    slopes = []
    for i in range(flat.size):
        step = np.zeros(flat.size)
        step[i] = h
        shape = x.shape if x.ndim < 3 else flat.shape
        slopes.append((f((flat + step).reshape(shape)) - f((flat - step).reshape(shape))) / (2 * h))
    return np.reshape(slopes, x.shape)


# %% wrong backward_difference -> differences_are_central
# - gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
# + gradient[i] = (f(x) - f(x - step)) / h

# %% wrong step_relative_to_x -> differences_are_central
# - step[i] = h
# - gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
# + step[i] = h * max(1, abs(x[i]))
# + gradient[i] = (f(x + step) - f(x - step)) / (2 * step[i])


# %% wrong steps_pile_up -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    moved = x.copy()
    for i in np.ndindex(x.shape):
        moved[i] += 0.1
        above = f(moved)
        moved[i] -= 0.2
        gradient[i] = (above - f(moved)) / 0.2
    return gradient


# %% wrong directional_slope -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


# %% wrong whole_numbers -> gradient_of_waves
# - gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
# + gradient[i] = round((f(x + step) - f(x - step)) / (2 * h), 2)


# %% wrong ravel_taken_for_a_view -> memory_order_does_not_matter
def numeric_gradient(f, x, h=1e-5):
    flat, slopes = x.ravel(), np.zeros(x.size)
    for i in range(x.size):
        old = flat[i]
        flat[i] = old + h
        up = f(x)
        flat[i] = old - h
        down = f(x)
        flat[i] = old
        slopes[i] = (up - down) / (2 * h)
    return slopes.reshape(x.shape)


# %% wrong walked_in_memory_order -> memory_order_does_not_matter
def numeric_gradient(f, x, h=1e-5):
    slopes = []
    with np.nditer(x, op_flags=["readwrite"], order="K") as places:
        for place in places:
            old = float(place)
            place[...] = old + h
            up = f(x)
            place[...] = old - h
            down = f(x)
            place[...] = old
            slopes.append((up - down) / (2 * h))
    return np.reshape(slopes, x.shape)


# %% wrong the_same_array_under_two_names -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        plus = x
        plus[i] += h
        minus = x
        minus[i] -= h
        slopes[i] = (f(plus) - f(minus)) / (2 * h)
    return slopes


# %% wrong back_to_where_it_was -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        plus = x
        plus[i] += h
        up = f(plus)
        minus = x
        minus[i] -= h
        slopes[i] = (up - f(minus)) / (2 * h)
    return slopes


# %% right recursion_on_the_axes
def numeric_gradient(f, x, h=1e-5):
    def go(prefix):
        if len(prefix) == x.ndim:
            up, down = np.array(x), np.array(x)
            up[prefix] += h
            down[prefix] -= h
            return (f(up) - f(down)) / (2 * h)
        return [go((*prefix, i)) for i in range(x.shape[len(prefix)])]

    return np.array(go(()))


# %% wrong halved_and_multiplied_by_h -> gradient_of_products
# - gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
# + gradient[i] = (f(x + step) - f(x - step)) / 2 * h


# %% wrong signs_turned -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        slopes[i] = (f(x - step) - f(x + step)) / (2 * h)
    return slopes


# %% wrong half_a_step_each_way -> differences_are_central
def numeric_gradient(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h / 2
        slopes[i] = (f(x + step) - f(x - step)) / h
    return slopes


# %% survivors
# - def numeric_gradient(f, x, h=1e-05):
# + def numeric_gradient(f, x, h=2e-05):
# The checks name the step where it matters. As a default, either step leaves an error near the
# rounding of the difference itself, far below what a slope is needed for.
