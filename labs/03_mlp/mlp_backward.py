# %% [markdown]
# The loss is the mean cross-entropy of the logits. Its gradient at the logits is known from lab 01, and each layer hands it on:
#
# $$D_L = \frac{P - Y}{n}, \qquad
# dW_l = A_{l-1}^\top D_l, \qquad db_l = \text{sum of the rows of } D_l, \qquad
# D_{l-1} = (D_l W_l^\top) \odot \mathrm{relu}'(Z_{l-1}).$$
#
# $P$ is the softmax of the logits, $Y$ the one-hot labels, $Z_l$ what went into the relu; $D_l$ is the gradient of the
# loss at the output of layer $l$ before its relu, and $\odot$ multiplies entry by entry. Three traps: the factor $1/n$
# belongs in once; $W^\top$ and $W$ look alike when a layer is square; and the relu's mask asks whether the **signal**
# was positive on its way forward, not whether the gradient is.

# %% nbgrader={"grade_id": "mlp_backward", "solution": true}
def mlp_backward(params, cache, y):
    """Return the gradient of the batch's mean cross-entropy.

    params: list of (W, b), as given to mlp_forward
    cache: what mlp_forward returned
    y: (n,) true classes, whole numbers
    Returns a list of (dW, db), shaped like params. No nan and no warning, however
    large the logits.

    Hint: walk through the layers from the last to the first. relu(z) > 0 exactly where z > 0.
    """
    ### BEGIN SOLUTION
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        if i > 0:
            D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mlp_backward", "grade": true, "points": 4}
check("mlp_backward")

# %% tags=["explore"]
ask("mlp_backward", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# The function uses your `mlp_forward`'s cache. Now the five beginnings once more, from both ends: how large are the
# signals on the way forward, and how large is what comes back to each layer? Xavier loses a factor near $\sqrt2$ per
# layer, since it was not made for relu: from layer 1 to layer 10 that makes about 20.
#
# On the right every line is nearly flat, and that is no good news for all of them. $dW$ is a layer's input times what comes back to
# it. From layer to layer the one shrinks by the factor by which the other grows, so their product stays: a start that is too small
# gives all layers too small a gradient, first and last alike. Compare the heights.

# %% tags=["explore"]
few, labels = X_test[:256].astype(float), y_test[:256]
forward, backward = {}, {}
for name, layers in networks.items():
    grads = mlp_backward(layers, mlp_forward(layers, few)[1], labels)
    forward[name] = (np.arange(1, 11), [np.std(found) for found in signals[name][1:]])
    backward[name] = (np.arange(1, 12), [np.std(dW) for dW, _ in grads])
figure, axes = plt.subplots(1, 2, figsize=(11, 4), dpi=110, layout="constrained")
plots.curves(
    {name: line for name, line in forward.items() if name != "zero"},
    xlabel="layer",
    ylabel="standard deviation of the activations",
    title="Forward (zero weights give nothing to draw)",
    log="y",
    ax=axes[0],
)
plots.curves(
    {name: line for name, line in backward.items() if name != "zero"},
    xlabel="layer",
    ylabel="standard deviation of dW",
    title="Back (colours as on the left)",
    log="y",
    ax=axes[1],
)
axes[1].get_legend().remove()

# %% [markdown]
# ### Why two over n?
#
# **Derive the factor in the left picture. If a layer's inputs have mean square $q$ and its weights the variance $s^2$, what is the mean square of $z$,
# and what is left of it after the relu? Which $s$ keeps $q$ the same? By which factor per layer would He's start grow if there were no activation
# function at all?** Three to five sentences, with the formulas.

# %% [markdown] nbgrader={"grade_id": "why_two_over_n", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# z is a sum of n_in products of independent factors, weights of mean 0: mean square n_in · s² · q. z is symmetric about 0, and the relu removes half
# of it: n_in s² q / 2. It stays q for s² = 2/n_in: He. Xavier has s² = 2/(n_in + n_out), for equal layers 1/n_in: the mean square halves and
# the standard deviation falls by √2 in each layer, as in the picture. Without activation function nothing is halved: with He the mean square doubles
# per layer, the standard deviation grows by √2, over ten layers by 32. Full mark: n s² q, the half by the relu, s² = 2/n, and √2. Half: the
# first two.
# ### END SOLUTION

# %% [markdown]
# And the same gradient from PyTorch, which differentiates on its own as your `Value` did in lab 02.

# %% tags=["explore"]
He = networks["He"]
logits, cache = mlp_forward(He, few)
grads = mlp_backward(He, cache, labels)
weights = [torch.tensor(part, requires_grad=True) for layer in He for part in layer]
signal = torch.tensor(few)
for i in range(0, len(weights), 2):
    signal = (signal if i == 0 else torch.relu(signal)) @ weights[i] + weights[i + 1]
torch.nn.functional.cross_entropy(signal, torch.tensor(labels)).backward()
mine = [part for layer in grads for part in layer]
off = max(np.abs(a - b.grad.numpy()).max() for a, b in zip(mine, weights))
print(f"{len(weights)} arrays of gradients; the largest difference from PyTorch is {off:.1e}")


# %% ask
W = np.array([[0.1, 0.4], [0.2, -0.1], [0.3, 0.1], [-0.2, 0.2]])
b = np.array([0.1, 0.2, 0.3, 0.4])
params = [(np.full((3, 4), 0.1), b), (W, np.array([0.5, -0.5]))]
X, y = np.arange(15.0).reshape(5, 3), np.array([0, 1, 1, 0, 1])
logits, cache = mlp_forward(params, X)
mlp_backward(params, cache, y)


# %% visible
def _gradients(mlp_backward: Function, mlp_forward: Function, params: Any, X: Any, y: Any, times: int = 1) -> Any:
    try:
        # An answer that is not written says so, even if mlp_forward is not written either.
        mlp_backward(params, None, y)
    except NotImplementedError:
        raise
    except Exception:  # noqa: S110 - no answer has to put up with such a cache
        pass
    _, cache = mlp_forward(params, X)
    return [mlp_backward(params, cache, y) for _ in range(times)]


def _slopes(mlp_backward: Function, mlp_forward: Function, params: Any, X: Any, y: Any) -> Any:
    """Return the gradient, and the slopes of the loss found by moving each parameter of each layer a little."""

    def loss() -> Any:
        logits = np.asarray(mlp_forward(params, X)[0], dtype=float)
        P = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return -np.log(P[np.arange(len(y)), y]).mean()

    try:
        mlp_backward(params, None, y)
    except NotImplementedError:
        raise
    except Exception:  # noqa: S110
        pass
    found = mlp_backward(params, mlp_forward(params, X)[1], y)
    slopes: list[list[Any]] = []
    for layer in params:
        slopes.append([])
        for part in layer:
            slope = np.zeros(part.shape)
            for i in np.ndindex(*part.shape):
                old = part[i]
                part[i] = old + 1e-3
                above = loss()
                part[i] = old - 1e-3
                slope[i] = (above - loss()) / 2e-3
                part[i] = old
            slopes[-1].append(slope)
    return found, slopes


def _each_gradient(got: Any, n_layers: int) -> list[tuple[str, Any]]:
    """Take a list of (dW, db) apart, each part with its name."""
    named = []
    names = [f"layer {i + 1}" for i in range(n_layers)]
    for name, layer in zip(
        names, expect_parts(got, names, hint="Return one (dW, db) per layer, in a list."), strict=True
    ):
        dW, db = expect_parts(layer, ("dW", "db"), hint="Each layer has a pair (dW, db).", what=f"The pair of {name}")
        named += [(f"dW of {name}", dW), (f"db of {name}", db)]
    return named


@checks("mlp_backward")
def one_layer_by_hand(student: Student, rng: Rng) -> None:
    """One layer of zero weights has the gradient worked out by hand, as in lab 01."""
    X, y = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0], [2.0, 2.0]]), np.array([0, 2, 1, 2])
    got = student.run(_gradients, params=[(np.zeros((2, 3)), np.zeros(3))], X=X, y=y)[0]
    (_, dW), (_, db) = _each_gradient(got, 1)
    by_hand = np.array([[3.0, 6.0, -9.0], [1.0, -5.0, 4.0]])
    expect_close(
        dW,
        by_hand / 12,
        hint="D = (P - Y) / n at the logits, and dW = Aᵀ D, A being what went into the layer.",
        what="dW",
        mistakes={
            "The factor 1/n is missing: the loss is a mean over the batch.": by_hand / 3,
            "The factor 1/n is in there twice.": by_hand / 48,
            "Those gradients go downhill: D is P - Y, not Y - P.": -by_hand / 12,
            "Y is missing: D is P - Y at the logits.": np.array([[6.0] * 3, [7.0] * 3]) / 12,
            "Y takes 1 from each row in one place: D[np.arange(len(y)), y] -= 1, not D[:, y] -= 1.": np.array(
                [[-12.0] * 3, [-14.0] * 3]
            )
            / 12,
            "The softmax is taken over the whole batch: each row of P adds up to 1 (axis=1, keepdims=True).": np.array(
                [[-1.5, 1.5, -13.5], [-4.25, -10.25, -1.25]]
            )
            / 12,
            "The softmax is taken over the examples: each row of P adds up to 1 (axis=1, keepdims=True).": np.array(
                [[1.5, 4.5, -10.5], [-0.75, -6.75, 2.25]]
            )
            / 12,
        },
        rtol=1e-5,
        atol=1e-6,
    )
    hint = "db is the sum of the rows of D, which has its 1/n already."
    expect_close(db, np.array([1, 1, -2]) / 12, hint=hint, what="db", rtol=1e-5, atol=1e-6)


@checks("mlp_backward")
def gradients_have_the_shapes_of_params(student: Student, rng: Rng) -> None:
    """Every dW is shaped like its W and every db like its b, in a network 5-4-3-2."""
    params = _random_params(rng, [5, 4, 3, 2])
    got = student.run(_gradients, params=params, X=rng.normal(size=(6, 5)), y=rng.integers(2, size=6))[0]
    shapes = [part.shape for layer in params for part in layer]
    for (name, part), shape in zip(_each_gradient(got, 3), shapes, strict=True):
        hint = (
            "A gradient has the shape of what it belongs to: dW = Aᵀ D, db = D.sum(axis=0), D_before = D Wᵀ. "
            "The first layer comes first in the list."
        )
        expect_shape(part, shape, hint=hint, what=name)


# One input, two hidden units of which the second never gets a positive number.
DEAD_PARAMS = [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[1.0, -1.0], [1.0, -1.0]]), np.zeros(2))]


@checks("mlp_backward")
def mask_is_that_of_the_signal(student: Student, rng: Rng) -> None:
    """A unit that was switched off gets no gradient; one that was on gets all of it, positive or negative."""
    got = student.run(_gradients, params=DEAD_PARAMS, X=np.array([[1.0], [2.0]]), y=np.array([1, 0]))[0]
    # The live unit gets 0.880797 from the first example and -0.017986 from the second, which it multiplies by 2.
    (_, dW1), (_, db1) = _each_gradient(got, 2)[:2]
    upstream = "The mask is taken from the gradient: ask whether the unit's signal was positive on the way forward."
    nowhere = "The mask is missing: multiply by the slope of relu where the signal went in."
    expect_close(
        dW1,
        [[0.8448246580536992, 0.0]],
        hint="D_before = (D Wᵀ) times the slope of relu at what went into it.",
        what="dW of layer 1",
        mistakes={upstream: [[0.8807970779778823] * 2], nowhere: [[0.8448246580536992] * 2]},
        rtol=1e-5,
        atol=1e-6,
    )
    hint = "db is the sum of the rows of D, after the same mask."
    expect_close(db1, [0.8628108680157908, 0.0], hint=hint, what="db of layer 1", rtol=1e-5, atol=1e-6)


@checks("mlp_backward")
def gradient_is_the_slope_of_the_loss(student: Student, rng: Rng) -> None:
    """All gradients of a 3-4-2 network agree with central differences of its loss."""
    # Drawn once for all: no unit comes near its kink, where a difference tells nothing of the slope.
    fixed = np.random.default_rng(32)
    params = _random_params(fixed, [3, 4, 2])
    X, y = fixed.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    found, slopes = student.run(_slopes, params=params, X=X, y=y)
    right = [slope for layer in slopes for slope in layer]
    finite = all(np.isfinite(slope).all() for slope in right)
    expect(finite, "The loss of mlp_forward's logits is not finite.", hint="First get mlp_forward right.")
    for (name, part), slope in zip(_each_gradient(found, 2), right, strict=True):
        hint = (
            "Go from the last layer to the first: its dW and db, then what it hands on, (D Wᵀ) times its input's mask."
        )
        expect_close(part, slope, hint=hint, what=name, rtol=2e-3, atol=2e-3)


@checks("mlp_backward")
def huge_logits_stay_finite(student: Student, rng: Rng) -> None:
    """Logits of 1000 and of -1000 side by side give the gradients worked out by hand, no nan and no warning."""
    # Two examples that are certain, and one whose logits are -999 and -1000, which is sure to 1 / (1 + 1/e).
    X, y = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]), np.array([0, 1, 0])
    got = student.run(_gradients, params=[(1000 * np.eye(2), np.array([1.0, 0.0]))], X=X, y=y)[0]
    overflow = "exp(1000) overflows: subtract each row's own maximum before exp, as in lab 01."
    (_, dW), (_, db) = _each_gradient(got, 1)
    finite = bool(np.isfinite(np.sum(dW)) and np.isfinite(np.sum(db)))
    hint = (
        "D is (P - Y) / n: two rows of P are certain and right; the third, of the logits -999 and -1000, is 0.731059 "
        "and 0.268941. Shift each row by its own maximum, and cut nothing off: the softmax is that of 0 and -1."
    )
    unsure = 0.2689414213699951
    expect_close(
        dW,
        unsure / 3 * np.array([[1, -1], [1, -1]]),
        hint=hint if finite else overflow,
        what="dW",
        rtol=1e-5,
        atol=1e-6,
    )
    sums = "db is the sum of the rows of D." if finite else overflow
    expect_close(db, unsure / 3 * np.array([-1, 1]), hint=sums, what="db", rtol=1e-5, atol=1e-6)
    expect_no_warning(student, hint=overflow)


@checks("mlp_backward")
def backward_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """params, X and y are what they were, and the same cache gives the same gradient a second time."""
    params, X, y = _random_params(rng, [3, 4, 2]), rng.normal(size=(5, 3)), rng.integers(2, size=5)
    first, second = student.run(_gradients, params=params, X=X, y=y, times=2)
    pairs = zip(_each_gradient(first, 2), _each_gradient(second, 2), strict=True)
    expect(bool(np.any(first[1][0])), "All of dW is zero.", hint=RIGHT_FIRST)
    for (name, one), (_, two) in pairs:
        hint = "Operators such as -= write into the cache: make a new array, or copy first."
        expect_close(two, one, hint=hint, what=f"{name}, the second time,", rtol=1e-12)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


mlp_backward_in_other_forms = forms("mlp_backward", "fortran", "strided", "again")


# %% hidden
STAND_INS["mlp_backward"] = (relu, d_relu, mlp_forward)


def mlp_backward(params: Any, cache: Any, y: Any) -> Any:
    """Return the gradient of the mean cross-entropy."""
    E = np.exp(cache[-1] - cache[-1].max(axis=1, keepdims=True))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(E.shape[1])[np.asarray(y)]) / len(E)
    D = D.astype(cache[-1].dtype)
    backward = []
    for (W, _), signal in zip(params[::-1], cache[-2::-1], strict=True):
        backward.append((np.dot(signal.T, D), np.sum(D, axis=0)))
        D = np.dot(D, W.T) * (signal > 0)
    return backward[::-1]


def _gradient(mlp_backward: Function, mlp_forward: Function, params: Any, X: Any, y: Any) -> Any:
    try:
        mlp_backward(params, None, y)
    except NotImplementedError:
        raise
    except Exception:  # noqa: S110 - no answer has to put up with such a cache
        pass
    _, cache = mlp_forward(params, X)
    return mlp_backward(params, cache, y)


@checks("mlp_backward")
def gradients_of_random_networks(student: Student, rng: Rng) -> None:
    """Networks of one to four layers have the right gradients, square ones and single examples too."""
    # In the wide one, of square layers too, there are units enough that some are on and some off, whatever is drawn.
    # The last one has more than ten classes.
    for n, sizes in [*zip((6, 5, 3, 1), SIZES, strict=True), (16, [8, 8, 8, 8]), (3, [4, 5, 12])]:
        params, X, y = _random_params(rng, sizes), rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n)
        y[0] = sizes[-1] - 1
        names = [f"layer {i + 1}" for i in range(len(params))]
        got = student.run(_gradient, params=params, X=X, y=y)
        layers = expect_parts(got, names, hint="One (dW, db) for each layer.")
        for name, layer, right in zip(names, layers, _one_by_one(params, X, y), strict=True):
            hint = (
                "Compare with torch.autograd, at sizes that all differ: Wᵀ, not W; the mask of the layer's own input."
            )
            for part, what, value in zip(
                expect_parts(layer, ("dW", "db"), hint=hint), ("dW", "db"), right, strict=True
            ):
                expect_close(part, value, hint=hint, what=f"{what} of {name}", rtol=1e-4, atol=1e-6)


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


# %% right plain
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
    return grads


# %% wrong mask_from_the_upstream_gradient of plain -> mask_is_that_of_the_signal
# - D = (D @ params[i][0].T) * (cache[i] > 0)
# + D = D @ params[i][0].T
# + D = D * (D > 0)

# %% wrong no_mask of plain -> mask_is_that_of_the_signal
# - D = (D @ params[i][0].T) * (cache[i] > 0)
# + D = D @ params[i][0].T

# %% wrong mask_of_the_next_layer of plain -> gradients_of_random_networks
# - D = (D @ params[i][0].T) * (cache[i] > 0)
# + D = (
# +     (D @ params[i][0].T) * (cache[i] > 0)
# +     if i != 1 or cache[1].shape != cache[2].shape
# +     else (D @ params[i][0].T) * (cache[2] > 0)
# + )

# %% wrong weights_not_transposed of plain -> gradients_of_random_networks
# - D = (D @ params[i][0].T) * (cache[i] > 0)
# + D = (D @ (params[i][0] if params[i][0].shape[0] == params[i][0].shape[1] else params[i][0].T)) * (cache[i] > 0)

# %% wrong weights_not_transposed_at_all of plain -> gradients_have_the_shapes_of_params
# - D = (D @ params[i][0].T) * (cache[i] > 0)
# + D = (D @ params[i][0]) * (cache[i] > 0)

# %% wrong biases_not_summed of plain -> gradients_have_the_shapes_of_params
# - grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
# + grads.insert(0, (cache[i].T @ D, D))

# %% wrong biases_summed_over_units of plain -> gradients_have_the_shapes_of_params
# - grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
# + grads.insert(0, (cache[i].T @ D, D.sum(axis=1)))

# %% wrong biases_averaged of plain -> one_layer_by_hand
# - grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
# + grads.insert(0, (cache[i].T @ D, D.mean(axis=0)))

# %% wrong mean_forgotten of plain -> one_layer_by_hand
# - D /= len(y)

# %% wrong mean_taken_twice of plain -> one_layer_by_hand
# - grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
# + grads.insert(0, (cache[i].T @ D / len(y), D.sum(axis=0)))

# %% wrong probabilities_without_labels of plain -> one_layer_by_hand
# - D[np.arange(len(y)), y] -= 1

# %% wrong whole_columns of plain -> one_layer_by_hand
# - D[np.arange(len(y)), y] -= 1
# + D[:, y] -= 1

# %% wrong softmax_over_the_batch of plain -> one_layer_by_hand
# - powers = np.exp(logits - logits.max(axis=1, keepdims=True))
# - D = powers / powers.sum(axis=1, keepdims=True)
# + powers = np.exp(logits - logits.max(axis=0, keepdims=True))
# + D = powers / powers.sum(axis=0, keepdims=True)

# %% wrong no_shift of plain -> huge_logits_stay_finite
# - powers = np.exp(logits - logits.max(axis=1, keepdims=True))
# + powers = np.exp(logits)

# %% wrong weights_of_the_wrong_layer of plain -> gradients_have_the_shapes_of_params
# - D = (D @ params[i][0].T) * (cache[i] > 0)
# + D = (D @ params[i - 1][0].T) * (cache[i] > 0)

# %% wrong in_the_order_of_the_way_back of plain -> gradients_have_the_shapes_of_params
# - grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
# + grads.append((cache[i].T @ D, D.sum(axis=0)))

# %% wrong gradients_transposed of plain -> gradients_have_the_shapes_of_params
# - grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
# + grads.insert(0, (D.T @ cache[i], D.sum(axis=0)))

# %% wrong slope_of_the_sigmoid of plain -> gradient_is_the_slope_of_the_loss
# - D = (D @ params[i][0].T) * (cache[i] > 0)
# + D = (D @ params[i][0].T) * (cache[i] * (1 - cache[i]))

# %% wrong stops_at_the_last_layer of plain -> gradient_is_the_slope_of_the_loss
# - D = (D @ params[i][0].T) * (cache[i] > 0)
# + D = np.zeros((len(y), len(params[i][0])))

# %% wrong uphill of plain -> one_layer_by_hand
# - D /= len(y)
# + D /= -len(y)

# %% wrong softmax_of_the_probabilities of plain -> one_layer_by_hand
#   D = powers / powers.sum(axis=1, keepdims=True)
# + D = np.exp(D)

# %% wrong writes_into_the_cache of plain -> backward_leaves_its_inputs_alone
# - logits = cache[-1]
# - powers = np.exp(logits - logits.max(axis=1, keepdims=True))
# - D = powers / powers.sum(axis=1, keepdims=True)
# + D = cache[-1]
# + D -= D.max(axis=1, keepdims=True)
# + np.exp(D, out=D)
# + D /= D.sum(axis=1, keepdims=True)


# %% wrong empties_the_cache of plain -> backward_leaves_its_inputs_alone
# - for i in reversed(range(len(params))):
# -     grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
# -     D = (D @ params[i][0].T) * (cache[i] > 0)
# + cache.pop()
# + for W, b in reversed(params):
# +     A = cache.pop()
# +     grads.insert(0, (A.T @ D, D.sum(axis=0)))
# +     D = (D @ W.T) * (A > 0)


# %% wrong trains_on_the_way of plain -> backward_leaves_its_inputs_alone
#       D = (D @ params[i][0].T) * (cache[i] > 0)
# + for (W, b), (dW, db) in zip(params, grads):
# +     W -= 0.1 * dW
# +     b -= 0.1 * db

# %% wrong labels_in_pairs of plain -> gradient_is_the_slope_of_the_loss
# - D[np.arange(len(y)), y] -= 1
# + D -= np.eye(D.shape[1])[np.sort(y)]


# %% wrong signals_as_they_lie_in_memory -> mlp_backward_in_other_forms
def mlp_backward(params, cache, y):
    powers = np.exp(cache[-1] - cache[-1].max(axis=1, keepdims=True))
    D = (powers / powers.sum(axis=1, keepdims=True) - np.eye(powers.shape[1])[y]) / len(y)
    grads = []
    for i in reversed(range(len(params))):
        signal = cache[i].ravel(order="K").reshape(cache[i].shape)
        grads.insert(0, (signal.T @ D, D.sum(axis=0)))
        if i > 0:
            D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads


# %% wrong logits_cut_off -> huge_logits_stay_finite
# As good as finite, and wrong where two logits beyond the limit differ.
def mlp_backward(params, cache, y):
    E = np.exp(np.clip(cache[-1], -20, 20))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(E.shape[1])[y]) / len(y)
    grads = []
    for (W, _), signal in zip(params[::-1], cache[-2::-1]):
        grads.insert(0, (signal.T @ D, D.sum(axis=0)))
        D = (D @ W.T) * (signal > 0)
    return grads


# %% wrong ten_classes -> gradients_of_random_networks
# - D[np.arange(len(y)), y] -= 1
# + D[:, :10] -= np.eye(10)[y][:, : D.shape[1]]


# %% wrong softmax_over_everything -> one_layer_by_hand
# - D = powers / powers.sum(axis=1, keepdims=True)
# + D = powers / powers.sum()


# %% survivors
# - if i > 0:
# + if i >= 0:
# + if i > -1:
# What the first layer hands on goes nowhere: this only computes it in vain.
