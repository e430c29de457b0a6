/** Tells the server which page is read, but only of visitors who already have a session: nobody is tracked before using the chat. */
export function createPageViews(api, storage) {
  let lastUrl = "";

  function track(url = location.href) {
    const token = storage.get("token");
    const body = JSON.stringify({ page_url: url, referrer: lastUrl || document.referrer });
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    if (token) fetch(`${api}/page-views`, { method: "POST", credentials: "omit", keepalive: true, headers, body }).catch(() => {});
  }

  function pageChanged() {
    const url = location.href.split("#")[0];
    if (url === lastUrl) return;
    track(url);
    lastUrl = url;
  }

  /** Single-page sites change the address without loading: the History API is the only sign of it in every browser. */
  function watch() {
    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      history[name] = (...values) => {
        original.apply(history, values);
        pageChanged();
      };
    }
    addEventListener("popstate", pageChanged);
    pageChanged();
  }

  return { track, watch };
}
