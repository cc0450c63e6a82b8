"""A record of the training material: a sentence of a document, what people say for it, and near misses.

Example line::

   {"topic": "lost property", "sentence": "Lost property is logged by the concierge and kept ninety days.",
    "asked": ["left my umbrella here", ... five], "near": ["who searches bags?", ... three]}
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ingest.errors import FileFormatError

Half = Literal["train", "held"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

ASKED, NEAR = 5, 3
WORDINGS = Path(__file__).parent / "wordings"


class Record(BaseModel):
    """A sentence as a document has it, and questions of people who have not read the document.

    ``topic`` is what the sentence gives to somebody, ``asked`` are wordings that the sentence answers,
    ``near`` questions of the same corner that it does not answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Words
    sentence: Words
    asked: Annotated[tuple[Words, ...], Field(min_length=ASKED, max_length=ASKED)]
    near: Annotated[tuple[Words, ...], Field(min_length=NEAR, max_length=NEAR)]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the record."""
        return (self.topic, self.sentence, *self.asked, *self.near)


def load(half: Half, folder: Path = WORDINGS) -> list[Record]:
    """The records that are trained on, or those that are held back; field by field, in the files' order.

    Raises FileFormatError, with file and line, for a line that is no record and for a folder without records.
    """
    records = []
    for file in sorted((folder / half).glob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            try:
                records.append(Record.model_validate_json(line))
            except ValidationError as exc:
                first = exc.errors()[0]
                field = ".".join(str(part) for part in first["loc"]) or "the whole"
                raise FileFormatError(file, number, f"expected a record; {field}: {first['msg']}") from exc
    if not records:
        raise FileFormatError(folder / half, None, "expected *.jsonl files of records; found none")
    return records
