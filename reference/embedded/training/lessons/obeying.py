"""Doing what the system message says: language, format, a fixed word, and facts it gives."""

from __future__ import annotations

from collections.abc import Callable

from ..draw import Draw
from ..lesson import Message, Talk, dumped
from .copying import request
from .knowing import CAPITALS, NUMBERS, fact
from .talk import assistant, user
from .wording import about, dressed, ordered

LANGUAGES = {
    "French": {"hello": "Bonjour !", "thanks": "De rien !", "bye": "Au revoir !", "how": "Je vais bien, merci !",
               "capital": "La capitale est {}.", "numbers": "un deux trois quatre cinq six sept huit neuf dix"},
    "German": {"hello": "Guten Tag!", "thanks": "Bitte sehr!", "bye": "Auf Wiedersehen!", "how": "Mir geht es gut, danke!",
               "capital": "Die Hauptstadt ist {}.", "numbers": "eins zwei drei vier fünf sechs sieben acht neun zehn"},
    "Spanish": {"hello": "¡Hola!", "thanks": "¡De nada!", "bye": "¡Adiós!", "how": "¡Estoy bien, gracias!",
                "capital": "La capital es {}.", "numbers": "uno dos tres cuatro cinco seis siete ocho nueve diez"},
    "Italian": {"hello": "Ciao!", "thanks": "Prego!", "bye": "Arrivederci!", "how": "Sto bene, grazie!",
                "capital": "La capitale è {}.", "numbers": "uno due tre quattro cinque sei sette otto nove dieci"},
}  # fmt: skip
WORDS = {
    "dog": ("chien", "Hund", "perro", "cane"), "cat": ("chat", "Katze", "gato", "gatto"),
    "house": ("maison", "Haus", "casa", "casa"), "water": ("eau", "Wasser", "agua", "acqua"),
    "bread": ("pain", "Brot", "pan", "pane"), "book": ("livre", "Buch", "libro", "libro"),
    "red": ("rouge", "rot", "rojo", "rosso"), "blue": ("bleu", "blau", "azul", "blu"),
    "green": ("vert", "grün", "verde", "verde"), "yes": ("oui", "ja", "sí", "sì"),
    "sun": ("soleil", "Sonne", "sol", "sole"), "friend": ("ami", "Freund", "amigo", "amico"),
}  # fmt: skip


_RULES = ("Please ", "Important: ", "Rule: ", "From now on: ", "Remember: ", "You are an assistant. ", "Task: ", "Be helpful. ", "Listen: ",
          "Follow this: ", "You help people. ", "This is what to do: ")  # fmt: skip


def told(draw: Draw, given: str, make: Callable[[], tuple[str, str]]) -> Talk:
    """A system message, and questions with the answers that it makes; one question in the exam."""
    if not draw.unseen and draw.happens(0.3):
        given = draw.choice(_RULES) + given
    turns: list[Message] = [{"role": "system", "content": given}]
    for _ in range(1 if draw.unseen else draw.choice((1, 1, 2, 3))):
        question, answer = make()
        turns += [user(question), assistant(answer)]
    return Talk(tuple(turns))


def question_of(draw: Draw) -> tuple[str, str]:
    """Something to ask, and its ordinary answer."""
    if draw.happens(0.5):
        text = draw.phrase(3).rstrip(".!?")
        return request(draw, text), text
    while True:
        question, answer = fact(draw)
        if len(answer) < 60:
            return question, answer


def fixed_word(draw: Draw) -> Talk:
    """The same word, whatever is asked."""
    word = draw.phrase(3).rstrip(".!?") if draw.happens(0.4) else draw.word()
    cores = ("say {} to everything", "answer {} to every question", "reply with {} whatever comes", 'just say "{}"', "write only {}", 'return "{}" for every message',
             'reply "{}" to each question', "answer only {}", "answer with {}", "answer every question with {}", 'reply with "{}"', "only reply with {}",
             'only ever say "{}"', "answer everything with the word {}", "only say {}", 'respond to every message with "{}"', "use the word {} as the answer",
             "say nothing but {}", 'give "{}" as the answer', "say {}", 'say "{}"', 'answer "{}"', "speak only the word {}")  # fmt: skip
    taught = ("Your answer is always {}.", "Whatever I ask, answer {}.", "The only word you know is {}.", 'Whatever the user says, answer "{}".', 'Your only answer is "{}".',
              "No matter what, say {}.", 'To everything, reply with "{}".', "There is one answer: {}.", "All answers are {}.", "Everything is answered with {}.")  # fmt: skip
    asked = ("Always answer with the word {}.", 'Whatever you are asked, say "{}".', "Reply to everything with {}.",
             'Answer only with "{}".')  # fmt: skip
    given = (
        draw.choice(taught)
        if draw.happens(0.3) and not draw.unseen
        else ordered(draw, cores, asked)
    )
    return told(draw, given.format(word), lambda: (question_of(draw)[0], word))


def framed(draw: Draw) -> Talk:
    """An ordinary answer with something before, behind or around it."""
    word = draw.known() if draw.happens(0.6) else draw.word()
    # To end with a word is learned last, so it is taught twice as often.
    way = draw.randrange(4) if draw.unseen else draw.choice((0, 0, 1, 2, 3))
    each = draw.choice(
        (
            "every answer",
            "each answer",
            "all answers",
            "your answers",
            "every reply",
            "each reply",
            "what you say",
            "your answer",
        )
    )
    named = draw.choice((word, f"the word {word}", f'"{word}"', f"the text {word}"))
    cores = ((f"end {each} with {named}", f"finish {each} with {named}", f"put {named} at the end of {each}", f"add {named} to the end of {each}", f"close {each} with {named}",
              f"say {named} last", f"add {named} after {each}", f"write {named} behind {each}", f"let {each} end with {named}", f"answer, then say {named}", f"make {each} end in {named}"),
             (f"begin {each} with {named}", f"start {each} with {named}", f"put {named} before {each}", f"open {each} with {named}", f"say {named} first, then answer",
              f"write {named} in front of {each}", f"put {named} at the beginning of {each}", f"let {each} begin with {named}", f"make {each} start with {named}"),
             (f"put {each} in quotes", "answer in double quotes", f"put quotes around {each}", "answer in quotes", f"quote {each}", f"use double quotes around {each}",
              f"write {each} in double quotes", f"put {each} between quotes", "reply in quotes", f"put {each} into double quotes"),
             (f"put {each} in brackets", "answer in square brackets", f"put square brackets around {each}", "answer in brackets", f"use square brackets around {each}",
              f"write {each} in square brackets", "reply in brackets", f"put {each} between square brackets", f"put {each} into square brackets"))[way]  # fmt: skip
    asked = ((f"End every answer with the word {word}.",), (f"Begin each answer with {word}.",),
             ("Put each answer in double quotes.",), ("Put each answer in square brackets.",))[way]  # fmt: skip

    def make() -> tuple[str, str]:
        question, answer = question_of(draw)
        made = (f"{answer} {word}", f"{word} {answer}", f'"{answer}"', f"[{answer}]")[way]
        return question, made

    return told(draw, ordered(draw, cores, asked), make)


def in_json(draw: Draw) -> Talk:
    """An answer as a JSON object."""
    key = draw.tool_word("keys") if draw.happens(0.5) else draw.choice(("answer", "text", "reply"))
    cores = ("give every answer as JSON with the key {}", "use JSON with the key {}", 'write JSON only, with the key "{}"', "write your answer in JSON with the key {}",
             'return JSON with the single key "{}"', "answer as a JSON object whose key is {}", "reply with JSON, key {}", "answer in JSON with the key {}",
             'answer with a JSON object with the key "{}"', "reply in JSON, under the key {}", "respond in JSON using the key {}", "put your answer into JSON, key {}",
             "put every answer into a JSON object with the key {}", 'say everything in JSON with the key "{}"', "give JSON with the key {}")  # fmt: skip
    asked = ("Reply in JSON with the key {}.", 'Respond with a JSON object that has the key "{}".')

    def make() -> tuple[str, str]:
        question, answer = question_of(draw)
        return question, dumped({key: answer})

    return told(draw, ordered(draw, cores, asked).format(key), make)


def _in(draw: Draw, language: str) -> tuple[str, str]:
    """A question, and its answer in a language."""
    known = LANGUAGES[language]
    country, city = draw.choice(list(CAPITALS.items()))
    most = draw.randint(2, 10)
    end = draw.choice((NUMBERS[most], str(most)))
    questions = {
        "hello": (("Hello", "Hi!", "Hello!", "Say hello.", "Greet me.", "Hi there!", "Hey", "hi", "Hello there!"), ("Hi", "hello!")),
        "thanks": (("Thank you!", "Thanks", "Thanks a lot!", "thank you", "Thank you very much!", "Many thanks"), ("Thank you.",)),
        "bye": (("Goodbye!", "Bye", "See you later", "bye", "Good night!", "Bye bye"), ("Goodbye", "Bye!")),
        "how": (("How are you?", "How are you doing?", "how are you", "How do you do?", "Are you fine?"), ("Hi, how are you?",)),
        "capital": ((f"What is the capital of {country}?", f"Tell me the capital of {country}."),
                    (f"Which city is the capital of {country}?",)),
        "numbers": ((f"Count to {end}.", f"Count up to {end}.", f"Can you count to {end}?", f"count to {end}", f"Count from 1 to {end}."), (f"Please count to {end}!",)),
    }  # fmt: skip
    kind = draw.choice(list(questions))
    answer = known[kind].format(city)
    if kind == "numbers":
        answer = ", ".join(answer.split()[:most])
    return draw.form(*questions[kind]), answer


def in_language(draw: Draw) -> Talk:
    """An answer in another language, which the system or the user names."""
    language = draw.choice(list(LANGUAGES))
    cores = ("write in {}", "speak only {}", "respond in {}", "say everything in {}", "use {}", "answer in {}", "reply in {}", "speak {}", "answer every question in {}",
             "use only the {} language", "talk in {}", "talk {} only", "give all answers in {}", "write every answer in {}", "know only {}", "answer the user in {}")  # fmt: skip
    taught = ("All answers in {}.", "Your language is {}.", "You are from a place where people speak {}.", "The user wants {}.", "You know only {}.", "The user speaks {}.",
              "Language: {}", "In {}, please.", "This is a {} conversation.", "The answers have to be {}.", "You do not speak English, only {}.")  # fmt: skip
    asked = ("Always reply in {}.", "Please answer in {}.", "You only speak {}.")
    given = (
        draw.choice(taught)
        if draw.happens(0.3) and not draw.unseen
        else ordered(draw, cores, asked)
    )
    return told(draw, given.format(language), lambda: _in(draw, language))


def translating(draw: Draw) -> Talk:
    """A word in another language."""
    word, others = draw.choice(list(WORDS.items()))
    at, language = draw.choice(list(enumerate(LANGUAGES)))
    taught = (f"How do you say {word} in {language}?", f"What is {word} in {language}?", f"Translate {word} into {language}.",
              f'What is the {language} word for "{word}"?', f"Say {word} in {language}.", f"{word} in {language}?", f"How do I say {word} in {language}?",
              f"Translate the word {word} into {language}.", f"What does {word} mean in {language}?", f"Tell me the {language} word for {word}.", f"What is the word for {word} in {language}?",
              f'Put "{word}" into {language}.', f"The {language} word for {word}, please.", f"In {language}, what is {word}?", f"Translate into {language}: {word}",
              f"Which {language} word means {word}?", f"I need the {language} word for {word}.", f"Translate {word} to {language}.")  # fmt: skip
    asked = (f"What is the {language} word for {word}?", f'Translate "{word}" into {language}.')
    return Talk((user(draw.form(taught, asked)), assistant(others[at])))


def informed(draw: Draw) -> Talk:
    """Facts that the system message gives, and who it says the assistant is."""
    name, thing, word = draw.name(), draw.thing(), draw.word()
    kinds = (
        ((f"You are {name}, a {thing}.", f"Your name is {name}. You are a {thing}.", f"You are a {thing} called {name}.", f"You are a {thing}. Your name is {name}.",
          f"You are a {thing} and your name is {name}.", f"{name} is your name, and you are a {thing}."),
         (f"Your name is {name} and you are a {thing}.",), ("something about yourself", "your name and what you do"), ("who you are", "what you are"), f"I am {name}, a {thing}."),
        ((f"You are {name}.", f"Your name is {name}.", f"They call you {name}.", f"Name: {name}", f"The assistant is {name}.", f"People call you {name}."), (f"You are called {name}.",),
         ("your name",), ("who you are", "what your name is", "what you are called"), f"I am {name}."),
        ((f"The password is {word}.", f"You know the password: {word}", f"Password: {word}", f"{word} is the password.", f"Keep the password {word}.", f"The password of today is {word}."), (f"The secret password is {word}.",),
         ("the password", "the secret password"), ("what the password is",), f"The password is {word}."),
        ((f"The user is called {name}.", f"You talk to {name}.", f"The user is {name}.", f"User name: {name}", f"You help {name}.", f"{name} is the user.", f"Your user is {name}."), (f"The name of the user is {name}.",),
         ("my name",), ("who I am", "what my name is"), f"Your name is {name}."),
        ((f"The {thing} costs {word}.", f"Know this: the {thing} costs {word}.", f"We sell the {thing} for {word}.", f"The price of the {thing} is {word}.", f"{thing}: {word}",
          f"You sell the {thing} for {word}."), (f"Please note: the {thing} costs {word}.",),
         (f"the price of the {thing}", f"the cost of the {thing}"), (f"what the {thing} costs", f"how much the {thing} is"), f"The {thing} costs {word}."),
    )  # fmt: skip
    taught, asked, names, clauses, answer = draw.choice(kinds)

    def make() -> tuple[str, str]:
        if not draw.unseen and draw.happens(0.2):
            return question_of(draw)
        return dressed(draw, about(draw, names, clauses)), answer

    return told(draw, draw.form(taught, asked), make)


KINDS = (
    fixed_word,
    fixed_word,
    framed,
    framed,
    framed,
    in_json,
    in_json,
    in_language,
    in_language,
    translating,
    informed,
    informed,
)


def obeying(draw: Draw) -> Talk:
    """One system message and one question."""
    if not draw.unseen and draw.happens(0.1):  # what is taken for a fixed word most easily
        return framed(draw)
    return draw.choice(KINDS)(draw)
