"""Go templates in the forms that model libraries use, and conversations to render with them.

The frames, the conditions and the trims are those of the families; sentences are our own.
"""

from __future__ import annotations

from typing import Any

LLAMA_TURNS = """{{ if .System }}<|start_header_id|>system<|end_header_id|>

{{ .System }}<|eot_id|>{{ end }}{{ if .Prompt }}<|start_header_id|>user<|end_header_id|>

{{ .Prompt }}<|eot_id|>{{ end }}<|start_header_id|>assistant<|end_header_id|>

{{ .Response }}<|eot_id|>"""

LLAMA_TRIMMED = """{{- if .System }}<|start_header_id|>system<|end_header_id|>

{{ .System }}<|eot_id|>
{{- end }}
{{- if .Prompt }}<|start_header_id|>user<|end_header_id|>

{{ .Prompt }}<|eot_id|>
{{- end }}<|start_header_id|>assistant<|end_header_id|>

{{ .Response -}}
  <|eot_id|>
"""

LLAMA_TOOLS = """<|start_header_id|>system<|end_header_id|>

Knowledge ends: some day in {{ "2023" }}

{{ if .System }}{{ .System }}
{{- end }}
{{- if .Tools }}What a tool has said is there to be used.
{{- end }}<|eot_id|>
{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 }}
{{- if eq .Role "user" }}<|start_header_id|>user<|end_header_id|>
{{- if and $.Tools $last }}

There are these functions:

{{ range $.Tools }}
{{- . }}
{{ end }}
{{ .Content }}<|eot_id|>
{{- else }}

{{ .Content }}<|eot_id|>
{{- end }}{{ if $last }}<|start_header_id|>assistant<|end_header_id|>

{{ end }}
{{- else if eq .Role "assistant" }}<|start_header_id|>assistant<|end_header_id|>
{{- if .ToolCalls }}
{{ range .ToolCalls }}
{"name": "{{ .Function.Name }}", "parameters": {{ .Function.Arguments }}}{{ end }}
{{- else }}

{{ .Content }}
{{- end }}{{ if not $last }}<|eot_id|>{{ end }}
{{- else if eq .Role "tool" }}<|start_header_id|>ipython<|end_header_id|>

{{ .Content }}<|eot_id|>{{ if $last }}<|start_header_id|>assistant<|end_header_id|>

{{ end }}
{{- end }}
{{- end }}"""

CHATML_TURNS = """{{ if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}{{ if .Prompt }}<|im_start|>user
{{ .Prompt }}<|im_end|>
{{ end }}<|im_start|>assistant
{{ .Response }}<|im_end|>
"""

CHATML_SHORT = """{{ if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}{{ if .Prompt }}<|im_start|>user
{{ .Prompt }}<|im_end|>
{{ end }}<|im_start|>assistant
"""

CHATML_MESSAGES = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""

CHATML_BOTH = """{{- if .Messages }}
{{- if or .System .Tools }}<|im_start|>system
{{- if .System }}
{{ .System }}
{{- end }}
{{- if .Tools }}

You can call functions:
<tools>
{{- range .Tools }}
{"type": "function", "function": {{ .Function }}}
{{- end }}
</tools>
{{- end }}<|im_end|>
{{ end }}
{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 -}}
{{- if eq .Role "user" }}<|im_start|>user
{{ .Content }}<|im_end|>
{{ else if eq .Role "assistant" }}<|im_start|>assistant
{{ if .Content }}{{ .Content }}
{{- else if .ToolCalls }}<tool_call>
{{ range .ToolCalls }}{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}
{{ end }}</tool_call>
{{- end }}{{ if not $last }}<|im_end|>
{{ end }}
{{- else if eq .Role "tool" }}<|im_start|>user
<tool_response>
{{ .Content }}
</tool_response><|im_end|>
{{ end }}
{{- if and (ne .Role "assistant") $last }}<|im_start|>assistant
{{ end }}
{{- end }}
{{- else }}
{{- if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}{{ if .Prompt }}<|im_start|>user
{{ .Prompt }}<|im_end|>
{{ end }}<|im_start|>assistant
{{ end }}{{ .Response }}{{ if .Response }}<|im_end|>{{ end }}"""

CHATML_THINKING = """
{{- $lastUser := -1 -}}
{{- range $i, $m := .Messages -}}
{{- if eq $m.Role "user" }}{{ $lastUser = $i }}{{ end -}}
{{- end }}
{{- with .System }}<|im_start|>system
{{ . }}<|im_end|>
{{ end }}
{{- /* old thoughts are left out */ -}}
{{- range $i, $m := .Messages }}
{{- if eq .Role "system" }}{{ continue }}{{ end }}
{{- $last := eq (len (slice $.Messages $i)) 1 }}
{{- if eq .Role "user" }}<|im_start|>user
{{ .Content }}
{{- if and $.IsThinkSet (eq $i $lastUser) }}
{{- if $.Think }} /think{{ else }} /no_think{{ end }}{{ end }}<|im_end|>
{{ else if eq .Role "assistant" }}<|im_start|>assistant
{{ if (and $.IsThinkSet (and .Thinking (or $last (gt $i $lastUser)))) -}}
<think>{{ .Thinking }}</think>
{{ end -}}
{{ .Content }}{{ if not $last }}<|im_end|>
{{ end }}
{{- end }}
{{- if and (ne .Role "assistant") $last }}<|im_start|>assistant
{{ if and $.IsThinkSet (not $.Think) }}<think>

</think>

{{ end -}}
{{ end }}
{{- else }}nobody has said a thing{{ end }}"""

TEMPLATES = {
    "llama-turns": LLAMA_TURNS,
    "llama-trimmed": LLAMA_TRIMMED,
    "llama-tools": LLAMA_TOOLS,
    "chatml-turns": CHATML_TURNS,
    "chatml-short": CHATML_SHORT,
    "chatml-messages": CHATML_MESSAGES,
    "chatml-both": CHATML_BOTH,
    "chatml-thinking": CHATML_THINKING,
}

_SYSTEM = {"role": "system", "content": "Be {{ brief }} & <kind>."}
_HI = {"role": "user", "content": 'Hi, what\'s "up"?'}
_FINE = {"role": "assistant", "content": "  Fine.\n"}
_BYE = {"role": "user", "content": "Grüße 🙂 {% raw %}"}


def _call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


_CALLING = {
    "role": "assistant",
    "content": "",
    "tool_calls": [_call("add", {"a": 1, "b": [2, None]}), _call("say", {"text": "ö"})],
}
_ADDED = {"role": "tool", "content": "3", "tool_call_id": "call_1"}
_SAID = {"role": "tool", "content": "said", "tool_call_id": "call_1"}
TOOL = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Adds.",
        "parameters": {"properties": {"a": {"type": "number"}}, "type": "object"},
    },
}

CONVERSATIONS: dict[str, dict[str, Any]] = {
    "one question": {"messages": [_HI]},
    "with a system message": {"messages": [_SYSTEM, _HI]},
    "several turns": {"messages": [_SYSTEM, _HI, _FINE, _BYE]},
    "without a system message": {"messages": [_HI, _FINE, _BYE]},
    "a late system message": {"messages": [_HI, _FINE, _SYSTEM, _BYE]},
    "two of each": {"messages": [_SYSTEM, _SYSTEM, _HI, _BYE, _FINE, _FINE, _HI]},
    "an answer to go on with": {"messages": [_HI, _FINE]},
    "an answer first": {"messages": [_FINE, _HI]},
    "the system alone": {"messages": [_SYSTEM]},
    "nothing": {"messages": []},
    "an empty question": {"messages": [{"role": "user", "content": ""}]},
    "tools": {"messages": [_SYSTEM, _HI], "tools": [TOOL, TOOL]},
    "tools without a system message": {"messages": [_HI, _FINE, _BYE], "tools": [TOOL]},
    "calls and their results": {
        "messages": [_HI, _CALLING, _ADDED, _SAID, {**_FINE, "reasoning_content": "Hm."}, _BYE],
        "tools": [TOOL],
    },
    "a result last": {"messages": [_HI, _CALLING, _ADDED], "tools": [TOOL]},
    "a call last": {"messages": [_HI, _CALLING], "tools": [TOOL]},
    "thoughts wanted": {
        "messages": [_HI, _FINE | {"reasoning_content": "Hm."}, _BYE],
        "think": True,
    },
    "a thought last": {"messages": [_HI, _FINE | {"reasoning_content": "Hm."}], "think": True},
    "no thoughts wanted": {"messages": [_HI], "think": False},
}
