"""Made-up tools, and what a user says to have one called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..draw import Draw, tool_words
from ..lesson import dumped
from .parameters import Parameter, parameter
from .wording import composed, dressed

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
        "browse",
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
    "{V} {d} {n}", "{V} {d} {n}", "{V} {d} {n}", "Please {v} {d} {n}", "Please {v} {d} {n}", "{v} {d} {n}", "I want to {v} {d} {n}", "Can you {v} {d} {n}",
    "Could you please {v} {d} {n}", "{V} {n}", "I need you to {v} {d} {n}", "I need to {v} {d} {n}", "Let us {v} {d} {n}", "Now {v} {d} {n}",
    "I'd like to {v} {d} {n}", "You have to {v} {d} {n}", "Help me {v} {d} {n}", "Time to {v} {d} {n}", "Would you please {v} {d} {n}",
    "We have to {v} {d} {n}", "Can I {v} {d} {n}", "I want you to {v} {d} {n}", "Would you {v} {d} {n}", "Could you {v} {d} {n}", "Please, {v} {d} {n}",
    "Go and {v} {d} {n}", "{V} {d} {n} for me", "It is time to {v} {d} {n}", "Will you {v} {d} {n}", "I would like you to {v} {d} {n}",
)  # fmt: skip
"""How something is asked to be done; V and v are the verb, d stands before the noun n."""
_ASKED_TO_DO = ("{V} my {n}", "Please {v} one {n}", "Would you {v} the {n}", "{V} this {n}")
_TO_KNOW = (
    "What is {d} {n}", "What's {d} {n}", "I need {d} {n}", "Tell me {d} {n}", "How is {d} {n}", "Show me {d} {n}", "Give me {d} {n}",
    "What is {d} {n} like", "I would like to know {d} {n}", "What is the current {n}", "Do you know {d} {n}", "Can you show me {d} {n}",
    "Could you tell me {d} {n}", "I want to see {d} {n}", "Please show me {d} {n}", "What about {d} {n}", "I am looking for {d} {n}",
    "Let me know {d} {n}", "Can I have {d} {n}", "Which {n} is there", "I have to know {d} {n}", "Please give me {d} {n}", "Can you give me {d} {n}",
    "I'd like to see {d} {n}", "Would you tell me {d} {n}", "I want to know {d} {n}", "Is there any {n}", "Could I see {d} {n}", "Tell us {d} {n}",
)  # fmt: skip
"""How the result of something is asked for."""
_ASKED_TO_KNOW = (
    "Can you tell me the {n}",
    "I'd like to know the {n}",
    "I want the {n}",
    "Please tell me the {n}",
)
_BEFORE = ("the", "the", "the", "the", "a", "a", "my", "my", "this", "that", "our", "one", "some", "your", "her", "his", "any", "another", "the new",
           "the next", "this one", "their", "the whole")  # fmt: skip
_WHEN = (" today", " today", " tomorrow", " this week")
"""What is no part of a value where no tool asks for a time."""
_TAILS = (" now", " right now", " for me", ", please", " please", " at the moment", " if you can",
          ". Use the tool", ". Use the tool you have", ". You have a tool for it", ". Call a tool")  # fmt: skip
"""What is no part of a value."""
_TIMES = frozenset(("date", "day", "start", "end", "time", "period"))
_QUESTIONS = frozenset(
    ("What", "What's", "How", "Can", "Could", "Do", "Would", "Which", "Will", "Is")
)


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
        arguments = dumped({one.name: one.value for one in given})
        function = {"name": self.name, "arguments": arguments}
        return {"id": f"call_{number}", "type": "function", "function": function}

    def given(self, draw: Draw) -> tuple[Parameter, ...]:
        """The required parameters and some of the others, in the order of the request and the call."""
        wanted = [one for one in self.parameters if one.name in self.required or draw.happens(0.5)]
        if draw.happens(0.3):
            draw.shuffle(wanted)
        return tuple(wanted)

    def request(self, draw: Draw, given: tuple[Parameter, ...]) -> str:
        """What a user says to have it called."""
        verb, noun = self.verb.replace("_", " "), self.noun
        if draw.happens(0.25):
            return self._by_name(draw, given)
        asking = self.verb in ASKING
        taught: tuple[str, ...] = (*_TO_DO, *(_TO_KNOW if asking else ()))
        asked = (*_ASKED_TO_DO, *(_ASKED_TO_KNOW if asking else ()))

        def wording() -> str:
            return draw.choice(taught).replace("{d}", draw.choice(_BEFORE))

        start = composed(draw, wording, asked).format(V=verb.capitalize(), v=verb, n=noun)
        end = "?" if start.split()[0] in _QUESTIONS else "."
        made = start + "".join(one.phrase(draw) for one in given)
        if not draw.unseen and draw.happens(0.15):
            timed = not _TIMES.isdisjoint(one.name for one in self.parameters)
            tail = draw.choice(_TAILS if timed else (*_WHEN, *_TAILS))
            if tail[0] == ".":  # a sentence of its own
                made, end = made + end, "."
            made += tail.removeprefix(".")
        made += draw.choice((end, end, end, ""))
        return dressed(draw, made, behind=made.endswith(end))

    def _by_name(self, draw: Draw, said: tuple[Parameter, ...]) -> str:
        form, joint = "{} {}", " and "
        if not draw.unseen:
            form = draw.choice(
                (
                    "{} {}",
                    "{} {}",
                    "{} = {}",
                    "{}: {}",
                    "{}={}",
                    "{} as {}",
                    "the {} {}",
                    "{} set to {}",
                )
            )
            joint = draw.choice((" and ", " and ", ", ", "; ", ", and "))
        pairs = joint.join(form.format(one.name, one.said) for one in said)
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
            "{}: {}",
            "Run the tool {} with {}.",
            "I want you to call {} with {}.",
            "The function {} with {}",
            "Now {} with {}",
            "Try {} with {}.",
            "You have the function {}. Call it with {}.",
        )
        asked = (
            "Please call {} with {}.",
            "Use the function {} with {}.",
            "Call the tool {} with {}",
        )
        return draw.form(taught, asked).format(self.name, pairs)


def tool(draw: Draw, parameters: int | None = None, opaque: float = 0.0) -> Tool:
    """A made-up tool with 0 to 5 parameters; some more may have names that tell nothing."""
    verb, noun = draw.tool_word("verbs"), draw.tool_word("nouns")
    style = draw.uniform(0, 1 if draw.unseen else 1.05)  # names that tell nothing are hard
    if opaque and draw.happens(opaque):
        style = 1.0
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


def toolbox(
    draw: Draw, most: int = 8, parameters: int | None = None, opaque: float = 0.0
) -> list[Tool]:
    """One to eight tools that a request can tell apart by verb and noun."""
    found: list[Tool] = []
    for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8)[: 4 + most])):
        made = tool(draw, parameters, opaque)
        near = draw.choice(found) if found and draw.happens(0.15 if draw.unseen else 0.25) else None
        if near and not draw.unseen and draw.happens(0.5):  # with the parameters of another
            made = replace(made, parameters=near.parameters, required=near.required)
        elif near:  # another verb for the same noun
            verb = draw.choice(tool_words("verbs")) if draw.unseen else draw.tool_word("verbs")
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
