// The source viewer: a document at the place that an answer rests on, its exact characters marked.
//
//   youjuView({ document, start, end })                 one place; without start the whole document
//   youjuView({ citations: [{ document, start, end, marker }], index })     one of several
//
// `start` and `end` count code points, as Python does; a string here counts UTF-16 units.
import { address, ask, element, language, words } from "./page.js";

const word = words({
  source: ["原文", "Source"],
  outline: ["目录", "Outline"],
  close: ["关闭", "Close"],
  previous: ["上一处", "Previous"],
  next: ["下一处", "Next"],
  place: ["第 {at} 处，共 {all} 处", "{at} of {all}"],
  copy: ["复制引文", "Copy quote"],
  copied: ["已复制", "Copied"],
  uncopied: ["没能复制，请选中后手动复制", "Could not copy; select the text and copy it"],
  text: ["文字", "Text"],
  printed: ["原版页面", "Original page"],
  chunks: ["分段", "Chunks"],
  loading: ["正在打开原文…", "Opening the source…"],
  drawing: ["正在画出这一页…", "Drawing the page…"],
  lost: ["连不上服务。请检查网络后重试。", "The server cannot be reached. Check the network."],
  retry: ["重试", "Try again"],
  page: ["第 {page} 页", "page {page}"],
  printedPage: ["第 {page} 版", "page {page}"],
  earlierPage: ["上一页", "Previous page"],
  laterPage: ["下一页", "Next page"],
  unboxed: ["这一页上没能标出引文，请看文字。", "The quotation could not be located on this page; see the text."],
  chunk: ["第 {at} 段", "Chunk {at}"],
  characters: ["字符 {start}–{end}", "characters {start}–{end}"],
  mode: ["显示方式", "View"],
  cited: ["“{quote}”\n——《{title}》，{where}", "“{quote}”\n— “{title}”, {where}"],
  comma: ["，", ", "],
});

const LINES_A_BLOCK = 60;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const style = address("web/viewer.css");
if (![...document.styleSheets].some((sheet) => sheet.href === style)) {
  document.head.append(element("link", { rel: "stylesheet", href: style }));
}

// Code points to UTF-16 units: each character beyond the basic plane before a place counts twice.
export function unitsOf(text) {
  const wide = [];
  if (/[\ud800-\udbff]/.test(text)) {
    let point = 0;
    for (const character of text) {
      if (character.length === 2) wide.push(point);
      point += 1;
    }
  }
  return (point) => {
    let [low, high] = [0, wide.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wide[middle] < point) low = middle + 1;
      else high = middle;
    }
    return point + low;
  };
}

let shown = null;

export function youjuView(request) {
  shown?.close();
  const places = request.citations?.length ? request.citations : [request];
  const view = {
    places,
    at: Math.min(request.index ?? 0, places.length - 1),
    chunks: request.chunks,
    first: request.mode ?? "text",
  };
  const dialog = frame(view);
  shown = dialog;
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (shown === dialog) shown = null;
  });
  dialog.showModal();
  // Where the keys scroll at once, instead of on the button that closes.
  view.body.focus();
  open(view);
  return dialog;
}

window.youjuView = youjuView;

// -- the frame ------------------------------------------------------------------------------

function button(label, act, attributes = {}) {
  return element("button", { type: "button", class: "yv-button", onclick: act, ...attributes }, label);
}

function frame(view) {
  const dialog = element("dialog", { class: "yv", "aria-labelledby": "yv-title", lang: language === "zh" ? "zh-CN" : "en" });
  view.dialog = dialog;
  view.title = element("h2", { id: "yv-title", class: "yv-title", dir: "auto" }, word("source"));
  view.where = element("p", { class: "yv-where" });
  view.tools = element("div", { class: "yv-tools" });
  view.said = element("p", { class: "yv-said", role: "status" });
  view.side = element("nav", { class: "yv-side", "aria-label": word("outline") });
  view.body = element("div", { class: "yv-body", tabindex: "0", role: "document", "aria-labelledby": "yv-title" });
  const close = button("✕", () => dialog.close(), { class: "yv-close", "aria-label": word("close"), title: word("close") });
  dialog.append(
    element("header", { class: "yv-head" }, element("div", { class: "yv-name" }, view.title, view.where), close),
    view.tools,
    view.said,
    element("div", { class: "yv-main" }, view.side, view.body),
  );
  // What lies outside of the box is the backdrop: it has no element of its own. Where text is
  // selected from inside to outside, the press was not on it.
  let pressed = null;
  dialog.addEventListener("pointerdown", (event) => (pressed = event.target));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && pressed === dialog) dialog.close();
  });
  return dialog;
}

async function open(view) {
  const place = view.places[view.at];
  const wanted = place.document;
  view.place = place;
  view.said.textContent = "";
  if (view.document?.id !== wanted) {
    view.body.replaceChildren(element("p", { class: "yv-quiet" }, word("loading")));
    view.side.replaceChildren();
    try {
      view.document = await ask(`documents/${encodeURIComponent(wanted)}`);
    } catch (failure) {
      if (view.place === place) fail(view, failure);
      return;
    }
    if (view.place !== place) return;
    view.units = unitsOf(view.document.text);
    view.mode = view.first;
    view.first = "text";
  }
  show(view);
}

function fail(view, failure) {
  view.document = null;
  view.tools.replaceChildren(...steps(view));
  view.body.replaceChildren(
    element("p", { class: "yv-quiet", role: "alert" }, failure.message || word("lost")),
    failure.status === 404 ? "" : button(word("retry"), () => open(view)),
  );
}

function show(view) {
  view.title.textContent = view.document.title || view.document.source;
  view.where.textContent = whereabouts(view).join(" · ");
  outline(view);
  tools(view);
  ({ text: showText, printed: showPrinted, chunks: showChunks })[view.mode](view);
}

function hasSpan(view) {
  return Number.isInteger(view.place.start) && view.place.end > view.place.start;
}

function pageAt(view, point) {
  return view.document.page_starts.filter((start) => start <= point).length;
}

function whereabouts(view) {
  const { publication, date, source, page, page_starts: starts } = view.document;
  const found = [publication, date];
  if (hasSpan(view) && starts.length) found.push(word("page", { page: pageAt(view, view.place.start) }));
  else if (page) found.push(word("printedPage", { page }));
  found.push(source);
  if (hasSpan(view)) found.push(word("characters", view.place));
  return found.filter(Boolean);
}

// -- tools ----------------------------------------------------------------------------------

function steps(view) {
  if (view.places.length < 2) return [];
  const step = (by) => {
    view.at += by;
    open(view);
  };
  const all = view.places.length;
  return [
    element(
      "div",
      { class: "yv-steps" },
      button(`‹ ${word("previous")}`, () => step(-1), { disabled: view.at === 0 }),
      element("span", { class: "yv-count", "aria-live": "polite" }, word("place", { at: view.at + 1, all })),
      button(`${word("next")} ›`, () => step(1), { disabled: view.at === all - 1 }),
    ),
  ];
}

function tools(view) {
  const focused = view.tools.contains(document.activeElement) ? document.activeElement.textContent : null;
  const modes = ["text", view.document.printed && "printed", view.chunks && "chunks"].filter(Boolean);
  const switches = modes.map((mode) =>
    button(word(mode), () => { view.mode = mode; show(view); }, { "aria-pressed": String(view.mode === mode) }),
  );
  view.tools.replaceChildren(
    ...steps(view),
    modes.length > 1 ? element("div", { class: "yv-modes", role: "group", "aria-label": word("mode") }, ...switches) : "",
    hasSpan(view) ? button(word("copy"), () => copy(view), { class: "yv-button yv-copy" }) : "",
  );
  // The buttons are new: who stood on one goes on standing there.
  const again = [...view.tools.querySelectorAll("button:not(:disabled)")].find((made) => made.textContent === focused);
  if (focused !== null) (again ?? view.body).focus();
}

function quoteOf(view) {
  return view.document.text.slice(view.units(view.place.start), view.units(view.place.end));
}

async function copy(view) {
  const { title, source } = view.document;
  const where = whereabouts(view).join(word("comma"));
  const told = word("cited", { quote: quoteOf(view).trim(), title: title || source, where });
  view.said.textContent = (await copied(told, view.dialog)) ? word("copied") : word("uncopied");
}

async function copied(text, dialog) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed: the old way below may be.
    }
  }
  // Over plain HTTP from another machine a page has no clipboard.
  const area = element("textarea", { class: "yv-hidden" });
  area.value = text;
  const before = document.activeElement;
  dialog.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

// -- outline --------------------------------------------------------------------------------

function outline(view) {
  const sections = view.document.sections;
  view.side.hidden = sections.length < 2;
  const point = hasSpan(view) ? view.place.start : 0;
  const current = sections.findLast((section) => section.span.start <= point);
  const items = sections.map((section) =>
    element(
      "li",
      {},
      element(
        "button",
        {
          type: "button",
          class: "yv-section",
          dir: "auto",
          "aria-current": section === current && hasSpan(view) ? "location" : null,
          onclick: () => goTo(view, section),
        },
        section.heading,
      ),
    ),
  );
  const list = element("ol", { class: "yv-outline" }, ...items);
  const folded = element("details", { class: "yv-fold", open: matchMedia("(min-width: 800px)").matches },
    element("summary", {}, word("outline")), list);
  view.side.replaceChildren(folded);
}

function goTo(view, section) {
  if (view.mode !== "text") {
    view.mode = "text";
    show(view);
  }
  const heading = view.headings.get(section.span.start);
  heading?.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  heading?.focus({ preventScroll: true });
  if (!matchMedia("(min-width: 800px)").matches) view.side.querySelector("details").open = false;
}

// -- the text -------------------------------------------------------------------------------

function showText(view) {
  const { text, sections } = view.document;
  const [from, to] = hasSpan(view) ? [view.units(view.place.start), view.units(view.place.end)] : [-1, -1];
  const headings = new Map(sections.map((section) => [view.units(section.span.start), section.span.start]));
  const whole = element("article", { class: "yv-text", dir: "auto", lang: "zh-CN" });
  view.headings = new Map();
  let [block, count, at] = [null, 0, 0];
  for (const line of text.split("\n")) {
    if (line.trim()) {
      if (count % LINES_A_BLOCK === 0) whole.append((block = element("div", { class: "yv-block" })));
      count += 1;
      const heading = headings.has(at);
      const made = element(heading ? "h3" : "p", heading ? { tabindex: "-1" } : {}, ...marked(line, from - at, to - at));
      if (heading) view.headings.set(headings.get(at), made);
      block.append(made);
    }
    at += line.length + 1;
  }
  view.body.replaceChildren(whole);
  const mark = whole.querySelector("mark");
  if (mark) mark.scrollIntoView({ block: "center" });
  else view.body.scrollTop = 0;
}

function marked(line, from, to) {
  const [start, end] = [Math.max(0, from), Math.min(line.length, to)];
  if (start >= end) return [line];
  return [line.slice(0, start), element("mark", {}, line.slice(start, end)), line.slice(end)];
}

// -- the printed page -----------------------------------------------------------------------

function showPrinted(view, number = pageAt(view, hasSpan(view) ? view.place.start : 0) || 1) {
  const { id, page_starts: starts } = view.document;
  const at = `documents/${id}`;
  const image = element("img", { src: address(`${at}/pages/${number}`), alt: word("page", { page: number }) });
  const sheet = element("div", { class: "yv-sheet" }, image);
  const waiting = element("p", { class: "yv-quiet" }, word("drawing"));
  const go = (by) => showPrinted(view, number + by);
  const pager = element(
    "div",
    { class: "yv-steps yv-pager" },
    button(`‹ ${word("earlierPage")}`, () => go(-1), { disabled: number === 1 }),
    element("span", { class: "yv-count", "aria-live": "polite" }, `${number} / ${starts.length}`),
    button(`${word("laterPage")} ›`, () => go(1), { disabled: number === starts.length }),
  );
  view.said.textContent = "";
  view.body.replaceChildren(pager, waiting, sheet);
  image.addEventListener("load", () => {
    waiting.remove();
    sheet.querySelector(".yv-box")?.scrollIntoView({ block: "center" });
  });
  image.addEventListener("error", async () => {
    // The image says nothing of what went wrong: the same address does, asked once more.
    const failure = await ask(`${at}/pages/${number}`).catch((error) => error);
    waiting.textContent = failure.message || word("lost");
    sheet.remove();
  });
  if (hasSpan(view) && number === pageAt(view, view.place.start)) box(view, sheet, at);
}

async function box(view, sheet, at) {
  const { start, end } = view.place;
  const found = await ask(`${at}/boxes?start=${start}&end=${end}`).catch(() => null);
  if (!found || !sheet.isConnected) return;
  if (!found.boxes.length) view.said.textContent = word("unboxed");
  for (const [left, top, right, bottom] of found.boxes) {
    const made = element("div", { class: "yv-box" });
    const percent = (part) => `${100 * part}%`;
    Object.assign(made.style, {
      left: percent(left),
      top: percent(top),
      width: percent(right - left),
      height: percent(bottom - top),
    });
    sheet.append(made);
  }
  if (sheet.querySelector("img").complete) sheet.querySelector(".yv-box")?.scrollIntoView({ block: "center" });
}

// -- the chunks -----------------------------------------------------------------------------

async function showChunks(view) {
  const wanted = view.document.id;
  view.body.replaceChildren(element("p", { class: "yv-quiet" }, word("loading")));
  let found;
  try {
    found = await ask(`documents/${wanted}/chunks`);
  } catch (failure) {
    if (view.mode === "chunks") fail(view, failure);
    return;
  }
  if (view.mode !== "chunks" || view.document?.id !== wanted) return;
  const cards = found.chunks.map((chunk, place) =>
    element(
      "li",
      { class: "yv-chunk" },
      element(
        "p",
        { class: "yv-chunk-head" },
        element("b", {}, word("chunk", { at: place + 1 })),
        ` ${word("characters", chunk.span)}`,
        chunk.heading ? ` · ${chunk.heading}` : "",
      ),
      element("p", { class: "yv-chunk-text", dir: "auto", lang: "zh-CN" }, chunk.text.trimEnd()),
    ),
  );
  view.body.replaceChildren(element("ol", { class: "yv-chunks" }, ...cards));
  view.body.scrollTop = 0;
}
