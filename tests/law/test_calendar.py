"""The frozen list of non-working days against a newer copy of the published list."""

from datetime import UTC, date, datetime, timedelta

from govuk_bank_holidays.bank_holidays import BankHolidays

from ehc.law import CALENDAR
from ehc.law.non_working_days import BANK_HOLIDAYS, FIRST_YEAR, LAST_YEAR

SIX_MONTHS = timedelta(days=183)


def test_frozen_days_are_those_published() -> None:
    holidays = BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales")
    published = {h["date"] for h in holidays}
    assert {d for d in published if FIRST_YEAR <= d.year <= LAST_YEAR} == BANK_HOLIDAYS


def test_frozen_days_do_not_run_out_within_six_months() -> None:
    today = datetime.now(UTC).date()
    assert CALENDAR.known_until - today > SIX_MONTHS, (
        f"ehc/law/non_working_days.py ends with {LAST_YEAR}: add the years published since."
    )


def test_weekends_and_bank_holidays_are_not_working_days() -> None:
    assert CALENDAR.is_working_day(date(2025, 4, 17))
    assert not CALENDAR.is_working_day(date(2025, 4, 18))
    assert not CALENDAR.is_working_day(date(2025, 4, 19))
    assert CALENDAR.next_working_day(date(2025, 4, 17)) == date(2025, 4, 22)


def test_days_that_the_tribunal_does_not_count() -> None:
    counted = [date(2025, 7, 31), date(2025, 9, 1), date(2025, 12, 24), date(2026, 1, 2)]
    skipped = [date(2025, 8, 1), date(2025, 8, 29), date(2025, 12, 29), date(2026, 1, 1)]
    assert [d for d in counted + skipped if CALENDAR.counts_for_tribunal(d)] == counted
