"""Prints electronic waybills from sealed orders, without ever seeing a name, a phone or an address.

Orders come sealed and stay so. A print component, a program of its own that is locked in, opens and masks them, and hands
out finished labels: pages of a PDF, pictures, or what a label printer is sent.

    import miandan

    component = miandan.Component("station.key", "issuer.key.pub")
    batch = miandan.Batch(component, miandan.Orders("orders.sealed.jsonl"), "one-part-76x130")
    summary = batch.print_pdf("labels.pdf")
    print(f"{summary.done} labels, {summary.failed} failed")

Everything may be used from several threads at once; whatever takes its time lets the others run, and hears Ctrl-C.
"""

from ._miandan import (
    VERSION as __version__,
    Batch,
    Component,
    ComponentStatus,
    Event,
    Events,
    Job,
    Label,
    LabelOutcome,
    Labels,
    Orders,
    PrinterStatus,
    Profile,
    Resumed,
    Station,
    Summary,
    meaning,
    profiles,
    template,
    templates,
)
from .errors import (
    BadArgument,
    Cancelled,
    ComponentError,
    Duplicate,
    Error,
    InputError,
    JournalError,
    LabelError,
    OutputError,
    PrinterError,
    Refused,
    Uncertain,
)

__all__ = [
    "BadArgument",
    "Batch",
    "Cancelled",
    "Component",
    "ComponentError",
    "ComponentStatus",
    "Duplicate",
    "Error",
    "Event",
    "Events",
    "InputError",
    "Job",
    "JournalError",
    "Label",
    "LabelError",
    "LabelOutcome",
    "Labels",
    "Orders",
    "OutputError",
    "PrinterError",
    "PrinterStatus",
    "Profile",
    "Refused",
    "Resumed",
    "Station",
    "Summary",
    "Uncertain",
    "__version__",
    "meaning",
    "profiles",
    "template",
    "templates",
]
