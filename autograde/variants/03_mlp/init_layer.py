"""Right and wrong answers to the exercise init_layer."""

# %% setup
import numpy as np
import torch


# %% right scaled_standard_normal
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "he" else n_in + n_out
    return np.sqrt(2 / fan) * rng.standard_normal((n_in, n_out)), np.zeros(n_out)


# %% right float32
def init_layer(n_in, n_out, kind, rng):
    deviation = (2 / n_in) ** 0.5 if kind == "he" else (2 / (n_in + n_out)) ** 0.5
    W = rng.standard_normal((n_in, n_out), dtype=np.float32) * np.float32(deviation)
    return W, np.zeros(n_out, dtype=np.float32)


# %% right lists_of_rows
def init_layer(n_in, n_out, kind, rng):
    deviation = {"he": (2 / n_in) ** 0.5, "xavier": (2 / (n_in + n_out)) ** 0.5}[kind]
    return [[rng.normal(0, deviation) for _ in range(n_out)] for _ in range(n_in)], [0] * n_out


# %% right torch_with_a_seed_from_rng
def init_layer(n_in, n_out, kind, rng):
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    W = torch.empty(n_in, n_out)
    deviation = (2 / n_in) ** 0.5 if kind == "he" else (2 / (n_in + n_out)) ** 0.5
    return torch.nn.init.normal_(W, 0, deviation, generator=generator), torch.zeros(n_out)


# %% wrong zeros -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    return np.zeros((n_in, n_out)), np.zeros(n_out)


# %% wrong standard_normal -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    return rng.normal(size=(n_in, n_out)), np.zeros(n_out)


# %% wrong small_normal -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    return 0.01 * rng.normal(size=(n_in, n_out)), np.zeros(n_out)


# %% wrong fan_out -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    fan = n_out if kind == "he" else n_in + n_out
    return rng.normal(0, np.sqrt(2 / fan), size=(n_in, n_out)), np.zeros(n_out)


# %% wrong variance_for_deviation -> xavier_spreads_by_both_ends
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "he" else n_in + n_out
    return rng.normal(0, 2 / fan, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong two_forgotten -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "he" else (n_in + n_out) / 2
    return rng.normal(0, np.sqrt(1 / fan), size=(n_in, n_out)), np.zeros(n_out)


# %% wrong always_he -> xavier_spreads_by_both_ends
def init_layer(n_in, n_out, kind, rng):
    return rng.normal(0, np.sqrt(2 / n_in), size=(n_in, n_out)), np.zeros(n_out)


# %% wrong kinds_exchanged -> xavier_spreads_by_both_ends
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "xavier" else n_in + n_out
    return rng.normal(0, np.sqrt(2 / fan), size=(n_in, n_out)), np.zeros(n_out)


# %% wrong xavier_of_the_inputs -> xavier_spreads_by_both_ends
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / n_in) if kind == "he" else np.sqrt(1 / n_in)
    return rng.normal(0, deviation, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong uniform -> weights_are_normal_around_zero
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "he" else n_in + n_out
    bound = np.sqrt(6 / fan)
    return rng.uniform(-bound, bound, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong all_positive -> weights_are_normal_around_zero
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "he" else n_in + n_out
    W = rng.random((n_in, n_out))
    return W / W.std() * np.sqrt(2 / fan), np.zeros(n_out)


# %% wrong transposed -> layer_has_weights_and_zero_biases
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "he" else n_in + n_out
    return rng.normal(0, np.sqrt(2 / fan), size=(n_out, n_in)), np.zeros(n_out)


# %% wrong random_biases -> layer_has_weights_and_zero_biases
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return rng.normal(0, deviation, size=(n_in, n_out)), rng.normal(0, deviation, size=n_out)


# %% wrong biases_of_one -> layer_has_weights_and_zero_biases
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return rng.normal(0, deviation, size=(n_in, n_out)), np.ones(n_out)


# %% wrong biases_of_the_inputs -> layer_has_weights_and_zero_biases
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return rng.normal(0, deviation, size=(n_in, n_out)), np.zeros(n_in)


# %% wrong global_generator -> rng_decides_the_weights
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return np.random.normal(0, deviation, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong own_generator -> rng_decides_the_weights
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return np.random.default_rng(0).normal(0, deviation, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong smaller_of_the_two_ends -> spread_of_layers_of_any_size
def init_layer(n_in, n_out, kind, rng):
    fan = max(n_in, n_out) if kind == "he" else n_in + n_out
    return rng.normal(0, np.sqrt(2 / fan), size=(n_in, n_out)), np.zeros(n_out)
