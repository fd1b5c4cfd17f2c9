// The widget: an element that pages of other sites embed, and that asks the server it came from.
//
//     <script src="https://youju.example.intra/widget.js" data-site="PUBLIC-ID" async></script>
//     <youju-chat site="PUBLIC-ID"></youju-chat>
//
// In reading order: words, looks, the server, the element. Whatever comes from documents, people or
// the server goes into the page as text, never as markup. Who may ask, and of which documents, is
// decided by the server. How to embed it: docs/embed.md.
(() => {
  "use strict";
  const script = document.currentScript;
  // Beside the script, wherever a proxy puts them.
  const api = new URL("api/v1/", script.src);

  const TURNS_KEPT = 6;
  const CONTEXT = 160;
  const LONGEST_QUESTION = 2000;
  const LONGEST_LARGE = 40;
  const LONGEST_GIST = 72;
  const RENEWED_SECONDS_BEFORE = 60;
  const LONGEST_UNDRESSED = 1500;
  const LONGEST_REMARK = 500;
  const CLEARED_KEPT = 30_000;
  const MARGIN = 10;
  const SVG = "http://www.w3.org/2000/svg";
  const THUMB = "M2 9h3v8H2zM6.5 9l4-7c1.6 0 2.2 1.1 1.8 2.6L11.5 8h5c1.2 0 1.9 1 1.6 2l-1.6 5.4c-.3 1-1 1.6-2 1.6h-8z";

  // -- words ----------------------------------------------------------------------------------

  const WORDS = {
    zh: {
      title: "有据问答",
      greeting: "就本单位的文件提问，每个答案都指到原文的那几个字。",
      question: "请输入问题",
      ask: "提问",
      stop: "停止",
      close: "关闭",
      fresh: "清空",
      cleared: "对话已清空",
      undo: "撤销",
      retry: "重试",
      up: "有用",
      down: "有误",
      thanks: "谢谢，已记下",
      why: "这个答案哪里不对？",
      reasons: {
        wrong: "答案不对",
        citation: "引文不对",
        incomplete: "答得不全",
        should_answer: "资料里有，却没答",
        should_refuse: "资料里没有，不该答",
        other: "其他",
      },
      remark: "说明（可不填）",
      send: "提交",
      cancel: "取消",
      modes: { extract: "原文摘录", generate: "模型改写", calculate: "计算得出", refuse: "证据不足" },
      steps: {
        retrieve: "正在查找原文…",
        read: "正在读找到的段落…",
        write: "正在改写，逐句核对…",
      },
      worded: "由模型改写，每句都已与引文核对；加下划线的是原文。",
      sureness: [[0.9, "很有把握"], [0.7, "较有把握"], [0, "请核对原文"]],
      understood: (question) => `理解为：${question}`,
      sources: "依据",
      missing: (terms) => `没有依据的是：${terms.join("、")}`,
      near: "相近段落（不是答案）",
      variants: "各文档给出的值不同，请核对口径",
      passage: "原文",
      back: "返回",
      page: (page) => `第${page}页`,
      sheet: (sheet) => `第${sheet}版`,
      stopped: "已停止。",
      problems: {
        unlisted: "这个网站没有登记，不能在这里提问。请联系管理员。",
        busy: (seconds) => `现在提问的人太多，请在 ${seconds} 秒后重试。`,
        offline: "连不上问答服务，请检查网络后重试。",
        cut: "答案没有收全，请重试。",
        failed: "服务出了错，请稍后重试。",
      },
    },
    en: {
      title: "Ask the documents",
      greeting: "Ask about our documents; every answer points to the exact words it rests on.",
      question: "Your question",
      ask: "Ask",
      stop: "Stop",
      close: "Close",
      fresh: "Clear",
      cleared: "The conversation is cleared",
      undo: "Undo",
      retry: "Try again",
      up: "Helpful",
      down: "Not right",
      thanks: "Thank you, noted",
      why: "What is wrong with this answer?",
      reasons: {
        wrong: "The answer is wrong",
        citation: "The citation is wrong",
        incomplete: "It is incomplete",
        should_answer: "The documents do answer it",
        should_refuse: "The documents don't say this",
        other: "Something else",
      },
      remark: "Remarks (optional)",
      send: "Send",
      cancel: "Cancel",
      modes: { extract: "Verbatim", generate: "Reworded, checked", calculate: "Calculated", refuse: "No evidence" },
      steps: {
        retrieve: "Searching the documents…",
        read: "Reading the passages found…",
        write: "Wording the answer, checking each sentence…",
      },
      worded: "Worded by a model, every sentence checked against its citation; underlined is verbatim.",
      sureness: [[0.9, "very sure"], [0.7, "fairly sure"], [0, "please check the source"]],
      understood: (question) => `Understood as: ${question}`,
      sources: "Evidence",
      nothing: "No passage in the library answers this question.",
      missing: (terms) => `Nothing was found on: ${terms.join(", ")}`,
      near: "Nearest passages (not an answer)",
      variants: "The documents give different values; check what each counts",
      passage: "Source",
      back: "Back",
      page: (page) => `p. ${page}`,
      sheet: (sheet) => `p. ${sheet}`,
      stopped: "Stopped.",
      problems: {
        unlisted: "This site is not registered, so questions cannot be asked here. Please contact the administrator.",
        busy: (seconds) => `Too many questions right now. Please try again in ${seconds} second${seconds === 1 ? "" : "s"}.`,
        offline: "The server cannot be reached. Check the network and try again.",
        cut: "The answer broke off. Please try again.",
        failed: "The server failed. Please try again later.",
      },
    },
  };

  function language(element) {
    const asked = [element.closest("[lang]")?.lang, navigator.language];
    const spoken = asked.find((name) => /^(zh|en)\b/i.test(name ?? ""));
    return /^en/i.test(spoken ?? "") ? "en" : "zh";
  }

  // -- looks ----------------------------------------------------------------------------------

  const DARK = `
    --paper: #141817; --sheet: #1c2220; --line: #343c39; --ink: #e7e5dd; --soft: #a3ada7;
    --tint: #243530; --mark: #5c4a14; --mark-ink: #fff3cf; --warn: #f0bd8a; --warn-tint: #3a2a1b;
    --text-accent: color-mix(in srgb, var(--accent) 45%, white); color-scheme: dark;`;

  // The root takes nothing from the page: only the variables that are meant to cross.
  const LOOKS = `
  :host { display: block; }
  :host([launcher]) { display: contents; }
  :host([hidden]) { display: none; }
  .root {
    all: initial; display: block; box-sizing: border-box; height: 100%;
    --accent: var(--youju-accent, var(--given-accent, #1f5c4d));
    --on-accent: var(--youju-on-accent, #ffffff);
    --radius: var(--youju-radius, 14px);
    --paper: #f6f4ee; --sheet: #fffefb; --line: #e2ddd0; --ink: #23302b; --soft: #5f6963;
    --tint: color-mix(in srgb, var(--accent) 10%, white); --mark: #fbe6a2; --mark-ink: #23302b;
    --warn: #8a4b14; --warn-tint: #f8ebdb; --text-accent: var(--accent); color-scheme: light;
    font-family: var(--youju-font, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif);
    font-size: 15px; line-height: 1.7; color: var(--ink); overflow-wrap: anywhere;
  }
  .root[data-theme="dark"] { ${DARK} }
  @media (prefers-color-scheme: dark) { .root:not([data-theme="light"]) { ${DARK} } }
  .root *, .root *::before { box-sizing: border-box; }
  .root [hidden] { display: none; }
  :host([launcher]) .root { display: contents; }
  h2, h3, p, ul { margin: 0; padding: 0; font: inherit; }
  ul { list-style: none; }
  button, textarea, input { font: inherit; color: inherit; }
  button {
    cursor: pointer; border: 1px solid var(--line); border-radius: 8px; padding: 2px 10px;
    background: var(--sheet);
  }
  button:disabled { cursor: default; opacity: 0.5; }
  :focus-visible { outline: 2px solid var(--text-accent); outline-offset: 2px; }
  .launcher, .send { background: var(--accent); color: var(--on-accent); border-color: transparent; }
  .launcher {
    position: fixed; right: 20px; bottom: 20px; z-index: var(--youju-z, 2147483000);
    padding: 12px 20px; border-radius: 999px; font-weight: 600;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.25);
  }
  .panel {
    position: relative; display: flex; flex-direction: column; overflow: hidden;
    height: var(--youju-height, 560px); min-height: 320px; background: var(--paper);
    border: 1px solid var(--line); border-radius: var(--radius);
  }
  :host([launcher]) .panel {
    position: fixed; right: 20px; bottom: 20px; z-index: var(--youju-z, 2147483000);
    width: min(420px, calc(100vw - 40px)); height: min(660px, calc(100dvh - 40px));
    box-shadow: 0 12px 48px rgb(0 0 0 / 0.3); animation: rise 0.18s ease-out;
  }
  @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
  .head {
    display: flex; align-items: center; gap: 8px; padding: 10px 14px; flex: none;
    border-bottom: 1px solid var(--line); background: var(--sheet);
  }
  .head h2 { flex: 1; font-weight: 600; color: var(--text-accent); }
  .log {
    flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 14px;
    display: flex; flex-direction: column; gap: 14px;
  }
  .greeting, .where, .understood, .note, .steps { color: var(--soft); font-size: 13px; }
  .turn { display: flex; flex-direction: column; gap: 8px; }
  .question {
    align-self: flex-end; max-width: 85%; padding: 6px 12px; white-space: pre-wrap;
    background: var(--tint); border-radius: 12px 12px 2px 12px;
  }
  .answer {
    display: flex; flex-direction: column; gap: 8px; padding: 12px 14px;
    background: var(--sheet); border: 1px solid var(--line); border-radius: 12px;
  }
  /* Where the steps stood, the label comes: nothing under it moves. */
  .label, .steps { display: flex; gap: 8px; align-items: center; min-height: 24px; }
  .label { font-size: 12px; color: var(--soft); }
  .mode {
    padding: 0 8px; border-radius: 999px; color: var(--text-accent);
    border: 1px solid currentColor;
  }
  .refuse .mode, .problem { color: var(--warn); }
  .short { font-size: 24px; line-height: 1.4; font-weight: 700; color: var(--text-accent); }
  .short.long { font-size: 17px; line-height: 1.6; }
  .text { white-space: pre-wrap; }
  .verbatim { text-decoration: underline 1px var(--soft); text-underline-offset: 4px; }
  .marker {
    padding: 0 3px; border: 0; background: none; color: var(--text-accent);
    font-size: 0.85em; font-weight: 600; text-decoration: underline;
  }
  h3 { margin-bottom: 4px; font-size: 13px; font-weight: 600; color: var(--soft); }
  .cite { display: block; width: 100%; padding: 6px 10px; text-align: start; font-size: 13px; }
  li + li { margin-top: 6px; }
  .undo { align-self: flex-start; color: var(--text-accent); }
  .cite .where { font-size: 12px; }
  .near, .variants { padding-left: 10px; border-left: 3px solid var(--warn); }
  .rate { display: flex; gap: 6px; align-items: center; font-size: 13px; color: var(--soft); }
  .rating { display: flex; flex-direction: column; gap: 8px; }
  .rate button { display: flex; gap: 5px; align-items: center; padding: 0 8px; }
  .rate svg { width: 13px; height: 13px; fill: none; stroke: currentColor; stroke-width: 1.6; }
  .rate [aria-pressed="true"] svg { fill: currentColor; }
  .down svg { rotate: 180deg; }
  .rate [aria-pressed="true"] { border-color: currentColor; color: var(--text-accent); }
  .rate [aria-disabled="true"] { cursor: default; }
  .why {
    display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; padding: 8px 10px;
    font-size: 13px; border: 1px solid var(--line); border-radius: 10px;
  }
  .why p { width: 100%; color: var(--soft); }
  .why label { display: flex; gap: 5px; align-items: center; }
  .why input { accent-color: var(--accent); margin: 0; }
  .why .remark {
    flex: 1 1 100%; min-width: 0; padding: 4px 8px; border: 1px solid var(--line);
    border-radius: 8px; background: var(--paper);
  }
  .why .tell { background: var(--accent); color: var(--on-accent); border-color: transparent; }
  .problem { padding: 8px 12px; background: var(--warn-tint); border-radius: 10px; }
  .problem button { margin-top: 4px; color: var(--ink); }
  .steps::before {
    content: ""; display: inline-block; width: 8px; height: 8px; flex: none;
    border-radius: 50%; background: var(--text-accent); animation: pulse 1s infinite alternate;
  }
  @keyframes pulse { to { opacity: 0.2; } }
  .ask {
    display: flex; gap: 8px; align-items: flex-end; padding: 10px 14px; flex: none;
    border-top: 1px solid var(--line); background: var(--sheet);
  }
  .ask textarea {
    flex: 1; min-width: 0; resize: none; padding: 8px 10px; border-radius: 10px;
    border: 1px solid var(--line); background: var(--paper); max-height: 140px;
    font-size: 16px; line-height: 1.5;
  }
  .send, .stop { padding: 7px 14px; flex: none; }
  .sheet {
    position: absolute; inset: 0 0 0 auto; width: min(100%, 440px); z-index: 1; overflow-y: auto;
    overscroll-behavior: contain; background: var(--sheet); border-left: 1px solid var(--line);
    animation: slide 0.18s ease-out;
  }
  @keyframes slide { from { transform: translateX(24px); opacity: 0; } }
  .sheet .head { position: sticky; top: 0; border-bottom: 1px solid var(--line); }
  .sheet .body { padding: 14px; display: flex; flex-direction: column; gap: 10px; }
  .sheet .title { font-size: 17px; font-weight: 600; line-height: 1.5; }
  .sheet .passage { white-space: pre-wrap; line-height: 1.9; }
  mark { background: var(--mark); color: var(--mark-ink); border-radius: 3px; }
  .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  @media (max-width: 640px) {
    :host([launcher]) .panel {
      inset: 0; width: auto; height: 100dvh; border: 0; border-radius: 0;
    }
  }
  @media (prefers-reduced-motion: reduce) { .root * { animation: none !important; } }
  `;

  const looks = new CSSStyleSheet();
  looks.replaceSync(LOOKS);

  // -- the server -----------------------------------------------------------------------------

  /** Why there is no answer: a key of `problems`, and in how many seconds to come again. */
  class Problem extends Error {
    constructor(kind, seconds = 0) {
      super(kind);
      this.kind = kind;
      this.seconds = seconds;
    }
  }

  /** The server as a page of one site sees it: every call carries the site's token. */
  class Server {
    static #known = new Map();
    #site;
    #token = null;
    #renewAt = 0;
    #looks = null;
    #dressed = new Set();

    constructor(site) {
      this.#site = site;
    }

    /** One for a site, so that the widgets of a page share its token. */
    static of(site) {
      if (!Server.#known.has(site)) Server.#known.set(site, new Server(site));
      return Server.#known.get(site);
    }

    /** Tells an element how the site wants it to look: now, if that is known, and when it changes. */
    dress(element) {
      this.#dressed.add(element);
      this.#looks ??= remembered(this.#site);
      if (this.#looks || !this.#site) element.wear(this.#looks ?? {});
      else {
        // Whatever becomes of it, there is something to see soon.
        const plain = () => this.#looks || element.wear({});
        setTimeout(plain, LONGEST_UNDRESSED);
        this.#current().catch(plain);
      }
    }

    leave(element) {
      this.#dressed.delete(element);
    }

    async *ask(question, history, signal) {
      const response = await this.#call("ask/stream", { question, history }, signal);
      yield* events(response.body);
    }

    /** The characters of a citation with what stands around them. */
    async passage({ document_id: id, start, end }, signal) {
      const path = `documents/${encodeURIComponent(id)}/passage`;
      return (await this.#call(path, { start, end, around: CONTEXT }, signal)).json();
    }

    async rate(said) {
      await this.#call("feedback", said);
    }

    /** A call with a token; one that the server takes no more is renewed, once. */
    async #call(path, body, signal) {
      const token = await this.#current();
      let response = await this.#send(path, body, signal, token);
      if (response.status === 401) {
        if ((await this.#token) === token) this.#token = null;
        response = await this.#send(path, body, signal, await this.#current());
      }
      return accepted(response);
    }

    /** The token, or one that is asked for: once, however many calls wait for it. */
    #current() {
      if (!this.#token || Date.now() >= this.#renewAt) {
        this.#renewAt = Infinity;
        this.#token = this.#fresh();
        this.#token.catch(() => (this.#token = null));
      }
      return this.#token;
    }

    async #fresh() {
      if (!this.#site) throw new Problem("unlisted");
      const response = accepted(await this.#send("token", { site: this.#site }));
      const { token, expires_in: seconds, looks } = await response.json();
      this.#looks = looks;
      remember(this.#site, looks);
      for (const element of this.#dressed) element.wear(looks);
      this.#renewAt = Date.now() + Math.max(seconds - RENEWED_SECONDS_BEFORE, seconds / 2) * 1000;
      return token;
    }

    async #send(path, body, signal, token) {
      const headers = { "Content-Type": "application/json" };
      if (token) headers.Authorization = `Bearer ${token}`;
      try {
        return await fetch(new URL(path, api), {
          // With every POST, also to its own server, a browser names the origin of the page.
          method: "POST",
          body: JSON.stringify(body),
          headers,
          signal,
          credentials: "omit",
          cache: "no-store",
          referrerPolicy: "no-referrer",
        });
      } catch (error) {
        if (signal?.aborted) throw error;
        throw new Problem((await isThere()) ? "unlisted" : "offline");
      }
    }
  }

  // How a site looks is kept for a visit, so that its next page shows it at once and asks nothing.
  const kept = (site) => `youju-looks-${site}`;

  function remembered(site) {
    try {
      return JSON.parse(sessionStorage.getItem(kept(site)));
    } catch {
      return null;
    }
  }

  function remember(site, looks) {
    try {
      sessionStorage.setItem(kept(site), JSON.stringify(looks));
    } catch {
      // A page without storage asks each time.
    }
  }

  /** Whether the server can be reached at all: a browser does not tell a page that is not let in. */
  async function isThere() {
    try {
      await fetch(new URL("health", api), { mode: "no-cors", credentials: "omit", cache: "no-store" });
      return true;
    } catch {
      return false;
    }
  }

  function accepted(response) {
    if (response.ok) return response;
    const { status } = response;
    if (status === 429 || status === 503) {
      throw new Problem("busy", Number(response.headers.get("Retry-After")) || 5);
    }
    throw new Problem(status === 403 ? "unlisted" : "failed");
  }

  /** The server-sent events of a body, wherever it is cut on its way. */
  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let held = "";
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const blocks = (held + value).split(/\r?\n\r?\n/);
        held = blocks.pop();
        yield* blocks.map(event);
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  }

  function event(block) {
    const lines = block.split(/\r?\n/);
    const said = (field) =>
      lines
        .filter((line) => line.startsWith(`${field}:`))
        .map((line) => line.slice(field.length + 1).replace(/^ /, ""))
        .join("\n");
    return { name: said("event"), data: JSON.parse(said("data") || "null") };
  }

  // -- parts of a page ------------------------------------------------------------------------

  /** An element; children that are strings become text. */
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(key, value);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value != null) element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child != null));
    return element;
  }

  /** 👍, which not every office machine has a font for; turned over, 👎. */
  function thumb() {
    const icon = document.createElementNS(SVG, "svg");
    icon.setAttribute("viewBox", "0 0 20 19");
    icon.setAttribute("aria-hidden", "true");
    icon.append(document.createElementNS(SVG, "path"));
    icon.firstChild.setAttribute("d", THUMB);
    return icon;
  }

  // Of the forms of a page, so that none shares its choice with another.
  let complaints = 0;
  const MARKER = /\[(\d+)\]/g;

  /** A piece of an answer that is not whole yet: its markers look as they will, and open nothing. */
  const unlinked = (text) =>
    text
      .split(/(\[\d+\])/)
      .map((part, place) => (place % 2 ? make("span", { class: "marker" }, part) : part));

  /** What stands around a quote, cut between clauses: half a figure is another figure. */
  function clauses({ start, before, after }) {
    const counted = (text) => [...text].length;
    return [
      counted(before) < start ? `…${before.replace(/^[^。；！？，、\s]*[。；！？，、\s]?/, "")}` : before,
      counted(after) < CONTEXT ? after : `${after.replace(/[^。；！？，、\s]*$/, "")}…`,
    ];
  }

  /** The beginning of a passage, likewise. */
  function gist(text) {
    if (text.length <= LONGEST_GIST) return text;
    const begun = text.slice(0, LONGEST_GIST).replace(/[^。；！？，、\s]*$/, "");
    return begun ? `${begun}…` : text;
  }

  const button = (label, click, attributes = {}) =>
    make("button", { type: "button", click, ...attributes }, label);

  const focusable = (element) =>
    [...element.querySelectorAll("button:not(:disabled), textarea, input, [tabindex='0']")].filter(
      (one) => !one.closest("[inert]") && one.getClientRects().length,
    );

  // -- the element ----------------------------------------------------------------------------

  class YoujuChat extends HTMLElement {
    static observedAttributes = ["accent", "label", "theme"];

    #given = new CSSStyleSheet();
    #words = WORDS.zh;
    #parts = null;
    #turns = [];
    #asking = null;
    #reading = null;
    #opener = null;
    #looks = {};
    #scrolled = null;

    constructor() {
      super();
      this.#given.replaceSync(":host {}");
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [looks, this.#given];
    }

    connectedCallback() {
      if (!this.#parts) this.#build();
      this.#server.dress(this);
    }

    /** A page that takes the element out, and perhaps puts it back, waits for no answer. */
    disconnectedCallback() {
      this.#server.leave(this);
      this.#asking?.abort();
      this.#reading?.abort();
    }

    attributeChangedCallback() {
      if (this.#parts) this.wear(this.#looks);
    }

    /** Looks as the site has them; what the page says itself goes before. */
    wear(looks) {
      this.#looks = looks;
      const { root, heading, panel, log, launcher } = this.#parts;
      root.dataset.theme = this.getAttribute("theme") || looks.theme || "auto";
      // A value that is no colour is not taken, and can be nothing but a value.
      const accents = [this.getAttribute("accent"), looks.accent];
      const accent = accents.find((one) => one && CSS.supports("color", one));
      const { style } = this.#given.cssRules[0];
      if (accent) style.setProperty("--given-accent", accent);
      else style.removeProperty("--given-accent");
      const title = this.getAttribute("label") || looks.label || this.#words.title;
      heading.textContent = launcher.textContent = title;
      for (const part of [panel, log]) part.setAttribute("aria-label", title);
      launcher.hidden = !this.#floats || !panel.hidden;
    }

    get #floats() {
      return this.hasAttribute("launcher");
    }

    get #server() {
      return Server.of(this.getAttribute("site") ?? "");
    }

    #build() {
      const spoken = language(this);
      const words = (this.#words = WORDS[spoken]);
      const heading = make("h2");
      const head = make(
        "div",
        { class: "head" },
        heading,
        button(words.fresh, () => this.#begin(), { class: "fresh" }),
        this.#floats ? button(words.close, () => this.close(), { class: "close" }) : null,
      );
      const log = make("div", { class: "log", role: "group", tabindex: "0" });
      const box = make("textarea", {
        rows: "1",
        placeholder: words.question,
        "aria-label": words.question,
        maxlength: LONGEST_QUESTION,
        keydown: (event) => this.#typed(event),
      });
      const send = button(words.ask, () => this.#send(), { class: "send" });
      const stop = button(words.stop, () => this.#asking?.abort(), { class: "stop", hidden: true });
      const ask = make("div", { class: "ask" }, box, send, stop);
      const sheet = make("aside", {
        class: "sheet",
        role: "dialog",
        "aria-label": words.passage,
        hidden: true,
      });
      const said = make("div", { class: "said", "aria-live": "polite" });
      const panel = make(
        "section",
        {
          class: "panel",
          role: this.#floats ? "dialog" : "region",
          "aria-modal": this.#floats ? "true" : null,
          hidden: this.#floats,
        },
        head,
        log,
        ask,
        sheet,
        said,
      );
      // Seen once it is known how it looks.
      const launcher = button("", () => this.open(), {
        class: "launcher",
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
        hidden: true,
      });
      const root = make("div", { class: "root", lang: spoken === "zh" ? "zh-CN" : "en" }, launcher, panel);
      panel.addEventListener("keydown", (event) => this.#pressed(event));
      // A page's own shortcuts must not go off while a question is written.
      for (const type of ["keydown", "keypress", "keyup"]) {
        panel.addEventListener(type, (event) => event.stopPropagation());
      }
      this.#parts = { root, head, heading, log, box, send, stop, ask, sheet, said, panel, launcher };
      this.#clear();
      this.shadowRoot.replaceChildren(root);
    }

    // -- open and closed, and the keyboard ---------------------------------------------------

    open() {
      const { panel, launcher, box } = this.#parts;
      if (!this.#floats || !panel.hidden) return;
      panel.hidden = false;
      launcher.hidden = true;
      launcher.setAttribute("aria-expanded", "true");
      box.focus();
    }

    close() {
      const { panel, launcher } = this.#parts;
      if (!this.#floats || panel.hidden) return;
      this.#closeSheet();
      panel.hidden = true;
      launcher.hidden = false;
      launcher.setAttribute("aria-expanded", "false");
      launcher.focus();
    }

    #pressed(event) {
      // An input method takes keys for itself while it composes.
      if (event.isComposing) return;
      const { sheet } = this.#parts;
      if (event.key === "Escape") {
        if (!sheet.hidden) this.#closeSheet();
        else this.close();
      } else if (event.key === "Tab") this.#keepFocus(event);
    }

    #keepFocus(event) {
      const { sheet, panel } = this.#parts;
      const within = sheet.hidden ? (this.#floats && !panel.hidden ? panel : null) : sheet;
      if (!within) return;
      const stops = focusable(within);
      const [first, last] = [stops[0], stops.at(-1)];
      const leaving = this.shadowRoot.activeElement === (event.shiftKey ? first : last);
      if (!leaving) return;
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }

    #typed(event) {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#send();
    }

    // -- questions and answers ---------------------------------------------------------------

    #clear() {
      this.#asking?.abort();
      this.#turns = [];
      this.#parts.log.replaceChildren(make("p", { class: "greeting" }, this.#words.greeting));
    }

    /** Cleared, with a way back for a while, or until something is asked. */
    #begin() {
      const { log, box } = this.#parts;
      const [turns, shown] = [this.#turns, [...log.children]];
      if (!log.querySelector(".turn")) return;
      this.#clear();
      const undo = button(this.#words.undo, () => {
        this.#turns = turns;
        log.replaceChildren(...shown);
        box.focus();
      }, { class: "undo" });
      log.append(make("p", { class: "note" }, this.#words.cleared), undo);
      this.#say(this.#words.cleared);
      setTimeout(() => undo.isConnected && this.#clear(), CLEARED_KEPT);
    }

    #send() {
      const { box, log } = this.#parts;
      const question = box.value.trim();
      if (!question || this.#asking) return;
      box.value = "";
      if (log.querySelector(".undo")) this.#clear();
      const place = make("div", { class: "answer" });
      log.append(make("div", { class: "turn" }, make("p", { class: "question" }, question), place));
      this.#ask(question, place);
    }

    async #ask(question, place) {
      if (this.#asking) return;
      const asking = (this.#asking = new AbortController());
      this.#scrolled = null;
      place.classList.remove("refuse");
      place.setAttribute("aria-busy", "true");
      this.#busy(true);
      try {
        await this.#follow(question, place, asking.signal);
      } catch (error) {
        this.#fail(question, place, asking.signal.aborted ? null : error);
      } finally {
        this.#asking = null;
        place.removeAttribute("aria-busy");
        this.#busy(false);
      }
    }

    /** The events of one question, shown as they come; only the whole is read out. */
    async #follow(question, place, signal) {
      const history = this.#turns.slice(-TURNS_KEPT);
      const steps = make("span", {}, this.#words.steps.retrieve);
      const text = make("p", { class: "text" });
      this.#show(place, make("p", { class: "steps" }, steps));
      for await (const { name, data } of this.#server.ask(question, history, signal)) {
        if (name === "step") steps.textContent = this.#words.steps[data.stage] ?? "…";
        else if (name === "piece") {
          text.append(...unlinked(data.text));
          if (!text.isConnected) place.append(text);
          this.#scroll(place);
        } else if (name === "error") throw new Problem("failed");
        else if (name === "done") {
          // Cleared meanwhile: nobody sees it, and the next question shall not lean on it.
          if (!place.isConnected) return;
          this.#turns.push({ question: data.question, answer: data.short });
          if (data.mode === "refuse") text.replaceChildren(this.#refusal(data));
          else text.replaceChildren(...this.#marked(data));
          place.classList.toggle("refuse", data.mode === "refuse");
          this.#show(place, ...this.#answer(question, data, history, text));
          this.#say(data.mode === "refuse" ? text.textContent : data.short || data.answer);
          return;
        }
      }
      throw new Problem("cut");
    }

    #busy(is) {
      this.#parts.send.hidden = is;
      this.#parts.stop.hidden = !is;
    }

    #show(place, ...parts) {
      place.replaceChildren(...parts.filter(Boolean));
      this.#scroll(place);
    }

    /** The question at the top, unless the reader has scrolled elsewhere meanwhile. */
    #scroll(place) {
      const { log } = this.#parts;
      if (this.#scrolled !== null && log.scrollTop !== this.#scrolled) return;
      // Not scrollIntoView: it would move the page around an inline element, too.
      log.scrollTo({ top: place.parentNode.offsetTop - log.offsetTop - MARGIN });
      this.#scrolled = log.scrollTop;
    }

    /** All of a part that has opened, down to its end. */
    #reveal(part) {
      const { log } = this.#parts;
      const below = part.getBoundingClientRect().bottom - log.getBoundingClientRect().bottom;
      log.scrollTop += Math.max(0, below + MARGIN);
    }

    #say(text) {
      this.#parts.said.textContent = text;
    }

    /**
     * What went wrong, in a sentence, and a way to try again; null is that it was stopped. What has
     * come of the answer goes: a part of one, without its citations, is none.
     */
    #fail(question, place, error) {
      const { problems, stopped, retry } = this.#words;
      const { kind, seconds } = error instanceof Problem ? error : new Problem("cut");
      const told = kind === "busy" ? problems.busy(seconds) : problems[kind];
      const again = button(retry, () => this.#ask(question, place), { class: "retry" });
      if (error && seconds) {
        again.disabled = true;
        setTimeout(() => (again.disabled = false), seconds * 1000);
      }
      const text = error ? told : stopped;
      this.#say(text);
      this.#show(place, make("div", { class: "problem" }, make("p", {}, text), again));
    }

    #answer(question, answer, history, text) {
      const words = this.#words;
      const untold = answer.missing.filter((term) => !text.textContent.includes(term));
      return [
        this.#label(answer),
        answer.question !== question &&
          make("p", { class: "understood" }, words.understood(answer.question)),
        answer.short &&
          make("p", { class: answer.short.length > LONGEST_LARGE ? "short long" : "short" }, answer.short),
        text,
        answer.mode === "generate" && make("p", { class: "note" }, words.worded),
        answer.note && make("p", { class: "note" }, answer.note),
        untold.length > 0 && make("p", { class: "missing" }, words.missing(untold)),
        answer.variants.length > 0 &&
          this.#list("variants", words.variants, answer.variants.map(({ short, citation }) => [citation, short])),
        answer.citations.length > 0 &&
          this.#list("sources", words.sources, answer.citations.map((one) => [one, `[${one.marker}]`])),
        answer.nearest.length > 0 &&
          this.#list("near", words.near, answer.nearest.map((one) => [one, gist(one.quote)])),
        this.#rating(question, answer, history),
      ];
    }

    #label({ mode, confidence }) {
      const { modes, sureness } = this.#words;
      const sure = sureness.find(([from]) => confidence >= from)?.[1];
      return make(
        "p",
        { class: "label" },
        make("span", { class: "mode" }, modes[mode] ?? mode),
        mode === "refuse" ? null : make("span", {}, sure ?? ""),
      );
    }

    /** Why there is no answer, without what its label says; the server says it in Chinese alone. */
    #refusal({ answer, missing, nearest }) {
      const { nothing } = this.#words;
      const looked = missing.length > 0 || nearest.length > 0;
      return nothing && looked ? nothing : answer.replace(`${WORDS.zh.modes.refuse}：`, "");
    }

    /** The text of an answer, its markers as buttons that open what they stand for. */
    #marked({ answer, sentences, citations }) {
      const marker = (number) => {
        const cited = citations.find((one) => one.marker === number);
        return cited ? this.#opens(cited, "marker", this.#words.passage, `[${number}]`) : `[${number}]`;
      };
      if (sentences.length) {
        return sentences.flatMap(({ text, markers, verified }) => [
          make("span", { class: verified ? "worded" : "verbatim" }, text),
          ...markers.map(marker),
        ]);
      }
      // What looks like a marker within a quotation is the document's own.
      const quoted = citations
        .map(({ quote }) => [answer.indexOf(quote), quote.length])
        .filter(([at]) => at >= 0);
      const own = ({ index }) => quoted.some(([at, length]) => at <= index && index < at + length);
      const parts = [];
      let from = 0;
      for (const match of answer.matchAll(MARKER)) {
        if (own(match)) continue;
        parts.push(answer.slice(from, match.index), marker(Number(match[1])));
        from = match.index + match[0].length;
      }
      return [...parts, answer.slice(from)];
    }

    /** Citations under a heading, each with what is said of it. */
    #list(name, heading, told) {
      // What is no answer says so when it is opened, too.
      const opened = name === "near" ? heading : this.#words.passage;
      const items = told.map(([citation, text]) => {
        const gist = make("span", { class: "gist" }, text);
        const where = make("span", { class: "where" }, this.#where(citation));
        return make("li", {}, this.#opens(citation, "cite", opened, gist, " ", where));
      });
      return make("div", { class: name }, make("h3", {}, heading), make("ul", {}, ...items));
    }

    #opens(citation, name, heading, ...children) {
      const opener = button("", () => this.#openSheet(citation, opener, heading), { class: name });
      opener.replaceChildren(...children);
      return opener;
    }

    #where({ title, publication, date, page, section, source }) {
      const { page: paged, sheet } = this.#words;
      // A PDF has pages, what a newspaper printed stands on a sheet of it.
      const at = page && (/\.pdf$/i.test(source) ? paged : sheet)(page);
      return [title, publication, date, at, section, source].filter(Boolean).join(" · ");
    }

    /** 👍 and 👎, the latter with what is wrong: kept once, whichever. */
    #rating(question, answer, history) {
      const { up, down, thanks, problems } = this.#words;
      const told = make("span", { role: "status" });
      const buttons = [
        button(up, () => rate("up"), { class: "up", "aria-pressed": "false" }),
        button(down, () => open(why.hidden), { class: "down", "aria-pressed": "false" }),
      ];
      for (const one of buttons) one.prepend(thumb());
      const [, complain] = buttons;
      complain.setAttribute("aria-expanded", "false");
      let over = false;
      const open = (is) => {
        if (over) return;
        why.hidden = !is;
        complain.setAttribute("aria-expanded", String(is));
        (is ? why.querySelector("input") : complain).focus();
        if (is) this.#reveal(why);
      };
      const rate = async (rating, said = {}) => {
        if (over) return;
        if (rating === "down") open(false);
        else why.hidden = true;
        over = true;
        told.textContent = "";
        try {
          await this.#server.rate({ question, answer, rating, history, ...said });
          told.textContent = thanks;
          buttons[rating === "up" ? 0 : 1].setAttribute("aria-pressed", "true");
          for (const one of buttons) one.setAttribute("aria-disabled", "true");
          complain.removeAttribute("aria-expanded");
        } catch {
          told.textContent = problems.failed;
          over = false;
        }
      };
      const why = this.#complaint((said) => rate("down", said), () => open(false));
      return make("div", { class: "rating" }, make("div", { class: "rate" }, ...buttons, told), why);
    }

    /** What is wrong with an answer: a reason, and a remark for who has one. */
    #complaint(send, cancel) {
      const words = this.#words;
      const name = `reason-${++complaints}`;
      const reasons = Object.entries(words.reasons).map(([value, label]) =>
        make("label", {}, make("input", { type: "radio", name, value }), label),
      );
      const remark = make("input", {
        class: "remark",
        maxlength: LONGEST_REMARK,
        placeholder: words.remark,
        "aria-label": words.remark,
      });
      const tell = () => {
        const reason = why.querySelector(":checked")?.value ?? "";
        send({ reason, remark: remark.value.trim() });
      };
      const pressed = (event) => {
        if (event.isComposing || event.keyCode === 229) return;
        if (event.key === "Escape") {
          event.stopPropagation();
          cancel();
        } else if (event.key === "Enter" && event.target.localName === "input") tell();
      };
      const why = make(
        "div",
        { class: "why", role: "group", "aria-label": words.why, hidden: true, keydown: pressed },
        make("p", {}, words.why),
        ...reasons,
        remark,
        button(words.send, tell, { class: "tell" }),
        button(words.cancel, cancel, { class: "cancel" }),
      );
      return why;
    }

    // -- the passage -------------------------------------------------------------------------

    #openSheet(citation, opener, heading) {
      const { sheet } = this.#parts;
      const words = this.#words;
      const back = button(words.back, () => this.#closeSheet(), { class: "back" });
      const quote = make("mark", {}, citation.quote);
      const passage = make("p", { class: "passage", tabindex: "0" }, quote);
      sheet.replaceChildren(
        make("div", { class: "head" }, make("h2", {}, heading), back),
        make(
          "div",
          { class: "body" },
          make("p", { class: "title" }, citation.title || citation.source),
          make("p", { class: "where" }, this.#where({ ...citation, title: "" })),
          passage,
        ),
      );
      this.#opener = opener;
      this.#beneath(true);
      sheet.hidden = false;
      back.focus();
      this.#surround(citation, quote);
    }

    #closeSheet() {
      if (this.#parts.sheet.hidden) return;
      this.#reading?.abort();
      this.#parts.sheet.hidden = true;
      this.#beneath(false);
      this.#opener?.focus();
    }

    #beneath(is) {
      const { head, log, ask } = this.#parts;
      for (const part of [head, log, ask]) part.inert = is;
    }

    /** What stands before and after a quote; where it may not be read, the quote stands alone. */
    async #surround(citation, mark) {
      this.#reading?.abort();
      const { signal } = (this.#reading = new AbortController());
      try {
        const passage = await this.#server.passage(citation, signal);
        if (passage.text !== citation.quote) return;
        const [before, after] = clauses(passage);
        mark.before(before);
        mark.after(after);
      } catch {
        // The quote is what the answer rests on, and is shown already.
      }
    }
  }

  // -- into the page --------------------------------------------------------------------------

  // Loaded twice, the element of the first stands.
  if (!customElements.get("youju-chat")) customElements.define("youju-chat", YoujuChat);

  function launch({ site, label, lang, theme, accent }) {
    const others = [...document.querySelectorAll("youju-chat[launcher]")];
    if (others.some((one) => one.getAttribute("site") === site)) return;
    const given = { site, label, lang, theme, accent, launcher: true };
    document.body.append(make("youju-chat", given));
  }

  if (script.dataset.site) {
    if (document.body) launch(script.dataset);
    else addEventListener("DOMContentLoaded", () => launch(script.dataset), { once: true });
  }
})();
