"""What needs a cluster, behind one small protocol.

Only commands that ask a cluster import this package's :mod:`~pillion.cluster.kube`, and with it the
libraries of the extra ``pillion[cluster]``.
"""
