"""An officer without a mouse: fields are reached with Tab, lists are chosen from with the arrows, Enter sends."""

from playwright.sync_api import Page, expect

TABS_MAX = 250
STEPS_TO = """selector => {
  const stops = Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary, video"))
    .filter(stop => !stop.disabled && stop.type !== "hidden" && stop.checkVisibility());
  return stops.indexOf(document.querySelector(selector)) - stops.indexOf(document.activeElement);
}"""
IS_THERE = "selector => document.activeElement === document.querySelector(selector)"
NO_MOUSE = """for (const event of ["pointerdown", "mousedown", "pointermove", "wheel", "touchstart"])
  addEventListener(event, () => console.error(`a mouse was used: ${event}`), true);"""
"""What a mouse does is an error of the page, and so fails the test (tests/conftest.py)."""


class Hands:
    """Ten fingers on a page's keyboard. It has no way to a mouse."""

    def __init__(self, page: Page) -> None:
        page.context.add_init_script(NO_MOUSE)
        self.page = page
        self.keyboard = page.keyboard

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keyboard.press(key)

    def to(self, selector: str) -> None:
        """Tab to the first element of a selector, however many stops a player has of its own on the way."""
        expect(self.page.locator(selector).first).to_be_visible()
        for _ in range(self.page.evaluate(STEPS_TO, selector)):
            self.keyboard.press("Tab")
        for _ in range(TABS_MAX):
            if self.page.evaluate(IS_THERE, selector):
                return
            self.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with Tab")

    def fill(self, selector: str, text: str) -> None:
        """Write into a field, in the place of what stands there."""
        self.to(selector)
        self.press("Control+a")
        self.keyboard.insert_text(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self.to(selector)
        field = self.page.locator(selector).first
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.press("ArrowDown")
        expect(field).to_have_value(value)

    def follow(self, selector: str) -> None:
        """Open a link or a fold."""
        self.to(selector)
        self.press("Enter")

    def send(self) -> None:
        """Send the form in which a field of one line is focused."""
        self.press("Enter")
