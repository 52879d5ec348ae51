"""Whom reg 6(1) says to ask, and which service serves this child."""

from datetime import date
from typing import Any

import pytest

from advice import commands as advice
from advice.models import Form, Head, ServiceArea, ServiceProfile
from advice.proposal import Proposal, Stands, known_for, propose
from advice.serving import lies_in
from ehc import commands
from ehc.models import Assessment, Case, Organisation
from tests.advice.asked import ASKED, RECEIVED
from tests.factories import Council, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

#: A child in Year 4 on the day of asking.
YEAR_4 = date(2016, 5, 4)


class Place:
    """An authority with services, and one child whose assessment was agreed."""

    def __init__(self, born: date = YEAR_4, *, postcode: str = "S10 2AB", school: bool = True):
        self.council = Council()
        Organisation.objects.filter(pk=self.council.psychology.pk).update(discipline="psychology")
        Organisation.objects.filter(pk=self.council.health.pk).update(discipline="medical")
        person = PersonFactory.build(
            authority=self.council.authority, date_of_birth=born, postcode=postcode
        )
        self.pk = self.council.register(RECEIVED, person=person).pk
        if school:
            Case.objects.update(setting=self.council.school)
        commands.agree_to_assess(self.process, on=ASKED, by=self.council.caseworker, today=ASKED)

    @property
    def process(self) -> Assessment:
        return Assessment.objects.select_related("case__person", "case__setting").get(pk=self.pk)

    def service(
        self,
        name: str,
        head: Head,
        form: Form,
        *,
        always: bool = True,
        beginning: str = "",
        setting: Organisation | None = None,
        **extra: Any,
    ) -> Organisation:
        """A service with a profile, for a place or for everybody."""
        extra.setdefault("authority", self.council.authority)
        made = ServiceFactory.create(name=name, **extra)
        ServiceProfile.objects.create(organisation=made, head=head, form=form, always_asked=always)
        if beginning or setting:
            ServiceArea.objects.create(
                organisation=made, postcode_begins=beginning, setting=setting
            )
        return made

    def lines(self, today: date = ASKED) -> list[Proposal]:
        process = self.process
        return propose(process.case, process, today)

    def under(self, head: Head, today: date = ASKED) -> list[str]:
        """Whom the list names under a head."""
        return [line.whose for line in self.lines(today) if line.head == head]

    def one(self, head: Head, today: date = ASKED) -> Proposal:
        (found,) = (line for line in self.lines(today) if line.head == head)
        return found

    def ask(self, *bodies: tuple[Organisation, Head]) -> None:
        advice.ask_for_advice(
            self.process,
            on=ASKED,
            asks=[advice.Ask(body, head, Form.EDUCATIONAL) for body, head in bodies],
            by=self.council.caseworker,
            today=ASKED,
        )


def test_every_head_is_there_with_its_service_its_regulation_and_its_reason() -> None:
    place = Place()
    place.service("Social care", Head.SOCIAL_CARE, Form.SOCIAL_CARE)
    lines = place.lines()
    assert [(line.head, line.whose) for line in lines] == [
        ("6(1)(a)", "The parent’s advice and views"),
        ("6(1)(a)", "The child’s own views"),
        ("6(1)(b)", "Elm Lane Primary"),
        ("6(1)(c)", "Community paediatrics"),
        ("6(1)(d)", "Educational psychology"),
        ("6(1)(e)", "Social care"),
    ]
    assert all(line.ticked and len(line.why) > 40 for line in lines)
    assert lines[0].stands == Stands.ALWAYS
    assert [line.citation for line in lines[:3]] == [
        "regulation 6(1)(a)",
        "Children and Families Act 2014, section 19(a)",
        "regulation 6(1)(b)",
    ]


def test_where_nobody_fits_it_says_so_and_what_to_do() -> None:
    line = Place().one(Head.SOCIAL_CARE)
    assert (line.stands, line.ticked, line.organisation) == (Stands.NOBODY, False, None)
    assert "serves Elm Lane Primary or S10 2AB" in line.why
    assert "Add the right one below" in line.why


def test_without_a_setting_early_years_or_the_service_with_that_head_is_asked() -> None:
    toddler = Place(date(2022, 3, 1), school=False)
    assert toddler.one(Head.EDUCATION).stands == Stands.NOBODY
    toddler.service("Portage", Head.EDUCATION, Form.EARLY_YEARS)
    assert toddler.under(Head.EDUCATION) == ["Portage"]


def test_a_closed_setting_is_not_asked() -> None:
    place = Place()
    Organisation.objects.filter(pk=place.council.school.pk).update(closed_on=RECEIVED)
    line = place.one(Head.EDUCATION)
    assert line.stands == Stands.NOBODY
    assert line.why.startswith("Elm Lane Primary has closed.")


def test_a_child_below_school_age_has_the_early_years_form() -> None:
    assert Place(date(2022, 3, 1)).one(Head.EDUCATION).form == Form.EARLY_YEARS


def test_setting_comes_before_the_longest_postcode_and_that_before_everywhere() -> None:
    place = Place()
    Organisation.objects.filter(pk=place.council.health.pk).update(discipline="other")
    medical = (Head.MEDICAL, Form.MEDICAL)
    place.service("Everywhere", *medical)
    assert place.under(Head.MEDICAL) == ["Everywhere"]
    place.service("South", *medical, beginning="S")
    place.service("Elsewhere", *medical, beginning="S1")
    assert place.under(Head.MEDICAL) == ["South"]
    place.service("West", *medical, beginning="S10")
    assert place.under(Head.MEDICAL) == ["West"]
    place.service("At the school", *medical, setting=place.council.school)
    assert place.under(Head.MEDICAL) == ["At the school"]


def test_two_that_are_equally_close_are_both_named() -> None:
    place = Place()
    place.service("Second clinic", Head.MEDICAL, Form.MEDICAL)
    lines = [line for line in place.lines() if line.head == Head.MEDICAL]
    assert [line.whose for line in lines] == ["Community paediatrics", "Second clinic"]
    assert "Second clinic serves them too" in lines[0].why


def test_therapies_do_not_stand_in_for_each_other() -> None:
    place = Place()
    place.service("Speech", Head.MEDICAL, Form.THERAPY)
    place.service("Occupational", Head.MEDICAL, Form.THERAPY, setting=place.council.school)
    assert set(place.under(Head.MEDICAL)) == {"Speech", "Occupational", "Community paediatrics"}


def test_bodies_of_several_authorities_are_proposed_closed_and_independent_ones_never() -> None:
    place = Place()
    care = (Head.SOCIAL_CARE, Form.SOCIAL_CARE)
    place.service("Closed", *care, closed_on=RECEIVED)
    place.service("Independent", *care, kind=Organisation.Kind.INDEPENDENT)
    place.service("Of another authority", *care, authority=Council().authority)
    assert place.one(Head.SOCIAL_CARE).stands == Stands.NOBODY
    place.service("Of the region", *care, authority=None)
    line = place.one(Head.SOCIAL_CARE)
    assert line.whose == "Of the region"
    assert "serves several authorities" in line.why


def test_other_services_are_proposed_where_the_authority_always_asks_them() -> None:
    place = Place()
    place.service("Autism team", Head.OTHER, Form.THERAPY)
    place.service("Sometimes", Head.OTHER, Form.THERAPY, always=False)
    place.service("Not here", Head.OTHER, Form.THERAPY, beginning="M1")
    assert place.under(Head.OTHER) == ["Autism team"]
    assert {o.name for o in known_for(place.process.case, place.process, ASKED).addable} >= {
        "Sometimes",
        "Not here",
        "Elm Lane Primary",
    }


@pytest.mark.parametrize(("born", "asked"), [(date(2011, 9, 1), False), (date(2011, 8, 31), True)])
def test_from_year_9_preparation_for_adulthood_is_asked_about(born: date, *, asked: bool) -> None:
    place = Place(born)
    assert ("6(1)(g)" in place.one(Head.EDUCATION).question) is asked
    place.service("Transitions", Head.ADULTHOOD, Form.ADULTHOOD)
    assert place.under(Head.ADULTHOOD) == (["Transitions"] if asked else [])
    assert place.one(Head.EDUCATION).question == ""


def test_from_year_9_without_setting_and_service_nobody_fits() -> None:
    line = Place(date(2010, 9, 1), school=False).one(Head.ADULTHOOD)
    assert (line.stands, line.why[:20]) == (Stands.NOBODY, "They are in Year 9. ")


def test_over_compulsory_school_age_only_the_young_person_is_the_party() -> None:
    place = Place(date(2008, 8, 31))
    (line,) = (line for line in place.lines() if line.head == Head.FAMILY)
    assert (line.form, line.stands) == (Form.CHILD, Stands.ALWAYS)
    assert "28 June 2024" in line.why


def test_until_the_last_friday_in_june_the_parent_is_the_party() -> None:
    place = Place(date(2008, 9, 1))
    last = date(2025, 6, 27)
    assert len([x for x in place.lines(last) if x.head == Head.FAMILY]) == 2
    (after,) = (x for x in place.lines(date(2025, 6, 28)) if x.head == Head.FAMILY)
    assert after.form == Form.CHILD


def test_a_sensory_teacher_is_offered_and_chosen_by_the_caseworker() -> None:
    place = Place()
    place.service("Teachers of the deaf", Head.SENSORY, Form.SENSORY)
    line = place.one(Head.SENSORY)
    assert (line.stands, line.ticked, line.form) == (Stands.ONLY_IF, False, Form.SENSORY)


def test_a_second_round_offers_only_who_was_not_asked() -> None:
    place = Place()
    council = place.council
    place.ask((council.school, Head.EDUCATION), (council.health, Head.MEDICAL))
    lines = place.lines()
    assert not {Head.EDUCATION, Head.MEDICAL} & {line.head for line in lines}
    assert place.under(Head.PSYCHOLOGY) == ["Educational psychology"]
    assert council.health not in known_for(place.process.case, place.process, ASKED).addable


def test_who_was_the_wrong_one_to_ask_leaves_the_head_open() -> None:
    place = Place()
    place.ask((place.council.health, Head.MEDICAL))
    request = place.process.advice_requests.get()
    advice.decline_request(
        request, reason="We see adults only.", by=place.council.caseworker, today=ASKED
    )
    line = place.one(Head.MEDICAL)
    assert line.stands == Stands.NOBODY
    assert line.why.startswith("Community paediatrics cannot answer.")
    place.service("Children’s clinic", Head.MEDICAL, Form.MEDICAL)
    assert place.under(Head.MEDICAL) == ["Children’s clinic"]


@pytest.mark.parametrize("whole_head", [True, False])
def test_a_sufficient_report_is_shown_in_the_place_of_who_would_be_asked(
    *, whole_head: bool
) -> None:
    place = Place()
    event = advice.note_existing_advice(
        place.process,
        head=Head.PSYCHOLOGY,
        title="Report of May",
        author="Dr A. Example",
        dated_on=date(2024, 5, 1),
        organisation=None if whole_head else place.council.psychology,
        by=place.council.caseworker,
        today=ASKED,
    )
    report = place.process.case.existing_advice.get(pk=event.data["existing"])
    for party in ("adviser", "authority", "family"):
        advice.judge_existing(
            report, party=party, satisfied=True, person=f"The {party}", how="Letter",
            by=place.council.caseworker, today=ASKED,
        )  # fmt: skip
    line = place.one(Head.PSYCHOLOGY)
    assert (line.stands, line.ticked) == (Stands.NOT_TO_BE_ASKED, False)
    assert "regulation 6(4)" in line.why
    assert "Report of May" in line.why


def test_a_proposal_takes_the_same_statements_for_three_services_or_sixty(
    django_assert_max_num_queries: Any,
) -> None:
    place = Place()
    process = place.process
    for n in range(60):
        place.service(f"Therapy {n}", Head.MEDICAL, Form.THERAPY, beginning="S10")
    with django_assert_max_num_queries(5):
        assert len(propose(process.case, process, ASKED)) > 60


@pytest.mark.parametrize(
    ("postcode", "begins", "lies"),
    [
        ("S10 2AB", "S10", True),
        ("s102ab", "s10", True),
        ("S10 2AB", "S1", False),
        ("S10 2AB", "S", True),
        ("SE1 2AB", "S", False),
        ("S1 0AB", "S10", False),
        ("S1 0AB", "S1 0", True),
        ("EC1A 1BB", "EC1", True),
        ("", "S10", False),
        ("S10 2AB", "", False),
    ],
)
def test_a_place_is_an_area_a_district_or_a_sector(
    postcode: str, begins: str, *, lies: bool
) -> None:
    assert lies_in(postcode, begins) is lies
