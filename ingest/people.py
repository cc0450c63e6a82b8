"""Nouns that name people: bodies, offices and trades, told from the names of fields and things."""

from __future__ import annotations

import re

from ingest.words import words

# Nouns that make a name the name of a body or a person, whatever stands before them.
BODIES = frozenset(
    """
team teams committee board council group office officer department desk unit division function chair
chairs chairman chairperson head heads lead leads leader leaders manager managers director directors
president secretary treasurer administrator administrators admin admins master masters editor editors
maintainer maintainers owner owners steward stewards guild crew squad panel assembly authority agency
bureau executive executives partner partners delegate delegates representative representatives coordinator
coordinators counsel controller auditor auditors staff management people leadership community members
organisation organization side colleagues folks guys professionals experts staffers workers service
services centre center forum cabinet directorate trustees tribe chapter circle taskforce commission
tribunal court senate parliament congress bench jury secretariat presidium praesidium faculty helpdesk
""".split()
)
_GROUPS = frozenset(
    """
team teams committee board council group office department desk unit division crew squad panel assembly
authority agency bureau staff management leadership community members organisation organization service
services centre center forum directorate trustees guild people operations ops tribe chapter circle
taskforce commission tribunal court senate parliament congress secretariat faculty helpdesk sig success
support
""".split()
)
# Offices and trades that no ending gives away.
_OFFICES = frozenset(
    """
bursar clerk matron captain dean coach registrar chief deputy vice provost rector warden sheriff marshal
judge guard cook host pilot chef doctor surgeon nurse midwife vicar bishop priest chaplain rabbi imam
constable ombudsman ombudsperson sergeant general colonel major lieutenant consul ambassador envoy usher
page scribe sexton verger beadle reeve mayor tutor mentor fellow professor scholar intern apprentice
foreman forewoman boss expert architect analyst medic vet paramedic dispatcher custodian guardian
librarian technician physician musician electrician dietitian statistician historian politician civilian
herdsman groundsman curator archivist skipper boatswain bosun mate purser founder founders crew
spokesperson comptroller bailiff magistrate advocate paralegal attorney counsellor councillor governor
senator minister chancellor sponsor umpire referee adviser advisor supervisor buyer
accountant liaison housekeeper caretaker instructor examiner commissioner facilitator organiser organizer
surveyor receptionist superintendent overseer
""".split()
)
_AGENTIVE = re.compile(r"(?:er|or|ist|ant|ary|ee|ian|man|woman|person)s?$")
# Nouns that end as those of people do.
_THINGS = frozenset(
    """
library water plant paper power order number matter letter server computer printer router folder buffer
layer river summer winter weather dinner supper labour labor colour color factor sector vector error
mirror motor tractor reactor monitor sensor elevator escalator generator calculator corridor floor door
indoor outdoor harbor tower flower shower cover filter register chapter theater quarter corner border
laser fiber tender charter counter center ledger newsletter cluster container docker trailer boiler cooler
freezer heater meter parameter diameter timer tyre timber rubber leather rest butter sugar cellar grammar
calendar radar salary dictionary diary glossary summary boundary library primary secondary temporary
budgetary military monetary sanitary elementary voluntary customary apothecary restaurant grant warrant
covenant instant constant relevant significant fee coffee tree degree agree guarantee committee pedigree
marketing legal finance transfer offer career other order user supplier customer visitor vendor investor
donor debtor creditor competitor wonder disaster property security quality delivery
""".split()
)


def names_office(word: str) -> bool:
    """Whether a lower-case noun is known as that of a body or an office, whatever its ending.

    Of a compound the last part counts: "vice-dean".
    """
    word = word.rpartition("-")[2]
    return any(noun in BODIES or noun in _OFFICES for noun in (word, f"{word}s"))


def names_people(word: str) -> bool:
    """Whether a lower-case noun names people by itself: "team", "officer", "treasurer", "vice-dean"."""
    word = word.rpartition("-")[2]
    if word in BODIES or word in _OFFICES:
        return True
    singular = word[:-1] if word.endswith("s") else word
    return singular in _OFFICES or (singular not in _THINGS and bool(_AGENTIVE.search(word)))


def names_one(name: str) -> bool:
    """Whether a role is one person by its name: "Head of Marketing" is, "Platform Team" is not."""
    return not any(w.lower in _GROUPS for w in words(name)[-1:])


def with_article(name: str) -> str:
    """A role's name as it stands in a sentence: "the CMO", "the Head of Sales"; "HR" and "Ada Byron" bare."""
    found = [w.lower for w in words(name.partition(" of ")[0])]
    office = (name.isupper() and len(name) > 2) or bool(found and names_people(found[-1]))
    return f"the {name}" if office else name


def names_several(name: str) -> bool:
    """Whether a role is several people by its name: "Release Managers"."""
    last = [w.lower for w in words(name.partition(" of ")[0])][-1:]
    return any(w.endswith("s") and not w.endswith("ss") and names_people(w) for w in last)
