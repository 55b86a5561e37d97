// What lies over the picture beside the library's outlines: the metre grid, residuals, arrows, handles, the ruler.

import { COLOURS, handles, section } from "./shapes.js";
import { toMetres, toPixels } from "./ground.js";
import { read } from "./store.js";

const SVG = "http://www.w3.org/2000/svg";
const ARROWS = /\.(direction|across)$/;

export function element(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.textContent = text;
  return made;
}

const path = (points) => points.map(([x, y], index) => `${index ? "L" : "M"}${x} ${y}`).join("");

export class Overlay {
  constructor(width, height) {
    this.svg = element("svg", { viewBox: `0 0 ${width} ${height}`, class: "overlay", "aria-hidden": "false" });
    this.scale = 1; // screen pixels for a picture's pixel: marks keep their size when the picture is enlarged
    this.layers = {};
    for (const name of ["ways", "grid", "lines", "residuals", "names", "sketch", "handles"]) {
      this.layers[name] = element("g", { class: name });
      this.svg.append(this.layers[name]);
    }
  }

  px(screen) {
    return screen / this.scale;
  }

  draw(document, look, ways) {
    this.#grid(look.fit);
    this.#ways(look.fit, ways);
    this.#lines(look);
    this.#names(document, look);
    this.#residuals(document, look.fit);
    this.#handles(document, look);
  }

  #fill(layer, marks) {
    this.layers[layer].replaceChildren(...marks);
  }

  #text(at, text, kind) {
    return element("text", { x: at[0], y: at[1], class: kind, "font-size": this.px(13), "stroke-width": this.px(3) }, text);
  }

  #grid(fit) {
    const marks = (fit?.grid ?? []).map((line) => element("path", { d: path(line.points_px), class: line.strong ? "strong" : "" }));
    const strong = (fit?.grid ?? []).filter((line) => line.strong);
    this.#fill("grid", [...marks, ...strong.map((line) => this.#text(this.#visible(line.points_px), `${line.axis} ${line.at_m} m`, ""))]);
  }

  // The first place of a line at which its number can be read.
  #visible(points) {
    const { width, height } = this.svg.viewBox.baseVal;
    return points.find(([x, y]) => x > 0 && y > this.px(14) && x < width - this.px(50) && y < height) ?? points[0];
  }

  #ways(fit, ways) {
    const lines = fit ? ways.map((way) => way.map((point) => toPixels(fit, point)).filter(Boolean)) : [];
    this.#fill("ways", lines.filter((line) => line.length > 1).map((line) => element("path", { d: path(line) })));
  }

  #lines(look) {
    const marks = [];
    for (const [place, points] of Object.entries(look.outlines_px)) {
      if (points.length !== 2 || !points.every(Boolean)) continue;
      const colour = COLOURS[section(place)];
      marks.push(element("path", { d: path(points), stroke: colour }));
      if (ARROWS.test(place)) marks.push(element("path", { d: this.#head(points), fill: colour, stroke: "none" }));
    }
    this.#fill("lines", marks);
  }

  #head([[x1, y1], [x2, y2]]) {
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const [dx, dy] = [(this.px(14) * (x2 - x1)) / length, (this.px(14) * (y2 - y1)) / length];
    const [x, y] = [x1 + 0.65 * (x2 - x1), y1 + 0.65 * (y2 - y1)]; // not at the end: a handle is there
    return `M${x} ${y}L${x - dx - dy / 2} ${y - dy + dx / 2}L${x - dx + dy / 2} ${y - dy - dx / 2}Z`;
  }

  #names(document, look) {
    const marks = [];
    for (const [place, points] of Object.entries(look.outlines_px)) {
      if (!/\.(polygon|line)$/.test(place) || !points[0]) continue;
      const item = read(document, place.replace(/\.\w+$/, ""));
      const size = (look.sizes_m[place] ?? []).map((side) => side.toFixed(1)).join(" × ");
      marks.push(this.#text(points[0], `${item.id ?? ""}${size ? ` ${size} m` : ""}`, "name"));
    }
    (document.signals ?? []).forEach((signal) => {
      if (signal?.lamp?.px) marks.push(this.#text([signal.lamp.px[0], signal.lamp.px[1] - this.px(4)], signal.id ?? "", "name"));
    });
    this.#fill("names", marks);
  }

  #residuals(document, fit) {
    const marks = [];
    (fit ? document.ground.points : []).forEach((point, index) => {
      const found = fit.found_px[index];
      if (!found) return;
      const bad = fit.apart_cm[index] > 30 ? "bad" : "";
      marks.push(element("path", { d: path([point.px, found]), class: bad, "data-apart": index }));
      const at = [point.px[0] + this.px(8), point.px[1] - this.px(8)];
      marks.push(this.#text(at, `${index + 1}: ${fit.apart_cm[index].toFixed(0)} cm`, bad));
    });
    this.#fill("residuals", marks);
  }

  #handles(document, look) {
    const focused = this.layers.handles.contains(window.document.activeElement) ? window.document.activeElement.dataset.handle : null;
    const marks = handles(document, look).map((handle) => {
      const name = handle.index === null ? handle.path : `${handle.path}[${handle.index}]`;
      const mark = element("circle", { cx: handle.at[0], cy: handle.at[1], r: this.px(6), class: handle.kind, tabindex: 0, role: "button" });
      mark.setAttribute("aria-label", name);
      mark.dataset.handle = name;
      mark.handle = handle;
      return mark;
    });
    this.#fill("handles", marks);
    if (focused) marks.find((mark) => mark.dataset.handle === focused)?.focus();
  }

  sketch(points, fit) {
    const marks = points.map(([x, y]) => element("circle", { cx: x, cy: y, r: this.px(4) }));
    if (points.length > 1) marks.unshift(element("path", { d: path(points) }));
    const [a, b] = points.map((point) => toMetres(fit, point));
    if (a && b) {
      const middle = [(points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2];
      marks.push(this.#text(middle, `${Math.hypot(b[0] - a[0], b[1] - a[1]).toFixed(2)} m`, "measure"));
    }
    this.#fill("sketch", marks);
  }
}
