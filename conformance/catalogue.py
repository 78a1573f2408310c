"""Every check of a profile, and which of them a run selects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from ..spec import Field, Profile, Requirement, load_requirements
from .check import Check, written
from .errors import ConfigurationError
from .fields import check_id, field_checks


def catalogue(profile: Profile) -> tuple[Check, ...]:
    """Every check that this profile has a sentence for, ordered by id within its endpoint."""
    requirements = load_requirements(profile)
    checks = [
        *field_checks(profile),
        *(one for one in written() if one.requirement in requirements),
    ]
    return tuple(sorted(checks, key=_order))


def _order(check: Check) -> tuple[int, str]:
    areas = ("server", "models", "model", "chat", "completions", "embeddings")
    area = check.id.partition(".")[0]
    return (areas.index(area) if area in areas else len(areas), check.id)


def sentences(profile: Profile) -> dict[str, Requirement | Field]:
    """What the checks enforce, by the id that `Check.requirement` names."""
    found: dict[str, Requirement | Field] = dict(load_requirements(profile))
    found |= {row.field.id: row.field for row in profile.rows if row.field is not None}
    return found


def claims(profile: Profile, checks: Iterable[Check]) -> Mapping[str, tuple[int, ...]]:
    """The numbers of the document's claims that each check shows, by the check's id."""
    by_sentence: dict[str, set[int]] = {}
    for row in profile.rows:
        names = row.requirements if row.field is None else (row.field.id,)
        for name in names:
            by_sentence.setdefault(name, set()).update(row.claims)
    return {one.id: tuple(sorted(by_sentence.get(one.requirement, ()))) for one in checks}


def select(checks: Sequence[Check], only: Sequence[str], skip: Sequence[str]) -> tuple[Check, ...]:
    """The checks that a glob of ``only`` (if any) and none of ``skip`` matches.

    Raises:
        ConfigurationError: a glob matches no check, or nothing is left.
    """
    ids = [one.id for one in checks]
    for glob in (*only, *skip):
        if not any(fnmatchcase(name, glob) for name in ids):
            near = get_close_matches(glob, ids, 1)
            hint = (
                f"; did you mean {near[0]}?" if near else "; `openai-conformance list` shows them"
            )
            msg = f"no check is called {glob}{hint}"
            raise ConfigurationError(msg)
    kept = tuple(
        one
        for one in checks
        if (not only or any(fnmatchcase(one.id, glob) for glob in only))
        and not any(fnmatchcase(one.id, glob) for glob in skip)
    )
    if not kept:
        msg = "--only and --skip leave no check to run"
        raise ConfigurationError(msg)
    return kept


__all__ = ["catalogue", "check_id", "claims", "select", "sentences"]
