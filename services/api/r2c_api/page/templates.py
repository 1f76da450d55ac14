"""HTML from templates: everything that is put into one is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from r2c.telling.amounts import amount, key_text, signed
from r2c_api.page.assets import url_of


def html(name: str, **values: object) -> str:
    """A template filled in."""
    return environment().get_template(name).render(**values)


@cache
def environment() -> Environment:
    """The templates with the few functions that they may call."""
    made = Environment(
        loader=PackageLoader("r2c_api", "page/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = url_of
    made.filters |= {"amount": amount, "signed": signed, "key": key_text}
    return made
