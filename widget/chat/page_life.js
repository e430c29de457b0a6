const HIDDEN_MS = 30_000;

/**
 * When the page may read the stream. Gone (`pagehide`): never. Back, online again, visible again: at once.
 * Over HTTP/1.1 a browser opens six connections to one server in all its tabs; streams in many hidden tabs would use
 * them up and no message could be sent. So of the hidden tabs one keeps its stream, the others rest.
 */
export function watchPageLife(onRest, onWake) {
  let endTurn, timer;

  addEventListener("pagehide", onRest);
  addEventListener("pageshow", () => onWake());
  addEventListener("online", onWake); // with an event: the network is new
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    endTurn?.();
    if (document.hidden) timer = setTimeout(takeTurns, HIDDEN_MS);
    else onWake();
  });

  function takeTurns() {
    if (!navigator.locks) return;
    onRest();
    navigator.locks.request("agent-inbox:hidden", () => {
      if (!document.hidden) return;
      onWake();
      return new Promise((release) => (endTurn = release));
    });
  }
}
