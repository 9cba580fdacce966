"""What a report says of rows and answers, with a tag in place of each value that nobody may read. Free of torch."""

from typing import Any, Literal, TypeVar, cast, get_origin

from pydantic import BaseModel

from core.evaluate.leaks.values import Values

Found = TypeVar("Found")


def hidden(found: Found, values: Values) -> Found:
    """The same part of a report, all its texts without the values: "[canary]" or "[masked value]" stands for each.

    Not hidden is what `Values` does not find: words of a name that stand alone, short values, parts of a value.
    """
    return cast(Found, _hidden(found, values)) if values else found


def _hidden(found: Any, values: Values) -> Any:
    if isinstance(found, str):
        return values.hidden(found)
    if isinstance(found, list):
        return [_hidden(each, values) for each in found]
    if isinstance(found, BaseModel):
        fields = type(found).model_fields.items()
        texts = [name for name, field in fields if get_origin(field.annotation) is not Literal]  # a light stays a light
        return found.model_copy(update={name: _hidden(getattr(found, name), values) for name in texts})
    return found
