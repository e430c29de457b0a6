import { addStyles, assign, h, icon, setText } from "../shared/dom.js";
import { fill } from "../shared/texts.js";

/** The page of a meeting has no launcher, whose place this takes: import it before all that needs the kit. */
const shell = {
  embedding: { api: "/api/v1/visitor", language: document.documentElement.lang },
  root: document,
};
window.AgentInbox = { kit: { addStyles, assign, fill, h, icon, setText, shell } };
