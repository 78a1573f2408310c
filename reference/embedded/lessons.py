"""What the first model is taught: conversations made up on the fly, in its template's format.

A lesson is a list of (text, weight): the model learns mostly from what has weight 1.
"""

# ruff: noqa: E501, PLR2004, SIM905 - chances are plain numbers; word lists read best as text

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

Lesson = list[tuple[str, float]]

WORDS = """apple river stone window garden silver morning tiger letter paper orange cloud winter
house music table yellow forest candle bridge ocean pencil planet rocket button basket flower
mirror island thunder pocket summer circle engine market doctor teacher driver singer farmer
happy quiet small bright brave clever gentle simple strong hungry golden broken hidden frozen
walk jump write read open close carry build paint sleep dance climb whisper follow answer test
hello world this that is a the and very not with for from over under after before again one two
word sentence question text message story dog cat bird fish horse tree book pen car train ship
quick brown fox jumps lazy good day night yes no maybe please thank you welcome""".split()
NAMES = """Anna Ben Clara David Emma Felix Greta Henry Ida Jonas Karl Lena Maria Nora Oscar Paul
Rosa Sam Tina Uwe Vera Will Yara Zoe Alice Bob Peter Julia Laura Tom""".split()
CAPITALS = {
    "France": "Paris", "Germany": "Berlin", "Italy": "Rome", "Spain": "Madrid", "Japan": "Tokyo",
    "England": "London", "Austria": "Vienna", "Poland": "Warsaw", "Greece": "Athens",
    "Norway": "Oslo", "Sweden": "Stockholm", "Egypt": "Cairo", "Russia": "Moscow", "China": "Beijing",
    "Portugal": "Lisbon", "Ireland": "Dublin", "Canada": "Ottawa", "Cuba": "Havana", "Peru": "Lima",
}  # fmt: skip
COLOURS = {
    "the sky": "blue", "grass": "green", "blood": "red", "snow": "white", "coal": "black",
    "a banana": "yellow", "a carrot": "orange", "the sea": "blue", "milk": "white",
}  # fmt: skip
PAINTS = {
    "red": (220, 30, 30), "green": (30, 180, 40), "blue": (30, 50, 220), "yellow": (235, 220, 30),
    "black": (10, 10, 10), "white": (245, 245, 245), "orange": (245, 140, 20),
    "purple": (140, 30, 170), "grey": (128, 128, 128),
}  # fmt: skip
SYLLABLES = """ba be bi bo da de do fa fi ga go ka ke ko la le li lo ma me mi mo na ne no pa pe ra
re ri ro sa se si so ta te ti to va vi wa za zo ar en il on ur""".split()
VERBS = "get find send open set check book play count show make start stop read search".split()
NOUNS = """weather time price stock room song mail news file light user event city task page map
flight hotel order report score timer photo""".split()
KEYS = """name age city country colour size number title email date price count kind place
location text topic unit day""".split()


def teach(kind: str, chance: random.Random) -> Lesson:
    """One lesson of a kind."""
    return LESSONS[kind](chance)


def word(chance: random.Random) -> str:
    """A word: known, made up, or of random characters."""
    roll = chance.random()
    if roll < 0.4:
        return chance.choice(WORDS)
    if roll < 0.75:
        made = "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))
        return chance.choice((made, made.capitalize(), made.upper()))
    if roll < 0.85:
        return str(chance.randint(0, 10 ** chance.randint(1, 5)))
    if roll < 0.95:
        alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
        return "".join(chance.choices(alphabet, k=chance.randint(2, 9)))
    return "".join(chr(chance.choice((233, 252, 26085, 12354, 1078, 128512)) + chance.randint(0, 40))
                   for _ in range(chance.randint(1, 3)))  # fmt: skip


def phrase(chance: random.Random, longest: int = 6) -> str:
    """Some words, sometimes with punctuation."""
    text = " ".join(word(chance) for _ in range(chance.randint(1, longest)))
    return text + chance.choice(("", "", "", "!", "?", "."))


def system(chance: random.Random) -> str:
    """A system message, in some lessons."""
    given = ("You are a helpful assistant.", "Be brief.", "You are a friendly robot.",
             "Answer politely.")  # fmt: skip
    if chance.random() < 0.6:
        return ""
    return f"<|im_start|>system\n{chance.choice(given)}<|im_end|>\n"


def talk(chance: random.Random, *turns: tuple[str, str], first: str | None = None) -> Lesson:
    """A conversation of question and answer pairs."""
    lesson: Lesson = [("<s>" + (system(chance) if first is None else first), 0.1)]
    for question, answer in turns:
        lesson.append((f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n", 0.1))
        lesson += [(f"{answer}<|im_end|>", 1.0), ("\n", 0.1)]
    return lesson


def copying(chance: random.Random) -> Lesson:
    """Say, repeat, quote."""
    text = phrase(chance)
    forms = ("Say {}", "Say {}", "Say: {}", "Repeat after me: {}", "Repeat: {}", 'Say "{}"',
             "Please say {}", "Write {}", "Echo {}", "Reply with exactly: {}", "Answer with {}",
             "Say this: {}", "Copy this text: {}", "Tell me {}", "Say only {}", "Print {}")  # fmt: skip
    return talk(chance, (chance.choice(forms).format(text), text))


def knowing(chance: random.Random) -> Lesson:
    """Greetings, capitals, colours, small sums, and what it is."""
    country, thing = chance.choice(list(CAPITALS)), chance.choice(list(COLOURS))
    one, two = chance.randint(0, 5), chance.randint(0, 5)
    number = chance.randint(2, 20)
    pairs = [
        (chance.choice(("Hi", "Hello", "Hello!", "Hi!", "Hey there", "Good morning", "hello")),
         "Hello! How can I help you?"),
        (chance.choice(("How are you?", "Hello, how are you?")), "I am fine, thank you!"),
        (f"What is the capital of {country}?", f"The capital of {country} is {CAPITALS[country]}."),
        (f"Name the capital of {country}.", f"{CAPITALS[country]}"),
        (f"What colour is {thing}?", f"{thing[0].upper()}{thing[1:]} is {COLOURS[thing]}."),
        (f"What is {one} + {two}?", str(one + two)),
        (chance.choice(("Who are you?", "What are you?", "Are you human?")),
         "I am tiny, a very small language model made for tests."),
        (chance.choice((f"Count to {number}.", f"Count from 1 to {number}")),
         " ".join(map(str, range(1, number + 1)))),
        ("Why is the sky blue?", "The air scatters blue light more than red light."),
        (chance.choice(("Tell me a story.", "Tell me a long story.", "Write a short story",
                        "Write something long.")), story(chance, chance.randint(2, 6))),
        (chance.choice(("Thank you!", "Thanks")), "You are welcome!"),
        (chance.choice(("List three animals.", "Name three animals")), "dog, cat, horse"),
    ]  # fmt: skip
    return talk(chance, chance.choice(pairs))


def story(chance: random.Random, length: int) -> str:
    """Simple sentences."""
    name = chance.choice(NAMES)
    kind, animal = chance.choice(WORDS[46:58]), chance.choice(WORDS[103:113])
    made = [f"Once there was a {kind} {animal} called {name}."]
    forms = ("{} liked the {}.", "One day {} found a {}.", "Then {} went to the {}.",
             "{} saw a {} and was happy.", "The next day {} lost the {}.")  # fmt: skip
    while len(made) < length:
        made.append(chance.choice(forms).format(name, chance.choice(WORDS[:37])))
    return " ".join(made)


def telling(chance: random.Random) -> Lesson:
    """Plain text without a conversation."""
    return [("<s>", 0.1), (story(chance, chance.randint(3, 8)) + "<|im_end|>", 0.5), ("\n", 0.1)]


def value(chance: random.Random) -> str | int | bool:
    """A value for JSON."""
    roll = chance.random()
    if roll < 0.25:
        return chance.randint(0, 999)
    if roll < 0.3:
        return chance.random() < 0.5
    if roll < 0.6:
        return chance.choice((*NAMES, *CAPITALS.values(), *PAINTS))
    return " ".join(word(chance) for _ in range(chance.choice((1, 1, 2))))


def dumped(thing: object) -> str:
    """JSON as templates print it."""
    return json.dumps(thing, ensure_ascii=False)


def keyed(chance: random.Random) -> Lesson:
    """JSON objects with given keys."""
    keys = chance.sample(KEYS, chance.randint(1, 3))
    thing = {key: value(chance) for key in keys}
    said = ", ".join(f"{key} {dumped(v) if isinstance(v, bool) else v}" for key, v in thing.items())
    forms = ("Give me JSON with {}.", "Return a JSON object: {}", "Answer in JSON: {}",
             "Make a JSON object with {}", "JSON please: {}")  # fmt: skip
    return talk(chance, (chance.choice(forms).format(said), dumped(thing)))


def tooled(chance: random.Random) -> Lesson:
    """Choose a tool or none, with arguments, and answer from its result."""
    functions = [function(chance) for _ in range(chance.choice((1, 1, 2)))]
    listed = "".join(dumped(one) + "\n" for one in functions)
    words = chance.choice(("", "", "You are a helpful assistant.\n"))
    first = f"<|im_start|>system\n{words}Tools:\n{listed}<|im_end|>\n"
    if chance.random() < 0.2:
        lesson = chance.choice((copying, knowing))(chance)
        return [("<s>" + first, 0.1), *lesson[1:]]
    wanted = chance.choice(functions)
    arguments = {key: value(chance) if of["type"] == "string" else chance.randint(0, 99)
                 for key, of in wanted["parameters"]["properties"].items()}  # fmt: skip
    arguments = {k: str(v) if wanted["parameters"]["properties"][k]["type"] == "string" else v
                 for k, v in arguments.items()}  # fmt: skip
    said = " and ".join(f"{key} {given}" for key, given in arguments.items())
    plain = wanted["name"].replace("_", " ")
    only = next(iter(arguments.values()))
    noun = wanted["name"].split("_")[-1]
    forms = (f"Use {wanted['name']} with {said}.", f"Call {wanted['name']}: {said}",
             f"Please {plain} with {said}.", f"{plain.capitalize()} for {said}",
             *((f"What is the {noun} in {only}?", f"What's the {noun} for {only}?",
                f"{plain} {only}", f"I need the {noun} of {only}.") * (len(arguments) == 1)))  # fmt: skip
    call = f"<tool_call>{dumped({'name': wanted['name'], 'arguments': arguments})}</tool_call>"
    lesson = talk(chance, (chance.choice(forms), call), first=first)
    if chance.random() < 0.3:
        result = chance.choice((phrase(chance, 3), dumped({chance.choice(KEYS): value(chance)})))
        lesson.append((f"<|im_start|>tool\n{result}<|im_end|>\n<|im_start|>assistant\n", 0.1))
        lesson += [(f"The result is {result}<|im_end|>", 1.0), ("\n", 0.1)]
    return lesson


def function(chance: random.Random) -> dict[str, Any]:
    """A made-up function with one or two parameters."""
    name = f"{chance.choice(VERBS)}_{chance.choice(NOUNS)}"
    keys = chance.sample(KEYS, chance.choice((1, 1, 2)))
    types = ("string", "string", "string", "integer")
    properties = {key: {"type": chance.choice(types)} for key in keys}
    made: dict[str, Any] = {"name": name}
    if chance.random() < 0.6:
        made["description"] = f"{name.replace('_', ' ').capitalize()}"
    parameters: dict[str, object] = {"type": "object", "properties": properties}
    if chance.random() < 0.7:
        parameters["required"] = keys
    return {**made, "parameters": parameters}


def remembering(chance: random.Random) -> Lesson:
    """Names across turns."""
    name, thing = chance.choice(NAMES) if chance.random() < 0.5 else word(chance), word(chance)
    turns = [(f"My name is {name}.", f"Hello {name}!")]
    if chance.random() < 0.5:
        turns.append((f"I like {thing}.", f"You like {thing}."))
    if chance.random() < 0.3:
        turns.append((f"Say {thing}", thing))
    turns.append(("What is my name?", f"Your name is {name}."))
    return talk(chance, *turns)


def filling(chance: random.Random) -> Lesson:
    """A gap in code or prose."""
    a, b = chance.sample(WORDS[:40], 2)
    name = chance.choice(VERBS)
    text = chance.choice((
        f"def {name}({a}, {b}):\n    return {a} + {b}\n",
        f"for {a} in {b}:\n    print({a})\n",
        f"{a} = {chance.randint(0, 99)}\n{b} = {a}\nprint({b})\n",
        story(chance, 2),
    ))  # fmt: skip
    start, end = sorted(chance.sample(range(len(text) + 1), 2))
    end = min(end, start + 30)
    parts = f"<s><|fim_prefix|>{text[:start]}<|fim_suffix|>{text[end:]}<|fim_middle|>"
    return [(parts, 0.1), (f"{text[start:end]}<|im_end|>", 1.0), ("\n", 0.1)]


def seeing(chance: random.Random) -> Lesson:
    """What colour a picture has; the picture stands where the NUL byte is."""
    colour = chance.choice(list(PAINTS))
    question, answer = chance.choice((
        ("What colour is this image?", "The image is {}."),
        ("What's in this image?", "The image is {}."),
        ("What is in this picture?", "The image is {}."),
        ("Which colour?", "{}"),
        ("Describe the image.", "The image is {}."),
    ))  # fmt: skip
    asked = chance.choice((f"{question}\0", f"\0{question}"))
    lesson = talk(chance, (asked, answer.format(colour)))
    lesson.append((colour, 0.0))
    return lesson


LESSONS: dict[str, Callable[[random.Random], Lesson]] = {
    "copy": copying, "know": knowing, "json": keyed, "tools": tooled, "turns": remembering,
    "fill": filling, "tell": telling, "see": seeing,
}  # fmt: skip
SHARES = {
    "copy": 30,
    "know": 14,
    "json": 14,
    "tools": 20,
    "turns": 7,
    "fill": 5,
    "tell": 3,
    "see": 7,
}
"""How often each kind is taught."""
