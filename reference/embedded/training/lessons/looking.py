"""What a picture shows: its colour, or the shape, the colour and the number of things in it."""

from __future__ import annotations

from collections.abc import Sequence

from ..draw import Draw
from ..lesson import PICTURE, Talk
from ..pictures import Scene, scene
from .knowing import NUMBERS
from .talk import ask, assistant, user
from .wording import dressed

Pair = tuple[str, str]
"""A question and its answer."""

_WHAT = ("What can be seen here?", "Tell me what you see.", "Please describe what you see.", "What does this image show?", "What is shown here?", "Can you describe the picture?", "What is in this image?", "What's in this image?", "What is in this picture?", "Describe the image.", "What do you see?",
         "What does this picture show?", "Describe this picture.", "What's this?", "Tell me what is in the picture.", "What is this?")  # fmt: skip
ASKED_WHAT = (
    "What can you see in this picture?",
    "Please describe this image.",
    "What does the image show?",
)
_COUNT = ("How many {} are here?", "What is the number of {}?", "Give me the number of {}.", "Tell me how many {} there are.", "How many {} are there?", "How many {} are in the picture?", "How many {} do you see?", "Count the {}.",
          "How many {} does the image show?")  # fmt: skip
ASKED_COUNT = ("How many {} are in this image?", "How many {} can you see?")
_SHAPE = ("Which shape do you see?", "What kind of shape is this?", "Tell me the shape.", "What is the shape?", "What shape does the picture show?", "What shape is this?", "What shape is in the picture?", "Which shape is it?", "What shape is in this image?",
          "Name the shape.", "What shape do you see?")  # fmt: skip
ASKED_SHAPE = ("Which shape is in this image?", "What shape is it?")
_COLOUR = ("What's the colour of the {}?", "Name the colour of the {}.", "Give me the colour of the {}.", "Which colour has the {}?", "What colour is the {}?", "What color is the {}?", "Which colour is the {}?", "Tell me the colour of the {}.",
           "What is the colour of the {}?")  # fmt: skip
ASKED_COLOUR = ("Which color is the {}?", "What is the color of the {}?")
_PLAIN = ("What is the color of this picture?", "Name the colour of the image.", "Which color do you see?", "Tell me the colour of the image.", "What colour is this image?", "What color is this?", "What colour is this?", "Which colour is the picture?",
          "What is the colour of this image?", "Which colour?")  # fmt: skip
ASKED_PLAIN = ("What color is this image?", "Which colour is this image?")


def described(shown: Scene) -> str:
    """The sentence that says everything about a picture."""
    if shown.shape is None:
        return f"The image is {shown.background}."
    number = "A" if shown.count == 1 else NUMBERS[shown.count].capitalize()
    named = shown.shape if shown.count == 1 else _several(shown.shape)
    article = "an" if shown.background[0] in "aeiou" else "a"
    colour = shown.colour or ""
    number = "An" if number == "A" and colour[0] in "aeiou" else number
    return f"{number} {colour} {named} on {article} {shown.background} background."


def _several(shape: str) -> str:
    return f"{shape}es" if shape.endswith("ss") else f"{shape}s"


def _question(draw: Draw, taught: Sequence[str], asked: Sequence[str], of: str = "") -> str:
    question = draw.form(taught, asked)
    if of.endswith("s") and not of.endswith("ss"):
        question = question.replace(" is the {}", " are the {}")
    return dressed(draw, question.format(of))


def _shown(draw: Draw, shown: Scene, question: Pair, *more: Pair) -> Talk:
    """A picture with a question, and other questions about the same picture."""
    form = draw.choice(("{0}{1}", "{0}{1}", "{1}{0}")).format(question[0], PICTURE)
    first = ask(draw, form, question[1], shown)
    turns = [message for one in more for message in (user(one[0]), assistant(one[1]))]
    return Talk((*first.messages, *turns), scenes=first.scenes)


def scene_with(draw: Draw, *, shape: bool) -> Scene:
    """A scene with or without shapes."""
    while ((found := scene(draw)).shape is not None) != shape:
        pass
    return found


def _colour(draw: Draw, shown: Scene) -> Pair:
    if shown.shape is None:
        return _question(draw, _PLAIN, ASKED_PLAIN), described(shown)
    if draw.happens(0.3):
        question = _question(draw, _COLOUR, ASKED_COLOUR, "background")
        return question, f"The background is {shown.background}."
    several = shown.count > 1
    what = _several(shown.shape) if several else draw.choice(("shape", shown.shape))
    is_colour = f"The {what} {'are' if several else 'is'} {shown.colour}."
    return _question(draw, _COLOUR, ASKED_COLOUR, what), is_colour


def _shape(draw: Draw, shown: Scene) -> Pair:
    shape = shown.shape or ""
    answer = f"It is a {shape}." if shown.count == 1 else f"They are {_several(shape)}."
    return _question(draw, _SHAPE, ASKED_SHAPE), answer


def _count(draw: Draw, shown: Scene) -> Pair:
    what = draw.choice(("shapes", _several(shown.shape or "")))
    return dressed(draw, draw.form(_COUNT, ASKED_COUNT).format(what)), str(shown.count)


def _whole(draw: Draw, shown: Scene) -> Pair:
    return _question(draw, _WHAT, ASKED_WHAT), described(shown)


def colour_of(draw: Draw) -> Talk:
    """The colour of a plain picture, of a shape, or of the background."""
    shown = scene_with(draw, shape=draw.happens(0.65))
    return _shown(draw, shown, _colour(draw, shown))


def shape_of(draw: Draw) -> Talk:
    """Which shape it is."""
    shown = scene_with(draw, shape=True)
    return _shown(draw, shown, _shape(draw, shown))


def count_of(draw: Draw) -> Talk:
    """How many there are."""
    shown = scene_with(draw, shape=True)
    return _shown(draw, shown, _count(draw, shown))


def looking(draw: Draw) -> Talk:
    """One picture and a question about it; in training often several, in any order."""
    shown = scene(draw)
    kinds = [_colour, _shape, _count, _whole] if shown.shape else [_colour, _whole]
    chosen = draw.sample(kinds, 1 if draw.unseen else draw.randint(1, len(kinds)))
    chosen.sort(key=lambda kind: kind is _whole)  # it tells the answers to the others
    return _shown(draw, shown, *(kind(draw, shown) for kind in chosen))
