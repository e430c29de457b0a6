/** What the launcher carries already, for the panel: the same code is not loaded twice. */
export const { addStyles, assign, createTranslator, h, icon, setText } = window.AgentInbox.kit;
