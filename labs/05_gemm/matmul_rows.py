# %% [markdown]
# ## 8 · Rows
#
# The sums may be done in another order. For each $i$ and $p$, the whole row $B_{p,:}$ times the number $A_{ip}$ belongs to row $i$ of $C$:
#
# $$C_{i,:} \leftarrow C_{i,:} + A_{ip} B_{p,:}.$$
#
# That is axpy, $n$ numbers at a time: two Python loops instead of three, and NumPy walks along memory instead of across it.
# (Columns of $A$ times rows of $B$ are as good: that is $k$ outer products. Any order is right here, as long as no library
# multiplies matrices.)

# %% nbgrader={"grade_id": "matmul_rows", "solution": true}
def matmul_rows(A, B, C):
    """Add the product of A and B to C, a row at a time.

    A: (m, k); B: (k, n); both stay as they are
    C: (m, n), float64 as a rule; it is changed in place, and keeps its dtype
    Returns C.

    Rule: two Python loops at most, none over the numbers of a row; the check counts Python's steps.
    Hint: C[i] is a view of a row: C[i] += … changes C.
    """
    ### BEGIN SOLUTION
    m, k = A.shape
    for i in range(m):
        for p in range(k):
            C[i] += A[i, p] * B[p]
    return C
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_matmul_rows", "grade": true, "points": 2}
check("matmul_rows")

# %% tags=["explore"]
ask("matmul_rows", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"


# %% ask
n = 2
A, B = np.arange(1.0, 6 * n + 1).reshape(2 * n, 3), np.arange(1.0, 16).reshape(3, 5)
matmul_rows(A, B, np.full((2 * n, 5), 10.0))


# %% visible
def _with_rows(matmul_rows: Function, A: Any, B: Any, C: Any) -> Any:
    return matmul_rows(A, B, C), A, B, C


@checks("matmul_rows")
def rows_multiply_7_5_3(student: Student, rng: Rng) -> None:
    """A (7, 5) times B (5, 3) is added to C (7, 3), row by row."""
    _expect_7_5_3(student.run(_with_rows, A=A_7_5, B=B_5_3, C=C_7_3), {})


@checks("matmul_rows")
def rows_add_into_c(student: Student, rng: Rng) -> None:
    """The array C itself holds the result, and A and B stay as they are."""
    _expect_in_place(student.run(_with_rows, A=A_7_5, B=B_5_3, C=C_7_3))
    single = C_7_3.astype(np.float32)
    _expect_single_precision_kept(student.run(_with_rows, A=A_7_5, B=B_5_3, C=single))


@checks("matmul_rows")
def rows_stay_in_float64(student: Student, rng: Rng) -> None:
    """Where C is float64, the sums have float64's sixteen digits."""
    _product_first(student.run(_with_rows, A=A_7_5, B=B_5_3, C=C_7_3))
    _expect_full_precision(student.run(_with_rows, A=FINE_A, B=FINE_B, C=FINE_C))


@checks("matmul_rows")
def rows_are_written_out(student: Student, rng: Rng) -> None:
    """No library multiplies the matrices, no @, dot, einsum or the like, and there are two Python loops at most."""
    _product_first(student.run(_with_rows, A=A_7_5, B=B_5_3, C=C_7_3))
    forbidden = FORBIDDEN - {"matmul_rows"} | {"matmul_loops"}
    _expect_forbidden_absent(student, "matmul_rows", _with_rows, forbidden)
    hint = "Add a whole row at a time, C[i] += A[i, p] * B[p]: NumPy goes through its numbers, without a third loop."
    steps = []
    with by_itself(student, "matmul_rows", hint=hint):
        for side in (4, 4, 16):
            student.call("matmul_rows", *[np.ones((side, side))] * 3)
            steps.append(student.report.steps)
    # What a first call imports is not counted. Four times the side: two loops take 16 times the steps, three 64 times.
    _, few, many = steps
    expect(min(steps) > 0, "The counting of Python's steps was switched off.", hint=hint)
    expect(
        many < 32 * few,
        "Python goes through the numbers one by one: there are three loops.",
        expected=f"about {16 * few} steps or fewer for sides of 16, where sides of 4 take {few}",
        got=f"{many} steps",
        hint=hint,
    )


matmul_rows_in_other_forms = forms("matmul_rows", "fortran", "strided", "again")


# %% hidden
def _with_rows(matmul_rows: Function, A: Any, B: Any, C: Any) -> Any:
    return matmul_rows(A, B, C), C


@checks("matmul_rows")
def rows_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of six shapes are multiplied, single rows and columns among them."""
    for shape in SHAPES:
        _expect_random_product(student, rng, _with_rows, shape)


# %% right outer_products
def matmul_rows(A, B, C):
    for p in range(A.shape[1]):
        C += A[:, p, None] * B[p]
    return C


# %% right outer_by_name
def matmul_rows(A, B, C):
    for column, row in zip(A.T, B):
        C += np.outer(column, row)
    return C


# %% right whole_row
def matmul_rows(A, B, C):
    for i, a in enumerate(A):
        C[i] = C[i] + (a[:, None] * B).sum(axis=0)
    return C


# %% right torch_without_products
def matmul_rows(A, B, C):
    import torch

    a, b, c = torch.tensor(A), torch.tensor(B), torch.tensor(C)
    for i in range(len(a)):
        c[i] += (a[i].unsqueeze(1) * b).sum(0)
    C[...] = c.numpy()
    return C


# %% wrong name_bound_anew of outer_products -> rows_add_into_c
# C itself is the result.
# - C += A[:, p, None] * B[p]
# + C = C + A[:, p : p + 1] * B[p]


# %% wrong new_array -> rows_add_into_c
def matmul_rows(A, B, C):
    result = C.copy()
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            result[i] += A[i, p] * B[p]
    return result


# %% wrong nothing_returned -> rows_multiply_7_5_3
def matmul_rows(A, B, C):
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            C[i] += A[i, p] * B[p]


# %% wrong assigned -> rows_multiply_7_5_3
# C is added to, term after term.
def matmul_rows(A, B, C):
    for i in range(A.shape[0]):
        C[i] = 0
        for p in range(A.shape[1]):
            C[i] += A[i, p] * B[p]
    return C


# %% wrong last_term_only -> rows_multiply_7_5_3
def matmul_rows(A, B, C):
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            C[i] = A[i, p] * B[p]
    return C


# %% wrong rows_times_matrix -> rows_are_written_out
# The product is left to somebody else.
def matmul_rows(A, B, C):
    for i in range(A.shape[0]):
        C[i] += A[i] @ B
    return C


# %% wrong matmul_by_name -> rows_are_written_out
def matmul_rows(A, B, C):
    from numpy import matmul as times

    for i in range(A.shape[0]):
        C[i] += times(A[i], B)
    return C


# %% wrong handed_to_the_loops -> rows_are_written_out
def matmul_rows(A, B, C):
    return matmul_loops(A, B, C)


# %% wrong outer_loop_too_short -> rows_at_every_shape
# Right for some shapes.
# - for p in range(k):
# + for p in range(min(k, 6)):


# %% wrong rows_of_a_for_rows_of_c -> rows_multiply_7_5_3
def matmul_rows(A, B, C):
    for i in range(min(A.shape)):
        for p in range(min(B.shape)):
            C[i] += A[i, p] * B[p]
    return C


# %% wrong float32_by_default -> rows_stay_in_float64
# Right up to float32's digits.
def matmul_rows(A, B, C):
    A, B = A.astype("float32"), B.astype("float32")
    for i in range(A.shape[0]):
        row = np.zeros(B.shape[1], dtype="float32")
        for p in range(A.shape[1]):
            row += A[i, p] * B[p]
        C[i] += row
    return C


# %% wrong a_copy_in_row_order -> matmul_rows_in_other_forms
def matmul_rows(A, B, C):
    D = np.ascontiguousarray(C)
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            D[i] += A[i, p] * B[p]
    return D


# %% wrong a_copy_in_float64 -> rows_add_into_c
def matmul_rows(A, B, C):
    D = np.asarray(C, dtype=float)
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            D[i] += A[i, p] * B[p]
    return D


# %% wrong number_by_number -> rows_are_written_out
# The loops of part 7 again.
def matmul_rows(A, B, C):
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            for j in range(B.shape[1]):
                C[i, j] += A[i, p] * B[p, j]
    return C


# %% wrong rows_made_of_lists -> rows_are_written_out
def matmul_rows(A, B, C):
    for i, row in enumerate(A):
        for weight, others in zip(row, B):
            C[i] = [mine + weight * other for mine, other in zip(C[i], others)]
    return C


# %% wrong matrix_for_array -> rows_are_written_out
# Of two np.matrix, * is the product of matrices.
def matmul_rows(A, B, C):
    C += np.matrix(A) * np.matrix(B)
    return C


# %% right columns_of_c
# Any order is right.
def matmul_rows(A, B, C):
    for j in range(C.shape[1]):
        C[:, j] += (A * B[:, j]).sum(axis=1)
    return C


# %% right rows_from_a_generator
def matmul_rows(A, B, C):
    for weights, row in zip(A, C):
        row += sum((weight * other for weight, other in zip(weights, B)), np.zeros_like(row))
    return C
