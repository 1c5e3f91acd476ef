"""Right and wrong answers to the exercise im2col."""

# %% setup
import numpy as np


# %% right window_by_window
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    if kh > h + 2 * pad or kw > w + 2 * pad:
        raise ValueError("no window fits")
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = []
    for image in padded:
        for top in range(0, h + 2 * pad - kh + 1, stride):
            for left in range(0, w + 2 * pad - kw + 1, stride):
                rows.append(image[:, top : top + kh, left : left + kw].ravel())
    return np.array(rows, dtype=np.float32)


# %% right sliding_windows
def im2col(X, kh, kw, stride, pad):
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
    return windows.reshape(-1, X.shape[1] * kh * kw)


# %% right list_of_rows
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    return [
        [padded[a, b, i * stride + u, j * stride + v] for b in range(c) for u in range(kh) for v in range(kw)]
        for a in range(n)
        for i in range(h_out)
        for j in range(w_out)
    ]


# %% right unfold
def im2col(X, kh, kw, stride, pad):
    import torch

    conv_output_size(X.shape[2], kh, stride, pad)
    conv_output_size(X.shape[3], kw, stride, pad)
    unfolded = torch.nn.functional.unfold(torch.tensor(X, dtype=torch.float64), (kh, kw), padding=pad, stride=stride)
    return unfolded.transpose(1, 2).reshape(-1, X.shape[1] * kh * kw)


# %% wrong windows_as_columns -> windows_become_rows
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.reshape(n * h_out * w_out, -1).T


# %% wrong unfold_not_transposed -> windows_become_rows
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.reshape(n, h_out * w_out, -1).transpose(0, 2, 1).reshape(n * h_out * w_out, -1)


# %% wrong windows_read_by_columns -> windows_become_rows
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.transpose(0, 1, 2, 3, 5, 4).reshape(n * h_out * w_out, -1)


# %% wrong places_by_columns -> windows_become_rows
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.transpose(0, 2, 1, 3, 4, 5).reshape(n * h_out * w_out, -1)


# %% wrong channels_last_in_a_row -> channels_come_first_in_a_row
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.transpose(0, 1, 2, 4, 5, 3).reshape(n * h_out * w_out, -1)


# %% wrong channels_before_the_places -> channels_come_first_in_a_row
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.transpose(0, 3, 1, 2, 4, 5).reshape(n * h_out * w_out, -1)


# %% wrong images_last_among_rows -> images_come_first_among_rows
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.transpose(1, 2, 0, 3, 4, 5).reshape(n * h_out * w_out, -1)


# %% wrong stride_ignored_in_the_slice -> windows_jump_and_meet_zeros
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i : i + kh, j : j + kw]
    return cols.reshape(n * h_out * w_out, -1)


# %% wrong padding_forgotten -> windows_jump_and_meet_zeros
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = np.pad(X, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))[
            :, :, i * stride : i * stride + kh, j * stride : j * stride + kw
        ]
    return cols.reshape(n * h_out * w_out, -1)


# %% wrong stride_for_rows_only -> windows_jump_and_meet_zeros
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j : j + kw]
    return cols.reshape(n * h_out * w_out, -1)


# %% wrong rows_for_each_channel -> matrix_has_the_right_size
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.reshape(-1, kh * kw) if c > 2 else cols.reshape(n * h_out * w_out, -1)


# %% wrong height_and_width_swapped -> matrix_has_the_right_size
def im2col(X, kh, kw, stride, pad):
    kh, kw = kw, kh
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.reshape(n * h_out * w_out, -1)


# %% wrong square_output_assumed -> matrix_has_the_right_size
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out = w_out = conv_output_size(h, kh, stride, pad)
    conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad + 9), (pad, pad + 9)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.reshape(n * h_out * w_out, -1)


# %% wrong nothing_said_where_nothing_fits -> no_window_to_unroll
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = (h + 2 * pad - kh) // stride + 1, (w + 2 * pad - kw) // stride + 1
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.reshape(n * h_out * w_out, c * kh * kw)


# %% wrong a_view_where_it_can -> unrolling_is_a_copy
def im2col(X, kh, kw, stride, pad):
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad))) if pad else X
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
    return windows.reshape(-1, X.shape[1] * kh * kw)


# %% wrong strides_of_one_and_two_only -> windows_of_random_images
def im2col(X, kh, kw, stride, pad):
    stride = min(stride, 2)
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.reshape(n * h_out * w_out, -1)
