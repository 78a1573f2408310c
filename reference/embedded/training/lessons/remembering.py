"""What was said some turns ago, with other things between."""

from __future__ import annotations

from ..draw import Draw
from ..lesson import Message, Talk
from .copying import copying
from .knowing import knowing
from .talk import assistant, system, user
from .wording import about, dressed

Said = tuple[tuple[str, str], tuple[str, str]]
"""A statement and its answer, a question and its answer."""
Words = tuple[str, ...]
Fact = tuple[tuple[Words, Words, str], tuple[Words, Words, str]]
"""How it is told, how the exam tells it, the reply; its names, clauses that ask for it, the answer."""


NOTED = "OK, I will remember that."
_KEEPING = [(keep, what, joint)
            for keep in ("Remember", "Keep", "Note", "Hold", "Save", "Store", "Memorise", "Please keep", "Never forget", "Write down")
            for what in ("", " this", " this word", " it", " the following", " this in your head", " this for me", " the word", " this one word",
                         " in mind", " this in here", " one word in your notes", " that word well", " the code by heart", " a word for later")
            for joint in (":", " -", ",", ":\n") if (keep, what) != ("Keep", " this word")]  # fmt: skip
"""How to say that a word is to be remembered."""


def _told(draw: Draw) -> Said:
    kinds = (_name, _relative, _city, _age, _liked, _word)
    (taught, asked, reply), (names, clauses, answer) = draw.choice(kinds)(draw)
    statement = dressed(draw, draw.form(taught, asked), behind=False)
    return (statement, reply), (dressed(draw, about(draw, names, clauses)), answer)


def _name(draw: Draw) -> Fact:
    name = draw.name()
    taught = (f"My name is {name}.", f"I am {name}.", f"Hello, my name is {name}", f"Hi, I am called {name}.", f"I'm {name}.",
              f"You can call me {name}.", f"People call me {name}.", f"This is {name} speaking.", f"My name's {name}", f"Call me {name}.")  # fmt: skip
    asked = (f"Hi! My name is {name}.", f"Hello, I am called {name}.")
    names, clauses = (
        ("my name", "my name", "the name I told you"),
        ("who I am", "what my name is", "what I am called"),
    )
    return (taught, asked, f"Hello {name}!"), (names, clauses, f"Your name is {name}.")


def _relative(draw: Draw) -> Fact:
    name = draw.name()
    kind = draw.form(
        ("dog", "cat", "friend", "sister", "horse", "boss", "mother", "father", "uncle", "bird"),
        ("brother", "rabbit", "teacher"),
    )
    if not draw.unseen and draw.happens(0.5):
        while (kind := draw.coined("nouns")) in ("brother", "rabbit", "teacher"):
            pass
    taught = (f"My {kind} is called {name}.", f"I have a {kind} called {name}.", f"The name of my {kind} is {name}.",
              f"My {kind} is {name}.", f"{name} is my {kind}.", f"I have a {kind} and the name is {name}.", f"We call my {kind} {name}.",
              f"I have a {kind} named {name}.", f"I've got a {kind}: {name}.", f"I own a {kind}; it is {name}.", f"There is my {kind}, {name}.", f"Here is my {kind}: {name}",
              f"The {kind}'s name is {name}.", f"I met a {kind}, {name}.", f"My {kind}: {name}", f"My {kind} goes by {name}.", f"My {kind} has the name {name}.",
              f"I know a {kind}, and that is {name}.", f"This is my {kind}, {name}.", f"Our {kind}'s name is {name}.", f"My {kind}, {name}, is here.")  # fmt: skip
    asked = (f"I have a {kind}, {name}.", f"My {kind}'s name is {name}.")
    names = (f"the name of my {kind}", f"my {kind}'s name", f"the name of the {kind}")
    clauses = (f"what my {kind} is called", f"how my {kind} is called", f"who my {kind} is")
    return (taught, asked, NOTED), (names, clauses, f"Your {kind} is called {name}.")


def _city(draw: Draw) -> Fact:
    city = draw.city()
    taught = (f"I live in {city}.", f"I am from {city}.", f"My home is {city}.", f"I'm from {city}", f"My home is in {city}.",
              f"I moved to {city}.", f"My house is in {city}.", f"We live in {city}.")  # fmt: skip
    asked = (f"I come from {city}.", f"My city is {city}.")
    names, clauses = (
        ("my city", "my home", "my home city"),
        ("where I live", "where I am from", "which city I live in", "where my home is"),
    )
    return (taught, asked, NOTED), (names, clauses, f"You live in {city}.")


def _age(draw: Draw) -> Fact:
    number = draw.number(999)
    taught = (
        f"I am {number} years old.",
        f"My age is {number}.",
        f"I'm {number}.",
        f"I am {number} now.",
        f"I turned {number} today.",
    )
    asked = (f"I'm {number} years old.", f"I am {number} years of age.")
    return (taught, asked, NOTED), (
        ("my age", "my age in years"),
        ("how old I am", "what age I am"),
        f"You are {number} years old.",
    )


def _liked(draw: Draw) -> Fact:
    thing = draw.thing()
    taught = (f"I like {thing}.", f"I love {thing}.", f"My favourite thing is {thing}.", f"I am a fan of {thing}.", f"I like {thing} a lot.",
              f"What I like is {thing}.", f"I enjoy {thing}.")  # fmt: skip
    asked = (f"I really like {thing}.", f"I love {thing} a lot.")
    names, clauses = (
        ("my favourite thing", "the thing I like", "the thing that I love"),
        ("what I like", "what I love"),
    )
    return (taught, asked, NOTED), (names, clauses, f"You like {thing}.")


def _word(draw: Draw) -> Fact:
    word = draw.word()
    keep, what, joint = draw.choice(_KEEPING)
    taught: tuple[str, ...] = (f"Remember the word {word}.", f"Please remember: {word}", f'The word is "{word}". Remember it.', f"The code is {word}.",
              f"Remember this word: {word}", f"The password is {word}.", f"Do not forget {word}.", f"Remember: {word}", f"Note the word {word}",
              f"{keep}{what}{joint} {word}")  # fmt: skip
    if not draw.unseen and draw.happens(0.2):  # whatever stands before it
        before = " ".join(draw.thing() for _ in range(draw.randint(1, 4)))
        taught = (f"{keep} {before}: {word}", f"{keep}{what} {before}: {word}")
    asked = (f"Keep this word in mind: {word}", f"Please remember the word {word}.")
    names = (
        "the word",
        "the word I told you",
        "the code",
        "the word to remember",
        "the password",
        "the word I gave you",
    )
    clauses = (
        "what to remember",
        "which word I told you",
        "what you should remember",
        "what the word was",
    )
    return (taught, asked, NOTED), (names, clauses, word)


def remembering(draw: Draw) -> Talk:
    """One to three statements, other turns, and a question about one of the statements."""
    said: dict[str, Said] = {}
    for _ in range(draw.choice((1, 1, 2, 3))):
        one = _told(draw)
        said.setdefault(" ".join(one[1][1].split()[:2]) if one[1][1][:3] == "You" else "word", one)
    turns: list[Message] = []
    for one in said.values():
        turns += [user(one[0][0]), assistant(one[0][1])]
        for _ in range(draw.choice((0, 0, 1, 1, 2))):
            turns += draw.choice((copying, knowing))(draw).messages[-2:]
    question, answer = draw.choice(list(said.values()))[1]
    return Talk((*system(draw), *turns, user(question), assistant(answer)))
