"""Right and wrong answers to the exercise d_sigmoid."""

# %% setup
import numpy as np
import torch


# %% right from_exponentials
def d_sigmoid(z):
    small = np.exp(-np.abs(z))
    return small / (1 + small) ** 2


# %% right own_sigmoid
def d_sigmoid(z):
    s = 0.5 * np.tanh(np.asarray(z) / 2) + 0.5
    return s - s**2


# %% right both_sides
def d_sigmoid(z):
    return sigmoid(z) * sigmoid(-np.asarray(z))


# %% right autograd
def d_sigmoid(z):
    z = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    torch.sigmoid(z).sum().backward()
    return z.grad


# %% wrong argument_is_the_value -> slope_of_sigmoid_at_known_values
def d_sigmoid(z):
    return z * (1 - z)


# %% wrong not_the_slope -> slope_of_sigmoid_at_known_values
def d_sigmoid(z):
    return sigmoid(z)


# %% wrong slope_of_tanh -> slope_of_sigmoid_at_known_values
def d_sigmoid(z):
    return 1 - sigmoid(z) ** 2


# %% wrong sigmoid_twice -> slope_of_sigmoid_at_known_values
def d_sigmoid(z):
    s = sigmoid(sigmoid(z))
    return s * (1 - s)


# %% wrong sign -> slope_of_sigmoid_at_known_values
def d_sigmoid(z):
    s = sigmoid(z)
    return s * (s - 1)


# %% wrong overflows -> slope_of_sigmoid_is_calm_far_out
def d_sigmoid(z):
    powers = np.exp(-z)
    return powers / (1 + powers) ** 2


# %% wrong overflowing_sigmoid -> slope_of_sigmoid_is_calm_far_out
def d_sigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


# %% wrong rows_only -> slope_of_sigmoid_keeps_every_shape
def d_sigmoid(z):
    return [float(sigmoid(x) * (1 - sigmoid(x))) for x in np.ravel(z)]


# %% wrong only_on_one_side -> slope_of_sigmoid_at_random_numbers
def d_sigmoid(z):
    s = sigmoid(z)
    return np.where(np.asarray(z) < -2, 0, s * (1 - s))


# %% wrong coarse_difference -> slope_of_sigmoid_at_known_values
def d_sigmoid(z):
    return (sigmoid(z + 0.1) - sigmoid(z)) / 0.1
