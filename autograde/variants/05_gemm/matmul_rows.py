"""Right and wrong answers to the exercise matmul_rows."""

# %% setup
import numpy as np


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


# %% wrong assigned -> rows_multiply_7_5_3
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


# %% wrong new_array -> rows_add_into_c
def matmul_rows(A, B, C):
    result = C.copy()
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            result[i] += A[i, p] * B[p]
    return result


# %% wrong name_bound_anew -> rows_add_into_c
def matmul_rows(A, B, C):
    for p in range(A.shape[1]):
        C = C + A[:, p : p + 1] * B[p]
    return C


# %% wrong rows_times_matrix -> rows_are_written_out
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


# %% wrong float32_by_default -> rows_stay_in_float64
def matmul_rows(A, B, C):
    A, B = A.astype("float32"), B.astype("float32")
    for i in range(A.shape[0]):
        row = np.zeros(B.shape[1], dtype="float32")
        for p in range(A.shape[1]):
            row += A[i, p] * B[p]
        C[i] += row
    return C


# %% wrong rows_of_a_for_rows_of_c -> rows_multiply_7_5_3
def matmul_rows(A, B, C):
    for i in range(min(A.shape)):
        for p in range(min(B.shape)):
            C[i] += A[i, p] * B[p]
    return C


# %% wrong outer_loop_too_short -> rows_at_every_shape
def matmul_rows(A, B, C):
    m, k = A.shape
    for i in range(m):
        for p in range(min(k, 6)):
            C[i] += A[i, p] * B[p]
    return C


# %% wrong nothing_returned -> rows_multiply_7_5_3
def matmul_rows(A, B, C):
    for i in range(A.shape[0]):
        for p in range(A.shape[1]):
            C[i] += A[i, p] * B[p]
