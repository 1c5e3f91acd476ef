# %% [markdown]
# ## 5 · Ways down
#
# A gradient says which way; an **optimiser** says how far. Each is a *pure function*: it takes parameters and gradients and returns
# new parameters, leaving the old ones as they were. Then two optimisers can start from one point, and a race is fair.
#
# All arrays of a network get the same treatment. To say it once, here is a helper that you may use:
# `for_each(f, params, grads)` is the list of `(f(W, dW), f(b, db))`, and it takes any number of lists.

# %%
def for_each(function, *lists):
    """Apply a function to the arrays that stand in the same place of lists of (W, b)."""
    return [tuple(function(*arrays) for arrays in zip(*pairs)) for pairs in zip(*lists)]


# %% [markdown]
# **Gradient descent**: $w \leftarrow w - \eta\, g$, with the learning rate $\eta$ = `lr`.


# %% nbgrader={"grade_id": "sgd_step", "solution": true}
def sgd_step(params, grads, lr):
    """Step against the gradient.

    params, grads: lists of (W, b) and (dW, db); both stay as they are
    lr: learning rate η
    Returns new params, a list of (W, b).
    """
    ### BEGIN SOLUTION
    return for_each(lambda w, g: w - lr * g, params, grads)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sgd_step", "grade": true, "points": 1}
check("sgd_step")


# %% visible
@checks("sgd_step")
def a_step_goes_against_the_gradient(student: Student, rng: Rng) -> None:
    """With lr = 0.1, weights of 10 and 20 with gradients of 1 and -2 become 9.9 and 20.2, and so on."""
    got = student.call("sgd_step", STEP_PARAMS, STEP_GRADS, 0.1)
    (_, W1), (_, b1), (_, W2), (_, b2) = _parts(got)
    uphill = "Those weights went uphill: subtract."
    hint = "w - lr * g, for every W and every b."
    mistakes = {uphill: [[10.1, 19.8]], "lr is missing: w - lr * g.": [[9.0, 22.0]]}
    expect_close(W1, [[9.9, 20.2]], hint=hint, what="W of layer 1", mistakes=mistakes)
    expect_close(b1, [0.95, -1.4], hint=hint, what="b of layer 1", mistakes={"b has to move too.": [1.0, -1.0]})
    expect_close(W2, [[2.8], [-4.0]], hint=hint, what="W of layer 2")
    expect_close(b2, [0.6], hint=hint, what="b of layer 2")


@checks("sgd_step")
def sgd_step_is_pure(student: Student, rng: Rng) -> None:
    """params and grads are what they were, and the new params have memory of their own."""
    got = student.call("sgd_step", STEP_PARAMS, STEP_GRADS, 0.1)
    expect(bool(np.any(_parts(got)[0][1] != STEP_PARAMS[0][0])), "Nothing has moved.", hint=RIGHT_FIRST)
    expect_inputs_unchanged(student, hint="W -= … writes into the caller's array: return W - … instead.")
    expect_own_memory(student)


sgd_step_in_other_forms = forms("sgd_step", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
def sgd_step(params: Any, grads: Any, lr: Any) -> Any:
    """Return parameters moved against their gradients."""
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]


@checks("sgd_step")
def sgd_steps_of_random_networks(student: Student, rng: Rng) -> None:
    """Networks of one to four layers move against their gradients, by lr."""
    for sizes in SIZES:
        params, grads, lr = _random_params(rng, sizes), _random_params(rng, sizes), float(rng.uniform(0.01, 0.5))
        right = sgd_step(params, grads, lr)
        _expect_params(student.call("sgd_step", params, grads, lr), right, "after the step", "w - lr * g everywhere.")


# %% right loop
def sgd_step(params, grads, lr):
    stepped = []
    for i in range(len(params)):
        stepped.append([params[i][0] - lr * grads[i][0], params[i][1] - lr * grads[i][1]])
    return stepped


# %% right copies_changed_in_place
def sgd_step(params, grads, lr):
    stepped = [(W.copy(), b.copy()) for W, b in params]
    for (W, b), (dW, db) in zip(stepped, grads):
        W -= lr * dW
        b -= lr * db
    return stepped


# %% right torch
def sgd_step(params, grads, lr):
    weights = [torch.tensor(part, requires_grad=True) for layer in params for part in layer]
    for weight, slope in zip(weights, [part for layer in grads for part in layer]):
        weight.grad = torch.tensor(slope)
    torch.optim.SGD(weights, lr=lr).step()
    return tuple(zip(weights[::2], weights[1::2]))


# %% wrong uphill -> a_step_goes_against_the_gradient
# - return for_each(lambda w, g: w - lr * g, params, grads)
# + return [(W + lr * dW, b + lr * db) for (W, b), (dW, db) in zip(params, grads)]

# %% wrong learning_rate_forgotten -> a_step_goes_against_the_gradient
# - return for_each(lambda w, g: w - lr * g, params, grads)
# + return [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads)]

# %% wrong biases_stay -> a_step_goes_against_the_gradient
# - return for_each(lambda w, g: w - lr * g, params, grads)
# + return [(W - lr * dW, b.copy()) for (W, b), (dW, db) in zip(params, grads)]

# %% wrong the_step_alone -> a_step_goes_against_the_gradient
# - return for_each(lambda w, g: w - lr * g, params, grads)
# + return [(-lr * dW, -lr * db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong first_layer_only -> a_step_goes_against_the_gradient
def sgd_step(params, grads, lr):
    (W, b), (dW, db) = params[0], grads[0]
    return [(W - lr * dW, b - lr * db), *[(W.copy(), b.copy()) for W, b in params[1:]]]


# %% wrong in_place -> sgd_step_is_pure
def sgd_step(params, grads, lr):
    for (W, b), (dW, db) in zip(params, grads):
        W -= lr * dW
        b -= lr * db
    return params


# %% wrong gradients_scaled_in_place -> sgd_step_is_pure
def sgd_step(params, grads, lr):
    for dW, db in grads:
        dW *= lr
        db *= lr
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong fixed_learning_rate -> sgd_steps_of_random_networks
def sgd_step(params, grads, lr):
    lr = 0.1
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong clipped -> sgd_steps_of_random_networks
# - return for_each(lambda w, g: w - lr * g, params, grads)
# + return [(W - np.clip(lr * dW, -0.2, 0.2), b - lr * db) for (W, b), (dW, db) in zip(params, grads)]

# %% wrong two_layers_only -> sgd_steps_of_random_networks
# - return for_each(lambda w, g: w - lr * g, params, grads)
# + return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in list(zip(params, grads))[:2]]

# %% wrong nothing_moves -> sgd_step_is_pure
# - return for_each(lambda w, g: w - lr * g, params, grads)
# + return [(W.copy(), b.copy()) for W, b in params]


# %% wrong one_buffer_for_all_calls -> sgd_step_in_other_forms
buffers = {}


def sgd_step(params, grads, lr):
    new = []
    for place, ((W, b), (dW, db)) in enumerate(zip(params, grads)):
        buffer = buffers.setdefault((place, W.shape), np.empty(W.shape))
        buffer[:] = W - lr * dW
        new.append((buffer, b - lr * db))
    return new
