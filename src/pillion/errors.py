"""The root of every error that pillion raises on purpose.

    PillionError
    ├── golang                     what Go's standard library fails with, in its words
    │   ├── strconv.NumError       not a number, or one that its type has no room for
    │   ├── strconv.QuoteError     not a quoted string
    │   ├── json.JSONError         not JSON, or a value that JSON cannot carry
    │   ├── fmt.FormatError        a value that contains itself
    │   └── regexp, time, net, url one each for what they cannot parse
    ├── gotemplate.errors.TemplateError
    │   ├── ParseError             the template's text is wrong
    │   ├── ExecError              the template failed while it ran
    │   └── LimitError             a limit on depth, output or steps was reached
    ├── kubernetes.errors.KubernetesError
    │   ├── YAMLError              the text is not YAML that Kubernetes accepts
    │   ├── DecodeError            a value does not fit the type of its field
    │   ├── MergeError             a strategic merge patch cannot be applied
    │   ├── PatchError             a JSON patch cannot be applied
    │   ├── QuantityError          not a resource quantity
    │   └── SelectorError          not a label selector
    ├── mesh.errors.MeshError      a mesh configuration or its annotation is wrong
    ├── injection.errors.InjectionError
    │   ├── ConfigError            the injection configuration is wrong
    │   ├── AnnotationError        annotations carry values that the injector refuses
    │   └── RenderError            a template, or what it rendered, is wrong
    ├── injection.errors.DocumentError   any of these, and where in the input it stands
    ├── injection.admission_review.ReviewError   a body that is no admission review
    ├── cluster.errors.ClusterError      a cluster cannot be asked, or does not answer
    │   ├── NotFoundError          no object of that name, or no such kind
    │   ├── ForbiddenError         whoever asks may not do this
    │   ├── ConflictError          somebody else was quicker
    │   └── ExpiredError           a watch cannot go on: everything must be listed again
    └── server.errors.ServerError  the server cannot run as it was asked to
        ├── CertificateError       its certificate cannot be used
        └── logs.LevelError        a log level or a scope that does not exist

Errors carry fields and are formatted at the edge: the command line adds file and document, the
webhook answers with the message. A class exists only where a caller acts on it.
"""


class PillionError(Exception):
    """An error that a person can act on; ``str`` of it is the message to show."""


def dotted(path: tuple[str | int, ...]) -> str:
    """The path of a field as people write it: ``spec.containers[0].name``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")
