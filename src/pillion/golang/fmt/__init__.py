"""Text from values and format strings, as Go's ``fmt`` prints them."""

from pillion.golang.fmt.errors import FormatError
from pillion.golang.fmt.printing import sprint, sprintf, sprintln
from pillion.golang.fmt.sorting import sorted_keys

__all__ = ["FormatError", "sorted_keys", "sprint", "sprintf", "sprintln"]
