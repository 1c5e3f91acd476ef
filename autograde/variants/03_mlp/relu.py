"""Right and wrong answers to the exercise relu."""

# %% setup
import numpy as np
import torch


# %% right where
def relu(z):
    return np.where(np.asarray(z) > 0, z, 0)


# %% right mask
def relu(z):
    return z * (np.asarray(z) > 0)


# %% right half_of_the_sum
def relu(z):
    return (z + np.abs(z)) / 2


# %% right clip
def relu(z):
    return np.clip(z, 0, None)


# %% right torch
def relu(z):
    return torch.relu(torch.tensor(z))


# %% wrong absolute_value -> negative_numbers_become_zero
def relu(z):
    return np.abs(z)


# %% wrong smaller_of_the_two -> negative_numbers_become_zero
def relu(z):
    return np.minimum(z, 0)


# %% wrong slope -> negative_numbers_become_zero
def relu(z):
    return np.asarray(z) > 0


# %% wrong leaky -> negative_numbers_become_zero
def relu(z):
    return np.where(np.asarray(z) > 0, z, 0.01 * np.asarray(z))


# %% wrong largest_of_all -> negative_numbers_become_zero
def relu(z):
    return max(np.max(z), 0)


# %% wrong writes_into_its_input -> relu_keeps_every_shape
def relu(z):
    if not np.ndim(z):
        return max(z, 0)
    z[z < 0] = 0
    return z


# %% wrong rows_only -> relu_keeps_every_shape
def relu(z):
    return [max(float(x), 0.0) for x in np.ravel(z)]


# %% wrong positive_input_handed_back -> relu_keeps_every_shape
def relu(z):
    z = np.asarray(z)
    return np.multiply(z, z > 0, out=z) if z.ndim == 2 else np.maximum(z, 0)


# %% wrong capped_at_six -> relu_of_random_numbers
def relu(z):
    return np.clip(z, 0, 6)


# %% wrong smooth -> negative_numbers_become_zero
def relu(z):
    return np.logaddexp(0, z)


# %% wrong small_numbers_dropped -> relu_of_random_numbers
def relu(z):
    return np.where(np.asarray(z) > 1e-3, z, 0)
