"""Who signs in to the demonstration, and with what."""

from dataclasses import dataclass

from ehc.models import Role

#: Only ever set where `EHC_ENV` is local or test; see `ehc.demo.places`.
PASSWORD = "demonstration"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SignIn:
    """One invented user whom anybody may be in a demonstration."""

    email: str
    full_name: str
    role: str
    password: str


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration user, and the role they hold; `service` is the code of an adviser’s body.

    Without a role (a parent, an independent professional) they are given what they may do on one
    case when the demonstration is complete.
    """

    email: str
    full_name: str
    title: str
    role: Role | None
    service: str = ""


#: In the place of a code: the first school.
SCHOOL = "school"
PARENT = "parent@example.org"
INDEPENDENT = "independent@example.org"
ACCOUNTS = (
    Account("caseworker@example.org", "Róisín Kavanagh", "Caseworker", Role.CASEWORKER),
    Account("caseworker2@example.org", "Tobiloba Adeyemi", "Caseworker", Role.CASEWORKER),
    Account("manager@example.org", "Harjit Kaur Gill", "Manager", Role.MANAGER),
    Account("chair@example.org", "Margaret Staniforth", "Panel chair", Role.PANEL_CHAIR),
    Account(
        "panels@example.org",
        "Bronwen Pugh-Davies",
        "Panel administrator",
        Role.PANEL_ADMINISTRATOR,
    ),
    Account("member@example.org", "Olumide Bankole", "Panel member", Role.PANEL_MEMBER),
    Account(
        "psychologist@example.org",
        "Dr Zuzanna Wiśniewska",
        "Adviser (educational psychologist)",
        Role.ADVISER,
        "educational_psychology",
    ),
    Account(
        "paediatrician@example.org",
        "Dr Imran Chaudhry",
        "Adviser (paediatrician)",
        Role.ADVISER,
        "community_paediatrics",
    ),
    Account(
        "senco@example.org",
        "Bethany Womersley",
        "Adviser (SENCO of a school)",
        Role.ADVISER,
        SCHOOL,
    ),
    Account(
        "socialworker@example.org",
        "Kezia Pinnock",
        "Adviser (social worker)",
        Role.ADVISER,
        "social_care",
    ),
    Account(
        "lead@example.org",
        "Dr Siân Prys-Jones",
        "Service lead (educational psychology)",
        Role.SERVICE_LEAD,
        "educational_psychology",
    ),
    Account(
        "health@example.org",
        "Folasade Balogun",
        "Health sign-off (designated clinical officer)",
        Role.HEALTH_SIGN_OFF,
    ),
    Account(
        "socialcare@example.org",
        "Declan O’Rourke",
        "Social care sign-off (designated social care officer)",
        Role.SOCIAL_CARE_SIGN_OFF,
    ),
    Account(
        "principal@example.org",
        "Dr Ngozi Eze-Whitlock",
        "Principal educational psychologist",
        Role.PSYCHOLOGY_SIGN_OFF,
    ),
    Account(INDEPENDENT, "Dr Eléonore Lefèvre", "Independent psychologist, for one case", None),
    Account(PARENT, "Amber Hartley", "Parent, of one child", None),
    Account("auditor@example.org", "Hodan Warsame", "Auditor", Role.AUDITOR),
    Account("administrator@example.org", "Ka-Wai Cheung", "Administrator", Role.ADMINISTRATOR),
)


def demonstration_sign_ins() -> list[SignIn]:
    """Everybody whom a visitor of the demonstration may sign in as; needs no database."""
    return [SignIn(a.email, a.full_name, a.title, PASSWORD) for a in ACCOUNTS]
