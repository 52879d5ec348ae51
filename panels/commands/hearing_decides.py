"""The chair decides at the sitting, where the terms and the scheme of delegation both say so."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ehc import moments
from ehc.models import User
from panels.commands.base import refuse
from panels.commands.deciding import decide
from panels.commands.hearing import recommend
from panels.models import Decision, Item


def recommend_and_decide(
    item: Item,
    *,
    outcome: str,
    reasons: str,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
    seen: int | None = None,
    **said: Any,
) -> Decision:
    """The panel recommends and its chair decides as an officer: two rows, one transaction.

    `said` is what `recommend` takes besides. Refused where the terms of the sitting leave the
    question to another officer, or where the panel is not quorate; without a delegation it is not
    allowed.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        recommend(
            item, outcome=outcome, reasons=reasons, by=by, today=today, now=now, token=token,
            seen=seen, **said,
        )  # fmt: skip
        fresh = Item.objects.select_related("sitting__terms").get(pk=item.pk)
        if fresh.question not in fresh.sitting.terms.decides:
            refuse("By its terms of reference this panel only advises on this question.")
        if fresh.recommendation is not None and not fresh.recommendation.quorate:
            refuse(
                "The panel is not quorate for this item, so its chair cannot decide it here. "
                "Record the advice of those present; an officer decides later."
            )
        return decide(
            fresh,
            outcome=outcome,
            reasons=reasons,
            on=today,
            by=by,
            today=today,
            now=now,
            token=uuid.uuid5(token, "decided") if token is not None else None,
        )
