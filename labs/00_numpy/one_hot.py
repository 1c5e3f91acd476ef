# %% [markdown]
# ## 8 · One-hot
#
# A label such as 3 is a name, not a quantity: class 4 is not more than class 3. In formulas a label often stands as a
# row of zeros with one 1, its **one-hot** vector: $Y_{ij} = 1$ if $y_i = j$, else 0. For $n$ labels, $Y$ is $(n, k)$,
# where $k$ is the number of classes. It must be given: the labels at hand need not contain all classes.
#
# There are several short ways: compare a column with a row, index an array by two arrays at once (`Y[rows, columns] = 1`),
# or pick rows from a matrix that already has what you need.

# %% nbgrader={"grade_id": "one_hot", "solution": true}
def one_hot(y, n_classes):
    """Turn labels into rows with one 1.

    y: (n,) whole numbers from 0 to n_classes - 1, of any integer dtype
    n_classes: how many classes there are; some may not occur in y
    Returns (n, n_classes) zeros and ones, of any dtype: row i has its 1 in column y[i].

    Hint: look at the rows of np.eye(4).
    """
    ### BEGIN SOLUTION
    return np.eye(n_classes)[y]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_one_hot", "grade": true, "points": 2}
check("one_hot")

# %% [markdown]
# What it is good for: $Y^\top X$ has shape $(k, n)\,(n, d) \to (k, d)$. Its row $j$ is the sum of all images of class $j$.
# Divide by how many there are, and one product has averaged ten classes.

# %% tags=["explore"]
Y = one_hot(labels, 10)
class_sums = Y.T @ pixels
class_means = class_sums / Y.sum(axis=0)[:, None]
captions = [f"mean of {int(count)}" for count in Y.sum(axis=0)]
plots.image_grid(
    class_means.reshape(10, 28, 28), captions, columns=5, size=1.3, title="Ten average digits, one product"
)


# %% visible
@checks("one_hot")
def four_labels_of_four_classes(student: Student, rng: Rng) -> None:
    """The labels 2, 0, 1, 2 become four rows, with columns for four classes although the last does not occur."""
    Y = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], dtype=float)
    expect_close(
        student.call("one_hot", np.array([2, 0, 1, 2]), 4),
        Y,
        hint="Row i has its 1 in column y[i]: one row per label, one column per class.",
        mistakes={
            "Rows and columns are swapped: one row per label.": Y.T,
            "The classes were counted in y: make as many columns as n_classes says.": Y[:, :3],
            "Classes count from 0: label 2 belongs into column 2.": np.roll(Y, -1, axis=1),
            "Every row holds the ones of all: Y[:, y] picks whole columns (Y[np.arange(n), y] is one entry in each "
            "row), and [[0] * k] * n is one row, n times.": [[1, 1, 1, 0]] * 4,
            "There are ten columns, whatever n_classes says: make as many as it says.": np.hstack(
                [Y, np.zeros((4, 6))]
            ),
            "The other entries are 0, not -1.": 2 * Y - 1,
            "The label itself was written: write 1.": Y * [[2], [0], [1], [2]],
            "Y[y] = 1 fills the rows whose numbers are in y: Y[np.arange(n), y] is one entry in each row.": (
                [[1] * 4, [1] * 4, [1] * 4, [0] * 4]
            ),
        },
    )


@checks("one_hot")
def as_many_labels_as_classes(student: Student, rng: Rng) -> None:
    """With three labels and three classes, rows still are labels."""
    got = student.call("one_hot", np.array([1, 2, 0]), 3)
    hint = "Three classes have three columns: use n_classes, in each call the one that is given."
    expect_shape(got, (3, 3), hint=hint)
    expect_close(
        got,
        [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
        hint="y and np.arange(3) both have shape (3,): only a column (n, 1) meets a row (k,) in a table (n, k).",
        mistakes={"Rows and columns are swapped: row i belongs to y[i].": [[0, 0, 1], [1, 0, 0], [0, 1, 0]]},
    )


@checks("one_hot")
def every_row_has_one_1(student: Student, rng: Rng) -> None:
    """Every row adds up to 1 and is nothing but zeros and a one, and the labels stay as they are."""
    got = student.call("one_hot", rng.integers(5, size=12), 5)
    expect_shape(got, (12, 5), hint="One row per label, one column per class.")
    expect_close(np.sum(got, axis=1), np.ones(12), hint="Each row has one 1.", what="The row sum")
    expect_close(np.max(got, axis=1), np.ones(12), hint="Each row has one 1, the rest is 0.", what="The row's largest")
    expect_inputs_unchanged(student)


one_hot_in_other_forms = forms("one_hot", "bytes", "strided", "read-only", "again")


# %% hidden
@checks("one_hot")
def one_hot_of_random_labels(student: Student, rng: Rng) -> None:
    """Random labels of several integer types have the right rows, with classes that do not occur."""
    for n, k, dtype in (
        (7, 4, np.int64),
        (8, 2, np.int64),
        (8, 1, np.int8),
        (5, 5, np.int32),
        (1, 3, np.uint8),
        (3, 12, np.uint8),
        (60, 10, np.uint8),
        (9, 300, np.uint8),
        (9, 300, np.int16),
    ):
        y = rng.integers(min(k, np.iinfo(dtype).max), size=n).astype(dtype)
        if k > 256:
            # In bytes, class 259 is class 3.
            y[0] = 3
        right = [[float(label == j) for j in range(k)] for label in y.tolist()]
        hint = "n_classes columns, whatever y holds; try as many labels as classes, two classes, and 300."
        anew = "The labels were numbered anew: label 3 belongs into column 3, also where no label is 2."
        ranks = np.unique(y, return_inverse=True)[1]
        # Where all smaller labels occur, it is the right answer, and passes.
        mistakes = {anew: np.eye(k)[ranks]}
        expect_close(student.call("one_hot", y, k), right, hint=hint, mistakes=mistakes)


# %% right column_meets_row
# - return np.eye(n_classes)[y]
# + return y[:, None] == np.arange(n_classes)


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
# - return np.eye(n_classes)[y]
# + return np.equal.outer(y, np.arange(n_classes)).astype(np.uint8)


# %% right flat_places
def one_hot(y, n_classes):
    Y = np.zeros(len(y) * n_classes)
    Y[np.arange(len(y)) * n_classes + y] = 1
    return Y.reshape(len(y), n_classes)


# %% wrong transposed -> four_labels_of_four_classes
# Rows are classes, and columns examples.
# - return np.eye(n_classes)[y]
# + return np.eye(n_classes)[:, y]

# %% wrong row_meets_row -> as_many_labels_as_classes
# - return np.eye(n_classes)[y]
# + return (y == np.arange(n_classes)).astype(float)

# %% wrong reshape_taken_for_transpose -> as_many_labels_as_classes
# - return np.eye(n_classes)[y]
# + return (np.arange(n_classes)[:, None] == y).reshape(len(y), n_classes)


# %% wrong indices_swapped -> as_many_labels_as_classes
def one_hot(y, n_classes):
    Y = np.zeros((len(y), n_classes))
    Y[y, np.arange(len(y))] = 1
    return Y


# %% wrong square_batches_transposed -> as_many_labels_as_classes
def one_hot(y, n_classes):
    Y = np.eye(n_classes)[y]
    return Y.T if len(y) == n_classes else Y


# %% wrong classes_counted_in_y -> four_labels_of_four_classes
# The number of classes is taken from elsewhere than n_classes.
# - return np.eye(n_classes)[y]
# + return np.eye(y.max() + 1)[y]

# %% wrong classes_that_occur -> four_labels_of_four_classes
# - return np.eye(n_classes)[y]
# + return (y[:, None] == np.unique(y)).astype(float)

# %% wrong ten_classes -> four_labels_of_four_classes
# - return np.eye(n_classes)[y]
# + return np.eye(10)[y]

# %% wrong labels_from_1 -> four_labels_of_four_classes
# The 1 stands in other places.
# - return np.eye(n_classes)[y]
# + return np.eye(n_classes)[y.astype(int) - 1]

# %% wrong up_to_the_label -> every_row_has_one_1
# - return np.eye(n_classes)[y]
# + return (np.arange(n_classes) <= y[:, None]).astype(float)

# %% wrong places_in_bytes of flat_places -> one_hot_of_random_labels
# - Y[np.arange(len(y)) * n_classes + y] = 1
# + Y[np.arange(len(y), dtype=y.dtype) * n_classes + y] = 1


# %% wrong whole_columns -> four_labels_of_four_classes
def one_hot(y, n_classes):
    Y = np.zeros((len(y), n_classes))
    Y[:, y] = 1
    return Y


# %% wrong ones_and_minus_ones -> every_row_has_one_1
# The two numbers are not 0 and 1.
# - return np.eye(n_classes)[y]
# + return np.where(y[:, None] == np.arange(n_classes), 1, -1)


# %% wrong the_label_for_1 -> four_labels_of_four_classes
def one_hot(y, n_classes):
    Y = np.zeros((len(y), n_classes))
    Y[np.arange(len(y)), y] = y
    return Y


# %% wrong labels_used_up -> every_row_has_one_1
# Right numbers, and the labels or an earlier result are changed.
def one_hot(y, n_classes):
    Y = np.eye(n_classes)[y]
    y -= y
    return Y


# %% wrong one_buffer_for_all_calls -> one_hot_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def one_hot(y, n_classes):
    Y = np.eye(n_classes)[y]
    buffer = buffers.setdefault(Y.shape, np.empty(Y.shape))
    buffer[...] = Y
    return buffer


# %% wrong classes_of_the_labels_dtype -> one_hot_of_random_labels
# - return np.eye(n_classes)[y]
# + return y[:, None] == np.arange(n_classes).astype(y.dtype)


# %% wrong two_classes_as_one_column -> one_hot_of_random_labels
# - return np.eye(n_classes)[y]
# + return y.reshape(-1, 1) if n_classes == 2 else np.eye(n_classes)[y]


# %% wrong labels_numbered_anew -> one_hot_of_random_labels
def one_hot(y, n_classes):
    return np.eye(n_classes)[np.unique(y, return_inverse=True)[1]]


# %% wrong one_row_many_times -> four_labels_of_four_classes
def one_hot(y, n_classes):
    rows = [[0] * n_classes] * len(y)
    for row, label in zip(rows, y, strict=True):
        row[label] = 1
    return np.array(rows)


# %% wrong classes_of_the_first_call -> as_many_labels_as_classes
identity = []


def one_hot(y, n_classes):
    if not identity:
        identity.append(np.eye(n_classes))
    return identity[0][y]


# %% wrong four_classes_at_least -> as_many_labels_as_classes
def one_hot(y, n_classes):
    return np.eye(max(n_classes, 4))[y]
