"""Right and wrong answers to the exercise avg_pool_forward."""

# %% setup
import numpy as np


# %% right sliding_windows
def avg_pool_forward(X, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].mean(axis=(4, 5), dtype=np.float32)


# %% right convolution_with_a_box
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    box, zero = np.full((1, 1, size, size), 1 / size**2), np.zeros(1)
    Y = np.asarray(conv_forward_im2col(X.reshape(n * c, 1, h, w), box, zero, stride, 0))
    return Y.reshape(n, c, *Y.shape[2:])


# %% right sum_of_shifted_images
def avg_pool_forward(X, size, stride):
    h, w = X.shape[2] - size, X.shape[3] - size
    if h < 0 or w < 0:
        raise ValueError("no window fits")
    total = 0.0
    for u in range(size):
        for v in range(size):
            total = total + X[:, :, u : u + h + 1 : stride, v : v + w + 1 : stride]
    return total / (size * size)


# %% wrong truncated_to_the_images_dtype -> means_of_the_slide
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.zeros((n, c, h_out, w_out), X.dtype)
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.mean(axis=(2, 3))
    return Y


# %% wrong sum -> means_of_the_slide
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.sum(axis=(2, 3))
    return Y


# %% wrong divided_by_the_side -> means_of_the_slide
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.sum(axis=(2, 3)) / size
    return Y


# %% wrong maximum -> means_of_the_slide
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong largest_and_smallest -> means_of_the_slide
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = (window.max(axis=(2, 3)) + window.min(axis=(2, 3))) / 2
    return Y


# %% wrong channels_mixed -> means_of_overlapping_windows
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.mean(axis=(1, 2, 3))[:, None]
    return Y


# %% wrong stride_taken_for_the_size -> means_of_overlapping_windows
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + stride, j * stride : j * stride + stride]
        Y[:, :, i, j] = window.mean(axis=(2, 3))
    return Y


# %% wrong height_and_width_swapped -> means_of_overlapping_windows
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.zeros((n, c, w_out, h_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, j * stride : j * stride + size, i * stride : i * stride + size]
        Y[:, :, i, j] = window.mean(axis=(2, 3))
    return Y


# %% wrong nothing_said_where_nothing_fits -> no_window_to_average
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = (h - size) // stride + 1, (w - size) // stride + 1
    Y = np.zeros((n, c, max(0, h_out), max(0, w_out)))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.mean(axis=(2, 3))
    return Y


# %% wrong divided_by_four -> means_of_random_windows
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.sum(axis=(2, 3)) / {1: 2, 2: 4, 3: 9}[size]
    return Y
