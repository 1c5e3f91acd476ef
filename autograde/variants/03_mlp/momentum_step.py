"""Right and wrong answers to the exercise momentum_step."""

# %% setup
import numpy as np


# %% right first_velocity_is_the_gradient
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        velocities = for_each(np.copy, grads)
    else:
        velocities = for_each(lambda v, g: g + v * gamma, state, grads)
    return sgd_step(params, velocities, lr), velocities


# %% right state_in_a_dict
def momentum_step(params, grads, state, lr, gamma=0.9):
    old = {} if state is None else state["v"]
    new, moved = {}, []
    for i, layer in enumerate(params):
        for j, part in enumerate(layer):
            new[i, j] = gamma * old.get((i, j), 0) + grads[i][j]
        moved.append([part - lr * new[i, j] for j, part in enumerate(layer)])
    return moved, {"v": new}


# %% right all_gradients_kept
def momentum_step(params, grads, state, lr, gamma=0.9):
    state = [*(state or []), grads]
    t = len(state)
    moved = []
    for i, (W, b) in enumerate(params):
        v = sum(gamma ** (t - 1 - s) * old[i][0] for s, old in enumerate(state))
        u = sum(gamma ** (t - 1 - s) * old[i][1] for s, old in enumerate(state))
        moved.append((W - lr * v, b - lr * u))
    return moved, state


# %% wrong old_gradient_damped_and_new_one_too -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + (1 - gamma) * dW, gamma * u + (1 - gamma) * db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong learning_rate_in_the_velocity -> momentum_agrees_with_torch
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + lr * dW, gamma * u + lr * db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - v, b - u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong learning_rate_twice -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + lr * dW, gamma * u + lr * db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong learning_rate_nowhere -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - v, b - u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong velocity_forgotten -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong state_not_returned -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, None


# %% wrong nesterov -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    params = [
        (W - lr * (dW + gamma * v), b - lr * (db + gamma * u)) for (W, b), (dW, db), (v, u) in zip(params, grads, state)
    ]
    return params, state


# %% wrong sign_in_the_velocity_only -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v - dW, gamma * u - db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong gamma_fixed -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    gamma = 0.9
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong gamma_by_default_a_half -> velocity_outlives_its_gradient
def momentum_step(params, grads, state, lr, gamma=0.5):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong stands_where_there_is_no_gradient -> velocity_outlives_its_gradient
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [((gamma * v + dW) * (dW != 0), (gamma * u + db) * (db != 0)) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong biases_without_momentum -> momentum_agrees_with_torch
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong velocity_changed_in_place -> momentum_step_is_pure
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    for (v, u), (dW, db) in zip(state, grads):
        v *= gamma
        v += dW
        u *= gamma
        u += db
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong params_changed_in_place -> momentum_step_is_pure
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    for (W, b), (v, u) in zip(params, state):
        W -= lr * v
        b -= lr * u
    return params, state


# %% wrong kept_outside -> momentum_step_is_pure
def momentum_step(params, grads, state, lr, gamma=0.9, kept={}):
    if state is None or "v" not in kept:
        kept["v"] = [(0 * W, 0 * b) for W, b in params]
    kept["v"] = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(kept["v"], grads)]
    return [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, kept["v"])], True


# %% wrong steps_before_it_updates -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(0 * W, 0 * b) for W, b in params]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]


# %% wrong params_only -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params
