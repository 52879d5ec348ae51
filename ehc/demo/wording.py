"""What caseworkers, panels and families write in the demonstration. All of it is invented."""

AGREE_TO_ASSESS = (
    "Two reviewed cycles of support have not closed the gap; more detail is needed on how they "
    "learn.",
    "School evidence shows support well beyond what is ordinarily available, with little progress.",
    "Needs across communication and learning are significant and not yet fully understood.",
    "Attendance has fallen below half because of anxiety; health and school both ask for advice.",
)
REFUSE_TO_ASSESS = (
    "The school’s records show good progress with the support already in place, which can go on.",
    "The plan of support began only this term. The school will review it with you in 12 weeks.",
    "The evidence shows needs that the school can meet from what is ordinarily available to it.",
)
AGREE_TO_ISSUE = (
    "The advice agrees: the provision needed is more than a mainstream setting can secure alone.",
    "Specialist teaching and therapy are needed every week and must be secured by a plan.",
    "The panel recommends a plan; speech and language needs affect learning throughout the day.",
)
REFUSE_TO_ISSUE = (
    "The assessment shows that the needs can be met with school support and the advice now given.",
    "Progress since the advice was followed has been good; the school can carry on with it.",
)
MORE_ADVICE = (
    "The psychologist’s advice does not say how much support is needed. Please ask.",
    "The health advice is about a visit two years ago; the panel asks for up-to-date advice.",
)
WITHDRAWN = (
    "The family wrote that the new school’s support is working and they no longer ask for a plan.",
    "The young person told us they do not want an assessment now.",
    "The parent withdrew after talking with the school; they know that they may ask again.",
)
MOVED_TO = ("Westmarch", "Northmoor", "not known", "Easterby", "Lowenshire")
REPRESENTATIONS = (
    "Happy with the draft. They ask for the present school to be named.",
    "They ask for speech and language therapy to be written as hours a week.",
    "They want section A to say more about what their child enjoys: trains, drawing, the dog.",
    "They ask for a special school and sent the report of an independent psychologist.",
    "No comments. They telephoned to say that they agree with all of it.",
    "They asked for a meeting; held by video. Section F to be made more specific.",
)
CONTACTS = (
    ("Mother", "telephone", "Asked where the psychologist’s advice is. Promised a call on Friday."),
    ("School SENCO", "email", "Sent the support plans of the last three terms."),
    ("Father", "telephone", "Explained the 20 weeks and what happens at panel."),
    ("Psychologist", "meeting", "Observed in class; report to follow within two weeks."),
    ("Mother", "email", "Family on holiday for a week; draft may be sent by e-mail meanwhile."),
    ("Independent advice service", "telephone", "They support the family and asked to be copied."),
    ("Social worker", "email", "Child known to the team until March; closed, no current plan."),
    ("Child or young person", "visit", "Showed us what they like at school. Noted for section A."),
    ("School SENCO", "telephone", "Attendance is better; still leaves the class at noon."),
    ("Grandmother", "telephone", "Asked for letters in large print. Noted on the case."),
)
HAND_OVER = (
    "Draft promised to the family by the end of the month. Chase occupational therapy first.",
    "Family prefer e-mail. Panel asked for the school’s costed plan; it is in the documents.",
    "Going on leave. All advice is in except paediatrics, due Thursday.",
)
RESTRICTIONS = (
    "The child of a member of staff.",
    "Safeguarding: the family’s address must not become known.",
)
CORRECTIONS = (
    "The request came to the school mailbox and was passed on later; the day it arrived counts.",
    "Logged on the day it was opened. The envelope was signed for earlier.",
)
CIRCUMSTANCES = (
    "A parent was in hospital and the family asked that nothing be sent or arranged meanwhile.",
    "A death in the family; appointments were put off at their request.",
)
ABSENT = ("The family was abroad with a sick relative and could not be met or written to.",)
CLOSED = (
    "The school was closed for the summer and could not give its advice until staff were back.",
)
MISSED = ("The appointment for the examination was not kept; the next one was five weeks later.",)
EARLY = ("E-mail from the parent: please send the final plan now, we agree with it.",)
CEASED = (
    "The young person has started a job and, with their agreement, no longer needs the plan.",
    "The outcomes have been met; school, family and young person agree.",
)
