"""Every exception Handrail raises on purpose, each with the exit code it ends the program with.

HandrailError
├── ContentError    the FAQ folder has faults that forbid starting (exit 1)
├── ConfigError     a setting is missing or wrong (exit 2)
├── AdapterError    a platform refused us or gave up (exit 3)
└── StoreError      the database cannot be reached or written (exit 4)

Faults in content are values (`bot.domain.Problem`), collected and shown together;
`ContentError` only carries them once they forbid going on.
"""

from collections.abc import Sequence


class HandrailError(Exception):
    """The root: its message is written for the operator and says what to do."""

    exit_code = 1


class ContentError(HandrailError):
    """The FAQ folder has at least one Problem of level error."""

    exit_code = 1

    def __init__(self, faults: Sequence[str]) -> None:
        """Take the Problems of level error, each as one line."""
        self.faults = tuple(faults)
        super().__init__(
            f"{len(faults)} error(s) in the FAQ folder; mend them and run `handrail check` again"
        )


class ConfigError(HandrailError):
    """A setting is missing or wrong; the message names the key and where it was read."""

    exit_code = 2


class AdapterError(HandrailError):
    """A platform refused the token, the app's set-up, or stayed out of reach too long."""

    exit_code = 3


class StoreError(HandrailError):
    """The store cannot be opened or written."""

    exit_code = 4
