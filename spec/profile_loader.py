"""Reads a profile: one row for each part of the API surface, and the notes of the document.

A row of the file names what it is about (``field``, ``feature`` or ``note``) as
``endpoint.name``. A field that no row names gets the file's ``default``, and an aspect
that no row names gets what the row of its field says.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Any, get_args

from .api_loader import fields_of
from .model import Api, Documented, Endpoint, Field, OnUse, Profile, Requirement, Row
from .reading import Section, guess, read_yaml

_PLACES = (*get_args(Endpoint), "general", "management")


def read_profile(file: Traversable, api: Api, requirements: Mapping[str, Requirement]) -> Profile:
    """The profile in this file; raises SpecError, also for a row about something unknown."""
    page = Section(read_yaml(file), file.name)
    claims = _claims(Section(page.take("claims", {}), file.name, "claims"))
    fields = {field.id: field for field in fields_of(api)}
    default = Section(page.take("default"), file.name, "default")
    default_stand = _stand(default)
    default.close()
    rows: dict[str, Row] = {}
    for section in page.sections("rows", []):
        row = _row(section, fields, requirements, claims)
        if row.id in rows:
            raise section.error("is a duplicate")
        rows[row.id] = row
    for field in fields.values():
        if field.id not in rows:
            rows[field.id] = _unnamed(field, rows, default_stand)
    closed = page.items("closed", str, ())
    for endpoint in closed:
        if endpoint not in api.operations:
            raise page.error(f"'closed' holds {endpoint!r}{guess(endpoint, api.operations)}")
    profile = Profile(
        name=page.text("name"),
        title=page.text("title"),
        source=page.text("source"),
        rows=tuple(rows.values()),
        claims=claims,
        closed=closed,
    )
    page.close()
    return profile


def _claims(section: Section) -> dict[int, str]:
    claims: dict[int, str] = {}
    for key, value in section.entries():
        if not (key.startswith("C") and key[1:].isdecimal()):
            raise section.error(f"the key {key!r} is not a claim's number, such as C12")
        if not isinstance(value, str):
            raise section.error(f"{key} must be a text")
        claims[int(key[1:])] = value
    return claims


def _stand(section: Section) -> tuple[Documented, OnUse]:
    """What the document says and what use does: ``on_use`` may be left out where supported."""
    documented = section.choice("documented", Documented)
    if documented is Documented.SUPPORTED:
        return documented, section.choice("on_use", OnUse, OnUse.HONOUR)
    return documented, section.choice("on_use", OnUse)


def _row(
    section: Section,
    fields: Mapping[str, Field],
    requirements: Mapping[str, Requirement],
    claims: Mapping[int, str],
) -> Row:
    kinds = [kind for kind in ("field", "feature", "note") if kind in section]
    if len(kinds) != 1:
        raise section.error("a row names one of 'field', 'feature' and 'note'")
    kind = kinds[0]
    name = section.text(kind)
    section.row = f"{kind} {name}"
    endpoint, _, rest = name.partition(".")
    if endpoint not in _PLACES or not rest:
        raise section.error(f"a name begins with one of {', '.join(_PLACES)} and a dot")
    cited = section.items("claims", int, ())
    for number in cited:
        if number not in claims:
            raise section.error(f"there is no claim C{number}")
    shown: dict[str, Any] = {}
    if kind == "note":
        documented, on_use = Documented.SUPPORTED, OnUse.HONOUR
        shown = _shown(section, fields, requirements)
    else:
        documented, on_use = _stand(section)
        field = fields.get(name)
        if field is None or (field.kind == "feature") != (kind == "feature"):
            alike = [
                key for key in fields if (fields[key].kind == "feature") == (kind == "feature")
            ]
            raise section.error(f"the API surface has no such {kind}{guess(name, alike)}")
        shown = {"field": field}
    row = Row(endpoint, rest, kind, documented, on_use, tuple(cited), **shown)  # type: ignore[arg-type]  # checked
    section.close()
    return row


def _shown(
    section: Section, fields: Mapping[str, Field], requirements: Mapping[str, Requirement]
) -> dict[str, Any]:
    """By what a note is shown: requirements and fields, or the reason why nothing shows it."""
    shown_by = section.items("requirements", str, ())
    unseen = section.text_or_none("unseen")
    if bool(shown_by) == bool(unseen):
        raise section.error("a note has either 'requirements' or the reason why it is 'unseen'")
    for name in shown_by:
        if name not in requirements and name not in fields:
            hint = guess(name, [*requirements, *fields])
            raise section.error(f"there is no requirement or field {name!r}{hint}")
    return {"requirements": shown_by, "unseen": unseen}


def _unnamed(field: Field, rows: Mapping[str, Row], default: tuple[Documented, OnUse]) -> Row:
    """The row of a field that the document does not name."""
    documented, on_use = default
    claims: tuple[int, ...] = ()
    if field.kind == "aspect":
        parent = rows[f"{field.endpoint}.{field.name.partition('.')[0]}"]
        documented, on_use, claims = parent.documented, parent.on_use, parent.claims
    kind: Any = "feature" if field.kind == "feature" else "field"
    return Row(field.endpoint, field.name, kind, documented, on_use, claims, field)
