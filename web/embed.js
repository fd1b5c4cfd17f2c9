// Writes what a site's pages embed, with the address that this server has for the browser.
(() => {
  "use strict";
  const { site } = document.body.dataset;
  const script = new URL("../widget.js", location).href;
  const frame = new URL("frame", location);
  frame.search = new URLSearchParams({ site });
  const attribute = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const SNIPPETS = {
    launcher: `<script src="${script}" data-site="${attribute(site)}" async></script>`,
    element: `<script src="${script}" async></script>\n<youju-chat site="${attribute(site)}"></youju-chat>`,
    frame: `<iframe src="${attribute(frame.href)}" title="有据问答" width="420" height="640"></iframe>`,
    policy: `script-src ${location.origin}; connect-src ${location.origin}`,
  };

  async function copy(code, button) {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "已复制";
    } catch {
      // A page that is not served over TLS has no clipboard.
      getSelection().selectAllChildren(code);
      button.textContent = "已选中，请按 Ctrl+C";
    }
  }

  for (const [name, snippet] of Object.entries(SNIPPETS)) {
    const code = document.getElementById(name);
    code.textContent = snippet;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "复制";
    button.addEventListener("click", () => copy(code, button));
    code.parentElement.after(button);
  }
  document.getElementById("origin").textContent = location.origin;
  document.getElementById("demo").search = frame.search;
})();
