"""Compulsory school age: until when the parent is the party, and from when the young person is."""

from datetime import date, timedelta

#: `date.weekday` of a Friday.
_FRIDAY = 4
#: A school year begins on 1 September for this purpose.
_SEPTEMBER = 9


def ceases_to_be_of_compulsory_school_age(date_of_birth: date) -> date:
    """The last day on which somebody is of compulsory school age: their school leaving date.

    It is the last Friday in June of the school year (1 September to 31 August) in which they turn
    16, also when they turn 16 after that Friday. They cease to be of compulsory school age at the
    end of that day. Education Act 1996, section 8(3); Education (School Leaving Date) Order 1997.

    Raises ValueError for a date of birth in the last years a calendar can hold.
    """
    year = date_of_birth.year + 16 + (date_of_birth.month >= _SEPTEMBER)
    last_of_june = date(year, 6, 30)
    return last_of_june - timedelta((last_of_june.weekday() - _FRIDAY) % 7)


def is_young_person(date_of_birth: date, on: date) -> bool:
    """True when they are over compulsory school age on that day: they are the party themselves.

    Until then the child’s parent is. Children and Families Act 2014, section 83(2). That section
    ends the word “young person” at 25; the right does not go back to a parent, so neither does
    this answer.
    """
    return on > ceases_to_be_of_compulsory_school_age(date_of_birth)
