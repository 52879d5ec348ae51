"""Words and grounds that several parts of the rulebook share."""

from datetime import date

from ehc.law.limits import Ground, grounds

SEND = "SEND Regulations 2014 (SI 2014/1530)"
CFA = "Children and Families Act 2014"
HESC = "Tribunal Procedure (First-tier Tribunal) (HESC Chamber) Rules 2008"

SI_2015_359 = date(2015, 4, 1)
SI_2017_1306 = date(2018, 4, 3)
TRIBUNAL_RULES_2020 = date(2020, 7, 21)

AGREED_OTHERWISE = Ground(
    "mediation_timescale_agreed",
    f"{SEND}, regulation 42(5)",
    effect="What they agreed counts instead.",
)
CORONAVIRUS = Ground("coronavirus", "SI 2020/471, for limits due from 1 May to 25 September 2020")

REG_5_4 = (
    *grounds(
        (
            ("school_closed", f"{SEND}, regulation 5(4)(a) and (b)"),
            ("exceptional_circumstances", f"{SEND}, regulation 5(4)(c)"),
            ("absent", f"{SEND}, regulation 5(4)(d)"),
        )
    ),
    CORONAVIRUS,
)
REG_8_2 = (
    *grounds(
        (
            ("exceptional_circumstances", f"{SEND}, regulation 8(2)(a)"),
            ("absent", f"{SEND}, regulation 8(2)(b)"),
            ("appointment_missed", f"{SEND}, regulation 8(2)(c)"),
        )
    ),
    CORONAVIRUS,
)


def reg_10_4(by: str = "") -> tuple[Ground, ...]:
    """The list of regulation 10(4), which regulations 13(3) and 27(3) repeat (`by`)."""
    prefix = f"{SEND}, regulation {by} with 10(4)" if by else f"{SEND}, regulation 10(4)"
    return (
        *grounds(
            (
                ("school_closed", f"{prefix}(a) and (b)"),
                ("exceptional_circumstances", f"{prefix}(c)"),
                ("absent", f"{prefix}(d)"),
            )
        ),
        CORONAVIRUS,
    )
