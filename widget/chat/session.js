import { createApiClient } from "./api_client.js";

/** Who the visitor is to the server: one token for this browser, opened at first use and again when it is refused. */
export function createSession({ shell }) {
  const { storage, embedding } = shell;
  const getToken = () => storage.get("token");
  const api = createApiClient({ base: embedding.api, getToken, renew });

  /** → `{token, visitor_id, settings, conversation}`; an identity that the server refuses is left out. */
  async function open() {
    const { identity, hash } = shell.visitor;
    try {
      return await openAs({ identity, identity_hash: hash });
    } catch (problem) {
      if (!identity || problem.isTemporary) throw problem;
      console.warn(`Agent Inbox: identify() was refused: ${problem.message}`);
      return openAs();
    }
  }

  async function openAs(identity) {
    const answer = await api.openSession({
      token: getToken(),
      page_url: location.href,
      referrer: document.referrer,
      locale: navigator.language,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...identity,
    });
    storage.set("token", answer.token);
    storage.set("accent", answer.settings.accent);
    shell.paint();
    return answer;
  }

  async function renew(refused = getToken()) {
    if (getToken() !== refused) return; // another tab was faster
    storage.remove("token");
    await open();
  }

  return { api, open, renew, getToken };
}
