"""Short sentences of advice about invented children; braces as in `advice.demo.needs`."""

from advice.models.request import Form

#: What makes advice poor: the provision as some still write it.
ELASTIC = (
    "Access to a differentiated curriculum with regular support as appropriate",
    "Would benefit from opportunities to work in a small group where possible",
    "Up to 5 sessions of support, as required and subject to review",
    "Ongoing liaison between professionals as and when needed",
)
ATTENDANCE = (
    "Attendance 94%.",
    "Attendance 81% since September.",
    "Attendance 63%; no exclusions.",
)
SUPPORT = (
    "12.5 hours a week of a teaching assistant, shared by two; phonics group of four, daily.",
    "6 hours a week one to one, and a quiet place at dinner; about £5,800 a year.",
    "All lessons in a class of 28 with one assistant; two intervention groups of 20 minutes.",
)
ATTAINMENT = (
    "Two years below {his} age in reading and three in writing; number at the expected level.",
    "Working below the standard of the key stage in all subjects; small steps each term.",
    "At the expected level in reading in July; one year behind in number; writing not secure.",
)
CONTACT = (
    "Seen at school on two mornings; lesson and break observed; spoke with the class teacher.",
    "One appointment of an hour with a parent; records of the last three years read.",
    "Observed in two lessons, assessed in a quiet room, met the parents by video.",
    "Home visit and one visit to school; telephone call with the SENCO.",
)
INVOLVEMENT = (
    "Not known to social care before. Screening visit made for this advice.",
    "Early help since spring; plan reviewed every six weeks.",
    "Child in need plan since January; named social worker visits monthly.",
)
NOTHING = {
    Form.SOCIAL_CARE: (
        "Not known to children’s social care and no request for support. The family were "
        "telephoned and say that they need none at present; they know whom to ring.",
        "Known once, for a request for information in 2021. No assessment was needed. The "
        "screening call found no need that arises from special educational needs.",
    ),
    Form.MEDICAL: (
        "Not known to community paediatrics. The general practitioner’s record and the school "
        "nurse were asked: no condition that affects education.",
    ),
}
QUESTIONS = (
    "",
    "",
    "",
    "What would help at dinner and in assembly?",
    "Please say which of the present support should stay as it is.",
    "The family asks about hours of direct work and who would do it.",
)
NOTES = (
    "Please carry the hours in row 2 to section F as they stand.",
    "Clear and specific. The outcome for sleep belongs in health, as you have it.",
    "Good. “Regular” in the text is made precise in the rows.",
)
RETURN_NOTES = {
    "not_quantified": "“Regular” and “as appropriate” cannot be checked. Say how much, how often, "
    "by whom.",
    "no_voice": "What does the child say? Please add it, and how you learnt it.",
    "not_smart": "By when, and how would we know? Please mend the outcome of row 1.",
    "stale": "The assessment is of two years ago. Please say what is true now.",
}
LATE_NOTES = {
    "vacancy": "One of two posts for this area is vacant; a locum starts next month.",
    "demand": "We have three times the requests of last spring.",
    "waiting_list": "First appointment offered in the week before the new date.",
    "not_seen": "The child was not at school on the day of the visit.",
    "closed": "School is closed for the holiday; the teacher is back on the first day of term.",
    "information": "We wait for the hospital’s letter.",
    "not_known": "The child has never been seen here and must be assessed first.",
    "other": "",
}
CHASE_NOTES = (
    "Spoke with the office: the report is written and waits for signature.",
    "Left a message for the lead to ring back.",
    "They promise it by the end of the week.",
    "The appointment has been moved forward; draft to follow the day after.",
)
PARENT = (
    {
        "about": "{name} is funny and never tells a lie. {He} notices everything. {He} loves the "
        "dog, trains and {his} cousin.",
        "history": "We noticed at two that {he} was different. It took four years to be believed.",
        "going_well": "{He} sleeps better. Miss Amber understands {him}.",
        "worries": "Mornings. {He} says {he} is stupid. Nobody tells us what happened in the day.",
        "hopes": "A friend. To go to school without crying. Later, a job and {his} own front door.",
        "help": "Being told beforehand, in pictures. One adult who knows {him}. Small groups.",
        "others": "The club on Saturdays knows {him} well.",
    },
    {
        "about": "{name} is gentle and stubborn in equal parts, and the best swimmer of us all.",
        "worries": "{He} comes home with wet sleeves from chewing them. Homework takes until nine.",
        "hopes": "That {he} learns to read, and that we can stop fighting for everything.",
        "help": "Time. Breaks. Somebody who explains things twice without being cross.",
    },
)
CHILD = (
    {
        "like": "I like animals and numbers.",
        "difficult": "Writing. When it is loud. Supply teachers.",
        "help": "When I can see it. When I can go out for five minutes.",
        "hopes": "To work in a zoo.",
        "how": "{name} chose pictures and told the SENCO, who wrote it down; read back to {him}.",
    },
    {
        "like": "Football. My sister. Making things.",
        "difficult": "Remembering. People laugh.",
        "help": "My friend tells me what to do.",
        "how": "By talking with the family support worker at home, and drawing.",
    },
)
YOUNG = (
    {
        "like": "{name} laughs when water runs and comes close when somebody sings.",
        "difficult": "New rooms and many voices: {he} turns away and covers {his} ears.",
        "help": "A known grown-up, a song, and the same order every day.",
        "hopes": "Left to choose, {he} goes to the sand and to one other child.",
        "how": "The key person watched at nursery over two weeks and talked with the parents.",
    },
    {
        "like": "{name} lines up cars and shows them to whoever is near.",
        "difficult": "Waiting. {He} cries and lies down.",
        "help": "A picture of what comes next; {he} points to it.",
        "how": "The parents watched at home and filmed {him} at play.",
    },
)
