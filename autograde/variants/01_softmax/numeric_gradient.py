"""Right and wrong answers to the exercise numeric_gradient."""

# %% setup
import numpy as np


# %% right nditer_in_place
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        gradient[i] = (above - below) / (2 * h)
        it.iternext()
    return gradient


# %% right flat_copies
def numeric_gradient(f, x, h=1e-5):
    slopes = []
    for i in range(x.size):
        up, down = x.copy(), x.copy()
        up.flat[i] += h
        down.flat[i] -= h
        slopes.append((f(up) - f(down)) / (2 * h))
    return np.array(slopes).reshape(x.shape)


# %% right steps_back_and_forth
def numeric_gradient(f, x, h=1e-5):
    gradient = np.empty(x.shape)
    for i in np.ndindex(*x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        gradient[i] = (above - below) / h / 2
    return gradient


# %% right list_of_slopes
def numeric_gradient(f, x, h=1e-5):
    def slopes(index):
        if len(index) < x.ndim:
            return [slopes((*index, i)) for i in range(x.shape[len(index)])]
        up, down = np.array(x), np.array(x)
        up[index] += h
        down[index] -= h
        return (f(up) - f(down)) / (2 * h)

    return slopes(())


# %% right one_direction_for_each_entry
def numeric_gradient(f, x, h=1e-5):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + step) - f(x - step)) * 0.5 / h for step in steps], x.shape)


# %% wrong forward_difference -> differences_are_central
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x)) / h
    return gradient


# %% wrong divided_by_h -> differences_are_central
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / h
    return gradient


# %% wrong h_ignored -> differences_are_central
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        gradient[i] = (f(x + step) - f(x - step)) / 2e-5
    return gradient


# %% wrong not_put_back -> x_is_put_back
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        gradient[i] = (above - below) / (2 * h)
    return gradient


# %% wrong all_entries_at_once -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


# %% wrong first_axis_only -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# %% wrong flattened_for_f -> gradient_of_waves
def numeric_gradient(f, x, h=1e-5):
    flat = x.astype(float).ravel()
    slopes = []
    for i in range(flat.size):
        step = np.zeros(flat.size)
        step[i] = h
        shape = x.shape if x.ndim < 3 else flat.shape
        slopes.append((f((flat + step).reshape(shape)) - f((flat - step).reshape(shape))) / (2 * h))
    return np.reshape(slopes, x.shape)


# %% wrong backward_difference -> differences_are_central
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x) - f(x - step)) / h
    return gradient


# %% wrong step_relative_to_x -> differences_are_central
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h * max(1, abs(x[i]))
        gradient[i] = (f(x + step) - f(x - step)) / (2 * step[i])
    return gradient


# %% wrong steps_pile_up -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    moved = x.copy()
    for i in np.ndindex(x.shape):
        moved[i] += 0.1
        above = f(moved)
        moved[i] -= 0.2
        gradient[i] = (above - f(moved)) / 0.2
    return gradient


# %% wrong directional_slope -> gradient_of_products
def numeric_gradient(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


# %% wrong whole_numbers -> gradient_of_waves
def numeric_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = round((f(x + step) - f(x - step)) / (2 * h), 2)
    return gradient
