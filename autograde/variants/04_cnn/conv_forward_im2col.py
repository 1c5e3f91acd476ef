"""Right and wrong answers to the exercise conv_forward_im2col."""

# %% setup
import numpy as np


# %% right moveaxis
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = X.shape[0], W.shape
    h_out = (X.shape[2] + 2 * pad - kh) // stride + 1
    rows = np.dot(im2col(X, kh, kw, stride, pad), W.reshape(c_out, -1).T)
    return np.moveaxis((rows + b).reshape(n, h_out, -1, c_out), -1, 1)


# %% right filters_first
def conv_forward_im2col(X, W, b, stride, pad):
    c_out, _, kh, kw = W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    Y = W.reshape(c_out, -1) @ im2col(X, kh, kw, stride, pad).T + np.reshape(b, (-1, 1))
    return Y.reshape(c_out, len(X), h_out, w_out).swapaxes(0, 1)


# %% right einsum_in_float32
def conv_forward_im2col(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    cols = np.asarray(im2col(X, *W.shape[2:], stride, pad), np.float32).reshape(len(X), h_out, w_out, -1)
    return np.einsum("nijk,ok->noij", cols, W.reshape(len(W), -1)).astype(np.float32) + b[:, None, None]


# %% right windows_without_im2col
def conv_forward_im2col(X, W, b, stride, pad):
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.tensordot(windows, W, ([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2) + np.reshape(b, (1, -1, 1, 1))


# %% wrong reshaped_without_moving_the_axis -> product_in_the_right_order
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    return (cols @ W.reshape(c_out, -1).T + b).reshape(n, c_out, h_out, w_out)


# %% wrong filters_reshaped_instead_of_transposed -> product_in_the_right_order
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W.reshape(-1, c_out) + b
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)


# %% wrong channels_last -> product_in_the_right_order
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out)


# %% wrong bias_forgotten -> product_in_the_right_order
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    return (cols @ W.reshape(c_out, -1).T).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)


# %% wrong bias_added_to_columns -> product_in_the_right_order
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W.reshape(c_out, -1).T
    Y = rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
    return Y + np.resize(b, w_out)


# %% wrong flipped_kernel -> product_of_one_channel
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W[:, :, ::-1, ::-1].reshape(c_out, -1).T + b
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)


# %% wrong transposed_kernel -> product_of_one_channel
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W.transpose(0, 1, 3, 2).reshape(c_out, -1).T + b
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)


# %% wrong height_and_width_swapped -> product_of_a_rectangle
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W.reshape(c_out, -1).T + b
    return rows.reshape(n, w_out, h_out, c_out).transpose(0, 3, 1, 2)


# %% wrong rows_and_columns_transposed -> product_of_a_rectangle
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W.reshape(c_out, -1).T + b
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 2, 1)


# %% wrong images_mixed_with_filters -> products_of_random_sizes
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    return (W.reshape(c_out, -1) @ cols.T + np.reshape(b, (-1, 1))).reshape(n, c_out, h_out, w_out)


# %% wrong calls_the_loops -> one_product_and_no_loop
def conv_forward_im2col(X, W, b, stride, pad):
    return conv_forward(X, W, b, stride, pad)


# %% wrong a_product_for_each_image -> one_product_and_no_loop
def conv_forward_im2col(X, W, b, stride, pad):
    Y = []
    for image in X:
        h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
        rows = im2col(image[None], *W.shape[2:], stride, pad) @ W.reshape(len(W), -1).T + b
        Y.append(rows.T.reshape(len(W), h_out, -1))
    return np.array(Y)


# %% wrong bias_added_into_the_callers_array -> product_leaves_its_inputs_alone
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    b += 0.5
    rows = cols @ W.reshape(c_out, -1).T + (b - 0.5)
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)


# %% wrong strides_of_one_and_two_only -> products_of_random_sizes
def conv_forward_im2col(X, W, b, stride, pad):
    stride = min(stride, 2)
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W.reshape(c_out, -1).T + b
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
