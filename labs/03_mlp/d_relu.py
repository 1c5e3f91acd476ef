# %% nbgrader={"grade_id": "d_relu", "solution": true}
def d_relu(z):
    """Return the slope of relu at z, entry by entry: 1 or 0, and 0 at z = 0.

    z: a number, or an array of any shape: what goes INTO relu
    Returns the same shape; ones and zeros, or True and False.
    """
    ### BEGIN SOLUTION
    return np.asarray(z) > 0
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_d_relu", "grade": true, "points": 1}
check("d_relu")

# %% tags=["explore"]
z = np.linspace(-6, 6, 241)
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), dpi=110, layout="constrained")
values = {"sigmoid": (z, sigmoid(z)), "tanh": (z, tanh(z)), "relu": (z, relu(z))}
plots.curves(values, xlabel="z", ylabel="value", title="Three bends …", ax=axes[0])
axes[0].set_ylim(-1.2, 3)
slopes = {"sigmoid": (z, d_sigmoid(z)), "tanh": (z, d_tanh(z)), "relu": (z, d_relu(z))}
plots.curves(slopes, xlabel="z", ylabel="slope", title="… and their slopes", ax=axes[1])

# %% [markdown]
# Look at the right picture from the point of view of a gradient that has to pass. Where $|z|$ is large, sigmoid and
# tanh are flat: they are **saturated**, and nothing gets through. The sigmoid never lets more than a quarter through,
# so ten layers of it leave at most $0.25^{10} \approx 10^{-6}$. A unit of relu passes everything or nothing. ($N(0, 1)$
# below is the normal distribution with mean 0 and standard deviation 1.) **Guess first**, here and wherever a cell says
# `my_guess = None`: put a number in place of `None`. It is drawn beside what comes out.

# %% tags=["explore"]
my_guess = None  # the share of the gradient that ten tanh leave, for z drawn from N(0, 1)

# %% tags=["explore"]
depth = np.arange(1, 21)
rng = np.random.default_rng(0)
inputs = rng.normal(size=100_000)
passed = {
    "sigmoid, at its best (z = 0)": d_sigmoid(0.0) ** depth,
    "sigmoid, z from −5 to 5": d_sigmoid(5 * np.tanh(inputs)).mean() ** depth,
    "tanh, z drawn from N(0, 1)": d_tanh(inputs).mean() ** depth,
    "relu, on an active path": d_relu(1.0) ** depth,
}
plots.curves(
    {name: (depth, slope) for name, slope in passed.items()},
    xlabel="number of bends on the way back",
    ylabel="share of the gradient that is left",
    title="Saturation, multiplied",
    log="y",
    guess=None if my_guess is None else (depth, my_guess ** (depth / 10)),
)


# %% visible
@checks("d_relu")
def slope_of_relu_is_one_or_zero(student: Student, rng: Rng) -> None:
    """At -2, 3, 0.5 and -0.5 the slope is 0, 1, 1 and 0."""
    expect_close(
        student.call("d_relu", np.array([-2.0, 3.0, 0.5, -0.5])),
        [0, 1, 1, 0],
        hint="The slope of max(z, 0) is 1 where z is positive and 0 where it is negative.",
        mistakes={
            "That is relu itself, not its slope.": [0.0, 3.0, 0.5, 0.0],
            "That is the sign of z: where z is negative, relu is flat.": [-1, 1, 1, -1],
        },
    )


@checks("d_relu")
def slope_of_relu_at_zero_is_zero(student: Student, rng: Rng) -> None:
    """At exactly 0 the slope is 0, as the course has chosen, and nothing is divided by it."""
    expect_close(
        student.call("d_relu", np.array([0.0, -1000.0, 1000.0, 0.0])),
        [0, 0, 1, 0],
        hint="1 where z > 0, and 0 everywhere else, at z = 0 too: compare z with 0.",
        mistakes={
            "Ask whether z > 0, not z >= 0.": [1, 0, 1, 1],
            "Half and half is a choice too, but the course's is 0 at z = 0.": [0.5, 0, 1, 0.5],
        },
    )
    expect_no_warning(student, hint="Compare z with 0; there is nothing to divide.")


@checks("d_relu")
def slope_of_relu_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "d_relu", rng)


d_relu_in_other_forms = forms("d_relu", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
STAND_INS["d_relu"] = (relu,)


def d_relu(z: Any) -> Any:
    """Return 1 where z is positive, else 0."""
    return np.where(np.asarray(z) > 0, 1, 0)


@checks("d_relu")
def slope_of_relu_at_random_numbers(student: Student, rng: Rng) -> None:
    """The slope at random numbers, whole and tiny ones among them, is 1 or 0."""
    for z in (rng.normal(size=(5, 3)), rng.integers(-2, 3, size=12), np.array([1e-9, -1e-9, 0.0, 1e9])):
        right = np.reshape([1 if x > 0 else 0 for x in z.ravel()], z.shape)
        expect_close(student.call("d_relu", z), right, hint="1 wherever z > 0, else 0.")


# %% right where
# - return np.asarray(z) > 0
# + return np.where(np.asarray(z) > 0, 1.0, 0.0)

# %% right from_relu
# - return np.asarray(z) > 0
# + return np.sign(relu(z))

# %% right heaviside
# - return np.asarray(z) > 0
# + return np.heaviside(z, 0.0)


# %% right autograd
def d_relu(z):
    z = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    torch.relu(z).sum().backward()
    return z.grad


# %% wrong one_at_zero -> slope_of_relu_at_zero_is_zero
# - return np.asarray(z) > 0
# + return np.where(np.asarray(z) >= 0, 1.0, 0.0)

# %% wrong half_at_zero -> slope_of_relu_at_zero_is_zero
# - return np.asarray(z) > 0
# + return np.heaviside(z, 0.5)

# %% wrong divides_by_z -> slope_of_relu_at_zero_is_zero
# - return np.asarray(z) > 0
# + return np.maximum(z, 0) / z

# %% wrong not_the_slope -> slope_of_relu_is_one_or_zero
# - return np.asarray(z) > 0
# + return np.maximum(z, 0)

# %% wrong sign -> slope_of_relu_is_one_or_zero
# - return np.asarray(z) > 0
# + return np.sign(z)

# %% wrong minus_one_below -> slope_of_relu_is_one_or_zero
# - return np.asarray(z) > 0
# + return np.where(np.asarray(z) > 0, 1, -1)

# %% wrong nonzero -> slope_of_relu_is_one_or_zero
# - return np.asarray(z) > 0
# + return np.asarray(z) != 0

# %% wrong rows_only -> slope_of_relu_keeps_every_shape
# - return np.asarray(z) > 0
# + return [1 if x > 0 else 0 for x in np.ravel(z)]


# %% wrong writes_into_its_input -> slope_of_relu_keeps_every_shape
def d_relu(z):
    z = np.asarray(z)
    z[...] = z > 0
    return z.copy()


# %% wrong small_numbers_dropped -> slope_of_relu_at_random_numbers
# - return np.asarray(z) > 0
# + return np.asarray(z) > 1e-6

# %% wrong whole_numbers_only -> slope_of_relu_at_random_numbers
# - return np.asarray(z) > 0
# + return np.minimum(np.ceil(np.maximum(z, 0)), 1) * (np.abs(z) < 1e6)

# %% wrong one_buffer_for_all_calls -> d_relu_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def d_relu(z):
    y = np.asarray(np.asarray(z) > 0)
    buffer = buffers.setdefault(y.shape, np.empty(y.shape))
    buffer[...] = y
    return buffer
