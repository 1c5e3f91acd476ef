# %% [markdown]
# ## 13 · Neighbours read neighbours
#
# Threads of a warp are neighbours along $x$, and ask together. If $x$ counts rows, then 32 threads ask for $A_{0p}, A_{1p}, \dots, A_{31,p}$: numbers
# that lie a whole row apart, in 32 lines, of which 31/32 are moved for nothing. If $x$ counts *columns*, they ask for $A_{ip}$, the same for
# all of them, and $B_{pj}, \dots, B_{p,j+31}$, which are one line. An access of this kind is called **coalesced**.

# %% nbgrader={"grade_id": "coalesced_kernel", "solution": true}
def coalesced_kernel(me, A, B, C):
    """Add the product of A and B to C, so that neighbouring threads read neighbouring numbers.

    me, A, B, C: as for naive_kernel
    Along x the grid has n threads or more, one for each column; along y m or more, one for each row.
    """
    ### BEGIN SOLUTION
    row = me.block.y * me.size.y + me.thread.y
    column = me.block.x * me.size.x + me.thread.x
    if row < C.shape[0] and column < C.shape[1]:
        total = 0.0
        for p in range(A.shape[1]):
            total += A[row, p] * B[p, column]
        C[row, column] += total
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_coalesced_kernel", "grade": true, "points": 2}
check("coalesced_kernel")

# %% [markdown]
# The same $2n^3$ operations, the same $2n^3$ reads. The picture shows one step of one warp in both kernels: each coloured square is a number that
# some thread reads, each frame a line of 128 bytes that must be moved for it. **Guess first**: by what factor do the lines
# fall, for $n = 64$?

# %% tags=["explore"]
my_guess = None  # lines of the naive kernel per line of the coalesced one


# %% tags=["explore"]
def launch_product(kernel, n, threads):
    """Launch a product of n × n matrices, and see that it is right."""
    rng = np.random.default_rng(0)
    A, B, C = (rng.random((n, n), dtype="float32") for _ in range(3))
    right = C + A @ B
    run = launch(kernel, A, B, C, blocks=(-(-n // threads[0]), -(-n // threads[1])), threads=threads)
    assert np.allclose(C, right, rtol=1e-4)
    return run


runs = {
    "naive": launch_product(naive_kernel, 64, (32, 32)),
    "coalesced": launch_product(coalesced_kernel, 64, (32, 32)),
}
for name, run in runs.items():
    print(
        f"{name:<10} reads {sum(run.reads.values()):8,}   lines {sum(run.transactions.values()):8,}   {run.bytes_moved:12,} bytes"
    )
lines = [sum(run.transactions.values()) for run in runs.values()]
print(f"lines fall by {lines[0] / lines[1]:.1f}; your guess: {my_guess}")
plots.warp_step(runs, title="What the 32 threads of a warp read in one step")


# %% visible
def _with_coalesced_kernel(coalesced_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(coalesced_kernel, cases)


@checks("coalesced_kernel")
def a_column_for_each_x(student: Student, rng: Rng) -> None:
    """One block of 3 × 7 threads, x along the columns, adds the product of A (7, 5) and B (5, 3) to C (7, 3)."""
    (made,) = launched(student, "coalesced_kernel", _with_coalesced_kernel, [_product_case((3, 7))])
    swapped = C_7_3.copy()
    swapped[:3] += PRODUCT_7_3[:3]
    _expect_product(made, {"Only rows 0 to 2 have changed: here the thread's x is the column, its y the row.": swapped})


@checks("coalesced_kernel")
def edges_are_guarded_along_x_and_y(student: Student, rng: Rng) -> None:
    """With blocks of 2 × 4 threads, which divide neither 3 nor 7, threads past an edge do nothing."""
    cases = [_product_case(threads, seed) for seed, threads in enumerate(((2, 4), (2, 4), (4, 2)))]
    for made in launched(student, "coalesced_kernel", _with_coalesced_kernel, cases):
        _expect_product(made)


# 32 × 4 times 4 × 32: a warp's step takes one line of A and one of B, and its row of C is one line.
A_WIDE = (np.arange(128.0) % 7).reshape(32, 4)
B_WIDE = (np.arange(128.0) % 5).reshape(4, 32)


@checks("coalesced_kernel")
def neighbours_share_lines(student: Student, rng: Rng) -> None:
    """For 32 × 4 times 4 × 32 in blocks of 32 × 8, A and B are read in 128 lines each, and C takes 64."""
    wide = case([A_WIDE, B_WIDE, np.ones((32, 32))], (1, 4), (32, 8))
    (made,) = launched(student, "coalesced_kernel", _with_coalesced_kernel, [wide])
    lines = made["transactions"]
    for name, n_lines in (("C", 64), ("A", 128), ("B", 128)):
        hint = "A warp's threads differ in x: x should be the column, so that they read B and write C along a row."
        if name == "C" and made["reads"]["C"] > 1024:
            hint = "Add up in a variable of the thread's own, and touch C once, after the loop."
        expect(lines[name] <= n_lines, f"{name} takes too many lines.", expected=n_lines, got=lines[name], hint=hint)


# %% hidden
def _with_coalesced_kernel(coalesced_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(coalesced_kernel, cases)


@checks("coalesced_kernel")
def coalesced_products_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of many shapes are multiplied right, and a wide one in as few lines as its warps need."""
    shapes = [((1, 1, 1), (2, 3)), ((4, 4, 4), (2, 2)), ((1, 6, 3), (8, 1)), ((5, 1, 2), (1, 4)), ((6, 11, 9), (3, 4))]
    drawn = [_random_product(rng, shape, threads) for shape, threads in (*shapes, ((3, 5, 64), (32, 2)))]
    found = _expect_random_launches(student, "coalesced_kernel", _with_coalesced_kernel, drawn)
    lines = found[-1]["transactions"]
    # Six warps: a step of each reads one line of A and one of B; each reads and writes a line of C.
    few = lines["A"] <= 30 and lines["B"] <= 30 and lines["C"] <= 12
    expect(few, "A product of 3 × 5 and 5 × 64 takes too many lines.", hint="Let x be the column.")


# %% right early_return
def coalesced_kernel(me, A, B, C):
    j, i = (b * s + t for b, s, t in zip(me.block, me.size, me.thread))
    m, n = C.shape
    if i >= m or j >= n:
        return
    C[i, j] = C[i, j] + sum(A[i, p] * B[p, j] for p in range(len(B)))


# %% right sum_begins_at_c
def coalesced_kernel(me, A, B, C):
    row, column = me.thread.y + me.block.y * me.size.y, me.thread.x + me.block.x * me.size.x
    if row < A.shape[0]:
        if column < B.shape[1]:
            entry = C[row, column]
            for p in range(B.shape[0]):
                entry = entry + A[row, p] * B[p, column]
            C[row, column] = entry


# %% wrong row_and_column_swapped -> neighbours_share_lines
# The naive kernel again: right on a square grid, and slow.
# - row = me.block.y * me.size.y + me.thread.y
# - column = me.block.x * me.size.x + me.thread.x
# + row = me.block.x * me.size.x + me.thread.x
# + column = me.block.y * me.size.y + me.thread.y


# %% wrong counted_down_the_columns -> neighbours_share_lines
# Right at every shape: the threads are counted along x, and given entries down the columns.
# - row = me.block.y * me.size.y + me.thread.y
# - column = me.block.x * me.size.x + me.thread.x
# - if row < C.shape[0] and column < C.shape[1]:
# + m, n = C.shape
# + wide = me.blocks.x * me.size.x
# + number = (me.block.y * me.size.y + me.thread.y) * wide + me.block.x * me.size.x + me.thread.x
# + row, column = number % m, number // m
# + if column < n:


# %% wrong sum_kept_in_c -> neighbours_share_lines
# Each term would go to far memory and back.
# -     total += A[row, p] * B[p, column]
# - C[row, column] += total
# +     C[row, column] += A[row, p] * B[p, column]

# %% wrong rows_alone_swapped -> a_column_for_each_x
# - row = me.block.y * me.size.y + me.thread.y
# + row = me.block.x * me.size.x + me.thread.x

# %% wrong thread_swapped_block_not -> edges_are_guarded_along_x_and_y
# - row = me.block.y * me.size.y + me.thread.y
# - column = me.block.x * me.size.x + me.thread.x
# + row = me.block.x * me.size.y + me.thread.y
# + column = me.block.y * me.size.x + me.thread.x

# %% wrong no_guard -> edges_are_guarded_along_x_and_y
# - if row < C.shape[0] and column < C.shape[1]:
# + if True:

# %% wrong guards_swapped -> a_column_for_each_x
# - if row < C.shape[0] and column < C.shape[1]:
# + if row < C.shape[1] and column < C.shape[0]:

# %% wrong columns_alone_guarded -> edges_are_guarded_along_x_and_y
# - if row < C.shape[0] and column < C.shape[1]:
# + if column < C.shape[1]:

# %% wrong c_overwritten -> a_column_for_each_x
# - C[row, column] += total
# + C[row, column] = total

# %% wrong last_term_alone -> a_column_for_each_x
# - total += A[row, p] * B[p, column]
# + total = A[row, p] * B[p, column]

# %% wrong factors_exchanged -> a_column_for_each_x
# - total += A[row, p] * B[p, column]
# + total += B[row, p] * A[p, column]

# %% wrong at_most_eight_terms -> coalesced_products_at_every_shape
# - for p in range(A.shape[1]):
# + for p in range(min(A.shape[1], 8)):
