"""The production shape names only what exists. It cannot be started here, so it is read."""

import json
import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.core.management import get_commands
from gunicorn.config import Config

from ehc import web_server
from launcher import health
from launcher.paths import ROOT

COMPOSE = ROOT / "docker-compose.yml"
LONG_RUNNING = {"postgres", "redis", "web", "worker", "beat"}
SECRETS = {"EHC_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:[-?])?([^}]*)\}")
READ = re.compile(r'(?:required|flag|whole_number|environ\.get)\(\s*"([A-Z_]+)"')
#: Read by the settings, but for a machine of one's own; production must not set them.
NOT_FOR_PRODUCTION = {"EHC_WITHOUT_HTTPS", "EHC_LOCAL"}

#: What holds a single connection: beat, the migration, and two health checks.
ONE_EACH = ("beat", "migrate", "health of web", "health of beat")

Service = dict[str, Any]


class Strict(yaml.SafeLoader):
    """Refuses what Compose refuses and other readers let pass: a name that stands there twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {name for name in names if names.count(name) > 1}
        assert not twice, f"{node.start_mark}: {twice} stands there twice"
        return super().construct_mapping(node, deep)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The whole file."""
    found: dict[str, Any] = yaml.load(COMPOSE.read_text(), Strict)  # noqa: S506  (a safe one)
    return found


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Service]:
    """The services, by name."""
    found: dict[str, Service] = compose["services"]
    return found


def given(words: list[str], **values: str) -> list[str]:
    """The words of a command as the container gets them, with the defaults of the variables."""
    return [VARIABLE.sub(lambda m: values.get(m[1]) or m[3], word) for word in words]


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


def test_a_name_that_stands_twice_is_noticed() -> None:
    with pytest.raises(AssertionError, match="services"):
        yaml.load("services: {}\nservices: {}", Strict)  # noqa: S506


def test_only_what_compose_knows(compose: dict[str, Any], services: dict[str, Service]) -> None:
    """A name mistyped would be refused there."""
    assert {name for name in compose if not name.startswith("x-")} == {
        "name",
        "secrets",
        "services",
        "volumes",
    }
    known = {
        *("build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image"),
        *("logging", "ports", "pull_policy", "restart", "secrets", "security_opt"),
        *("shm_size", "stop_grace_period", "user", "volumes"),
    }
    for name, service in services.items():
        assert set(service) <= known, name
        checks = {"test", "interval", "timeout", "retries", "start_period"}
        assert set(service.get("healthcheck", {})) <= checks, name


def test_the_database_is_ready_only_when_others_can_reach_it(services: dict[str, Service]) -> None:
    """On the socket a server answers while it is being set up, and the migration would fail."""
    asked = services["postgres"]["healthcheck"]["test"]
    assert asked[asked.index("--host") + 1] == "127.0.0.1"


def test_the_answer_of_redis_is_read_and_its_server_gets_the_signals(
    services: dict[str, Service],
) -> None:
    redis = services["redis"]
    assert "grep -q PONG" in redis["healthcheck"]["test"][1]
    shell, flag, script = redis["command"]
    assert (shell, flag) == ("sh", "-c")
    assert script.startswith("exec valkey-server - ")
    assert redis["user"] == "valkey"  # a shell as command passes by what drops root’s rights
    assert "REDIS_PASSWORD" not in script
    name = re.search(r"requirepass \$\$([A-Z_]+)$", script, re.MULTILINE)
    assert name is not None
    assert name[1] in redis["environment"]


def test_our_image_is_built_here_and_may_do_little(services: dict[str, Service]) -> None:
    for name, service in ours(services).items():
        assert service["pull_policy"] == "build", name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.index("USER ehc") > dockerfile.rindex("RUN ")
    assert "--require-hashes --no-deps --only-binary :all:" in dockerfile


def test_nothing_is_open_to_the_network_and_no_log_fills_the_disk(
    services: dict[str, Service],
) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert given(ports) == ["127.0.0.1:8000:8000"]
    for name, service in services.items():
        assert service["logging"] == {"driver": "local"}, name


def test_requests_and_tasks_have_time_to_end(services: dict[str, Service]) -> None:
    web = int(services["web"]["stop_grace_period"].removesuffix("s"))
    assert web > _gunicorn(services["web"]["command"]).graceful_timeout
    for name in ("worker", "postgres"):
        assert int(services[name]["stop_grace_period"].removesuffix("s")) >= 60


def test_connections_fit_the_database(services: dict[str, Service]) -> None:
    """PostgreSQL takes 100 at most, three of them for its administrator."""
    settings = _gunicorn(services["web"]["command"])
    each_web = min(settings.threads, 10)
    concurrency = next(w for w in given(services["worker"]["command"]) if "concurrency" in w)
    workers = int(concurrency.partition("=")[2]) + 1
    assert settings.workers * each_web + workers + len(ONE_EACH) < 97


def test_what_gunicorn_is_told_it_understands(services: dict[str, Service]) -> None:
    settings = _gunicorn(services["web"]["command"])
    assert settings.worker_class_str == "gthread"
    assert settings.logger_class is web_server.DiscreetLogger
    assert settings.address == [("0.0.0.0", 8000)]  # noqa: S104  (inside the container)
    last = (ROOT / "Dockerfile").read_text().partition("\nCMD ")[2].replace("\\\n", "")
    image = json.loads(last)
    assert _gunicorn(image).logger_class is web_server.DiscreetLogger
    for words in (services["web"]["command"], image):
        module, _, attribute = words[-1].partition(":")
        assert callable(getattr(import_module(module), attribute))


def test_what_celery_is_told_it_understands(services: dict[str, Service]) -> None:
    for name, command in (("worker", worker), ("beat", beat)):
        program, app, word, *options = given(services[name]["command"])
        assert (program, app, word) == ("celery", "--app=ehc", name)
        with click.Context(command, obj=None, resilient_parsing=True) as context:
            _, left, _ = command.make_parser(context).parse_args(options)
        assert left == [], name
    assert import_module("ehc.celery").app


def _gunicorn(words: list[str]) -> Config:
    """gunicorn’s settings as these words and its file make them; an unknown word ends the test."""
    assert words[0] == "gunicorn"
    config = Config()
    told = vars(config.parser().parse_args(given(words[1:])))
    module = import_module(told["config"].removeprefix("python:"))
    for name, value in vars(module).items():
        if name in config.settings:
            config.set(name, value)
    for name, value in told.items():
        if value is not None and name in config.settings and name != "args":
            config.set(name, value)
    return config


def test_every_volume_is_declared_and_used(
    compose: dict[str, Any], services: dict[str, Service]
) -> None:
    declared = set(compose["volumes"])
    mounted = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
    }
    assert mounted == declared


def test_every_secret_is_declared_and_is_where_the_settings_look(
    compose: dict[str, Any], services: dict[str, Service]
) -> None:
    for service in ours(services).values():
        assert service["secrets"] == list(compose["secrets"])
        (name,) = service["secrets"]
        assert service["environment"]["EHC_IDENTITY_PROVIDERS"] == f"/run/secrets/{name}"


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
    optional = {
        "EHC_CLAMAV",
        "EHC_IDENTITY_PROVIDERS",
        "EHC_ORIGINS",
        "EMAIL_USER",
        "EMAIL_PASSWORD",
    }
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
