# %% [markdown]
# ## 7 · Minibatches
#
# One exact gradient over 50,000 images costs as much as 500 rough ones over 100 images each, and 500 rough steps get
# much further. So shuffle the data, cut it into batches, step after each. One pass over all of them is an **epoch**.
# Each epoch sees every example exactly once, in a new order; the last batch may be short. (`yield` in a function hands
# out one pair, and goes on from there when the loop that reads it asks for the next.)
#
# Everything random in this course comes from a generator `rng` that is passed in, so that a run can be repeated.

# %% nbgrader={"grade_id": "minibatches", "solution": true}
def minibatches(X, y, batch_size, rng):
    """Give one epoch of shuffled batches.

    X: (n, …) examples; y: (n,) labels; both stay as they are
    batch_size: how many examples make a batch, one or more
    rng: np.random.Generator
    Yields pairs (X_batch, y_batch), or returns a list of them: every example once;
    the last batch may be short.

    Hint: rng.permutation(n) holds the row numbers, shuffled; index with pieces of it.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        chosen = order[start : start + batch_size]
        yield X[chosen], y[chosen]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_minibatches", "grade": true, "points": 2}
check("minibatches")

# %% tags=["explore"]
ask("minibatches", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"


# %% ask
n = 5
X, y = np.arange(3.0 * n).reshape(n, 3), np.arange(n)
list(minibatches(X, y, 2, np.random.default_rng(0)))


# %% visible
def _batches(minibatches: Function, X: Any, y: Any, batch_size: int, seed: int, epochs: int) -> Any:
    rng = np.random.default_rng(seed)
    epochs_of_batches: list[Any] = []
    for _ in range(epochs):
        batches = minibatches(X, y, batch_size, rng)
        if isinstance(batches, tuple) and len(batches) == 2 and all(isinstance(part, np.ndarray) for part in batches):
            epochs_of_batches.append("returned")
            continue
        batches = [batches] if isinstance(batches, np.ndarray) else list(batches)
        epochs_of_batches.append([list(batch) if isinstance(batch, tuple) else batch for batch in batches])
    return epochs_of_batches


def _pairs(epoch: Any) -> list[tuple[Any, Any]]:
    """Take the batches of an epoch apart, each a pair of examples and labels."""
    for batch in epoch:
        hint = "return ends the function with its first batch. Write yield: the function goes on where it was."
        expect(epoch != "returned", "One batch is returned, and no other comes.", hint=hint)
        pair = isinstance(batch, list) and len(batch) == 2
        what = f"an array of shape {batch.shape}" if isinstance(batch, np.ndarray) else type(batch).__name__
        got = what if not isinstance(batch, list) else f"{len(batch)} things"
        hint = "Yield two things at a time, the examples and their labels: yield X[chosen], y[chosen]."
        expect(pair, "A batch is not a pair.", expected="(X_batch, y_batch)", got=got, hint=hint)
        row = np.ndim(batch[1]) == 0
        hint = "That is one example and its label. Yield a whole batch at once: chosen holds batch_size row numbers."
        expect(not row, "A single row is yielded.", expected="(X_batch, y_batch)", got=batch[0], hint=hint)
    return [(images, labels) for images, labels in epoch]


def _numbered(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Build n examples that can be told apart: row i holds 10·i and 10·i + 1, and its label is i."""
    return 10.0 * np.arange(n)[:, None] + [0.0, 1.0], np.arange(n)


@checks("minibatches")
def batches_have_the_size_asked_for(student: Student, rng: Rng) -> None:
    """Ten examples in batches of four come as four, four and a last two."""
    X, y = _numbered(10)
    got = _pairs(student.run(_batches, X=X, y=y, batch_size=4, seed=1, epochs=1)[0])
    expect_equal(
        [len(labels) for _, labels in got],
        [4, 4, 2],
        hint="Go through the order in steps of batch_size; what is left at the end is a batch too.",
        what="The list of batch sizes",
    )
    for images, _ in got[:1]:
        expect_shape(
            images,
            (4, 2),
            hint="Yield (X_batch, y_batch): rows of X, and their labels.",
            what="The first X_batch",
        )


@checks("minibatches")
def every_example_comes_once(student: Student, rng: Rng) -> None:
    """An epoch of batches holds every example exactly once."""
    X, y = _numbered(23)
    got = _pairs(student.run(_batches, X=X, y=y, batch_size=5, seed=2, epochs=1)[0])
    seen = sorted(int(label) for _, labels in got for label in labels)
    hint = "Draw one permutation per epoch, and cut it up; do not draw each batch anew."
    alike = all(np.array_equal(labels[: len(got[-1][1])], got[-1][1]) for _, labels in got)
    if len(got) > 1 and alike:
        hint = (
            "All batches begin with the same examples: is it one array, which each batch writes over? Make a new one."
        )
    expect_equal(
        seen,
        list(range(23)),
        hint=hint,
        what="The list of examples seen",
    )


@checks("minibatches")
def rows_keep_their_labels(student: Student, rng: Rng) -> None:
    """Each row of X_batch comes with its own label in y_batch."""
    X, y = _numbered(12)
    # Labels that are no row numbers.
    y += 20
    got = _pairs(student.run(_batches, X=X, y=y, batch_size=5, seed=3, epochs=1)[0])
    expect(bool(got), "No batch came.", hint="Yield (X_batch, y_batch), or return a list of such pairs.")
    rows, labels = (np.concatenate([np.asarray(pair[i]) for pair in got]) for i in (0, 1))
    hint = "Yield the labels of the chosen rows, y[chosen], not the row numbers themselves."
    expect(bool(np.isin(labels, y).all()), "y_batch holds numbers that are no labels.", got=labels, hint=hint)
    expect_close(
        rows,
        X[labels.astype(int) - 20],
        hint="Index X and y with the same shuffled indices.",
        what="X_batch beside y_batch",
    )


@checks("minibatches")
def each_epoch_has_a_new_order(student: Student, rng: Rng) -> None:
    """The order is drawn from rng: new in each epoch, and the same again for the same seed."""
    X, y = _numbered(40)
    seed = int(rng.integers(1000))
    epochs = student.run(_batches, X=X, y=y, batch_size=8, seed=seed, epochs=2)
    # Examples that were moved come in another order whatever is drawn, and earlier batches may be views of them.
    hint = "X and y were shuffled themselves: shuffle row numbers instead, and index with them."
    expect_inputs_unchanged(student, hint=hint)
    first, second = map(_order, epochs)
    again = _order(student.run(_batches, X=X, y=y, batch_size=8, seed=seed, epochs=1)[0])
    expect(first != list(range(40)), "The examples come in their old order.", hint="Shuffle: rng.permutation(n).")
    expect(
        first != second,
        "Two epochs have the same order.",
        hint="Draw from the rng that is given, anew each call.",
    )
    expect(first == again, "The same seed gives another order.", hint="Draw from rng, not from np.random.")


def _order(epoch: Any) -> list[int]:
    return [int(label) for _, labels in _pairs(epoch) for label in labels]


@checks("minibatches")
def minibatches_leave_their_inputs_alone(student: Student, rng: Rng) -> None:
    """X and y are what they were before the epoch."""
    X, y = _numbered(9)
    got = student.run(_batches, X=X, y=y, batch_size=2, seed=4, epochs=1)[0]
    expect_equal(len(got), 5, hint=RIGHT_FIRST, what="The number of batches")
    expect_inputs_unchanged(student, hint="rng.shuffle(X) writes into X: shuffle indices instead, and index with them.")


minibatches_in_other_forms = forms("minibatches", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
def minibatches(X: Any, y: Any, batch_size: int, rng: Rng) -> Any:
    """Return an epoch of shuffled batches."""
    order = rng.permutation(len(X))
    pieces = [order[i : i + batch_size] for i in range(0, len(X), batch_size)]
    return [(X[piece], y[piece]) for piece in pieces]


def _epoch(minibatches: Function, X: Any, y: Any, batch_size: int, seed: int) -> Any:
    return [(a, b) for a, b in minibatches(X, y, batch_size, np.random.default_rng(seed))]


@checks("minibatches")
def batches_of_every_size(student: Student, rng: Rng) -> None:
    """Batches of one, of all examples, and larger than the data are right too."""
    X, y = rng.normal(size=(6, 2, 2)), rng.integers(3, size=6)
    X[:, 0, 0] = range(6)
    for batch_size, sizes in ((1, [1] * 6), (6, [6]), (50, [6]), (3, [3, 3])):
        got = student.run(_epoch, X=X, y=y, batch_size=batch_size, seed=7)
        seen = [len(labels) for _, labels in got]
        expect(seen == sizes, "The batches have the wrong sizes.", hint="range(0, n, batch_size) gives their starts.")
        labels = np.concatenate([np.asarray(labels) for _, labels in got])
        whole = labels.dtype.kind in "iu"
        hint = "Labels are whole numbers, and pick entries: one array for X and y makes floats of them, which cannot."
        expect(whole, "The labels are no whole numbers any more.", hint=hint)
        images = np.concatenate([np.asarray(images) for images, _ in got])
        expect_shape(images, X.shape, hint="X keeps its other axes.")
        rows = images[:, 0, 0].astype(int)
        expect_close(sorted(rows), range(6), hint="Every example comes once per epoch.")
        expect_close(images, X[rows], hint="X keeps its other axes.")
        expect_close(labels, y[rows], hint="Index X and y with the same row numbers: several rows may have one label.")


def _labels_of_epochs(minibatches: Function, X: Any, y: Any, batch_size: int, seed: int, epochs: int) -> Any:
    rng = np.random.default_rng(seed)
    return [[[int(i) for i in labels] for _, labels in minibatches(X, y, batch_size, rng)] for _ in range(epochs)]


@checks("minibatches")
def batches_mix_the_examples(student: Student, rng: Rng) -> None:
    """No batch is a run of neighbours: the examples are shuffled before they are cut into batches."""
    X, y = rng.normal(size=(40, 2)), np.arange(40)
    for _, labels in student.run(_epoch, X=X, y=y, batch_size=8, seed=int(rng.integers(1000))):
        run = np.ptp(labels) == len(labels) - 1
        expect(not run, "A batch is a run of neighbours.", hint="Shuffle the examples first, then cut into batches.")
    # Each of eight examples misses one of these batches in 100 epochs by chance once in 10¹¹ times.
    X, seed = rng.normal(size=(8, 5)), int(rng.integers(1000))
    epochs = student.run(_labels_of_epochs, X=X, y=np.arange(8), batch_size=3, seed=seed, epochs=100)
    for place, name in ((0, "first"), (-1, "last")):
        hint = f"In 100 epochs some example never comes in the {name} batch: shuffle all rows, the last ones too."
        seen = {label for epoch in epochs for label in epoch[place]}
        expect(seen == set(range(8)), "An example stays where it is.", hint=hint)


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
# - chosen = order[start : start + batch_size]
# - yield X[chosen], y[chosen]
# + yield X[order[start : start + batch_size]], y[start : start + batch_size]


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
# - chosen = order[start : start + batch_size]
# - yield X[chosen], y[chosen]
# + yield X[order[start : start + batch_size]]


# %% wrong first_batch_only -> every_example_comes_once
# - chosen = order[start : start + batch_size]
# - yield X[chosen], y[chosen]
# + part = order[start : start + batch_size]
# + return [(X[part], y[part])]


# %% wrong row_by_row -> batches_have_the_size_asked_for
def minibatches(X, y, batch_size, rng):
    for i in rng.permutation(len(X)):
        yield X[i], y[i]


# %% wrong yielded_one_after_the_other -> batches_have_the_size_asked_for
# - chosen = order[start : start + batch_size]
# - yield X[chosen], y[chosen]
# + yield X[order[start : start + batch_size]]
# + yield y[order[start : start + batch_size]]


# %% wrong rows_as_they_lie_in_memory -> minibatches_in_other_forms
def minibatches(X, y, batch_size, rng):
    rows = X.ravel(order="K").reshape(X.shape)
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        yield rows[part], y[part]


# %% right class_with_next
class minibatches:
    def __init__(self, X, y, batch_size, rng):
        self.X, self.y, self.size = X, y, batch_size
        self.order = list(rng.permutation(len(X)))

    def __iter__(self):
        return self

    def __next__(self):
        if not self.order:
            raise StopIteration
        idx, self.order = self.order[: self.size], self.order[self.size :]
        return self.X[idx], self.y[idx]


# %% wrong one_buffer_for_all_batches -> every_example_comes_once
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    bx, by = np.empty((batch_size, *X.shape[1:]), X.dtype), np.empty(batch_size, y.dtype)
    for s in range(0, len(X), batch_size):
        idx = order[s : s + batch_size]
        bx[: len(idx)], by[: len(idx)] = X[idx], y[idx]
        yield bx[: len(idx)], by[: len(idx)]


# %% wrong labels_made_floats_in_one_table -> batches_of_every_size
# Rows and labels shuffled as one array: the labels are floats then, and can pick no entries.
def minibatches(X, y, batch_size, rng):
    table = rng.permutation(np.column_stack([X.reshape(len(X), -1), y]))
    for start in range(0, len(X), batch_size):
        part = table[start : start + batch_size]
        yield part[:, :-1].reshape(-1, *X.shape[1:]), part[:, -1]


# %% wrong last_row_not_shuffled -> batches_mix_the_examples
def minibatches(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order[:-1])
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        yield X[part], y[part]


# %% wrong short_batch_not_shuffled -> batches_mix_the_examples
# The short batch holds the same examples in every epoch.
def minibatches(X, y, batch_size, rng):
    full = len(X) // batch_size * batch_size
    order = np.append(rng.permutation(full), np.arange(full, len(X)))
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        yield X[part], y[part]


# %% wrong row_numbers_for_labels -> rows_keep_their_labels
# Right where label i happens to be row i.
# - chosen = order[start : start + batch_size]
# - yield X[chosen], y[chosen]
# + part = order[start : start + batch_size]
# + yield X[part], part


# %% wrong labels_for_row_numbers -> batches_of_every_size
# y shuffled in place of the row numbers.
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(y)
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        yield X[part], y[part]


# %% wrong examples_moved_themselves -> each_epoch_has_a_new_order
def minibatches(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]
