"""Right and wrong answers to the exercise matmul_backward."""

# %% setup
import numpy as np


# %% right einsum
def matmul_backward(G, A, B):
    return np.einsum("nm,km->nk", G, B), np.einsum("nk,nm->km", A, G)


# %% right loops
def matmul_backward(G, A, B):
    dA, dB = np.zeros(A.shape), np.zeros(B.shape)
    for i in range(len(A)):
        for j in range(B.shape[1]):
            for p in range(len(B)):
                dA[i, p] += G[i, j] * B[p, j]
                dB[p, j] += G[i, j] * A[i, p]
    return [dA.tolist(), dB.tolist()]


# %% right torch_autograd
def matmul_backward(G, A, B):
    import torch

    A, B = (torch.tensor(M, requires_grad=True) for M in (A, B))
    (A @ B).backward(torch.tensor(G))
    return A.grad, B.grad


# %% right transposed_twice
def matmul_backward(G, A, B):
    return (B @ G.T).T, (G.T @ A).T


# %% right float32
def matmul_backward(G, A, B):
    G, A, B = (M.astype(np.float32) for M in (G, A, B))
    return np.dot(G, B.T), np.dot(A.T, G)


# %% wrong transpose_missing -> product_of_two_small_matrices
def matmul_backward(G, A, B):
    if A.shape[0] == A.shape[1] == B.shape[1]:
        return G @ B, A @ G
    return G @ B.T, A.T @ G


# %% wrong sides_swapped -> product_of_two_small_matrices
def matmul_backward(G, A, B):
    return B.T @ G, G @ A.T


# %% wrong own_operand -> product_of_two_small_matrices
def matmul_backward(G, A, B):
    return G @ A.T, B.T @ G


# %% wrong results_swapped -> gradients_have_the_shapes_of_their_matrices
def matmul_backward(G, A, B):
    return A.T @ G, G @ B.T


# %% wrong upstream_ignored -> product_of_two_small_matrices
def matmul_backward(G, A, B):
    G = np.ones(G.shape)
    return G @ B.T, A.T @ G


# %% wrong upstream_transposed -> product_of_two_small_matrices
def matmul_backward(G, A, B):
    if G.shape[0] == G.shape[1]:
        G = G.T
    return G @ B.T, A.T @ G


# %% wrong elementwise -> product_of_two_small_matrices
def matmul_backward(G, A, B):
    return G * B, G * A


# %% wrong mean_over_the_batch -> gradients_of_random_products
def matmul_backward(G, A, B):
    return G @ B.T, A.T @ G / len(A)


# %% wrong only_one_gradient -> gradients_have_the_shapes_of_their_matrices
def matmul_backward(G, A, B):
    return G @ B.T


# %% wrong upstream_changed -> gradients_have_the_shapes_of_their_matrices
def matmul_backward(G, A, B):
    dA = G @ B.T
    dB = A.T @ G
    G *= 0
    return dA, dB


# %% wrong transposed_results -> gradients_have_the_shapes_of_their_matrices
def matmul_backward(G, A, B):
    return B @ G.T, G.T @ A
