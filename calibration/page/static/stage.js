// The picture: the library's outlines, our overlay, zoom, and collecting what a person draws for a task.
//
// A task is { draw: "polygon" | "rectangle" | number of clicks, hint, done(selector or points) }.

import { annotation, COLOURS, moved, outlines, section, value } from "./shapes.js";
import { Overlay } from "./overlay.js";
import { toMetres } from "./ground.js";

const ZOOM = 1.5;
const STEP = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Stage {
  constructor(image, store, heard) {
    this.image = image;
    this.store = store;
    this.heard = heard; // { pointer(metres, px), tasked(task) }
    this.look = { outlines_px: {}, sizes_m: {}, remarks: [], fit: null };
    this.ways = [];
    this.task = null;
    this.clicks = [];
    this.annotator = window.Annotorious.createImageAnnotator(image, { drawingEnabled: false, drawingMode: "click" });
    this.annotator.on("createAnnotation", (made) => this.#drawn(made));
    this.annotator.on("updateAnnotation", (changed) => this.store.set(changed.id, value(changed.id, changed.target.selector), { redraw: false }));
    this.overlay = new Overlay(image.naturalWidth, image.naturalHeight);
    this.annotator.element.append(this.overlay.svg);
    this.overlay.svg.addEventListener("click", (event) => this.#click(event));
    this.overlay.svg.addEventListener("pointerdown", (event) => this.#grab(event));
    this.overlay.svg.addEventListener("keydown", (event) => this.#nudge(event));
    this.annotator.element.addEventListener("pointermove", (event) => this.#hover(event));
    this.zoom = null;
    this.resize();
    window.addEventListener("resize", () => this.resize());
  }

  resize(factor = null) {
    const room = this.image.closest("#stage").clientWidth / this.image.naturalWidth;
    if (factor === "fit") this.zoom = null;
    else if (factor !== null) this.zoom = Math.min(16, Math.max(0.1, (this.zoom ?? room) * factor));
    this.overlay.scale = this.zoom ?? room;
    this.image.style.width = `${this.image.naturalWidth * this.overlay.scale}px`;
    this.#redraw();
  }

  enlarge = () => this.resize(ZOOM);
  reduce = () => this.resize(1 / ZOOM);
  fit = () => this.resize("fit");

  // Show the document with what the server said of it. The library's outlines are set anew unless one is in hand.
  show(look, { anew }) {
    this.look = look;
    const wrong = (path) => look.remarks.some((r) => r.weight === "error" && (r.place === path || path.startsWith(`${r.place}.`)));
    this.annotator.setStyle((shape) => {
      const colour = COLOURS[section(shape.id)] ?? "#ffffff";
      return { stroke: wrong(shape.id) ? "#ff0000" : colour, strokeWidth: wrong(shape.id) ? 4 : 2, fill: colour, fillOpacity: 0.12 };
    });
    if (anew) this.annotator.setAnnotations(outlines(this.store.document, look).map(annotation), true);
    this.#redraw();
  }

  begin(task) {
    this.annotator.cancelDrawing();
    this.annotator.cancelSelected();
    this.task = task;
    this.clicks = [];
    const library = typeof task?.draw === "string";
    if (library) this.annotator.setDrawingTool(task.draw);
    this.annotator.setDrawingEnabled(library);
    this.overlay.svg.classList.toggle("collecting", typeof task?.draw === "number");
    this.overlay.svg.classList.toggle("drawing", library);
    this.overlay.sketch([], null);
    this.heard.tasked(task);
  }

  removeSelected() {
    const [selected] = this.annotator.getSelected();
    if (selected) return selected.id;
    return this.overlay.layers.handles.contains(document.activeElement) ? document.activeElement.handle.path : null;
  }

  #redraw() {
    this.overlay.draw(this.store.document, this.look, this.ways);
  }

  #drawn(made) {
    this.annotator.removeAnnotation(made.id);
    this.#finish(made.target.selector);
  }

  #finish(result) {
    const task = this.task;
    this.begin(null);
    task?.done(result);
  }

  #at(event) {
    const box = this.overlay.svg.getBoundingClientRect();
    const scale = this.image.naturalWidth / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  }

  #click(event) {
    if (typeof this.task?.draw !== "number") return;
    this.clicks.push(this.#at(event));
    this.overlay.sketch(this.clicks, this.look.fit);
    if (this.clicks.length < this.task.draw) return;
    const clicks = this.clicks;
    if (this.task.stays) this.clicks = [];
    else this.#finish(clicks);
  }

  #hover(event) {
    const px = this.#at(event);
    this.heard.pointer(px, toMetres(this.look.fit, px));
    if (typeof this.task?.draw === "number" && this.clicks.length) this.overlay.sketch([...this.clicks, px], this.look.fit);
  }

  #grab(event) {
    const { handle } = event.target;
    if (!handle || this.task) return;
    event.preventDefault();
    event.target.focus();
    const from = this.#at(event);
    const move = (next) => this.#put(handle, [handle.at[0] + this.#at(next)[0] - from[0], handle.at[1] + this.#at(next)[1] - from[1]], false);
    const drop = () => {
      window.removeEventListener("pointermove", move);
      this.store.keep();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop, { once: true });
  }

  #nudge(event) {
    const { handle } = event.target;
    const step = STEP[event.key];
    if (!handle || !step) return;
    event.preventDefault();
    const size = event.shiftKey ? 0.1 : 1;
    this.#put(handle, [handle.at[0] + step[0] * size, handle.at[1] + step[1] * size], true);
  }

  #put(handle, at, keep) {
    const [path, place] = moved(this.store.document, this.look, handle, at);
    this.store.set(path, place, { keep });
    if (place.px) this.look.outlines_px[handle.path] = handle.index === null ? [place.px] : place.px; // before the server has looked
    this.#redraw();
  }
}
