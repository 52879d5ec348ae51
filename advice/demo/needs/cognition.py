"""Cognition and learning, as professionals write about invented children."""

from advice.demo.needs.told import CARE, HEALTH, SCHOOL, THERAPY, Need, row

COGNITION: dict[str, Need] = {
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
            row(
                SCHOOL,
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
            row(
                SCHOOL | CARE,
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
            row(
                THERAPY,
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
            row(
                HEALTH,
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
