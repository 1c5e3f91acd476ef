# %% [markdown]
# ## 3 · Forward, and back
#
# A multilayer perceptron is a list of layers `params = [(W1, b1), (W2, b2), …]`. Every layer but the last is followed
# by relu; the last one gives the **logits**, scores without any bend. With $A_0 = X$ and $L$ layers:
#
# $$A_l = \mathrm{relu}(A_{l-1} W_l + b_l) \quad (l < L), \qquad \text{logits} = A_{L-1} W_L + b_L.$$
#
# No softmax here: it belongs to the loss, as in lab 01. The way back will need numbers from the way forward, so the function
# returns them as well, as a **cache**. What is in it is your own affair. (If it is the list $[A_0, A_1, \dots, A_{L-1}, \text{logits}]$, then
# grading can put a right `mlp_forward` in place of yours when it judges `mlp_backward`, and a mistake here costs nothing there.)

# %% nbgrader={"grade_id": "mlp_forward", "solution": true}
def mlp_forward(params, X):
    """Send a batch through the network: relu after every layer but the last.

    params: list of (W, b), W (n_in, n_out), b (n_out,); one layer or more
    X: (n, d) examples
    Returns (logits, cache): logits (n, k), no softmax; cache: whatever mlp_backward needs.

    Hint: for the cache, the list of every layer's input, with the logits at its end.
    """
    ### BEGIN SOLUTION
    cache = [X]
    for W, b in params[:-1]:
        cache.append(relu(cache[-1] @ W + b))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mlp_forward", "grade": true, "points": 3}
check("mlp_forward")

# %% tags=["explore"]
ask("mlp_forward", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"


# %% ask
params = [
    (np.arange(12.0).reshape(3, 4) - 6, np.array([1.0, 2.0, 3.0, 4.0])),
    (np.arange(1.0, 9.0).reshape(4, 2), np.array([5.0, 6.0])),
]
X = np.arange(15.0).reshape(5, 3) % 4
mlp_forward(params, X)[0]


# %% visible
def _logits(mlp_forward: Function, params: Any, X: Any) -> Any:
    logits, _ = mlp_forward(params, X)
    return logits


@checks("mlp_forward")
def logits_of_two_examples(student: Student, rng: Rng) -> None:
    """Two examples get the logits worked out by hand through a 2-3-2 network."""
    expect_close(
        student.run(_logits, params=PARAMS_HAND, X=X_HAND),
        LOGITS_HAND,
        hint="relu(X @ W1 + b1), then @ W2 + b2. Return logits, cache.",
        what="logits",
        mistakes={**NETWORK_MISTAKES, "The biases are missing: add b in every layer.": [[7.0, -4.0], [1.0, 1.0]]},
        atol=1e-6,
    )


@checks("mlp_forward")
def networks_of_any_depth_have_logits(student: Student, rng: Rng) -> None:
    """Five examples through 4-6-3-5-2 give (5, 2) logits."""
    got = student.run(_logits, params=_random_params(rng, [4, 6, 3, 5, 2]), X=rng.normal(size=(5, 4)))
    expect_shape(got, (5, 2), hint="Go through all of params; one row per example.", what="logits")


@checks("mlp_forward")
def a_single_layer_does_not_bend(student: Student, rng: Rng) -> None:
    """A network of one layer with identity weights hands its inputs through, negative ones too."""
    X = rng.normal(size=(4, 3)) - 1
    hint = "The last layer has no relu, even if it is the only one."
    expect_close(student.run(_logits, params=[(np.eye(3), np.zeros(3))], X=X), X, hint=hint, what="logits", rtol=1e-5)


def _cache_after_a_second_call(mlp_forward: Function, params: Any, X: Any) -> bool:
    """Say whether a cache that is a list of arrays is after a second call what it was before."""
    _, cache = mlp_forward(params, X)
    if not isinstance(cache, list | tuple) or not all(isinstance(part, np.ndarray) for part in cache):
        return True
    before = [np.array(part) for part in cache]
    mlp_forward(params, X + 1)
    return len(cache) == len(before) and all(np.array_equal(*pair) for pair in zip(cache, before, strict=True))


@checks("mlp_forward")
def forward_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """params and X are what they were before the call, and the logits are an array of their own."""
    got = student.run(_logits, params=PARAMS_HAND, X=X_HAND)
    expect_shape(got, (2, 2), hint=RIGHT_FIRST, what="logits")
    expect(bool(np.any(got)), "All logits are zero.", hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)
    hint = (
        "Start each call with a new list for the cache: one that stands outside the function grows from call to call."
    )
    lost = "The cache of an earlier call changes when mlp_forward is called again."
    expect(bool(student.run(_cache_after_a_second_call, params=PARAMS_HAND, X=X_HAND)), lost, hint=hint)


mlp_forward_in_other_forms = forms("mlp_forward", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
STAND_INS["mlp_forward"] = (relu,)


def mlp_forward(params: Any, X: Any) -> Any:
    """Return the logits, and the inputs of all layers with the logits at their end."""
    signals = [X]
    for i, (W, b) in enumerate(params):
        z = np.dot(signals[-1], W) + b
        signals.append(z if i == len(params) - 1 else np.where(z > 0, z, 0 * z))
    return signals[-1], signals


def _logits(mlp_forward: Function, params: Any, X: Any) -> Any:
    logits, _ = mlp_forward(params, X)
    return logits


@checks("mlp_forward")
def logits_of_random_networks(student: Student, rng: Rng) -> None:
    """Networks of one to four layers give the right logits, down to a single example."""
    for n, sizes in zip((6, 5, 3, 1), SIZES, strict=True):
        params, X = _random_params(rng, sizes), rng.normal(scale=8, size=(n, sizes[0]))
        right = [_signal(params, x)[-1] for x in X]
        hint = "Try networks of one, two and four layers with sizes that all differ. Relu caps nothing: max(z, 0)."
        expect_close(student.run(_logits, params=params, X=X), right, hint=hint, what="logits", rtol=1e-4, atol=1e-4)


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
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

# - cache.append(cache[-1] @ W + b)
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

# %% wrong no_relu -> logits_of_two_examples
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(cache[-1] @ W + b)


# %% wrong softmax_at_the_end -> logits_of_two_examples
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

# - return cache[-1], cache
# + E = np.exp(cache[-1] - cache[-1].max(axis=1, keepdims=True))
# + return E / E.sum(axis=1, keepdims=True), cache


# %% wrong biases_forgotten -> logits_of_two_examples
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W, 0))

# - cache.append(cache[-1] @ W + b)
# + cache.append(cache[-1] @ W)


# %% wrong two_layers_only -> networks_of_any_depth_have_logits
def mlp_forward(params, X):
    (W1, b1), (W2, b2) = params[0], params[-1]
    hidden = np.maximum(X @ W1 + b1, 0)
    logits = hidden @ W2 + b2
    return logits, [X, hidden, logits]


# %% wrong last_layer_left_out -> networks_of_any_depth_have_logits
# -     cache.append(relu(cache[-1] @ W + b))
# - W, b = params[-1]
# - cache.append(cache[-1] @ W + b)
# +     cache.append(np.maximum(cache[-1] @ W + b, 0))


# %% wrong sigmoid_between -> logits_of_two_examples
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(0.5 * np.tanh(0.5 * (cache[-1] @ W + b)) + 0.5)

# %% wrong logits_without_cache -> logits_of_two_examples
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

# - return cache[-1], cache
# + return cache[-1]

# %% wrong cache_first -> logits_of_two_examples
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

# - return cache[-1], cache
# + return cache, cache[-1]


# %% wrong bias_before_the_product -> logits_of_two_examples
def mlp_forward(params, X):
    cache = [X]
    for i, (W, b) in enumerate(params):
        Z = cache[-1] @ (W + b)
        cache.append(Z if i == len(params) - 1 else np.maximum(Z, 0))
    return cache[-1], cache


# %% wrong weights_transposed_if_they_fit -> logits_of_random_networks
# - cache.append(relu(cache[-1] @ W + b))
# + W = W.T if W.shape[0] == W.shape[1] else W
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

# %% wrong capped_at_six -> logits_of_random_networks
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.clip(cache[-1] @ W + b, 0, 6))

# %% wrong bend_after_a_lone_layer -> a_single_layer_does_not_bend
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

#   cache.append(cache[-1] @ W + b)
# + if len(params) == 1:
# +     cache[-1] = np.maximum(cache[-1], 0)

# %% wrong inputs_clipped -> a_single_layer_does_not_bend
# - cache = [X]
# + cache = [np.maximum(X, 0)]

# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

# %% wrong written_into_the_biases -> forward_leaves_its_inputs_alone
# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

#   W, b = params[-1]
# + b += cache[-1] @ W if len(X) == 1 else 0 * b
# + params[-1] = (W, b + 0 * b)
# + X *= 1 + 1e-12

# %% wrong normalises_its_input -> forward_leaves_its_inputs_alone
# + X -= 1e-9
#   cache = [X]

# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))

# %% wrong first_example_only -> logits_of_two_examples
# - cache = [X]
# + cache = [X[:1]]

# - cache.append(relu(cache[-1] @ W + b))
# + cache.append(np.maximum(cache[-1] @ W + b, 0))


# %% wrong signals_like_the_examples -> mlp_forward_in_other_forms
def mlp_forward(params, X):
    cache = [X]
    for i, (W, b) in enumerate(params):
        z = np.empty((len(X), len(b)), dtype=X.dtype)
        z[...] = cache[-1] @ W + b
        cache.append(z if i == len(params) - 1 else np.where(z > 0, z, 0))
    return cache[-1], cache


# %% wrong cache_of_all_calls -> forward_leaves_its_inputs_alone
CACHE = []


def mlp_forward(params, X):
    CACHE.append(X)
    for W, b in params[:-1]:
        CACHE.append(np.maximum(CACHE[-1] @ W + b, 0))
    W, b = params[-1]
    CACHE.append(CACHE[-1] @ W + b)
    return CACHE[-1], CACHE
