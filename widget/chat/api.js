import { shell } from "../shared/kit.js";
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
  constructor(status, { detail, code, errors } = {}, retryAfter = 0) {
    super(detail);
    const isTemporary = !status || status >= 500 || status === 408 || (status === 429 && retryAfter <= LONGEST_PAUSE_S);
    Object.assign(this, { status, code, errors, retryAfter, isTemporary });
  }
}

async function request(path, body, token) {
  let answer, content;
  try {
    answer = await fetch(shell.embedding.api + path, {
      method: body ? "POST" : "GET",
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
      credentials: "omit",
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
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
