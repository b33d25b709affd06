"""Among which processes the training of a tagger is spread."""

from __future__ import annotations

from framework.errors import MissingExtraError
from framework.learning.process import count_processes
from framework.learning.processes import Processes
from framework.registry import load_object

_LAUNCHED = "framework.learning.launched:LaunchedProcesses"


def find_processes() -> Processes:
    """Give the processes of this training, as the launcher says.

    Raises:
        MissingExtraError: there are several, and the package accelerate is not installed.
    """
    if count_processes() == 1:
        return Processes()
    try:
        found: Processes = load_object(_LAUNCHED)()
    except ImportError as error:
        raise MissingExtraError(
            "a training in several processes needs the package accelerate",
            hint="pip install 'frame-dialogue[accelerate]'",
        ) from error
    return found
