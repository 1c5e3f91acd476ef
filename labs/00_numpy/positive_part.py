# %% [markdown]
# ## 4 · Copies: leave the caller's array alone
#
# A function that changes its input is a trap for whoever calls it. Arithmetic such as `a + 1` makes a new array. But `a
# += 1`, `a[a < 0] = 0` and `np.maximum(a, 0, out=a)` write into the array that was handed in. (`a < 0` is an array of
# True and False, a *mask*, and picks the entries where it is True; a list of numbers, as in `a[[0, 2]]`, picks those
# rows.) In this course, **inputs stay as they are** and results have memory of their own, unless an exercise says
# otherwise, as the one above did. What you are given may hold whole numbers or fractions, and may be read-only.

# %% nbgrader={"grade_id": "positive_part", "solution": true}
def positive_part(a):
    """Return max(a, 0), entry by entry.

    a: array of any shape; it stays as it is
    Returns a new array of a's shape, which shares no memory with a.

    Hint: np.max finds the largest entry of all; one function compares entry by entry.
    """
    ### BEGIN SOLUTION
    return np.maximum(a, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_positive_part", "grade": true, "points": 1}
check("positive_part")

# %% [markdown]
# You will meet this function again as the *rectified linear unit*. Here it splits the difference of two digits into the
# ink that only one of them has. The list below tells for some usual expressions whether they share memory with `a`. Guess
# each line first.

# %% tags=["explore"]
three, eight = (images[labels == digit][0].astype(float) for digit in (3, 8))
difference = eight - three
parts = {"8 − 3": difference, "only in the 8": positive_part(difference), "only in the 3": positive_part(-difference)}
plots.arrays(parts, title="A difference and its two positive parts", unit="ink (255 = black)")

# %% tags=["explore"]
a = np.arange(12.0).reshape(3, 4)
results = {
    "a[1:, :2]": a[1:, :2],
    "a.T": a.T,
    "a.reshape(2, 6)": a.reshape(2, 6),
    "a.T.reshape(2, 6)": a.T.reshape(2, 6),
    "a.ravel()": a.ravel(),
    "a.flatten()": a.flatten(),
    "a[[0, 2]]": a[[0, 2]],
    "a[a > 5]": a[a > 5],
    "np.asarray(a)": np.asarray(a),
    "np.array(a)": np.array(a),
    "a + 0": a + 0,
}
for expression, result in results.items():
    print(f"{expression:<20}", "shares memory with a" if np.shares_memory(a, result) else "has its own")

# %% visible
SIGNED = np.array([[1.5, -2.0, 0.0], [-0.5, 3.0, -4.0]])


@checks("positive_part")
def negative_numbers_become_zero(student: Student, rng: Rng) -> None:
    """-2 becomes 0, and 1.5 stays 1.5."""
    expect_close(
        student.call("positive_part", SIGNED),
        [[1.5, 0.0, 0.0], [0.0, 3.0, 0.0]],
        hint="Take the larger of each entry and 0: np.maximum compares entry by entry.",
        mistakes={
            "That is the absolute value: negative numbers become 0, not positive.": np.abs(SIGNED),
            "That is the negative part: take the larger of each entry and 0, not the smaller.": np.minimum(SIGNED, 0),
            "That is the largest entry of all: compare entry by entry.": 3.0,
            "That keeps the positive numbers and forgets their places: the result has a's shape.": [1.5, 3.0],
            "That says which are positive: return the numbers themselves.": SIGNED > 0,
            "The fractions were cut off: the array that holds the result holds whole numbers only.": [
                [1, 0, 0],
                [0, 3, 0],
            ],
            "That is one long row: give the result a's shape.": [1.5, 0.0, 0.0, 0.0, 3.0, 0.0],
        },
    )


@checks("positive_part")
def the_input_stays_as_it_is(student: Student, rng: Rng) -> None:
    """The array that was given is what it was before the call."""
    got = student.call("positive_part", SIGNED)
    expect_shape(got, (2, 3), hint=RIGHT_FIRST)
    expect_close(np.min(got), 0.0, hint=RIGHT_FIRST, what="The smallest entry")
    hint = "a[a < 0] = 0, a *= … and out=a write into the caller's array: make a new array, or copy first."
    expect_inputs_unchanged(student, hint=hint)


@checks("positive_part")
def the_result_is_a_copy(student: Student, rng: Rng) -> None:
    """The result shares no memory with the input, even where nothing was negative."""
    got = student.call("positive_part", np.array([1.0, 2.0, 3.0]))
    expect_close(got, [1.0, 2.0, 3.0], hint="Positive numbers stay as they are.")
    expect_own_memory(student, hint="Return a new array, also if there is nothing to change.")


positive_part_in_other_forms = forms("positive_part", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
@checks("positive_part")
def positive_parts_of_random_arrays(student: Student, rng: Rng) -> None:
    """Arrays of any number of axes, whole numbers and single numbers too, have the right positive part."""
    hint = (
        "np.maximum(a, 0) works for arrays of any shape and numbers of any size; copy before you write. "
        "np.vectorize takes the type of its first result for all, so a 0 there cuts fractions off."
    )
    large = 1000 * rng.normal(size=(2, 3, 4))
    for a in (rng.normal(size=7), large, rng.integers(-900, 900, size=(3, 5)), np.array(-2.5)):
        a.flat[0] = -abs(a.flat[0]) - 1
        right = np.reshape([value if value > 0 else 0 for value in a.ravel().tolist()], a.shape)
        expect_close(student.call("positive_part", a), right, hint=hint)
        expect(not student.report.changed, "It changes its input.", hint=hint)
        expect(not student.report.shared, "It shares memory with its input.", hint=hint)


# %% right where
# - return np.maximum(a, 0)
# + return np.where(a > 0, a, 0)


# %% right copied_first
def positive_part(a):
    result = np.array(a)
    result[result < 0] = 0
    return result


# %% right masked
# - return np.maximum(a, 0)
# + return a * (a > 0)

# %% right clip
# - return np.maximum(a, 0)
# + return np.clip(a, 0, None)

# %% right half_of_the_sum
# - return np.maximum(a, 0)
# + return (np.abs(a) + a) / 2


# %% right torch
def positive_part(a):
    import torch

    return torch.relu(torch.tensor(a))


# %% right nested_lists
def positive_part(a):
    if np.ndim(a) == 0:
        return max(float(a), 0.0)
    return [positive_part(part) for part in a]


# %% right float32
# - return np.maximum(a, 0)
# + return np.maximum(a.astype(np.float32), 0)

# %% wrong out_is_the_input -> the_input_stays_as_it_is
# Right numbers, but the input is written over.
# - return np.maximum(a, 0)
# + return np.maximum(a, 0, out=a)


# %% wrong in_place -> the_input_stays_as_it_is
def positive_part(a):
    a[a < 0] = 0
    return a


# %% wrong multiplied_in_place_and_copied -> the_input_stays_as_it_is
def positive_part(a):
    a *= a > 0
    return a.copy()


# %% wrong written_through_a_view -> the_input_stays_as_it_is
def positive_part(a):
    result = a[:]
    result[result < 0] = 0
    return result.copy()


# %% wrong asarray_taken_for_a_copy of copied_first -> positive_parts_of_random_arrays
# The result is the input itself, or a view of it, for some arrays.
# - result = np.array(a)
# + result = np.asarray(a)


# %% wrong a_view_when_nothing_changes -> the_result_is_a_copy
def positive_part(a):
    if (a >= 0).all():
        return a
    return np.maximum(a, 0)


# %% wrong absolute_value -> negative_numbers_become_zero
# Another function.
# - return np.maximum(a, 0)
# + return np.abs(a)

# %% wrong negative_part -> negative_numbers_become_zero
# - return np.maximum(a, 0)
# + return np.minimum(a, 0)

# %% wrong largest_entry -> negative_numbers_become_zero
# Entries or shape are lost.
# - return np.maximum(a, 0)
# + return np.max(a, initial=0)

# %% wrong only_the_positive_ones -> negative_numbers_become_zero
# - return np.maximum(a, 0)
# + return a[a > 0]

# %% wrong which_are_positive -> negative_numbers_become_zero
# - return np.maximum(a, 0)
# + return a > 0


# %% wrong cut_to_whole_numbers -> negative_numbers_become_zero
def positive_part(a):
    result = np.zeros(a.shape, dtype=int)
    result[a > 0] = a[a > 0]
    return result


# %% wrong nothing_returned -> negative_numbers_become_zero
# - return np.maximum(a, 0)
# + np.maximum(a, 0)

# %% wrong python_max -> negative_numbers_become_zero
# Python's max compares two numbers, so it stops, or needs loops that know how many axes there are.
# - return np.maximum(a, 0)
# + return max(a, 0)


# %% wrong two_axes_only -> positive_parts_of_random_arrays
def positive_part(a):
    if a.ndim == 1:
        return a + 0
    return np.array([[max(value, 0) for value in row] for row in a])


# %% wrong one_buffer_for_all_calls -> positive_part_in_other_forms
# An earlier result is changed.
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def positive_part(a):
    Y = np.asarray(np.maximum(a, 0))
    buffer = buffers.setdefault(Y.shape, np.empty(Y.shape))
    buffer[...] = Y
    return buffer


# %% wrong vectorized_by_its_first_result -> positive_parts_of_random_arrays
# np.vectorize takes the type of its first result for all: where that is the 0, the fractions are cut off.
# - return np.maximum(a, 0)
# + return np.vectorize(lambda value: max(value, 0))(a)

# %% wrong cut_at_255 -> positive_parts_of_random_arrays
# - return np.maximum(a, 0)
# + return np.clip(a, 0, 255)


# %% wrong one_long_row -> negative_numbers_become_zero
def positive_part(a):
    return np.array([max(entry, 0) for entry in a.ravel()])


# %% wrong zeros_of_whole_numbers -> negative_numbers_become_zero
def positive_part(a):
    out = np.zeros(a.shape, dtype=int)
    out[a > 0] = a[a > 0]
    return out
