"""Right and wrong answers to the exercise conv_forward."""

# %% setup
import numpy as np


# %% right loops
def conv_forward(X, W, b, stride, pad):
    X, W = np.asarray(X), np.asarray(W)
    n, c_in, h, w = X.shape
    c_out, _, kh, kw = W.shape
    if kh > h + 2 * pad or kw > w + 2 * pad:
        raise ValueError("no window fits")
    h_out, w_out = (h + 2 * pad - kh) // stride + 1, (w + 2 * pad - kw) // stride + 1
    Y = np.zeros((n, c_out, h_out, w_out))
    for a in range(n):
        for o in range(c_out):
            for i in range(h_out):
                for j in range(w_out):
                    total = b[o]
                    for c in range(c_in):
                        for u in range(kh):
                            for v in range(kw):
                                y, x = i * stride + u - pad, j * stride + v - pad
                                if 0 <= y < h and 0 <= x < w:
                                    total += X[a, c, y, x] * W[o, c, u, v]
                    Y[a, o, i, j] = total
    return Y


# %% right tensordot_at_each_place
def conv_forward(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.zeros((*X.shape[:2], X.shape[2] + 2 * pad, X.shape[3] + 2 * pad), np.float32)
    padded[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]] = X
    Y = np.empty((h_out, w_out, len(X), len(W)), np.float32)
    for i in range(h_out):
        for j in range(w_out):
            rows = slice(i * stride, i * stride + W.shape[2])
            columns = slice(j * stride, j * stride + W.shape[3])
            Y[i, j] = np.tensordot(padded[:, :, rows, columns], W, ([1, 2, 3], [1, 2, 3])) + b
    return Y.transpose(2, 3, 0, 1)


# %% right correlations_of_each_channel
def conv_forward(X, W, b, stride, pad):
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return np.array(
        [
            [
                sum(correlate2d(image[c], W[o, c]) for c in range(len(image)))[::stride, ::stride] + b[o]
                for o in range(len(W))
            ]
            for image in padded
        ]
    )


# %% right torch
def conv_forward(X, W, b, stride, pad):
    import torch

    conv_output_size(X.shape[2], W.shape[2], stride, pad)
    conv_output_size(X.shape[3], W.shape[3], stride, pad)
    X, W, b = (torch.tensor(np.asarray(part), dtype=torch.float64) for part in (X, W, b))
    return torch.nn.functional.conv2d(X, W, b, stride, pad)


# %% wrong flipped_kernel -> one_channel_one_filter
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o][:, ::-1, ::-1]) + b[o]
    return Y


# %% wrong only_channel_0 -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, 0, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o, 0]) + b[o]
    return Y


# %% wrong filter_0_for_all_channels -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o, 0]) + b[o]
    return Y


# %% wrong bias_forgotten -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o])
    return Y


# %% wrong bias_inside_the_sum -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o] + b[o])
    return Y


# %% wrong bias_for_each_channel -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o] * len(window)
    return Y


# %% wrong stride_ignored_in_the_slice -> stride_moves_the_window
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i, j
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong padding_ignored_in_the_slice -> padding_is_zeros_all_around
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong edge_repeated_as_padding -> padding_is_zeros_all_around
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong channels_padded_too -> padding_is_zeros_all_around
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, pad)
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong first_image_for_all -> images_do_not_mix
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[0, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong images_added_up -> images_do_not_mix
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[:, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong rounded_to_whole_numbers -> layers_of_random_sizes
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out), dtype=int)
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong truncated_to_the_images_dtype -> whole_numbers_are_pixels_too
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out), dtype=X.dtype)
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong relu_after_it -> layers_of_random_sizes
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return np.maximum(Y, 0)


# %% wrong inputs_padded_in_place -> layer_leaves_its_inputs_alone
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y if X.__imul__(0) is X else Y


# %% wrong stride_for_rows_only -> stride_moves_the_window
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong height_and_width_swapped -> height_is_not_width
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    w_out = conv_output_size(X.shape[2], kh, stride, pad)
    h_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, j * stride : j * stride + kh, i * stride : i * stride + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong square_images_assumed -> height_is_not_width
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    size = conv_output_size(X.shape[2], kh, stride, pad)
    conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, size, size))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        Y[a, o, i, j] = np.sum(window * W[o][:, :, : window.shape[2]]) + b[o]
    return Y


# %% wrong rounded_up -> height_is_not_width
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    if kh > X.shape[2] + 2 * pad or kw > X.shape[3] + 2 * pad:
        raise ValueError("no window fits")
    h_out = -((X.shape[2] + 2 * pad - kh) // -stride) + 1
    w_out = -((X.shape[3] + 2 * pad - kw) // -stride) + 1
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad + stride), (pad, pad + stride)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong channels_last -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    return conv_backwards_order(X, W, b, stride, pad)


def conv_backwards_order(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((len(X), h_out, w_out, len(W)))
    for a, i, j, o in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + W.shape[2], j * stride : j * stride + W.shape[3]]
        Y[a, i, j, o] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong reshaped_into_nchw -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((len(X), h_out, w_out, len(W)))
    for a, i, j, o in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + W.shape[2], j * stride : j * stride + W.shape[3]]
        Y[a, i, j, o] = np.sum(window * W[o]) + b[o]
    return Y.reshape(len(X), len(W), h_out, w_out)


# %% wrong bias_added_to_columns -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((len(X), len(W), h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + W.shape[2], j * stride : j * stride + W.shape[3]]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[j % len(b)]
    return Y


# %% wrong nothing_said_where_nothing_fits -> no_window_in_the_batch
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out, w_out = (X.shape[2] + 2 * pad - kh) // stride + 1, (X.shape[3] + 2 * pad - kw) // stride + 1
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y
