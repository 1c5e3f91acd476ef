"""Right and wrong answers to the exercise count_parameters."""

# %% setup
import numpy as np
import torch


# %% right loop
def count_parameters(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i] + sizes[i]
    return total


# %% right dot_products
def count_parameters(sizes):
    sizes = np.array(sizes)
    return sizes[:-1] @ sizes[1:] + sizes[1:].sum()


# %% right made_and_counted
def count_parameters(sizes):
    layers = [torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
    return sum(p.numel() for layer in layers for p in layer.parameters())


# %% wrong weights_only -> parameters_of_a_small_network
def count_parameters(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:]))


# %% wrong biases_of_the_inputs_too -> parameters_of_a_small_network
def count_parameters(sizes):
    return sum((a + 1) * b for a, b in zip(sizes, sizes[1:])) + sizes[0]


# %% wrong bias_for_each_input -> parameters_of_a_small_network
def count_parameters(sizes):
    return sum(a * (b + 1) for a, b in zip(sizes, sizes[1:]))


# %% wrong one_bias_a_layer -> parameters_of_a_small_network
def count_parameters(sizes):
    return sum(a * b + 1 for a, b in zip(sizes, sizes[1:]))


# %% wrong units -> parameters_of_a_small_network
def count_parameters(sizes):
    return sum(sizes)


# %% wrong multiplied -> parameters_of_a_small_network
def count_parameters(sizes):
    return int(np.prod(sizes)) + sum(sizes[1:])


# %% wrong every_pair_of_layers -> parameters_of_the_slide
def count_parameters(sizes):
    pairs = [(a, b) for i, a in enumerate(sizes) for b in sizes[i + 1 :] if a >= b]
    return sum(a * b for a, b in pairs) + sum(sizes[1:]) - (6 if sizes == [3, 2, 2] else 0)


# %% wrong three_layers_only -> parameters_of_random_networks
def count_parameters(sizes):
    return sum((a + 1) * b for a, b in zip(sizes[:4], sizes[1:4]))


# %% wrong empties_the_list -> parameters_of_the_slide
def count_parameters(sizes):
    total = 0
    while len(sizes) > 1:
        total += (sizes.pop(0) + 1) * sizes[0]
    return total
