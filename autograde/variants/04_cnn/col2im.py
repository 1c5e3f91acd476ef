"""Right and wrong answers to the exercise col2im."""

# %% setup
import numpy as np


# %% right window_by_window
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% right entry_by_entry
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    image, row = np.zeros((n, c, h, w), np.float32), 0
    for a in range(n):
        for top in range(-pad, h + pad - kh + 1, stride):
            for left in range(-pad, w + pad - kw + 1, stride):
                for m, value in enumerate(cols[row]):
                    b, u, v = m // (kh * kw), m // kw % kh, m % kw
                    if 0 <= top + u < h and 0 <= left + v < w:
                        image[a, b, top + u, left + v] += value
                row += 1
    return image


# %% right add_at
def col2im(cols, x_shape, kh, kw, stride, pad):
    numbers = np.arange(np.prod(x_shape)).reshape(x_shape) + 1
    places = np.asarray(im2col(numbers, kh, kw, stride, pad)).astype(int)
    total = np.zeros(np.prod(x_shape) + 1)
    np.add.at(total, places, cols)
    return total[1:].reshape(x_shape)


# %% right fold
def col2im(cols, x_shape, kh, kw, stride, pad):
    import torch

    n, c, h, w = x_shape
    columns = torch.tensor(cols, dtype=torch.float64).reshape(n, -1, c * kh * kw).transpose(1, 2)
    return torch.nn.functional.fold(columns, (h, w), (kh, kw), padding=pad, stride=stride)


# %% wrong overwrites -> windows_add_up
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong overwrites_by_slices -> each_value_finds_its_pixel
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for u, v in np.ndindex(kh, kw):
        piece = windows[..., u, v].transpose(0, 3, 1, 2)
        padded[:, :, u : u + stride * h_out : stride, v : v + stride * w_out : stride] = piece
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong fancy_indices_add_once -> windows_add_up
def col2im(cols, x_shape, kh, kw, stride, pad):
    numbers = np.arange(np.prod(x_shape)).reshape(x_shape) + 1
    places = np.asarray(im2col(numbers, kh, kw, stride, pad)).astype(int)
    total = np.zeros(np.prod(x_shape) + 1)
    total[places] += cols
    return total[1:].reshape(x_shape)


# %% wrong averages_overlaps -> windows_add_up
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    counts = np.zeros_like(padded)
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
        counts[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += 1
    padded /= np.maximum(counts, 1)
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong inverse_of_im2col_by_the_maximum -> windows_add_up
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = np.maximum(
            padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw], windows[:, i, j]
        )
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong windows_read_by_columns -> each_value_finds_its_pixel
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kw, kh).swapaxes(4, 5)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong places_by_columns -> each_value_finds_its_pixel
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, w_out, h_out, c, kh, kw).swapaxes(1, 2)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong channels_interleaved -> channels_and_images_are_told_apart
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, kh, kw, c).transpose(0, 1, 2, 5, 3, 4)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong channels_read_as_images -> channels_and_images_are_told_apart
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j].swapaxes(0, 1)[
            :n, :c
        ]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong padding_kept -> padding_is_dropped
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded


# %% wrong padding_cut_on_one_side -> padding_is_dropped
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, :h, :w]


# %% wrong stride_ignored -> padding_is_dropped
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i : i + kh, j : j + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong shape_of_what_is_covered -> pixels_without_a_window_get_nothing
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    h, w = (h_out - 1) * stride + kh - 2 * pad, (w_out - 1) * stride + kw - 2 * pad
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong height_and_width_swapped -> pixels_without_a_window_get_nothing
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, w, h = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong a_view_where_it_can -> rolling_up_leaves_the_matrix_alone
def col2im(cols, x_shape, kh, kw, stride, pad):
    if kh == kw == stride == 1 and pad == 0 and x_shape[1] == 1:
        return cols.reshape(x_shape)
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% wrong strides_of_one_and_two_only -> random_rows_are_rolled_up
def col2im(cols, x_shape, kh, kw, stride, pad):
    stride = min(stride, 2)
    cols = cols[
        : x_shape[0] * conv_output_size(x_shape[2], kh, stride, pad) * conv_output_size(x_shape[3], kw, stride, pad)
    ]
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]
