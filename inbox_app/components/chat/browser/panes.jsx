/** On a narrow window the visitor's column is a drawer. It closes on Esc and when another conversation is opened. */
import { useEffect } from "react";
import { useLocation } from "react-router";
import { IconButton } from "@radix-ui/themes";
import { createStore, useStore } from "./store.js";

const drawer = createStore(false);
const toggleDrawer = (isOpen) => drawer.update((is) => isOpen ?? !is);
const VISITOR_COLUMN = "visitor-column";
const TOGGLES = `[aria-controls=${VISITOR_COLUMN}]`;
const HISTORY = "activity-history";

const showsList = (pathname) => pathname.split("/").filter(Boolean).length < 2;

/** The keyboard goes into the drawer and, when one closes it, back to what opened it. */
function useDrawerKeys(isOpen) {
  useEffect(() => {
    if (!isOpen) return undefined;
    document.querySelector(`#${VISITOR_COLUMN} ${TOGGLES}`)?.focus();
    const onKeyDown = (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("[role=dialog], [role=alertdialog]")) return;
      event.stopPropagation();
      close();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isOpen]);
}

function close() {
  toggleDrawer(false);
  document.querySelector(`.chat-header ${TOGGLES}`)?.focus();
}

export function Columns({ className, children }) {
  const { pathname } = useLocation();
  const isOpen = useStore(drawer);
  useEffect(() => toggleDrawer(false), [pathname]);
  useDrawerKeys(isOpen);
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
      onClick={() => (isOpen ? close() : toggleDrawer(true))}
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
