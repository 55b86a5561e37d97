// The case page under an officer's hands: three stills zoomed as one, the clip frame by frame, the track, the keys.
// Letters are pressed by keys.js; everything here is for what has no letter. Without this script the page still shows
// all: links to the stills, the player's own controls, the drawings.
(() => {
  "use strict";
  const SCALE_MAX = 8, STEP = 1.5, PAN = 0.1, SPEEDS = [0.1, 0.25, 0.5, 1, 2];
  const view = { scale: 1, x: 0.5, y: 0.5 };
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const between = (low, value, high) => Math.min(Math.max(value, low), high);

  // Zoom: x and y are shares of a still, so that all three show the same place whatever their size.
  function draw() {
    const section = one(".case .stills");
    if (!section) return;
    for (const layer of section.querySelectorAll(".layer")) {
      const wide = layer.offsetWidth, tall = layer.offsetHeight;
      const left = between(wide * (1 - view.scale), wide / 2 - view.x * wide * view.scale, 0);
      const top = between(tall * (1 - view.scale), tall / 2 - view.y * tall * view.scale, 0);
      layer.style.transform = `translate(${left}px, ${top}px) scale(${view.scale})`;
    }
    section.style.setProperty("--zoom", view.scale);
    section.dataset.zoom = view.scale.toFixed(2);
    const told = one(".case .zoomed");
    if (told) told.textContent = view.scale > 1 ? `×${view.scale.toFixed(1)}` : "";
  }
  function centre() {
    const section = one(".case .stills");
    const [x, y] = (section ? section.dataset.centre : "0.5,0.5").split(",").map(Number);
    Object.assign(view, { x, y });
  }
  function zoom(factor) {
    if (view.scale === 1 && factor > 1) centre();
    view.scale = between(1, view.scale * factor, SCALE_MAX);
    if (view.scale < 1.01) view.scale = 1;
    draw();
  }
  function whole() { view.scale = 1; draw(); }
  function pan(right, down) {
    const half = 0.5 / view.scale;
    view.x = between(half, between(half, view.x, 1 - half) + right / view.scale, 1 - half);
    view.y = between(half, between(half, view.y, 1 - half) + down / view.scale, 1 - half);
    draw();
  }
  function track(button) {
    const section = one(".case .stills");
    const on = section.classList.toggle("tracked");
    button.setAttribute("aria-pressed", String(on));
  }

  // The clip: frames as clip.csv has them, the time as ms from the entry.
  const clip = () => one(".case video");
  const frames = (video) => (video.dataset.frames || "").split(",").filter(Boolean).map(Number);
  function tell() {
    const video = clip();
    if (!video) return;
    const time = one(".case output.time"), speed = one(".case .speed");
    if (speed) speed.textContent = `×${video.playbackRate}`;
    if (!time || video.dataset.entry === undefined) return;
    const now = video.currentTime * 1000;
    const shown = frames(video).filter((at) => at <= now + 5).pop() ?? 0;
    const from = Math.round(shown - Number(video.dataset.entry));
    time.textContent = from > 0 ? `+${from}` : from < 0 ? `−${-from}` : "0";
  }
  function step(by) {
    const video = clip();
    if (!video) return;
    video.pause();
    const times = frames(video), now = video.currentTime * 1000;
    const at = times.filter((time) => time <= now + 5).length - 1;
    const wanted = times.length > 0 ? times[between(0, at + by, times.length - 1)] : now + by * 100;
    video.currentTime = Math.max(0, wanted + 2) / 1000;
  }
  function toEntry() {
    const video = clip();
    if (!video || video.dataset.entry === undefined) return;
    video.pause();
    const entry = Number(video.dataset.entry);
    const at = frames(video).filter((time) => time <= entry).pop() ?? 0;
    video.currentTime = (at + 2) / 1000;
  }
  function play() {
    const video = clip();
    if (video) { if (video.paused) video.play(); else video.pause(); }
  }
  function speed(by) {
    const video = clip();
    if (!video) return;
    const at = SPEEDS.indexOf(video.playbackRate);
    video.playbackRate = SPEEDS[between(0, (at < 0 ? 3 : at) + by, SPEEDS.length - 1)];
    tell();
  }

  function help() {
    const dialog = one("#keys");
    if (!dialog) return;
    if (dialog.open) dialog.close(); else dialog.showModal();
  }

  const ZOOM = { in: () => zoom(STEP), out: () => zoom(1 / STEP), off: whole };
  const CLIP = {
    back: () => step(-1), on: () => step(1), play, entry: toEntry, slower: () => speed(-1), faster: () => speed(1),
  };
  const KEYS = {
    "+": ZOOM.in, "=": ZOOM.in, "-": ZOOM.out, "0": ZOOM.off, ",": CLIP.back, ".": CLIP.on, " ": play, "/": toEntry,
    "[": CLIP.slower, "]": CLIP.faster, "?": help,
  };
  const ARROWS = { ArrowLeft: [-PAN, 0], ArrowRight: [PAN, 0], ArrowUp: [0, -PAN], ArrowDown: [0, PAN] };

  document.addEventListener("keydown", (event) => {
    if (!one(".case") || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, video")) return;
    if (one("#keys")?.open && event.key !== "?") return;
    if (event.key === " " && event.target.closest("button, a, summary")) return;
    const does = KEYS[event.key], moves = ARROWS[event.key];
    if (!does && !(moves && view.scale > 1)) return;
    event.preventDefault();
    if (does) does(); else pan(...moves);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom], [data-clip], [data-track], [data-keys-help]");
    if (!button || button.tagName !== "BUTTON") return;
    if (button.dataset.zoom) ZOOM[button.dataset.zoom]();
    else if (button.dataset.clip) CLIP[button.dataset.clip]();
    else if (button.dataset.keysHelp !== undefined) help();
    else track(button);
  });
  document.addEventListener("wheel", (event) => {
    const pane = event.target.closest(".case .stills .pane");
    if (!pane || (view.scale === 1 && event.deltaY > 0)) return;
    event.preventDefault();
    if (view.scale === 1) {
      const place = pane.getBoundingClientRect();
      view.scale = STEP;
      view.x = (event.clientX - place.left) / place.width;
      view.y = (event.clientY - place.top) / place.height;
      draw();
    } else zoom(event.deltaY < 0 ? STEP : 1 / STEP);
  }, { passive: false });

  // A still that is dragged moves; only one that is clicked opens.
  let drag = null;
  document.addEventListener("pointerdown", (event) => {
    const pane = event.target.closest(".case .stills .pane");
    if (pane && view.scale > 1) drag = { pane, x: event.clientX, y: event.clientY, moved: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const right = drag.x - event.clientX, down = drag.y - event.clientY;
    if (!drag.moved && Math.hypot(right, down) < 4) return;
    pan(right / drag.pane.offsetWidth, down / drag.pane.offsetHeight);
    Object.assign(drag, { x: event.clientX, y: event.clientY, moved: true });
  });
  document.addEventListener("pointerup", () => { const was = drag; setTimeout(() => { if (drag === was) drag = null; }); });
  document.addEventListener("dragstart", (event) => { if (event.target.closest(".case .stills")) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    if (drag && drag.moved && event.target.closest(".pane")) event.preventDefault();
  }, true);

  const begun = new WeakSet();  // a page that the browser's history brings back has a player that nobody listens to
  function begin() {
    whole();
    for (const tools of all("[data-needs-script], [data-keys-help]")) tools.hidden = false;
    const video = clip();
    if (!video || begun.has(video)) return;
    begun.add(video);
    for (const name of ["timeupdate", "seeked", "loadedmetadata", "ratechange"]) video.addEventListener(name, tell);
    if (video.requestVideoFrameCallback) {
      const each = () => { tell(); if (video.isConnected) video.requestVideoFrameCallback(each); };
      video.requestVideoFrameCallback(each);
    }
    const first = () => { toEntry(); tell(); };
    if (video.readyState >= 1) first(); else video.addEventListener("loadedmetadata", first, { once: true });
  }
  window.addEventListener("resize", draw);
  for (const shown of ["htmx:afterSettle", "htmx:historyRestore"]) document.addEventListener(shown, begin);
  begin();
})();
