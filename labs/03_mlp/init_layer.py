# %% [markdown]
# ## 2 · Where to begin
#
# A **unit** of a layer is a neuron of lab 02: a column of $W$, its bias and its bend. Weights cannot start at zero: all
# units of a layer would compute the same, get the same gradient and stay the same for ever. They start at random, and
# the size matters. A unit adds up $n_\text{in}$ products, so its variance is $n_\text{in}$ times that of one product.
# To keep signals of one size from layer to layer, draw from a normal distribution with the **standard deviation**
#
# $$\text{He: } \sqrt{\frac{2}{n_\text{in}}} \quad\text{(relu: half of the signal is dropped, the 2 makes up for it)},\qquad
# \text{Xavier: } \sqrt{\frac{2}{n_\text{in} + n_\text{out}}} \quad\text{(tanh, sigmoid)}.$$
#
# Biases may start at zero: the weights already make the units differ.

# %% nbgrader={"grade_id": "init_layer", "solution": true}
def init_layer(n_in, n_out, kind, rng):
    """Draw the first weights of a layer.

    n_in, n_out: how many numbers go in and out
    kind: "he" or "xavier"
    rng: np.random.Generator; the same one gives the same weights
    Returns (W, b): W (n_in, n_out), normal with mean 0 and the STANDARD DEVIATION given
    above; b (n_out,), zeros.
    """
    ### BEGIN SOLUTION
    deviation = {"he": np.sqrt(2 / n_in), "xavier": np.sqrt(2 / (n_in + n_out))}[kind]
    return rng.normal(0, deviation, size=(n_in, n_out)), np.zeros(n_out)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_init_layer", "grade": true, "points": 2}
check("init_layer")

# %% [markdown]
# Five ways to begin, ten relu layers of 100 units, real digits going in. Follow each row from left to right: only one keeps its
# signal.

# %% tags=["explore"]
SIZES = [X_test.shape[1]] + [100] * 10 + [10]
LAYERS = list(zip(SIZES, SIZES[1:]))


def beginnings(rng):
    """Draw the same network five times, begun in five ways."""

    def normal(deviation):
        return [(deviation * rng.normal(size=pair), np.zeros(pair[1])) for pair in LAYERS]

    return {
        "zero": normal(0.0),
        "0.01 · N(0, 1)": normal(0.01),
        "N(0, 1)": normal(1.0),
        "Xavier": [init_layer(*pair, "xavier", rng) for pair in LAYERS],
        "He": [init_layer(*pair, "he", rng) for pair in LAYERS],
    }


networks = beginnings(np.random.default_rng(0))
signals = {name: [X_test[:256].astype(float)] for name in networks}
for name, layers in networks.items():
    for W, b in layers[:-1]:
        signals[name].append(relu(signals[name][-1] @ W + b))
shown = [1, 2, 4, 6, 8, 10]
plots.histograms(
    {name: [found[i] for i in shown] for name, found in signals.items()},
    [f"layer {i}" for i in shown],
    xlabel="activations of 256 images, each row on a scale of its own; σ is their standard deviation",
    title="What reaches layer 10?",
)


# %% visible
def _layers(init_layer: Function, n_in: int, n_out: int, kind: str, seed: int, count: int = 1) -> Any:
    rng = np.random.default_rng(seed)
    return [init_layer(n_in, n_out, kind, rng) for _ in range(count)]


def _layer(student: Student, n_in: int, n_out: int, kind: str, seed: int) -> tuple[Any, ...]:
    got = student.run(_layers, n_in=n_in, n_out=n_out, kind=kind, seed=seed)[0]
    W, b = expect_parts(got, ("W", "b"), hint="Return the two together: return W, b.")
    expect_shape(W, (n_in, n_out), hint="W has a row for each input and a column for each output.", what="W")
    return W, b


SPREAD_MISTAKES = {
    "All weights are alike: then all units of a layer learn the same for ever. Draw them.": 0.0,
    "The spread does not depend on the layer's size: scale by the deviation given above.": 1.0,
    "That is the variance: rng.normal and a factor both take the standard deviation, its root.": 0.01,
}


def _expect_spread(W: Any, *, hint: str, mistakes: dict[str, float]) -> None:
    """Expect a standard deviation of 0.1, as nearly as so many random numbers have it."""
    spread = float(np.std(W))
    known = [words for words, value in mistakes.items() if np.isclose(spread, value, rtol=0.045, atol=0)]
    hint = known[0] if known else hint
    if not known and abs(float(np.mean(W))) > 0.3 * spread:
        hint = "The mean of the weights is far from 0: draw them from a normal distribution around 0, of both signs."
    expect_close(spread, 0.1, hint=hint, what="The standard deviation of W", rtol=0.045)


@checks("init_layer")
def layer_has_weights_and_zero_biases(student: Student, rng: Rng) -> None:
    """A layer from 7 to 4 units has weights (7, 4) and 4 biases, all zero."""
    for kind in ("he", "xavier"):
        W, b = _layer(student, 7, 4, kind, int(rng.integers(1000)))
        alike = np.array_equal(np.asarray(W)[:, 0], np.asarray(W)[:, 1])
        hint = "Units that begin alike stay alike: draw every weight of W on its own, size=(n_in, n_out)."
        expect(not alike, "All weights of one unit are those of another.", hint=hint)
        expect_close(b, np.zeros(4), hint="One bias for each output, all 0.", what="b")


@checks("init_layer")
def he_spreads_by_the_inputs(student: Student, rng: Rng) -> None:
    """From 200 to 50 units, He's weights have the standard deviation 0.1."""
    W, _ = _layer(student, 200, 50, "he", int(rng.integers(1000)))
    _expect_spread(
        W,
        hint="He: a standard deviation of √(2 / n_in).",
        mistakes={
            **SPREAD_MISTAKES,
            "That is √(2 / n_out): He counts what goes IN.": 0.2,
            "The 2 is missing: √(2 / n_in).": np.sqrt(1 / 200),
            "That is Xavier's: He's does not count the outputs.": np.sqrt(2 / 250),
        },
    )


@checks("init_layer")
def xavier_spreads_by_both_ends(student: Student, rng: Rng) -> None:
    """From 150 to 50 units, Xavier's weights have the standard deviation 0.1."""
    W, _ = _layer(student, 150, 50, "xavier", int(rng.integers(1000)))
    _expect_spread(
        W,
        hint="Xavier: a standard deviation of √(2 / (n_in + n_out)).",
        mistakes={
            **SPREAD_MISTAKES,
            "That is He's: Xavier counts inputs and outputs.": np.sqrt(2 / 150),
            "That is √(1 / n_in): Xavier counts inputs and outputs.": np.sqrt(1 / 150),
            "The 2 is missing: √(2 / (n_in + n_out)).": np.sqrt(1 / 200),
            "√6 / √(n_in + n_out) bounds a uniform distribution; here it is a normal one.": np.sqrt(6 / 200),
        },
    )


@checks("init_layer")
def weights_are_normal_around_zero(student: Student, rng: Rng) -> None:
    """The weights have the mean 0, and 68 of 100 lie within one standard deviation of it."""
    W, _ = _layer(student, 200, 50, "he", int(rng.integers(1000)))
    spread = float(np.std(W))
    expect(spread > 0, "All weights are alike.", hint="Draw them from rng.")
    expect_close(
        np.mean(W) / spread,
        0.0,
        hint="rng.normal(0, deviation, size=...) has the mean 0; rng.random and rng.uniform(0, ...) do not.",
        what="The mean of W, in standard deviations,",
        atol=0.05,
    )
    expect_close(
        np.mean(np.abs(W) < spread),
        0.683,
        hint="Draw from a normal distribution, rng.normal.",
        what="The share of weights within one standard deviation",
        mistakes={"Those weights are spread evenly: use rng.normal, not rng.uniform.": 0.577},
        atol=0.025,
        rtol=0,
    )


@checks("init_layer")
def rng_decides_the_weights(student: Student, rng: Rng) -> None:
    """The same rng gives the same weights; the next layer drawn from it gets others."""
    seed = int(rng.integers(1000))
    first, second = (np.asarray(W) for W, _ in student.run(_layers, n_in=6, n_out=5, kind="he", seed=seed, count=2))
    again = np.asarray(_layer(student, 6, 5, "he", seed)[0])
    expect(bool((first == again).all()), "The same rng gave other weights.", hint="Draw from rng, not from np.random.")
    expect(bool((first != second).any()), "Two layers are alike.", hint="Draw from the rng that is given, anew.")


# %% hidden
def init_layer(n_in: Any, n_out: Any, kind: Any, rng: Any) -> Any:
    """Draw the weights of a layer; biases of zero."""
    variance = 2 / n_in if kind == "he" else 2 / (n_in + n_out)
    return variance**0.5 * rng.standard_normal((n_in, n_out)), np.zeros(n_out)


def _drawn(init_layer: Function, n_in: int, n_out: int, kind: str, seed: int) -> Any:
    return init_layer(n_in, n_out, kind, np.random.default_rng(seed))


@checks("init_layer")
def spread_of_layers_of_any_size(student: Student, rng: Rng) -> None:
    """Wide, narrow and square layers have the standard deviation that their sizes ask for."""
    for n_in, n_out in ((40, 300), (300, 40), (100, 100)):
        for kind, fan in (("he", n_in), ("xavier", n_in + n_out)):
            got = student.run(_drawn, n_in=n_in, n_out=n_out, kind=kind, seed=int(rng.integers(1000)))
            W, b = expect_parts(got, ("W", "b"), hint="Return W, b.")
            expect_shape(W, (n_in, n_out), hint="W has a row for each input, a column for each output.", what="W")
            hint = "√(2 / n_in) for he, √(2 / (n_in + n_out)) for xavier; try sizes that differ much."
            expect_close(np.std(W) * fan**0.5, 2**0.5, hint=hint, what="The spread of W", rtol=0.045)
            expect_close(b, np.zeros(n_out), hint="b starts at zero.", what="b")


# %% right scaled_standard_normal
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "he" else n_in + n_out
    return np.sqrt(2 / fan) * rng.standard_normal((n_in, n_out)), np.zeros(n_out)


# %% right float32
def init_layer(n_in, n_out, kind, rng):
    deviation = (2 / n_in) ** 0.5 if kind == "he" else (2 / (n_in + n_out)) ** 0.5
    W = rng.standard_normal((n_in, n_out), dtype=np.float32) * np.float32(deviation)
    return W, np.zeros(n_out, dtype=np.float32)


# %% right lists_of_rows
def init_layer(n_in, n_out, kind, rng):
    deviation = {"he": (2 / n_in) ** 0.5, "xavier": (2 / (n_in + n_out)) ** 0.5}[kind]
    return [[rng.normal(0, deviation) for _ in range(n_out)] for _ in range(n_in)], [0] * n_out


# %% right torch_with_a_seed_from_rng
def init_layer(n_in, n_out, kind, rng):
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    W = torch.empty(n_in, n_out)
    deviation = (2 / n_in) ** 0.5 if kind == "he" else (2 / (n_in + n_out)) ** 0.5
    return torch.nn.init.normal_(W, 0, deviation, generator=generator), torch.zeros(n_out)


# %% wrong zeros -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    return np.zeros((n_in, n_out)), np.zeros(n_out)


# %% wrong standard_normal -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    return rng.normal(size=(n_in, n_out)), np.zeros(n_out)


# %% wrong small_normal -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    return 0.01 * rng.normal(size=(n_in, n_out)), np.zeros(n_out)


# %% wrong fan_out -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    fan = n_out if kind == "he" else n_in + n_out
    return rng.normal(0, np.sqrt(2 / fan), size=(n_in, n_out)), np.zeros(n_out)


# %% wrong variance_for_deviation of scaled_standard_normal -> xavier_spreads_by_both_ends
# - return np.sqrt(2 / fan) * rng.standard_normal((n_in, n_out)), np.zeros(n_out)
# + return rng.normal(0, 2 / fan, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong two_forgotten -> he_spreads_by_the_inputs
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "he" else (n_in + n_out) / 2
    return rng.normal(0, np.sqrt(1 / fan), size=(n_in, n_out)), np.zeros(n_out)


# %% wrong always_he -> xavier_spreads_by_both_ends
def init_layer(n_in, n_out, kind, rng):
    return rng.normal(0, np.sqrt(2 / n_in), size=(n_in, n_out)), np.zeros(n_out)


# %% wrong kinds_exchanged -> xavier_spreads_by_both_ends
def init_layer(n_in, n_out, kind, rng):
    fan = n_in if kind == "xavier" else n_in + n_out
    return rng.normal(0, np.sqrt(2 / fan), size=(n_in, n_out)), np.zeros(n_out)


# %% wrong xavier_of_the_inputs -> xavier_spreads_by_both_ends
# - deviation = {"he": np.sqrt(2 / n_in), "xavier": np.sqrt(2 / (n_in + n_out))}[kind]
# + deviation = np.sqrt(2 / n_in) if kind == "he" else np.sqrt(1 / n_in)


# %% wrong uniform of scaled_standard_normal -> weights_are_normal_around_zero
# - return np.sqrt(2 / fan) * rng.standard_normal((n_in, n_out)), np.zeros(n_out)
# + bound = np.sqrt(6 / fan)
# + return rng.uniform(-bound, bound, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong all_positive of scaled_standard_normal -> weights_are_normal_around_zero
# - return np.sqrt(2 / fan) * rng.standard_normal((n_in, n_out)), np.zeros(n_out)
# + W = rng.random((n_in, n_out))
# + return W / W.std() * np.sqrt(2 / fan), np.zeros(n_out)


# %% wrong transposed of scaled_standard_normal -> layer_has_weights_and_zero_biases
# - return np.sqrt(2 / fan) * rng.standard_normal((n_in, n_out)), np.zeros(n_out)
# + return rng.normal(0, np.sqrt(2 / fan), size=(n_out, n_in)), np.zeros(n_out)


# %% wrong units_alike -> layer_has_weights_and_zero_biases
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return np.tile(rng.normal(0, deviation, size=(n_in, 1)), n_out), np.zeros(n_out)


# %% wrong random_biases -> layer_has_weights_and_zero_biases
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return rng.normal(0, deviation, size=(n_in, n_out)), rng.normal(0, deviation, size=n_out)


# %% wrong biases_of_one -> layer_has_weights_and_zero_biases
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return rng.normal(0, deviation, size=(n_in, n_out)), np.ones(n_out)


# %% wrong biases_of_the_inputs -> layer_has_weights_and_zero_biases
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return rng.normal(0, deviation, size=(n_in, n_out)), np.zeros(n_in)


# %% wrong global_generator -> rng_decides_the_weights
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return np.random.normal(0, deviation, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong own_generator -> rng_decides_the_weights
def init_layer(n_in, n_out, kind, rng):
    deviation = np.sqrt(2 / (n_in if kind == "he" else n_in + n_out))
    return np.random.default_rng(0).normal(0, deviation, size=(n_in, n_out)), np.zeros(n_out)


# %% wrong smaller_of_the_two_ends -> spread_of_layers_of_any_size
def init_layer(n_in, n_out, kind, rng):
    fan = max(n_in, n_out) if kind == "he" else n_in + n_out
    return rng.normal(0, np.sqrt(2 / fan), size=(n_in, n_out)), np.zeros(n_out)
