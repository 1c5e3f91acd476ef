# %% [markdown]
# ## 12 · Describe first, compute later
#
# Your engine builds its graph while it computes: **imperative**, as PyTorch and Caffe2 do it in the lecture. The lecture's other family,
# **symbolic**, as in Theano, TensorFlow 1, CNTK or MXNet's symbols, describes the whole graph first and computes nothing. Then a
# compiler looks at the description, and a *plan* is run as often as you like with different numbers. What the one gains
# in freedom (any `if` and `for` of Python), the other gains in knowledge: it can see, before the first number, what
# will never be needed.
#
# Below is the description: a `Node` has a `function`, its `parents`, whose values are the function's arguments, and a
# `name`. A **placeholder** has the function `None`: its value comes later, by its name. A constant is a function
# without arguments.

# %%
class Node:
    """A step that has not been computed."""

    def __init__(self, function, parents=(), name=""):
        self.function, self.parents, self.name = function, tuple(parents), name

    def __add__(self, other):
        return Node(lambda a, b: a + b, (self, other), "+")

    def __sub__(self, other):
        return Node(lambda a, b: a - b, (self, other), "−")

    def __mul__(self, other):
        return Node(lambda a, b: a * b, (self, other), "×")

    def __matmul__(self, other):
        return Node(lambda a, b: a @ b, (self, other), "@")


def placeholder(name):
    """Return a node whose value will be fed by its name."""
    return Node(None, name=name)


# %% [markdown]
# Compiling means finding out which steps the outputs need, and in which order. Nothing is computed yet. It may use your
# `topological_order`; a mistake in that costs nothing here.


# %% nbgrader={"grade_id": "compile_graph", "solution": true}
def compile_graph(outputs):
    """Make a plan to compute some nodes, without computing any.

    outputs: a list of nodes, which may share steps or need one another
    Returns the plan, a pair (steps, outputs): steps lists every node that an output
    needs, and no other, once, inputs before what uses them; outputs is the list given.
    Placeholders, constants and the outputs themselves are nodes, too.
    It must cope with chains of 5,000 nodes and graphs with millions of paths.

    Hint: one node above all outputs would need exactly what they need together.
    """
    ### BEGIN SOLUTION
    everything = Node(None, outputs)
    return topological_order(everything)[:-1], outputs
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_compile_graph", "grade": true, "points": 2}
check("compile_graph")


# %% visible
def compiling_a_graph(compile_graph: Function, Node: Function, parents: Any, outputs: Any, most: int) -> Any:
    """Compile a graph of numbered nodes; return the plan in numbers, and how many functions have been called.

    A number in place of the nodes' parents stands for a chain of that length.
    """

    class TooManyError(BaseException):
        pass

    called, asked = 0, 0
    graph = [[i - 1] if i else [] for i in range(parents)] if isinstance(parents, int) else parents

    def function(*arguments: Any) -> float:
        nonlocal called
        called += 1
        return 0.0

    def read(node: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked > most:
            raise TooManyError
        return node.found

    def write(node: Any, found: Any) -> None:
        node.found = found

    # The lab's own Node, except that it counts.
    Counted: Any = type("Counted", (Node,), {"parents": property(read, write)})  # type: ignore[arg-type]
    nodes: list[Any] = []
    for number, found in enumerate(graph):
        nodes.append(Counted(function if found else None, [nodes[i] for i in found], str(number)))
    try:
        plan = compile_graph([nodes[i] for i in outputs])
    except RecursionError:
        return "too deep"
    except TooManyError:
        return "too many"
    numbers = {id(node): i for i, node in enumerate(nodes)}
    if not isinstance(plan, tuple | list) or len(plan) != 2:
        return "no pair"
    steps, wanted = (np.array([numbers.get(id(node), -1) for node in part], dtype=int) for part in plan)
    return steps, wanted, called


def compiling_nodes_of_one_name(compile_graph: Function, Node: Function, n: int) -> Any:
    """Compile a chain of sums that are all named "+"; return the steps in numbers, and the outputs."""
    nodes: list[Any] = [Node(None, [], "x")]
    for _ in range(n - 1):
        nodes.append(Node(lambda value: value + value, [nodes[-1], nodes[-1]], "+"))
    steps, outputs = compile_graph([nodes[-1], nodes[1]])
    numbers = {id(node): i for i, node in enumerate(nodes)}
    return [numbers.get(id(node), -1) for node in steps], [numbers.get(id(node), -1) for node in outputs]


def compiling_a_constant(compile_graph: Function, Node: Function) -> Any:
    """Compile 2x, where 2 is a constant; return how many functions have been called."""
    called = 0

    def two() -> float:
        nonlocal called
        called += 1
        return 2.0

    constant, x = Node(two, [], "2"), Node(None, [], "x")
    compile_graph([Node(lambda a, b: a * b, [constant, x], "×")])
    return called


def compiling_twins(compile_graph: Function, Node: Function) -> Any:
    """Compile 2x and 3x, whose nodes have the same name, the same parents and one text of their functions."""

    def times(k: int) -> Any:
        return Node(lambda value: k * value, [x], "scale")

    x = Node(None, [], "x")
    nodes = [x, times(2), times(3)]
    steps, _ = compile_graph([nodes[1], nodes[2]])
    numbers = {id(node): i for i, node in enumerate(nodes)}
    return sorted(numbers.get(id(node), -1) for node in steps)


def _compiled(
    student: Student, parents: list[list[int]] | int, outputs: list[int], most: int = 10**9
) -> tuple[list[int], list[int], int]:
    got = student.run(compiling_a_graph, parents=parents, outputs=outputs, most=most)
    expect(got != "no pair", "The plan is no pair.", hint="Return steps and outputs together: return steps, outputs.")
    expect(got != "too deep", "It stops with a RecursionError.", hint=TOO_DEEP)
    expect(got != "too many", f"It asks the nodes for their parents more than {most:,} times.", hint=PATH_BY_PATH)
    steps, wanted, called = got[0].tolist(), got[1].tolist(), got[2]
    stranger = "steps hold a node that is none of the graph's; is it a helper of yours?"
    expect(-1 not in steps, stranger, hint="Leave nodes that only served to compile out of the plan.")
    return steps, wanted, called


# Nodes 0, 1, 2 are placeholders; 3 uses 0 and 1; 4 uses 3 and 2; 5 uses 3; nobody but 7 needs 5 and 6.
NET_PARENTS = [[], [], [], [0, 1], [3, 2], [3], [5, 2], [4, 6]]


@checks("compile_graph")
def plan_holds_what_the_outputs_need(student: Student, rng: Rng) -> None:
    """The plan holds every node that an output needs, and no node that nobody needs."""
    for outputs, needed in (([4], {0, 1, 2, 3, 4}), ([5], {0, 1, 3, 5}), ([2], {2}), ([5, 2], {0, 1, 2, 3, 5})):
        steps, _, _ = _compiled(student, NET_PARENTS, outputs)
        hint = "Start from the outputs and go back through parents: what you reach is needed, whatever else exists."
        expect_equal(sorted(set(steps)), sorted(needed), hint=hint, what=f"The set of steps for the outputs {outputs}")


@checks("compile_graph")
def steps_come_once_and_inputs_first(student: Student, rng: Rng) -> None:
    """Every step comes once and after its inputs, also when outputs share steps or need one another."""
    for outputs in ([7], [4, 5], [5, 4], [7, 3], [3, 7], [6, 6]):
        steps, _, _ = _compiled(student, NET_PARENTS, outputs)
        hint = "What several outputs need is computed once: make one list for all of them."
        expect_equal(len(steps), len(set(steps)), hint=hint, what=f"The number of steps for the outputs {outputs}")
        early = [node for i, node in enumerate(steps) if set(NET_PARENTS[node]) - set(steps[:i])]
        expect(not early, "A step comes before one of its inputs.", got=steps, hint="Use a topological order.")


@checks("compile_graph")
def plan_keeps_its_outputs(student: Student, rng: Rng) -> None:
    """The second part of the plan is the outputs, in the order asked for; nothing has been computed yet."""
    for outputs in ([4, 5, 2], [2, 5, 4], [7, 3], [5, 4, 5]):
        _, wanted, called = _compiled(student, NET_PARENTS, outputs)
        hint = "Return the outputs as they were given beside the steps."
        expect_equal(wanted, outputs, hint=hint, what="The plan's list of outputs")
        expect_equal(called, 0, hint="Compile now, compute later: call no function.", what="The number of calls")
    hint = "A constant's function is called when the plan is run, not when it is made."
    expect_equal(student.run(compiling_a_constant), 0, hint=hint, what="The number of calls of a constant's function")


@checks("compile_graph")
def long_chains_and_many_paths_compile(student: Student, rng: Rng) -> None:
    """A chain of 5,000 nodes compiles, and a graph with 33 million paths takes a few visits per node."""
    steps, _, _ = _compiled(student, 5000, [4999])
    expect_equal(len(steps), 5000, hint="Every node of the chain is needed.", what="The number of steps")
    steps, _, _ = _compiled(student, ladder(25), [75], most=30_000)
    expect_equal(len(steps), 76, hint="Every node comes once.", what="The number of steps")


@checks("compile_graph")
def steps_may_share_a_name(student: Student, rng: Rng) -> None:
    """Of four steps in a row of which three are named "+", all four are in the plan, in order."""
    steps, wanted = student.run(compiling_nodes_of_one_name, n=4)
    hint = 'Tell nodes apart by themselves (node in seen, id(node)), not by their names: all sums are named "+".'
    expect_equal(steps, [0, 1, 2, 3], hint=hint, what="The list of steps")
    expect_equal(wanted, [3, 1], hint=hint, what="The plan's list of outputs")
    hint = "Nodes with one name and the same parents may compute different things: tell nodes apart by id(node)."
    expect_equal(student.run(compiling_twins), [0, 1, 2], hint=hint, what="The list of steps for 2x and 3x, sorted,")


# %% hidden
STAND_INS["compile_graph"] = (topological_order,)


def compiling_a_graph(compile_graph: Function, Node: Function, parents: Any, outputs: Any) -> Any:
    """Return the plan for some outputs of a graph, in numbers, the second time that it is asked for.

    Every other node without parents is a constant, a function without arguments.
    """
    nodes: list[Any] = []
    for number, found in enumerate(parents):
        function = (lambda *values: sum(values)) if found or number % 2 else None
        nodes.append(Node(function, [nodes[i] for i in found], str(number)))
    _, (steps, wanted) = (compile_graph([nodes[i] for i in outputs]) for _ in range(2))
    numbers = {id(node): i for i, node in enumerate(nodes)}
    return [numbers.get(id(node), -1) for node in steps], [numbers.get(id(node), -1) for node in wanted]


@checks("compile_graph")
def plans_of_random_graphs(student: Student, rng: Rng) -> None:
    """In random graphs with random outputs, the plan holds what is needed, once, inputs first, and nothing else."""
    for n in (10, 25, 40):
        parents = _random_graph(rng, n, 3)
        outputs = rng.choice(n, size=3, replace=False).tolist()
        needed, waiting = set(), list(outputs)
        while waiting:
            node = waiting.pop()
            if node not in needed:
                needed.add(node)
                waiting += parents[node]
        steps, wanted = student.run(compiling_a_graph, parents=parents, outputs=outputs)
        hint = (
            "Go back from all outputs together; put each node down once, after its parents, constants too. Start each "
            "call with nothing visited: another plan may have been made of the same nodes."
        )
        expect_equal(sorted(steps), sorted(needed), hint=hint, what="The list of steps, sorted,")
        early = [node for i, node in enumerate(steps) if set(parents[node]) - set(steps[:i])]
        expect(not early, "A step comes before one of its inputs.", hint=hint)
        expect_equal(wanted, outputs, hint="The outputs stay as they were given.", what="The plan's list of outputs")


# %% right own_stack
def compile_graph(outputs):
    steps, seen = [], set()
    stack = [(node, False) for node in outputs]
    while stack:
        node, done = stack.pop()
        if done:
            steps.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return steps, outputs


# %% right one_order_after_the_other
def compile_graph(outputs):
    steps = {}
    for output in outputs:
        for node in topological_order(output):
            steps.setdefault(node)
    return list(steps), list(outputs)


# %% right helper_node
def compile_graph(outputs):
    above = Node(None, outputs)
    return [[node for node in topological_order(above) if node is not above], outputs]


# %% right counting_uses
def compile_graph(outputs):
    needed = list(dict.fromkeys(outputs))
    uses = {node: 0 for node in needed}
    for node in needed:
        for parent in node.parents:
            if parent not in uses:
                uses[parent] = 0
                needed.append(parent)
            uses[parent] += 1
    free = [node for node in needed if uses[node] == 0]
    steps = []
    while free:
        node = free.pop()
        steps.append(node)
        for parent in node.parents:
            uses[parent] -= 1
            if uses[parent] == 0:
                free.append(parent)
    return tuple(reversed(steps)), tuple(outputs)


# %% wrong first_output_only -> plan_holds_what_the_outputs_need
# The plan holds too few nodes, or one that was only a helper.
def compile_graph(outputs):
    return topological_order(outputs[0]), outputs


# %% wrong placeholders_left_out -> plan_holds_what_the_outputs_need
def compile_graph(outputs):
    steps = topological_order(Node(None, outputs))[:-1]
    return [node for node in steps if node.function is not None], outputs


# %% wrong helper_left_in -> plan_holds_what_the_outputs_need
def compile_graph(outputs):
    return topological_order(Node(None, outputs)), outputs


# %% wrong shared_steps_twice -> steps_come_once_and_inputs_first
# A step comes twice, or before its inputs.
def compile_graph(outputs):
    steps = []
    for output in outputs:
        steps += topological_order(output)
    return steps, outputs


# %% wrong last_output_only -> steps_come_once_and_inputs_first
def compile_graph(outputs):
    steps = topological_order(outputs[-1])
    return steps + [node for node in outputs if node not in steps], outputs


# %% wrong root_first -> steps_come_once_and_inputs_first
def compile_graph(outputs):
    return topological_order(Node(None, outputs))[-2::-1], outputs


# %% wrong breadth_first_turned_around -> steps_come_once_and_inputs_first
def compile_graph(outputs):
    found = list(dict.fromkeys(outputs))
    for node in found:
        for parent in node.parents:
            if parent not in found:
                found.append(parent)
    return found[::-1], outputs


# %% wrong outputs_sorted_by_name -> plan_keeps_its_outputs
# The outputs are not as they were asked for, or computed already.
def compile_graph(outputs):
    steps = topological_order(Node(None, outputs))[:-1]
    return steps, sorted(outputs, key=lambda node: node.name)


# %% wrong outputs_forgotten -> plan_keeps_its_outputs
def compile_graph(outputs):
    return topological_order(Node(None, outputs))[:-1]


# %% wrong computed_at_once -> plan_keeps_its_outputs
def compile_graph(outputs):
    steps = topological_order(Node(None, outputs))[:-1]
    values = {}
    for node in steps:
        if node.function is None:
            values[node] = 0.0
        else:
            values[node] = node.function(*[values[parent] for parent in node.parents])
    return steps, outputs


# %% wrong recursion_limit -> long_chains_and_many_paths_compile
# Right for small graphs.
def compile_graph(outputs):
    steps, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            steps.append(node)

    for output in outputs:
        visit(output)
    return steps, outputs


# %% wrong every_path -> long_chains_and_many_paths_compile
def compile_graph(outputs):
    steps, stack = {}, [(node, False) for node in outputs]
    while stack:
        node, done = stack.pop()
        if done:
            steps.setdefault(node)
        else:
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return list(steps), outputs


# %% wrong a_fixed_number_of_steps_back -> long_chains_and_many_paths_compile
# Deep enough for every small graph.
def compile_graph(outputs):
    needed = list(dict.fromkeys(outputs))
    level = list(needed)
    for _ in range(6):
        level = [parent for node in level for parent in node.parents]
        needed += [node for node in dict.fromkeys(level) if node not in needed]
    order = topological_order(Node(None, outputs))[:-1]
    return [node for node in order if node in needed], outputs


# %% wrong seen_by_name of own_stack -> steps_may_share_a_name
# Two nodes may have one name.
# - steps, seen = [], set()
# - stack = [(node, False) for node in outputs]
# + steps, seen, stack = [], set(), [(node, False) for node in reversed(outputs)]

# - elif id(node) not in seen:
# -     seen.add(id(node))
# + elif node.name not in seen:
# +     seen.add(node.name)


# %% wrong steps_in_a_dict_by_name -> steps_may_share_a_name
def compile_graph(outputs):
    steps = {node.name: node for node in topological_order(Node(None, outputs))[:-1]}
    return list(steps.values()), outputs


# %% right orders_in_a_dict
def compile_graph(outputs):
    import itertools

    steps = dict.fromkeys(itertools.chain.from_iterable(map(topological_order, outputs)))
    return [*steps], outputs


# %% wrong twins_taken_for_one -> steps_may_share_a_name
# - return topological_order(everything)[:-1], outputs
# + seen, steps = set(), []
# + for node in topological_order(everything)[:-1]:
# +     key = (node.name, node.parents)
# +     if key not in seen:
# +         seen.add(key)
# +         steps.append(node)
# + return steps, outputs


# %% wrong outputs_once -> plan_keeps_its_outputs
def compile_graph(outputs):
    outputs = list(dict.fromkeys(outputs))
    return topological_order(Node(None, outputs))[:-1], outputs


# %% wrong constants_left_out -> plans_of_random_graphs
def compile_graph(outputs):
    steps = topological_order(Node(None, outputs))[:-1]
    return [node for node in steps if node.parents or node.function is None], outputs


# %% wrong marks_stay_on_the_nodes -> plans_of_random_graphs
def compile_graph(outputs):
    steps, stack = [], [(node, False) for node in outputs]
    while stack:
        node, ready = stack.pop()
        if ready:
            steps.append(node)
        elif not getattr(node, "planned", False):
            node.planned = True
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return steps, outputs


# %% wrong constants_computed_at_once of own_stack -> plan_keeps_its_outputs
# - steps.append(node)
# + steps.append(node)
# + if node.function and not node.parents:
# +     node.function()
