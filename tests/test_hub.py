"""The handbook's page on JupyterHub, and the images: what they name is there, and the hub knows every setting."""

from __future__ import annotations

import re
import tomllib
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from coursekit.authoring.repository import repository_address

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "handbook" / "jupyterhub.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "binder" / "Dockerfile").read_text(encoding="utf-8")
STAGES = dict(re.findall(r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL))


def settings() -> dict[str, Config]:
    """Run the page's two files of settings; return each by the first class that it sets something of."""
    found = {}
    for text in re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        config = Config()
        exec(text, {"get_config": lambda config=config: config})
        found[next(iter(config))] = config
    return found


def test_nbgrader_knows_every_setting() -> None:
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange.default import Exchange

    config = settings()["CourseDirectory"]
    assert {*config} == {"CourseDirectory", "Exchange"}
    assert CourseDirectory(config=config).course_id == "coursekit"
    assert Exchange(config=config).root == config.Exchange.root


def test_jupyterhub_knows_every_setting_role_and_scope() -> None:
    pytest.importorskip("jupyterhub", reason="needs JupyterHub")
    from jupyterhub.app import JupyterHub
    from jupyterhub.auth import Authenticator
    from jupyterhub.scopes import scope_definitions
    from jupyterhub.spawner import Spawner

    config = settings()["JupyterHub"]
    for owner in (JupyterHub, Authenticator, Spawner):
        assert {*config[owner.__name__]} <= {*owner.class_trait_names(config=True)}
    scopes = [scope for role in config.JupyterHub.load_roles for scope in role["scopes"]]
    assert {scope.partition("!")[0] for scope in scopes} <= {*scope_definitions}


def test_whoever_grades_reaches_formgrader_and_nobody_else() -> None:
    hub: Any = settings()["JupyterHub"].JupyterHub
    (service,), (role,) = hub.services, hub.load_roles
    assert role["scopes"] == [f"access:services!service={service['name']}"]
    assert role["groups"] == [*hub.load_groups]
    assert f"/services/{service['name']}/formgrader" in PAGE
    assert Path(service["cwd"]).parts[-1] == "autograde"


def test_the_link_pulls_the_course_and_opens_a_lab_that_is_there() -> None:
    (link,) = re.findall(r"https://HUB/hub/user-redirect/git-pull\S+", PAGE)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query, strict_parsing=True)
    assert query["repo"] == [repository_address(ROOT)]
    assert query["branch"] == ["main"]
    folder, _, notebook = query["urlpath"][0].removeprefix("lab/tree/").partition("/")
    assert folder == repository_address(ROOT).rpartition("/")[2]
    assert (ROOT / notebook).is_file()


@pytest.mark.parametrize("stage", STAGES)
def test_an_image_copies_what_is_there_and_nothing_private(stage: str) -> None:
    copied = [
        word for line in re.findall(r"^COPY (?:--\S+ )?(.*) \S+$", STAGES[stage], re.MULTILINE) for word in line.split()
    ]
    assert all((ROOT / path).exists() for path in copied)
    assert not {"labs", "solutions", "autograde", "."} & {*copied}


@pytest.mark.parametrize(("stage", "extras"), [("student", {"lab"}), ("grader", {"lab", "grade"})])
def test_an_image_installs_extras_that_there_are_in_the_versions_that_are_tested(stage: str, extras: set[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = re.search(r"pip install -c constraints.txt '\.\[([\w,]+)\]'", STAGES[stage])
    assert found is not None
    assert {*found[1].split(",")} == extras
    assert extras <= {*project["optional-dependencies"]}


def test_the_students_image_comes_last() -> None:
    """Whoever builds without naming one, as repo2docker does, gets it."""
    assert [*STAGES] == ["base", "grader", "student"]
