# %% [markdown]
# ## 6 · Slopes by thought
#
# Experiments need two evaluations of the loss for each of the 7,850 parameters, that is weights and biases. Calculus
# gives all of them at once. Softmax and cross-entropy belong together because of what happens when you differentiate
# them together. With $Y$ the one-hot labels,
#
# $$\frac{\partial L}{\partial S} = \frac{1}{n}(P - Y), \qquad
# \frac{\partial L}{\partial W} = X^\top \frac{\partial L}{\partial S}, \qquad
# \frac{\partial L}{\partial b} = \text{sum of the rows of } \frac{\partial L}{\partial S}.$$
#
# Probability minus truth: the classifier's error *is* the signal. The lecture writes $\partial J/\partial z = \hat y -
# y$ although its $J$ is a mean over $m$ examples; the factor $1/m$ has been forgotten. Leave it out, and the right
# length of a step depends on the batch size.
#
# To keep weights small, add a **regulariser**, $\tfrac12 \lambda \sum W^2$ with $\lambda$ = `l2`. The half makes its slope simply
# $\lambda W$. The bias is not regularised.

# %% nbgrader={"grade_id": "softmax_gradient", "solution": true}
def softmax_gradient(W, b, X, y, l2):
    """Return the regularised loss of a batch and its gradient.

    W: (d, k) weights
    b: (k,) biases
    X: (n, d) examples
    y: (n,) true classes, whole numbers from 0 to k - 1
    l2: the regulariser's strength λ, zero or more
    Returns (loss, dW, db): the mean cross-entropy plus 0.5·l2·ΣW², and its slopes,
    shaped like W and b. No nan, however large the scores.

    Hint: P - Y needs no one-hot array; subtract 1 from P[i, y[i]] in every row i.
    """
    ### BEGIN SOLUTION
    n = len(X)
    S = scores(W, b, X)
    # Straight from the scores: softmax rounds tiny probabilities to 0, whose logarithm would be infinite.
    S = S - S.max(axis=1, keepdims=True)
    log_P = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = -log_P[np.arange(n), y].mean() + 0.5 * l2 * np.sum(W**2)
    dS = softmax(S)
    dS[np.arange(n), y] -= 1
    dS /= n
    return loss, X.T @ dS + l2 * W, dS.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softmax_gradient", "grade": true, "points": 4}
check("softmax_gradient")

# %% tags=["explore"]
ask("softmax_gradient", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# The function may use your `scores`, `softmax` and `cross_entropy`. If one of those is still wrong you lose nothing here:
# grading repeats a failed check with right ones in their place. The same holds for the exercises below.
#
# Now the same number by three roads: your formula, your experiment, and PyTorch, which differentiates on its own (how it does
# that is the subject of lab 02).

# %% tags=["explore"]
try:
    import torch
except ModuleNotFoundError:
    from coursekit.absent import torch

few, labels = X_train[:8].astype(float), y_train[:8]
rng = np.random.default_rng(1)
W0, b0 = 0.01 * rng.normal(size=(few.shape[1], 10)), np.zeros(10)
loss, dW, db = softmax_gradient(W0, b0, few, labels, l2=0.1)


def loss_of_b(b):
    return softmax_gradient(W0, b, few, labels, l2=0.1)[0]


off_experiment = np.abs(db - numeric_gradient(loss_of_b, b0)).max()
print(f"db: largest difference from the experiment {off_experiment:.1e}")
if torch:
    W_torch = torch.tensor(W0, requires_grad=True)
    S_torch = torch.tensor(few) @ W_torch
    loss_torch = torch.nn.functional.cross_entropy(S_torch, torch.tensor(labels))
    loss_torch = loss_torch + 0.05 * (W_torch**2).sum()
    loss_torch.backward()
    off_torch = np.abs(dW - W_torch.grad.numpy()).max()
    print(f"dW: largest difference from PyTorch {off_torch:.1e}")
    print(f"loss: yours {loss:.8f}, PyTorch {loss_torch.item():.8f}")

# %% ask
W, b = np.array([[0.5, -1.0, 0.2], [1.0, 0.3, -0.5]]), np.array([0.1, -0.2, 0.3])
X = np.array([[1.0, 2.0], [3.0, 0.5], [1.0, 1.0], [-1.0, 2.0]])
y = np.array([0, 2, 1, 2])
softmax_gradient(W, b, X, y, 0.1)


# %% visible
X_GRADIENT = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0], [2.0, 2.0]])
Y_GRADIENT = np.array([0, 2, 1, 2])


def _numeric_slopes(softmax_gradient: Function, W: Any, b: Any, X: Any, y: Any, l2: float) -> Any:
    """Differentiate the student's own loss by central differences, for every entry of W and b.

    The step is coarse, so that a loss computed in float32 serves too.
    """

    def slopes(x: Any, loss: Any) -> Any:
        out = np.zeros(x.shape)
        for i in np.ndindex(*x.shape):
            step = np.zeros(x.shape)
            step[i] = 1e-2
            out[i] = (float(loss(x + step)) - float(loss(x - step))) / 2e-2
        return out

    return (
        slopes(W, lambda V: softmax_gradient(V, b, X, y, l2)[0]),
        slopes(b, lambda c: softmax_gradient(W, c, X, y, l2)[0]),
    )


def _parts(student: Student, *inputs: Any) -> tuple[Any, ...]:
    got = student.call("softmax_gradient", *inputs)
    return expect_parts(got, ("loss", "dW", "db"), hint="Return the three together: return loss, dW, db.")


@checks("softmax_gradient")
def zero_weights_know_nothing(student: Student, rng: Rng) -> None:
    """With W = 0 and b = 0 every class has 1/3: the loss is ln 3, the gradient what is worked out by hand."""
    loss, dW, db = _parts(student, np.zeros((2, 3)), np.zeros(3), X_GRADIENT, Y_GRADIENT, 0.0)
    hint = "The loss is the mean cross-entropy of softmax(X @ W + b)."
    if np.shape(loss) == () and np.isnan(np.asarray(loss, dtype=float)):
        hint += " Is 1 subtracted from P in place? Then compute the loss first, or work on a copy."
    expect_close(loss, np.log(3), hint=hint, what="The loss")
    turned = np.shape(dW) == (3,) and np.shape(db) == (2, 3)
    expect(not turned, "dW and db have each other's shapes.", hint="The order is loss, dW, db.")
    expect_close(
        dW,
        np.array([[3, 6, -9], [1, -5, 4]]) / 12,
        hint="dW = Xᵀ (P - Y) / n: subtract 1 from the probability of each example's own class, then average.",
        what="dW",
        mistakes={
            "The mean is missing, as on the slide: the gradient of a mean over n examples has a factor 1/n.": [
                [3 / 3, 6 / 3, -9 / 3],
                [1 / 3, -5 / 3, 4 / 3],
            ],
            "P[:, y] -= 1 takes 1 from whole columns: P[np.arange(n), y] picks one entry per row.": (
                X_GRADIENT.mean(axis=0)[:, None] * np.full(3, 1 / 3 - 1)
            ),
            "Divide by n, the number of examples, not by the number of classes.": np.array([[3, 6, -9], [1, -5, 4]])
            / 9,
            "P - Y is the slope along the scores already: do not multiply it by P (1 - P).": (
                np.array([[3, 6, -9], [1, -5, 4]]) / 12 * (2 / 9)
            ),
            "That goes uphill: dW is Xᵀ (P - Y) / n, not (Y - P).": np.array([[-3, -6, 9], [-1, 5, -4]]) / 12,
            "The labels themselves were subtracted, as numbers: Y is one-hot, so take 1 from P[i, y[i]] in each row.": (
                np.outer(X_GRADIENT.mean(axis=0) / 3 - X_GRADIENT.T @ Y_GRADIENT / 4, np.ones(3))
            ),
        },
        rtol=1e-5,
        atol=1e-6,
    )
    hint = "db is the mean of P - Y over the examples."
    mistakes = {
        "db was divided by n twice: sum the rows of (P - Y) / n, or take the mean of P - Y.": np.array([1, 1, -2]) / 48,
        "db lacks the factor 1/n: it is the mean of P - Y over the examples, not the sum.": np.array([1, 1, -2]) / 3,
    }
    expect_close(db, np.array([1, 1, -2]) / 12, hint=hint, what="db", rtol=1e-5, atol=1e-6, mistakes=mistakes)


@checks("softmax_gradient")
def gradient_is_the_slope_of_the_loss(student: Student, rng: Rng) -> None:
    """dW and db agree with central differences of the loss that comes with them."""
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    X, y = rng.normal(size=(5, 4)), np.array([2, 0, 1, 1, 2])
    _, dW, db = _parts(student, W, b, X, y, 0.3)
    # What is moved between the calls would make the slopes others.
    expect_inputs_unchanged(student)
    slope_W, slope_b = student.run(_numeric_slopes, W=W, b=b, X=X, y=y, l2=0.3)
    finite = _finite(slope_W) and _finite(slope_b)
    expect(finite, "The loss is not finite near here.", got=slope_W, hint="First get the loss right, checks above.")
    expect_close(
        dW,
        slope_W,
        hint="dW and the loss that comes with it do not belong together, and either may be wrong: both need the same "
        "mean and the same regulariser.",
        what="dW, beside the slopes of your own loss,",
        rtol=1e-3,
        atol=1e-3,
    )
    expect_close(
        db,
        slope_b,
        hint="db and the loss that comes with it do not belong together, and either may be wrong: db is the mean of "
        "P - Y over the examples; b is not regularised.",
        what="db, beside the slopes of your own loss,",
        rtol=1e-3,
        atol=1e-3,
    )


@checks("softmax_gradient")
def regulariser_is_half_l2_times_squares(student: Student, rng: Rng) -> None:
    """l2 adds 0.5·l2·ΣW² to the loss and l2·W to dW, and leaves b out."""
    W, b = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]), np.array([5.0, -7.0, 1.0])
    loss0, dW0, db0 = _parts(student, W, b, X_GRADIENT, Y_GRADIENT, 0.0)
    loss1, dW1, db1 = _parts(student, W, b, X_GRADIENT, Y_GRADIENT, 0.4)
    expect_close(
        np.subtract(loss1, loss0),
        0.5 * 0.4 * 15.25,
        hint="The regulariser is 0.5 * l2 * the sum of the squares of W.",
        what="What l2 = 0.4 adds to the loss",
        rtol=1e-4,
        mistakes={
            "The factor one half is missing: 0.5 * l2 * ΣW².": 0.4 * 15.25,
            "The bias is not regularised: only W is.": 0.5 * 0.4 * (15.25 + 75),
        },
    )
    expect_close(
        np.subtract(dW1, dW0),
        0.4 * W,
        hint="The slope of 0.5·l2·W² is l2·W.",
        what="What l2 = 0.4 adds to dW",
        rtol=1e-4,
        atol=1e-5,
    )
    expect_close(db1, db0, hint="The bias is not regularised: only W is.", what="db with l2", rtol=1e-4, atol=1e-5)


@checks("softmax_gradient")
def certain_scores_stay_finite(student: Student, rng: Rng) -> None:
    """Weights that give scores of a thousand, all in favour of the true classes, give the loss 0 and no nan."""
    W, b = np.array([[1000.0, 0.0], [0.0, 1000.0]]), np.zeros(2)
    loss, dW, db = _parts(student, W, b, np.eye(2), np.array([0, 1]), 0.0)
    hint = "P is certain and right here, so loss and gradient are 0: first get the checks above right."
    if not _finite(loss) or not _finite(dW) or student.report.warnings:
        hint = "Use your stable softmax, and take the logarithm of the true class's probability only."
    expect_close(loss, 0.0, hint=hint, what="The loss", atol=1e-6)
    expect_close(dW, np.zeros((2, 2)), hint=hint, what="dW", atol=1e-6)
    expect_close(db, np.zeros(2), hint=hint, what="db", atol=1e-6)


@checks("softmax_gradient")
def confident_mistakes_have_a_gradient(student: Student, rng: Rng) -> None:
    """Two scores of a thousand against the true class, beside a row of zeros, cost much and have a gradient."""
    W, b = np.array([[1000.0, 0.0], [0.0, 1000.0]]), np.zeros(2)
    loss, dW, db = _parts(student, W, b, np.eye(3, 2), np.array([1, 0, 0]), 0.0)
    hint = (
        "P is [[1, 0], [0, 1], [1/2, 1/2]] and Y is [[0, 1], [1, 0], [1, 0]]: dW is Xᵀ (P - Y) / n. Is softmax stable, "
        "with each row's own maximum?"
    )
    third = 1 / 3
    expect_close(dW, [[third, -third], [-third, third]], hint=hint, what="dW", rtol=1e-5, atol=1e-6)
    expect_close(db, [-third / 2, third / 2], hint=hint, what="db", rtol=1e-5, atol=1e-6)
    expect_shape(loss, (), hint="The loss is one number.", what="The loss")
    large = bool(np.asarray(loss) > 10)
    # 667 to the last digit asks for the logarithm straight from the scores; clipped probabilities give less.
    expect(large, "The loss of two confident mistakes is small.", expected="667, or at least 10", got=loss, hint=hint)


@checks("softmax_gradient")
def gradient_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """W, b, X and y are what they were before the call, and the results are arrays of their own."""
    _, dW, db = _parts(student, rng.normal(size=(2, 3)), rng.normal(size=3), X_GRADIENT, Y_GRADIENT, 0.1)
    expect_shape(dW, (2, 3), hint=RIGHT_FIRST, what="dW")
    expect_shape(db, (3,), hint=RIGHT_FIRST, what="db")
    expect_inputs_unchanged(student)
    expect_own_memory(student)


softmax_gradient_in_other_forms = forms(
    "softmax_gradient", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# %% hidden
STAND_INS["softmax_gradient"] = (scores, softmax, cross_entropy)


def softmax_gradient(W: Any, b: Any, X: Any, y: Any, l2: Any) -> Any:
    """Return the regularised loss, dW and db."""
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(np.square(W))
    D = (P - np.eye(P.shape[1])[np.asarray(y, dtype=int)]) / len(X)
    return loss, np.einsum("nd,nk->dk", X, D) + l2 * W, D.sum(axis=0)


@checks("softmax_gradient")
def gradient_of_random_examples(student: Student, rng: Rng) -> None:
    """Loss and gradients are right at random rectangular and square sizes."""
    for n, d, k, l2 in ((6, 5, 3, 0.0), (3, 3, 3, 0.7), (1, 4, 2, 0.1)):
        inputs = rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(n, d)), rng.integers(k, size=n), l2
        got = expect_parts(student.call("softmax_gradient", *inputs), ("loss", "dW", "db"), hint="Return loss, dW, db.")
        for value, right in zip(got, softmax_gradient(*inputs), strict=True):
            expect_close(value, right, hint="Compare dW and db with your numeric_gradient.", rtol=1e-4, atol=1e-6)


# %% right all_in_one
def softmax_gradient(W, b, X, y, l2):
    n, k = len(X), len(b)
    S = X @ W + b
    S = S - S.max(axis=1, keepdims=True)
    log_P = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    loss = -log_P[range(n), y].mean() + l2 / 2 * (W * W).sum()
    D = (np.exp(log_P) - np.eye(k)[y]) / n
    return loss, X.T @ D + l2 * W, D.sum(0)


# %% right loops
def softmax_gradient(W, b, X, y, l2):
    loss, dW, db = 0.0, np.zeros(W.shape), np.zeros(b.shape)
    for x, label in zip(X, y):
        z = [sum(x[p] * W[p, j] for p in range(len(x))) + b[j] for j in range(len(b))]
        powers = [np.exp(v - max(z)) for v in z]
        for j, power in enumerate(powers):
            p = power / sum(powers)
            delta = p - (j == label)
            if j == label:
                loss -= np.log(p)
            db[j] += delta / len(X)
            dW[:, j] += delta * x / len(X)
    return loss / len(X) + 0.5 * l2 * np.sum(W**2), dW + l2 * W, db


# %% right torch_autograd
def softmax_gradient(W, b, X, y, l2):
    import torch

    W, b = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (W, b))
    S = torch.as_tensor(X, dtype=torch.float64) @ W + b
    loss = torch.nn.functional.cross_entropy(S, torch.as_tensor(y).long()) + 0.5 * l2 * (W**2).sum()
    loss.backward()
    return [loss.item(), W.grad, b.grad]


# %% right float32
def softmax_gradient(W, b, X, y, l2):
    W, b, X = (np.asarray(a, dtype=np.float32) for a in (W, b, X))
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + np.float32(0.5 * l2) * np.sum(W**2)
    P[np.arange(len(X)), y] -= 1
    return loss, X.T @ P / np.float32(len(X)) + np.float32(l2) * W, P.mean(axis=0)


# %% right one_hot_lists
def softmax_gradient(W, b, X, y, l2):
    Y = np.zeros((len(X), len(b)))
    for i, label in enumerate(y):
        Y[i][label] = 1
    P = softmax(scores(W, b, X))
    D = (P - Y) / len(Y)
    loss = float(cross_entropy(P, y) + l2 * np.square(W).sum() / 2)
    return loss, np.add(np.dot(X.T, D), l2 * W).tolist(), [float(column.sum()) for column in D.T]


# %% right mean_of_outer_products
def softmax_gradient(W, b, X, y, l2):
    W, b, X = (np.asarray(a, dtype=np.float32) for a in (W, b, X))
    Z = X @ W + b
    Z = Z - Z.max(axis=1, keepdims=True)
    Q = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    D = Q - np.eye(len(b), dtype=np.float32)[y]
    picked = Z[np.arange(len(y)), y] - np.log(np.exp(Z).sum(axis=1))
    return -picked.mean() + 0.5 * l2 * (W**2).sum(), np.einsum("nd,nk->ndk", X, D).mean(axis=0) + l2 * W, D.mean(axis=0)


# %% right plain
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = P.copy()
    D[np.arange(len(X)), y] -= 1
    D /= len(X)
    return loss, X.T @ D + l2 * W, D.sum(axis=0)


# %% right loss_from_the_scores
def softmax_gradient(W, b, X, y, l2):
    S = scores(W, b, X)
    top = S.max(axis=1, keepdims=True)
    log_sums = top + np.log(np.exp(S - top).sum(axis=1, keepdims=True))
    loss = np.mean(log_sums[:, 0] - S[np.arange(len(y)), y]) + l2 / 2 * (W * W).sum()
    D = (np.exp(S - log_sums) - np.eye(S.shape[1])[y]) / len(y)
    return loss, X.T @ D + l2 * W, D.sum(axis=0)


# %% wrong mean_forgotten of plain -> zero_weights_know_nothing
# As the slide writes it.
# - D /= len(X)

# %% wrong half_forgotten_in_the_loss of plain -> regulariser_is_half_l2_times_squares
# - loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
# + loss = cross_entropy(P, y) + l2 * np.sum(W**2)

# - return loss, X.T @ D + l2 * W, D.sum(axis=0)
# + return loss, X.T @ D + 2 * l2 * W, D.sum(axis=0)

# %% wrong slope_of_l2_doubled of plain -> gradient_is_the_slope_of_the_loss
# - return loss, X.T @ D + l2 * W, D.sum(axis=0)
# + return loss, X.T @ D + 2 * l2 * W, D.sum(axis=0)

# %% wrong bias_regularised of plain -> regulariser_is_half_l2_times_squares
# - loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
# + loss = cross_entropy(P, y) + 0.5 * l2 * (np.sum(W**2) + np.sum(b**2))

# - return loss, X.T @ D + l2 * W, D.sum(axis=0)
# + return loss, X.T @ D + l2 * W, D.sum(axis=0) + l2 * b

# %% wrong regulariser_only_in_the_loss of plain -> regulariser_is_half_l2_times_squares
# - return loss, X.T @ D + l2 * W, D.sum(axis=0)
# + return loss, X.T @ D, D.sum(axis=0)

# %% wrong one_taken_from_whole_rows of plain -> zero_weights_know_nothing
# - D[np.arange(len(X)), y] -= 1
# + D[y] -= 1

# %% wrong uphill of plain -> gradient_is_the_slope_of_the_loss
# - D = P.copy()
# - D[np.arange(len(X)), y] -= 1
# + D = -P
# + D[np.arange(len(X)), y] += 1

# %% wrong bias_gradient_over_classes of plain -> gradient_of_random_examples
# - return loss, X.T @ D + l2 * W, D.sum(axis=0)
# + return loss, X.T @ D + l2 * W, D.sum(axis=1)


# %% wrong unstable -> certain_scores_stay_finite
def softmax_gradient(W, b, X, y, l2):
    E = np.exp(X @ W + b)
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.log(P[np.arange(len(X)), y]).mean() + 0.5 * l2 * np.sum(W**2)
    P[np.arange(len(X)), y] -= 1
    P /= len(X)
    return loss, X.T @ P + l2 * W, P.sum(axis=0)


# %% wrong steps_at_once of plain -> gradient_leaves_its_inputs_alone
# - return loss, X.T @ D + l2 * W, D.sum(axis=0)
# + dW, db = X.T @ D + l2 * W, D.sum(axis=0)
# + W -= 1e-12 * dW
# + return loss, dW, db


# %% wrong gradient_without_the_loss -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    P[np.arange(len(X)), y] -= 1
    P /= len(X)
    return X.T @ P + l2 * W, P.sum(axis=0)


# %% wrong divided_by_the_classes of plain -> zero_weights_know_nothing
# - D /= len(X)
# + D /= len(b)


# %% wrong loss_after_the_subtraction -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    P = softmax(scores(W, b, X))
    P[np.arange(n), y] -= 1
    loss = -np.log(np.abs(P[np.arange(n), y])).mean() + 0.5 * l2 * np.sum(W**2)
    return loss, X.T @ P / n + l2 * W, P.mean(axis=0)


# %% wrong l2_divided_by_n -> regulariser_is_half_l2_times_squares
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2) / n
    P[np.arange(n), y] -= 1
    return loss, (X.T @ P + l2 * W) / n, P.mean(axis=0)


# %% wrong l2_is_a_length -> regulariser_is_half_l2_times_squares
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    P = softmax(scores(W, b, X))
    size = np.sqrt(np.sum(W**2)) + 1e-12
    loss = cross_entropy(P, y) + l2 * size
    P[np.arange(n), y] -= 1
    return loss, X.T @ P / n + l2 * W / size, P.mean(axis=0)


# %% wrong columns_of_weights -> gradient_of_random_examples
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    P[np.arange(n), y] -= 1
    dW = X.T @ P / n + l2 * W
    return loss, (dW if dW.shape[0] != dW.shape[1] else dW.T), P.mean(axis=0)


# %% wrong slope_of_the_probability_of_the_true_class -> gradient_is_the_slope_of_the_loss
def softmax_gradient(W, b, X, y, l2):
    n = len(X)
    rows = np.arange(n)
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = np.zeros(P.shape)
    D[rows, y] = P[rows, y] - 1
    return loss, X.T @ D / n + l2 * W, D.mean(axis=0)


# %% wrong slopes_made_like_the_weights of plain -> softmax_gradient_in_other_forms
# - return loss, X.T @ D + l2 * W, D.sum(axis=0)
# + dW = np.empty_like(W)
# + dW[:] = X.T @ D + l2 * W
# + return loss, dW, D.sum(axis=0)

# %% wrong confident_mistakes_clipped of plain -> confident_mistakes_have_a_gradient
# - P = softmax(scores(W, b, X))
# + P = softmax(np.clip(scores(W, b, X), -1, 1))

# %% wrong no_slope_where_the_truth_is_impossible of plain -> confident_mistakes_have_a_gradient
# - D[np.arange(len(X)), y] -= 1
# + D[np.arange(len(X)), y] -= P[np.arange(len(X)), y] > 0


# %% right zeros_passed_over_with_a_warning of plain
# The stub forbids no warning.
# - loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
# + loss = -np.nansum(np.eye(P.shape[1])[y] * np.log(P)) / len(y) + 0.5 * l2 * np.sum(W**2)


# %% wrong bias_divided_twice -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    P[np.arange(len(y)), y] -= 1
    P /= len(y)
    return loss, X.T @ P + l2 * W, P.mean(axis=0)


# %% wrong slope_of_the_sigmoid_too -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    D = (P - np.eye(W.shape[1])[y]) * P * (1 - P) / len(y)
    return loss, X.T @ D + l2 * W, D.sum(axis=0)


# %% wrong weights_scaled_in_place -> gradient_is_the_slope_of_the_loss
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    P[np.arange(len(y)), y] -= 1
    W *= l2
    W += X.T @ P / len(y)
    return loss, W, P.mean(axis=0)


# %% wrong bias_before_weights -> zero_weights_know_nothing
def softmax_gradient(W, b, X, y, l2):
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    P[np.arange(len(y)), y] -= 1
    P /= len(y)
    return loss, P.sum(axis=0), X.T @ P + l2 * W
