"""A gap in code or prose, of which the rest says what belongs there."""

from __future__ import annotations

import re
from itertools import chain, islice

from ..draw import Draw
from ..lesson import Gap
from ..noise import FUNCTION
from .knowing import CAPITALS, COLOURS, NUMBERS
from .wording import composed

_SIGNS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "plus": "+",
    "minus": "-",
    "times": "*",
}
_CODE = (
    "def {sign}({a}, {b}):\n    return {a} {op} {b}\n",
    "def {f}({a}):\n    {b} = {a}\n    return {b}\n",
    "def {f}({a}, {b}):\n    {c} = {g}({a}, {b})\n    return {c}\n",
    "for {a} in {b}:\n    print({a})\n",
    "for {a} in range({n}):\n    {b}.append({a})\n",
    "{a} = {n}\n{b} = {a}\nprint({b})\n",
    "if {a} is None:\n    return None\nreturn {a}.{b}\n",
    "class {C}:\n    def __init__(self, {a}, {b}):\n        self.{a} = {a}\n        self.{b} = {b}\n",
    "import {a}\n\n{b} = {a}.{f}({n})\nprint({b})\n",
    "function {f}({a}, {b}) {{\n  return {a} + {b};\n}}\n",
    "const {a} = {n};\nconsole.log({a});\n",
    "while {a} < {n}:\n    {a} += 1\nprint({a})\n",
    "with open({a}) as {b}:\n    {c} = {b}.read()\nprint({c})\n",
    "try:\n    {f}({a})\nexcept {C}Error:\n    {g}({a})\n",
    "def {f}({a}):\n    if {a}:\n        return True\n    return False\n",
    "{a} = [{b} for {b} in {c}]\nassert {a} == list({c})\n",
    "SELECT {a}, {b} FROM {c} ORDER BY {a};\n",
    "<{a}><{b}>{n}</{b}></{a}>\n",
    '{{"{a}": {n}, "{b}": {n2}, "all": ["{a}", "{b}"]}}\n',
    "def {f}({a}, {b}):\n    print({a}, {b})\n",
    "def {f}({a}, {b}, {c}):\n    return [{a}, {b}, {c}]\n",
    "def {f}({a}, {b}):\n    return {b}, {a}\n",
    "def {f}({a}):\n    return {g}({a})\n",
    "def {sign}({a}, {b}):\n    print({a} {op} {b})\n",
    "def {sign}({a}, {b}):\n    # {a} {op} {b}\n    return {a} {op} {b}\n",
    "for {a} in {b}:\n    {c}.add({a})\n",
    "for {a} in {b}:\n    {f}({a})\nreturn {b}\n",
    "for {a}, {b} in {c}:\n    print({a}, {b})\n",
    "for {a} in {f}({b}):\n    yield {a}\n",
    "{a} = {f}({b})\nreturn {a}\n",
    "{a} = {f}({n})\n{b} = {g}({a})\nprint({b})\n",
    "{a} = input()\nprint({a})\n",
    "{a}, {b} = {b}, {a}\n",
    "{a} = {n}\nwhile {a} > 0:\n    {a} -= 1\n",
    "if {a} == {b}:\n    print({a})\n",
    "if not {a}:\n    raise {C}Error({a})\n",
    "if {a} > {n}:\n    {a} = {n}\nreturn {a}\n",
    "if {a} and {b}:\n    return {a} + {b}\n",
    "class {C}:\n    {a} = {n}\n\nprint({C}.{a})\n",
    "class {C}:\n    def __init__(self, {a}):\n        self._{a} = {a}\n\n    def {f}(self):\n        return self._{a}\n",
    "class {C}:\n    pass\n\n{a} = {C}()\nprint({a})\n",
    "class {C}:\n    def __init__(self, {a}, {b}, {c}):\n        self.{c} = {c}\n",
    "class {C}:\n    def {f}(self, {a}):\n        self.{a} = {a}\n",
    "class {C}({b}):\n    def __init__(self, {a}):\n        super().__init__({a})\n",
    "class {C}:\n    def __init__(self, {a}):\n        self.{b} = {a}\n",
    "class {C}:\n    def __init__(self, {a}=None):\n        self.{a} = {a}\n",
    "class {C}:\n    def {f}(self, {a}, {b}):\n        return {a}, {b}\n",
    "from {a} import {b}\n\n{b}({n})\n",
    "import {a}\n{a}.{f}()\n",
    "assert {f}({n}) == {n2}\nassert {g}({n}) == {n2}\n",
    "let {a} = {n};\n{a} = {a} + 1;\n",
    "const {a} = {b}({n});\nreturn {a};\n",
    "const {f} = ({a}) => {a} * {n};\nconsole.log({f}({n2}));\n",
    "function {f}({a}) {{\n  console.log({a});\n}}\n{f}({n});\n",
    "function {f}({a}, {b}) {{\n  return [{a}, {b}];\n}}\n",
    "var {a} = {n};\nvar {b} = {a};\n",
    "int {a} = {n};\nreturn {a};\n",
    "int {sign}(int {a}, int {b}) {{\n  return {a} {op} {b};\n}}\n",
    "{a}: {n}\n{b}: {n2}\n# {a} and {b}\n",
    "export {a}={n}\necho ${a}\n",
    "INSERT INTO {c} ({a}) VALUES ({n});\nSELECT {a} FROM {c};\n",
    "<{a}>{n}</{a}>\n<{b}>{n2}</{b}>\n",
)
_PROSE = (
    "{N} has a {how} {x}. The {x} of {N} is {how}.",
    "My name is {N}. I live in {city}. Everybody in {city} knows {N}.",
    "The {x} and the {y} are friends. One day the {x} asked the {y} for help.",
    "{N} went to the {x} with {M}. At the {x} {N} and {M} were happy.",
    "First comes the {x}, then the {y}. After the {x} comes the {y}.",
    "The capital of {country} is {capital}. Many people in {country} live in {capital}.",
    "{Thing} is {colour}. Everything that is {colour} looks like {thing}.",
    "One, two, three, four, five, six, seven, eight, nine, ten. {N} can count.",
    "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday: all days of {N}.",
    "Dear {N},\nthank you for the {x}. I like the {x} very much.\nYours, {M}",
    "{N}: Hello {M}!\n{M}: Hello {N}!\n",
    "{N} lives in {city}. All people in {city} know {N}.",
    "{N} comes from {city}. {city} is far away. {N} wants to go back to {city}.",
    "In {city} there is a {how} {x}. {N} loves the {how} {x} in {city}.",
    "The {x} is {how}. {N} wants a {how} {x}.",
    "{N} has a {x}. It is {how}. Everybody likes the {how} {x} of {N}.",
    "{N} and {M} are friends. {M} likes {N}, and {N} likes {M}.",
    "{N} saw {M}. Then {M} saw {N}. Then {N} and {M} sat down.",
    "Yesterday {N} met {M}. Today {N} and {M} meet again.",
    "{N} went home, and {M} went home. So {N} and {M} were at home.",
    "{N} gave {M} a {x}. {M} said: thank you for the {x}, {N}!",
    "{N} found a {x} and gave the {x} to {M}. Now {M} has the {x}.",
    "Here is a {x}. {N} took the {x} to {M}. {M} liked the {x}.",
    "This is {N}. {N} is {how}. This is {M}. {M} is {how} too.",
    "I have a {x} and a {y}. The {x} is {how}. The {y} is not {how}.",
    "A {x} is not a {y}, and a {y} is not a {x}.",
    "First {N} bought a {x}, then {M} bought the {x} from {N}.",
    "{country} has a capital. The capital of {country} is {capital}.",
    "{capital} is the capital of {country}. If you go to {country}, visit {capital}.",
    "The {x} of {N} is {how}, but the {x} of {M} is not {how}.",
    "Where is the {x}? The {x} is in {city}. {N} brought the {x} to {city}.",
    "Who is {N}? {N} is a friend of {M}. Who is {M}? {M} is a friend of {N}.",
    '"{x}" and "{y}" are words. {N} said "{x}", and {M} said "{y}".',
    "- {x}\n- {y}\n\nThe list has a {x} and a {y}.",
    "Name: {N}\nCity: {city}\n\n{N} lives in {city}.",
    "To: {N}\nFrom: {M}\n\nHello {N}, how are you?\n{M}",
    "{x} {y} {x} {y} {x} {y}\n",
    "{x}, {how}, {N}\n{x}, {how}, {N}\n{x}, {how}, {N}\n",
    "{N} likes {x}. {N} likes {y}. {N} likes {how} things.",
    "Once upon a time there was a {how} {x}. It was called {N}. {N} was a very {how} {x}.",
)
_ASKED_CODE = (
    "def {f}({a}, {b}, {c}):\n    return {a}, {b}, {c}\n",
    "for {a} in {c}:\n    {b}({a})\n",
    "{a} = {f}({n})\nprint({a})\n",
    "def {sign}({a}, {b}):\n    {c} = {a} {op} {b}\n    return {c}\n",
    "class {C}:\n    def __init__(self, {a}):\n        self.{a} = {a}\n",
    "const {a} = {f}({n});\nconsole.log({a});\n",
    "if {a}:\n    return {a}\n",
)
_ASKED_PROSE = (
    "{N} lives in {city}. In {city} all people know {N}.",
    "The {x} is {how}. {N} likes the {how} {x}.",
    "{N} met {M}. Then {N} and {M} went home.",
    "The capital of {country} is {capital}.",
    "This is a {x}. {N} gave the {x} to {M}, and {M} said thank you for the {x}.",
)
_HEADS = (
    "def {f}({all}):\n    ", "def {f}({all}):\n    ", "async def {f}({all}):\n    ", "    def {f}(self, {all}):\n        ", "{f} = lambda {all}: ",
    "function {f}({all}) {{\n  ", "const {f} = ({all}) => ", "fn {f}({all}) {{\n    ", "def {f}({all}):\n    # {all}\n    ", "for {all} in {g}:\n    ",
    "{all} = {g}()\n", "({all}) = {g}\n", "with {g}() as ({all}):\n    ", "from {g} import {all}\n", "{f}: {all} -> ", "let {{{all}}} = {g};\n",
)  # fmt: skip
"""What names some things, which a use then names again in the same order."""
_USES = (
    "return {all}", "return [{all}]", "return ({all})", "return {g}({all})", "print({all})", "yield {all}", "return {sum}", "{r} = {sum}\n    return {r}",
    "{r} = {g}({all})\n    return {r}", "{r} = [{all}]\n    print({r})", "return {{{all}}}", "{r}.append(({all}))", "return {g}.{f}({all})", "assert {all}",
    "console.log({all});", "return {sum};", "{g}({all});", "send({all})", "if {sum} > {n}:\n        return {all}", "return max({all})",
)  # fmt: skip
_FIRST = (
    "{a} = {n}\n", "{a} = {f}()\n", "{a} = {b}.{f}({n})\n", "import {a}\n", "from {b} import {a}\n", "for {a} in {b}:\n    ", "for {a} in range({n}):\n    ",
    "with open({n}) as {a}:\n    ", "let {a} = {n};\n", "const {a} = {f}();\n", "if {a} is None:\n    ", "while {a} < {n}:\n    ", "if {a} == {n}:\n    ",
    "{a} = [{n}, {n2}]\n", "try:\n    {a} = {f}()\n", "# {a} is {n}\n", "int {a} = {n};\n", "global {a}\n", "{a}: int = {n}\n", '{a} = "{n}"\n', "if not {a}:\n    ",
    "{f}({a})\n", "{b}[{a}] = {n}\n", "var {a} = {b};\n", "{a} += {n}\n", "export {a}={n}\n",
)  # fmt: skip
"""What names one thing, which a use then names again."""
_THEN = (
    "print({a})\n", "return {a}\n", "{f}({a})\n", "{a}.{f}()\n", "{c} = {a}\n", "{a} += 1\n", "console.log({a});\n", "assert {a}\n", "del {a}\n", "raise {a}\n",
    "{c} = {f}({a})\n", "{c}.append({a})\n", "{a} = {a} + {n2}\n", "return {a}.{f}\n", "yield {a}\n", "{c}[{a}] = {n2}\n", "if {a}:\n    pass\n", "print({n2}, {a})\n",
    "return [{a}]\n", "{f}({n2}, {a});\n", "await {a}\n", "echo ${a}\n", "{c} = {a} * {n2}\n",
)  # fmt: skip
_FACTS = (
    ("{N} lives in {city}.", "{N} is from {city}.", "{city} is the home of {N}.", "The home of {N} is {city}.", "You can find {N} in {city}.", "In {city} everybody knows {N}.",
     "People in {city} like {N}.", "{N} wants to go back to {city}.", "{N} loves {city}.", "{city} is where {N} lives.", "{N} came to {city} last year.", "Welcome to {city}, {N}!",
     "Every day {N} walks through {city}.", "{N} knows all streets of {city}.", "Nobody in {city} knows {N}.", "{city} is far away, says {N}."),
    ("The {x} is {how}.", "{N} has a {how} {x}.", "A {how} {x} is here.", "I like the {how} {x}.", "Look at the {x}: it is {how}.", "What a {how} {x}!", "{N} wants the {how} {x}.",
     "It is a {how} {x}.", "Is the {x} {how}? Yes, the {x} is {how}.", "There was a {how} {x}.", "Why is the {x} so {how}?", "The {how} {x} belongs to {N}.", "My {x} is {how}, too.",
     "We saw the {how} {x}.", "{N} says that the {x} is {how}."),
    ("{N} met {M}.", "{M} and {N} are friends.", "{N} likes {M}.", "{N} and {M} sat down.", "{M} asked {N} for help.", "Then {N} saw {M}.", "{N} said hello to {M}.",
     "{M} waited for {N}.", "{N} is a friend of {M}.", "{M} knows {N}.", "{N} looked at {M}, and {M} looked at {N}.", "Today {N} and {M} eat together.", "{N}, {M} and others came.",
     "{M} wrote to {N}.", "After that {N} followed {M}.", "Both {N} and {M} were glad."),
    ("{N} has a {x}.", "{N} gave the {x} to {M}.", "{M} has the {x} now.", "{M} thanked {N} for the {x}.", "Here is the {x} of {N}.", "{M} liked the {x}.", "{N} bought a {x} for {M}.",
     "Now the {x} belongs to {M}.", "{M} said: what a nice {x}, {N}!", "{N} found the {x}.", "Where is the {x}? {M} has the {x}.", "The {x} was from {N}."),
    ("{capital} is the capital of {country}.", "The capital of {country} is called {capital}.", "If you go to {country}, visit {capital}.", "{capital} lies in {country}.",
     "Many people in {country} live in {capital}.", "The largest city of {country} is {capital}.", "From {capital} you can see all of {country}.", "{N} went to {capital} in {country}."),
    ("First comes the {x}, then the {y}.", "After the {x} comes the {y}.", "A {x} is not a {y}.", "The {x} and the {y} are friends.", "I have a {x} and a {y}.", "The {x} asked the {y}.",
     "The {y} is bigger than the {x}.", "Take the {x}, not the {y}.", "The {x} is near the {y}.", "Without a {x} there is no {y}.", "{N} saw the {x} and the {y}."),
)  # fmt: skip
"""Sentences that say the same of the same things; some of one row make a text."""
_AHEAD = ("", "", "", "Then ", "Now ", "So ", "And ", "Today ", "But ", "Yes, ", "Look: ")
_KEYWORDS = frozenset(("return", "self", "print", "def", "for", "in", "if", "None", "import"))
_WORD = re.compile(r"[^\W\d_]\w*|\d+")


def _mentioned(draw: Draw) -> str:
    """Two sentences without sense that name the same things: the one that is missing is certain."""
    things = draw.sample(("{N}", "{M}", "{city}", "{x}", "{y}", "{how}"), draw.choice((1, 2, 2, 3)))
    between = iter(draw.sample(FUNCTION, 20))  # each once, so that only the things come again
    said = []
    for _ in range(2):
        draw.shuffle(things)
        words = [(*islice(between, draw.randint(0, 3)), one) for one in things]
        said.append(" ".join((*chain(*words), *islice(between, draw.randint(0, 1)))))
    return draw.choice((". ", ". ", ", and ", "\n", "; ")).join(said) + draw.choice((".", ".", ""))


def _prose(draw: Draw) -> str:
    if draw.happens(0.35):
        return _mentioned(draw)
    if draw.happens(0.3):
        return draw.choice(_PROSE)
    said = draw.sample(draw.choice(_FACTS), draw.choice((2, 2, 3, 4)))
    return draw.choice((" ", " ", " ", "\n")).join(draw.choice(_AHEAD) + one for one in said)


def _code(draw: Draw) -> str:
    roll = draw.random()
    if roll < 0.3:
        return draw.choice(_CODE)
    if roll < 0.6:
        return "".join(
            draw.choice(_FIRST) + draw.choice(_THEN) for _ in range(draw.choice((1, 1, 2)))
        )
    names = ["{a}", "{b}", "{c}", "{d}"][: draw.randint(1, 4)]
    use = draw.choice(_USES).replace(
        "{sum}", f" {draw.choice(('+', '-', '*', '{op}'))} ".join(names)
    )
    made = draw.choice(_HEADS) + use + "\n"
    return made.replace("{all}", ", ".join(names))


def text(draw: Draw) -> str:
    """Code or prose with fresh names."""
    if draw.happens(0.55):
        form = composed(draw, lambda: _code(draw), _ASKED_CODE)
    else:
        form = composed(draw, lambda: _prose(draw), _ASKED_PROSE)
    country, capital = draw.choice(list(CAPITALS.items()))
    thing, colour = draw.choice(list(COLOURS.items()))
    sign, op = draw.choice(list(_SIGNS.items()))

    def identifier() -> str:
        made = draw.thing() if draw.happens(0.7) else f"{draw.thing()}_{draw.thing()}"
        return draw.choice("abcdefijknmpqstxyz") if draw.happens(0.2) else made.replace("-", "_")

    made = (
        draw.tool_word("verbs"),
        draw.tool_word("verbs"),
        draw.thing().capitalize().replace("-", ""),
    )
    return form.format(
        a=identifier(), b=identifier(), c=identifier(), d=identifier(), r=identifier(), f=made[0], g=made[1], C=made[2], n=draw.number(999), n2=draw.number(99),
        N=draw.name(), M=draw.name(), x=draw.thing(), y=draw.thing(), how=draw.known(), city=draw.city(), country=country,
        capital=capital, thing=thing, Thing=thing[0].upper() + thing[1:], colour=colour, sign=sign, op=op,
        number=NUMBERS[draw.randint(1, 10)],
    )  # fmt: skip


def certain(whole: str) -> list[tuple[int, int]]:
    """Spans of words that the rest of the text also has, so that what is missing is certain."""
    found = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(whole)]
    words = [word for _, _, word in found]
    once = {word for word in words if words.count(word) == 1}
    return [
        (start, end) for start, end, word in found if word not in once and word not in _KEYWORDS
    ]


def filling(draw: Draw) -> Gap:
    """A gap that the rest determines; in training sometimes any gap, so that every cut is known."""
    while True:
        whole = text(draw)
        spans = certain(whole)
        if draw.happens(0.04) and not draw.unseen:
            start, end = sorted(draw.sample(range(len(whole) + 1), 2))
            end = min(end, start + 25)
            break
        if not spans:
            continue
        start, end = draw.choice(spans)
        if draw.happens(0.35 if draw.unseen else 0.4):  # some words of one line with all between
            longest = 30 if draw.unseen else 50
            later = [after for before, after in spans if before > start and after - start < longest]
            end = draw.choice(later) if later else end
            if "\n" in whole[start:end] or not _determined(whole, start, end):
                continue
        break
    return Gap(whole[:start], whole[end:], whole[start:end])


def _determined(whole: str, start: int, end: int) -> bool:
    rest = whole[:start] + " " + whole[end:]
    return all(
        word in _WORD.findall(rest) or word in _KEYWORDS for word in _WORD.findall(whole[start:end])
    )
