// The forms beside the picture: one section a part of the scene, and every remark beside the field that it is about.

import { read } from "./store.js";
import { language, t } from "./words.js";

const USERS = ["rider", "car", "bus", "truck"];
const SIGNALS = ["pedestrian", "vehicle", "bicycle"];

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, given] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), given);
    else if (key === "class") made.className = given;
    else if (key.startsWith("data-") || key.startsWith("aria-")) made.setAttribute(key, given);
    else made[key] = given;
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

const button = (text, act, kind = "quiet") => make("button", { type: "button", class: kind, onclick: act }, text);

export class Panel {
  constructor(root, summary, store, tools) {
    Object.assign(this, { root, summary, store, tools });
    this.look = { outlines_px: {}, sizes_m: {}, flows: {}, remarks: [], fit: null };
  }

  #list(path) {
    return read(this.store.document, path) ?? [];
  }

  draw() {
    this.root.replaceChildren(
      this.#section("site", "site", this.#text("site.id"), this.#text("site.name")),
      this.#section("camera", "camera", this.#text("camera.id"), this.#text("camera.direction"), this.#size()),
      this.#ground(),
      this.#section("signals", "signals", ...this.#list("signals").map((_, i) => this.#signal(`signals[${i}]`)), button(`+ ${t("add")}`, this.tools.signal)),
      this.#section("crosswalks", "crosswalks", ...this.#list("crosswalks").map((_, i) => this.#crosswalk(`crosswalks[${i}]`)), button(`+ ${t("crosswalk")}`, this.tools.crosswalk)),
      this.#section("lanes", "lanes", ...this.#list("lanes").map((_, i) => this.#lane(`lanes[${i}]`)), button(`+ ${t("lane")}`, this.tools.lane)),
      this.#section("stop_lines", "stop_lines", ...this.#list("stop_lines").map((_, i) => this.#stopLine(`stop_lines[${i}]`)), button(`+ ${t("stop_line")}`, this.tools.stop_line)),
      this.#section("camera.small_people", "small_people", ...this.#list("camera.small_people").map((_, i) => this.#small(`camera.small_people[${i}]`)), button(`+ ${t("small")}`, this.tools.small)),
      make("p", { class: "hint" }, t("rest")),
    );
  }

  // Put what the server said beside what it is about; without building a field anew, since somebody may be typing.
  tell(look) {
    this.look = look;
    this.root.querySelectorAll(".told").forEach((told) => told.remove());
    this.root.querySelectorAll(".wrong").forEach((field) => field.classList.remove("wrong"));
    const lines = look.remarks.map((remark) => {
      const place = this.#place(remark.place);
      const text = remark.text[language()];
      if (place) {
        place.classList.toggle("wrong", remark.weight === "error" || place.classList.contains("wrong"));
        place.append(make("p", { class: `told ${remark.weight}` }, text));
      }
      const go = () => (place?.querySelector("input, select, button") ?? place)?.focus();
      return make("li", { class: remark.weight }, button(remark.place, go), ` ${text}`);
    });
    const count = (weight) => look.remarks.filter((remark) => remark.weight === weight).length;
    const head = lines.length ? t("problems", { errors: count("error"), hints: count("hint") }) : t("problems.none");
    this.summary.replaceChildren(make("details", { open: this.summary.querySelector("details")?.open ?? true, class: count("error") ? "error" : "good" }, make("summary", {}, head), make("ul", {}, ...lines)));
    this.#figures();
  }

  #place(path) {
    const places = [...this.root.querySelectorAll("[data-place]")].filter(({ dataset: { place } }) => path === place || (path.startsWith(place) && /[.[]/.test(path[place.length])));
    return places.sort((a, b) => b.dataset.place.length - a.dataset.place.length)[0];
  }

  #figures() {
    const { fit, sizes_m: sizes, outlines_px: outlines } = this.look;
    this.root.querySelectorAll("[data-apart]").forEach((cell) => {
      const apart = fit?.apart_cm[Number(cell.dataset.apart)];
      cell.textContent = apart === undefined ? "" : apart.toFixed(1);
      cell.classList.toggle("bad", apart > 30);
    });
    const rms = this.root.querySelector("#rms");
    const blind = fit?.apart_cm.length === 4 ? ` · ${t("ground.blind")}` : "";
    rms.textContent = fit ? `${t("ground.rms")}: ${fit.rms_cm.toFixed(1)} cm${blind}` : t("ground.none");
    this.root.querySelectorAll("[data-drawn]").forEach((mark) => {
      const points = outlines[mark.dataset.drawn];
      const size = sizes[mark.dataset.drawn]?.map((side) => side.toFixed(1)).join(" × ");
      const there = points ? (points.every(Boolean) ? t("drawn") : t("off")) : t("missing");
      mark.textContent = size ? `${size} m` : there;
    });
    this.root.querySelectorAll("[data-flow]").forEach((slot) => slot.replaceChildren(...this.#flow(slot.dataset.flow)));
  }

  #flow(path) {
    const seen = this.look.flows[path];
    const points = this.look.outlines_px[`${path}.polygon`];
    if (!seen || !points) return [];
    const take = () => this.store.set(`${path}.direction`, { m: [[0, 0], seen.axis.map((part) => Math.round(part * 1000) / 100)] });
    return [button(t("lane.observed", { tracks: seen.tracks, forward: `${Math.round(seen.forward * 100)}%` }), take)];
  }

  #section(place, title, ...children) {
    return make("section", { class: "card", "data-place": place, tabIndex: -1 }, make("h2", {}, t(title)), ...children);
  }

  #field(path, name, input) {
    return make("label", { class: "field", "data-place": path }, make("span", {}, name), input);
  }

  #set(path, value, options = { redraw: false }) {
    this.store.set(path, value, options);
  }

  #text(path, name = t(path)) {
    return this.#field(path, name, make("input", { value: read(this.store.document, path) ?? "", "data-path": path, oninput: (e) => this.#set(path, e.target.value) }));
  }

  #number(path, name) {
    const typed = (e) => this.#set(path, e.target.value === "" ? null : Number(e.target.value));
    return make("input", { type: "number", step: "any", value: read(this.store.document, path) ?? "", "data-path": path, "aria-label": name, oninput: typed });
  }

  #select(path, name, options) {
    const current = read(this.store.document, path) ?? "";
    const all = options.some(([key]) => key === current) ? options : [[current, current], ...options];
    const select = make("select", { "data-path": path, onchange: (e) => this.#set(path, e.target.value) }, ...all.map(([key, text]) => make("option", { value: key, selected: key === current }, text)));
    return this.#field(path, name, select);
  }

  #signalOf(path) {
    return this.#select(`${path}.signal`, t("signal"), this.#list("signals").map((signal) => [signal?.id ?? "", signal?.id ?? ""]));
  }

  #users(path) {
    const chosen = () => read(this.store.document, `${path}.users`) ?? [];
    const box = (user) => {
      const change = (e) => this.#set(`${path}.users`, USERS.filter((u) => (u === user ? e.target.checked : chosen().includes(u))));
      return make("label", { class: "inline" }, make("input", { type: "checkbox", checked: chosen().includes(user), onchange: change }), ` ${t(`users.${user}`)}`);
    };
    return make("div", { class: "field", "data-place": `${path}.users` }, make("span", {}, t("users")), make("span", {}, ...USERS.map(box)));
  }

  #drawn(path, key, act) {
    return make("div", { class: "field drawn", "data-place": path }, button(t(`draw.${key}`), act), make("span", { "data-drawn": path }));
  }

  #item(path, ...children) {
    return make("div", { class: "item", "data-place": path, tabIndex: -1 }, ...children, button(t("remove"), () => this.tools.remove(path), "quiet remove"));
  }

  #size() {
    const size = read(this.store.document, "camera.size") ?? [];
    return make("p", { class: "hint", "data-place": "camera.size" }, `${t("camera.size")}: ${size.join(" × ")} px`);
  }

  #ground() {
    const row = (_, i) => {
      const path = `ground.points[${i}]`;
      const cells = [["px[0]", "px.x"], ["px[1]", "px.y"], ["m[0]", "m.x"], ["m[1]", "m.y"]].map(([key, name]) => this.#number(`${path}.${key}`, t(name)));
      const remove = make("button", { type: "button", class: "quiet", title: t("remove"), onclick: () => this.tools.remove(path) }, "×");
      return make("div", { class: "point", "data-place": path }, make("b", {}, String(i + 1)), ...cells, make("span", { "data-apart": i }), remove);
    };
    const head = make("div", { class: "point head" }, ...["", "px.x", "px.y", "m.x", "m.y", "apart", ""].map((key) => make("span", {}, key ? t(key) : "")));
    return this.#section("ground", "ground", make("p", { id: "rms", class: "hint" }), head, ...this.#list("ground.points").map(row), button(`+ ${t("point")}`, this.tools.point));
  }

  #signal(path) {
    const part = (key) => this.#field(`${path}.plan.${key}`, t(key), this.#number(`${path}.plan.${key}`, t(key)));
    const span = (key) => make("div", { class: "field", "data-place": `${path}.plan.${key}` }, make("span", {}, t(key)), make("span", { class: "pair" }, this.#number(`${path}.plan.${key}[0]`, t(key)), this.#number(`${path}.plan.${key}[1]`, t(key))));
    const plan = read(this.store.document, `${path}.plan`);
    const lamp = make("div", { class: "field drawn", "data-place": `${path}.lamp` }, button(t("draw.lamp"), () => this.tools.lamp(`${path}.lamp`)), make("span", {}, t(read(this.store.document, `${path}.lamp`) ? "drawn" : "missing")));
    const begin = () => this.store.set(`${path}.plan`, { cycle_s: 90, offset_s: 0, green_s: [0, 40] });
    const planned = plan
      ? [make("div", { "data-place": `${path}.plan` }, part("cycle_s"), part("offset_s"), span("green_s"), span("yellow_s"), button(`${t("remove")} ${t("plan")}`, () => this.tools.remove(`${path}.plan`)))]
      : [button(`+ ${t("plan")}`, begin)];
    return this.#item(path, this.#text(`${path}.id`, t("id")), this.#select(`${path}.for`, t("for"), SIGNALS.map((user) => [user, t(`for.${user}`)])), lamp, ...planned);
  }

  #crosswalk(path) {
    const [polygon, across] = [`${path}.polygon`, `${path}.across`];
    return this.#item(path, this.#text(`${path}.id`, t("id")), this.#signalOf(path), this.#drawn(polygon, "polygon", () => this.tools.polygon(polygon)), this.#drawn(across, "across", () => this.tools.across(across)));
  }

  #lane(path) {
    const [polygon, direction] = [`${path}.polygon`, `${path}.direction`];
    return this.#item(path, this.#text(`${path}.id`, t("id")), this.#users(path), this.#drawn(polygon, "polygon", () => this.tools.polygon(polygon)), this.#drawn(direction, "direction", () => this.tools.direction(direction)), make("div", { "data-flow": path }));
  }

  #stopLine(path) {
    const [line, beyond, turn] = [`${path}.line`, `${path}.beyond`, `${path}.right_turn`];
    return this.#item(path, this.#text(`${path}.id`, t("id")), this.#signalOf(path), this.#users(path), this.#drawn(line, "line", () => this.tools.line(line)), this.#drawn(beyond, "beyond", () => this.tools.beyond(beyond)), this.#drawn(turn, "right_turn", () => this.tools.polygon(turn)));
  }

  #small(path) {
    return this.#item(path, make("span", { class: "hint" }, read(this.store.document, path).join(", ")));
  }
}
