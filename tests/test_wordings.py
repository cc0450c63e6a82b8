"""What the encoder is trained on: sound records in two halves, and no question of an evaluation."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from evals import cases
from evals.encoder import lesson
from evals.encoder.lesson import BLOCK, BLOCKS, FROM_BLOCK, Lesson, epoch
from evals.encoder.record import ASKED, NEAR, WORDINGS, Record, load
from ingest.errors import FileFormatError
from ingest.words import stems

FIELDS = (
    *("administration", "associations", "care", "commerce", "communities", "education", "finance"),
    *("hospitality", "industry", "management", "public", "software", "technology"),
)
LINE = (
    '{"topic": "lost property", "sentence": "The porter keeps lost property.", '
    '"asked": ["a", "b", "c", "d", "e"], "near": ["f", "g", "h"]}\n'
)


def plain(text: str) -> str:
    """The words of ``text`` in small letters: the same for two texts that differ in marks alone."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.fixture(scope="module")
def train() -> list[Record]:
    return load("train")


@pytest.fixture(scope="module")
def held() -> list[Record]:
    return load("held")


@pytest.fixture(scope="module")
def every(train: list[Record], held: list[Record]) -> list[Record]:
    return [*train, *held]


def test_there_is_a_file_for_each_field_in_each_half() -> None:
    files = {str(f.relative_to(WORDINGS)) for f in WORDINGS.rglob("*.*")}
    assert files == {f"{half}/{field}.jsonl" for half in ("train", "held") for field in FIELDS}
    for half, least in (("train", 390), ("held", 30)):
        assert all(len((WORDINGS / half / f"{f}.jsonl").read_text().splitlines()) >= least for f in FIELDS)


def test_the_halves_have_their_size(train: list[Record], held: list[Record]) -> None:
    assert len(train) == 5999
    assert len(held) == 459


def test_every_text_is_one_clean_line_and_none_of_a_record_comes_twice(every: list[Record]) -> None:
    for record in every:
        assert all(text == " ".join(text.split()) for text in record.texts), record
        assert len({plain(text) for text in record.texts}) == 2 + ASKED + NEAR, record


def test_no_topic_and_no_sentence_comes_twice_in_either_half(every: list[Record]) -> None:
    for texts in ([r.topic for r in every], [r.sentence for r in every]):
        assert [text for text, times in Counter(map(plain, texts)).items() if times > 1] == []


def test_people_say_it_in_words_of_their_own(every: list[Record]) -> None:
    shared = [bool(set(stems(r.topic)) & set(stems(text))) for r in every for text in r.asked]
    assert len(shared) == 5 * len(every)
    assert sum(shared) / len(shared) <= 0.05


def test_nothing_is_a_question_or_a_quote_of_an_evaluation(every: list[Record], root: Path) -> None:
    sets = [root / "evals/questions.jsonl", *sorted((root / "evals/sets").glob("*/questions.jsonl"))]
    assert len(sets) == 6
    read = [case for file in sets for case in cases.load(file)]
    taken = {plain(text) for c in read for text in (c.question, *(g.quote for g in c.gold))}
    taken |= {plain(str(turn["content"])) for c in read for turn in c.history}
    assert [text for r in every for text in r.texts if plain(text) in taken] == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"topic": "x"', "the whole: Invalid JSON"),
        (LINE.replace('"e"', '"e", "f"'), "asked: Tuple should have at most 5 items"),
        (LINE.replace('"g", ', ""), "near: Tuple should have at least 3 items"),
        (LINE.replace("lost property", "  ", 1), "topic: String should have at least 1 character"),
        (LINE.replace('"topic"', '"note": "", "topic"'), "note: Extra inputs are not permitted"),
    ],
)
def test_a_line_that_is_no_record_is_named(tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "train" / "field.jsonl"
    file.parent.mkdir()
    file.write_text(LINE + line)
    with pytest.raises(FileFormatError, match=re.escape(f"{file}, line 2: expected a record; {says}")):
        load("train", tmp_path)


def test_a_folder_without_records_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="found none"):
        load("held", tmp_path)


@pytest.fixture(scope="module")
def lessons(train: list[Record]) -> list[Lesson]:
    return lesson.lessons([*train[:150], *train[1000:1200]], random.Random(3))


def test_a_lesson_has_direct_questions_and_surroundings(lessons: list[Lesson]) -> None:
    sentences = {one.record.sentence for one in lessons}
    for one in lessons:
        assert len(one.direct) == 3
        assert all(one.record.topic in text for text in one.direct)
        before, _, after = one.around.partition(f" {one.record.sentence} ")
        assert {before, after} <= sentences
    again = lesson.lessons([one.record for one in lessons], random.Random(3))
    assert again == lessons


def test_an_epoch_draws_nearly_every_wording_once_and_no_record_twice_in_a_batch(
    lessons: list[Lesson],
) -> None:
    at = {
        text: i
        for i, one in enumerate(lessons)
        for text in (one.record.topic, one.record.sentence, one.around)
    }
    direct = {text for one in lessons for text in one.direct}
    asked: Counter[str] = Counter()
    drawn = 0
    for batch in epoch(lessons, 64, random.Random(2)):
        own = [at[draw.document] for draw in batch]
        assert len(set(own)) == len(own) <= 64
        blocks = Counter(i // BLOCK for i in own)
        assert len(blocks) <= BLOCKS
        assert max(blocks.values()) <= FROM_BLOCK
        for i, draw in zip(own, batch, strict=True):
            assert draw.question in lessons[i].texts
            assert draw.near in lessons[i].record.near
            asked[draw.question] += draw.question not in direct
        drawn += len(batch)
    assert 0.9 * ASKED * len(lessons) < drawn <= ASKED * len(lessons)
    assert max(asked.values()) == 1
    assert 0.6 * drawn < sum(asked.values()) < 0.8 * drawn  # 0.3 are direct


def test_an_epoch_ends_however_few_the_lessons_are(lessons: list[Lesson]) -> None:
    assert list(epoch([], 64, random.Random(1))) == []
    batches = list(epoch(lessons[:3], 2, random.Random(1)))
    assert [len(b) for b in batches].count(2) >= 5
    assert sum(len(b) for b in batches) == 3 * ASKED
