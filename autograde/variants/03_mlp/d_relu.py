"""Right and wrong answers to the exercise d_relu."""

# %% setup
import numpy as np
import torch


# %% right where
def d_relu(z):
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


# %% right from_relu
def d_relu(z):
    return np.sign(relu(z))


# %% right heaviside
def d_relu(z):
    return np.heaviside(z, 0.0)


# %% right autograd
def d_relu(z):
    z = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    torch.relu(z).sum().backward()
    return z.grad


# %% wrong one_at_zero -> slope_of_relu_at_zero_is_zero
def d_relu(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


# %% wrong half_at_zero -> slope_of_relu_at_zero_is_zero
def d_relu(z):
    return np.heaviside(z, 0.5)


# %% wrong divides_by_z -> slope_of_relu_at_zero_is_zero
def d_relu(z):
    return np.maximum(z, 0) / z


# %% wrong not_the_slope -> slope_of_relu_is_one_or_zero
def d_relu(z):
    return np.maximum(z, 0)


# %% wrong sign -> slope_of_relu_is_one_or_zero
def d_relu(z):
    return np.sign(z)


# %% wrong minus_one_below -> slope_of_relu_is_one_or_zero
def d_relu(z):
    return np.where(np.asarray(z) > 0, 1, -1)


# %% wrong nonzero -> slope_of_relu_is_one_or_zero
def d_relu(z):
    return np.asarray(z) != 0


# %% wrong rows_only -> slope_of_relu_keeps_every_shape
def d_relu(z):
    return [1 if x > 0 else 0 for x in np.ravel(z)]


# %% wrong writes_into_its_input -> slope_of_relu_keeps_every_shape
def d_relu(z):
    z = np.asarray(z)
    z[...] = z > 0
    return z.copy()


# %% wrong small_numbers_dropped -> slope_of_relu_at_random_numbers
def d_relu(z):
    return np.asarray(z) > 1e-6


# %% wrong whole_numbers_only -> slope_of_relu_at_random_numbers
def d_relu(z):
    return np.minimum(np.ceil(np.maximum(z, 0)), 1) * (np.abs(z) < 1e6)
