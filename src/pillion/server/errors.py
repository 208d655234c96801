"""What keeps the server from starting."""

from __future__ import annotations

from pillion.errors import PillionError


class ServerError(PillionError):
    """The server cannot run as it was asked to; the message is one line."""


class CertificateError(ServerError):
    """The certificate's files cannot be read, or do not belong together."""
