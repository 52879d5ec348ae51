"""What was typed when a session had ended: kept for that person, filled in again, soon deleted.

Each page with a form to fill in carries a seal: whose page it is and at which address, signed. So
what arrives without a session, or with another person’s, is kept for the one who had the page, and
nobody else can have anything kept or is shown anything.
"""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, QueryDict
from markupsafe import Markup

from ehc import moments
from ehc.models import KeptForm, User

SEAL = "whose"
KEPT_FOR = timedelta(hours=24)
#: A page may stand open over a long weekend before it is sent.
SEAL_HOLDS = timedelta(days=7)
#: For one person; the oldest goes first.
MOST = 10
_SALT = "ehc.kept"
#: What belongs to the page that was sent, not to what the person typed.
_OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "page", "token", SEAL})
_LONGEST_PATH = 300


def seal(request: HttpRequest) -> Markup:
    """The hidden field that says whose page this is."""
    value = signing.dumps([request.user.pk, request.path], salt=_SALT)
    return Markup('<input type="hidden" name="{}" value="{}">').format(SEAL, value)


def owner_of_page(request: HttpRequest) -> User | None:
    """Who had the page that this was sent from; None when its seal is missing, false or old."""
    try:
        whose, path = signing.loads(request.POST.get(SEAL, ""), salt=_SALT, max_age=SEAL_HOLDS)
    except (signing.BadSignature, ValueError):
        return None
    if path != request.path or len(path) > _LONGEST_PATH:
        return None
    return User.objects.filter(pk=whose, is_active=True).first()


def keep(request: HttpRequest) -> User | None:
    """Keep what was typed for who had the page; they are returned, None when nothing is kept.

    Files are not kept, nor passwords.
    """
    owner = owner_of_page(request)
    if owner is None:
        return None
    fields = {
        name: [value.replace("\0", "") for value in values]
        for name, values in request.POST.lists()
        if name not in _OF_THE_PAGE and "password" not in name and "\0" not in name
    }
    with transaction.atomic():
        KeptForm.objects.update_or_create(
            user=owner,
            path=request.path,
            defaults={"fields": fields, "kept_at": moments.now()},
        )
        newest = KeptForm.objects.filter(user=owner).order_by("-kept_at")
        KeptForm.objects.filter(pk__in=[row.pk for row in newest.only("pk")[MOST:]]).delete()
    return owner


def kept_for(request: HttpRequest) -> KeptForm | None:
    """What this person typed on this page before their session ended; None when there is none."""
    since = moments.now() - KEPT_FOR
    return KeptForm.objects.filter(
        user=request.user.pk, path=request.path, kept_at__gt=since
    ).first()


def as_sent(kept: KeptForm) -> QueryDict:
    """What was kept, as a form takes it."""
    typed = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        typed.setlist(name, values)
    return typed


def let_go(user: User, path: str) -> None:
    """Delete what is kept of a page: it has been sent, or is not wanted any more."""
    KeptForm.objects.filter(user=user, path=path).delete()


def clear() -> int:
    """Delete what was kept too long ago; how many forms those were."""
    return KeptForm.objects.filter(kept_at__lte=moments.now() - KEPT_FOR).delete()[0]
