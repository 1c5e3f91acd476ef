"""Right and wrong answers to the exercise max_pool_forward."""

# %% setup
import numpy as np


# %% right loops
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    if size > h or size > w:
        raise ValueError("no window fits")
    return [
        [
            [
                [
                    max(X[a, b, i + u, j + v] for u in range(size) for v in range(size))
                    for j in range(0, w - size + 1, stride)
                ]
                for i in range(0, h - size + 1, stride)
            ]
            for b in range(c)
        ]
        for a in range(n)
    ]


# %% right sliding_windows
def max_pool_forward(X, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(-1, -2)).astype(np.float32)


# %% right through_im2col
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    rows = np.asarray(im2col(X.reshape(n * c, 1, h, w), size, size, stride, 0))
    return rows.max(axis=1).reshape(n, c, h_out, w_out)


# %% right torch
def max_pool_forward(X, size, stride):
    import torch

    if size > min(X.shape[2:]):
        raise ValueError("no window fits")
    return torch.nn.functional.max_pool2d(torch.tensor(X, dtype=torch.float64), size, stride)


# %% wrong bottom_right -> largest_wherever_it_is
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window[:, :, -1, -1]
    return Y


# %% wrong top_left -> largest_wherever_it_is
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window[:, :, 0, 0]
    return Y


# %% wrong mean -> largest_wherever_it_is
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.mean(axis=(2, 3))
    return Y


# %% wrong largest_in_size -> negative_numbers_have_a_largest
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = np.abs(window).max(axis=(2, 3))
    return Y


# %% wrong starts_from_zero -> negative_numbers_have_a_largest
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = np.maximum(0, window.max(axis=(2, 3)))
    return Y


# %% wrong padded_with_zeros -> negative_numbers_have_a_largest
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = np.pad(X, ((0, 0), (0, 0), (0, 1), (0, 1)))[
            :, :, i * stride : i * stride + size + 1, j * stride : j * stride + size + 1
        ]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong stride_ignored_in_the_slice -> largest_wherever_it_is
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i : i + size, j : j + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong size_taken_for_the_stride -> windows_may_overlap
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * size : i * size + size, j * size : j * size + size]
        Y[:, :, i, j] = window.max(axis=(2, 3)) if window.size else 0
    return Y


# %% wrong stride_taken_for_the_size -> windows_may_overlap
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + stride, j * stride : j * stride + stride]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong height_and_width_swapped -> windows_may_overlap
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, w_out, h_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, j * stride : j * stride + size, i * stride : i * stride + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong all_channels_at_once -> channels_and_images_keep_apart
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.max()
    return Y


# %% wrong channels_mixed -> channels_and_images_keep_apart
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.max(axis=(1, 2, 3))[:, None]
    return Y


# %% wrong rounded_up -> channels_and_images_keep_apart
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    h_out, w_out = -((h - size) // -stride) + 1, -((w - size) // -stride) + 1
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong nothing_said_where_nothing_fits -> no_window_to_pool
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = (h - size) // stride + 1, (w - size) // stride + 1
    Y = np.empty((n, c, max(0, h_out), max(0, w_out)))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong assertion_instead_of_value_error -> no_window_to_pool
def max_pool_forward(X, size, stride):
    assert size <= X.shape[2] and size <= X.shape[3]
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong a_view_where_nothing_is_pooled -> pooling_leaves_its_input_alone
def max_pool_forward(X, size, stride):
    if size == stride == 1:
        return X
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong one_row_short -> largest_of_random_windows
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[
            :, :, i * stride : i * stride + max(1, size - (size == 3 and h == 6)), j * stride : j * stride + size
        ]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y
