"""Loss and scores of a training as scalars, in files that TensorBoard draws."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from framework.errors import MissingExtraError
from framework.learning.process import prepare_process
from framework.learning.progress import Progress
from framework.registry import load_object


class ScalarLog:
    """Writes the figures of each part under its name: `intents and entities/loss`."""

    def __init__(self, folder: Path) -> None:
        """Begin a run in a folder, which is made where it is missing.

        Raises:
            MissingExtraError: the package tensorboard is not installed.
        """
        prepare_process()
        try:
            writer = load_object("torch.utils.tensorboard:SummaryWriter")
        except ImportError as error:
            raise MissingExtraError(
                "logs for TensorBoard need the package tensorboard",
                hint="pip install 'frame-dialogue[tensorboard]'",
            ) from error
        self._writer: Any = writer(str(folder))
        self._latest: dict[str, float] = {}

    def __enter__(self) -> Self:
        """Give the log itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Write what is left, also after an interruption."""
        self._writer.close()

    def write(self, step: Progress) -> None:
        """Write the figures of a step that differ from those of the one before."""
        for name, value in step.scores.items():
            tag = f"{step.part}/{name}"
            if self._latest.get(tag) != value:
                self._latest[tag] = value
                self._writer.add_scalar(tag, value, step.done)
