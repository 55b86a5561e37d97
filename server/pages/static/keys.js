// The keyboard of the console. A key presses the element that carries it; keys that come while a page is on its way
// wait their turn, so that none is lost between two cases.
(() => {
  "use strict";
  const waiting = [];
  let busy = false;

  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  function move(step) {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(document.activeElement);
    all[Math.min(Math.max(at + step, 0), all.length - 1)].focus();
  }
  function press(key) {
    if ("jk".includes(key) && rows().length > 0) return move(key === "j" ? 1 : -1);
    const target = document.querySelector(`[data-key~="${key}"]`);
    if (!target || target.matches(":disabled")) return;
    if (target.matches("input")) { target.focus(); target.select(); } else if (target.form) target.form.requestSubmit(target); else target.click();
  }
  function drain() { while (!busy && waiting.length > 0) press(waiting.shift()); }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const field = event.target.closest("input, select, textarea");
    if (field && event.key === "Escape") field.blur();  // back to the keys
    if (field || !/^[a-z0-9/]$/.test(event.key)) return;
    event.preventDefault();
    waiting.push(event.key);
    drain();
  });
  const menu = () => document.querySelector("details.menu[open]");
  document.addEventListener("click", (event) => {
    if (menu() && !menu().contains(event.target)) menu().open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu()) return;
    menu().querySelector("summary").focus();
    menu().open = false;
  });

  // A page that came without a load is told as a load would be: the reader goes on at its heading.
  document.addEventListener("htmx:afterSettle", (event) => {
    const heading = document.querySelector("main h1");
    if (!event.detail.boosted || !heading || document.activeElement !== document.body) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  });

  document.documentElement.dataset.keys = "ready";
  document.addEventListener("htmx:beforeRequest", () => { busy = true; });
  for (const over of ["htmx:afterSettle", "htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(over, () => { busy = false; drain(); });
  }
})();
