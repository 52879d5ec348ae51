"""Which form and which head of reg 6 go with a body, until its profile says otherwise."""

from advice.models import Form, Head
from ehc.models import Organisation

_BY_DISCIPLINE: dict[str, tuple[Form, Head]] = {
    Organisation.Discipline.EDUCATION: (Form.EDUCATIONAL, Head.EDUCATION),
    Organisation.Discipline.MEDICAL: (Form.MEDICAL, Head.MEDICAL),
    Organisation.Discipline.PSYCHOLOGY: (Form.PSYCHOLOGICAL, Head.PSYCHOLOGY),
    Organisation.Discipline.SOCIAL_CARE: (Form.SOCIAL_CARE, Head.SOCIAL_CARE),
    Organisation.Discipline.OTHER: (Form.EDUCATIONAL, Head.OTHER),
}


def form_and_head(organisation: Organisation) -> tuple[Form, Head]:
    """The form that the body fills in, and the head of reg 6 under which it is asked."""
    profile = getattr(organisation, "profile", None)
    if profile is not None:
        return Form(profile.form), Head(profile.head)
    if organisation.kind == Organisation.Kind.SETTING:
        return Form.EDUCATIONAL, Head.EDUCATION
    return _BY_DISCIPLINE[organisation.discipline]
