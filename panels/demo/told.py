"""What schools, families and others send a panel in the demonstration. All invented."""

from dataclasses import dataclass

from panels.questions import Question

SCHOOL, FAMILY, HOSPITAL, OFFICE = "school", "family", "hospital", "office"


@dataclass(frozen=True, slots=True)
class Told:
    """A paper: its title, who sends it, and its paragraphs; `{name}` and the like are the child’s.

    `{full}` and `{born}` are the child’s name and day of birth, which each of them begins with.
    """

    title: str
    whose: str
    paragraphs: tuple[str, ...]


REQUEST_OF_SCHOOL = Told(
    "Request of the school, with its reasons",
    SCHOOL,
    (
        "We ask for an assessment because what we can give {name} has not been enough for two "
        "years. {name} is at school every day and works hard.",
        "{name} has 14 hours a week of help from an adult, a place in the morning group for "
        "reading, and a card to leave the room. We have bought a programme for spelling. All of it "
        "was reviewed in three cycles, with the family each time.",
        "Reading is at the level of a child three years younger. In a class of 28 {he} stops "
        "listening after about six minutes; beside one adult {he} goes on for half an hour.",
        "We think that we need to know why, and what would help. The family agrees with us.",
    ),
)
LETTER_OF_FAMILY = Told(
    "Letter from the family",
    FAMILY,
    (
        "Thank you for reading this. We would like you to know {name} as we do: funny, kind to "
        "small children, and able to name every train that goes through our station.",
        "Mornings take two hours. {name} asks forty times what will happen at school, and if one "
        "thing changes {he} cannot go in. Last term {he} was at home for 31 days.",
        "School does what it can and we are grateful. But every September we begin again with "
        "people who do not know {him}.",
        "What we hope for is that somebody looks at the whole of {him}, and that what helps is "
        "written down.",
    ),
)
SUPPORT_PLAN = Told(
    "SEN support plan, third cycle, reviewed",
    SCHOOL,
    (
        "Outcome 1: {name} will read 40 of the first 100 words alone. Reviewed: 23 of them. "
        "Outcome 2: {name} will join a game at break on three days of five. Reviewed: on one.",
        "What we did: daily reading for 15 minutes with Mrs Kaye; a visual timetable; a quiet "
        "table; two meetings with the educational psychologist’s assistant.",
        "What we do next: the same, and a sensory break before each lesson. The family says that "
        "{name} sleeps badly and asks whether this was looked at.",
    ),
)
COSTS = Told(
    "What is provided now, and what it costs",
    SCHOOL,
    (
        "Teaching assistant, 14 hours a week, 39 weeks: £8,190. Morning group for reading, share "
        "of one in six: £1,240. Spelling programme and tablet: £310. Supervision at break, 2.5 "
        "hours a week: £1,460.",
        "In all £11,200 a year, of which the first £6,000 are ours to find. Without this {name} "
        "would be alone with {his} work for most of the day.",
    ),
)
ATTENDANCE = Told(
    "Attendance and exclusions since September",
    SCHOOL,
    (
        "Attendance 71.4%. Absent for illness on 12 days, for anxiety (authorised) on 31, late on "
        "26. No suspension. {name} was sent home at noon on four days by agreement.",
        "The pattern is Mondays and days after a supply teacher.",
    ),
)
PAEDIATRICIAN = Told(
    "Letter of the community paediatrician",
    HOSPITAL,
    (
        "I saw {name} with {his} mother for an hour. Growth and hearing are well. I have asked for "
        "an eye test, and put {him} on the list of the neurodevelopmental team, where the wait is "
        "now 78 weeks.",
        "Sleep is poor: five to six hours. I have given the family our leaflet and will see them "
        "again in three months. Until then it would help if school could allow rest at noon.",
    ),
)
ALL_ADVICE = Told(
    "Advice received, put together for the panel",
    OFFICE,
    (
        "Educational psychology. {name} learns best what {he} can see. Working memory is weak, "
        "reasoning with pictures is at the level of {his} age. Recommended: 20 hours a week of "
        "teaching in a group of up to four, planned by a specialist teacher.",
        "Speech and language therapy. {name} understands sentences of five words. Recommended: "
        "one session of 45 minutes a week by a therapist for 36 weeks, and ten minutes a day by an "
        "adult whom the therapist trains.",
        "Health. No diagnosis so far; sleep as in the paediatrician’s letter. Social care. Not "
        "known to us; short breaks were offered to the family.",
        "School. What is in place costs more than the first £6,000 and has not closed the gap.",
    ),
)
COMMENTS = Told(
    "What the family says to the advice",
    FAMILY,
    (
        "Most of it is {name} as we know {him}. The psychologist saw {him} on a good day.",
        "We miss what happens after school: {he} cries until supper. Nobody wrote of it.",
        "Please let the hours be written as hours, and not as “access to”.",
    ),
)
ANSWER_OF_SCHOOL = Told(
    "Answer of the school to the consultation",
    SCHOOL,
    (
        "We have read the draft. We can meet the needs in section B with the provision in section "
        "F if the therapist comes to us, and if the quiet room is ready by September.",
        "There are 27 children in the year. One more is not incompatible with their education.",
    ),
)
REASONS_OF_FAMILY = Told(
    "Why the family asks for this school",
    FAMILY,
    (
        "We visited four schools. At this one {name} went in alone and stayed for lunch.",
        "It is eleven minutes on foot, and {his} sister is there.",
    ),
)
LATE = (
    Told(
        "Letter of the hospital, received since",
        HOSPITAL,
        (
            "{name} was with us for two nights. The scan shows nothing that worries us. We think "
            "that the attacks come from lack of sleep and will see {him} again in March.",
            "School should let {him} lie down, and ring the family after ten minutes.",
        ),
    ),
    Told(
        "What school saw in the last two weeks",
        SCHOOL,
        (
            "Since the new group began {name} has stayed in class on eight days of ten. On the "
            "other two {he} hid in the cloakroom until noon.",
            "We do not know yet whether it will last.",
        ),
    ),
)
#: What comes with each question: first what always does, then what may.
PAPERS = {
    Question.ASSESS: (
        (SUPPORT_PLAN,),
        (COSTS, ATTENDANCE, PAEDIATRICIAN),
    ),
    Question.ISSUE: ((ALL_ADVICE, COMMENTS), (COSTS,)),
    Question.PLACEMENT: ((ANSWER_OF_SCHOOL, REASONS_OF_FAMILY), ()),
}
