# %% [markdown]
# ## 2 · How large is the result?
#
# Two more numbers describe how a filter moves. With **stride** $s$ it jumps $s$ pixels at a time, so the result is
# about $s$ times smaller. With **padding** $p$ the image first gets $p$ rows and columns of zeros on each side, so that
# its border is seen as often as its middle. Along one axis of $n$ pixels, a filter of $k$ fits in
#
# $$n_{\text{out}} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# places. Rounded **down**: where the last jump would lead over the edge, it is not made, and a few pixels are never
# seen. The $+1$ is the place where the filter starts.

# %% nbgrader={"grade_id": "conv_output_size", "solution": true}
def conv_output_size(n, k, stride, pad):
    """Count the places where a window fits along one axis.

    n: pixels, k: the window's pixels, stride: pixels per jump, 1 or more
    pad: zeros added on EACH side
    Returns a whole number, 1 or more. ValueError if no window fits.

    Hint: // rounds down; if k is larger than n + 2·pad, no window fits.
    """
    ### BEGIN SOLUTION
    room = n + 2 * pad - k
    if room < 0:
        raise ValueError(f"no window of {k} fits into {n} pixels with {pad} zeros on each side")
    return room // stride + 1
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_output_size", "grade": true, "points": 1}
check("conv_output_size")

# %% [markdown]
# The same as a picture: every row is one place of the filter. Pixels that no window reaches are orange.

# %% tags=["explore"]
settings = [(7, 3, 1, 0), (7, 3, 2, 0), (8, 3, 2, 0), (8, 3, 2, 1)]
plots.placements(settings, counts=[conv_output_size(*setting) for setting in settings])

# %% visible
ROUNDED_UP = "Rounded up: a window that would stick out over the edge is left out. Use //, which rounds down."
NO_PLUS_ONE = "The + 1 is missing, or is divided too: the place where the window starts counts as one more."
ONE_SIDE = "Padding is added on each side: n + 2 * pad."


def _expect_size(
    student: Student, setting: tuple[int, ...], right: int, mistakes: dict[str, int] | None = None
) -> None:
    n, k, stride, pad = setting
    try:
        got = student.call("conv_output_size", *setting)
    except StudentError as error:
        hint = f"Raise ValueError only where k is larger than n + 2 * pad, which is {n + 2 * pad} here."
        fits = f"A window of {k} fits into {n} pixels with {pad} zeros on each side, and ValueError is raised."
        expect(error.kind != "ValueError", fits, got=error.got, hint=hint)
        raise
    hint = "Draw the pixels as a row of boxes, and move the window until it would stick out."
    what = f"The count for n = {n}, k = {k}, stride {stride}, pad {pad}"
    expect_close(got, right, hint=hint, what=what, mistakes=mistakes or {})
    kind = f"{float(np.asarray(got))}, of type {type(got).__name__}"
    expect(
        isinstance(got, int), f"{what} is not an int.", expected=f"{right}, an int", got=kind, hint="Divide with //."
    )


@checks("conv_output_size")
def windows_are_counted(student: Student, rng: Rng) -> None:
    """A window of 5 fits into 32 pixels in 28 places, and one of 3 into 3 pixels in one."""
    _expect_size(student, (32, 5, 1, 0), 28, {NO_PLUS_ONE: 27})
    _expect_size(student, (3, 3, 1, 0), 1, {NO_PLUS_ONE: 0})


@checks("conv_output_size")
def rest_is_dropped(student: Student, rng: Rng) -> None:
    """With stride 2, a window of 3 fits into 8 pixels in 3 places, and into 7 just as well."""
    _expect_size(student, (8, 3, 2, 0), 3, {ROUNDED_UP: 4, NO_PLUS_ONE: 2, "The stride is not used.": 6})
    _expect_size(student, (7, 3, 2, 0), 3, {NO_PLUS_ONE: 2})


@checks("conv_output_size")
def padding_counts_twice(student: Student, rng: Rng) -> None:
    """With two zeros on each side, a window of 3 fits into 7 pixels in 9 places."""
    _expect_size(student, (7, 3, 1, 2), 9, {ONE_SIDE: 7, NO_PLUS_ONE: 8, "The padding is not used.": 5})
    _expect_size(student, (2, 6, 3, 3), 1, {NO_PLUS_ONE: 0, ROUNDED_UP: 2})


@checks("conv_output_size")
def window_that_does_not_fit(student: Student, rng: Rng) -> None:
    """A window of 5 on 4 pixels is refused with ValueError, whatever the stride."""
    for n, k, stride, pad in ((4, 5, 1, 0), (4, 5, 2, 0), (2, 5, 3, 1)):
        what = f"A window of {k} does not fit into {n} pixels with pad {pad}"
        _expect_refusal(student, "conv_output_size", n, k, stride, pad, what=what)


# %% hidden
def conv_output_size(n: Any, k: Any, stride: Any, pad: Any) -> Any:
    """Return how many windows fit."""
    count = len(range(0, int(n) + 2 * int(pad) - int(k) + 1, int(stride)))
    if count < 1:
        raise ValueError("no window fits")
    return count


@checks("conv_output_size")
def sizes_of_every_kind(student: Student, rng: Rng) -> None:
    """Sizes are right for 40 random settings."""
    for _ in range(40):
        n, k, stride, pad = (int(rng.integers(low, high)) for low, high in ((1, 600), (1, 8), (1, 5), (0, 4)))
        if k <= n + 2 * pad:
            what = f"The count for n = {n}, k = {k}, stride {stride}, pad {pad}"
            got = student.call("conv_output_size", n, k, stride, pad)
            hint = "Count the starts 0, stride, 2·stride, … from which the window still fits."
            expect_close(got, conv_output_size(n, k, stride, pad), hint=hint, what=what)


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


# %% wrong truncated_towards_zero of numpy_integer -> window_that_does_not_fit
# - size = np.floor_divide(n + 2 * pad - k, stride) + 1
# + size = int((n + 2 * pad - k) / stride) + 1


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
