"""The corpus: restated and not copied, nothing lost on the way, no furniture, files that fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

# What the name of an original begins with, and the file that restates it.
RESTATES = {
    "000": "digital-leadership-guidelines.md",
    "001": "cio-cmo-relationship.md",
    "002": "cmo-vs-cio.md",
    "003": "merging-of-cio-and-cmo.md",
    "004": "bridging-the-cio-cmo-divide.md",
}
SHARED_RUN = 7  # words in a row that would count as copied

# Lines of the originals that belong to the web page and not to the article.
FURNITURE = re.compile(
    r"Elite 100|About the Author|You May Also Like|No comments|Post a Comment|Human-Centered|A s with many"
    r"|Nemo enim|voluptatem quia|sit aspernatur|Connect With"
)
# What would be left of such lines in a restatement, front matter aside.
FURNITURE_LEFT = re.compile(
    r"Elite 100|26th|About the author|You may also like|comments|Human-Centered|Nemo|voluptat|Macario"
    r"|Read a summary",
    re.I,
)

NAMES = {
    "digital-leadership-guidelines.md": [
        "Chief Marketing Officer (CMO)", "Chief Information Officer (CIO)", "APIs", "cloud",
        "cybersecurity", "digital marketing", "social media", "customer experience", "mobile apps", "(IoT)",
    ],
    "cio-cmo-relationship.md": [
        "Plagued By Digital Pretenders", "logjam", "market data", "vendors", "apps", "test case",
        "architecture", "design", "information", "integration", "nearly two thirds", "digital dynamite",
    ],
    "cmo-vs-cio.md": [
        "Henry Ford", "Forrester", "service providers", "9 July 2018", "Monday",
    ],
    "merging-of-cio-and-cmo.md": [
        "chief marketing officer (CMO)", "chief information officer (CIO)", "A decade", "B2B", "B2C",
        "sales team", "print", "broadcasting", "email", "website", "E-commerce", "mobile phones",
        "social media", "customer analytics", "dynamic web content", "hot buttons", "C-suite",
        "Spotlight Series", "Q1 2015",
    ],
    "bridging-the-cio-cmo-divide.md": [
        "George Colony", "CEO", "Forrester", "mobile moment", "PwC", "Digital IQ", "Chris Curran",
        "chief technologist", "catalyst", "Two decades", "last decade",
        "Management of Information Systems (MIS)", "mainframes", "databases", "data centre", "outsourced",
        "According to Inc.", "eight billion", "Forbes", "voice search", "turf wars", "silos", "cheque",
        "Macario",
    ],
}  # fmt: skip

HEDGES = {
    "digital-leadership-guidelines.md": [
        "often unclear", "typically", "in the best position", "usually", "Ideally", "imperative",
        "Grey areas may", "can make",
    ],
    "cio-cmo-relationship.md": [
        "suggested", "recommended", "consider", "may also bring", "fair balance", "can achieve",
    ],
    "cmo-vs-cio.md": [
        "according to Forrester", "In the author's experience, most", "a growing number of organisations",
        "Some analysts expect", "Other analysts think", "The author believes",
    ],
    "merging-of-cio-and-cmo.md": [
        "in general", "most of what", "increasingly", "may make it necessary",
    ],
    "bridging-the-cio-cmo-divide.md": [
        "experience as a CIO", "in the author's view", "says that winning", "says that CIOs",
        "some of this capability", "may feel overwhelmed", "remarked that",
    ],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the corpus: its front matter and what follows it."""

    head: dict[str, Any]
    body: str
    whole: str


def read(path: Path) -> Page:
    whole = path.read_text(encoding="utf-8")
    opening, head, body = whole.split("---\n", 2)
    assert opening == "", f"{path.name} does not begin with front matter"
    return Page(yaml.safe_load(head), body, whole)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace("’", "'"))


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every run of ``length`` words within a paragraph."""
    for paragraph in text.splitlines():
        listed = words(paragraph)
        yield from zip(*(listed[i:] for i in range(length)), strict=False)


def figures(text: str) -> set[str]:
    """Every number written in digits; the 2 of B2B and the 1 of Q1 are parts of names."""
    return set(re.findall(r"(?<![A-Za-z\d])\d+(?:,\d{3})*", text.replace("Q12015", "Q1 2015")))


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[str, Page]:
    return {p.name: read(p) for p in sorted((root / "corpus").glob("*.md")) if p.name != "README.md"}


@pytest.fixture(scope="module")
def originals(root: Path) -> dict[str, str]:
    """The text of each original without furniture, by the name of the file that restates it."""
    folder = root.parent / "shared" / "originals"
    if not folder.is_dir():
        pytest.skip(f"the original articles are not at {folder}, so nothing can be compared with them")
    found = {}
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        found[RESTATES[path.name[:3]]] = "\n".join(line for line in lines if not FURNITURE.search(line))
    assert set(found) == set(RESTATES.values())
    return found


def test_each_article_has_one_file(pages: dict[str, Page]) -> None:
    assert set(pages) == set(RESTATES.values())


@pytest.mark.parametrize("name", RESTATES.values())
def test_front_matter_is_complete(pages: dict[str, Page], name: str) -> None:
    head = pages[name].head
    assert set(head) == {"title", "source", "kind", "published"}
    assert all(isinstance(value, str) for value in head.values())
    assert "" not in (head["title"], head["source"], head["kind"])
    assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", head["published"])


def test_only_the_article_that_dates_itself_is_dated(pages: dict[str, Page]) -> None:
    dated = {name: page.head["published"] for name, page in pages.items() if page.head["published"]}
    assert dated == {"cmo-vs-cio.md": "2018-07-09"}


@pytest.mark.parametrize("name", RESTATES.values())
def test_nothing_is_copied(pages: dict[str, Page], originals: dict[str, str], name: str) -> None:
    theirs = {run for text in originals.values() for run in runs(text, SHARED_RUN)}
    copied = [" ".join(run) for run in runs(pages[name].body, SHARED_RUN) if run in theirs]
    assert copied == []


def test_a_copied_sentence_would_be_found(originals: dict[str, str]) -> None:
    text = originals["cmo-vs-cio.md"]
    assert set(runs("So: " + text.strip().splitlines()[-1], SHARED_RUN)) & set(runs(text, SHARED_RUN))


@pytest.mark.parametrize("name", RESTATES.values())
def test_every_figure_of_the_original_is_kept(
    pages: dict[str, Page], originals: dict[str, str], name: str
) -> None:
    assert figures(originals[name]) - figures(pages[name].whole) == set()


@pytest.mark.parametrize("name", RESTATES.values())
def test_no_figure_is_made_up(pages: dict[str, Page], originals: dict[str, str], name: str) -> None:
    assert figures(pages[name].body) - figures(originals[name]) == set()


def test_the_figures_stand_as_listed(pages: dict[str, Page]) -> None:
    listed = {
        "cio-cmo-relationship.md": {"63", "60"},
        "cmo-vs-cio.md": {"64"},
        "merging-of-cio-and-cmo.md": {"2015"},
        "bridging-the-cio-cmo-divide.md": {"35", "50", "2023", "1,000", "90"},
    }
    assert {name: figures(pages[name].body) for name in listed} == listed


@pytest.mark.parametrize("name", RESTATES.values())
def test_every_name_and_hedge_is_kept(pages: dict[str, Page], name: str) -> None:
    missing = [part for part in NAMES[name] + HEDGES[name] if part not in pages[name].whole]
    assert missing == []


@pytest.mark.parametrize("name", RESTATES.values())
def test_no_furniture_is_left(pages: dict[str, Page], name: str) -> None:
    assert FURNITURE_LEFT.findall(pages[name].body) == []


def test_the_guidelines_are_numbered_one_to_eight_once(pages: dict[str, Page]) -> None:
    body = pages["digital-leadership-guidelines.md"].body
    assert re.findall(r"^(\d+)\. ", body, re.M) == ["1", "2", "3", "4", "5", "6", "7", "8"]


def test_no_sentence_comes_twice(pages: dict[str, Page]) -> None:
    sentences = [s for page in pages.values() for s in re.split(r"(?<=[.?])\s+", page.body) if len(s) > 20]
    assert len(sentences) > 80
    assert len(sentences) == len(set(sentences))


def test_a_paragraph_is_one_line_so_that_quotes_are_exact(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        lines = [line for line in page.body.splitlines() if line and not line.startswith("#")]
        assert all(line.endswith((".", ":")) for line in lines), name


def test_roles_and_their_aliases_are_told_apart(root: Path) -> None:
    roles = yaml.safe_load((root / "corpus" / "roles.yaml").read_text(encoding="utf-8"))
    assert [role["name"] for role in roles] == ["CMO", "CIO"]
    names = [name.casefold() for role in roles for name in (role["name"], *role["aliases"])]
    assert len(names) == len(set(names))


def test_the_glossary_explains_in_words_of_the_documents(root: Path, pages: dict[str, Page]) -> None:
    entries = yaml.safe_load((root / "corpus" / "glossary.yaml").read_text(encoding="utf-8"))
    terms = [entry["term"].casefold() for entry in entries]
    assert len(terms) == len(set(terms))
    spoken = {word[:3] for page in pages.values() for word in words(page.body)}
    unknown = [m for e in entries for m in e["means"] if any(word[:3] not in spoken for word in words(m))]
    assert unknown == []


def test_the_readme_says_where_each_file_comes_from(root: Path, pages: dict[str, Page]) -> None:
    readme = (root / "corpus" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(.+?\.md)` \|", readme, re.M)
    assert sorted(listed) == sorted(pages)
    assert "python -m ingest build FOLDER --roles corpus/roles.yaml --home DIR" in readme
