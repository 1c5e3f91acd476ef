# %% [markdown]
# Learning needs the slope too. For the sigmoid it is cheap once the value is known:
#
# $$\sigma'(z) = \sigma(z)\,(1 - \sigma(z)).$$
#
# All slopes in this lab are functions of $z$, the number *before* the bend. Programs that store only $\sigma(z)$ write
# $s(1-s)$, and feeding that formula the wrong one of the two is a mistake that no error message reports.

# %% nbgrader={"grade_id": "d_sigmoid", "solution": true}
def d_sigmoid(z):
    """Return the slope of the sigmoid at z, entry by entry.

    z: a number, or an array of any shape: what goes INTO the sigmoid
    Returns the same shape. No warning at z = ±1000.
    """
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return s * (1 - s)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_d_sigmoid", "grade": true, "points": 1}
check("d_sigmoid")


# %% visible
@checks("d_sigmoid")
def slope_of_sigmoid_at_known_values(student: Student, rng: Rng) -> None:
    """At 0, ln 3, -ln 3 and 1 the sigmoid's slope is 1/4, 3/16, 3/16 and 0.196612."""
    z = np.array([0.0, LN3, -LN3, 1.0])
    expect_close(
        student.call("d_sigmoid", z),
        [0.25, 0.1875, 0.1875, 0.19661193324148185],
        hint="σ'(z) = σ(z) (1 - σ(z)).",
        mistakes={
            "That is z (1 - z): the argument is z, what goes INTO the sigmoid. Compute s = σ(z) first.": z * (1 - z),
            "That is the sigmoid itself, not its slope.": [0.5, 0.75, 0.25, 0.7310585786300049],
            "1 - s² is the slope of tanh, not of the sigmoid.": 1 - np.array([0.5, 0.75, 0.25, 0.731058578630]) ** 2,
        },
        rtol=1e-5,
    )


@checks("d_sigmoid")
def slope_of_sigmoid_is_calm_far_out(student: Student, rng: Rng) -> None:
    """At ±1000 the slope is 0, without a warning."""
    got = student.call("d_sigmoid", FAR)
    hint = "Build it from a sigmoid that does not overflow."
    wrong = "The slope is 0 at ±1000 and 1/4 at 0: first get the check above right."
    expect_close(got, [0, 0, 0.25, 0, 0], hint=wrong if np.isfinite(np.sum(got)) else hint)
    expect_no_warning(student, hint=hint)


@checks("d_sigmoid")
def slope_of_sigmoid_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "d_sigmoid", rng)


d_sigmoid_in_other_forms = forms("d_sigmoid", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
STAND_INS["d_sigmoid"] = (sigmoid,)


@checks("d_sigmoid")
def slope_of_sigmoid_at_random_numbers(student: Student, rng: Rng) -> None:
    """The slope at random numbers, whole ones among them, is right."""
    for z in (rng.normal(scale=3, size=(5, 3)), rng.integers(-6, 7, size=8)):
        right = 0.25 / np.cosh(z / 2) ** 2
        hint = "Compare with (σ(z + h) - σ(z - h)) / 2h."
        expect_close(student.call("d_sigmoid", z), right, hint=hint, rtol=1e-4, atol=1e-7)


# %% right from_exponentials
def d_sigmoid(z):
    small = np.exp(-np.abs(z))
    return small / (1 + small) ** 2


# %% right own_sigmoid
def d_sigmoid(z):
    s = 0.5 * np.tanh(np.asarray(z) / 2) + 0.5
    return s - s**2


# %% right both_sides
def d_sigmoid(z):
    return sigmoid(z) * sigmoid(-np.asarray(z))


# %% right autograd
def d_sigmoid(z):
    z = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    torch.sigmoid(z).sum().backward()
    return z.grad


# %% wrong argument_is_the_value of both_sides -> slope_of_sigmoid_at_known_values
# - return sigmoid(z) * sigmoid(-np.asarray(z))
# + return z * (1 - z)

# %% wrong not_the_slope of both_sides -> slope_of_sigmoid_at_known_values
# - return sigmoid(z) * sigmoid(-np.asarray(z))
# + return sigmoid(z)

# %% wrong slope_of_tanh of both_sides -> slope_of_sigmoid_at_known_values
# - return sigmoid(z) * sigmoid(-np.asarray(z))
# + return 1 - sigmoid(z) ** 2

# %% wrong sigmoid_twice -> slope_of_sigmoid_at_known_values
# - s = sigmoid(z)
# + s = sigmoid(sigmoid(z))

# %% wrong sign -> slope_of_sigmoid_at_known_values
# - return s * (1 - s)
# + return s * (s - 1)


# %% wrong overflows -> slope_of_sigmoid_is_calm_far_out
def d_sigmoid(z):
    powers = np.exp(-z)
    return powers / (1 + powers) ** 2


# %% wrong overflowing_sigmoid -> slope_of_sigmoid_is_calm_far_out
# - s = sigmoid(z)
# + s = 1 / (1 + np.exp(-z))

# %% wrong rows_only of both_sides -> slope_of_sigmoid_keeps_every_shape
# - return sigmoid(z) * sigmoid(-np.asarray(z))
# + return [float(sigmoid(x) * (1 - sigmoid(x))) for x in np.ravel(z)]

# %% wrong only_on_one_side -> slope_of_sigmoid_at_random_numbers
# - return s * (1 - s)
# + return np.where(np.asarray(z) < -2, 0, s * (1 - s))

# %% wrong coarse_difference of both_sides -> slope_of_sigmoid_at_known_values
# - return sigmoid(z) * sigmoid(-np.asarray(z))
# + return (sigmoid(z + 0.1) - sigmoid(z)) / 0.1

# %% wrong one_buffer_for_all_calls -> d_sigmoid_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def d_sigmoid(z):
    y = np.asarray(0.25 - 0.25 * np.tanh(np.asarray(z) / 2) ** 2)
    buffer = buffers.setdefault(y.shape, np.empty(y.shape))
    buffer[...] = y
    return buffer
