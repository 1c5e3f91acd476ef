"""Right and wrong answers to the exercise scores."""

# %% setup
import numpy as np


# %% right loops
def scores(W, b, X):
    S = np.empty((len(X), len(b)))
    for i, x in enumerate(X):
        for j in range(len(b)):
            S[i, j] = sum(x[p] * W[p, j] for p in range(len(x))) + b[j]
    return S


# %% right torch_float32
def scores(W, b, X):
    import torch

    W, b, X = (torch.tensor(a, dtype=torch.float32) for a in (W, b, X))
    return torch.addmm(b, X, W)


# %% right list_of_rows
def scores(W, b, X):
    return [list(x @ W + b) for x in X]


# %% right fortran_order
def scores(W, b, X):
    return (W.T @ X.T + b[:, None]).T


# %% right homogeneous_coordinates
def scores(W, b, X):
    return np.hstack([X, np.ones((len(X), 1))]) @ np.vstack([W, b])


# %% right matrix_class
def scores(W, b, X):
    return np.asmatrix(X) * np.asmatrix(W) + b


# %% wrong bias_forgotten -> scores_of_three_examples
def scores(W, b, X):
    return X @ W


# %% wrong bias_on_rows -> scores_of_three_examples
def scores(W, b, X):
    return X @ W + b[:, None]


# %% wrong columns_are_examples -> scores_have_a_row_an_example
def scores(W, b, X):
    return (X @ W + b).T


# %% wrong slide_order -> scores_of_three_examples
def scores(W, b, X):
    return W @ X + b


# %% wrong bias_added_into_the_input -> scores_leave_their_inputs_alone
def scores(W, b, X):
    W *= 1.0
    X[:, 0] += 1e-9
    return X @ W + b


# %% wrong right_for_three_classes_only -> scores_of_random_examples
def scores(W, b, X):
    return X @ W + (b if len(b) == len(X) else b * 0)


# %% wrong bias_multiplied -> scores_of_three_examples
def scores(W, b, X):
    return X @ W * b


# %% wrong bias_as_a_column_of_the_features -> scores_of_random_examples
def scores(W, b, X):
    return X @ (W + b / X.sum(axis=1).mean())
