"""Right and wrong answers to the exercise matmul_loops."""

# %% setup
import numpy as np


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


# %% wrong assigned -> loops_multiply_7_5_3
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


# %% wrong float32_by_default -> loops_stay_in_float64
def matmul_loops(A, B, C):
    A, B = np.float32(A), np.float32(B)
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            total = np.float32(0)
            for p in range(A.shape[1]):
                total += A[i, p] * B[p, j]
            C[i, j] += total
    return C


# %% wrong last_row_forgotten -> loops_at_every_shape
def matmul_loops(A, B, C):
    for i in range(max(A.shape[0] - (A.shape[0] == 6), 1)):
        for j in range(B.shape[1]):
            for p in range(A.shape[1]):
                C[i, j] += A[i, p] * B[p, j]
    return C


# %% wrong a_is_used_up -> loops_add_into_c
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            row = A[i, p] * B[p]
            for j in range(B.shape[1]):
                C[i, j] += row[j]
            A[i, p] = 0
    return C
