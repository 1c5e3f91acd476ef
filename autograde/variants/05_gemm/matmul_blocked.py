"""Right and wrong answers to the exercise matmul_blocked."""

# %% setup
import numpy as np


# %% right ends_by_min
def matmul_blocked(A, B, C, block):
    (m, k), n = A.shape, B.shape[1]
    for i in range(0, m, block):
        i_end = min(i + block, m)
        for p in range(0, k, block):
            p_end = min(p + block, k)
            for j in range(0, n, block):
                j_end = min(j + block, n)
                C[i:i_end, j:j_end] += np.dot(A[i:i_end, p:p_end], B[p:p_end, j:j_end])
    return C


# %% right counted_blocks
def matmul_blocked(A, B, C, block):
    sides = [-(-side // block) for side in (A.shape[0], B.shape[1], A.shape[1])]
    for i, j, p in np.ndindex(*sides):
        I, J, P = (slice(q * block, (q + 1) * block) for q in (i, j, p))
        C[I, J] += np.einsum("ip,pj->ij", A[I, P], B[P, J])
    return C


# %% right sum_of_a_block_first
def matmul_blocked(A, B, C, block):
    for i in range(0, len(A), block):
        for j in range(0, B.shape[1], block):
            total = 0
            for p in range(0, len(B), block):
                total = total + np.matmul(A[i : i + block, p : p + block], B[p : p + block, j : j + block])
            C[i : i + block, j : j + block] += total
    return C


# %% right scalars_within_blocks
def matmul_blocked(A, B, C, block):
    m, k = A.shape
    n = B.shape[1]
    for i0 in range(0, m, block):
        for j0 in range(0, n, block):
            for p0 in range(0, k, block):
                for i in range(i0, min(i0 + block, m)):
                    for p in range(p0, min(p0 + block, k)):
                        C[i, j0 : j0 + block] += A[i, p] * B[p, j0 : j0 + block]
    return C


# %% right torch
def matmul_blocked(A, B, C, block):
    import torch

    a, b, c = (torch.tensor(np.ascontiguousarray(each)) for each in (A, B, C))
    for i in range(0, len(a), block):
        for j in range(0, b.shape[1], block):
            for p in range(0, len(b), block):
                c[i : i + block, j : j + block] += a[i : i + block, p : p + block] @ b[p : p + block, j : j + block]
    C[:] = c.numpy()
    return C


# %% wrong ragged_edge_dropped -> blocks_multiply_7_5_3
def matmul_blocked(A, B, C, block):
    m, k = A.shape
    n = B.shape[1]
    for i in range(m // block):
        for j in range(n // block):
            for p in range(k // block):
                I, J, P = (slice(q * block, (q + 1) * block) for q in (i, j, p))
                C[I, J] += A[I, P] @ B[P, J]
    return C


# %% wrong ragged_rows_dropped -> blocks_multiply_7_5_3
def matmul_blocked(A, B, C, block):
    m, k = A.shape
    for i in range(0, max(m - m % block, 1), block):
        for j in range(0, B.shape[1], block):
            for p in range(0, k, block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong last_block_of_p_only -> blocks_multiply_7_5_3
def matmul_blocked(A, B, C, block):
    k = A.shape[1]
    old = C.copy()
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, k, block):
                I, J, P = slice(i, i + block), slice(j, j + block), slice(p, p + block)
                C[I, J] = old[I, J] + A[I, P] @ B[P, J]
    return C


# %% wrong assigned -> blocks_multiply_7_5_3
def matmul_blocked(A, B, C, block):
    C[:] = 0
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong one_product_of_all -> products_are_no_larger_than_blocks
def matmul_blocked(A, B, C, block):
    C += A @ B
    return C


# %% wrong one_product_of_all_by_dot -> products_are_no_larger_than_blocks
def matmul_blocked(A, B, C, block):
    C += A.dot(B)
    return C


# %% wrong sum_not_cut -> products_are_no_larger_than_blocks
def matmul_blocked(A, B, C, block):
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            C[i : i + block, j : j + block] += A[i : i + block] @ B[:, j : j + block]
    return C


# %% wrong block_of_four_always -> products_are_no_larger_than_blocks
def matmul_blocked(A, B, C, block):
    block = 4
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong new_array -> blocks_add_into_c
def matmul_blocked(A, B, C, block):
    C = np.array(C)
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong float32_by_default -> blocks_stay_in_float64
def matmul_blocked(A, B, C, block):
    a, b = A.astype(np.float32), B.astype(np.float32)
    total = np.zeros(C.shape, np.float32)
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                total[i : i + block, j : j + block] += a[i : i + block, p : p + block] @ b[p : p + block, j : j + block]
    C += total
    return C


# %% wrong large_blocks_do_nothing -> blocks_of_every_size
def matmul_blocked(A, B, C, block):
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                if block > max(A.shape):
                    continue
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong square_grid -> blocks_at_every_shape
def matmul_blocked(A, B, C, block):
    m = max(A.shape[0], A.shape[1])
    for i in range(0, m, block):
        for j in range(0, m, block):
            for p in range(0, m, block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong nothing_returned -> blocks_multiply_7_5_3
def matmul_blocked(A, B, C, block):
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
