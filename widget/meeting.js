import "./meeting/kit.js";
import bookingStyles from "./booking/booking.css";
import { wakeAll } from "./chat/back_off.js";
import { createAddressQuestion } from "./meeting/address_proof.js";
import { createMeetingPage } from "./meeting/meeting_page.js";
import { addStyles } from "./shared/kit.js";

const token = location.pathname.split("/").at(-1);
addStyles(document, bookingStyles);
const isAlone = token === "confirm"; // a link that is about an address only
const parts = isAlone ? [] : [createMeetingPage(`/meetings/${token}`).element];
document.querySelector("#meeting").replaceChildren(createAddressQuestion(isAlone).element, ...parts);
for (const name of ["online", "visibilitychange"]) addEventListener(name, wakeAll); // the second bubbles up from the document
