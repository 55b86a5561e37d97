"""The form of scene.yaml (docs/formats.md), part by part, as pydantic models; the published schema comes from here."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

# The same form as the contract's Identifier: an id goes into topics and paths. The ground floor's rooms are apart, so
# it stands here as well; a test holds the two together.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6, strict=True)]
Pair = Annotated[tuple[Number, Number], Field(strict=False)]
Pixels = Annotated[int, Field(ge=16, le=20_000, strict=True)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line, as the messages hold it (contract.fields.ShortText)."""


RegionXywhPx = tuple[Number, Number, Annotated[Number, Field(gt=0)], Annotated[Number, Field(gt=0)]]


class Part(BaseModel):
    """A piece of the file; a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Site(Part):
    """The crossing."""

    id: Id
    name: Text


class Camera(Part):
    """The camera. ``size``: width and height of its picture in pixels; ``small_people``: where to look closer."""

    id: Id
    direction: Text
    size: tuple[Pixels, Pixels]
    small_people: tuple[RegionXywhPx, ...] = Field(
        default=(), max_length=8, description="x, y, width, height in pixels: people are too small there in the whole"
    )

    @model_validator(mode="after")
    def _regions_lie_in_the_picture(self) -> "Camera":
        width_px, height_px = self.size
        for x, y, wide, tall in self.small_people:
            if x < 0 or y < 0 or x + wide > width_px or y + tall > height_px:
                raise ValueError(
                    f"small_people: {[x, y, wide, tall]} leaves the picture of {width_px} x {height_px} px"
                )
        return self


class GroundPoint(Part):
    """One place that can be found both in the picture and on the road."""

    px: Pair
    m: Pair


class GroundPart(Part):
    """The reference points, 4 or more, spread out."""

    points: tuple[GroundPoint, ...]


class Shape(Part):
    """An outline or a line, in pixels or in metres."""

    px: tuple[Pair, ...] | None = None
    m: tuple[Pair, ...] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "Shape":
        if (self.px is None) == (self.m is None):
            raise ValueError("needs either px or m")
        return self

    def points(self) -> tuple[tuple[float, float], ...]:
        """Return the points, whatever their unit."""
        return self.px or self.m or ()


class Place(Part):
    """One point, in pixels or in metres."""

    px: Pair | None = None
    m: Pair | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "Place":
        if (self.px is None) == (self.m is None):
            raise ValueError("needs either px or m")
        return self


class Lamp(Part):
    """Where the lamp stands in the picture: x, y, width, height in pixels."""

    px: RegionXywhPx


class Plan(Part):
    """A fixed-time plan in seconds; red wherever neither green nor yellow is."""

    cycle_s: Annotated[Number, Field(ge=1, le=3600)]
    offset_s: Annotated[Number, Field(ge=-3600, le=3600)] = 0.0
    green_s: Pair
    yellow_s: Pair | None = None

    @model_validator(mode="after")
    def _within_the_cycle(self) -> "Plan":
        for name, span in (("green_s", self.green_s), ("yellow_s", self.yellow_s)):
            if span is not None and not 0 <= span[0] < span[1] <= self.cycle_s:
                raise ValueError(f"{name} {list(span)}, needs from < to within 0 to {self.cycle_s:g}")
        if self.yellow_s is not None and self.yellow_s[0] < self.green_s[1] and self.green_s[0] < self.yellow_s[1]:
            raise ValueError("green_s and yellow_s overlap")
        return self


class SignalPart(Part):
    """One signal; its sources may also stand in the edge's configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    id: Id
    user: Annotated[Literal["pedestrian", "vehicle", "bicycle"], Field(alias="for")]
    lamp: Lamp | None = None
    plan: Plan | None = None


class CrosswalkPart(Part):
    """One crosswalk; ``carriageway``: the road around it, where people who do not keep to it enter as well."""

    id: Id
    signal: Id
    polygon: Shape
    across: Shape | None = None
    carriageway: Shape | None = None


class LanePart(Part):
    """One lane; ``direction`` runs from, to: the lawful way; ``two_way``: a shared path, where both are."""

    id: Id
    users: Annotated[tuple[Literal["rider", "car", "bus", "truck"], ...], Field(min_length=1)]
    polygon: Shape
    direction: Shape
    two_way: Annotated[bool, Field(strict=True)] = False


class StopLinePart(Part):
    """One stop line; ``beyond`` is a point on the junction's side."""

    id: Id
    signal: Id
    users: Annotated[tuple[Literal["rider", "car", "bus", "truck"], ...], Field(min_length=1)]
    line: Shape
    beyond: Place
    right_turn: Shape | None = None


class SceneFile(Part):
    """The whole file."""

    version: Literal[1]
    site: Site
    camera: Camera
    ground: GroundPart | None = None
    signals: tuple[SignalPart, ...] = ()
    crosswalks: tuple[CrosswalkPart, ...] = ()
    lanes: tuple[LanePart, ...] = ()
    stop_lines: tuple[StopLinePart, ...] = ()
    rules: dict[str, dict[str, float]] = {}
    demonstration: Annotated[bool, Field(strict=True)] = False
    note: Annotated[str, StringConstraints(max_length=2000)] = ""
