"""Right and wrong answers to the exercise mlp_forward."""

# %% setup
import numpy as np
import torch


# %% right students_own_cache
def mlp_forward(params, X):
    A, cache = X, {"inputs": [], "z": []}
    for i, (W, b) in enumerate(params):
        Z = np.dot(A, W) + b
        cache["inputs"].append(A)
        cache["z"].append(Z)
        A = relu(Z) if i < len(params) - 1 else Z
    return A, cache


# %% right recursion
def mlp_forward(params, X):
    (W, b), rest = params[0], params[1:]
    Z = X @ W + b
    if not rest:
        return Z, [X, Z]
    logits, cache = mlp_forward(rest, np.where(Z > 0, Z, 0))
    return logits, [X, *cache]


# %% right example_by_example
def mlp_forward(params, X):
    cache = [np.array(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        rows = [[sum(a * w for a, w in zip(row, column)) + c for column, c in zip(W.T, b)] for row in cache[-1]]
        last = i == len(params) - 1
        cache.append(np.array(rows if last else [[max(value, 0.0) for value in row] for row in rows]))
    return cache[-1], cache


# %% right torch_float32
def mlp_forward(params, X):
    signal = torch.tensor(X, dtype=torch.float32)
    cache = [signal.numpy()]
    for i, (W, b) in enumerate(params):
        signal = signal @ torch.tensor(W, dtype=torch.float32) + torch.tensor(b, dtype=torch.float32)
        signal = torch.relu(signal) if i + 1 < len(params) else signal
        cache.append(signal.numpy())
    return cache[-1], cache


# %% wrong relu_on_the_logits -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(np.maximum(cache[-1] @ W + b, 0))
    return cache[-1], cache


# %% wrong no_relu -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(cache[-1] @ W + b)
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache


# %% wrong softmax_at_the_end -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    E = np.exp(cache[-1] - cache[-1].max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True), cache


# %% wrong biases_forgotten -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W)
    return cache[-1], cache


# %% wrong two_layers_only -> networks_of_any_depth_have_logits
def mlp_forward(params, X):
    (W1, b1), (W2, b2) = params[0], params[-1]
    hidden = np.maximum(X @ W1 + b1, 0)
    logits = hidden @ W2 + b2
    return logits, [X, hidden, logits]


# %% wrong last_layer_left_out -> networks_of_any_depth_have_logits
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    return cache[-1], cache


# %% wrong sigmoid_between -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(0.5 * np.tanh(0.5 * (cache[-1] @ W + b)) + 0.5)
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache


# %% wrong logits_without_cache -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1]


# %% wrong cache_first -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache, cache[-1]


# %% wrong bias_before_the_product -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for i, (W, b) in enumerate(params):
        Z = cache[-1] @ (W + b)
        cache.append(Z if i == len(params) - 1 else np.maximum(Z, 0))
    return cache[-1], cache


# %% wrong weights_transposed_if_they_fit -> logits_of_random_networks
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        W = W.T if W.shape[0] == W.shape[1] else W
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache


# %% wrong bend_after_a_lone_layer -> a_single_layer_does_not_bend
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    if len(params) == 1:
        cache[-1] = np.maximum(cache[-1], 0)
    return cache[-1], cache


# %% wrong inputs_clipped -> a_single_layer_does_not_bend
def mlp_forward(params, X):
    cache = [np.maximum(X, 0)]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache


# %% wrong written_into_the_biases -> forward_leaves_its_inputs_alone
def mlp_forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    b += cache[-1] @ W if len(X) == 1 else 0 * b
    params[-1] = (W, b + 0 * b)
    X *= 1 + 1e-12
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache


# %% wrong normalises_its_input -> forward_leaves_its_inputs_alone
def mlp_forward(params, X):
    X -= 1e-9
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache


# %% wrong first_example_only -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X[:1]]
    for W, b in params[:-1]:
        cache.append(np.maximum(cache[-1] @ W + b, 0))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache
