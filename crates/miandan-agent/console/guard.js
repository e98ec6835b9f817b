// What a person did not mean to press.

import { state } from './state.js';

/** No hand types faster, in milliseconds between two characters. */
const BURST = 60;
/** Shorter than any number on a label. */
const SHORTEST = 6;
/** How long after a press, in milliseconds, and how near it, in pixels, another one belongs to it. */
const DOUBLE = 500;
const NEAR = 40;

/**
 * A hand scanner types what it reads and sends Enter, to whatever has the focus. If that is a button, Enter would press it:
 * so a burst of characters outside a field is taken as a scan, and what it read is looked up.
 */
export function listenToScanner() {
  let typed = '';
  let last = -Infinity;
  const listen = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) return;
    const isFast = event.timeStamp - last < BURST;
    last = event.timeStamp;
    if (event.key === 'Shift') return;
    if (event.key.length === 1) {
      // A space presses a button too.
      if (isFast && typed !== '' && event.key === ' ') event.preventDefault();
      typed = isFast ? typed + event.key : event.key;
      return;
    }
    const scanned = typed.trim();
    typed = '';
    if (event.key !== 'Enter' || !isFast || scanned.length < SHORTEST) return;
    event.preventDefault();
    event.stopPropagation();
    if (state.session === 'in' && state.dialogs.length === 0) location.hash = `#/labels?search=${encodeURIComponent(scanned)}`;
  };
  document.addEventListener('keydown', listen, true);
}

function isField(target) {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox';
}

/**
 * The second press of a double click meets whatever has come to be in that place: the button below a dialog that has closed,
 * another row. It is not taken there; of a button that is still the same, the button itself sees to it.
 */
export function swallowSecondPresses() {
  let last = { at: -Infinity, x: 0, y: 0, on: null };
  const listen = (event) => {
    // A key that presses a button has no place and means it.
    if (event.detail === 0) return;
    // A press on a label comes once more, on its field.
    const on = event.target.labels?.[0] ?? event.target.closest?.('button, a, label, select, input, tr') ?? null;
    const { clientX: x, clientY: y, timeStamp: at } = event;
    const isSecond = at - last.at < DOUBLE && Math.hypot(x - last.x, y - last.y) < NEAR;
    if (isSecond && on !== last.on) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    last = { at, x, y, on };
  };
  document.addEventListener('click', listen, true);
  document.addEventListener('keydown', () => (last.at = -Infinity), true);
}
