/** The agent API as the chat uses it: same origin, the session's cookie, one answer shape for every outcome. */

const CONVERSATIONS = "/api/v1/conversations/";
const PATIENCE = 15_000;

/** `status` 0: no answer. `code` and `sentence` come from the problem document of a refusal. */
export async function call(method, conversationId, path, body, { keepalive = false } = {}) {
  try {
    const response = await fetch(`${CONVERSATIONS}${encodeURIComponent(conversationId)}/${path}`, {
      method,
      keepalive,
      headers: { "Content-Type": "application/json", "Accept-Language": globalThis.inboxLanguage ?? "en" },
      body: JSON.stringify(body),
      signal: keepalive ? undefined : AbortSignal.timeout(PATIENCE),
    });
    return await outcome(response);
  } catch {
    return { status: 0, code: "", sentence: "", retryAfter: 0 };
  }
}

async function outcome(response) {
  const problem = response.ok ? {} : await response.json().catch(() => ({}));
  return {
    status: response.status,
    code: problem.code ?? "",
    sentence: problem.errors?.[0]?.message ?? problem.detail ?? problem.title ?? "",
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  };
}

/** Worth another try with the same client_id: no answer, a server in trouble, or too many at once. */
export const isPassing = ({ status }) => status === 0 || status === 429 || status >= 500;

/** The session has ended: sign in again, then come back to this conversation. */
export function goToSignIn() {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/login?next=${encodeURIComponent(here)}`);
}
