"""Right and wrong answers to the exercise train_softmax."""

# %% setup
import numpy as np


# %% right small_random_start
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W = 0.01 * rng.normal(size=(X.shape[1], n_classes))
    b = np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W, b = W - lr * dW, b - lr * db
    return W, b


# %% right all_in_one
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            part = order[start : start + batch_size]
            S = X[part] @ W + b
            P = np.exp(S - S.max(axis=1, keepdims=True))
            P /= P.sum(axis=1, keepdims=True)
            P[np.arange(len(part)), y[part]] -= 1
            W = W - lr * (X[part].T @ P / len(part) + l2 * W)
            b = b - lr * P.mean(axis=0)
    return [W, b]


# %% right torch_float32
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    import torch

    W = torch.zeros(X.shape[1], n_classes, requires_grad=True)
    b = torch.zeros(n_classes, requires_grad=True)
    optimizer = torch.optim.SGD([W, b], lr=lr)
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            part = order[start : start + batch_size]
            logits = torch.tensor(X[part], dtype=torch.float32) @ W + b
            loss = torch.nn.functional.cross_entropy(logits, torch.tensor(y[part]))
            optimizer.zero_grad()
            (loss + 0.5 * l2 * (W**2).sum()).backward()
            optimizer.step()
    return W, b


# %% right torch_loader_and_linear_layer
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    import torch

    layer = torch.nn.Linear(X.shape[1], n_classes).double()
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    pairs = torch.utils.data.TensorDataset(torch.tensor(X, dtype=torch.float64), torch.tensor(y))
    shuffle = torch.Generator().manual_seed(int(rng.integers(2**31)))
    loader = torch.utils.data.DataLoader(pairs, batch_size=batch_size, shuffle=True, generator=shuffle)
    optimizer = torch.optim.SGD([{"params": [layer.weight], "weight_decay": l2}, {"params": [layer.bias]}], lr=lr)
    for _ in range(epochs):
        for images, labels in loader:
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(layer(images), labels).backward()
            optimizer.step()
    return layer.weight.T, layer.bias


# %% right all_orders_drawn_first
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = rng.uniform(-0.01, 0.01, size=(X.shape[1], n_classes)), 0.01 * rng.normal(size=n_classes)
    orders = [rng.permutation(len(X)) for _ in range(epochs)]
    pieces = [order[i : i + batch_size] for order in orders for i in range(0, len(X), batch_size)]
    for piece in pieces:
        _, dW, db = softmax_gradient(W, b, X[piece], y[piece], l2)
        W, b = W - lr * np.asarray(dW), b - lr * np.asarray(db)
    return W, b


# %% wrong uphill -> training_separates_three_clouds
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W += lr * dW
            b += lr * db
    return W, b


# %% wrong classes_counted_in_the_labels -> weights_have_the_shape_of_the_classes
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    n_classes = len(np.unique(y))
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong bias_never_learns -> one_full_batch_step_is_lr_times_the_gradient
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, _ = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
    return W, b


# %% wrong learning_rate_ignored -> one_full_batch_step_is_lr_times_the_gradient
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= 0.1 * dW
            b -= 0.1 * db
    return W, b


# %% wrong one_step_an_epoch -> every_batch_makes_a_step
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
        W -= lr * dW
        b -= lr * db
    return W, b


# %% wrong returns_in_the_first_epoch -> every_batch_makes_a_step
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
        return W, b


# %% wrong regulariser_ignored -> training_finds_the_minimum
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, 0.0)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong own_generator -> rng_decides_the_run
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    rng = np.random.default_rng(0)
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong not_shuffled -> rng_decides_the_run
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for i in range(0, len(X), batch_size):
            _, dW, db = softmax_gradient(W, b, X[i : i + batch_size], y[i : i + batch_size], l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong large_random_start -> training_starts_near_zero
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = rng.normal(size=(X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong centres_the_data_in_place -> training_leaves_its_inputs_alone
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    X -= 1e-6
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong returns_the_gradient -> training_separates_three_clouds
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return dW, db


# %% wrong shuffled_once -> each_epoch_shuffles_anew
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    batches = list(minibatches(X, y, batch_size, rng))
    for _ in range(epochs):
        for X_batch, y_batch in batches:
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong all_examples_in_every_step -> each_epoch_shuffles_anew
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for _ in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X, y, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong gradient_before_the_epoch -> each_epoch_shuffles_anew
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        W_old, b_old = W.copy(), b.copy()
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W_old, b_old, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong short_batch_divided_by_batch_size -> every_batch_makes_a_step
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            P = softmax(scores(W, b, X_batch))
            P[np.arange(len(P)), y_batch] -= 1
            W -= lr * (X_batch.T @ P / batch_size + l2 * W)
            b -= lr * P.sum(axis=0) / batch_size
    return W, b


# %% wrong bias_regularised -> training_finds_the_minimum
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * (db + l2 * b)
    return W, b


# %% wrong decay_without_the_learning_rate -> training_finds_the_minimum
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, 0.0)
            W = (1 - l2) * W - lr * dW
            b = b - lr * db
    return W, b


# %% wrong goes_on_from_the_last_run -> rng_decides_the_run
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng, kept={}):
    W, b = kept.setdefault((X.shape[1], n_classes), (np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)))
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b


# %% wrong one_epoch_short -> every_batch_makes_a_step
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(1, epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b
