// Buttons that do something: each does it once, says that it works, and says what became of it.

import { ApiError } from './api.js';
import { h } from './dom.js';
import { changed, isGone, state, tell } from './state.js';
import { say, sayError } from './words.js';

/**
 * How long a button stays busy at least, in milliseconds: by then the second press of a double click is over. It would meet
 * another button in the same place otherwise (release, where hold was).
 */
const SETTLING = 700;

const keys = new Map();

/** The key of a request: the same until the agent has decided, so that whoever presses again asks for the same thing. */
export function keyOf(id) {
  if (!keys.has(id)) keys.set(id, crypto.randomUUID());
  return keys.get(id);
}

export function dropKey(id) {
  keys.delete(id);
}

/** Whether something of this id was asked for and nobody knows whether it was done. */
export function isOpen(id) {
  return keys.has(id) && !state.busy.has(id);
}

let endSession = () => {};

export function whenSessionEnds(end) {
  endSession = end;
}

/**
 * Does something that changes the station: `run(key)`. What goes wrong is given to `failed`, or told.
 * Nothing happens while the same id is being done, or while the agent is gone.
 */
export async function act(id, run, { failed } = {}) {
  if (state.busy.has(id) || isGone()) return;
  state.busy.add(id);
  changed();
  const settled = new Promise((resolve) => setTimeout(resolve, SETTLING));
  try {
    await run(keyOf(id));
    dropKey(id);
  } catch (error) {
    if (!(error instanceof ApiError)) {
      dropKey(id);
      throw error;
    }
    if (error.isDefinite) dropKey(id);
    if (error.code === 'UNAUTHORIZED') endSession();
    else if (failed) failed(error);
    else tell(sayError(error), true);
  } finally {
    changed();
    await settled;
    state.busy.delete(id);
    changed();
  }
}

/**
 * A button. While its id is busy, or the agent is gone, it stays where it is and keeps the focus, but does nothing.
 * `of` is what it is about, for those who hear the button alone.
 */
export function button({ id, text, of, kind = '', type = 'button', onclick, isOff = false, icon = null, ...rest }) {
  const isBusy = id !== undefined && state.busy.has(id);
  const off = isBusy || isOff || (id !== undefined && isGone());
  return h(
    'button',
    {
      type,
      class: `button ${kind}`,
      'aria-disabled': off ? 'true' : false,
      'aria-label': of ? say('printers.actionOf', { action: text, name: of }) : false,
      'data-busy': isBusy,
      onclick: (event) => {
        if (off) event.preventDefault();
        else onclick?.(event);
      },
      ...rest,
    },
    icon,
    isBusy ? say('working') : text,
  );
}
