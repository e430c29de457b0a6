import { h } from "../shared/kit.js";
import { messageItems } from "../view/message_items.js";
import { createBookingCard } from "./booking_card.js";

/** The shared calendars of a conversation without its thread. */
export function createCards() {
  const element = h("div");
  const shown = {};

  function add(item) {
    const card = createBookingCard(item);
    element.append(card.element);
    return card;
  }

  return {
    element,
    render(entries) {
      for (const item of messageItems(entries, [])) if (item.kind === "card") (shown[item.key] ??= add(item)).update(item);
    },
  };
}
