"""What was typed and could not be sent, because the session had ended."""

from django.conf import settings
from django.db import models


class KeptForm(models.Model):
    """The fields of one form, kept for one person; `ehc.kept` says for how long.

    It may hold anything that a page asks for, names too. Nobody but `user` is ever shown it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    path = models.CharField(max_length=300)
    #: Each field’s name with the list of what was sent under it.
    fields = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("user", "path"), name="kept_form_once_for_a_page"),
        ]
