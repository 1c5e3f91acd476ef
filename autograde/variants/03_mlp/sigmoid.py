"""Right and wrong answers to the exercise sigmoid."""

# %% setup
import numpy as np
import torch


# %% right by_way_of_tanh
def sigmoid(z):
    return (np.tanh(np.asarray(z) / 2) + 1) / 2


# %% right masks
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    powers = np.exp(z[~up])
    out[~up] = powers / (1 + powers)
    return out


# %% right logaddexp
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))


# %% right clipped_far_out
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


# %% right torch
def sigmoid(z):
    return torch.sigmoid(torch.as_tensor(z, dtype=torch.float64))


# %% right number_by_number
def sigmoid(z):
    import math

    def one(x):
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

    return np.vectorize(one, otypes=[float])(z)


# %% wrong overflows -> sigmoid_is_calm_far_out
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% wrong both_sides_computed -> sigmoid_is_calm_far_out
def sigmoid(z):
    return np.where(np.asarray(z) >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


# %% wrong sign_forgotten -> sigmoid_of_known_values
def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) <= 0, 1, small) / (1 + small)


# %% wrong no_mirror -> sigmoid_of_known_values
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))


# %% wrong clipped_too_near -> sigmoid_of_random_numbers
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -20, 20)))


# %% wrong tanh -> sigmoid_of_known_values
def sigmoid(z):
    return np.tanh(z)


# %% wrong powers_of_two -> sigmoid_of_known_values
def sigmoid(z):
    return 1 / (1 + np.exp2(-np.clip(z, -900, 900)))


# %% wrong softmax_of_all -> sigmoid_of_known_values
def sigmoid(z):
    powers = np.exp(np.asarray(z) - np.max(z))
    return powers / powers.sum()


# %% wrong rows_only -> sigmoid_keeps_every_shape
def sigmoid(z):
    return np.array([0.5 + 0.5 * np.tanh(x / 2) for x in np.ravel(z)])


# %% wrong clips_its_input -> sigmoid_keeps_every_shape
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    z *= -1
    return 1 / (1 + np.exp(np.clip(z, -700, 700)))


# %% wrong integers_stay_integers -> sigmoid_of_random_numbers
def sigmoid(z):
    out = np.zeros_like(z)
    out[...] = 0.5 + 0.5 * np.tanh(np.asarray(z) / 2)
    return out


# %% wrong small_values_are_zero -> sigmoid_of_random_numbers
def sigmoid(z):
    return np.where(np.asarray(z) < -15, 0, 0.5 + 0.5 * np.tanh(np.asarray(z) / 2))
