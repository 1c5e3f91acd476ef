# %% [markdown]
# **Momentum**: a ball that rolls. The velocity $v$ starts at zero and remembers old gradients:
#
# $$v \leftarrow \gamma v + g, \qquad w \leftarrow w - \eta v.$$
#
# That is PyTorch's convention. The slide puts $\eta$ into the velocity, $v \leftarrow \gamma v + \eta g$, $w \leftarrow
# w - v$, which is the same as long as $\eta$ does not change. A third form, $v \leftarrow \gamma v + (1-\gamma) g$,
# takes steps a tenth as long at $\gamma = 0.9$. Mix two of them, and nothing you read about learning rates applies.
#
# The velocity has to survive from step to step: it is the **state**, `None` at first, and then whatever your function returned last time.

# %% nbgrader={"grade_id": "momentum_step", "solution": true}
def momentum_step(params, grads, state, lr, gamma=0.9):
    """Step with momentum: v ← γ v + g, w ← w − η v.

    params, grads: lists of (W, b) and (dW, db); both stay as they are
    state: None at the first step, then what this function returned; it stays as it is, too
    lr, gamma: η and γ
    Returns (params, state), both new.
    """
    ### BEGIN SOLUTION
    if state is None:
        state = for_each(np.zeros_like, params)
    state = for_each(lambda v, g: gamma * v + g, state, grads)
    return for_each(lambda w, v: w - lr * v, params, state), state
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_momentum_step", "grade": true, "points": 2}
check("momentum_step")

# %% tags=["explore"]
ask("momentum_step", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"


# %% ask
params = [(np.arange(20.0, 26).reshape(3, 2), np.array([10.0, 20.0]))]
grads = [(2 * np.arange(1.0, 7).reshape(3, 2), np.array([4.0, 2.0]))]
params, state = momentum_step(params, grads, None, 1.0, 0.5)
more = [(np.array([[3.0, 1.0], [2.0, 5.0], [4.0, 2.0]]), np.array([1.0, 3.0]))]
momentum_step(params, more, state, 1.0, 0.5)[0][0][0]


# %% visible
def _momentum(momentum_step: Function, params: Any, grads: Any, lr: float, options: Any) -> Any:
    state, path = None, []
    for step in grads:
        params, state = momentum_step(params, step, state, lr, **options)
        path.append(params)
    return path


def _momentum_twice(momentum_step: Function, params: Any, grads: Any) -> Any:
    place, state = momentum_step(params, grads, None, 0.1)
    before = [[np.array(part) for part in layer] for layer in place]
    once, again = (momentum_step(place, grads, state, 0.1)[0] for _ in range(2))
    return before, place, once, again


@checks("momentum_step")
def velocity_builds_up(student: Student, rng: Rng) -> None:
    """With γ = 0.6 and a gradient of 1, three steps have the lengths η, 1.6 η and 1.96 η."""
    params, grads = _one_weight(1.0, 1.0, 1.0)
    path = student.run(_momentum, params=params, grads=grads, lr=0.1, options={"gamma": 0.6})
    expect_close(
        _steps_of(path, 0.1),
        [1.0, 1.6, 1.96],
        hint="v ← γ v + g with v = 0 at first; then w ← w − η v.",
        what=WHAT_STEPS,
        mistakes={
            "The velocity is forgotten: return it in the state, and use the state that comes in.": [1.0, 1.0, 1.0],
            "That is another convention, γ v + (1 − γ) g: here g comes in whole.": [0.4, 0.64, 0.784],
            "That is Nesterov's step, g + γ v: here w moves by η v.": [1.6, 1.96, 2.176],
            "γ belongs to the old velocity only: v ← γ v + g.": [0.6, 0.96, 1.176],
            "Those weights went uphill: w ← w − η v.": [-1.0, -1.6, -1.96],
            "Those steps go along the velocity of the step before: first the new v, then w.": [0.0, 1.0, 1.6],
            "η is in there twice: it stands in w ← w − η v, and not in v.": [0.1, 0.16, 0.196],
            "η is missing: w ← w − η v.": [10.0, 16.0, 19.6],
            "γ belongs to the old velocity, not to g: v ← γ v + g.": [0.6, 1.2, 1.8],
            "Those are the steps with γ = 0.9: use the argument gamma.": [1.0, 1.9, 2.71],
        },
        rtol=1e-4,
    )


@checks("momentum_step")
def velocity_outlives_its_gradient(student: Student, rng: Rng) -> None:
    """With γ = 0.9 by default, a weight rolls on by 0.9 η and 0.81 η after its gradient has gone."""
    params, grads = _one_weight(1.0, 0.0, 0.0)
    path = student.run(_momentum, params=params, grads=grads, lr=0.1, options={})
    hint = "The state holds the velocity: v ← γ v + g, also where g is 0. γ is 0.9 unless given."
    expect_close(_steps_of(path, 0.1), [1.0, 0.9, 0.81], hint=hint, what=WHAT_STEPS, rtol=1e-4)


@checks("momentum_step")
def momentum_step_is_pure(student: Student, rng: Rng) -> None:
    """Parameters, gradients and state are what they were after a step."""
    _expect_pure(student, _momentum_twice)


momentum_step_in_other_forms = forms("momentum_step", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
STAND_INS["momentum_step"] = (sgd_step,)


def momentum_step(params: Any, grads: Any, state: Any, lr: Any, gamma: Any = 0.9) -> Any:
    """Return parameters moved by their velocities, and these."""
    old = [(0 * W, 0 * b) for W, b in params] if state is None else state
    new = [(gamma * v + g, gamma * u + h) for (v, u), (g, h) in zip(old, grads, strict=True)]
    return [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, new, strict=True)], new


# the optimisers


def _momentum_path(momentum_step: Function, params: Any, grads: Any, rates: Any, options: Any) -> Any:
    state, path = None, []
    for step, lr in zip(grads, rates, strict=True):
        params, state = momentum_step(params, step, state, lr, **options)
        path.append(params)
    return path


@checks("momentum_step")
def momentum_agrees_with_torch(student: Student, rng: Rng) -> None:
    """Six steps go where torch.optim.SGD with momentum goes, with γ = 0.9 and another, and with lr changing."""
    hint = "v ← γ v + g, without lr; w ← w − η v, with the lr of this step; for every b as for every W."
    _expect_path(student, _momentum_path, momentum_step, rng, hint)
    _expect_path(student, _momentum_path, momentum_step, rng, hint, gamma=0.6)


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


# %% right plain
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
    state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, state


# %% wrong old_gradient_damped_and_new_one_too of plain -> velocity_builds_up
# - state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
# + state = [(gamma * v + (1 - gamma) * dW, gamma * u + (1 - gamma) * db) for (v, u), (dW, db) in zip(state, grads)]


# %% wrong learning_rate_in_the_velocity of plain -> momentum_agrees_with_torch
# - state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
# - params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
# + state = [(gamma * v + lr * dW, gamma * u + lr * db) for (v, u), (dW, db) in zip(state, grads)]
# + params = [(W - v, b - u) for (W, b), (v, u) in zip(params, state)]


# %% wrong learning_rate_twice of plain -> velocity_builds_up
# - state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
# + state = [(gamma * v + lr * dW, gamma * u + lr * db) for (v, u), (dW, db) in zip(state, grads)]

# %% wrong learning_rate_nowhere of plain -> velocity_builds_up
# - params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
# + params = [(W - v, b - u) for (W, b), (v, u) in zip(params, state)]

# %% wrong velocity_forgotten of plain -> velocity_builds_up
# - if state is None:
# -     state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]
# + state = [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]

# %% wrong state_not_returned of plain -> velocity_builds_up
# - return params, state
# + return params, None

# %% wrong nesterov of plain -> velocity_builds_up
# - params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
# + params = [
# +     (W - lr * (dW + gamma * v), b - lr * (db + gamma * u)) for (W, b), (dW, db), (v, u) in zip(params, grads, state)
# + ]

# %% wrong sign_in_the_velocity_only of plain -> velocity_builds_up
# - state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
# + state = [(gamma * v - dW, gamma * u - db) for (v, u), (dW, db) in zip(state, grads)]

# %% wrong gamma_fixed of plain -> velocity_builds_up
#   def momentum_step(params, grads, state, lr, gamma=0.9):
# +     gamma = 0.9

# %% wrong gamma_by_default_a_half of plain -> velocity_outlives_its_gradient
# - def momentum_step(params, grads, state, lr, gamma=0.9):
# + def momentum_step(params, grads, state, lr, gamma=0.5):

# %% wrong stands_where_there_is_no_gradient of plain -> velocity_outlives_its_gradient
# - state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
# + state = [((gamma * v + dW) * (dW != 0), (gamma * u + db) * (db != 0)) for (v, u), (dW, db) in zip(state, grads)]

# %% wrong biases_without_momentum of plain -> momentum_agrees_with_torch
# - state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
# + state = [(gamma * v + dW, db) for (v, u), (dW, db) in zip(state, grads)]

# %% wrong velocity_changed_in_place of plain -> momentum_step_is_pure
# - state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
# + for (v, u), (dW, db) in zip(state, grads):
# +     v *= gamma
# +     v += dW
# +     u *= gamma
# +     u += db

# %% wrong params_changed_in_place of plain -> momentum_step_is_pure
# - params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
# + for (W, b), (v, u) in zip(params, state):
# +     W -= lr * v
# +     b -= lr * u


# %% wrong kept_outside -> momentum_step_is_pure
def momentum_step(params, grads, state, lr, gamma=0.9, kept={}):
    if state is None or "v" not in kept:
        kept["v"] = [(0 * W, 0 * b) for W, b in params]
    kept["v"] = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(kept["v"], grads)]
    return [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, kept["v"])], True


# %% wrong gamma_on_the_gradient of plain -> velocity_builds_up
# - state = [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]
# + state = [(v + gamma * dW, u + gamma * db) for (v, u), (dW, db) in zip(state, grads)]


# %% wrong steps_before_it_updates -> velocity_builds_up
def momentum_step(params, grads, state, lr, gamma=0.9):
    if state is None:
        state = [(0 * W, 0 * b) for W, b in params]
    params = [(W - lr * v, b - lr * u) for (W, b), (v, u) in zip(params, state)]
    return params, [(gamma * v + dW, gamma * u + db) for (v, u), (dW, db) in zip(state, grads)]


# %% wrong params_only of plain -> velocity_builds_up
# - return params, state
# + return params


# %% wrong velocities_by_shape -> momentum_agrees_with_torch
# Two arrays of one shape share a velocity.
def momentum_step(params, grads, state, lr, gamma=0.9):
    v, new = dict(state or {}), []
    for layer, slopes in zip(params, grads):
        for g in slopes:
            v[g.shape] = gamma * v.get(g.shape, 0) + g
        new.append(tuple(w - lr * v[w.shape] for w in layer))
    return new, v
