"""What can go wrong, by what a caller does about it."""

from __future__ import annotations

from typing import Literal, Optional, Union


class Error(Exception):
    """Something was not done. Its status has a name and a number, which never change, and a message in English.

    Nothing personal is in it.
    """

    message: str
    """What went wrong."""
    status: str
    """The name of the status, such as "UNKNOWN_KEY"."""
    number: int
    """Its number: below 100 that of a code with which an order, a key or a template was refused."""

    def __init__(self, message: str, status: str = "INTERNAL", number: int = 22) -> None:
        super().__init__(message, status, number)
        self.message, self.status, self.number = message, status, number

    def __str__(self) -> str:
        return self.message

    def meaning(self, lang: Literal["en", "zh"] = "en") -> str:
        """What the status means, for people: in English, or with ``lang="zh"`` in Chinese."""
        from ._miandan import meaning

        return meaning(self.number, lang)


class BadArgument(Error, ValueError):
    """An argument means nothing. The program is to be changed."""


class ComponentError(Error):
    """The print component is not there, is of another version, or does not run."""


class Refused(Error):
    """An order, a key, a template or the sandbox was refused. The status says why."""


class InputError(Error):
    """What was to be read cannot be read, or there is nothing in it."""


class OutputError(Error):
    """What was to be written cannot be written. Nothing half-written stays."""


class PrinterError(Error):
    """There is no such printer, or it takes nothing. Surely nothing of the label was sent; it can be printed again."""


class Uncertain(PrinterError):
    """The label may be on paper, and nobody can tell. A person has to look; nothing prints it again by itself."""


class Duplicate(Error):
    """The label was printed already, or is being printed."""

    earlier: Optional[str]
    """The running number under which it was printed."""

    def __init__(self, message: str, status: str = "DUPLICATE", number: int = 134, earlier: Optional[str] = None) -> None:
        super().__init__(message, status, number)
        self.args: tuple[Union[str, int, None], ...] = (message, status, number, earlier)
        self.earlier = earlier


class LabelError(Error):
    """What a person wants done with a label cannot be: there is none of this number, no doubt about it, or no order."""


class JournalError(Error):
    """The journal cannot be read or written, so nothing was sent."""


class Cancelled(Error):
    """It was cancelled, or the station is stopping."""
