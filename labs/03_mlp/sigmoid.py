# %% [markdown]
# ## 1 · Activation functions
#
# Two linear layers in a row are one linear layer: $(XW_1)W_2 = X(W_1W_2)$. What makes depth worth anything is the **activation function**
# between them, a bend that is applied to each number on its own. The classic is the **sigmoid**,
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \sigma(1) = 0.731059.$$
#
# Written like this it overflows: $e^{1000}$ is no float. Both $\frac{1}{1+e^{-z}}$ and $\frac{e^z}{1+e^z}$ are the same
# number, and each is harmless on one side of zero.

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), entry by entry.

    z: a number, or an array of any shape; it stays as it is
    Returns the same shape. No warning at z = ±1000, nor anywhere else.

    Hint: exp(-|z|) never overflows; both forms of the formula can be written with it.
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, small) / (1 + small)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sigmoid", "grade": true, "points": 1}
check("sigmoid")


# %% visible
@checks("sigmoid")
def sigmoid_of_known_values(student: Student, rng: Rng) -> None:
    """0, 1, -1, ln 3 and -ln 3 become 0.5, 0.731059 (the slides'), 0.268941, 0.75 and 0.25."""
    expect_close(
        student.call("sigmoid", np.array([0.0, 1.0, -1.0, LN3, -LN3])),
        [0.5, 0.7310585786300049, 0.2689414213699951, 0.75, 0.25],
        hint="σ(z) = 1 / (1 + exp(-z)).",
        mistakes={
            "The sign in the exponent is missing: 1 / (1 + exp(-z)).": [
                0.5,
                0.2689414213699951,
                0.7310585786300049,
                0.25,
                0.75,
            ]
        },
        rtol=1e-5,
    )


@checks("sigmoid")
def sigmoid_is_calm_far_out(student: Student, rng: Rng) -> None:
    """At -1000 it is 0 and at 1000 it is 1, without a warning."""
    got = student.call("sigmoid", FAR)
    hint = "exp of a large number overflows. exp(-|z|) never does: use one form for z ≥ 0, the other for z < 0."
    wrong = "σ(-1000) is 0, σ(0) is 1/2, σ(1000) is 1: first get the check above right."
    expect_close(got, [0, 0, 0.5, 1, 1], hint=wrong if np.isfinite(np.sum(got)) else hint)
    expect_no_warning(student, hint=hint + " np.where computes both sides before it chooses.")


@checks("sigmoid")
def sigmoid_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, and z is left alone."""
    _expect_shapes_kept(student, "sigmoid", rng)


sigmoid_in_other_forms = forms("sigmoid", "integers", "fortran", "strided", "read-only", "again")


# %% hidden
def sigmoid(z: Any) -> Any:
    """Return the logistic function by way of the hyperbolic tangent, which overflows nowhere."""
    return 0.5 * np.tanh(0.5 * np.asarray(z)) + 0.5


# the bends


@checks("sigmoid")
def sigmoid_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers, whole ones among them, have the right sigmoid."""
    for z in (
        rng.normal(scale=4, size=(5, 3)),
        rng.integers(-6, 7, size=8),
        rng.uniform((-30, -25, -20), (-25, -20, -15)),
    ):
        right = np.array([1 / (1 + np.e ** -float(x)) for x in z.ravel()]).reshape(z.shape)
        hint = "Compare with torch.sigmoid, for whole numbers and for z near -20 too."
        expect_close(student.call("sigmoid", z), right, hint=hint, rtol=1e-5, atol=1e-12)


# %% right by_way_of_tanh
def sigmoid(z):
    return (np.tanh(np.asarray(z) / 2) + 1) / 2


# %% right masks
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    powers = np.exp(z[~up])
    out[~up] = powers / (1 + powers)
    return out


# %% right logaddexp of by_way_of_tanh
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))

# %% right clipped_far_out of by_way_of_tanh
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return 1 / (1 + np.exp(-np.clip(z, -500, 500)))

# %% right torch of by_way_of_tanh
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return torch.sigmoid(torch.as_tensor(z, dtype=torch.float64))


# %% right number_by_number
def sigmoid(z):
    import math

    def one(x):
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

    return np.vectorize(one, otypes=[float])(z)


# %% wrong overflows of by_way_of_tanh -> sigmoid_is_calm_far_out
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return 1 / (1 + np.exp(-z))

# %% wrong both_sides_computed of by_way_of_tanh -> sigmoid_is_calm_far_out
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return np.where(np.asarray(z) >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

# %% wrong sign_forgotten -> sigmoid_of_known_values
# - return np.where(np.asarray(z) >= 0, 1, small) / (1 + small)
# + return np.where(np.asarray(z) <= 0, 1, small) / (1 + small)

# %% wrong no_mirror of by_way_of_tanh -> sigmoid_of_known_values
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return 1 / (1 + np.exp(-np.abs(z)))

# %% wrong clipped_too_near of by_way_of_tanh -> sigmoid_of_random_numbers
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return 1 / (1 + np.exp(-np.clip(z, -20, 20)))

# %% wrong tanh of by_way_of_tanh -> sigmoid_of_known_values
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return np.tanh(z)

# %% wrong powers_of_two of by_way_of_tanh -> sigmoid_of_known_values
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return 1 / (1 + np.exp2(-np.clip(z, -900, 900)))


# %% wrong softmax_of_all -> sigmoid_of_known_values
def sigmoid(z):
    powers = np.exp(np.asarray(z) - np.max(z))
    return powers / powers.sum()


# %% wrong rows_only of by_way_of_tanh -> sigmoid_keeps_every_shape
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return np.array([0.5 + 0.5 * np.tanh(x / 2) for x in np.ravel(z)])


# %% wrong clips_its_input -> sigmoid_keeps_every_shape
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    z *= -1
    return 1 / (1 + np.exp(np.clip(z, -700, 700)))


# %% wrong integers_stay_integers -> sigmoid_of_random_numbers
def sigmoid(z):
    out = np.zeros_like(z)
    out[...] = 0.5 + 0.5 * np.tanh(np.asarray(z) / 2)
    return out


# %% wrong small_values_are_zero of by_way_of_tanh -> sigmoid_of_random_numbers
# - return (np.tanh(np.asarray(z) / 2) + 1) / 2
# + return np.where(np.asarray(z) < -15, 0, 0.5 + 0.5 * np.tanh(np.asarray(z) / 2))

# %% wrong one_buffer_for_all_calls -> sigmoid_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def sigmoid(z):
    y = np.asarray(0.5 + 0.5 * np.tanh(np.asarray(z) / 2))
    buffer = buffers.setdefault(y.shape, np.empty(y.shape))
    buffer[...] = y
    return buffer


# %% right piecewise
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    return np.piecewise(z, [z >= 0], [lambda a: 1 / (1 + np.exp(-a)), lambda a: np.exp(a) / (1 + np.exp(a))])


# %% wrong clips_far_inputs_in_place -> sigmoid_in_other_forms
def sigmoid(z):
    z = np.asarray(z)
    if np.abs(z).max(initial=0) > 500:
        z[z > 500] = 500
        z[z < -500] = -500
    return 1 / (1 + np.exp(-z))


# %% survivors
# - return np.where(np.asarray(z) >= 0, 1, small) / (1 + small)
# + return np.where(np.asarray(z) > 0, 1, small) / (1 + small)
# At z = 0 both forms of the formula are 1/2.
