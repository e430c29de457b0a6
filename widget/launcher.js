import { createLauncherButton } from "./launcher/launcher_button.js";
import styles from "./launcher/launcher.css";
import { launcherTexts } from "./launcher/launcher_texts.js";
import { createPageViews } from "./launcher/page_views.js";
import { createPanelLoader } from "./launcher/panel_loader.js";
import { readEmbedding } from "./launcher/embedding.js";
import { addStyles, assign, h, icon, setText } from "./shared/dom.js";
import { createStorage } from "./shared/storage.js";
import { fill } from "./shared/texts.js";

const embedding = readEmbedding();
if (embedding && !window.AgentInbox?.kit) launch();

function launch() {
  const isPage = embedding.isPage && "page";
  const host = h("div", { id: "agent-inbox", lang: embedding.language, "data-theme": embedding.theme, "data-mode": isPage });
  const root = host.attachShadow({ mode: "open" });
  const storage = createStorage(`agent-inbox:${new URL(embedding.base).host}:`);
  const pageViews = createPageViews(embedding.api, storage);
  const button = createLauncherButton(launcherTexts(embedding.language), () => (panel?.isOpen() ? panel.close() : open()));
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
    button,
    visitor: {},
    setUnread: button.setUnread,
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
    focusOpener: () => (opener?.isConnected ? opener : button).focus(),
  };

  const loadPanel = createPanelLoader(embedding);
  async function withPanel(act) {
    button.setProblem(false);
    try {
      panel = await loadPanel();
      act(panel);
    } catch (error) {
      console.error(error);
      button.setProblem(true);
    }
  }

  function open(from) {
    opener = from instanceof HTMLElement ? from : null;
    withPanel((loaded) => loaded.open());
  }

  function changeVisitor(values) {
    Object.assign(shell.visitor, values);
    panel?.visitorChanged();
  }

  window.AgentInbox = {
    kit: { addStyles, assign, fill, h, icon, setText, shell },
    open,
    close: () => panel?.close(),
    identify: (identity, hash) => changeVisitor({ identity, hash }),
    setAttributes: (attributes) => changeVisitor({ attributes: { ...shell.visitor.attributes, ...attributes } }),
    trackPageView: pageViews.track,
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name]?.delete(listener),
  };
  for (const [method, ...values] of early) window.AgentInbox[method](...values);

  document.addEventListener("click", (event) => {
    const element = event.target.closest?.("[data-agent-inbox-open]");
    if (element) open(element);
  });

  function show() {
    addStyles(root, styles);
    shell.paint();
    if (!isPage) root.append(...button.elements);
    (embedding.container ?? document.body).append(host);
    pageViews.watch();
    if (isPage) withPanel((loaded) => loaded.open({ isFocused: false }));
    else if (storage.get("conversation")?.isLive || storage.keys("out:").length) withPanel((loaded) => loaded.resume());
  }

  if (document.body) show();
  else addEventListener("DOMContentLoaded", show);
}
