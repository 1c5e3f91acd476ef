# %% [markdown]
# The **hyperbolic tangent** is a sigmoid stretched to the range from −1 to 1, so that its values have a mean near zero:
#
# $$\tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2\,\sigma(2z) - 1, \qquad \tanh' z = 1 - \tanh^2 z.$$
#
# The fraction is for paper: at $z = 1000$ it is $\infty / \infty$. NumPy has the function, and your `sigmoid` has it too.

# %% nbgrader={"grade_id": "tanh", "solution": true}
def tanh(z):
    """Return the hyperbolic tangent of z, entry by entry.

    z: a number, or an array of any shape; it stays as it is
    Returns the same shape. No warning at z = ±1000.
    """
    ### BEGIN SOLUTION
    return np.tanh(z)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tanh", "grade": true, "points": 1}
check("tanh")


# %% visible
@checks("tanh")
def tanh_of_known_values(student: Student, rng: Rng) -> None:
    """0, ln 2, -ln 2 and ln 3 become 0, 0.6, -0.6 and 0.8."""
    expect_close(
        student.call("tanh", np.array([0.0, LN2, -LN2, LN3])),
        [0.0, 0.6, -0.6, 0.8],
        hint="tanh z = 2 σ(2z) - 1, or np.tanh.",
        mistakes={
            "That is 2 σ(z) - 1: the argument of σ is 2z.": [0, 1 / 3, -1 / 3, 0.5],
            "That is the sigmoid: tanh z = 2 σ(2z) - 1.": [0.5, 2 / 3, 1 / 3, 0.75],
            "That is tan, the tangent of an angle. This is the hyperbolic one.": np.tan([0.0, LN2, -LN2, LN3]),
        },
        rtol=1e-5,
    )


@checks("tanh")
def tanh_is_calm_far_out(student: Student, rng: Rng) -> None:
    """At -1000 it is -1 and at 1000 it is 1, without a warning."""
    got = student.call("tanh", FAR)
    hint = "exp(1000) overflows, and inf / inf is nan: use np.tanh, or your sigmoid at 2z."
    expect_close(got, [-1, -1, 0, 1, 1], hint=hint, rtol=1e-6, atol=1e-7)
    expect_no_warning(student, hint=hint)


@checks("tanh")
def tanh_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "tanh", rng)


tanh_in_other_forms = forms("tanh", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
STAND_INS["tanh"] = (sigmoid,)


def tanh(z: Any) -> Any:
    """Return the hyperbolic tangent."""
    return np.tanh(z)


@checks("tanh")
def tanh_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers, whole ones among them, have the right hyperbolic tangent."""
    for z in (rng.normal(scale=2, size=(5, 3)), rng.integers(-4, 5, size=8)):
        right = [[np.sinh(x) / np.cosh(x) for x in row] for row in np.atleast_2d(z)]
        hint = "Compare with np.tanh."
        expect_close(student.call("tanh", z), np.reshape(right, z.shape), hint=hint, rtol=1e-5, atol=1e-7)


# %% right from_the_sigmoid
# - return np.tanh(z)
# + return 2 * sigmoid(2 * np.asarray(z)) - 1


# %% right from_exponentials
def tanh(z):
    small = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - small) / (1 + small)


# %% right torch
# - return np.tanh(z)
# + return torch.tanh(torch.as_tensor(z, dtype=torch.float64))


# %% wrong overflows -> tanh_is_calm_far_out
def tanh(z):
    up, down = np.exp(z), np.exp(-np.asarray(z))
    return (up - down) / (up + down)


# %% wrong two_forgotten -> tanh_of_known_values
# - return np.tanh(z)
# + return 2 * sigmoid(z) - 1

# %% wrong sigmoid -> tanh_of_known_values
# - return np.tanh(z)
# + return sigmoid(z)

# %% wrong tangent -> tanh_of_known_values
# - return np.tanh(z)
# + return np.tan(z)

# %% wrong sinh -> tanh_of_known_values
# - return np.tanh(z)
# + return np.sinh(np.clip(z, -700, 700))

# %% wrong one_sided of from_exponentials -> tanh_of_known_values
# - return np.sign(z) * (1 - small) / (1 + small)
# + return (1 - small) / (1 + small)

# %% wrong clipped_to_a_line -> tanh_of_known_values
# - return np.tanh(z)
# + return np.clip(z, -1, 1)

# %% wrong rows_only -> tanh_keeps_every_shape
# - return np.tanh(z)
# + return [float(np.tanh(x)) for x in np.ravel(z)]

# %% wrong writes_into_its_input -> tanh_keeps_every_shape
# - return np.tanh(z)
# + return np.tanh(z, out=z) if isinstance(z, np.ndarray) and z.dtype.kind == "f" else np.tanh(z)


# %% wrong integers_stay_integers -> tanh_of_random_numbers
def tanh(z):
    out = np.zeros_like(z)
    out[...] = np.tanh(z)
    return out


# %% wrong one_buffer_for_all_calls -> tanh_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def tanh(z):
    y = np.asarray(np.tanh(z))
    buffer = buffers.setdefault(y.shape, np.empty(y.shape))
    buffer[...] = y
    return buffer
