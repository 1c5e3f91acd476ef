"""Right and wrong answers to the exercise make_cnn."""

# %% setup
import torch


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


# %% right functional_dropout_told_of_the_mode
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            x = torch.nn.functional.dropout(x, 0.1, training=self.training)
            return self.last(x)

    return Net()


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


# %% wrong made_for_28_by_28 -> logits_for_images_of_any_size
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
        torch.nn.Linear(32 * 7 * 7, n_classes),
    )


# %% wrong made_for_one_channel -> logits_for_images_of_any_size
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
    )


# %% wrong ten_classes_always -> logits_for_images_of_any_size
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
        torch.nn.Linear(32 * (h // 4) * (w // 4), 10),
    )


# %% wrong square_images_assumed -> logits_for_images_of_any_size
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
        torch.nn.Linear(32 * (h // 4) ** 2, n_classes),
    )


# %% wrong channels_last_expected -> logits_for_images_of_any_size
def make_cnn(in_shape, n_classes):
    h, w, c = in_shape
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


# %% wrong flattened_over_the_batch -> logits_for_images_of_any_size
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            x = x.reshape(1, -1)[:, : self.last.in_features]
            return self.last(x)

    return Net()


# %% wrong maps_returned -> logits_for_images_of_any_size
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape
    return torch.nn.Sequential(
        torch.nn.Conv2d(c, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
    )


# %% wrong fully_connected -> network_is_convolutional_and_small
def make_cnn(in_shape, n_classes):
    d = in_shape[0] * in_shape[1] * in_shape[2]
    return torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(d, 100), torch.nn.ReLU(), torch.nn.Linear(100, n_classes)
    )


# %% wrong one_convolution -> network_is_convolutional_and_small
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape
    return torch.nn.Sequential(
        torch.nn.Conv2d(c, 8, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(8 * (h // 2) * (w // 2), n_classes),
    )


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


# %% wrong a_layer_that_is_not_used -> network_is_convolutional_and_small
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)
            self.third = torch.nn.Conv2d(32, 32, 3)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            return self.last(x)

    return Net()


# %% wrong softmax_at_the_end -> network_gives_plain_logits
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
        torch.nn.Softmax(dim=1),
    )


# %% wrong log_softmax_at_the_end -> network_gives_plain_logits
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
        torch.nn.LogSoftmax(dim=1),
    )


# %% wrong relu_at_the_end -> network_gives_plain_logits
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
        torch.nn.ReLU(),
    )


# %% wrong sigmoid_at_the_end -> network_gives_plain_logits
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
        torch.nn.Sigmoid(),
    )


# %% wrong dropout_in_evaluation_too -> evaluation_is_steady
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            x = torch.nn.functional.dropout(x, 0.5)
            return self.last(x)

    return Net()


# %% wrong normalised_over_the_batch_always -> evaluation_is_steady
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            x = (x - x.mean(dim=0)) / (x.std(dim=0, unbiased=False) + 1)
            return self.last(x)

    return Net()


# %% wrong batch_norm_without_memory -> evaluation_is_steady
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape
    return torch.nn.Sequential(
        torch.nn.Conv2d(c, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.BatchNorm2d(16, track_running_stats=False),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
    )


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


# %% wrong only_the_first_channel -> network_looks_at_the_whole_image
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)

        def forward(self, x):
            x = x[:, :1].expand(-1, c, -1, -1)
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            return self.last(x)

    return Net()


# %% wrong top_left_corner_only -> network_looks_at_the_whole_image
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)

        def forward(self, x):
            x = torch.nn.functional.interpolate(x[:, :, : h // 2, : w // 2], size=(h, w))
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            return self.last(x)

    return Net()


# %% wrong detached_in_the_middle -> network_is_convolutional_and_small
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            x = x.detach()
            return self.last(x)

    return Net()


# %% wrong weights_start_at_zero -> network_can_learn
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape
    model = torch.nn.Sequential(
        torch.nn.Conv2d(c, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes),
    )
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    torch.nn.init.uniform_(model[-1].bias, -1, 1)
    return model


# %% wrong logits_squashed -> network_can_learn
def make_cnn(in_shape, n_classes):
    c, h, w = in_shape

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(c, 16, 3, padding=1)
            self.second = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.last = torch.nn.Linear(32 * (h // 4) * (w // 4), n_classes)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(self.first(x).relu(), 2)
            x = torch.nn.functional.max_pool2d(self.second(x).relu(), 2)
            x = x.flatten(1)
            return self.last(x) * 0.001

    return Net()
