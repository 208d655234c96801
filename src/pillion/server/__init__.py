"""The admission server: HTTPS, reload, health, metrics and logs around the pure endpoint."""
