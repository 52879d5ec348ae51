"""Communication and interaction, as professionals write about invented children."""

from advice.demo.needs.told import CARE, HEALTH, SCHOOL, THERAPY, Need, row

COMMUNICATION: dict[str, Need] = {
    "autism": Need(
        32,
        "“I like it when I know what comes next. The dinner hall is too loud and it hurts.” "
        "{name} chose three photographs of quiet places in school and one of the gate.",
        "Talking while building with bricks, and a choice of photographs. {He} answered more when "
        "nobody looked at {him}.",
        "At home {name} can be {himself}. After school {he} needs an hour alone; on some days {he} "
        "cries in the car and cannot say why.",
        "Remembers timetables, bus routes and whole stories. Kind to younger children. Draws maps "
        "with great care.",
        "{name} is autistic. Changes that nobody announced make {him} freeze or leave the room. "
        "{He} takes words literally and misses what others mean by tone or face. Noise, and people "
        "close to {him}, tire {him} by the end of the morning.",
        "A visual timetable since autumn: {he} looks at it without being told. A quiet room at "
        "dinner: three days of five {he} now eats. A social skills group did not help; {he} "
        "learnt the sentences and did not use them.",
        "In four visits {he} began 2 of 11 tasks without a prompt when they were only spoken, and "
        "9 of 11 when each step was shown as a picture. Reasoning with patterns lies in the "
        "average range; following spoken instructions of three parts lies well below it.",
        "Autism spectrum condition, diagnosed by the multi-disciplinary team. Difficulty falling "
        "asleep: two to three hours later than others of {his} age. No other physical condition.",
        (
            row(
                SCHOOL,
                "education",
                "Knowing what happens next, and coping when it changes",
                "Freezes or leaves the room about four times a week; misses an hour of teaching",
                "By July {year} {name} moves between activities with the timetable alone, on 9 of "
                "10 occasions, counted in one week of each term",
                "A timetable of pictures on {his} table, gone through each morning, with a warning "
                "before each change; one adult whom {he} can go to",
                "10 minutes to prepare the day, and 5 minutes before each planned change",
                "Daily",
                "A teaching assistant who knows {him}",
                "Trained in autism and visual support, at least two days",
            ),
            row(
                SCHOOL | THERAPY,
                "education",
                "Understanding what others mean, and being understood",
                "Plays alone at break; is upset by jokes several times a week",
                "By July {year} {name} says or shows to an adult what upset {him}, within the same "
                "day, in 4 of 5 cases",
                "Sessions with comic strips about what happened, using {his} own week",
                "30 minutes, one to one",
                "Twice a week, 36 weeks a year",
                "Teaching assistant, with a plan by the speech and language therapist",
                "Taught by the therapist, who sees a session each half term",
            ),
            row(
                HEALTH,
                "health",
                "Sleep",
                "Falls asleep after midnight on most nights; too tired to learn before ten",
                "By March {year} asleep by half past ten on 5 nights of 7, by the parents’ diary",
                "A sleep programme for the family, with a review of treatment",
                "Four appointments of 45 minutes, then a review",
                "Monthly for four months; review after six",
                "Community children’s nurse, supervised by the paediatrician",
                "Trained in behavioural sleep support",
            ),
            row(
                CARE,
                "social_care",
                "Time away from each other for {name} and the family",
                "A parent has stopped working; brothers and sisters have no time with them",
                "By July {year} {name} goes to one club that {he} chose, and comes home content "
                "after 3 visits of 4",
                "A place at a short-break club for autistic children",
                "3 hours",
                "Every second Saturday, and 4 days of the summer holiday",
                "Short-break provider commissioned by the council",
                "Staff trained in autism; one adult to two children",
            ),
        ),
    ),
    "speech": Need(
        21,
        "“I know it in my head but it goes wrong in my mouth.” {name} pointed to a picture of the "
        "carpet when asked what {he} did not like.",
        "Pictures and pointing, with a familiar adult beside {him}.",
        "We understand most of what {name} says; {his} grandparents do not. {He} has begun to say "
        "“it doesn’t matter”.",
        "Persistent, funny, good with {his} hands. Puts together kits for older children. Likes to "
        "help the caretaker.",
        "{name} has a developmental language disorder: {he} understands and uses language like a "
        "much younger child. {He} loses the thread when more than two things are said at once, "
        "finds words slowly, and leaves out endings. Reading is held back by it.",
        "Repeating instructions alone did not help. Pictures beside words, taught before the "
        "lesson, did: {he} used 14 of 20 new words a month later.",
        "Understanding of sentences: below the 2nd centile. Expressive vocabulary: 5th centile. "
        "Non-verbal reasoning: 55th centile. Strangers understood 4 of 10 sentences without "
        "knowing what they were about.",
        "Hearing is within normal limits, tested this year. No neurological cause was found. "
        "Growth and general health are good.",
        (
            row(
                SCHOOL | THERAPY,
                "education",
                "Understanding spoken language",
                "Follows two steps; after that copies others or waits",
                "By July {year} {name} carries out instructions with three parts in class, without "
                "help, in 8 of 10 trials each half term",
                "Words of the week taught before the lesson with pictures and objects; "
                "instructions given in short parts and shown",
                "20 minutes",
                "Four times a week in term time",
                "Teaching assistant, one to one",
                "Trained by the speech and language therapist: three half days a year",
            ),
            row(
                THERAPY,
                "education",
                "Speaking so that others understand",
                "Strangers understand 4 sentences of 10; {he} gives up and is silent in class",
                "By July {year} an adult who does not know {him} understands 8 sentences of 10 in "
                "a recorded conversation",
                "Direct therapy on sentence building and speech sounds, with a programme for "
                "school",
                "30 minutes of direct therapy; 15 minutes of practice at school",
                "12 sessions a year in two blocks; practice three times a week",
                "Speech and language therapist; practice with a teaching assistant",
                "Therapist registered with the HCPC, experienced in language disorder",
            ),
            row(
                HEALTH,
                "health",
                "Hearing to be watched",
                "Past glue ear can come back and would hide what therapy achieves",
                "Hearing stays within normal limits at each test until July {year}",
                "Hearing test",
                "One appointment",
                "Every twelve months",
                "Audiology, community paediatrics",
                "Audiologist for children",
            ),
        ),
    ),
}
