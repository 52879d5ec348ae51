"""The Jinja2 environment of every page: GOV.UK macros, our filters, nothing silently empty."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    PackageLoader,
    PrefixLoader,
    Template,
    TemplateNotFound,
    Undefined,
)
from jinja2.utils import missing
from markupsafe import Markup

from ehc import dates, kept
from ehc.forms.rendering import component, error_list
from ehc.menu import body_of, menu_of
from ehc.strip import WORDS
from ehc.wording import STAGES


def count(number: int, thing: str, things: str = "") -> str:
    """`1 case`, `2 cases`, `1,204 cases`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def standing_tag(standing: str, due: date | None, today: date) -> Markup:
    """How a deadline stands, as a tag; one that runs or is late says how far off it is."""
    words, colour = WORDS[standing]
    if standing in {"running", "overdue"} and due is not None:
        words = dates.away(due, today)
    return Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(colour, words)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page."""
    return reverse(name, args=args, kwargs=kwargs)


def _careful(method: str) -> Callable[..., Any]:
    lenient = getattr(Undefined, method)

    def guarded(self: "CarefulUndefined", *args: Any) -> Any:
        if self.may_be_missing():
            return lenient(self, *args)
        return self._fail_with_undefined_error()

    return guarded


class CarefulUndefined(Undefined):
    """Fails on a name or attribute that does not exist, instead of printing nothing.

    What the GOV.UK macros leave out on purpose stays empty: a parameter (a key missing from a
    mapping), one of their own variables (in camelCase, as ours never are), `caller`, and an
    `if` without `else`. So our pages are given objects, and only macros mappings.
    """

    __slots__ = ()

    def may_be_missing(self) -> bool:
        """True for what a macro may leave out."""
        name = self._undefined_name
        if isinstance(self._undefined_obj, Mapping) or name is None or name == "caller":
            return True
        return isinstance(name, str) and self._undefined_obj is missing and name != name.lower()

    __bool__ = _careful("__bool__")
    __str__ = _careful("__str__")
    __len__ = _careful("__len__")
    __iter__ = _careful("__iter__")
    __eq__ = _careful("__eq__")
    __ne__ = _careful("__ne__")
    __hash__ = Undefined.__hash__


class OwnTemplates(ChoiceLoader):
    """Leaves `allauth/` to Django's template engine, whose language those few files speak."""

    def load(self, environment: Environment, name: str, globals: Any = None) -> Template:
        """The template of that name."""
        if name.startswith("allauth/"):
            raise TemplateNotFound(name)
        return super().load(environment, name, globals)


def _bytecode_cache() -> BytecodeCache | None:
    """Compiled templates, kept in a folder private to this system user; none if that fails."""
    try:
        return FileSystemBytecodeCache()
    except RuntimeError:
        return None


def environment(**options: Any) -> Environment:
    """The environment Django's Jinja2 backend uses; `options` are what the backend passes."""
    loader = OwnTemplates(
        [
            options.pop("loader"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    env = Environment(  # noqa: S701 - Django's backend passes autoescape=True
        **{
            **options,
            "loader": loader,
            "undefined": CarefulUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "bytecode_cache": _bytecode_cache(),
        }
    )
    env.globals.update(
        url=url,
        static=static,
        messages_for=get_messages,
        menu_of=menu_of,
        seal=kept.seal,
        body_of=body_of,
        count=count,
        component=component,
        error_list=error_list,
        standing_tag=standing_tag,
        session_minutes=settings.SESSION_COOKIE_AGE // 60,
        # Two names the GOV.UK macros compare with, as their Nunjucks originals do.
        null=None,
        undefined=CarefulUndefined(obj={}, name="undefined"),
    )
    env.filters.update(
        date=dates.in_words,
        short_date=dates.short,
        moment=dates.moment,
        days=dates.away,
        count=count,
        stage=lambda status: STAGES.get(status, status),
    )
    return env
