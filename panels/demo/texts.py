"""What panels and officers write in the demonstration, in words a family can read. All invented."""

from panels.models import PanelAction
from panels.questions import Outcome

#: What a panel relied on, by what it recommends; `{name}`, `{he}`, `{his}` are the child’s.
EVIDENCE = {
    Outcome.ASSESS: (
        "Two reviewed support plans of the school; its costed record of 14 hours a week.",
        "The letter of the paediatrician, and the attendance record since January.",
        "The parents’ own account, with examples of {his} reading over two years.",
        "The SENCO’s request with the reading and spelling ages of three terms.",
    ),
    Outcome.REFUSE_TO_ASSESS: (
        "The school’s support plan, begun this term, and the progress noted in it.",
        "The reading and number assessments of September and of last month.",
        "The SENCO’s letter: what is in place now works and can go on.",
    ),
    Outcome.ISSUE: (
        "The psychologist’s advice, with the hours it names, and the therapist’s programme.",
        "Five pieces of advice that agree; the school’s costs above its own means.",
        "The parents’ advice and the psychologist’s observation in two lessons.",
    ),
    Outcome.REFUSE_TO_ISSUE: (
        "The psychologist’s advice: the support in place fits the needs it found.",
        "The school’s record of the last term, and the therapist’s discharge report.",
    ),
    Outcome.MORE_ADVICE: ("The health advice is of two years ago; the others name no hours.",),
    Outcome.AGREE: ("The school’s answer to the consultation, and the family’s reasons.",),
    Outcome.DECLINE: ("The answers of both schools, and the cost of transport.",),
}
AGAINST = (
    "",
    "",
    "Attendance has been better since half term.",
    "The school has not yet tried the programme that was recommended.",
    "Reading is at the expected level for {his} age.",
)
OPTIONS = (
    "",
    "",
    "Assess now; or ask the school for one more reviewed cycle of support.",
    "Wait for the paediatrician’s letter, or go on with what is here.",
)
DISSENT = (
    "The member for social care would have waited for the outcome of early help.",
    "One member thought that the school could still do more from its own means.",
)
#: The reasons of a recommendation: one sentence of its own and one that comes again and again.
OWN_REASONS = {
    Outcome.ASSESS: (
        "{name} needs an adult beside {him} in every lesson, and the school can tell why.",
        "After two years of help {name} still cannot write a sentence that others can read.",
        "{name} has been at school for one day in three since Easter because of {his} anxiety.",
        "Nobody has yet found out why {name} stopped talking outside {his} home.",
        "{name} falls asleep at noon, and neither school nor doctor can say what it comes from.",
        "{name} hurts {himself} when plans change, more often this year than last.",
        "What helps {name} with numbers has not helped with words, and the gap is growing.",
        "{name} moves to the next school in September with no one there who knows {him}.",
    ),
    Outcome.REFUSE_TO_ASSESS: (
        "{name} has caught up by a year in reading since the small group began.",
        "{name} has settled since the move, and the school is glad to go on as it does.",
        "The plan for {name} is six weeks old, and it has begun to work.",
        "{name} finds spelling hard, as many do at {his} age, and gets help with it each day.",
    ),
    Outcome.ISSUE: (
        "{name} needs speech therapy every week, and no school can secure that alone.",
        "{name} needs a quiet room and an adult who signs, all day, in every place.",
        "What the advice names for {name} comes to 27 hours a week.",
        "{name} can learn with others when {he} is told beforehand, and that takes planning.",
        "Three services must work together for {name}, and only a plan holds them to it.",
    ),
    Outcome.REFUSE_TO_ISSUE: (
        "The assessment found what {name} needs, and the school has begun to give it.",
        "{name} has done well since the new hearing aids; what is left is small.",
    ),
    Outcome.MORE_ADVICE: ("We cannot say how much help {name} needs from what is here.",),
    Outcome.AGREE: (
        "{name} has friends at this school, and the school says that it can meet {his} needs.",
        "The school that the family asks for is the nearest that teaches by signing.",
    ),
    Outcome.DECLINE: ("The school is full in {his} year, and {name} would be in a class of 34.",),
}
COMMON_REASONS = {
    Outcome.ASSESS: (
        "It may be necessary for provision to be made in accordance with a plan.",
        "School evidence shows support well beyond what is ordinarily available.",
        "An assessment will show what kind of help is needed, and how much of it.",
    ),
    Outcome.REFUSE_TO_ASSESS: (
        "The school can meet these needs from what is ordinarily available to it.",
        "We do not think that a plan may be necessary, and we say below what would help.",
    ),
    Outcome.ISSUE: (
        "The provision needed is more than a mainstream setting can secure alone.",
        "It is necessary for this provision to be made in accordance with a plan.",
    ),
    Outcome.REFUSE_TO_ISSUE: (
        "The needs can be met with school support and the advice that has now been given.",
    ),
    Outcome.MORE_ADVICE: ("We ask for it now, and the time to decide goes on running.",),
    Outcome.AGREE: ("It is suitable for the needs that the plan describes.",),
    Outcome.DECLINE: ("This would not be an efficient use of what all children share.",),
}
DEPARTS = (
    "A letter of the hospital came after the sitting. It tells of needs that the panel could not "
    "know of.",
    "The test is whether a plan may be necessary. The panel asked for more than the Act does.",
    "The school has told us since that it can do what the panel thought it could not.",
)
DEFERRED = (
    ("The psychologist’s report was promised for today and has not come.", ("Psychologist",)),
    ("The family sent a report of 30 pages last night; members must be able to read it.", ()),
    ("Nobody from the school could tell us what was tried.", ("School’s support record",)),
)
INTERESTS = (
    "I teach at the school that {name} goes to.",
    "I know the family from my street.",
    "My sister is {name}’s support worker.",
)
INTRODUCTION = (
    "",
    "The family has asked twice before.",
    "Please look at what happens at the change of school in September.",
    "The family would like to know how much help, not only whether.",
)
TOGETHER = "All advice is put together in one paper."
NO_SITTING = "No sitting lay between the papers and the last lawful day."
URGENT = (
    "{name} leaves hospital on Monday, and the school must know what to prepare.",
    "The family moves into temporary housing this week; waiting would cost {name} the place.",
)
CLEAR = "The request came before there were panels, and is decided as it was begun."
RESTRICTED = "Only those who are named may know of this case; a panel would be too many."
NOTED = ("", "", "The panel would have asked for the hospital’s letter.")
TOLD = "By letter from the old system, with the rights that go with the decision."
ACTIONS = {
    PanelAction.Kind.COMMISSION: (
        "Assess how {name} moves and eats at school, and say what equipment is needed.",
        "Assess {name}’s sleep and say what school should know of it.",
    ),
    PanelAction.Kind.CONDITION: (
        "Write the hours of support into section F as the psychologist names them.",
        "Ask the school for a named adult from the first day of term.",
    ),
    PanelAction.Kind.OTHER: ("Ring the family and explain what happens next.",),
}
DONE = ("Done; the family knows.", "Report received and put with the papers.")
EVIDENCE_OUTSIDE = "Everything on the case, read in full by the officer."
REST = "The rest of the advice is awaited; it is put before the panel when it comes."
REMARK = "The panel thanked the member for social care, whose last sitting this was."
NOTE = "Ask what happens on Mondays. Who would be the adult?"
TAKEN_BACK = "The numbers are those of last year. The right version follows as a late paper."
