"""Mental health and behaviour, as professionals write about invented children."""

from advice.demo.needs.told import CARE, HEALTH, SCHOOL, Need, row

WELLBEING: dict[str, Need] = {
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
            row(
                SCHOOL,
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
            row(
                SCHOOL,
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
            row(
                HEALTH,
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
            row(
                CARE,
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
}
