"""The tracker's thresholds. Time is in seconds and place in metres, never frames and pixels.

Tuned on the first half of PETS 2009 S2.L1 (public), forwards, backwards and at half its frame rate, so that no figure
hangs on one moment of it; ``lukou bench tracking`` measures them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """How detections become tracks. Scores are 0 to 1, overlaps intersection over union."""

    new_score_min: float = 0.5
    """Begins a track."""
    sure_score_min: float = 0.45
    """Below, a detection only continues a track, and must overlap it well (ByteTrack, Zhang et al., ECCV 2022)."""
    weak_score_min: float = 0.2
    """Below, a detection is nothing."""
    mean_score_min: float = 0.3
    """A track whose detections are weaker than this on average is a thing, not a road user."""
    confirm_s: float = 0.4
    """A track is believed when it has lived so long."""
    confirm_sights: int = 3
    """And been seen so often."""
    lag_s: float = 0.5
    """What is said about an instant is said so much later: then births are sure and short gaps are bridged."""
    coast_s: float = 0.4
    """So long an unseen road user is said to be where it must have gone."""
    lost_s: float = 4.0
    """So long its number waits for it."""
    tentative_s: float = 0.5
    """So long an unconfirmed track is waited for."""
    foot_noise: float = 0.04
    """How exact a box's lower edge is, as a share of its height."""
    hidden_noise: float = 1.0
    """How much worse for a box that others hide: noise grows by so many times the hidden share."""
    gate: float = 25.0
    """Squared Mahalanobis distance on the ground beyond which a detection cannot be the track's."""
    lost_gate: float = 6.0
    """The same for a track that has been unseen for ``recent_s``."""
    new_gate: float = 4.0
    """The same for a track whose speed is not known yet, where its boxes do not overlap: few frames a second."""
    recent_s: float = 0.8
    distance_weight: float = 0.03
    overlap_min: float = 0.1
    weak_overlap_min: float = 0.25
    double_overlap: float = 0.55
    """A new track may not begin on another one: neither overlap it so much"""
    double_covered: float = 0.75
    """nor lie in it by so great a share."""
    size_gain: float = 0.1
    """How fast a track's size follows its boxes."""
    smoothing: float = 0.9
    """How much of a said box is the track's own size and place, the rest the detection's."""
    edge_px: float = 3.0
    """A box that comes so near the picture's edge is cut by it: neither its foot nor its size can be trusted."""
    range_m: float = 15.0
    """Who is further than this from every drawn zone is not followed: what is not needed is not collected."""


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """When a track may have passed to somebody else, and when it is taken back."""

    contact_share: float = 0.15
    """Two tracks touch when one's box covers so much of the other's."""
    clear_sights: int = 3
    """After a contact, so many undisturbed sights tell whether somebody still looks as before."""
    memory_sights: int = 5
    """So many sights make a memory of somebody's colours."""
    visible_hidden_max: float = 0.1
    """A sight is undisturbed when at most this share of the body is hidden."""
    swapped_margin: float = 0.2
    """Somebody who looks so much more like the other one is the other one."""
    swapped_own_min: float = 0.45
    relink_distance_max: float = 0.42
    """A new track that looks so much like a lost one, within its reach, is the lost one."""
    reach_mps: float = 3.0
    reach_m: float = 0.5
    relink_gap_s: float = 0.3
    relink_identity: float = 0.5
    """How sure a re-linked track is: too little for an accusation."""
    margin_scale: float = 0.12
    """How much cheaper the chosen pairing must be than the crossed one to be e times as likely."""
    colour_scale: float = 0.05
    """The same for the difference of two colour distances."""
    gap_s: float = 0.3
    """Unseen for longer, somebody else may stand where the track was expected."""
    gap_chance: float = 0.3
    stranger: float = 0.35
    """How far a stranger's look is, at the nearest, from somebody's; nearer speaks for the same person."""
    episode_s: float = 1.0
    """Chances of one meeting are not independent: only its worst counts. It ends when nothing is doubtful so long."""
