from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coursekit.errors import CourseError
from coursekit.extras import on_first_use


@pytest.fixture
def get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """The names of a package with a module that works and two that miss something."""
    package = tmp_path / "thrift"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "there.py").write_text("value = 7")
    (package / "wants.py").write_text("import no_such_package.part")
    (package / "broken.py").write_text("import coursekit.no_such_module")
    monkeypatch.syspath_prepend(str(tmp_path))
    return on_first_use(
        "thrift", {"there": "value other_value", "wants": "wanting", "broken": "broken"}, purpose="Thrift"
    )[0]


def test_a_name_is_imported_when_it_is_asked_for(get: Callable[[str], Any]) -> None:
    assert "thrift.there" not in sys.modules
    assert get("value") == 7


def test_another_name_is_refused_as_modules_do(get: Callable[[str], Any]) -> None:
    with pytest.raises(AttributeError, match="module 'thrift' has no attribute 'other'"):
        get("other")


def test_a_missing_package_is_named_with_the_extra_that_brings_it(get: Callable[[str], Any]) -> None:
    with pytest.raises(
        CourseError, match=r"Thrift needs the package 'no_such_package'.*pip install 'coursekit\[grade\]'"
    ):
        get("wanting")


def test_a_missing_module_of_our_own_is_no_missing_extra(get: Callable[[str], Any]) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        get("broken")


def test_the_names_are_listed_in_order() -> None:
    assert on_first_use("thrift", {"b": "two one", "a": "three"})[1] == ["one", "three", "two"]


def test_without_a_purpose_a_missing_package_is_pythons_own_error(get: Callable[[str], Any]) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        on_first_use("thrift", {"wants": "wanting"})[0]("wanting")
