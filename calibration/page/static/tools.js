// What can be drawn, as tasks for the stage; each writes its result into the document.

import { round, value } from "./shapes.js";
import { read, write } from "./store.js";

const line = (clicks) => ({ px: clicks.map((click) => click.map(round)) });

function freeId(document, section, stem) {
  const taken = new Set((document[section] ?? []).map((item) => item?.id));
  for (let number = 1; ; number += 1) if (!taken.has(`${stem}${number}`)) return `${stem}${number}`;
}

export class Tools {
  constructor(store, stage) {
    this.store = store;
    this.stage = stage;
  }

  get #document() {
    return this.store.document;
  }

  #signal(user) {
    return (this.#document.signals ?? []).find((signal) => signal?.for === user)?.id ?? "";
  }

  #append(section, item) {
    const path = `${section}[${(read(this.#document, section) ?? []).length}]`;
    this.store.set(path, item);
    return path;
  }

  // Draw one part anew: its path says where it goes.
  part(path, draw, hint, then = null) {
    this.stage.begin({
      name: path,
      draw,
      hint,
      done: (result) => {
        const drawn = typeof draw === "string" ? value(path, result) : draw === 1 ? { px: result[0].map(round) } : line(result);
        this.store.set(path, drawn);
        then?.();
      },
    });
  }

  polygon = (path, then) => this.part(path, "polygon", "hint.polygon", then);
  lamp = (path) => this.part(path, "rectangle", "hint.rectangle");
  direction = (path) => this.part(path, 2, "hint.direction");
  across = (path) => this.part(path, 2, "hint.across");
  beyond = (path) => this.part(path, 1, "hint.beyond");
  line = (path, then) => this.part(path, 2, "hint.line", then);

  #begin(name, draw, hint, done, more = {}) {
    this.stage.begin({ name, draw, hint, done, ...more });
  }

  point = () =>
    this.#begin("point", 1, "hint.point", ([at]) => {
      const path = this.#append("ground.points", { px: at.map(round), m: [null, null] });
      document.querySelector(`[data-place="${path}"] [data-path$="m[0]"]`)?.focus();
    });

  crosswalk = () =>
    this.#begin("crosswalk", "polygon", "hint.polygon", (drawn) =>
      this.#append("crosswalks", { id: freeId(this.#document, "crosswalks", "c"), signal: this.#signal("pedestrian"), polygon: value("", drawn) }),
    );

  lane = () =>
    this.#begin("lane", "polygon", "hint.polygon", (drawn) => {
      const path = this.#append("lanes", { id: freeId(this.#document, "lanes", "l"), users: ["rider"], polygon: value("", drawn) });
      this.direction(`${path}.direction`);
    });

  stop_line = () =>
    this.#begin("stop_line", 2, "hint.line", (clicks) => {
      const item = { id: freeId(this.#document, "stop_lines", "s"), signal: this.#signal("vehicle"), users: ["rider"], line: line(clicks) };
      const path = this.#append("stop_lines", item);
      this.beyond(`${path}.beyond`);
    });

  signal = () => this.#append("signals", { id: freeId(this.#document, "signals", "lamp-"), for: "pedestrian" });

  addLamp = () =>
    this.#begin("lamp", "rectangle", "hint.rectangle", (drawn) =>
      this.#append("signals", { id: freeId(this.#document, "signals", "lamp-"), for: "pedestrian", lamp: value("x.lamp", drawn) }),
    );

  small = () => this.#begin("small", "rectangle", "hint.rectangle", (drawn) => this.#append("camera.small_people", value("camera.small_people", drawn)));

  ruler = () => this.#begin("ruler", 2, this.stage.look.fit ? "hint.ruler" : "hint.ruler.ground", () => {}, { stays: true });

  select = () => this.stage.begin(null);

  // Take a shape or a point away; a list that has become empty goes as well.
  remove(path) {
    const whole = /\.(polygon|line)$/.test(path) ? path.replace(/\.\w+$/, "") : path;
    const list = whole.replace(/\[\d+\]$/, "");
    const left = structuredClone(this.#document);
    write(left, whole, undefined);
    const items = read(left, list);
    if (Array.isArray(items) && !items.length && list !== "ground.points") write(left, list, undefined);
    this.store.replace(left);
  }
}
