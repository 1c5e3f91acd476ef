# %% nbgrader={"grade_id": "conv_macs", "solution": true}
def conv_macs(c_in, c_out, k, h_out, w_out):
    """Count the multiply-adds of a layer with k × k filters, for one image.

    c_in, c_out: channels in and out; k: the filters' side
    h_out, w_out: the size of the result
    """
    ### BEGIN SOLUTION
    return c_out * h_out * w_out * c_in * k * k
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_macs", "grade": true, "points": 1}
check("conv_macs")

# %% [markdown]
# The lecture's example: six 5 × 5 filters on a 32 × 32 colour image. A fully connected layer that made the same 28 × 28
# × 6 numbers would need a weight for every pair of input and output.

# %% tags=["explore"]
side = conv_output_size(32, 5, 1, 0)
dense = (32 * 32 * 3 + 1) * side * side * 6
print(f"result: {side} × {side} × 6")
print(f"convolution:     {conv_params(3, 6, 5):>10,} parameters, {conv_macs(3, 6, 5, side, side):>10,} multiply-adds")
print(f"fully connected: {dense:>10,} parameters, {32 * 32 * 3 * side * side * 6:>10,} multiply-adds")

# %% [markdown]
# Where do parameters and work sit in a network? Below, four layers with 3 × 3 filters, each followed by a halving of
# the image. From the second layer on the work is the same in each: twice the channels on both sides, at a quarter of
# the places. The parameters are not: the third layer has four times those of the second, and the fourth four times
# those of the third, so the last holds three quarters of them.

# %% tags=["explore"]
layers = [(3, 32, 32), (32, 64, 16), (64, 128, 8), (128, 256, 4)]
params = np.array([conv_params(c_in, c_out, 3) for c_in, c_out, _ in layers])
macs = np.array([conv_macs(c_in, c_out, 3, size, size) for c_in, c_out, size in layers])
plots.bars(
    {"parameters": 100 * params / params.sum(), "multiply-adds": 100 * macs / macs.sum()},
    [f"{c_in} → {c_out}\nat {size} × {size}" for c_in, c_out, size in layers],
    ylabel="share of the whole, %",
    title=f"{params.sum():,} parameters, {macs.sum() / 1e6:.1f} million multiply-adds per image",
)


# %% visible
@checks("conv_macs")
def multiply_adds_of_the_slide(student: Student, rng: Rng) -> None:
    """Six 5 × 5 filters on three channels, 28 × 28 places: 352,800 multiply-adds."""
    mistakes = {
        "Those are FLOPs: a multiply-add is one MAC, though two FLOPs.": 705_600,
        "The biases are no multiply-adds: leave them out.": 357_504,
        "A filter looks at all input channels: c_in · k · k products.": 117_600,
        "Those are one filter's: there are c_out of them.": 58_800,
        "Those are the weights: each is used at every place of the result.": 450,
    }
    _expect_count(student, "conv_macs", (3, 6, 5, 28, 28), 352_800, mistakes)


@checks("conv_macs")
def places_make_a_rectangle(student: Student, rng: Rng) -> None:
    """Three 3 × 3 filters on two channels at 4 × 5 places: 1,080 multiply-adds."""
    mistakes = {
        "Those are FLOPs: a multiply-add is one MAC, though two FLOPs.": 2160,
        "The result has h_out · w_out places; it need not be square.": 864,
    }
    _expect_count(student, "conv_macs", (2, 3, 3, 4, 5), 1080, mistakes)


@checks("conv_macs")
def multiply_adds_of_a_wide_layer(student: Student, rng: Rng) -> None:
    """From 512 channels to 512 with 3 × 3 filters at 56 × 56 places: 7,398,752,256, more than 32 bits hold."""
    mistakes: dict[str, float] = {
        "That went round at 2³¹: 32 bits hold no more. Python's own whole numbers have no limit.": (
            (7_398_752_256 + 2**31) % 2**32 - 2**31
        )
    }
    _expect_count(student, "conv_macs", (512, 512, 3, 56, 56), 7_398_752_256, mistakes)


# %% hidden
@checks("conv_macs")
def multiply_adds_of_random_layers(student: Student, rng: Rng) -> None:
    """The multiply-adds of ten random layers are counted right."""
    for k in (1, 2, 3, 4, 5) * 2:
        c_in, c_out, h_out, w_out = (int(rng.integers(1, high)) for high in (8, 8, 9, 9))
        right = np.ones((c_out, h_out, w_out, c_in, k, k)).size
        hint = "Each of c_out · h_out · w_out results is a sum of c_in · k · k products."
        expect_close(student.call("conv_macs", c_in, c_out, k, h_out, w_out), right, hint=hint)


# %% right by_the_weights
def conv_macs(c_in, c_out, k, h_out, w_out):
    weights = c_in * c_out * k**2
    return weights * h_out * w_out


# %% right numpy
# - return c_out * h_out * w_out * c_in * k * k
# + return np.prod([c_in, c_out, k, k, h_out, w_out])

# %% right float
# - return c_out * h_out * w_out * c_in * k * k
# + return 1.0 * (h_out * w_out) * c_out * (c_in * k * k)

# %% wrong flops -> multiply_adds_of_the_slide
# - return c_out * h_out * w_out * c_in * k * k
# + return 2 * c_out * h_out * w_out * c_in * k * k

# %% wrong biases_too -> multiply_adds_of_the_slide
# - return c_out * h_out * w_out * c_in * k * k
# + return c_out * h_out * w_out * (c_in * k * k + 1)

# %% wrong one_channel -> multiply_adds_of_the_slide
# - return c_out * h_out * w_out * c_in * k * k
# + return c_out * h_out * w_out * k * k

# %% wrong one_filter -> multiply_adds_of_the_slide
# - return c_out * h_out * w_out * c_in * k * k
# + return h_out * w_out * c_in * k * k

# %% wrong only_the_weights -> multiply_adds_of_the_slide
# - return c_out * h_out * w_out * c_in * k * k
# + return c_out * c_in * k * k

# %% wrong square_result -> places_make_a_rectangle
# - return c_out * h_out * w_out * c_in * k * k
# + return c_out * h_out * h_out * c_in * k * k

# %% wrong additions_one_fewer -> multiply_adds_of_the_slide
# - return c_out * h_out * w_out * c_in * k * k
# + return c_out * h_out * w_out * (c_in * k * k - 1)

# %% wrong odd_sides_only -> multiply_adds_of_random_layers
# - return c_out * h_out * w_out * c_in * k * k
# + return c_out * h_out * w_out * c_in * (k - 1 + k % 2) ** 2


# %% wrong counted_in_32_bits -> multiply_adds_of_a_wide_layer
# - return c_out * h_out * w_out * c_in * k * k
# + return int(np.prod(np.array([c_in, c_out, k, k, h_out, w_out], dtype=np.int32), dtype=np.int32))
