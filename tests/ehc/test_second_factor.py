"""The second step of signing in: asked for, set up, counted, lost and reset."""

import re
import time
from datetime import date
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from axes.models import AccessAttempt
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ehc import second_factor
from ehc.models import AccountChange, Membership, Role, User
from ehc.permissions import NotAllowed
from tests.factories import LONG_AGO, Council, ServiceFactory, again, member

PASSWORD = "a long pass phrase"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NINE = "2026-03-02T09:00:00+00:00"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_for(settings: Any, time_machine: Any) -> None:
    cache.clear()
    settings.SECOND_FACTOR = True
    time_machine.move_to(NINE, tick=False)


@pytest.fixture
def adviser() -> User:
    user = User.objects.create_user("sam@example.com", "Sam Okafor", PASSWORD)
    return member(Role.ADVISER, organisation=ServiceFactory.create(), user=user)


@pytest.fixture
def with_phone(adviser: User) -> User:
    TOTP.activate(adviser, SECRET)
    RecoveryCodes.activate(adviser)
    return adviser


def code(half_minutes: int = 0, secret: str = SECRET) -> str:
    """What the phone shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + half_minutes))


def recovery_codes(user: User) -> list[str]:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(row.wrap().get_unused_codes())


def by_password(client: Client, then: str = "") -> Any:
    address = f"/sign-in/?next={then}" if then else "/sign-in/"
    return client.post(address, {"login": "sam@example.com", "password": PASSWORD})


def enter(client: Client, typed: str) -> Any:
    return client.post("/accounts/2fa/authenticate/", {"code": typed})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_who_has_none_sets_one_up_before_anything_else(client: Client, adviser: User) -> None:
    by_password(client)
    for path in ("/", "/account/", "/advice/", "/accounts/password/change/", "/accounts/2fa/"):
        assert client.get(path)["Location"] == "/accounts/2fa/totp/activate/", path
    assert client.post("/search/", {"search": "Sam"})["Location"] == "/accounts/2fa/totp/activate/"


def test_setting_up(client: Client, adviser: User) -> None:
    by_password(client, then="/account/")
    client.get("/account/")
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "data:image/svg+xml" in page
    key = re.search(r'ehc-key">([A-Z2-7 ]+)<', page)
    assert key is not None
    secret = key[1].replace(" ", "")
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "This code is not right. Scan the picture" in wrong.content.decode()
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code(secret=secret)}, follow=True)
    shown = answer.content.decode()
    assert "Your recovery codes" in shown
    assert len(re.findall(r'<code class="ehc-key">\d{4} \d{4}<', shown)) == 10
    assert 'href="/account/"' in shown
    assert is_in(client)


def test_the_pages_of_the_service_open_only_after_the_code(
    client: Client, with_phone: User
) -> None:
    assert by_password(client, then="/account/")["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert enter(client, code())["Location"] == "/account/"
    assert is_in(client)


def test_a_code_counts_once(client: Client, with_phone: User) -> None:
    """Whoever looked over a shoulder has half a minute; so the first use is the only one."""
    seen = code()
    by_password(client)
    enter(client, seen)
    cache.clear()  # another process of the service knows nothing of this one's memory
    other = Client()
    by_password(other)
    assert "This code is not right" in enter(other, seen).content.decode()
    assert not is_in(other)


def test_an_older_code_is_not_taken_after_a_newer_one(client: Client, with_phone: User) -> None:
    by_password(client)
    enter(client, code(+1))
    other = Client()
    by_password(other)
    enter(other, code())
    assert not is_in(other)


def test_a_clock_half_a_minute_off_is_forgiven(client: Client, with_phone: User) -> None:
    by_password(client)
    enter(client, code(-1))
    assert is_in(client)


def test_five_wrong_codes_lock_the_account(client: Client, with_phone: User) -> None:
    by_password(client)
    answers = [enter(client, "000000").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert enter(client, code()).status_code == 429
    assert not is_in(client)
    other = Client()
    assert by_password(other).status_code == 429
    assert enter(other, code())["Location"].startswith("/sign-in/")


def test_wrong_codes_and_wrong_passwords_count_together(client: Client, with_phone: User) -> None:
    for _ in range(3):
        client.post("/sign-in/", {"login": "SAM@example.com", "password": "wrong"})
    by_password(client)
    assert [enter(client, "000000").status_code for _ in range(2)] == [200, 429]


def test_no_code_is_written_down(client: Client, with_phone: User) -> None:
    by_password(client)
    enter(client, "918273")
    row = AccessAttempt.objects.get()
    assert "918273" not in row.post_data


def test_the_lock_ends(client: Client, with_phone: User, time_machine: Any) -> None:
    by_password(client)
    for _ in range(5):
        enter(client, "000000")
    time_machine.shift(31 * 60)
    other = Client()
    by_password(other)
    enter(other, code())
    assert is_in(other)


def test_a_recovery_code_lets_in_once(client: Client, with_phone: User) -> None:
    first = recovery_codes(with_phone)[0]
    by_password(client)
    assert enter(client, f"{first[:4]} {first[4:]}").status_code == 302
    assert is_in(client)
    other = Client()
    by_password(other)
    enter(other, first)
    assert not is_in(other)


def test_another_phone(client: Client, with_phone: User, time_machine: Any) -> None:
    """The old one is forgotten, and nothing can be done before the new one is there."""
    by_password(client)
    enter(client, code())
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert client.get("/account/")["Location"] == "/accounts/2fa/totp/activate/"


def test_changing_it_asks_who_is_there(client: Client, with_phone: User, time_machine: Any) -> None:
    by_password(client)
    enter(client, code())
    time_machine.shift(second_factor.JUST_SIGNED_IN + 1)
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert "Is it you?" in client.get(answer["Location"]).content.decode()
    assert Authenticator.objects.filter(user=with_phone).count() == 2


def test_it_is_off_where_the_passwords_are_public(
    client: Client, adviser: User, settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    by_password(client)
    assert is_in(client)


def test_a_page_in_use_asks_the_database_once(client: Client, with_phone: User) -> None:
    by_password(client)
    enter(client, code())
    is_in(client)
    with CaptureQueriesContext(connection) as asked:
        is_in(client)
    assert not [q for q in asked.captured_queries if "mfa_authenticator" in q["sql"]]


def lead_of(user: User) -> User:
    return member(Role.SERVICE_LEAD, organisation=user.memberships.get().organisation)


def test_the_lead_resets_a_lost_phone(with_phone: User, client: Client) -> None:
    signed = Client()
    by_password(signed)
    enter(signed, code())
    lead = lead_of(with_phone)
    desk = Client()
    desk.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    TOTP.activate(lead, SECRET)
    assert "Reset somebody’s two-step sign-in" in desk.get("/account/").content.decode()
    told = {"email": "Sam@example.com", "reason": "Lost on the bus; rang her at the clinic"}
    page = desk.post("/account/second-factor/", told, follow=True).content.decode()
    assert "Sam Okafor sets up a new phone" in page
    assert not is_in(signed)
    change = AccountChange.objects.get()
    assert (change.user, change.by, change.kind) == (with_phone, lead, "factor_reset")
    assert change.reason == told["reason"]
    assert by_password(client)["Location"] == "/"
    assert client.get("/")["Location"] == "/accounts/2fa/totp/activate/"


def test_who_answers_for_whom(with_phone: User) -> None:
    council = Council()
    service = with_phone.memberships.get().organisation
    administrator = member(Role.ADMINISTRATOR, service.authority)
    others = [
        member(Role.SERVICE_LEAD, organisation=council.psychology),
        member(Role.ADMINISTRATOR, council.authority),
        member(Role.MANAGER, service.authority),
        member(Role.ADVISER, organisation=service),
        again(with_phone),
    ]
    assert second_factor.may_reset(administrator, again(with_phone))
    for other in others:
        with pytest.raises(NotAllowed):
            second_factor.reset_second_factor(again(with_phone), by=other, reason="x")
    lead = lead_of(with_phone)
    Membership.objects.filter(user=with_phone).update(starts_on=LONG_AGO, ends_on=date(2020, 1, 1))
    assert not second_factor.may_reset(lead, again(with_phone))


def test_the_page_is_there_for_them_only(client: Client, with_phone: User) -> None:
    by_password(client)
    enter(client, code())
    assert client.get("/account/second-factor/").status_code == 404


def test_a_lead_learns_nothing_of_other_people(with_phone: User) -> None:
    stranger = member(Role.SERVICE_LEAD, organisation=ServiceFactory.create())
    TOTP.activate(stranger, SECRET)
    desk = Client()
    desk.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    pages = [
        desk.post("/account/second-factor/", {"email": address, "reason": "x"}).content.decode()
        for address in ("sam@example.com", "nobody@example.com")
    ]
    assert all("None of your own people has this address" in page for page in pages)
    assert Authenticator.objects.filter(user=with_phone).exists()


def test_by_command(with_phone: User) -> None:
    lead = lead_of(with_phone)
    out = StringIO()
    call_command("reset_sign_in", "sam@example.com", by=lead.email, reason="Lost phone", stdout=out)
    assert "Reset for Sam Okafor" in out.getvalue()
    assert not Authenticator.objects.filter(user=with_phone).exists()
    stranger = Council().administrator
    with pytest.raises(SystemExit):
        call_command("reset_sign_in", "sam@example.com", by=stranger.email, reason="x")
