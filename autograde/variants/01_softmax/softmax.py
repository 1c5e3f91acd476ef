"""Right and wrong answers to the exercise softmax."""

# %% setup
import numpy as np


# %% right loops
def softmax(Z):
    rows = []
    for z in Z:
        powers = [np.exp(v - max(z)) for v in z]
        rows.append([p / sum(powers) for p in powers])
    return rows


# %% right torch
def softmax(Z):
    import torch

    return torch.softmax(torch.as_tensor(Z, dtype=torch.float64), dim=1)


# %% right float32
def softmax(Z):
    Z = np.asarray(Z, dtype=np.float32)
    E = np.exp(Z - Z.max(axis=1)[:, None])
    return E / E.sum(axis=1)[:, None]


# %% right logarithm_of_the_sum
def softmax(Z):
    top = Z.max(axis=-1, keepdims=True)
    return np.exp(Z - top - np.log(np.exp(Z - top).sum(axis=-1, keepdims=True)))


# %% right recursion_on_the_rows
def softmax(Z):
    if len(Z) == 1:
        E = [np.exp(float(v) - float(max(Z[0]))) for v in Z[0]]
        return [[e / sum(E) for e in E]]
    return softmax(Z[:1]) + softmax(Z[1:])


# %% right column_by_column
def softmax(Z):
    # One over the sum of exp(z_l - z_j) can overflow to one over infinity, which is the right zero.
    with np.errstate(over="ignore"):
        return np.stack([1 / np.exp(Z - Z[:, j : j + 1]).sum(axis=1) for j in range(Z.shape[1])], axis=1)


# %% wrong whole_matrix -> rows_do_not_mix
# The slide's own code.
def softmax(X):
    expo = np.exp(X)
    expo_sum = np.sum(np.exp(X))
    return expo / expo_sum


# %% wrong columns -> rows_do_not_mix
def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


# %% wrong no_shift -> huge_scores_stay_finite
def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


# %% wrong one_shift_for_all_rows -> huge_scores_stay_finite
def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)


# %% wrong clipped -> huge_scores_stay_finite
def softmax(Z):
    E = np.exp(np.clip(Z, -500, 500))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong keepdims_missing -> square_batches_keep_their_rows
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    total = E.sum(axis=1)
    return E / (total if len(total) == E.shape[1] else total[:, None])


# %% wrong twice -> softmax_of_the_slide
def softmax(Z):
    for _ in range(2):
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        Z = E / E.sum(axis=1, keepdims=True)
    return Z


# %% wrong powers_of_two -> softmax_of_the_slide
def softmax(Z):
    E = 2.0 ** (Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong in_place -> softmax_leaves_its_input_alone
def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z) if Z.dtype.kind == "f" else None
    return Z / Z.sum(axis=1, keepdims=True)


# %% wrong scores_divided -> softmax_of_the_slide
# What the slide does with its third score.
def softmax(Z):
    return Z / np.exp(Z).sum(axis=1, keepdims=True)


# %% wrong hidden_rows_lost -> softmax_of_rows_far_apart
def softmax(Z):
    E = np.exp(Z - np.clip(Z.max(axis=1, keepdims=True), -3000, 3000))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong keepdims_missing_plainly -> rows_are_distributions
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1).mean())
    return E / E.sum(axis=1)


# %% wrong mean_for_maximum -> huge_scores_stay_finite
def softmax(Z):
    E = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong first_score_for_maximum -> huge_scores_stay_finite
def softmax(Z):
    E = np.exp(Z - Z[:, :1])
    return E / E.sum(axis=1, keepdims=True)


# %% wrong divided_by_the_length -> softmax_of_the_slide
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / np.linalg.norm(E, axis=1, keepdims=True)


# %% wrong sign_turned -> softmax_of_the_slide
def softmax(Z):
    E = np.exp(Z.min(axis=1, keepdims=True) - Z)
    return E / E.sum(axis=1, keepdims=True)
