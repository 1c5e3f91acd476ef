# %% [markdown]
# **Adam** gives each weight a step length of its own. It keeps running means of the gradient and of its square, in step $t = 1, 2, \dots$:
#
# $$m \leftarrow \beta_1 m + (1-\beta_1) g, \quad v \leftarrow \beta_2 v + (1-\beta_2) g^2, \quad
# \hat m = \frac{m}{1-\beta_1^t}, \quad \hat v = \frac{v}{1-\beta_2^t}, \quad
# w \leftarrow w - \eta \frac{\hat m}{\sqrt{\hat v} + \varepsilon}.$$
#
# The hats are the **bias correction**: both means start at zero and are too small at first. With a constant gradient the
# corrected steps are $\eta, \eta, \eta$, as they should be; uncorrected ones are $3.162\,\eta$, $4.250\,\eta$, $4.950\,\eta$. The slide leaves out
# the correction and $\varepsilon$ and sets $\beta_2 = 0.99$; then the very first step is right by accident, since $0.1/\sqrt{0.01} = 1$. A test of
# one step with those numbers finds nothing.

# %% nbgrader={"grade_id": "adam_step", "solution": true}
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Step as torch.optim.Adam does: with bias correction, and ε outside the root.

    params, grads: lists of (W, b) and (dW, db); both stay as they are
    state: None at the first step, then what this function returned; it stays as it is, too
    lr, beta1, beta2, eps: η, β₁, β₂, ε
    Returns (params, state), both new.

    Hint: the state holds the number of steps and two lists like params. The first step has t = 1.
    """
    ### BEGIN SOLUTION
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t += 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)
    unbias_m, unbias_v = 1 / (1 - beta1**t), 1 / (1 - beta2**t)

    def moved(w, m, v):
        return w - lr * unbias_m * m / (np.sqrt(unbias_v * v) + eps)

    return for_each(moved, params, m, v), (t, m, v)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_adam_step", "grade": true, "points": 4}
check("adam_step")

# %% tags=["explore"]
ask("adam_step", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# What is the $\varepsilon$ for? Many pixels at the rim of MNIST's images are zero, without ink, in *every* image of a
# batch (67 of the 784 in all 60,000). Their weights get a gradient of exactly 0, so $\hat m / \sqrt{\hat v} = 0/0$. One
# step of the slide's formula, on a batch of 32 digits:

# %% tags=["explore"]
rng = np.random.default_rng(0)
start = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in ((784, 16), (16, 16), (16, 10))]
_, cache = mlp_forward(start, X_train[:32])
grads = mlp_backward(start, cache, y_train[:32])
with np.errstate(all="ignore"):
    broken, _ = adam_step(start, grads, None, 1e-3, eps=0)
sound, _ = adam_step(start, grads, None, 1e-3)
n_lost = sum(int(np.isnan(part).sum()) for layer in broken for part in layer)
print(f"without ε: {n_lost:,} of {count_parameters([784, 16, 16, 10]):,} parameters are nan after one step")
print(f"with ε:    {sum(int(np.isnan(part).sum()) for layer in sound for part in layer)}")
lost = np.isnan(broken[0][0]).mean(axis=1).reshape(28, 28)
plots.image_grid(
    np.stack([X_train[:32].max(axis=0).reshape(28, 28), lost]),
    ["ink in the batch", "weights lost"],
    columns=2,
)


# %% ask
params = [(np.arange(6.0).reshape(3, 2), np.array([1.0, 2.0]))]
grads = [(np.full((3, 2), 0.5), np.array([2.0, 1.0]))]
params, state = adam_step(params, grads, None, 0.1)
more = [(np.full((3, 2), -1.0), np.array([1.0, -2.0]))]
adam_step(params, more, state, 0.1)[0]


# %% visible
def _adam(adam_step: Function, params: Any, grads: Any, lr: float, options: Any) -> Any:
    state, path = None, []
    for step in grads:
        params, state = adam_step(params, step, state, lr, **options)
        path.append(params)
    return path


def _adam_twice(adam_step: Function, params: Any, grads: Any) -> Any:
    place, state = adam_step(params, grads, None, 0.1)
    before = [[np.array(part) for part in layer] for layer in place]
    once, again = (adam_step(place, grads, state, 0.1)[0] for _ in range(2))
    return before, place, once, again


# What torch.optim makes of a single weight, as lengths of steps in units of lr. The first is the slides' Adam, which
# has no bias correction, with β₂ = 0.999.
UNCORRECTED = [3.1622774101683975, 4.249591450385753, 4.950235121381427]
ADAM_STEPS = [1.0, -0.36610352, 0.34324108]
ADAM_MISTAKES = {
    "β₁ and β₂ have changed places: β₁ = 0.9 belongs to the mean of g, β₂ = 0.999 to that of g².": [
        1.0,
        -0.31181718,
        0.29999469,
    ],
    "The bias correction is missing: divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ.": [3.16227666, -1.55579029, 1.69912398],
    "The first step has t = 1: here it has t = 2.": [0.74413681, -0.31428617, 0.31224621],
    "The correction stands still at t = 1: it is 1 − βᵗ with t = 1, 2, 3, and t travels in the state.": [
        1.0,
        -0.49198415,
        0.53731023,
    ],
}


@checks("adam_step")
def constant_gradients_make_equal_steps(student: Student, rng: Rng) -> None:
    """With a constant gradient of 4, three steps have the lengths η, η and η."""
    params, grads = _one_weight(4.0, 4.0, 4.0)
    steps = _steps_of(student.run(_adam, params=params, grads=grads, lr=0.1, options={}), 0.1)
    hint = "Divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ, with t = 1 in the first step; then w − η m̂ / (√v̂ + ε)."
    if not np.isfinite(steps[0]):
        hint = "The first step divides by 0. Is t 0 in it? Then 1 − βᵗ is 0. Count the step before you use t: 1, 2, 3."
    expect_close(
        steps,
        [1.0, 1.0, 1.0],
        hint=hint,
        what=WHAT_STEPS,
        mistakes={
            "The bias correction is missing: divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ.": UNCORRECTED,
            "v is the running mean of the gradient's SQUARE: g**2.": [2.0, 2.0, 2.0],
            "The root is missing: m̂ / (√v̂ + ε).": [0.25, 0.25, 0.25],
            "m is not corrected: divide it by 1 − β₁ᵗ.": [0.1, 0.19, 0.271],
            "The correction stands still at t = 1: it is 1 − βᵗ with t = 1, 2, 3, and t travels in the state.": [
                1.0,
                1.34383888,
                1.56540186,
            ],
            "Those weights went uphill: w − η ….": [-1.0, -1.0, -1.0],
            "v is not corrected: divide it by 1 − β₂ᵗ.": [31.622774, 22.366271, 18.26655],
            "The first step has t = 1: here it has t = 2.": [0.744137, 0.858463, 0.909699],
            "v is the running mean of g**2, the gradient's square, not that of m.": [10.0, 6.585717, 5.00826],
            "Corrected means came back: m̂ and v̂ are for this step alone, m and v go into the state.": [
                1.0,
                0.235317,
                0.043708,
            ],
        },
        rtol=1e-4,
    )


@checks("adam_step")
def adam_follows_changing_gradients(student: Student, rng: Rng) -> None:
    """Gradients of 1, -2 and 3 make the steps that were worked out with a calculator."""
    params, grads = _one_weight(1.0, -2.0, 3.0)
    path = student.run(_adam, params=params, grads=grads, lr=0.1, options={})
    expect_close(
        _steps_of(path, 0.1),
        ADAM_STEPS,
        hint="β₁ = 0.9 belongs to the mean of g, β₂ = 0.999 to that of g². Both start at 0; t = 1 in the first step.",
        what=WHAT_STEPS,
        mistakes=ADAM_MISTAKES,
        rtol=1e-4,
    )


@checks("adam_step")
def zero_gradients_move_nothing(student: Student, rng: Rng) -> None:
    """A weight whose gradient is always 0 stays where it is: no nan, no warning."""
    params, grads = _one_weight(0.0, 0.0, 0.0)
    path = student.run(_adam, params=params, grads=grads, lr=0.1, options={})
    hint = "0 / 0 is nan: add ε to the root, √v̂ + ε. On MNIST thousands of weights have such gradients."
    expect_close(_steps_of(path, 0.1), [0.0, 0.0, 0.0], hint=hint, what=WHAT_STEPS)
    expect_no_warning(student, hint=hint)


@checks("adam_step")
def adam_step_is_pure(student: Student, rng: Rng) -> None:
    """Parameters, gradients and state are what they were after a step."""
    _expect_pure(student, _adam_twice)


adam_step_in_other_forms = forms("adam_step", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
STAND_INS["adam_step"] = (sgd_step,)


def adam_step(
    params: Any, grads: Any, state: Any, lr: Any, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-8
) -> Any:
    """Return parameters moved as by torch.optim.Adam, and the state: every gradient so far, the oldest first.

    The running means are written out as sums over all gradients, weighted by the powers of the βs.
    """
    history = [*(state or []), grads]
    t = len(history)
    moved = []
    for i, layer in enumerate(params):
        parts = []
        for j, part in enumerate(layer):
            m = (1 - beta1) * sum(beta1 ** (t - 1 - s) * g[i][j] for s, g in enumerate(history))
            v = (1 - beta2) * sum(beta2 ** (t - 1 - s) * g[i][j] ** 2 for s, g in enumerate(history))
            parts.append(part - lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + eps))
        moved.append(tuple(parts))
    return moved, history


def _adam_path(adam_step: Function, params: Any, grads: Any, rates: Any, options: Any) -> Any:
    state, path = None, []
    for step, lr in zip(grads, rates, strict=True):
        params, state = adam_step(params, step, state, lr, **options)
        path.append(params)
    return path


@checks("adam_step")
def adam_agrees_with_torch(student: Student, rng: Rng) -> None:
    """Six steps go where torch.optim.Adam goes, with its default settings."""
    hint = (
        "Hold your steps against torch.optim.Adam, step by step: every number of every W and b has means of its own, "
        "and all of them have the same t."
    )
    _expect_path(student, _adam_path, adam_step, rng, hint)


@checks("adam_step")
def adam_uses_its_settings(student: Student, rng: Rng) -> None:
    """Six steps with other β₁, β₂ and a large ε go where torch.optim.Adam goes."""
    hint = "Use the arguments beta1, beta2 and eps; ε is added to the corrected root, not under it."
    _expect_path(student, _adam_path, adam_step, rng, hint, beta1=0.7, beta2=0.99, eps=0.3)


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


# %% right plain
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

    return for_each(moved, params, m, v), (t, m, v)


# %% wrong no_bias_correction of plain -> constant_gradients_make_equal_steps
# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# + m_hat, v_hat = m, v

# %% wrong as_on_the_slide of plain -> zero_gradients_move_nothing
# - def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
# + def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.99, eps=0.0):

# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# - return w - lr * m_hat / (np.sqrt(v_hat) + eps)
# + m_hat, v_hat = m, v
# + return w - lr * m_hat / (np.sqrt(v_hat))

# %% wrong no_correction_with_the_slides_beta of plain -> constant_gradients_make_equal_steps
# - def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
# + def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.99, eps=1e-8):

# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# + m_hat, v_hat = m, v

# %% wrong no_eps of plain -> zero_gradients_move_nothing
# - return w - lr * m_hat / (np.sqrt(v_hat) + eps)
# + return w - lr * m_hat / (np.sqrt(v_hat))

# %% wrong counter_starts_at_zero of plain -> constant_gradients_make_equal_steps
# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# + m_hat, v_hat = m / (1 - beta1 ** (t - 1)), v / (1 - beta2 ** (t - 1))

# %% wrong counter_starts_at_two of plain -> adam_follows_changing_gradients
# - t = t + 1
# + t = t + (2 if t == 0 else 1)

# %% wrong counter_stands_still of plain -> constant_gradients_make_equal_steps
# - t = t + 1
# + t = 1

# %% wrong square_forgotten of plain -> constant_gradients_make_equal_steps
# - v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)
# + v = for_each(lambda v, g: beta2 * v + (1 - beta2) * np.abs(g), v, grads)

# %% wrong square_of_the_mean of plain -> adam_follows_changing_gradients
# - v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)
# + v = for_each(lambda v, m: beta2 * v + (1 - beta2) * m**2, v, m)

# %% wrong betas_exchanged of plain -> adam_follows_changing_gradients
# - m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
# - v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)
# + m = for_each(lambda m, g: beta2 * m + (1 - beta2) * g, m, grads)
# + v = for_each(lambda v, g: beta1 * v + (1 - beta1) * g**2, v, grads)

# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# + m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)

# %% wrong corrections_exchanged of plain -> constant_gradients_make_equal_steps
# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# + m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)

# %% wrong only_the_root_corrected of plain -> constant_gradients_make_equal_steps
# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# + m_hat, v_hat = m, v / (1 - beta2**t)

# %% wrong only_the_mean_corrected of plain -> constant_gradients_make_equal_steps
# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# + m_hat, v_hat = m / (1 - beta1**t), v

# %% wrong corrected_means_kept of plain -> adam_follows_changing_gradients
# - return for_each(moved, params, m, v), (t, m, v)
# + stepped = for_each(moved, params, m, v)
# + m = for_each(lambda m: m / (1 - beta1**t), m)
# + v = for_each(lambda v: v / (1 - beta2**t), v)
# + return stepped, (t, m, v)

# %% wrong root_forgotten of plain -> constant_gradients_make_equal_steps
# - return w - lr * m_hat / (np.sqrt(v_hat) + eps)
# + return w - lr * m_hat / (v_hat + eps)

# %% wrong eps_under_the_root of plain -> adam_uses_its_settings
# - return w - lr * m_hat / (np.sqrt(v_hat) + eps)
# + return w - lr * m_hat / (np.sqrt(v_hat + eps))

# %% wrong eps_before_the_correction of plain -> adam_uses_its_settings
# - m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
# - return w - lr * m_hat / (np.sqrt(v_hat) + eps)
# + scale = np.sqrt(1 - beta2**t) / (1 - beta1**t)
# + return w - lr * scale * m / (np.sqrt(v) + eps)

# %% wrong eps_fixed of plain -> adam_uses_its_settings
# - return w - lr * m_hat / (np.sqrt(v_hat) + eps)
# + return w - lr * m_hat / (np.sqrt(v_hat) + 1e-8)

# %% wrong betas_fixed of plain -> adam_uses_its_settings
#   def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
# +     beta1, beta2 = 0.9, 0.999

# %% wrong biases_by_plain_descent of plain -> adam_agrees_with_torch
# - return for_each(moved, params, m, v), (t, m, v)
# + stepped = for_each(moved, params, m, v)
# + return [(W, b - lr * db) for (W, _), (_, b), (_, db) in zip(stepped, params, grads)], (t, m, v)


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


# %% wrong uphill of plain -> constant_gradients_make_equal_steps
# - return w - lr * m_hat / (np.sqrt(v_hat) + eps)
# + return w + lr * m_hat / (np.sqrt(v_hat) + eps)

# %% wrong state_not_returned of plain -> adam_follows_changing_gradients
# - return for_each(moved, params, m, v), (t, m, v)
# + return for_each(moved, params, m, v), None

# %% wrong means_changed_in_place of plain -> adam_step_is_pure
# - m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
# - v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)
# + for layer in zip(m, v, grads):
# +     for mean, square, g in zip(*layer):
# +         mean *= beta1
# +         mean += (1 - beta1) * g
# +         square *= beta2
# +         square += (1 - beta2) * g**2

# %% wrong counter_kept_in_a_list of plain -> adam_step_is_pure
# - state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
# + state = [0], for_each(np.zeros_like, params), for_each(np.zeros_like, params)

# - t = t + 1
# + counter, t = t, t[0] + 1
# + counter[0] = t

# - return for_each(moved, params, m, v), (t, m, v)
# + return for_each(moved, params, m, v), (counter, m, v)

# %% wrong steps_counted_outside -> adam_step_in_other_forms
# A second network, or a second call with the same state, goes on from the count of the first.
steps = [0]


def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    steps[0] += 1
    m, v = (for_each(np.zeros_like, params), for_each(np.zeros_like, params)) if state is None else state
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)

    def moved(w, m, v):
        m_hat, v_hat = m / (1 - beta1 ** steps[0]), v / (1 - beta2 ** steps[0])
        return w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return for_each(moved, params, m, v), (m, v)


# %% wrong nan_to_zero of plain -> adam_uses_its_settings
# - return w - lr * m_hat / (np.sqrt(v_hat) + eps)
# + return w - lr * np.nan_to_num(m_hat / np.maximum(np.sqrt(v_hat), 1e-30))


# %% wrong means_by_shape -> adam_agrees_with_torch
# Two arrays of one shape share their means.
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state or (0, {}, {})
    t, m, v, new = t + 1, dict(m), dict(v), []
    for layer, slopes in zip(params, grads):
        for g in slopes:
            m[g.shape] = beta1 * m.get(g.shape, 0) + (1 - beta1) * g
            v[g.shape] = beta2 * v.get(g.shape, 0) + (1 - beta2) * g**2
        scales = [np.sqrt(v[w.shape] / (1 - beta2**t)) + eps for w in layer]
        new.append(tuple(w - lr * m[w.shape] / (1 - beta1**t) / scale for w, scale in zip(layer, scales)))
    return new, (t, m, v)


# %% survivors
# - def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-08):
# + def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=2e-08):
# The checks give the ε where it matters. As a default, either is far below the rounding that float32
# allows.
