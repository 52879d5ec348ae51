"""The service's own settings, with one bare page beside its pages."""

from ehc.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
# The pages name their style sheet; nobody fetches it here, so none need be collected.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
