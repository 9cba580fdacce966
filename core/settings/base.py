"""A settings class whose fields carry label, help and bounds, and whose errors are sentences."""

from typing import Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from core.errors import SettingProblem

BOUND_WORDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


class Settings(BaseModel):
    """Base of all settings. Fields name themselves with `title` (label) and `description` (help)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    stage: ClassVar[str] = ""

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Self:
        """Settings from form values.

        Raises:
            SettingProblem: a sentence for every field that is wrong: its label, the value given, the bounds.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            sentences = [cls._sentence(part) for part in error.errors()]
            raise SettingProblem(" ".join(sentences)) from error

    @classmethod
    def field(cls, name: str) -> dict[str, Any]:
        """Label, info, default and bounds (`minimum`, `maximum`, `choices`) of a field, for a form."""
        info = cls.model_fields[name]
        choices = {"choices": list(_choices(info))} if _choices(info) else {}
        return {
            "label": info.title or name,
            "info": info.description,
            "value": info.default,
            **_range(info),
            **choices,
        }

    @classmethod
    def _sentence(cls, part: Any) -> str:
        if not part["loc"]:  # settings that contradict each other: the rule is a sentence of its own
            return str(part["ctx"]["error"])
        name = str(part["loc"][0])
        if name not in cls.model_fields:
            known = ", ".join(cls.model_fields)
            return f"There is no setting called “{name}”. Known settings: {known}."
        info = cls.model_fields[name]
        if part["type"] == "value_error":  # raised by a validator of the field, whose text is the rule
            return f"{info.title or name} is {_shown(part['input'])}; {part['ctx']['error']}."
        bounds = [f"{BOUND_WORDS[key]} {value}" for key, value in _bounds(info).items()]
        expected = _type_word(info) + (" of " + " and ".join(bounds) if bounds else "")
        return f"{info.title or name} is {_shown(part['input'])}; it must be {expected}."


def _bounds(info: FieldInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for rule in info.metadata:
        for key in BOUND_WORDS:
            if getattr(rule, key, None) is not None:
                found[key] = getattr(rule, key)
    return found


def _range(info: FieldInfo) -> dict[str, Any]:
    bounds = _bounds(info)
    ends = {"minimum": bounds.get("ge", bounds.get("gt")), "maximum": bounds.get("le", bounds.get("lt"))}
    return {key: value for key, value in ends.items() if value is not None}


def _choices(info: FieldInfo) -> tuple[str, ...]:
    """The strings of a Literal; nothing for any other type."""
    return get_args(info.annotation) if get_origin(info.annotation) is Literal else ()


def _type_word(info: FieldInfo) -> str:
    if info.annotation is int:
        return "a whole number"
    if info.annotation is float:
        return "a number"
    if choices := _choices(info):
        return "one of " + ", ".join(choices)
    return "a text" if info.annotation is str else "a valid value"


def _shown(value: Any) -> str:
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
