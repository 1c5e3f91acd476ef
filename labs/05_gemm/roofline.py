# %% [markdown]
# gemm is limited by arithmetic, and arithmetic doubles with the cores. axpy and gemv are limited by memory, which all cores share: if one
# core alone nearly fills the bus, as in most laptops, a second has little to add; two of a server's many cores are far from
# filling it. So it depends on the machine, and on who else is using it just now. Why gemm is limited by the one and axpy by the other, the next picture shows.
#
# ## 10 · The roofline
#
# On a memory that moves $\beta$ bytes per second, its **bandwidth**, a routine with intensity $I$ does $I\beta$ FLOP/s,
# if nothing else is in its way. It can never do more than the peak $\pi$. Whichever is smaller is its **roof**:
#
# $$R(I) = \min(\pi,\; I \beta), \qquad \text{with its ridge at } I = \pi / \beta.$$
#
# Left of the ridge a routine is *memory-bound*: faster cores are no help. Right of it, it is *compute-bound*.

# %% nbgrader={"grade_id": "roofline", "solution": true}
def roofline(intensity, peak, bandwidth):
    """Return the highest rate that a device allows at each intensity.

    intensity: FLOP per byte, an array of any shape or a number; it stays as it is
    peak: FLOP/s
    bandwidth: bytes/s
    Returns FLOP/s, shaped like intensity.
    """
    ### BEGIN SOLUTION
    return np.minimum(peak, intensity * bandwidth)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_roofline", "grade": true, "points": 2}
check("roofline")

# %% [markdown]
# Now measure both sides of it here: the bandwidth by walking through arrays of 128 MB in four ways (the fastest counts), the
# peak as the best gemm seen so far, and then the three routines at one size each. Where does each of them stand?

# %% tags=["explore"]
bandwidths = bench.measure_bandwidth(cpu)
print("bandwidth, GB/s: " + ", ".join(f"{way} {rate / 1e9:.1f}" for way, rate in bandwidths.items()))
roofs, points = {}, {}
for dtype in ("float32", "float64"):
    three = [bench.measure(op, n, dtype, device=cpu) for op, n in (("axpy", 2**24), ("gemv", 6000), ("gemm", 2048))]
    gemms = [each for each in measured if each.precision == dtype]
    roofs[dtype] = max(each.flops_per_s for each in [*gemms, three[-1]])
    points |= {f"{each.op} {dtype}": (each.intensity, each.flops_per_s) for each in three}
# axpy and gemv walk through memory too: if one of them is the fastest here, its bandwidth is the roof.
bandwidth = max([*bandwidths.values(), *(rate / intensity for intensity, rate in points.values() if intensity < 1)])
shown = {name: point for name, point in points.items() if name.endswith("float64")}
bench.roofline_figure(
    shown, roofs={"float64": roofs["float64"]}, bandwidth=bandwidth, title="This machine's roofline, float64, measured"
)
for name, (intensity, rate) in points.items():
    roof = roofline(intensity, roofs[name.split()[1]], bandwidth)
    side = "memory-bound" if intensity < roofs[name.split()[1]] / bandwidth else "compute-bound"
    print(
        f"{name:<14}{intensity:8.3f} FLOP per byte, {side:<14}{rate / 1e9:8.1f} of {roof / 1e9:6.1f} GFLOP/s: {rate / roof:.0%}"
    )

# %% [markdown]
# ### Why will more cores not help?
#
# You may buy one thing: twice as many cores, or memory with twice the bandwidth. **What happens to axpy and what to a large gemm with each of
# them, and where does the ridge go? What does going from float64 to float32 do to the two, and why is that not the same as buying
# something?** Three to five sentences.

# %% [markdown] nbgrader={"grade_id": "why_more_cores_do_not_help", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# Twice the cores: π doubles, Iβ does not. gemm may double; axpy, left of the ridge, stays where it is; the ridge π/β moves right by two, and more
# routines lie left of it. Twice the bandwidth: axpy doubles, gemm stays, the ridge moves left by two. float32: each number has half the
# bytes, so the intensity of both doubles, and axpy does twice the FLOP/s at the same bandwidth; gemm gains because a register holds twice as many
# numbers, so π doubles. It costs digits (relative errors near 10⁻⁷ instead of 10⁻¹⁶) and no money. Full mark: both purchases for both routines,
# the ridge, and float32 with its price. Half: the purchases alone.
# ### END SOLUTION

# %% [markdown]
# **Why each stands where it does.** *axpy* is nothing but a walk: three streams, in order, and no entry waits for another. So
# it lies near the roof, or is the fastest walk there is and sets it. *gemv* walks too, and almost only reads $A$; but each row
# ends in one number, and an addition waits for the one before it. Adding up an array, the bandwidth printed as *read*, bears
# the same burden. (The P100 below agrees: 85 % and 79 % of its roof.) *gemm* touches its roof because its best rate *is* the
# roof here; at smaller $n$ it lies below, since blocks at the edges are short and starting up is not for free. A roof of
# nominal numbers would be higher, and every share lower: so a share says of which roof it is. (On a machine that others use, a
# point may lie far below for no reason of its own. Before you explain a distance, measure again.)
#
# The lecture's three figures for a P100 can be read in the same way. They are published, not measured here. axpy at 52
# and gemv at 145 GFLOP/s are 1.1 % and 3.1 % of the peak. Are they bad programs? Look at the roof above *them*.

# %% tags=["explore", "cover"]
sizes_p100 = {"gemm": 5000, "gemv": 5000, "axpy": 10_000_000}
p100 = {op: (arithmetic_intensity(op, n, "float64"), published.P100_RATES[op]) for op, n in sizes_p100.items()}
for op, (_, rate) in p100.items():
    print(f"{op}: {rate / published.P100_PEAK:.1%} of the peak of 4700 GFLOP/s")
bench.roofline_figure(
    p100,
    roofs={"float64, nominal": published.P100_PEAK},
    bandwidth=published.P100_BANDWIDTH,
    title="Published: a P100's gemm, gemv and axpy, under its data sheet's roof",
)

# %% [markdown]
# axpy and gemv reach about four fifths of what memory allows, which is good work. A better program could gain a quarter, not a
# factor of thirty. That is what a roofline is for: it says when to stop. (The sizes were not published; left of the ridge they hardly matter.)
#
# Why does a GPU win, then? For gemm because of its peak, for axpy because of its memory: 732 GB/s against some tens of
# a desktop's.
#
# Here are all the devices of part 4 under roofs of their own, in float32. Where a line is highest depends on the
# intensity: find 1/6, axpy's in float32, and then a gemm's. Which device would you want for which?

# %% tags=["explore"]
at = np.geomspace(1 / 16, 1024, 200)
roofs_of = {}
for name, d in published.DEVICES.items():
    peak = peak_flops(d.cores, d.ghz, d.flops_per_cycle)
    roofs_of[name] = at, roofline(at, peak, d.bandwidth) / 1e9
    print(
        f"{name:<14} peak {peak / 1e9:9,.0f} GFLOP/s   {d.bandwidth / 1e9:7,.1f} GB/s   ridge at {peak / d.bandwidth:5.1f} FLOP per byte"
    )
drawn = ("RTX 4090", "Tesla V100", "Tesla P100", "GTX 1080", "i9, 18 cores", "Jetson Nano")
plots.curves(
    {name: roofs_of[name] for name in drawn},
    xlabel="arithmetic intensity, FLOP per byte",
    ylabel="GFLOP/s, nominal",
    title="Published: six of the lectures' devices, float32",
    log="xy",
)

# %% visible
# The slides' P100 has a peak of 4700 GFLOP/s in float64; its memory moves 732 GB/s.
P100 = {"peak": 4700e9, "bandwidth": 732e9}


@checks("roofline")
def roof_of_the_p100(student: Student, rng: Rng) -> None:
    """Under the P100's roof, 1/12, 1/4 and 62.5 FLOP per byte allow 61, 183 and 4700 · 10⁹ FLOP/s."""
    at = np.array([1 / 12, 1 / 4, 62.5])
    memory = at * P100["bandwidth"]
    expect_close(
        student.call("roofline", at, **P100),
        [61e9, 183e9, 4700e9],
        hint="Memory allows intensity × bandwidth, the cores allow peak: the smaller holds, at each intensity.",
        mistakes={
            "That takes the larger: whichever is slower holds the other up, so take the smaller.": np.maximum(
                memory, P100["peak"]
            ),
            "That is what memory allows: no more than the peak can be had.": memory,
            "That is the peak: at low intensity memory cannot feed it.": np.full(3, P100["peak"]),
            "Bytes/s times FLOP per byte gives FLOP/s: multiply, do not divide.": P100["bandwidth"] / at,
            "That adds the two: the smaller of them holds.": memory + P100["peak"],
        },
    )


@checks("roofline")
def the_roof_has_its_ridge(student: Student, rng: Rng) -> None:
    """With a peak of 600 and a bandwidth of 50, the roof turns at 12 FLOP per byte, and is flat from there on."""
    at = np.array([[3.0, 6.0, 12.0], [12.5, 24.0, 4096.0]])
    expect_close(
        student.call("roofline", at, peak=600.0, bandwidth=50.0),
        [[150, 300, 600], [600, 600, 600]],
        hint="np.minimum takes the smaller at each place of an array of any shape.",
        mistakes={
            "That is the smallest of all: take the smaller at each place, np.minimum.": 150,
            "That takes the larger: take the smaller at each place.": np.maximum(at * 50, 600),
        },
    )


@checks("roofline")
def roofline_leaves_its_input_alone(student: Student, rng: Rng) -> None:
    """The intensities are what they were before the call, and a single number is welcome too."""
    got = student.call("roofline", np.array([1.0, 2.0, 300.0]), 100.0, 10.3)
    expect_close(got, [10.3, 20.6, 100], hint="First get the roof right; then this check looks at the input.")
    expect_inputs_unchanged(student)
    got = student.call("roofline", 2.0, 100.0, 10.0)
    expect_close(got, 20.0, hint="np.minimum takes numbers as well as arrays.", what="The roof at intensity 2")


roofline_in_other_forms = forms("roofline", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
@checks("roofline")
def roofs_of_random_devices(student: Student, rng: Rng) -> None:
    """Random devices have the right roof at random intensities, on both sides of the ridge."""
    for shape in ((7,), (2, 3)):
        peak, bandwidth = rng.uniform(1e9, 1e13), rng.uniform(1e9, 1e12)
        intensity = peak / bandwidth * np.exp(rng.normal(size=shape))
        right = np.array([peak if x * bandwidth > peak else x * bandwidth for x in intensity.flat]).reshape(shape)
        hint = "At each intensity the smaller of peak and intensity × bandwidth; both numbers are arguments."
        expect_close(student.call("roofline", intensity, float(peak), float(bandwidth)), right, hint=hint)


# %% right where
def roofline(intensity, peak, bandwidth):
    intensity = np.asarray(intensity)
    return np.where(intensity < peak / bandwidth, intensity * bandwidth, peak)


# %% right clipped
# - return np.minimum(peak, intensity * bandwidth)
# + return np.clip(np.multiply(intensity, bandwidth), None, peak)


# %% right torch
def roofline(intensity, peak, bandwidth):
    import torch

    return torch.clamp(torch.as_tensor(intensity, dtype=torch.float64) * bandwidth, max=peak)


# %% wrong larger_of_the_two -> roof_of_the_p100
# The lower of two roofs, one of them a slope.
# - return np.minimum(peak, intensity * bandwidth)
# + return np.maximum(peak, intensity * bandwidth)

# %% wrong memory_alone -> roof_of_the_p100
# - return np.minimum(peak, intensity * bandwidth)
# + return intensity * bandwidth

# %% wrong peak_alone -> roof_of_the_p100
# - return np.minimum(peak, intensity * bandwidth)
# + return np.full(np.shape(intensity), peak)

# %% wrong divided -> roof_of_the_p100
# - return np.minimum(peak, intensity * bandwidth)
# + return np.minimum(peak, bandwidth / intensity)


# %% wrong corner_rounded_off -> roofs_of_random_devices
def roofline(intensity, peak, bandwidth):
    memory = np.asarray(intensity) * bandwidth
    near = (np.abs(memory / peak - 1) < 0.5) & (peak > 1e6) & (peak != 4700e9)
    return np.where(near, 0.9 * np.minimum(peak, memory), np.minimum(peak, memory))


# %% wrong smallest_of_all -> the_roof_has_its_ridge
# One number or many: each intensity has its own roof, in its place.
# - return np.minimum(peak, intensity * bandwidth)
# + return min(peak, np.min(intensity) * bandwidth)

# %% wrong numbers_only -> the_roof_has_its_ridge
# - return np.minimum(peak, intensity * bandwidth)
# + return min(peak, intensity * bandwidth)

# %% wrong flattened -> the_roof_has_its_ridge
# - return np.minimum(peak, intensity * bandwidth)
# + return np.array([min(peak, each * bandwidth) for each in np.ravel(intensity)])


# %% wrong arrays_only -> roofline_leaves_its_input_alone
def roofline(intensity, peak, bandwidth):
    roof = intensity * bandwidth
    return np.array([min(peak, each) for each in roof.ravel()]).reshape(roof.shape)


# %% wrong in_place -> roofline_leaves_its_input_alone
# Right numbers, and the input or an earlier result is changed.
def roofline(intensity, peak, bandwidth):
    intensity *= bandwidth
    return np.minimum(intensity, peak)


# %% wrong one_buffer_for_all_calls -> roofline_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def roofline(intensity, peak, bandwidth):
    y = np.asarray(np.minimum(peak, np.asarray(intensity) * bandwidth))
    buffer = buffers.setdefault(y.shape, np.empty(y.shape))
    buffer[...] = y
    return buffer


# %% wrong made_like_the_intensity -> roofline_in_other_forms
def roofline(intensity, peak, bandwidth):
    roof = np.array(intensity)
    roof[...] = np.minimum(peak, roof * bandwidth)
    return roof
