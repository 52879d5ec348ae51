"""The amendment notice is awaited once it is decided whether the plan is amended, not before."""

from django.db import migrations

_NOBODY_WAITS = """
    UPDATE ehc_deadline AS notice SET is_waiting = false
    FROM ehc_deadline AS decision
    WHERE notice.code = 'amendment_notice' AND notice.is_waiting
      AND decision.process_id = notice.process_id AND decision.code = 'review_decision'
      AND decision.met_on IS NULL
"""
# Both fall due on the same day; the decision is what is due for certain.
_THE_DECISION_LEADS = """
    UPDATE ehc_case AS c SET next_due_code = d.code, next_due_label = d.label
    FROM ehc_deadline AS d
    WHERE c.next_due_code = 'amendment_notice' AND d.case_id = c.id AND d.is_waiting
      AND d.due_on = c.next_due_on
      AND d.code = (
        SELECT min(other.code) FROM ehc_deadline AS other
        WHERE other.case_id = c.id AND other.is_waiting AND other.due_on = c.next_due_on
      )
"""


class Migration(migrations.Migration):
    """Rows say what the law module works out now; `check_truth` compares them."""

    dependencies = [("ehc", "0007_panel_roles")]

    operations = [
        migrations.RunSQL([_NOBODY_WAITS, _THE_DECISION_LEADS], reverse_sql=migrations.RunSQL.noop)
    ]
