"""The editions of the law: what changed, and from when until when."""

from datetime import date

from ehc.law.limits import REGULATIONS_BEGAN, Confidence, Edition
from ehc.law.rulebook.common import SI_2015_359, SI_2017_1306, TRIBUNAL_RULES_2020

CORONAVIRUS_EDITION = Edition(
    title="Coronavirus amendments",
    citation="SI 2020/471",
    since=date(2020, 5, 1),
    until=date(2020, 9, 26),
    effect=(
        "Where coronavirus made it impractical to keep a limit, the number fell away and the duty "
        "was to act as soon as reasonably practicable. Judged case by case: no limit was extended."
    ),
    confidence=Confidence.READ,
)

EDITIONS = (
    Edition(
        title="The Regulations as made",
        citation="SI 2014/1530",
        since=REGULATIONS_BEGAN,
        until=None,
        effect="The time limits of the EHC process.",
        confidence=Confidence.READ,
    ),
    Edition(
        title="Unopposed appeals",
        citation="SI 2015/359",
        since=SI_2015_359,
        until=None,
        effect="Regulation 45: 2, 10 and 14 weeks, and 5 weeks where there had been 4.",
        confidence=Confidence.UNCONFIRMED,
    ),
    Edition(
        title="Recommendations on health and social care",
        citation="SI 2017/1306",
        since=SI_2017_1306,
        until=None,
        effect="The Tribunal may recommend; the body replies in 5 weeks.",
        confidence=Confidence.SECONDARY,
    ),
    CORONAVIRUS_EDITION,
    Edition(
        title="Time at the Tribunal",
        citation="Tribunal Procedure (Amendment) Rules 2020",
        since=TRIBUNAL_RULES_2020,
        until=None,
        effect=(
            "A deadline for appealing in August or from 25 December to 1 January moves to the "
            "first working day after; for other acts those days do not count."
        ),
        confidence=Confidence.QUOTED,
    ),
)
