"""What the judge says to a model: prompts, tools, schemas. Short, plain and harmless."""

from __future__ import annotations

from typing import Any

TALK = "Tell me a long story about a river, a bridge and an old friend."
PLAIN = "Describe a river in one plain sentence."
PROSE = f"{PLAIN} (The word JSON stands here because some servers ask for it.)"
FACT, FACT_SUFFIX = "The capital of France is", " and it lies on the river Seine."
CITY = "What is the weather like in Paris right now? Use the tool you are given."
TWO_CITIES = "What is the weather in Paris and in Tokyo? Use the tool for both cities."
EMOJI = "Repeat after me, ten times: 🌊🌉日本語é"

WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the current weather in a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "Name of the city"}},
            "required": ["city"],
        },
    },
}
CLOCK: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_time",
        "description": "Get the current time in a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "Name of the city"}},
            "required": ["city"],
        },
    },
}
COLOUR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "colour": {"type": "string", "enum": ["red", "green", "blue"]},
        "bright": {"type": "boolean"},
    },
    "required": ["colour", "bright"],
    "additionalProperties": False,
}
"""Every text of it is short, so that even a model of random weights comes to the end."""
COLOUR_FORMAT: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {"name": "colour", "strict": True, "schema": COLOUR_SCHEMA},
}
