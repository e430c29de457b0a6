import { createLauncherButton } from "./launcher/launcher_button.js";
import { css } from "./css.macro.js" with { type: "macro" };
import { launcherTexts } from "./launcher/launcher_texts.js";
import { createPageViews } from "./launcher/page_views.js";
import { createPanelLoader } from "./launcher/panel_loader.js";
import { readEmbedding } from "./launcher/embedding.js";
import { addStyles, assign, h, icon, setText } from "./shared/dom.js";
import { createStorage } from "./shared/storage.js";
import { createTranslator } from "./shared/texts.js";

const embedding = readEmbedding();
if (embedding && !window.AgentInbox?.open?.isLoaded) launch();

function launch() {
  const host = h("div", { id: "agent-inbox", "data-theme": embedding.theme, lang: embedding.language, "data-mode": embedding.isPage && "page" });
  const root = host.attachShadow({ mode: "open" });
  const storage = createStorage(`agent-inbox:${new URL(embedding.base).host}:`);
  const pageViews = createPageViews({ api: embedding.api, storage });
  const listeners = {};
  const early = window.AgentInbox?.q ?? [];
  let panel = null;
  let opener = null;

  /** What the panel may use of us. */
  const shell = {
    embedding,
    host,
    root,
    storage,
    visitor: {},
    paint() {
      const accent = embedding.accent || storage.get("accent");
      if (accent) host.style.setProperty("--accent", accent);
    },
    emit(name, detail) {
      for (const listener of listeners[name] ?? []) {
        try {
          listener(detail);
        } catch (error) {
          console.error(error); // the site's own mistake must not stop the chat
        }
      }
    },
    setUnread: (count) => button?.setUnread(count),
    opened: () => button?.setOpen(true),
    closed() {
      button?.setOpen(false);
      (opener?.isConnected ? opener : button)?.focus();
    },
  };

  const loadPanel = createPanelLoader({ embedding, shell });
  const withPanel = async (act) => {
    button?.setBusy(true);
    button?.setProblem(false);
    try {
      panel = await loadPanel();
      act(panel);
    } catch (error) {
      console.error(error);
      button?.setProblem(true);
    } finally {
      button?.setBusy(false);
    }
  };
  const open = (from) => {
    opener = from instanceof HTMLElement ? from : null;
    return withPanel((loaded) => loaded.open());
  };
  open.isLoaded = true;

  const button = embedding.isPage
    ? null
    : createLauncherButton({
        texts: launcherTexts(embedding.language),
        onToggle: () => (panel?.isOpen() ? panel.close() : open()),
      });

  window.AgentInbox = {
    kit: { addStyles, assign, createTranslator, h, icon, setText },
    open,
    close: () => panel?.close(),
    identify(identity, hash) {
      shell.visitor = { ...shell.visitor, identity, hash };
      panel?.visitorChanged();
    },
    setAttributes(attributes) {
      shell.visitor = { ...shell.visitor, attributes: { ...shell.visitor.attributes, ...attributes } };
      panel?.visitorChanged();
    },
    trackPageView: pageViews.track,
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name]?.delete(listener),
  };
  for (const [method, ...values] of early) window.AgentInbox[method]?.(...values);

  document.addEventListener("click", (event) => {
    const element = event.target.closest?.("[data-agent-inbox-open]");
    if (element) open(element);
  });

  function show() {
    addStyles(root, css("launcher/launcher.css"));
    shell.paint();
    root.append(...(button?.elements ?? []));
    (embedding.container ?? document.body).append(host);
    pageViews.watch();
    if (embedding.isPage) withPanel((loaded) => loaded.open({ isFocused: false }));
    else if (storage.get("conversation")?.isLive || storage.keys("out:").length) withPanel((loaded) => loaded.resume());
  }

  if (document.body) show();
  else addEventListener("DOMContentLoaded", show);
}
