"""JSON with given keys and values."""

from __future__ import annotations

from ..draw import Draw
from ..lesson import Talk, dumped
from .knowing import CAPITALS, COLOURS
from .talk import ask
from .wording import dressed


def value(draw: Draw) -> str | int | float | bool:
    """A value for JSON."""
    roll = draw.random()
    if roll < 0.25:
        return draw.number()
    if roll < 0.29:
        return round(draw.uniform(0, 100), draw.randint(1, 2))
    if roll < 0.34:
        return draw.happens(0.5)
    if roll < 0.5:
        return draw.name()
    if roll < 0.6:
        return draw.city()
    while True:
        text = " ".join(draw.word() for _ in range(draw.choice((1, 1, 1, 2, 3))))
        if not text.replace(".", "").isdigit() and text not in ("true", "false"):
            return text


def spoken(one: object) -> str:
    """A value as people write it."""
    return dumped(one) if isinstance(one, bool) else str(one)


def listed(draw: Draw, thing: dict[str, object]) -> str:
    """Keys and values in one of the ways that people list them."""
    pair, joint = draw.form(
        (("{} {}", ", "), ("{} {}", " and "), ("{}: {}", ", "), ("{} = {}", ", "), ("{}: {}", "\n"), ("{} is {}", " and "),
         ("{}: {}", "; "), ('{} "{}"', ", "), ("{}={}", ", ")),
        (("{} = {}", "; "), ("{} {}", "; "), ("{}: {}", " and "), ("{} is {}", ", "), ('{} "{}"', " and ")),
    )  # fmt: skip
    if '"' in pair and not all(isinstance(one, str) for one in thing.values()):
        pair = "{} {}"  # in quotes a number would be a string
    pairs = [pair.format(key, spoken(one)) for key, one in thing.items()]
    if joint == ", " and len(pairs) > 1 and draw.happens(0.4):
        return ", ".join(pairs[:-1]) + " and " + pairs[-1]
    return joint.join(pairs)


def keyed(draw: Draw) -> Talk:
    """An object of pairs that the user lists."""
    keys = list(
        dict.fromkeys(draw.tool_word("keys") for _ in range(draw.choice((1, 2, 2, 3, 3, 4))))
    )
    thing: dict[str, object] = {key: value(draw) for key in keys}
    taught = ("Write JSON: {}", "Print JSON with {}", "Output a JSON object with {}.", "JSON object: {}", "Make JSON out of this: {}",
              "Build a JSON object from {}", "Reply with JSON: {}", "Send JSON with {}", "Write a JSON with {}.", "Turn {} into JSON",
              "Can you give me JSON with {}?", "Format as JSON: {}", "I want JSON with {}.", "{}\nTurn this into a JSON object.",
              "Give me JSON with {}.", "Return a JSON object: {}", "Answer in JSON: {}", "Make a JSON object with {}",
              "JSON please: {}", "Write JSON for {}", "As JSON: {}", "Convert to JSON: {}", "Create a JSON object with {}.",
              "I need a JSON object with {}", "{}\nGive me that as JSON.", "Return JSON only: {}", "Put this into JSON: {}",
              "Please give me a JSON object with {}")  # fmt: skip
    asked = ("Turn this into JSON: {}", "Write a JSON object with {}.", "Return JSON with {}", "Please answer in JSON: {}",
             "Please create a JSON object: {}")  # fmt: skip
    asked_for = dressed(draw, draw.form(taught, asked).format(listed(draw, thing)), behind=False)
    return ask(draw, asked_for, dumped(thing))


def extracted(draw: Draw) -> Talk:
    """An object of things that a sentence says."""
    name, city, age, price = draw.name(), draw.city(), draw.number(99), draw.number(999)
    thing, country = draw.thing(), draw.choice(list(CAPITALS))
    coloured = draw.choice(list(COLOURS))
    kinds: tuple[tuple[tuple[str, ...], tuple[str, ...], dict[str, object]], ...] = (
        ((f"{name} is {age} years old.", f"{name} is {age}.", f"My name is {name} and I am {age}."), (f"I am {name}, {age} years old.",),
         {"name": name, "age": age}),
        ((f"{name} lives in {city}.", f"I am {name} from {city}."), (f"{name} is from {city}.",), {"name": name, "city": city}),
        ((f"{name} is {age} years old and lives in {city}.",), (f"{name}, {age}, lives in {city}.",),
         {"name": name, "age": age, "city": city}),
        ((f"The {thing} costs {price}.", f"A {thing} for {price}."), (f"This {thing} costs {price}.",), {"item": thing, "price": price}),
        ((f"What is the capital of {country}?",), (f"Which city is the capital of {country}?",),
         {"country": country, "capital": CAPITALS[country]}),
        ((f"What colour is {coloured}?",), (f"Which colour is {coloured}?",), {"colour": COLOURS[coloured]}),
    )  # fmt: skip
    taught, asked, thing_said = draw.choice(kinds)
    keys = list(thing_said)
    draw.shuffle(keys)
    names = " and ".join((*((", ".join(keys[:-1]),) * (len(keys) > 1)), keys[-1]))
    plural = "s" * (len(keys) > 1)
    said = draw.form(taught, asked)
    ways = (f"{said} Write JSON with the key{plural} {names}.", f"{said} JSON only, key{plural}: {names}.", f"{said} Return JSON with {names}.",
            f"{said} Respond with JSON that has the key{plural} {names}.", f"Use JSON with the key{plural} {names}. {said}",
            f"{said} I want JSON with the key{plural} {names}.", f"{said} The answer is JSON with the key{plural} {names}.",
            f"{said} Answer in JSON with the key{plural} {names}.", f"{said} Give me JSON with the key{plural} {names}.",
            f"{said}\nReturn a JSON object with {names}.", f"Answer in JSON with the key{plural} {names}: {said}",
            f"{said} Reply in JSON: {names}", f"JSON with the key{plural} {names}. {said}")  # fmt: skip
    hidden = (
        f"{said} Reply with JSON with the key{plural} {names}.",
        f"{said} Return JSON with the key{plural} {names}.",
    )
    return ask(draw, draw.form(ways, hidden), dumped({key: thing_said[key] for key in keys}))


def array(draw: Draw) -> Talk:
    """A JSON array of what the user lists."""
    items = [draw.word() for _ in range(draw.randint(2, 5))]
    values: list[object] = [int(one) if one.isdigit() else one for one in items]
    said = ", ".join(items) if draw.happens(0.6) else ", ".join(items[:-1]) + " and " + items[-1]
    taught = (
        "Make a JSON array of {}",
        "A JSON array of: {}",
        "Give me a JSON list: {}",
        "Return a JSON array with {}",
    )
    asked = ("Write a JSON array of {}", "Please make a JSON list: {}")
    return ask(draw, draw.form(taught, asked).format(said), dumped(values))


def writing_json(draw: Draw) -> Talk:
    """One of the kinds."""
    return draw.choices((keyed, extracted, array), (6, 3, 1))[0](draw)
