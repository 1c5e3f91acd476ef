# %% [markdown]
# ## 5 · What a number may be
#
# All entries of an array have one type, its **dtype**, and the dtype decides what fits. Pixels are `uint8`: whole
# numbers from 0 to 255, in one byte. There is no 256. (Python's own fractions are `float64`, 8 bytes each.) Arithmetic
# between `uint8` arrays goes round like a clock: 200 + 100 is 44, and 10 − 20 is 246. Nobody is told.
#
# Below, the same three operations on two digits: above in `uint8`, below after `.astype(float)`. To darken a digit makes
# its strokes pale; in the average, strokes fade where the digits overlap; in the difference, what was hardly grey becomes
# black.

# %% tags=["explore"]
one, eight = images[labels == 1][0], images[labels == 8][0]


def darker_mean_difference(a, b):
    return [a + 60, (a + b) / 2, np.abs(a - b)]


in_bytes = [one, *darker_mean_difference(one, eight)]
in_floats = [eight, *darker_mean_difference(one.astype(float), eight.astype(float))]
captions = ["a", "a + 60", "(a + b) / 2", "|a − b|", "b", "floats: a + 60", "floats: (a + b) / 2", "floats: |a − b|"]
plots.image_grid(
    np.clip([*in_bytes, *in_floats], 0, 255).astype(np.uint8),
    captions,
    columns=4,
    size=1.7,
    wrong=[caption in captions[1:4] for caption in captions],
    title="Above: three operations as uint8 does them",
)

# %% [markdown]
# The other accident is **truncation**. A whole-number array keeps whole numbers: what you write into it loses its
# fraction. So `np.zeros_like(counts)` is a bad place for averages, if `counts` holds integers.

# %% tags=["explore"]
counts = np.array([1, 2, 4])
shares = np.zeros_like(counts)
shares[:] = counts / counts.sum()
print("zeros_like(counts):     ", shares)
print("a new array of its own: ", counts / counts.sum())

# %% [markdown]
# ### Along an axis
#
# `A.sum(axis=0)` adds *along* axis 0: that axis disappears. For a table of shape (2, 3), `axis=0` leaves three column
# sums, `axis=1` two row sums. `keepdims=True` leaves the axis there with length 1, so that the result still lines up with
# the table. The lecture's example: the mean of all six entries is 2.8333, their standard deviation 2.11476.

# %% tags=["explore"]
A = np.array([[1, 0, 2], [3, 5, 6]])
print(f"mean {A.mean():.4f}, standard deviation {A.std():.5f}")
means = {
    "A": A,
    "A.mean(axis=0)": A.mean(axis=0),
    "A.mean(axis=1)": A.mean(axis=1),
    "A.mean(axis=1,\nkeepdims=True)": A.mean(axis=1, keepdims=True),
}
plots.arrays(means, title="The axis that is named is the one that goes")

# %% [markdown]
# To **standardise** a column is to shift and scale it so that its mean is 0 and its standard deviation 1; then columns
# measured in metres and in grams can be compared. With examples as rows, $X$ of shape $(n, d)$,
#
# $$Z_{ij} = \frac{X_{ij} - \mu_j}{\sigma_j}, \qquad \mu_j = \frac1n \sum_i X_{ij}, \qquad
# \sigma_j = \sqrt{\frac1n \sum_i (X_{ij} - \mu_j)^2}.$$
#
# The $1/n$ is a convention (`ddof=0`, NumPy's default); statisticians often take $1/(n-1)$. A constant column has
# $\sigma_j = 0$. It carries no information, so it becomes 0, without a warning. Beware: added up along a column, ten 0.1s
# have the computed mean 0.09999999999999999, so their computed $\sigma$ is not exactly 0. Whether a column is constant is
# better read from its largest and its smallest entry.


# %% nbgrader={"grade_id": "standardize_columns", "solution": true}
def standardize_columns(X):
    """Shift and scale each column to mean 0 and standard deviation 1.

    X: (n, d) numbers of any dtype, whole numbers too; it stays as it is
    Returns (n, d) floats; a column of equal numbers becomes zeros. ddof is 0. No warnings.

    Hint: anything divided by infinity is 0.
    """
    ### BEGIN SOLUTION
    is_constant = X.max(axis=0) == X.min(axis=0)
    spread = np.where(is_constant, np.inf, X.std(axis=0))
    return (X - X.mean(axis=0)) / spread
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_standardize_columns", "grade": true, "points": 3}
check("standardize_columns")

# %% [markdown]
# `ask` shows the lines that you wrote, with questions about them. It is for practice and costs no points: write the letter
# of your choice in place of `None`, run the cell again, and it says at once what is right, and why.

# %% tags=["explore"]
ask("standardize_columns", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# Of 784 pixels some are paper in every digit: constant columns, where a careless division would be 0/0. Standardised, a
# digit shows where it differs from the others: red where it has unusually much ink, blue where it lacks what others have.

# %% [markdown]
# **Guess first**, here and wherever a cell says `my_guess = None`: put a number in place of `None`. It is drawn beside what comes out.

# %% tags=["explore"]
my_guess = None  # of 784 pixels, how many are the same in all images

# %% tags=["explore"]
pixels = images.reshape(len(images), -1)
constant = (pixels.max(axis=0) == pixels.min(axis=0)).sum()
print(f"{constant} of {pixels.shape[1]} pixels are the same in all {len(pixels)} images")
plots.bars(
    {"pixels": [constant, pixels.shape[1] - constant]},
    ["the same in all images", "different in some"],
    ylabel="pixels",
    title="How much of an image says nothing?",
    guess=[my_guess, None],
)
Z = standardize_columns(pixels).reshape(images.shape)
shown = {f"a {digit}": Z[labels == digit][0] for digit in (0, 1, 4, 7)}
plots.arrays(shown, title="Standardised digits", unit="standard deviations from the mean")

# %% ask
X = np.array([[1.0, 5.0, 2.0], [3.0, 5.0, 8.0]])
standardize_columns(X)


# %% visible
# The first column has mean 5 and standard deviation 2, the second 5 and 5.
COLUMNS = np.array([[2, 0], [4, 0], [4, 10], [4, 10], [5, 0], [5, 10], [7, 0], [9, 10]])
STANDARDIZED = np.array(
    [[-1.5, -1], [-0.5, -1], [-0.5, 1], [-0.5, 1], [0, -1], [0, 1], [1, -1], [2, 1]],
)
SCALED_BY_ROW = np.array([[1, 0], [1, 0], [0.4, 1], [0.4, 1], [1, 0], [0.5, 1], [1, 0], [0.9, 1]])


def _expect_ordinary_columns_right(student: Student) -> None:
    """Expect right what the first check looks at, so that hints about special columns do not lead astray."""
    hint = "First standardise ordinary columns of floats, as in the first check; then this one looks at special ones."
    got = student.call("standardize_columns", COLUMNS.astype(float))
    expect_close(got, STANDARDIZED, hint=hint, what="The result for ordinary columns")


@checks("standardize_columns")
def columns_worked_out_by_hand(student: Student, rng: Rng) -> None:
    """A column with mean 5 and standard deviation 2 has (x - 5) / 2 in place of x."""
    expect_close(
        student.call("standardize_columns", COLUMNS.astype(float)),
        STANDARDIZED,
        hint="Subtract each column's mean, then divide by its standard deviation: both along axis=0.",
        mistakes={
            "Rows were standardised: a column has one entry of each example, so work along axis=0.": (
                STANDARDIZED[:, [1, 1]] * [-1, 1]
            ),
            "The whole table was standardised at once: each column has its own mean and deviation, axis=0.": (
                (COLUMNS - 5) / np.sqrt(14.5)
            ),
            "That divides by n - 1: this course takes the mean of the squares, ddof=0.": STANDARDIZED * np.sqrt(7 / 8),
            "That is the variance in the denominator: take its square root.": STANDARDIZED / [2, 5],
            "The mean is gone, the scale is still there: divide by the standard deviation.": STANDARDIZED * [2, 5],
            "That is scaled only: subtract the mean first.": COLUMNS / [2, 5],
            "Only the mean was divided: / goes before -, so put brackets: (X - mean) / deviation.": (
                COLUMNS - [5 / 2, 5 / 5]
            ),
            "Each row was divided by its own maximum, so that rows can no longer be compared: scale columns.": (
                SCALED_BY_ROW
            ),
            "Columns were divided by their maximum: subtract the mean, divide by the standard deviation.": (
                COLUMNS / [9, 10]
            ),
            "Columns were stretched to the range 0 to 1: use the mean and the standard deviation.": (
                (COLUMNS - [2, 0]) / [7, 10]
            ),
        },
    )


@checks("standardize_columns")
def each_column_has_mean_0_and_deviation_1(student: Student, rng: Rng) -> None:
    """Every column of the result has mean 0 and standard deviation 1, in a square table too."""
    for shape in ((6, 3), (4, 4)):
        got = student.call("standardize_columns", rng.normal(loc=3, scale=2, size=shape))
        expect_shape(got, shape, hint="The result has X's shape.")
        hint = "Subtract from each column its own mean, taken along axis=0."
        expect_close(np.mean(got, axis=0), np.zeros(shape[1]), hint=hint, what="The column mean", atol=1e-5)
        hint = "Divide each column by its own standard deviation, taken along axis=0."
        expect_close(np.std(got, axis=0), np.ones(shape[1]), hint=hint, what="The column deviation", rtol=1e-5)


@checks("standardize_columns")
def whole_numbers_keep_their_fractions(student: Student, rng: Rng) -> None:
    """Whole numbers, uint8 pixels too, give the same fractions as floats do."""
    _expect_ordinary_columns_right(student)
    hint = "zeros_like, empty_like or copy of a whole-number array holds whole numbers: what you write in is cut off."
    # With int64 right, what is wrong for uint8 alone is that it goes round.
    wraps = "In uint8, 4 - 5 is 255: bytes go round below 0 and above 255."
    for dtype, why in ((np.int64, hint), (np.uint8, wraps)):
        expect_close(
            student.call("standardize_columns", COLUMNS.astype(dtype)),
            STANDARDIZED,
            hint=f"{why} Convert X to float first.",
            what=f"The result for {np.dtype(dtype)}",
        )


@checks("standardize_columns")
def a_constant_column_becomes_zeros(student: Student, rng: Rng) -> None:
    """A column of sevens becomes zeros, without a warning, and its neighbour is standardised."""
    _expect_ordinary_columns_right(student)
    X = np.column_stack([np.full(4, 7.0), [-2.0, 2.0, -2.0, 2.0]])
    hint = "Where a column's largest entry equals its smallest, the result is 0: keep 0 / 0 from being computed."
    got = student.call("standardize_columns", X)
    expect_close(got, [[0, -1], [0, 1], [0, -1], [0, 1]], hint=hint)
    expect_no_warning(student, hint=hint)


@checks("standardize_columns")
def rounding_does_not_hide_a_constant_column(student: Student, rng: Rng) -> None:
    """Ten times 0.1 is a constant column too, although its computed deviation is not 0."""
    _expect_ordinary_columns_right(student)
    X = np.column_stack([np.full(10, 0.1), [-2.0, 2.0] * 5])
    hint = "The mean computed along ten 0.1s is not quite 0.1: compare the column's largest entry with its smallest."
    expect_close(student.call("standardize_columns", X), np.column_stack([np.zeros(10), [-1.0, 1.0] * 5]), hint=hint)


@checks("standardize_columns")
def the_unit_does_not_matter(student: Student, rng: Rng) -> None:
    """The same column in millionths or in millions gives the same result."""
    _expect_ordinary_columns_right(student)
    X = COLUMNS[:, [0, 0, 0]] * np.array([1e-6, 1.0, 1e6])
    hint = "A number added to the deviation, or a bound below which it counts as 0, is not small beside every column."
    expect_close(student.call("standardize_columns", X), STANDARDIZED[:, [0, 0, 0]], hint=hint, rtol=1e-4)


@checks("standardize_columns")
def standardizing_leaves_its_input_alone(student: Student, rng: Rng) -> None:
    """X is what it was before the call, and the result is an array of its own."""
    got = student.call("standardize_columns", COLUMNS.astype(float))
    expect_shape(got, (8, 2), hint=RIGHT_FIRST)
    expect(bool(np.min(got) < 0), "A standardised column has entries below its mean.", got=got, hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


standardize_columns_in_other_forms = forms(
    "standardize_columns", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# %% hidden
def _standardized(X: np.ndarray) -> np.ndarray:
    columns = [[float(value) for value in column] for column in X.T]
    return np.transpose(
        [[0.0 if min(c) == max(c) else (value - fmean(c)) / pstdev(c) for value in c] for c in columns],
    )


@checks("standardize_columns")
def columns_of_random_tables(student: Student, rng: Rng) -> None:
    """Random tables are standardised column by column, with constant columns among them."""
    for n, d in ((9, 4), (5, 5), (2, 3)):
        X = rng.normal(loc=4, scale=3, size=(n, d))
        X[0] += 0.5
        X[:, 1] = -2.5
        hint = "Compare with a loop over the columns; the standard deviation has 1/n in it."
        expect_close(student.call("standardize_columns", X), _standardized(X), hint=hint, rtol=1e-4, atol=1e-5)
    X = rng.normal(loc=4, scale=3, size=(20, 3))
    X[-1] = X[0]
    hint = "A column whose first entry equals its last one need not be constant: compare its largest and its smallest."
    expect_close(student.call("standardize_columns", X), _standardized(X), hint=hint, rtol=1e-4, atol=1e-5)
    hint = (
        "A column that varies a little is not constant, in a tiny unit (1e-15) or far from 0 (100,000 and 100,000.5): "
        "compare its largest and its smallest entry for equality, without a bound."
    )
    near = rng.uniform(1, 2, size=(20, 2))
    # Single precision tells these numbers apart by 0.008.
    for X, tolerance in ((near * 1e-15, 1e-4), (100_000 + near / 2, 0.2)):
        expect_close(student.call("standardize_columns", X), _standardized(X), hint=hint, rtol=0, atol=tolerance)
    X = rng.integers(-100, 100, size=(25, 2)).astype(np.int8)
    X[1], X[3] = -120, 125
    hint = "int8 ends at 127, so 125 - (-120) goes round: convert to float before you subtract one entry from another."
    expect_close(student.call("standardize_columns", X), _standardized(X), hint=hint, rtol=1e-4, atol=1e-5)


@checks("standardize_columns")
def a_table_with_one_row_becomes_zeros(student: Student, rng: Rng) -> None:
    """With a single example every column is constant."""
    hint = "One example alone has no spread: every column is constant, so the result is zeros."
    expect_close(student.call("standardize_columns", rng.integers(9, size=(1, 4))), np.zeros((1, 4)), hint=hint)
    expect_no_warning(student, hint=hint)


# %% right loop_over_columns
def standardize_columns(X):
    Z = np.zeros(X.shape)
    for j in range(X.shape[1]):
        column = X[:, j].astype(float)
        if column.max() > column.min():
            Z[:, j] = (column - column.mean()) / column.std()
    return Z


# %% right masked
def standardize_columns(X):
    X = np.array(X, dtype=float)
    varies = (X != X[0]).any(axis=0)
    X[:, varies] -= X[:, varies].mean(axis=0)
    X[:, varies] /= X[:, varies].std(axis=0)
    X[:, ~varies] = 0
    return X


# %% right divide_where
def standardize_columns(X):
    centred = X - X.mean(axis=0, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=0, keepdims=True))
    varies = np.broadcast_to(np.ptp(X, axis=0) != 0, X.shape)
    return np.divide(centred, deviation, out=np.zeros(X.shape), where=varies)


# %% right float32
def standardize_columns(X):
    X = X.astype(np.float32)
    spread = X.std(axis=0)
    spread[X.max(axis=0) == X.min(axis=0)] = np.inf
    return (X - X.mean(axis=0)) / spread


# %% right torch
def standardize_columns(X):
    import torch

    X = torch.as_tensor(np.array(X, dtype=float))
    constant = (X == X[0]).all(dim=0)
    Z = (X - X.mean(dim=0)) / X.std(dim=0, correction=0)
    Z[:, constant] = 0
    return Z


# %% right list_of_rows
def standardize_columns(X):
    columns = []
    for column in X.T.tolist():
        mean = sum(column) / len(column)
        deviation = (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5
        columns.append([0.0 if min(column) == max(column) else (x - mean) / deviation for x in column])
    return [list(row) for row in zip(*columns)]


# %% right scaled_by_the_range_first
def standardize_columns(X):
    low, high = X.min(axis=0).astype(float), X.max(axis=0).astype(float)
    U = (X - low) / np.where(high > low, high - low, 1)
    spread = U.std(axis=0)
    return (U - U.mean(axis=0)) / np.where(spread < 1e-9, 1, spread)


# %% right matrix_class
# NumPy announces that np.matrix will go one day; that is no fault of the answer.
def standardize_columns(X):
    M = np.matrix(X, dtype=float)
    constant = M.max(axis=0) == M.min(axis=0)
    centred = M - np.where(constant, M.min(axis=0), M.mean(axis=0))
    return centred / np.where(constant, 1, M.std(axis=0))


# %% wrong rows -> columns_worked_out_by_hand
# Means and deviations of something other than the column.
def standardize_columns(X):
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(constant, np.inf, X.std(axis=1, keepdims=True))


# %% wrong mean_along_the_wrong_axis_of_a_square_table -> each_column_has_mean_0_and_deviation_1
def standardize_columns(X):
    axis = 1 if X.shape[0] == X.shape[1] else 0
    constant = X.max(axis=0) == X.min(axis=0)
    return (X - X.mean(axis=axis)) / np.where(constant, np.inf, X.std(axis=0))


# %% wrong whole_table -> columns_worked_out_by_hand
def standardize_columns(X):
    return (X - X.mean()) / X.std()


# %% wrong one_deviation_for_all -> each_column_has_mean_0_and_deviation_1
def standardize_columns(X):
    return (X - X.mean(axis=0)) / X.std()


# %% wrong the_median_in_small_tables -> columns_of_random_tables
def standardize_columns(X):
    centre = np.median(X, axis=0) if X.shape == (9, 4) else X.mean(axis=0)
    constant = X.max(axis=0) == X.min(axis=0)
    return (X - centre) / np.where(constant, np.inf, X.std(axis=0))


# %% wrong ddof_1 -> columns_worked_out_by_hand
# Another measure of the spread.
def standardize_columns(X):
    constant = X.max(axis=0) == X.min(axis=0)
    spread = np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0) / max(len(X) - 1, 1))
    return (X - X.mean(axis=0)) / np.where(constant, np.inf, spread)


# %% wrong variance -> columns_worked_out_by_hand
def standardize_columns(X):
    constant = X.max(axis=0) == X.min(axis=0)
    return (X - X.mean(axis=0)) / np.where(constant, np.inf, X.var(axis=0))


# %% wrong one_row_divides_by_n_minus_1 -> a_table_with_one_row_becomes_zeros
def standardize_columns(X):
    n = len(X)
    constant = X.max(axis=0) == X.min(axis=0)
    variance = ((X - X.mean(axis=0)) ** 2).sum(axis=0) / (n - 1) * ((n - 1) / n)
    return (X - X.mean(axis=0)) / np.where(constant, np.inf, np.sqrt(variance)) * (n > 1)


# %% wrong centred_only -> columns_worked_out_by_hand
# Half of the work, or another scale.
def standardize_columns(X):
    return np.where(X.max(axis=0) == X.min(axis=0), 0, X - X.mean(axis=0))


# %% wrong scaled_only -> columns_worked_out_by_hand
def standardize_columns(X):
    return X / np.where(np.ptp(X, axis=0) == 0, np.inf, X.std(axis=0))


# %% wrong each_row_by_its_own_maximum -> columns_worked_out_by_hand
def standardize_columns(X):
    return X / X.max(axis=1, keepdims=True)


# %% wrong columns_by_their_maximum -> columns_worked_out_by_hand
def standardize_columns(X):
    return X / X.max(axis=0)


# %% wrong stretched_from_0_to_1 -> columns_worked_out_by_hand
def standardize_columns(X):
    span = (X.max(axis=0) - X.min(axis=0)).astype(float)
    return (X - X.min(axis=0)) / np.where(span == 0, 1, span)


# %% wrong zero_divided_by_zero -> a_constant_column_becomes_zeros
# A constant column is 0 / 0; hiding the nan does not take back the warning.
def standardize_columns(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


# %% wrong nan_to_num_with_a_warning -> a_constant_column_becomes_zeros
def standardize_columns(X):
    return np.nan_to_num((X - X.mean(axis=0)) / X.std(axis=0))


# %% wrong where_computes_both -> a_constant_column_becomes_zeros
def standardize_columns(X):
    return np.where(X.std(axis=0) == 0, 0, (X - X.mean(axis=0)) / X.std(axis=0))


# %% wrong constant_columns_stay -> a_constant_column_becomes_zeros
def standardize_columns(X):
    Z = X.astype(float)
    varies = X.max(axis=0) > X.min(axis=0)
    Z[:, varies] = (Z[:, varies] - Z[:, varies].mean(axis=0)) / Z[:, varies].std(axis=0)
    return Z


# %% wrong deviation_compared_with_0 -> rounding_does_not_hide_a_constant_column
# Whether a column is constant is not seen from its deviation: rounding makes it a little more than 0, and another unit
# as small as one likes.
def standardize_columns(X):
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)


# %% wrong a_little_added -> the_unit_does_not_matter
def standardize_columns(X):
    return (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)


# %% wrong small_taken_for_constant -> the_unit_does_not_matter
def standardize_columns(X):
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread < 1e-4, np.inf, spread)


# %% wrong zeros_like_of_whole_numbers -> whole_numbers_keep_their_fractions
# Whole numbers have no room for fractions.
def standardize_columns(X):
    Z = np.zeros_like(X)
    for j in range(X.shape[1]):
        if X[:, j].max() > X[:, j].min():
            Z[:, j] = (X[:, j] - X[:, j].mean()) / X[:, j].std()
    return Z


# %% wrong subtracted_in_place_from_whole_numbers -> whole_numbers_keep_their_fractions
def standardize_columns(X):
    Z = X.copy()
    Z -= X.mean(axis=0).astype(X.dtype)
    return Z / np.where(np.ptp(X, axis=0) == 0, np.inf, X.std(axis=0))


# %% wrong in_place -> standardizing_leaves_its_input_alone
# Right numbers, but the input is changed, or read as it lies in memory.
def standardize_columns(X):
    constant = X.max(axis=0) == X.min(axis=0)
    spread = np.where(constant, np.inf, X.std(axis=0))
    if X.dtype == float:
        X -= X.mean(axis=0)
        X /= spread
        return X
    return (X - X.mean(axis=0)) / spread


# %% wrong input_scaled_and_a_copy_returned -> standardizing_leaves_its_input_alone
def standardize_columns(X):
    constant = X.max(axis=0) == X.min(axis=0)
    Z = (X - X.mean(axis=0)) / np.where(constant, np.inf, X.std(axis=0))
    X[...] = Z
    return Z


# %% wrong columns_as_they_lie_in_memory -> standardize_columns_in_other_forms
def standardize_columns(X):
    X = np.asarray(X, dtype=float).ravel(order="K").reshape(X.shape)
    constant = X.max(axis=0) == X.min(axis=0)
    centred = X - np.where(constant, X[0], X.mean(axis=0))
    return centred / np.where(constant, 1, X.std(axis=0))


# %% right divided_where_it_varies
def standardize_columns(X):
    centred = np.subtract(X, np.mean(X, axis=0), dtype=float)
    centred[:, np.ptp(X, axis=0) == 0] = 0
    s = np.sqrt(np.einsum("ij,ij->j", centred, centred) / X.shape[0])
    return np.divide(centred, s, out=np.zeros(X.shape), where=s > 0)


# %% wrong first_and_last_entry_compared -> columns_of_random_tables
# Right for all columns but those that end where they began.
# - is_constant = X.max(axis=0) == X.min(axis=0)
# + is_constant = X[0] == X[-1]

# %% wrong a_bound_of_a_billionth -> columns_of_random_tables
# - is_constant = X.max(axis=0) == X.min(axis=0)
# + is_constant = X.std(axis=0) < 1e-9

# %% wrong close_taken_for_equal -> columns_of_random_tables
# isclose has a bound that grows with the numbers: 100,000 is close to 100,000.5.
# - is_constant = X.max(axis=0) == X.min(axis=0)
# + is_constant = np.isclose(X.max(axis=0), X.min(axis=0), atol=0) | (X.max(axis=0) == X.min(axis=0))

# %% wrong range_of_signed_bytes -> columns_of_random_tables
# In int8 the range 125 - (-120) is -11, so the column counts as constant.
# - is_constant = X.max(axis=0) == X.min(axis=0)
# + is_constant = ~(np.ptp(X, axis=0) > 0)


# %% wrong bytes_minus_a_byte -> whole_numbers_keep_their_fractions
def standardize_columns(X):
    deviation = X.std(axis=0)
    deviation[X.max(axis=0) == X.min(axis=0)] = np.inf
    return (X - X.mean(axis=0).astype(X.dtype)) / deviation
