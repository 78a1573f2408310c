"""Doing what the system message says: language, format, a fixed word, and facts it gives."""

from __future__ import annotations

from ..draw import Draw
from ..lesson import Talk, dumped
from .copying import request
from .knowing import CAPITALS, NUMBERS, fact
from .talk import assistant, user
from .wording import about, dressed

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


def told(draw: Draw, given: str, question: str, answer: str) -> Talk:
    """A system message, a question, and the answer that it makes."""
    if not draw.unseen and draw.happens(0.3):
        given = draw.choice(_RULES) + given
    return Talk(({"role": "system", "content": given}, user(question), assistant(answer)))


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
    taught = ("Say {} to everything.", "You answer {} to every question.", "Reply with {} whatever comes.", 'Just say "{}", always.',
              "Your answer is always {}.", "Write only {}.", 'Return "{}" for every message.', "Whatever I ask, answer {}.",
              'Reply "{}" to each question.', "The only word you know is {}.", "Answer only {}.", 'To everything, reply with "{}".',
              "Always answer with {}.", "Answer every question with {}.", "Always say {}.", 'Always reply with "{}".',
              'Whatever the user says, answer "{}".', "Reply only with {}.", 'Your only answer is "{}".',
              'Only ever say "{}".', "No matter what, say {}.", "Answer everything with the word {}.",
              "You only say {}.", 'Respond to every message with "{}".')  # fmt: skip
    asked = ("Always answer with the word {}.", 'Whatever you are asked, say "{}".', "Reply to everything with {}.",
             'Answer only with "{}".')  # fmt: skip
    return told(draw, draw.form(taught, asked).format(word), question_of(draw)[0], word)


def framed(draw: Draw) -> Talk:
    """An ordinary answer with something before, behind or around it."""
    word = draw.known() if draw.happens(0.6) else draw.word()
    question, answer = question_of(draw)
    way = draw.randrange(4)
    taught = ((f"End every answer with {word}.", f"End each answer with the word {word}.", f'Finish every answer with "{word}".', f"Put {word} at the end of every answer.",
               f"Add {word} to the end of each answer.", f"Always end with {word}.", f"Your answers end with {word}."),
              (f"Begin every answer with {word}.", f"Start each answer with the word {word}.", f'Start every answer with "{word}".', f"Put {word} before every answer.",
               f"Always begin with {word}.", f"Your answers start with {word}.", f"Say {word} first, then answer."),
              ("Put every answer in quotes.", "Answer in double quotes.", "Put quotes around your answers.", "Always answer in quotes.",
               "Quote all your answers.", "Use double quotes around each answer.", "Write answers in double quotes."),
              ("Put every answer in brackets.", "Answer in square brackets.", "Put square brackets around your answers.", "Always answer in brackets.",
               "Use square brackets around each answer.", "Write answers in square brackets.", "Your answers stand in square brackets."))[way]  # fmt: skip
    asked = ((f"End every answer with the word {word}.",), (f"Begin each answer with {word}.",),
             ("Put each answer in double quotes.",), ("Put each answer in square brackets.",))[way]  # fmt: skip
    made = (f"{answer} {word}", f"{word} {answer}", f'"{answer}"', f"[{answer}]")[way]
    return told(draw, draw.form(taught, asked), question, made)


def in_json(draw: Draw) -> Talk:
    """An answer as a JSON object."""
    key = draw.tool_word("keys") if draw.happens(0.5) else draw.choice(("answer", "text", "reply"))
    question, answer = question_of(draw)
    taught = ("Give every answer as JSON with the key {}.", "Use JSON with the key {}.", 'JSON only, with the key "{}".',
              "Write your answer in JSON with the key {}.", 'Return JSON with the single key "{}".', "Answer as a JSON object; its key is {}.",
              "Reply with JSON, key {}.", "Answer in JSON with the key {}.", 'Answer with a JSON object with the key "{}".',
              "Always reply in JSON. The key is {}.", "Respond in JSON using the key {}.")  # fmt: skip
    asked = ("Reply in JSON with the key {}.", 'Respond with a JSON object that has the key "{}".')
    return told(draw, draw.form(taught, asked).format(key), question, dumped({key: answer}))


def in_language(draw: Draw) -> Talk:
    """An answer in another language, which the system or the user names."""
    language = draw.choice(list(LANGUAGES))
    known = LANGUAGES[language]
    country, city = draw.choice(list(CAPITALS.items()))
    most = draw.randint(2, 10)
    questions = {
        "hello": (("Hello", "Hi!", "Hello!", "Say hello.", "Greet me."), ("Hi", "hello!")),
        "thanks": (("Thank you!", "Thanks", "Thanks a lot!"), ("Thank you.",)),
        "bye": (("Goodbye!", "Bye", "See you later"), ("Goodbye", "Bye!")),
        "how": (("How are you?", "How are you doing?"), ("Hi, how are you?",)),
        "capital": ((f"What is the capital of {country}?", f"Tell me the capital of {country}."),
                    (f"Which city is the capital of {country}?",)),
        "numbers": ((f"Count to {most}.", f"Count to {NUMBERS[most]}."), (f"Please count to {most}.",)),
    }  # fmt: skip
    kind = draw.choice(list(questions))
    answer = known[kind].format(city)
    if kind == "numbers":
        answer = ", ".join(answer.split()[:most])
    question = draw.form(*questions[kind])
    taught = ("Write in {}.", "All answers in {}.", "Your language is {}.", "Speak only {}.", "Respond in {}.", "You are from a place where people speak {}.",
              "Say everything in {}.", "The user wants {}.", "Use {}.", "You know only {}.", "Answer in {}.", "Always answer in {}.", "You speak only {}.", "Reply in {}.", "Speak {}.",
              "Answer every question in {}.", "Use only the {} language.")  # fmt: skip
    asked = ("Always reply in {}.", "Please answer in {}.", "You only speak {}.")
    return told(draw, draw.form(taught, asked).format(language), question, answer)


def translating(draw: Draw) -> Talk:
    """A word in another language."""
    word, others = draw.choice(list(WORDS.items()))
    at, language = draw.choice(list(enumerate(LANGUAGES)))
    taught = (f"How do you say {word} in {language}?", f"What is {word} in {language}?", f"Translate {word} into {language}.",
              f'What is the {language} word for "{word}"?', f"Say {word} in {language}.")  # fmt: skip
    asked = (f"What is the {language} word for {word}?", f'Translate "{word}" into {language}.')
    return Talk((user(draw.form(taught, asked)), assistant(others[at])))


def informed(draw: Draw) -> Talk:
    """Facts that the system message gives, and who it says the assistant is."""
    name, thing, word = draw.name(), draw.thing(), draw.word()
    kinds = (
        ((f"You are {name}, a {thing}.", f"Your name is {name}. You are a {thing}.", f"You are a {thing} called {name}."),
         (f"Your name is {name} and you are a {thing}.",), ("yourself", "something about you"), ("who you are", "what you are"), f"I am {name}, a {thing}."),
        ((f"You are {name}.", f"Your name is {name}.", f"They call you {name}."), (f"You are called {name}.",),
         ("your name",), ("who you are", "what your name is", "what you are called"), f"I am {name}."),
        ((f"The password is {word}.", f"You know the password: {word}", f"Password: {word}"), (f"The secret password is {word}.",),
         ("the password", "the secret password"), ("what the password is",), f"The password is {word}."),
        ((f"The user is called {name}.", f"You talk to {name}.", f"The user is {name}.", f"User name: {name}"), (f"The name of the user is {name}.",),
         ("my name",), ("who I am", "what my name is"), f"Your name is {name}."),
        ((f"The {thing} costs {word}.", f"Know this: the {thing} costs {word}.", f"We sell the {thing} for {word}."), (f"Please note: the {thing} costs {word}.",),
         (f"the price of the {thing}", f"the cost of the {thing}"), (f"what the {thing} costs", f"how much the {thing} is"), f"The {thing} costs {word}."),
    )  # fmt: skip
    taught, asked, names, clauses, answer = draw.choice(kinds)
    question = dressed(draw, about(draw, names, clauses))
    return told(draw, draw.form(taught, asked), question, answer)


KINDS = (
    fixed_word,
    fixed_word,
    framed,
    framed,
    in_json,
    in_language,
    in_language,
    translating,
    informed,
    informed,
)


def obeying(draw: Draw) -> Talk:
    """One system message and one question."""
    return draw.choice(KINDS)(draw)
