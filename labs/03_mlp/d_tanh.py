# %% nbgrader={"grade_id": "d_tanh", "solution": true}
def d_tanh(z):
    """Return the slope of tanh at z, entry by entry.

    z: a number, or an array of any shape: what goes INTO tanh
    Returns the same shape. No warning at z = ±1000.
    """
    ### BEGIN SOLUTION
    return 1 - tanh(z) ** 2
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_d_tanh", "grade": true, "points": 1}
check("d_tanh")


# %% visible
@checks("d_tanh")
def slope_of_tanh_at_known_values(student: Student, rng: Rng) -> None:
    """At 0, ln 2, -ln 2 and ln 3 the slope of tanh is 1, 0.64, 0.64 and 0.36."""
    z = np.array([0.0, LN2, -LN2, LN3])
    expect_close(
        student.call("d_tanh", z),
        [1.0, 0.64, 0.64, 0.36],
        hint="tanh'(z) = 1 - tanh²(z).",
        mistakes={
            "That is 1 - z²: the argument is z, what goes INTO tanh. Compute t = tanh(z) first.": 1 - z**2,
            "The square is missing: 1 - tanh²(z).": [1.0, 0.4, 1.6, 0.2],
            "s (1 - s) is the slope of the sigmoid.": [0.0, 0.24, -0.96, 0.16],
        },
        rtol=1e-5,
    )


@checks("d_tanh")
def slope_of_tanh_is_calm_far_out(student: Student, rng: Rng) -> None:
    """At ±1000 the slope is 0, without a warning."""
    got = student.call("d_tanh", FAR)
    hint = "exp(1000) and cosh(1000) overflow: use 1 - tanh²(z)."
    wrong = "The slope is 0 at ±1000 and 1 at 0: first get the check above right."
    expect_close(got, [0, 0, 1, 0, 0], hint=wrong if np.isfinite(np.sum(got)) else hint, atol=1e-7)
    expect_no_warning(student, hint=hint)


@checks("d_tanh")
def slope_of_tanh_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "d_tanh", rng)


d_tanh_in_other_forms = forms("d_tanh", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
STAND_INS["d_tanh"] = (sigmoid, tanh)


@checks("d_tanh")
def slope_of_tanh_at_random_numbers(student: Student, rng: Rng) -> None:
    """The slope at random numbers, whole ones among them, is right."""
    for z in (rng.normal(scale=2, size=(5, 3)), rng.integers(-4, 5, size=8)):
        hint = "Compare with (tanh(z + h) - tanh(z - h)) / 2h."
        expect_close(student.call("d_tanh", z), np.cosh(z) ** -2.0, hint=hint, rtol=1e-4, atol=1e-6)


# %% right numpys_tanh
def d_tanh(z):
    t = np.tanh(z)
    return (1 - t) * (1 + t)


# %% right from_the_sigmoid
def d_tanh(z):
    s = sigmoid(2 * np.asarray(z))
    return 4 * s * (1 - s)


# %% right autograd
def d_tanh(z):
    z = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    torch.tanh(z).sum().backward()
    return z.grad


# %% wrong argument_is_the_value -> slope_of_tanh_at_known_values
# - return 1 - tanh(z) ** 2
# + return 1 - z**2

# %% wrong square_forgotten -> slope_of_tanh_at_known_values
# - return 1 - tanh(z) ** 2
# + return 1 - np.tanh(z)

# %% wrong slope_of_the_sigmoid of numpys_tanh -> slope_of_tanh_at_known_values
# - return (1 - t) * (1 + t)
# + return t * (1 - t)

# %% wrong inner_slope_forgotten of from_the_sigmoid -> slope_of_tanh_at_known_values
# - return 4 * s * (1 - s)
# + return 2 * s * (1 - s)

# %% wrong overflowing_cosh -> slope_of_tanh_is_calm_far_out
# - return 1 - tanh(z) ** 2
# + return 1 / np.cosh(z) ** 2

# %% wrong rows_only -> slope_of_tanh_keeps_every_shape
# - return 1 - tanh(z) ** 2
# + return [float(1 - np.tanh(x) ** 2) for x in np.ravel(z)]

# %% wrong tanh_twice -> slope_of_tanh_at_random_numbers
# - return 1 - tanh(z) ** 2
# + return 1 - np.tanh(np.tanh(z)) ** 2

# %% wrong flat_on_one_side -> slope_of_tanh_at_random_numbers
# - return 1 - tanh(z) ** 2
# + return np.where(np.asarray(z) < -1, 0, 1 - np.tanh(z) ** 2)

# %% wrong one_buffer_for_all_calls -> d_tanh_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def d_tanh(z):
    y = np.asarray(1 - np.tanh(z) ** 2)
    buffer = buffers.setdefault(y.shape, np.empty(y.shape))
    buffer[...] = y
    return buffer
