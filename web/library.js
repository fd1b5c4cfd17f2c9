// The library page: documents added, found, shown, chosen, read anew and removed.
import { Failure, address, ask, element, language, ours, remember, remembered, unremember, words } from "./page.js";
import { youjuView } from "./viewer.js";

const word = words({
  title: ["资料库 · 有据", "Library · Youju"],
  skip: ["跳到文档列表", "Skip to the documents"],
  library: ["资料库", "Library"],
  chat: ["去提问", "Ask questions"],
  retry: ["重试", "Try again"],
  indexing: ["索引正在重建，期间查找稍慢，结果不受影响。", "The index is being rebuilt. Search is a little slower meanwhile; results are the same."],
  away: ["向量索引服务没有应答，期间查找稍慢，结果不受影响；恢复后自动改回。", "The vector index does not answer. Search is a little slower meanwhile; results are the same. It is taken up again by itself."],
  adding: ["添加文档", "Add documents"],
  drop: ["把文件拖到这里，或", "Drop files here, or"],
  choose: ["选择文件", "choose files"],
  accepted: ["{kinds}，每个不超过 {size} MB", "{kinds}, up to {size} MB each"],
  documents: ["文档", "Documents"],
  search: ["查找", "Search"],
  searchHint: ["题名、文件名、出处", "title, file name, publication"],
  more: ["筛选与排序", "Filter and sort"],
  publication: ["出处", "Publication"],
  kind: ["类型", "Type"],
  from: ["日期从", "From"],
  to: ["到", "To"],
  order: ["排序", "Order"],
  added: ["最近添加", "Recently added"],
  newest: ["日期从新到旧", "Newest first"],
  oldest: ["日期从旧到新", "Oldest first"],
  byTitle: ["题名", "Title"],
  longest: ["篇幅从长到短", "Longest first"],
  any: ["全部", "All"],
  reset: ["清除筛选", "Clear filters"],
  every: ["全选本页", "Select this page"],
  found: ["{total} 份", "{total} document(s)"],
  foundOf: ["找到 {total} 份，共 {all} 份", "{total} of {all} document(s)"],
  held: ["{all} 份文档，{chunks} 个分段", "{all} document(s), {chunks} chunk(s)"],
  loading: ["正在读取…", "Loading…"],
  slow: ["还在读取，服务器现在有点忙…", "Still loading; the server is busy…"],
  empty: ["资料库还是空的", "The library is empty"],
  emptyNext: ["添加文件后，就可以就它们提问，每个答案都指到原文。", "Add files, then ask about them: every answer points to its source."],
  emptyClosed: ["可以在服务器上用 youju add 收录文件。", "Files can be added on the server with youju add."],
  none: ["取消选择", "Clear selection"],
  nothing: ["没有符合条件的文档", "No document matches"],
  nothingNext: ["换个词，或清除筛选条件。", "Try other words, or clear the filters."],
  earlier: ["上一页", "Previous"],
  later: ["下一页", "Next"],
  page: ["第 {at} / {all} 页", "Page {at} of {all}"],
  size: ["{characters} 字", "{characters} character(s)"],
  option: ["{name}（{count}）", "{name} ({count})"],
  about: ["{act}：{title}", "{act}: {title}"],
  named: ["《{title}》 {source}", "“{title}” {source}"],
  printedPage: ["第{page}版", "p. {page}"],
  chunks: ["{chunks} 段", "{chunks} chunk(s)"],
  tick: ["选择《{title}》", "Select “{title}”"],
  showChunks: ["分段", "Chunks"],
  reindex: ["重新索引", "Re-index"],
  reindexing: ["正在索引…", "Indexing…"],
  reindexed: ["已重新索引，{chunks} 段", "Re-indexed, {chunks} chunk(s)"],
  remove: ["删除", "Delete"],
  removed: ["已删除《{title}》", "Deleted “{title}”"],
  confirmTitle: ["删除这份文档？", "Delete this document?"],
  confirmWhy: ["它的文字、分段和原文件都会删去，以后的回答不再引用它。此操作不能撤销。", "Its text, chunks and original file are deleted, and answers will no longer cite it. This cannot be undone."],
  cancel: ["取消", "Cancel"],
  chosen: ["已选 {count} 份", "{count} selected"],
  chooseAll: ["选择全部 {total} 份", "Select all {total}"],
  chooseFound: ["选择筛选出的 {total} 份", "Select all {total} found"],
  tooMany: ["已选 {count} 份，一次最多在 {most} 份里提问", "{count} selected; at most {most} can be asked at once"],
  ask: ["在所选文档中提问", "Ask the selected documents"],
  unlockTitle: ["更改资料库需要密码", "Changing the library needs a password"],
  password: ["密码", "Password"],
  unlock: ["确定", "OK"],
  wrong: ["密码不对，请再试一次。", "That is not the password."],
  often: ["错误次数过多，请一分钟后再试。", "Too many wrong tries. Wait a minute."],
  locked: ["没有输入密码，未作更改。", "No password given; nothing was changed."],
  lost: ["连不上服务。服务可能已停止，或网络断了。", "The server cannot be reached. It may have stopped, or the network is down."],
  off: ["本服务关闭了网页上的文档管理（YOUJU_MANAGE=off）。", "Managing documents on this page is switched off (YOUJU_MANAGE=off)."],
  exposed: ["本服务对其他机器开放，但没有设密码，所以不能在网页上增删文档。请设置环境变量 YOUJU_PASSWORD 后重新启动。", "This server is open to other machines and has no password, so documents cannot be changed here. Set YOUJU_PASSWORD and restart."],
  waiting: ["等待中", "Waiting"],
  sending: ["正在上传 {percent}%", "Uploading {percent}%"],
  working: ["正在处理…", "Processing…"],
  done: ["已收录，{chunks} 段", "Added, {chunks} chunk(s)"],
  replaced: ["已更新，{chunks} 段", "Replaced, {chunks} chunk(s)"],
  unchanged: ["已在资料库中，没有变化", "Already in the library, unchanged"],
  cancelled: ["已取消", "Cancelled"],
  sameName: ["已有同名文件，内容不同。", "A file of this name is there, with another content."],
  replace: ["替换", "Replace"],
  both: ["两份都留", "Keep both"],
  skipFile: ["跳过", "Skip"],
  dismiss: ["移去", "Dismiss"],
  tidy: ["移去已收录的", "Dismiss those added"],
  tooLarge: ["文件有 {size} MB，上限是 {most} MB。请拆成几个文件。", "The file has {size} MB; the limit is {most} MB. Split it."],
  badKind: ["不能收录这种文件。可以收录：{kinds}", "This kind of file cannot be added. Accepted: {kinds}"],
  emptyFile: ["文件是空的。", "The file is empty."],
});

const PAGE = 50;
// An address carries the chosen documents: no server takes one of any length.
const MOST_ASKED = 400;
const SLOW = 1500;
const $ = (id) => document.getElementById(id);

let state = { closed: "off", password: false, suffixes: [], max_file_mb: 0 };
let listed = { entries: [], total: 0, all: 0, chunks: 0 };
let offset = 0;
const chosen = new Set();

// -- language and theme ---------------------------------------------------------------------

function dress() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = word("title");
  for (const place of document.querySelectorAll("[data-word]")) place.textContent = word(place.dataset.word);
  $("query").placeholder = word("searchHint");
  const other = language === "zh" ? ["en", "English"] : ["zh", "中文"];
  const asked = new URLSearchParams(location.search);
  asked.set("lang", other[0]);
  Object.assign($("other"), { href: `?${asked}`, hreflang: other[0], textContent: other[1], lang: other[0] });
  $("chat").href = chatAddress();
  const orders = { added: "added", newest: "newest", oldest: "oldest", title: "byTitle", longest: "longest" };
  $("order").replaceChildren(
    ...Object.entries(orders).map(([value, key]) => element("option", { value }, word(key))),
  );
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = asked.get("__theme");
  const paint = () =>
    document.documentElement.classList.toggle("dark", theme === "dark" || (theme !== "light" && dark.matches));
  dark.addEventListener("change", paint);
  paint();
}

function chatAddress(documents = []) {
  const kept = new URLSearchParams(location.search);
  const carried = ["__theme", "lang"].filter((key) => kept.has(key)).map((key) => `${key}=${encodeURIComponent(kept.get(key))}`);
  const all = documents.length ? [`documents=${documents.join(",")}`, ...carried] : carried;
  return all.length ? `./?${all.join("&")}` : "./";
}

// -- the list -------------------------------------------------------------------------------

const FILTERS = ["query", "publication", "kind", "from", "to", "order"];

function wanted() {
  const set = FILTERS.map((key) => [key, $(key).value.trim()]).filter(([, value]) => value);
  return new URLSearchParams(set);
}

const filtered = () => [...wanted().keys()].some((key) => key !== "order");

let loading = null;

async function load() {
  loading?.abort();
  const mine = (loading = new AbortController());
  const entries = $("entries");
  entries.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => ($("found").textContent = word("slow")), SLOW);
  try {
    const query = wanted();
    query.set("offset", offset);
    query.set("limit", PAGE);
    listed = await ask(`documents?${query}`, { signal: mine.signal });
    if (!listed.entries.length && offset) {
      offset = Math.max(0, Math.ceil(listed.total / PAGE) - 1) * PAGE;
      return await load();
    }
    $("lost").hidden = true;
    show();
  } catch (failure) {
    if (failure.name !== "AbortError") lose(failure);
  } finally {
    clearTimeout(slow);
    if (loading === mine) entries.setAttribute("aria-busy", "false");
  }
}

function lose(failure) {
  $("lost-why").textContent = failure.message || word("lost");
  $("lost").hidden = false;
}

function show() {
  const { entries, total, all, chunks } = listed;
  $("held").textContent = all ? word("held", { all: number(all), chunks: number(chunks) }) : "";
  $("filters").hidden = !all;
  $("indexing").hidden = !all || !state.indexing;
  $("indexing").textContent = word(state.away ? "away" : "indexing");
  $("reset").hidden = !filtered();
  options("publication", listed.publications);
  options("kind", listed.kinds);
  $("head").hidden = !entries.length;
  $("found").textContent = filtered() ? word("foundOf", { total: number(total), all: number(all) }) : word("found", { total: number(total) });
  const focused = document.activeElement?.closest("li[data-id]")?.dataset.id;
  const act = document.activeElement?.dataset.act;
  $("entries").replaceChildren(...entries.map(row));
  if (focused && act) $("entries").querySelector(`li[data-id="${focused}"] [data-act="${act}"]`)?.focus();
  $("nothing").hidden = entries.length > 0;
  $("nothing-why").textContent = word(all ? "nothing" : "empty");
  $("nothing-next").textContent = word(all ? "nothingNext" : state.closed ? "emptyClosed" : "emptyNext");
  $("pager").hidden = total <= PAGE;
  $("page").textContent = word("page", { at: offset / PAGE + 1, all: Math.ceil(total / PAGE) });
  $("earlier").disabled = offset === 0;
  $("later").disabled = offset + PAGE >= total;
  showChosen();
}

function options(id, counts) {
  const select = $(id);
  const before = select.value;
  const made = counts.map((each) => element("option", { value: each.name }, word("option", each)));
  select.replaceChildren(element("option", { value: "" }, word("any")), ...made);
  select.value = before;
  if (select.value !== before) select.value = "";
  select.closest("label").hidden = counts.length === 0;
}

const number = (value) => value.toLocaleString(language === "zh" ? "zh-CN" : "en");

function row(entry) {
  const title = entry.title || entry.source;
  const tick = element("input", { type: "checkbox", "aria-label": word("tick", { title }), "data-act": "tick" });
  tick.checked = chosen.has(entry.id);
  tick.addEventListener("change", () => choose(entry.id, tick.checked));
  const facts = [
    entry.publication,
    entry.date,
    entry.page && word("printedPage", entry),
    word("size", { characters: number(entry.characters) }),
    word("chunks", entry),
  ].filter(Boolean);
  const said = element("span", { class: "said", role: "status" });
  const act = (key, run, style = "") =>
    element("button", { type: "button", class: `small ${style}`, "data-act": key, "aria-label": word("about", { act: word(key), title }), onclick: run }, word(key));
  return element(
    "li",
    { "data-id": entry.id },
    element("span", { class: "tick" }, tick),
    element("span", { class: "badge", "aria-hidden": "true" }, entry.kind || "?"),
    element(
      "div",
      { class: "about" },
      element("a", { class: "name", href: `#${entry.id}`, dir: "auto", "data-act": "open" }, title),
      element("p", { class: "quiet" }, element("bdi", {}, entry.source), ` · ${facts.join(" · ")}`),
      said,
    ),
    element(
      "div",
      { class: "acts" },
      act("showChunks", () => youjuView({ document: entry.id, chunks: true, mode: "chunks" })),
      ...(state.closed
        ? []
        : [act("reindex", (event) => reindex(entry, event.target, said)), act("remove", () => confirmRemoval(entry), "bad")]),
    ),
  );
}

async function reindex(entry, button, said) {
  button.disabled = true;
  said.textContent = word("reindexing");
  try {
    const done = await change(`documents/${entry.id}/index`, "POST");
    if (done.document_id !== entry.id) chosen.delete(entry.id);
    await load();
    const again = $("entries").querySelector(`li[data-id="${done.document_id}"]`);
    if (again) {
      again.querySelector(".said").textContent = word("reindexed", done);
      again.querySelector('[data-act="reindex"]').focus();
    }
  } catch (failure) {
    said.textContent = failure.message || word("lost");
    button.disabled = false;
    button.focus();
  }
}

// -- removal --------------------------------------------------------------------------------

let doomed = null;

function confirmRemoval(entry) {
  doomed = entry;
  $("confirm-name").textContent = word("named", { title: entry.title || entry.source, source: entry.source });
  $("confirm-failed").textContent = "";
  $("confirm").showModal();
  $("confirm-no").focus();
}

async function remove() {
  const entry = doomed;
  $("confirm-yes").disabled = true;
  try {
    await change(`documents/${entry.id}`, "DELETE");
    $("confirm").close();
    chosen.delete(entry.id);
    await load();
    $("found").textContent = word("removed", { title: entry.title || entry.source });
    $("list").focus();
  } catch (failure) {
    $("confirm-failed").textContent = failure.message || word("lost");
  } finally {
    $("confirm-yes").disabled = false;
  }
}

// -- who may change -------------------------------------------------------------------------

const KEY = "youju-password";

function known() {
  const password = remembered("sessionStorage", KEY);
  return password ? { "X-Youju-Password": password } : {};
}

// The server has another password than it had.
function forget() {
  state.password = true;
  unremember("sessionStorage", KEY);
}

// Asks until the server takes the password; false where the person gives up.
let asking = null;

function unlocked() {
  if (!state.password || remembered("sessionStorage", KEY)) return Promise.resolve(true);
  asking ??= new Promise((resolve) => {
    const dialog = $("unlock");
    const form = dialog.querySelector("form");
    let opened = false;
    $("unlock-failed").textContent = "";
    $("password").value = "";
    form.onsubmit = async (event) => {
      event.preventDefault();
      const given = encodeURIComponent($("password").value);
      $("unlock-yes").disabled = true;
      try {
        await ask("unlock", { method: "POST", headers: { "X-Youju-Password": given } });
        remember("sessionStorage", KEY, given);
        opened = true;
        dialog.close();
      } catch (failure) {
        const known = { 401: "wrong", 429: "often", 0: "lost" }[failure.status];
        $("unlock-failed").textContent = known ? word(known) : failure.message;
        $("password").select();
      } finally {
        $("unlock-yes").disabled = false;
      }
    };
    dialog.addEventListener("close", () => {
      asking = null;
      resolve(opened);
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}

async function change(path, method) {
  if (!(await unlocked())) throw new Failure(401, word("locked"));
  try {
    return await ask(path, { method, headers: known() });
  } catch (failure) {
    if (failure.status !== 401) throw failure;
    forget();
    return change(path, method);
  }
}

// -- uploads --------------------------------------------------------------------------------

const queue = [];
let sending = false;

function enqueue(files) {
  for (const file of files) queue.push(upload(file));
  work();
}

function upload(file) {
  const bar = element("progress", { max: "1", value: "0", "aria-label": file.name });
  const said = element("span", { class: "said", role: "status" }, word("waiting"));
  const acts = element("span", { class: "acts" });
  const line = element("li", { class: "upload" }, element("bdi", { class: "name" }, file.name), bar, said, acts);
  const job = { file, bar, said, acts, line, ended: false, same: "ask" };
  $("uploads").append(line);
  offer(job, [["cancel", () => cancel(job)]]);
  return job;
}

function offer(job, choices) {
  const made = choices.map(([key, act]) =>
    element("button", { type: "button", class: "small", "aria-label": word("about", { act: word(key), title: job.file.name }), onclick: act }, word(key)),
  );
  job.acts.replaceChildren(...made);
}

function end(job, style, sentence, choices = []) {
  job.ended = true;
  job.bar.hidden = true;
  job.line.className = `upload ${style}`;
  job.said.textContent = sentence;
  offer(job, [...choices, ["dismiss", () => dismiss([job.line])]]);
  tidy();
}

const done = () => [...$("uploads").querySelectorAll(".done")];

function dismiss(lines) {
  for (const line of lines) line.remove();
  tidy();
}

// What needs no look any more goes at once; what failed, or asks something, stays.
function tidy() {
  $("tidy").hidden = done().length < 2;
}

function cancel(job) {
  end(job, "", word("cancelled"), [["retry", () => again(job)]]);
  job.request?.abort();
}

function again(job, same = "ask") {
  Object.assign(job, { ended: false, same });
  job.bar.hidden = false;
  job.bar.value = 0;
  job.line.className = "upload";
  job.said.textContent = word("waiting");
  offer(job, [["cancel", () => cancel(job)]]);
  queue.push(job);
  work();
}

async function work() {
  if (sending) return;
  sending = true;
  let added = false;
  while (queue.length) {
    const job = queue.shift();
    if (!job.ended) added = (await send(job)) || added;
  }
  sending = false;
  if (added) load();
}

// What can be told without the server; it looks again.
function unfit({ name, size }) {
  const kinds = state.suffixes.join(" ");
  if (!state.suffixes.some((suffix) => name.toLowerCase().endsWith(suffix))) return word("badKind", { kinds });
  if (!size) return word("emptyFile");
  const most = state.max_file_mb;
  return size > most * 1e6 ? word("tooLarge", { size: (size / 1e6).toFixed(1), most }) : "";
}

async function send(job) {
  const problem = unfit(job.file);
  if (problem) {
    end(job, "failed", problem);
    return false;
  }
  if (!(await unlocked())) {
    // Who does not give it once is not asked for every file.
    for (const each of [job, ...queue.splice(0)]) {
      if (!each.ended) end(each, "failed", word("locked"), [["retry", () => again(each)]]);
    }
    return false;
  }
  if (job.ended) return false;
  const { status, body } = await transfer(job);
  if (job.ended) return false;
  if (status === 401) {
    forget();
    return send(job);
  }
  if (status === 409) {
    end(job, "failed", word("sameName"), [["replace", () => again(job, "replace")], ["both", () => again(job, "both")]]);
    return false;
  }
  if (status !== 200) {
    const sentence = body.error ?? (status ? `HTTP ${status}` : word("lost"));
    end(job, "failed", sentence, status === 422 ? [] : [["retry", () => again(job)]]);
    return false;
  }
  const key = { added: "done", replaced: "replaced", unchanged: "unchanged" }[body.status];
  end(job, "done", body.message || word(key, body));
  return true;
}

// fetch does not tell how far an upload is.
function transfer(job) {
  return new Promise((resolve) => {
    const request = (job.request = new XMLHttpRequest());
    const query = new URLSearchParams({ name: job.file.name, same_name: job.same });
    request.open("POST", address(`add?${query}`));
    for (const [name, value] of Object.entries({ ...ours, ...known() })) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      job.bar.value = total ? loaded / total : 0;
      job.said.textContent = word("sending", { percent: total ? Math.floor((100 * loaded) / total) : 0 });
    });
    request.upload.addEventListener("load", () => {
      if (job.ended) return;
      // Sent, it cannot be called back; it can be deleted once it is there.
      job.bar.removeAttribute("value");
      job.said.textContent = word("working");
      offer(job, []);
    });
    request.addEventListener("loadend", () => resolve({ status: request.status, body: request.response ?? {} }));
    request.send(job.file);
  });
}

// -- the chosen -----------------------------------------------------------------------------

function choose(id, yes) {
  if (yes) chosen.add(id);
  else chosen.delete(id);
  showChosen();
}

function showChosen() {
  const { entries, total } = listed;
  const here = entries.filter((entry) => chosen.has(entry.id)).length;
  Object.assign($("every"), {
    checked: here > 0 && here === entries.length,
    indeterminate: here > 0 && here < entries.length,
  });
  $("chosen").hidden = chosen.size === 0;
  const many = chosen.size > MOST_ASKED;
  $("chosen-count").textContent = word(many ? "tooMany" : "chosen", { count: chosen.size, most: MOST_ASKED });
  $("choose-all").hidden = total <= here || total > MOST_ASKED;
  $("choose-all").textContent = word(filtered() ? "chooseFound" : "chooseAll", { total: number(total) });
  if (many) $("ask").removeAttribute("href");
  else $("ask").href = chatAddress([...chosen]);
  $("ask").setAttribute("aria-disabled", String(many));
}

async function chooseAll() {
  try {
    for (const id of (await ask(`selection?${wanted()}`)).ids) chosen.add(id);
    show();
  } catch (failure) {
    lose(failure);
  }
}

// -- the source at an address ---------------------------------------------------------------

const PLACE = /^#([0-9a-f]{4,64})(?::(\d{1,9})-(\d{1,9}))?$/;
let viewer = null;

function openAddress() {
  const found = PLACE.exec(location.hash);
  viewer?.close();
  viewer = null;
  if (!found) return;
  const [, document, start, end] = found;
  const place = start === undefined ? { document } : { document, start: Number(start), end: Number(end) };
  const mine = (viewer = youjuView({ ...place, chunks: true }));
  mine.addEventListener("close", () => {
    if (viewer !== mine) return;
    viewer = null;
    history.replaceState(null, "", location.pathname + location.search);
  });
}

// -- wiring ---------------------------------------------------------------------------------

function wire() {
  let pause = null;
  const anew = () => {
    offset = 0;
    load();
  };
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(anew, 250);
  });
  $("filters").addEventListener("reset", () => setTimeout(anew));
  $("more").addEventListener("click", ({ target }) => {
    target.setAttribute("aria-expanded", String(target.getAttribute("aria-expanded") !== "true"));
  });
  $("again").addEventListener("click", start);
  addEventListener("online", start);
  const turn = (by) => {
    offset += by * PAGE;
    load().then(() => $("list").scrollIntoView());
  };
  $("earlier").addEventListener("click", () => turn(-1));
  $("later").addEventListener("click", () => turn(1));
  $("every").addEventListener("change", ({ target }) => {
    for (const { id } of listed.entries) target.checked ? chosen.add(id) : chosen.delete(id);
    show();
  });
  $("choose-all").addEventListener("click", chooseAll);
  $("choose-none").addEventListener("click", () => {
    chosen.clear();
    show();
    $("list").focus();
  });
  $("confirm-no").addEventListener("click", () => $("confirm").close());
  $("confirm-yes").addEventListener("click", remove);
  $("unlock-no").addEventListener("click", () => $("unlock").close());
  $("tidy").addEventListener("click", () => {
    dismiss(done());
    $("choose").focus();
  });
  $("choose").addEventListener("click", () => $("files").click());
  $("files").addEventListener("change", ({ target }) => {
    enqueue(target.files);
    target.value = "";
  });
  wireDrop();
  addEventListener("hashchange", openAddress);
  addEventListener("beforeunload", (event) => {
    if (sending) event.preventDefault();
  });
}

// A file dropped beside the place would take the place of the page.
function wireDrop() {
  let depth = 0;
  const over = (by) => {
    depth = Math.max(0, depth + by);
    $("drop").classList.toggle("over", depth > 0);
  };
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("dragenter", () => over(1));
  addEventListener("dragleave", () => over(-1));
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    if (!state.closed) enqueue(event.dataTransfer.files);
  });
}

async function start() {
  try {
    state = await ask("state");
  } catch (failure) {
    lose(failure);
    return;
  }
  $("adding").hidden = Boolean(state.closed);
  $("closed").hidden = !state.closed;
  $("closed").textContent = state.closed ? word(state.closed) : "";
  $("files").accept = state.suffixes.join(",");
  $("kinds").textContent = word("accepted", { kinds: state.suffixes.join(" "), size: state.max_file_mb });
  await load();
  if (state.indexing && listed.all) setTimeout(start, 5000);
}

dress();
wire();
start();
openAddress();
