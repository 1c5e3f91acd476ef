"""Right and wrong answers to the exercise one_hot."""

# %% setup
import numpy as np


# %% right column_meets_row
def one_hot(y, n_classes):
    return y[:, None] == np.arange(n_classes)


# %% right two_index_arrays
def one_hot(y, n_classes):
    Y = np.zeros((len(y), n_classes), dtype=int)
    Y[np.arange(len(y)), y] = 1
    return Y


# %% right loop
def one_hot(y, n_classes):
    rows = []
    for label in y:
        row = [0] * n_classes
        row[label] = 1
        rows.append(row)
    return rows


# %% right put_along_axis
def one_hot(y, n_classes):
    Y = np.zeros((len(y), n_classes), dtype=np.float32)
    np.put_along_axis(Y, y[:, None].astype(np.int64), 1, axis=1)
    return Y


# %% right torch
def one_hot(y, n_classes):
    import torch

    return torch.nn.functional.one_hot(torch.tensor(y, dtype=torch.int64), n_classes)


# %% right outer
def one_hot(y, n_classes):
    return np.equal.outer(y, np.arange(n_classes)).astype(np.uint8)


# %% right flat_places
def one_hot(y, n_classes):
    Y = np.zeros(len(y) * n_classes)
    Y[np.arange(len(y)) * n_classes + y] = 1
    return Y.reshape(len(y), n_classes)


# %% wrong transposed -> four_labels_of_four_classes
def one_hot(y, n_classes):
    return np.eye(n_classes)[:, y]


# %% wrong indices_swapped -> as_many_labels_as_classes
def one_hot(y, n_classes):
    Y = np.zeros((len(y), n_classes))
    Y[y, np.arange(len(y))] = 1
    return Y


# %% wrong classes_counted_in_y -> four_labels_of_four_classes
def one_hot(y, n_classes):
    return np.eye(y.max() + 1)[y]


# %% wrong classes_that_occur -> four_labels_of_four_classes
def one_hot(y, n_classes):
    return (y[:, None] == np.unique(y)).astype(float)


# %% wrong labels_from_1 -> four_labels_of_four_classes
def one_hot(y, n_classes):
    return np.eye(n_classes)[y.astype(int) - 1]


# %% wrong whole_columns -> four_labels_of_four_classes
def one_hot(y, n_classes):
    Y = np.zeros((len(y), n_classes))
    Y[:, y] = 1
    return Y


# %% wrong the_label_for_1 -> four_labels_of_four_classes
def one_hot(y, n_classes):
    Y = np.zeros((len(y), n_classes))
    Y[np.arange(len(y)), y] = y
    return Y


# %% wrong row_meets_row -> as_many_labels_as_classes
def one_hot(y, n_classes):
    return (y == np.arange(n_classes)).astype(float)


# %% wrong reshape_taken_for_transpose -> as_many_labels_as_classes
def one_hot(y, n_classes):
    return (np.arange(n_classes)[:, None] == y).reshape(len(y), n_classes)


# %% wrong square_batches_transposed -> as_many_labels_as_classes
def one_hot(y, n_classes):
    Y = np.eye(n_classes)[y]
    return Y.T if len(y) == n_classes else Y


# %% wrong up_to_the_label -> every_row_has_one_1
def one_hot(y, n_classes):
    return (np.arange(n_classes) <= y[:, None]).astype(float)


# %% wrong ones_and_minus_ones -> every_row_has_one_1
def one_hot(y, n_classes):
    return np.where(y[:, None] == np.arange(n_classes), 1, -1)


# %% wrong labels_used_up -> every_row_has_one_1
def one_hot(y, n_classes):
    Y = np.eye(n_classes)[y]
    y -= y
    return Y


# %% wrong places_in_bytes -> one_hot_of_random_labels
def one_hot(y, n_classes):
    Y = np.zeros(len(y) * n_classes)
    Y[np.arange(len(y), dtype=y.dtype) * n_classes + y] = 1
    return Y.reshape(len(y), n_classes)


# %% wrong ten_classes -> four_labels_of_four_classes
def one_hot(y, n_classes):
    return np.eye(10)[y]
