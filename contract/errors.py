"""Why a sealed message is not believed."""


class SealError(Exception):
    """A sealed message that cannot be believed; ``str()`` says what was expected and what was found.

    SealError
      +- MalformedError   it is not a sealed message, or its body is not the message that it should be
      +- UnknownKeyError  nobody here knows the key that it names
      +- ForgedError      the signature does not belong to the body
    """


class MalformedError(SealError):
    """Not a sealed message of the expected kind."""


class UnknownKeyError(SealError):
    """The key that the message names is not registered, or no longer."""


class ForgedError(SealError):
    """The signature does not match the body and the named key."""
