"""Right and wrong answers to the exercise conv_params."""

# %% setup
import numpy as np


# %% right terms
def conv_params(c_in, c_out, k):
    weights, biases = c_out * c_in * k**2, c_out
    return weights + biases


# %% right torch
def conv_params(c_in, c_out, k):
    import torch

    return sum(p.numel() for p in torch.nn.Conv2d(c_in, c_out, k).parameters())


# %% right float
def conv_params(c_in, c_out, k):
    return float(np.prod([c_out, c_in, k, k]) + c_out)


# %% wrong bias_forgotten -> parameters_of_the_slide
def conv_params(c_in, c_out, k):
    return c_out * c_in * k * k


# %% wrong one_channel -> parameters_of_the_slide
def conv_params(c_in, c_out, k):
    return c_out * (k * k + 1)


# %% wrong one_bias_for_all -> parameters_of_the_slide
def conv_params(c_in, c_out, k):
    return c_out * c_in * k * k + 1


# %% wrong a_bias_for_each_channel -> parameters_of_the_slide
def conv_params(c_in, c_out, k):
    return c_out * c_in * (k * k + 1)


# %% wrong side_instead_of_area -> parameters_of_the_slide
def conv_params(c_in, c_out, k):
    return c_out * (c_in * k + 1)


# %% wrong biases_of_the_input -> channels_in_and_out_differ
def conv_params(c_in, c_out, k):
    return c_in * (c_out * k * k + 1)


# %% wrong side_of_five -> parameters_of_random_layers
def conv_params(c_in, c_out, k):
    return c_out * (c_in * (25 if k > 1 else 1) + 1)
