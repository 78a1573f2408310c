"""Say, repeat, quote: the answer is in the question."""

from __future__ import annotations

from ..draw import Draw
from ..lesson import Talk
from .talk import ask
from .wording import composed

_VERBS = ("Say", "Say", "Say", "Repeat", "Repeat", "Echo", "Write", "Print", "Output", "Copy", "Type", "Tell me",
          "Give me", "Quote", "Reply with", "Answer with", "Respond with", "Return", "Send back", "Speak", "Utter", "Display",
          "Show", "Read", "State", "Put down", "Note", "Sing", "Shout", "Write down", "Read out", "Say back", "Pronounce")  # fmt: skip
_WAYS = ("", "", "", "", " only", " just", " exactly", " back")
_OBJECTS = ("", "", "", "", " this", " the following", " this text", " the text", " these words", " the phrase",
            " the sentence", " the word", " the words", " after me", " this back to me", " this sentence",
            " the following text")  # fmt: skip
_NAMED = ("", "", "", "", " the word", " the words", " the phrase", " the text")
"""What may stand before a text without any sign between: it is plainly no part of it."""
_JOINTS = (
    " {}",
    ": {}",
    ": {}",
    ' "{}"',
    ': "{}"',
    " '{}'",
    " `{}`",
    ":\n{}",
    ":\n\n{}",
    " “{}”",
    ": '{}'",
)
_TAILS = (
    " and nothing else",
    " exactly as it is",
    ", please",
    " and nothing more",
    " word for word",
    " once",
)
_BEFORE = (
    "Please ",
    "Now ",
    "Could you ",
    "Can you ",
    "I want you to ",
    "Hey, ",
    "You must ",
    "Simply ",
    "OK, ",
)
_SIGNS = ("<x>", "</x>", "(x)", "[x]", "{x}", "x/", "/x", "#x", "@x", "x%", "$x", "*x*", "x;", "x!", "~x", "x = x", "x/x", "x\\x", "<x/>",
          "&x;")  # fmt: skip
"""Signs around a word x."""
_WHOLE = ('Your answer has to be "{}".', 'The answer must be exactly "{}".', 'Do you know how to say "{}"? Say it.',
          "Here is a text: {}\nRepeat it.", '"{}" - repeat that.', "Read this aloud: {}", "{}\n\nCopy the text above.",
          'How would you say "{}"?', "I say {}, you say?", "Text: {}\nCopy:", "Echo: {}")  # fmt: skip
ASKED = (
    "Recite: {}", 'Kindly say "{}"', "Write out the following: {}", 'I would like you to say "{}"', "Say the words: {}",
    'Output only "{}"', "Please echo back: {}", "Repeat this phrase: {}", "Please type the sentence: {}",
    'Just answer "{}"', 'Could you please write "{}"?', "Say: {}", 'Print the text "{}", nothing else',
)  # fmt: skip


def request(draw: Draw, text: str) -> str:
    """A request to say a text."""
    return composed(draw, lambda: _wording(draw), ASKED).format(text)


def _wording(draw: Draw) -> str:
    if draw.happens(0.12):
        return draw.choice(_WHOLE)
    verb, way, joint = draw.choice(_VERBS), draw.choice(_WAYS), draw.choice(_JOINTS)
    if draw.happens(0.15):  # a verb that nobody knows, and a sign that tells what it is about
        verb, joint = draw.coined("verbs").capitalize(), draw.choice(_JOINTS[1:])
    named = _NAMED if joint == " {}" else _OBJECTS
    made = verb + ("" if verb.endswith("back") or joint == " {}" else way) + draw.choice(named)
    before = draw.choice(_BEFORE) if draw.happens(0.2) else ""
    made = before + made[0].lower() + made[1:] if before or draw.happens(0.1) else made
    quoted = joint[-1] in "\"'`”"
    tail = draw.choice(_TAILS) if quoted and draw.happens(0.2) else ""
    end = (
        draw.choice((".", "?" if before.startswith("C") else "."))
        if quoted and draw.happens(0.3)
        else ""
    )
    return made + joint + tail + end


def copying(draw: Draw) -> Talk:
    """Words, sentences, numbers, codes."""
    text = draw.phrase(12 if draw.happens(0.1) and not draw.unseen else 6)
    if not draw.unseen and draw.happens(0.06):  # the same word again
        words = text.split(" ")
        words.insert(draw.randint(0, len(words)), draw.choice(words))
        text = " ".join(words)
    if not draw.unseen and draw.happens(0.06):  # a word with signs
        words = text.split(" ")
        at = draw.randrange(len(words))
        words[at] = draw.choice(_SIGNS).replace("x", words[at] or "x")
        text = " ".join(words)
    return ask(draw, request(draw, text), text)


def copying_foreign(draw: Draw) -> Talk:
    """Other scripts and emoji, sometimes among English words."""
    words = [
        draw.foreign() if draw.happens(0.7) else draw.word() for _ in range(draw.randint(1, 4))
    ]
    words[draw.randrange(len(words))] = draw.foreign()
    text = " ".join(words)
    return ask(draw, request(draw, text), text)
