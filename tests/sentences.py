"""Sentences that say who owns what, with what a reader takes from each.

All are invented; they come from seven kinds of organisations. The expectation is written as "Role: relation,
Role: relation"; of a role that is not named there the sentence says nothing about ownership, and "?" leaves a
role open where two readers would differ.
"""

from __future__ import annotations

from typing import Any

import pytest

NAMES = (
    # a hospital, a town council, a software project
    *("Medical Director", "Pharmacy Committee", "Ward Manager", "Infection Control Team", "Chief Nurse"),
    *("Estates Office", "Town Clerk", "Planning Committee", "Parks Department", "Highways Team", "Mayor"),
    *("Licensing Panel", "Core Team", "Release Manager", "Docs Guild", "Triage Crew", "Steering Council"),
    # a school, a factory, a sports club, a charity
    *("Head Teacher", "Governors", "Bursar", "Year Heads", "Caretaker", "Parent Forum", "Plant Manager"),
    *("Quality Lab", "Buying Office", "Maintenance Crew", "Works Council", "Shift Leader", "Club Captain"),
    *("Greenkeeper", "Membership Secretary", "House Committee", "Club President", "Treasurer", "Trustees"),
    *("Country Director", "Programme Team", "Safeguarding Lead", "Fundraising Team"),
)


def broken(text: str, expected: str, why: str) -> Any:
    """A case that is right and that the code gets wrong; turns red when it is mended."""
    return pytest.param(text, expected, marks=pytest.mark.xfail(strict=True, reason=why))


ACTIVE = [
    ("The Chief Nurse owns the ward rota.", "Chief Nurse: leads"),
    ("The Bursar is responsible for the deposits of school trips.", "Bursar: leads"),
    ("The Greenkeeper decides when the course closes for frost.", "Greenkeeper: leads"),
    ("The Plant Manager must sign off every change to the furnace settings.", "Plant Manager: leads"),
    ("The Steering Council may expel a contributor.", "Steering Council: leads"),
    ("The Programme Team leads the needs assessment in each district.", "Programme Team: leads"),
    ("The Town Clerk keeps the register of interests.", "Town Clerk: leads"),
    ("The Quality Lab has the last word on the release of a batch.", "Quality Lab: leads"),
    ("The Safeguarding Lead is accountable for the records of incidents.", "Safeguarding Lead: leads"),
    ("The Release Manager picks the date of each release.", "Release Manager: leads"),
    ("The Head Teacher has authority to exclude a pupil.", "Head Teacher: leads"),
    ("The Parks Department looks after the bandstand.", "Parks Department: leads"),
    ("Every spring the Maintenance Crew overhauls the presses.", "Maintenance Crew: leads"),
    ("The Trustees alone can dissolve the charity.", "Trustees: leads"),
    ("It is the Medical Director who decides on new procedures.", "Medical Director: leads"),
    ("The Caretaker, who lives on site, holds the keys to the gym.", "Caretaker: leads"),
    ("The Core Team is in charge of the build servers.", "Core Team: leads"),
    ("The Membership Secretary is the owner of the waiting list.", "Membership Secretary: leads"),
    ("The Licensing Panel shall hear objections to market stalls.", "Licensing Panel: leads"),
    ("The Treasurer is best placed to judge applications for grants.", "Treasurer: leads"),
    ("Members of the Docs Guild write and maintain the tutorials.", "Docs Guild: leads"),
    ("The Country Director takes ownership of the evacuation plan.", "Country Director: leads"),
    ("The Shift Leader may, in an emergency, stop the line.", "Shift Leader: leads"),
    ("The Fundraising Team retains control over letters to donors.", "Fundraising Team: leads"),
    ("The Estates Office has been given charge of the car park.", "Estates Office: leads"),
    ("The Treasurer acts as owner of the grant budget.", "Treasurer: leads"),
    ("The Licensing Panel answers for street trading.", "Licensing Panel: leads"),
    ("No one but the Pharmacy Committee may change the formulary.", "Pharmacy Committee: leads"),
    ("Nobody other than the Trustees may open a bank account.", "Trustees: leads"),
    ("Only the Head Teacher may send a pupil home.", "Head Teacher: leads"),
    ("Who winds the clock? The Caretaker does.", "Caretaker: leads"),
    ("In the absence of a rule the Club Captain decides.", "Club Captain: leads"),
    ("The Bursar not only pays the invoices but also checks them.", "Bursar: leads"),
    broken(
        "Up to 500 the Bursar decides; above that, the Governors.",
        "Bursar: leads, Governors: leads",
        "a clause without its verb is not read",
    ),
    broken(
        "Up to 500: Bursar; above 500: Governors",
        "Bursar: leads, Governors: leads",
        "labels side by side are not read",
    ),
    broken(
        "The Bursar approves spending up to 500 and the Governors anything above.",
        "Bursar: leads, Governors: leads",
        "a clause without its verb is not read",
    ),
    broken(
        "Who mends the roof? The Estates Office.",
        "Estates Office: leads",
        "an answer of a name alone is not read",
    ),
    ("Responsible for lifts is the Estates Office.", "Estates Office: leads"),
    ("In charge of the boats is the Club Captain.", "Club Captain: leads"),
    ("The person who approves leave is the Ward Manager.", "Ward Manager: leads"),
    ("The owner of the sandpit is the Parks Department.", "Parks Department: leads"),
    ("The Docs Guild has been asked to own the glossary.", "Docs Guild: leads"),
    ("The Medical Director is the sole authority on transfers.", "Medical Director: leads"),
    ("The Quality Lab is our point of contact for recalls.", "Quality Lab: leads"),
    broken(
        "The Town Clerk's team keeps the archive.", "Town Clerk: leads", "the team of a role is not the role"
    ),
    (
        "The Buying Office orders and the Maintenance Crew stores the parts.",
        "Buying Office: leads, Maintenance Crew: leads",
    ),
    ("The Programme Team will take over school meals.", "Programme Team: leads"),
    ("The Release Manager is free to reject late patches.", "Release Manager: leads"),
    ("The Estates Office has responsibility, and the budget, for lifts.", "Estates Office: leads"),
    ("Final authority over the glossary is vested in the Docs Guild.", "Docs Guild: leads"),
    ("Each ward's linen is ordered, counted and stored by the Ward Manager.", "Ward Manager: leads"),
    broken("The Year Heads teach, test and mark.", "Year Heads: leads", "the verb is in no list"),
    ("The Greenkeeper mows the greens.", "Greenkeeper: leads"),
    ("The Caretaker cleans the gym.", "Caretaker: leads"),
    ("We leave the choice of music to the House Committee.", "House Committee: leads"),
    ("The Trustees have delegated hiring to the Country Director.", "Trustees: ?, Country Director: leads"),
    ("Hiring has passed to the Country Director.", "Country Director: leads"),
    ("If in doubt, the Shift Leader decides.", "Shift Leader: leads"),
    ("The buck stops with the Plant Manager.", "Plant Manager: leads"),
    ("Care of the archive is entrusted to the Town Clerk.", "Town Clerk: leads"),
    ("The vote of the Governors settles the matter.", "Governors: leads"),
]

PASSIVE = [
    ("Visitor passes are issued by the Caretaker.", "Caretaker: leads"),
    ("The annual audit is led by the Treasurer.", "Treasurer: leads"),
    ("Changes to opening hours must be approved by the Governors.", "Governors: leads"),
    ("Discharge letters should be signed by the Ward Manager.", "Ward Manager: leads"),
    ("Road closures are the responsibility of the Highways Team.", "Highways Team: leads"),
    (
        "Responsibility for hand washing lies with the Infection Control Team.",
        "Infection Control Team: leads",
    ),
    ("The decision to cancel a match rests with the Club Captain.", "Club Captain: leads"),
    ("Final say over the menu rests with the House Committee.", "House Committee: leads"),
    ("The style guide is maintained by the Docs Guild.", "Docs Guild: leads"),
    ("Suspending a member requires a vote of the House Committee.", "House Committee: leads"),
    ("Complaints about noise fall under the Licensing Panel.", "Licensing Panel: leads"),
    ("The tool crib belongs to the Maintenance Crew.", "Maintenance Crew: leads"),
    ("Overtime is up to the Shift Leader.", "Shift Leader: leads"),
    ("The scholarship fund is in the hands of the Trustees.", "Trustees: leads"),
    ("Spending above 5,000 needs the approval of the Governors.", "Governors: leads"),
    ("No drug is added without the consent of the Pharmacy Committee.", "Pharmacy Committee: leads"),
    ("Allotments are run by the Parks Department.", "Parks Department: leads"),
    ("The choice of suppliers has been delegated to the Buying Office.", "Buying Office: leads"),
    ("Labels of bugs are decided upon by the Triage Crew.", "Triage Crew: leads"),
    ("Reports of harassment go to the Safeguarding Lead.", "Safeguarding Lead: leads"),
    ("The signing keys are entrusted to the Release Manager.", "Release Manager: leads"),
    ("The rota is drawn up every month by the Ward Manager.", "Ward Manager: leads"),
    broken(
        "Software licences are bought through the Buying Office.",
        "Buying Office: leads",
        "'through' is no way to say who acts",
    ),
    ("Reports are due by Friday; the Bursar files them.", "Bursar: leads"),
    ("Care plans are, as a rule, written by the Chief Nurse.", "Chief Nurse: leads"),
    ("Loans need the Trustees' approval.", "Trustees: leads"),
    ("Loans need approval from the Trustees.", "Trustees: leads"),
    ("Loans are subject to approval by the Trustees.", "Trustees: leads"),
    broken(
        "You need the Shift Leader's signature to leave early.",
        "Shift Leader: leads",
        "a signature is no approval",
    ),
    ("Expenses not authorised by the Treasurer will not be repaid.", "Treasurer: leads"),
    broken(
        "Patches are not merged until approved by the Core Team.",
        "Core Team: leads",
        "'not ... until approved by' gives the power",
    ),
    ("No patch is merged unless it was approved by the Core Team.", "Core Team: leads"),
    ("Keys are not handed out except by the Caretaker.", "Caretaker: leads"),
    ("Nothing is published before it has been read by the Docs Guild.", "Docs Guild: leads"),
    ("The gate may only be opened by the Caretaker.", "Caretaker: leads"),
    ("Do not forget to apply to the Bursar.", "Bursar: leads"),
    broken(
        "If you are not sure go to the Town Clerk.",
        "Town Clerk: leads",
        "the 'not' belongs to another clause",
    ),
    ("A batch must not leave the works without the consent of the Quality Lab.", "Quality Lab: leads"),
    ("Appeals against the Licensing Panel are heard by the Mayor.", "Mayor: leads"),
    (
        "A dispute between the Shift Leader and the Maintenance Crew is settled by the Plant Manager.",
        "Plant Manager: leads",
    ),
]

POSSESSIVE = [
    ("Boiler checks are the Caretaker's job.", "Caretaker: leads"),
    ("It is the Medical Director's decision whether to divert ambulances.", "Medical Director: leads"),
    ("The paddling pool is the Parks Department's.", "Parks Department: leads"),
    ("The seating plan is the Club President's prerogative.", "Club President: leads"),
    ("Setting the guest fee is the Treasurer's call.", "Treasurer: leads"),
    ("The playground rota is the Year Heads' responsibility.", "Year Heads: leads"),
    ("The Plant Manager's approval is needed before a line is stopped.", "Plant Manager: leads"),
    ("The Governors' task is to appoint the staff.", "Governors: leads"),
    ("Hand hygiene falls within the Chief Nurse’s remit.", "Chief Nurse: leads"),
    ("The Bursar's room is on the first floor.", ""),
    ("The Mayor's car is washed on Fridays.", ""),
    ("The Programme Team's laptops are leased.", ""),
]

LABELS = [
    ("Owner: Parks Department", "Parks Department: leads"),
    ("**Owner:** the Core Team", "Core Team: leads"),
    ("Approver: Governors", "Governors: leads"),
    ("Responsible: Quality Lab", "Quality Lab: leads"),
    ("Contact: Membership Secretary", "Membership Secretary: leads"),
    ("Decided by: Steering Council", "Steering Council: leads"),
    ("Fire drills: Caretaker", "Caretaker: leads"),
    ("Street naming -> Planning Committee", "Planning Committee: leads"),
    ("Bursar: invoices, deposits, lettings", "Bursar: leads"),
    ("Highways Team – potholes, signs, street lamps", "Highways Team: leads"),
    ("Vaccines (Chief Nurse)", "Chief Nurse: leads"),
    ("Consulted: Works Council", "Works Council: supports"),
    ("Deputy: Shift Leader", "Shift Leader: supports"),
    ("Hall bookings: ask the Bursar.", "Bursar: leads"),
    ("Rotas, leave and overtime: see the Ward Manager.", "Ward Manager: leads"),
]

TO_DECIDE = [
    ("How shifts are swapped is for the Ward Manager to decide.", "Ward Manager: leads"),
    ("It is for the Trustees to choose the bank.", "Trustees: leads"),
    ("Whether a match is abandoned is for the Club Captain alone to say.", "Club Captain: leads"),
    ("The order of speakers is left to the Mayor.", "Mayor: leads"),
    ("It is up to the Head Teacher to name the houses.", "Head Teacher: leads"),
    ("The Works Council gets to choose the caterer.", "Works Council: leads"),
]

TOGETHER = [
    (
        "The Chief Nurse and the Medical Director jointly own the outbreak plan.",
        "Chief Nurse: shares, Medical Director: shares",
    ),
    (
        "The Bursar and the Head Teacher share responsibility for the minibus.",
        "Bursar: shares, Head Teacher: shares",
    ),
    (
        "The Docs Guild together with the Core Team decides on the website.",
        "Docs Guild: shares, Core Team: shares",
    ),
    ("Grants are decided jointly by the Treasurer and the Trustees.", "Treasurer: shares, Trustees: shares"),
    (
        "The Highways Team, the Parks Department and the Planning Committee decide together on new trees.",
        "Highways Team: shares, Parks Department: shares, Planning Committee: shares",
    ),
    ("Purchases are approved by both the Bursar and the Governors.", "Bursar: shares, Governors: shares"),
    (
        "Responsibility for volunteers is shared between the Country Director and the Programme Team.",
        "Country Director: shares, Programme Team: shares",
    ),
    (
        "The Quality Lab and the Buying Office are jointly accountable for audits of suppliers.",
        "Quality Lab: shares, Buying Office: shares",
    ),
    ("Both the Mayor and the Town Clerk sign the deed.", "Mayor: shares, Town Clerk: shares"),
    (
        "Dates are the joint decision of the Release Manager and the Docs Guild.",
        "Release Manager: shares, Docs Guild: shares",
    ),
    ("Either the Town Clerk or the Mayor may sign the lease.", "Town Clerk: leads, Mayor: leads"),
    ("The Shift Leader or the Plant Manager can stop the line.", "Shift Leader: leads, Plant Manager: leads"),
    ("Owners: Core Team, Docs Guild", "Core Team: shares, Docs Guild: shares"),
]

NEGATION = [
    ("The Works Council does not own the shift plan.", "Works Council: is not"),
    ("The Mayor has no say in planning appeals.", "Mayor: is not"),
    ("The Triage Crew is not responsible for mending bugs.", "Triage Crew: is not"),
    (
        "Discharge is decided by the Ward Manager, not the Pharmacy Committee.",
        "Ward Manager: leads, Pharmacy Committee: is not",
    ),
    (
        "Playing fields belong to the Parks Department rather than the Highways Team.",
        "Parks Department: leads, Highways Team: is not",
    ),
    ("Calls from the press are no longer with the Fundraising Team.", "Fundraising Team: is not"),
    ("The Caretaker never hires out the hall.", "Caretaker: is not"),
    ("The Parent Forum cannot overrule a decision on staff.", "Parent Forum: is not"),
    ("Not the Treasurer but the Club President signs contracts.", "Treasurer: is not, Club President: leads"),
    ("The Docs Guild, not the Core Team, owns the changelog.", "Docs Guild: leads, Core Team: is not"),
    ("Neither the Mayor nor the Town Clerk may award contracts.", "Mayor: is not, Town Clerk: is not"),
    ("Furnace settings are outside the Works Council's remit.", "Works Council: is not"),
    ("The canteen is not the Caretaker's.", "Caretaker: is not"),
    ("Instead of the Bursar, the Head Teacher now approves trips.", "Bursar: is not, Head Teacher: leads"),
    ("The Licensing Panel isn't in charge of parking.", "Licensing Panel: is not"),
    (
        "The Year Heads do not set the timetable; the Head Teacher does.",
        "Year Heads: is not, Head Teacher: leads",
    ),
    ("Rent reviews are not handled by the Estates Office.", "Estates Office: is not"),
    ("Donor data is not the responsibility of the Programme Team.", "Programme Team: is not"),
    ("The Quality Lab no longer calibrates scales.", "Quality Lab: is not"),
    ("It is not for the Mayor to appoint staff.", "Mayor: is not"),
    ("The Greenkeeper has no authority to suspend a player.", "Greenkeeper: is not"),
    ("The pavilion is not owned by the House Committee.", "House Committee: is not"),
    ("The Trustees (not the Treasurer) approve loans.", "Trustees: leads, Treasurer: is not"),
    ("Unlike the Treasurer, the Trustees may borrow money.", "Treasurer: is not, Trustees: leads"),
    ("Do not go to the Mayor with complaints about noise.", "Mayor: is not"),
    ("The Caretaker must not lend keys without the consent of the Bursar.", "Caretaker: ?, Bursar: leads"),
    broken(
        "Nothing here gives the Works Council a say in prices.",
        "Works Council: is not",
        "'nothing gives' is unknown",
    ),
    ("The Parent Forum has no role in admissions.", "Parent Forum: is not"),
    ("The Core Team has nothing to do with the newsletter.", "Core Team: is not"),
    ("Prices are none of the Greenkeeper's business.", "Greenkeeper: is not"),
    ("Ward budgets are not up to the Chief Nurse.", "Chief Nurse: is not"),
    ("The car park is not under the Highways Team.", "Highways Team: is not"),
    ("Admissions do not fall to the Bursar.", "Bursar: is not"),
    ("It is the Bursar, not the Caretaker, who orders paper.", "Bursar: leads, Caretaker: is not"),
    (
        "This is a matter for the Governors and not for the Parent Forum.",
        "Governors: leads, Parent Forum: is not",
    ),
    ("The minibus is the Bursar's and not the Caretaker's.", "Bursar: leads, Caretaker: is not"),
]

SUPPORT = [
    ("The Works Council must be consulted before shifts change.", "Works Council: supports"),
    (
        "The Ward Manager writes the rota with the help of the Chief Nurse.",
        "Ward Manager: leads, Chief Nurse: supports",
    ),
    (
        "The Docs Guild supports the Release Manager in writing the notes.",
        "Docs Guild: supports, Release Manager: ?",
    ),
    ("The Treasurer advises the Trustees on investments.", "Treasurer: supports, Trustees: ?"),
    ("The Parks Department assists with flood barriers.", "Parks Department: supports"),
    (
        "The Planning Committee decides in consultation with the Highways Team.",
        "Planning Committee: leads, Highways Team: supports",
    ),
    ("The Parent Forum is informed of the outcome.", "Parent Forum: supports"),
    ("The Bursar provides input to the prospectus.", "Bursar: supports"),
    (
        "Trips are approved by the Head Teacher after hearing the Year Heads.",
        "Head Teacher: leads, Year Heads: supports",
    ),
    ("The Quality Lab contributes test data to the handbook.", "Quality Lab: supports"),
    (
        "The Country Director decides; the Fundraising Team is consulted.",
        "Country Director: leads, Fundraising Team: supports",
    ),
    ("The Infection Control Team is copied on every report.", "Infection Control Team: supports"),
    (
        "The Plant Manager, in consultation with the Works Council, sets the shift plan.",
        "Plant Manager: leads, Works Council: supports",
    ),
    (
        "Fees are set by the Trustees on the recommendation of the Treasurer.",
        "Trustees: leads, Treasurer: supports",
    ),
    ("The Trustees set fees on the advice of the Treasurer.", "Trustees: leads, Treasurer: supports"),
    (
        "The Core Team chooses the sponsors, with input from the Steering Council.",
        "Core Team: leads, Steering Council: supports",
    ),
    (
        "The Maintenance Crew repairs the lathes, assisted by the Shift Leader.",
        "Maintenance Crew: leads, Shift Leader: supports",
    ),
    (
        "The Ward Manager should involve the Infection Control Team in any move.",
        "Ward Manager: ?, Infection Control Team: supports",
    ),
    ("The Treasurer must inform the Trustees of any loss.", "Treasurer: leads, Trustees: supports"),
    broken(
        "Accountable: Plant Manager; consulted: Works Council",
        "Plant Manager: leads, Works Council: supports",
        "the second label of a line is not read",
    ),
    ("Owner — Core Team; deputy — Docs Guild", "Core Team: leads, Docs Guild: supports"),
    ("The Caretaker may advise on locks but does not choose them.", "Caretaker: ?"),
    ("The Year Heads play a supporting role in admissions.", "Year Heads: supports"),
    (
        "With the support of the Buying Office, the Plant Manager picks the lathe.",
        "Buying Office: supports, Plant Manager: leads",
    ),
    ("The opinion of the Chief Nurse is sought first.", "Chief Nurse: supports"),
    ("Keep the Mayor informed.", "Mayor: supports"),
    broken(
        "The Governors listen to the Parent Forum before they decide.",
        "Governors: leads, Parent Forum: supports",
        "'listen to' is no support",
    ),
]

CONTACT = [
    ("Ask the Caretaker for spare keys.", "Caretaker: leads"),
    ("For a parking permit, contact the Town Clerk.", "Town Clerk: leads"),
    ("Lost badges should be reported to the Shift Leader.", "Shift Leader: leads"),
    ("Please write to the Membership Secretary about a change of address.", "Membership Secretary: leads"),
    ("Send translations to the Docs Guild.", "Docs Guild: leads"),
    ("Apply to the Licensing Panel for a street party.", "Licensing Panel: leads"),
    ("If the heating fails, call the Estates Office.", "Estates Office: leads"),
    ("Queries about tax relief go to the Fundraising Team.", "Fundraising Team: leads"),
    ("Talk to the Safeguarding Lead about any worry.", "Safeguarding Lead: leads"),
    broken(
        "Lockers can be had from the Greenkeeper.",
        "Greenkeeper: leads",
        "'from' after a passive is no address",
    ),
    ("Your first port of call for a broken press is the Maintenance Crew.", "Maintenance Crew: leads"),
]

TWO_OWNERS = [
    (
        "The Head Teacher hires teachers, while the Governors set their pay.",
        "Head Teacher: leads, Governors: leads",
    ),
    (
        "Fees are set by the Treasurer, but waived by the House Committee.",
        "Treasurer: leads, House Committee: leads",
    ),
    (
        "The Plant Manager owns the budget; the Shift Leader owns the rota.",
        "Plant Manager: leads, Shift Leader: leads",
    ),
    (
        "The Core Team reviews patches and the Release Manager merges them.",
        "Core Team: leads, Release Manager: leads",
    ),
    (
        "The Chief Nurse decides on uniforms, whereas the Estates Office buys them.",
        "Chief Nurse: leads, Estates Office: leads",
    ),
    ("The Town Clerk drafts the agenda, the Mayor approves it.", "Town Clerk: leads, Mayor: leads"),
    (
        "The Docs Guild owns the manual, except that the Core Team signs off its first chapter.",
        "Docs Guild: leads, Core Team: leads",
    ),
    ("The Head Teacher delegates detentions to the Year Heads.", "Head Teacher: ?, Year Heads: leads"),
    ("A complaint about the Bursar is heard by the Governors.", "Governors: leads"),
    ("The Governors appoint the Bursar.", "Governors: leads"),
    ("The Trustees may remove the Country Director by simple majority.", "Trustees: leads"),
    ("The Club President is elected by the House Committee.", "House Committee: leads"),
    (
        "Ownership of the herb garden passed from the Caretaker to the Greenkeeper.",
        "Caretaker: ?, Greenkeeper: leads",
    ),
    ("In the absence of the Head Teacher, the Bursar decides.", "Bursar: leads"),
    ("The Mayor chairs the meetings of the Planning Committee.", "Mayor: leads, Planning Committee: ?"),
    ("The Caretaker orders paper on behalf of the Bursar.", "Caretaker: leads, Bursar: ?"),
]

NOTHING = [
    ("The Mayor was born in the town.", ""),
    ("The Greenkeeper is ill.", ""),
    ("The Trustees are appointed for three years.", ""),
    ("Members elect the Club President each May.", ""),
    ("The Governors are elected by parents.", ""),
    ("This page lists the members of the Works Council.", ""),
    ("The Core Team was founded in 2009.", ""),
    ("Mail for the Ward Manager is kept in the hall.", ""),
    ("There are nine seats on the Steering Council.", ""),
    ("Nobody shall be asked to pay.", ""),
    broken(
        "The Bursar shares an office with the Caretaker.", "", "whatever is shared is taken for ownership"
    ),
    ("The Mayor is expected at noon.", ""),
    ("The Greenkeeper is busy on Mondays.", ""),
    ("The Bursar will retire in June.", ""),
    ("The Mayor should arrive by noon.", ""),
    ("The Trustees meet twice a year.", ""),
    ("The Caretaker attends the meetings of the Governors.", ""),
    broken("The Treasurer reports to the Trustees.", "", "'reports to' says who is whose superior"),
    ("Report of the Treasurer", ""),
    ("The Chief Nurse needs a new desk.", ""),
    ("The Highways Team is next to the Parks Department.", ""),
    ("The Quality Lab is where samples are stored.", ""),
    ("The Works Council has nine members.", ""),
    ("The Core Team is listed below.", ""),
    ("The Year Heads are Ms Ode and Mr Lund.", ""),
    ("The Club Captain serves for two years.", ""),
    ("The Steering Council consists of five members.", ""),
    ("The Bursar was thanked for her work.", ""),
    ("The Estates Office closes at five.", ""),
    ("The Fundraising Team moved to the second floor.", ""),
]

# Written after the rules that the sentences above brought about, to try them on others.
AFTERWARDS = [
    ("The Chief Nurse schedules the flu jabs.", "Chief Nurse: leads"),
    ("The Bursar will collect the dinner money.", "Bursar: leads"),
    ("The Core Team grants commit rights.", "Core Team: leads"),
    ("Every August the Year Heads draw up the seating plans.", "Year Heads: leads"),
    broken(
        "The Trustees are the ones who choose the auditor.",
        "Trustees: leads",
        "'are the ones who' hides the verb",
    ),
    (
        "The Parks Department is responsible both for playgrounds and for cemeteries.",
        "Parks Department: leads",
    ),
    ("The House Committee alone sets bar prices.", "House Committee: leads"),
    ("The Mayor or a person named by the Mayor opens the market.", "Mayor: leads"),
    ("The Licensing Panel (five councillors) issues permits for street music.", "Licensing Panel: leads"),
    ("As owner of the budget, the Plant Manager signs all orders.", "Plant Manager: leads"),
    ("The task of the Triage Crew is to sort new bug reports.", "Triage Crew: leads"),
    broken(
        "The Steering Council is the final arbiter in disputes over the roadmap.",
        "Steering Council: leads",
        "'is the arbiter' is unknown",
    ),
    ("The Ward Manager has the authority to close beds.", "Ward Manager: leads"),
    ("The Quality Lab is empowered to halt a shipment.", "Quality Lab: leads"),
    ("The Fundraising Team runs the raffle.", "Fundraising Team: leads"),
    ("It falls to the Caretaker to grit the yard.", "Caretaker: leads"),
    ("The Membership Secretary deals with lapsed members.", "Membership Secretary: leads"),
    ("The Safeguarding Lead takes the lead on background checks.", "Safeguarding Lead: leads"),
    broken("The Head Teacher has the casting vote.", "Head Teacher: leads", "'has the vote' is unknown"),
    ("The Docs Guild's remit covers tutorials, screenshots and the glossary.", "Docs Guild: leads"),
    ("Our Greenkeeper is in charge here.", "Greenkeeper: leads"),
    ("The Works Council elects its own chair.", "Works Council: leads"),
    broken(
        "The Shift Leader sees to it that the floor is swept.", "Shift Leader: leads", "'sees to' is unknown"
    ),
    ("The Estates Office must make sure that lifts are inspected.", "Estates Office: leads"),
    ("Beds may be closed by the Ward Manager alone.", "Ward Manager: leads"),
    ("The yearly budget is put together by the Bursar.", "Bursar: leads"),
    ("Market stalls are allotted by the Licensing Panel by lot.", "Licensing Panel: leads"),
    ("The roadmap is set, after a vote, by the Steering Council.", "Steering Council: leads"),
    ("Responsible for the boiler: Caretaker.", "Caretaker: leads"),
    ("All hiring has to go through the Country Director.", "Country Director: leads"),
    ("Permission to film is given by the Mayor.", "Mayor: leads"),
    ("Permission to film must be obtained from the Town Clerk.", "Town Clerk: leads"),
    ("A refund requires the signature of the Treasurer.", "Treasurer: leads"),
    ("Leave is granted at the discretion of the Shift Leader.", "Shift Leader: leads"),
    ("Oversight of the food bank sits with the Programme Team.", "Programme Team: leads"),
    ("The minutes are kept by the Town Clerk, who sends them out.", "Town Clerk: leads"),
    ("Disputes about tee times end up with the Club Captain.", "Club Captain: leads"),
    broken(
        "That is a question for the Medical Director.",
        "Medical Director: leads",
        "'a question for' is unknown",
    ),
    ("Anything to do with keys: Caretaker.", "Caretaker: leads"),
    broken("Grants are in the gift of the Trustees.", "Trustees: leads", "'in the gift of' is unknown"),
    broken("The Mayor plays no part in planning decisions.", "Mayor: is not", "'plays no part' is unknown"),
    ("The Fundraising Team may not sign contracts on its own.", "Fundraising Team: ?"),
    broken(
        "Road signs aren't the Parks Department's job.",
        "Parks Department: is not",
        "a contracted 'not' before a possessive is overlooked",
    ),
    ("The Bursar, and not the Head Teacher, signs cheques.", "Bursar: leads, Head Teacher: is not"),
    broken(
        "Tenancies are handled by the Estates Office, never by the Caretaker.",
        "Estates Office: leads, Caretaker: is not",
        "'never by' is overlooked",
    ),
    broken(
        "Uniforms have nothing to do with the Works Council.",
        "Works Council: is not",
        "'nothing to do with' is known on one side only",
    ),
    ("It isn't up to the Shift Leader to hire people.", "Shift Leader: is not"),
    (
        "The Governors do not run the school day to day; that is left to the Head Teacher.",
        "Governors: is not, Head Teacher: leads",
    ),
    broken(
        "The Docs Guild stopped maintaining the wiki in 2020.", "Docs Guild: is not", "'stopped' is no denial"
    ),
    broken(
        "The Core Team does not merely review patches, it writes them.",
        "Core Team: leads",
        "'not merely' is taken for a denial",
    ),
    ("The Release Manager need not ask anyone.", "Release Manager: ?"),
    broken(
        "Nobody except the Quality Lab opens sealed samples.",
        "Quality Lab: leads",
        "'nobody except' gives the power",
    ),
    broken(
        "A sealed sample may be opened by no one but the Quality Lab.",
        "Quality Lab: leads",
        "'by no one but' gives the power",
    ),
    (
        "Unless the Treasurer objects, the House Committee buys the wine.",
        "Treasurer: ?, House Committee: leads",
    ),
    broken(
        "The greens are not to be cut by anyone other than the Greenkeeper.",
        "Greenkeeper: leads",
        "'other than' gives the power",
    ),
    ("The Chief Nurse gives advice on the layout of wards.", "Chief Nurse: supports"),
    ("The Buying Office is consulted on contracts.", "Buying Office: supports"),
    (
        "The Estates Office moves the beds with help from the Ward Manager.",
        "Estates Office: leads, Ward Manager: supports",
    ),
    ("Before closing a road, the Highways Team consults the Mayor.", "Highways Team: leads, Mayor: supports"),
    broken(
        "The Works Council has a right to be heard on overtime.",
        "Works Council: supports",
        "a right to be heard is no right to decide",
    ),
    broken(
        "The Programme Team drafts the report; comments come from the Trustees.",
        "Programme Team: leads, Trustees: supports",
        "'comments come from' is no support",
    ),
    ("The Town Clerk supports the Mayor at receptions.", "Town Clerk: supports, Mayor: ?"),
    (
        "The Head Teacher and Governors set the term dates together.",
        "Head Teacher: shares, Governors: shares",
    ),
    broken(
        "The Mayor shares the chair with the Town Clerk.",
        "Mayor: shares, Town Clerk: shares",
        "'shares ... with' finds one of the two",
    ),
    (
        "Recipes need the agreement of both the Plant Manager and the Quality Lab.",
        "Plant Manager: shares, Quality Lab: shares",
    ),
    ("Lockers: Bursar / Caretaker", "Bursar: ?, Caretaker: ?"),
    ("Owners: Mayor and Town Clerk", "Mayor: shares, Town Clerk: shares"),
    ("The Docs Guild and the Core Team each maintain half of the site.", "Docs Guild: ?, Core Team: ?"),
    (
        "Menus are a joint task of the Ward Manager and the Chief Nurse.",
        "Ward Manager: shares, Chief Nurse: shares",
    ),
    (
        "The Plant Manager decides what is made, the Shift Leader who makes it.",
        "Plant Manager: leads, Shift Leader: leads",
    ),
    ("Bugs go to the Triage Crew and questions to the Docs Guild.", "Triage Crew: leads, Docs Guild: leads"),
    broken(
        "The Mayor opens the fair, and the Town Clerk closes it.",
        "Mayor: leads, Town Clerk: leads",
        "'it' after the verb is no object",
    ),
    (
        "Small repairs are done by the Caretaker and large ones by the Estates Office.",
        "Caretaker: leads, Estates Office: leads",
    ),
    ("The Trustees appoint the auditor; the Treasurer pays the fee.", "Trustees: leads, Treasurer: leads"),
    ("If the Club Captain is away, the Club President decides.", "Club Captain: ?, Club President: leads"),
    broken(
        "The Bursar pays what the Head Teacher has approved.",
        "Bursar: leads, Head Teacher: leads",
        "'has approved' is no act",
    ),
    ("Phone the Estates Office if a lift is stuck.", "Estates Office: leads"),
    ("Hand lost property to the Caretaker.", "Caretaker: leads"),
    ("Members with a complaint should turn to the House Committee.", "House Committee: leads"),
    ("You can reach the Safeguarding Lead at any hour.", "Safeguarding Lead: leads"),
    ("Requests for leave go via the Shift Leader.", "Shift Leader: leads"),
    ("File bugs with the Triage Crew.", "Triage Crew: leads"),
    ("The Mayor lives next to the school.", ""),
    ("The Bursar joined in 2015.", ""),
    ("The Trustees were delighted.", ""),
    ("We thank the Fundraising Team.", ""),
    ("The Docs Guild is a group of volunteers.", ""),
    broken("Minutes of the Steering Council, May 2020", "", "the month of May is taken for the verb"),
    ("The Greenkeeper has a dog.", ""),
    ("The Core Team grew from three to nine.", ""),
    ("Since then the Works Council has met in the canteen.", ""),
    ("A bus leaves from behind the Estates Office.", ""),
    ("The Quality Lab opens at eight.", ""),
    ("The Head Teacher is new.", ""),
    broken(
        "The Programme Team reports on its work once a year.",
        "",
        "'reports on' is taken for an act of office",
    ),
]


SENTENCES = [
    *ACTIVE,
    *PASSIVE,
    *POSSESSIVE,
    *LABELS,
    *TO_DECIDE,
    *TOGETHER,
    *NEGATION,
    *SUPPORT,
    *CONTACT,
    *TWO_OWNERS,
    *NOTHING,
    *AFTERWARDS,
]
