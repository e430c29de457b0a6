/** On a narrow window the visitor's column is a drawer. It closes when another conversation is opened. */
import { useEffect } from "react";
import { useLocation } from "react-router";
import { IconButton } from "@radix-ui/themes";
import { createStore, useStore } from "./store.js";

const drawer = createStore(false);
export const toggleDrawer = (isOpen) => drawer.update((is) => isOpen ?? !is);
export const VISITOR_COLUMN = "visitor-column";

export function Columns({ className, conversationId, children }) {
  const { pathname } = useLocation();
  const isOpen = useStore(drawer);
  useEffect(() => toggleDrawer(false), [pathname]);
  return (
    <div className={className} data-drawer={isOpen ? "open" : "closed"} data-pane={conversationId ? "chat" : "list"}>
      {children}
      {isOpen && <div className="drawer-shade" onClick={() => toggleDrawer(false)} />}
    </div>
  );
}

export function VisitorToggle({ name, className, children }) {
  const isOpen = useStore(drawer);
  return (
    <IconButton
      type="button"
      variant="ghost"
      color="gray"
      className={className}
      aria-label={name}
      aria-expanded={isOpen}
      aria-controls={VISITOR_COLUMN}
      title={name}
      onClick={() => toggleDrawer()}
    >
      {children}
    </IconButton>
  );
}
