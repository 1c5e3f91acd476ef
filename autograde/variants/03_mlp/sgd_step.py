"""Right and wrong answers to the exercise sgd_step."""

# %% setup
import numpy as np
import torch


# %% right loop
def sgd_step(params, grads, lr):
    stepped = []
    for i in range(len(params)):
        stepped.append([params[i][0] - lr * grads[i][0], params[i][1] - lr * grads[i][1]])
    return stepped


# %% right copies_changed_in_place
def sgd_step(params, grads, lr):
    stepped = [(W.copy(), b.copy()) for W, b in params]
    for (W, b), (dW, db) in zip(stepped, grads):
        W -= lr * dW
        b -= lr * db
    return stepped


# %% right torch
def sgd_step(params, grads, lr):
    weights = [torch.tensor(part, requires_grad=True) for layer in params for part in layer]
    for weight, slope in zip(weights, [part for layer in grads for part in layer]):
        weight.grad = torch.tensor(slope)
    torch.optim.SGD(weights, lr=lr).step()
    return tuple(zip(weights[::2], weights[1::2]))


# %% wrong uphill -> a_step_goes_against_the_gradient
def sgd_step(params, grads, lr):
    return [(W + lr * dW, b + lr * db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong learning_rate_forgotten -> a_step_goes_against_the_gradient
def sgd_step(params, grads, lr):
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong biases_stay -> a_step_goes_against_the_gradient
def sgd_step(params, grads, lr):
    return [(W - lr * dW, b.copy()) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong the_step_alone -> a_step_goes_against_the_gradient
def sgd_step(params, grads, lr):
    return [(-lr * dW, -lr * db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong first_layer_only -> a_step_goes_against_the_gradient
def sgd_step(params, grads, lr):
    (W, b), (dW, db) = params[0], grads[0]
    return [(W - lr * dW, b - lr * db), *[(W.copy(), b.copy()) for W, b in params[1:]]]


# %% wrong in_place -> sgd_step_is_pure
def sgd_step(params, grads, lr):
    for (W, b), (dW, db) in zip(params, grads):
        W -= lr * dW
        b -= lr * db
    return params


# %% wrong gradients_scaled_in_place -> sgd_step_is_pure
def sgd_step(params, grads, lr):
    for dW, db in grads:
        dW *= lr
        db *= lr
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong fixed_learning_rate -> sgd_steps_of_random_networks
def sgd_step(params, grads, lr):
    lr = 0.1
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong clipped -> sgd_steps_of_random_networks
def sgd_step(params, grads, lr):
    return [(W - np.clip(lr * dW, -0.2, 0.2), b - lr * db) for (W, b), (dW, db) in zip(params, grads)]


# %% wrong two_layers_only -> sgd_steps_of_random_networks
def sgd_step(params, grads, lr):
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in list(zip(params, grads))[:2]]


# %% wrong nothing_moves -> sgd_step_is_pure
def sgd_step(params, grads, lr):
    return [(W.copy(), b.copy()) for W, b in params]
