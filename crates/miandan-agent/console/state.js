// What the page knows, in one place, and that it is drawn again when any of it changes.

export const state = {
  /** `asking` until the agent has said whether there is a session, then `in` or `out`. */
  session: 'asking',
  /** Whether a session was there and ended by itself. */
  hasEnded: false,
  /** The last status, or null. */
  status: null,
  /** When the last event came, in seconds of the station's clock; null before the first. */
  heard: null,
  /** Why the stream of events is broken, or null while it runs. */
  lost: null,
  /** `{ view, query }`, of the address. */
  route: { view: 'printers', query: new URLSearchParams() },
  /** The dialogs that are open, the last on top: `{ name, … }`. */
  dialogs: [],
  /** What was last done, or went wrong: `{ text, isBad }`, or null. */
  notice: null,
  /** Ids of what is being done; see actions.js. */
  busy: new Set(),
  /** What became of labels that were unknown, as far as this page was told: number → state. */
  decided: new Map(),
};

/** Between the station's clock and this one, in seconds. */
let ahead = 0;

/** Seconds by the station's clock. */
export function now() {
  return Date.now() / 1000 + ahead;
}

export function setNow(seconds) {
  ahead = seconds - Date.now() / 1000;
}

export const isGone = () => state.lost !== null;

let drawing = false;
let drawer = () => {};

export function drawWith(draw) {
  drawer = draw;
}

/** Draws soon, once for all that changes at a time. */
export function changed() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    drawer();
  });
}

/** How long what went well is shown, in milliseconds: it lies over the page. What went wrong stays until it is closed. */
const SHOWN = 8_000;

/** Says what happened, to those who look and to those who listen. */
export function tell(text, isBad = false) {
  const notice = { text, isBad };
  state.notice = notice;
  changed();
  if (isBad) return;
  setTimeout(() => {
    if (state.notice !== notice) return;
    state.notice = null;
    changed();
  }, SHOWN);
}

export function openDialog(dialog) {
  state.dialogs.push(dialog);
  changed();
}

export function closeDialog(dialog) {
  state.dialogs = state.dialogs.filter((open) => open !== dialog);
  changed();
}
