"""Small papers as organisations write them, and the roles that they speak of."""

from __future__ import annotations

from ingest.records import Role
from ingest.roles import RoleBook

BOOK = RoleBook(
    [
        Role("Archive Guild", ("archivists",)),
        Role("Skipper"),
        Role("Regatta Committee"),
        Role("Boatman"),
        Role("Treasurer"),
        Role("Kitchen Crew"),
        Role("Bar Crew"),
        Role("Warden"),
        Role("Choir Director"),
        Role("Parish Council"),
    ]
)

CHARTER = """# Archive Guild Charter

## Purpose

The guild keeps what the town wrote down.

## In scope

- scanning old maps
- lending boxes to schools

## Out of scope

- web pages of other groups
- street signs

## How we work

We decide which papers are kept. The Parish Council is consulted on gifts.
"""

CONSTITUTION = """# Constitution of the Sailing Club

## Article 4. The Skipper

4.1 The Skipper may:

(a) close the harbour in a storm;
(b) lend out dinghies;
(c) appoint the Boatman.

4.2 The Skipper may not:

(a) sell a boat;
(b) raise the fees.

## Article 5. The Regatta Committee

5.1 The committee sets the dates of races.

5.2 It decides on protests within a week.

5.3 Fees are set by the Treasurer and not by the committee.
"""

FAQ = """# Questions about the hall

### Who books the hall?

The Warden does.

### Who pays for broken glass?

Ask the Treasurer. Bring a photograph.

**Who lights the fire?**

The Boatman.

Q: Who tunes the piano?
A: The Choir Director.
"""

RACI = """| Task | Skipper | Boatman | Treasurer | Regatta Committee |
|---|---|---|---|---|
| Painting hulls | A | R | I | C |
| Paying berths | I | - | A/R | |
| Picking a course | | C | | R |
| Launching the ferry | R | R | | |
"""

OWNERS = """# Who does what

| Area | Owner | Deputy | Notes |
|------|-------|--------|-------|
| keys and locks | Warden | Boatman | ask the Treasurer for a deposit |
| beer | Bar Crew | Kitchen Crew | |
| menus, plates | Kitchen Crew | | |
| festivals | Kitchen Crew, Bar Crew | | |
"""

FIRST = """| Role | Responsibilities |
|---|---|
| Skipper | boats, ropes |
| Treasurer | money |
"""

MINUTES = """# Minutes of the spring meeting

Present: nine members.

1. It was agreed that the Treasurer will send the invoices for the winter berths.
2. The Boatman was thanked for the new slipway.
3. Action: Warden to mend the door of the boathouse.
4. The Skipper, not the Boatman, orders the paint.
"""

LISTS = """The Choir Director:

- picks the songs
- hires the organist

The Warden does not:

- lend money
- sign leases

Consult the Parish Council on:

- old trees
- bells

Responsibilities of the Kitchen Crew
------------------------------------

- soup
- bread
  - rye
  - oats

Bar Crew
--------

* taps
* glasses

Nobody has been found for:

- the tombola
"""

CREW = """# Kitchen Crew

We cook for every feast. We do not serve drinks; the Bar Crew does. Our team buys the flour.

They may also bake for funerals. You must wash your own plate.
"""

STEPS = """## Lending a boat

1. The Boatman checks the weather.
2. The Skipper approves the trip.
3. Spare keys (that is the Warden)
4. up to 100: the Treasurer
5. above that: the Parish Council
"""
