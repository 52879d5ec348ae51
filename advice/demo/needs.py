"""What professionals write about invented children: by need, told as each discipline sees it.

Words in braces stand for the child: {name}, {he}, {He}, {him}, {his}, {His}; {year} is a school
year that has not ended yet.
"""

from dataclasses import dataclass

from advice.models.request import Form


@dataclass(frozen=True, slots=True)
class Row:
    """One need with effect, outcome and provision; `of` are the forms that would write it."""

    of: frozenset[str]
    part: str
    cells: tuple[str, str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Need:
    """A kind of need, and what is said of it."""

    weight: int
    voice: str
    voice_how: str
    family: str
    strengths: str
    needs: str
    tried: str
    finding: str
    health: str
    rows: tuple[Row, ...]


_SCHOOL = frozenset({Form.EDUCATIONAL, Form.PSYCHOLOGICAL, Form.EARLY_YEARS, Form.ADULTHOOD})
_THERAPY = frozenset({Form.THERAPY, Form.PSYCHOLOGICAL})
_HEALTH = frozenset({Form.MEDICAL})
_CARE = frozenset({Form.SOCIAL_CARE})
_SENSES = frozenset({Form.SENSORY, Form.EDUCATIONAL})


def _row(of: frozenset[str], part: str, *cells: str) -> Row:
    need, effect, outcome, provision, much, often, whom, skill = cells
    return Row(of, part, (need, effect, outcome, provision, much, often, whom, skill))


NEEDS: dict[str, Need] = {
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
            _row(
                _SCHOOL,
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
            _row(
                _SCHOOL | _THERAPY,
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
            _row(
                _HEALTH,
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
            _row(
                _CARE,
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
            _row(
                _SCHOOL | _THERAPY,
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
            _row(
                _THERAPY,
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
            _row(
                _HEALTH,
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
    "semh": Need(
        21,
        "“I’m not bad. It’s like a fire alarm in me and then I’ve done it.” {name} wants a job "
        "with animals and to be back with {his} class.",
        "Walking round the field with somebody {he} trusts; {he} filled in the scaling cards "
        "{himself}.",
        "{name} was a happy child until the moves. Mornings are the hardest; we have not got {him} "
        "out of the house on eleven days this term.",
        "Loyal. Calm with animals and small children. Quick at mental arithmetic. Says sorry, and "
        "means it.",
        "{name} is anxious, and always ready for danger after what {he} has lived through. Small "
        "corrections feel like threats: {he} shouts, runs, or hides. {He} has missed much and "
        "hides what {he} cannot do.",
        "A reduced timetable was kept for nine weeks and did not help: {he} lost touch with "
        "friends. A key adult at the gate did: late on 3 days of 20 instead of 14.",
        "Attainment is two years behind where {his} reasoning would place it. On the "
        "questionnaires of three adults, emotional symptoms are very high at school, and high at "
        "home. Feeling safe comes first; learning follows it.",
        "Generalised anxiety, seen by the mental health team since spring. No medication. Weight "
        "has fallen to the 9th centile; {he} skips breakfast and dinner on school days.",
        (
            _row(
                _SCHOOL,
                "education",
                "Feeling safe enough to stay and learn",
                "Leaves the lesson six times a week; about 70 minutes of teaching lost each day",
                "By July {year} {name} stays in lessons, or uses the agreed break and returns "
                "within 10 minutes, in 9 lessons of 10",
                "A key adult at arrival and at two fixed times; an agreed place and signal for a "
                "break; a plan written with {name} and shared with all staff",
                "15 minutes at arrival, 10 minutes each at noon and before home",
                "Daily",
                "The key adult, and a named second for absence",
                "Trained in attachment and trauma: two days, renewed each year",
            ),
            _row(
                _SCHOOL,
                "education",
                "Catching up on what was missed",
                "Reads three years below {his} age; hides it by disrupting",
                "By July {year} reads at the level of {his} year less one, by a standard test",
                "Structured reading programme",
                "30 minutes, one to one",
                "Four times a week",
                "Teacher or higher level teaching assistant",
                "Trained in the programme; overseen by the SENCO each half term",
            ),
            _row(
                _HEALTH,
                "health",
                "Anxiety",
                "Panic on 3 mornings of 5; eats little on school days",
                "By March {year} {name} names early signs and uses two ways to calm down, with "
                "panic on fewer than 1 morning of 5",
                "Cognitive behavioural therapy adapted for {his} age, with the parents",
                "50 minutes",
                "Weekly for 14 weeks, then a review",
                "Child and adolescent mental health practitioner",
                "Accredited in CBT for children",
            ),
            _row(
                _CARE,
                "social_care",
                "Getting out of the house, and somebody on {his} side",
                "Eleven days of school missed; no activity outside the home",
                "By March {year} {name} takes part in one activity a week that {he} chose",
                "A mentor from the youth service",
                "2 hours",
                "Weekly for six months, then reviewed",
                "Youth mentor",
                "Trained in trauma-informed work",
            ),
        ),
    ),
    "hearing": Need(
        8,
        "“When two people talk I hear soup.” {name} wants others to look at {him} when they speak, "
        "and not to be asked about {his} aids every day.",
        "Spoken English with a radio aid, in a quiet room, face to face.",
        "The phone calls from school are about {name} not listening. {He} is listening; {he} is "
        "not hearing.",
        "Watches closely and remembers what {he} saw. Swims for a club. Reads faces well.",
        "{name} has a moderate to severe sensorineural hearing loss on both sides and wears two "
        "hearing aids. In noise {he} misses endings and quiet consonants, so new words are learnt "
        "late. Listening all day is hard work.",
        "A seat in front helped a little. A radio aid helped when it was worn, on 2 days of 5.",
        "Aided speech discrimination: 92% in quiet, 48% in the noise of the classroom; with the "
        "radio aid 84%. Vocabulary is eighteen months behind {his} age.",
        "Sensorineural hearing loss, 65 dB on the right and 60 dB on the left, found at the "
        "newborn screening. Aids on both sides since the age of five months.",
        (
            _row(
                _SENSES,
                "education",
                "Hearing speech in the classroom",
                "Hears half of what is said in a noisy room; misses what other children say",
                "By July {year} {name} wears the radio aid in all lessons and repeats 8 of 10 "
                "contributions of other children",
                "Radio aid with a second microphone for groups; acoustic treatment of two rooms",
                "Aid: all lessons. Check of the equipment: 10 minutes",
                "Check daily; visit by the teacher of the deaf twice a half term",
                "Teaching assistant; qualified teacher of the deaf",
                "Teacher with the mandatory qualification for hearing impairment",
            ),
            _row(
                _SENSES | _THERAPY,
                "education",
                "Learning the words of lessons",
                "New words are learnt months after others",
                "By July {year} uses 8 of 10 subject words a fortnight after they were taught",
                "Words taught before the lesson, in quiet",
                "25 minutes, one to one",
                "Three times a week",
                "Teaching assistant, planned by the teacher of the deaf",
                "Deaf awareness, and the programme of the teacher of the deaf",
            ),
            _row(
                _HEALTH,
                "health",
                "Hearing aids that fit",
                "Moulds are outgrown in months and then whistle; {he} takes the aids off",
                "Aids worn for at least 9 hours on school days, by their own log, at each review",
                "Audiology review with new moulds",
                "One appointment of an hour",
                "Every four months",
                "Paediatric audiology",
                "Audiologist for children",
            ),
        ),
    ),
    "physical": Need(
        10,
        "“I can do it, it just takes me long, and then it’s time to go.” {name} asks to be with "
        "the others at break and not at the window.",
        "Talking, and a walk round the building in which {he} showed what is hard.",
        "Getting {name} dressed and out takes an hour and a half. {He} is worn out by Thursday.",
        "Sharp humour, reads far above {his} age, brave in the water. Has two good friends.",
        "{name} has cerebral palsy that affects both legs and the left hand. {He} walks short ways "
        "with a frame and uses a wheelchair for longer ones. Writing by hand is slow and hurts; "
        "dressing and the toilet need one adult.",
        "A laptop was tried without teaching: {he} typed 4 words a minute. With lessons in typing "
        "since January: 11 words a minute.",
        "Handwriting 5 words a minute; with a keyboard 11. Walks 40 metres with the frame, then "
        "needs ten minutes. Reasoning with words lies in the high average range.",
        "Bilateral cerebral palsy, level III for moving about. Botulinum treatment in March. Hips "
        "are watched by X-ray each year. No seizures.",
        (
            _row(
                _SCHOOL | _THERAPY,
                "education",
                "Recording what {he} knows",
                "Writes 5 words a minute; finishes a third of the written tasks",
                "By July {year} {name} types 20 words a minute and finishes 4 of 5 written tasks "
                "in the time of the class",
                "Typing lessons; a laptop with word prediction in all lessons",
                "20 minutes",
                "Four times a week",
                "Teaching assistant, plan by the occupational therapist",
                "Shown by the occupational therapist each term",
            ),
            _row(
                _THERAPY | _HEALTH,
                "health",
                "Moving about and changing position",
                "Tires after 40 metres; hips at risk from sitting all day",
                "By July {year} walks 100 metres with the frame, by the physiotherapist’s measure",
                "Stretching and standing programme; review of frame, chair and splints",
                "30 minutes; review of an hour",
                "Programme daily; review each term",
                "Trained teaching assistant; physiotherapist reviews",
                "Signed off by the physiotherapist for {name}",
            ),
            _row(
                _CARE,
                "social_care",
                "Washing and dressing at home",
                "Takes a parent an hour and a half each morning, with two other children",
                "By March {year} {name} is ready by eight on 4 mornings of 5",
                "Personal care at home under section 2 of the 1970 Act; adapted bathroom assessed",
                "45 minutes",
                "On 5 mornings a week",
                "Care worker by direct payment",
                "Trained in moving and handling",
            ),
        ),
    ),
    "learning": Need(
        18,
        "{name} said “good” to painting, the dog and Miss Amber, and turned the card for writing "
        "face down.",
        "Objects, photographs and signs; watching {him} in three sessions.",
        "{name} learns everything in the end, in {his} own time. We worry who will see that when "
        "{he} is older.",
        "Sociable and cheerful. Remembers songs. Looks after the class guinea pigs. Never gives up "
        "on a jigsaw.",
        "{name} has moderate learning difficulties: {he} needs many more repetitions than others, "
        "and does not carry what was learnt from one place to another without help. {He} counts to "
        "20 and reads about 30 words.",
        "Working in the lower group with the same worksheets did not help. Short daily practice "
        "with objects did: number bonds to 10 in eight weeks.",
        "Verbal reasoning 1st centile, with patterns 4th centile. Working memory holds two things. "
        "What {he} has practised with objects {he} keeps.",
        "Global delay, first seen at two years. Genetic tests found no cause. Hearing and sight "
        "are normal. Wears orthotic insoles.",
        (
            _row(
                _SCHOOL,
                "education",
                "Reading and number",
                "Works four years below {his} age; copies without understanding",
                "By July {year} {name} reads 80 words on sight and adds to 20 with objects, in two "
                "different rooms",
                "A programme in small steps with objects, practised and then used elsewhere",
                "20 minutes of reading and 20 minutes of number, one to one or in a pair",
                "Daily",
                "Teaching assistant, planned each week by the class teacher",
                "Trained in precision teaching",
            ),
            _row(
                _SCHOOL | _CARE,
                "education",
                "Doing things for {himself}",
                "Waits to be told; does not ask when something is missing",
                "By July {year} asks for what is missing in 8 of 10 arranged situations",
                "Taught steps for dressing, snack and shopping, with pictures faded out",
                "30 minutes in a group of three",
                "Three times a week",
                "Teaching assistant",
                "Shown by the specialist teacher, half a day a term",
            ),
            _row(
                _THERAPY,
                "education",
                "Talking about what is not in the room",
                "Names things; does not tell what happened",
                "By July {year} tells three parts of an event of the same day, with pictures",
                "Narrative group",
                "30 minutes, group of four",
                "Weekly for two terms",
                "Speech and language therapy assistant",
                "Supervised by the therapist each half term",
            ),
            _row(
                _HEALTH,
                "health",
                "Growth and development to be watched",
                "A cause may yet be found that changes what is needed",
                "Reviewed with the family each year until July {year}",
                "Appointment in community paediatrics",
                "30 minutes",
                "Every twelve months",
                "Paediatrician",
                "Consultant or specialty doctor",
            ),
        ),
    ),
}
