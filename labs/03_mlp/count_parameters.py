# %% [markdown]
# ## 4 · How many numbers is that?
#
# A layer from $a$ to $b$ units has $a \cdot b$ weights and $b$ biases. The network 3-2-2, to take a small one, has $3\cdot2 + 2 + 2\cdot2
# + 2 = 14$ parameters. Count those of the slide's network before you run the check.

# %% nbgrader={"grade_id": "count_parameters", "solution": true}
def count_parameters(sizes):
    """Count the weights and biases of a network.

    sizes: numbers of units from the input to the output, such as [784, 16, 16, 10]
    Returns a whole number.
    """
    ### BEGIN SOLUTION
    return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_count_parameters", "grade": true, "points": 1}
check("count_parameters")

# %% tags=["explore"]
for sizes in ([784, 10], [784, 16, 16, 10], [784, 128, 10], [784, 256, 10], SIZES):
    share = (sizes[0] + 1) * sizes[1] / count_parameters(sizes)
    short = "-".join(map(str, sizes)) if len(sizes) < 6 else "784, ten times 100, 10"
    print(f"{short:<24}{count_parameters(sizes):>9,} parameters, {share:4.0%} of them in the first layer")


# %% visible
@checks("count_parameters")
def parameters_of_a_small_network(student: Student, rng: Rng) -> None:
    """3-2-2 has 14 parameters: 6 + 2 in the first layer, 4 + 2 in the second."""
    expect_close(
        student.call("count_parameters", [3, 2, 2]),
        14,
        hint="A layer from a to b units has a · b weights and b biases.",
        what="The count",
        mistakes={
            "Those are the weights only: each unit of a layer has a bias as well.": 10,
            "The input has no biases: only the units of later layers have.": 17,
            "Two biases are missing: each unit of each layer has one, except the inputs.": 12,
            "Those are the units, not the connections between them.": 7,
        },
    )


@checks("count_parameters")
def parameters_of_the_slide(student: Student, rng: Rng) -> None:
    """The slides' network, 784-16-16-10, has 13,002 parameters."""
    expect_close(
        student.call("count_parameters", [784, 16, 16, 10]),
        13_002,
        hint="Add up (a + 1) · b over neighbouring sizes.",
        what="The count",
        mistakes={"Those are the weights only: each unit of a layer has a bias as well.": 12_960},
    )
    expect_inputs_unchanged(student)


@checks("count_parameters")
def parameters_of_a_wide_network(student: Student, rng: Rng) -> None:
    """784-128-10 has 101,770 parameters: more than 16 bits can count."""
    expect_close(
        student.call("count_parameters", [784, 128, 10]),
        101_770,
        hint="Add up (a + 1) · b over neighbouring sizes, with Python's own whole numbers: int16 ends at 32,767.",
        what="The count",
        mistakes={"Those are the weights only: each unit of a layer has a bias as well.": 101_632},
    )


# %% hidden
@checks("count_parameters")
def parameters_of_random_networks(student: Student, rng: Rng) -> None:
    """Networks of two to six sizes are counted right, layers of equal sizes too."""
    networks = [[int(size) for size in rng.integers(1, 50, size=n_sizes)] for n_sizes in (2, 3, 4, 6)]
    for sizes in (*networks, [networks[0][0]] * 4):
        n_layers = len(sizes) - 1
        right = sum(np.zeros((sizes[i], sizes[i + 1])).size + np.zeros(sizes[i + 1]).size for i in range(n_layers))
        hint = "Weights and biases of every layer, whatever their number, and whether or not others have their sizes."
        expect_close(student.call("count_parameters", sizes), right, hint=hint, what="The count")


# %% right loop
def count_parameters(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i] + sizes[i]
    return total


# %% right dot_products
def count_parameters(sizes):
    sizes = np.array(sizes)
    return sizes[:-1] @ sizes[1:] + sizes[1:].sum()


# %% right made_and_counted
def count_parameters(sizes):
    layers = [torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
    return sum(p.numel() for layer in layers for p in layer.parameters())


# %% wrong weights_only -> parameters_of_a_small_network
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return sum(a * b for a, b in zip(sizes, sizes[1:]))

# %% wrong biases_of_the_inputs_too -> parameters_of_a_small_network
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return sum((a + 1) * b for a, b in zip(sizes, sizes[1:])) + sizes[0]

# %% wrong bias_for_each_input -> parameters_of_a_small_network
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return sum(a * (b + 1) for a, b in zip(sizes, sizes[1:]))

# %% wrong one_bias_a_layer -> parameters_of_a_small_network
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return sum(a * b + 1 for a, b in zip(sizes, sizes[1:]))

# %% wrong last_layer_without_biases -> parameters_of_a_small_network
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return sum((a + 1) * b for a, b in zip(sizes, sizes[1:])) - sizes[-1]

# %% wrong units -> parameters_of_a_small_network
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return sum(sizes)

# %% wrong multiplied -> parameters_of_a_small_network
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return int(np.prod(sizes)) + sum(sizes[1:])


# %% wrong every_pair_of_layers -> parameters_of_the_slide
def count_parameters(sizes):
    pairs = [(a, b) for i, a in enumerate(sizes) for b in sizes[i + 1 :] if a >= b]
    return sum(a * b for a, b in pairs) + sum(sizes[1:]) - (6 if sizes == [3, 2, 2] else 0)


# %% wrong three_layers_only -> parameters_of_random_networks
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return sum((a + 1) * b for a, b in zip(sizes[:4], sizes[1:4]))


# %% wrong empties_the_list of loop -> parameters_of_the_slide
# - for i in range(1, len(sizes)):
# -     total += sizes[i - 1] * sizes[i] + sizes[i]
# + while len(sizes) > 1:
# +     total += (sizes.pop(0) + 1) * sizes[0]


# %% wrong sixteen_bits -> parameters_of_a_wide_network
def count_parameters(sizes):
    units = np.array(sizes, dtype=np.int16)
    return int(((units[:-1] + 1) * units[1:]).sum(dtype=np.int16))


# %% wrong thousands_counted_in_float16 -> parameters_of_a_wide_network
def count_parameters(sizes):
    a, b = np.array(sizes[:-1], dtype=np.float32), np.array(sizes[1:], dtype=np.float32)
    return float(np.float16(((a + 1) * b).sum()))


# %% wrong equal_layers_once -> parameters_of_random_networks
# - return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
# + return sum({(n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:])})
