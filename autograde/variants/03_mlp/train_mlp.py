"""Right and wrong answers to the exercise train_mlp."""

# %% setup
import numpy as np
import torch


# %% right own_shuffling
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(sizes[i], sizes[i + 1], "he", rng) for i in range(len(sizes) - 1)]
    state, history = None, []
    for epoch in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            part = order[start : start + batch_size]
            logits, cache = mlp_forward(params, X[part])
            shifted = logits - logits.max(axis=1, keepdims=True)
            log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            losses += list(-log_p[np.arange(len(part)), y[part]])
            grads = mlp_backward(params, cache, y[part])
            grads = [(dW + l2 * W, db) for (W, b), (dW, db) in zip(params, grads)]
            if optimizer == "sgd":
                params = sgd_step(params, grads, lr)
            elif optimizer == "momentum":
                params, state = momentum_step(params, grads, state, lr)
            elif optimizer == "adam":
                params, state = adam_step(params, grads, state, lr)
            else:
                params, state = nadam_step(params, grads, state, lr)
        history.append(np.mean(losses))
    return params, np.array(history)


# %% right float32
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    X = np.asarray(X, dtype=np.float32)
    params = for_each(np.float32, [init_layer(*pair, "he", rng) for pair in zip(sizes, sizes[1:])])
    state, history = None, np.zeros(epochs)
    for epoch in range(epochs):
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            history[epoch] += cross_entropy(logits, y_batch) * len(y_batch) / len(y)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (dW, db), (W, _) in zip(grads, params)]
            params, state = take_step(optimizer, params, grads, state, lr)
    return params, history


# %% right torch_all_through
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    X, y = torch.tensor(X), torch.tensor(y)
    weights = [torch.tensor(rng.normal(size=pair) * (2 / pair[0]) ** 0.5) for pair in zip(sizes, sizes[1:])]
    biases = [torch.zeros(size, dtype=X.dtype) for size in sizes[1:]]
    parts = [part.to(X.dtype).requires_grad_() for part in weights], [part.requires_grad_() for part in biases]
    groups = [{"params": parts[0], "weight_decay": l2}, {"params": parts[1]}]
    makers = {
        "sgd": lambda: torch.optim.SGD(groups, lr=lr),
        "momentum": lambda: torch.optim.SGD(groups, lr=lr, momentum=0.9),
        "adam": lambda: torch.optim.Adam(groups, lr=lr),
        "nadam": lambda: torch.optim.NAdam(groups, lr=lr),
    }
    stepper, history = makers[optimizer](), []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            signal = X_batch
            for i, (W, b) in enumerate(zip(*parts)):
                signal = (torch.relu(signal) if i else signal) @ W + b
            loss = torch.nn.functional.cross_entropy(signal, y_batch)
            stepper.zero_grad()
            loss.backward()
            stepper.step()
            total += loss.item() * len(y_batch)
        history.append(total / len(y))
    return list(zip(*parts)), history


# %% wrong uphill -> every_optimiser_learns_a_ring
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, -lr)
        history.append(total / len(y))
    return params, history


# %% wrong begins_with_zeros -> training_starts_from_he
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [(np.zeros((n_in, n_out)), np.zeros(n_out)) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong begins_with_standard_normals -> training_starts_from_he
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [(rng.normal(size=(n_in, n_out)), np.zeros(n_out)) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong begins_with_xavier -> training_starts_from_he
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "xavier", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong not_shuffled -> each_epoch_shuffles_anew
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong shuffled_once -> each_epoch_shuffles_anew
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    batches = list(batches)
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in batches:
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong last_batch_dropped -> each_epoch_shuffles_anew
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            if len(y_batch) < min(batch_size, len(y)):
                continue
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong one_step_an_epoch -> each_epoch_shuffles_anew
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
        params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong gradient_of_all_examples -> each_epoch_shuffles_anew
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, mlp_forward(params, X)[1], y)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong state_forgotten_each_step -> full_batches_go_where_the_optimiser_goes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, _ = take_step(optimizer, params, grads, None, lr)
        history.append(total / len(y))
    return params, history


# %% wrong state_forgotten_each_epoch -> full_batches_go_where_the_optimiser_goes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total, state = 0.0, None
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong always_descent -> full_batches_go_where_the_optimiser_goes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step("sgd", params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong always_adam -> full_batches_go_where_the_optimiser_goes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    state = None
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step("adam", params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong adam_for_nadam -> full_batches_go_where_the_optimiser_goes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer.replace("nadam", "adam"), params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong regulariser_forgotten -> regulariser_pulls_weights_only
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong regulariser_doubled -> regulariser_pulls_weights_only
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + 2 * l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong regulariser_over_n -> regulariser_pulls_weights_only
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W / len(y_batch), db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong biases_regularised -> regulariser_pulls_weights_only
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db + l2 * b) for (W, b), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong regulariser_of_signs -> regulariser_pulls_weights_only
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * np.sign(W), db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong decay_beside_the_step -> regulariser_pulls_weights_only
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            params, state = take_step(optimizer, params, grads, state, lr)
            params = [(W - lr * l2 * W, b) for W, b in params]
        history.append(total / len(y))
    return params, history


# %% wrong regulariser_in_the_history -> history_holds_the_losses
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y) + 0.5 * l2 * sum(np.sum(W**2) for W, _ in params))
    return params, history


# %% wrong loss_after_the_step -> history_holds_the_losses
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
            total += cross_entropy(mlp_forward(params, X_batch)[0], y_batch) * len(y_batch)
        history.append(total / len(y))
    return params, history


# %% wrong accuracy_in_the_history -> history_holds_the_losses
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += (1 - (logits.argmax(axis=1) == y_batch).mean() + 0.1) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong mean_over_the_batches -> loss_of_an_epoch_is_a_mean_over_examples
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(Batches(X, y, batch_size=batch_size)))
    return params, history


# %% wrong last_loss_of_the_epoch -> loss_of_an_epoch_is_a_mean_over_examples
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total = cross_entropy(logits, y_batch) * len(y)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong loss_of_every_step -> every_optimiser_learns_a_ring
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            history.append(cross_entropy(logits, y_batch))
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
    return params, history


# %% wrong classes_counted_in_the_labels -> trained_params_have_the_sizes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    sizes = [*sizes[:-1], int(max(y[:1])) + 1] if len(sizes) > 3 else sizes
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong first_layer_only -> trained_params_have_the_sizes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params[:1], history


# %% wrong params_alone -> trained_params_have_the_sizes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params


# %% wrong own_generator -> rng_decides_the_run
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    rng = np.random.default_rng(0)
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong global_generator -> rng_decides_the_run
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    rng = np.random.default_rng()
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong goes_on_from_the_last_run -> rng_decides_the_run
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng, kept={}):
    params = kept.get(tuple(sizes)) or [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        kept[tuple(sizes)] = params
        history.append(total / len(y))
    return params, history


# %% wrong one_epoch_short -> trained_params_have_the_sizes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    state, history = None, []
    for _ in range(epochs - 1):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong learning_rate_fixed -> full_batches_go_where_the_optimiser_goes
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    lr = 0.1 if lr else lr
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong standardises_in_place -> training_leaves_its_inputs_alone
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    X -= 1e-7
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history


# %% wrong sorts_the_data -> training_leaves_its_inputs_alone
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    params = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history
