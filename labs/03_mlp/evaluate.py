# %% [markdown]
# Judging a network is not training it. Some layers, such as dropout, behave differently while they are trained, so switch
# them over with `model.eval()`; and recording operations for a backward pass that never comes costs time and memory, so switch that off
# with `torch.no_grad()`.

# %% nbgrader={"grade_id": "evaluate", "solution": true}
def evaluate(model, loader):
    """Judge a network; nothing is trained, and no operation is recorded for gradients.

    model: an nn.Module that gives logits; this puts it into evaluation mode
    loader: gives pairs (images, labels) of tensors; has no other methods
    Returns (loss, accuracy): two numbers, means over all EXAMPLES of the loader: the
    cross-entropy, and the share of them whose largest logit is that of their class.
    """
    ### BEGIN SOLUTION
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_evaluate", "grade": true, "points": 2}
check("evaluate")

# %% [markdown]
# ### Three planted bugs
#
# `broken_epoch` should do what your `train_epoch` does. It runs, the loss that it reports falls, and it has **three bugs**.
# Do not stare at it; hunt. Three questions, each answered with tools that you have: is the first loss near $\ln 10$, as one batch of a
# fresh network must have it? Where does *one* batch lead, compared with `train_epoch`? Where do *two*?


# %% tags=["explore"]
def broken_epoch(model, loader, optimizer):
    """Train for one epoch, or so somebody believed."""
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        probabilities = torch.softmax(model(images), dim=1)
        loss = torch.nn.functional.cross_entropy(probabilities, labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
        n += len(labels)
    return total / n


repaired_epoch = broken_epoch  # put your repaired copy here, and run the next cell after each repair


# %% tags=["explore"]
def after(epoch, n_batches):
    """Train a fresh network with some batches; return the loss that is reported, and all of its weights."""
    torch.manual_seed(0)
    model = make_mlp([784, 16, 10])
    pairs = [(torch.tensor(X_train[i : i + 20]), torch.tensor(y_train[i : i + 20])) for i in (0, 20)[:n_batches]]
    loss = epoch(model, pairs, torch.optim.SGD(model.parameters(), lr=0.5))
    return loss, torch.cat([parameter.detach().ravel() for parameter in model.parameters()])


def evidence(epoch):
    """Say how far an epoch's work lies from train_epoch's, in per cent: the loss, and the way of the weights."""
    loss, right = after(epoch, 1)[0], after(train_epoch, 1)[0]
    found = [100 * abs(loss - right) / right]
    for n_batches in (1, 2):
        theirs, mine = after(epoch, n_batches)[1], after(train_epoch, n_batches)[1]
        found.append(100 * float((theirs - mine).norm() / mine.norm()))
    return found


plots.bars(
    {"broken": evidence(broken_epoch), "repaired": evidence(repaired_epoch)},
    ["the loss of one batch", "weights after one batch", "weights after two"],
    ylabel="difference from train_epoch, %",
    title="The evidence: the repaired bars must go to zero",
)

# %% [markdown]
# ### Does the relu train faster?
#
# The slides say so. Test it: one network, 784-64-64-64-64-10, three times, with nothing changed but the activation function. The start
# (Xavier's), the batches, plain SGD and its learning rate are the same.

# %% tags=["explore"]
X, y = torch.tensor(X_train), torch.tensor(y_train)
losses, n_few = {}, min(6000, len(X))
for name, bend in {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}.items():
    torch.manual_seed(0)
    layers = []
    for n_in, n_out in zip([784, 64, 64, 64, 64], [64, 64, 64, 64, 10]):
        layers += [torch.nn.Linear(n_in, n_out), bend()]
        torch.nn.init.xavier_normal_(layers[-2].weight)
        torch.nn.init.zeros_(layers[-2].bias)
    model = torch.nn.Sequential(*layers[:-1])
    loader = Batches(X[:n_few], y[:n_few], batch_size=32, rng=np.random.default_rng(0))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    losses[name] = (np.arange(1, 9), [train_epoch(model, loader, optimizer) for _ in range(8)])
plots.curves(
    losses,
    xlabel="epoch",
    ylabel="training loss",
    title=f"One network, three activation functions, {n_few:,} images",
    markers=True,
)

# %% [markdown]
# The sigmoid's line says what section 1 foretold: four slopes of a quarter at most, one after the other, and outputs that are never below
# zero. Is it the relu that is fast, then, or the sigmoid that is slow? Look at tanh before you answer.

# %% [markdown]
# ### A squared error, tried
#
# The slides have another cost: $\frac1n \sum (f - y)^2$ on one page, $\frac1{2n} \sum (f - y)^2$ on the next, which is
# half of it and has its minimum at the same place. Nothing forbids it for probabilities: $\sum_c (p_c - y_c)^2$ per
# image, with $y_c = 1$ for the right class and 0 elsewhere. Is it worse? Two starts: a fresh network, and one that was
# first taught **wrong**, each 0 called a 1, each 1 a 2, and is sure of it. From then on all labels are right.
# Everything but the loss is the same.

# %% tags=["explore"]
f, wanted = np.array([30, 80, 85]), np.array([90, 20, 95])
print(
    f"the slides' example: 1/n gives {np.mean((f - wanted) ** 2):.2f}, 1/2n gives {np.mean((f - wanted) ** 2) / 2:.2f}"
)


def squared_error(logits, labels):
    """Return the mean over the examples of the sum over the classes of (p - y)²."""
    misses = torch.softmax(logits, dim=1) - torch.nn.functional.one_hot(labels, 10)
    return (misses**2).sum(dim=1).mean()


n_tried = min(6000, len(X) * 5 // 6)
aside = Batches(X[n_tried : n_tried + 1000], y[n_tried : n_tried + 1000], batch_size=1000)
tried = {}
for start in ("fresh", "taught wrong"):
    for name, loss_of in {
        "cross-entropy": torch.nn.functional.cross_entropy,
        "squared error": squared_error,
    }.items():
        torch.manual_seed(0)
        model = make_mlp([784, 64, 10])
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        shuffled = np.random.default_rng(0)
        wrong = Batches(X[:n_tried], (y[:n_tried] + 1) % 10, batch_size=32, rng=shuffled)
        loader = Batches(X[:n_tried], y[:n_tried], batch_size=32, rng=shuffled)
        for _ in range(8 if start == "taught wrong" else 0):
            train_epoch(model, wrong, optimizer)
        shares = [100 * evaluate(model, aside)[1]]
        for _ in range(6):
            for images, labels in loader:
                optimizer.zero_grad()
                loss_of(model(images), labels).backward()
                optimizer.step()
            shares.append(100 * evaluate(model, aside)[1])
        tried[f"{name}, {start}"] = (np.arange(7), shares)
        print(f"{name}, {start:<12} {shares[1]:5.1f} % after one epoch, {shares[-1]:5.1f} % after six")

lead = np.linspace(-8, 8, 200)
p = 1 / (1 + np.exp(-lead))
figure, axes = plt.subplots(1, 2, figsize=(10.5, 3.9), dpi=110, layout="constrained")
plots.curves(
    tried,
    xlabel="epoch with right labels",
    ylabel="right on images laid aside, %",
    title=f"784-64-10, SGD at 0.1, {n_tried:,} images",
    markers=True,
    ax=axes[0],
)
plots.curves(
    {"cross-entropy: 1 − p": (lead, 1 - p), "squared error: 4 p (1 − p)²": (lead, 4 * p * (1 - p) ** 2)},
    xlabel="lead of the right class's score over the other's",
    ylabel="|slope of the loss along the lead|",
    title="Two classes: what pulls",
    ax=axes[1],
)

# %% [markdown]
# Fresh, the two come close. Once taught wrong, the squared error takes many times as long to change its mind, and the right picture says why: for two
# classes, with $p$ the probability of the right one, the slope of $-\ln p$ is $1 - p$, the larger the worse the mistake, while that of
# $2(1 - p)^2$ is $4p(1 - p)^2$. The sigmoid's own slope is left in it, and where the network is surely wrong, $p$ is next to nothing and so is the pull. A
# larger learning rate helps: try 0.5. So the squared error is not wrong for classes. It is slow to unlearn.

# %% [markdown]
# ### When to stop
#
# How many epochs? The training loss cannot decide, since it goes on falling whatever is learnt, and neither may the
# **test** images, which are for the final judgement alone: whoever chooses by them has trained on them. So lay part of
# the training images aside, the **validation** images, and watch those. *Early stopping* keeps the weights of the best
# epoch and gives up when a few epochs have brought nothing better.

# %% tags=["explore"]
final = Batches(torch.tensor(X_test), torch.tensor(y_test), batch_size=1000)
order = np.random.default_rng(3).permutation(len(X))[:6000]
train_part, valid_part = order[: len(order) * 5 // 6], order[len(order) * 5 // 6 :]
torch.manual_seed(0)
model = make_mlp([784, 128, 10])
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loader = Batches(X[train_part], y[train_part], batch_size=32, rng=np.random.default_rng(4))
validation = Batches(X[valid_part], y[valid_part], batch_size=1000)

log, patience = TrainingLog(f"784-128-10 on {len(train_part):,} images, stopped early"), 4
while len(log) < 40 and (len(log) == 0 or len(log) - log.best_epoch("validation_loss") < patience):
    train_loss = train_epoch(model, loader, optimizer)
    validation_loss, validation_accuracy = evaluate(model, validation)
    log.add(train_loss=train_loss, validation_loss=validation_loss, validation_accuracy=validation_accuracy)
    if log.best_epoch("validation_loss") == len(log):
        best = {name: value.clone() for name, value in model.state_dict().items()}
model.load_state_dict(best)
print(f"kept: the weights after epoch {log.best_epoch('validation_loss')} of {len(log)}")

# %% visible
# Four examples with the logits (ln 3, 0), so with probabilities 3/4 and 1/4; the third is of the less likely class.
X_JUDGED, Y_JUDGED = np.array([[LN3, 0.0]] * 4), np.array([0, 0, 1, 0])


def _judged(evaluate: Function, X: Any, y: Any, dropout: float) -> Any:
    """Judge an identity layer on two batches, of three and of one example."""
    import torch

    class Spy(torch.nn.Module):
        """Notes whether operations are being recorded, and whether it is in training mode, when it is used."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: list[Any] = []

        def forward(self, x: Any) -> Any:
            self.seen.append((torch.is_grad_enabled(), self.training))
            return x

    torch.manual_seed(0)
    spy, layer = Spy(), torch.nn.Linear(2, 2)
    torch.nn.init.eye_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    model = torch.nn.Sequential(torch.nn.Sequential(spy, torch.nn.Dropout(dropout)), layer).double()
    images, labels = torch.tensor(X), torch.tensor(y)
    with torch.enable_grad():
        result = evaluate(model, [(images[:3], labels[:3]), (images[3:], labels[3:])])
        trainable = torch.is_grad_enabled() and layer.weight.requires_grad
    return result, layer.weight, spy.seen, trainable


def _judge(student: Student, dropout: float = 0.0) -> tuple[Any, Any, Any, Any, Any]:
    result, weight, seen, trainable = student.run(_judged, X=X_JUDGED, y=Y_JUDGED, dropout=dropout)
    loss, accuracy = expect_parts(result, ("loss", "accuracy"), hint="Return the two together: return loss, accuracy.")
    return loss, accuracy, weight, seen, trainable


@checks("evaluate")
def accuracy_of_four_examples(student: Student, rng: Rng) -> None:
    """Two right and one wrong in a batch of three, and one right in a batch of one, make 3/4."""
    _, accuracy, *_ = _judge(student)
    expect_close(
        accuracy,
        0.75,
        hint="Count the examples whose largest logit is that of their class; divide by all examples.",
        what="The accuracy",
        mistakes={
            "That is the mean over the batches: count examples, not batches.": 5 / 6,
            "That is a number of examples: divide by how many there are.": 3.0,
            "That is a percentage: return a share between 0 and 1.": 75.0,
            "That is the last batch's accuracy.": 1.0,
            "That is the first batch's accuracy.": 2 / 3,
            "That is the share of wrong ones.": 0.25,
            "That is the loss: return loss, accuracy, in this order.": 0.5623351446188083,
        },
    )


@checks("evaluate")
def loss_of_four_examples(student: Student, rng: Rng) -> None:
    """Three examples that lose 0.287682 and one that loses 1.386294 have the mean 0.562335."""
    loss, *_ = _judge(student)
    right, wrong = 0.2876820724517809, 1.3862943611198906
    expect_close(
        loss,
        (3 * right + wrong) / 4,
        hint="Add up the cross-entropy of all examples (reduction='sum'), and divide by their number.",
        what="The loss",
        mistakes={
            "That is the mean over the batches: a short batch counts for fewer examples.": (
                (2 * right + wrong) / 3 + right
            )
            / 2,
            "That is the sum over the examples: divide by their number.": 3 * right + wrong,
            "A softmax has been applied before the cross-entropy, which has its own.": 0.59907698,
        },
        rtol=1e-4,
    )


@checks("evaluate")
def judging_is_not_training(student: Student, rng: Rng) -> None:
    """Nothing is recorded for gradients, dropout is switched off, and no weight moves."""
    loss, _, weight, seen, trainable = _judge(student, dropout=0.5)
    expect(bool(seen), "The model has not been used.", hint="Go through the loader: model(images).")
    hint = "Call model.eval() first: it reaches all layers, those inside of others too."
    expect(not any(mode for _, mode in seen), "The model is in training mode.", hint=hint)
    expect(
        not any(recorded for recorded, _ in seen),
        "Operations are recorded for gradients.",
        hint="Put the loop into: with torch.no_grad().",
    )
    expect_close(loss, 0.5623351446188083, hint="Call model.eval() first.", what="The loss with dropout", rtol=1e-4)
    expect_close(weight, np.eye(2), hint="No optimiser here: judging changes nothing.", what="The weight afterwards")
    hint = "with torch.no_grad(): switches gradients back on at its end; parameters keep requires_grad."
    expect(bool(trainable), "The model cannot be trained any more: gradients stay switched off.", hint=hint)


# %% hidden
def _verdict(evaluate: Function, X: Any, y: Any, W: Any, b: Any, sizes: Any) -> Any:
    import torch

    layer = torch.nn.Linear(*W.shape).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W.T))
        layer.bias.copy_(torch.tensor(b))
    images, labels = torch.tensor(X).split(sizes), torch.tensor(y).split(sizes)
    with torch.enable_grad():
        return evaluate(layer, (pair for pair in zip(images, labels, strict=True)))


@checks("evaluate")
def ragged_batches_are_judged_right(student: Student, rng: Rng) -> None:
    """Batches of 5, 1 and 3 from a generator have the right loss and accuracy."""
    classes = np.arange(9) % 4
    # The largest of four probabilities may lie below one half.
    W, b = np.eye(4) + rng.normal(scale=0.1, size=(4, 4)), rng.normal(scale=0.1, size=4)
    X = np.eye(4)[classes] + rng.normal(scale=0.1, size=(9, 4))
    y = np.where(np.isin(np.arange(9), (5, 7, 8)), (classes + 1) % 4, classes)
    logits = np.array([_signal([(W, b)], x)[-1] for x in X])
    got = student.run(_verdict, X=X, y=y, W=W, b=b, sizes=[5, 1, 3])
    loss, accuracy = expect_parts(got, ("loss", "accuracy"), hint="Return loss, accuracy.")
    hint = "Add up over all examples, then divide by their number; the loader gives pairs and nothing else."
    losses = [np.log(np.exp(row).sum()) - row[label] for row, label in zip(logits, y, strict=True)]
    expect_close(loss, np.mean(losses), hint=hint, what="The loss", rtol=1e-4)
    expect_close(accuracy, np.mean(np.argmax(logits, axis=1) == y), hint=hint, what="The accuracy", rtol=1e-6)


# %% right all_logits_together
@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    pairs = [(model(images), labels) for images, labels in loader]
    logits, labels = torch.cat([pair[0] for pair in pairs]), torch.cat([pair[1] for pair in pairs])
    return torch.nn.functional.cross_entropy(logits, labels), (logits.argmax(1) == labels).float().mean()


# %% right inference_mode
def evaluate(model, loader):
    model.train(False)
    losses, hits = [], []
    with torch.inference_mode():
        for images, labels in loader:
            log_p = model(images).log_softmax(dim=1)
            losses += [-row[label].item() for row, label in zip(log_p, labels)]
            hits += (log_p.max(dim=1).indices == labels).tolist()
    return [sum(losses) / len(losses), sum(hits) / len(hits)]


# %% right mode_put_back
def evaluate(model, loader):
    was_training = model.training
    model.eval()
    loss, right, n = 0.0, 0, 0
    for images, labels in loader:
        with torch.no_grad():
            logits = model(images)
        loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum")
        right += int((logits.argmax(-1) == labels).sum())
        n += labels.numel()
    model.train(was_training)
    return float(loss) / n, right / n


# %% wrong mean_over_the_batches -> accuracy_of_four_examples
# - loss, right, n = 0.0, 0, 0
# + loss, right, n = 0.0, 0.0, 0

# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# - right += (logits.argmax(dim=1) == labels).sum().item()
# - n += len(labels)
# + loss += torch.nn.functional.cross_entropy(logits, labels).item()
# + right += (logits.argmax(dim=1) == labels).float().mean().item()
# + n += 1


# %% wrong loss_as_a_mean_over_the_batches -> loss_of_four_examples
# - loss, right, n = 0.0, 0, 0
# + loss, right, n, batches = 0.0, 0, 0, 0

# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item()

# - return loss / n, right / n
# +         batches += 1
# + return loss / batches, right / n


# %% wrong sum_of_losses -> loss_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# - return loss / n, right / n
# + return loss, right / n

# %% wrong count_of_right_ones -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# - return loss / n, right / n
# + return loss / n, right

# %% wrong percentage -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# - return loss / n, right / n
# + return loss / n, 100 * right / n

# %% wrong share_of_wrong_ones -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# - right += (logits.argmax(dim=1) == labels).sum().item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
# + right += (logits.argmax(dim=1) != labels).sum().item()

# %% wrong smallest_logit -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# - right += (logits.argmax(dim=1) == labels).sum().item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
# + right += (logits.argmin(dim=1) == labels).sum().item()

# %% wrong argmax_over_the_batch -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# - right += (logits.argmax(dim=1) == labels).sum().item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
# + right += (logits.argmax(dim=0) == labels[:2]).sum().item()

# %% wrong first_batch_only -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

#   n += len(labels)
# + break

# %% wrong last_batch_only -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss, right, n = 0.0, 0, 0
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# %% wrong accuracy_first -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# - return loss / n, right / n
# + return right / n, loss / n

# %% wrong accuracy_alone -> accuracy_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# - return loss / n, right / n
# + return right / n

# %% wrong accuracy_on_the_training_set -> accuracy_of_four_examples
# - for images, labels in loader:
# + for images, labels in [(torch.tensor(X_train), torch.tensor(y_train))]:

# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# %% wrong first_loader_kept -> accuracy_of_four_examples
# - def evaluate(model, loader):
# + def evaluate(model, loader, kept=[(torch.eye(2).double(), torch.arange(2))]):

# - for images, labels in loader:
# + for images, labels in kept:

# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# %% wrong softmax_before_the_loss -> loss_of_four_examples
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(torch.softmax(logits, dim=1), labels).item() * len(labels)

# %% wrong training_mode -> judging_is_not_training
# - model.eval()
# + model.train()

# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# %% wrong mode_left_alone -> judging_is_not_training
# - model.eval()

# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# %% wrong gradients_recorded -> judging_is_not_training
# - with torch.no_grad():
# + if True:

# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)


# %% wrong trains_on_the_test_images -> judging_is_not_training
def evaluate(model, loader):
    model.eval()
    loss, right, n = 0.0, 0, 0
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for images, labels in loader:
        logits = model(images)
        batch_loss = torch.nn.functional.cross_entropy(logits, labels)
        optimizer.zero_grad()
        batch_loss.backward()
        optimizer.step()
        loss += batch_loss.item() * len(labels)
        right += (logits.argmax(dim=1) == labels).sum().item()
        n += len(labels)
    return loss / n, right / n


# %% wrong asks_the_data_set_for_its_length -> ragged_batches_are_judged_right
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

# - return loss / n, right / n
# + return loss / len(loader.dataset), right / n

# %% wrong first_two_classes_only -> ragged_batches_are_judged_right
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# - right += (logits.argmax(dim=1) == labels).sum().item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)
# + right += (logits[:, :2].argmax(dim=1) == labels).sum().item()

# %% wrong two_passes -> ragged_batches_are_judged_right
# - loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
# - right += (logits.argmax(dim=1) == labels).sum().item()
# + loss += torch.nn.functional.cross_entropy(logits, labels).item() * len(labels)

#           n += len(labels)
# + right = sum((model(images).argmax(dim=1) == labels).sum().item() for images, labels in loader)


# %% right all_logits_first
@torch.inference_mode()
def evaluate(model, loader):
    model.eval()
    pairs = [(model(x), t) for x, t in loader]
    out, t = torch.cat([p[0] for p in pairs]), torch.cat([p[1] for p in pairs])
    return torch.nn.functional.cross_entropy(out, t), (out.argmax(1) == t).double().mean()


# %% wrong gradients_off_for_good -> judging_is_not_training
def evaluate(model, loader):
    model.eval()
    torch.set_grad_enabled(False)
    logits, labels = (torch.cat(parts) for parts in zip(*[(model(X), y) for X, y in loader]))
    loss = torch.nn.functional.cross_entropy(logits, labels)
    return loss.item(), (logits.argmax(dim=1) == labels).float().mean().item()


# %% wrong first_layers_switched_over_only -> judging_is_not_training
def evaluate(model, loader):
    for layer in (model, *model.children()):
        layer.training = False
    with torch.no_grad():
        logits, labels = (torch.cat(parts) for parts in zip(*[(model(X), y) for X, y in loader]))
    loss = torch.nn.functional.cross_entropy(logits, labels)
    return loss.item(), (logits.argmax(dim=1) == labels).float().mean().item()


# %% wrong more_than_half_sure -> ragged_batches_are_judged_right
def evaluate(model, loader):
    model.eval()
    with torch.no_grad():
        logits, labels = (torch.cat(parts) for parts in zip(*[(model(X), y) for X, y in loader]))
    sure = torch.softmax(logits, dim=1)[torch.arange(len(labels)), labels] > 0.5
    return torch.nn.functional.cross_entropy(logits, labels).item(), sure.float().mean().item()
