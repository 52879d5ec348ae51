"""Who changed a ladder, and when; the roles of which a change of staff may tell."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("advice", "0005_forms_passed_on"),
        ("ehc", "0007_panel_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="staffchange",
            name="role",
            field=models.CharField(
                choices=[
                    ("caseworker", "Caseworker"),
                    ("manager", "Manager"),
                    ("panel_chair", "Panel chair"),
                    ("panel_administrator", "Panel administrator"),
                    ("panel_member", "Panel member"),
                    ("adviser", "Adviser"),
                    ("service_lead", "Service lead"),
                    ("health_sign_off", "Health sign-off (DCO/DMO)"),
                    ("social_care_sign_off", "Social care sign-off (DSCO)"),
                    ("psychology_sign_off", "Principal educational psychologist"),
                    ("auditor", "Auditor"),
                    ("administrator", "Administrator"),
                ],
                max_length=24,
            ),
        ),
        migrations.CreateModel(
            name="LadderChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("removed", "Taken out"),
                            ("restored", "Put back"),
                        ],
                        max_length=8,
                    ),
                ),
                ("after_return", models.BooleanField(default=False)),
                ("days", models.SmallIntegerField(blank=True, null=True)),
                (
                    "recipient",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adviser", "Whoever writes it, or the service’s mailbox"),
                            ("lead", "The service’s leads"),
                            ("director", "The service’s director"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ehc.authority",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ehc.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "indexes": [models.Index(fields=["authority", "-at"], name="ladder_changes")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ladderchange",
            trigger=pgtrigger.compiler.Trigger(
                name="ladder_change_as_made",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9f8c10733806e5140469e1247b826d409ac8e286",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ladder_change_as_made_739ba",
                    table="advice_ladderchange",
                    when="BEFORE",
                ),
            ),
        ),
    ]
