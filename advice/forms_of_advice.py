"""The forms of advice: what each discipline is asked, as data.

One common core (what the child says, strengths, needs, what was tried, outcomes, provision) and
what each discipline adds. A form has a version: advice keeps the one it was written on, so that an
old answer is read under its own questions. When a question changes, raise `VERSION`, and keep the
old wording in `FORMER`.
"""

from dataclasses import dataclass, replace

from advice.models.request import OWN_FORMS, AdviceRequest, Form
from ehc.dates import years_old
from ehc.law import is_young_person

VERSION = "2026-1"

#: The cells of one row of need, outcome and provision, in the order of the form.
COLUMNS = (
    "part",
    "need",
    "effect",
    "outcome",
    "provision",
    "how_much",
    "how_often",
    "by_whom",
    "skill",
)
COLUMN_LABELS = {
    "part": "Part of the plan",
    "need": "Need",
    "effect": "How it affects learning or daily life",
    "outcome": "Outcome: what will be different, by when, and how we will know",
    "provision": "Provision",
    "how_much": "How much",
    "how_often": "How often",
    "by_whom": "By whom",
    "skill": "With what skill or training",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form: its field, the words, a hint, and whether it must be answered."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    #: Lines of the box; one line makes a plain field.
    lines: int = 5


@dataclass(frozen=True, slots=True)
class FormOfAdvice:
    """The questions of one discipline, and whether it has rows of need, outcome and provision."""

    form: Form
    questions: tuple[Question, ...]
    has_rows: bool = True
    #: The part of the plan that its rows begin in.
    part: str = "education"
    #: What the page begins with, where the questions alone do not say who is to answer them.
    about: str = ""
    version: str = VERSION


_CONTACT = Question(
    "contact",
    "How and when you met the child",
    "Dates, places, and what you used: observation, assessment, talking, records.",
    required=True,
    lines=3,
)
_VOICE = Question(
    "voice",
    "What the child or young person says",
    "In their own words where you can.",
    required=True,
)
_VOICE_HOW = Question(
    "voice_how",
    "How you learnt it",
    "For example talking, drawing, symbols, watching, somebody who knows them well.",
    required=True,
    lines=2,
)
_FAMILY = Question("family", "What the parent or carer told you", lines=4)
_STRENGTHS = Question("strengths", "Strengths and interests", required=True)
_NEEDS = Question(
    "needs",
    "Needs, and the effect each has",
    "Plain words. Explain a diagnosis by what it means for this child.",
    required=True,
    lines=8,
)
_TRIED = Question("tried", "What has been tried, and what came of it", required=True)
_OTHER = Question("other", "Anything else that should be known", lines=3)
_CORE = (_CONTACT, _VOICE, _VOICE_HOW, _FAMILY, _STRENGTHS, _NEEDS, _TRIED)

FORMS: dict[str, FormOfAdvice] = {
    Form.EDUCATIONAL: FormOfAdvice(
        Form.EDUCATIONAL,
        (
            *_CORE,
            Question(
                "attainment",
                "Attainment and progress",
                "Levels with dates, and the rate of progress over the last two years.",
                required=True,
            ),
            Question(
                "support",
                "Support now, with what it costs in time",
                "What is in place, how many hours, in which group size.",
                required=True,
            ),
            Question("attendance", "Attendance and exclusions", lines=2),
            _OTHER,
        ),
    ),
    Form.MEDICAL: FormOfAdvice(
        Form.MEDICAL,
        (
            *_CORE,
            Question("diagnoses", "Diagnoses and treatment", "With dates and who made them."),
            Question(
                "education_effect",
                "How the health needs affect education",
                required=True,
            ),
            Question(
                "commissioner",
                "Who commissions the provision",
                "The integrated care board, or another.",
                lines=1,
            ),
            _OTHER,
        ),
        part="health",
    ),
    Form.PSYCHOLOGICAL: FormOfAdvice(
        Form.PSYCHOLOGICAL,
        (
            *_CORE,
            Question(
                "assessment",
                "Assessment and what it shows",
                "What was used, when, the results and what they mean.",
                required=True,
                lines=8,
            ),
            Question("formulation", "How the needs hang together", lines=6),
            _OTHER,
        ),
    ),
    Form.SOCIAL_CARE: FormOfAdvice(
        Form.SOCIAL_CARE,
        (
            *_CORE,
            Question(
                "involvement",
                "Level of involvement",
                "Not known, early help, child in need, child protection, looked after; since when.",
                required=True,
                lines=2,
            ),
            Question("home", "At home and in the community", "The effect on the family too."),
            Question(
                "statutory",
                "Provision under the Chronically Sick and Disabled Persons Act 1970, section 2",
                "What belongs in section H1, and what in H2.",
            ),
            _OTHER,
        ),
        part="social_care",
    ),
    Form.THERAPY: FormOfAdvice(
        Form.THERAPY,
        (
            *_CORE,
            Question(
                "assessment",
                "Assessment and what it shows",
                "What was used, when, the results and what they mean.",
                required=True,
                lines=8,
            ),
            Question(
                "direct",
                "Direct therapy, and what others do under guidance",
                "Keep the two apart: who works with the child, and who trains or advises.",
            ),
            _OTHER,
        ),
    ),
    Form.SENSORY: FormOfAdvice(
        Form.SENSORY,
        (
            *_CORE,
            Question(
                "senses",
                "Hearing and vision",
                "Degree, cause where known, equipment, and functional effect.",
                required=True,
            ),
            Question("access", "What access to the curriculum needs", lines=4),
            _OTHER,
        ),
    ),
    Form.EARLY_YEARS: FormOfAdvice(
        Form.EARLY_YEARS,
        (
            *_CORE,
            Question(
                "development",
                "Development",
                "By area, with what was seen and when.",
                required=True,
            ),
            Question("transition", "Moving on to school", lines=3),
            _OTHER,
        ),
    ),
    Form.ADULTHOOD: FormOfAdvice(
        Form.ADULTHOOD,
        (
            *_CORE,
            Question("employment", "Higher education or employment", required=True, lines=4),
            Question("living", "Independent living", required=True, lines=4),
            Question("community", "Friends, relationships and the community", lines=4),
            Question("health", "Being as healthy as possible", lines=4),
            _OTHER,
        ),
    ),
    Form.PARENT: FormOfAdvice(
        Form.PARENT,
        (
            Question("about", "Tell us about your child", required=True, lines=6),
            Question("history", "What has happened so far", lines=5),
            Question("going_well", "What goes well", lines=4),
            Question("worries", "What is difficult, at home and elsewhere", lines=6),
            Question("hopes", "What you hope for, soon and later", lines=4),
            Question("help", "What helps, and what you think is needed", lines=5),
            Question("others", "Who else should we ask?", lines=2),
            Question("more", "Anything else you want us to know", lines=4),
        ),
        has_rows=False,
    ),
    Form.CHILD: FormOfAdvice(
        Form.CHILD,
        (
            Question("like", "What I like, and what I am good at", lines=4),
            Question("difficult", "What is hard for me", lines=4),
            Question("help", "What helps me", lines=4),
            Question("hopes", "What I want, now and when I am older", lines=4),
            Question("how", "How this was learnt, and who helped", required=True, lines=2),
            Question("more", "Anything else I want to say", lines=4),
        ),
        has_rows=False,
    ),
}
#: Below this age in years, whoever watches the child is asked instead of the child.
SPEAKS_FROM = 5
#: The child’s own views, told by those who watch the child: the same fields, in other words.
YOUNG = FormOfAdvice(
    Form.CHILD,
    (
        Question(
            "like",
            "What the child likes, and how they show it",
            "What you see and hear: a smile, a sound, coming closer, a favourite thing or person.",
            lines=4,
        ),
        Question(
            "difficult",
            "What upsets or tires the child, and how they show it",
            "For example crying, turning away, hiding, holding on to somebody.",
            lines=4,
        ),
        Question(
            "help",
            "What helps, and how the child asks for it",
            "For example whom they go to, what calms them, how they say yes and no.",
            lines=4,
        ),
        Question(
            "hopes",
            "What the child chooses, when they may choose",
            "What they go back to of themselves, and with whom they want to be.",
            lines=4,
        ),
        Question(
            "how",
            "Who watched, when and where",
            "For example the parent at home over a week, or the key person at nursery.",
            required=True,
            lines=2,
        ),
        Question("more", "Anything else that the child shows", lines=4),
    ),
    has_rows=False,
    about="So young a child tells most things without words. Somebody who knows the child well can "
    "answer, by what they see.",
    version=f"{VERSION}-young",
)
#: What a parent tells of somebody over compulsory school age, who is no child any more.
GROWN_UP = replace(
    FORMS[Form.PARENT],
    questions=(
        replace(FORMS[Form.PARENT].questions[0], label="Tell us about the young person"),
        *FORMS[Form.PARENT].questions[1:],
    ),
    version=f"{VERSION}-adult",
)
#: Forms beside those of today, by version and discipline: advice written on them is shown with
#: them. Those of older versions, the one for young children, and the one about young people.
FORMER: dict[tuple[str, str], FormOfAdvice] = {
    (YOUNG.version, Form.CHILD): YOUNG,
    (GROWN_UP.version, Form.PARENT): GROWN_UP,
}


def form_for(request: AdviceRequest) -> FormOfAdvice:
    """The form on which a request is answered now; by the child’s age when it was asked."""
    if request.form in OWN_FORMS:
        born = request.case.person.date_of_birth
        if request.form == Form.PARENT and is_young_person(born, request.asked_on):
            return GROWN_UP
        if request.form == Form.CHILD and years_old(born, request.asked_on) < SPEAKS_FROM:
            return YOUNG
    return FORMS[request.form]


def form_at(version: str, form: str) -> FormOfAdvice:
    """The questions under which advice of that version was given."""
    return FORMER.get((version, form)) or FORMS[form]


def required_of(form: FormOfAdvice) -> list[Question]:
    """The questions that must be answered when nothing else is given."""
    return [question for question in form.questions if question.required]
