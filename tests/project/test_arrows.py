"""Each room imports only what its arrow allows; see ARCHITECTURE.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .layout import NAME, ROOT, folders, modules

ARROWS = {
    "spec": set[str](),
    "backends": set[str](),
    "conformance": {"spec"},
    "reference": {"spec", "backends"},
}


def violations(root: Path) -> list[str]:
    """The imports that no arrow allows: ``conformance/run.py:3 imports reference``."""
    return [
        f"{path.relative_to(root).as_posix()}:{line} imports {other}"
        for room, allowed in ARROWS.items()
        for path, tree in modules(root / room)
        for line, other in _rooms(tree, path.relative_to(root))
        if other not in {room, *allowed}
    ]


def _rooms(tree: ast.Module, path: Path) -> Iterator[tuple[int, str]]:
    package = (NAME, *path.parent.parts)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        for name in _names(node, package):
            first, _, rest = name.partition(".")
            if first == NAME:
                yield line, rest.partition(".")[0] or f"{NAME} itself"
            elif first in {*ARROWS, "tests"}:
                yield line, f"{first} by its bare name"


def _names(node: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    """The modules a statement imports, by their absolute names; strings given to importlib too."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            base = ".".join(package[: len(package) - level + 1]) if level else ""
            whole = ".".join(part for part in (base, module or "") if part)
            yield from ([f"{whole}.{alias.name}" for alias in names] if whole == NAME else [whole])
        case ast.Constant(value=str(text)) if text.startswith(f"{NAME}."):
            yield text


def test_every_import_follows_an_arrow() -> None:
    assert violations(ROOT) == []


def test_every_package_has_its_arrow() -> None:
    assert set(folders().values()) <= ARROWS.keys()
    assert {name.removeprefix(f"{NAME}.") for name in folders()} <= ARROWS.keys()


@pytest.mark.parametrize(
    ("path", "line", "found"),
    [
        ("conformance/run.py", "from ..reference import app", "reference"),
        ("conformance/run.py", "from ..backends.base import Backend", "backends"),
        ("conformance/checks/deep.py", "from ...reference import app", "reference"),
        ("conformance/run.py", "from .. import reference", "reference"),
        ("conformance/run.py", "import openai_compat.reference.app", "reference"),
        ("conformance/run.py", "x = import_module('openai_compat.reference')", "reference"),
        ("conformance/run.py", "def late() -> None:\n    from ..reference import app", "reference"),
        ("conformance/run.py", "import spec", "spec by its bare name"),
        ("conformance/run.py", "from tests.scripted import Scripted", "tests by its bare name"),
        ("spec/model.py", "from ..conformance import check", "conformance"),
        ("backends/base.py", "from ..spec import Profile", "spec"),
        ("reference/app.py", "from ..conformance.sse import Event", "conformance"),
    ],
)
def test_a_planted_violation_is_seen(tmp_path: Path, path: str, line: str, found: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(f"{line}\n")

    (violation,) = violations(tmp_path)
    assert violation.startswith(f"{path}:")
    assert violation.endswith(f" imports {found}")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("conformance/run.py", "from ..spec import Profile"),
        ("conformance/checks/deep.py", "from ..run import judge\nfrom ...spec import Profile"),
        ("conformance/run.py", "import pytest\nfrom .items import Checks"),
        ("reference/app.py", "from ..spec import Profile\nfrom ..backends.base import Backend"),
    ],
)
def test_an_allowed_import_is_not(tmp_path: Path, path: str, line: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(f"{line}\n")

    assert violations(tmp_path) == []
