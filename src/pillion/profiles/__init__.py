"""The embedded configurations, which make pillion work without a cluster or a file."""
