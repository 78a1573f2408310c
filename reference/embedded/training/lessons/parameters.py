"""Parameters of made-up tools: a name, a JSON Schema, a value that fits, and how people say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..draw import Draw
from .knowing import CAPITALS, COLOURS
from .obeying import LANGUAGES

ENUMS = {
    "unit": ("celsius", "fahrenheit", "kelvin", "metric", "imperial"), "priority": ("low", "normal", "high", "urgent"),
    "status": ("open", "closed", "done", "pending", "new"), "format": ("pdf", "csv", "json", "html", "text"),
    "size": ("small", "medium", "large", "tiny", "huge"), "currency": ("EUR", "USD", "GBP", "CHF", "JPY"),
    "level": ("easy", "middle", "hard", "expert"), "sort": ("up", "down", "none"),
    "genre": ("rock", "jazz", "pop", "folk"), "engine": ("petrol", "diesel", "electric", "hybrid"),
}  # fmt: skip
PLURALS = (
    "tags",
    "names",
    "items",
    "cities",
    "words",
    "colours",
    "topics",
    "people",
    "files",
    "numbers",
)
NESTED = {
    "address": ("street", "city"), "person": ("name", "age"), "range": ("min", "max"), "point": ("x", "y"),
    "owner": ("name", "email"), "period": ("start", "end"), "box": ("width", "height"),
}  # fmt: skip
INTEGERS = (
    "count",
    "number",
    "quantity",
    "limit",
    "age",
    "days",
    "max",
    "min",
    "year",
    "x",
    "y",
    "rating",
    "seats",
    "hours",
)
NUMBERS = ("price", "amount", "weight", "width", "height", "balance", "lat", "lon", "ratio")
FLAGS = ("urgent", "public", "detailed", "loud", "express", "private", "vegetarian", "recursive")
DAYS = (
    "Monday",
    "Tuesday",
    "Friday",
    "Sunday",
    "today",
    "tomorrow",
    "May 3",
    "2024-09-25",
    "June 12",
    "next week",
)


def _text(draw: Draw) -> str:
    return " ".join(draw.word() for _ in range(draw.choice((1, 1, 1, 1, 2, 2, 3))))


MAKERS: dict[str, Callable[[Draw], str]] = {
    "city": Draw.city, "location": Draw.city, "place": Draw.city, "region": Draw.city, "start": lambda draw: draw.choice(DAYS),
    "country": lambda draw: draw.choice(list(CAPITALS)), "name": Draw.name, "person": Draw.name, "user": Draw.name,
    "author": Draw.name, "surname": Draw.name, "date": lambda draw: draw.choice(DAYS), "day": lambda draw: draw.choice(DAYS),
    "end": lambda draw: draw.choice(DAYS), "time": lambda draw: f"{draw.randint(0, 23)}:{draw.randint(10, 59)}",
    "email": lambda draw: f"{draw.pseudo().lower()}@{draw.choice(('example.com', 'mail.org', 'test.net'))}",
    "colour": lambda draw: draw.choice(list(COLOURS.values())), "language": lambda draw: draw.choice(list(LANGUAGES)),
    "id": Draw.code, "barcode": lambda draw: str(draw.number()), "phone": lambda draw: str(draw.number(9999999)),
    "path": lambda draw: f"/{draw.pseudo().lower()}/{draw.pseudo().lower()}.txt",
    "url": lambda draw: f"https://{draw.pseudo().lower()}.com", "room": lambda draw: str(draw.randint(1, 400)),
}  # fmt: skip
NATURAL = {
    "city": (" in {}", " for {}", " in {}"), "location": (" in {}", " at {}"), "place": (" in {}", " at {}"), "country": (" in {}", " for {}"),
    "region": (" in {}",), "name": (" for {}", " called {}"), "person": (" for {}", " to {}"), "user": (" for {}", " of {}"),
    "date": (" on {}", " for {}"), "day": (" on {}", " for {}"), "time": (" at {}",), "email": (" to {}",),
    "topic": (" about {}", " on {}"), "title": (" called {}", ' titled "{}"', ' with the title "{}"'),
    "text": (': "{}"', ' saying "{}"', ' with the text "{}"'), "message": (' saying "{}"', ': "{}"'), "query": (' for "{}"', " for {}"),
    "language": (" into {}", " in {}"), "price": (" for {}",), "author": (" by {}",), "url": (" from {}",), "path": (" in {}", " from {}"),
    "room": (" in room {}",), "body": (' saying "{}"',), "street": (" in {}",), "subject": (" about {}", ' with subject "{}"'),
}  # fmt: skip
TAUGHT = (" with {k} {v}", " with {k} {v}", " with the {k} {v}", ", {k}: {v}", ", {k} {v}", ", {k}={v}", " and {k} {v}", ", {k} is {v}",
          " ({k}: {v})", " where {k} is {v}", ". The {k} is {v}", " using {k} {v}", ", set {k} to {v}", " with {v} as the {k}",
          " with the {k} of {v}", " of {k} {v}", " for a {k} of {v}", ", and the {k} as {v}", " using {k} as {v}", ", {k} equal to {v}", ". Its {k} must be {v}",
          ". The {k} has to be {v}", ". Make the {k} {v}", ". I want the {k} to be {v}", " at a {k} of {v}", " whose {k} is {v}", ", with {k} = {v}", " ({k} = {v})",
          " and set the {k} to {v}", ". {k}: {v}", " that has the {k} {v}", ", {k} being {v}", ". Let the {k} be {v}", "; {k}: {v}", "; the {k} is {v}",
          " by {k} {v}", ", the {k} {v}", " and a {k} of {v}", " and with {k} {v}", ". Take {v} as {k}", ". {k} should be {v}", ". Use {v} for the {k}")  # fmt: skip
ASKED = (
    " with a {k} of {v}",
    " with {k} as {v}",
    ", {k} = {v}",
    " and the {k} {v}",
    ". The {k} should be {v}",
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter and the value that the user wants."""

    name: str
    schema: dict[str, Any]
    value: Any
    said: str
    """The value as the user writes it."""

    def phrase(self, draw: Draw) -> str:
        """What the user says to give the value."""
        natural = NATURAL.get(self.name) if isinstance(self.value, str) else None
        if natural and draw.happens(0.6):
            return draw.choice(natural).format(self.said)
        quoted = isinstance(self.value, str) and " " in self.value and draw.happens(0.7)
        said = f'"{self.said}"' if quoted else self.said
        key = self.name
        if "_" in key and not draw.unseen and draw.happens(0.5):
            key = key.replace("_", " ")
        return draw.form(TAUGHT, ASKED).format(k=key, v=said)


def parameter(draw: Draw, name: str | None = None, *, nested: bool = True) -> Parameter:
    """A parameter of any JSON type, or the one that a name wants."""
    if name is not None:
        return _whole(draw, name) if name in INTEGERS else _named(draw, name)
    kinds = [kind for kind in _SHARES if nested or kind not in (_several, _nested)]
    return draw.choices(kinds, [_SHARES[kind] for kind in kinds])[0](draw)


def again(draw: Draw, one: Parameter) -> Parameter:
    """A parameter with another value of the same kind; flags, lists and objects keep theirs."""
    value: str | float
    if isinstance(one.value, bool | list | dict):
        return one
    if "enum" in one.schema:
        value = draw.choice([option for option in one.schema["enum"] if option != one.value])
    elif isinstance(one.value, int):
        value = draw.number(9999)
    elif isinstance(one.value, float):
        value = round(draw.uniform(0, 200), draw.randint(1, 2))
    else:
        value = MAKERS.get(one.name, Draw.word if draw.unseen else _text)(draw)
    return Parameter(one.name, one.schema, value, str(value))


def renewed(draw: Draw, one: Parameter) -> Parameter:
    """The same with flags, lists and objects, too; a flag may keep its value.

    Where a tool is called again in one conversation, nothing is then to be copied from before.
    """
    if isinstance(one.value, bool):
        return Parameter(one.name, one.schema, *_switched(draw))
    if isinstance(one.value, list):
        return Parameter(one.name, one.schema, *_many(draw, one.name))
    if isinstance(one.value, dict):
        parts = [
            again(draw, Parameter(name, schema, one.value[name], ""))
            for name, schema in one.schema["properties"].items()
        ]
        return Parameter(one.name, one.schema, *_whole_of(draw, parts))
    return again(draw, one)


def _flag(draw: Draw) -> Parameter:
    flag, (value, said) = draw.choice(FLAGS), _switched(draw)
    return Parameter(flag, {"type": "boolean", **_described(draw, flag)}, value, said)


def _switched(draw: Draw) -> tuple[bool, str]:
    value = draw.happens(0.5)
    return value, draw.choice(("true", "yes", "on") if value else ("false", "no", "off"))


def _choice(draw: Draw) -> Parameter:
    key = draw.choice(list(ENUMS))
    options = draw.sample(ENUMS[key], draw.randint(2, min(4, len(ENUMS[key]))))
    chosen = draw.choice(options)
    kind = {"type": "string"} if draw.happens(0.8) else {}
    return Parameter(key, {**kind, "enum": options, **_described(draw, key)}, chosen, chosen)


def _whole(draw: Draw, name: str | None = None) -> Parameter:
    key = name or draw.choice(INTEGERS)
    whole = draw.number(9999) if draw.happens(0.93) else -draw.randint(1, 99)
    return Parameter(key, {"type": "integer", **_described(draw, key)}, whole, str(whole))


def _decimal(draw: Draw) -> Parameter:
    key = draw.choice(NUMBERS)
    number: float = draw.number(999)
    if draw.happens(0.7):
        number = round(draw.uniform(0, 200), draw.randint(1, 2))
    return Parameter(key, {"type": "number", **_described(draw, key)}, number, str(number))


def _named(draw: Draw, name: str | None = None) -> Parameter:
    key = name or draw.tool_word("keys")
    if key in (*INTEGERS, *NUMBERS, "level") and draw.happens(0.8):
        return _whole(draw, key)
    text = str(draw.number()) if draw.happens(0.06) else MAKERS.get(key, _text)(draw)
    return Parameter(key, {"type": "string", **_described(draw, key)}, text, text)


def _described(draw: Draw, key: str) -> dict[str, str]:
    if not draw.happens(0.3):
        return {}
    said = draw.choice(
        (f"The {key}", f"the {key} to use", f"The {key}, for example {draw.known()}", f"Which {key}",
         f"{key.capitalize()} of the {draw.tool_word('nouns')}", draw.sentence())
    )  # fmt: skip
    return {"description": said}


def _several(draw: Draw) -> Parameter:
    key = draw.choice(PLURALS)
    values, said = _many(draw, key)
    kind = "integer" if key == "numbers" else "string"
    return Parameter(key, {"type": "array", "items": {"type": kind}}, values, said)


def _many(draw: Draw, key: str) -> tuple[list[Any], str]:
    values: list[Any]
    if key == "numbers":
        values = [draw.number(999) for _ in range(draw.randint(1, 4))]
    else:
        maker = {"names": Draw.name, "people": Draw.name, "cities": Draw.city}.get(key, Draw.thing)
        values = [maker(draw) for _ in range(draw.choice((1, 2, 2, 3, 4)))]
    words = [str(value) for value in values]
    said = words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
    return values, ", ".join(words) if draw.happens(0.3) else said


def _nested(draw: Draw) -> Parameter:
    key = draw.choice(list(NESTED))
    parts = [parameter(draw, name, nested=False) for name in NESTED[key]]
    schema = {"type": "object", "properties": {part.name: part.schema for part in parts}}
    if draw.happens(0.7):
        schema["required"] = [part.name for part in parts]
    return Parameter(key, schema, *_whole_of(draw, parts))


def _whole_of(draw: Draw, parts: list[Parameter]) -> tuple[dict[str, Any], str]:
    joint = draw.choice((" and ", ", "))
    said = joint.join(f"{part.name} {part.said}" for part in parts)
    return {part.name: part.value for part in parts}, said


_SHARES: dict[Callable[..., Parameter], int] = {
    _named: 50, _decimal: 8, _whole: 11, _choice: 10, _flag: 8, _several: 7, _nested: 6,
}  # fmt: skip
"""How often each kind of parameter is made."""
