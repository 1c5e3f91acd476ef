from __future__ import annotations

import ast

import pytest

from coursekit.checking.statements import bound_by, bound_unseen, defines, is_definition, needed_by, statements_of


def only(source: str) -> ast.stmt:
    (statement,) = statements_of(source)
    return statement


@pytest.mark.parametrize(
    "source",
    [
        "import torch",
        "from math import pi as PI",
        "def f(x): return x",
        "class A: pass",
        "EPS = 1e-12",
        "SIZES, NAMES = (784, 10), ['a', 'b']",
        "rates: dict = {'sgd': 0.1}",
        "half = 1 / 2",
        "RED = colours.red",
        "relu = lambda z: z * (z > 0)",
        "sizes = [784] + [100] * 10",
        "try:\n    import a\nexcept ImportError:\n    a = None",
    ],
)
def test_imports_functions_and_plain_constants_are_definitions(source: str) -> None:
    assert is_definition(only(source))


@pytest.mark.parametrize(
    "source",
    [
        "X = load_mnist()",
        "rng = np.random.default_rng(0)",
        "first = X[0]",
        "squares = [n**2 for n in sizes]",
        "plt.plot(x)",
        "for i in range(3): total = i",
        "a.b = 1",
        "a[0] = 1",
        "x += 1",
        "large = [0] * 10**9",
        "larger = 9**9**9**9",
        "word = f'{x}'",
        "x: int",
        "try:\n    train()\nexcept ValueError:\n    pass",
        "f(x)",
    ],
)
def test_what_draws_loads_trains_or_may_be_large_is_none(source: str) -> None:
    assert not is_definition(only(source))


@pytest.mark.parametrize(
    ("source", "bound", "needed"),
    [
        ("a, (b, *c) = d", {"a", "b", "c"}, {"d"}),
        ("a = [i for i in b]", {"a"}, {"b"}),
        ("x += 1", {"x"}, {"x"}),
        ("def f(a=b) -> None: return c", {"f"}, {"b"}),
        ("f = lambda a=b: c", {"f"}, {"b"}),
        ("class A(B):\n    c = d\n    def m(self): return e", {"A"}, {"B", "d"}),
        ("import a.b, c as d\n", {"a", "d"}, set()),
        ("from a import b as c", {"c"}, set()),
        ("for i in a:\n    b = i", {"i", "b"}, {"a"}),
        ("with a as b: c = b", {"b", "c"}, {"a"}),
        ("if a: b = 1", {"b"}, {"a"}),
        ("print(a := 1)", {"a"}, {"print"}),
    ],
)
def test_what_a_statement_binds_and_needs(source: str, bound: set[str], needed: set[str]) -> None:
    statement = only(source)
    assert (bound_by(statement), needed_by(statement)) == (bound, needed)


def test_lines_for_ipython_alone_count_for_nothing() -> None:
    assert [type(s).__name__ for s in statements_of("%matplotlib inline\n!ls\nif x:\n    !pwd")] == [
        "Pass",
        "Pass",
        "If",
    ]


@pytest.mark.parametrize("source", ["def f(x", "x = 1\nclass f:", "f = 1", "async  def f():"])
def test_a_text_that_seems_to_define_a_name(source: str) -> None:
    assert defines(source, "f")


@pytest.mark.parametrize("source", ["def g(): f()", "    def f(): ...", "f == 1", "# def f", "f(1)", "def f2(): ..."])
def test_a_text_that_does_not_seem_to_define_a_name(source: str) -> None:
    assert not defines(source, "f")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def make():\n    global f\n    f = 1", {"f"}),
        ("exec('def f():\\n    return 1')", {"f"}),
        ("get_ipython().run_cell('class F:\\n    pass')", {"F"}),
        ("globals()['f'] = serve('f')", {"f"}),
        ("globals()['f'](1)", set()),
        ("print('def f')", set()),
    ],
)
def test_what_a_statement_may_bind_where_only_its_text_shows_it(source: str, names: set[str]) -> None:
    assert bound_unseen(only(source)) == names
