# %% [markdown]
# ## 13 · Run the plan
#
# Running a plan is a single pass through its steps. Keep the values beside the nodes, not in them, so that the next run
# with other numbers starts clean.

# %% nbgrader={"grade_id": "evaluate", "solution": true}
def evaluate(plan, feed):
    """Run a plan.

    plan: a pair (steps, outputs), as above
    feed: a dict with the values of the placeholders, numbers or arrays, by name; it may
        hold more than the plan needs
    Returns the list of the outputs' values, in the order of outputs. Every function is
    called once, even if several nodes use its value. A plan may have 5,000 steps.

    Hint: a dict from node to value; node.function(*arguments) computes one.
    """
    ### BEGIN SOLUTION
    steps, outputs = plan
    values = {}
    for node in steps:
        if node.function is None:
            values[node] = feed[node.name]
        else:
            values[node] = node.function(*[values[parent] for parent in node.parents])
    return [values[node] for node in outputs]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_evaluate", "grade": true, "points": 2}
check("evaluate")

# %% [markdown]
# A net described, with its loss and a summary of its weights beside it. Whoever only asks for the score pays for the
# score: what the plan leaves out is grey, and the labels `t` need not even be fed.

# %% tags=["explore"]
inputs = {name: placeholder(name) for name in ("X", "W1", "b1", "W2", "b2", "t")}
Xn, W1n, b1n, W2n, b2n, tn = inputs.values()
hidden = Node(np.tanh, [Xn @ W1n + b1n], "tanh")
scores_node = hidden @ W2n + b2n
error = scores_node - tn
loss_node = Node(np.mean, [error * error], "mean")
penalty = Node(np.sum, [W1n * W1n], "sum")
total = loss_node + penalty
plan = compile_graph([scores_node])
needed = set(plan[0])
left_out = [node for node in topological_order(total) if node not in needed]
title = f"To compute the scores, {len(needed)} of {len(needed) + len(left_out)} nodes are needed"
names = {"scores": scores_node, "total": total}
plots.computational_graph(total, names=names, faded=left_out, title=title)

# %% [markdown]
# What does it save? The same net and points in three ways: built while it runs, with a new graph each time; by a plan
# with everything in it; by a plan for the scores alone. The arrays are small, so that the bookkeeping shows. **Guess
# first:** how many times as fast as the first is the second?

# %% tags=["explore"]
my_guess = None  # times as fast

# %% tags=["explore"]
few = X[:5]
feed = {"X": few, "W1": W1.data, "b1": b1.data, "W2": W2.data, "b2": b2.data, "t": targets[:5]}


def by_run():
    """Compute the scores, the loss and the penalty while the graph is built."""
    scores = (Array(feed["X"]) @ W1 + b1).tanh() @ W2 + b2
    squares = (scores.data - feed["t"]) ** 2
    return scores.data, np.mean(squares) + np.sum(W1.data * W1.data)


def microseconds(function, repeats=2000):
    """Return the best of three mean times of a call, in microseconds."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(repeats):
            function()
        times.append((time.perf_counter() - began) / repeats)
    return 1e6 * min(times)


plan_for_all = compile_graph([scores_node, total])
same = np.abs(by_run()[0] - evaluate(plan, feed)[0]).max()
times_us = {
    "define by run": microseconds(by_run),
    "plan for everything": microseconds(lambda: evaluate(plan_for_all, feed)),
    "plan for the scores": microseconds(lambda: evaluate(plan, feed)),
}
print(f"largest difference between the ways: {same:.0e}")
title = "The plan itself saves next to nothing; leaving out what nobody needs does"
times = {"time": list(times_us.values())}
guessed = [None, my_guess and times_us["define by run"] / my_guess, None]
plots.bars(times, list(times_us), ylabel="time of one evaluation (µs)", title=title, guess=guessed)

# %% [markdown]
# The first two are about the same: to look values up in a dictionary costs as much as to build a graph. The plan pays where it
# *knows* something, here that loss and penalty are not needed. Real compilers know more: which steps can be one loop over memory,
# which arrays can be used again, which device is free. PyTorch began as purely imperative and now offers both: `torch.compile`
# watches your code run, extracts the graph and optimises it.
#
# ## 14 · Why?
#
# A network has a million weights and one loss. **Why does one backward pass cost about twice as much as one forward pass,
# whatever the number of weights, while central differences cost two million forward passes? And what does the backward
# pass need that central differences do not?** Argue with the graph: what happens at a node, how often, and what must be
# kept until then. Then say in which case it would be cheaper to go through the graph forwards, carrying the slopes
# along. Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_backwards", "grade": true, "solution": true, "points": 2}
# ### BEGIN SOLUTION
# In the backward pass each node is visited once, after all that uses it. There it multiplies its one gradient by a
# local slope for each of its inputs: a fixed number of operations per edge, as in the forward pass. So the cost grows
# with the number of edges, not with (weights × edges). It works because there is **one** output: each node needs to
# know only that output's slope, a single number, and all paths that leave the node share it. Central differences know
# nothing of the graph: each weight needs two whole forward passes. The price is **memory**: local slopes depend on the
# forward values, so all of them must be kept until the pass comes back (they can be dropped, or computed again, only at
# a cost in time). With one input (or few) and many outputs it is the other way round: carry the slope along that input
# forwards with the values (forward mode), and nothing needs to be kept. Full marks: once per node because of one scalar
# output, the memory, and the case of few inputs. Half: one of the first two alone.
# ### END SOLUTION


# %% visible
def running_a_plan(evaluate: Function, Node: Function, feeds: Any, outputs: Any) -> Any:
    """Run a plan for (x + y)·z, its half and a constant, once for each feed; count the calls of each function."""

    class OneListError(Exception):
        pass

    counts = {"q": 0, "f": 0, "half": 0, "seven": 0}

    def counted(name: str, function: Any) -> Any:
        def call(*arguments: Any) -> Any:
            counts[name] += 1
            if len(arguments) == 1 and isinstance(arguments[0], list | tuple):
                raise OneListError
            return function(*arguments)

        return call

    x, y, z = (Node(None, [], name) for name in ("x", "y", "z"))
    q = Node(counted("q", lambda a, b: a + b), [x, y], "q")
    f = Node(counted("f", lambda a, b: a * b), [q, z], "f")
    half = Node(counted("half", lambda a, b: a / b), [f, q], "half")
    seven = Node(counted("seven", lambda: 7.0), [], "seven")
    by_name = {"x": x, "q": q, "f": f, "half": half, "seven": seven}
    steps = [x, y, q, z, f, half] + [seven] * ("seven" in outputs)
    results = []
    for feed in feeds:
        given = dict(feed)
        try:
            results.append(evaluate((steps, [by_name[name] for name in outputs]), given))
        except OneListError:
            return "one list", counts
        if len(given) != len(feed) or any(given[name] is not feed[name] for name in feed):
            return "feed", counts
    return [list(values) if hasattr(values, "__next__") else values for values in results], counts


FEED = {"x": -2.0, "y": 5.0, "z": -4.0}


def _ran(student: Student, feeds: list[dict[str, float]], outputs: list[str]) -> Any:
    got, counts = student.run(running_a_plan, feeds=feeds, outputs=outputs)
    hint = "Write node.function(*arguments): with the star they go in one by one, and a constant's function gets none."
    feed = "Keep the values in a dict of your own: a feed may be used again, and stays as it is."
    expect(got != "feed", "It writes into the feed.", hint=feed)
    expect(not isinstance(got, str), "A node's function got its arguments in one list.", hint=hint)
    return got, counts


@checks("evaluate")
def values_of_the_slide(student: Student, rng: Rng) -> None:
    """A plan for q = x + y, f = q·z and f/q gives f = -12, q = 3 and f/q = -4, in the order asked for."""
    (got,), _ = _ran(student, feeds=[FEED], outputs=["f", "q", "half"])
    hint = "Go through the steps; keep each value by its node; call a node's function on its parents' values, in order."
    expect_close(got, [-12, 3, -4], hint=hint, what="The list of the outputs' values")
    (got,), _ = _ran(student, feeds=[FEED], outputs=["q", "x", "q"])
    expect_close(
        got,
        [3, -2, 3],
        hint="Return the outputs' values, in the order of outputs.",
        what="The list of the outputs' values",
    )


@checks("evaluate")
def each_function_is_called_once(student: Student, rng: Rng) -> None:
    """The value of q is used by two nodes and computed once."""
    _, counts = _ran(student, feeds=[FEED], outputs=["half", "f"])
    hint = "Keep the values that have been computed, and go through the steps: do not go back from the outputs."
    expect_equal(counts, {"q": 1, "f": 1, "half": 1, "seven": 0}, hint=hint, what="The count of calls")


@checks("evaluate")
def every_run_starts_anew(student: Student, rng: Rng) -> None:
    """One plan, run with other numbers, zeros among them, gives other values."""
    feeds = [FEED, {"x": 1.0, "y": 0.0, "z": 0.0, "unused": 9.0}, FEED]
    got, _ = _ran(student, feeds=feeds, outputs=["f", "q"])
    hint = "Start each run with an empty dict of values; a value of 0 is a value too."
    expect_close(got, [[-12, 3], [0, 1], [-12, 3]], hint=hint, what="The table of three runs' values")
    expect_inputs_unchanged(student, hint="Keep the values in a dict of your own, not in feed.")


@checks("evaluate")
def constants_need_no_feed(student: Student, rng: Rng) -> None:
    """A node with a function and no parents is a constant: its function is called without arguments."""
    (got,), _ = _ran(student, feeds=[FEED], outputs=["seven"])
    hint = "A placeholder is a node whose function is None, not one without parents."
    expect_close(got, [7.0], hint=hint, what="The constant's value")


def running_a_plan_with_names_in_common(evaluate: Function, Node: Function, feed: Any) -> Any:
    """Run a plan for (x + y) · ((x + y) + z), whose two sums are both called "+"."""
    x, y, z = (Node(None, [], name) for name in ("x", "y", "z"))
    inner = Node(lambda a, b: a + b, [x, y], "+")
    outer = Node(lambda a, b: a + b, [inner, z], "+")
    product = Node(lambda a, b: a * b, [inner, outer], "*")
    return list(evaluate(([x, y, z, inner, outer, product], [product, inner, outer]), feed))


@checks("evaluate")
def nodes_may_share_a_name(student: Student, rng: Rng) -> None:
    """In (x + y)·((x + y) + z) both sums are named "+"; at 1, 2, 3 the outputs are 18, 3 and 6."""
    expect_close(
        student.run(running_a_plan_with_names_in_common, feed={"x": 1.0, "y": 2.0, "z": 3.0}),
        [18, 3, 6],
        hint="Keep each value by its node, values[node]; only placeholders are found by their names.",
        what="The list of the outputs' values",
        mistakes={
            'The values are kept by node.name, and two nodes are named "+": the second one\'s value has replaced the '
            "first one's. Use the node itself as the key.": [36, 6, 6],
            'The values are kept by node.name, and two nodes are named "+": the second one was never computed. '
            "Use the node itself as the key.": [9, 3, 3],
        },
    )


def running_a_plan_of_twins(evaluate: Function, Node: Function, feed: Any) -> Any:
    """Run a plan for x·x and y·y, which share a function, and for 2x and 3x, which share a name and a parent."""

    def times_itself(value: Any, same: Any) -> Any:
        return value * same

    def times(k: int) -> Any:
        return Node(lambda value: k * value, [x], "scale")

    x, y = Node(None, [], "x"), Node(None, [], "y")
    outputs = [Node(times_itself, [x, x], "×"), Node(times_itself, [y, y], "×"), times(2), times(3)]
    return list(evaluate(([x, y, *outputs], outputs), feed))


@checks("evaluate")
def nodes_may_share_a_function(student: Student, rng: Rng) -> None:
    """x·x and y·y share a function, 2x and 3x a name and a parent; at 1.5 and 5 they are 2.25, 25, 3 and 4.5."""
    expect_close(
        student.run(running_a_plan_of_twins, feed={"x": 1.5, "y": 5.0}),
        [2.25, 25, 3, 4.5],
        hint="Keep each value by its node, values[node]: two nodes may share a function, a name and their parents. "
        "A node that has one parent twice gets its value twice, as two arguments.",
        what="The list of the outputs' values",
    )


# %% hidden
def running_a_plan(evaluate: Function, Node: Function, parents: Any, weights: Any, outputs: Any, feeds: Any) -> Any:
    """Run a plan in which each node is a weighted sum of its parents."""

    def function(own: Any) -> Any:
        return lambda *values: sum(w * value for w, value in zip(own, values, strict=True))

    nodes: list[Any] = []
    for number, (found, own) in enumerate(zip(parents, weights, strict=True)):
        nodes.append(Node(function(own) if found else None, [nodes[i] for i in found], f"in{number}"))
    return [list(evaluate((nodes, [nodes[i] for i in outputs]), feed)) for feed in feeds]


@checks("evaluate")
def values_of_random_graphs(student: Student, rng: Rng) -> None:
    """Random graphs with numbers and with arrays at their inputs have the right values, run after run."""
    for n in (12, 30):
        parents = _random_graph(rng, n, 3)
        weights = [rng.uniform(-0.5, 0.5, size=len(found)).tolist() for found in parents]
        outputs = rng.choice(n, size=3, replace=False).tolist()
        feeds: list[dict[str, Any]] = [
            {f"in{i}": rng.normal(size=shape) if shape else float(rng.normal()) for i in range(n)}
            for shape in ((), (2,))
        ]
        got = student.run(running_a_plan, parents=parents, weights=weights, outputs=outputs, feeds=feeds)
        for seen, feed in zip(got, feeds, strict=True):
            values: list[Any] = []
            for i, (found, own) in enumerate(zip(parents, weights, strict=True)):
                values.append(sum(w * values[p] for w, p in zip(own, found, strict=True)) if found else feed[f"in{i}"])
            for number, value in zip(outputs, seen, strict=True):
                hint = "Call node.function(*arguments) with the parents' values, in the order of parents."
                expect_close(value, values[number], hint=hint, what="An output", rtol=1e-4, atol=1e-7)


def running_a_long_plan(evaluate: Function, Node: Function, length: int) -> Any:
    """Run a plan with one step behind the other."""
    nodes: list[Any] = [Node(None, [], "start")]
    for _ in range(length - 1):
        nodes.append(Node(lambda value: value + 1, [nodes[-1]], "next"))
    try:
        return list(evaluate((nodes, nodes[-1:]), {"start": 0.5}))
    except RecursionError:
        return "too deep"


@checks("evaluate")
def plan_of_5000_steps(student: Student, rng: Rng) -> None:
    """A plan with 5,000 steps, one behind the other, runs to its end."""
    got = student.run(running_a_long_plan, length=5000)
    hint = "The steps are in order already: go through them in a loop instead of going back from the outputs."
    expect(got != "too deep", "It stops with a RecursionError.", hint=hint)
    expect_close(got, [4999.5], hint=hint, what="The last value")


# %% right by_identity
def evaluate(plan, feed):
    values = {}
    for node in plan[0]:
        if node.function:
            values[id(node)] = node.function(*(values[id(p)] for p in node.parents))
        else:
            values[id(node)] = feed[node.name]
    return tuple(values[id(node)] for node in plan[1])


# %% right list_of_values
def evaluate(plan, feed):
    steps, outputs = plan
    place = {node: i for i, node in enumerate(steps)}
    values = []
    for node in steps:
        arguments = [values[place[parent]] for parent in node.parents]
        values.append(feed[node.name] if node.function is None else node.function(*arguments))
    return [values[place[node]] for node in outputs]


# %% right copy_of_the_feed
def evaluate(plan, feed):
    steps, outputs = plan
    values = {node: feed[node.name] for node in steps if node.function is None}
    for node in steps:
        if node not in values:
            values[node] = node.function(*map(values.get, node.parents))
    return list(map(values.__getitem__, outputs))


# %% wrong arguments_turned_around -> values_of_the_slide
# A function does not get its arguments: all, and in their order.
# - if node.function is None:
# -     values[node] = feed[node.name]
# - else:
# -     values[node] = node.function(*[values[parent] for parent in node.parents])
# + arguments = [values[parent] for parent in node.parents][::-1]
# + values[node] = feed[node.name] if node.function is None else node.function(*arguments)


# %% wrong two_arguments_at_most -> values_of_random_graphs
# - if node.function is None:
# -     values[node] = feed[node.name]
# - else:
# -     values[node] = node.function(*[values[parent] for parent in node.parents])
# + arguments = [values[parent] for parent in list(node.parents)[:2]]
# + values[node] = feed[node.name] if node.function is None else node.function(*arguments)


# %% wrong outputs_in_the_order_of_the_steps -> values_of_the_slide
# The outputs are not the ones asked for, in their order.
def evaluate(plan, feed):
    steps, outputs = plan
    values = {}
    for node in steps:
        arguments = [values[parent] for parent in node.parents]
        values[node] = feed[node.name] if node.function is None else node.function(*arguments)
    return [values[node] for node in steps if node in outputs]


# %% wrong last_value_only -> values_of_the_slide
def evaluate(plan, feed):
    steps, outputs = plan
    values = {}
    for node in steps:
        arguments = [values[parent] for parent in node.parents]
        values[node] = feed[node.name] if node.function is None else node.function(*arguments)
    return values[steps[-1]]


# %% wrong back_from_the_outputs -> each_function_is_called_once
# What the plan is for: each function is called once, and no chain is too long.
def evaluate(plan, feed):
    def value(node):
        return feed[node.name] if node.function is None else node.function(*[value(p) for p in node.parents])

    return [value(node) for node in plan[1]]


# %% wrong back_from_the_outputs_with_a_memory -> plan_of_5000_steps
def evaluate(plan, feed):
    values = {node: feed[node.name] for node in plan[0] if node.function is None}

    def value(node):
        if node not in values:
            values[node] = node.function(*[value(p) for p in node.parents])
        return values[node]

    for node in plan[1]:
        value(node)
    for node in plan[0]:
        value(node)
    return [values[node] for node in plan[1]]


# %% wrong called_for_each_output -> each_function_is_called_once
def evaluate(plan, feed):
    steps, outputs = plan
    results = []
    for output in outputs:
        values = {}
        for node in steps:
            arguments = [values[parent] for parent in node.parents]
            values[node] = feed[node.name] if node.function is None else node.function(*arguments)
        results.append(values[output])
    return results


# %% wrong values_kept_in_the_nodes -> every_run_starts_anew
# A run finds values of an earlier one, or leaves some.
def evaluate(plan, feed):
    steps, outputs = plan
    for node in steps:
        if not hasattr(node, "value"):
            arguments = [parent.value for parent in node.parents]
            node.value = feed[node.name] if node.function is None else node.function(*arguments)
    return [node.value for node in outputs]


# %% wrong default_argument_remembers -> every_run_starts_anew
def evaluate(plan, feed, values={}):
    steps, outputs = plan
    for node in steps:
        if node not in values:
            arguments = [values[parent] for parent in node.parents]
            values[node] = feed[node.name] if node.function is None else node.function(*arguments)
    return [values[node] for node in outputs]


# %% wrong feed_written_over -> every_run_starts_anew
# - if node.function is None:
# -     values[node] = feed[node.name]
# - else:
# -     values[node] = node.function(*[values[parent] for parent in node.parents])
# + if node.function is not None:
# +     feed[node.name] = node.function(*[values[parent] for parent in node.parents])
# + values[node] = feed[node.name]


# %% wrong feed_in_the_order_given -> values_of_random_graphs
# What is fed is found in another way than by name, or a fed zero is taken for nothing.
def evaluate(plan, feed):
    steps, outputs = plan
    values, fed = {}, iter(feed.values())
    for node in steps:
        arguments = [values[parent] for parent in node.parents]
        values[node] = next(fed) if node.function is None else node.function(*arguments)
    return [values[node] for node in outputs]


# %% wrong placeholders_by_their_missing_parents -> constants_need_no_feed
# - if node.function is None:
# -     values[node] = feed[node.name]
# + if node.parents:
# +     values[node] = node.function(*[values[parent] for parent in node.parents])

# - values[node] = node.function(*[values[parent] for parent in node.parents])
# + values[node] = feed.get(node.name, 0.0)


# %% wrong zero_is_no_value -> every_run_starts_anew
# - if node.function is None:
# -     values[node] = feed[node.name]
# - else:
# -     values[node] = node.function(*[values[parent] for parent in node.parents])
# + fed = feed.get(node.name) if node.function is None else None
# + values[node] = fed or node.function(*[values[parent] for parent in node.parents])


# %% wrong keyed_by_name -> nodes_may_share_a_name
# Two nodes may have one name.
def evaluate(plan, feed):
    steps, outputs = plan
    values = dict(feed)
    for node in steps:
        if node.function is not None:
            values[node.name] = node.function(*[values[parent.name] for parent in node.parents])
    return [values[node.name] for node in outputs]


# %% wrong names_computed_once -> nodes_may_share_a_name
def evaluate(plan, feed):
    steps, outputs = plan
    values = dict(feed)
    for node in steps:
        if node.name not in values:
            values[node.name] = node.function(*[values[parent.name] for parent in node.parents])
    return [values[node.name] for node in outputs]


# %% right values_by_position
def evaluate(plan, feed):
    steps, outputs = plan
    where = {id(node): i for i, node in enumerate(steps)}
    values = []
    for node in steps:
        args = (values[where[id(p)]] for p in node.parents)
        values.append(node.function(*args) if node.function is not None else feed[node.name])
    return [values[where[id(node)]] for node in outputs]


# %% wrong keyed_by_function -> nodes_may_share_a_function
def evaluate(plan, feed):
    steps, outputs = plan
    values = {}
    for node in steps:
        key = node.function or node.name
        values[key] = (
            feed[node.name]
            if node.function is None
            else node.function(*[values[p.function or p.name] for p in node.parents])
        )
    return [values[n.function or n.name] for n in outputs]


# %% wrong keyed_by_names_of_node_and_parents -> nodes_may_share_a_function
def evaluate(plan, feed):
    steps, outputs = plan
    key = lambda n: (n.name, tuple(p.name for p in n.parents))
    values = {}
    for node in steps:
        values[key(node)] = (
            feed[node.name] if node.function is None else node.function(*[values[key(p)] for p in node.parents])
        )
    return [values[key(n)] for n in outputs]


# %% wrong equal_arguments_once -> nodes_may_share_a_function
def evaluate(plan, feed):
    values = {}
    for node in plan[0]:
        arguments = [values[parent] for parent in dict.fromkeys(node.parents)]
        values[node] = feed[node.name] if node.function is None else node.function(*arguments)
    return [values[node] for node in plan[1]]


# %% wrong arguments_in_one_list -> values_of_the_slide
def evaluate(plan, feed):
    values = {}
    for node in plan[0]:
        arguments = [values[parent] for parent in node.parents]
        values[node] = feed[node.name] if node.function is None else node.function(arguments)
    return [values[node] for node in plan[1]]


# %% wrong values_kept_in_the_feed -> values_of_the_slide
def evaluate(plan, feed):
    steps, outputs = plan
    for node in steps:
        if node.function is None:
            feed[node] = feed[node.name]
        else:
            feed[node] = node.function(*[feed[parent] for parent in node.parents])
    return [feed[node] for node in outputs]
