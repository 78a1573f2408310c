"""Tools: are they well described, should one be called, and with which arguments?"""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING, Any

from .choice import Call
from .copybook import Copybook, copyable
from .formats import check_name, check_strict
from .rules import wrong
from .schema import write

if TYPE_CHECKING:
    from random import Random

    from .conversation import Conversation
    from .request import Json

_COMMON = frozenset(
    "about and any are can call could for from function get give given has have how into name not one "
    "or please return returns say that the their them then this tool use used user want what when which will "
    "with word words would you your".split()
)


def _check_function(given: Any, param: str) -> None:
    if not isinstance(given, dict):
        raise wrong(param, "it must be an object")
    check_name(given.get("name"), f"{param}.name")
    if not isinstance(given.get("description", ""), str):
        raise wrong(f"{param}.description", "it must be a string")
    parameters = given.get("parameters", {})
    if not isinstance(parameters, dict):
        raise wrong(f"{param}.parameters", "it must be an object")
    if parameters and parameters.get("type", "object") != "object":
        raise wrong(f"{param}.parameters", "it must describe an object")
    check_strict(given, parameters, param)


def check_tools(body: Json) -> None:
    """Refuse malformed ``tools``, ``functions``, and choices of what is not there."""
    names: set[str] = set()
    if "tools" in body:
        if not isinstance(body["tools"], list) or len(body["tools"]) > 128:
            raise wrong("tools", "it must be an array of at most 128 items")
        for i, tool in enumerate(body["tools"]):
            kind = tool.get("type") if isinstance(tool, dict) else None
            if kind not in ("function", "custom"):
                raise wrong(f"tools[{i}].type", "it must be function or custom")
            if kind == "function":
                _check_function(tool.get("function"), f"tools[{i}].function")
            else:
                check_name(_name(tool), f"tools[{i}].custom.name")
            names.add(_name(tool))
    if "functions" in body:
        if not isinstance(body["functions"], list) or not 1 <= len(body["functions"]) <= 128:
            raise wrong("functions", "it must be an array of 1 to 128 items")
        for i, function in enumerate(body["functions"]):
            _check_function(function, f"functions[{i}]")
    known = {function["name"] for function in body.get("functions", ())}
    for field, given, there in (
        ("tool_choice", body.get("tool_choice", ""), names),
        ("function_call", body.get("function_call", ""), known),
    ):
        if given != "" or field in body:
            _check_choice(field, given, there)


def _check_choice(field: str, given: Any, names: set[str]) -> None:
    if given in ("none", "auto") or (given == "required" and field == "tool_choice" and names):
        return
    wanted, where = [], field
    if isinstance(given, dict) and field == "function_call":
        wanted, where = [given.get("name")], "function_call.name"
    elif isinstance(given, dict) and given.get("type") in ("function", "custom"):
        named = given.get(given["type"])
        wanted, where = [named.get("name") if isinstance(named, dict) else None], f"tool_choice.{given['type']}.name"
    elif isinstance(given, dict) and (given.get("type"), type(given.get("allowed_tools"))) == ("allowed_tools", dict):
        allowed = given["allowed_tools"]
        if allowed.get("mode") not in ("auto", "required") or not isinstance(allowed.get("tools"), list):
            raise wrong("tool_choice.allowed_tools", "it must have a mode, auto or required, and an array of tools")
        wanted = [_name(tool) for tool in allowed["tools"]]
    if not wanted or any(not isinstance(name, str) or name not in names for name in wanted):
        raise wrong(where, "it must be none, auto, required, or name tools of this request")


def _name(tool: Any) -> Any:
    inner = tool.get("function" if tool.get("type") == "function" else "custom") if isinstance(tool, dict) else None
    return inner.get("name") if isinstance(inner, dict) else None


def _words(text: str) -> set[str]:
    """The content words of a text; camelCase and snake_case are taken apart, a plural's s is dropped."""
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    words = re.findall(r"[^\W\d_]{3,}", text.lower())
    return {word.removesuffix("s") for word in words if word not in _COMMON}


def _likeness(tool: Json, text: str) -> int:
    """How much a text speaks of a tool: its name counts more than words of its description."""
    if tool["name"].lower() in text.lower():
        return 100
    words = _words(text)
    return 3 * len(words & _words(tool["name"])) + len(words & _words(tool.get("description") or ""))


def _parts(text: str, names: list[str]) -> list[str]:
    """A message taken apart where it asks for several things: “Paris, Rome and Oslo” gives a part for each."""
    pieces = re.split(r"(, and | and |, )", text)
    named = [any(name in piece for name in names) for piece in pieces]
    joined = any(piece.endswith("and ") and named[i - 1] and named[i + 1] for i, piece in enumerate(pieces))
    return [piece for piece, has_name in zip(pieces, named, strict=True) if has_name] if joined else [text]


def _arguments(tool: Json, text: str, names: list[str], rng: Random) -> str:
    if tool.get("custom"):
        return text
    schema = {"type": "object", **(tool.get("parameters") or {"properties": {}, "additionalProperties": False})}
    if not schema.get("properties") and not schema.get("required"):
        return "{}"
    book = Copybook(rng, text, [name for name in names if name in text] or copyable(text))
    return json.dumps(write(schema, book, "tools"), ensure_ascii=False)


def choose_calls(body: Json, said: Conversation, rng: Random) -> list[Call]:
    """The calls that answer a checked request; none of them means text."""
    legacy = not body.get("tools") and bool(body.get("functions"))
    tools: list[Json] = [
        {**tool[tool["type"]], "custom": tool["type"] == "custom"} for tool in body.get("tools") or ()
    ] or list(body.get("functions") or ())
    choice = body.get("function_call" if legacy else "tool_choice", "auto")
    if not tools or choice == "none":
        return []
    forced = choice == "required"
    single = legacy or body.get("parallel_tool_calls") is False
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        names = [_name(tool) for tool in choice["allowed_tools"]["tools"]]
        tools = [tool for tool in tools if tool["name"] in names]
        forced = choice["allowed_tools"]["mode"] == "required"
    elif isinstance(choice, dict):
        named = choice.get("name") if legacy else _name(choice)
        tools, forced, single = [tool for tool in tools if tool["name"] == named], True, True
    if not forced and (said.answered or not _wanted(tools, said.asked)):
        return []
    names = copyable(said.asked)
    parts = [said.asked] if single else _parts(said.asked, names)
    whole = max(tools, key=lambda tool: _likeness(tool, said.asked))
    calls = []
    for part in parts:
        tool = max(tools, key=lambda tool: (_likeness(tool, part), tool is whole))
        call_id = f"call_{secrets.token_hex(12)}"
        arguments = _arguments(tool, part, names, rng)
        calls.append(Call(call_id, tool["name"], arguments, bool(tool.get("custom")), legacy))
    return calls


def _wanted(tools: list[Json], asked: str) -> bool:
    """Whether a message asks for a tool: in so many words, or by speaking of what one does."""
    if re.search(r"\b(use|call|invoke)\b.*\b(tool|function)", asked, re.IGNORECASE):
        return True
    return any(_likeness(tool, asked) for tool in tools)
