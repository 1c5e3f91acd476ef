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


# %% right torch_loader
def minibatches(X, y, batch_size, rng):
    import torch

    pairs = torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(y))
    shuffle = torch.Generator().manual_seed(int(rng.integers(2**31)))
    return torch.utils.data.DataLoader(pairs, batch_size=batch_size, shuffle=True, generator=shuffle)


# %% right sorted_by_random_numbers
def minibatches(X, y, batch_size, rng):
    todo = list(np.argsort(rng.random(len(y))))
    while todo:
        now, todo = todo[:batch_size], todo[batch_size:]
        yield [X[i] for i in now], [y[i] for i in now]


# %% right cards_drawn_from_a_stack
def minibatches(X, y, batch_size, rng):
    stack, batches = list(range(len(X))), []
    while stack:
        batch = [stack.pop(rng.integers(len(stack))) for _ in range(min(batch_size, len(stack)))]
        batches.append((np.take(X, batch, axis=0), np.take(y, batch)))
    return tuple(batches)


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


# %% wrong batches_of_neighbours -> batches_mix_the_examples
# Only the order of the batches is shuffled: examples that are neighbours in the file stay together.
def minibatches(X, y, batch_size, rng):
    starts = np.arange(0, len(X), batch_size)
    for start in [*rng.permutation(starts[:-1]), starts[-1]]:
        yield X[start : start + batch_size].copy(), y[start : start + batch_size].copy()


# %% wrong shuffled_within_batches -> batches_mix_the_examples
def minibatches(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        part = start + rng.permutation(min(batch_size, len(X) - start))
        yield X[part], y[part]


# %% wrong starts_anywhere -> batches_mix_the_examples
def minibatches(X, y, batch_size, rng):
    order = np.roll(np.arange(len(X)), rng.integers(1, len(X)) if len(X) > 1 else 0)
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        yield X[part], y[part]


# %% wrong batches_of_equal_size -> batches_have_the_size_asked_for
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for part in np.array_split(order, -(-len(X) // batch_size)):
        yield X[part], y[part]


# %% wrong number_of_batches -> batches_have_the_size_asked_for
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for part in np.array_split(order, min(batch_size, len(X))):
        yield X[part], y[part]


# %% wrong examples_without_labels -> batches_have_the_size_asked_for
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[order[start : start + batch_size]]


# %% wrong first_batch_only -> every_example_comes_once
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        return [(X[part], y[part])]
