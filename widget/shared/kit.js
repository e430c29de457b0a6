/** What the launcher carries already, so that it is not loaded twice, and what it knows of the page (`shell`). */
export const { addStyles, assign, connect, fill, h, icon, setText, shell } = window.AgentInbox.kit;
