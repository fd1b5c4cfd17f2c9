// What our pages share: their language, the making of elements, the server. Text is only ever set
// as text: nothing from a document, a file name or an answer of the server becomes markup.

const asked = new URLSearchParams(location.search);

// What a browser that forbids storing is not given, the page remembers while it is open.
const unstored = new Map();

export function remembered(store, key) {
  try {
    return window[store].getItem(key);
  } catch {
    return unstored.get(key) ?? null;
  }
}

export function remember(store, key, value) {
  try {
    window[store].setItem(key, value);
  } catch {
    unstored.set(key, value);
  }
}

export function unremember(store, key) {
  unstored.delete(key);
  try {
    window[store].removeItem(key);
  } catch {
    // It was never there.
  }
}

function chosenLanguage() {
  const named = [asked.get("lang"), remembered("localStorage", "youju-lang"), navigator.language];
  const first = named.find((name) => /^(zh|en)/i.test(name ?? ""));
  return /^zh/i.test(first ?? "") ? "zh" : "en";
}

export const language = chosenLanguage();
if (asked.has("lang")) remember("localStorage", "youju-lang", language);

// A table of words, each in Chinese and English; {name} stands for a value, and what is counted ends
// in (s).
export function words(table) {
  const place = language === "zh" ? 0 : 1;
  return (key, values = {}) =>
    table[key][place].replace(/\{(\w+)\}(?: (\w+)\(s\))?/g, (_, name, counted) => {
      const value = String(values[name]);
      return counted ? `${value} ${counted}${value === "1" ? "" : "s"}` : value;
    });
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

// What went wrong with a request: the status, 0 where no answer came, and a sentence to show.
export class Failure extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

export const address = (path) => new URL(`../${path}`, import.meta.url).href;

export const ours = { "X-Youju": "1" };

export async function ask(path, { method = "GET", headers = {}, signal } = {}) {
  let response;
  try {
    response = await fetch(address(path), { method, headers: { ...ours, ...headers }, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure(0, "");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failure(response.status, body.error ?? `HTTP ${response.status}`);
  return body;
}
