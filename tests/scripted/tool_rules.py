"""The rules of ``tools``, ``functions`` and the choices among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .formats import check_name, check_strict
from .rules import wrong

if TYPE_CHECKING:
    from .request import Json


def tool_name(tool: Any) -> Any:
    """The name in a tool or in a choice of one; None where there is none."""
    if not isinstance(tool, dict):
        return None
    inner = tool.get("function" if tool.get("type") == "function" else "custom")
    return inner.get("name") if isinstance(inner, dict) else None


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
    """Refuse malformed ``tools`` and ``functions``, and choices of what is not there."""
    names = _check_tools(body["tools"]) if "tools" in body else set()
    if "tool_choice" in body and "tools" not in body:
        raise wrong("tool_choice", "it is only allowed when there are 'tools'")
    if "tool_choice" in body:
        _check_choice("tool_choice", body["tool_choice"], names)
    functions = _check_functions(body["functions"]) if "functions" in body else set()
    if "function_call" in body:
        _check_choice("function_call", body["function_call"], functions)


def _check_tools(tools: Any) -> set[str]:
    """The names of well-formed tools."""
    if not isinstance(tools, list) or len(tools) > 128:
        raise wrong("tools", "it must be an array of at most 128 items")
    for i, tool in enumerate(tools):
        kind = tool.get("type") if isinstance(tool, dict) else None
        if kind not in ("function", "custom"):
            raise wrong(f"tools[{i}].type", "it must be function or custom")
        if kind == "function":
            _check_function(tool.get("function"), f"tools[{i}].function")
        else:
            check_name(tool_name(tool), f"tools[{i}].custom.name")
    return {tool_name(tool) for tool in tools}


def _check_functions(functions: Any) -> set[str]:
    """The names of well-formed functions, as older clients send them."""
    if not isinstance(functions, list) or not 1 <= len(functions) <= 128:
        raise wrong("functions", "it must be an array of 1 to 128 items")
    for i, function in enumerate(functions):
        _check_function(function, f"functions[{i}]")
    return {function["name"] for function in functions}


def _check_choice(field: str, given: Any, names: set[str]) -> None:
    if given in ("none", "auto") or (given == "required" and field == "tool_choice" and names):
        return
    wanted, where = [], field
    if isinstance(given, dict) and field == "function_call":
        wanted, where = [given.get("name")], "function_call.name"
    elif isinstance(given, dict) and given.get("type") in ("function", "custom"):
        named = given.get(given["type"])
        wanted, where = (
            [named.get("name") if isinstance(named, dict) else None],
            f"tool_choice.{given['type']}.name",
        )
    elif isinstance(given, dict) and (given.get("type"), type(given.get("allowed_tools"))) == (
        "allowed_tools",
        dict,
    ):
        allowed = given["allowed_tools"]
        if allowed.get("mode") not in ("auto", "required") or not isinstance(
            allowed.get("tools"), list
        ):
            raise wrong(
                "tool_choice.allowed_tools",
                "it must have a mode, auto or required, and an array of tools",
            )
        wanted = [tool_name(tool) for tool in allowed["tools"]]
    if not wanted or any(not isinstance(name, str) or name not in names for name in wanted):
        raise wrong(where, "it must be none, auto, required, or name tools of this request")
