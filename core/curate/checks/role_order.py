"""Chats out of order. Expected: an optional system turn, then user and assistant in turns.

Between two turns of the assistant there may be tools in the place of the user. Plain text is one message. Whether the
assistant has the last word is what `no_answer` looks at.
"""

import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.rows import Rows, found
from core.records import TEXT

NEXT = {"start": ("user",), "user": ("assistant",), "assistant": ("user", "tool"), "tool": ("assistant", "tool")}


def find(rows: Rows) -> pl.DataFrame:
    """Rows whose roles break the order, with the first turn that does."""
    orders = rows.turns.group_by("position", maintain_order=True).agg(roles="role")
    orders = orders.with_columns(pl.col("roles").list.join(" "))
    every = rows.frame.select("position").join(orders, "position", how="left", maintain_order="left")
    every = every.with_columns(pl.col("roles").fill_null(""))
    kinds = every["roles"].unique()  # there are few, however many rows
    reasons = pl.DataFrame({"roles": kinds, "reason": [reason(roles.split()) for roles in kinds]})
    broken = every.join(reasons.filter(pl.col("reason") != ""), "roles", how="inner", maintain_order="left")
    return found(broken, pl.col("reason"))


def reason(roles: list[str]) -> str:
    """What is wrong with the order of the roles, or an empty string."""
    if roles == [TEXT]:
        return ""
    last = "start"
    system = 1 if roles[:1] == ["system"] else 0
    for number, role in enumerate(roles[system:], system + 1):
        if role == TEXT:
            return f"turn {number} is plain text, but the row is a chat"
        if role not in NEXT[last]:
            return f"turn {number} is from the {role}, but the {NEXT[last][0]} is next"
        last = role
    return ""


CHECK = Check("role order", "The turns of a chat do not alternate.", LEAVE_OUT, find)
