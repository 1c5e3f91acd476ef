"""Right and wrong answers to the exercise minibatches."""

# %% setup
import numpy as np


# %% right list_of_pairs
def minibatches(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    return [(X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, len(X), batch_size)]


# %% right shuffled_copies
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(y))
    X, y = X[order], y[order]
    while len(X):
        yield X[:batch_size], y[:batch_size]
        X, y = X[batch_size:], y[batch_size:]


# %% right array_split
def minibatches(X, y, batch_size, rng):
    order = rng.choice(len(X), size=len(X), replace=False)
    for part in np.split(order, range(batch_size, len(X), batch_size)):
        yield [X[part], y[part]]


# %% wrong last_batch_dropped -> batches_have_the_size_asked_for
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for i in range(len(X) // batch_size):
        part = order[i * batch_size : (i + 1) * batch_size]
        yield X[part], y[part]


# %% wrong drawn_with_replacement -> every_example_comes_once
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        part = rng.integers(len(X), size=min(batch_size, len(X) - start))
        yield X[part], y[part]


# %% wrong each_batch_drawn_anew -> every_example_comes_once
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        part = rng.permutation(len(X))[: min(batch_size, len(X) - start)]
        yield X[part], y[part]


# %% wrong labels_left_behind -> rows_keep_their_labels
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[order[start : start + batch_size]], y[start : start + batch_size]


# %% wrong shuffled_twice -> rows_keep_their_labels
def minibatches(X, y, batch_size, rng):
    X, y = rng.permutation(X), rng.permutation(y)
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


# %% wrong not_shuffled -> each_epoch_has_a_new_order
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size].copy(), y[start : start + batch_size].copy()


# %% wrong same_order_each_epoch -> each_epoch_has_a_new_order
def minibatches(X, y, batch_size, rng):
    order = np.random.default_rng(0).permutation(len(X))
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        yield X[part], y[part]


# %% wrong global_generator -> each_epoch_has_a_new_order
def minibatches(X, y, batch_size, rng):
    order = np.random.permutation(len(X))
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        yield X[part], y[part]


# %% wrong shuffles_the_data_itself -> minibatches_leave_their_inputs_alone
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:] = X[order]
    y[:] = y[order]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size].copy(), y[start : start + batch_size].copy()


# %% wrong batch_larger_than_the_data -> batches_of_every_size
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    starts = range(0, len(X), batch_size) if batch_size <= len(X) else []
    for start in starts:
        part = order[start : start + batch_size]
        yield X[part], y[part]
