"""The code sets of the SEN2 return, with words for those a person reads."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CodeSet:
    """Codes with their meaning, and the return year from which a newer one is allowed."""

    name: str
    words: dict[str, str]
    since: dict[str, int] = field(default_factory=dict)

    def allows(self, code: str, year: int) -> bool:
        """Whether the return of that year may hold the code."""
        return code in self.words and self.since.get(code, 0) <= year


def _plain(name: str, codes: str) -> CodeSet:
    return CodeSet(name, dict.fromkeys(codes.split(), ""))


SEX = CodeSet("sex", {"M": "male", "F": "female"})
GENDER = CodeSet("gender", {"0": "not known", "1": "male", "2": "female", "9": "not specified"})
UPN_UNKNOWN = _plain("reason for an unknown UPN", "UN1 UN2 UN3 UN5 UN8 UN9 UN10")
POST_HELD = CodeSet("post", {"Y": "yes", "N": "no", "R": "recruitment in progress"})
REQUEST_SOURCE = CodeSet(
    "source of the request",
    {
        "1": "parent or young person",
        "2": "school or other setting",
        "3": "health professional",
        "4": "social care professional",
        "5": "other",
    },
)
REQUEST_OUTCOME = CodeSet(
    "request outcome",
    {
        "Y": "agreed to assess",
        "N": "refused to assess",
        "A": "not decided yet",
        "W": "withdrawn or ceased before the decision",
        "H": "decided before the collection period",
    },
)
ASSESSMENT_OUTCOME = CodeSet(
    "assessment outcome",
    {
        "Y": "a plan is to be issued",
        "N": "no plan is to be issued",
        "A": "not decided yet",
        "W": "withdrawn or ceased before the decision",
        "H": "decided before the collection period, or the plan was transferred in",
    },
)
RESIDENTIAL = CodeSet("residential placement", {"A": "38 to 51 weeks", "B": "52 weeks"})
WORK_BASED = CodeSet(
    "work-based placement", {"A": "apprenticeship", "T": "traineeship", "S": "supported internship"}
)
DIRECT_PAYMENTS = CodeSet(
    "direct payments",
    {"E": "education only", "S": "social care only", "H": "health only", "I": "integrated"},
)
CEASE_REASON = CodeSet(
    "reason for ceasing",
    {
        "1": "Reached the maximum age",
        "2": "Needs are met without a plan",
        "3": "Moved on to higher education",
        "4": "Moved on to paid employment",
        "5": "Transferred to another authority in England",
        "6": "No longer wishes to engage in education or training",
        "7": "Moved outside England",
        "8": "Died",
        "9": "Another reason",
    },
)
NAMED_SETTING = CodeSet(
    "setting",
    {
        "OLA": "arrangements by the authority (section 61)",
        "OPA": "arrangements by the parent or young person",
        "EHE": "elective home education",
        "EYP": "early years provider without a URN",
        "OTH": "other",
    },
)
PLACEMENT_SETTING = CodeSet(
    "setting",
    {
        **NAMED_SETTING.words,
        "NEET": "not in education, employment or training",
        "NIEC": "not in education, notice to cease issued",
        "NIEO": "not in education, other",
    },
)
RANK = CodeSet("rank", {"1": "primary", "2": "secondary"})
ATTENDANCE = CodeSet("attendance pattern", {"FT": "full time", "PT": "part time"})
REVIEW_OUTCOME = CodeSet("review outcome", {"M": "maintain", "A": "amend", "C": "cease"})
NEED = CodeSet(
    "type of need",
    {
        "SPLD": "specific learning difficulty",
        "MLD": "moderate learning difficulty",
        "SLD": "severe learning difficulty",
        "PMLD": "profound and multiple learning difficulty",
        "SEMH": "social, emotional and mental health",
        "SLCN": "speech, language and communication",
        "HI": "hearing impairment",
        "VI": "vision impairment",
        "MSI": "multi-sensory impairment",
        "PD": "physical disability",
        "ASD": "autistic spectrum disorder",
        "DS": "Down syndrome",
        "OTH": "other difficulty",
    },
    since={"DS": 2025},
)
ETHNICITY = _plain(
    "ethnicity",
    """
    WBRI WCOR WENG WNIR WSCO WWEL WOWB WIRI WIRT WOTH WALB WBOS WCRO WGRE WGRK WGRC WITA WKOS WPOR
    WSER WTUR WTUK WTUC WEUR WEEU WWEU WOTW WROM WROG WROR WROO
    MWBC MWBA MWAS MWAP MWAI MWAO MOTH MAOE MABL MACH MBOE MBCH MCOE MWOE MWCH MOTM
    ABRI AWEL AIND APKN AMPK AKPA AOPK ABAN AOTH AAFR AKAO ANEP ASNL ASLT ASRO AOTA
    BBRI BWEL BCRB BAFR BANN BCON BGHA BNGN BSLN BSOM BSUD BAOF BOTH BEUR BNAM BOTB
    CHNE CHKC CMAL CSNG CTWN COCH
    OOTH OAFG ORAB OARA OEGY OFIL OIRN OIRQ OJPN OKOR OKRD OLAM OLEB OLIB OMAL OMRC OPOL OTHA OVIE
    OYEM OOEG
    REFU NOBT
    """,
)
