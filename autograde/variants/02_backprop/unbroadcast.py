"""Right and wrong answers to the exercise unbroadcast."""

# %% setup
import numpy as np


# %% right axis_by_axis
def unbroadcast(G, shape):
    while G.ndim > len(shape):
        G = G.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            G = G.sum(axis=axis, keepdims=True)
    return G


# %% right ones_in_front_then_reshape
def unbroadcast(G, shape):
    padded = (1,) * (G.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, (n, full) in enumerate(zip(padded, G.shape)) if n != full)
    return G.sum(axis=axes).reshape(shape)


# %% right loop_over_entries
def unbroadcast(G, shape):
    out = np.zeros(shape)
    for index in np.ndindex(G.shape):
        own = index[G.ndim - len(shape) :]
        out[tuple(0 if n == 1 else i for i, n in zip(own, shape))] += G[index]
    return out


# %% right torch_sum_to_size
def unbroadcast(G, shape):
    import torch

    return torch.as_tensor(G).sum_to_size(*shape) if shape else float(G.sum())


# %% right einsum
def unbroadcast(G, shape):
    letters = "abcdefgh"[: G.ndim]
    kept = "".join(c for c, n in zip(letters[G.ndim - len(shape) :], shape) if n != 1)
    return np.einsum(f"{letters}->{kept}", G).reshape(shape)


# %% wrong not_summed -> bias_gradient_is_summed_over_the_rows
# The gradient of the bias keeps the shape of the batch.
def unbroadcast(G, shape):
    return G


# %% wrong mean -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    G = G.mean(axis=tuple(range(G.ndim - len(shape))))
    return G.mean(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong first_copy_only -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    while G.ndim > len(shape):
        G = G[0]
    return G[tuple(slice(0, n) for n in shape)]


# %% wrong keepdims_missing -> stretched_axes_stay_with_length_one
def unbroadcast(G, shape):
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1))


# %% wrong axes_in_front_only -> stretched_axes_stay_with_length_one
def unbroadcast(G, shape):
    return G.sum(axis=tuple(range(G.ndim - len(shape))))


# %% wrong stretched_axes_only -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong rows_always_summed -> nothing_stretched_is_left_as_it_is
def unbroadcast(G, shape):
    return G.sum(axis=0, keepdims=len(shape) == G.ndim)


# %% wrong lined_up_in_front -> added_axes_are_summed_away
def unbroadcast(G, shape):
    G = G.sum(axis=tuple(range(len(shape), G.ndim)))
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong bias_summed_over_features -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    return G.sum(axis=-1)


# %% wrong one_axis_in_front_at_most -> gradients_of_random_shapes
def unbroadcast(G, shape):
    if G.ndim > len(shape) > 0:
        G = G.sum(axis=0)
    elif not shape:
        return G.sum()
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong numbers_forgotten -> added_axes_are_summed_away
def unbroadcast(G, shape):
    if shape == ():
        return G
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong reshaped -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    return np.resize(G, shape)


# %% wrong sum_written_into_g -> nothing_stretched_is_left_as_it_is
def unbroadcast(G, shape):
    out = G.sum(axis=tuple(range(G.ndim - len(shape))))
    out = out.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
    G[...] = 0
    return out
