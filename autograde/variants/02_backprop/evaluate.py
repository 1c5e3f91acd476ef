"""Right and wrong answers to the exercise evaluate."""


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
def evaluate(plan, feed):
    steps, outputs = plan
    values = {}
    for node in steps:
        arguments = [values[parent] for parent in node.parents][::-1]
        values[node] = feed[node.name] if node.function is None else node.function(*arguments)
    return [values[node] for node in outputs]


# %% wrong outputs_in_the_order_of_the_steps -> values_of_the_slide
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


# %% wrong zero_is_no_value -> every_run_starts_anew
def evaluate(plan, feed):
    steps, outputs = plan
    values = {}
    for node in steps:
        fed = feed.get(node.name) if node.function is None else None
        values[node] = fed or node.function(*[values[parent] for parent in node.parents])
    return [values[node] for node in outputs]


# %% wrong feed_written_over -> every_run_starts_anew
def evaluate(plan, feed):
    steps, outputs = plan
    values = {}
    for node in steps:
        if node.function is not None:
            feed[node.name] = node.function(*[values[parent] for parent in node.parents])
        values[node] = feed[node.name]
    return [values[node] for node in outputs]


# %% wrong placeholders_by_their_missing_parents -> constants_need_no_feed
def evaluate(plan, feed):
    steps, outputs = plan
    values = {}
    for node in steps:
        if node.parents:
            values[node] = node.function(*[values[parent] for parent in node.parents])
        else:
            values[node] = feed.get(node.name, 0.0)
    return [values[node] for node in outputs]


# %% wrong feed_in_the_order_given -> values_of_random_graphs
def evaluate(plan, feed):
    steps, outputs = plan
    values, fed = {}, iter(feed.values())
    for node in steps:
        arguments = [values[parent] for parent in node.parents]
        values[node] = next(fed) if node.function is None else node.function(*arguments)
    return [values[node] for node in outputs]


# %% wrong two_arguments_at_most -> values_of_random_graphs
def evaluate(plan, feed):
    steps, outputs = plan
    values = {}
    for node in steps:
        arguments = [values[parent] for parent in list(node.parents)[:2]]
        values[node] = feed[node.name] if node.function is None else node.function(*arguments)
    return [values[node] for node in outputs]
