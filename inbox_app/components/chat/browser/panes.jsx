/** On a narrow window the visitor's column is a drawer. It closes when another conversation is opened. */
import { useEffect } from "react";
import { useLocation } from "react-router";
import { IconButton } from "@radix-ui/themes";
import { createStore, useStore } from "./store.js";

const drawer = createStore(false);
const toggleDrawer = (isOpen) => drawer.update((is) => isOpen ?? !is);
const VISITOR_COLUMN = "visitor-column";
const HISTORY = "activity-history";

const showsList = (pathname) => pathname.split("/").filter(Boolean).length < 2;

export function Columns({ className, children }) {
  const { pathname } = useLocation();
  const isOpen = useStore(drawer);
  useEffect(() => toggleDrawer(false), [pathname]);
  return (
    <div className={className} data-drawer={isOpen ? "open" : "closed"} data-pane={showsList(pathname) ? "list" : "chat"}>
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

/** From a past conversation to what the visitor did besides: in the drawer, where the column is one. */
export function ShowHistory({ className, children }) {
  const show = () => {
    toggleDrawer(true);
    requestAnimationFrame(() => document.getElementById(HISTORY)?.scrollIntoView({ block: "start" }));
  };
  return (
    <button type="button" className={className} onClick={show}>
      {children}
    </button>
  );
}
