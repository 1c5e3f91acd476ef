"""Right and wrong answers to the exercise repaired_backward."""

# %% setup
import numpy as np


# %% right one_expression_a_line
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    return H1.T @ dZ2 + X.T @ dZ1, db + np.ones(len(X)) @ dZ1, dv


# %% right torch_autograd
def repaired_backward(W, b, v, X, t):
    import torch

    W, b, v = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (W, b, v))
    X, t = torch.as_tensor(X, dtype=torch.float64), torch.as_tensor(t, dtype=torch.float64)
    H = torch.tanh(torch.tanh(X @ W + b) @ W + b)
    ((H @ v - t) ** 2).mean().backward()
    return [W.grad, b.grad, v.grad]


# %% right loops_over_examples
def repaired_backward(W, b, v, X, t):
    dW, db, dv = np.zeros(W.shape), np.zeros(b.shape), np.zeros(v.shape)
    for x, target in zip(X, t):
        h1 = np.tanh(x @ W + b)
        h2 = np.tanh(h1 @ W + b)
        ds = 2 * (h2 @ v - target) / len(X)
        dz2 = ds * v * (1 - h2**2)
        dz1 = (W @ dz2) * (1 - h1**2)
        dW += np.outer(h1, dz2) + np.outer(x, dz1)
        db += dz1 + dz2
        dv += ds * h2
    return dW, db, dv


# %% right einsum
def repaired_backward(W, b, v, X, t):
    H1 = np.tanh(np.einsum("ni,ij->nj", X, W) + b)
    H2 = np.tanh(np.einsum("ni,ij->nj", H1, W) + b)
    ds = 2 * (np.einsum("nj,j->n", H2, v) - t) / t.size
    dZ2 = np.einsum("n,j->nj", ds, v) / np.cosh(np.arctanh(H2)) ** 2
    dZ1 = np.einsum("nj,ij->ni", dZ2, W) * (1 - H1) * (1 + H1)
    dW = np.einsum("ni,nj->ij", H1, dZ2) + np.einsum("ni,nj->ij", X, dZ1)
    return dW, np.einsum("nj->j", dZ1 + dZ2), np.einsum("nj,n->j", H2, ds)


# %% wrong as_it_was_given -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W
    dZ1 = dH1 * (1 - Z1**2)
    dW = X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong transpose_missing -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong slope_of_the_wrong_s -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - Z1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong second_use_replaces_the_first -> gradient_along_W
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW = X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong only_the_transpose_found -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - Z1**2)
    dW = X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong only_the_slope_found -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W
    dZ1 = dH1 * (1 - H1**2)
    dW = X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong only_the_second_use_found -> gradient_along_W
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W
    dZ1 = dH1 * (1 - Z1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong transposed_too_often -> gradient_along_W
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += (X.T @ dZ1).T
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong slope_of_the_other_step -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H2**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong mean_forgotten -> gradient_along_v
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong mean_taken_twice -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1.mean(axis=0)
    return dW, db, dv


# %% wrong bias_of_the_second_step_only -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    return dW, db, dv


# %% wrong weights_of_the_second_step_only -> gradient_along_W
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong too_much_repaired -> gradient_along_v
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H1.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% wrong bias_not_summed -> gradient_along_b
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.copy()
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1
    return dW, db, dv


# %% wrong weights_moved_on_the_way -> backward_leaves_its_inputs_alone
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    W -= 1e-9 * dW
    return dW, db, dv


# %% wrong another_order -> gradient_along_W
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dv, db, dW


# %% wrong mean_over_the_units -> gradients_of_random_nets
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / 3
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv
