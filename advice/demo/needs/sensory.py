"""Sensory and physical needs, as professionals write about invented children."""

from advice.demo.needs.told import CARE, HEALTH, SCHOOL, SENSES, THERAPY, Need, row

SENSORY: dict[str, Need] = {
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
            row(
                SENSES,
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
            row(
                SENSES | THERAPY,
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
            row(
                HEALTH,
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
            row(
                SCHOOL | THERAPY,
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
            row(
                THERAPY | HEALTH,
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
            row(
                CARE,
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
}
