"""Right and wrong answers to the exercise predict_shapes."""

# %% setup
import numpy as np


# %% right lists
def predict_shapes():
    shapes = dict(a=[2, 2], b=[3], c=[3], d=[1, 3], e=[3, 2], f=[2], g=[1, 2])
    shapes |= dict(h=[2, 4], i=[2, 6], j=[4, 1], k=[], l=[2, 6])
    return shapes


# %% right run_after_all
def predict_shapes():
    arr, X = np.empty((3, 3)), np.empty((4, 6))
    values = [arr[:2, 1:], arr[2], arr[2, :], arr[2:, :], arr[:, :2], arr[1, :2], arr[1:2, :2]]
    values += [X[1:-1, 1:-1], X[::2], X[:, -1:], X[0, 0], X[2:100]]
    return {letter: value.shape for letter, value in zip("abcdefghijkl", values)}


# %% right words
def predict_shapes():
    answers = "2,2 3 3 1,3 3,2 2 1,2 2,4 2,6 4,1 - 2,6".split()
    return {
        letter: tuple(int(length) for length in answer.split(",") if length != "-")
        for letter, answer in zip("lkjihgfedcba", answers[::-1])
    }


# %% wrong an_index_that_keeps_its_axis -> an_index_takes_its_axis_away
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (1, 3),
        "c": (1, 3),
        "d": (1, 3),
        "e": (3, 2),
        "f": (1, 2),
        "g": (1, 2),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4, 1),
        "k": (1, 1),
        "l": (2, 6),
    }


# %% wrong a_slice_that_loses_its_axis -> a_slice_keeps_its_axis
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (3,),
        "e": (3, 2),
        "f": (2,),
        "g": (2,),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4,),
        "k": (),
        "l": (2, 6),
    }


# %% wrong the_end_taken_as_included -> a_slice_keeps_its_axis
# The note below the slide's table: stop at 1, stop at 2.
def predict_shapes():
    return {
        "a": (3, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 3),
        "f": (3,),
        "g": (2, 3),
        "h": (3, 5),
        "i": (2, 6),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }


# %% wrong the_index_taken_for_a_length -> an_index_takes_its_axis_away
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (2,),
        "c": (2,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (1, 2),
        "g": (1, 2),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }


# %% wrong columns_before_rows -> a_slice_keeps_its_axis
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (3, 1),
        "e": (2, 3),
        "f": (2,),
        "g": (2, 1),
        "h": (4, 2),
        "i": (6, 2),
        "j": (1, 4),
        "k": (),
        "l": (2, 6),
    }


# %% wrong a_number_has_one_axis -> an_index_takes_its_axis_away
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4, 1),
        "k": (1,),
        "l": (2, 6),
    }


# %% wrong the_minus_one_included -> slices_count_from_the_end_and_in_steps
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
        "h": (3, 5),
        "i": (2, 6),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }


# %% wrong too_far_means_that_long -> slices_count_from_the_end_and_in_steps
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4, 1),
        "k": (),
        "l": (98, 6),
    }


# %% wrong steps_taken_for_a_start -> slices_count_from_the_end_and_in_steps
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
        "h": (2, 4),
        "i": (3, 6),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }


# %% wrong steps_on_columns -> all_lines_by_running_them
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
        "h": (2, 4),
        "i": (4, 3),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }


# %% wrong lines_left_open -> every_line_has_a_shape
def predict_shapes():
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
    }


# %% wrong numbers_for_tuples -> every_line_has_a_shape
# (3) in place of (3,).
def predict_shapes():
    return {
        "a": (2, 2),
        "b": 3,
        "c": 3,
        "d": (1, 3),
        "e": (3, 2),
        "f": 2,
        "g": (1, 2),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }


# %% wrong a_variable_for_a_length -> every_line_has_a_shape
def predict_shapes():
    return {
        "a": ("n", 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }


# %% wrong a_list_without_letters -> every_line_has_a_shape
def predict_shapes():
    return [(2, 2), (3,), (3,), (1, 3), (3, 2), (2,), (1, 2), (2, 4), (2, 6), (4, 1), (), (2, 6)]


# %% wrong expressions_for_letters -> every_line_has_a_shape
def predict_shapes():
    return {"arr[:2, 1:]": (2, 2), "arr[2]": (3,)}


# %% wrong nothing_filled_in -> all_lines_by_running_them
def predict_shapes():
    return {}
