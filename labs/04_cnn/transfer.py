# %% [markdown]
# ## 12 · Reusing what was learnt
#
# The lectures name a way to save both time and data: **transfer learning**. A network that has learnt to see one thing
# has filters that serve for others. Keep everything but its last layer, the **features**; freeze it; and train a new
# **head**, one linear layer, on a handful of new examples.
#
# Frozen means two things: the optimiser does not touch the features' weights, *and* their batch normalisations stay in
# evaluation mode. In training mode they would go on averaging, and a network that nobody trains would drift.

# %% nbgrader={"grade_id": "transfer", "solution": true}
def transfer(features, X, y, n_classes, *, lr, steps):
    """Put a new head on frozen features, and train the head alone.

    features: an nn.Module that turns X into (n, d); afterwards its weights and its running
        averages are what they were, and its parameters ask for no gradients:
        features.requires_grad_(False) freezes them
    X: (n, …) tensor of images; y: (n,) tensor of labels from 0 to n_classes - 1
    lr, steps: make that many steps of torch.optim.Adam on the cross-entropy,
        each on all of X, y
    Returns an nn.Module in evaluation mode: features, then a new nn.Linear(d, n_classes).

    Hint: features that never change need to be computed only once.
    """
    ### BEGIN SOLUTION
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_transfer", "grade": true, "points": 3}
check("transfer")

# %% [markdown]
# The experiment: a network learns the digits **0 to 4** and has never seen a 5. Then it gets a few examples each of **5
# to 9**, from one to twenty of each, drawn twice. Beside it, a network that learns the same few examples from nothing,
# in as many steps: 200. That is one to three minutes of training in all. **Guess first:** of five classes, one in five is
# right at random.

# %% tags=["explore"]
my_guess = None  # per cent that the new head reads right after one example of each digit

# %% tags=["explore"]
is_low, is_low_test = mnist.train_labels < 5, mnist.test_labels < 5
low = speedrun.ImageBatches(
    mnist.train_images[is_low],
    mnist.train_labels[is_low],
    batch_size=128,
    rng=np.random.default_rng(0),
    scale=digits.scale,
)
high = speedrun.ImageBatches(
    mnist.train_images[~is_low], mnist.train_labels[~is_low] - 5, batch_size=5000, scale=digits.scale
)
high_test = speedrun.ImageBatches(
    mnist.test_images[~is_low_test][:1000],
    mnist.test_labels[~is_low_test][:1000] - 5,
    batch_size=500,
    scale=digits.scale,
)
torch.manual_seed(2)
features = speedrun.without_head(trained(make_cnn((1, 28, 28), 5), low, DIGITS_STEPS // 2)[0])

X_high, y_high = next(iter(high))
counts, draws, rng = [1, 2, 5, 10, 20], 2, np.random.default_rng(0)
by_transfer, by_scratch = np.zeros(len(counts)), np.zeros(len(counts))
for place, count in enumerate(counts * draws):
    few = np.concatenate([rng.permutation(np.flatnonzero(y_high == label))[:count] for label in range(5)])
    X_few, y_few = X_high[few], y_high[few]
    reused = transfer(features, X_few, y_few, 5, lr=0.01, steps=200)
    by_transfer[place % len(counts)] += 100 * speedrun.accuracy(reused, high_test) / draws
    fresh, _ = trained(make_cnn((1, 28, 28), 5), Batches(X_few, y_few, batch_size=len(few)), 200)
    by_scratch[place % len(counts)] += 100 * speedrun.accuracy(fresh, high_test) / draws
plots.curves(
    {"features from 0–4, new head": (counts, by_transfer), "from nothing": (counts, by_scratch)},
    xlabel="examples of each digit 5–9",
    ylabel="test images of 5–9 that are right, %",
    title="Filters learnt on some digits read others",
    log="x",
    markers=True,
    guess=my_guess,
)

# %% [markdown]
# Look at the left end first, where there is next to nothing to learn from: how far ahead are the filters that were
# there before? Then follow both lines to the right, to where the network from nothing catches up. (The built-in sample has
# so few digits that filters learnt from it help little, and the network from nothing may be ahead all along. With MNIST
# the lines begin near three right of four, and one of two; the question below is about these.)

# %% [markdown]
# ### Why do features travel?
#
# **Why can filters that never saw a 5 tell a 5 from a 6? Why is the lead largest with the fewest examples? And describe two further tasks: one where
# you expect these features to help as much, and one where you expect them to be useless or in the way.** Three to five sentences.

# %% [markdown] nbgrader={"grade_id": "why_features_travel", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# The first layers answer to strokes, bends, ends and crossings, of which all digits are made; nothing in them is special to 0 to 4. The head
# is one linear layer of a few hundred weights per class, and that is all that five examples must determine; from nothing they must determine all
# filters as well. With more examples the network from nothing learns filters of its own, made for 5 to 9, and the head on frozen features can no
# longer gain: the lines come together or cross. Good: letters, digits of another script. Useless: photographs in colour, textures, a task that
# turns on position, such as "in which corner is the digit?", which the last pooling forgot. Full mark: shared parts, few weights against few
# examples, two tasks with reasons. Half: two of them.
# ### END SOLUTION


# %% visible
def _transferred(transfer: Function, X: Any, y: Any, X_new: Any, lr: float, steps: int) -> Any:
    """Transfer small features; return their state before and after, what asks for gradients, modes, logits, head."""
    import torch

    torch.manual_seed(0)
    parts = [torch.nn.Linear(6, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU()]
    features = torch.nn.Sequential(*parts).double()
    with torch.no_grad():
        for _ in range(20):
            features(torch.randn(30, 6, dtype=torch.float64))
    features.train()
    before = [value.detach().clone() for value in features.state_dict().values()]
    torch.set_default_dtype(torch.float64)
    try:
        model = transfer(features, torch.tensor(X), torch.tensor(y), 3, lr=lr, steps=steps)
    finally:
        torch.set_default_dtype(torch.float32)
    after = list(features.state_dict().values())
    asking = [tuple(p.shape) for p in model.parameters() if p.requires_grad]
    modes = [module.training for module in model.modules()]
    with torch.no_grad():
        logits = [model(torch.tensor(part)) for part in (X, X_new)]
        codes = features.eval()(torch.tensor(X_new))
    heads = [(layer.weight, layer.bias) for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    return before, after, asking, modes, logits, codes, list(heads[-1])


def _blobs(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(18) % 3
    return 4 * np.eye(6)[2 * y] + rng.normal(scale=0.3, size=(18, 6)), y


def _transfer(student: Student, rng: Rng, lr: float = 0.1, steps: int = 80) -> tuple[Any, ...]:
    X, y = _blobs(rng)
    got = student.run(_transferred, X=X, y=y, X_new=rng.normal(size=(5, 6)), lr=lr, steps=steps)
    return (*got, y)


@checks("transfer")
def features_stay_as_they_were(student: Student, rng: Rng) -> None:
    """The features' weights and the running averages of their batch normalisation are what they were, bit by bit."""
    before, after, *_ = _transfer(student, rng)
    names = ["weight", "bias", "scale", "offset", "running mean", "running variance", "count of batches"]
    moved = [name for name, a, b in zip(names, before, after, strict=True) if not np.array_equal(a, b)]
    averages = {"running mean", "running variance", "count of batches"}
    expect(
        not set(moved) - averages,
        "The features' weights have moved.",
        got=", ".join(moved),
        hint="Freeze them: requires_grad_(False), and give the optimiser the head's parameters only.",
    )
    hint = "In training mode a batch normalisation goes on averaging: call features.eval() first."
    expect(not moved, "The features' running averages have moved.", got=", ".join(moved), hint=hint)


@checks("transfer")
def only_the_head_asks_for_gradients(student: Student, rng: Rng) -> None:
    """Of the network that is returned, only a new (3, 8) weight and its bias can learn."""
    _, _, asking, *_ = _transfer(student, rng)
    hint = "Call features.requires_grad_(False), and put a torch.nn.Linear(d, n_classes) behind them."
    expect_equal(sorted(asking), [(3,), (3, 8)], hint=hint, what="The list of what asks for gradients")


@checks("transfer")
def head_learns(student: Student, rng: Rng) -> None:
    """After 80 steps with lr = 0.1, all of the examples are right."""
    _, _, _, _, logits, _, _, y = _transfer(student, rng)
    expect_shape(logits[0], (18, 3), hint="Return features and head in one: torch.nn.Sequential(features, head).")
    n_right = int((np.argmax(logits[0], axis=1) == y).sum())
    hint = "Make the given number of Adam steps on the cross-entropy of head(codes), with lr as given."
    hint = uncalled(student, "transfer") or hint
    expect(n_right == 18, "Some examples are wrong.", expected="18 of 18 right", got=f"{n_right} of 18", hint=hint)


@checks("transfer")
def network_is_ready_for_use(student: Student, rng: Rng) -> None:
    """The network is in evaluation mode, features and all, and gives the head's logits of new images."""
    _, _, _, modes, logits, codes, head, _ = _transfer(student, rng)
    expect(not any(modes), "Part of the network is in training mode.", hint="Return it after .eval().")
    W, b = (np.asarray(part) for part in head)
    expect_shape(logits[1], (5, 3), hint="One logit for each class.", what="The logits of five new images")
    hint = "The network is features, then the linear head, and nothing else."
    expect_close(logits[1], np.asarray(codes) @ W.T + b, hint=hint, what="The logits", rtol=1e-5, atol=1e-8)


# %% hidden
def _heads(transfer: Function, X: Any, y: Any, lr: float, counts: Any) -> Any:
    """Return the features' codes of X, and the heads after some numbers of steps, all begun alike."""
    import torch

    torch.set_default_dtype(torch.float64)
    try:
        images, labels, heads = torch.tensor(X), torch.tensor(y), []
        for n_steps in counts:
            torch.manual_seed(3)
            layers = [torch.nn.Conv2d(1, 3, 2), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.Flatten()]
            features = torch.nn.Sequential(*layers)
            for _ in range(10):
                features(torch.randn(20, 1, 3, 3))
            torch.manual_seed(4)
            model = transfer(features, images, labels, 4, lr=lr, steps=n_steps)
            linears = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
            heads.append((linears[-1].weight.T, linears[-1].bias))
        with torch.no_grad():
            return features.eval()(images), heads, len(linears)
    finally:
        torch.set_default_dtype(torch.float32)


@checks("transfer")
def head_takes_adams_steps(student: Student, rng: Rng) -> None:
    """A head begun alike goes where Adam goes, one step and four, by the codes that the features give in evaluation."""
    # Of the four classes, the last has no example.
    X, y = rng.normal(size=(10, 1, 3, 3)), np.arange(10) % 3
    codes, heads, n_linears = student.run(_heads, X=X, y=y, lr=0.05, counts=[0, 1, 4])
    expect(
        n_linears == 1, "The head is not one linear layer.", got=n_linears, hint="One torch.nn.Linear(d, n_classes)."
    )
    X1 = np.column_stack([codes, np.ones(10)])
    shapes = "The head is torch.nn.Linear(d, n_classes), d the length of a code; a class may have no example."
    expect_shape(heads[0][0], (X1.shape[1] - 1, 4), hint=shapes, what="The head's weight")
    W = np.vstack([heads[0][0], heads[0][1]])
    mean, square = np.zeros_like(W), np.zeros_like(W)
    for step in range(1, 5):
        E = np.exp(X1 @ W)
        G = X1.T @ (E / E.sum(axis=1, keepdims=True) - np.eye(4)[y]) / len(y)
        mean, square = 0.9 * mean + 0.1 * G, 0.999 * square + 0.001 * G**2
        W = W - 0.05 * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        if step in (1, 4):
            got = np.vstack(heads[1 if step == 1 else 2])
            hint = "torch.optim.Adam(head.parameters(), lr=lr); each step on all examples, with a fresh gradient."
            expect_close(got, W, hint=hint, what=f"The head after {step} steps", rtol=1e-3, atol=1e-5)


# %% right no_grad
def transfer(features, X, y, n_classes, *, lr, steps):
    for parameter in features.parameters():
        parameter.requires_grad = False
    features.eval()
    with torch.no_grad():
        codes = features(X)
    head = torch.nn.Linear(codes.shape[-1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr)
    criterion = torch.nn.CrossEntropyLoss()
    for _ in range(steps):
        optimizer.zero_grad()
        criterion(head(codes), y).backward()
        optimizer.step()
    model = torch.nn.Sequential(features, head)
    model.eval()
    return model


# %% right features_at_every_step
def transfer(features, X, y, n_classes, *, lr, steps):
    features.requires_grad_(False).eval()
    model = torch.nn.Sequential(features, torch.nn.Linear(features(X[:1]).shape[1], n_classes))
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


# %% right a_module_of_its_own
def transfer(features, X, y, n_classes, *, lr, steps):
    class Reader(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.features = features.requires_grad_(False)
            self.head = torch.nn.Linear(features.eval()(X).shape[1], n_classes)

        def forward(self, x):
            return self.head(self.features(x))

    reader = Reader().eval()
    optimizer = torch.optim.Adam(reader.head.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(reader(X), y).backward()
        optimizer.step()
    return reader


# %% wrong everything_is_trained of features_at_every_step -> features_stay_as_they_were
# - features.requires_grad_(False).eval()
# - model = torch.nn.Sequential(features, torch.nn.Linear(features(X[:1]).shape[1], n_classes))
# - optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
# + model = torch.nn.Sequential(features, torch.nn.Linear(features.eval()(X).shape[1], n_classes))
# + optimizer = torch.optim.Adam(model.parameters(), lr=lr)


# %% wrong averages_move_on of features_at_every_step -> features_stay_as_they_were
# - features.requires_grad_(False).eval()
# - model = torch.nn.Sequential(features, torch.nn.Linear(features(X[:1]).shape[1], n_classes))
# - optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
# + features.requires_grad_(False)
# + model = torch.nn.Sequential(features, torch.nn.Linear(features(X).shape[1], n_classes))
# + optimizer = torch.optim.Adam(model[1].parameters(), lr=lr)
# + model.train()


# %% wrong codes_taken_in_training_mode -> features_stay_as_they_were
# - features.eval().requires_grad_(False)
# + features.train().requires_grad_(False)

# %% wrong features_made_anew -> features_stay_as_they_were
#   features.eval().requires_grad_(False)
# + for parameter in features.parameters():
# +     torch.nn.init.normal_(parameter)

# %% wrong frozen_for_the_optimiser_only -> only_the_head_asks_for_gradients
# - features.eval().requires_grad_(False)
# - codes = features(X)
# + features.eval()
# + codes = features(X).detach()

# %% wrong head_frozen_at_the_end -> only_the_head_asks_for_gradients
# - return torch.nn.Sequential(features, head).eval()
# + return torch.nn.Sequential(features, head).eval().requires_grad_(False)

# %% wrong no_bias -> only_the_head_asks_for_gradients
# - head = torch.nn.Linear(codes.shape[1], n_classes)
# + head = torch.nn.Linear(codes.shape[1], n_classes, bias=False)

# - return torch.nn.Sequential(features, head).eval()
# + return torch.nn.Sequential(features, head, torch.nn.Linear(n_classes, n_classes)).eval()

# %% wrong two_layers -> head_takes_adams_steps
# - head = torch.nn.Linear(codes.shape[1], n_classes)
# + head = torch.nn.Sequential(
# +     torch.nn.Linear(codes.shape[1], codes.shape[1]), torch.nn.Linear(codes.shape[1], n_classes)
# + )

# %% wrong head_never_trained -> head_learns
# - for _ in range(steps):
# + for _ in range(0):

# %% wrong gradient_uphill -> head_learns
# - loss = torch.nn.functional.cross_entropy(head(codes), y)
# + loss = -torch.nn.functional.cross_entropy(head(codes), y)

# %% wrong step_forgotten -> head_learns
# - optimizer.step()

# %% wrong labels_moved -> head_learns
# - loss = torch.nn.functional.cross_entropy(head(codes), y)
# + loss = torch.nn.functional.cross_entropy(head(codes), (y + 1) % n_classes)

# %% wrong head_alone -> network_is_ready_for_use
# - return torch.nn.Sequential(features, head).eval()
# + return head.eval()

# %% wrong left_in_training_mode -> network_is_ready_for_use
# - return torch.nn.Sequential(features, head).eval()
# + return torch.nn.Sequential(features, head).train()

# %% wrong softmax_at_the_end -> network_is_ready_for_use
# - return torch.nn.Sequential(features, head).eval()
# + return torch.nn.Sequential(features, head, torch.nn.Softmax(dim=1)).eval()

# %% wrong gradients_not_zeroed -> head_takes_adams_steps
# - optimizer.zero_grad()

# %% wrong plain_descent -> head_takes_adams_steps
# - optimizer = torch.optim.Adam(head.parameters(), lr=lr)
# + optimizer = torch.optim.SGD(head.parameters(), lr=lr * 20)

# %% wrong another_rate -> head_takes_adams_steps
# - optimizer = torch.optim.Adam(head.parameters(), lr=lr)
# + optimizer = torch.optim.Adam(head.parameters(), lr=0.1)

# %% wrong weight_decay -> head_takes_adams_steps
# - optimizer = torch.optim.Adam(head.parameters(), lr=lr)
# + optimizer = torch.optim.Adam(head.parameters(), lr=lr, weight_decay=0.1)

# %% wrong softmax_twice -> head_takes_adams_steps
# - loss = torch.nn.functional.cross_entropy(head(codes), y)
# + loss = torch.nn.functional.cross_entropy(torch.softmax(head(codes), dim=1), y)

# %% wrong one_step_too_few -> head_takes_adams_steps
# - for _ in range(steps):
# + for _ in range(1, steps):

# %% wrong number_of_steps_fixed -> head_takes_adams_steps
# - for _ in range(steps):
# + for _ in range(100):

# %% wrong classes_counted_from_the_labels of no_grad -> head_takes_adams_steps
# A class of which there is no example yet is a class, too.
# - head = torch.nn.Linear(codes.shape[-1], n_classes)
# + head = torch.nn.Linear(codes.shape[-1], int(y.max()) + 1)
