// Which shapes a document has, and what each kind looks like; the drawing library's form of an outline and back.

import { read } from "./store.js";

export const COLOURS = { crosswalks: "#ff4d4d", lanes: "#36a3ff", stop_lines: "#ffd23f", signals: "#39d353", camera: "#c792ea" };
const OUTLINES = [["crosswalks", "polygon"], ["lanes", "polygon"], ["stop_lines", "right_turn"]];

export const round = (value) => Math.round(value * 10) / 10;
export const section = (path) => path.split(/[.[]/)[0];

// Every outline that the library draws: { path, rectangle | points }.
export function outlines(document, look) {
  const found = [];
  for (const [name, key] of OUTLINES) {
    (document[name] ?? []).forEach((_, index) => {
      const path = `${name}[${index}].${key}`;
      const points = look.outlines_px[path];
      if (points?.length >= 3 && points.every(Boolean)) found.push({ path, points });
    });
  }
  (document.signals ?? []).forEach((signal, index) => {
    if (signal?.lamp?.px?.length === 4) found.push({ path: `signals[${index}].lamp`, rectangle: signal.lamp.px });
  });
  (document.camera?.small_people ?? []).forEach((region, index) => {
    if (region?.length === 4) found.push({ path: `camera.small_people[${index}]`, rectangle: region });
  });
  return found;
}

export function annotation({ path, points, rectangle }) {
  const corners = points ?? [[rectangle[0], rectangle[1]], [rectangle[0] + rectangle[2], rectangle[1] + rectangle[3]]];
  const [xs, ys] = [corners.map((c) => c[0]), corners.map((c) => c[1])];
  const bounds = { minX: Math.min(...xs), minY: Math.min(...ys), maxX: Math.max(...xs), maxY: Math.max(...ys) };
  const geometry = points
    ? { points, bounds }
    : { x: rectangle[0], y: rectangle[1], w: rectangle[2], h: rectangle[3], bounds };
  return { id: path, bodies: [], target: { annotation: path, selector: { type: points ? "POLYGON" : "RECTANGLE", geometry } } };
}

// The value that the document holds for what was drawn at a path.
export function value(path, selector) {
  const { points, x, y, w, h } = selector.geometry;
  if (points) return { px: points.map((point) => point.map(round)) };
  const rectangle = [x, y, w, h].map(round);
  return path.endsWith(".lamp") ? { px: rectangle } : rectangle;
}

// A point or a line has handles of its own: { path, index, at, kind }; `index` is null for a single point.
export function handles(document, look) {
  const found = [];
  (document.ground?.points ?? []).forEach((point, index) => {
    if (point?.px?.length === 2) found.push({ path: `ground.points[${index}]`, index: null, at: point.px, kind: "point" });
  });
  for (const [path, points] of Object.entries(look.outlines_px)) {
    if (!/\.(across|direction|line|beyond)$/.test(path)) continue;
    points.forEach((at, index) => at && found.push({ path, index: path.endsWith("beyond") ? null : index, at, kind: section(path) }));
  }
  return found;
}

// Write a handle's new place: a shape that was given in metres is in pixels from then on.
export function moved(document, look, handle, at) {
  const place = at.map(round);
  if (handle.kind === "point") return [`${handle.path}.px`, place];
  if (handle.index === null) return [handle.path, { px: place }];
  const given = read(document, handle.path);
  const points = (given.px ?? look.outlines_px[handle.path]).map((point) => point.map(round));
  points[handle.index] = place;
  return [handle.path, { px: points }];
}
