/**
 * Server-sent events out of chunks that may be cut anywhere, as our server writes them: first the event's name, then its
 * data in one line; all else is skipped. A lone CR ends no line, so one at the end of a chunk waits for its LF.
 */
export function createSseParser(onEvent) {
  let rest = "";
  let type;

  return function feed(chunk) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      const [, field, value] = /^(\w+): (.*)/.exec(line) ?? [];
      if (field === "event") type = value;
      else if (field === "data") onEvent(type, value);
    }
  };
}
