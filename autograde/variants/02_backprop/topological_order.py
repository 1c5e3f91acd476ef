"""Right and wrong answers to the exercise topological_order."""

# %% setup
import sys
from collections import deque


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


# %% wrong path_by_path -> order_of_a_fork
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


# %% wrong marked_when_done_only -> order_without_following_every_path
# Looks at the list instead of at what has been visited, and only on the way out.
import sys


def topological_order(root):
    order = []

    def visit(node):
        for parent in node.parents:
            visit(parent)
        if node not in order:
            order.append(node)

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200_000)
    try:
        visit(root)
    finally:
        sys.setrecursionlimit(limit)
    return order


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


# %% wrong root_first -> order_of_a_fork
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order[::-1]


# %% wrong root_left_out -> order_of_a_single_node
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order[:-1]


# %% wrong leaves_left_out -> order_of_a_single_node
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen and node.parents:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


# %% wrong first_parent_only -> order_of_a_fork
def topological_order(root):
    order, node = [root], root
    while node.parents:
        node = list(node.parents)[0]
        order.append(node)
    return order[::-1]


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


# %% wrong changes_the_nodes -> orders_of_random_graphs
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            node.place = len(order)
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


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
