/**
 * Server-sent events out of chunks that may be cut anywhere, also between the two characters of a line end.
 * Comments and unknown fields are skipped; several `data:` lines are joined by line ends (WHATWG HTML 9.2.6).
 */
export function createSseParser(onEvent) {
  let rest = "";
  let event = { type: "", data: [] };
  let endedWithReturn = false;

  function readLine(line) {
    if (line === "") return dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") event.data.push(value);
    else if (field === "event") event.type = value;
  }

  function dispatch() {
    const { type, data } = event;
    event = { type: "", data: [] };
    if (data.length) onEvent(type || "message", data.join("\n"));
  }

  return function feed(chunk) {
    if (!chunk) return;
    if (endedWithReturn && chunk.startsWith("\n")) chunk = chunk.slice(1);
    endedWithReturn = chunk.endsWith("\r");
    const lines = (rest + chunk).split(/\r\n|\r|\n/);
    rest = lines.pop();
    lines.forEach(readLine);
  };
}
