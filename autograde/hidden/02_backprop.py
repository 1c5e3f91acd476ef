# Built by `coursekit build` from labs/02_backprop/. Edit the files there, not this one.
"""Hidden checks of lab 02: random cases against an independent computation of the right answer.

Gradients are compared with ones that were found another way: by carrying slopes forwards (dual numbers), or by
evaluating a function a tiny imaginary step beside its argument. Students see of these checks only their names and
hints.
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
    expect_parts,
    expect_shape,
)

Rng = np.random.Generator
Function = Callable[..., Any]

#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}


def _random_graph(rng: Rng, n: int, most: int) -> list[list[int]]:
    """Draw the parents of n nodes, of which the last is reached from every other."""
    parents: list[list[int]] = []
    for node in range(n):
        count = 0 if node < 2 else int(rng.integers(0, most + 1))
        parents.append(sorted({int(rng.integers(node)) for _ in range(count)}))
    used = {parent for found in parents for parent in found}
    parents[-1] = sorted({*parents[-1], *(node for node in range(n - 1) if node not in used)})
    return parents


# labs/02_backprop/add_gate.py


@checks("add_gate")
def add_gate_of_random_gradients(student: Student, rng: Rng) -> None:
    """Random upstream gradients reach both inputs."""
    for g in [*rng.normal(scale=3, size=3).tolist(), float(rng.uniform(50, 90))]:
        expect_close(student.call("add_gate", g), [g, g], hint="Both inputs get g itself.", rtol=1e-5)


# labs/02_backprop/mul_gate.py


@checks("mul_gate")
def mul_gate_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random inputs get the upstream gradient times the other input."""
    cases = rng.normal(scale=3, size=(4, 3))
    # Every sign is tried in every place, whatever is drawn.
    signs = [[1, 1, 1], [-1, 1, -1], [1, -1, -1], [-1, -1, 1]]
    for g, x, y in (np.abs(cases) * signs).tolist():
        expect_close(student.call("mul_gate", g, x, y), [g * y, g * x], hint="x gets g·y, y gets g·x.", rtol=1e-5)
    hint = "Each input gets g times the other's number, whichever numbers have been asked before."
    expect_close(student.call("mul_gate", 2 * g, x, y), [2 * g * y, 2 * g * x], hint=hint, rtol=1e-5)
    hint = "In x · x both inputs hold the same number, and each gets its own part, g·x: a fan-out adds them."
    expect_close(student.call("mul_gate", g, x, x), [g * x, g * x], hint=hint, rtol=1e-5)


# labs/02_backprop/max_gate.py


@checks("max_gate")
def max_gate_of_random_numbers(student: Student, rng: Rng) -> None:
    """Of random inputs, close ones too, the larger gets the upstream gradient, whatever its sign."""
    for sign, side, sign_of_x in [(a, b, c) for a in (1, -1) for b in (1, -1) for c in (1, -1)]:
        # Far enough from 0 for the small gap to be one that isclose overlooks.
        g, x = sign * rng.uniform(0.5, 3), sign_of_x * rng.uniform(0.5, 3)
        for gap in (rng.uniform(0.001, 0.05), 3e-6):
            y = x + side * gap
            hint = "Compare x and y, not g, and exactly: close is no tie."
            expect_close(student.call("max_gate", g, x, y), [g * (x > y), g * (y > x)], hint=hint, rtol=1e-5)


# labs/02_backprop/copy_gate.py

BOTH = "Both uses count, whatever the numbers are: add."


@checks("copy_gate")
def copy_gate_of_random_gradients(student: Student, rng: Rng) -> None:
    """Random upstream gradients are added."""
    g = float(rng.uniform(0.5, 2))
    # Two uses may bring the same gradient, as in x + x, and one of them may bring none.
    for pair in [*rng.normal(size=(4, 2)).tolist(), [g, g], [0.0, g], [g, 0.0]]:
        got = student.call("copy_gate", *pair)
        got = got[0] if np.shape(got) == (1,) else got
        hint = "Both uses count, also where both bring the same number: add." if pair[0] == pair[1] else BOTH
        expect_close(got, sum(pair), hint=hint, rtol=1e-5)


# labs/02_backprop/neuron.py


def calling_twice(neuron: Function, first: list[float], second: list[float]) -> Any:
    """Return what the first call's slopes are after a second call, and the second's."""
    kept = neuron(*first)[1]
    later = neuron(*second)[1]
    return [[float(slope) for slope in grads.values()] for grads in (kept, later)]


@checks("neuron")
def neuron_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random neurons have the value and the slopes that an imaginary step finds."""
    names = ("w0", "x0", "w1", "x1", "w2")
    # In the last two the sum is near 6 and -6, where the slopes are small and not 0.
    far = np.array([[2.0, 1.5, -1.0, -1.0, 2.0], [2.0, -1.5, 1.0, -1.0, -2.0]]) + rng.uniform(-0.1, 0.1, size=(2, 5))
    for at in (*rng.normal(scale=1.2, size=(5, 5)), *far):

        def sigmoid(p: Any) -> Any:
            return 1 / (1 + np.exp(-(p[0] * p[1] + p[2] * p[3] + p[4])))

        value, grads = expect_parts(
            student.call("neuron", *at.tolist()), ("value", "grads"), hint="Return value, grads."
        )
        hint = "The sigmoid of w0·x0 + w1·x1 + w2."
        expect_close(value, sigmoid(at), hint=hint, what="The value", rtol=1e-5, atol=1e-6)
        for i, name in enumerate(names):
            slope = sigmoid(at + 1e-20j * np.eye(5)[i]).imag / 1e-20
            hint = "Compare each slope with a central difference of your own value."
            expect_close(grads[name], slope, hint=hint, what=f"d{name}", rtol=1e-5, atol=1e-6)
    hint = "Make a new dict in each call: one that stands outside the function is the same dict each time."
    kept, second = student.run(calling_twice, first=[0.0] * 5, second=[1.0] * 5)
    expect(kept != second, "The slopes of an earlier call change when neuron is called again.", hint=hint)


# labs/02_backprop/topological_order.py


# A right answer to the exercise that later ones may use: see Exercise.stand_ins.


def topological_order(root: Any) -> Any:
    """List a graph's nodes, inputs before what uses them, by taking away nodes that nobody left uses."""
    nodes, uses, found = {id(root): root}, {id(root): 0}, [root]
    for node in found:
        for parent in node.parents:
            if id(parent) not in nodes:
                nodes[id(parent)] = parent
                uses[id(parent)] = 0
                found.append(parent)
            uses[id(parent)] += 1
    backwards, free = [], [root]
    while free:
        node = free.pop()
        backwards.append(node)
        for parent in node.parents:
            uses[id(parent)] -= 1
            if uses[id(parent)] == 0:
                free.append(parent)
    return backwards[::-1]


def asking_for_the_order(topological_order: Function, parents: Any) -> Any:
    """Return the order of a graph in numbers, and whether the nodes are as they were."""

    class Numbered:
        pass

    nodes: list[Any] = []
    for found in parents:
        node: Any = Numbered()
        node.parents = [nodes[i] for i in found]
        nodes.append(node)
    numbers = {id(node): i for i, node in enumerate(nodes)}
    before = [vars(node) | {"parents": list(node.parents)} for node in nodes]
    order = [numbers[id(node)] for node in topological_order(nodes[-1])]
    return order, all(vars(node) == old for node, old in zip(nodes, before, strict=True))


@checks("topological_order")
def orders_of_random_graphs(student: Student, rng: Rng) -> None:
    """In random graphs every node comes once, after its inputs, the root last, and no node is changed."""
    for n, most in ((8, 2), (20, 3), (30, 4)):
        parents = _random_graph(rng, n, most)
        order, untouched = student.run(asking_for_the_order, parents=parents)
        expect_equal(sorted(order), list(range(n)), hint="Every node comes once.", what="The list of nodes, sorted,")
        place = {node: i for i, node in enumerate(order)}
        early = [node for node, found in enumerate(parents) for parent in found if place[parent] > place[node]]
        hint = "A node goes onto the list when all its parents are there, and not before."
        expect(not early, "A node comes before one of its inputs.", hint=hint)
        expect(order[-1] == n - 1, "The root does not come last.", hint=hint)
        hint = "Keep a set of your own for what has been visited, and leave each node's parents as they are."
        expect(untouched, "The nodes have been changed.", hint=hint)


# labs/02_backprop/Value.py

STAND_INS["Value"] = (topological_order,)


def computing_an_expression(Value: Function, leaves: Any, program: Any) -> Any:
    """Compute an expression, given as steps on earlier values, and go back from the last."""
    values = [Value(number) for number in leaves]
    for name, i, j in program:
        a, b = values[i], values[j]
        step: dict[str, Any] = {
            "+": lambda a=a, b=b: a + b,
            "-": lambda a=a, b=b: a - b,
            "*": lambda a=a, b=b: a * b,
            "/": lambda a=a, b=b: a / (b * b + 1),
            "**": lambda a=a: (a * a + 0.5) ** 1.5,
            "**-2": lambda a=a: (a * a + 1) ** -2,
            "exp": lambda a=a: (a * 0.1).exp(),
            "tanh": lambda a=a: a.tanh(),
            "relu": lambda a=a: a.relu(),
            "sigmoid": lambda a=a: a.sigmoid(),
            "1-": lambda a=a: 1 - a,
            "2/": lambda a=a: 2 / (a * a + 1),
        }
        values.append(step[name]())
    values[-1].backward()
    return values[-1].data, [value.grad for value in values[: len(leaves)]]


def _forward_mode(leaves: Any, program: Any) -> tuple[float, np.ndarray]:
    """Do the same with pairs of a number and its slopes along all leaves."""
    values = [(number, np.eye(len(leaves))[i]) for i, number in enumerate(leaves)]
    for name, i, j in program:
        (a, da), (b, db) = values[i], values[j]
        s, t, e = 1 / (1 + np.exp(-a)), np.tanh(a), np.exp(0.1 * a)
        values.append(
            {
                "+": (a + b, da + db),
                "-": (a - b, da - db),
                "*": (a * b, a * db + b * da),
                "/": (a / (b * b + 1), da / (b * b + 1) - 2 * a * b * db / (b * b + 1) ** 2),
                "**": ((a * a + 0.5) ** 1.5, 3 * a * (a * a + 0.5) ** 0.5 * da),
                "**-2": ((a * a + 1) ** -2, -4 * a * (a * a + 1) ** -3 * da),
                "exp": (e, 0.1 * e * da),
                "tanh": (t, (1 - t * t) * da),
                "relu": (max(a, 0.0), (a > 0) * da),
                "sigmoid": (s, s * (1 - s) * da),
                "1-": (1 - a, -da),
                "2/": (2 / (a * a + 1), -4 * a / (a * a + 1) ** 2 * da),
            }[name]
        )
    return values[-1]


@checks("Value", weight=2)
def random_expressions(student: Student, rng: Rng) -> None:
    """Random expressions, in which values are used again and again, have the right value and slopes."""
    names = ["+", "-", "*", "/", "**", "**-2", "exp", "tanh", "relu", "sigmoid", "1-", "2/"]
    for number in range(7):
        leaves = rng.uniform(-1.5, 1.5, size=3).tolist() if number else [-0.7, 0.6, 1.4]
        program: list[tuple[str, int, int]] = []
        for step, name in enumerate(rng.permutation(names).tolist() if number else []):
            # Every third step squeezes what has gathered, so that products of products stay small.
            i, j = (int(k) for k in rng.integers(max(0, step - 2), 3 + len(program), size=2))
            program += [(name, i, j), ("tanh", 3 + len(program), 0)] if step % 3 == 2 else [(name, i, j)]
        # At least once of a number below zero, of one above, and far out.
        program += [("relu", 0, 0), ("relu", 1, 0), ("**", 2, 0), ("tanh", 5 + len(program), 0)]
        # The root is the sum of all values, so that no step goes unnoticed.
        count = 3 + len(program)
        program.append(("+", 0, 1))
        program += [("+", count + k, k + 2) for k in range(count - 2)]
        value, slopes = student.run(computing_an_expression, leaves=leaves, program=program)
        right_value, right_slopes = _forward_mode(leaves, program)
        expect_close(value, right_value, hint="Try each operation by itself.", what="The value", rtol=1e-5, atol=1e-7)
        hint = "Check each operation by itself with gradient_check, then two that share an input."
        expect_close(slopes, right_slopes, hint=hint, what="The list of the leaves' slopes", rtol=1e-4, atol=1e-6)


def going_back_from_two_roots(Value: Function, numbers: Any) -> Any:
    """Go back from two roots that share an inner node."""
    x, w = (Value(number) for number in numbers)
    inner = x * w
    first, second = inner * 3.0, inner.tanh()
    grads = []
    for root in (first, second, first):
        root.backward()
        grads.append([x.grad, w.grad, inner.grad])
    return grads


@checks("Value")
def two_roots_share_an_inner_node(student: Student, rng: Rng) -> None:
    """From two roots with a common inner node, leaves gather both gradients; the inner node holds the last."""
    x, w = rng.uniform(0.2, 0.9, size=2).tolist()
    slopes = [3.0, 1 - np.tanh(x * w) ** 2, 3.0]
    right = [[w * sum(slopes[: i + 1]), x * sum(slopes[: i + 1]), slopes[i]] for i in range(3)]
    hint = "When backward starts, every node with parents in its graph starts from 0, and leaves keep what they hold."
    expect_close(
        student.run(going_back_from_two_roots, numbers=[x, w]),
        right,
        hint=hint,
        what="The table of x.grad, w.grad, inner.grad",
        rtol=1e-5,
    )


# labs/02_backprop/gradient_check.py


def checking_x_itself(gradient_check: Function, x: Any) -> Any:
    """Check the gradient of Σ x² / 2, which is x itself."""
    return gradient_check(lambda v: float((v**2).sum() / 2), lambda v: v, x)


def checking_a_gradient(gradient_check: Function, x: Any, weights: Any, claimed: Any) -> Any:
    """Check a claimed gradient of a weighted sum of sines."""
    return gradient_check(lambda v: float((weights * np.sin(v)).sum()), lambda v: claimed, x)


@checks("gradient_check")
def errors_of_random_gradients(student: Student, rng: Rng) -> None:
    """Gradients of one, two and three axes with a random error in a random place get that error."""
    for shape in ((5,), (3, 2), (2, 2, 2)):
        x, weights = rng.uniform(-1, 1, size=shape), rng.uniform(1, 2, size=shape) * rng.choice([-1, 1], size=shape)
        right = weights * np.cos(x)
        error = student.run(checking_a_gradient, x=x, weights=weights, claimed=right)
        expect(bool(0 <= error < 1e-6), "A right gradient looks wrong.", got=error, hint="np.ndindex(x.shape) helps.")
        claimed, factor = right.copy(), float(rng.uniform(-0.9, 0.9))
        place = tuple(int(rng.integers(n)) for n in shape)
        claimed[place] *= factor
        error = student.run(checking_a_gradient, x=x, weights=weights, claimed=claimed)
        hint = "The scale is max(|a|, |b|); the largest coordinate counts."
        expect_close(error, 1 - factor, hint=hint, what="The error", rtol=1e-4)
        hint = (
            "Put x back exactly as it was, and leave alone what grad_f returns, which grad_f may keep: a - b makes a "
            "new array, a -= b writes into grad_f's."
        )
        expect_inputs_unchanged(student, hint=hint)
    # Many coordinates, each of which counts.
    x, weights = rng.uniform(-1, 1, size=60), rng.uniform(1, 2, size=60)
    for place in rng.choice(60, size=4, replace=False):
        claimed = weights * np.cos(x)
        claimed[place] *= 0.5
        error = student.run(checking_a_gradient, x=x, weights=weights, claimed=claimed)
        hint = "Check every coordinate, and not only some of them: one bad weight in a million is a bug."
        expect_close(error, 0.5, hint=hint, what="The error with one of 60 coordinates wrong", rtol=1e-4)
    error = student.run(checking_x_itself, x=rng.uniform(0.001, 0.002, size=3))
    hint = "grad_f may hand x itself back: copy what it returns, or put x back before you compare."
    expect(bool(0 <= error < 1e-5), "The gradient x of Σ x² / 2 looks wrong.", got=error, hint=hint)


@checks("gradient_check")
def tiny_slopes_are_not_blown_up(student: Student, rng: Rng) -> None:
    """Where a slope is 0 and a tiny one is claimed, the scale is the floor, not the tiny slope or their sum."""
    x = rng.normal(size=3)

    def error(claimed: float) -> float:
        claim = np.array([0.0, claimed, 0.0])
        got = student.run(checking_a_gradient, x=x, weights=np.zeros(3), claimed=claim)
        expect_shape(got, (), hint="Return one number, the largest error.")
        return float(np.asarray(got))

    # Whoever takes a smaller floor than the lab's is right too: see which one it is, and that it is one.
    hint = "The scale is max(|a|, |b|, 1e-5): the largest of the three."
    small = error(4e-13)
    expect(0 < small < 0.9, "Tiny slopes are blown up.", hint=hint)
    floor = 4e-13 / small
    expect(floor < 1.1e-5, "The scale is too large.", hint=hint)
    for claimed in (2e-13, 4e-6, 1e-2):
        expect_close(error(claimed), claimed / max(claimed, floor), hint=hint, what="The error", rtol=1e-4)


# labs/02_backprop/repaired_backward.py


def _imaginary_slopes(W: Any, b: Any, v: Any, X: Any, t: Any) -> list[np.ndarray]:
    """Differentiate the two-step net's loss along W, b and v by imaginary steps, exact to rounding."""

    def loss(W: Any, b: Any, v: Any) -> Any:
        return np.mean((np.tanh(np.tanh(X @ W + b) @ W + b) @ v - t) ** 2)

    slopes = []
    for k, parameter in enumerate((W, b, v)):
        slope = np.zeros(parameter.shape)
        for i in np.ndindex(parameter.shape):
            moved: list[Any] = [W.astype(complex), b.astype(complex), v.astype(complex)]
            moved[k][i] += 1e-20j
            slope[i] = loss(*moved).imag / 1e-20
        slopes.append(slope)
    return slopes


@checks("repaired_backward", weight=2)
def gradients_of_random_nets(student: Student, rng: Rng) -> None:
    """Random nets of one, three and four units have the right gradients, for one example and for many."""
    for n, d in ((6, 3), (1, 4), (4, 4), (5, 1)):
        W, b, v = rng.normal(size=(d, d)), rng.normal(size=d), rng.normal(size=d)
        X, t = rng.normal(size=(n, d)), rng.normal(size=n)
        got = expect_parts(
            student.call("repaired_backward", W, b, v, X, t), ("dW", "db", "dv"), hint="Return all three."
        )
        for name, seen, right in zip(("dW", "db", "dv"), got, _imaginary_slopes(W, b, v, X, t), strict=True):
            hint = "Hunt with your gradient_check at n and d that differ, and at d = 1, where no transpose can matter."
            expect_close(seen, right, hint=hint, what=name, rtol=1e-4, atol=1e-7)


# labs/02_backprop/matmul_backward.py


@checks("matmul_backward")
def gradients_of_random_products(student: Student, rng: Rng) -> None:
    """Random products, oblong and square, have the gradients that the sums give."""
    for n, k, m in ((4, 3, 2), (3, 3, 3), (1, 5, 2), (2, 1, 4)):
        G, A, B = rng.normal(size=(n, m)), rng.normal(size=(n, k)), rng.normal(size=(k, m))
        got = expect_parts(student.call("matmul_backward", G, A, B), ("dA", "dB"), hint="Return both.")
        dA = [[sum(G[i, j] * B[p, j] for j in range(m)) for p in range(k)] for i in range(n)]
        dB = [[sum(A[i, p] * G[i, j] for i in range(n)) for j in range(m)] for p in range(k)]
        hint = "Write the two sums as loops, and compare."
        expect_close(got[0], dA, hint=hint, what="dL/dA", rtol=1e-5, atol=1e-6)
        expect_close(got[1], dB, hint=hint, what="dL/dB", rtol=1e-5, atol=1e-6)


# labs/02_backprop/unbroadcast.py


@checks("unbroadcast")
def gradients_of_random_shapes(student: Student, rng: Rng) -> None:
    """From G of up to four axes back to every shape that broadcasts to it, each entry gets its copies' sum."""
    # An axis of length 1 that was added in front has to go, although there is nothing to sum.
    for full in ((4,), (3, 3), (1, 3), (2, 3, 4), (3, 1, 2), (1, 1, 2), (2, 2, 1, 3)):
        G = rng.normal(size=full)
        for n_in_front in range(len(full) + 1):
            kept = full[n_in_front:]
            shape = tuple(n if full[0] == 1 or rng.random() < 0.5 else 1 for n in kept)
            # Number the entries, broadcast the numbers, and let each copy's gradient go to its number.
            size = int(np.prod(shape))
            owner = np.broadcast_to(np.arange(size).reshape(shape), full)
            right = np.bincount(owner.ravel(), weights=G.ravel(), minlength=size).reshape(shape)
            got = student.call("unbroadcast", G, shape)
            hint = "Sum the axes in front away; sum those where shape has 1, and keep them."
            expect_close(got, right, hint=hint, what=f"From {full} back to {shape}: the result", rtol=1e-5, atol=1e-6)


# labs/02_backprop/compile_graph.py

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


# labs/02_backprop/evaluate.py


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
