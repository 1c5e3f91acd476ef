"""Right and wrong answers to the exercise max_pool_backward."""

# %% setup
import numpy as np


# %% right loops
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape, np.float32)
    n, c, h_out, w_out = dY.shape
    for a in range(n):
        for b in range(c):
            for i in range(h_out):
                for j in range(w_out):
                    best, place = None, None
                    for y in range(i * stride, i * stride + size):
                        for x in range(j * stride, j * stride + size):
                            if best is None or X[a, b, y, x] > best:
                                best, place = X[a, b, y, x], (y, x)
                    dX[a, b, place[0], place[1]] += dY[a, b, i, j]
    return dX


# %% right unravel_index
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros_like(X, dtype=float)
    for a, c, i, j in np.ndindex(dY.shape):
        window = np.s_[a, c, i * stride : i * stride + size, j * stride : j * stride + size]
        dX[window][np.unravel_index(np.argmax(X[window]), (size, size))] += dY[a, c, i, j]
    return dX


# %% right through_im2col
def max_pool_backward(dY, X, size, stride):
    n, c, h, w = X.shape
    rows = np.asarray(im2col(X.reshape(n * c, 1, h, w), size, size, stride, 0))
    back = np.zeros(rows.shape)
    back[np.arange(len(rows)), rows.argmax(axis=1)] = np.ravel(dY)
    return np.reshape(col2im(back, (n * c, 1, h, w), size, size, stride, 0), X.shape)


# %% right torch
def max_pool_backward(dY, X, size, stride):
    import torch

    X = torch.tensor(X, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.max_pool2d(X, size, stride).backward(torch.tensor(dY, dtype=torch.float64))
    return X.grad


# %% wrong all_ties -> first_of_equals_wins
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        dX[a, c, top : top + size, left : left + size] += (window == window.max()) * dY[a, c, i, j]
    return dX


# %% wrong shared_among_ties -> first_of_equals_wins
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        dX[a, c, top : top + size, left : left + size] += (
            (window == window.max()) / (window == window.max()).sum() * dY[a, c, i, j]
        )
    return dX


# %% wrong last_of_ties -> first_of_equals_wins
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(size * size - 1 - window.ravel()[::-1].argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX


# %% wrong ties_by_columns -> first_of_equals_wins
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        column, row = divmod(int(window.T.argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX


# %% wrong bottom_right -> winner_takes_it_all
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(size * size - 1), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX


# %% wrong everyone -> winner_takes_it_all
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        dX[a, c, top : top + size, left : left + size] += dY[a, c, i, j]
    return dX


# %% wrong average_pooling -> winner_takes_it_all
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        dX[a, c, top : top + size, left : left + size] += dY[a, c, i, j] / size**2
    return dX


# %% wrong the_largest_itself -> winner_takes_it_all
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] += window.max()
    return dX


# %% wrong upstream_gradient_ignored -> winner_takes_it_all
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] += 1
    return dX


# %% wrong overwritten -> winner_of_several_windows
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] = dY[a, c, i, j]
    return dX


# %% wrong row_and_column_swapped -> winner_takes_it_all
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + column, left + row] += dY[a, c, i, j]
    return dX


# %% wrong mask_of_the_whole_image -> winner_of_several_windows
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        dX[a, c] = (X[a, c] == X[a, c].max()) * dY[a, c, i, j]
    return dX


# %% wrong size_taken_for_the_stride -> winner_of_several_windows
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        top, left = i * size, j * size
        window = np.pad(X, ((0, 0), (0, 0), (0, 9), (0, 9)))[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        if top + row < X.shape[2] and left + column < X.shape[3]:
            dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX


# %% wrong compared_with_zero -> negative_pixels_win_too
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(np.maximum(window, 0).argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX


# %% wrong largest_in_size -> negative_pixels_win_too
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(np.abs(window).argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX


# %% wrong shape_of_what_is_covered -> negative_pixels_win_too
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX[:, :, : dY.shape[2] * stride + size - stride, : dY.shape[3] * stride + size - stride]


# %% wrong winners_of_channel_0 -> winners_of_each_channel
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        window = X[a, 0, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX


# %% wrong winners_of_image_0 -> winners_of_each_channel
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        window = X[0, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX


# %% wrong image_changed -> winners_of_each_channel
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
        window[row, column] = -99
    return dX


# %% wrong half_at_sizes_above_two -> random_winners
def max_pool_backward(dY, X, size, stride):
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(*dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j] * (0.5 if size > 2 else 1)
    return dX
