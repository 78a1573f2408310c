"""What tiny-embed learns from: topics, meanings and the sentences that say them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from openai_compat.reference.embedded.training import meanings
from openai_compat.reference.embedded.training.meanings import Meaning
from openai_compat.reference.embedded.training.pairs import KINDS, pair
from openai_compat.reference.embedded.training.topic import EVERY, SLOT, THING, Topic, parse, topics

EVERYDAY = Path(__file__).with_name("everyday_triples.txt")
SUBJECTS = [topic for name, topic in topics().items() if name != EVERY]


def named(topic: Topic) -> str:
    return topic.name


def draw(count: int, *, unseen: bool, seed: int = 1) -> list[Meaning]:
    chance = random.Random(seed)
    return [meanings.meaning(chance, unseen=unseen) for _ in range(count)]


def test_there_are_many_topics_and_words() -> None:
    words = {
        word
        for topic in SUBJECTS
        for phrase in (*topic.words, *(phrase for like in topic.concepts for phrase in like))
        for word in meanings.content(phrase)
    }

    assert len(SUBJECTS) >= 60
    assert len(words) >= 2500


@pytest.mark.parametrize("topic", SUBJECTS, ids=named)
def test_a_topic_has_enough_to_say(topic: Topic) -> None:
    assert len(topic.words) >= 20
    assert len(topic.frames) >= 3
    assert len(topic.concepts) >= 4
    assert THING in topic.slots
    assert all(len(like) > 1 for like in topic.concepts)


@pytest.mark.parametrize("topic", SUBJECTS, ids=named)
def test_a_word_stands_for_one_concept_of_its_slot(topic: Topic) -> None:
    for slot in topic.slots.values():
        words = [word for like in slot for word in like]

        assert len(words) == len(set(words))


@pytest.mark.parametrize("topic", topics().values(), ids=named)
def test_frames_use_the_slots_that_the_topic_has(topic: Topic) -> None:
    known = {*topic.slots, "name", "place"} | ({THING} if topic.name == EVERY else set())
    for frame in topic.frames:
        used = set(meanings.slots(frame))
        closed = used - {"name", "place"}

        assert used <= known
        assert all(closed <= set(SLOT.findall(template)) for template in frame)
        assert len(set(frame)) == len(frame) >= 3
        assert not any("{" in SLOT.sub("", template) for template in frame)


def test_no_template_stands_in_two_frames() -> None:
    every = [
        template for topic in topics().values() for frame in topic.frames for template in frame
    ]

    assert len(every) == len(set(every))


def test_equal_seeds_say_equal_things() -> None:
    first, second = (random.Random(7), random.Random(7))

    for _ in range(50):
        assert meanings.triple(first, unseen=True) == meanings.triple(second, unseen=True)
        assert pair(first) == pair(second)


def test_the_hash_is_the_same_everywhere() -> None:
    assert meanings.stable("Will {event} come?", "rain") == 51410314843903


def test_held_out_combinations_are_never_trained() -> None:
    trained = {what.combination for what in draw(5000, unseen=False)}
    examined = {what.combination for what in draw(2000, unseen=True)}

    assert len(examined) > 300
    assert not trained & examined


def test_held_out_templates_are_never_trained() -> None:
    chance = random.Random(3)
    for what in draw(1500, unseen=False):
        out = meanings.held_out(what.frame)
        words = {slot: like[0] for slot, like in what.filling}
        first = Meaning(what.topic, what.frame, tuple((s, (w,)) for s, w in words.items()))

        said = {*meanings.sayings(first, chance)}
        assert not said & {meanings.put(template, words) for template in out}


def test_the_exam_says_what_training_never_says() -> None:
    chance = random.Random(4)
    trained = {
        text.lower().strip(".?! ")
        for what in draw(6000, unseen=False)
        for text in meanings.sayings(what, chance)
    }
    examined = {
        text.lower().strip(".?! ")
        for what in draw(1500, unseen=True)
        for text in meanings.sayings(what, chance, unseen=True)
    }

    assert not trained & examined


@pytest.mark.parametrize("make", KINDS)
def test_pairs_for_training_keep_to_what_may_be_trained(make: object) -> None:
    chance = random.Random(5)
    assert callable(make)
    for _ in range(200):
        made = make(chance)

        assert made.text
        assert made.paraphrase
        assert made.rival
        assert made.topic in {"", *topics()}
        assert made.topic != EVERY


def test_paraphrases_share_few_words() -> None:
    chance, shared, count = random.Random(6), 0.0, 1000
    for _ in range(count):
        what = meanings.meaning(chance, unseen=True)
        both = [meanings.content(text) for text in meanings.sayings(what, chance, unseen=True)]
        shared += len(both[0] & both[1]) / max(1, min(map(len, both)))

    assert shared / count < 0.35


def test_a_triple_has_three_texts_and_often_a_hard_one() -> None:
    chance, hard = random.Random(8), 0
    for _ in range(300):
        text, paraphrase, other = meanings.triple(chance, unseen=True)
        hard += len(meanings.content(text) & meanings.content(other)) > 0

        assert len({text.lower(), paraphrase.lower(), other.lower()}) == 3
    assert hard > 60


def test_articles_fit_the_word_after_them() -> None:
    assert meanings.put("a {pet} and a dog", {"pet": "owl"}) == "An owl and a dog"


def test_a_line_that_means_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="before any topic"):
        list(parse(iter(["+ word"])))
    with pytest.raises(ValueError, match="not a line"):
        list(parse(iter(["[topic]", "word"])))


def test_everyday_triples_are_not_from_the_generator() -> None:
    lines = EVERYDAY.read_text(encoding="utf-8").splitlines()
    triples = [line.split(" | ") for line in lines if not line.startswith("#")]
    said = {template for topic in topics().values() for frame in topic.frames for template in frame}

    assert len(triples) >= 30
    assert all(len(set(triple)) == 3 for triple in triples)
    assert not said & {text for triple in triples for text in triple}
