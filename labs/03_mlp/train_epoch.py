# %% [markdown]
# A training loop has five lines, always the same: **forward, loss, zero the gradients, backward, step**. PyTorch *adds*
# gradients to what is in `.grad`, as your `Value` does; whoever forgets to zero them steps along the sum of all
# gradients so far. Before the loop, `model.train()` says to all layers that training begins: some, such as dropout,
# which sets outputs to 0 at random, behave differently then.
#
# A `loader` is anything that gives pairs of images and labels, as **tensors**, which are PyTorch's arrays: PyTorch's
# `DataLoader`, the course's `Batches`, a list.

# %% nbgrader={"grade_id": "train_epoch", "solution": true}
def train_epoch(model, loader, optimizer):
    """Train for one epoch: one step after every batch.

    model: an nn.Module that gives logits; this puts it into training mode
    loader: gives pairs (images, labels) of tensors; has no other methods
    optimizer: a torch.optim optimiser of the model's parameters
    Returns one number: the mean over the EXAMPLES of the cross-entropy before each step.

    Hint: loss.item() is a plain number; the last batch may be short.
    """
    ### BEGIN SOLUTION
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_train_epoch", "grade": true, "points": 3}
check("train_epoch")

# %% visible
# Inputs of zero, so that only the bias learns: two examples of class 0, then one of class 1.
X_EPOCH, Y_EPOCH = np.zeros((3, 2)), np.array([0, 0, 1])


def _epoch_of_two(train_epoch: Function, X: Any, y: Any, lr: float) -> Any:
    import torch

    model = torch.nn.Linear(2, 2).double()
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    images, labels = torch.tensor(X), torch.tensor(y)
    loader = [(images[:2], labels[:2]), (images[2:], labels[2:])]
    loss = train_epoch(model, loader, torch.optim.SGD(model.parameters(), lr=lr))
    return loss, model.bias, bool(getattr(loss, "requires_grad", False))


def _epochs_on_clouds(train_epoch: Function, X: Any, y: Any) -> Any:
    import torch

    torch.manual_seed(0)

    class Spy(torch.nn.Module):
        """Notes whether it is in training mode when it is used."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: list[Any] = []

        def forward(self, x: Any) -> Any:
            self.seen.append(self.training)
            return x

    spy = Spy()
    model = torch.nn.Sequential(spy, torch.nn.Linear(2, 3)).double()
    model.eval()
    images, labels = torch.tensor(X), torch.tensor(y)
    loader = [(images[i : i + 10], labels[i : i + 10]) for i in range(0, len(labels), 10)]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    losses = [train_epoch(model, loader, optimizer) for _ in range(15)]
    return losses, len(spy.seen), all(spy.seen)


@checks("train_epoch")
def two_batches_by_hand(student: Student, rng: Rng) -> None:
    """Two batches with lr = 1 move the biases to -0.231059 and 0.231059, as worked out by hand."""
    _, bias, _ = student.run(_epoch_of_two, X=X_EPOCH, y=Y_EPOCH, lr=1.0)
    forgotten = uncalled(student, "train_epoch")
    expect_close(
        bias,
        [-0.2310585786300049, 0.2310585786300049],
        hint=forgotten or "For every batch: forward, cross-entropy, zero the gradients, backward, step.",
        what="The bias after the epoch",
        mistakes={
            f"The gradients are not zeroed: the second step goes along the sum of both. {forgotten}".strip(): [
                0.2689414213699951,
                -0.2689414213699951,
            ],
            forgotten or "Nothing has moved: optimizer.step() is missing, or the gradients are zeroed before it.": [
                0.0,
                0.0,
            ],
            "Only the first batch has made a step.": [0.5, -0.5],
            "Only the last batch has made a step: one step for every batch, with its own gradient.": [-0.5, 0.5],
            "The loss of a batch is a sum here: take the mean over its examples.": [0.119203, -0.119203],
            "A softmax has been applied before the cross-entropy, which has its own.": [-0.013639111, 0.013639111],
        },
        rtol=1e-4,
    )


@checks("train_epoch")
def loss_of_two_batches_by_hand(student: Student, rng: Rng) -> None:
    """A batch of two that loses 0.693147 each and a batch of one that loses 1.313262 have the mean 0.899852."""
    loss, _, recorded = student.run(_epoch_of_two, X=X_EPOCH, y=Y_EPOCH, lr=1.0)
    first, second = 0.6931471805599453, 1.3132616875182228
    expect_close(
        loss,
        (2 * first + second) / 3,
        hint="Add up loss.item() · len(labels), and divide by the number of examples.",
        what="The loss",
        mistakes={
            "That is the mean over the batches: a short batch counts for fewer examples.": (first + second) / 2,
            "That is the sum over the examples: divide by their number.": 2 * first + second,
            "That is the sum over the batches: take the mean over the examples.": first + second,
            "That is the last batch's loss.": second,
            "Those losses are measured after the steps: take the ones that the gradients come from.": 0.3716906,
            "That is the sum of the batches' means, divided by the number of examples.": (first + second) / 3,
        },
        rtol=1e-4,
    )
    hint = "Add up loss.item(), a plain number: a sum of tensors keeps the graph of every batch, and their memory."
    expect(not recorded, "The mean is a tensor that is still tied to the graphs of all batches.", hint=hint)


@checks("train_epoch")
def model_is_in_training_mode(student: Student, rng: Rng) -> None:
    """A model that comes in evaluation mode is put into training mode, and its loss falls in 15 epochs."""
    labels = np.arange(30) % 3
    X = np.array([[3.0, 0.0], [0.0, 3.0], [-3.0, -3.0]])[labels] + rng.normal(scale=0.3, size=(30, 2))
    losses, n_batches, training = student.run(_epochs_on_clouds, X=X, y=labels)
    expect(n_batches == 45, "The model is not used once for each batch.", expected=45, got=n_batches, hint="One pass.")
    expect(bool(training), "The model is not in training mode.", hint="Call model.train() before the loop.")
    expect_shape(losses, (15,), hint="Return one number: the mean loss.", what="The list of 15 losses")
    expect(
        bool(np.asarray(losses)[-1] < 0.1),
        "The loss does not fall as it should.",
        expected="below 0.1 after 15 epochs",
        got=losses,
        hint="One step for every batch, against the gradient of the mean cross-entropy.",
    )


# %% hidden
def _epoch(train_epoch: Function, X: Any, y: Any, W: Any, b: Any, sizes: Any, options: Any) -> Any:
    """Train a linear layer for two epochs on a loader that is nothing but a generator."""
    import torch

    layer = torch.nn.Linear(*W.shape).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W.T))
        layer.bias.copy_(torch.tensor(b))
    images, labels = torch.tensor(X).split(sizes), torch.tensor(y).split(sizes)
    optimizer = torch.optim.SGD(layer.parameters(), **options)
    losses = [train_epoch(layer, (pair for pair in zip(images, labels, strict=True)), optimizer) for _ in range(2)]
    return losses, layer.weight.T, layer.bias


@checks("train_epoch")
def two_epochs_of_ragged_batches(student: Student, rng: Rng) -> None:
    """Two epochs over batches of 4, 1 and 3, with momentum, end at the right weights and have the right losses."""
    X, y = rng.normal(size=(8, 3)), rng.integers(4, size=8)
    params, state = _random_params(rng, [3, 4]), None
    options = {"lr": 0.2, "momentum": 0.5}
    W, b = params[0]
    losses, got_W, got_b = student.run(_epoch, X=X, y=y, W=W, b=b, sizes=[4, 1, 3], options=options)
    right = []
    for _ in range(2):
        total = 0.0
        for part in (slice(0, 4), slice(4, 5), slice(5, 8)):
            logits = np.array([_signal(params, x)[-1] for x in X[part]])
            total += sum(np.log(np.exp(row).sum()) - row[label] for row, label in zip(logits, y[part], strict=True))
            params, state = momentum_step(params, _one_by_one(params, X[part], y[part]), state, 0.2, gamma=0.5)
        right.append(total / 8)
    hint = "Use the optimiser that is given, once for each batch; weigh each batch's loss by its length."
    expect_close(got_W, params[0][0], hint=hint, what="The weight after two epochs", rtol=1e-4, atol=1e-6)
    expect_close(got_b, params[0][1], hint=hint, what="The bias after two epochs", rtol=1e-4, atol=1e-6)
    expect_close(losses, right, hint=hint, what="The list of both losses", rtol=1e-4)


# %% right loss_as_a_module
def train_epoch(model, loader, optimizer):
    criterion = torch.nn.CrossEntropyLoss()
    model.train()
    losses, sizes = [], []
    for batch in loader:
        optimizer.zero_grad()
        loss = criterion(model(batch[0]), batch[1])
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(batch[1].shape[0])
    return (torch.stack(losses) * torch.tensor(sizes)).sum() / sum(sizes)


# %% right zeroed_by_hand
def train_epoch(model, loader, optimizer):
    model.train(True)
    seen = []
    for images, labels in loader:
        losses = torch.nn.functional.cross_entropy(model(images), labels, reduction="none")
        for parameter in model.parameters():
            parameter.grad = None
        losses.mean().backward()
        optimizer.step()
        seen += losses.tolist()
    return sum(seen) / len(seen)


# %% right zeroed_after_the_step
def train_epoch(model, loader, optimizer):
    model.train()
    optimizer.zero_grad()
    seen = []
    for images, labels in loader:
        log_p = torch.log_softmax(model(images), dim=1)
        loss = torch.nn.functional.nll_loss(log_p, labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        seen += [loss.item()] * len(images)
    return np.mean(seen)


# %% wrong gradients_not_zeroed -> two_batches_by_hand
# - optimizer.zero_grad()

# %% wrong zeroed_before_the_step -> two_batches_by_hand
#   loss = torch.nn.functional.cross_entropy(model(images), labels)
# + loss.backward()

# - loss.backward()

# %% wrong zeroed_once_an_epoch -> two_batches_by_hand
#   model.train()
# + optimizer.zero_grad()

# - optimizer.zero_grad()

# %% wrong step_forgotten -> two_batches_by_hand
# - optimizer.step()

# %% wrong backward_forgotten -> two_batches_by_hand
# - loss.backward()

# %% wrong step_after_the_epoch -> two_batches_by_hand
# - optimizer.step()

#       n += len(labels)
# + optimizer.step()

# %% wrong first_batch_only -> two_batches_by_hand
# - return total / n
# +     return total / n

# %% wrong softmax_before_the_loss -> two_batches_by_hand
# - loss = torch.nn.functional.cross_entropy(model(images), labels)
# + loss = torch.nn.functional.cross_entropy(torch.softmax(model(images), dim=1), labels)

# %% wrong sum_for_mean -> two_batches_by_hand
# - loss = torch.nn.functional.cross_entropy(model(images), labels)
# + loss = torch.nn.functional.cross_entropy(model(images), labels, reduction="sum")

# - total += loss.item() * len(labels)
# + total += loss.item()

# %% wrong mean_over_the_batches -> loss_of_two_batches_by_hand
# - total += loss.item() * len(labels)
# - n += len(labels)
# + total += loss.item()
# + n += 1

# %% wrong sum_over_the_examples -> loss_of_two_batches_by_hand
# - return total / n
# + return total

# %% wrong last_loss -> loss_of_two_batches_by_hand
# - return total / n
# + return loss.item()

# %% wrong batch_means_over_examples -> loss_of_two_batches_by_hand
# - total += loss.item() * len(labels)
# + total += loss.item()

# %% wrong nothing_returned -> loss_of_two_batches_by_hand
# - return total / n

# %% wrong mode_left_alone -> model_is_in_training_mode
# - model.train()

# %% wrong evaluation_mode -> model_is_in_training_mode
# - model.train()
# + model.eval()

# %% wrong two_passes -> model_is_in_training_mode
# - for images, labels in loader:
# + for images, labels in [*loader, *loader]:

# %% wrong own_optimiser -> two_epochs_of_ragged_batches
#   model.train()
# + optimizer = torch.optim.SGD(model.parameters(), lr=optimizer.param_groups[0]["lr"])

# %% wrong asks_the_data_set_for_its_length -> two_epochs_of_ragged_batches
# - return total / n
# + return total / len(loader.dataset)

# %% wrong loss_after_the_step -> loss_of_two_batches_by_hand
#   optimizer.step()
# + loss = torch.nn.functional.cross_entropy(model(images), labels)

# %% wrong asks_the_loader_for_its_length -> two_epochs_of_ragged_batches
# - return total / n
# + return total / n if len(loader) else 0.0

# %% wrong zero_grad_without_brackets -> two_batches_by_hand
# - optimizer.zero_grad()
# + optimizer.zero_grad

# %% wrong step_without_brackets -> two_batches_by_hand
# - optimizer.step()
# + optimizer.step


# %% wrong losses_with_their_graphs -> loss_of_two_batches_by_hand
def train_epoch(model, loader, optimizer):
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total, n = total + loss * len(labels), n + len(labels)
    return total / n
