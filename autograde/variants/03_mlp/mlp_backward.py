"""Right and wrong answers to the exercise mlp_backward."""

# %% setup
import numpy as np
import torch


# %% right own_cache_and_forward
def mlp_forward(params, X):
    inputs, bends = [], []
    for i, (W, b) in enumerate(params):
        inputs.append(X)
        Z = X @ W + b
        bends.append(Z)
        X = np.maximum(Z, 0) if i < len(params) - 1 else Z
    return X, (inputs, bends)


def mlp_backward(params, cache, y):
    inputs, bends = cache
    E = np.exp(bends[-1] - bends[-1].max(axis=1, keepdims=True))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(E.shape[1])[y]) / len(y)
    grads = [None] * len(params)
    for i in range(len(params) - 1, -1, -1):
        grads[i] = inputs[i].T @ D, D.sum(0)
        if i:
            D = D @ params[i][0].T * d_relu(bends[i - 1])
    return grads


# %% right einsum_and_ones
def mlp_backward(params, cache, y):
    *signals, logits = cache
    log_p = logits - logits.max(axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    one_hot = (np.arange(logits.shape[1]) == np.reshape(y, (-1, 1))).astype(float)
    D, grads = (np.exp(log_p) - one_hot) / len(one_hot), []
    for (W, b), A in zip(reversed(params), reversed(signals)):
        grads.append([np.einsum("ni,nj->ij", A, D), np.ones(len(D)) @ D])
        D = np.einsum("nj,ij->ni", D, W) * np.where(A > 0, 1, 0)
    return list(reversed(grads))


# %% right autograd
def mlp_backward(params, cache, y):
    layers = [[torch.tensor(part, requires_grad=True) for part in layer] for layer in params]
    signal = torch.tensor(cache[0])
    for i, (W, b) in enumerate(layers):
        signal = (torch.relu(signal) if i else signal) @ W + b
    torch.nn.functional.cross_entropy(signal, torch.tensor(y)).backward()
    return [(W.grad, b.grad) for W, b in layers]


# %% right outer_products
def mlp_backward(params, cache, y):
    n = len(y)
    grads = [[np.zeros(W.shape), np.zeros(b.shape)] for W, b in params]
    for e in range(n):
        z = cache[-1][e]
        p = np.exp(z - z.max())
        d = p / p.sum()
        d[y[e]] -= 1
        for i in reversed(range(len(params))):
            grads[i][0] += np.outer(cache[i][e], d) / n
            grads[i][1] += d / n
            d = params[i][0] @ d * (cache[i][e] > 0)
    return grads


# %% wrong mask_from_the_upstream_gradient -> mask_is_that_of_the_signal
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = D @ params[i][0].T
        D = D * (D > 0)
    return grads


# %% wrong no_mask -> mask_is_that_of_the_signal
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = D @ params[i][0].T
    return grads


# %% wrong mask_of_the_next_layer -> gradients_of_random_networks
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (
            (D @ params[i][0].T) * (cache[i] > 0)
            if i != 1 or cache[1].shape != cache[2].shape
            else (D @ params[i][0].T) * (cache[2] > 0)
        )
    return grads


# %% wrong weights_not_transposed -> gradients_of_random_networks
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ (params[i][0] if params[i][0].shape[0] == params[i][0].shape[1] else params[i][0].T)) * (cache[i] > 0)
    return grads


# %% wrong weights_not_transposed_at_all -> gradients_have_the_shapes_of_params
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0]) * (cache[i] > 0)
    return grads


# %% wrong biases_not_summed -> gradients_have_the_shapes_of_params
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong biases_summed_over_units -> gradients_have_the_shapes_of_params
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=1)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong biases_averaged -> one_layer_by_hand
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.mean(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong mean_forgotten -> one_layer_by_hand
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong mean_taken_twice -> one_layer_by_hand
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D / len(y), D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong probabilities_without_labels -> one_layer_by_hand
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong whole_columns -> one_layer_by_hand
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[:, y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong softmax_over_the_batch -> one_layer_by_hand
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=0, keepdims=True))
    D = powers / powers.sum(axis=0, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong no_shift -> huge_logits_stay_finite
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits)
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong weights_of_the_wrong_layer -> gradients_have_the_shapes_of_params
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i - 1][0].T) * (cache[i] > 0)
    return grads


# %% wrong in_the_order_of_the_way_back -> gradients_have_the_shapes_of_params
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.append((cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong gradients_transposed -> gradients_have_the_shapes_of_params
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (D.T @ cache[i], D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong slope_of_the_sigmoid -> gradient_is_the_slope_of_the_loss
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] * (1 - cache[i]))
    return grads


# %% wrong stops_at_the_last_layer -> gradient_is_the_slope_of_the_loss
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = np.zeros((len(y), len(params[i][0])))
    return grads


# %% wrong uphill -> one_layer_by_hand
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= -len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong softmax_of_the_probabilities -> one_layer_by_hand
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D = np.exp(D)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong writes_into_the_cache -> backward_leaves_its_inputs_alone
def mlp_backward(params, cache, y):
    D = cache[-1]
    D -= D.max(axis=1, keepdims=True)
    np.exp(D, out=D)
    D /= D.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong empties_the_cache -> backward_leaves_its_inputs_alone
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    cache.pop()
    for W, b in reversed(params):
        A = cache.pop()
        grads.insert(0, (A.T @ D, D.sum(axis=0)))
        D = (D @ W.T) * (A > 0)
    return grads


# %% wrong trains_on_the_way -> backward_leaves_its_inputs_alone
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    for (W, b), (dW, db) in zip(params, grads):
        W -= 0.1 * dW
        b -= 0.1 * db
    return grads


# %% wrong labels_in_pairs -> gradient_is_the_slope_of_the_loss
def mlp_backward(params, cache, y):
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D -= np.eye(D.shape[1])[np.sort(y)]
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads
