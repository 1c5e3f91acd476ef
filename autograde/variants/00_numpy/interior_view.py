"""Right and wrong answers to the exercise interior_view."""

# %% setup
import numpy as np


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
def interior_view(a):
    return a[1:-1].T[1:-1].T


# %% right strides
def interior_view(a):
    h, w = a.shape
    return np.lib.stride_tricks.as_strided(a[1:, 1:], (h - 2, w - 2), a.strides)


# %% right flipped_twice
def interior_view(a):
    return a[::-1, ::-1][1:-1, 1:-1][::-1, ::-1]


# %% wrong a_copy -> writing_into_the_view_writes_into_the_array
def interior_view(a):
    return a[1:-1, 1:-1].copy()


# %% wrong a_new_array -> making_the_view_changes_nothing
def interior_view(a):
    return np.array(a[1:-1, 1:-1])


# %% wrong lists_of_places -> writing_into_the_view_writes_into_the_array
def interior_view(a):
    h, w = a.shape
    return a[np.ix_(range(1, h - 1), range(1, w - 1))]


# %% wrong deleted -> writing_into_the_view_writes_into_the_array
def interior_view(a):
    return np.delete(np.delete(a, [0, -1], axis=0), [0, -1], axis=1)


# %% wrong a_list_of_rows -> writing_into_the_view_writes_into_the_array
def interior_view(a):
    return [list(row[1:-1]) for row in a[1:-1]]


# %% wrong the_end_taken_as_included -> interior_of_a_four_by_five_array
def interior_view(a):
    h, w = a.shape
    return a[1 : h - 2, 1 : w - 2]


# %% wrong the_last_index_as_end -> interior_of_a_four_by_five_array
def interior_view(a):
    return a[1:-2, 1:-2]


# %% wrong only_rows -> interior_of_a_four_by_five_array
def interior_view(a):
    return a[1:-1]


# %% wrong only_columns -> interior_of_a_four_by_five_array
def interior_view(a):
    return a[:, 1:-1]


# %% wrong only_the_first_row_and_column -> interior_of_a_four_by_five_array
def interior_view(a):
    return a[1:, 1:]


# %% wrong only_the_last_row_and_column -> interior_of_a_four_by_five_array
def interior_view(a):
    return a[:-1, :-1]


# %% wrong brackets_after_brackets -> interior_of_a_four_by_five_array
def interior_view(a):
    return a[1:-1][1:-1]


# %% wrong transposed -> interior_of_a_four_by_five_array
def interior_view(a):
    return a.T[1:-1, 1:-1]


# %% wrong height_and_width_swapped -> interior_of_a_four_by_five_array
def interior_view(a):
    w, h = a.shape
    return a[1 : h - 1, 1 : w - 1]


# %% wrong this_size_only -> interiors_of_random_arrays
def interior_view(a):
    return a[1:3, 1:4]


# %% wrong the_border_set_to_zero -> making_the_view_changes_nothing
def interior_view(a):
    a[0] = a[-1] = a[:, 0] = a[:, -1] = 0
    return a[1:-1, 1:-1]


# %% wrong a_view_of_one_memory_order -> interiors_of_random_arrays
def interior_view(a):
    h, w = a.shape
    return a.ravel()[: h * w].reshape(h, w)[1:-1, 1:-1]


# %% wrong read_only -> writing_into_the_view_writes_into_the_array
def interior_view(a):
    inner = a[1:-1, 1:-1]
    inner.flags.writeable = False
    return inner


# %% wrong all_of_it -> interiors_of_random_arrays
def interior_view(a):
    return a[:]
