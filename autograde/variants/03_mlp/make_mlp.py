"""Right and wrong answers to the exercise make_mlp."""

# %% setup
import torch


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


# %% wrong softmax_at_the_end -> network_gives_logits
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1], torch.nn.Softmax(dim=1))


# %% wrong log_softmax_at_the_end -> network_gives_logits
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1], torch.nn.LogSoftmax(dim=1))


# %% wrong relu_at_the_end -> network_gives_logits
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers)


# %% wrong no_relu -> network_gives_logits
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out)]
    return torch.nn.Sequential(*layers)


# %% wrong sigmoid_between -> network_gives_logits
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.Sigmoid()]
    return torch.nn.Sequential(*layers[:-1])


# %% wrong leaky_between -> network_gives_logits
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.LeakyReLU(0.1)]
    return torch.nn.Sequential(*layers[:-1])


# %% wrong last_layer_left_out -> network_has_the_layers_asked_for
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:-1]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


# %% wrong ends_exchanged -> network_has_the_layers_asked_for
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_out, n_in), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


# %% wrong one_hidden_layer_only -> network_has_the_layers_asked_for
def make_mlp(sizes):
    layers, sizes = [], [sizes[0], sizes[1], sizes[-1]]
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


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
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out, bias=False), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


# %% wrong dropout_between -> network_computes_what_its_weights_say
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU(), torch.nn.Dropout(0.2)]
    return torch.nn.Sequential(*layers[:-2])


# %% wrong batch_norm_between -> network_computes_what_its_weights_say
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU(), torch.nn.BatchNorm1d(n_out)]
    return torch.nn.Sequential(*layers[:-2])


# %% wrong capped_relu -> network_computes_what_its_weights_say
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.Hardtanh(0.0, 2.0)]
    return torch.nn.Sequential(*layers[:-1])


# %% wrong same_network_again -> network_computes_what_its_weights_say
def make_mlp(sizes, made={}):
    if tuple(sizes) in made:
        return made[tuple(sizes)]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    made[tuple(sizes)] = torch.nn.Sequential(*layers[:-1])
    return made[tuple(sizes)]


# %% wrong list_of_layers -> network_has_the_layers_asked_for
def make_mlp(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return layers[:-1]
