from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import blocks, clean

BODY = (
    "The chief financial officer decides on the budget of the company. The head of a department may spend"
    " what the budget gives to it, and asks before it is exceeded. Nobody approves spending of his own."
    " The board hears of it every quarter, and may ask for more. All of this holds for every part of us."
)


def furniture(text: str) -> list[str]:
    """What is thrown out of a text, in order."""
    text = dedent(text).strip()
    layout = blocks.split(text)
    dropped = clean.furniture(text, layout)
    return [" ".join(text[b.start : b.end].split()) for n, b in enumerate(layout) if n in dropped]


@pytest.mark.parametrize(
    "line",
    [
        "No comments:",
        "3 Comments",
        "Post a Comment",
        "You May Also Like",
        "About the Author",
        "Share this:",
        "Related posts",
        "Connect with Alex",
        "Skip to main content",
        "© 2021 Example Ltd. All rights reserved.",
        "Copyright 2019-2021, the Example Guild",
        "We use cookies to give you the best experience.",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
        "Nemo enim ipsam voluptatem quia voluptas sit aspernatur aut odit",
        "Monday, July 9, 2018",
        "Privacy policy | Terms of use | Imprint",
        "Home > Policies > Travel",
        "Page 12 | Example Ltd | Back to top | 1 comment",
        "Read our latest report on the state of the industry today.",
    ],
)
def test_stock_lines(line: str) -> None:
    assert furniture(f"{BODY}\n\n{line}\n\nAnd {BODY}") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "The CMO decides which cookies our website uses.",
        "Legal owns the copyright notice of every page.",
        "Share prices are published by the CFO.",
        "Comments on the draft go to the General Counsel, who decides.",
        "Read the incident report before you close the ticket.",
        "Contact the security team.",
        "In quasi all cases, ad hoc decisions do not sit well with the board.",
        "The board met on 9 July 2018.",
        "Subscribe requests are approved by the CMO.",
    ],
)
def test_guidance_stays(line: str) -> None:
    assert furniture(f"{BODY}\n\n{line}\n\nAnd {BODY}") == []


def test_what_somebody_owns_is_no_menu() -> None:
    owns = "The CMO owns:\n\n- Search\n- Newsletter\n- Share this"
    assert furniture(f"{owns}\n\n| Topic | Owner |\n|---|---|\n| Home | CIO |") == []


def test_an_article_printed_twice() -> None:
    said = [f"{n}. The head of department {n} decides on everything of its own." for n in range(1, 4)]
    text = "\n".join(
        ["Here are the guidelines of the company, which hold for all of its parts:", *said, BODY.strip()]
    )
    again = "\n".join([*said, BODY.strip()])
    assert len(furniture(f"{text}\n{again}")) == 4  # three items and the closing paragraph
    assert furniture(text) == []


def test_the_same_item_of_somebody_else_is_no_repeat() -> None:
    item = "approve the spending of the department up to the limit"
    assert furniture(f"The CFO may:\n- {item}.\n\nThe COO may:\n- {item}.") == []
    assert furniture(f"# The CFO\n\nMay {item}.\n\n# The COO\n\nMay {item}.") == []
    assert furniture(f"# The CFO\n\nMay {item}.\n\nMay {item}.") == [f"May {item}."]


def test_what_trails_an_article() -> None:
    trail = ["No comments:", "Post a Comment", "Other News", "With many it is a topic around our hom..."]
    assert furniture("\n\n".join([BODY, *trail])) == trail


def test_guidance_below_such_a_line_is_not_lost() -> None:
    assert furniture(f"The CIO decides.\n\nNo comments:\n\n{BODY}") == ["No comments:"]


def test_a_title_printed_twice() -> None:
    assert furniture(f"Who decides: a surveyWho decides: a survey\n\n{BODY}") == [
        "Who decides: a surveyWho decides: a survey"
    ]
    assert clean.undoubled("Who decides: a survey Who decides: a survey") == "Who decides: a survey"
    assert clean.undoubled("Who decides") == "Who decides"


def test_a_paragraph_that_advertises_what_it_speaks_of() -> None:
    advert = (
        "Our Example Hundred issue shines a spotlight on the best. We offer a ranked list, too. "
        "Read our Example Hundred issue today."
    )
    assert furniture(f"{BODY}\n\n{advert}") == [advert]
    # Its last sentence speaks of something else: that alone is a call, the rest is what happened.
    told = "At our breakfast the panel said who decides on budgets. Read a summary of the discussion."
    assert furniture(f"{BODY}\n\n{told}") == []
    assert clean.is_call_to_action("Read a summary of the discussion.")
    assert not clean.is_call_to_action("The panel said who decides on budgets.")


def test_a_table_of_contents() -> None:
    text = """
        - Scope
        - Approval
        - Exceptions

        # Scope

        All of it.

        # Approval

        The CFO approves.

        # Exceptions

        None.
        """
    assert furniture(text) == ["Scope", "Approval", "Exceptions"]


def test_no_blocks_no_furniture() -> None:
    assert clean.furniture("", []) == set()


@given(st.text(alphabet=st.sampled_from("No comments:\n.© 2021Read more-#|…")))
def test_any_text_gives_indices_of_its_blocks(text: str) -> None:
    layout = blocks.split(text)
    assert clean.furniture(text, layout) <= set(range(len(layout)))
