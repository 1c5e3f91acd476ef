"""Right and wrong answers to the exercise positive_part."""

# %% setup
import numpy as np


# %% right where
def positive_part(a):
    return np.where(a > 0, a, 0)


# %% right copied_first
def positive_part(a):
    result = np.array(a)
    result[result < 0] = 0
    return result


# %% right masked
def positive_part(a):
    return a * (a > 0)


# %% right clip
def positive_part(a):
    return np.clip(a, 0, None)


# %% right half_of_the_sum
def positive_part(a):
    return (np.abs(a) + a) / 2


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
def positive_part(a):
    return np.maximum(a.astype(np.float32), 0)


# %% wrong in_place -> the_input_stays_as_it_is
def positive_part(a):
    a[a < 0] = 0
    return a


# %% wrong out_is_the_input -> the_input_stays_as_it_is
def positive_part(a):
    return np.maximum(a, 0, out=a)


# %% wrong multiplied_in_place_and_copied -> the_input_stays_as_it_is
def positive_part(a):
    a *= a > 0
    return a.copy()


# %% wrong written_through_a_view -> the_input_stays_as_it_is
def positive_part(a):
    result = a[:]
    result[result < 0] = 0
    return result.copy()


# %% wrong a_view_when_nothing_changes -> the_result_is_a_copy
def positive_part(a):
    if (a >= 0).all():
        return a
    return np.maximum(a, 0)


# %% wrong asarray_taken_for_a_copy -> positive_parts_of_random_arrays
def positive_part(a):
    result = np.asarray(a)
    result[result < 0] = 0
    return result


# %% wrong absolute_value -> negative_numbers_become_zero
def positive_part(a):
    return np.abs(a)


# %% wrong negative_part -> negative_numbers_become_zero
def positive_part(a):
    return np.minimum(a, 0)


# %% wrong largest_entry -> negative_numbers_become_zero
def positive_part(a):
    return np.max(a, initial=0)


# %% wrong only_the_positive_ones -> negative_numbers_become_zero
def positive_part(a):
    return a[a > 0]


# %% wrong which_are_positive -> negative_numbers_become_zero
def positive_part(a):
    return a > 0


# %% wrong python_max -> negative_numbers_become_zero
def positive_part(a):
    return max(a, 0)


# %% wrong two_axes_only -> positive_parts_of_random_arrays
def positive_part(a):
    if a.ndim == 1:
        return a + 0
    return np.array([[max(value, 0) for value in row] for row in a])


# %% wrong cut_to_whole_numbers -> negative_numbers_become_zero
def positive_part(a):
    result = np.zeros(a.shape, dtype=int)
    result[a > 0] = a[a > 0]
    return result


# %% wrong nothing_returned -> negative_numbers_become_zero
def positive_part(a):
    np.maximum(a, 0)
