"""Right and wrong answers to the exercise correlate2d."""

# %% setup
import numpy as np


# %% right loops
def correlate2d(x, k):
    h, w, kh, kw = len(x), len(x[0]), len(k), len(k[0])
    if kh > h or kw > w:
        raise ValueError("too large")
    return [
        [sum(x[i + u][j + v] * k[u][v] for u in range(kh) for v in range(kw)) for j in range(w - kw + 1)]
        for i in range(h - kh + 1)
    ]


# %% right shifted_images
def correlate2d(x, k):
    kh, kw = k.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    if min(rows, columns) <= 0:
        raise ValueError(f"{k.shape} > {x.shape}")
    y = np.zeros((rows, columns), np.float32)
    for u in range(kh):
        for v in range(kw):
            y += k[u, v] * x[u : u + rows, v : v + columns]
    return y


# %% right windows
def correlate2d(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


# %% right torch
def correlate2d(x, k):
    import torch

    if k.shape[0] > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("the filter is larger than the image")
    x, k = torch.tensor(x, dtype=torch.float64), torch.tensor(k, dtype=torch.float64)
    return torch.nn.functional.conv2d(x[None, None], k[None, None])[0, 0]


# %% wrong flipped_kernel -> filter_is_not_flipped
def correlate2d(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k[::-1, ::-1])
    return y


# %% wrong transposed_kernel -> filter_is_not_flipped
def correlate2d(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = sum(x[i + v, j + u] * k[u, v] for u in range(kh) for v in range(kw))
    return y


# %% wrong mean_of_the_products -> filter_is_not_flipped
def correlate2d(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return (windows * k).mean(axis=(2, 3))


# %% wrong height_and_width_swapped -> rectangles_are_welcome
def correlate2d(x, k):
    kw, kh = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("too large")
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        window = x[i : i + kh, j : j + kw]
        y[i, j] = np.sum(window * k.T) if kh != kw else np.sum(window * k)
    return y


# %% wrong square_filters_only -> rectangles_are_welcome
def correlate2d(x, k):
    n = k.shape[0]
    if n > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("too large")
    y = np.zeros((x.shape[0] - n + 1, x.shape[1] - n + 1))
    for i, j in np.ndindex(y.shape):
        window = x[i : i + n, j : j + k.shape[1]]
        y[i, j] = np.sum(window * k[:, : window.shape[1]])
    return y


# %% wrong one_place_missing -> slides_come_out
def correlate2d(x, k):
    kh, kw = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("too large")
    y = np.zeros((x.shape[0] - kh, x.shape[1] - kw))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k)
    return y


# %% wrong matrix_product_of_the_window -> filter_is_not_flipped
def correlate2d(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = (x[i : i + kh, j : j + kw] @ k.T).sum()
    return y


# %% wrong truncated_to_the_images_dtype -> fractions_are_kept
def correlate2d(x, k):
    kh, kw = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("too large")
    y = np.zeros_like(x)[: x.shape[0] - kh + 1, : x.shape[1] - kw + 1]
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k)
    return y


# %% wrong empty_result_where_nothing_fits -> filter_larger_than_the_image
def correlate2d(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k)
    return y


# %% wrong assertion_instead_of_value_error -> filter_larger_than_the_image
def correlate2d(x, k):
    assert k.shape[0] <= x.shape[0] and k.shape[1] <= x.shape[1]
    return np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(x, k.shape), k)


# %% wrong padded_to_the_same_size -> rectangles_are_welcome
def correlate2d(x, k):
    kh, kw = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("too large")
    padded = np.pad(x, ((kh // 2, kh - 1 - kh // 2), (kw // 2, kw - 1 - kw // 2)))
    return np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(padded, k.shape), k)


# %% wrong a_view_for_the_identity -> image_and_filter_stay
def correlate2d(x, k):
    if k.shape == (1, 1) and k[0, 0] == 1:
        return x
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


# %% wrong filter_normalised_in_place -> image_and_filter_stay
def correlate2d(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    y = np.einsum("ijuv,uv->ij", windows, k)
    x *= 0
    return y


# %% wrong two_by_two_and_three_by_three_only -> correlation_of_random_images
def correlate2d(x, k):
    if k.shape[0] > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("too large")
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    y = np.einsum("ijuv,uv->ij", windows, k)
    return np.round(y, 2)
