// The verdict on the screen: a colour, a sign and a word, so that none is needed to know the others.

import { many, say, sayTime, sayVerdict } from './words.js';

const DAY = 24 * 3600;

/** Days of a virtual number that say "this and more". */
const ENDLESS = 255;

/** Outlines in a square of 48: drawn with a line, told apart without their colours. */
const SIGNS = {
  check: 'M8 26 L20 38 L41 11',
  checkTwice: 'M4 26 L14 37 L32 12 M20 33 L24 37 L43 12',
  clock: 'M24 5 A19 19 0 1 0 24 43 A19 19 0 1 0 24 5 M24 12 V25 L33 30',
  question: 'M15 17 A9 9 0 1 1 29 24 Q24 26 24 31 M24 40 V41',
  stop: 'M16 5 H32 L43 16 V32 L32 43 H16 L5 32 V16 Z M14 24 H34',
  cross: 'M10 10 L38 38 M38 10 L10 38',
  swap: 'M6 17 H40 L31 8 M42 31 H8 L17 40',
  paper: 'M11 5 H29 L37 13 V43 H11 Z M17 22 H31 M17 30 H31',
  frame: 'M6 16 V6 H16 M32 6 H42 V16 M42 32 V42 H32 M16 42 H6 V32',
  dots: 'M10 24 H11 M24 24 H25 M38 24 H39',
};

const SIGN_OF = {
  genuine: 'check',
  reprint: 'checkTwice',
  expired: 'clock',
  'not-yet-valid': 'clock',
  'unknown-station': 'question',
  revoked: 'stop',
  forged: 'cross',
  'other-waybill': 'swap',
  specimen: 'paper',
  'not-a-token': 'frame',
  malformed: 'cross',
  'unknown-version': 'question',
  'no-code': 'frame',
  number: 'frame',
  reading: 'dots',
  fault: 'cross',
};

const element = (id) => document.getElementById(id);

function put(id, text) {
  element(id).textContent = text;
}

/** Shows that nothing was scanned yet, or that a picture is being read. */
export function showWaiting(language, isReading) {
  clear();
  element('verdict').dataset.verdict = 'none';
  element('sign').setAttribute('d', SIGNS[isReading ? 'dots' : 'frame']);
  put('word', say(language, isReading ? 'reading' : 'waiting'));
  put('meaning', isReading ? '' : say(language, 'waitingMeaning'));
}

/** Shows a verdict, or one of the words for what is none. */
export function showVerdict(language, verdict, values) {
  clear();
  element('verdict').dataset.verdict = verdict;
  element('sign').setAttribute('d', SIGNS[SIGN_OF[verdict] ?? 'cross']);
  const [word, meaning] = sayVerdict(language, verdict, values);
  put('word', word);
  put('meaning', meaning);
}

/** Shows what a token is and what is said of it; `beside` is the number of the code next to it, if it was read. */
export function showAnswer(language, answer, beside) {
  showVerdict(language, answer.verdict, { ...answer, copy: many(answer.copy), beside });
  element('warning').hidden = beside !== undefined || !answer.isGood;
  // Of a token whose signature does not hold nothing is worth reading.
  const isSigned = answer.station !== null;
  element('claims').hidden = !isSigned;
  if (!isSigned) return;
  put('waybill-no', answer.waybillNo);
  put('station', answer.station);
  put('copy', say(language, 'copyOf', answer));
  put('issued', sayTime(language, answer.issuedAt));
  put('expires', sayTime(language, answer.expiresAt));
}

/** Shows what a carrier's key has opened: the door, and a number that can be called while the label is genuine. */
export function showOpened(language, answer, opened, now) {
  element('sealed').hidden = false;
  put('door', opened.door === '' ? say(language, 'noDoor') : opened.door);
  element('door').classList.toggle('nothing', opened.door === '');
  const notes = [];
  const hasLapsed = opened.virtualDays !== ENDLESS && now >= answer.issuedAt + opened.virtualDays * DAY;
  if (opened.virtualNumber !== '') {
    if (!answer.isGood) notes.push(say(language, 'notCalled'));
    else if (hasLapsed) notes.push(say(language, 'lapsed'));
    else showCall(language, opened.virtualNumber);
  }
  if (opened.isIncomplete) notes.push(say(language, 'incomplete'));
  put('sealed-note', notes.join(' '));
}

function showCall(language, virtualNumber) {
  const [main, extension] = virtualNumber.split('-');
  const number = extension === undefined ? main : say(language, 'extension', { main, extension });
  const call = element('call');
  call.hidden = false;
  call.textContent = say(language, 'call', { number });
  // A comma makes a phone wait before it dials the extension.
  call.href = `tel:${main}${extension === undefined ? '' : `,${extension}`}`;
}

/** Says why there is nothing to show of a sealed part. */
export function showNotOpened(language, word) {
  element('sealed').hidden = false;
  element('sealed').classList.add('closed');
  put('sealed-note', say(language, word));
}

/** Takes everything off the screen that was of a label. */
function clear() {
  for (const id of ['waybill-no', 'station', 'copy', 'issued', 'expires', 'door', 'sealed-note', 'call']) put(id, '');
  element('call').hidden = true;
  element('call').removeAttribute('href');
  element('claims').hidden = true;
  element('sealed').hidden = true;
  element('sealed').classList.remove('closed');
  element('warning').hidden = true;
}
