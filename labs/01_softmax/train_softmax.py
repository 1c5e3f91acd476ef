# %% [markdown]
# ## 8 · Learning
#
# All parts are there. Start from zero weights (or small random ones), go through the batches of each epoch, and step
# against the gradient: $W \leftarrow W - \eta\, dW$, $b \leftarrow b - \eta\, db$, with the learning rate $\eta$ =
# `lr`. This is *stochastic gradient descent*, the heart of all training in the labs to come.
#
# The function uses your `softmax_gradient` and `minibatches`; as above, a mistake in those costs nothing here.

# %% nbgrader={"grade_id": "train_softmax", "solution": true}
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    """Train a softmax classifier by stochastic gradient descent.

    X: (n, d) examples
    y: (n,) labels from 0 to n_classes - 1; a class may have no example
    epochs, batch_size, lr, l2: as above
    rng: np.random.Generator; the same one gives the same result
    Returns (W, b), of shapes (d, n_classes) and (n_classes,).
    """
    ### BEGIN SOLUTION
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_train_softmax", "grade": true, "points": 3}
check("train_softmax")

# %% [markdown]
# ### Why a step lowers the loss, and when it does not
#
# Near a point the loss, here $C$ with its gradient $\nabla C$, is almost a plane: a small step $\Delta w$ changes it by
# $\Delta C \approx \nabla C \cdot \Delta w$. Step against the gradient, $\Delta w = -\eta \nabla C$, and
#
# $$\Delta C \approx -\eta\, \lVert \nabla C \rVert^2,$$
#
# which is never positive. "Almost" is the catch: the loss bends upwards, and the further the step leads, the less the plane says.

# %% tags=["explore"]
few, labels = X_train[:1000], y_train[:1000]
W_zero, b_zero = np.zeros((few.shape[1], 10)), np.zeros(10)
before, dW, db = softmax_gradient(W_zero, b_zero, few, labels, 0)
square = (dW**2).sum() + (db**2).sum()
rates = np.logspace(-2, 2, 33)
after = [softmax_gradient(W_zero - lr * dW, b_zero - lr * db, few, labels, 0)[0] for lr in rates]
plots.curves(
    {"one step, measured": (rates, after), "the plane: C − η ‖∇C‖²": (rates, before - rates * square)},
    xlabel="learning rate η",
    ylabel="loss after one step",
    title="A plane knows nothing of the way up",
    log="x",
)
_ = plt.ylim(0, 2 * before)

# %% [markdown]
# ### Watching it learn
#
# What does the loss do on its way down? The next cell is your training loop once more, with every step's loss kept: one
# epoch at each of four learning rates, batches of 100. **Guess first**: at random the loss is $\ln 10 = 2.303$. Where
# will the best of the four be after one epoch?

# %% tags=["explore"]
my_guess = None  # the best loss after one epoch

# %% tags=["explore"]
watched, n_watched = {}, 20_000
for lr in (0.005, 0.05, 0.5, 5.0):
    W_seen, b_seen = np.zeros((X_train.shape[1], 10)), np.zeros(10)
    losses = []
    for X_batch, y_batch in minibatches(X_train[:n_watched], y_train[:n_watched], 100, np.random.default_rng(0)):
        loss, dW, db = softmax_gradient(W_seen, b_seen, X_batch, y_batch, 0)
        W_seen, b_seen = W_seen - lr * dW, b_seen - lr * db
        losses.append(loss)
    loss_valid = softmax_gradient(W_seen, b_seen, X_valid, y_valid, 0)[0]
    print(f"lr {lr}: loss on the validation images after {len(losses)} steps {loss_valid:.3f}")
    window = max(1, len(losses) // 20)
    watched[f"lr {lr}"] = (
        window + np.arange(len(losses) - window + 1),
        np.convolve(losses, np.ones(window) / window, "valid"),
    )
plots.curves(
    watched,
    xlabel="step (batch of 100)",
    ylabel=f"training loss, mean of {window} steps",
    title="One epoch at four learning rates",
    log="y",
    guess=my_guess,
)

# %% [markdown]
# The smallest rate is still on its way when the epoch ends. The largest jumps: each batch pulls its own way, by a step
# that is long, and what one batch gains, the next one loses. The right rate lies between the two, and the validation
# images say where.

# %% [markdown]
# ### Which loss is ever satisfied?
#
# Go back to the two losses of sections 2 and 4, and suppose that all training images are right, with a margin. **What is the gradient of each loss then, and what happens to the weights in further
# epochs under each of them? Which of the two would you rather have if a few labels are wrong, and why?** Three to five sentences.

# %% [markdown] nbgrader={"grade_id": "why_one_loss_is_content", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# Beyond the margin the hinge is flat: gradient 0, the weights stay (but for the regulariser). Cross-entropy still has the slope
# P − Y, small but never 0, so all scores are drawn apart for ever: the weights keep growing, more slowly the surer it is, and only
# the regulariser stops them. Wrong labels: both punish a confident "mistake"; on these scores both grow in proportion to the lack, neither is
# bounded, so either choice can be defended. For the hinge: it forgets examples that are right, so it is decided by those near the border,
# mislabelled ones among them. For cross-entropy: its gradient per score is at most 1 in size, and all images keep a vote.
# Full mark: gradient 0 against never 0, what follows for the weights, and a choice with a reason from the picture. Half: the first alone.
# ### END SOLUTION


# %% visible
def _trained(train_softmax: Function, X: Any, y: Any, n_classes: int, seed: int, options: Any) -> Any:
    return train_softmax(X, y, n_classes, rng=np.random.default_rng(seed), **options)


def _train(student: Student, X: np.ndarray, y: np.ndarray, n_classes: int, *, seed: int, **options: float) -> Any:
    settings = {"epochs": 20, "batch_size": 10, "lr": 0.1, "l2": 0.0, **options}
    got = student.run(_trained, X=X, y=y, n_classes=n_classes, seed=seed, options=settings)
    return expect_parts(got, ("W", "b"), hint="Return the weights and the bias: return W, b.")


def _blobs(rng: Rng, n: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """Draw three well-separated clouds of points in the plane, none at the origin."""
    labels = np.arange(n) % 3
    centres = np.array([[4.0, 4.0], [0.0, 4.0], [4.0, 0.0]])
    return centres[labels] + rng.normal(scale=0.4, size=(n, 2)), labels


@checks("train_softmax")
def weights_have_the_shape_of_the_classes(student: Student, rng: Rng) -> None:
    """W is (d, n_classes) and b is (n_classes,), also when a class has no example."""
    X, y = _blobs(rng, 30)
    W, b = _train(student, X, y, 5, seed=0, epochs=1)
    expect_shape(W, (2, 5), hint="Use n_classes: a class may have no example in this data.", what="W")
    expect_shape(b, (5,), hint="One bias per class: b has shape (n_classes,).", what="b")


@checks("train_softmax")
def training_separates_three_clouds(student: Student, rng: Rng) -> None:
    """Three clouds that lines can separate are told apart after 30 epochs."""
    X, y = _blobs(rng)
    W, b = _train(student, X, y, 3, seed=1, epochs=30)
    guesses = np.argmax(X @ np.asarray(W) + np.asarray(b), axis=1)
    expect(
        bool((guesses == y).mean() >= 0.97),
        "The trained weights do not separate the clouds.",
        expected="accuracy of at least 0.97",
        got=f"accuracy {(guesses == y).mean():.2f}",
        hint="Step against the gradient, for W and for b, in every batch of every epoch.",
    )


@checks("train_softmax")
def one_full_batch_step_is_lr_times_the_gradient(student: Student, rng: Rng) -> None:
    """One step on one batch from (nearly) zero moves b by lr times the slides' probabilities minus truth."""
    # All inputs are zero, so only b learns: from 1/4 each, the gradient is 1/4 minus the classes' shares.
    X, y = np.zeros((4, 3)), np.array([1, 1, 1, 3])
    _, b = _train(student, X, y, 4, seed=2, epochs=1, batch_size=4, lr=10.0)
    expect_close(
        b,
        -10 * np.array([0.25, -0.5, 0.25, 0.0]),
        hint="b ← b - lr · db, once for each batch; start from zeros or small random weights, b from zeros.",
        what="b after one step",
        rtol=0,
        atol=0.3,
        mistakes={
            "The step is n times as long: the gradient is a mean over the batch, so multiply it by lr alone.": (
                -40 * np.array([0.25, -0.5, 0.25, 0.0])
            ),
            "b has not moved: step with b too, b -= lr * db.": np.zeros(4),
        },
    )


@checks("train_softmax")
def epochs_go_around_batches(student: Student, rng: Rng) -> None:
    """Two epochs over two examples, one per batch, take each example once per epoch, in an order drawn anew."""
    # Inputs are zero, so only b learns, and b[0] - b[1] at the end tells which example came when (lr = 1):
    in_turn, turned, in_pairs, one_epoch = 0.5999245, 0.3143300, 1.0542684, 0.4621172
    steps_alone = 1.6706130, 1.1859547
    hint = (
        "for each epoch: for each batch of minibatches(X, y, batch_size, rng): one step. Return after the last epoch."
    )
    lost = "Only one epoch was trained. Does return stand inside the loop? minibatches is used up after one pass."
    ends = set()
    for seed in range(20):
        _, b = _train(student, np.zeros((2, 2)), np.arange(2), 2, seed=seed, epochs=2, batch_size=1, lr=1.0)
        expect_shape(b, (2,), hint="One bias per class: b has shape (n_classes,).", what="b")
        got = abs(float(np.subtract(*np.asarray(b))))
        right = turned if abs(got - turned) < abs(got - in_turn) else in_turn
        mistakes = {}
        if abs(got - in_pairs) < 0.02:
            mistakes = {"The loops are swapped: each batch was trained epochs times. Epochs go around batches.": got}
        if abs(got - one_epoch) < 0.02:
            mistakes = {f"{lost} Call it anew in each epoch.": got}
        if got < 0.02:
            whole = "The two examples have cancelled out: step after each batch, not once for all of them together."
            mistakes = {whole: got}
        if min(abs(got - end) for end in steps_alone) < 0.002:
            forgets = "b is what the last step was: a step is taken from what b was before, b -= lr * db"
            mistakes = {f"{forgets} (b =- lr * db, with the signs turned, is b = -lr * db).": got}
        what = "The difference of the two biases"
        expect_close(got, right, hint=hint, what=what, rtol=0, atol=0.05, mistakes=mistakes)
        ends.add(right)
        if len(ends) == 2:
            return
    again = "In twenty runs the second epoch had the order of the first."
    hint = (
        "Call minibatches inside the loop over epochs, so that each epoch is shuffled anew, with the rng that is given."
    )
    expect(False, again, hint=hint)


@checks("train_softmax")
def rng_decides_the_run(student: Student, rng: Rng) -> None:
    """The same rng gives the same weights, another rng others."""
    X, y = _blobs(rng, 30)
    first, again, other = (
        np.asarray(_train(student, X, y, 3, seed=seed, epochs=2, batch_size=7)[0]) for seed in (5, 5, 6)
    )
    expect(
        bool((first == again).all()),
        "The same rng gave other weights.",
        hint="Draw from rng, not from np.random, and begin each run with new weights: none may stay from another.",
    )
    expect(bool((first != other).any()), "Another rng gave the same weights.", hint="Pass rng on to minibatches.")


@checks("train_softmax")
def training_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """X and y are what they were before training."""
    X, y = _blobs(rng, 12)
    W, _ = _train(student, X, y, 3, seed=3, epochs=1)
    expect(bool(np.abs(W).max() > 0.05), "The weights have not moved.", got=W, hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


train_softmax_in_other_forms = forms("train_softmax", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
STAND_INS["train_softmax"] = (scores, softmax, cross_entropy, softmax_gradient, minibatches)


def _trained(train_softmax: Function, X: Any, y: Any, n_classes: int, seed: int, options: Any) -> Any:
    return train_softmax(X, y, n_classes, rng=np.random.default_rng(seed), **options)


def _train(student: Student, X: Any, y: Any, n_classes: int, seed: int, **options: float) -> tuple[Any, ...]:
    got = student.run(_trained, X=X, y=y, n_classes=n_classes, seed=seed, options=options)
    return expect_parts(got, ("W", "b"), hint="Return W, b.")


@checks("train_softmax")
def training_finds_the_minimum(student: Student, rng: Rng) -> None:
    """With a regulariser and full batches, training ends where the gradient is zero."""
    # Eight examples of each class: the rarer a class, the slower is the way to the minimum.
    X, y = rng.normal(size=(24, 3)), rng.permutation(np.repeat(np.arange(3), 8))
    W, b = _train(student, X, y, 3, 1, epochs=400, batch_size=24, lr=0.5, l2=0.1)
    _, dW, db = softmax_gradient(np.asarray(W), np.asarray(b), X, y, 0.1)
    hint = "Pass l2 on to softmax_gradient; subtract lr times the gradient from W and from b."
    expect_close(dW, np.zeros((3, 3)), hint=hint, what="The gradient at the end", atol=1e-3)
    expect_close(db, np.zeros(3), hint=hint, what="The bias gradient at the end", atol=1e-3)


@checks("train_softmax")
def every_batch_makes_a_step(student: Student, rng: Rng) -> None:
    """Each batch of each epoch makes one step, of the size that lr says."""
    # With inputs of zero and all labels alike, every step moves b by the same rule whatever the batches hold.
    X, y = np.zeros((10, 2)), np.zeros(10, dtype=int)
    _, b = _train(student, X, y, 2, 2, epochs=3, batch_size=4, lr=0.5, l2=0.0)
    right = np.zeros(2)
    for _ in range(9):
        right = right - 0.5 * (softmax(right[None])[0] - [1.0, 0.0])
    hint = "Step once for each batch, in each epoch: two nested loops. A short batch is a mean over its own examples."
    expect_close(np.subtract(b[0], b[1]), right[0] - right[1], hint=hint, what="The bias", rtol=0.05)


def _one_by_one(W: Any, b: Any, X: Any, y: Any, order: Iterable[int]) -> Any:
    """Step through examples with lr = 1 and l2 = 0.3 in an order; return the weights, the bias beneath them."""
    for i in order:
        _, dW, db = softmax_gradient(W, b, X[[i]], y[[i]], 0.3)
        W, b = W - dW, b - db
    return np.vstack([W, b])


@checks("train_softmax")
def each_epoch_shuffles_anew(student: Student, rng: Rng) -> None:
    """With batches of one, every epoch steps through the examples one by one, in an order of its own."""
    # Two epochs over three examples can go in 36 ways, each with an end of its own: see which one it was.
    X, y = rng.normal(size=(3, 2)), np.arange(3)
    ways = list(product(permutations(range(3)), repeat=2))
    for seed in range(10):
        (W, b), end = (
            [np.asarray(part) for part in _train(student, X, y, 3, seed, epochs=2, batch_size=1, lr=lr, l2=0.3)]
            for lr in (0.0, 1.0)
        )
        expect_shape(end[0], (2, 3), hint="W is (d, n_classes).")
        misses = [np.abs(_one_by_one(W, b, X, y, [*one, *two]) - np.vstack(end)).max() for one, two in ways]
        hint = "Take each batch's gradient, with all of l2 in it, at the weights that the batch before it left."
        expect(bool(min(misses) < 1e-3), "No order of the examples leads to these weights.", hint=hint)
        one, two = ways[int(np.argmin(misses))]
        if one != two:
            return
    expect(False, "All epochs have the same order.", hint="Shuffle in every epoch: call minibatches within the loop.")


@checks("train_softmax")
def training_starts_near_zero(student: Student, rng: Rng) -> None:
    """Before any step, W and b are zeros or small."""
    # Far from zero, so that a gradient is not small either.
    X, y = rng.normal(scale=10, size=(6, 4)), rng.permutation(np.arange(6) % 3)
    W, b = _train(student, X, y, 3, 3, epochs=1, batch_size=6, lr=0.0, l2=0.0)
    expect_shape(W, (4, 3), hint="W is (d, n_classes).")
    size = max(np.abs(W).max(), np.abs(b).max())
    expect(bool(size <= 0.2), "The weights start too large.", hint="Start from zeros or 0.01 * rng.normal(...).")


# %% right small_random_start
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W = 0.01 * rng.normal(size=(X.shape[1], n_classes))
    b = np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W, b = W - lr * dW, b - lr * db
    return W, b


# %% right all_in_one
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            part = order[start : start + batch_size]
            S = X[part] @ W + b
            P = np.exp(S - S.max(axis=1, keepdims=True))
            P /= P.sum(axis=1, keepdims=True)
            P[np.arange(len(part)), y[part]] -= 1
            W = W - lr * (X[part].T @ P / len(part) + l2 * W)
            b = b - lr * P.mean(axis=0)
    return [W, b]


# %% right torch_float32
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    import torch

    W = torch.zeros(X.shape[1], n_classes, requires_grad=True)
    b = torch.zeros(n_classes, requires_grad=True)
    optimizer = torch.optim.SGD([W, b], lr=lr)
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            part = order[start : start + batch_size]
            logits = torch.tensor(X[part], dtype=torch.float32) @ W + b
            loss = torch.nn.functional.cross_entropy(logits, torch.tensor(y[part]))
            optimizer.zero_grad()
            (loss + 0.5 * l2 * (W**2).sum()).backward()
            optimizer.step()
    return W, b


# %% right torch_loader_and_linear_layer
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    import torch

    layer = torch.nn.Linear(X.shape[1], n_classes).double()
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    pairs = torch.utils.data.TensorDataset(torch.tensor(X, dtype=torch.float64), torch.tensor(y))
    shuffle = torch.Generator().manual_seed(int(rng.integers(2**31)))
    loader = torch.utils.data.DataLoader(pairs, batch_size=batch_size, shuffle=True, generator=shuffle)
    optimizer = torch.optim.SGD([{"params": [layer.weight], "weight_decay": l2}, {"params": [layer.bias]}], lr=lr)
    for _ in range(epochs):
        for images, labels in loader:
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(layer(images), labels).backward()
            optimizer.step()
    return layer.weight.T, layer.bias


# %% right all_orders_drawn_first
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = rng.uniform(-0.01, 0.01, size=(X.shape[1], n_classes)), 0.01 * rng.normal(size=n_classes)
    orders = [rng.permutation(len(X)) for _ in range(epochs)]
    pieces = [order[i : i + batch_size] for order in orders for i in range(0, len(X), batch_size)]
    for piece in pieces:
        _, dW, db = softmax_gradient(W, b, X[piece], y[piece], l2)
        W, b = W - lr * np.asarray(dW), b - lr * np.asarray(db)
    return W, b


# %% wrong uphill -> training_separates_three_clouds
# - W -= lr * dW
# - b -= lr * db
# + W += lr * dW
# + b += lr * db

# %% wrong classes_counted_in_the_labels -> weights_have_the_shape_of_the_classes
# + n_classes = len(np.unique(y))
#   W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)

# %% wrong bias_never_learns -> one_full_batch_step_is_lr_times_the_gradient
# - _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# + _, dW, _ = softmax_gradient(W, b, X_batch, y_batch, l2)

# - b -= lr * db

# %% wrong learning_rate_ignored -> one_full_batch_step_is_lr_times_the_gradient
# - W -= lr * dW
# - b -= lr * db
# + W -= 0.1 * dW
# + b -= 0.1 * db

# %% wrong one_step_an_epoch -> every_batch_makes_a_step
# -     W -= lr * dW
# -     b -= lr * db
# + W -= lr * dW
# + b -= lr * db

# %% wrong returns_in_the_first_epoch -> epochs_go_around_batches
# - return W, b
# +     return W, b

# %% wrong regulariser_ignored -> training_finds_the_minimum
# - _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# + _, dW, db = softmax_gradient(W, b, X_batch, y_batch, 0.0)

# %% wrong own_generator -> rng_decides_the_run
# + rng = np.random.default_rng(0)
#   W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)

# %% wrong not_shuffled -> rng_decides_the_run
# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# -     _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# + for i in range(0, len(X), batch_size):
# +     _, dW, db = softmax_gradient(W, b, X[i : i + batch_size], y[i : i + batch_size], l2)

# %% wrong large_random_start -> training_starts_near_zero
# - W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
# + W, b = rng.normal(size=(X.shape[1], n_classes)), np.zeros(n_classes)

# %% wrong centres_the_data_in_place -> training_leaves_its_inputs_alone
# + X -= 1e-6
#   W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)

# %% wrong returns_the_gradient -> training_separates_three_clouds
# - return W, b
# + return dW, db

# %% wrong shuffled_once -> each_epoch_shuffles_anew
#   W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
# + batches = list(minibatches(X, y, batch_size, rng))

# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + for X_batch, y_batch in batches:

# %% wrong all_examples_in_every_step -> each_epoch_shuffles_anew
# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# -     _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# + for _ in minibatches(X, y, batch_size, rng):
# +     _, dW, db = softmax_gradient(W, b, X, y, l2)

# %% wrong gradient_before_the_epoch -> each_epoch_shuffles_anew
#   for _ in range(epochs):
# +     W_old, b_old = W.copy(), b.copy()

# - _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# + _, dW, db = softmax_gradient(W_old, b_old, X_batch, y_batch, l2)


# %% wrong short_batch_divided_by_batch_size -> every_batch_makes_a_step
# - _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# - W -= lr * dW
# - b -= lr * db
# + P = softmax(scores(W, b, X_batch))
# + P[np.arange(len(P)), y_batch] -= 1
# + W -= lr * (X_batch.T @ P / batch_size + l2 * W)
# + b -= lr * P.sum(axis=0) / batch_size


# %% wrong bias_regularised -> training_finds_the_minimum
# - b -= lr * db
# + b -= lr * (db + l2 * b)


# %% wrong decay_without_the_learning_rate -> training_finds_the_minimum
# - _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# - W -= lr * dW
# - b -= lr * db
# + _, dW, db = softmax_gradient(W, b, X_batch, y_batch, 0.0)
# + W = (1 - l2) * W - lr * dW
# + b = b - lr * db


# %% wrong goes_on_from_the_last_run -> rng_decides_the_run
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng, kept={}):
    W, b = kept.setdefault((X.shape[1], n_classes), (np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)))
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong one_epoch_short -> every_batch_makes_a_step
# - for _ in range(epochs):
# + for _ in range(1, epochs):

# %% wrong weights_of_the_dtype_of_the_examples -> train_softmax_in_other_forms
# - W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
# + W, b = np.zeros((X.shape[1], n_classes), dtype=X.dtype), np.zeros(n_classes)


# %% wrong generator_made_once of small_random_start -> epochs_go_around_batches
# - W = 0.01 * rng.normal(size=(X.shape[1], n_classes))
# - b = np.zeros(n_classes)
# + W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
# + batches = minibatches(X, y, batch_size, rng)

# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + for X_batch, y_batch in batches:


# %% wrong loops_swapped -> epochs_go_around_batches
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for X_batch, y_batch in minibatches(X, y, batch_size, rng):
        for _ in range(epochs):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W, b = W - lr * dW, b - lr * db
    return W, b


# %% wrong list_of_batches_made_once of small_random_start -> epochs_go_around_batches
# - W = 0.01 * rng.normal(size=(X.shape[1], n_classes))
# - b = np.zeros(n_classes)
# + W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
# + batches = list(minibatches(X, y, batch_size, rng))

# - for X_batch, y_batch in minibatches(X, y, batch_size, rng):
# + for X_batch, y_batch in batches:


# %% right one_stream_of_batches
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    import functools

    def step(Wb, batch):
        _, dW, db = softmax_gradient(*Wb, *batch, l2)
        return Wb[0] - lr * dW, Wb[1] - lr * db

    stream = (batch for _ in range(epochs) for batch in minibatches(X, y, batch_size, rng))
    return functools.reduce(step, stream, (np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)))


# %% wrong begins_anew_each_epoch -> epochs_go_around_batches
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    for _ in range(epochs):
        W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
        for A, c in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, A, c, l2)
            W, b = W - lr * dW, b - lr * db
    return W, b


# %% wrong signs_turned -> epochs_go_around_batches
# What becomes of b =- lr * db: the step is taken from 0, not from what b was.
# - b -= lr * db
# + b = -lr * db


# %% wrong regulariser_once_an_epoch -> each_epoch_shuffles_anew
# Right for full batches.
#   for _ in range(epochs):
# +     strength = l2

# - _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# + _, dW, db = softmax_gradient(W, b, X_batch, y_batch, strength)
# + strength = 0

# %% wrong regulariser_shared_by_the_batches -> each_epoch_shuffles_anew
# - _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
# + _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2 * len(X_batch) / len(X))


# %% wrong step_as_long_as_the_batch -> one_full_batch_step_is_lr_times_the_gradient
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * len(X_batch) * dW
            b -= lr * len(X_batch) * db
    return W, b


# %% wrong one_step_for_all_batches -> epochs_go_around_batches
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        slopes = [softmax_gradient(W, b, *batch, l2)[1:] for batch in minibatches(X, y, batch_size, rng)]
        W = W - lr * sum(dW for dW, _ in slopes)
        b = b - lr * sum(db for _, db in slopes)
    return W, b
