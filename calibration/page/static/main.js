// Starts the page: the document from the server, its look after every change, keys, saving.

import { Panel } from "./panel.js";
import { Stage } from "./stage.js";
import { Store } from "./store.js";
import { Tools } from "./tools.js";
import { label, language, switchLanguage, t } from "./words.js";

const TOOLS = [["select", "v"], ["point", "p"], ["crosswalk", "c"], ["lane", "l"], ["stop_line", "s"], ["lamp", "g"], ["small", "k"], ["ruler", "r"]];
const LOOK_AFTER_MS = 120;
const $ = (id) => document.getElementById(id);

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, options).catch(() => null);
  if (!answer) throw new Error(t("lost"));
  if (answer.ok) return answer.json();
  const told = answer.status === 409 ? await answer.json() : { zh: await answer.text(), en: "" };
  throw new Error(told[language()] || told.zh);
}

class Page {
  constructor(kept) {
    this.version = kept.version;
    this.store = new Store(kept.document);
    this.stage = new Stage($("frame"), this.store, { pointer: (px, metres) => this.#where(px, metres), tasked: (task) => this.#tasked(task) });
    this.stage.ways = kept.ways_m;
    this.tools = new Tools(this.store, this.stage);
    this.panel = new Panel($("forms"), $("remarks"), this.store, this.tools);
    this.message = "";
    $("ways-switch").hidden = !kept.ways_m.length;
    $("draft").hidden = !kept.from_draft;
    $("comments").hidden = !kept.has_comments;
    this.store.listen((redraw) => this.#changed(redraw));
    this.#keys();
    this.draw();
    this.look(true);
  }

  draw() {
    label();
    $("tools").replaceChildren(...TOOLS.map(([name, key]) => this.#tool(name, key)));
    this.panel.draw();
    this.#tasked(this.stage.task);
    this.#state();
  }

  #tool(name, key) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "quiet", textContent: t(name), title: key.toUpperCase() });
    button.dataset.tool = name;
    button.addEventListener("click", () => this.#start(name));
    return button;
  }

  #start(name) {
    if (name === "lamp") this.tools.addLamp();
    else this.tools[name]();
  }

  #tasked(task) {
    $("hint").textContent = t(task?.hint ?? "hint.select");
    document.querySelectorAll("[data-tool]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.tool === (task?.name ?? "select"))));
  }

  #where([x, y], metres) {
    const place = metres ? ` · x ${metres[0].toFixed(2)} m, y ${metres[1].toFixed(2)} m` : "";
    $("where").textContent = `${x.toFixed(0)}, ${y.toFixed(0)} px${place}`;
  }

  #changed(redraw) {
    this.message = "";
    if (redraw) {
      this.panel.draw();
      this.panel.tell(this.panel.look); // what was said last, until the server has looked again
    }
    this.#state();
    clearTimeout(this.timer);
    this.anew ||= redraw;
    this.timer = setTimeout(() => this.look(this.anew), LOOK_AFTER_MS);
  }

  async look(anew) {
    this.anew = false;
    const asked = (this.asked = (this.asked ?? 0) + 1);
    try {
      const look = await ask("/look", this.store.document);
      if (asked !== this.asked) return this.#keepAnew(anew); // an older answer: a newer one is on its way
      this.stage.show(look, { anew });
      this.panel.tell(look);
      document.documentElement.dataset.looked = String(asked);
    } catch (problem) {
      this.#keepAnew(anew);
      this.#say(problem.message);
    }
  }

  #keepAnew(anew) {
    this.anew ||= anew;
  }

  #say(message) {
    this.message = message;
    this.#state();
  }

  #state() {
    $("state").textContent = this.message || t(this.store.dirty ? "dirty" : "clean");
    $("state").classList.toggle("dirty", this.store.dirty);
  }

  async save() {
    const text = JSON.stringify(this.store.document);
    try {
      const saved = await ask("/save", { document: this.store.document, version: this.version });
      this.version = saved.version;
      this.store.markSaved(text);
      $("draft").hidden = saved.whole;
      $("comments").hidden = true;
      this.#say(t(saved.whole ? "saved" : "saved.draft", saved));
    } catch (problem) {
      this.#say(problem.message);
    }
  }

  async discard() {
    if (!window.confirm(t("draft.sure"))) return;
    const kept = await ask("/discard-draft", {});
    this.version = kept.version;
    this.store.replace(kept.document);
    this.store.markSaved(JSON.stringify(kept.document));
    $("draft").hidden = true;
  }

  #keys() {
    const shortcut = { z: () => this.store.undo(), y: () => this.store.redo(), s: () => this.save() };
    const plain = Object.fromEntries(TOOLS.map(([name, key]) => [key, () => this.#start(name)]));
    const remove = () => {
      const path = this.stage.removeSelected();
      if (path) this.tools.remove(path);
    };
    Object.assign(plain, { Escape: () => this.tools.select(), Delete: remove, "+": this.stage.enlarge, "-": this.stage.reduce, 0: this.stage.fit });
    // In the capture phase: the library has an undo of its own, which knows nothing of points and forms.
    window.addEventListener("keydown", (event) => {
      const command = event.ctrlKey || event.metaKey;
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
      const act = command ? shortcut[event.shiftKey && event.key.toLowerCase() === "z" ? "y" : event.key.toLowerCase()] : typing ? null : plain[event.key];
      if (!act || (command && typing && event.key !== "s")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    }, true);
    const buttons = { undo: shortcut.z, redo: shortcut.y, save: shortcut.s, discard: () => this.discard(), "zoom-in": this.stage.enlarge, "zoom-out": this.stage.reduce, "zoom-fit": this.stage.fit };
    Object.entries(buttons).forEach(([id, act]) => $(id).addEventListener("click", act));
    $("language").addEventListener("click", () => { switchLanguage(); this.draw(); this.look(true); });
    for (const name of ["grid", "residuals", "ways"]) {
      $(`show-${name}`).addEventListener("change", (event) => this.stage.overlay.svg.classList.toggle(`without-${name}`, !event.target.checked));
    }
    window.addEventListener("beforeunload", (event) => this.store.dirty && event.preventDefault());
  }
}

await $("frame").decode();
const page = new Page(await ask("/scene"));
document.documentElement.dataset.page = page.version === undefined ? "" : "ready";
