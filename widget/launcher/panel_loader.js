/** Loads the panel's script once, when somebody first needs it; a failed load is tried again at the next click. */
export function createPanelLoader(embedding) {
  let loading = null;

  return function load() {
    return (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = embedding.panelScript;
      script.nonce = embedding.nonce;
      script.onerror = (event) => {
        script.remove();
        loading = null;
        reject(event);
      };
      window.AgentInbox.kit.connect = resolve;
      document.head.append(script);
    }));
  };
}
