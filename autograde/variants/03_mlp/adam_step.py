"""Right and wrong answers to the exercise adam_step."""

# %% setup
import numpy as np
import torch


# %% right state_in_a_dict
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    old = state or {"t": 0, "m": [(0 * W, 0 * b) for W, b in params], "v": [(0 * W, 0 * b) for W, b in params]}
    new, stepped = {"t": old["t"] + 1, "m": [], "v": []}, []
    scale = lr * np.sqrt(1 - beta2 ** new["t"]) / (1 - beta1 ** new["t"])
    eps_hat = eps * np.sqrt(1 - beta2 ** new["t"])
    for layer, slopes, means, squares in zip(params, grads, old["m"], old["v"]):
        new["m"].append([beta1 * m + (1 - beta1) * g for m, g in zip(means, slopes)])
        new["v"].append([beta2 * v + (1 - beta2) * g * g for v, g in zip(squares, slopes)])
        triples = zip(layer, new["m"][-1], new["v"][-1])
        stepped.append([w - scale * m / (np.sqrt(v) + eps_hat) for w, m, v in triples])
    return stepped, new


# %% right lists_and_moving_differences
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state if state else (1, None, None)
    m = (
        for_each(lambda g: (1 - beta1) * g, grads)
        if m is None
        else for_each(lambda m, g: m + (1 - beta1) * (g - m), m, grads)
    )
    v = (
        for_each(lambda g: (1 - beta2) * g * g, grads)
        if v is None
        else for_each(lambda v, g: v + (1 - beta2) * (g * g - v), v, grads)
    )
    step = for_each(lambda m, v: m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v)
    return sgd_step(params, step, lr), [t + 1, m, v]


# %% right torch_replayed
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    history = [*(state or []), (grads, lr)]
    weights = [torch.zeros(part.shape, dtype=torch.float64, requires_grad=True) for layer in params for part in layer]
    optimizer = torch.optim.Adam(weights, betas=(beta1, beta2), eps=eps)
    for slopes, rate in history:
        before = [weight.detach().clone() for weight in weights]
        optimizer.param_groups[0]["lr"] = rate
        for weight, slope in zip(weights, [part for layer in slopes for part in layer]):
            weight.grad = torch.tensor(slope, dtype=torch.float64)
        optimizer.step()
    steps = [(weight.detach() - old).numpy() for weight, old in zip(weights, before)]
    return [(W + steps[2 * i], b + steps[2 * i + 1]) for i, (W, b) in enumerate(params)], history


# %% right float32
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state[0] + 1, state[1], state[2]
    m = for_each(lambda m, g: np.float32(beta1 * m + (1 - beta1) * g), m, grads)
    v = for_each(lambda v, g: np.float32(beta2 * v + (1 - beta2) * g**2), v, grads)
    unbias_m, unbias_v = 1 - beta1**t, 1 - beta2**t
    return for_each(lambda w, m, v: w - lr * (m / unbias_m) / (np.sqrt(v / unbias_v) + eps), params, m, v), (t, m, v)


# %% wrong no_bias_correction -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m, v
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong as_on_the_slide -> zero_gradients_move_nothing
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.99, eps=0.0):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m, v
        return w - lr * m_hat / (np.sqrt(v_hat))

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong no_correction_with_the_slides_beta -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.99, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m, v
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong no_eps -> zero_gradients_move_nothing
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat))

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong counter_starts_at_zero -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1 ** (t - 1)), v / (1 - beta2 ** (t - 1))
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong counter_starts_at_two -> adam_follows_changing_gradients
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + (2 if t == 0 else 1)
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong counter_stands_still -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong square_forgotten -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * np.abs(g), v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong square_of_the_mean -> adam_follows_changing_gradients
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, m: beta2 * v + (1 - beta2) * m**2, v, m)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong betas_exchanged -> adam_follows_changing_gradients
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta2 * m + (1 - beta2) * g, m, grads)
    v = for_each(lambda v, g: beta1 * v + (1 - beta1) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong corrections_exchanged -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong only_the_root_corrected -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m, v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong only_the_mean_corrected -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong corrected_means_kept -> adam_follows_changing_gradients
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    stepped = for_each(moved, params, m, v)
    m = for_each(lambda m: m / (1 - beta1**t), m)
    v = for_each(lambda v: v / (1 - beta2**t), v)
    return stepped, (t, m, v)


# %% wrong root_forgotten -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (v_hat + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong eps_under_the_root -> adam_uses_its_settings
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat + eps))

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong eps_before_the_correction -> adam_uses_its_settings
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        scale = np.sqrt(1 - beta2**t) / (1 - beta1**t)
        return w - lr * scale * m / (np.sqrt(v) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong eps_fixed -> adam_uses_its_settings
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + 1e-8)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong betas_fixed -> adam_uses_its_settings
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    beta1, beta2 = 0.9, 0.999
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong biases_by_plain_descent -> adam_agrees_with_torch
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    stepped = for_each(moved, params, m, v)
    return [(W, b - lr * db) for (W, _), (_, b), (_, db) in zip(stepped, params, grads)], (t, m, v)


# %% wrong counter_for_each_array -> adam_agrees_with_torch
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)
    stepped = []
    for layer, means, squares in zip(params, m, v):
        t = t + 1
        pairs = zip(layer, means, squares)
        stepped.append([w - lr * a / (1 - beta1**t) / (np.sqrt(b / (1 - beta2**t)) + eps) for w, a, b in pairs])
    return stepped, (t, m, v)


# %% wrong uphill -> constant_gradients_make_equal_steps
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w + lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong state_not_returned -> adam_follows_changing_gradients
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), None


# %% wrong means_changed_in_place -> adam_step_is_pure
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    for layer in zip(m, v, grads):
        for mean, square, g in zip(*layer):
            mean *= beta1
            mean += (1 - beta1) * g
            square *= beta2
            square += (1 - beta2) * g**2

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong counter_kept_in_a_list -> adam_step_is_pure
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = [0], for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    counter, t = t, t[0] + 1
    counter[0] = t
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (counter, m, v)


# %% wrong nan_to_zero -> adam_uses_its_settings
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t = t + 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - lr * np.nan_to_num(m_hat / np.maximum(np.sqrt(v_hat), 1e-30))

    return for_each(moved, params, m, v), (t, m, v)
