from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import blocks
from ingest.records import Block


class Layout:
    """The blocks of a text, to be asked for by their words."""

    def __init__(self, text: str) -> None:
        self.text = dedent(text).strip("\n")
        self.blocks = blocks.split(self.text)

    def words(self, block: Block) -> str:
        return " ".join(self.text[block.start : block.end].split())

    def all(self, kind: str | None = None) -> list[str]:
        return [self.words(b) for b in self.blocks if kind in (None, b.kind)]

    def get(self, words: str) -> Block:
        (found,) = [b for b in self.blocks if self.words(b).startswith(words)]
        return found

    def lead_in(self, words: str) -> str | None:
        parent = self.get(words).parent
        return None if parent is None else self.words(self.blocks[parent])

    def levels(self) -> list[tuple[int, str]]:
        return [(b.level, self.words(b)) for b in self.blocks if b.kind == "heading"]


CONSTITUTION = """
                   Constitution of the Example Guild (v2)

   Version 2 ratified on March 1st, 2020.

1. Introduction

   The Guild is an association of people who have made common
   cause to make good examples.

5. The Leader

  5.1. Powers

   The Leader may:
    1. Appoint delegates, or hand a decision over to the council of the
       guild. The Leader may define an area of it.
    2. Lend authority.
       The Leader may make statements of support for points of view, when
       asked or otherwise.
   10. In consultation with the members, spend money. (See §9.)

  5.2. Appointment

    1. The Leader is elected.
    2. Term limit:
         1. No member serves more than 42 months.
         2. Nobody serves twice.
    3. The vote is secret.

A. Procedure

   These rules apply where stated above.
"""


def test_a_constitution_in_plain_text() -> None:
    # Its markers are right-aligned, its items have paragraphs without a blank line between.
    layout = Layout(CONSTITUTION)
    assert layout.levels() == [
        (1, "Constitution of the Example Guild (v2)"),
        (1, "1. Introduction"),
        (1, "5. The Leader"),
        (2, "5.1. Powers"),
        (2, "5.2. Appointment"),
        (1, "A. Procedure"),
    ]
    assert layout.get("5.1.").marker == "5.1"
    assert layout.get("Lend").headings == ("5. The Leader", "5.1. Powers")
    assert layout.lead_in("Lend authority.") == "The Leader may:"
    assert layout.lead_in("The Leader may make statements") == "Lend authority."
    assert layout.get("The Leader may make").kind == "paragraph"
    assert (layout.get("In consultation").marker, layout.get("In consultation").level) == ("10.", 0)
    assert layout.lead_in("Nobody serves twice.") == "Term limit:"
    assert layout.get("Nobody serves twice.").level == 1
    assert layout.get("The vote").level == 0
    assert layout.lead_in("The Leader is elected.") is None


def test_paragraphs_a_line_each_are_not_joined() -> None:
    lead = "There is often doubt about who takes charge, and so here are some guidelines " * 2
    end = "The end is near. " * 9
    layout = Layout(f"A title without a mark\n{lead.strip()}:\n1. The CMO leads.\n2. The CIO helps.\n{end}")
    assert layout.all("item") == ["The CMO leads.", "The CIO helps."]
    assert layout.lead_in("The CIO helps.") == f"{lead.strip()}:"
    assert layout.all("heading") == ["A title without a mark"]
    assert layout.blocks[-1].kind == "paragraph"
    assert layout.blocks[-1].parent is None


def test_markdown() -> None:
    layout = Layout(
        """
        # Team charter

        ## In scope

        - build pipelines
            - caches
        - laptops;
          all of them

          Ask first.
        - [x] printers

        ## Out of scope

        The following are **not** ours:

        * invoicing

        **Escalation**

        1) Tell the lead.
        2) Tell the CTO.

        ```yaml
        owner: nobody
        ```

        Setext
        ------

        > The CFO signs
        > every contract.

        Decision rights -- the board decides.
        """
    )
    assert layout.levels() == [
        (1, "Team charter"),
        (2, "In scope"),
        (2, "Out of scope"),
        (3, "Escalation"),
        (2, "Setext"),
    ]
    assert layout.lead_in("caches") == "build pipelines"
    assert layout.lead_in("Ask first.") == "laptops; all of them"
    assert layout.lead_in("build pipelines") is None
    assert layout.lead_in("invoicing") == "The following are **not** ours:"
    assert layout.get("printers").kind == "item"
    assert layout.get("Tell the CTO.").headings == ("Team charter", "Out of scope", "Escalation")
    assert layout.get("Tell the CTO.").marker == "2)"
    assert "owner: nobody" not in layout.all()
    assert "The CFO signs > every contract." in layout.all("paragraph")
    assert "Decision rights -- the board decides." in layout.all("paragraph")


def test_table_with_header() -> None:
    layout = Layout(
        """
        | Activity | Responsible | Accountable |
        |----------|:-----------:|-------------|
        | Incident response | SRE | CTO |
        | Budget \\| spend | | CFO |
        """
    )
    rows = layout.blocks
    assert [r.kind for r in rows] == ["row", "row"]
    assert rows[0].columns == ("Activity", "Responsible", "Accountable")
    assert [[layout.text[a:b] for a, b in row.cells] for row in rows] == [
        ["Incident response", "SRE", "CTO"],
        ["Budget \\| spend", "", "CFO"],
    ]


def test_table_without_outer_strokes_or_without_header() -> None:
    bare = Layout("Topic | Owner\n--- | ---\nHiring | HR")
    assert [bare.words(b) for b in bare.blocks] == ["Hiring | HR"]
    assert bare.blocks[0].columns == ("Topic", "Owner")
    boxed = Layout("| Hiring | HR |\n| Pay | CFO |")
    assert [b.columns for b in boxed.blocks] == [(), ()]
    assert Layout("* found | lost\n* taken | kept").all("item") == ["found | lost", "taken | kept"]


def test_tables_of_restructured_text() -> None:
    simple = Layout("====  =======\nArea  Owner\n====  =======\nPay   the CFO\n====  =======")
    assert [[simple.text[a:b] for a, b in r.cells] for r in simple.blocks] == [["Pay", "the CFO"]]
    assert simple.blocks[0].columns == ("Area", "Owner")
    grid = Layout("+-----+-----+\n| A   | B   |\n+=====+=====+\n| Pay | CFO |\n+-----+-----+")
    assert [(r.columns, grid.words(r)) for r in grid.blocks] == [(("A", "B"), "Pay | CFO")]


def test_bylaws_without_indentation() -> None:
    layout = Layout(
        """
        ARTICLE II - BOARD

        Section 1. Powers. The Board shall manage the affairs of the
        Foundation. The Board may, by resolution:

        (a) appoint officers;
        (b) approve the budget, provided that:
        (i) it is balanced; and
        (ii) it is published.
        (c) delegate.

        Section 2. Number. There shall be seven directors.

        ARTICLE III
        OFFICERS

        The officers are a President and a Treasurer.
        """
    )
    assert layout.all("heading") == ["ARTICLE II - BOARD", "ARTICLE III OFFICERS"]
    assert layout.get("Powers. The Board").marker == "Section 1."
    assert layout.lead_in("delegate.") == layout.lead_in("appoint officers;")
    assert (layout.lead_in("delegate.") or "").endswith("by resolution:")
    assert layout.lead_in("it is published.") == "approve the budget, provided that:"
    assert layout.lead_in("Number. There") is None


def test_terms_of_reference_with_lettered_articles() -> None:
    layout = Layout(
        """
        RISK COMMITTEE

        Approved by the Board on 18 September 2024

        A. STANDING

        A.1 The Committee is a committee of the Board. It has three members, none
            of whom is employed.

        A.2 The Committee meets four times a year, and whenever two members ask
            for it.

        B. DUTIES

        B.1 The Committee shall:

            (a) keep the risk register;

            (b) examine the accounts.
        """
    )
    assert layout.levels() == [(1, "RISK COMMITTEE"), (1, "A. STANDING"), (1, "B. DUTIES")]
    assert layout.get("The Committee meets").marker == "A.2"
    assert layout.words(layout.get("The Committee meets")).endswith("ask for it.")
    assert layout.lead_in("examine the accounts.") == "The Committee shall:"


def test_pasted_text_without_blank_lines() -> None:
    layout = Layout(
        """
        Travel policy
        Owner: Finance
        This policy says who approves travel. It applies to all staff.
        1. Scope
        All trips abroad are covered by this policy, whatever they cost.
        2. Approval
        2.1. Line managers approve domestic trips.
        2.2. The CFO approves trips abroad.
        • Flights above 1,000 EUR need the approval of the CFO in
        writing.
        Exceptions
        Exceptions are granted by the COO only.
        """
    )
    assert layout.all("heading") == ["Travel policy", "1. Scope", "2. Approval", "Exceptions"]
    assert layout.all("item") == [
        "Line managers approve domestic trips.",
        "The CFO approves trips abroad.",
        "Flights above 1,000 EUR need the approval of the CFO in writing.",
    ]
    assert "Owner: Finance" in layout.all("paragraph")


def test_definitions_in_plain_text() -> None:
    layout = Layout(
        """
        The severity levels are:

        critical
               makes unrelated software on the system break, or causes
               serious data loss.

        grave
               makes the package unusable.

               It must be fixed.

        The release team decides which of them count.
        """
    )
    assert layout.get("critical").kind == "item"
    assert layout.lead_in("critical") == "The severity levels are:"
    assert layout.lead_in("grave") == "The severity levels are:"
    assert layout.lead_in("makes the package") == "grave"
    assert layout.lead_in("It must be") == "grave"
    assert layout.lead_in("The release team") is None


def test_what_stands_further_in_below_a_colon_belongs_to_it() -> None:
    lead = "The CFO approves, after hearing the heads of the departments that are concerned:"
    layout = Layout(f"{lead}\n\n    budgets of departments;\n\n    loans.\n\nThe board is told.")
    assert layout.lead_in("budgets") == lead
    assert layout.lead_in("loans.") == lead
    assert layout.lead_in("The board is told.") is None


def test_a_full_line_goes_on_even_after_a_full_stop() -> None:
    wrapped = (
        "The CFO approves the budgets of all the departments every year in May.\nThe board is told of it."
    )
    assert len(Layout(wrapped).blocks) == 1
    parted = "The CFO approves.\nThe board, which meets four times a year in the old house, is told of it."
    assert len(Layout(parted).blocks) == 2


def test_a_text_broken_at_an_unusual_width() -> None:
    line = "The board hears the CFO and then decides, and " * 3
    last = "More is decided by the CEO than by any other officer."
    text = f"{line[:124].strip()}\n{line[:122].strip()}\n{last}"
    assert len(Layout(text).blocks) == 1


def test_a_fence_that_is_never_closed_hides_nothing() -> None:
    assert Layout("```\nThe CIO decides.").all() == ["The CIO decides."]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("The sum was paid in\n14. The rest followed in the year\nafter.", 0),  # a number that was wrapped
        (
            "Signed by the members\nJ. Doe and\nA. Murdock of the council.",
            0,
        ),  # an initial is no letter of a list
        ("The rest of it follows, as is said at some length in section\n1. The owner decides.", 0),
        ("The owner may\n  1. decide;\n  2. delegate.", 2),
        ("Owners:\n- the CIO\n– the CMO", 1),
        ("a. one\nb. two\nc. three", 3),
        ("i. one\nii. two\niii. three\niv. four", 4),
        ("#. one\n#. two", 2),
    ],
)
def test_what_a_marker_is(text: str, items: int) -> None:
    assert len(Layout(text).all("item")) == items


def test_headings_underlined_in_the_order_they_appear() -> None:
    layout = Layout("Top\n~~~~~~~~\n\nInner\n........\n\nText is here.\n\nSecond\n~~~~~~~~\n\nMore of it.")
    assert layout.levels() == [(1, "Top"), (2, "Inner"), (1, "Second")]


def test_a_title_is_no_loose_list_and_no_sentence() -> None:
    names = Layout("Members of the board are listed.\n\nJane Roe\n\nJohn Doe\n\nAnn Poe\n\nThey meet in May.")
    assert names.all("heading") == []
    assert Layout("The board decides.\n\nThe money goes to\n\nthe poor.").all("heading") == []


def test_indented_text_is_text() -> None:
    assert Layout("        x\n\n        The CFO decides.").blocks[-1].kind == "paragraph"


# fmt: off
_PIECES = st.sampled_from([
    "- ", "1. ", "2. ", "(a) ", "(i) ", "* ", "# ", "## ", "===", "---", "~~~", "```", "====  ===", "+--+--+",
    "| a | b |", "|---|---|", "\\|", "\n", "\n\n", "  ", "\t", "word", "The CIO leads.", "Title Here",
    "UPPER LINE", "Key: value", "> ", "<!-- ", "-->", "**Bold**", ":", "5.1. Powers", "Article IV",
    "Section 1. Powers. ", "x" * 130, "\xa0", "\x0b", "\u2028",
])
# fmt: on
_TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=40).map("".join))


@given(_TEXTS)
def test_blocks_are_exact_ordered_and_apart(text: str) -> None:
    layout = blocks.split(text)
    end = 0
    for n, block in enumerate(layout):
        words = text[block.start : block.end]
        assert end <= block.start < block.end <= len(text)
        assert words == words.strip()
        end = block.end
        assert block.parent is None or 0 <= block.parent < n
        assert (block.kind == "row") or not (block.cells or block.columns)
        position = block.start
        for low, high in block.cells:
            assert position <= low <= high <= block.end
            position = high


@given(_TEXTS)
def test_headings_lead_to_each_block(text: str) -> None:
    path: list[tuple[int, int]] = []  # the level of each heading above, and how many titles it stands below
    for block in blocks.split(text):
        if block.kind == "heading":
            path = [p for p in path if p[0] < block.level]
            assert len(block.headings) == len(path)
            path.append((block.level, len(path)))
        else:
            assert len(block.headings) == len(path)
