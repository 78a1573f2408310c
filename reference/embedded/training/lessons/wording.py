"""Ways to ask that fit any subject, so that the model looks at what is asked and not at the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..draw import Draw

FRAMES = (
    "What is {}?", "What is {}?", "What's {}?", "what is {}", "Tell me {}.", "Tell me {}", "Do you know {}?", "Can you tell me {}?",
    "Please tell me {}", "Please tell me {}.", "Could you tell me {}?", "I want to know {}.", "I need to know {}.", "Say {}.", "{}?",
    "Give me {}.", "Can you say {}?", "I would like to hear {}.", "Would you please tell me {}?", "Let me know {}.", "Now tell me {}.",
    "Quick: {}?", "You know {}, do you?", "Can I know {}?", "Remind me: {}?", "So what is {}?", "And what is {}?", "Write {}.",
    "Answer this: what is {}?", "Do you have {}?", "Show me {}.", "I forgot {}.", "I am asking for {}.", "Name {}.", "State {}.", "Do you still remember {}?", "You remember {}, right?", "Can you recall {}?",
)  # fmt: skip
ASKED_FRAMES = (
    "Would you tell me {}?", "I would like to know {}.", "Please say {}.", "Could you say {}?", "Do you remember {}?",
    "Tell me now: what is {}?", "May I know {}?", "I have a question: what is {}?",
)  # fmt: skip
CLAUSES = (
    "Tell me {}.", "Tell me {}", "Do you know {}?", "Can you tell me {}?", "Please tell me {}", "Could you tell me {}?", "I want to know {}.",
    "I need to know {}.", "Say {}.", "Can you say {}?", "Would you please tell me {}?", "Let me know {}.", "Now tell me {}.", "You know {}, do you?",
    "I forgot {}.", "Do you still remember {}?", "You remember {}, right?", "Can you recall {}?", "Did I tell you {}?", "Can I know {}?", "Write {}.", "I am asking {}.",
)  # fmt: skip
ASKED_CLAUSES = (
    "Would you tell me {}?", "I would like to know {}.", "Please say {}.", "Could you say {}?", "Do you remember {}?", "May I know {}?",
)  # fmt: skip
BEFORE = (
    "Please ", "Now ", "And ", "So ", "Then ", "OK, ", "Hey, ", "Well, ", "Next: ", "Listen: ", "Hello! ", "Thanks. ", "Good. ", "Question: ",
    "One more: ", "Again: ", "Hi, ", "Dear friend, ", "Quickly: ", "My question: ", "Here it comes: ", "I ask you: ", "For my homework: ",
    "Excuse me, ", "Sorry, ", "Just one thing: ", "Task: ", "Do this: ",
)  # fmt: skip
BEHIND = (
    " Please.",
    " Thanks.",
    " Thank you!",
    " Be quick.",
    " Hurry up!",
    " I am waiting.",
    " That is all.",
    " OK?",
    " I need it now.",
)

ORDERS = (
    "{C}.", "{C}.", "{C}.", "Always {c}.", "Please always {c}.", "Please {c}.", "You must {c}.", "You {c}.", "You have to {c}.", "From now on, {c}.",
    "I want you to {c}.", "You should {c}.", "Whatever the user says, {c}.", "Your task is to {c}.", "Your task: {c}.", "It is your job to {c}.",
    "Never forget to {c}.", "In every message, {c}.", "Be sure to {c}.", "Make sure to {c}.", "Remember to {c}.", "You are a robot. You {c}.",
    "{C}, please.", "You will {c}.", "Today you {c}.", "You are an assistant. Always {c}.", "Rule: {c}.", "{C}, always.", "You can only {c}.",
    "You are made to {c}.", "Be kind and {c}.", "Important: {c}.", "{C}, whatever comes.", "Here is the rule: {c}.",
)  # fmt: skip
"""How a system message says what to do; c is the order itself."""


def bare(text: str) -> str:
    """A wording without what makes no difference: case, and signs and courtesy around it."""
    return " ".join(text.lower().replace("please", "").split()).strip(" .,:;!?")


def composed(draw: Draw, make: Callable[[], str], asked: Iterable[str]) -> str:
    """A wording put together by chance, or one of those that only the exam has."""
    hidden = tuple(asked)
    if draw.unseen:
        return draw.choice(hidden)
    barred = set(map(bare, hidden))
    while bare(made := make()) in barred:
        pass
    return made


def ordered(draw: Draw, cores: Sequence[str], asked: Iterable[str]) -> str:
    """An order of a system message: one of the cores in a frame."""

    def make() -> str:
        core = draw.choice(cores)
        return draw.choice(ORDERS).format(c=core, C=core[0].upper() + core[1:])

    return composed(draw, make, asked)


def about(draw: Draw, what: Sequence[str], clauses: Sequence[str] = ()) -> str:
    """A question about something: one of its names, or of the clauses that ask for it."""
    if clauses and draw.happens(0.4):
        return draw.form(CLAUSES, ASKED_CLAUSES).format(draw.choice(clauses))
    asked = draw.form(FRAMES, ASKED_FRAMES).format(draw.choice(what))
    return asked[0].upper() + asked[1:] if draw.happens(0.8) else asked


def dressed(draw: Draw, text: str, *, behind: bool = True) -> str:
    """A request with words around it that change nothing; the exam asks without them."""
    if draw.unseen or not draw.happens(0.35):
        return text
    if draw.happens(0.7):
        before = draw.choice(BEFORE)
        text = before + (
            text if before[-2] in ".!:" or text[:2] == "I " else text[0].lower() + text[1:]
        )
    if behind and text[-1] in ".?!" and draw.happens(0.35):
        text += draw.choice(BEHIND)
    return text[:-1] if text[-1] in ".?" and draw.happens(0.15) else text
