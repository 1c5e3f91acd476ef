from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from coursekit.checking.plain import MAX_DEPTH, NotPlainError, arrays_in, equal, to_plain


class LyingInt(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __index__(self) -> int:
        return 999

    def __int__(self) -> int:
        return 999

    __hash__ = int.__hash__


class LyingFloat(float):
    def __eq__(self, other: object) -> bool:
        return True

    def __float__(self) -> float:
        return 999.0

    __hash__ = float.__hash__


class LyingStr(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __str__(self) -> str:
        return "a lie"

    __hash__ = str.__hash__


class LyingList(list[int]):
    def __eq__(self, other: object) -> bool:
        return True

    def __iter__(self) -> Any:
        return iter([999])

    def __len__(self) -> int:
        return 999


class LyingTuple(tuple[int, ...]):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __iter__(self) -> Any:
        return iter([999])

    __hash__ = tuple.__hash__


class LyingDict(dict[str, int]):
    def items(self) -> Any:
        return [("a", 999)]

    def __getitem__(self, key: str) -> int:
        return 999


class LyingArray(np.ndarray):
    def __eq__(self, other: object) -> Any:
        return np.True_

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.array(999.0)

    def __array_function__(self, *args: object, **kwargs: object) -> object:
        return 999

    def __array_finalize__(self, source: object) -> None:
        if source is not None:
            self.lied = True

    def view(self, *args: Any, **kwargs: Any) -> Any:
        return np.array(999.0)

    def copy(self, *args: object) -> Any:
        return np.array(999.0)


class LyingScalar(np.float32):
    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.array(999.0)

    def item(self, *args: object) -> float:
        return 999.0

    def __float__(self) -> float:
        return 999.0


class LyingTensor(torch.Tensor):
    def detach(self) -> Any:
        return torch.tensor(999.0)

    def numpy(self, *args: object, **kwargs: object) -> Any:
        return np.array(999.0)

    @classmethod
    def __torch_function__(cls, func: object, types: object, args: object = (), kwargs: object = None) -> Any:
        return torch.tensor(999.0)


class Pretender:
    """Says that it is of a class that it is not of."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return self.kind


class Unready:
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise RuntimeError("no class today")


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    "value",
    [None, True, False, 0, -3, 2**100, 1.5, float("inf"), "", "text", [], [1, [2.0, "a"]], (1, (2,)), {"a": {1: None}}],
    ids=repr,
)
def test_plain_values_come_back_equal_and_of_the_same_type(value: Any) -> None:
    got = to_plain(value)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("value", "plain", "kind"),
    [
        (np.float64(1.5), 1.5, float),
        (np.float32(1.5), 1.5, float),
        (np.float16(1.5), 1.5, float),
        (np.longdouble(1.5), 1.5, float),
        (np.int8(-4), -4, int),
        (np.uint64(2**63), 2**63, int),
        (np.bool_(True), True, bool),
        (np.str_("a"), "a", str),
        (LyingInt(3), 3, int),
        (LyingFloat(3.5), 3.5, float),
        (LyingStr("truth"), "truth", str),
        (LyingList([1, 2]), [1, 2], list),
        (LyingTuple((1, 2)), (1, 2), tuple),
        (LyingDict(a=1), {"a": 1}, dict),
        (LyingScalar(3.0), 3.0, float),
        (Point(1, 2), (1, 2), tuple),
        (OrderedDict(a=1), {"a": 1}, dict),
        (torch.Size([2, 3]), (2, 3), tuple),
    ],
    ids=lambda value: type(value).__name__,
)
def test_relatives_of_plain_values_come_back_as_their_base_type(value: Any, plain: Any, kind: type) -> None:
    got = to_plain(value)
    assert type(got) is kind
    assert got == plain


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (np.array([1, 2]), "int64"),
        (np.array([1, 2], dtype=np.uint8), "uint8"),
        (np.array([True, False]), "bool"),
        (np.array([1.5, np.nan]), "float64"),
        (np.array([1 + 2j]), "complex128"),
        (np.array(3.0), "float64"),
        (np.zeros((0, 3)), "float64"),
        (np.asfortranarray(np.arange(6.0).reshape(2, 3)), "float64"),
        (np.arange(12.0).reshape(3, 4)[::2, ::-1], "float64"),
        (np.arange(3, dtype=">i4"), ">i4"),
    ],
    ids=lambda value: str(getattr(value, "dtype", "")),
)
def test_arrays_keep_dtype_shape_and_values(value: np.ndarray, dtype: str) -> None:
    got = to_plain(value)
    assert type(got) is np.ndarray
    assert got.dtype == np.dtype(dtype)
    assert got.shape == value.shape
    np.testing.assert_array_equal(got, value)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(4.0).view(LyingArray),
        np.ma.masked_array(np.arange(4.0), mask=[False, True, False, True]),
        torch.arange(4.0, dtype=torch.float64),
        torch.arange(4.0).to(torch.bfloat16),
        torch.nn.Parameter(torch.arange(4.0)),
        torch.arange(4.0, requires_grad=True) * 1,
        torch.arange(4.0).as_subclass(LyingTensor),
        torch.arange(4),
        torch.arange(4).to(torch.uint8),
        torch.arange(8.0)[::2] / 2,
    ],
    ids=lambda value: f"{type(value).__name__}-{value.dtype}",
)
def test_subclasses_of_arrays_and_tensors_come_back_as_plain_arrays_of_their_own_values(value: Any) -> None:
    got = to_plain(value)
    assert type(got) is np.ndarray
    np.testing.assert_array_equal(np.ravel(got), [0, 1, 2, 3])


def test_a_tensor_without_axes_comes_back_as_an_array_without_axes() -> None:
    got = to_plain(torch.tensor(2.5, requires_grad=True))
    assert type(got) is np.ndarray
    assert got.shape == ()
    assert got == 2.5


def test_a_conjugated_tensor_comes_back_with_its_values() -> None:
    np.testing.assert_array_equal(to_plain(torch.tensor([1 + 2j]).conj()), [1 - 2j])


@pytest.mark.parametrize("make", [np.array, torch.tensor], ids=["array", "tensor"])
def test_copies_share_no_memory_with_what_was_given(make: Callable[..., Any]) -> None:
    value = make([1.0, 2.0])
    got = to_plain({"a": [value]})
    value[0] = 99.0
    assert got["a"][0][0] == 1.0


def test_lists_and_dicts_are_new_at_every_level() -> None:
    inner = [1]
    got = to_plain([inner, {"a": inner}])
    inner.append(2)
    assert got == [[1], {"a": [1]}]


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (object(), "'object'"),
        ((i for i in range(3)), "'generator'"),
        (zip([1], [2], strict=True), "'zip'"),
        (range(3), "'range'"),
        ({1, 2}, "'set'"),
        (b"bytes", "'bytes'"),
        (len, "'builtin_function_or_method'"),
        (1j, "'complex'"),
        (np.complex64(1j), "complex number"),
        (np.array([[1], [1, 2]], dtype=object), "dtype object"),
        (np.array(["a"]), "dtype <U1"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), "dtype datetime64"),
        (np.datetime64("2020-01-01"), "dtype datetime64"),
        (np.zeros(2, dtype=[("x", "f8")]), "dtype"),
        (torch.zeros(2, device="meta"), "tensor"),
        (torch.eye(2).to_sparse(), "tensor"),
        ({1: [object()]}, "'object'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_is_refused_by_name(value: object, named: str) -> None:
    with pytest.raises(NotPlainError, match=named.replace("<", r"\<")):
        to_plain(value)


@pytest.mark.parametrize("kind", [int, float, str, bool, list, tuple, dict, np.ndarray, np.float32, torch.Tensor])
def test_an_object_that_lies_about_its_class_is_refused(kind: type) -> None:
    with pytest.raises(NotPlainError, match="Pretender"):
        to_plain(Pretender(kind))


def test_an_object_is_not_asked_for_its_class() -> None:
    with pytest.raises(NotPlainError, match="Unready"):
        to_plain([Unready()])


class HashableList(list[int]):
    def __hash__(self) -> int:  # type: ignore[override]
        return 1


def test_a_dict_with_keys_that_no_plain_dict_can_have_is_refused() -> None:
    with pytest.raises(NotPlainError, match="Legal keys"):
        to_plain({HashableList([1]): 2})


def test_nesting_is_limited() -> None:
    value: Any = []
    for _ in range(MAX_DEPTH):
        value = [value]
    assert to_plain(value) == value
    with pytest.raises(NotPlainError, match="deeper than 32"):
        to_plain([value])


def test_a_list_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotPlainError, match="deeper than 32"):
        to_plain(value)


def test_the_number_of_items_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.checking.plain.MAX_ITEMS", 100)
    assert len(to_plain([0] * 99)) == 99
    with pytest.raises(NotPlainError, match="more than 100 items"):
        to_plain([0] * 100)


def test_items_are_counted_however_they_are_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.checking.plain.MAX_ITEMS", 1000)
    value: Any = [0]
    for _ in range(25):
        value = [value, value]
    with pytest.raises(NotPlainError, match="more than 1000 items"):
        to_plain(value)


def test_the_elements_of_arrays_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.checking.plain.MAX_ITEMS", 10)
    assert to_plain(np.zeros(1000)).shape == (1000,)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (float("nan"), float("nan")),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
        ([1, (2, {"a": np.arange(3)})], [1, (2, {"a": np.arange(3)})]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (np.asfortranarray(np.arange(6).reshape(2, 3)), np.arange(6).reshape(2, 3)),
        (None, None),
        ("a", "a"),
    ],
    ids=repr,
)
def test_equal_values_are_equal_nan_too(a: Any, b: Any) -> None:
    assert equal(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 1.0),
        (1, True),
        ([1], (1,)),
        ([1, 2], [1]),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 2}),
        (np.arange(3), np.arange(3.0)),
        (np.arange(4), np.arange(4).reshape(2, 2)),
        (np.array([1.0]), np.array([1.0 + 2**-52])),
        (np.array([1.0]), [1.0]),
        (1.0, float("nan")),
    ],
    ids=repr,
)
def test_values_of_another_type_shape_or_bit_are_not_equal(a: Any, b: Any) -> None:
    assert not equal(a, b)


def test_arrays_are_found_within_lists_tuples_dicts_and_tensors() -> None:
    array, tensor = np.arange(3.0), torch.arange(4.0)
    found = arrays_in([(array, 1), {"a": tensor}, array, "text", None])
    assert sorted(item.size for item in found) == [3, 4]
    assert any(np.may_share_memory(item, array) for item in found)
    assert any(np.may_share_memory(item, tensor.numpy()) for item in found)


def test_looking_for_arrays_ends_in_values_that_hold_themselves() -> None:
    value: Any = [np.arange(3)]
    value.append(value)
    for _ in range(40):
        value = [value, value]
    assert len(arrays_in(value)) == 1
