"""The production shape names only what exists. It cannot be started here, so it is read."""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from launcher import health
from launcher.paths import ROOT

COMPOSE = ROOT / "docker-compose.yml"
LONG_RUNNING = {"postgres", "redis", "web", "worker", "beat"}
SECRETS = {"EHC_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:[-?])?([^}]*)\}")
READ = re.compile(r'(?:required|flag|whole_number|environ\.get)\(\s*"([A-Z_]+)"')
#: Read by the settings, but for a machine of one's own; production must not set them.
NOT_FOR_PRODUCTION = {"EHC_WITHOUT_HTTPS", "EHC_LOCAL"}

Service = dict[str, Any]


@pytest.fixture(scope="module")
def services() -> dict[str, Service]:
    """The services, by name."""
    found: dict[str, Service] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def ours(services: dict[str, Service]) -> dict[str, Service]:
    """The services that run this checkout's own image."""
    return {name: service for name, service in services.items() if "build" in service}


def test_the_services_are_those_of_the_production_shape(services: dict[str, Service]) -> None:
    assert set(services) == LONG_RUNNING | {"migrate"}
    assert set(ours(services)) == {"migrate", "web", "worker", "beat"}


def test_each_long_running_service_has_a_health_check(services: dict[str, Service]) -> None:
    for name in LONG_RUNNING:
        assert services[name]["healthcheck"]["test"], name
        assert services[name]["restart"] == "unless-stopped", name


def test_services_wait_for_what_exists_and_can_become_ready(services: dict[str, Service]) -> None:
    for name in ("web", "worker", "beat"):
        waits = services[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
    for service in services.values():
        for target, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in services[target]
            else:
                assert services[target]["restart"] == "no"


def test_every_volume_is_declared_and_used(services: dict[str, Service]) -> None:
    declared = set(yaml.safe_load(COMPOSE.read_text())["volumes"])
    mounted = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
    }
    assert mounted == declared


def test_documents_are_kept_where_the_volume_is(services: dict[str, Service]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    for name, service in ours(services).items():
        folder = service["environment"]["EHC_DOCUMENTS_DIR"]
        assert f"documents:{folder}" in service["volumes"], name
        assert f"VOLUME {folder}" in dockerfile


def test_every_variable_is_explained_and_none_is_left_over() -> None:
    used = {name for name, _, _ in VARIABLE.findall(COMPOSE.read_text())}
    assert used == set(_example())


def test_it_refuses_to_start_without_its_secrets() -> None:
    for name, sign, _ in VARIABLE.findall(COMPOSE.read_text()):
        if name in SECRETS:
            assert sign == ":?", f"{name} must have no default"
    example = _example()
    for name in SECRETS:
        assert example[name] == "", f"{name} must not be made up"


def test_what_the_example_calls_needed_is_demanded() -> None:
    demanded = {name for name, sign, _ in VARIABLE.findall(COMPOSE.read_text()) if sign == ":?"}
    empty = {name for name, value in _example().items() if not value}
    optional = {"EHC_ORIGINS", "EMAIL_USER", "EMAIL_PASSWORD"}
    assert demanded == empty - optional


def test_the_settings_read_what_is_given_and_are_given_what_they_read(
    services: dict[str, Service],
) -> None:
    text = "".join(path.read_text() for path in (ROOT / "ehc" / "settings").glob("*.py"))
    read = set(READ.findall(text)) - NOT_FOR_PRODUCTION
    for name, service in ours(services).items():
        assert set(service["environment"]) - {"EHC_ENV"} == read - {"EHC_ENV"}, name
        assert service["environment"]["EHC_ENV"] == "production"


def test_the_addresses_name_the_services(services: dict[str, Service]) -> None:
    database = services["postgres"]["environment"]
    for service in ours(services).values():
        assert (
            f"@{'postgres'}:5432/{database['POSTGRES_DB']}"
            in service["environment"]["DATABASE_URL"]
        )
        assert service["environment"]["DATABASE_URL"].startswith(
            f"postgresql://{database['POSTGRES_USER']}:"
        )
        assert "@redis:6379/" in service["environment"]["REDIS_URL"]


def test_the_commands_exist(services: dict[str, Service]) -> None:
    migrate = services["migrate"]["command"]
    assert migrate[:2] == ["python", "manage.py"]
    assert (ROOT / migrate[1]).exists()
    assert migrate[2] in get_commands()
    module, _, attribute = services["web"]["command"][1].partition(":")
    assert callable(getattr(import_module(module), attribute))
    for name in ("worker", "beat"):
        program, app, command = services[name]["command"][:3]
        assert (program, app, command) == ("celery", "--app=ehc", name)
    assert import_module("ehc.celery").app
    for name in ("web", "beat"):
        *words, process = services[name]["healthcheck"]["test"]
        assert words == ["CMD", "python", "-m", "launcher", "health"]
        assert process == name
    with pytest.raises(health.Refusal, match="web or beat"):
        health.health(["database"])
    locked = (ROOT / "requirements" / "production.txt").read_text()
    for program in ("gunicorn", "celery", "psycopg"):
        assert re.search(rf"^{program}==", locked, re.MULTILINE)


def test_the_image_copies_what_exists_and_what_is_not_kept_out() -> None:
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    let_in = {
        line[1:].rstrip("/")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    paths = [path for words in copied for path in words.split() if path != "."]
    assert "requirements/production.txt" in paths
    for path in paths:
        assert (ROOT / path).exists(), path
        assert path in let_in or Path(path).parts[0] in let_in, f"{path} is in .dockerignore"


def test_every_package_of_the_checkout_is_in_the_image() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    for package in [*packages["root_packages"], "launcher"]:
        assert f"!{package}" in let_in


def _example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}
