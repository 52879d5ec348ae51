"""Why a form of the family ends: whoever had begun it no longer speaks for the child."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advice", "0004_two_ladders")]

    operations = [
        migrations.AlterField(
            model_name="advicerequest",
            name="closed_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("wrong_body", "Asked of the wrong person or service"),
                    ("service_closed", "The service has closed"),
                    ("case_ended", "The assessment ended"),
                    ("existing", "An existing report is sufficient (reg 6(4))"),
                    ("invitation_ended", "The invitation ended"),
                    (
                        "no_longer_speaks",
                        "Whoever had begun it no longer speaks for the child",
                    ),
                ],
                max_length=16,
            ),
        )
    ]
