"""Right and wrong answers to the exercise hinge_loss."""

# %% setup
import numpy as np


# %% right loops
def hinge_loss(S, y, margin=1.0):
    total = 0.0
    for row, label in zip(S, y):
        for j, score in enumerate(row):
            if j != label:
                total += max(0, score - row[label] + margin)
    return total / len(S)


# %% right margin_taken_off_again
def hinge_loss(S, y, margin=1.0):
    S = np.asarray(S)
    true = np.take_along_axis(S, np.asarray(y)[:, None], axis=1)
    return np.clip(S - true + margin, 0, None).sum(axis=1).mean() - margin


# %% right torch_masked
def hinge_loss(S, y, margin=1.0):
    import torch

    S, y = torch.tensor(S), torch.tensor(y)
    gaps = (S - S.gather(1, y[:, None]) + margin).clamp(min=0)
    return gaps.scatter(1, y[:, None], 0.0).sum() / len(S)


# %% right list_comprehension
def hinge_loss(S, y, margin=1.0):
    losses = [sum(max(0.0, s - row[t] + margin) for j, s in enumerate(row) if j != t) for row, t in zip(S.tolist(), y)]
    return np.array(sum(losses) / len(losses), dtype=np.float32)


# %% wrong true_class_counted -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    true = S[np.arange(len(S)), y][:, None]
    return np.maximum(0, S - true + margin).sum(axis=1).mean()


# %% wrong sum_for_mean -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.sum()


# %% wrong slide_without_minus -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S * S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong margin_is_one -> hinge_uses_its_margin
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + 1)
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong sum_before_max -> hinge_is_zero_past_the_margin
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = S - S[rows, y][:, None] + margin
    gaps[rows, y] = 0
    return abs(gaps.sum(axis=1)).mean()


# %% wrong best_wrong_class_only -> hinge_of_random_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.max(axis=1).mean()


# %% wrong mean_over_classes_too -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.mean()


# %% wrong writes_into_the_scores -> hinge_leaves_its_inputs_alone
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    S -= S[rows, y][:, None]
    gaps = np.maximum(0, S + margin)
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong squared -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin) ** 2
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong half_of_the_true_row -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    gaps = np.maximum(0, S - S[np.arange(len(S)), y] + margin)
    gaps[np.arange(len(S)), y] = 0
    return gaps.sum(axis=1).mean()


# %% wrong loss_of_each_example -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] + margin)
    gaps[rows, y] = 0
    return gaps.sum(axis=1)


# %% wrong first_column_is_true -> hinge_of_random_examples
def hinge_loss(S, y, margin=1.0):
    gaps = np.maximum(0, S[:, 1:] - S[:, :1] + margin)
    return gaps.sum(axis=1).mean()


# %% wrong margin_subtracted -> hinge_of_three_examples
def hinge_loss(S, y, margin=1.0):
    rows = np.arange(len(S))
    gaps = np.maximum(0, S - S[rows, y][:, None] - margin)
    gaps[rows, y] = 0
    return gaps.sum(axis=1).mean()
