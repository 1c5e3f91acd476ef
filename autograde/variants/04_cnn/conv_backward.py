"""Right and wrong answers to the exercise conv_backward."""

# %% setup
import numpy as np


# %% right loops
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% right slices
def conv_backward(dY, X, W, stride, pad):
    h_out, w_out = dY.shape[2:]
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad))).astype(np.float32)
    dP, dW = np.zeros_like(padded), np.zeros(W.shape, np.float32)
    for u in range(W.shape[2]):
        for v in range(W.shape[3]):
            place = np.s_[:, :, u : u + (h_out - 1) * stride + 1 : stride, v : v + (w_out - 1) * stride + 1 : stride]
            dW[:, :, u, v] = np.tensordot(dY, padded[place], ([0, 2, 3], [0, 2, 3]))
            dP[place] += np.einsum("nohw,oc->nchw", dY, W[:, :, u, v])
    bottom, right = dP.shape[2] - pad, dP.shape[3] - pad
    return [dP[:, :, pad:bottom, pad:right], dW, np.einsum("nohw->o", dY)]


# %% right torch
def conv_backward(dY, X, W, stride, pad):
    import torch

    X, W = (torch.tensor(part, dtype=torch.float64, requires_grad=True) for part in (X, W))
    b = torch.zeros(len(W), dtype=torch.float64, requires_grad=True)
    torch.nn.functional.conv2d(X, W, b, stride, pad).backward(torch.tensor(dY, dtype=torch.float64))
    return X.grad, W.grad, b.grad


# %% wrong dw_flipped -> gradient_of_the_filter
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW[:, :, ::-1, ::-1], dY.sum(axis=(0, 2, 3))


# %% wrong dw_overwritten -> gradient_of_the_filter
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] = dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong dw_averaged -> gradient_of_the_filter
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW / (dY.size / c_out), dY.sum(axis=(0, 2, 3))


# %% wrong dw_transposed -> gradient_of_the_filter
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW.transpose(0, 1, 3, 2), dY.sum(axis=(0, 2, 3))


# %% wrong dx_with_the_flipped_filter -> gradient_of_the_image
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o][:, ::-1, ::-1]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong dx_overwritten -> gradient_of_the_image
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] = dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong dx_overwritten_by_slices -> gradient_of_the_image
def conv_backward(dY, X, W, stride, pad):
    h_out, w_out = dY.shape[2:]
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros_like(padded), np.zeros(W.shape)
    for u, v in np.ndindex(*W.shape[2:]):
        place = np.s_[:, :, u : u + (h_out - 1) * stride + 1 : stride, v : v + (w_out - 1) * stride + 1 : stride]
        dW[:, :, u, v] = np.tensordot(dY, padded[place], ([0, 2, 3], [0, 2, 3]))
        dP[place] = np.einsum("nohw,oc->nchw", dY, W[:, :, u, v])
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong db_of_the_batch_only -> gradient_of_the_bias
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=0)


# %% wrong db_a_mean -> gradient_of_the_bias
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.mean(axis=(0, 2, 3))


# %% wrong db_of_the_first_image -> gradient_of_the_bias
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY[0].sum(axis=(1, 2))


# %% wrong db_one_number -> gradient_of_the_bias
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum()


# %% wrong db_one_at_each_place -> gradient_of_the_bias
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY[:, :, 0, 0].sum(axis=0)


# %% wrong padding_kept -> image_and_filter_share_the_account
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong stride_forgotten -> image_and_filter_share_the_account
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, i : i + kh, j : j + kw]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong padding_cut_on_one_side -> image_and_filter_share_the_account
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, : X.shape[2], : X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong only_channel_0 -> channels_have_their_own_gradients
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :1, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong only_filter_0 -> channels_have_their_own_gradients
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[0]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong channels_reshaped -> gradients_of_random_layers
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    rows = dY.reshape(-1, c_out)
    dW = (rows.T @ im2col(X, kh, kw, stride, pad)).reshape(W.shape)
    dX = col2im(rows @ W.reshape(c_out, -1), X.shape, kh, kw, stride, pad)
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong order_of_the_results -> gradient_of_the_filter
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dW, dX, dY.sum(axis=(0, 2, 3))


# %% wrong dx_alone -> gradient_of_the_image
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX


# %% wrong mean_over_the_batch -> image_and_filter_share_the_account
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW / len(X), dY.sum(axis=(0, 2, 3))


# %% wrong padding_of_ones -> gradients_of_random_layers
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=1)
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong dy_eaten_up -> way_back_leaves_its_inputs_alone
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    db = dY.sum(axis=(0, 2, 3))
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
        dY[a, o, i, j] = 0
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, db
