# %% [markdown]
# ## 6 · In which order?
#
# Flat code is written for one formula. A machine must find the order itself, in a graph of any shape. Going back, a
# node may pass its gradient on only when **all** of it has arrived: after everything that uses the node. So line the
# nodes up with inputs before what uses them, a **topological order**, and walk it from the end.
#
# Take $x = 2$, $y = 3x$, $a = 2y$, $b = 5y$, $c = a + b$. Then $c = 21x$, so the slope is 21. A machine that follows
# every path, and each time passes on all that has gathered at $y$ so far, reaches $x$ twice and gets 27. One that never
# comes back to $y$ loses a path and gets 6.
#
# Visit each node **once**. If every layer uses its input twice, twenty layers have a million paths, and a path-by-path
# walk that gives the right answer on small graphs never comes back from a large one. And mind the depth: Python gives
# up on functions that call themselves about 1,000 deep (3,000 in some notebooks), and a chain of 5,000 nodes is nothing
# unusual. (You may raise that limit, if it then works.)

# %% nbgrader={"grade_id": "topological_order", "solution": true}
def topological_order(root):
    """List a graph's nodes, inputs before what uses them.

    root: a node. Every node has .parents, its inputs: a tuple, list or set of nodes,
        empty for a leaf, a node that was not computed.
    Returns a list of root and all that it was computed from, every node once;
    a node's parents come before it, and root comes last. No node is changed.
    It must cope with chains of 5,000 nodes and graphs with millions of paths.

    Hint: keep a list as your own stack. A node that comes off it waits until its
    parents are done: push it again, marked, and then push them.
    """
    ### BEGIN SOLUTION
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_topological_order", "grade": true, "points": 3}
check("topological_order")

# %% tags=["explore"]
ask("topological_order", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# Your order for the graph above, with two more uses of $x$. Every arrow must lead from a smaller number to a larger
# one.

# %% tags=["explore"]
x = Step()
y = Step(parents=(x,))
a, b = Step(parents=(y,)), Step(parents=(y, x))
c = Step(parents=(a, b))
d = Step(parents=(c, x))
formulas = {x: "x", y: "y = 3x", a: "a = 2y", b: "b = 5y + x", c: "c = a + b", d: "d = c − x"}
numbered = {f"{i}:  {formulas[node]}": node for i, node in enumerate(topological_order(d), 1)}
plots.computational_graph(d, names=numbered, title="An order in which every input comes first")


# %% ask
class Node:
    def __init__(self, name, *parents):
        self.name, self.parents = name, parents


a = Node("a")
b = Node("b", a)
c = Node("c", a, b)
root = Node("d", b, c)
[node.name for node in topological_order(root)]


# %% visible
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


# %% hidden
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


# %% right iterators_on_a_stack
def topological_order(root):
    order, seen = [], {root}
    stack = [(root, iter(root.parents))]
    while stack:
        node, parents = stack[-1]
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parent.parents)))
                break
        else:
            order.append(node)
            stack.pop()
    return order


# %% right recursion_with_a_raised_limit
# Deep recursion is allowed where it truly works; the old limit is put back.
import sys


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if id(node) in seen:
            return
        seen.add(id(node))
        for parent in node.parents:
            visit(parent)
        order.append(node)

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200_000)
    try:
        visit(root)
    finally:
        sys.setrecursionlimit(limit)
    return order


# %% right counting_uses
from collections import deque


def topological_order(root):
    uses, found = {root: 0}, [root]
    for node in found:
        for parent in node.parents:
            if parent not in uses:
                uses[parent] = 0
                found.append(parent)
            uses[parent] += 1
    order, free = deque(), deque([root])
    while free:
        node = free.popleft()
        order.appendleft(node)
        for parent in node.parents:
            uses[parent] -= 1
            if not uses[parent]:
                free.append(parent)
    return list(order)


# %% right list_for_visited
def topological_order(root):
    order, waiting = [], [root]
    done = set()
    while waiting:
        node = waiting[-1]
        open_parents = [p for p in node.parents if p not in done]
        if open_parents:
            waiting.extend(open_parents)
        else:
            waiting.pop()
            if node not in done:
                done.add(node)
                order.append(node)
    return order


# %% right generator
def topological_order(root):
    seen, stack = set(), [(root, 0)]
    while stack:
        node, phase = stack.pop()
        if phase == 1:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, 1))
            for parent in reversed(list(node.parents)):
                stack.append((parent, 0))


# %% right depth_of_each_node
def topological_order(root):
    children, found = {root: []}, [root]
    for node in found:
        for parent in node.parents:
            if parent not in children:
                children[parent] = []
                found.append(parent)
            children[parent].append(node)
    open_parents = {node: len(list(node.parents)) for node in found}
    level = [node for node in found if not open_parents[node]]
    order = []
    while level:
        order += level
        after = []
        for node in level:
            for child in children[node]:
                open_parents[child] -= 1
                if open_parents[child] == 0:
                    after.append(child)
        level = after
    return tuple(order)


# %% wrong marked_when_done_only of recursion_with_a_raised_limit -> order_without_following_every_path
# The right order for small graphs: too deep a chain, or as many visits as there are paths.
# Looks at the list instead of at what has been visited, and only on the way out.
# - order, seen = [], set()
# + order = []

# - if id(node) in seen:
# -     return
# - seen.add(id(node))

# - order.append(node)
# + if node not in order:
# +     order.append(node)


# %% wrong recursion_limit -> order_of_a_long_chain
def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    return order


# %% wrong every_path_then_duplicates_dropped -> order_without_following_every_path
# The right order, after as many visits as there are paths.
def topological_order(root):
    order, stack = {}, [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.setdefault(id(node), node)
        else:
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return list(order.values())


# %% wrong path_by_path -> order_of_a_fork
# A node comes once for each path to it.
def topological_order(root):
    order, stack = [], [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        else:
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


# %% wrong root_first -> order_of_a_fork
# A parent comes after a child: neither turning a walk round nor the length of the way gives the order.
# - node, parents_done = stack.pop()
# - if parents_done:
# + node, done = stack.pop()
# + if done:

# - return order
# + return order[::-1]


# %% wrong preorder_turned_around -> order_of_a_short_cut
def topological_order(root):
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(node.parents)
    return order[::-1]


# %% wrong breadth_first_turned_around -> order_of_a_short_cut
from collections import deque


def topological_order(root):
    order, seen, queue = [], {root}, deque([root])
    while queue:
        node = queue.popleft()
        order.append(node)
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return order[::-1]


# %% wrong sorted_by_shortest_way -> order_of_a_short_cut
from collections import deque


def topological_order(root):
    steps, queue = {root: 0}, deque([root])
    while queue:
        node = queue.popleft()
        for parent in node.parents:
            if parent not in steps:
                steps[parent] = steps[node] + 1
                queue.append(parent)
    return sorted(steps, key=lambda node: -steps[node])


# %% wrong root_left_out -> order_of_a_single_node
# Nodes are missing.
# - node, parents_done = stack.pop()
# - if parents_done:
# + node, done = stack.pop()
# + if done:

# - return order
# + return order[:-1]

# %% wrong leaves_left_out -> order_of_a_single_node
# - node, parents_done = stack.pop()
# - if parents_done:
# + node, done = stack.pop()
# + if done:

# - elif node not in seen:
# + elif node not in seen and node.parents:


# %% wrong first_parent_only -> order_of_a_fork
def topological_order(root):
    order, node = [root], root
    while node.parents:
        node = list(node.parents)[0]
        order.append(node)
    return order[::-1]


# %% wrong changes_the_nodes -> orders_of_random_graphs
# Something stays behind for the next call, or on the nodes.
# - node, parents_done = stack.pop()
# - if parents_done:
# + node, done = stack.pop()
# + if done:
# +     node.place = len(order)


# %% wrong marks_stay_on_the_nodes -> order_can_be_asked_for_again
def topological_order(root):
    order, stack = [], [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif not getattr(node, "visited", False):
            node.visited = True
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


# %% wrong default_argument_remembers -> order_can_be_asked_for_again
def topological_order(root, seen=set()):
    order, stack = [], [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


# %% wrong parents_by_index -> order_can_be_asked_for_again
# Works for tuples and lists, but parents may be a set.
def topological_order(root):
    order, seen, stack = [], set(), [(root, 0)]
    while stack:
        node, i = stack.pop()
        if i == 0 and node in seen:
            continue
        seen.add(node)
        if i == len(node.parents):
            order.append(node)
        else:
            stack.append((node, i + 1))
            stack.append((node.parents[i], 0))
    return order


# %% wrong seen_by_name -> nodes_may_look_alike
#   node, parents_done = stack.pop()
# + key = getattr(node, "name", None) or id(node)

# - elif node not in seen:
# -     seen.add(node)
# + elif key not in seen:
# +     seen.add(key)


# %% wrong seen_by_number -> nodes_may_look_alike
#   node, parents_done = stack.pop()
# + key = (getattr(node, "data", id(node)), len(node.parents))

# - elif node not in seen:
# -     seen.add(node)
# + elif key not in seen:
# +     seen.add(key)


# %% wrong turns_the_parents_around -> orders_of_random_graphs
# The order is right, and the node's own list is not what it was.
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if isinstance(node.parents, list):
                node.parents.reverse()
            stack.extend((parent, False) for parent in node.parents)
    return order


# %% wrong hands_out_the_list_it_keeps -> order_can_be_asked_for_again
ORDERS = {}


def topological_order(root):
    if root not in ORDERS:
        order, seen, stack = [], set(), [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        ORDERS[root] = order
    return ORDERS[root]


# %% right graphlib
def topological_order(root):
    from graphlib import TopologicalSorter

    uses, waiting = {}, [root]
    while waiting:
        if (node := waiting.pop()) not in uses:
            uses[node] = node.parents
            waiting.extend(node.parents)
    return list(TopologicalSorter(uses).static_order())


# %% wrong two_parents_at_most -> order_can_be_asked_for_again
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack += [(parent, False) for parent in sorted(node.parents, key=lambda p: p.number)[:2]]
    return order
