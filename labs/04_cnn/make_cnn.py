# %% [markdown]
# ## 10 · A network
#
# All parts are there; from here on PyTorch computes them. A convolutional network repeats a block, **convolution, ReLU,
# pooling**: the image gets smaller, the channels more. At the end the maps (each channel is one) are flattened and a
# linear layer gives the logits. Between convolution and ReLU there is often a *batch normalisation*, which brings every
# channel of a batch to mean 0 and standard deviation 1 and makes training faster. It uses the batch's own numbers while
# training and remembered ones afterwards: never forget `model.train()` and `model.eval()`.
#
# How you build it is up to you, within a budget of 500,000 parameters. Mind the time that a step takes: what costs it is
# multiply-adds, and large images cost most.

# %% nbgrader={"grade_id": "make_cnn", "solution": true}
def make_cnn(in_shape, n_classes):
    """Build a convolutional network.

    in_shape: (c, h, w) of an image, h and w 16 or more; n_classes: how many classes
    Returns an nn.Module that turns (n, c, h, w) into logits (n, n_classes), with at least two
    nn.Conv2d layers and at most 500,000 parameters at (3, 32, 32) and 10 classes.

    Hint: Conv2d(c, 32, 3, padding=1), ReLU(), MaxPool2d(2), and again with more channels;
    AdaptiveMaxPool2d(1) leaves one number per channel, whatever the image's size.
    """
    ### BEGIN SOLUTION
    layers, c_in = [], in_shape[0]
    for c_out in (32 * 2**block for block in range(4)):
        convolution = torch.nn.Conv2d(c_in, c_out, 3, padding="same", bias=False)
        layers += [convolution, torch.nn.MaxPool2d(2), torch.nn.BatchNorm2d(c_out), torch.nn.ReLU()]
        c_in = c_out
    head = [torch.nn.AdaptiveMaxPool2d(1), torch.nn.Flatten(), torch.nn.Linear(c_in, n_classes)]
    return torch.nn.Sequential(*layers, *head)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_make_cnn", "grade": true, "points": 3}
check("make_cnn")

# %% [markdown]
# How far can one number of each layer see? Each 3 × 3 filter adds a border of one of *its* pixels, each halving doubles
# what a pixel means. The **receptive field** grows slowly at first, then fast; the frames show it for the number in the
# middle of each of four blocks.

# %% tags=["explore"]
cifar = load_cifar10()
fields, seen, pixel = {}, 1, 1
for block in range(1, 5):
    seen, pixel = seen + 2 * pixel + pixel, 2 * pixel  # a 3 × 3 filter, then a 2 × 2 window with stride 2
    fields[f"block {block}: {seen} × {seen}"] = seen
plots.receptive_fields(cifar.test_images[9], fields, title="What one number of each block looks at")


# %% visible
def _answers(make_cnn: Function, in_shape: Any, n_classes: int, X: Any) -> Any:
    """Return what a network says of a batch in training mode; in evaluation mode, twice; and of each image alone."""
    import torch

    torch.manual_seed(0)
    model, images = make_cnn(tuple(in_shape), n_classes), torch.tensor(X, dtype=torch.float32)
    model.train()
    try:
        trained = model(images)
    except RuntimeError as error:
        if "shapes cannot be multiplied" not in str(error):
            raise
        return str(error)
    model.eval()
    with torch.no_grad():
        alone = torch.cat([model(images[i : i + 1]) for i in range(len(images))])
        return trained, model(images), model(images), alone


def _inventory(make_cnn: Function, X: Any) -> Any:
    """Count a network's convolutions and parameters, those without a gradient, and lists that hold layers."""
    import torch

    torch.manual_seed(0)
    model = make_cnn((3, 32, 32), 10)
    kept = [value for module in model.modules() for value in vars(module).values() if isinstance(value, list | tuple)]
    found = list(model.modules())
    if any(isinstance(layer, torch.nn.Module) and layer not in found for value in kept for layer in value):
        return "a list"
    model(torch.tensor(X, dtype=torch.float32)).square().sum().backward()
    parameters = list(model.parameters())
    idle = [name for name, p in model.named_parameters() if p.grad is None]
    n_layers = sum(isinstance(layer, torch.nn.Conv2d) for layer in model.modules())
    return n_layers, sum(p.numel() for p in parameters), idle


def _expect_to_fit(got: Any, in_shape: Any) -> None:
    """Expect that the last linear layer is as long as the maps that reach it."""
    expect(
        not isinstance(got, str),
        f"The linear layer does not fit the maps of images of {tuple(in_shape)}.",
        got=got,
        hint="Its length was computed for images of another size, or for other layers. Compute it from in_shape, or "
        "leave one number per channel whatever the size: AdaptiveMaxPool2d(1), then Flatten().",
    )


@checks("make_cnn")
def logits_for_images_of_any_size(student: Student, rng: Rng) -> None:
    """Images of (3, 32, 32), (1, 28, 28) and (2, 16, 20) get a row of logits each, with 10, 10 and 4 classes."""
    for in_shape, n_classes in (((3, 32, 32), 10), ((1, 28, 28), 10), ((2, 16, 20), 4)):
        X = rng.normal(size=(2, *in_shape))
        got = student.run(_answers, in_shape=list(in_shape), n_classes=n_classes, X=X)
        _expect_to_fit(got, in_shape)
        hint = "Use in_shape and n_classes throughout: no 28, 32 or 10 of its own in the network."
        expect_shape(got[1], (2, n_classes), hint=hint, what=f"The output for images of {in_shape}")


@checks("make_cnn")
def network_is_convolutional_and_small(student: Student, rng: Rng) -> None:
    """For CIFAR-10 there are two nn.Conv2d or more, at most 500,000 parameters, and all of them take part."""
    got = student.run(_inventory, X=rng.normal(size=(4, 3, 32, 32)))
    hint = "A list of layers is not registered, so they are never trained: torch.nn.Sequential(*layers) or ModuleList."
    expect(got != "a list", "Layers are in a plain list, where PyTorch does not find them.", hint=hint)
    n_layers, n_parameters, idle = got
    hint = "Begin with torch.nn.Conv2d, twice or more, with ReLU and pooling in between."
    expect(n_layers >= 2, "There are too few convolutions.", expected="2 or more", got=n_layers, hint=hint)
    hint = "Flattened maps are long: pool more, or use fewer channels, before the linear layer."
    count = f"{n_parameters:,}"
    expect(n_parameters <= 500_000, "There are too many parameters.", expected="500,000 or less", got=count, hint=hint)
    hint = "A layer that is made but not used, or one that is cut off, learns nothing."
    expect(not idle, "Some parameters take no part.", expected="none", got=", ".join(idle), hint=hint)


@checks("make_cnn")
def network_gives_plain_logits(student: Student, rng: Rng) -> None:
    """The outputs are logits: no softmax, no logarithm of one, no ReLU after the last layer."""
    X = rng.normal(size=(12, 1, 16, 16))
    got = student.run(_answers, in_shape=[1, 16, 16], n_classes=10, X=X)
    _expect_to_fit(got, (1, 16, 16))
    logits = np.asarray(got[1], dtype=float)
    hint = "The cross-entropy has its own softmax: end with the linear layer."
    powers = np.exp(logits).sum(axis=1)
    expect(not np.allclose(logits.sum(axis=1), 1, atol=1e-4), "Those are probabilities.", got=logits[0], hint=hint)
    expect(not np.allclose(powers, 1, atol=1e-4), "Those are logarithms of probabilities.", got=logits[0], hint=hint)
    hint = "Nothing comes after the last linear layer: a ReLU there would hide what speaks against a class."
    expect(bool((logits < 0).any()), "No logit is below zero.", got=logits[0], hint=hint)


@checks("make_cnn")
def evaluation_is_steady(student: Student, rng: Rng) -> None:
    """In evaluation mode an image gets the same logits twice, and alone the same as in a batch."""
    X = rng.normal(size=(5, 1, 16, 16))
    got = student.run(_answers, in_shape=[1, 16, 16], n_classes=3, X=X)
    _expect_to_fit(got, (1, 16, 16))
    _, first, again, alone = got
    hint = "Dropout must stop in evaluation mode: use nn.Dropout, or give the function training=self.training."
    expect_close(again, first, hint=hint, what="The second answer", rtol=1e-4, atol=1e-5)
    hint = "In evaluation mode, images must not see each other: nothing may be computed over the batch axis."
    expect_close(alone, first, hint=hint, what="The answer to each image alone", rtol=1e-3, atol=1e-4)


# %% hidden
def _pushed(make_cnn: Function, X: Any) -> Any:
    """Return a network's answers to x, -x and 0, what each pixel does to the answers, and a second network's answer."""
    import torch

    torch.manual_seed(1)
    in_shape = tuple(X.shape[1:])
    model, other = make_cnn(in_shape, 5), make_cnn(in_shape, 5)
    images = torch.tensor(X, dtype=torch.float32)
    for network in (model, other):
        network.train()
        network(images)
        network.eval()
    images.requires_grad_(True)
    model(images).square().sum().backward()
    slopes: Any = images.grad
    with torch.no_grad():
        answers = [model(part) for part in (images, -images, torch.zeros_like(images))]
        return answers, slopes.abs().sum(dim=0), other(images)


def _learnt(make_cnn: Function, X: Any, y: Any, n_steps: int) -> Any:
    """Train a network on a few images; return the losses in evaluation mode before and after."""
    import torch

    torch.manual_seed(2)
    images, labels = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    model = make_cnn(tuple(X.shape[1:]), 3)
    model(images)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    losses = []
    for step in range(n_steps + 1):
        model.eval()
        if step in (0, n_steps):
            with torch.no_grad():
                losses.append(torch.nn.functional.cross_entropy(model(images), labels))
        model.train()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [float(loss) for loss in losses]


@checks("make_cnn")
def network_is_more_than_a_matrix(student: Student, rng: Rng) -> None:
    """The answers to x and -x do not add up to twice the answer to nothing, as those of a linear map would."""
    (plus, minus, zero), _, other = student.run(_pushed, X=rng.normal(size=(4, 2, 16, 18)))
    bend = np.abs(plus + minus - 2 * zero).max() / max(1e-12, float(np.abs(plus - minus).max()))
    hint = "Without ReLU between them, convolutions are one linear map, however many there are."
    expect(bool(bend > 1e-3), "The network is linear.", hint=hint)
    hint = "Make new layers in each call."
    expect(bool(np.any(np.asarray(other) != plus)), "Two networks are one.", hint=hint)


@checks("make_cnn")
def network_looks_at_the_whole_image(student: Student, rng: Rng) -> None:
    """Every channel and every quarter of the image makes a difference to the answer."""
    _, slopes, _ = student.run(_pushed, X=rng.normal(size=(4, 2, 16, 18)))
    slopes = np.asarray(slopes)
    hint = "Use all channels and flatten all of the maps: nothing may be sliced off on the way."
    for channel in slopes:
        for rows in (slice(0, 8), slice(8, 16)):
            for columns in (slice(0, 9), slice(9, 18)):
                expect(bool(channel[rows, columns].max() > 0), "A part of the image makes no difference.", hint=hint)


@checks("make_cnn")
def network_can_learn(student: Student, rng: Rng) -> None:
    """Twenty steps on nine images of bars and squares bring the loss well down, in evaluation mode too."""
    y = np.arange(9) % 3
    X = rng.normal(scale=0.1, size=(9, 1, 16, 16))
    for image, label in zip(X[:, 0], y, strict=True):
        row, column = rng.integers(0, 10, size=2)
        height, width = ((6, 2), (2, 6), (5, 5))[label]
        image[row : row + height, column : column + width] += 2
    before, after = student.run(_learnt, X=X, y=y, n_steps=20)
    hint = "Try it on fifty images of your own: the loss should go to zero. Are eval() and train() mode alike?"
    expect(bool(after < 0.7 * before), "The network hardly learns.", expected="a loss that falls", got=after, hint=hint)


# %% right plain
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape
    return torch.nn.Sequential(
        torch.nn.Conv2d(c, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
    )


# %% right class_with_dropout
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)
            self.drop = torch.nn.Dropout(0.2)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            x = self.drop(x)
            return self.last(x)

    return Net()


# %% right functional_dropout_told_of_the_mode of class_with_dropout
# - self.drop = torch.nn.Dropout(0.2)

# - x = self.drop(x)
# + x = torch.nn.functional.dropout(x, 0.1, training=self.training)


# %% right lazy_and_strided
def make_cnn(in_shape, n_classes):
    return torch.nn.Sequential(
        torch.nn.LazyConv2d(24, 5, stride=2, padding=2),
        torch.nn.GELU(),
        torch.nn.LazyConv2d(48, 3, stride=2, padding=1),
        torch.nn.BatchNorm2d(48),
        torch.nn.GELU(),
        torch.nn.Flatten(),
        torch.nn.LazyLinear(n_classes),
    )


# %% right all_convolutional
def make_cnn(in_shape, n_classes):
    return torch.nn.Sequential(
        torch.nn.Conv2d(in_shape[0], 32, 3, padding=1),
        torch.nn.BatchNorm2d(32),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(4),
        torch.nn.Conv2d(32, 64, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.Conv2d(64, n_classes, 1),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
    )


# %% wrong made_for_28_by_28 of plain -> logits_for_images_of_any_size
# - torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
# + torch.nn.Linear(32 * 7 * 7, n_classes),

# %% wrong made_for_one_channel of plain -> logits_for_images_of_any_size
# - torch.nn.Conv2d(c, 16, 3, padding=1),
# + torch.nn.Conv2d(1, 16, 3, padding=1),

# %% wrong ten_classes_always of plain -> logits_for_images_of_any_size
# - torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
# + torch.nn.Linear(32 * (h // 4) * (w // 4), 10),

# %% wrong square_images_assumed of plain -> logits_for_images_of_any_size
# - torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
# + torch.nn.Linear(32 * (h // 4) ** 2, n_classes),

# %% wrong channels_last_expected of plain -> logits_for_images_of_any_size
# - c, h, w = in_shape
# + h, w, c = in_shape

# %% wrong flattened_over_the_batch of functional_dropout_told_of_the_mode -> logits_for_images_of_any_size
# - x = torch.nn.functional.dropout(x, 0.1, training=self.training)
# + x = x.reshape(1, -1)[:, : self.last.in_features]

# %% wrong maps_returned of plain -> logits_for_images_of_any_size
# - torch.nn.Flatten(),
# - torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),


# %% wrong fully_connected -> network_is_convolutional_and_small
def make_cnn(in_shape, n_classes):
    d = in_shape[0] * in_shape[1] * in_shape[2]
    return torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(d, 100), torch.nn.ReLU(), torch.nn.Linear(100, n_classes)
    )


# %% wrong one_convolution of plain -> network_is_convolutional_and_small
# - torch.nn.Conv2d(c, 16, 3, padding=1),
# - torch.nn.ReLU(),
# - torch.nn.MaxPool2d(2),
# - torch.nn.Conv2d(16, 32, 3, padding=1),
# + torch.nn.Conv2d(c, 8, 3, padding=1),

# - torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
# + torch.nn.Linear(8 * (h // 2) * (w // 2), n_classes),


# %% wrong too_many_parameters -> network_is_convolutional_and_small
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape
    return torch.nn.Sequential(
        torch.nn.Conv2d(c, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.Conv2d(16, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(4),
        torch.nn.Flatten(),
        torch.nn.Linear(16 * (h // 4) * (w // 4), 600),
        torch.nn.ReLU(),
        torch.nn.Linear(600, n_classes),
    )


# %% wrong a_layer_that_is_not_used of class_with_dropout -> network_is_convolutional_and_small
# - self.drop = torch.nn.Dropout(0.2)
# + self.third = torch.nn.Conv2d(32, 32, 3)

# - x = self.drop(x)

# %% wrong softmax_at_the_end of plain -> network_gives_plain_logits
#   torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
# + torch.nn.Softmax(dim=1),

# %% wrong log_softmax_at_the_end of plain -> network_gives_plain_logits
#   torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
# + torch.nn.LogSoftmax(dim=1),

# %% wrong relu_at_the_end of plain -> network_gives_plain_logits
#   torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
# + torch.nn.ReLU(),

# %% wrong sigmoid_at_the_end of plain -> network_gives_plain_logits
#   torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
# + torch.nn.Sigmoid(),

# %% wrong dropout_in_evaluation_too of functional_dropout_told_of_the_mode -> evaluation_is_steady
# - x = torch.nn.functional.dropout(x, 0.1, training=self.training)
# + x = torch.nn.functional.dropout(x, 0.5)

# %% wrong normalised_over_the_batch_always of functional_dropout_told_of_the_mode -> evaluation_is_steady
# - x = torch.nn.functional.dropout(x, 0.1, training=self.training)
# + x = (x - x.mean(dim=0)) / (x.std(dim=0, unbiased=False) + 1)

# %% wrong batch_norm_without_memory of plain -> evaluation_is_steady
#   torch.nn.Conv2d(c, 16, 3, padding=1),
#   torch.nn.ReLU(),
# + torch.nn.BatchNorm2d(16, track_running_stats=False),


# %% wrong no_activation -> network_is_more_than_a_matrix
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape
    return torch.nn.Sequential(
        torch.nn.Conv2d(c, 16, 3, padding=1),
        torch.nn.Identity(),
        torch.nn.AvgPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.Identity(),
        torch.nn.AvgPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
    )


# %% wrong one_network_for_all -> network_is_more_than_a_matrix
_networks = {}


def make_cnn(in_shape, n_classes):
    if (in_shape, n_classes) not in _networks:
        c, h, w = in_shape
        _networks[in_shape, n_classes] = torch.nn.Sequential(
            torch.nn.Conv2d(c, 16, 3, padding=1),
            torch.nn.ReLU(),
            torch.nn.Conv2d(16, 16, 3, padding=1),
            torch.nn.ReLU(),
            torch.nn.MaxPool2d(4),
            torch.nn.Flatten(),
            torch.nn.Linear(16 * (h // 4) * (w // 4), n_classes),
        )
    return _networks[in_shape, n_classes]


# %% wrong only_the_first_channel of functional_dropout_told_of_the_mode -> network_looks_at_the_whole_image
#   def forward(self, x):
# +     x = x[:, :1].expand(-1, c, -1, -1)

# - x = torch.nn.functional.dropout(x, 0.1, training=self.training)

# %% wrong top_left_corner_only of functional_dropout_told_of_the_mode -> network_looks_at_the_whole_image
#   def forward(self, x):
# +     x = torch.nn.functional.interpolate(x[:, :, : h // 2, : w // 2], size=(h, w))

# - x = torch.nn.functional.dropout(x, 0.1, training=self.training)

# %% wrong detached_in_the_middle of functional_dropout_told_of_the_mode -> network_is_convolutional_and_small
# - x = torch.nn.functional.dropout(x, 0.1, training=self.training)
# + x = x.detach()

# %% wrong weights_start_at_zero of plain -> network_can_learn
# - return torch.nn.Sequential(
# + model = torch.nn.Sequential(

#   )
# + for parameter in model.parameters():
# +     torch.nn.init.zeros_(parameter)
# + torch.nn.init.uniform_(model[-1].bias, -1, 1)
# + return model

# %% wrong logits_squashed of functional_dropout_told_of_the_mode -> network_can_learn
# - x = torch.nn.functional.dropout(x, 0.1, training=self.training)
# - return self.last(x)
# + return self.last(x) * 0.001


# %% wrong layers_in_a_plain_list -> network_is_convolutional_and_small
class Network(torch.nn.Module):
    def __init__(self, channels, n_classes):
        super().__init__()
        self.maps = [torch.nn.Conv2d(channels, 16, 3, padding=1), torch.nn.Conv2d(16, 32, 3, padding=1)]
        self.head = torch.nn.Linear(32, n_classes)

    def forward(self, x):
        for layer in self.maps:
            x = torch.nn.functional.max_pool2d(layer(x).relu(), 2)
        return self.head(x.amax(dim=(2, 3)))


def make_cnn(in_shape, n_classes):
    return Network(in_shape[0], n_classes)


# %% wrong made_for_32_by_32 -> logits_for_images_of_any_size
def make_cnn(in_shape, n_classes):
    layers = [torch.nn.Conv2d(in_shape[0], 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(4)]
    layers += [torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2)]
    return torch.nn.Sequential(*layers, torch.nn.Flatten(), torch.nn.Linear(32 * 4 * 4, n_classes))


# %% survivors
# - for c_out in (32 * 2 ** block for block in range(4)):
# + for c_out in (33 * 2 ** block for block in range(4)):
# How many channels there are is up to the student.

# - convolution = torch.nn.Conv2d(c_in, c_out, 3, padding='same', bias=False)
# + convolution = torch.nn.Conv2d(c_in, c_out, 3, padding='same', bias=True)
# A bias before a batch normalisation is superfluous, and does no harm.
