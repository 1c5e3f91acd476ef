"""Right and wrong answers to the exercise conv_output_size."""

# %% setup


# %% right one_line_of_arithmetic
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError(f"a window of {k} does not fit into {n} + 2 * {pad}")
    return (n - k + 2 * pad + stride) // stride


# %% right counted
def conv_output_size(n, k, stride, pad):
    starts = list(range(-pad, n + pad - k + 1, stride))
    if not starts:
        raise ValueError("no window fits")
    return len(starts)


# %% right floor
def conv_output_size(n, k, stride, pad):
    import math

    size = math.floor((n + 2 * pad - k) / stride) + 1
    if size <= 0:
        raise ValueError("no window fits")
    return size


# %% right numpy_integer
def conv_output_size(n, k, stride, pad):
    size = np.floor_divide(n + 2 * pad - k, stride) + 1
    if size < 1:
        raise ValueError("no window fits")
    return size


# %% wrong rounded_up -> rest_is_dropped
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("no window fits")
    return -((n + 2 * pad - k) // -stride) + 1


# %% wrong without_plus_one -> windows_are_counted
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("no window fits")
    return (n + 2 * pad - k) // stride


# %% wrong rounded_to_the_nearest -> rest_is_dropped
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("no window fits")
    return int((n + 2 * pad - k) / stride + 0.5) + 1


# %% wrong padding_on_one_side -> padding_counts_twice
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("no window fits")
    return (n + pad - k) // stride + 1


# %% wrong stride_ignored -> rest_is_dropped
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("no window fits")
    return n + 2 * pad - k + 1


# %% wrong true_division -> windows_are_counted
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("no window fits")
    return (n + 2 * pad - k) / stride + 1


# %% wrong zero_or_less_is_returned -> window_that_does_not_fit
def conv_output_size(n, k, stride, pad):
    return (n + 2 * pad - k) // stride + 1


# %% wrong refused_only_by_the_image -> padding_counts_twice
def conv_output_size(n, k, stride, pad):
    if k > n:
        raise ValueError("no window fits")
    return (n + 2 * pad - k) // stride + 1


# %% wrong truncated_towards_zero -> window_that_does_not_fit
def conv_output_size(n, k, stride, pad):
    size = int((n + 2 * pad - k) / stride) + 1
    if size < 1:
        raise ValueError("no window fits")
    return size


# %% wrong plus_one_within_the_division -> rest_is_dropped
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("no window fits")
    return (n + 2 * pad - k + 1) // stride if stride > 1 else n + 2 * pad - k + 1


# %% wrong learnt_by_heart_for_strides_of_one_and_two -> sizes_of_every_kind
def conv_output_size(n, k, stride, pad):
    if k > n + 2 * pad:
        raise ValueError("no window fits")
    return (n + 2 * pad - k) // min(stride, 2) + 1 if k < n + 2 * pad else 1
