"""The commands, by what they are for; `taixin.cli` gathers and runs them."""

from taixin.commands.check import check
from taixin.commands.own import geo, new, schema
from taixin.commands.plans import audit_plans, layers, list_plans
from taixin.commands.publish import build, export, sheet
from taixin.commands.tiles import serve, tiles

__all__ = ["COMMANDS"]

#: In the order of the help.
COMMANDS = (
    *(build, serve, check, list_plans, audit_plans, sheet, export, tiles),
    *(layers, new, geo, schema),
)
