"""Right and wrong answers to the exercise tanh."""

# %% setup
import numpy as np
import torch


# %% right from_the_sigmoid
def tanh(z):
    return 2 * sigmoid(2 * np.asarray(z)) - 1


# %% right from_exponentials
def tanh(z):
    small = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - small) / (1 + small)


# %% right torch
def tanh(z):
    return torch.tanh(torch.as_tensor(z, dtype=torch.float64))


# %% wrong overflows -> tanh_is_calm_far_out
def tanh(z):
    up, down = np.exp(z), np.exp(-np.asarray(z))
    return (up - down) / (up + down)


# %% wrong two_forgotten -> tanh_of_known_values
def tanh(z):
    return 2 * sigmoid(z) - 1


# %% wrong sigmoid -> tanh_of_known_values
def tanh(z):
    return sigmoid(z)


# %% wrong tangent -> tanh_of_known_values
def tanh(z):
    return np.tan(z)


# %% wrong sinh -> tanh_of_known_values
def tanh(z):
    return np.sinh(np.clip(z, -700, 700))


# %% wrong one_sided -> tanh_of_known_values
def tanh(z):
    small = np.exp(-2 * np.abs(z))
    return (1 - small) / (1 + small)


# %% wrong clipped_to_a_line -> tanh_of_known_values
def tanh(z):
    return np.clip(z, -1, 1)


# %% wrong rows_only -> tanh_keeps_every_shape
def tanh(z):
    return [float(np.tanh(x)) for x in np.ravel(z)]


# %% wrong writes_into_its_input -> tanh_keeps_every_shape
def tanh(z):
    return np.tanh(z, out=z) if isinstance(z, np.ndarray) and z.dtype.kind == "f" else np.tanh(z)


# %% wrong integers_stay_integers -> tanh_of_random_numbers
def tanh(z):
    out = np.zeros_like(z)
    out[...] = np.tanh(z)
    return out
