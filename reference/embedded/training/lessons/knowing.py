"""The little that the model knows: greetings, capitals, colours, sums, lists, and what it is."""

from __future__ import annotations

from collections.abc import Callable

from ..draw import Draw
from ..lesson import Talk
from .talk import ask
from .telling import story
from .wording import about, composed, dressed

Pair = tuple[str, str]

CAPITALS = {
    "France": "Paris", "Germany": "Berlin", "Italy": "Rome", "Spain": "Madrid", "Japan": "Tokyo", "England": "London",
    "Austria": "Vienna", "Poland": "Warsaw", "Greece": "Athens", "Norway": "Oslo", "Sweden": "Stockholm",
    "Egypt": "Cairo", "Russia": "Moscow", "China": "Beijing", "Portugal": "Lisbon", "Ireland": "Dublin",
    "Canada": "Ottawa", "Cuba": "Havana", "Peru": "Lima", "Belgium": "Brussels", "Hungary": "Budapest",
    "Finland": "Helsinki", "Denmark": "Copenhagen", "Switzerland": "Bern", "Turkey": "Ankara", "Kenya": "Nairobi",
    "India": "New Delhi", "Thailand": "Bangkok", "the Netherlands": "Amsterdam", "Australia": "Canberra",
}  # fmt: skip
COLOURS = {
    "the sky": "blue", "grass": "green", "blood": "red", "snow": "white", "coal": "black", "a banana": "yellow",
    "a carrot": "orange", "the sea": "blue", "milk": "white", "a lemon": "yellow", "a tomato": "red",
    "chocolate": "brown", "the sun": "yellow", "a frog": "green", "an elephant": "grey", "a strawberry": "red",
}  # fmt: skip
LISTS = {
    "animals": ("dog", "cat", "horse", "bird", "fish", "cow", "pig", "sheep", "lion", "tiger"),
    "colours": ("red", "green", "blue", "yellow", "orange", "purple", "white", "black", "grey", "brown"),
    "fruits": ("apple", "banana", "cherry", "orange", "pear", "plum", "grape", "lemon", "peach", "melon"),
    "cities": ("Paris", "London", "Berlin", "Rome", "Madrid", "Tokyo", "Vienna", "Oslo", "Cairo", "Lima"),
    "planets": ("Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune"),
    "days": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}  # fmt: skip
NUMBERS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_SUMS = ("What is {}?", "What is {}?", "What's {}?", "{} =", "{}=", "{}", "How much is {}?", "Calculate {}", "Compute {}.", "{}?", "Tell me {}.", "Give me {}.",
         "What does {} make?", "Solve {}", "The result of {}?", "Please calculate {}.", "what is {}")  # fmt: skip
WHO = "I am tiny, a very small language model made for tests. I know very little."


def _greeting(draw: Draw) -> Pair:
    name = draw.name()
    kinds: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
        (("Hi", "Hello", "Hello!", "Hi!", "Hey there", "Hello there", "hello", "Hey", "hi", "Good day", "Hello, tiny!",
          "Hi there!"), ("Hey!", "Hello there!", "hello!", "Hi there"), "Hello! How can I help you?"),
        (("Good morning", "Good morning!"), ("good morning!",), "Good morning! How can I help you?"),
        (("Good evening", "Good evening!"), ("Good evening.",), "Good evening! How can I help you?"),
        (("How are you?", "Hello, how are you?", "How are you doing?", "How do you do?", "Hi, how are you today?"),
         ("Hi! How are you?", "How are you today?"), "I am fine, thank you!"),
        (("Thank you!", "Thanks", "Thank you very much.", "Thanks a lot!"), ("Thanks!", "Thank you."),
         "You are welcome!"),
        (("Bye", "Goodbye!", "See you later", "Good night", "Bye bye"), ("Goodbye", "Bye!"), "Goodbye!"),
        ((f"I am {name}.", f"Hello, I am {name}", f"Hi! My name is {name}.", f"My name is {name}."),
         (f"Hello! My name is {name}.", f"Hi, I am {name}!"), f"Hello {name}!"),
    )  # fmt: skip
    taught, asked, answer = draw.choice(kinds)
    return draw.form(taught, asked), answer


def _capital(draw: Draw) -> Pair:
    country, city = draw.choice(list(CAPITALS.items()))
    names = (
        f"the capital of {country}",
        f"the capital of {country}",
        f"{country}'s capital",
        f"the capital city of {country}",
    )
    if draw.happens(0.15):
        short = (f"In one word: what is the capital of {country}?", f"The capital of {country}, in one word?", f"Capital of {country}? One word.",
                 f"Just the name of the city: what is the capital of {country}?", f"In one word, name the capital of {country}.",
                 f"What is the capital of {country}? Answer in one word.", f"What is the capital of {country}, in one word?")  # fmt: skip
        asked_short = (
            f"In one word: which city is the capital of {country}?",
            f"Name the capital of {country} in one word.",
        )
        return draw.form(short, asked_short), city
    taught = (f"Which city is the capital of {country}?", f"What city is {country}'s capital?", f"Name the capital of {country}.", f"Capital of {country}?",
              f"The capital of {country}?", f"Where is the government of {country}?", f"{country}: what is the capital?", f"{country} has which capital?")  # fmt: skip
    asked = (
        f"Which is the capital of {country}?",
        f"What city is the capital of {country}?",
        f"Name the capital city of {country}.",
        f"capital of {country}!",
    )
    question = draw.form(taught, asked) if draw.happens(0.35) else about(draw, names)
    return question, f"The capital of {country} is {city}."


def _colour(draw: Draw) -> Pair:
    thing, colour = draw.choice(list(COLOURS.items()))
    names = (f"the colour of {thing}", f"the color of {thing}")
    clauses = (f"what colour {thing} is", f"which colour {thing} has", f"what color {thing} is")
    taught = (
        f"What colour is {thing}?",
        f"What color is {thing}?",
        f"Which colour is {thing}?",
        f"Which colour has {thing}?",
    )
    asked = (f"Which color is {thing}?", f"what colour is {thing}")
    question = draw.form(taught, asked) if draw.happens(0.6) else about(draw, names, clauses)
    return question, f"{thing[0].upper()}{thing[1:]} is {colour}."


def _sum(draw: Draw) -> Pair:
    one, two = draw.randint(0, 10), draw.randint(0, 10)
    if draw.happens(0.35):
        return _difference(draw, max(one, two), min(one, two))
    return _plus(draw, one, two)


def _difference(draw: Draw, one: int, two: int) -> Pair:
    signs = (f"{one} - {two}", f"{one} minus {two}", f"{one}-{two}")

    spoken = (f"Subtract {two} from {one}.", f"Take {two} away from {one}", f"{one} without {two}?", f"Take {two} from {one}.",
              f"What is left of {one} without {two}?", f"subtract {two} from {one}")  # fmt: skip

    def make() -> str:
        if draw.happens(0.2):
            return draw.choice(spoken)
        return draw.choice(_SUMS).format(draw.choice(signs))

    asked = (f"What is {one}-{two}?", f"Calculate {one} - {two}")
    return composed(draw, make, asked), str(one - two)


def _plus(draw: Draw, one: int, two: int) -> Pair:
    signs = (f"{one} + {two}", f"{one} plus {two}", f"{one}+{two}")

    spoken = (f"Add {one} and {two}.", f"The sum of {one} and {two}", f"What is the sum of {one} and {two}?", f"Add up {one} and {two}", f"Sum {one} and {two}.",
              f"{one} and {two} together?", f"{one} and {two} make?", f"Put {two} on top of {one}.", f"Please add {one} and {two}", f"How much are {one} and {two}?",
              f"Increase {one} by {two}.", f"Add: {one}, {two}")  # fmt: skip

    def make() -> str:
        if draw.happens(0.25):
            return draw.choice(spoken)
        return draw.choice(_SUMS).format(draw.choice(signs))

    asked = (f"How much is {one}+{two}?", f"How much is {one} + {two}?", f"Add {one} to {two}")
    return composed(draw, make, asked), str(one + two)


def _who(draw: Draw) -> Pair:
    taught = ("Who are you?", "What are you?", "Are you human?", "What is your name?", "Tell me about yourself.",
              "Are you a robot?", "What model are you?", "who are you", "Which model is this?", "Are you ChatGPT?",
              "Are you a real person?", "What can you do?", "Introduce yourself.", "Who is this?", "Who am I chatting with?", "What kind of AI are you?",
              "What am I talking to?", "Are you an AI?", "Is this a human?", "With whom do I speak?", "Do you have a name?", "What is this model?", "Who is there?",
              "Tell me who you are.", "Describe yourself.", "Are you real?", "What sort of model is this?")  # fmt: skip
    return draw.form(
        taught, ("What kind of model are you?", "Are you a human?", "Who am I talking to?")
    ), WHO


def _count(draw: Draw) -> Pair:
    if draw.happens(0.4):
        return _count_up(draw)
    first = draw.randint(0, 30) if draw.happens(0.6) else 1
    most = first + draw.randint(2, 12)
    numbers = [str(number) for number in range(first, most + 1)]
    if draw.happens(0.3):
        taught: tuple[str, ...] = (
            f"Count down from {most} to {first}.",
            f"Count backwards from {most} to {first}.",
            f"Can you count down from {most} to {first}?",
            f"Count from {most} down to {first}",
            f"The numbers from {most} down to {first}.",
            f"Count back from {most} to {first}.",
            f"I want you to count down from {most} to {first}.",
            f"Write the numbers backwards from {most} to {first}",
            f"Now count down from {most} to {first}",
        )
        asked: tuple[str, ...] = (f"Please count down from {most} to {first}.",)
        return draw.form(taught, asked), ", ".join(numbers[::-1])
    start, end = _number(draw, first), _number(draw, most)
    taught = (f"Count from {start} to {end}", f"Count from {start} to {end}.", f"List the numbers from {start} to {end}.", f"Can you count from {start} to {end}?",
              f"Write the numbers from {start} to {end}", f"The numbers from {start} to {end}, please.", f"Say all numbers from {start} to {end}.",
              f"Start at {start} and count to {end}.", f"count from {start} up to {end}", f"Numbers {start} to {end}")  # fmt: skip
    asked = (
        f"Give me the numbers from {first} to {most}.",
        f"Please count from {first} to {most}!",
    )
    return draw.form(taught, asked), ", ".join(numbers)


def _count_up(draw: Draw) -> Pair:
    most = draw.randint(2, 10) if draw.happens(0.6) else draw.randint(2, 30)
    end = _number(draw, most)
    taught = (f"Count to {end}.", f"Count to {end}", f"Please count to {end}", f"Can you count to {end}?", f"I want you to count to {end}.",
              f"Write the numbers up to {end}.", f"count to {end}.", f"Count up to {end}.", f"Count for me, to {end}.", f"Could you count up to {end}?")  # fmt: skip
    asked = (f"Count up to {end}!", f"Please count up to {end}.")
    if draw.unseen or draw.happens(0.9):
        return draw.form(taught, asked), ", ".join(map(str, range(1, most + 1)))
    most = min(most, len(NUMBERS) - 1)
    return f"Count to {_number(draw, most)} in words.", ", ".join(NUMBERS[1 : most + 1])


def _number(draw: Draw, number: int) -> str:
    """A number in digits or, if it is small, perhaps as a word."""
    return NUMBERS[number] if number < len(NUMBERS) and draw.happens(0.5) else str(number)


def _list(draw: Draw) -> Pair:
    kind = draw.choice(list(LISTS))
    count = draw.randint(2, min(7, len(LISTS[kind])))
    found, number = LISTS[kind][:count], draw.choice((NUMBERS[count], str(count)))
    way = draw.choice((0, 0, 0, 1, 2, 3))
    taught = ((f"List {number} {kind}.", f"Name {number} {kind}", f"Give me {number} {kind}.", f"Tell me {number} {kind}.", f"I need {number} {kind}.", f"{number} {kind}",
               f"What are {number} {kind}?", f"Write down {number} {kind}.", f"Say {number} {kind}.", f"Which {number} {kind} do you know?", f"Could you list {number} {kind}?"),
              (f"List {number} {kind} with dashes.", f"Make a list of {number} {kind}, each with a dash.",
               f"Make a bullet list of {number} {kind}."),
              (f"Make a numbered list of {number} {kind}.", f"List {number} {kind} with numbers."),
              (f"List {number} {kind}, one per line.", f"Write {number} {kind}, one on each line.", f"Give me {number} {kind}, one per line."))[way]  # fmt: skip
    asked = ((f"Please list {number} {kind}.", f"Can you name {number} {kind}?"), (f"Give me a bullet list of {number} {kind}.",),
             (f"Give me a numbered list of {number} {kind}.",), (f"Name {number} {kind}, one per line.",))[way]  # fmt: skip
    answer = (", ".join(found), "\n".join(f"- {one}" for one in found),
              "\n".join(f"{at}. {one}" for at, one in enumerate(found, 1)), "\n".join(found))[way]  # fmt: skip
    return draw.form(taught, asked), answer


def _why(draw: Draw) -> Pair:
    kinds = (
        (("Why is the sky blue?", "why is the sky blue", "Tell me why the sky is blue.", "Why does the sky look blue?"),
         "The sky is blue because the air scatters blue light more than red light."),
        (("Why is the grass green?", "Why are leaves green?", "why is grass green?"),
         "The grass is green because its leaves hold a green pigment, chlorophyll."),
        (("What day comes after Monday?", "Which day is after Monday?"), "Tuesday comes after Monday."),
        (("How many days has a week?", "How many days are in a week?"), "A week has seven days."),
        (("What is the meaning of life?", "What is love?", "Who will win?", "What will happen tomorrow?",
          "What is quantum physics?", "Explain the theory of relativity.", "Who is the president?", "What time is it?",
          "Can you explain how computers work?"), "I do not know. I am a very small model."),
    )  # fmt: skip
    questions, answer = draw.choice(kinds)
    return draw.choice(questions), answer


FACTS: dict[Callable[[Draw], Pair], int] = {
    _greeting: 3, _capital: 5, _colour: 3, _sum: 9, _who: 2, _count: 6, _list: 7, _why: 2,
}  # fmt: skip


def fact(draw: Draw) -> Pair:
    """A question and its answer."""
    question, answer = draw.choices(list(FACTS), list(FACTS.values()))[0](draw)
    return dressed(draw, question), answer


def knowing(draw: Draw) -> Talk:
    """One question, or a request for a story."""
    return ask(draw, *fact(draw))


def storytelling(draw: Draw) -> Talk:
    """A story about what the user names, as long as he asks."""
    things = [draw.thing() for _ in range(draw.randint(0, 3))]
    named = " and ".join((*((", ".join(f"a {one}" for one in things[:-1])),) * (len(things) > 1),
                          *(f"a {one}" for one in things[-1:])))  # fmt: skip
    about = f" about {named}" if things else ""
    long = draw.happens(0.7)
    what = draw.choice(("story", "story", "tale", "text"))
    forms = (f"Tell me a {'long' if long else 'short'} {what}{about}.", f"Write a {'long' if long else 'short'} {what}{about}",
             f"Tell me {'a lot' if long else 'a little'}{about or ' about the sea'}.",
             *((f"Tell me a {what}{about}", f"Write something long{about}.", f"Please tell me a {what}{about}.",
                f"I want to hear a {what}{about}", f"Talk{about or ' to me'} for a long time.") * long))  # fmt: skip
    length = draw.randint(10, 22) if long else draw.randint(2, 5)
    return ask(draw, draw.choice(forms), story(draw, length, things))
