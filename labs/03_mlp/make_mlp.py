# %% [markdown]
# ## 8 · The same in PyTorch
#
# PyTorch has every piece that you have just written. A network is an `nn.Module`; a layer is `nn.Linear(n_in, n_out)`, which keeps its
# weights transposed, (n_out, n_in). Its cross-entropy takes **logits**: a softmax layer at the end would be applied twice, which is
# legal, silent, and slows learning down.

# %% nbgrader={"grade_id": "make_mlp", "solution": true}
def make_mlp(sizes):
    """Build a network: nn.Linear layers, relu after each but the last.

    sizes: units from the input to the output, such as [784, 16, 16, 10]
    Returns an nn.Module that turns (n, sizes[0]) into logits (n, sizes[-1]).

    Hint: torch.nn.Sequential(*layers) chains a list of layers.
    """
    ### BEGIN SOLUTION
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_make_mlp", "grade": true, "points": 2}
check("make_mlp")

# %% [markdown]
# Before trusting two programs, make them agree. The same weights go into your NumPy network and into PyTorch's; both see the same fifty
# batches, with each of the four optimisers. The losses must be equal, step by step, to $10^{-5}$.

# %% tags=["explore"]
optimizers = {
    "sgd": (0.1, lambda weights: torch.optim.SGD(weights, lr=0.1)),
    "momentum": (0.02, lambda weights: torch.optim.SGD(weights, lr=0.02, momentum=0.9)),
    "adam": (0.002, lambda weights: torch.optim.Adam(weights, lr=0.002)),
    "nadam": (0.002, lambda weights: torch.optim.NAdam(weights, lr=0.002)),
}
apart = {}
for name, (lr, make_optimizer) in optimizers.items():
    rng, state, differences = np.random.default_rng(2), None, []
    params = [init_layer(*pair, "he", rng) for pair in ((784, 16), (16, 16), (16, 10))]
    model = make_mlp([784, 16, 16, 10]).double()
    linears = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    with torch.no_grad():
        for layer, (W, b) in zip(linears, params):
            layer.weight.copy_(torch.tensor(W.T))
            layer.bias.copy_(torch.tensor(b))
    optimizer = make_optimizer(model.parameters())
    for X_batch, y_batch in Batches(X_train[:1600].astype(float), y_train[:1600], batch_size=32, rng=rng):
        logits, cache = mlp_forward(params, X_batch)
        params, state = take_step(name, params, mlp_backward(params, cache, y_batch), state, lr)
        loss = torch.nn.functional.cross_entropy(model(torch.tensor(X_batch)), torch.tensor(y_batch))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        differences.append(abs(loss.item() - cross_entropy(logits, y_batch)) + 1e-17)
    apart[name] = (np.arange(1, len(differences) + 1), differences)
    print(f"{name:<9} loss after {len(differences)} steps {loss.item():.8f}, largest difference {max(differences):.1e}")
plots.curves(
    apart,
    xlabel="step",
    ylabel="|loss in NumPy − loss in PyTorch|",
    title="Two programs, one computation (float64)",
    log="y",
)


# %% visible
def _linears(make_mlp: Function, sizes: list[int], X: Any) -> Any:
    import torch

    model = make_mlp(sizes)
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    kept = [value for module in model.modules() for value in vars(module).values() if isinstance(value, list | tuple)]
    hidden = [1 for value in kept for item in value if isinstance(item, torch.nn.Linear) and item not in layers]
    shapes = [tuple(layer.weight.shape) for layer in layers]
    return shapes, hidden, model(torch.tensor(X, dtype=torch.float32))


def _filled(make_mlp: Function, sizes: list[int], params: Any, X: Any) -> Any:
    """Put weights into a network's linear layers; return its answer, and the same in evaluation mode."""
    import torch

    model = make_mlp(sizes).double()
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    if len(layers) != len(params):
        return len(layers)
    if any(layer.bias is None for layer in layers):
        return "a layer without biases"
    with torch.no_grad():
        for layer, (W, b) in zip(layers, params, strict=True):
            layer.weight.copy_(torch.tensor(W.T))
            layer.bias.copy_(torch.tensor(b))
        return model.train()(torch.tensor(X)), model.eval()(torch.tensor(X))


@checks("make_mlp")
def network_has_the_layers_asked_for(student: Student, rng: Rng) -> None:
    """[5, 4, 3, 2] makes linear layers 5-4, 4-3 and 3-2, and five examples get (5, 2) logits."""
    shapes, hidden, out = student.run(_linears, sizes=[5, 4, 3, 2], X=rng.normal(size=(5, 5)))
    expect(
        not hidden,
        "The layers are in a plain list, where PyTorch does not find them.",
        got=f"parameters() lists {len(shapes)} of the linear layers",
        hint="A list of layers is not registered, so they are never trained: put them into "
        "torch.nn.Sequential(*layers) or torch.nn.ModuleList(layers).",
    )
    expect(
        list(shapes) == [(4, 5), (3, 4), (2, 3)],
        "The network has not the linear layers asked for.",
        expected="Linear(5, 4), Linear(4, 3), Linear(3, 2)",
        got=", ".join(f"Linear({n_in}, {n_out})" for n_out, n_in in shapes) or "no nn.Linear",
        hint="One nn.Linear(n_in, n_out) for each pair of neighbours in sizes.",
    )
    expect_shape(out, (5, 2), hint="A row of logits for each example.", what="The output")


@checks("make_mlp")
def network_gives_logits(student: Student, rng: Rng) -> None:
    """With the weights of the example worked out by hand, the network gives its logits."""
    got = student.run(_filled, sizes=[2, 3, 2], params=PARAMS_HAND, X=X_HAND)
    hint = "nn.Linear(n_in, n_out) has one bias for each output, unless bias=False is given: leave that out."
    expect(not isinstance(got, str), "A linear layer has no biases.", got=got, hint=hint)
    expect(
        not isinstance(got, int), "[2, 3, 2] should have two nn.Linear layers.", got=got, hint="See the check above."
    )
    hint = "Linear, ReLU, Linear: a relu after each layer but the last, and nothing after the last."
    expect_close(got[0], LOGITS_HAND, hint=hint, what="The output", mistakes=NETWORK_MISTAKES, atol=1e-6)


# %% hidden
# PyTorch


def _network(make_mlp: Function, sizes: Any, X: Any) -> Any:
    """Return a network's weights and answers, in both modes, and those of a second network made alike."""
    import torch

    torch.manual_seed(0)
    model, other = make_mlp(sizes), make_mlp(sizes)
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    params = [(layer.weight.T, torch.zeros(1) if layer.bias is None else layer.bias) for layer in layers]
    images = torch.tensor(X, dtype=torch.float32)
    model.train()(images).sum().backward()
    reached = all(parameter.grad is not None for parameter in model.parameters() if parameter.requires_grad)
    count = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    return params, count, reached, model.train()(images), model.eval()(images), other.eval()(images)


@checks("make_mlp")
def network_computes_what_its_weights_say(student: Student, rng: Rng) -> None:
    """Networks of one to four layers, with the weights that they came with, give the right logits in both modes."""
    for sizes in SIZES:
        # The single example of the network of one layer is a row all the same.
        X = rng.normal(scale=3, size=(6 if len(sizes) > 2 else 1, sizes[0]))
        params, count, reached, training, judging, other = student.run(_network, sizes=sizes, X=X)
        right: Any = np.array([_signal(params, x)[-1] for x in X]) if len(params) == len(sizes) - 1 else None
        expect(right is not None, "There are more or fewer linear layers.", hint="One for each pair of neighbours.")
        hint = "Linear and ReLU in turn, and nothing after the last Linear: no dropout, no softmax."
        for got in (training, judging):
            expect_close(got, right, hint=hint, what="The output", rtol=1e-3, atol=1e-4)
        hint = "Weights and biases of the linear layers are all that there is to learn, and each of them is trained."
        right_count = sum((a + 1) * b for a, b in pairwise(sizes))
        expect_equal(count, right_count, hint=hint, what="The number of parameters that are trained")
        hint = "The way from a layer's weights to the logits is cut: no detach(), .data, .item() or numpy() in forward."
        expect(bool(reached), "Some weights get no gradient.", hint=hint)
        hint = "Make new layers every time, and leave the generator of random numbers alone: no manual_seed."
        expect(bool(np.any(np.asarray(other) != judging)), "Two networks have the same weights.", hint=hint)


# %% right class_of_its_own
def make_mlp(sizes):
    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

        def forward(self, x):
            for layer in self.layers[:-1]:
                x = torch.relu(layer(x))
            return self.layers[-1](x)

    return Network()


# %% right flattened_first
def make_mlp(sizes):
    model = torch.nn.Sequential(torch.nn.Flatten())
    for i in range(1, len(sizes)):
        if i > 1:
            model.append(torch.nn.ReLU())
        model.append(torch.nn.Linear(sizes[i - 1], sizes[i]))
    return model


# %% right blocks_and_own_beginning
def make_mlp(sizes):
    *hidden, last = zip(sizes, sizes[1:])
    blocks = [torch.nn.Sequential(torch.nn.Linear(a, b), torch.nn.ReLU(inplace=True)) for a, b in hidden]
    model = torch.nn.Sequential(*blocks, torch.nn.Linear(*last))
    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            torch.nn.init.kaiming_normal_(module.weight)
            torch.nn.init.zeros_(module.bias)
    return model


# %% right layers_registered_and_listed
class Listed(torch.nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.chain = []
        for i, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
            self.chain.append(torch.nn.Linear(n_in, n_out))
            self.add_module(f"layer{i}", self.chain[-1])

    def forward(self, x):
        for layer in self.chain[:-1]:
            x = layer(x).clamp(min=0)
        return self.chain[-1](x)


def make_mlp(sizes):
    return Listed(sizes)


# %% wrong softmax_at_the_end -> network_gives_logits
# - return torch.nn.Sequential(*layers[:-1])
# + return torch.nn.Sequential(*layers[:-1], torch.nn.Softmax(dim=1))

# %% wrong log_softmax_at_the_end -> network_gives_logits
# - return torch.nn.Sequential(*layers[:-1])
# + return torch.nn.Sequential(*layers[:-1], torch.nn.LogSoftmax(dim=1))

# %% wrong relu_at_the_end -> network_gives_logits
# - return torch.nn.Sequential(*layers[:-1])
# + return torch.nn.Sequential(*layers)


# %% wrong no_relu -> network_gives_logits
# -     layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
# - return torch.nn.Sequential(*layers[:-1])
# +     layers += [torch.nn.Linear(n_in, n_out)]
# + return torch.nn.Sequential(*layers)


# %% wrong sigmoid_between -> network_gives_logits
# - layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
# + layers += [torch.nn.Linear(n_in, n_out), torch.nn.Sigmoid()]

# %% wrong leaky_between -> network_gives_logits
# - layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
# + layers += [torch.nn.Linear(n_in, n_out), torch.nn.LeakyReLU(0.1)]

# %% wrong last_layer_left_out -> network_has_the_layers_asked_for
# - for n_in, n_out in zip(sizes, sizes[1:]):
# + for n_in, n_out in zip(sizes, sizes[1:-1]):

# %% wrong ends_exchanged -> network_has_the_layers_asked_for
# - layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
# + layers += [torch.nn.Linear(n_out, n_in), torch.nn.ReLU()]

# %% wrong one_hidden_layer_only -> network_has_the_layers_asked_for
# - layers = []
# + layers, sizes = [], [sizes[0], sizes[1], sizes[-1]]


# %% wrong layer_not_registered -> network_has_the_layers_asked_for
def make_mlp(sizes):
    layers = [torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]

    class Network(torch.nn.Module):
        def forward(self, x):
            for layer in layers[:-1]:
                x = torch.relu(layer(x))
            return layers[-1](x)

    return Network()


# %% wrong no_biases -> network_computes_what_its_weights_say
# - layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
# + layers += [torch.nn.Linear(n_in, n_out, bias=False), torch.nn.ReLU()]


# %% wrong dropout_between -> network_computes_what_its_weights_say
# -     layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
# - return torch.nn.Sequential(*layers[:-1])
# +     layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU(), torch.nn.Dropout(0.2)]
# + return torch.nn.Sequential(*layers[:-2])


# %% wrong batch_norm_between -> network_computes_what_its_weights_say
# -     layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
# - return torch.nn.Sequential(*layers[:-1])
# +     layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU(), torch.nn.BatchNorm1d(n_out)]
# + return torch.nn.Sequential(*layers[:-2])


# %% wrong capped_relu -> network_computes_what_its_weights_say
# - layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
# + layers += [torch.nn.Linear(n_in, n_out), torch.nn.Hardtanh(0.0, 2.0)]


# %% wrong same_network_again -> network_computes_what_its_weights_say
def make_mlp(sizes, made={}):
    if tuple(sizes) in made:
        return made[tuple(sizes)]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    made[tuple(sizes)] = torch.nn.Sequential(*layers[:-1])
    return made[tuple(sizes)]


# %% wrong same_weights_again -> network_computes_what_its_weights_say
# + torch.manual_seed(1)
#   layers = []


# %% wrong hidden_layers_cut_off -> network_computes_what_its_weights_say
def make_mlp(sizes):
    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

        def forward(self, x):
            for layer in self.layers[:-1]:
                x = torch.relu(layer(x).detach())
            return self.layers[-1](x)

    return Network()


# %% wrong list_of_layers -> network_has_the_layers_asked_for
# - return torch.nn.Sequential(*layers[:-1])
# + return layers[:-1]


# %% wrong layers_in_a_plain_list -> network_has_the_layers_asked_for
class Network(torch.nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = [torch.nn.Linear(n_in, n_out) for n_in, n_out in zip(sizes, sizes[1:])]

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


def make_mlp(sizes):
    return Network(sizes)


# %% wrong first_layer_frozen -> network_computes_what_its_weights_say
def make_mlp(sizes):
    layers = [part for pair in zip(sizes, sizes[1:]) for part in (torch.nn.Linear(*pair), torch.nn.ReLU())]
    layers[0].requires_grad_(False)
    return torch.nn.Sequential(*layers[:-1])


# %% wrong single_examples_lose_their_axis -> network_computes_what_its_weights_say
def make_mlp(sizes):
    layers = [part for pair in zip(sizes, sizes[1:]) for part in (torch.nn.Linear(*pair), torch.nn.ReLU())]
    model = torch.nn.Sequential(*layers[:-1])
    model.register_forward_hook(lambda model, inputs, out: out.squeeze())
    return model
