"""The kinds of event that advice adds to the record of a case."""

from ehc.events import EventKind, register

register(
    EventKind("own_advice_invited", "Family asked for their advice and views", legal=False),
    EventKind("own_advice_given", "Family gave their advice and views", legal=False),
    EventKind("advice_given_again", "Advice given again", legal=False),
    EventKind("advice_entered", "What was received was added", legal=False),
    EventKind("advice_accepted", "Advice accepted", legal=False),
    EventKind("advice_returned", "Advice sent back", legal=False),
    EventKind("advice_expected_late", "Service says its advice will be late", legal=False),
    EventKind("advice_assigned", "Advice given to somebody to write", legal=False),
    EventKind("advice_declined", "Service says it was wrongly asked", legal=False),
    EventKind("advice_chased", "Advice chased", legal=False),
    EventKind("adviser_invited", "Independent professional invited", legal=False),
    EventKind("invitation_accepted", "Independent professional accepted", legal=False),
    EventKind("invitation_extended", "Invitation lasts until another day", legal=False),
    EventKind("invitation_ended", "Invitation ended", legal=False),
    EventKind("family_account_opened", "Account opened for the family", legal=False),
    EventKind("family_account_ended", "Account of the family ended", legal=False),
    EventKind("party_recorded", "Young person is the party", legal=False),
    EventKind("family_wish_recorded", "Family wants somebody to be asked", legal=False),
    EventKind("family_wish_answered", "Family’s wish answered", legal=False),
    EventKind("existing_advice_noted", "Existing report noted", legal=False),
    EventKind("existing_advice_added", "Existing report is among the documents", legal=False),
    EventKind("existing_advice_judged", "Existing report judged", legal=False),
    EventKind("advice_sought_again", "Advice sought again", legal=False),
    EventKind("sign_off_overridden", "Went on without a sign-off", legal=False),
    EventKind("delay_attributed", "Delay attributed by a person", legal=False),
    EventKind("late_advice_considered", "What follows from advice after the plan", legal=False),
    EventKind("advice_elsewhere", "Service has closed: to be asked elsewhere", legal=False),
)
