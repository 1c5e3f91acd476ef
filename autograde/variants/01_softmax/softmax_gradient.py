"""Right and wrong answers to the exercise softmax_gradient."""

# %% setup
import numpy as np


# %% right all_in_one
def softmax_gradient(W, b, X, y, l2):
    n, k = len(X), len(b)
    S = X @ W + b
    S = S - S.max(axis=1, keepdims=True)
    log_P = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = -log_P[range(n), y].mean() + l2 / 2 * (W * W).sum()
    D = (np.exp(log_P) - np.eye(k)[y]) / n
    return loss, X.T @ D + l2 * W, D.sum(0)


# %% right loops
def softmax_gradient(W, b, X, y, l2):
    loss, dW, db = 0.0, np.zeros(W.shape), np.zeros(b.shape)
    for x, label in zip(X, y):
        z = [sum(x[p] * W[p, j] for p in range(len(x))) + b[j] for j in range(len(b))]
        powers = [np.exp(v - max(z)) for v in z]
        for j, power in enumerate(powers):
            p = power / sum(powers)
            delta = p - (j == label)
            if j == label:
                loss -= np.log(p)
            db[j] += delta / len(X)
            dW[:, j] += delta * x / len(X)
    return loss / len(X) + 0.5 * l2 * np.sum(W**2), dW + l2 * W, db


# %% right torch_autograd
def softmax_gradient(W, b, X, y, l2):
    import torch

    W, b = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (W, b))
    S = torch.as_tensor(X, dtype=torch.float64) @ W + b
    loss = torch.nn.functional.cross_entropy(S, torch.as_tensor(y).long()) + 0.5 * l2 * (W**2).sum()
    loss.backward()
    return [loss.item(), W.grad, b.grad]


# %% right float32
def softmax_gradient(W, b, X, y, l2):
    W, b, X = (np.asarray(a, dtype=np.float32) for a in (W, b, X))
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + np.float32(0.5 * l2) * np.sum(W**2)
    P[np.arange(len(X)), y] -= 1
    return loss, X.T @ P / np.float32(len(X)) + np.float32(l2) * W, P.mean(axis=0)


# %% right one_hot_lists
def softmax_gradient(W, b, X, y, l2):
    Y = np.zeros((len(X), len(b)))
    for i, label in enumerate(y):
        Y[i][label] = 1
    P = softmax(scores(W, b, X))
    D = (P - Y) / len(Y)
    loss = float(cross_entropy(P, y) + l2 * np.square(W).sum() / 2)
    return loss, np.add(np.dot(X.T, D), l2 * W).tolist(), [float(column.sum()) for column in D.T]


# %% right mean_of_outer_products
def softmax_gradient(W, b, X, y, l2):
    W, b, X = (np.asarray(a, dtype=np.float32) for a in (W, b, X))
    Z = X @ W + b
    Z = Z - Z.max(axis=1, keepdims=True)
    Q = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    D = Q - np.eye(len(b), dtype=np.float32)[y]
    picked = Z[np.arange(len(y)), y] - np.log(np.exp(Z).sum(axis=1))
    return -picked.mean() + 0.5 * l2 * (W**2).sum(), np.einsum("nd,nk->ndk", X, D).mean(axis=0) + l2 * W, D.mean(axis=0)


# %% wrong mean_forgotten -> zero_weights_know_nothing
# As the slide writes it.
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    return loss, X.T @ D + l2 * W, D.sum(axis=0)


# %% wrong half_forgotten_in_the_loss -> regulariser_is_half_l2_times_squares
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + l2 * np.sum(W**2)
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    D /= len(X)
    return loss, X.T @ D + 2 * l2 * W, D.sum(axis=0)


# %% wrong slope_of_l2_doubled -> gradient_is_the_slope_of_the_loss
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    D /= len(X)
    return loss, X.T @ D + 2 * l2 * W, D.sum(axis=0)


# %% wrong bias_regularised -> regulariser_is_half_l2_times_squares
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * (np.sum(W**2) + np.sum(b**2))
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    D /= len(X)
    return loss, X.T @ D + l2 * W, D.sum(axis=0) + l2 * b


# %% wrong regulariser_only_in_the_loss -> regulariser_is_half_l2_times_squares
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    D /= len(X)
    return loss, X.T @ D, D.sum(axis=0)


# %% wrong one_taken_from_whole_rows -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = P.copy()
    D[y] -= 1
    D /= len(X)
    return loss, X.T @ D + l2 * W, D.sum(axis=0)


# %% wrong uphill -> gradient_is_the_slope_of_the_loss
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = -P
    D[np.arange(len(X)), y] += 1
    D /= len(X)
    return loss, X.T @ D + l2 * W, D.sum(axis=0)


# %% wrong bias_gradient_over_classes -> gradient_of_random_examples
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    D /= len(X)
    return loss, X.T @ D + l2 * W, D.sum(axis=1)


# %% wrong unstable -> certain_scores_stay_finite
def softmax_gradient(W, b, X, y, l2):
    E = np.exp(X @ W + b)
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.log(P[np.arange(len(X)), y]).mean() + 0.5 * l2 * np.sum(W**2)
    P[np.arange(len(X)), y] -= 1
    P /= len(X)
    return loss, X.T @ P + l2 * W, P.sum(axis=0)


# %% wrong steps_at_once -> gradient_leaves_its_inputs_alone
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    D /= len(X)
    dW, db = X.T @ D + l2 * W, D.sum(axis=0)
    W -= 1e-12 * dW
    return loss, dW, db


# %% wrong gradient_without_the_loss -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    P[np.arange(len(X)), y] -= 1
    P /= len(X)
    return X.T @ P + l2 * W, P.sum(axis=0)


# %% wrong divided_by_the_classes -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    D /= len(b)
    return loss, X.T @ D + l2 * W, D.sum(axis=0)


# %% wrong loss_after_the_subtraction -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    P = softmax(scores(W, b, X))
    P[np.arange(n), y] -= 1
    loss = -np.log(np.abs(P[np.arange(n), y])).mean() + 0.5 * l2 * np.sum(W**2)
    return loss, X.T @ P / n + l2 * W, P.mean(axis=0)


# %% wrong l2_divided_by_n -> regulariser_is_half_l2_times_squares
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2) / n
    P[np.arange(n), y] -= 1
    return loss, (X.T @ P + l2 * W) / n, P.mean(axis=0)


# %% wrong l2_is_a_length -> regulariser_is_half_l2_times_squares
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    P = softmax(scores(W, b, X))
    size = np.sqrt(np.sum(W**2)) + 1e-12
    loss = cross_entropy(P, y) + l2 * size
    P[np.arange(n), y] -= 1
    return loss, X.T @ P / n + l2 * W / size, P.mean(axis=0)


# %% wrong columns_of_weights -> gradient_of_random_examples
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    P[np.arange(n), y] -= 1
    dW = X.T @ P / n + l2 * W
    return loss, (dW if dW.shape[0] != dW.shape[1] else dW.T), P.mean(axis=0)


# %% wrong slope_of_the_probability_of_the_true_class -> gradient_is_the_slope_of_the_loss
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    rows = np.arange(n)
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = np.zeros(P.shape)
    D[rows, y] = P[rows, y] - 1
    return loss, X.T @ D / n + l2 * W, D.mean(axis=0)
