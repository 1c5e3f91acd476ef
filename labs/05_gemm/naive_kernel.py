# %% [markdown]
# ## 12 · A thread for each entry
#
# A product has $mn$ entries, so take $mn$ threads, in a grid with two axes. Thread $(i, j)$ adds up $\sum_p A_{ip} B_{pj}$ in a variable of its
# own, a **register** (the fastest memory that there is), and adds the sum to $C_{ij}$ at the end.
#
# It is natural to let $x$, which comes first, count rows, and $y$ columns. Do so here. The next part shows what that costs.

# %% nbgrader={"grade_id": "naive_kernel", "solution": true}
def naive_kernel(me, A, B, C):
    """Add the product of A and B to C, one entry for each thread.

    me: this thread: me.block, me.thread and me.size have an x and a y each
    A: (m, k); B: (k, n); both stay as they are; C: (m, n) is changed
    Along x the grid has m threads or more, one for each row; along y n or more, one for each column.
    A thread reads k numbers of A and k of B, and reads and writes its entry of C once.

    Hint: A.shape, B.shape and C.shape are there, as in NumPy; one element is A[row, column].
    """
    ### BEGIN SOLUTION
    row = me.block.x * me.size.x + me.thread.x
    column = me.block.y * me.size.y + me.thread.y
    if row < C.shape[0] and column < C.shape[1]:
        total = 0.0
        for p in range(A.shape[1]):
            total += A[row, p] * B[p, column]
        C[row, column] += total
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_naive_kernel", "grade": true, "points": 2}
check("naive_kernel")


# %% visible
def _with_naive_kernel(naive_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(naive_kernel, cases)


@checks("naive_kernel")
def a_thread_for_each_entry(student: Student, rng: Rng) -> None:
    """One block of 7 × 3 threads adds the product of A (7, 5) and B (5, 3) to C (7, 3)."""
    (made,) = launched(student, "naive_kernel", _with_naive_kernel, [_product_case((7, 3), x_is_row=True)])
    swapped = C_7_3.copy()
    swapped[:3] += PRODUCT_7_3[:3]
    _expect_product(made, {"Only rows 0 to 2 have changed: here the thread's x is the row, its y the column.": swapped})


@checks("naive_kernel")
def both_edges_of_c_are_guarded(student: Student, rng: Rng) -> None:
    """With blocks of 4 × 2 threads, which divide neither 7 nor 3, threads past an edge do nothing."""
    cases = [_product_case(threads, seed, x_is_row=True) for seed, threads in enumerate(((4, 2), (4, 2), (2, 4)))]
    for made in launched(student, "naive_kernel", _with_naive_kernel, cases):
        _expect_product(made)


@checks("naive_kernel")
def a_thread_reads_2k_numbers(student: Student, rng: Rng) -> None:
    """For 7, 5 and 3, A and B are read 7 · 5 · 3 = 105 times each, and each entry of C is read and written once."""
    (made,) = launched(student, "naive_kernel", _with_naive_kernel, [_product_case((4, 2), x_is_row=True)])
    _expect_product(made)
    hint = "Add up in a variable of the thread's own, and touch C once, after the loop."
    expect_equal(made["reads"], {"A": 105, "B": 105, "C": 21}, hint=hint, what="How often elements are read, by array,")
    expect_equal(made["writes"], {"A": 0, "B": 0, "C": 21}, hint=hint, what="How often elements are written to,")


# %% hidden
def _with_naive_kernel(naive_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(naive_kernel, cases)


@checks("naive_kernel")
def naive_products_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of many shapes, in blocks of many sizes, are multiplied right, with 2k reads a thread."""
    shapes = [((1, 1, 1), (2, 3)), ((4, 4, 4), (2, 2)), ((1, 6, 3), (1, 8)), ((5, 1, 2), (4, 1)), ((6, 11, 9), (3, 4))]
    drawn = [_random_product(rng, shape, threads, x_is_row=True) for shape, threads in shapes]
    found = _expect_random_launches(student, "naive_kernel", _with_naive_kernel, drawn)
    for made, ((m, k, n), _) in zip(found, shapes, strict=True):
        right = {"A": m * k * n, "B": m * k * n, "C": m * n}
        expect(made["reads"] == right, "Elements are read too often.", hint="A thread reads k of A, k of B, one of C.")


# %% right early_return
def naive_kernel(me, A, B, C):
    i, j = (b * s + t for b, s, t in zip(me.block, me.size, me.thread))
    m, n = C.shape
    if i >= m or j >= n:
        return
    C[i, j] = C[i, j] + sum(A[i, p] * B[p, j] for p in range(len(B)))


# %% right sum_begins_at_c
def naive_kernel(me, A, B, C):
    row, column = me.thread.x + me.block.x * me.size.x, me.thread.y + me.block.y * me.size.y
    if row < A.shape[0]:
        if column < B.shape[1]:
            entry = C[row, column]
            for p in range(B.shape[0]):
                entry = entry + A[row, p] * B[p, column]
            C[row, column] = entry


# %% right numpy_registers
def naive_kernel(me, A, B, C):
    row = np.int64(me.block.x * me.size.x + me.thread.x)
    column = np.int64(me.block.y * me.size.y + me.thread.y)
    if row < C.shape[0] and column < C.shape[1]:
        a = np.array([A[row, p] for p in range(A.shape[1])])
        b = np.array([B[p, column] for p in range(A.shape[1])])
        C[row, column] += np.float64((a * b).sum())


# %% wrong no_guard -> both_edges_of_c_are_guarded
# The grid is larger than C.
# - if row < C.shape[0] and column < C.shape[1]:
# + if True:

# %% wrong rows_alone_guarded -> both_edges_of_c_are_guarded
# - if row < C.shape[0] and column < C.shape[1]:
# + if row < C.shape[0]:

# %% wrong columns_alone_guarded -> both_edges_of_c_are_guarded
# - if row < C.shape[0] and column < C.shape[1]:
# + if column < C.shape[1]:

# %% wrong either_edge_will_do -> both_edges_of_c_are_guarded
# - if row < C.shape[0] and column < C.shape[1]:
# + if row < C.shape[0] or column < C.shape[1]:

# %% wrong guards_swapped -> a_thread_for_each_entry
# - if row < C.shape[0] and column < C.shape[1]:
# + if row < C.shape[1] and column < C.shape[0]:

# %% wrong row_and_column_swapped -> a_thread_for_each_entry
# x counts rows here.
# - row = me.block.x * me.size.x + me.thread.x
# - column = me.block.y * me.size.y + me.thread.y
# + column = me.block.x * me.size.x + me.thread.x
# + row = me.block.y * me.size.y + me.thread.y

# %% wrong block_forgotten -> both_edges_of_c_are_guarded
# - row = me.block.x * me.size.x + me.thread.x
# + row = me.thread.x

# %% wrong one_size_for_both -> both_edges_of_c_are_guarded
# - column = me.block.y * me.size.y + me.thread.y
# + column = me.block.y * me.size.x + me.thread.y

# %% wrong c_overwritten -> a_thread_for_each_entry
# Both are sums: += twice.
# - C[row, column] += total
# + C[row, column] = total

# %% wrong last_term_alone -> a_thread_for_each_entry
# - total += A[row, p] * B[p, column]
# + total = A[row, p] * B[p, column]

# %% wrong transposed_b -> a_thread_for_each_entry
# - total += A[row, p] * B[p, column]
# + total += A[row, p] * B[column, p]

# %% wrong inner_length_from_rows -> a_thread_for_each_entry
# - for p in range(A.shape[1]):
# + for p in range(A.shape[0]):

# %% wrong inner_length_from_columns -> a_thread_for_each_entry
# - for p in range(A.shape[1]):
# + for p in range(B.shape[1]):

# %% wrong sum_kept_in_c -> a_thread_reads_2k_numbers
# Each term would go to far memory and back.
# -     total += A[row, p] * B[p, column]
# - C[row, column] += total
# +     C[row, column] += A[row, p] * B[p, column]

# %% wrong whole_row_of_entries -> a_thread_for_each_entry
# One thread, one entry.
# - C[row, column] += total
# + for j in range(C.shape[1]):
# +     C[row, j] += total

# %% wrong at_most_eight_terms -> naive_products_at_every_shape
# - for p in range(A.shape[1]):
# + for p in range(min(A.shape[1], 8)):
