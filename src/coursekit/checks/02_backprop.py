# Built by `coursekit build` from labs/02_backprop/. Edit the files there, not this one.
"""Visible checks of lab 02: computational graphs.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slides'" are those of the lecture decks that the course grew from, corrected where the
decks are wrong. Whoever visits nodes path by path is found by counting visits or steps, never by the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_equal,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_parts,
    expect_shape,
    forms,
)

Rng = np.random.Generator
Function = Callable[..., Any]
UPSTREAM = "Multiply by the upstream gradient g: what is passed on is g times the local slope."


def ladder(rungs: int) -> list[list[int]]:
    """Return the parents of each node in a chain of diamonds: 2 ** rungs paths in 3 * rungs + 1 nodes."""
    parents: list[list[int]] = [[]]
    for _ in range(rungs):
        last = len(parents) - 1
        parents += [[last], [last], [last + 1, last + 2]]
    return parents


TOO_DEEP = (
    "Python gives up on functions that call themselves some thousand deep. Keep the nodes that wait in a list of your "
    "own, and loop while it is not empty."
)
PATH_BY_PATH = (
    "You follow every path, and their number doubles with every fork. When a node has been visited, do not go into its "
    "parents again: you have been there."
)

#: What each exercise is worth, in the order of the lab.
POINTS = {
    "add_gate": 1,
    "mul_gate": 1,
    "max_gate": 1,
    "copy_gate": 1,
    "neuron": 2,
    "topological_order": 3,
    "Value": 6,
    "gradient_check": 3,
    "repaired_backward": 3,
    "matmul_backward": 2,
    "unbroadcast": 2,
    "compile_graph": 2,
    "evaluate": 2,
}
#: The input with which questions about one's own code are asked, by exercise.
ASKED = {
    "topological_order": """
class Node:
    def __init__(self, name, *parents):
        self.name, self.parents = name, parents


a = Node("a")
b = Node("b", a)
c = Node("c", a, b)
root = Node("d", b, c)
[node.name for node in topological_order(root)]
""",
    "gradient_check": """
n = 3
x = np.arange(1.0, 2 * n + 1).reshape(2, n)
gradient_check(lambda x: (x**2).sum(), lambda x: x + 2, x)
""",
    "repaired_backward": """
W = np.array([[0.1, 0.2], [0.4, 0.3]])
b, v = np.array([0.1, -0.2]), np.array([1.0, 2.0])
X, t = np.array([[1.0, 2.0], [-1.0, 1.0], [2.0, 0.5]]), np.array([1.0, -1.0, 2.0])
repaired_backward(W, b, v, X, t)
""",
    "unbroadcast": """
G = np.arange(24.0).reshape(4, 2, 3)
unbroadcast(G, (2, 1))
""",
}


# labs/02_backprop/add_gate.py


@checks("add_gate")
def add_gate_distributes(student: Student, rng: Rng) -> None:
    """An upstream gradient of -4 reaches both inputs as -4."""
    expect_close(
        student.call("add_gate", -4.0),
        [-4.0, -4.0],
        hint="Both local slopes of x + y are 1, so both inputs get g: return two numbers.",
        what="(dL/dx, dL/dy)",
        mistakes={
            UPSTREAM: [1, 1],
            "The gradient is not shared out: each input moves z by as much as it moves itself.": [-2, -2],
            "Both inputs have an effect: the second gets the gradient too.": [-4, 0],
        },
    )


@checks("add_gate")
def add_gate_is_linear_in_g(student: Student, rng: Rng) -> None:
    """Three times the upstream gradient gives three times the gradients, and no gradient gives none."""
    one, three, none = (np.asarray(student.call("add_gate", g)) for g in (0.5, 1.5, 0.0))
    expect_shape(one, (2,), hint="Return two numbers, one for each input.")
    expect_close(three, 3 * one, hint=UPSTREAM, what="The result for g = 1.5")
    expect_close(none, [0, 0], hint=UPSTREAM, what="The result for g = 0")


# labs/02_backprop/mul_gate.py

SWAPPED = "Those are the inputs' own values: the slope of x·y along x is y, the *other* input."


@checks("mul_gate")
def mul_gate_of_the_slide(student: Student, rng: Rng) -> None:
    """In (x + y) z, the product of 3 and -4 passes 1 back as (-4, 3)."""
    expect_close(
        student.call("mul_gate", 1.0, 3.0, -4.0),
        [-4.0, 3.0],
        hint="Hold one input still: the slope of x·y along x is y, and along y it is x.",
        what="(dL/dx, dL/dy)",
        mistakes={SWAPPED: [3, -4], "That is the product itself, not its slopes.": [-12, -12]},
    )


@checks("mul_gate")
def mul_gate_passes_g_on(student: Student, rng: Rng) -> None:
    """With the upstream gradient 5, inputs 2 and 7 get 35 and 10."""
    expect_close(student.call("mul_gate", 0.5, 0.5, 1.5), [0.75, 0.25], hint=f"{UPSTREAM} Round nothing.")
    expect_close(
        student.call("mul_gate", 5.0, 2.0, 7.0),
        [35.0, 10.0],
        hint=UPSTREAM,
        what="(dL/dx, dL/dy)",
        mistakes={SWAPPED: [10, 35], "Multiply the slope by g, rather than adding g to it.": [12, 7]},
    )


@checks("mul_gate")
def mul_gate_at_zero(student: Student, rng: Rng) -> None:
    """An input of 0 is an input too: 2 and 0 with the upstream gradient 5 get 0 and 10, 0 and 0 get nothing."""
    hint = "x gets g·y and y gets g·x: nothing needs to be divided, and no input is special."
    for x, y in ((2.0, 0.0), (0.0, -3.0), (0.0, 0.0)):
        got = student.call("mul_gate", 5.0, x, y)
        expect_close(got, [5 * y, 5 * x], hint=hint, what=f"(dL/dx, dL/dy) for the inputs {x:g} and {y:g}")


# labs/02_backprop/max_gate.py


@checks("max_gate")
def max_gate_routes_to_the_larger(student: Student, rng: Rng) -> None:
    """The larger input gets the whole gradient and the smaller one nothing, also below zero."""
    mistakes: dict[str, Any] = {
        UPSTREAM: [1, 0],
        "Only the larger input sets the result: the smaller one gets 0.": [2.5, 2.5],
        "That is the way of a minimum: the larger input gets the gradient.": [0, 2.5],
        "Return gradients, not the larger input.": [3, 0],
    }
    hint = "If x is the larger, moving y a little changes nothing: y gets 0, and x gets g. (-1 is larger than -7.)"
    expect_close(student.call("max_gate", 2.5, 3.0, -1.0), [2.5, 0], hint=hint, mistakes=mistakes)
    expect_close(student.call("max_gate", 2.5, -7.0, -1.0), [0, 2.5], hint=hint)
    for x, right in ((-1.0, [0, 2.5]), (1.0, [2.5, 0])):
        zero = f"Compare x and y themselves: {x:g} and 0 are inputs like any others, and nothing needs to be divided."
        expect_close(student.call("max_gate", 2.5, x, 0.0), right, hint=zero)


@checks("max_gate")
def max_gate_gives_a_tie_to_x(student: Student, rng: Rng) -> None:
    """At a tie, the gradient goes to x alone."""
    expect_close(
        student.call("max_gate", 3.0, 4.0, 4.0),
        [3.0, 0.0],
        hint="Where x equals y, the convention of this lab gives the gradient to x: compare with >= or >.",
        mistakes={
            "At a tie both have reached the maximum, but only x may get the gradient.": [3, 3],
            "The convention here is not to split the gradient at a tie: all of it goes to x.": [1.5, 1.5],
        },
    )


# labs/02_backprop/copy_gate.py


def _only(got: Any) -> Any:
    """Return the one gradient, whether it comes as a tuple of one or as a bare number."""
    return got[0] if np.shape(got) == (1,) else got


@checks("copy_gate")
def copy_gate_adds(student: Student, rng: Rng) -> None:
    """Upstream gradients 2 and 5 come back as 7."""
    expect_close(
        _only(student.call("copy_gate", 2.0, 5.0)),
        7.0,
        hint="x reaches L by both ways, so both gradients count: add them.",
        what="dL/dx",
        mistakes={
            "The second gradient has replaced the first: add them.": 5,
            "The second gradient is lost: add them.": 2,
            "Add the gradients; nothing is averaged.": 3.5,
            "Add the gradients; only what lies one behind the other is multiplied.": 10,
        },
    )


@checks("copy_gate")
def copy_gate_can_cancel(student: Student, rng: Rng) -> None:
    """Gradients of 3 and -3 cancel: L does not change, whichever way x moves."""
    hint = "Add the two as they are, signs included."
    expect_close(_only(student.call("copy_gate", 3.0, -3.0)), 0.0, hint=hint, what="dL/dx")
    expect_close(_only(student.call("copy_gate", -1.0, -0.5)), -1.5, hint=hint, what="dL/dx")


# labs/02_backprop/neuron.py

NAMES = ("w0", "x0", "w1", "x1", "w2")


def _neuron(student: Student, *arguments: float) -> tuple[Any, dict[str, Any]]:
    got = student.call("neuron", *arguments)
    value, grads = expect_parts(got, ("value", "grads"), hint="Return the two together: return value, grads.")
    expect(
        isinstance(grads, dict) and set(grads) == set(NAMES),
        "grads has not the right names.",
        expected="a dict with the keys w0, x0, w1, x1, w2",
        got=f"a dict with the keys {', '.join(map(str, grads))}" if isinstance(grads, dict) else type(grads).__name__,
        hint='Return a dict by argument name: {"w0": dw0, "x0": dx0, …}.',
    )
    return value, grads


@checks("neuron")
def value_of_the_neuron(student: Student, rng: Rng) -> None:
    """Weights 2 and -3, inputs -1 and -2 and the bias -3 give σ(1) = .731059, and the slide's signs σ(-7)."""
    value, _ = _neuron(student, 2.0, -1.0, -3.0, -2.0, -3.0)
    expect_close(
        value,
        0.7310585786300049,
        hint="The value is 1 / (1 + exp(-s)) with s = w0·x0 + w1·x1 + w2.",
        what="The value",
        mistakes={
            "That is s itself: the sigmoid is missing.": 1.0,
            "That is σ(-s): mind the sign in exp(-s).": 0.2689414213699951,
            "The bias is missing from s.": 0.9820137900379085,
        },
        rtol=1e-5,
    )
    value, _ = _neuron(student, -2.0, -1.0, 3.0, -2.0, -3.0)
    expect_close(value, 0.0009110511944, hint="s is -7 here.", what="The value", rtol=1e-5)


@checks("neuron")
def gradients_of_the_neuron(student: Student, rng: Rng) -> None:
    """The slides' neuron has the slopes dw0 -.1966, dx0 .3932, dw1 -.3932, dx1 -.5898, dw2 .1966."""
    _, grads = _neuron(student, 2.0, -1.0, -3.0, -2.0, -3.0)
    slope = 0.19661193324148185
    factors = {"w0": -1.0, "x0": 2.0, "w1": -2.0, "x1": -3.0, "w2": 1.0}
    for name, factor in factors.items():
        expect_close(
            grads[name],
            factor * slope,
            hint=(
                "Going back, ds = value·(1 - value); then w0 gets ds·x0 and x0 gets ds·w0, "
                "with the values that came in: a name that has been given a new value no longer holds them."
            ),
            what=f"d{name}",
            rtol=1e-4,
            mistakes={
                "The sigmoid's slope is missing: multiply by value·(1 - value).": factor,
                "Too coarse: the slide rounds 0.1966 to 0.2 on the way.": factor * 0.2,
                "That is s·(1 - s): the slope needs the sigmoid's value in place of s.": 0.0,
            },
        )


@checks("neuron")
def neuron_of_other_numbers(student: Student, rng: Rng) -> None:
    """With s = -0.5 and five different numbers, each argument gets its own slope."""
    value, grads = _neuron(student, 0.5, 2.0, -1.0, 3.0, 1.5)
    expect_close(value, 0.3775406687981454, hint="s = 0.5·2 - 1·3 + 1.5 = -0.5.", what="The value", rtol=1e-5)
    slope = 0.2350037122015945
    right = {"w0": 2 * slope, "x0": 0.5 * slope, "w1": 3 * slope, "x1": -slope, "w2": slope}
    hint = (
        "A weight's slope is ds times its input, an input's is ds times its weight, and ds = value·(1 - value). "
        "Use the numbers that came in, not names that have been written over since."
    )
    for name, number in right.items():
        mistakes = {"That is s·(1 - s): the slope needs the sigmoid's value in place of s.": number / slope * -0.75}
        expect_close(grads[name], number, hint=hint, what=f"d{name}", rtol=1e-5, mistakes=mistakes)


@checks("neuron")
def inputs_of_zero_have_slopes(student: Student, rng: Rng) -> None:
    """With w0, x1 and w2 at 0 the value is σ(0) = 1/2, and their slopes are those of any other numbers."""
    value, grads = _neuron(student, 0.0, 2.0, 3.0, 0.0, 0.0)
    expect_close(value, 0.5, hint="s = 0·2 + 3·0 + 0 = 0, and the sigmoid of 0 is 1/2.", what="The value", rtol=1e-5)
    hint = "w0 gets ds·x0 and x0 gets ds·w0: nothing needs to be divided, and a number that is 0 is no exception."
    for name, right in {"w0": 0.5, "x0": 0.0, "w1": 0.0, "x1": 0.75, "w2": 0.25}.items():
        expect_close(grads[name], right, hint=hint, what=f"d{name}", rtol=1e-5, atol=1e-6)


# labs/02_backprop/topological_order.py


def asking_for_the_order(
    topological_order: Function, parents: Any, kind: str, times: int = 1, alike: bool = False
) -> Any:
    """Build a graph of numbered nodes, its parents in a collection of some kind; return the numbers in order.

    Nodes that are alike all have the same name, data and text.
    """

    class Numbered:
        pass

    nodes: list[Any] = []
    for number, found in enumerate(parents):
        node: Any = Numbered()
        collection = [nodes[parent] for parent in found]
        node.number = number
        node.parents = tuple(collection) if kind == "tuple" else set(collection) if kind == "set" else collection
        if alike:
            node.name, node.op, node.data, node.function = "+", "+", 1.0, None
        nodes.append(node)
    orders = []
    for _ in range(times):
        try:
            order = topological_order(nodes[-1])
            orders.append([node.number for node in order])
            if isinstance(order, list):
                # Whoever asked may empty the list; the next call makes another.
                order.clear()
        except RecursionError:
            return "too deep"
    return orders


def ordering_a_long_chain(topological_order: Function, length: int) -> Any:
    """Return where each node of a chain stands in the list, as an array."""

    class Numbered:
        pass

    nodes: list[Any] = []
    for number in range(length):
        node: Any = Numbered()
        node.number, node.parents = number, tuple(nodes[-1:])
        nodes.append(node)
    try:
        return np.array([node.number for node in topological_order(nodes[-1])], dtype=int)
    except RecursionError:
        return "too deep"


def counting_visits(topological_order: Function, parents: Any, most: int) -> Any:
    """Count how often nodes are asked for their parents; stop whoever asks too often."""

    class TooManyError(BaseException):
        pass

    asked = 0

    class Counted:
        def __init__(self, found: Any) -> None:
            self.found = found

        @property
        def parents(self) -> Any:
            nonlocal asked
            asked += 1
            if asked > most:
                raise TooManyError
            return self.found

    nodes: list[Any] = []
    for found in parents:
        nodes.append(Counted(tuple(nodes[parent] for parent in found)))
    try:
        return len(list(topological_order(nodes[-1])))
    except TooManyError:
        return "too many"


FORK = [[], [0], [1], [1], [2, 3]]
# Node 1 is used by the root and, deep down, by node 3 as well.
SHORT_CUT = [[], [0], [0], [1, 2], [3], [1, 4], [5, 0, 1]]

EVERY_NODE = "The list holds the root, the leaves, and every node between them."


def _expect_order(orders: Any, parents: list[list[int]], *, hint: str, lost: str = EVERY_NODE) -> None:
    expect(orders != "too deep", "It stops with a RecursionError.", hint=TOO_DEEP)
    for order in orders:
        twice = sorted({node for node in order if order.count(node) > 1}) if len(order) < 100 else []
        expect(
            not twice,
            "Nodes come more than once.",
            expected="every node once",
            got=order,
            hint="Remember which nodes have been visited. Most graphs have several ways to a node.",
        )
        missing = sorted(set(range(len(parents))) - set(order))
        expect(
            not missing and len(order) == len(parents),
            f"The list holds {len(order)} nodes of a graph of {len(parents)}.",
            got=f"without the nodes {missing[:8]}" if missing else "",
            hint=lost,
        )
        place = {node: i for i, node in enumerate(order)}
        early = [
            (node, parent) for node, found in enumerate(parents) for parent in found if place[parent] > place[node]
        ]
        shown = (
            f"{order}, but node {early[0][1]} is an input of node {early[0][0]}" if early and len(order) < 20 else ""
        )
        expect(not early, "A node comes before one of its inputs.", got=shown, hint=hint)
        expect(order[-1] == len(parents) - 1, "The root does not come last.", got=order[-8:], hint=hint)


@checks("topological_order")
def order_of_a_fork(student: Student, rng: Rng) -> None:
    """In x, y = 3x, a = 2y, b = 5y, c = a + b every node comes once, after its inputs, and c last."""
    hint = "A node goes onto the list after all its parents; the root goes last. Reverse a list that runs backwards."
    _expect_order(student.run(asking_for_the_order, parents=FORK, kind="tuple"), FORK, hint=hint)


@checks("topological_order")
def order_of_a_short_cut(student: Student, rng: Rng) -> None:
    """A node that is used both by the root and far down comes before both."""
    hint = (
        "Turning a walk from the root around is not enough: a node that is met early, by a short way, may be an input "
        "of one that is met later. Put a node down only when all its parents are down."
    )
    _expect_order(student.run(asking_for_the_order, parents=SHORT_CUT, kind="list"), SHORT_CUT, hint=hint)


@checks("topological_order")
def order_of_a_single_node(student: Student, rng: Rng) -> None:
    """A leaf by itself is a list of one, and a node that uses another twice makes a list of two."""
    graphs: list[list[list[int]]] = [[[]], [[], [0, 0]]]
    for parents in graphs:
        got = student.run(asking_for_the_order, parents=parents, kind="tuple")
        _expect_order(got, parents, hint="The root itself belongs to the list, last, and leaves too.")


@checks("topological_order")
def order_can_be_asked_for_again(student: Student, rng: Rng) -> None:
    """The second call on the same graph gives all nodes again, also where parents are a set."""
    hint = "A node goes onto the list when all its parents are there, and not before."
    lost = (
        "Start each call with nothing visited, and make a new list: marks on the nodes, what is kept in a default "
        "argument, and a list that has been handed out stay from call to call."
    )
    got = student.run(asking_for_the_order, parents=SHORT_CUT, kind="set", times=2)
    every = f"{EVERY_NODE} Go into all parents of a node, however many it has: here one has three."
    _expect_order(got if isinstance(got, str) else got[:1], SHORT_CUT, hint=hint, lost=every)
    _expect_order(got, SHORT_CUT, hint=hint, lost=lost)


@checks("topological_order")
def nodes_may_look_alike(student: Student, rng: Rng) -> None:
    """Nodes that have the same name and the same data are different nodes, and all of them are in the list."""
    lost = (
        "Tell nodes apart by themselves, node in seen or id(node), not by their names or data: all sums are named "
        '"+", and many nodes hold the same number.'
    )
    got = student.run(asking_for_the_order, parents=SHORT_CUT, kind="tuple", alike=True)
    _expect_order(got, SHORT_CUT, hint="A node goes onto the list when all its parents are there.", lost=lost)


@checks("topological_order")
def order_of_a_long_chain(student: Student, rng: Rng) -> None:
    """A chain of 5,000 nodes comes in order."""
    order = student.run(ordering_a_long_chain, length=5000)
    expect(not isinstance(order, str), "It stops with a RecursionError.", hint=TOO_DEEP)
    expect_close(
        order, np.arange(5000), hint="Inputs first, the root last, every node once.", what="The order of the chain"
    )


@checks("topological_order")
def order_without_following_every_path(student: Student, rng: Rng) -> None:
    """A graph of 76 nodes with 33 million paths takes a few visits per node, not one for every path."""
    got = student.run(counting_visits, parents=ladder(25), most=30_000)
    expect(got != "too many", "It asks 76 nodes for their parents more than 30,000 times.", hint=PATH_BY_PATH)
    expect_equal(got, 76, hint="Every node comes once.", what="The number of nodes in the list")


# labs/02_backprop/Value.py

NOTHING = "No gradient has arrived: is the root's grad 1 when backward starts, and does every node pass its own on?"


def computing_with_values(Value: Function) -> Any:
    """Compute with two Values, and return the results' data by name."""
    a, b = Value(3.0), Value(-2.0)
    values = {"a + b": a + b, "a - b": a - b, "a * b": a * b, "a / b": a / b, "-a": -a, "a ** 2": a**2, "b ** 3": b**3}
    return {name: value.data for name, value in values.items()} | {"a": a.data}


@checks("Value")
def values_compute_like_numbers(student: Student, rng: Rng) -> None:
    """With a = 3 and b = -2, + - * / ** and unary - give what they give for numbers."""
    right = {"a": 3, "a + b": 1, "a - b": 5, "a * b": -6, "a / b": -1.5, "-a": -3, "a ** 2": 9, "b ** 3": -8}
    got = student.run(computing_with_values)
    for name, value in right.items():
        expect_close(got[name], value, hint="Compute .data from the inputs' .data.", what=f"({name}).data", rtol=1e-5)


def applying_the_functions(Value: Function, at: float) -> Any:
    """Apply each function to a leaf of its own; return values and slopes."""
    leaves = [Value(at) for _ in range(4)]
    roots = [leaves[0].exp(), leaves[1].tanh(), leaves[2].relu(), leaves[3].sigmoid()]
    for root in roots:
        root.backward()
    return [root.data for root in roots], [leaf.grad for leaf in leaves]


@checks("Value")
def functions_have_their_values(student: Student, rng: Rng) -> None:
    """exp, tanh, relu and sigmoid have the right values at 0.5, at -2 and at 6."""
    table = {
        0.5: (1.6487212707, 0.46211715726, 0.5, 0.62245933120),
        -2.0: (0.13533528324, -0.96402758008, 0.0, 0.11920292202),
        6.0: (403.42879349, 0.99998771165, 6.0, 0.99752737684),
    }
    formulas = {"exp": "math.exp(v)", "tanh": "math.tanh(v)", "relu": "max(v, 0)", "sigmoid": "1 / (1 + math.exp(-v))"}
    for at, right in table.items():
        values, _ = student.run(applying_the_functions, at=at)
        for (name, formula), seen, value in zip(formulas.items(), values, right, strict=True):
            what, hint = f"Value({at}).{name}().data", f"{name} is {formula}, v being self.data."
            mistakes = {"The sign is turned: the exponent is -v.": 1 - value} if name == "sigmoid" else {}
            expect_close(seen, value, hint=hint, what=what, rtol=1e-5, mistakes=mistakes)


@checks("Value")
def slopes_of_the_functions(student: Student, rng: Rng) -> None:
    """exp, tanh, relu and sigmoid have the right slopes at 0.5, -0.5 and -2."""
    hints = {
        "exp": "The slope of exp is exp itself.",
        "tanh": "The slope is 1 - t², where t is tanh's value, not its input.",
        "relu": "The slope is 1 above zero and 0 below.",
        "sigmoid": "The slope is s·(1 - s), where s is the sigmoid's value, not its input.",
    }
    table = {
        0.5: (1.6487212707, 0.78644773297, 1.0, 0.23500371220),
        -0.5: (0.60653065971, 0.78644773297, 0.0, 0.23500371220),
        -2.0: (0.13533528324, 0.07065082485, 0.0, 0.10499358540),
    }
    for at, right in table.items():
        _, slopes = student.run(applying_the_functions, at=at)
        for (name, hint), seen, slope in zip(hints.items(), slopes, right, strict=True):
            mistakes = {NOTHING: 0.0} if slope else {}
            expect_close(seen, slope, hint=hint, what=f"The slope of {name} at {at}", rtol=1e-5, mistakes=mistakes)


def the_graph_of_the_slide(Value: Function) -> Any:
    """Go back through (x + y) z."""
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    f = (x + y) * z
    before = [x.grad, y.grad, z.grad]
    f.backward()
    return f.data, [x.grad, y.grad, z.grad], f.grad, before


@checks("Value")
def gradients_of_the_slide(student: Student, rng: Rng) -> None:
    """In (x + y) z at -2, 5 and -4, the slopes are -4, -4 and 3; the root's own is 1, and all are 0 before."""
    data, grads, seed, before = student.run(the_graph_of_the_slide)
    expect_close(data, -12.0, hint="(−2 + 5) · −4.", what="f.data")
    expect_close(before, [0, 0, 0], hint="A new Value has grad 0.", what="(x.grad, y.grad, z.grad) before backward")
    expect_close(
        grads,
        [-4, -4, 3],
        hint="Each input of a product gets the upstream gradient times the other input's data, and each input of a "
        "sum the upstream gradient as it is.",
        what="(x.grad, y.grad, z.grad)",
        mistakes={
            NOTHING: [0, 0, 0],
            "A product's inputs have got their own values; each should get the other's.": [3, 3, -4],
            "The sum has not passed on what came from above: upstream gradient times 1.": [1, 1, 3],
        },
    )
    expect_close(seed, 1.0, hint="The root's slope along itself is 1: seed backward with it.", what="f.grad")


def the_fan_out(Value: Function) -> Any:
    """Go back through c = 2y + 5y with y = 3x."""
    x = Value(2.0)
    y = Value(3.0) * x
    c = Value(2.0) * y + Value(5.0) * y
    c.backward()
    return c.data, x.grad, y.grad


@checks("Value", weight=2)
def gradients_add_up_at_a_fan_out(student: Student, rng: Rng) -> None:
    """With y = 3x and c = 2y + 5y, y gets 2 + 5 = 7 and x gets 21."""
    data, x_grad, y_grad = student.run(the_fan_out)
    expect_close(data, 42.0, hint="x = 2, y = 6, 2·6 + 5·6.", what="c.data")
    twice = "y has passed on its gradient twice, once for each use: visit each node once, after all that uses it."
    once = (
        "Only one of y's two uses has reached x. Either the second gradient replaces the first (write +=), or y passes "
        "on before both have arrived (go through a topological order in reverse)."
    )
    expect_close(
        x_grad,
        21.0,
        hint="Write += where a gradient arrives, and visit each node once, after all that uses it.",
        what="x.grad",
        # Which of two wrong numbers comes out depends on which use of y is met first.
        mistakes={
            twice: 36 if x_grad == 36 else 27,
            once: 15 if x_grad == 15 else 6,
            "That is the slope of y along x alone: what is passed on is the local slope times the node's own grad.": 3,
        },
    )
    expect_close(y_grad, 7.0, hint="Inner nodes have a grad too: y gets 2 + 5.", what="y.grad")


def using_a_value_twice(Value: Function) -> Any:
    """Go back through steps whose inputs are, or share, one Value."""
    x, y, a, b = Value(3.0), Value(3.0), Value(2.0), Value(3.0)
    square, double = x * x, y + y
    both = (a + b) + (a * b) + (a + b) * (a * b)
    for root in (square, double, both):
        root.backward()
    return x.grad, y.grad, both.data, [a.grad, b.grad]


@checks("Value")
def one_step_may_use_a_value_twice(student: Student, rng: Rng) -> None:
    """x·x has the slope 2x, x + x the slope 2, and (a+b) + (ab) + (a+b)(ab) at 2 and 3 the slopes 25 and 19."""
    square, double, data, both = student.run(using_a_value_twice)
    hint = "The two inputs may be the same Value: each use adds its part, so write +=, and keep both parents."
    expect_close(square, 6.0, hint=hint, what="The slope of x·x at 3", mistakes={NOTHING: 0.0})
    expect_close(double, 2.0, hint=hint, what="The slope of x + x", mistakes={NOTHING: 0.0})
    expect_close(data, 41.0, hint="5 + 6 + 30.", what="(a+b) + (ab) + (a+b)(ab)")
    expect_close(both, [25, 19], hint="Write += where a gradient arrives.", what="(a.grad, b.grad)")


def using_a_value_elsewhere_too(Value: Function, which: str) -> Any:
    """Go back from a step and its input, added up; the input is used by the step and by the sum."""
    x, w = Value(0.5), Value(2.0)
    # A check's own text; as its file's name it is what a message shows.
    root = eval(compile(which, which, "eval"), globals() | {"x": x, "w": w}) + x  # noqa: S307
    root.backward()
    return x.grad


@checks("Value", weight=2)
def every_step_adds_to_what_its_input_has(student: Student, rng: Rng) -> None:
    """At x = 0.5 and w = 2, x + w + x, x.exp() + x and the like give x the step's slope and 1 more."""
    slopes = {"x + w": 1.0, "w + x": 1.0, "x - w": 1.0, "w - x": -1.0, "-x": -1.0, "2 + x": 1.0, "1 - x": -1.0}
    slopes |= {"x * w": 2.0, "w * x": 2.0, "2 * x": 2.0, "x / w": 0.5, "w / x": -8.0, "1 / x": -4.0, "x ** 3": 0.75}
    slopes |= {"x.exp()": 1.6487212707, "x.tanh()": 0.78644773297, "x.relu()": 1.0, "x.sigmoid()": 0.23500371220}
    for which, slope in slopes.items():
        lost = "Only one of x's two parts has arrived: write += instead of = wherever a gradient is passed on."
        if slope != 1:
            lost = (
                f"Only the part of {which} is there; the other one, 1, is lost. Where the gradient of {which} is "
                "passed on, write += instead of =."
            )
        expect_close(
            student.run(using_a_value_elsewhere_too, which=which),
            slope + 1,
            hint=f"First see to it that the slope of {which} is right by itself; then each use of x adds its part.",
            what=f"x.grad for {which} + x",
            rtol=1e-5,
            mistakes={lost: slope},
        )


def using_whole_numbers(Value: Function) -> Any:
    """Go back from 0.75 x + x·x / 8 at a whole number."""
    x = Value(2)
    root = 0.75 * x + x * x / 8
    root.backward()
    return root.data, x.grad


@checks("Value")
def whole_numbers_have_slopes_too(student: Student, rng: Rng) -> None:
    """At x = Value(2), 0.75 x + x·x / 8 is 2 and has the slope 1.25: fractions are kept."""
    data, slope = student.run(using_whole_numbers)
    hint = "The data may be a whole number, and its slope is a fraction all the same: grad starts as 0.0."
    expect_close(data, 2.0, hint="0.75·2 + 2·2/8: / is no whole division.", what="0.75 x + x·x / 8 at 2")
    expect_close(slope, 1.25, hint=hint, what="x.grad", mistakes={f"Its fraction is cut off. {hint}": 1.0})


def mixing_numbers_and_values(Value: Function, which: str) -> Any:
    """Compute with a Value of 4 and a number; return value and slope, or what went wrong."""
    v = Value(4.0)
    try:
        root = eval(compile(which, which, "eval"), globals() | {"v": v, "Value": Value})  # noqa: S307
    except (TypeError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    root.backward()
    return [root.data, v.grad]


@checks("Value", weight=2)
def numbers_mix_with_values(student: Student, rng: Rng) -> None:
    """2 + v, 1 - v, 2·v, 1/v, and the other way round, and sum() have the right values and slopes at v = 4."""
    right: dict[str, list[float]] = {"v + 2": [6, 1], "2 + v": [6, 1], "v * 2": [8, 2], "2 * v": [8, 2]}
    right |= {"v - 1": [3, 1], "1 - v": [-3, -1], "v / 2": [2, 0.5], "1 / v": [0.25, -0.0625]}
    right |= {"sum([v, v, Value(1)])": [9, 2], "v * (v - 4)": [0, 4]}
    sides = (
        "If the other side is a number, make it a Value first. If the number comes first, Python calls the Value's "
        "__radd__, __rsub__, __rmul__ or __rtruediv__."
    )
    hints = {"sum([v, v, Value(1)])": "sum() starts with 0 + the first Value."}
    turned = {
        "1 - v": {"1 - v is not v - 1: the value is -3 and the slope -1.": [3.0, 1.0]},
        "1 / v": {"1 / v is not v / 1: the value is 0.25, and the slope of 1/v is -1/v².": [4.0, 1.0]},
        "v * (v - 4)": {"A product that is 0 has slopes too: each factor's is the other factor.": [0.0, 0.0]},
    }
    for which, value_and_slope in right.items():
        got = student.run(mixing_numbers_and_values, which=which)
        power = "^ is no power in Python but a bitwise operation: write **." if "^" in str(got) else ""
        hint = power or f"{hints.get(which, '')} {sides}".strip()
        expect(not isinstance(got, str), f"{which} does not work.", got=got, hint=hint)
        hint = hints.get(which, sides)
        mistakes = turned.get(which, {NOTHING: [value_and_slope[0], 0.0]})
        what = f"{which}: value and slope"
        expect_close(got, value_and_slope, hint=hint, what=what, rtol=1e-5, mistakes=mistakes)


def differences_and_quotients(Value: Function) -> Any:
    """Go back through a - b, a / b and -a."""
    a, b, c, d = Value(3.0), Value(-2.0), Value(3.0), Value(-2.0)
    difference, quotient = a - b, c / d
    difference.backward()
    quotient.backward()
    e = Value(5.0)
    (-e).backward()
    return [a.grad, b.grad], [c.grad, d.grad], e.grad


@checks("Value")
def slopes_of_differences_and_quotients(student: Student, rng: Rng) -> None:
    """a - b has the slopes 1 and -1, -a the slope -1, and a/b at 3 and -2 the slopes -1/2 and -3/4."""
    difference, quotient, negative = student.run(differences_and_quotients)
    hint = "a - b is a + (-1)·b: b gets the gradient with its sign turned."
    expect_close(difference, [1, -1], hint=hint, what="The pair of slopes of a - b", mistakes={NOTHING: [0, 0]})
    expect_close(negative, -1, hint="The slope of -a is -1.", what="The slope of -a")
    expect_close(
        quotient,
        [-0.5, -0.75],
        hint="a/b is a·b⁻¹: along a the slope is 1/b, along b it is -a/b².",
        what="The pair of slopes of a / b",
        rtol=1e-5,
        mistakes={"The slope of 1/b is -1/b²: a minus sign is missing.": [-0.5, 0.75]},
    )


def taking_powers(Value: Function) -> Any:
    """Return value and slope of six powers."""
    out: list[list[float]] = []
    for base, exponent in ((2.0, 3), (4.0, 0.5), (2.0, -1), (-3.0, 2), (4.0, 0), (0.0, 2)):
        v = Value(base)
        root = v**exponent
        root.backward()
        out.append([root.data, v.grad])
    return out


@checks("Value")
def slopes_of_powers(student: Student, rng: Rng) -> None:
    """v³ at 2, √v at 4, 1/v at 2, v² at -3, v⁰ at 4 and v² at 0 have the slopes 12, 1/4, -1/4, -6, 0 and 0."""
    expect_close(
        student.run(taking_powers),
        np.array([[8, 12], [2, 0.25], [0.5, -0.25], [9, -6], [1, 0], [0, 0]]),
        hint="The slope of vⁿ is n·vⁿ⁻¹: the exponent goes down by one.",
        what="The table of values and slopes",
        rtol=1e-5,
        mistakes={
            "The exponent of the slope is off by one: n·vⁿ⁻¹.": np.array(
                [[8, 24], [2, 1], [0.5, -0.5], [9, 18], [1, 0], [0, 0]]
            ),
            "The factor n of n·vⁿ⁻¹ is missing.": np.array([[8, 4], [2, 0.5], [0.5, 0.25], [9, -3], [1, 0.25], [0, 0]]),
        },
    )


def asking_for_parents(Value: Function) -> Any:
    """Look at the parents of a leaf and a product, and see whether a tanh and a relu lead back to their input."""
    a, b = Value(2.0), Value(-3.0)
    c = a * b

    def leads_back(root: Any, v: Any) -> bool:
        # A tanh may be made of an exp, and a relu be a product.
        waiting = list(root.parents)
        while waiting:
            node = waiting.pop()
            if node is v:
                return True
            waiting.extend(node.parents)
        return False

    each = [leads_back(root, v) for v, root in ((c, c.tanh()), (c, c.relu()), (a, a.relu()))]
    return [len(list(a.parents)), {id(p) for p in c.parents} == {id(a), id(b)}, each]


@checks("Value")
def parents_are_the_inputs(student: Student, rng: Rng) -> None:
    """A leaf has no parents, a product its two factors, and a tanh and a relu come from their input."""
    none, both, one = student.run(asking_for_parents)
    hint = "Keep the Values that a new Value is computed from in .parents: a tuple, a list or a set."
    expect_equal(none, 0, hint=hint, what="The number of a leaf's parents")
    expect(both, "The parents of a * b are not a and b.", hint=hint)
    hint += " A relu has one too, on either side of 0."
    for name, found in zip(("c.tanh()", "c.relu() for c = -6", "a.relu() for a = 2"), one, strict=True):
        expect(found, f"The parents of {name} do not lead back to its input.", hint=hint)


def going_back_twice(Value: Function) -> Any:
    """Call backward twice on one root, and once on a leaf."""
    x = Value(2.0)
    y = Value(3.0) * x
    c = Value(2.0) * y + Value(5.0) * y
    c.backward()
    once = [x.grad, y.grad, c.grad]
    c.backward()
    leaf = Value(4.0)
    leaf.backward()
    return once, [x.grad, y.grad, c.grad], leaf.grad


@checks("Value")
def leaves_add_up_and_inner_nodes_start_clean(student: Student, rng: Rng) -> None:
    """A second backward adds another 21 to the leaf x and leaves 7 in the inner node y and 1 in the root."""
    once, twice, leaf = student.run(going_back_twice)
    expect_close(once, [21, 7, 1], hint="First see to it that one backward is right.", what="(x.grad, y.grad, c.grad)")
    expect_close(
        twice,
        [42, 7, 1],
        hint="When backward starts, set the grad of nodes with parents to 0, keep the leaves', and seed the root.",
        what="(x.grad, y.grad, c.grad) after a second backward",
        mistakes={
            "Leaves keep what they have: only nodes with parents are set to 0.": [21, 7, 1],
            "Inner nodes still hold the gradient of the first backward: set them to 0 first.": [63, 14, 1],
            "Inner nodes and the root still hold what the first backward left: start them clean.": [84, 21, 2],
        },
    )
    expect_close(leaf, 1.0, hint="A leaf may be the root: its slope along itself is 1.", what="The grad of a lone leaf")


def walking_a_long_chain(Value: Function, length: int) -> Any:
    """Add x to itself again and again, and go back."""
    x = Value(0.5)
    v = x
    try:
        for _ in range(length):
            v = v + x
        v.backward()
    except RecursionError:
        return "too deep"
    return [v.data, x.grad]


@checks("Value")
def chain_of_5000_nodes(student: Student, rng: Rng) -> None:
    """A chain of 5,000 additions is computed and walked back."""
    got = student.run(walking_a_long_chain, length=5000)
    expect(got != "too deep", "It stops with a RecursionError.", hint=TOO_DEEP)
    hint = "x is used 5,001 times; each use adds 1."
    expect_close(got, [2500.5, 5001], hint=hint, what="The pair of value and slope", rtol=1e-5)


def going_back_through_forks(Value: Function, rungs: int, most: int) -> Any:
    """Count the lines that backward runs in a graph with 2 ** rungs paths; stop it when there are too many."""
    import sys

    class TooManyError(BaseException):
        pass

    steps = 0

    def count(frame: Any, event: str, arg: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps > most:
            raise TooManyError
        return count

    x = Value(1.0)
    v = x
    for _ in range(rungs):
        v = v * 0.25 + v * 0.75
    before = sys.gettrace()
    sys.settrace(count)
    try:
        v.backward()
    except TooManyError:
        return "too many"
    finally:
        sys.settrace(before)
    return x.grad


@checks("Value")
def backward_without_following_every_path(student: Student, rng: Rng) -> None:
    """Going back through 40 forks in a row, a million million paths, takes a few steps per node, not some for each."""
    got = student.run(going_back_through_forks, rungs=40, most=100_000)
    expect(got != "too many", "backward takes more than 100,000 steps in a graph of some 200 nodes.", hint=PATH_BY_PATH)
    hint = "At each fork 0.25 and 0.75 of the gradient come together again."
    expect_close(got, 1.0, hint=hint, what="x.grad", rtol=1e-5)


# labs/02_backprop/gradient_check.py


def checking_a_gradient(gradient_check: Function, x: Any, factors: Any) -> Any:
    """Check the gradient of Σ x³ + x₀x₁, multiplied by factors so that it may be wrong."""

    def f(v: Any) -> float:
        return float((v**3).sum() + v.flat[0] * v.flat[1])

    def grad_f(v: Any) -> Any:
        grad = 3 * v**2
        grad.flat[0] += v.flat[1]
        grad.flat[1] += v.flat[0]
        return grad * factors

    return gradient_check(f, grad_f, x)


X_CHECK = np.array([[1.0, -2.0, 0.5], [1.5, -1.0, 2.0]])


def _expect_right_gradient_accepted(student: Student) -> None:
    """Expect that a right gradient passes, so that hints about scales do not blame them for a wrong difference."""
    error = student.run(checking_a_gradient, x=X_CHECK, factors=np.ones((2, 3)))
    expect_shape(error, (), hint="Return one number, the largest error.", what="The error")
    hint = "First see to it that a right gradient has almost no error; then this check looks at wrong ones."
    expect(bool(0 <= error < 1e-6), "A right gradient looks wrong.", got=error, hint=hint)


@checks("gradient_check")
def right_gradients_have_almost_no_error(student: Student, rng: Rng) -> None:
    """A right gradient of a (2, 3) array has an error below 1e-6, and x is left alone."""
    error = student.run(checking_a_gradient, x=X_CHECK, factors=np.ones((2, 3)))
    expect_shape(error, (), hint="Return one number, the largest error.", what="The error")
    hint = "Move one coordinate at a time, both ways, by about 1e-5; divide by twice that; keep x's shape."
    if abs(error - 1) < 1e-9:
        hint = (
            "An error of 1 means that a slope was measured as 0: did f see the same array twice? `plus = x` is the "
            "same array, not a copy: write x.copy()."
        )
    elif abs(error - 0.5) < 1e-3:
        hint = (
            "An error of 1/2 means that slopes were measured as half or twice what they are: are both points a step "
            "away from x, and is the difference divided by twice the step?"
        )
    expect(
        bool(0 <= error < 1e-6),
        "A right gradient looks wrong.",
        expected="an error from 0 to 1e-6",
        got=error,
        hint=hint,
    )
    expect_inputs_unchanged(student, hint="Work on a copy of x, or write the old value back.")


@checks("gradient_check")
def wrong_gradients_have_the_errors_they_deserve(student: Student, rng: Rng) -> None:
    """A gradient that is twice too large has the error 1/2, one with the wrong sign the error 2."""
    _expect_right_gradient_accepted(student)
    twice = student.run(checking_a_gradient, x=X_CHECK, factors=np.full((2, 3), 2.0))
    hint = "The relative error is |a - b| / max(|a|, |b|, 1e-5), coordinate by coordinate."
    expect_close(
        twice,
        0.5,
        hint=hint,
        what="The error of a gradient twice too large",
        rtol=1e-5,
        mistakes={
            "The scale here is the larger of |a| and |b|, not their sum.": 1 / 3,
            "The scale here is the larger of |a| and |b|, not the measured slope alone.": 1.0,
            "The scale here is the larger of |a| and |b|, not their mean.": 2 / 3,
            "That is an absolute error: divide by the larger of |a| and |b|.": 14.0,
        },
    )
    turned = student.run(checking_a_gradient, x=X_CHECK, factors=np.full((2, 3), -1.0))
    expect_close(
        turned, 2.0, hint="Take absolute values: |a - b|, |a| and |b|.", what="The error of -gradient", rtol=1e-5
    )


@checks("gradient_check")
def one_wrong_coordinate_is_enough(student: Student, rng: Rng) -> None:
    """If one coordinate of six is four times too large, the error is 3/4, wherever it stands."""
    _expect_right_gradient_accepted(student)
    for place in (0, 3, 5):
        factors = np.ones(6)
        factors[place] = 4.0
        expect_close(
            student.run(checking_a_gradient, x=X_CHECK, factors=factors.reshape(2, 3)),
            0.75,
            hint="Go through all coordinates, and return the largest error.",
            what=f"The error with coordinate {place} wrong",
            rtol=1e-4,
            mistakes={"That is the mean over the coordinates: the largest counts.": 0.125},
        )


def checking_at_a_transposed_array(gradient_check: Function, x: Any, factors: Any) -> Any:
    """Check the gradient of Σ x³, multiplied by factors, at an array that lies in memory column by column."""
    return gradient_check(lambda v: float((v**3).sum()), lambda v: 3 * v**2 * factors.T, np.array(x).T)


@checks("gradient_check")
def memory_order_does_not_matter(student: Student, rng: Rng) -> None:
    """At a transposed array a right gradient has no error, and one that is four times too large in one place 3/4."""
    _expect_right_gradient_accepted(student)
    hint = (
        "ravel, flatten and reshape(-1) may return a copy, so that x never moves, or walk in another order. Index x "
        "itself, x[i] with i from np.ndindex(x.shape)."
    )
    for place in (None, 1, 3):
        factors = np.ones((2, 3))
        if place is not None:
            factors.flat[place] = 4.0
        error = student.run(checking_at_a_transposed_array, x=X_CHECK, factors=factors)
        right = 0.0 if place is None else 0.75
        what = "The error of a right gradient" if place is None else "The error of a gradient with one coordinate wrong"
        expect_close(error, right, hint=hint, what=what, rtol=1e-4, atol=1e-6)


def checking_where_slopes_are_zero(gradient_check: Function, x: Any, claimed: Any) -> Any:
    """Check a claimed gradient of a function that only its first coordinate moves."""
    return gradient_check(lambda v: float(2 * v[0]), lambda v: claimed * np.ones(v.shape), x)


@checks("gradient_check")
def zero_slopes_agree(student: Student, rng: Rng) -> None:
    """Where both slopes are 0 the error is 0, without a warning; where only one is, it is 1."""
    _expect_right_gradient_accepted(student)
    hint = "0/0 is nan. The scale is at least 1e-5, so that two zeros agree."
    error = student.run(checking_where_slopes_are_zero, x=np.array([1.0, 2.0, 3.0]), claimed=np.array([2.0, 0.0, 0.0]))
    expect(
        bool(0 <= error < 1e-6), "Two slopes of 0 do not agree.", expected="an error below 1e-6", got=error, hint=hint
    )
    expect_no_warning(student, hint=hint)
    error = student.run(
        checking_where_slopes_are_zero, x=np.array([1.0, 2.0, 3.0]), claimed=np.array([2.0, 0.0, 0.001])
    )
    expect_close(
        error, 1.0, hint="|0.001 - 0| / 0.001 is 1.", what="The error where a slope of 0 is claimed to be 0.001"
    )
    error = student.run(checking_where_slopes_are_zero, x=np.array([1.0, 2.0, 3.0]), claimed=np.zeros(3))
    hint = "|0 - 2| / 2 is 1: a claimed slope of 0 is a claim too."
    expect_close(error, 1.0, hint=hint, what="The error where a slope of 2 is claimed to be 0", rtol=1e-5)


def checking_where_nan_is(gradient_check: Function, x: Any, where: str, place: int) -> Any:
    """Check a gradient with a nan at one place, in the gradient or in f."""
    kept = np.array(x)

    def f(v: Any) -> float:
        moved = v[place] != kept[place]
        return float("nan") if where == "f" and moved else float((v**2).sum())

    def grad_f(v: Any) -> Any:
        grad = 2.0 * v
        if where == "grad_f":
            grad[place] = float("nan")
        return grad

    return float(gradient_check(f, grad_f, x))


@checks("gradient_check")
def nan_is_infinitely_wrong(student: Student, rng: Rng) -> None:
    """A single nan, in the gradient or in f, makes the error infinite, wherever it stands."""
    for where in ("grad_f", "f"):
        for place in (0, 1, 2):
            error = student.run(checking_where_nan_is, x=np.array([1.0, 2.0, 3.0]), where=where, place=place)
            expect(
                bool(error == np.inf),
                f"A nan of {where} in coordinate {place} goes unnoticed.",
                expected="inf",
                got=error,
                hint="nan > worst is False, and max(worst, nan) may be either. Ask np.isnan, and count it as np.inf.",
            )
            hint = "Put the old value back before you return, also where a nan ends the search, or work on a copy of x."
            expect_inputs_unchanged(student, hint=hint)


def noting_where_f_is_asked(gradient_check: Function, x: Any) -> Any:
    """Return where f was asked, relative to x."""
    asked, kept = [], np.array(x)

    def f(v: Any) -> float:
        asked.append(np.array(v, dtype=float))
        return float((v**2).sum())

    gradient_check(f, lambda v: 2 * v, x)
    return [v.shape == kept.shape for v in asked], [v.ravel() - kept.ravel() for v in asked if v.size == kept.size]


@checks("gradient_check")
def differences_go_both_ways(student: Student, rng: Rng) -> None:
    """f is asked on both sides of x, equally far, one coordinate at a time, in arrays of x's shape."""
    shapes, moves = student.run(noting_where_f_is_asked, x=np.array([[1.0, -2.0], [0.0, 3.0]]))
    expect_inputs_unchanged(student, hint="Work on a copy of x, or write the old value back.")
    expect(
        bool(shapes) and all(shapes), "f gets arrays of another shape.", hint="Give f the whole array, one entry moved."
    )
    asked = np.array(moves)
    single = asked[(np.abs(asked) > 1e-12).sum(axis=1) == 1]
    for i in range(4):
        steps = single[np.abs(single[:, i]) > 1e-12, i] if len(single) else np.zeros(0)
        expect(
            bool(len(steps) and abs(steps.max() + steps.min()) < 1e-9 and steps.max() > 0),
            f"Coordinate {i} is not moved by the same step both ways.",
            got=np.sort(steps),
            hint="Central differences: (f(x + h) - f(x - h)) / (2h), each coordinate by itself.",
        )


# labs/02_backprop/repaired_backward.py

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."

NET = {
    "W": np.array([[0.5, -1.0], [0.25, 0.75]]),
    "b": np.array([0.1, -0.2]),
    "v": np.array([1.0, -2.0]),
    "X": np.array([[1.0, 0.5], [-0.5, 1.0], [0.0, -1.5]]),
    "t": np.array([0.5, -1.0, 1.0]),
}
HUNT = (
    "Hunt: check this parameter alone with your gradient_check. A gradient is wrong if any line that it comes from is, "
    "so begin with the wrong one that the fewest lines lead to."
)


def _gradients(student: Student) -> tuple[Any, ...]:
    got = student.call("repaired_backward", *NET.values())
    return expect_parts(got, ("dW", "db", "dv"), hint="Return the three together: return dW, db, dv.")


@checks("repaired_backward")
def gradient_along_v(student: Student, rng: Rng) -> None:
    """dv of a small net agrees with PyTorch's."""
    _, _, dv = _gradients(student)
    hint = "dv was right in broken_backward: go back to its first lines."
    order = {"That is db: the order is dW, db, dv.": [2.78160771449, -1.518446979249]}
    expect_close(dv, [0.435547493322, -0.640805896539], hint=hint, what="dv", rtol=1e-5, mistakes=order)


@checks("repaired_backward")
def gradient_along_b(student: Student, rng: Rng) -> None:
    """db of a small net agrees with PyTorch's."""
    _, db, _ = _gradients(student)
    expect_close(
        db,
        [2.78160771449, -1.518446979249],
        hint=HUNT,
        what="db",
        rtol=1e-5,
        mistakes={
            "One bug that db suffers from is repaired, and one is left: it sits where the gradient passes a product.": [
                1.4537084598,
                -2.3305162514,
            ],
            "One bug that db suffers from is repaired, and one is left: it sits where the gradient passes a tanh.": [
                2.6489168662,
                -1.3075659703,
            ],
            "Only the first step's part of db is there: b is used twice, and both uses count.": [
                1.5179773972,
                -0.2752136741,
            ],
            "That is broken_backward's db: two of the three bugs are in lines that db comes from.": [
                1.405253843,
                -1.7354680299,
            ],
        },
    )


@checks("repaired_backward")
def gradient_along_W(student: Student, rng: Rng) -> None:  # noqa: N802 - the matrix is W
    """dW of a small net agrees with PyTorch's."""
    dW, _, _ = _gradients(student)
    expect_close(
        dW,
        [[0.651326544514, -0.397908316524], [1.647802607879, -0.891666373675]],
        hint=HUNT,
        what="dW",
        rtol=1e-5,
        mistakes={
            "Only one bug is left, and db does not suffer from it: W is used twice, and how many uses count?": [
                [-0.0026702849, 0.0465370547],
                [1.8107757691, -0.3091369493],
            ],
            "That is the transpose of dW.": [
                [0.651326544514, 1.647802607879],
                [-0.397908316524, -0.891666373675],
            ],
            "That is broken_backward's dW: all three bugs are still in it.": [
                [0.1670752162, -0.4717696989],
                [0.0926944017, 0.2155583789],
            ],
        },
    )


@checks("repaired_backward")
def backward_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """W, b, v, X and t are what they were before the call."""
    dW, db, dv = _gradients(student)
    expect_shape(dW, (2, 2), hint=RIGHT_FIRST, what="dW")
    expect_shape(db, (2,), hint=RIGHT_FIRST, what="db")
    expect_shape(dv, (2,), hint=RIGHT_FIRST, what="dv")
    expect_inputs_unchanged(student)


repaired_backward_in_other_forms = forms(
    "repaired_backward", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/02_backprop/matmul_backward.py


@checks("matmul_backward")
def product_of_two_small_matrices(student: Student, rng: Rng) -> None:
    """A row times a column, and two square matrices, have the gradients worked out by hand."""
    hint = "dL/dA = G Bᵀ and dL/dB = Aᵀ G: the other matrix, transposed, on its own side of the product."
    got = student.call("matmul_backward", np.array([[10.0]]), np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    dA, dB = expect_parts(got, ("dA", "dB"), hint="Return the two together.")
    expect_close(dA, [[30, 40]], hint=hint, what="dL/dA for A = [[1, 2]]")
    expect_close(dB, [[10], [20]], hint=hint, what="dL/dB for B = [[3], [4]]")
    G, A, B = (
        np.array([[1.0, 2.0], [0.0, -1.0]]),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[5.0, 6.0], [7.0, 8.0]]),
    )
    dA, dB = expect_parts(student.call("matmul_backward", G, A, B), ("dA", "dB"), hint="Return the two together.")
    square = "With square matrices all shapes fit, and only one way is right. " + hint
    transposed = "The transpose is missing: G Bᵀ and Aᵀ G."
    expect_close(dA, [[17, 23], [-6, -8]], hint=square, what="dL/dA", mistakes={transposed: [[19, 22], [-7, -8]]})
    expect_close(dB, [[1, -1], [2, 0]], hint=square, what="dL/dB", mistakes={transposed: [[1, 0], [3, 2]]})


@checks("matmul_backward")
def gradients_have_the_shapes_of_their_matrices(student: Student, rng: Rng) -> None:
    """For (4, 2) times (2, 3) the gradients are (4, 2) and (2, 3), and the inputs stay as they are."""
    G, A, B = rng.normal(size=(4, 3)), rng.normal(size=(4, 2)), rng.normal(size=(2, 3))
    got = student.call("matmul_backward", G, A, B)
    dA, dB = expect_parts(got, ("dA", "dB"), hint="Return the two together.")
    expect_shape(dA, (4, 2), hint="A gradient has the shape of what it is the gradient of.", what="dL/dA")
    expect_shape(dB, (2, 3), hint="A gradient has the shape of what it is the gradient of.", what="dL/dB")
    expect_inputs_unchanged(student)


matmul_backward_in_other_forms = forms(
    "matmul_backward", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/02_backprop/unbroadcast.py

G_SMALL = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])


@checks("unbroadcast")
def bias_gradient_is_summed_over_the_rows(student: Student, rng: Rng) -> None:
    """The gradient of a bias (3,) that was added to two rows is the sum of the two rows."""
    expect_close(
        student.call("unbroadcast", G_SMALL, (3,)),
        [11, 22, 33],
        hint="The bias was copied once for each row, so its gradient is the sum over the rows, axis 0.",
        mistakes={
            "That is the mean: the copies' gradients add.": [5.5, 11, 16.5],
            "That is one row: all copies' gradients add.": [1, 2, 3],
            "That is the last row: all copies' gradients add.": [10, 20, 30],
        },
    )


@checks("unbroadcast")
def stretched_axes_stay_with_length_one(student: Student, rng: Rng) -> None:
    """Shapes (2, 1) and (1, 3) were stretched along one axis, (1, 1) along both; each keeps its shape."""
    hint = "Sum over the axes where shape has 1 and G has more; keepdims=True keeps them."
    for shape, right in (((2, 1), [[6], [60]]), ((1, 3), [[11, 22, 33]]), ((1, 1), [[66]])):
        expect_close(
            student.call("unbroadcast", G_SMALL, shape), right, hint=hint, what=f"The gradient of shape {shape}"
        )
        expect_inputs_unchanged(student)


@checks("unbroadcast")
def added_axes_are_summed_away(student: Student, rng: Rng) -> None:
    """From (2, 3), a number has shape () and gets the total; from (2, 2, 3), a (2, 1) gets two sums over six."""
    expect_close(student.call("unbroadcast", G_SMALL, ()), 66.0, hint="A number was copied into every entry: sum all.")
    G = np.stack([G_SMALL, 100 * G_SMALL])
    hint = "Line the shapes up at their last axis: here axis 0 was added in front, and the last axis was stretched."
    expect_close(student.call("unbroadcast", G, (2, 1)), [[606], [6060]], hint=hint)


@checks("unbroadcast")
def nothing_stretched_is_left_as_it_is(student: Student, rng: Rng) -> None:
    """A gradient that has the shape already comes back as it is, and G is not changed."""
    for G in (G_SMALL, G_SMALL[:1], G_SMALL[:, :1]):
        got = student.call("unbroadcast", G, G.shape)
        expect_close(got, G, hint="Where G already has the shape, there is nothing to add up.")
        expect_inputs_unchanged(student)


unbroadcast_in_other_forms = forms("unbroadcast", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/02_backprop/compile_graph.py


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


# labs/02_backprop/evaluate.py


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
