"""Tools: which one, with which arguments, or none; and answers from their results."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ..draw import Draw, tool_words
from ..lesson import Message, Talk, dumped
from .copying import copying
from .json_objects import spoken, value
from .knowing import knowing
from .parameters import Parameter, again, renewed
from .talk import assistant, system, user
from .toolbox import ASKING, Tool, tool, toolbox

NO_TOOL = "I have no tool for that."
_PREPOSITIONS = frozenset("in for at on to of about by from called with".split())  # noqa: SIM905 - reads best
_BOTH = (". Do it for both", ". Call it for both", ". I need both", ", both of them", ". Use the tool twice", ". Use it for each of them", ". Use the function for both",
         ". Please use the tools for each one", ". Call the tool for each", ". Use the tool for all of them", ". Use one call for each", ". Two calls, please", ". Use the tool for both {k}", ". Use a tool for both {k}", ", I need both {k}", ". I want it for both {k}",
         ". Do it for each of the {k}", ". Call it once for each of the {k}")  # fmt: skip
_OPAQUE = 0.5
"""The share of names that tell nothing, where a list has to be read to choose."""
_SIGNS = (".", "?", "")
"""With which a request may end."""
_DONE = ("done", "ok", "success", '{"ok": true}', '{"status": "ok"}', "Done.", "OK")


def calling(draw: Draw) -> Talk:
    """A request that one of the tools can do; sometimes its result and the answer."""
    tools = toolbox(draw)
    wanted = draw.choice(tools)
    turns = [*before(draw, tools, [wanted]), *_asked(draw, wanted)]
    if draw.happens(0.35) and not draw.unseen:
        turns += answered(draw, [wanted])
    return talk(draw, tools, turns)


def answering(draw: Draw) -> Talk:
    """The answer from a tool's result; a second question may follow."""
    tools = toolbox(draw, 3)
    wanted = draw.choice(tools)
    turns = [*_asked(draw, wanted), *answered(draw, [wanted])]
    if draw.happens(0.25) and not draw.unseen:
        turns += draw.choice((copying, knowing))(draw).messages[-2:]
    return talk(draw, tools, turns)


def _asked(draw: Draw, wanted: Tool, number: int = 1) -> list[Message]:
    """A request, and the call that it needs; every request of a lesson has values of its own."""
    if not draw.unseen:
        fresh = tuple(again(draw, one) for one in wanted.parameters)
        wanted = replace(wanted, parameters=fresh)
    given = wanted.given(draw)
    return [user(wanted.request(draw, given)), called(wanted.call(number, given))]


def before(draw: Draw, tools: list[Tool], wanted: list[Tool]) -> list[Message]:
    """What was said before about the same tools; nothing in the exam.

    One list of tools then teaches several calls: reading it is what takes long.
    """
    others = [one for one in tools if one not in wanted]
    draw.shuffle(others)
    turns: list[Message] = []
    for number in range(0 if draw.unseen else draw.choice((0, 0, 1, 1, 2, 3))):
        if others and draw.happens(0.6):
            one = others[number % len(others)]
            turns += [*_asked(draw, one), *answered(draw, [one], brief=draw.happens(0.6))]
        elif draw.happens(0.35):
            turns += draw.choice((copying, knowing))(draw).messages[-2:]
        else:
            turns += _refused(draw, tools)
    return turns


def calling_twice(draw: Draw) -> Talk:
    """Two calls in one turn: of one tool for two values, or of two tools."""
    tools = toolbox(draw, 4)
    if draw.happens(0.5):
        wanted = tool(draw, 1)
        while not isinstance(wanted.parameters[0].value, str | int) or wanted.noun in {
            one.noun for one in tools
        }:
            wanted = tool(draw, 1)
        if not _takes_two(wanted):
            return calling(draw)
        pair = [wanted, wanted]
        second = again(draw, wanted.parameters[0])
        tools[draw.randrange(len(tools))] = wanted
        said, calls = _for_two_values(draw, wanted, second)
        earlier = before(draw, tools, [wanted])
        said += draw.choice(_SIGNS)
    elif len(tools) < 2:
        return calling(draw)
    else:
        pair = draw.sample(tools, 2)
        said, calls = _of_two_tools(draw, *pair)
        earlier = before(draw, tools, pair)
    return talk(draw, tools, [*earlier, user(said), calls, *_results(draw, pair)])


def serving(draw: Draw) -> Talk:
    """Several requests for one list of tools: for one call, for two, or for nothing in it.

    Reading the list is what takes long, so it serves for many. A tool is called again only when all
    the others were, but one.
    """
    tools = toolbox(draw)
    waiting: list[Tool] = []
    turns: list[Message] = []
    for _ in range(draw.randint(2, 5)):
        kind = draw.choices(("one", "two", "none", "talk"), (40, 25, 28, 7))[0]
        if kind == "talk":
            turns += draw.choice((copying, knowing))(draw).messages[-2:]
        elif kind == "none":
            turns += _refused(draw, tools)
        else:
            if len(waiting) < 2:
                waiting = draw.sample(tools, len(tools))
            wanted = [waiting.pop()]
            if kind == "two" and _takes_two(wanted[0]) and (not waiting or draw.happens(0.6)):
                wanted *= 2
            elif kind == "two" and waiting:
                wanted.append(waiting.pop())
            turns += _served(draw, wanted)
            turns += answered(draw, wanted, brief=draw.happens(0.8))
    return talk(draw, tools, turns)


def _served(draw: Draw, wanted: list[Tool]) -> list[Message]:
    """A request for one tool, for two, or for two values of the one that is there twice."""
    fresh = [
        replace(one, parameters=tuple(renewed(draw, each) for each in one.parameters))
        for one in wanted
    ]
    if len(wanted) < 2:
        given = fresh[0].given(draw)
        return [user(fresh[0].request(draw, given)), called(fresh[0].call(1, given))]
    if wanted[0] is not wanted[1]:
        said, calls = _of_two_tools(draw, *fresh)
    else:
        second = again(draw, fresh[0].parameters[0])
        said, calls = _for_two_values(draw, fresh[0], second)
        said += draw.choice(_SIGNS)
    return [user(said), calls]


def _takes_two(one: Tool) -> bool:
    """Whether a request can give two values of its only parameter, which is no flag."""
    value = one.parameters[0].value if len(one.parameters) == 1 else None
    return isinstance(value, str | int) and not isinstance(value, bool)


def _for_two_values(draw: Draw, wanted: Tool, second: Parameter) -> tuple[str, Message]:
    """A request to call one tool for the value it has and for another, but its last sign."""
    first = wanted.parameters[0]
    said = wanted.request(draw, (first,)).rstrip(".?")
    joint = _joint(draw, said.partition(first.said)[0])
    said = said.replace(first.said, f"{first.said}{joint.format(second.said)}", 1)
    if not draw.unseen and draw.happens(0.25):
        tail = draw.choice(_BOTH).format(k=_several(first.name))
        said += f"?{tail[1:]}" if tail[0] == "." and draw.happens(0.5) else tail
    return said, called(wanted.call(1, (first,)), wanted.call(2, (second,)))


def _several(key: str) -> str:
    """What many values of a key are called."""
    plain = key.replace("_", " ")
    return f"{plain[:-1]}ies" if plain.endswith("y") else f"{plain}s"


def _joint(draw: Draw, before_it: str) -> str:
    """What joins two values of one parameter; the text before the first may end in "in" or "for"."""
    last = before_it.split()[-1:]
    if not draw.unseen and _PREPOSITIONS.intersection(last) and draw.happens(0.5):
        return f"{draw.choice((' and', ' and also', ' and then', ', and'))} {last[0]} {{}}"
    taught = (" and {}", " and {}", " and for {}", " and also {}", " as well as {}", " and after that {}", ", then {}", " plus {}", " and next {}")  # fmt: skip
    return draw.form(taught, (" and then {}",))


def _of_two_tools(draw: Draw, one: Tool, two: Tool) -> tuple[str, Message]:
    """A request for what two tools do, and the calls."""
    sides = one.given(draw), two.given(draw)
    said = one.request(draw, sides[0]).rstrip(".?"), two.request(draw, sides[1])
    joint = draw.form(
        (
            " and {}",
            ", and then {}",
            ". Then {}",
            "; also {}",
            ". And {}",
            ". After that, {}",
            ", and also {}",
            ". Next, {}",
            "\n{}",
            "; then {}",
        ),
        (" and then {}", ". Also {}"),
    )
    text = said[0] + joint.format(said[1][0].lower() + said[1][1:])
    return text, called(one.call(1, sides[0]), two.call(2, sides[1]))


def declining(draw: Draw) -> Talk:
    """Tools on offer, and nothing for them to do."""
    tools = toolbox(draw)
    turns = before(draw, tools, [])
    if draw.happens(0.65 if draw.unseen else 0.35):
        turns += draw.choice((copying, knowing))(draw).messages[-2:]
    else:
        turns += _refused(draw, tools)
    return talk(draw, tools, turns)


def _refused(
    draw: Draw, tools: list[Tool], parameters: int | None = None, opaque: float = 0.0
) -> list[Message]:
    """A request that none of the tools can do."""
    while (other := tool(draw, parameters, opaque)).noun in {one.noun for one in tools}:
        pass
    if not draw.unseen and draw.happens(0.4):  # one that does the like to something else
        verb = draw.choice(tools).verb
        other = replace(other, name=f"{verb}_{other.noun}", verb=verb)
    if not draw.unseen and draw.happens(0.4):  # or that takes the like
        near = draw.choice(tools)
        other = replace(other, parameters=near.parameters, required=near.required)
    asked, _call = _asked(draw, other)
    return [asked, assistant(NO_TOOL)]


def choosing(draw: Draw) -> Talk:
    """Several requests for one list of tools without parameters, half of them for nothing in it."""
    return _choosing(draw, 0)


def choosing_any(draw: Draw) -> Talk:
    """The same with parameters, mostly few."""
    return _choosing(draw, draw.choice((0, 0, 1, None)))


def _choosing(draw: Draw, parameters: int | None) -> Talk:
    tools = toolbox(draw, draw.choice((2, 8)), parameters, _OPAQUE)
    turns: list[Message] = []
    for _ in range(draw.randint(3, 6)):
        if draw.happens(0.5):
            wanted = draw.choice(tools)
            turns += [*_asked(draw, wanted), *answered(draw, [wanted], brief=True)]
        else:
            turns += _refused(draw, tools, parameters, _OPAQUE)
    return talk(draw, tools, turns)


def talk(draw: Draw, tools: list[Tool], turns: list[Any]) -> Talk:
    """A conversation with tools on offer."""
    return Talk((*system(draw, 0.3), *turns), tuple(one.offer() for one in tools))


def called(*calls: dict[str, Any]) -> dict[str, Any]:
    """An assistant message with calls."""
    return {"role": "assistant", "content": None, "tool_calls": list(calls)}


def answered(draw: Draw, tools: list[Tool], *, brief: bool = False) -> list[dict[str, Any]]:
    """Results of calls, and what the assistant says about them."""
    results, said = [], []
    for number, one in enumerate(tools, 1):
        content, sentence = (draw.choice(_DONE), "Done.") if brief else result(draw, one)
        results.append({"role": "tool", "tool_call_id": f"call_{number}", "content": content})
        said.append(sentence)
    if len(said) > 1 and set(said) == {"Done."}:
        said = said[:1]
    return [*results, assistant(" ".join(said))]


def result(draw: Draw, one: Tool) -> tuple[str, str]:
    """What a tool gives back, and the sentence that tells it."""
    if one.verb not in ASKING and draw.happens(0.5):
        return draw.choice(_DONE), "Done."
    if draw.happens(0.08):
        why = draw.phrase(4).rstrip(".?!")
        return dumped({"error": why}), f"That failed: {why}."
    if draw.happens(0.5):
        content = draw.phrase(4).rstrip(".?!") if draw.happens(0.7) else str(value(draw))
        if content.startswith(("{", "[")) or content in _DONE:
            content = draw.known()
        return content, f"The {one.noun} is {content}."
    keys = list(
        dict.fromkeys(draw.choice(tool_words("keys")) for _ in range(draw.choice((1, 1, 2, 3))))
    )
    found = {key: value(draw) for key in keys}
    parts = [f"the {key} is {spoken(one)}" for key, one in found.items()]
    joined = " and ".join((*((", ".join(parts[:-1]),) * (len(parts) > 1)), parts[-1]))
    return json.dumps(found, ensure_ascii=False), f"{joined[0].upper()}{joined[1:]}."


def _results(draw: Draw, tools: list[Tool]) -> list[dict[str, Any]]:
    return answered(draw, tools) if draw.happens(0.4) and not draw.unseen else []
