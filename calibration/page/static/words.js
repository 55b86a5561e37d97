// The texts, in the language that the technician chose; Chinese unless they chose English.

const TEXTS = JSON.parse(document.getElementById("texts").textContent);
const KEY = "lukou-language";

export const language = () => (localStorage.getItem(KEY) === "en" ? "en" : "zh");

export function t(key, values = {}) {
  const text = TEXTS[key][language() === "en" ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function switchLanguage() {
  localStorage.setItem(KEY, language() === "en" ? "zh" : "en");
}

export function label() {
  document.documentElement.lang = language() === "en" ? "en" : "zh-CN";
  document.querySelectorAll("[data-t]").forEach((element) => (element.textContent = t(element.dataset.t)));
  document.querySelectorAll("[data-title]").forEach((element) => (element.title = t(element.dataset.title)));
}
