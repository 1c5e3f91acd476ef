# %% [markdown]
# ## 6 · Broadcasting, and its trap
#
# When two shapes differ, NumPy lines them up **at their last axes**. An axis of length 1, or one that is missing on the
# left, is repeated as often as needed; any other difference is an error. So a table (4, 6) minus a row (6,) takes the row
# from every row of the table, and a column (4, 1) times a row (6,) is a full (4, 6) table of products.
#
# The trap: a column $(n, 1)$ and a row $(n,)$ broadcast as well, to $(n, n)$. Here is a model whose predictions are
# **perfect**. They come as a column, as they do from a matrix product, and the targets as a row. The mean squared error
# should be 0. What comes out is twice the variance of the targets (the square of their standard deviation).

# %% tags=["explore"]
targets = np.array([1.0, 4, 2, 8, 5, 7])
predictions = targets.reshape(6, 1)
differences = predictions - targets
print(f"mean squared error: {(differences**2).mean():.3f}")
print(f"with matching shapes: {((predictions[:, 0] - targets) ** 2).mean():.3f}")
plots.arrays(
    {"predictions": predictions, "targets": targets, "predictions − targets": differences},
    title="Every prediction is compared with every target; those meant are on the diagonal",
)

# %% [markdown]
# No error, no warning, and a number that looks like any other mean squared error. The habit that saves you is to say
# the shape before running, and to assert it where it matters.
#
# Used on purpose, the same rule computes all pairs at once. Given points $A$ of shape $(n, d)$ and $B$ of shape $(m, d)$,
# we want all squared distances
#
# $$D_{ij} = \sum_{p=1}^d (A_{ip} - B_{jp})^2, \qquad (n, 1, d) - (m, d) \to (n, m, d) \to (n, m).$$
#
# `A[:, None, :]`, or `A[:, None]` for short, puts in an axis of length 1.


# %% nbgrader={"grade_id": "pairwise_sq_dists", "solution": true}
def pairwise_sq_dists(A, B):
    """Return the squared Euclidean distances between the points of two sets.

    A: (n, d) and B: (m, d), numbers of any dtype, uint8 pixels too; both stay as they are
    Returns (n, m): entry i, j is the squared distance of A[i] and B[j].

    Rule: no Python loop over points, not even a hidden one; the check counts Python's steps.
    Hint: what is 10 - 20 for pixels?
    """
    ### BEGIN SOLUTION
    differences = A[:, None, :].astype(float) - B
    return (differences**2).sum(axis=2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_pairwise_sq_dists", "grade": true, "points": 3}
check("pairwise_sq_dists")

# %% tags=["explore"]
ask("pairwise_sq_dists", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# A digit of 28 × 28 pixels is a point in a space of 784 dimensions. Below, every second pixel of the middle, a point in
# 100 dimensions, for ten digits of each kind, sorted. Light blocks on the diagonal: digits of one kind lie close together,
# most of all the ones. Which digits scatter? Which two kinds are hard to tell apart?

# %% tags=["explore"]
points = images[:, 4:24:2, 4:24:2].reshape(len(images), -1)
by_kind = np.concatenate([np.flatnonzero(labels == digit)[:10] for digit in range(10)])
D = pairwise_sq_dists(points[by_kind], points[by_kind])
near = {"ten 0s, ten 1s, … ten 9s, against the same": np.sqrt(D)}
plots.arrays(near, title="How far is every digit from every other?", unit="distance (255 = one black pixel)")

# %% [markdown]
# `np.linalg.norm(a - b)` is the distance of one pair. One more tool, for all labs: random numbers come from a
# generator, which begins where its **seed** says: the same seed gives the same numbers, so that an experiment can be
# repeated. The lecture's `np.random.rand` draws from one generator that all of a program shares; this course passes its
# own, `rng`, wherever something is drawn.

# %% tags=["explore"]
a, b = points[by_kind[0]].astype(float), points[by_kind[1]].astype(float)
print(f"by norm {np.linalg.norm(a - b):.4f}, by your function {np.sqrt(pairwise_sq_dists(a[None], b[None])[0, 0]):.4f}")
for seed in (0, 0, 1):
    rng = np.random.default_rng(seed)
    print(f"seed {seed}: uniform {rng.random(3).round(3)}, normal {rng.normal(size=3).round(3)}")

# %% [markdown]
# All this is enough to read handwriting. Give each new digit the label of the **nearest** one whose label is known: no
# training, no parameters. **Guess first:** at random one digit in ten would be right.

# %% tags=["explore"]
my_guess = None  # per cent of the new digits that the nearest neighbour reads right

# %% tags=["explore"]
new_images, truth = digits.test_images[::2], digits.test_labels[::2]
new_points = new_images[:, 4:24:2, 4:24:2].reshape(len(new_images), -1)
nearest = pairwise_sq_dists(new_points, points).argmin(axis=1)
guesses = labels[nearest]
print(f"nearest neighbour: {(guesses == truth).mean():.1%} of {len(truth)} new digits are right")
by_digit = [100 * (guesses == truth)[truth == digit].mean() for digit in range(10)]
plots.bars(
    {"right": by_digit},
    [str(digit) for digit in range(10)],
    ylabel="digits that are right, %",
    title="Which digits does the nearest neighbour read?",
    guess=[my_guess] * 10,
)

# %% tags=["explore"]
mistaken = np.flatnonzero(guesses != truth)[:5]
pairs = np.concatenate([new_images[mistaken], images[nearest[mistaken]]])
captions = [f"new: a {truth[i]}" for i in mistaken] + [f"nearest: a {guesses[i]}" for i in mistaken]
plots.image_grid(
    pairs, captions, columns=len(mistaken), size=1.3, title="Five mistakes, each above its nearest neighbour"
)

# %% [markdown]
# ### Why not all of MNIST at once?
#
# The same two lines would read MNIST, the set of 70,000 handwritten digits that lab 01 learns from: 10,000 new digits
# against 60,000 known ones, in 784 dimensions. **How many bytes does the array $(n, m, d)$ take in float64, why does
# the result need so much less, and how would you compute it on a laptop?** Three to five sentences.

# %% [markdown] nbgrader={"grade_id": "why_not_all_at_once", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# 10,000 · 60,000 · 784 · 8 bytes are 3.76 · 10¹² bytes, 3.8 TB: broadcasting makes every difference of every pair before anything is
# summed. The result (n, m) has no axis d: 4.8 · 10⁹ bytes, and of that only one number per new digit is wanted. So take the new digits in
# batches (a hundred at a time: 38 GB still, so fewer, or the known ones in pieces, too) and keep the smallest distance; or use
# |a|² + |b|² − 2 a·b, one matrix product that never makes the third axis.
# Full mark: the size within a factor of two, the reason (the axis d exists before the sum), and a way that works. Half: two of the three.
# ### END SOLUTION


# %% ask
A = np.array([[3, 0, 2, 1], [1, 2, 4, 4], [5, 7, 7, 6]], np.uint8)
B = np.array([[1, 2, 0, 1], [4, 0, 3, 1]], np.uint8)
pairwise_sq_dists(A, B)


# %% visible
@checks("pairwise_sq_dists")
def distances_worked_out_by_hand(student: Student, rng: Rng) -> None:
    """Three points and two points have the six squared distances worked out by hand."""
    A, B = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [0.0, 1.0]])
    D = np.array([[25.0, 1.0], [0.0, 18.0], [13.0, 1.0]])
    expect_close(
        student.call("pairwise_sq_dists", A, B),
        D,
        hint="Entry i, j adds up (A[i, p] - B[j, p])² over p: put in an axis, subtract, square, sum the last axis.",
        mistakes={
            "Those are the distances: the squared ones are asked, so leave the root out.": np.sqrt(D),
            "Rows and columns are swapped: row i belongs to A[i].": D.T,
            "Those are sums of absolute differences: square the differences.": [[7, 1], [0, 6], [5, 1]],
            "That is the mean over the coordinates: take the sum.": D / 2,
            "|a|² + |b|² - a·b lacks a factor: the square of a difference has - 2 a·b in it.": D + A @ B.T,
            "|a|² + |b|² + 2 a·b belongs to a + b: the square of a difference has - 2 a·b in it.": D + 4 * (A @ B.T),
            "The sum over the coordinates is missing: sum the last axis.": (
                [[[9, 16], [0, 1]], [[0, 0], [9, 9]], [[4, 9], [1, 0]]]
            ),
            "That is the square of the summed difference: square first, then sum.": [[49, 1], [0, 36], [25, 1]],
        },
        atol=1e-5,
    )


@checks("pairwise_sq_dists")
def as_many_points_as_coordinates(student: Student, rng: Rng) -> None:
    """Three points, three points and three coordinates: axes of one length are not mixed up."""
    A = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    B = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 3.0], [1.0, 1.0, 1.0]])
    expect_close(
        student.call("pairwise_sq_dists", A, B),
        [[0, 9, 3], [1, 10, 2], [4, 13, 3]],
        hint="Say the shape after every step: (n, 1, d) - (m, d) is (n, m, d), and the sum over its last axis (n, m).",
        mistakes={
            "The squares of A, shape (n,), were added to columns: they belong to rows, so make them (n, 1).": (
                [[0, 10, 7], [0, 10, 5], [0, 10, 3]]
            ),
            "That sums over the points of B, axis=1: sum over the coordinates, the last axis.": (
                [[1, 1, 10], [2, 1, 10], [1, 9, 10]]
            ),
            "That sums over the points of A, axis=0: sum over the coordinates, the last axis.": (
                [[1, 4, 0], [1, 4, 27], [2, 3, 3]]
            ),
            "A - B compares only points of the same number: put in an axis, A[:, None].": (
                [[0, 0, 0], [1, 0, 9], [1, 1, 1]]
            ),
            "Rows and columns are swapped: row i belongs to A[i].": [[0, 1, 4], [9, 10, 13], [3, 2, 3]],
        },
        atol=1e-5,
    )


@checks("pairwise_sq_dists")
def pixels_do_not_go_round(student: Student, rng: Rng) -> None:
    """Pixels of dtype uint8 have the distances that the same numbers have as floats."""
    A, B = np.array([[0, 255], [10, 20]], np.uint8), np.array([[255, 0], [20, 10]], np.uint8)
    D = [[130_050, 60_425], [60_425, 200]]
    hint = "With the same numbers as floats it is not right yet either: look at the checks above first."
    expect_close(student.call("pairwise_sq_dists", A.astype(float), B.astype(float)), D, hint=hint)
    expect_close(
        student.call("pairwise_sq_dists", A, B),
        D,
        hint="In uint8, 10 - 20 is 246 and 20 * 20 is 144: convert to float before the first operation.",
        mistakes={
            "An int16 ends at 32,767, and 255 * 255 is 65,025: convert to float before the first operation.": (
                [[-1022, -5111], [-5111, 200]]
            )
        },
    )


@checks("pairwise_sq_dists")
def more_points_take_no_more_steps(student: Student, rng: Rng) -> None:
    """For forty points Python takes as many steps as for four: there is no loop over points."""
    few, many = ([rng.normal(size=(n, 3)), rng.normal(size=(n, 3))] for n in (4, 40))
    got = student.call("pairwise_sq_dists", *few)
    expect_shape(got, (4, 4), hint="First return a result of the right form; then this check counts steps.")
    hint = "A comprehension, map, np.vectorize and apply_along_axis loop too. Let A[:, None] and B broadcast."
    _expect_no_loop(student, "pairwise_sq_dists", few, many, what="points", hint=hint)
    # Two of the many entries, so that these points too are computed with.
    got = np.asarray(student.call("pairwise_sq_dists", *many))
    some = [((many[0][i] - many[1][j]) ** 2).sum() for i, j in ((3, 37), (39, 0))]
    cut = [((np.trunc(many[0][i]) - np.trunc(many[1][j])) ** 2).sum() for i, j in ((3, 37), (39, 0))]
    expect_close(
        [got[3, 37], got[39, 0]],
        some,
        hint="First get the numbers right, for many points too.",
        rtol=1e-4,
        mistakes={"The fractions of the points were cut off: convert to float, not to whole numbers.": cut},
    )


@checks("pairwise_sq_dists")
def points_stay_where_they_are(student: Student, rng: Rng) -> None:
    """A and B are what they were before the call."""
    got = student.call("pairwise_sq_dists", rng.normal(size=(3, 2)), rng.normal(size=(4, 2)))
    expect_shape(got, (3, 4), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


pairwise_sq_dists_in_other_forms = forms(
    "pairwise_sq_dists", "integers", "bytes", "float32", "fortran", "strided", "read-only", "again"
)


# %% hidden
@checks("pairwise_sq_dists")
def distances_of_random_points(student: Student, rng: Rng) -> None:
    """Random points have the right distances at every size, down to a single point and a single coordinate."""
    for n, m, d in ((5, 3, 4), (4, 4, 4), (1, 6, 2), (6, 1, 3), (3, 2, 1)):
        A, B = rng.normal(size=(n, d)), rng.normal(size=(m, d))
        right = [[sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) for b in B.tolist()] for a in A.tolist()]
        hint = "Compare with the three loops, at sizes n, m and d that all differ."
        expect_close(student.call("pairwise_sq_dists", A, B), right, hint=hint, rtol=1e-4, atol=1e-5)


@checks("pairwise_sq_dists")
def distances_of_random_pixels(student: Student, rng: Rng) -> None:
    """Random pixels have the right distances, also where only one set is of dtype uint8, and in other small types."""
    A, B = rng.integers(256, size=(4, 9), dtype=np.uint8), rng.integers(256, size=(3, 9), dtype=np.uint8)
    right = [[sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) for b in B.tolist()] for a in A.tolist()]
    # Moved by 128 both have the same distances, and are signed.
    signed = [(points.astype(np.int64) - 128).astype(np.int8) for points in (A, B)]
    wide = [points.astype(np.uint16) for points in (A, B)]
    for given in ((A, B), (A.astype(float), B), (A, B.astype(np.int64)), signed, wide):
        hint = (
            "Convert both sets to float before the first operation, whatever dtype they have: int8 and uint16 wrap too."
        )
        expect_close(student.call("pairwise_sq_dists", *given), right, hint=hint)


# %% right broadcast_both
def pairwise_sq_dists(A, B):
    A, B = np.asarray(A, dtype=float), np.asarray(B, dtype=float)
    return np.square(A[:, np.newaxis, :] - B[np.newaxis, :, :]).sum(-1)


# %% right expanded
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    squares = (A**2).sum(axis=1, keepdims=True) + (B**2).sum(axis=1)
    return np.maximum(squares - 2 * A @ B.T, 0)


# %% right coordinate_by_coordinate
# A loop over coordinates is no loop over points.
def pairwise_sq_dists(A, B):
    D = np.zeros((len(A), len(B)))
    for p in range(A.shape[1]):
        D += (
            np.subtract.outer(A[:, p].astype(int), B[:, p].astype(int)) ** 2
            if A.dtype.kind == B.dtype.kind == "u"
            else (np.subtract.outer(A[:, p].astype(float), B[:, p].astype(float)) ** 2)
        )
    return D


# %% right einsum
def pairwise_sq_dists(A, B):
    difference = A[:, None].astype(np.float64) - B[None].astype(np.float64)
    return np.einsum("nmd,nmd->nm", difference, difference)


# %% right norm
def pairwise_sq_dists(A, B):
    return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2


# %% right torch
def pairwise_sq_dists(A, B):
    import torch

    A, B = (torch.tensor(points, dtype=torch.float64) for points in (A, B))
    return ((A.unsqueeze(1) - B.unsqueeze(0)) ** 2).sum(dim=2)


# %% right float32 of norm
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return ((A[:, None].astype(np.float32) - B.astype(np.float32)) ** 2).sum(axis=2)


# %% right repeated_by_hand
def pairwise_sq_dists(A, B):
    n, m = len(A), len(B)
    left, right = np.repeat(A, m, axis=0).astype(float), np.tile(B, (n, 1)).astype(float)
    return ((left - right) ** 2).sum(axis=1).reshape(n, m)


# %% wrong the_root_taken of norm -> distances_worked_out_by_hand
# Another distance.
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return np.sqrt(((A[:, None].astype(float) - B) ** 2).sum(axis=2))

# %% wrong absolute_differences of norm -> distances_worked_out_by_hand
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return np.abs(A[:, None].astype(float) - B).sum(axis=2)

# %% wrong mean_over_coordinates of norm -> distances_worked_out_by_hand
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return ((A[:, None].astype(float) - B) ** 2).mean(axis=2)

# %% wrong not_summed of norm -> distances_worked_out_by_hand
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return (A[:, None].astype(float) - B) ** 2

# %% wrong summed_before_squaring of norm -> distances_worked_out_by_hand
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return (A[:, None].astype(float) - B).sum(axis=2) ** 2

# %% wrong transposed of norm -> distances_worked_out_by_hand
# Axes are confused; some of it shows only where n, m and d are the same.
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return ((B[:, None].astype(float) - A) ** 2).sum(axis=2)

# %% wrong summed_over_points_of_b of norm -> as_many_points_as_coordinates
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return ((A[:, None].astype(float) - B) ** 2).sum(axis=1)

# %% wrong summed_over_points_of_a of norm -> as_many_points_as_coordinates
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return ((A[:, None].astype(float) - B) ** 2).sum(axis=0)

# %% wrong like_with_like_only of norm -> as_many_points_as_coordinates
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return (A.astype(float) - B) ** 2


# %% wrong a_row_where_a_column_was_meant -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    return (A**2).sum(axis=1) + (B**2).sum(axis=1) - 2 * A @ B.T


# %% wrong a_row_where_n_equals_m -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    squares = (A**2).sum(axis=1)
    squares = squares if len(A) == len(B) else squares[:, None]
    return squares + (B**2).sum(axis=1) - 2 * A @ B.T


# %% wrong reshape_taken_for_transpose -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    return (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A @ B.reshape(B.shape[1], B.shape[0])


# %% wrong star_for_at -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    return (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A * B.T


# %% wrong pixels_subtracted_as_bytes of norm -> pixels_do_not_go_round
# Bytes go round at 256, and whole numbers lose their fractions.
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return ((A[:, None] - B) ** 2).sum(axis=2)

# %% wrong converted_after_the_difference of norm -> pixels_do_not_go_round
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return ((A[:, None] - B).astype(float) ** 2).sum(axis=2)


# %% wrong into_a_whole_number_array -> distances_of_random_points
def pairwise_sq_dists(A, B):
    D = np.zeros((len(A), len(B)), dtype=int)
    D[...] = ((A[:, None].astype(float) - B) ** 2).sum(axis=2)
    return D


# %% wrong only_a_converted_late -> distances_of_random_pixels
def pairwise_sq_dists(A, B):
    if A.dtype == B.dtype:
        A, B = A.astype(float), B.astype(float)
    return (A[:, None] ** 2).sum(axis=2) + (B[None] ** 2.0).sum(axis=2) - 2 * A.astype(float) @ B.T


# %% wrong one_loop of norm -> more_points_take_no_more_steps
# Right numbers by a loop over points, in whatever disguise.
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return np.array([((a - B) ** 2).sum(axis=1) for a in A.astype(float)])

# %% wrong a_loop_called_apply of norm -> more_points_take_no_more_steps
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return np.apply_along_axis(lambda a: ((a - B) ** 2).sum(axis=1), 1, A.astype(float))

# %% wrong a_loop_called_map of norm -> more_points_take_no_more_steps
# - return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2
# + return np.array(list(map(lambda a: ((a - B) ** 2).sum(axis=1), A.astype(float))))


# %% wrong a_loop_called_vectorize -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    distance = np.vectorize(lambda a, b: ((a - b) ** 2).sum(), signature="(d),(d)->()")
    return distance(A.astype(float)[:, None], B.astype(float)[None])


# %% wrong two_loops -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    D = np.zeros((len(A), len(B)))
    for i in range(len(A)):
        for j in range(len(B)):
            D[i, j] = ((A[i] - B[j]) ** 2).sum()
    return D


# %% wrong recursion -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    first = ((A[0].astype(float) - B) ** 2).sum(axis=1)[None]
    return first if len(A) == 1 else np.concatenate([first, pairwise_sq_dists(A[1:], B)])


# %% wrong points_moved_in_place -> points_stay_where_they_are
# Right numbers, and the points or an earlier result are changed.
def pairwise_sq_dists(A, B):
    if A.dtype == float and B.dtype == float:
        centre = B.mean(axis=0)
        A -= centre
        B -= centre
    return ((A[:, None].astype(float) - B) ** 2).sum(axis=2)


# %% wrong one_buffer_for_all_calls -> pairwise_sq_dists_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def pairwise_sq_dists(A, B):
    D = ((A[:, None].astype(float) - B) ** 2).sum(axis=2)
    buffer = buffers.setdefault(D.shape, np.empty(D.shape))
    buffer[...] = D
    return buffer


# %% right matrix_class
def pairwise_sq_dists(A, B):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        A, B = np.matrix(A, dtype=float), np.matrix(B, dtype=float)
    a, b = np.multiply(A, A).sum(axis=1), np.multiply(B, B).sum(axis=1)
    return np.asarray(a - 2 * A * B.T + b.T)


# %% wrong only_pixels_converted -> distances_of_random_pixels
# uint8 is seen to, int8 and uint16 wrap.
def pairwise_sq_dists(A, B):
    A, B = (points.astype(float) if points.dtype == np.uint8 else points for points in (A, B))
    return ((A[:, None] - B) ** 2).sum(axis=2)


# %% wrong smaller_taken_from_larger -> distances_of_random_pixels
# Right for unsigned numbers; in int8, 100 - (-100) goes round.
def pairwise_sq_dists(A, B):
    gaps = np.maximum(A[:, None], B) - np.minimum(A[:, None], B)
    return (gaps.astype(float) ** 2).sum(axis=2)


# %% wrong whole_numbers_only -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    return ((A.astype(int)[:, None] - B.astype(int)) ** 2).sum(axis=2)


# %% wrong int16_is_too_small -> pixels_do_not_go_round
def pairwise_sq_dists(A, B):
    return ((A.astype(np.int16)[:, None] - B) ** 2).sum(axis=2)


# %% wrong square_of_the_sum_of_points -> distances_worked_out_by_hand
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    return (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) + 2 * A @ B.T
