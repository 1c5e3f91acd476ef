# %% [markdown]
# ## 3 · Views: two names for one memory
#
# A slice copies nothing. It is a **view**: a new shape over the same memory, made in no time however large the array is.
# What is written into the view is written into the array. That is wanted when you want to change a part in place, and a
# bug when you believed that you had a copy.

# %% nbgrader={"grade_id": "interior_view", "solution": true}
def interior_view(a):
    """Return a view of an array without its outermost rows and columns.

    a: (h, w) array, h and w at least 2
    Returns (h - 2, w - 2): a view, so that writing into it writes into a.

    Hint: line h of the game.
    """
    ### BEGIN SOLUTION
    return a[1:-1, 1:-1]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_interior_view", "grade": true, "points": 2}
check("interior_view")

# %% [markdown]
# A view of a view is a view of the first array still. Below, `ring` becomes the interior of itself again and again, and
# each time it is turned to its negative. No line writes to `picture`, and yet look at it. (The digit is from a small set
# of real handwritten ones that comes with this course, images of 28 × 28 pixels from 0, paper, to 255, ink.)

# %% tags=["explore"]
from coursekit.datasets.digits import digits_sample

digits = digits_sample()
images, labels = digits.train_images, digits.train_labels

picture = images[labels == 3][0].copy()
before = picture.copy()
ring = picture
while ring.size:
    ring[...] = 255 - ring
    ring = interior_view(ring)
plots.image_grid(np.stack([before, picture]), ["before", "picture, afterwards"], columns=2, size=2.2)

# %% visible
GRID = np.arange(20.0).reshape(4, 5)


def writing_into_the_view(interior_view: Function, a: np.ndarray) -> Any:
    """Write into the result; return its shape, whether it could be written into, and the array."""
    view = interior_view(a)
    shape = list(np.shape(view))
    try:
        view[...] = -1
    except (TypeError, ValueError):
        return shape, False, a
    return shape, True, a


@checks("interior_view")
def interior_of_a_four_by_five_array(student: Student, rng: Rng) -> None:
    """Of a 4 × 5 array the inner 2 × 3 numbers are left."""
    expect_close(
        student.call("interior_view", GRID),
        [[6.0, 7.0, 8.0], [11.0, 12.0, 13.0]],
        hint="Slice both axes: from the second place to before the last one. The end -1 is not taken.",
        mistakes={
            "One row and one column too many are gone: a slice's end is not taken, so -1 as end drops just the last.": [
                [6.0, 7.0]
            ],
            "Places count from 0, so 1 is the second one: slice from 1, not from 2.": GRID[2:3, 2:4],
            "Only rows are gone: slice the second axis too.": GRID[1:3],
            "Only columns are gone: slice the first axis too.": GRID[:, 1:4],
            "The last row and column are still there: give the slices an end.": GRID[1:, 1:],
            "The first row and column are still there: give the slices a start.": GRID[:3, :4],
            "Both axes end where the rows do: the second axis has a.shape[1] columns.": GRID[1:3, 1:3],
        },
    )


@checks("interior_view")
def writing_into_the_view_writes_into_the_array(student: Student, rng: Rng) -> None:
    """What is written into the result arrives in the array that was given."""
    shape, could_write, after = student.run(writing_into_the_view, a=GRID)
    right_first = "First return the inner numbers; then this check writes into them."
    expect(shape == [2, 3], "The result has the wrong shape.", got=tuple(shape), hint=right_first)
    hint = "Return the slice of a as it is: an array that may be written into, no list."
    expect(could_write, "The result cannot be written into.", hint=hint)
    written = GRID.copy()
    written[[1, 1, 1, 2, 2, 2], [1, 2, 3, 1, 2, 3]] = -1
    copied = "That is a copy: return a slice itself, without copy(), np.array() or a list of places as index."
    expect_close(
        after,
        written,
        hint="The inner entries, and no others, should have become -1: do nothing to a but slice it.",
        what="a, after writing -1 into the result,",
        mistakes={copied: GRID},
    )


@checks("interior_view")
def making_the_view_changes_nothing(student: Student, rng: Rng) -> None:
    """Making the view leaves the array as it is, and the result shares its memory."""
    got = student.call("interior_view", GRID)
    expect_shape(got, (2, 3), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student, hint="To make a view, nothing needs to be written into a: slice it.")
    expect(bool(student.report.shared), "The result has memory of its own.", hint="Return a slice of a: it is a view.")


# %% hidden
def writing_into_views(interior_view: Function, a: np.ndarray) -> Any:
    """Write into views of arrays in several memory orders; return what each view and array then held."""
    outcomes = []
    for layout in (a.copy(order="C"), a.copy(order="F"), np.repeat(np.repeat(a, 2, axis=0), 3, axis=1)[::2, ::3]):
        view = interior_view(layout)
        seen = np.array(view)
        view[...] = -view
        outcomes.append((seen, np.array(layout)))
    return outcomes


@checks("interior_view")
def interiors_of_random_arrays(student: Student, rng: Rng) -> None:
    """Arrays of any size and memory order, down to two rows, have the right interior, and it is a view."""
    ends = "The result is (h - 2, w - 2) for every h and w from 2 on: count the ends from the end, or from a.shape."
    sizes = ((5, 7, float), (3, 3, np.float32), (6, 4, np.int64), (2, 5, float), (3, 2, np.int16), (4, 5, np.int8))
    for h, w, dtype in sizes:
        a = rng.normal(scale=30, size=(h, w)).astype(dtype)
        inner = [[a[i, j] for j in range(1, w - 1)] for i in range(1, h - 1)]
        after = [[a[i, j] * (-1 if 0 < i < h - 1 and 0 < j < w - 1 else 1) for j in range(w)] for i in range(h)]
        for place, (seen, written) in enumerate(student.run(writing_into_views, a=a)):
            expect_shape(seen, (h - 2, w - 2), hint=ends)
            hint = (
                f"Slice a itself: a conversion copies, here of an array of dtype {a.dtype}."
                if place == 0 and dtype is not float
                else "Slice a itself, a[start:end, start:end]: ravel and reshape may copy, depending on memory order."
            )
            expect_close(seen, np.reshape(inner, (h - 2, w - 2)), hint=hint)
            expect_close(written, after, hint=hint, what="The array, after writing into the view,")


# %% right explicit_ends
def interior_view(a):
    h, w = a.shape
    return a[1 : h - 1, 1 : w - 1]


# %% right two_slices
def interior_view(a):
    rows = a[1:-1]
    return rows[:, 1:-1]


# %% right slice_objects
def interior_view(a):
    inner = slice(1, -1)
    return a[inner, inner]


# %% right transposed_twice
# - return a[1:-1, 1:-1]
# + return a[1:-1].T[1:-1].T

# %% right strides of explicit_ends
# - return a[1 : h - 1, 1 : w - 1]
# + return np.lib.stride_tricks.as_strided(a[1:, 1:], (h - 2, w - 2), a.strides)

# %% right flipped_twice
# - return a[1:-1, 1:-1]
# + return a[::-1, ::-1][1:-1, 1:-1][::-1, ::-1]

# %% wrong a_copy -> writing_into_the_view_writes_into_the_array
# Right entries, but in memory of their own.
# - return a[1:-1, 1:-1]
# + return a[1:-1, 1:-1].copy()

# %% wrong a_new_array -> making_the_view_changes_nothing
# - return a[1:-1, 1:-1]
# + return np.array(a[1:-1, 1:-1])

# %% wrong lists_of_places of explicit_ends -> writing_into_the_view_writes_into_the_array
# - return a[1 : h - 1, 1 : w - 1]
# + return a[np.ix_(range(1, h - 1), range(1, w - 1))]

# %% wrong deleted -> writing_into_the_view_writes_into_the_array
# - return a[1:-1, 1:-1]
# + return np.delete(np.delete(a, [0, -1], axis=0), [0, -1], axis=1)

# %% wrong a_list_of_rows -> writing_into_the_view_writes_into_the_array
# - return a[1:-1, 1:-1]
# + return [list(row[1:-1]) for row in a[1:-1]]

# %% wrong a_copy_unless_float -> interiors_of_random_arrays
# A copy for some arrays only.
# - return a[1:-1, 1:-1]
# + return np.asarray(a, dtype=float)[1:-1, 1:-1]

# %% wrong a_copy_of_single_precision -> interiors_of_random_arrays
# - return a[1:-1, 1:-1]
# + return a.astype(np.result_type(a, np.float64), copy=False)[1:-1, 1:-1]

# %% wrong a_view_of_one_memory_order of explicit_ends -> interiors_of_random_arrays
# - return a[1 : h - 1, 1 : w - 1]
# + return a.ravel()[: h * w].reshape(h, w)[1:-1, 1:-1]

# %% wrong the_end_taken_as_included of explicit_ends -> interior_of_a_four_by_five_array
# The end of a slice is not part of it: one row and one column too many are cut off.
# - return a[1 : h - 1, 1 : w - 1]
# + return a[1 : h - 2, 1 : w - 2]

# %% wrong the_last_index_as_end -> interior_of_a_four_by_five_array
# - return a[1:-1, 1:-1]
# + return a[1:-2, 1:-2]

# %% wrong only_rows -> interior_of_a_four_by_five_array
# Not all four sides are cut off.
# - return a[1:-1, 1:-1]
# + return a[1:-1]

# %% wrong only_columns -> interior_of_a_four_by_five_array
# - return a[1:-1, 1:-1]
# + return a[:, 1:-1]

# %% wrong only_the_first_row_and_column -> interior_of_a_four_by_five_array
# - return a[1:-1, 1:-1]
# + return a[1:, 1:]

# %% wrong only_the_last_row_and_column -> interior_of_a_four_by_five_array
# - return a[1:-1, 1:-1]
# + return a[:-1, :-1]

# %% wrong all_of_it -> interiors_of_random_arrays
# - return a[1:-1, 1:-1]
# + return a[:]

# %% wrong brackets_after_brackets -> interior_of_a_four_by_five_array
# Rows and columns are confused.
# - return a[1:-1, 1:-1]
# + return a[1:-1][1:-1]

# %% wrong transposed -> interior_of_a_four_by_five_array
# - return a[1:-1, 1:-1]
# + return a.T[1:-1, 1:-1]

# %% wrong height_and_width_swapped of explicit_ends -> interior_of_a_four_by_five_array
# - h, w = a.shape
# + w, h = a.shape

# %% wrong this_size_only -> interiors_of_random_arrays
# The size of the example is built in.
# - return a[1:-1, 1:-1]
# + return a[1:3, 1:4]

# %% wrong the_border_set_to_zero -> making_the_view_changes_nothing
# A view, but the array is changed, or the view cannot be written to.
# + a[0] = a[-1] = a[:, 0] = a[:, -1] = 0
#   return a[1:-1, 1:-1]


# %% wrong read_only -> writing_into_the_view_writes_into_the_array
def interior_view(a):
    inner = a[1:-1, 1:-1]
    inner.flags.writeable = False
    return inner


# %% wrong height_for_both -> interior_of_a_four_by_five_array
def interior_view(a):
    n = len(a)
    return a[1 : n - 1, 1 : n - 1]


# %% wrong nothing_left_has_no_shape -> interiors_of_random_arrays
def interior_view(a):
    if min(a.shape) <= 2:
        return np.zeros((0, 0))
    return a[1:-1, 1:-1]


# %% wrong contiguous_first -> interiors_of_random_arrays
def interior_view(a):
    return np.ascontiguousarray(a)[1:-1, 1:-1]
