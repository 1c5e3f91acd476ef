"""Right and wrong answers to the exercise conv_macs."""

# %% setup
import numpy as np


# %% right by_the_weights
def conv_macs(c_in, c_out, k, h_out, w_out):
    weights = c_in * c_out * k**2
    return weights * h_out * w_out


# %% right numpy
def conv_macs(c_in, c_out, k, h_out, w_out):
    return np.prod([c_in, c_out, k, k, h_out, w_out])


# %% right float
def conv_macs(c_in, c_out, k, h_out, w_out):
    return 1.0 * (h_out * w_out) * c_out * (c_in * k * k)


# %% wrong flops -> multiply_adds_of_the_slide
def conv_macs(c_in, c_out, k, h_out, w_out):
    return 2 * c_out * h_out * w_out * c_in * k * k


# %% wrong biases_too -> multiply_adds_of_the_slide
def conv_macs(c_in, c_out, k, h_out, w_out):
    return c_out * h_out * w_out * (c_in * k * k + 1)


# %% wrong one_channel -> multiply_adds_of_the_slide
def conv_macs(c_in, c_out, k, h_out, w_out):
    return c_out * h_out * w_out * k * k


# %% wrong one_filter -> multiply_adds_of_the_slide
def conv_macs(c_in, c_out, k, h_out, w_out):
    return h_out * w_out * c_in * k * k


# %% wrong only_the_weights -> multiply_adds_of_the_slide
def conv_macs(c_in, c_out, k, h_out, w_out):
    return c_out * c_in * k * k


# %% wrong square_result -> places_make_a_rectangle
def conv_macs(c_in, c_out, k, h_out, w_out):
    return c_out * h_out * h_out * c_in * k * k


# %% wrong additions_one_fewer -> multiply_adds_of_the_slide
def conv_macs(c_in, c_out, k, h_out, w_out):
    return c_out * h_out * w_out * (c_in * k * k - 1)


# %% wrong odd_sides_only -> multiply_adds_of_random_layers
def conv_macs(c_in, c_out, k, h_out, w_out):
    return c_out * h_out * w_out * c_in * (k - 1 + k % 2) ** 2
