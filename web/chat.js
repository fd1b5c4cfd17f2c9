// What the chat page does beyond Gradio: markers, sources, actions under an answer, feedback.
// Whatever comes from documents or people goes into the page as text, never as markup.
(() => {
  // Where the browser forbids that anything is stored, the page remembers while it is open.
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].getItem("");
    } catch {
      const kept = new Map();
      const value = {
        getItem: (key) => kept.get(String(key)) ?? null,
        setItem: (key, text) => kept.set(String(key), String(text)),
        removeItem: (key) => kept.delete(String(key)),
        clear: () => kept.clear(),
        key: (at) => [...kept.keys()][at] ?? null,
        get length() {
          return kept.size;
        },
      };
      Object.defineProperty(window, name, { value, configurable: true });
    }
  }

  const address = new URL(location.href);
  const asked = address.searchParams.get("lang");
  // Our other pages remember which language was chosen.
  const chosen = localStorage.getItem("youju-lang");
  if (!asked && /^(zh|en)$/.test(chosen ?? "") && !navigator.language.startsWith(chosen)) {
    address.searchParams.set("lang", chosen);
    location.replace(address);
  }
  const spoken = [asked, ...navigator.languages].find((name) => /^(zh|en)/i.test(name ?? ""));
  const language = /^en/i.test(spoken ?? "") ? "en" : "zh";
  const words = window.youjuWords[language];
  const TOLD_MS = 6000;
  const QUESTION_MARGIN = 44;

  // All that Gradio keeps in a browser is common to its tabs; the conversation of each is its own.
  for (const name of ["getItem", "setItem"]) {
    const plain = Storage.prototype[name];
    Storage.prototype[name] = function (key, ...value) {
      return plain.call(key === "youju-tab" ? sessionStorage : this, key, ...value);
    };
  }

  // -- the question ---------------------------------------------------------------------------

  const box = () => document.querySelector("#yj-question textarea");

  function write(text) {
    const area = box();
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  }

  const questions = () => [...document.querySelectorAll("#yj-chat .yj-question")];

  const answering = () => document.querySelector("#yj-question .stop-button") !== null;

  function ask(text) {
    // Clicked again, it is asked already.
    if (answering() && text === questions().at(-1)?.textContent) return;
    write(text);
    // The box hands on what was written before it can be submitted. While an answer is under way,
    // it has no button.
    setTimeout(() => {
      submitted();
      box().dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true }));
    }, 50);
  }

  // Gradio cuts what is too long and says nothing of it.
  document.addEventListener("paste", ({ target, clipboardData }) => {
    if (target !== box() || box().maxLength < 0) return;
    const kept = target.value.length - (target.selectionEnd - target.selectionStart);
    if (kept + clipboardData.getData("text").length > box().maxLength) {
      tellBriefly(words.too_long.replace("{most}", box().maxLength));
    }
  });

  // -- markers and sources --------------------------------------------------------------------

  const sourceOf = (marker) => document.getElementById(marker.hash.slice(1));

  function openSource(marker) {
    const source = sourceOf(marker);
    if (!source) return;
    document.querySelector(".yj-open")?.classList.remove("yj-open");
    source.classList.add("yj-open");
    source.scrollIntoView({ block: "center" });
    source.focus({ preventScroll: true });
  }

  for (const [event, on] of [["mouseover", true], ["mouseout", false]]) {
    document.addEventListener(event, ({ target }) => {
      const marker = target.closest?.("a.yj-marker");
      if (marker) sourceOf(marker)?.classList.toggle("yj-hover", on);
    });
  }

  function view(link) {
    const place = (hash) => {
      const [, document, start, end] = hash.split("/");
      return { document, start: Number(start), end: Number(end) };
    };
    const links = [...link.closest("section").querySelectorAll("a.yj-view")];
    const citations = links.map((other, index) => ({ ...place(other.hash), marker: index + 1 }));
    const index = links.indexOf(link);
    if (window.youjuView) window.youjuView({ ...citations[index], citations, index });
    else {
      const { document, start, end } = citations[index];
      open(`/library?lang=${language}#${document}:${start}-${end}`, "_blank", "noopener");
    }
  }

  // -- what can be done with an answer --------------------------------------------------------

  const addressOf = (action) => {
    const id = action.closest(".yj-answer").id.slice("yj-answer-".length);
    const cut = id.lastIndexOf("-");
    return `/talk/${id.slice(0, cut)}/${id.slice(cut + 1)}`;
  };

  const questionOf = (action) => {
    const meant = action.closest(".yj-answer").querySelector(".yj-understood");
    if (meant) return meant.textContent;
    const before = (node) =>
      node.compareDocumentPosition(action) & Node.DOCUMENT_POSITION_FOLLOWING;
    return questions().filter(before).at(-1)?.textContent ?? "";
  };

  function say(action, text) {
    const note = document.createElement("span");
    note.className = "yj-said";
    note.setAttribute("role", "status");
    note.textContent = text;
    action.parentElement.querySelector(".yj-said")?.remove();
    action.parentElement.append(note);
    setTimeout(() => note.remove(), 2500);
  }

  async function copy(action, form) {
    try {
      const response = await fetch(`${addressOf(action)}.${form}`);
      if (!response.ok) throw new Error(response.statusText);
      await put(await response.text());
      say(action, words.copied);
    } catch {
      say(action, words.lost);
    }
  }

  // A page that is not served over TLS has no clipboard of its own.
  async function put(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  async function send(action, said) {
    try {
      const response = await fetch(`${addressOf(action)}/feedback`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(said),
      });
      if (!response.ok) throw new Error(response.statusText);
      action.classList.add("yj-done");
      say(action, words.thanks);
    } catch {
      say(action, words.lost);
    }
  }

  // -- what is wrong with an answer -----------------------------------------------------------

  const element = (name, properties = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inside);
    return made;
  };

  function complain(action) {
    const reasons = Object.entries(words.reasons).map(([value, label]) =>
      element("label", {}, element("input", { type: "radio", name: "reason", value }), label),
    );
    const field = (name, label) =>
      element("label", { className: "yj-field" }, label,
        element("textarea", { name, rows: 2, maxLength: 500 }));
    const form = element("form", { method: "dialog" },
      element("h2", { textContent: words.feedback_title }),
      element("div", { className: "yj-reasons" }, ...reasons),
      field("correction", words.correction),
      field("remark", words.remark),
      element("div", { className: "yj-buttons" },
        // Not one that submits: with the first of those, Enter would do the same.
        element("button", { type: "button", className: "yj-cancel", textContent: words.cancel }),
        element("button", { value: "send", className: "yj-primary", textContent: words.send })));
    const dialog = element("dialog", { className: "yj-dialog" }, form);
    dialog.setAttribute("aria-label", words.feedback_title);
    dialog.querySelector(".yj-cancel").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "send") {
        send(action, { rating: "down", reason: "", ...Object.fromEntries(new FormData(form)) });
      }
      dialog.remove();
      action.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  // -- clicks ---------------------------------------------------------------------------------

  const acts = {
    "yj-marker": openSource,
    "yj-view": view,
    "yj-ask": (link) => ask(link.textContent),
    "yj-edit": (link) => write(questionOf(link)),
    "yj-again": (link) => ask(questionOf(link)),
    "yj-copy": (link) => copy(link, "txt"),
    "yj-copy-markdown": (link) => copy(link, "md"),
    "yj-up": (link) => send(link, { rating: "up" }),
    "yj-down": complain,
  };

  // The page has a <base>, so that a plain fragment link would leave it whenever the address
  // carries a query.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a");
    const act = link && Object.keys(acts).find((name) => link.classList.contains(name));
    if (act) {
      event.preventDefault();
      // A double click is one.
      if (event.detail < 2) acts[act](link);
    } else if (link?.getAttribute("href")?.startsWith("/talk/")) {
      event.preventDefault();
      take(link.getAttribute("href"));
    } else if (link?.classList.contains("yj-go") || link?.pathname === "/library") {
      event.preventDefault();
      location.assign(link.getAttribute("href"));
    }
  });

  // The conversation as a file. A plain link would put what went wrong in the place of the page.
  async function take(address) {
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(response.statusText);
      const href = URL.createObjectURL(await response.blob());
      element("a", { href, download: `youju.${address.split(".").at(-1)}` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60000);
    } catch {
      tellBriefly(words.lost);
    }
  }

  // -- waiting, and a server that is gone -----------------------------------------------------

  const banner = element("p", { className: "yj-banner", hidden: true });
  banner.setAttribute("role", "status");

  function tell(text) {
    if (!banner.isConnected) document.body.append(banner);
    banner.textContent = text;
    banner.hidden = !text;
  }

  function tellBriefly(text) {
    tell(text);
    setTimeout(() => banner.textContent === text && tell(""), TOLD_MS);
  }

  // Gradio keeps a question in the box until its turn comes.
  function submitted() {
    const text = box().value;
    setTimeout(() => {
      const waits = () => text.trim() && box().value === text && !lost;
      if (!waits()) return;
      tell(answering() ? words.follows : words.queued);
      const watch = setInterval(() => {
        if (waits() && !document.querySelector(".toast-body")) return;
        clearInterval(watch);
        if (!lost) tell("");
      }, 200);
    }, 1000);
  }

  document.addEventListener("keydown", (event) => {
    if (event.target === box() && event.key === "Enter" && !event.shiftKey) submitted();
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#yj-question .submit-button")) submitted();
  }, true);

  let lost = false;
  let next = setTimeout(look, 10000);

  async function look() {
    clearTimeout(next);
    const alive = await fetch("/health").then((response) => response.ok, () => false);
    if (!alive && !lost) {
      lost = true;
      document.body.classList.add("yj-lost");
      tell(words.offline);
    } else if (alive && lost) {
      // A server that was started anew knows nothing of this page: what was typed is kept.
      sessionStorage.setItem("youju-typed", box().value);
      location.reload();
    }
    next = setTimeout(look, lost ? 1500 : 10000);
  }

  // -- what Gradio leaves to be mended --------------------------------------------------------

  // The last question stands at the top while its answer comes, until the reader scrolls elsewhere.
  let followed = "";
  let scrolled = null;

  function follow() {
    const last = questions().at(-1);
    const list = last?.closest(".bubble-wrap");
    if (!list) return;
    // The same one may be another element each time.
    const key = `${questions().length} ${last.textContent}`;
    if (key !== followed) scrolled = null;
    followed = key;
    if (scrolled !== null && Math.abs(list.scrollTop - scrolled) > 1) return;
    const below = last.getBoundingClientRect().top - list.getBoundingClientRect().top;
    list.scrollTo({ top: list.scrollTop + below - QUESTION_MARGIN, behavior: "instant" });
    scrolled = list.scrollTop;
  }

  // Who clears a conversation, or takes that back, with the keyboard goes on at the button that has
  // come or at the question; what was pressed is gone.
  let cleared = false;
  document.addEventListener("click", ({ target, detail }) => {
    if (detail) return;
    cleared = target.closest?.("#yj-chat .icon-button")?.title === words.clear;
    if (target.closest?.("#yj-back")) box().focus();
  }, true);

  function tellScope() {
    const label = document.querySelector("#yj-scope .label-wrap");
    label?.setAttribute("aria-expanded", String(label.classList.contains("open")));
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("#yj-scope .label-wrap")) setTimeout(tellScope, 50);
  });

  let latest = null;
  let checked = false;
  new MutationObserver(() => {
    document.documentElement.lang = language === "en" ? "en" : "zh-CN";
    // Gradio labels each message with its markup, which a screen reader would read out; the text
    // of the message is there already.
    for (const message of document.querySelectorAll("#yj-chat [data-testid][aria-label]")) {
      message.removeAttribute("aria-label");
    }
    // Of its own words some are English always, and the others in the language of the browser.
    document.querySelector('#yj-chat [role="log"]')?.setAttribute("aria-label", words.talk);
    for (const button of document.querySelectorAll("#yj-chat .icon-button")) {
      const says = button.closest(".scroll-down-button-container") ? words.to_end : words.clear;
      button.title = says;
      button.setAttribute("aria-label", says);
    }
    // A chosen document it names by its number.
    for (const button of document.querySelectorAll("#yj-scope .token-remove")) {
      const token = button.closest(".token");
      button.title = token ? words.take_out + token.innerText.trim() : words.take_out_all;
    }
    // Its sanitiser leaves no role; what acts is a button to whoever cannot see it.
    for (const link of document.querySelectorAll("a.yj-act:not([role]), a.yj-ask:not([role])")) {
      link.setAttribute("role", "button");
      link.removeAttribute("target");
    }
    const typed = box() && sessionStorage.getItem("youju-typed");
    if (typed) {
      sessionStorage.removeItem("youju-typed");
      setTimeout(() => write(typed), 500);
    }
    // Gradio says in English that it cannot reach the server.
    const failed = Boolean(document.querySelector(".toast-body.error"));
    if (failed && !checked && !lost) look();
    checked = failed;
    follow();
    tellScope();
    const back = document.getElementById("yj-back");
    if (cleared && back?.offsetParent) {
      cleared = false;
      back.focus();
    }
    // The sources of a new answer stand first: show them.
    const first = document.querySelector("#yj-sources section");
    if (first !== latest) document.getElementById("yj-side")?.scrollTo(0, 0);
    latest = first;
  }).observe(document, { childList: true, subtree: true });
})();
