"""Right and wrong answers to the exercise nadam_step."""

# %% setup
import numpy as np
import torch


# %% right state_in_a_dict
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    old = state or {"t": 0, "mus": [], "m": for_each(np.zeros_like, params), "v": for_each(np.zeros_like, params)}
    t = old["t"] + 1
    mus = [beta1 * (1 - 0.5 * 0.96 ** (i * psi)) for i in range(1, t + 2)]
    new = {"t": t, "mus": mus, "m": [], "v": []}
    stepped = []
    for layer, slopes, means, squares in zip(params, grads, old["m"], old["v"]):
        means = [beta1 * m + (1 - beta1) * g for m, g in zip(means, slopes)]
        squares = [beta2 * v + (1 - beta2) * g * g for v, g in zip(squares, slopes)]
        new["m"].append(means)
        new["v"].append(squares)
        row = []
        for w, g, m, v in zip(layer, slopes, means, squares):
            root = np.sqrt(v / (1 - beta2**t)) + eps
            w = w - lr * (1 - mus[-2]) / (1 - np.prod(mus[:-1])) * g / root
            row.append(w - lr * mus[-1] / (1 - np.prod(mus)) * m / root)
        stepped.append(row)
    return stepped, new


# %% right torch_replayed
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    history = [*(state or []), (grads, lr)]
    weights = [torch.zeros(part.shape, dtype=torch.float64, requires_grad=True) for layer in params for part in layer]
    optimizer = torch.optim.NAdam(weights, betas=(beta1, beta2), eps=eps, momentum_decay=psi)
    for slopes, rate in history:
        before = [weight.detach().clone() for weight in weights]
        optimizer.param_groups[0]["lr"] = rate
        for weight, slope in zip(weights, [part for layer in slopes for part in layer]):
            weight.grad = torch.tensor(slope, dtype=torch.float64)
        optimizer.step()
    steps = [(weight.detach() - old).numpy() for weight, old in zip(weights, before)]
    return [(W + steps[2 * i], b + steps[2 * i + 1]) for i, (W, b) in enumerate(params)], history


# %% right direction_then_descent
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    t, product, m, v = state or (0, 1.0, for_each(lambda w: 0.0 * w, params), for_each(lambda w: 0.0 * w, params))
    mu, after = (beta1 - beta1 / 2 * 0.96 ** (psi * i) for i in (t + 1, t + 2))
    m = for_each(lambda m, g: m + (1 - beta1) * (g - m), m, grads)
    v = for_each(lambda v, g: v + (1 - beta2) * (g**2 - v), v, grads)
    parts = after / (1 - product * mu * after), (1 - mu) / (1 - product * mu), 1 - beta2 ** (t + 1)
    way = for_each(lambda m, v, g: (parts[0] * m + parts[1] * g) / (np.sqrt(v / parts[2]) + eps), m, v, grads)
    return sgd_step(params, way, lr), (t + 1, product * mu, m, v)


# %% wrong plain_adam -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = m / (1 - beta1**t)
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong constant_momentum -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1
    mu_next = beta1
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong dozats_simple_form -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong product_not_kept -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong product_one_ahead -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong schedule_one_behind -> nadam_follows_changing_gradients
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** ((t - 1) * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong no_gradient_term -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong old_mean_in_place_of_the_new -> nadam_follows_changing_gradients
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    old = m
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, old, v), (t, product, m, v)


# %% wrong mean_corrected_as_in_adam -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m / (1 - beta1**t) + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong root_not_corrected -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong square_forgotten -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * np.abs(g), v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong betas_exchanged -> nadam_follows_changing_gradients
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta2 * m + (1 - beta2) * g, m, grads)
    v = for_each(lambda v, g: beta1 * v + (1 - beta1) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta1**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong no_eps -> nadam_leaves_zero_gradients_alone
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + 0 * eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong eps_under_the_root -> nadam_uses_its_settings
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t) + eps))

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong settings_fixed -> nadam_uses_its_settings
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    beta1, beta2, psi = 0.9, 0.999, 0.004
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong psi_fixed -> nadam_uses_its_settings
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * 0.004))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * 0.004))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong biases_by_plain_descent -> nadam_agrees_with_torch
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    stepped = for_each(moved, params, grads, m, v)
    stepped = [(W, b - lr * db) for (W, _), (_, b), (_, db) in zip(stepped, params, grads)]
    return stepped, (t, product, m, v)


# %% wrong state_not_returned -> nadam_follows_changing_gradients
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), None


# %% wrong means_changed_in_place -> nadam_step_is_pure
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    for layer in zip(m, v, grads):
        for mean, square, g in zip(*layer):
            mean[...] = beta1 * mean + (1 - beta1) * g
            square[...] = beta2 * square + (1 - beta2) * g**2

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong params_changed_in_place -> nadam_step_is_pure
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        w -= lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)
        return w

    return for_each(moved, params, grads, m, v), (t, product, m, v)


# %% wrong uphill -> nadam_with_a_constant_gradient
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t = t + 1
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * psi))
    product = product * mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, g, m, v):
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        return w + lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)
