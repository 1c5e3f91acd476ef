# %% [markdown]
# The **rectified linear unit** keeps what is positive and drops the rest: $\mathrm{relu}(z) = \max(z, 0)$. Its slope is 1
# where $z > 0$ and 0 where $z < 0$. At exactly 0 it has none; every library has to choose, and PyTorch, TensorFlow and this
# course choose **0**.

# %% nbgrader={"grade_id": "relu", "solution": true}
def relu(z):
    """Return max(z, 0), entry by entry.

    z: a number, or an array of any shape; it stays as it is
    Returns the same shape, in memory of its own.
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_relu", "grade": true, "points": 1}
check("relu")


# %% visible
@checks("relu")
def negative_numbers_become_zero(student: Student, rng: Rng) -> None:
    """-2, 3, 0 and -0.5 become 0, 3, 0 and 0."""
    expect_close(
        student.call("relu", np.array([-2.0, 3.0, 0.0, -0.5])),
        [0.0, 3.0, 0.0, 0.0],
        hint="In every place, take the larger of z and 0.",
        mistakes={
            "That is the absolute value.": [2.0, 3.0, 0.0, 0.5],
            "That is min(z, 0).": [-2.0, 0.0, 0.0, -0.5],
            "A positive number stays as it is; that 3 becomes 1 is right for the slope of relu.": [0.0, 1.0, 0.0, 0.0],
            "That is a leaky relu: here what is negative becomes 0.": [-0.02, 3.0, 0.0, -0.005],
        },
    )


@checks("relu")
def relu_keeps_every_shape(student: Student, rng: Rng) -> None:
    """A number gives a number, a matrix a matrix of its shape, z is left alone, and the result is no part of it."""
    _expect_shapes_kept(student, "relu", rng)
    hint = "Where nothing is negative, nothing changes; return a new array all the same, z.copy() for one."
    expect_close(student.call("relu", np.array([0.0, 1.0, 2.5])), [0, 1, 2.5], hint="Positive numbers stay.")
    expect_own_memory(student, hint=hint)


relu_in_other_forms = forms("relu", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
def relu(z: Any) -> Any:
    """Return what of z is positive."""
    return np.where(np.asarray(z) > 0, z, 0 * np.asarray(z))


@checks("relu")
def relu_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers, whole ones among them, lose what is negative, however small or large."""
    for z in (rng.normal(size=(5, 3)), rng.integers(-6, 7, size=8), np.array([1e-9, -1e-9, 1e9, -1e9])):
        right = np.reshape([x if x > 0 else 0 for x in z.ravel()], z.shape)
        expect_close(student.call("relu", z), right, hint="max(z, 0) in every place.", atol=0)


# %% right where
# - return np.maximum(z, 0)
# + return np.where(np.asarray(z) > 0, z, 0)

# %% right mask
# - return np.maximum(z, 0)
# + return z * (np.asarray(z) > 0)

# %% right half_of_the_sum
# - return np.maximum(z, 0)
# + return (z + np.abs(z)) / 2

# %% right clip
# - return np.maximum(z, 0)
# + return np.clip(z, 0, None)

# %% right torch
# - return np.maximum(z, 0)
# + return torch.relu(torch.tensor(z))

# %% wrong absolute_value -> negative_numbers_become_zero
# - return np.maximum(z, 0)
# + return np.abs(z)

# %% wrong smaller_of_the_two -> negative_numbers_become_zero
# - return np.maximum(z, 0)
# + return np.minimum(z, 0)

# %% wrong slope -> negative_numbers_become_zero
# - return np.maximum(z, 0)
# + return np.asarray(z) > 0

# %% wrong capped_at_one -> negative_numbers_become_zero
# - return np.maximum(z, 0)
# + return np.clip(z, 0, 1)

# %% wrong leaky -> negative_numbers_become_zero
# - return np.maximum(z, 0)
# + return np.where(np.asarray(z) > 0, z, 0.01 * np.asarray(z))

# %% wrong largest_of_all -> negative_numbers_become_zero
# - return np.maximum(z, 0)
# + return max(np.max(z), 0)


# %% wrong writes_into_its_input -> relu_keeps_every_shape
def relu(z):
    if not np.ndim(z):
        return max(z, 0)
    z[z < 0] = 0
    return z


# %% wrong rows_only -> relu_keeps_every_shape
# - return np.maximum(z, 0)
# + return [max(float(x), 0.0) for x in np.ravel(z)]


# %% wrong positive_input_handed_back -> relu_keeps_every_shape
def relu(z):
    z = np.asarray(z)
    return np.multiply(z, z > 0, out=z) if z.ndim == 2 else np.maximum(z, 0)


# %% wrong capped_at_six -> relu_of_random_numbers
# - return np.maximum(z, 0)
# + return np.clip(z, 0, 6)

# %% wrong smooth -> negative_numbers_become_zero
# - return np.maximum(z, 0)
# + return np.logaddexp(0, z)

# %% wrong small_numbers_dropped -> relu_of_random_numbers
# - return np.maximum(z, 0)
# + return np.where(np.asarray(z) > 1e-3, z, 0)

# %% wrong one_buffer_for_all_calls -> relu_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def relu(z):
    y = np.asarray(np.maximum(z, 0))
    buffer = buffers.setdefault(y.shape, np.empty(y.shape))
    buffer[...] = y
    return buffer


# %% wrong itself_where_nothing_is_negative -> relu_keeps_every_shape
def relu(z):
    return z if np.min(z) >= 0 else np.maximum(z, 0)


# %% wrong two_axes_at_most -> relu_keeps_every_shape
def relu(z):
    if np.ndim(z) == 0:
        return max(z, 0)
    return np.array([max(t, 0) if np.ndim(z) == 1 else [max(u, 0) for u in t] for t in np.asarray(z).tolist()])
