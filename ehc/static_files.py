"""How static files are stored for the web server."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names each file by its content, also where one script imports another."""

    support_js_module_import_aggregation = True
