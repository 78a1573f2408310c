"""JSON with given keys and values."""

from __future__ import annotations

from ..draw import Draw
from ..lesson import Talk, dumped
from .knowing import CAPITALS, COLOURS
from .talk import ask
from .wording import composed, dressed


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
        if not draw.unseen and draw.happens(0.08):  # a text that begins like a number
            text = f"{draw.number(999)}{draw.choice((' ', ' ', ' ', '', '-'))}{text}"
        if not text.replace(".", "").isdigit() and text not in ("true", "false"):
            return text


def spoken(one: object) -> str:
    """A value as people write it."""
    return dumped(one) if isinstance(one, bool) else str(one)


ASKED_LISTS = (
    ("{} = {}", "; "),
    ("{} {}", "; "),
    ("{}: {}", " and "),
    ("{} is {}", ", "),
    ('{} "{}"', " and "),
)
"""How the exam writes a pair, and what it puts between pairs."""
_LISTS = tuple(
    (pair, joint)
    for pair in ("{} {}", "{} {}", "{}: {}", "{}: {}", "{} = {}", "{}={}", "{} is {}", '{} "{}"', '"{}": {}', "the {} is {}", "{} -> {}", "{} as {}", "{} of {}")
    for joint in (", ", ", ", " and ", "; ", "\n", ", and ", " / ", "\n- ", " + ", " | ")
    if (pair, joint) not in ASKED_LISTS
)  # fmt: skip
_WRITE = ("Write", "Print", "Output", "Make", "Build", "Create", "Give me", "Return", "Send", "Reply with", "I want", "I need", "Show me", "Produce",
          "Answer with", "Respond with", "Generate", "Can you give me", "Please give me", "Could you write", "Now write")  # fmt: skip
_WHAT = (
    "JSON",
    "JSON",
    "a JSON object",
    "an object in JSON",
    "only JSON",
    "a JSON",
    "some JSON",
    "one JSON object",
    "valid JSON",
)
_OF = (
    " with {}",
    " with {}",
    ": {}",
    ": {}",
    " from {}",
    " of {}",
    " for {}",
    " that has {}",
    " where {}",
    ":\n{}",
    " containing {}",
    " with the values {}",
)
_OTHERWISE = (
    "JSON object: {}", "Make JSON out of this: {}", "Turn {} into JSON", "Format as JSON: {}", "{}\nTurn this into a JSON object.", "Answer in JSON: {}",
    "JSON please: {}", "As JSON: {}", "Convert to JSON: {}", "{}\nGive me that as JSON.", "Put this into JSON: {}", "JSON: {}", "JSON with {}", "In JSON: {}",
    "Write this in JSON: {}", "Say it in JSON: {}", "{}\nAs JSON.", "Change this to JSON: {}", "Make this a JSON object: {}", "Reply in JSON: {}",
)  # fmt: skip
ASKED_OBJECTS = (
    "Turn this into JSON: {}",
    "Write a JSON object with {}.",
    "Return JSON with {}",
    "Please answer in JSON: {}",
    "Please create a JSON object: {}",
)


def _wording(draw: Draw) -> str:
    if draw.happens(0.35):
        return draw.choice(_OTHERWISE)
    return (
        f"{draw.choice(_WRITE)} {draw.choice(_WHAT)}{draw.choice(_OF)}{draw.choice(('', '', '.'))}"
    )


def listed(draw: Draw, thing: dict[str, object]) -> str:
    """Keys and values in one of the ways that people list them."""
    pair, joint = draw.choice(ASKED_LISTS if draw.unseen else _LISTS)
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
    wording = composed(draw, lambda: _wording(draw), ASKED_OBJECTS)
    asked_for = dressed(draw, wording.format(listed(draw, thing)), behind=False)
    return ask(draw, asked_for, dumped(thing))


def extracted(draw: Draw) -> Talk:
    """An object of things that a sentence says."""
    name, city, age, price = draw.name(), draw.city(), draw.number(99), draw.number(999)
    thing, country = draw.thing(), draw.choice(list(CAPITALS))
    coloured = draw.choice(list(COLOURS))
    kinds: tuple[tuple[tuple[str, ...], tuple[str, ...], dict[str, object]], ...] = (
        ((f"{name} is {age} years old.", f"{name} is {age}.", f"My name is {name} and I am {age}.", f"I'm {name} and {age} years old.",
          f"{name}, aged {age}.", f"This is {name}, {age} years of age.", f"I am {age} years old and called {name}.", f"At {age}, {name} is old.",
          f"The age of {name} is {age}.", f"They call me {name}; I am {age}.", f"{age} years old is {name}."), (f"I am {name}, {age} years old.",),
         {"name": name, "age": age}),
        ((f"{name} lives in {city}.", f"I am {name} from {city}.", f"In {city} lives {name}.", f"{name} comes from {city}.", f"The home of {name} is {city}.",
          f"My name is {name}; my home is {city}.", f"{name} moved to {city}.", f"{city} is the city of {name}.", f"Say hello to {name} of {city}."), (f"{name} is from {city}.",), {"name": name, "city": city}),
        ((f"{name} is {age} years old and lives in {city}.", f"{name} from {city} is {age}.", f"I am {name}, aged {age}, of {city}.", f"In {city} lives {name}, who is {age}.",
          f"{name}: {age} years, {city}.", f"My name is {name}, my age {age}, my home {city}."), (f"{name}, {age}, lives in {city}.",),
         {"name": name, "age": age, "city": city}),
        ((f"The {thing} costs {price}.", f"A {thing} for {price}.", f"The price of the {thing} is {price}.", f"I paid {price} for a {thing}.", f"You can have the {thing} for {price}.",
          f"One {thing}, {price}.", f"{price} is what the {thing} costs.", f"That {thing} costs {price}.", f"{thing} costs {price}.", f"My {thing} cost {price}.",
          f"Our {thing} is {price}.", f"Every {thing} costs {price}.", f"It is {price} for this {thing}.", f"This {thing} is {price}.", f"Which {thing} costs {price}?"), (f"This {thing} costs {price}.",), {"item": thing, "price": price}),
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
    hidden = (
        f"{said} Reply with JSON with the key{plural} {names}.",
        f"{said} Return JSON with the key{plural} {names}.",
    )

    def wording() -> str:
        write = f"{draw.choice(_WRITE)} {draw.choice(_WHAT)}"
        if draw.happens(0.3):
            write = draw.choice(
                (
                    "Answer in JSON",
                    "JSON only",
                    "JSON",
                    "Reply in JSON",
                    "As JSON",
                    "Use JSON",
                    "Respond in JSON",
                    "The answer is JSON",
                    "In JSON",
                )
            )
        key = draw.choice((f" with the key{plural} {names}", f" with the key{plural} {names}", f" with {names}", f": {names}", f", key{plural}: {names}",
                           f" that has the key{plural} {names}", f" with key{plural} {names}", f"; the key{plural}: {names}", f" that has {names}"))  # fmt: skip
        return draw.choice(
            (
                f"{said} {write}{key}.",
                f"{said} {write}{key}.",
                f"{said}\n{write}{key}",
                f"{write}{key}. {said}",
                f"{write}{key}: {said}",
            )
        )

    return ask(
        draw, composed(draw, wording, hidden), dumped({key: thing_said[key] for key in keys})
    )


def array(draw: Draw) -> Talk:
    """A JSON array of what the user lists."""
    items = [draw.word() for _ in range(draw.randint(2, 5))]
    values: list[object] = [int(one) if one.isdigit() else one for one in items]
    said = ", ".join(items) if draw.happens(0.6) else ", ".join(items[:-1]) + " and " + items[-1]
    asked = ("Write a JSON array of {}", "Please make a JSON list: {}")

    def wording() -> str:
        what, of = (
            draw.choice(("array", "list")),
            draw.choice((" of {}", ": {}", " with {}", " of: {}", " from {}", " that has {}")),
        )
        return (
            f"{draw.choice((*_WRITE, 'Make'))} a JSON {what}{of}"
            if draw.happens(0.8)
            else f"A JSON {what}{of}"
        )

    return ask(draw, composed(draw, wording, asked).format(said), dumped(values))


def writing_json(draw: Draw) -> Talk:
    """One of the kinds."""
    return draw.choices((keyed, extracted, array), (6, 3, 1))[0](draw)
