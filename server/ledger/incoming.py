"""Where money comes from: the bank or the payment service, and by which kinds each is booked. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.errors import NotFoundError
from server.ledger.kinds import EntryKind
from server.ledger.refusals import Refusal, refused

K = EntryKind


class Source(StrEnum):
    """By whom money came; a reference begins with it (``bank:ID``, ``epay:ID``)."""

    BANK = "bank"
    EPAY = "epay"


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of one source. ``paid``: of the fine, of the surcharge."""

    suspended: EntryKind
    matched: EntryKind
    returned: EntryKind
    paid: tuple[EntryKind, EntryKind]


KINDS: Final = {
    Source.BANK: Kinds(K.SUSPENSE_BANK, K.MATCHED_BANK, K.SUSPENSE_RETURNED, (K.PAID_BANK, K.SURCHARGE_PAID_BANK)),
    Source.EPAY: Kinds(K.SUSPENSE_EPAY, K.MATCHED_EPAY, K.SUSPENSE_EPAY_RETURNED, (K.PAID_EPAY, K.SURCHARGE_PAID_EPAY)),
}


def kinds_of(reference: str) -> Kinds:
    """Return the kinds by which money with this reference is booked. Raises NotFoundError for one of no source."""
    source, _, own_id = reference.partition(":")
    if source not in set(Source) or not own_id:
        raise NotFoundError(*refused(Refusal.NO_MONEY_OF_A_SOURCE, reference=reference[:80]))
    return KINDS[Source(source)]
