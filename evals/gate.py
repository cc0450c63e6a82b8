"""The gate: the least each figure has to reach for a change to pass."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic import model_validator as whole

from evals.figures import Figure, percent
from evals.measures import MEASURES
from evals.summary import Summary
from ingest.errors import FileFormatError


class Threshold(BaseModel):
    """The least or the most a figure may be, as a share from 0 to 1; the bound itself passes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min: float | None = Field(default=None, ge=0, le=1)
    max: float | None = Field(default=None, ge=0, le=1)

    @whole(mode="after")
    def _says_something(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give min or max, a share from 0 to 1")
        return self

    def holds(self, value: float) -> bool:
        """Whether a value passes."""
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)

    def __str__(self) -> str:
        bounds = (("at least", self.min), ("at most", self.max))
        return " and ".join(f"{word} {percent(bound)}" for word, bound in bounds if bound is not None)


class Gate(BaseModel):
    """Thresholds for figures over all cases, and for figures over the cases of one kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figures: dict[str, Threshold] = {}
    kinds: dict[str, dict[str, Threshold]] = {}

    @whole(mode="after")
    def _figures_exist(self) -> Self:
        known = {measure.name for measure in MEASURES}
        for name in (*self.figures, *(name for kind in self.kinds.values() for name in kind)):
            if name not in known:
                raise ValueError(f"no figure is called {name!r}; there are: {', '.join(sorted(known))}")
        return self

    @classmethod
    def load(cls, path: Path) -> Gate:
        """Read a gate from TOML; raises FileFormatError with what was expected and what was found."""
        try:
            return cls.model_validate(tomllib.loads(path.read_text("utf-8")))
        except OSError as exc:
            raise FileFormatError(path, None, f"expected a gate that can be read: {exc.strerror}") from exc
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
            raise FileFormatError(path, None, f"expected TOML: {exc}") from exc
        except ValidationError as exc:
            first = exc.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the whole"
            reason = first["msg"].removeprefix("Value error, ")
            raise FileFormatError(path, None, f"expected a gate; {where}: {reason}") from exc

    def missed(self, summary: Summary) -> list[Miss]:
        """The thresholds that a run does not hold; empty when it passes.

        A figure that no case was scored for is missed: a gate that nothing walked through proves nothing.
        """
        groups = [("", self.figures, summary.figures)]
        for kind, thresholds in self.kinds.items():
            there = summary.by_kind.get(kind)
            groups.append((kind, thresholds, there.figures if there else {}))
        return [
            miss
            for kind, thresholds, figures in groups
            for name, threshold in thresholds.items()
            if (miss := _miss(kind, name, threshold, figures))
        ]


@dataclass(frozen=True, slots=True)
class Miss:
    """A threshold that was not held; ``kind`` is "" when it is about all cases."""

    kind: str
    name: str
    threshold: Threshold
    figure: Figure | None

    def __str__(self) -> str:
        where = f"{self.name} of {self.kind!r} cases" if self.kind else self.name
        return f"{where}: {self.figure or 'no case scored'}, the gate asks for {self.threshold}"


def _miss(kind: str, name: str, threshold: Threshold, figures: Mapping[str, Figure]) -> Miss | None:
    figure = figures.get(name)
    if figure is not None and figure.value is not None and threshold.holds(figure.value):
        return None
    return Miss(kind, name, threshold, figure)
