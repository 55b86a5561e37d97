// The document (what stands in scene.yaml), its history, and places in it by their path: "crosswalks[0].polygon".

const HISTORY_MAX = 200;

export const steps = (path) => path.split(/[.[\]]+/).filter(Boolean).map((step) => (/^\d+$/.test(step) ? Number(step) : step));

export const read = (document, path) => steps(path).reduce((part, step) => (part == null ? undefined : part[step]), document);

export function write(document, path, value) {
  const way = steps(path);
  const last = way.pop();
  let part = document;
  way.forEach((step, index) => {
    if (part[step] == null) part[step] = typeof (way[index + 1] ?? last) === "number" ? [] : {};
    part = part[step];
  });
  if (value === undefined) Array.isArray(part) ? part.splice(last, 1) : delete part[last];
  else part[last] = value;
}

export class Store {
  #past = [];
  #future = [];
  #listeners = [];

  constructor(document) {
    this.document = document;
    this.saved = JSON.stringify(document);
    this.#past.push(this.saved);
  }

  listen(listener) {
    this.#listeners.push(listener);
  }

  get dirty() {
    return JSON.stringify(this.document) !== this.saved;
  }

  // `redraw`: the forms must be built anew; typing in a form must not take the form away.
  set(path, value, { redraw = true, keep = true } = {}) {
    write(this.document, path, value);
    if (keep) this.keep();
    this.#tell(redraw);
  }

  // Put another document in this one's place.
  replace(document) {
    this.document = document;
    this.keep();
    this.#tell(true);
  }

  keep() {
    const now = JSON.stringify(this.document);
    if (now === this.#past.at(-1)) return;
    this.#past.push(now);
    if (this.#past.length > HISTORY_MAX) this.#past.shift();
    this.#future = [];
  }

  undo() {
    this.keep();
    if (this.#past.length < 2) return;
    this.#future.push(this.#past.pop());
    this.#restore(this.#past.at(-1));
  }

  redo() {
    const next = this.#future.pop();
    if (next === undefined) return;
    this.#past.push(next);
    this.#restore(next);
  }

  markSaved(text) {
    this.saved = text;
    this.#tell(false);
  }

  #restore(text) {
    this.document = JSON.parse(text);
    this.#tell(true);
  }

  #tell(redraw) {
    this.#listeners.forEach((listener) => listener(redraw));
  }
}
