import { shell } from "../shared/kit.js";
import { createBackOff } from "./back_off.js";
import { renew } from "./session.js";

const TIMEOUT_MS = 15_000;
const LONGEST_PAUSE_S = 60;

export const getToken = () => shell.storage.get("token");

export const post = (path, body = {}) => call(path, body);

/** Calls the visitor API, with a new session when the token is no longer accepted. Throws a Problem. */
export async function call(path, body, token = getToken()) {
  try {
    return await request(path, body, token);
  } catch (problem) {
    if (problem.status !== 401 || !token) throw problem;
    await renew(token);
    return request(path, body, getToken());
  }
}

/**
 * A refusal in the server's words, or `status` 0: the network, or no answer in time.
 * `isTemporary`: the same call may succeed later, so it is worth repeating.
 */
class Problem extends Error {
  constructor(status, { detail, ...more } = {}, retryAfter = 0) {
    super(detail);
    const isTemporary = !status || status >= 500 || status === 408 || (status === 429 && retryAfter <= LONGEST_PAUSE_S);
    Object.assign(this, more, { status, retryAfter, isTemporary }); // more: `code`, and `errors` or `slots`
  }
}

/** Calls until there is an answer, or a refusal; `onFailure` is told of each time that there was none. */
export async function insist(act, onFailure) {
  const backOff = createBackOff();
  for (;;) {
    try {
      return await act();
    } catch (problem) {
      if (!problem.isTemporary) throw problem;
      onFailure();
      await backOff.wait(problem.retryAfter * 1000);
    }
  }
}

/** The answer as it comes, a refusal in the panel's language; with a `body` it is a POST. */
export function ask(path, token, signal, body) {
  return fetch(shell.embedding.api + path, {
    method: body ? "POST" : "GET",
    headers: {
      "Content-Type": "application/json",
      "Accept-Language": shell.embedding.language,
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    credentials: "omit",
    cache: "no-store",
    body: body && JSON.stringify(body),
    signal,
  });
}

export async function request(path, body, token) {
  let answer, content;
  try {
    answer = await ask(path, token, AbortSignal.timeout(TIMEOUT_MS), body);
    content = await answer.text(); // within the time limit too: a 2xx counts only when it was read whole
  } catch {
    throw new Problem(0);
  }
  if (answer.ok) return content && JSON.parse(content);
  throw new Problem(answer.status, parse(content), +answer.headers.get("Retry-After") || 0);
}

/** A proxy in between may answer in HTML. */
function parse(content) {
  try {
    return JSON.parse(content);
  } catch {}
}
