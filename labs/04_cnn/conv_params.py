# %% [markdown]
# ## 3 · What a layer costs
#
# Images have channels: three for colours, more inside a network. One filter looks at **all** channels of a window,
# $c_{\text{in}} \times k \times k$ weights and one bias, and makes one output channel. A layer with $c_{\text{out}}$
# filters has
#
# $$c_{\text{out}} \,(c_{\text{in}}\, k^2 + 1) \text{ parameters}, \qquad
# c_{\text{out}}\, h_{\text{out}}\, w_{\text{out}} \cdot c_{\text{in}}\, k^2 \text{ multiply-adds}$$
#
# for one image (biases are not counted as multiply-adds). The parameters do not depend on the size of the image: that
# is what sharing weights means. A multiply-add (MAC) is a multiplication **and** an addition: 2 FLOP (floating-point
# operations). Papers mix up the two, and that alone can look like a speed-up of two.

# %% nbgrader={"grade_id": "conv_params", "solution": true}
def conv_params(c_in, c_out, k):
    """Count the parameters of a layer with k × k filters, biases included.

    c_in, c_out: channels in and out; k: the filters' side
    """
    ### BEGIN SOLUTION
    return c_out * (c_in * k * k + 1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_params", "grade": true, "points": 1}
check("conv_params")


# %% visible
@checks("conv_params")
def parameters_of_the_slide(student: Student, rng: Rng) -> None:
    """Six 5 × 5 filters on three channels have 456 parameters."""
    mistakes = {
        "The biases are missing: one for each filter.": 450,
        "A filter looks at all input channels: c_in · k · k weights.": 156,
        "There is one bias for each filter, not one for all.": 451,
        "There is one bias for each filter, not one for each channel of each filter.": 468,
        "A filter has k · k weights per channel.": 96,
        "The biases go with the filters: there are c_out of them, not c_in.": 453,
    }
    _expect_count(student, "conv_params", (3, 6, 5), 456, mistakes)


@checks("conv_params")
def channels_in_and_out_differ(student: Student, rng: Rng) -> None:
    """From 64 channels to 3 with 1 × 1 filters are 195 parameters, from 3 to 64 they are 256."""
    _expect_count(student, "conv_params", (64, 3, 1), 195, {"c_in and c_out are exchanged: biases go with c_out.": 256})
    _expect_count(student, "conv_params", (3, 64, 1), 256, {"c_in and c_out are exchanged: biases go with c_out.": 195})


@checks("conv_params")
def parameters_of_a_wide_layer(student: Student, rng: Rng) -> None:
    """From 512 channels to 512 with 3 × 3 filters are 2,359,808 parameters, which 16 bits do not hold."""
    mistakes: dict[str, float] = {"The biases are missing: one for each filter.": 2_359_296}
    _expect_count(student, "conv_params", (512, 512, 3), 2_359_808, mistakes)


# %% hidden
@checks("conv_params")
def parameters_of_random_layers(student: Student, rng: Rng) -> None:
    """The parameters of ten random layers are counted right."""
    for k in range(1, 11):
        c_in, c_out = (int(rng.integers(1, 40)) for _ in range(2))
        right = np.ones((c_out, c_in, k, k)).size + c_out
        hint = "Weights: one for each output channel, input channel, row and column; and one bias for each filter."
        expect_close(student.call("conv_params", c_in, c_out, k), right, hint=hint)


# %% right terms
def conv_params(c_in, c_out, k):
    weights, biases = c_out * c_in * k**2, c_out
    return weights + biases


# %% right torch
def conv_params(c_in, c_out, k):
    import torch

    return sum(p.numel() for p in torch.nn.Conv2d(c_in, c_out, k).parameters())


# %% right float
# - return c_out * (c_in * k * k + 1)
# + return float(np.prod([c_out, c_in, k, k]) + c_out)

# %% wrong bias_forgotten -> parameters_of_the_slide
# - return c_out * (c_in * k * k + 1)
# + return c_out * c_in * k * k

# %% wrong one_channel -> parameters_of_the_slide
# - return c_out * (c_in * k * k + 1)
# + return c_out * (k * k + 1)

# %% wrong one_bias_for_all -> parameters_of_the_slide
# - return c_out * (c_in * k * k + 1)
# + return c_out * c_in * k * k + 1

# %% wrong a_bias_for_each_channel -> parameters_of_the_slide
# - return c_out * (c_in * k * k + 1)
# + return c_out * c_in * (k * k + 1)

# %% wrong side_instead_of_area -> parameters_of_the_slide
# - return c_out * (c_in * k * k + 1)
# + return c_out * (c_in * k + 1)

# %% wrong biases_of_the_input -> channels_in_and_out_differ
# - return c_out * (c_in * k * k + 1)
# + return c_in * (c_out * k * k + 1)

# %% wrong side_of_five -> parameters_of_random_layers
# - return c_out * (c_in * k * k + 1)
# + return c_out * (c_in * (25 if k > 1 else 1) + 1)


# %% wrong counted_in_sixteen_bits -> parameters_of_a_wide_layer
# - return c_out * (c_in * k * k + 1)
# + return int(np.int16(c_out) * np.int16(c_in)) * k * k + c_out
