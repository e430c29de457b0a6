import "./meeting/kit.js";
import bookingStyles from "./booking/booking.css";
import { wakeAll } from "./chat/back_off.js";
import { createAddressQuestion } from "./meeting/address_proof.js";
import { createMeetingPage } from "./meeting/meeting_page.js";
import { addStyles } from "./shared/kit.js";

const token = location.pathname.split("/").at(-1);
addStyles(document, bookingStyles);
document.querySelector("#meeting").replaceChildren(createAddressQuestion().element, createMeetingPage(`/meetings/${token}`).element);
for (const name of ["online", "visibilitychange"]) addEventListener(name, wakeAll); // the second bubbles up from the document
