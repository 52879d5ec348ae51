"""What a body has sent on paper: how it came, when it was signed, and the files staff add of it."""

from django.db import migrations, models
from django.db.models import Q

_WAYS = [("post", "By post"), ("email", "By email"), ("hand", "By hand")]


class Migration(migrations.Migration):
    dependencies = [("advice", "0006_ladder_changes")]

    operations = [
        migrations.AddField(
            model_name="advice",
            name="came_by",
            field=models.CharField(blank=True, choices=_WAYS, default="", max_length=5),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="advice",
            name="signed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="by_authority",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="advice",
            constraint=models.CheckConstraint(
                condition=Q(came_by="", signed_on=None)
                | Q(came_by__in=["post", "email", "hand"], signed_on__isnull=False)
                & ~Q(on_behalf_of=""),
                name="advice_entered_for_whoever_signed_it",
            ),
        ),
    ]
