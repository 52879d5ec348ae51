"""The sentences of the family’s page: short, plain, and true at that stage.

`{name}` is the child’s first name, `{names}` the same with ’s; a young person reads “you”. Written
for a reader who is worried, in a hurry, on a telephone, or whose first language is not English.
Sources: Children and Families Act 2014 ss.36–38, 44, 51–55; SEND Regulations 2014 regs 4–13, 32–39.
"""

from collections.abc import Mapping, Sequence

from advice.models.request import Form

#: Where it stands, by the status of the process.
WHERE: Mapping[str, str] = {
    "request": "We have a request to assess {names} education, health and care needs. We are "
    "deciding whether to do it.",
    "advice": "We have decided to assess {names} needs. We are asking people who know {name} for "
    "their advice, and we are asking you.",
    "panel": "We are looking at all the advice. We are deciding whether {name} {needs} an EHC "
    "plan.",
    "drafting": "We have decided to make an EHC plan for {name}. We are writing a first version, "
    "called the draft.",
    "draft": "We have sent you the draft of the EHC plan. We want to know what you think of it.",
    "final": "We have sent you the final EHC plan.",
    "refused": "We have decided not to assess {names} needs. Our letter says why.",
    "not_issued": "We have decided not to make an EHC plan for {name}. Our letter says why.",
    "withdrawn": "The request was taken back. We have stopped.",
    "transferred": "We are not responsible any more, because of a move to another area. The "
    "council there is responsible now.",
    "maintained": "There is an EHC plan for {name}. We must look at it with you at least once a "
    "year.",
    "ceased": "The EHC plan has ended.",
}

#: What a date means, by the code of the limit.
MEANINGS: Mapping[str, str] = {
    "decide_to_assess": "By this day we must tell you whether we will assess {names} needs.",
    "notify_will_assess": "By this day we must tell you that we will assess {names} needs.",
    "decide_to_issue": "If we decide against an EHC plan, we must tell you by this day.",
    "draft_plan": "By this day we must send you the draft plan.",
    "final_plan": "If there is to be a plan, we must send you the final plan by this day.",
    "representations": "Until this day you can tell us what you think of the draft, ask to meet "
    "us, and say which school or college you want.",
    "contact_mediation": "Until this day you can contact the mediation adviser. Our letter says "
    "how.",
    "appeal": "Until this day you can appeal to the Tribunal. Our letter says how.",
    "arrange_mediation": "By this day we must arrange the mediation.",
    "annual_review": "By this day we must have looked at the plan with you again.",
    "review_decision": "By this day we must tell you whether we keep the plan, change it or end "
    "it.",
    "amendment_notice": "If we want to change the plan, we must tell you how by this day.",
    "amended_plan": "By this day we must send you the changed plan.",
    "phase_transfer": "By this day we must have looked at the plan for the next school or college.",
}

_ADVICE_FREE = (
    "You can get free advice from people who do not work for us. Ask for your local SENDIASS: the "
    "special educational needs and disabilities information, advice and support service."
)
_APPEAL = (
    "If you disagree, you can appeal to the SEND Tribunal. You have two months from the date of "
    "our letter, or one month from the date of your mediation certificate if that is later."
)
_MEDIATION = (
    "Before most appeals you must contact a mediation adviser. This is free, and you do not have "
    "to agree to mediation."
)
_COMPLAIN = "If we are late, you can complain to us, and after that to the Ombudsman."

#: The family’s rights at each stage, in short.
RIGHTS: Mapping[str, Sequence[str]] = {
    "request": (
        "We must decide within 6 weeks of the day we received the request.",
        "You can send us anything that you want us to read before we decide.",
        "If we say no, you can appeal. Our letter will tell you how.",
        _ADVICE_FREE,
    ),
    "advice": (
        "We must ask you for your advice and your views. There is no time limit for you, but it "
        "helps to have them early.",
        "You can write as much or as little as you want, in your own way. You can also tell us by "
        "telephone or in a meeting, and we write it down for you.",
        "You can tell us who else should be asked. If it is reasonable, we must ask them.",
        "The people whom we ask have 6 weeks to answer.",
        _COMPLAIN,
        _ADVICE_FREE,
    ),
    "panel": (
        "If we decide against a plan, we must tell you within 16 weeks of the request, and you can "
        "appeal.",
        "You can still add to what you told us.",
        _ADVICE_FREE,
    ),
    "drafting": (
        "We must send you the draft with all the advice.",
        "You will have at least 15 days to tell us what you think and which school or college you "
        "want.",
        _COMPLAIN,
        _ADVICE_FREE,
    ),
    "draft": (
        "You have at least 15 days to tell us what you think of the draft.",
        "You can ask to meet us about it.",
        "You can say which school or college you want.",
        _COMPLAIN,
        _ADVICE_FREE,
    ),
    "final": (_APPEAL, _MEDIATION, _ADVICE_FREE),
    "refused": (_APPEAL, _MEDIATION, _ADVICE_FREE),
    "not_issued": (_APPEAL, _MEDIATION, _ADVICE_FREE),
    "maintained": (
        "We must make sure that the help in the plan is given.",
        "You can ask us to look at the plan again, or to assess again.",
        _COMPLAIN,
        _ADVICE_FREE,
    ),
    "": (_ADVICE_FREE,),
}

#: What a body is asked about, by its form.
WHOSE: Mapping[str, str] = {
    Form.EDUCATIONAL: "Learning and school",
    Form.MEDICAL: "Health",
    Form.PSYCHOLOGICAL: "How they learn, think and feel",
    Form.SOCIAL_CARE: "Life at home and outside school",
    Form.THERAPY: "Therapy",
    Form.SENSORY: "Hearing and sight",
    Form.EARLY_YEARS: "Early years",
    Form.ADULTHOOD: "Getting ready for adult life",
}
