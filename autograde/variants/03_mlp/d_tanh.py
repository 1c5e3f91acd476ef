"""Right and wrong answers to the exercise d_tanh."""

# %% setup
import numpy as np
import torch


# %% right numpys_tanh
def d_tanh(z):
    t = np.tanh(z)
    return (1 - t) * (1 + t)


# %% right from_the_sigmoid
def d_tanh(z):
    s = sigmoid(2 * np.asarray(z))
    return 4 * s * (1 - s)


# %% right autograd
def d_tanh(z):
    z = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    torch.tanh(z).sum().backward()
    return z.grad


# %% wrong argument_is_the_value -> slope_of_tanh_at_known_values
def d_tanh(z):
    return 1 - z**2


# %% wrong square_forgotten -> slope_of_tanh_at_known_values
def d_tanh(z):
    return 1 - np.tanh(z)


# %% wrong slope_of_the_sigmoid -> slope_of_tanh_at_known_values
def d_tanh(z):
    t = np.tanh(z)
    return t * (1 - t)


# %% wrong inner_slope_forgotten -> slope_of_tanh_at_known_values
def d_tanh(z):
    s = sigmoid(2 * np.asarray(z))
    return 2 * s * (1 - s)


# %% wrong overflowing_cosh -> slope_of_tanh_is_calm_far_out
def d_tanh(z):
    return 1 / np.cosh(z) ** 2


# %% wrong rows_only -> slope_of_tanh_keeps_every_shape
def d_tanh(z):
    return [float(1 - np.tanh(x) ** 2) for x in np.ravel(z)]


# %% wrong tanh_twice -> slope_of_tanh_at_random_numbers
def d_tanh(z):
    return 1 - np.tanh(np.tanh(z)) ** 2


# %% wrong flat_on_one_side -> slope_of_tanh_at_random_numbers
def d_tanh(z):
    return np.where(np.asarray(z) < -1, 0, 1 - np.tanh(z) ** 2)
