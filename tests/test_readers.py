from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_parts import Text, pdf

from ingest import readers
from ingest.errors import FileFormatError
from ingest.reading import dates, encoding, webpage
from ingest.records import Document


def read(folder: Path, name: str, content: str | bytes) -> Document:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(path, folder)


def test_front_matter(tmp_path: Path) -> None:
    says = "title: Travel policy\nsource: Finance\nkind: policy\npublished: 2018-07-09\nowner: CFO"
    content = f"---\n{says}\n---\n\nText.\n"
    document = read(tmp_path, "sub/travel.md", content)
    assert document == Document(
        path="sub/travel.md",
        title="Travel policy",
        text="Text.",
        source="Finance",
        kind="policy",
        published="2018-07-09",
        sha256=hashlib.sha256(content.encode()).hexdigest(),
    )


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2018", "2018"),
        ("'2018-07'", "2018-07"),
        ("July 9, 2018", "2018-07-09"),
        ("2018-07-09 10:00:00", "2018-07-09"),
    ],
)
def test_published_as_people_write_it(tmp_path: Path, published: str, expected: str) -> None:
    assert read(tmp_path, "a.md", f"---\npublished: {published}\n---\nText.").published == expected


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        ("---\ntitle: A\nkind: [b\n---\nText.", 3, "no YAML"),
        ("---\ntitle: A\n\tkind: b\n---\nText.", 3, "no YAML"),
        ("---\ntitle: A\nText.", 1, "not closed"),
        ("---\ntitle: [a, b]\n---\nText.", 2, "one line of text"),
        ("---\nkind: x\npublished: soon\n---\nText.", 3, "2018-07-09"),
        ("---\npublished: 2018-13-45\n---\nText.", 2, "2018-07-09"),
    ],
)
def test_front_matter_that_does_not_parse(tmp_path: Path, content: str, line: int, expected: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(tmp_path, "a.md", content)
    assert caught.value.line == line
    assert expected in str(caught.value)
    assert "a.md" in str(caught.value)


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    assert read(tmp_path, "a.md", "---\nThe CFO decides.\n---\nMore.").text.startswith("---\nThe CFO")


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.md", "# Team charter\n\nText.", "Team charter"),
        (
            "a.txt",
            "                 Rules of the Guild (v2)\n\n   The Guild is old.\n   It has rules.",
            "Rules of the Guild (v2)",
        ),
        ("a.txt", "Monday, July 9, 2018\n\nWho decides\n\n\nThe CIO decides.", "Who decides"),
        (
            "a.txt",
            "Nemo enim ipsam\nvoluptatem quia voluptas\n\nWho decides\n\nThe CIO decides.",
            "Who decides",
        ),
        (
            "a.txt",
            "Who decides whatWho decides what\n" + "The CIO decides. " * 9,
            "Who decides what",
        ),
        (
            "a.txt",
            "GUILD OF EXAMPLES\nRULES OF ORDER\n\nThe Guild is old.",
            "GUILD OF EXAMPLES: RULES OF ORDER",
        ),
        ("it-security_policy.txt", "the CISO decides.", "It security policy"),
        (
            "00_ab12.txt",
            "The CISO decides on every exception to the rules of access.",
            "The CISO decides on every exception to the…",
        ),
    ],
)
def test_title_without_front_matter(tmp_path: Path, name: str, content: str, title: str) -> None:
    assert read(tmp_path, name, content).title == title


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Monday, July 9, 2018", "2018-07-09"),
        ("9 July 2018", "2018-07-09"),
        ("Last updated: 9th of July, 2018 10:30 am", "2018-07-09"),
        ("2018-07-09", "2018-07-09"),
        ("09.07.2018", "2018-07-09"),
        ("7/23/2018", "2018-07-23"),
        ("07/09/2018", "2018"),  # July or September
        ("July 2018", "2018-07"),
        ("31 June 2018", ""),
        ("On July 9, 2018 the board met.", ""),
        ("Marketing 2018", ""),
    ],
)
def test_a_line_that_is_a_date(line: str, expected: str) -> None:
    assert dates.parse(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Version 2 ratified on March 26th, 2022.", "2022-03-26"),
        ("Example Lines, commercial department, 9 December 2024", "2024-12-09"),
        ("In force from 1 January 2025. Adopted by the Board on 12 December 2024.", "2025-01-01"),
        ("The fire of 9 July 2018 destroyed the archive of the company.", ""),
    ],
)
def test_a_date_in_a_line_about_the_document(line: str, expected: str) -> None:
    assert dates.within(line) == expected


def test_a_date_alone_goes_before_one_in_a_sentence(tmp_path: Path) -> None:
    text = (
        "Rules of the Guild\n\nAdopted by the Board on 12 December 2020.\n\nJuly 9, 2021\n\nThe Guild is old."
    )
    assert read(tmp_path, "a.txt", text).published == "2021-07-09"
    assert read(tmp_path, "b.txt", text.replace("July 9, 2021\n\n", "")).published == "2020-12-12"


def test_line_breaks_stay_and_unseen_characters_go(tmp_path: Path) -> None:
    document = read(
        tmp_path, "a.txt", "\ufeffThe C\u00adIO\u200b leads\r\nall of\x00 it.\r\rNext.\u2028End.\u202e"
    )
    assert document.text == "The CIO leads\nall of it.\n\nNext.\nEnd."


def test_windows_text(tmp_path: Path) -> None:
    assert (
        read(tmp_path, "a.txt", "The CIO’s café – “ours”.".encode("cp1252")).text
        == "The CIO’s café – “ours”."
    )
    assert read(tmp_path, "b.txt", "The CIO’s.".encode("utf-16")).text == "The CIO’s."


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"fine\nstill \xc3\xa9 \xc3\xa9 \xc3\xa9 fine\nbad \xc3 here", 3),  # UTF-8 but for one byte
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", None),
        (bytes(range(1, 32)) * 9, None),
        (bytes(range(128, 256)) * 4, 1),
    ],
)
def test_what_is_no_text_is_said_to_be_none(tmp_path: Path, content: bytes, line: int | None) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(tmp_path, "a.txt", content)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", ""), ("a.md", "---\ntitle: x\n---\n"), ("a.html", "<p></p>"), ("a.docx", "x")],
)
def test_empty_or_unknown_files(tmp_path: Path, name: str, content: str) -> None:
    with pytest.raises(FileFormatError):
        read(tmp_path, name, content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"a\.md"):
        readers.read(tmp_path / "a.md", tmp_path)


PAGE = """<!doctype html><html><head><title>Data policy | Example Wiki</title>
<meta property="og:site_name" content="Example Wiki"><meta name="author" content="Jane Roe">
<meta property="article:published_time" content="2023-05-04T10:00:00Z"></head>
<body class="has-sidebar"><header><nav><ul><li>Home</li></ul></nav></header>
<div class="breadcrumb">Home &gt; Policies</div><form><div id="content">
<h1>Data policy<a class="headerlink" href="#x">¶</a></h1>
<p>The <b>CDO</b> owns
the data&nbsp;catalogue.<sup><a href="#n1">[1]</a></sup></p>
<div>Loose text <span>in a box</span><p>and a paragraph.</p> and a tail.</div>
<p><strong>Responsibilities:</strong></p>
<ul><li>Quality: the stewards<ul><li>checks</li></ul></li>
<li><p>Access</p><p>Decided by the CISO.</p></li></ul>
<ol type="a" start="3"><li>Third</li></ol>
<dl><dt>Steward</dt><dd>Looks after one data set.</dd><dt>Owner:</dt><dd>The CDO</dd></dl>
<table><thead><tr><th>Area</th><th>Owner</th><th>Support</th></tr></thead>
<tr><td rowspan=2>Data</td><td>CDO</td><td><ul><li>CIO</li><li>CISO</li></ul></td></tr>
<tr><td>Board</td><td>a|b</td></tr></table>
<table role="presentation"><tr><td><p>Laid out.</p></td></tr></table>
<blockquote><p>The CFO signs.</p></blockquote><pre>x = 1</pre>
<script>alert(1)</script><p hidden>Hidden.</p><aside class="related-posts"><h3>Related</h3></aside>
<section id="related"><h2>Related documents</h2><p>The access policy.</p></section>
</div></form><footer>© 2023 Example</footer></body></html>"""


def test_a_web_page(tmp_path: Path) -> None:
    document = read(tmp_path, "data.html", PAGE)
    assert (document.title, document.source, document.published) == (
        "Data policy",
        "Example Wiki, Jane Roe",
        "2023-05-04",
    )
    assert document.text.split("\n") == [
        "# Data policy",
        "",
        "The CDO owns the data catalogue.",
        "",
        "Loose text in a box",
        "",
        "and a paragraph.",
        "",
        "and a tail.",
        "",
        "## Responsibilities",
        "",
        "- Quality: the stewards",
        "  - checks",
        "- Access",
        "",
        "  Decided by the CISO.",
        "",
        "c. Third",
        "",
        "- Steward",
        "  - Looks after one data set.",
        "- Owner: The CDO",
        "",
        "| Area | Owner | Support |",
        "| --- | --- | --- |",
        "| Data | CDO | CIO; CISO |",
        "| Data | Board | a\\|b |",
        "",
        "Laid out.",
        "",
        "> The CFO signs.",
        "",
        "```",
        "x = 1",
        "```",
        "",
        "## Related documents",
        "",
        "The access policy.",
    ]


def test_a_page_that_is_one_preformatted_text() -> None:
    page = webpage.read("<pre>1. Scope\n\nThe CFO decides\non all of it.</pre>")
    assert page.text == "1. Scope\n\nThe CFO decides\non all of it."


def test_a_title_in_the_banner_and_a_page_without_one() -> None:
    banner = webpage.read(
        "<header><h1>Pay policy</h1><p>Menu</p></header><main><p>The CFO decides.</p></main>"
    )
    assert banner.text == "# Pay policy\n\nThe CFO decides."
    assert webpage.read("<title>Pay policy</title><p>The CFO decides.</p>").title == "Pay policy"


def test_what_would_empty_the_page_is_no_furniture() -> None:
    assert webpage.read("<div class='sidebar'><p>The CFO decides on pay.</p></div><p>x</p>").text.startswith(
        "The CFO"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<div class=nav>" * 3000 + "x",
        "<table><tr><td>" * 1000 + "x",
        "<ul><li>" * 3000 + "x",
        "<table>" + ("<tr>" + "<td rowspan=50 colspan=50>x" * 20) * 20 + "</table>",
    ],
)
def test_pages_that_nobody_would_write_take_no_more_than_a_moment(html: str) -> None:
    assert len(webpage.read(html).text) < 10 * len(html)


@given(st.text(alphabet=st.sampled_from("<>/=\"' abpulidtrhdqe123&;#\n")))
def test_any_html_gives_a_page(html: str) -> None:
    page = webpage.read(html)
    assert "\r" not in page.text


TRAVEL = [
    [
        Text("Travel policy", 72, 700, 18, bold=True),
        Text("Approval", 72, 660, 13, bold=True),
        Text("The chief financial officer approves every journey that leads abroad, and may dele-", 72, 630),
        Text("gate this to the heads of the departments when the sum is small. It is well-", 72, 618),
        Text("known that nobody approves a journey of his or her own, for pre-", 72, 606),
        Text("and post-sale visits as well.", 72, 594),
        Text("• trains are booked by the traveller;", 90, 560),
        Text("• flights are booked by the office manager, who looks for the one that arrives", 90, 544),
        Text("in time.", 96, 532),
        Text("This well-known sentence goes on over the end of the page, where the head of the", 72, 60),
    ],
    [
        Text("department reads on.", 72, 700),
        Text("Lodging", 72, 650),
        Text("is paid by the day, whatever it costs in the place itself.", 96, 638),
    ],
    [Text("The last page says that the office of the guild answers all questions about this.", 72, 700)],
]


def test_a_pdf(tmp_path: Path) -> None:
    # Three pages with a running head and foot, broken words, and a sentence over the end of a page.
    pages = [
        [Text("Rules of the Example Guild", 72, 760), *body, Text(f"Page {n} of 3", 280, 30)]
        for n, body in enumerate(TRAVEL, 1)
    ]
    document = read(tmp_path, "travel.pdf", pdf(pages, title="Travel rules"))
    assert document.title == "Travel rules"
    approval = (
        "The chief financial officer approves every journey that leads abroad, and may delegate this to the"
        " heads of the departments when the sum is small. It is well-known that nobody approves a journey of"
        " his or her own, for pre- and post-sale visits as well."
    )
    over = "This well-known sentence goes on over the end of the page, where the head of the department "
    flights = "flights are booked by the office manager, who looks for the one that arrives in time."
    assert document.text.split("\n\n") == [
        "# Travel policy",
        "## Approval",
        approval,
        f"    - trains are booked by the traveller;\n    - {flights}",
        over + "reads on.",
        "Lodging\n     is paid by the day, whatever it costs in the place itself.",
        "The last page says that the office of the guild answers all questions about this.",
    ]


def test_a_table_in_a_pdf(tmp_path: Path) -> None:
    # Rows are 18 points apart, the second line of a cell follows after 12; the names of columns are centred,
    # the last beside the narrow cells below it; cells that nearly touch begin at the edge of their column.
    rows: dict[int, list[tuple[str, int]]] = {
        680: [("Activity", 72), ("Owner", 232), ("Deputy", 390)],
        662: [("Incident response", 72), ("Security Team", 195), ("CTO", 360)],
        644: [("Plans for the long run", 72), ("Finance and", 195), ("CFO", 360)],
        632: [("of the company", 72), ("Legal", 195)],
        614: [("Everything that is left over", 72), ("The executive team together", 195), ("COO", 360)],
    }
    page = [Text("Who decides", 72, 750, 18)]
    page += [Text("The table says who decides on what in all of the departments, and who steps in.", 72, 720)]
    page += [Text(words, x, y, bold=y == 680) for y, cells in rows.items() for words, x in cells]
    page += [Text("Nobody else decides on any of this, whatever the sum may be that is at stake.", 72, 560)]
    lines = read(tmp_path, "who.pdf", pdf([page])).text.split("\n")
    assert lines[0] == "# Who decides"
    assert lines[4:-2] == [
        "| Activity | Owner | Deputy |",
        "| --- | --- | --- |",
        "| Incident response | Security Team | CTO |",
        "| Plans for the long run of the company | Finance and Legal | CFO |",
        "| Everything that is left over | The executive team together | COO |",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (pdf([[Text("x", 72, 700)]], encrypted=True), "password"),
        (pdf([[]]), "text recognition"),
        (b"%PDF-1.4 and nothing else", "cannot be opened"),
    ],
)
def test_a_pdf_that_cannot_be_read(tmp_path: Path, content: bytes, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        read(tmp_path, "a.pdf", content)


@given(st.binary(max_size=60))
def test_bytes_are_text_or_an_error_that_names_the_file(data: bytes) -> None:
    try:
        text = encoding.clean(encoding.decode(data, Path("a.txt")))
    except FileFormatError as exc:
        text = str(exc.path)
    assert not set(text) & {"\r", "\x00", "\x0b", "\u200b", "\u00ad", "\ufeff"}


def test_restructured_text_is_read_as_text(tmp_path: Path) -> None:
    document = read(tmp_path, "a.rst", "Berths\n======\n\nThe Bursar allots the berths.\n")
    assert document.title == "Berths"
    assert "allots" in document.text
