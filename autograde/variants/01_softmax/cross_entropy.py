"""Right and wrong answers to the exercise cross_entropy."""

# %% setup
import numpy as np


# %% right loops
def cross_entropy(P, y):
    losses = []
    for row, label in zip(P, y):
        losses.append(-np.log(row[label]))
    return sum(losses) / len(losses)


# %% right torch
def cross_entropy(P, y):
    import torch

    chosen = torch.as_tensor(P).gather(1, torch.as_tensor(y).long()[:, None])
    return torch.nn.functional.nll_loss(torch.log(torch.cat([chosen, chosen], 1)), torch.zeros(len(y)).long())


# %% right float32
def cross_entropy(P, y):
    chosen = np.asarray(P, dtype=np.float32)[range(len(y)), y]
    return np.mean(-np.log(chosen))


# %% right clipped_far_below
def cross_entropy(P, y):
    chosen = np.take_along_axis(P, np.asarray(y)[:, None], axis=1)
    return -np.log(np.maximum(chosen, 1e-300)).mean()


# %% right one_hot_inside_the_logarithm
def cross_entropy(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return -np.log((P * one_hot).sum(axis=1)).mean()


# %% right tiny_epsilon
def cross_entropy(P, y):
    return float(-np.mean(np.log(P[np.arange(len(P)), y] + 1e-12)))


# %% right where_the_label_is
def cross_entropy(P, y):
    chosen = P[np.arange(P.shape[1]) == np.reshape(y, (-1, 1))]
    return np.log(1 / chosen).mean()


# %% wrong log2 -> loss_of_the_slide
def cross_entropy(P, y):
    return -np.log2(P[np.arange(len(P)), y]).mean()


# %% wrong sign_forgotten -> loss_of_the_slide
def cross_entropy(P, y):
    return np.log(P[np.arange(len(P)), y]).mean()


# %% wrong sum_for_mean -> loss_of_ten_digits
def cross_entropy(P, y):
    return -np.log(P[np.arange(len(P)), y]).sum()


# %% wrong zero_times_infinity -> loss_of_ten_digits
def cross_entropy(P, y):
    one_hot = np.eye(P.shape[1])[y]
    return -(one_hot * np.log(P)).sum(axis=1).mean()


# %% wrong whole_columns -> each_example_has_its_own_label
def cross_entropy(P, y):
    return -np.log(P[:, y]).mean() if len(P) > 1 and (P > 0).all() else -np.log(P[np.arange(len(P)), y]).mean()


# %% wrong softmax_again -> loss_of_the_slide
def cross_entropy(P, y):
    E = np.exp(P)
    P = E / E.sum(axis=1, keepdims=True)
    return -np.log(P[np.arange(len(P)), y]).mean()


# %% wrong loss_of_each_example -> loss_is_one_number
def cross_entropy(P, y):
    return -np.log(P[np.arange(len(P)), y])


# %% wrong mean_over_classes_too -> loss_of_random_guesses
def cross_entropy(P, y):
    return -np.log(P[np.arange(len(P)), y]).sum() / P.size


# %% wrong epsilon_that_shows -> loss_of_random_guesses
def cross_entropy(P, y):
    return -np.log(P[np.arange(len(P)), y] + 1e-3).mean()


# %% wrong clipped_at_a_thousandth -> unlikely_classes_cost_much
def cross_entropy(P, y):
    return -np.log(np.clip(P[np.arange(len(P)), y], 1e-3, 1)).mean()


# %% wrong most_likely_class -> loss_of_the_slide
def cross_entropy(P, y):
    return -np.log(P.max(axis=1)).mean()


# %% wrong other_classes_too -> loss_of_the_slide
def cross_entropy(P, y):
    rows = np.arange(len(P))
    Q = 1 - P
    Q[rows, y] = P[rows, y]
    return -np.log(Q).sum(axis=1).mean()


# %% wrong probability_missed -> loss_of_the_slide
def cross_entropy(P, y):
    return 1 - P[np.arange(len(P)), y].mean()


# %% wrong logarithm_of_the_mean -> loss_of_ten_digits
def cross_entropy(P, y):
    return -np.log(P[np.arange(len(P)), y].mean())


# %% wrong clips_its_input -> loss_is_one_number
def cross_entropy(P, y):
    P *= 1 - 1e-15
    return -np.log(P[np.arange(len(P)), y]).mean()
