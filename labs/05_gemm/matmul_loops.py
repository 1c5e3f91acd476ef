# %% [markdown]
# ## 7 · Loops
#
# Now the product itself, $C \leftarrow AB + C$ with $A$ (m, k), $B$ (k, n), $C$ (m, n), in three ways. First as it is defined:
#
# $$C_{ij} \leftarrow C_{ij} + \sum_{p=1}^{k} A_{ip} B_{pj}.$$
#
# All three functions **add into the array $C$ that they are given, and return it**. In this one and the next, no library may
# multiply matrices for you: no `@`, no `dot`, no `einsum` and the like (the check reads your cell).

# %% nbgrader={"grade_id": "matmul_loops", "solution": true}
def matmul_loops(A, B, C):
    """Add the product of A and B to C, number by number.

    A: (m, k); B: (k, n); both stay as they are
    C: (m, n), float64 as a rule; it is changed in place, and keeps its dtype
    Returns C.
    """
    ### BEGIN SOLUTION
    m, k = A.shape
    n = B.shape[1]
    for i in range(m):
        for j in range(n):
            for p in range(k):
                C[i, j] += A[i, p] * B[p, j]
    return C
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_matmul_loops", "grade": true, "points": 2}
check("matmul_loops")

# %% tags=["explore"]
ask("matmul_loops", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"


# %% ask
n = 2
A = np.arange(1.0, 6 * n + 1).reshape(2 * n, 3)
B = np.arange(1.0, 3 * n + 1).reshape(3, n)
matmul_loops(A, B, np.full((2 * n, n), 10.0))


# %% visible
def _with_loops(matmul_loops: Function, A: Any, B: Any, C: Any) -> Any:
    return matmul_loops(A, B, C), A, B, C


@checks("matmul_loops")
def loops_multiply_7_5_3(student: Student, rng: Rng) -> None:
    """A (7, 5) times B (5, 3) is added to C (7, 3)."""
    _expect_7_5_3(student.run(_with_loops, A=A_7_5, B=B_5_3, C=C_7_3), {})


@checks("matmul_loops")
def loops_add_into_c(student: Student, rng: Rng) -> None:
    """The array C itself holds the result, and A and B stay as they are."""
    _expect_in_place(student.run(_with_loops, A=A_7_5, B=B_5_3, C=C_7_3))
    single = C_7_3.astype(np.float32)
    _expect_single_precision_kept(student.run(_with_loops, A=A_7_5, B=B_5_3, C=single))


@checks("matmul_loops")
def loops_stay_in_float64(student: Student, rng: Rng) -> None:
    """Where C is float64, the sums have float64's sixteen digits."""
    _product_first(student.run(_with_loops, A=A_7_5, B=B_5_3, C=C_7_3))
    _expect_full_precision(student.run(_with_loops, A=FINE_A, B=FINE_B, C=FINE_C))


@checks("matmul_loops")
def loops_are_written_out(student: Student, rng: Rng) -> None:
    """No library multiplies the matrices: no @, dot, einsum or the like in the cell."""
    _product_first(student.run(_with_loops, A=A_7_5, B=B_5_3, C=C_7_3))
    _expect_forbidden_absent(student, "matmul_loops", _with_loops, FORBIDDEN)


matmul_loops_in_other_forms = forms("matmul_loops", "fortran", "strided", "again")


# %% hidden
def _with_loops(matmul_loops: Function, A: Any, B: Any, C: Any) -> Any:
    return matmul_loops(A, B, C), C


@checks("matmul_loops")
def loops_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of six shapes are multiplied, single rows and columns among them."""
    for shape in SHAPES:
        _expect_random_product(student, rng, _with_loops, shape)


# %% right sum_first
def matmul_loops(A, B, C):
    for i in range(len(A)):
        for j in range(len(B[0])):
            total = 0.0
            for p in range(len(B)):
                total += A[i][p] * B[p][j]
            C[i, j] += total
    return C


# %% right other_order
def matmul_loops(A, B, C):
    for p in range(A.shape[1]):
        for j in range(B.shape[1]):
            for i in range(A.shape[0]):
                C[i, j] = C[i, j] + A[i, p] * B[p, j]
    return C


# %% right all_indices
def matmul_loops(A, B, C):
    for i, j in np.ndindex(C.shape):
        C[i, j] += sum(a * b for a, b in zip(A[i], B[:, j]))
    return C


# %% right variable_named_dot
def matmul_loops(A, B, C):
    for i in range(C.shape[0]):
        for j in range(C.shape[1]):
            dot = 0.0
            for inner in range(A.shape[1]):
                dot += A[i, inner] * B[inner, j]
            C[i, j] += dot
    return C


# %% right helper_of_that_name
# One's own dot is no library's.
def dot(u, v):
    total = 0.0
    for a, b in zip(u, v):
        total += a * b
    return total


def matmul_loops(A, B, C):
    for i in range(len(A)):
        for j in range(B.shape[1]):
            C[i, j] += dot(A[i], B[:, j])
    return C


# %% wrong assigned -> loops_multiply_7_5_3
# C is added to, term after term.
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            C[i, j] = sum(A[i, p] * B[p, j] for p in range(A.shape[1]))
    return C


# %% wrong last_term_only -> loops_multiply_7_5_3
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for p in range(A.shape[1]):
                C[i, j] = A[i, p] * B[p, j]
    return C


# %% wrong new_array -> loops_add_into_c
# C itself is the result.
def matmul_loops(A, B, C):
    C = C.copy()
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for p in range(A.shape[1]):
                C[i, j] += A[i, p] * B[p, j]
    return C


# %% wrong nothing_returned -> loops_multiply_7_5_3
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for p in range(A.shape[1]):
                C[i, j] += A[i, p] * B[p, j]


# %% wrong operator_in_the_loops -> loops_are_written_out
# The loops are left to somebody else.
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            C[i, j] += A[i] @ B[:, j]
    return C


# %% wrong dot_in_the_loops -> loops_are_written_out
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            C[i, j] += np.dot(A[i], B[:, j])
    return C


# %% wrong dot_by_another_name -> loops_are_written_out
def matmul_loops(A, B, C):
    multiply = getattr(np, "einsum")
    C += multiply("ij,jk->ik", A, B)
    return C


# %% wrong handed_to_the_blocks -> loops_are_written_out
def matmul_loops(A, B, C):
    return matmul_blocked(A, B, C, 1)


# %% wrong square_only -> loops_multiply_7_5_3
# Right for some shapes.
def matmul_loops(A, B, C):
    n = len(A)
    for i in range(n):
        for j in range(n):
            for p in range(n):
                C[i, j] += A[i, p] * B[p, j]
    return C


# %% wrong second_matrix_transposed -> loops_multiply_7_5_3
def matmul_loops(A, B, C):
    B = B.reshape(B.shape[::-1])
    for i in range(A.shape[0]):
        for j in range(B.shape[0]):
            for p in range(A.shape[1]):
                C[i, j] += A[i, p] * B[j, p]
    return C


# %% wrong last_row_forgotten -> loops_at_every_shape
def matmul_loops(A, B, C):
    for i in range(max(A.shape[0] - (A.shape[0] == 6), 1)):
        for j in range(B.shape[1]):
            for p in range(A.shape[1]):
                C[i, j] += A[i, p] * B[p, j]
    return C


# %% wrong float32_by_default -> loops_stay_in_float64
# Right up to float32's digits.
def matmul_loops(A, B, C):
    A, B = np.float32(A), np.float32(B)
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            total = np.float32(0)
            for p in range(A.shape[1]):
                total += A[i, p] * B[p, j]
            C[i, j] += total
    return C


# %% wrong a_is_used_up -> loops_add_into_c
# Right numbers, but A is gone.
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            row = A[i, p] * B[p]
            for j in range(B.shape[1]):
                C[i, j] += row[j]
            A[i, p] = 0
    return C


# %% wrong reshape_taken_for_a_view -> matmul_loops_in_other_forms
def matmul_loops(A, B, C):
    a, b = A.reshape(-1), B.reshape(-1)
    flat = C.reshape(-1)
    m, k = A.shape
    n = B.shape[1]
    for i in range(m):
        for j in range(n):
            for p in range(k):
                flat[i * n + j] += a[i * k + p] * b[p * n + j]
    return C


# %% wrong correlation_for_a_dot_product -> loops_are_written_out
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            C[i, j] += np.correlate(A[i], B[:, j])[0]
    return C
