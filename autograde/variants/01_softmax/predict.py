"""Right and wrong answers to the exercise predict."""

# %% setup
import numpy as np


# %% right loops
def predict(W, b, X):
    return [max(range(len(b)), key=lambda j: x @ W[:, j] + b[j]) for x in X]


# %% right torch
def predict(W, b, X):
    import torch

    W, b, X = (torch.tensor(a, dtype=torch.float32) for a in (W, b, X))
    return (X @ W + b).argmax(dim=1)


# %% right through_probabilities
def predict(W, b, X):
    return np.argmax(softmax(scores(W, b, X)), axis=-1).astype(np.uint8)


# %% right sorted_scores
def predict(W, b, X):
    return np.argsort(X @ W + b, axis=1)[:, -1]


# %% right whole_floats
def predict(W, b, X):
    S = scores(W, b, X)
    return [float(np.flatnonzero(row == np.max(row))[0]) for row in np.asarray(S)]


# %% wrong best_example_of_each_class -> class_with_the_highest_score
def predict(W, b, X):
    return np.argmax(X @ W + b, axis=0)


# %% wrong bias_forgotten -> class_with_the_highest_score
def predict(W, b, X):
    return np.argmax(X @ W, axis=1)


# %% wrong lowest_score -> class_with_the_highest_score
def predict(W, b, X):
    return np.argmin(X @ W + b, axis=1)


# %% wrong highest_score_itself -> one_label_an_example
def predict(W, b, X):
    return np.max(X @ W + b, axis=1)


# %% wrong probabilities -> one_label_an_example
def predict(W, b, X):
    S = X @ W + b
    E = np.exp(S - S.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong index_in_the_whole_matrix -> one_label_an_example
def predict(W, b, X):
    return np.argmax(X @ W + b)


# %% wrong column_of_labels -> one_label_an_example
def predict(W, b, X):
    return np.argmax(X @ W + b, axis=1, keepdims=True)


# %% wrong largest_size_of_score -> labels_of_random_examples
def predict(W, b, X):
    return np.argmax(np.abs(X @ W + b), axis=1)


# %% wrong counts_from_one -> class_with_the_highest_score
def predict(W, b, X):
    return np.argmax(X @ W + b, axis=1) + 1


# %% wrong one_hot -> one_label_an_example
def predict(W, b, X):
    S = X @ W + b
    return (S == S.max(axis=1, keepdims=True)).astype(int)
