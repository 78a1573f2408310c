"""``response_format``: which text a JSON answer is to consist of."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from .copybook import Copybook
from .rules import mapping, text, wrong
from .schema import incomplete, write
from .vocabulary import WORDS

if TYPE_CHECKING:
    from random import Random

    from .request import Json

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check_name(value: Any, param: str) -> None:
    """Refuse what cannot name a tool or a schema."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise wrong(
            param, "it must be a string of 1 to 64 of the characters a-z, A-Z, 0-9, _ and -"
        )


def check_strict(holder: dict[str, Any], schema: Any, param: str) -> None:
    """Refuse a ``strict`` that is no boolean, or whose schema leaves anything open."""
    strict = holder.get("strict")
    if strict is not None and not isinstance(strict, bool):
        raise wrong(f"{param}.strict", "it must be a boolean")
    if strict and (message := incomplete(schema)):
        raise wrong(f"{param}.schema" if "schema" in holder else f"{param}.parameters", message)


def check_format(body: Json) -> None:
    """Refuse a malformed ``response_format``; completions may send it too, for JSON mode."""
    param = "response_format"
    if param not in body:
        return
    value = body[param]
    if not isinstance(value, dict):
        raise wrong(param, "it must be an object")
    if value.get("type") not in ("text", "json_object", "json_schema"):
        raise wrong(f"{param}.type", "it must be one of text, json_object, json_schema")
    if value["type"] == "json_schema":
        given = value.get("json_schema")
        param = f"{param}.json_schema"
        if not isinstance(given, dict):
            raise wrong(param, "it must be an object")
        check_name(given.get("name"), f"{param}.name")
        if message := mapping(given.get("schema", {})):
            raise wrong(f"{param}.schema", f"it {message}")
        if message := text(given.get("description", "")):
            raise wrong(f"{param}.description", f"it {message}")
        check_strict(given, given.get("schema", {}), param)


def read_format(value: Any, asked: str, rng: Random) -> str | None:
    """The text of a JSON answer, or None for free text. Keys that the user quotes are used."""
    kind = (value or {}).get("type", "text")
    if kind == "text":
        return None
    if kind == "json_schema" and value["json_schema"].get("schema"):
        schema = value["json_schema"]["schema"]
        value = write(schema, Copybook(rng), "response_format.json_schema.schema")
        return json.dumps(value, ensure_ascii=False)
    keys = re.findall(r"[\"'`](\w+)[\"'`]", asked)[:8] or rng.sample(WORDS, rng.randint(3, 5))
    values = {
        key: rng.choice([rng.choice(WORDS), rng.randint(0, 99), rng.choice([True, False])])
        for key in keys
    }
    return json.dumps(values, ensure_ascii=False)
