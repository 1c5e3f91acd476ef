"""Right and wrong answers to the exercise compile_graph."""


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
def compile_graph(outputs):
    return topological_order(outputs[0]), outputs


# %% wrong last_output_only -> steps_come_once_and_inputs_first
def compile_graph(outputs):
    steps = topological_order(outputs[-1])
    return steps + [node for node in outputs if node not in steps], outputs


# %% wrong shared_steps_twice -> steps_come_once_and_inputs_first
def compile_graph(outputs):
    steps = []
    for output in outputs:
        steps += topological_order(output)
    return steps, outputs


# %% wrong helper_left_in -> plan_holds_what_the_outputs_need
def compile_graph(outputs):
    return topological_order(Node(None, outputs)), outputs


# %% wrong placeholders_left_out -> plan_holds_what_the_outputs_need
def compile_graph(outputs):
    steps = topological_order(Node(None, outputs))[:-1]
    return [node for node in steps if node.function is not None], outputs


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


# %% wrong outputs_sorted_like_the_steps -> plan_keeps_its_outputs
def compile_graph(outputs):
    steps = topological_order(Node(None, outputs))[:-1]
    return steps, [node for node in steps if node in outputs]


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
