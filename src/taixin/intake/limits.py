"""How large a user's file may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read of a file that comes from outside; beyond it, a sentence and exit code 2.

    Parameters
    ----------
    megabytes
        Of the file, or of what an archive holds once unpacked.
    features
        In the file.
    fields
        Columns or attributes a feature may have.
    vertices
        Of one feature.
    seconds
        That reading may go on without giving the next features.
    memory_mb
        That the reading process may take, where the system can hold it to that.
    """

    megabytes: int = 200
    features: int = 200_000
    fields: int = 500
    vertices: int = 200_000
    seconds: int = 60
    memory_mb: int = 4000

    def times(self, factor: float) -> Limits:
        """Raise or lower every limit by a factor.

        Examples
        --------
        >>> Limits().times(10).features
        2000000
        """
        return Limits(
            *(
                max(1, round(getattr(self, name) * factor))
                for name in ("megabytes", "features", "fields", "vertices", "seconds", "memory_mb")
            )
        )
