"""Made-up tools, and what a user says to have one called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..draw import Draw, tool_words
from ..lesson import dumped
from .parameters import Parameter, parameter
from .wording import dressed

ASKING = frozenset(
    [
        "get",
        "find",
        "check",
        "show",
        "read",
        "search",
        "fetch",
        "look_up",
        "calculate",
        "compare",
        "list",
        "track",
        "count",
        "load",
        "describe",
        "summarise",
        "query",
        "inspect",
        "measure",
    ]
)
"""Verbs of tools whose result is something to tell."""
_PURPOSES = (
    "{v} the {n}", "{v} the {n}.", "{v} a {n}", "{v} {n}", "{v} the {n} of the user.", "Use this to {lv} the {n}.", "{v} the current {n}",
    "Tool to {lv} a {n}", "{v} the {n} for the given parameters", "Lets you {lv} the {n}", "{v} one {n} or several",
)  # fmt: skip


_TO_DO = (
    "{V} the {n}", "{V} the {n}", "{V} a {n}", "Please {v} the {n}", "{v} {n}", "I want to {v} the {n}", "Can you {v} the {n}",
    "Could you please {v} a {n}", "{V} {n}", "I need you to {v} the {n}", "I need to {v} a {n}", "Let us {v} the {n}", "Now {v} the {n}",
    "I'd like to {v} a {n}", "You have to {v} that {n}", "Help me {v} a {n}", "{V} some {n}", "{V} our {n}", "Time to {v} the {n}",
    "Would you please {v} the {n}", "{V} that {n}", "We have to {v} the {n}", "Can I {v} a {n}", "{V} one of the {n}",
)  # fmt: skip
"""How something is asked to be done; V and v are the verb, n is the noun."""
_ASKED_TO_DO = ("{V} my {n}", "Please {v} one {n}", "Would you {v} the {n}", "{V} this {n}")
_TO_KNOW = (
    "What is the {n}", "What's the {n}", "I need the {n}", "Tell me the {n}", "How is the {n}", "Show me the {n}", "Give me the {n}",
    "What is the {n} like", "I would like to know the {n}", "What is the current {n}", "Do you know the {n}", "Can you show me the {n}",
    "Could you tell me the {n}", "I want to see the {n}", "Please show me the {n}", "What about the {n}", "I am looking for the {n}",
    "Let me know the {n}", "Can I have the {n}", "Which {n} is there",
)  # fmt: skip
"""How the result of something is asked for."""
_ASKED_TO_KNOW = (
    "Can you tell me the {n}",
    "I'd like to know the {n}",
    "I want the {n}",
    "Please tell me the {n}",
)
_QUESTIONS = frozenset(("What", "What's", "How", "Can", "Could", "Do", "Would", "Which"))


@dataclass(frozen=True, slots=True)
class Tool:
    """A function, what it does, and its parameters with the values of one possible call."""

    name: str
    verb: str
    noun: str
    purpose: str
    parameters: tuple[Parameter, ...]
    required: frozenset[str]

    def offer(self) -> dict[str, Any]:
        """The tool as a request lists it."""
        function: dict[str, Any] = {"name": self.name}
        if self.purpose:
            function["description"] = self.purpose
        properties = {one.name: one.schema for one in self.parameters}
        function["parameters"] = {"type": "object", "properties": properties}
        if self.required:
            function["parameters"]["required"] = [
                name for name in properties if name in self.required
            ]
        return {"type": "function", "function": function}

    def call(self, number: int, given: tuple[Parameter, ...]) -> dict[str, Any]:
        """A call with some of the parameters."""
        values = {one.name: one.value for one in given}
        order = [one.name for one in self.parameters if one.name in values]
        arguments = {name: values[name] for name in order}
        function = {"name": self.name, "arguments": dumped(arguments)}
        return {"id": f"call_{number}", "type": "function", "function": function}

    def given(self, draw: Draw) -> tuple[Parameter, ...]:
        """The required parameters and some of the others."""
        return tuple(
            one for one in self.parameters if one.name in self.required or draw.happens(0.5)
        )

    def request(self, draw: Draw, given: tuple[Parameter, ...]) -> str:
        """What a user says to have it called."""
        verb, noun = self.verb.replace("_", " "), self.noun
        said = list(given)
        if draw.happens(0.3):
            draw.shuffle(said)
        if draw.happens(0.25):
            return self._by_name(draw, tuple(said))
        asking = self.verb in ASKING
        taught = (*_TO_DO, *(_TO_KNOW if asking else ()))
        asked = (*_ASKED_TO_DO, *(_ASKED_TO_KNOW if asking else ()))
        start = draw.form(taught, asked).format(V=verb.capitalize(), v=verb, n=noun)
        end = "?" if start.split()[0] in _QUESTIONS else "."
        made = start + "".join(one.phrase(draw) for one in said) + draw.choice((end, end, end, ""))
        return dressed(draw, made, behind=made.endswith(end))

    def _by_name(self, draw: Draw, said: tuple[Parameter, ...]) -> str:
        pairs = " and ".join(f"{one.name} {one.said}" for one in said)
        if not said:
            return draw.form(
                ("Use {}.", "Call {}", "Run {}.", "Please call {}."),
                ("Please use {}.", "Call the tool {}."),
            ).format(self.name)
        taught = (
            "Use {} with {}.",
            "Call {}: {}",
            "Call {} with {}",
            "Please use {} with {}",
            "Run {} with {}.",
            "Use the tool {}: {}",
        )
        asked = (
            "Please call {} with {}.",
            "Use the function {} with {}.",
            "Call the tool {} with {}",
        )
        return draw.form(taught, asked).format(self.name, pairs)


def tool(draw: Draw, parameters: int | None = None) -> Tool:
    """A made-up tool with 0 to 5 parameters."""
    verb, noun = draw.tool_word("verbs"), draw.tool_word("nouns")
    style = draw.random()
    if style < 0.72:
        name = f"{verb}_{noun}"
    elif style < 0.82:
        name = "".join(
            (verb.split("_")[0], *map(str.capitalize, verb.split("_")[1:]), noun.capitalize())
        )
    elif style < 0.87:
        name = noun
    elif style < 0.94:
        name = f"{noun}_{verb}"
    else:
        name = draw.pseudo().lower()
    plain = verb.replace("_", " ")
    hidden = noun not in name.lower()
    purpose = (
        draw.choice(_PURPOSES).format(v=plain.capitalize(), lv=plain, n=noun)
        if hidden or draw.happens(0.7)
        else ""
    )
    count = draw.choice((0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4)) if parameters is None else parameters
    made = {one.name: one for one in (parameter(draw) for _ in range(count))}
    optional = draw.choice((0.0, 0.0, 0.3, 0.6))
    required = frozenset(name for name in made if not draw.happens(optional))
    return Tool(name, verb, noun, purpose, tuple(made.values()), required)


def toolbox(draw: Draw, most: int = 8) -> list[Tool]:
    """One to eight tools that a request can tell apart by verb and noun."""
    found: list[Tool] = []
    for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8)[: 4 + most])):
        made = tool(draw)
        if found and draw.happens(0.15):  # a neighbour: another verb for the same noun
            near = draw.choice(found)
            verb = draw.choice(tool_words("verbs"))
            made = Tool(f"{verb}_{near.noun}", verb, near.noun, "", made.parameters, made.required)
        clash = {(one.noun, one.verb) for one in found} | {
            (one.noun, "") for one in found if one.verb in ASKING
        }
        if (made.noun, made.verb) in clash or (
            made.noun,
            "" if made.verb in ASKING else "-",
        ) in clash:
            continue
        if made.name not in {one.name for one in found}:
            found.append(made)
    return found
