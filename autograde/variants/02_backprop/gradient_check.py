"""Right and wrong answers to the exercise gradient_check."""

# %% setup
import math

import numpy as np


# %% right array_of_slopes
def gradient_check(f, grad_f, x):
    h = 1e-6
    a = np.array(grad_f(x.copy()), dtype=float)
    b = np.empty(x.shape)
    for i in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        b[i] = (f(up) - f(down)) / (2 * h)
    error = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)
    return np.inf if np.isnan(error).any() else error.max()


# %% right in_place_and_back
def gradient_check(f, grad_f, x):
    claimed = grad_f(x)
    errors = []
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        old = x[i]
        x[i] = old + 1e-4
        above = f(x)
        x[i] = old - 1e-4
        below = f(x)
        x[i] = old
        a, b = float(claimed[i]), (above - below) / 2e-4
        if math.isnan(a) or math.isnan(b):
            return float("inf")
        errors.append(abs(a - b) / max(abs(a), abs(b), 1e-12))
    return max(errors)


# %% right steps_of_the_size_of_x
def gradient_check(f, grad_f, x):
    claimed = np.asarray(grad_f(x), dtype=float).ravel()
    worst = 0.0
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h = 1e-5 * max(1.0, abs(x.flat[i]))
        step = step.reshape(x.shape)
        measured = (f(x + step) - f(x - step)) / (2 * h)
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        if not error <= worst:
            worst = error if error == error else np.inf
        if worst == np.inf:
            break
    return np.float64(worst)


# %% right eye_of_steps
def gradient_check(f, grad_f, x):
    steps = 1e-5 * np.eye(x.size).reshape(-1, *x.shape)
    b = np.array([(f(x + s) - f(x - s)) / 2e-5 for s in steps])
    a = np.reshape(grad_f(x), -1)
    scale = np.max([np.abs(a), np.abs(b), np.full(a.shape, 1e-12)], axis=0)
    return float(np.nan_to_num(np.abs(a - b) / scale, nan=np.inf).max())


# %% wrong forward_difference -> differences_go_both_ways
def gradient_check(f, grad_f, x):
    claimed, worst = grad_f(x), 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-7
        measured = (f(x + step) - f(x)) / 1e-7
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% wrong divided_by_h -> right_gradients_have_almost_no_error
def gradient_check(f, grad_f, x):
    claimed, worst = grad_f(x), 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 1e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% wrong mean_of_the_coordinates -> one_wrong_coordinate_is_enough
def gradient_check(f, grad_f, x):
    claimed, errors = grad_f(x), []
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        errors.append(np.inf if np.isnan(error) else error)
    return np.mean(errors)


# %% wrong last_coordinate_only -> one_wrong_coordinate_is_enough
def gradient_check(f, grad_f, x):
    claimed = grad_f(x)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        error = np.inf if np.isnan(error) else error
    return error


# %% wrong nan_slips_through -> nan_is_infinitely_wrong
def gradient_check(f, grad_f, x):
    claimed, worst = grad_f(x), 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        error = abs(claimed[i] - measured) / max(abs(claimed[i]), abs(measured), 1e-12)
        if error > worst:
            worst = error
    return worst


# %% wrong nan_is_returned -> nan_is_infinitely_wrong
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return (np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)).max()


# %% wrong only_the_claims_nan -> nan_is_infinitely_wrong
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    if np.isnan(a).any():
        return np.inf
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nanmax(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12))


# %% wrong absolute_error -> wrong_gradients_have_the_errors_they_deserve
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b), nan=np.inf).max()


# %% wrong scale_is_the_sum -> wrong_gradients_have_the_errors_they_deserve
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12), nan=np.inf).max()


# %% wrong scale_is_the_measured_slope -> wrong_gradients_have_the_errors_they_deserve
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.abs(b), 1e-12), nan=np.inf).max()


# %% wrong sign_lost -> wrong_gradients_have_the_errors_they_deserve
def gradient_check(f, grad_f, x):
    a, b = np.abs(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = abs(f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.maximum(a, b), 1e-12), nan=np.inf).max()


# %% wrong norms_of_the_whole -> one_wrong_coordinate_is_enough
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    error = np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b), 1e-12)
    return np.inf if np.isnan(error) else error


# %% wrong zero_by_zero -> zero_slopes_agree
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)), nan=np.inf).max()


# %% wrong floor_added -> tiny_slopes_are_not_blown_up
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b[i] = (f(x + step) - f(x - step)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + 1e-12), nan=np.inf).max()


# %% wrong x_left_moved -> right_gradients_have_almost_no_error
def gradient_check(f, grad_f, x):
    a, b = np.array(grad_f(x)), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += 1e-5
        above = f(x)
        x[i] -= 2e-5
        b[i] = (above - f(x)) / 2e-5
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12), nan=np.inf).max()


# %% wrong first_axis_only -> right_gradients_have_almost_no_error
def gradient_check(f, grad_f, x):
    a, worst = np.array(grad_f(x)), 0.0
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b = (f(x + step) - f(x - step)) / 2e-5
        error = np.max(np.abs(a[i] - b) / np.maximum(np.maximum(np.abs(a[i]), abs(b)), 1e-12))
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% wrong f_gets_flat_arrays -> differences_go_both_ways
def gradient_check(f, grad_f, x):
    a, worst = np.ravel(grad_f(x)), 0.0
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = 1e-5
        b = (f(x.ravel() + step) - f(x.ravel() - step)) / 2e-5
        error = abs(a[i] - b) / max(abs(a[i]), abs(b), 1e-12)
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst


# %% wrong only_one_axis_or_two -> errors_of_random_gradients
def gradient_check(f, grad_f, x):
    a, worst = np.asarray(grad_f(x)), 0.0
    rows = [(i,) for i in range(len(x))] if x.ndim == 1 else [(i, j) for i in range(len(x)) for j in range(x.shape[1])]
    for i in rows:
        step = np.zeros(x.shape)
        step[i] = 1e-5
        b = (f(x + step) - f(x - step)) / 2e-5
        error = np.max(np.abs(a[i] - b) / np.maximum(np.maximum(np.abs(a[i]), abs(b)), 1e-12))
        worst = max(worst, np.inf if np.isnan(error) else error)
    return worst
