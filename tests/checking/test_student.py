from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest
import torch

from coursekit.checking import LocalStudent, NotWrittenError, StudentError
from coursekit.checking.failures import CheckFailure
from coursekit.checking.student import compile_function, function_source

Cells: TypeAlias = Callable[..., LocalStudent]
OUTSIDE = 3


# call


def test_a_call_returns_a_plain_copy_of_the_result(cells: Cells) -> None:
    student = cells("kept = np.zeros(2)\ndef f():\n    return kept")
    got = student.call("f")
    got[0] = 9
    assert student.namespace["kept"][0] == 0


def test_a_call_passes_positional_and_keyword_arguments(cells: Cells) -> None:
    student = cells("def f(a, b=2, *, c):\n    return [a, b, c]")
    assert student.call("f", 1, c=[3]) == [1, 2, [3]]


def test_a_call_works_on_copies_and_notes_what_was_changed(cells: Cells) -> None:
    student = cells("def f(X, y, options):\n    X -= 1\n    options['a'].append(2)\n    return 0")
    X, options = np.ones(3), {"a": [1]}
    student.call("f", X, np.arange(3), options)
    assert student.report.changed == ("X", "options")
    assert X.sum() == 3
    assert options == {"a": [1]}


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("X.shape = (4, 1)", True),
        ("X[0, 0] = np.nan", True),
        ("X[:] = X.copy()", False),
        ("X = X - 1", False),
        ("X += 0", False),
    ],
)
def test_a_change_is_a_change_of_bits_or_shape(cells: Cells, line: str, changed: bool) -> None:
    student = cells(f"def f(X):\n    {line}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        student.call("f", np.ones((2, 2)))
    assert student.report.changed == (("X",) if changed else ())


def test_a_call_notes_changes_to_an_input_that_holds_nan(cells: Cells) -> None:
    student = cells("def f(X):\n    return 1")
    student.call("f", np.array([np.nan]))
    assert student.report.changed == ()


@pytest.mark.parametrize(
    "result",
    [
        "X",
        "X[::2]",
        "X.T",
        "X.reshape(-1)",
        "[1, (X[0], 2)]",
        "{'a': X}",
        "torch.from_numpy(X)",
        "torch.from_numpy(X).requires_grad_()",
        "np.ma.masked_array(X)",
    ],
)
def test_a_call_notes_when_the_result_shares_memory_with_an_input(cells: Cells, result: str) -> None:
    student = cells(f"import torch\ndef f(W, X):\n    return {result}")
    student.call("f", np.ones((2, 2)), np.ones((2, 2)))
    assert student.report.shared == ("X",)


def test_a_copy_shares_no_memory(cells: Cells) -> None:
    student = cells("def f(X):\n    return X.copy()")
    student.call("f", np.ones(3))
    assert student.report.shared == ()


def test_a_call_notes_warnings_of_every_kind_each_time(cells: Cells) -> None:
    student = cells("import warnings\ndef f():\n    warnings.warn('mind', UserWarning)\n    return np.log(np.zeros(1))")
    for _ in range(2):
        student.call("f")
        assert student.report.warnings == (
            "UserWarning: mind",
            "RuntimeWarning: divide by zero encountered in log",
        )


def test_each_call_has_a_report_of_its_own(cells: Cells) -> None:
    student = cells("def f(X):\n    X += 1\n    return X", "def g(X):\n    return 1")
    student.call("f", np.ones(1))
    student.call("g", np.ones(1))
    assert student.report.changed == student.report.shared == student.report.warnings == ()


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("def f(a, b):\n    a += 1\n    b += 1", ("a", "b")),
        ("def f(*rows):\n    for row in rows:\n        row += 1", ("rows", "argument 2")),
        ("def f(a, *rest):\n    a += 1\n    rest[0][0] = 5", ("a", "rest")),
    ],
)
def test_inputs_are_named_as_the_student_names_them(cells: Cells, cell: str, names: tuple[str, ...]) -> None:
    student = cells(cell)
    student.call("f", np.ones(1), np.ones(1))
    assert student.report.changed == names


def test_an_argument_given_twice_is_the_students_error(cells: Cells) -> None:
    student = cells("def f(margin, S):\n    return 0")
    with pytest.raises(StudentError, match="stopped with an error") as caught:
        student.call("f", 1, 2, margin=3)
    assert caught.value.kind == "TypeError"
    assert "multiple values" in caught.value.got


@pytest.mark.parametrize("signature", ["__signature__ = 3", "__signature__ = property(lambda self: 1 / 0)"])
def test_a_callable_with_a_broken_signature_can_be_called(cells: Cells, signature: str) -> None:
    student = cells(f"class F:\n    {signature}\n    def __call__(self, x):\n        x += 1\nf = F()")
    student.call("f", np.ones(1))
    assert student.report.changed == ("argument 1",)


def test_whole_classes_lambdas_and_builtins_can_be_called(cells: Cells) -> None:
    student = cells("f = lambda x: x + 1\ng = len\nclass H(list):\n    pass")
    assert student.call("f", 1) == 2
    assert student.call("g", [1, 2]) == 2
    assert student.call("H", [1]) == [1]


# errors


def test_a_missing_name_is_not_defined_yet(cells: Cells) -> None:
    with pytest.raises(NotWrittenError, match="f is not defined yet") as caught:
        cells().call("f")
    assert caught.value.name == "f"
    assert not caught.value.defined
    assert "Run the cell" in caught.value.hint


def test_a_name_for_something_else_is_not_a_function(cells: Cells) -> None:
    with pytest.raises(StudentError, match="f is not a function") as caught:
        cells("f = 3").call("f")
    assert caught.value.kind == "TypeError"
    assert "'int'" in caught.value.got


@pytest.mark.parametrize("line", ["raise NotImplementedError", "raise NotImplementedError()"])
def test_a_stub_is_not_written_yet(cells: Cells, line: str) -> None:
    student = cells(f"def f(x):\n    {line}")
    with pytest.raises(NotWrittenError, match="f is not written yet") as caught:
        student.call("f", 1)
    assert caught.value.name == "f"
    assert caught.value.defined


def test_a_stub_is_named_when_another_exercise_calls_it(cells: Cells) -> None:
    student = cells("def g(x):\n    raise NotImplementedError", "def f(x):\n    return [g(i) for i in x]")
    with pytest.raises(NotWrittenError, match="g is not written yet") as caught:
        student.call("f", [1])
    assert caught.value.name == "g"


@pytest.mark.parametrize(
    "body",
    ["def inner():\n        raise NotImplementedError\n    return inner()", "return (lambda: g(x))()"],
    ids=["inner function", "lambda"],
)
def test_a_stub_within_a_function_counts_as_that_function(cells: Cells, body: str) -> None:
    student = cells("def g(x):\n    raise NotImplementedError", f"def f(x):\n    {body}")
    with pytest.raises(NotWrittenError) as caught:
        student.call("f", 1)
    assert caught.value.name in ("f", "g")


def test_a_method_that_is_not_written_counts_as_its_class(cells: Cells) -> None:
    student = cells("class Value:\n    def __add__(self, other):\n        raise NotImplementedError")

    def probe(Value: Any) -> Any:
        return Value() + 1

    with pytest.raises(NotWrittenError) as caught:
        student.run(probe)
    assert caught.value.name == "Value"


def test_a_library_that_cannot_do_what_was_asked_is_an_error_not_a_stub(cells: Cells) -> None:
    student = cells("def f(x):\n    raise NotImplementedError('\"addmm\" not implemented for Half')")
    with pytest.raises(StudentError) as caught:
        student.call("f", 1)
    assert not isinstance(caught.value, NotWrittenError)
    assert "not implemented for Half" in caught.value.got


def test_an_error_names_the_line_of_the_cell(cells: Cells) -> None:
    student = cells("def g(x):\n    return x / 0", "def f(x):\n\n    return g(x)")
    with pytest.raises(StudentError, match="f stopped with an error") as caught:
        student.call("f", 1)
    assert caught.value.kind == "ZeroDivisionError"
    assert caught.value.got == (
        "ZeroDivisionError: division by zero\nin g, line 2 of its cell: return x / 0\n"
        "called in f, line 3 of its cell: return g(x)"
    )


def test_an_error_within_a_library_names_the_students_line(cells: Cells) -> None:
    student = cells("def f(x):\n    y = x\n    return np.linalg.inv(y)")
    with pytest.raises(StudentError) as caught:
        student.call("f", np.zeros((2, 2)))
    assert caught.value.got == "LinAlgError: Singular matrix\nin f, line 3 of its cell: return np.linalg.inv(y)"


def test_an_error_in_code_without_text_names_the_line_number() -> None:
    namespace: dict[str, Any] = {}
    exec("def f():\n    return [][0]", namespace)
    with pytest.raises(StudentError) as caught:
        LocalStudent(namespace).call("f")
    assert caught.value.got.endswith("in f, line 2 of its cell")


@pytest.mark.parametrize(
    ("raised", "got"),
    [
        ("ValueError()", "ValueError: no message"),
        ("ValueError('a\\n  b')", "ValueError: a b"),
        ("ValueError('x ' * 1000)", "[...]"),
        ("ValueError('\\x1b[31m\\ud800')", "ValueError: \\x1b[31m\\ud800"),
        ("KeyError('k')", "KeyError: 'k'"),
        ("SystemExit(3)", "SystemExit: 3"),
        ("Silent()", "Silent: no message"),
    ],
)
def test_an_error_is_quoted_short_and_printable(cells: Cells, raised: str, got: str) -> None:
    student = cells(
        "class Silent(Exception):\n    def __str__(self):\n        raise RuntimeError",
        f"def f():\n    raise {raised}",
    )
    with pytest.raises(StudentError) as caught:
        student.call("f")
    assert got in caught.value.got
    assert len(caught.value.got) < 400
    assert caught.value.got.encode("utf-8")


@pytest.mark.parametrize("line", ["sys.exit()", "sys.exit('bye')", "raise SystemExit"])
def test_leaving_the_program_is_an_error_like_any_other(cells: Cells, line: str) -> None:
    student = cells(f"import sys\ndef f():\n    {line}")
    with pytest.raises(StudentError) as caught:
        student.call("f")
    assert caught.value.kind == "SystemExit"


def test_an_interrupt_from_the_keyboard_passes_through(cells: Cells) -> None:
    student = cells("def f():\n    raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        student.call("f")


def test_endless_recursion_is_an_error_of_the_students(cells: Cells) -> None:
    with pytest.raises(StudentError) as caught:
        cells("def f(x):\n    return f(x)").call("f", 1)
    assert caught.value.kind == "RecursionError"


@pytest.mark.parametrize("result", ["(i for i in range(3))", "print", "object()", "[[1], object()]"])
def test_a_result_that_is_not_plain_is_refused_with_a_hint(cells: Cells, result: str) -> None:
    with pytest.raises(StudentError, match="cannot read") as caught:
        cells(f"def f():\n    return {result}").call("f")
    assert caught.value.kind == "NotPlainError"
    assert "cannot be handed over" in caught.value.got
    assert "return" in caught.value.hint


def test_a_result_that_holds_itself_many_times_is_refused_at_once(cells: Cells) -> None:
    student = cells("def f(X):\n    r = [X]\n    r.append(r)\n    return r")
    with pytest.raises(StudentError, match="cannot read"):
        student.call("f", np.ones(1))


def test_a_failed_expectation_within_a_probe_passes_through(cells: Cells) -> None:
    def probe() -> None:
        from coursekit.checking import expect

        expect(False, "No.", hint="Try.")

    with pytest.raises(CheckFailure, match="No") as caught:
        cells().run(probe)
    assert type(caught.value) is CheckFailure


# surroundings


def test_stderr_goes_to_stdout_and_is_put_back(cells: Cells, capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stderr
    cells("import sys\ndef f():\n    print('noise', file=sys.stderr)").call("f")
    assert sys.stderr is before
    out, err = capsys.readouterr()
    assert out == "noise\n"
    assert err == ""


@pytest.mark.parametrize("setting", ["ignore", "raise"])
def test_numpys_error_state_of_the_session_neither_matters_nor_is_changed(cells: Cells, setting: Any) -> None:
    student = cells(
        "def f():\n    np.seterr(all='ignore')\n    return 0", "def g():\n    return np.exp(np.array([1e9]))"
    )
    with np.errstate(all=setting):
        before = np.geterr()
        student.call("f")
        assert np.isinf(student.call("g")).all()
        assert student.report.warnings == ("RuntimeWarning: overflow encountered in exp",)
        assert np.geterr() == before


def test_underflow_is_no_warning(cells: Cells) -> None:
    student = cells("def f():\n    return np.exp(np.array([-1e9]))")
    assert student.call("f") == 0
    assert student.report.warnings == ()


@pytest.mark.parametrize("line", ["warnings.simplefilter('ignore')", "warnings.filterwarnings('error')", "1 / 0"])
def test_the_sessions_warning_filters_are_put_back(cells: Cells, line: str) -> None:
    student = cells(f"import warnings\ndef f():\n    {line}\n    return 0")
    before = list(warnings.filters)
    with contextlib.suppress(StudentError):
        student.call("f")
    assert warnings.filters == before


def test_warnings_are_noted_even_where_the_session_makes_them_errors(cells: Cells) -> None:
    student = cells("def f():\n    return np.log(np.zeros(1))")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        student.call("f")
    assert len(student.report.warnings) == 1


# run


def _doubled(double: Any, x: Any, times: int = 1) -> Any:
    for _ in range(times):
        x = double(x)
    return x


def test_a_probe_gets_inputs_and_the_students_names(cells: Cells) -> None:
    student = cells("def double(x):\n    return 2 * x")
    np.testing.assert_array_equal(student.run(_doubled, x=np.arange(3)), [0, 2, 4])


def test_a_probes_default_is_kept_unless_given(cells: Cells) -> None:
    student = cells("times = 50\ndef double(x):\n    return 2 * x")
    assert student.run(_doubled, x=1) == 2
    assert student.run(_doubled, x=1, times=3) == 8


def test_a_probe_notes_changes_shared_memory_and_warnings(cells: Cells) -> None:
    student = cells("def double(x):\n    x *= 2\n    np.log(0.0)\n    return x[:1]")
    student.run(_doubled, x=np.ones(2))
    assert student.report.changed == student.report.shared == ("x",)
    assert student.report.warnings == ("RuntimeWarning: divide by zero encountered in log",)


def test_a_probe_that_needs_a_missing_name_says_so(cells: Cells) -> None:
    with pytest.raises(NotWrittenError, match="double is not defined yet"):
        cells().run(_doubled, x=1)


def test_a_probe_turns_the_students_errors_into_failures(cells: Cells) -> None:
    student = cells("def double(x):\n    return x + missing")
    with pytest.raises(StudentError) as caught:
        student.run(_doubled, x=1)
    assert caught.value.got == (
        "NameError: name 'missing' is not defined\nin double, line 2 of its cell: return x + missing"
    )


def test_a_probe_may_build_objects_and_return_what_is_plain_of_them(cells: Cells) -> None:
    student = cells("class Value:\n    def __init__(self, data):\n        self.data = data")

    def probe(Value: Any) -> Any:
        return Value(2.0).data

    assert student.run(probe) == 2.0


def test_annotations_of_a_probe_need_no_imports(cells: Cells) -> None:
    def probe(x: Missing) -> torch.Tensor:  # type: ignore[name-defined]  # noqa: F821
        y: AlsoMissing = x  # type: ignore[name-defined]  # noqa: F821

        def inner(z: Missing) -> Missing:  # type: ignore[name-defined]  # noqa: F821
            return z

        return inner(y)  # type: ignore[no-any-return]

    assert cells().run(probe, x=3) == 3


def test_a_probe_may_import_what_it_needs(cells: Cells) -> None:
    def probe() -> Any:
        import math

        return math.pi

    assert cells().run(probe) == np.pi


def test_a_probe_sees_none_of_its_files_names(cells: Cells) -> None:
    def probe() -> int:
        return OUTSIDE

    with pytest.raises(TypeError, match="probe uses OUTSIDE, which it will not see"):
        cells().run(probe)


def test_a_closure_is_refused(cells: Cells) -> None:
    around = 3

    def probe() -> int:
        return sum(around for _ in range(2))

    with pytest.raises(TypeError, match="probe uses around, which it will not see"):
        cells().run(probe)


def test_a_default_that_needs_the_file_is_refused(cells: Cells) -> None:
    def probe(n: int = OUTSIDE) -> int:
        return n

    with pytest.raises(TypeError, match="probe uses OUTSIDE"):
        cells().run(probe)


@pytest.mark.parametrize("probe", [lambda x: x, len, "text", np.sin], ids=["lambda", "builtin", "text", "ufunc"])
def test_only_ordinary_functions_are_probes(cells: Cells, probe: Any) -> None:
    with pytest.raises(TypeError, match="A probe is an ordinary function"):
        cells().run(probe, x=1)


def test_an_input_that_the_probe_does_not_have_is_refused(cells: Cells) -> None:
    with pytest.raises(TypeError, match="no parameter z"):
        cells("double = abs").run(_doubled, x=1, z=2)


def test_the_text_of_a_probe_has_no_decorators_and_no_indentation() -> None:
    def decorate(function: Any) -> Any:
        return function

    @decorate
    def probe(x: int) -> int:
        """Say it."""
        return x

    text = function_source(probe)
    assert text.startswith("def probe(x: int)")
    assert compile_function(text, "probe")(3) == 3


def test_a_stand_in_may_use_what_stands_beside_it() -> None:
    def helped() -> Any:
        return helper()  # type: ignore[name-defined]  # noqa: F821

    assert "helper" in function_source(helped, beside=("helper",))
    with pytest.raises(TypeError, match="helper"):
        function_source(helped)


# source


@pytest.mark.parametrize(
    "cell",
    [
        "def thing(x):\n    return x  # note\n",
        "import functools\n@functools.lru_cache\ndef thing(x):\n    return x\n",
        "thing = lambda x: x\n",
        "class thing:\n    def method(self):\n        return 1\n",
        "class thing:\n    limit = 3\n    shape = tuple\n    @staticmethod\n    def method():\n        return 1\n",
        "class thing:\n    @property\n    def size(self):\n        return 1\n",
        "from dataclasses import dataclass\n@dataclass\nclass thing:\n    x: int\n    def f(self):\n        return 1\n",
        "import torch\nclass thing(torch.nn.Module):\n    __call__ = torch.nn.Module.__call__\n"
        "    def forward(self, x):\n        return x\n",
    ],
    ids=["function", "decorated", "lambda", "class", "staticmethod", "property", "dataclass", "module"],
)
def test_the_source_is_the_text_of_the_whole_cell(cells: Cells, cell: str) -> None:
    assert cells("other = 1", cell).source("thing") == cell


@pytest.mark.parametrize("cell", ["thing = 3", "from json import dumps as thing", "thing = len", "class thing: pass"])
def test_something_that_no_cell_wrote_has_no_source(cells: Cells, cell: str) -> None:
    with pytest.raises(StudentError, match="cannot be found") as caught:
        cells(cell).source("thing")
    assert "Define thing in its own cell" in caught.value.hint


def test_the_source_of_a_missing_name_is_not_written(cells: Cells) -> None:
    with pytest.raises(NotWrittenError):
        cells().source("thing")


# standing in


def test_stand_ins_take_the_place_of_the_students_functions_and_leave_again(cells: Cells) -> None:
    student = cells("def g(x):\n    return 'wrong'", "def f(x):\n    return g(x)")
    with student.standing_in({"g": "def g(x):\n    return h(x) + np.ones(1)", "h": "def h(x):\n    return x"}):
        assert student.call("f", 1) == 2
        assert "h" in student.namespace
    assert student.call("f", 1) == "wrong"
    assert "h" not in student.namespace


def test_stand_ins_leave_when_something_is_raised(cells: Cells) -> None:
    student = cells("def g(x):\n    return 'wrong'")
    before = dict(student.namespace)
    with pytest.raises(RuntimeError), student.standing_in({"g": "def g(x): ...", "h": "def h(x): ..."}):
        raise RuntimeError
    assert student.namespace == before


def test_stand_ins_see_one_another_and_not_the_students_functions(cells: Cells) -> None:
    student = cells("def h(x):\n    return 'wrong'", "def f(x):\n    return g(x)")
    with student.standing_in({"g": "def g(x):\n    return h(x)"}), pytest.raises(StudentError) as caught:
        student.call("f", 1)
    assert caught.value.kind == "NameError"


def test_stand_ins_leave_what_the_student_deleted_or_overwrote_as_it_was(cells: Cells) -> None:
    student = cells("def g():\n    return 1", "def f():\n    global g\n    del g\n    return 0")
    kept = student.namespace["g"]
    with student.standing_in({"g": "def g():\n    return 2"}):
        student.call("f")
    assert student.namespace["g"] is kept
