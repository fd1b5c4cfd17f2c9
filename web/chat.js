// The page speaks Chinese.
document.documentElement.lang = "zh-CN";

// A marker opens its source. The page has a <base>, so that a plain fragment link would leave it
// whenever the address carries a query.
document.addEventListener("click", (event) => {
  const marker = event.target.closest?.("a.yj-marker");
  if (!marker) return;
  event.preventDefault();
  const source = document.getElementById(marker.hash.slice(1));
  if (!source) return;
  document.querySelector(".yj-open")?.classList.remove("yj-open");
  source.classList.add("yj-open");
  source.scrollIntoView({ block: "center" });
  source.focus({ preventScroll: true });
});

let latest = null;
new MutationObserver(() => {
  // Gradio labels each message with its markup, which a screen reader would read out; the text of
  // the message is there already.
  for (const message of document.querySelectorAll("#yj-chat [data-testid][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  // The sources of a new answer stand first: show them.
  const first = document.querySelector("#yj-sources section");
  if (first !== latest) document.getElementById("yj-side")?.scrollTo(0, 0);
  latest = first;
}).observe(document, { childList: true, subtree: true });
