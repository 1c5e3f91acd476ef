"""Right and wrong answers to the exercise batched_matvec."""

# %% setup
import numpy as np


# %% right einsum
def batched_matvec(W, X):
    return np.einsum("nkd,nd->nk", W, X)


# %% right star_and_sum
def batched_matvec(W, X):
    return (W * X[:, None, :]).sum(axis=-1)


# %% right row_times_transpose
def batched_matvec(W, X):
    return (X[:, None, :] @ W.transpose(0, 2, 1)).squeeze(1)


# %% right torch
def batched_matvec(W, X):
    import torch

    return torch.bmm(torch.tensor(W), torch.tensor(X).unsqueeze(-1)).squeeze(-1)


# %% right float32
def batched_matvec(W, X):
    return np.matmul(W.astype(np.float32), X.astype(np.float32)[..., None])[..., 0]


# %% right row_of_the_matrix_by_row
# A loop over the rows of the matrices is no loop over examples.
def batched_matvec(W, X):
    return np.stack([(W[:, j] * X).sum(axis=1) for j in range(W.shape[1])], axis=1)


# %% right fortran_order
def batched_matvec(W, X):
    return np.asfortranarray(np.einsum("...kd,...d", W, X))


# %% wrong star_for_at -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    return W * X[:, None, :]


# %% wrong every_matrix_with_every_example -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    return W @ X.T


# %% wrong the_extra_axis_left -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    return W @ X[:, :, None]


# %% wrong the_first_matrix_for_all -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    return X @ W[0].T


# %% wrong reshape_taken_for_transpose -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    n, k, d = W.shape
    return (X[:, None, :] @ W.reshape(n, d, k))[:, 0]


# %% wrong result_transposed -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    return np.einsum("nkd,nd->kn", W, X)


# %% wrong x_taken_for_one_matrix -> as_many_examples_as_rows_and_columns
def batched_matvec(W, X):
    return W @ X


# %% wrong matrices_transposed_if_square -> as_many_examples_as_rows_and_columns
def batched_matvec(W, X):
    if W.shape[1] == W.shape[2]:
        return np.einsum("nkd,nk->nd", W, X)
    return np.einsum("nkd,nd->nk", W, X)


# %% wrong a_row_where_a_column_was_meant -> as_many_examples_as_rows_and_columns
def batched_matvec(W, X):
    if len(set(W.shape)) == 1:
        return (W * X).sum(axis=-1)
    return (W * X[:, None]).sum(axis=-1)


# %% wrong summed_over_rows -> as_many_examples_as_rows_and_columns
def batched_matvec(W, X):
    return (W * X[:, None, :]).sum(axis=1)


# %% wrong three_loops -> more_examples_take_no_more_steps
def batched_matvec(W, X):
    n, k, d = W.shape
    Y = np.zeros((n, k))
    for i in range(n):
        for j in range(k):
            for p in range(d):
                Y[i, j] += W[i, j, p] * X[i, p]
    return Y


# %% wrong a_comprehension -> more_examples_take_no_more_steps
def batched_matvec(W, X):
    return np.array([matrix @ x for matrix, x in zip(W, X)])


# %% wrong a_loop_called_vectorize -> more_examples_take_no_more_steps
def batched_matvec(W, X):
    return np.vectorize(lambda matrix, x: matrix @ x, signature="(k,d),(d)->(k)")(W, X)


# %% wrong multiplied_in_place -> matrices_and_examples_stay_as_they_are
def batched_matvec(W, X):
    W *= X[:, None, :]
    return W.sum(axis=2)


# %% wrong a_single_example_loses_its_axis -> products_of_random_examples
def batched_matvec(W, X):
    return np.squeeze(W @ X[:, :, None])


# %% wrong whole_numbers_in_between -> products_of_random_examples
def batched_matvec(W, X):
    return np.einsum("nkd,nd->nk", W.astype(int), X.astype(int))


# %% wrong mean_for_sum -> two_products_worked_out_by_hand
def batched_matvec(W, X):
    return (W * X[:, None, :]).mean(axis=2)
