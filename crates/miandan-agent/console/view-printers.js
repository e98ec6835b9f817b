// The first view: whether the printers run, what is stuck, and putting it right.

import { act, button } from './actions.js';
import { change, get } from './api.js';
import { h } from './dom.js';
import { cross, mark, shape, tick, tone } from './icons.js';
import { readDetails, readLabel, readPrinter } from './shapes.js';
import { changed, openDialog, state, tell } from './state.js';
import { openResume } from './view-resume.js';
import { say, sayError, sayTrouble, word } from './words.js';

/** Whether a person has to do something about a printer. */
export function isStuck(printer) {
  return printer.state === 'unknown' || printer.state === 'journal' || printer.trouble !== null;
}

export function viewPrinters() {
  const { printers } = state.status;
  const stuck = printers.filter(isStuck).length;
  const summary = stuck === 0 ? say('printers.allRun', { count: printers.length }) : say('printers.someStuck', { stuck, count: printers.length });
  return [
    h(
      'div',
      { class: 'head' },
      h('h1', { id: 'heading', tabindex: '-1' }, say('printers.title')),
      printers.length > 0 && h('p', { class: 'lead' }, mark(stuck === 0 ? 'ready' : 'unknown', summary)),
    ),
    printers.length === 0 && h('p', { class: 'empty' }, say('printers.noPrinters')),
    h('ul', { class: 'printers' }, printers.map(drawPrinter)),
  ];
}

function drawPrinter(printer) {
  const { name, waiting } = printer;
  // Nothing waits for it, and what did got nowhere: that is not ready.
  const is = printer.state === 'ready' && printer.trouble !== null ? 'troubled' : printer.state;
  return h(
    'li',
    { class: `printer tone-${tone(is)}`, key: name, 'data-state': printer.state },
    h('div', { class: 'sign' }, shape(is)),
    h('div', { class: 'who' }, h('h2', null, name), h('p', null, printer.profile ?? '')),
    h(
      'div',
      { class: 'how' },
      h('p', { class: 'state' }, word('printers.states', is)),
      h('p', { class: 'sentence' }, sentence(printer)),
    ),
    h('p', { class: 'waiting' }, h('strong', null, String(waiting)), h('span', null, say('printers.waiting'))),
    h('div', { class: 'does' }, actions(printer)),
    printer.state === 'unknown' && drawDecision(printer),
  );
}

function sentence(printer) {
  const { trouble } = printer;
  const words = {
    ready: () => (printer.waiting > 0 ? say('printers.sentences.readyWaiting') : say('printers.sentences.ready')),
    printing: () => say('printers.sentences.printing', { number: printer.sending ?? say('none') }),
    waiting: () => say('printers.sentences.waiting'),
    held: () => say('printers.sentences.held'),
    // The panel below says the rest.
    unknown: () => (trouble === null ? say('printers.sentences.unknown', { number: printer.label ?? say('none') }) : ''),
    journal: () => say('printers.sentences.journal'),
  }[printer.state];
  const said = words?.() ?? '';
  if (trouble === null) return said;
  return [h('strong', null, sayTrouble(trouble)), said && ` · ${said}`];
}

function actions(printer) {
  const { name, state: is } = printer;
  const isHeld = is === 'held' || is === 'journal';
  return [
    (isHeld || is === 'unknown' || printer.trouble !== null) &&
      button({
        id: `resume:${name}`,
        key: 'resume',
        text: say('printers.resume'),
        of: name,
        onclick: () => openDialog(openResume(name)),
      }),
    isHeld && button({ id: `lane:${name}`, key: 'lane', kind: 'main', text: say('printers.release'), of: name, onclick: () => release(name) }),
    !isHeld && is !== 'unknown' && button({ id: `lane:${name}`, key: 'lane', text: say('printers.hold'), of: name, onclick: () => hold(name) }),
  ];
}

/** What is asked of a person when a label may be on paper: looking, and one press; then a second one releases. */
function drawDecision(printer) {
  const { name, label } = printer;
  const decided = label === null ? undefined : state.decided.get(label);
  const isDecided = label === null || decided !== undefined;
  const isSettling = [true, false].some((printed) => state.busy.has(`settle:${label}:${printed}`));
  return h(
    'div',
    { class: 'decision', role: 'group', 'aria-label': say('printers.states.unknown'), key: 'decision' },
    h(
      'p',
      { key: 'what' },
      h('strong', null, decided !== undefined ? decidedText(label, decided) : label === null ? say('decide.titleNone') : say('decide.title', { number: label })),
      h('span', null, isDecided ? say('decide.thenRelease') : say('decide.why')),
    ),
    h(
      'div',
      { class: 'row', key: 'answers' },
      !isDecided && answer(label, true),
      !isDecided && answer(label, false),
      isDecided &&
        button({ id: `lane:${name}`, key: 'lane', kind: 'main', isOff: isSettling, text: say('printers.release'), of: name, onclick: () => release(name) }),
      label !== null && h('a', { class: 'button plain', key: 'details', href: `#/labels?search=${encodeURIComponent(label)}` }, say('decide.details')),
    ),
  );
}

/** A button that says whether a label was printed. Both are off while either is asked for. */
export function answer(number, printed) {
  const other = state.busy.has(`settle:${number}:${!printed}`);
  return button({
    id: `settle:${number}:${printed}`,
    key: `settle:${printed}`,
    kind: 'main',
    isOff: other,
    icon: printed ? tick() : cross(),
    text: say(printed ? 'decide.printed' : 'decide.notPrinted'),
    onclick: () => settle(number, printed),
  });
}

function decidedText(number, decided) {
  const words = { confirmed: 'decide.settledPrinted', failed: 'decide.settledNot' };
  return say(words[decided] ?? 'decide.settledOther', { number });
}

function settle(number, printed) {
  const failed = async (error) => {
    tell(sayError(error), true);
    if (error.status === 409) await learn(number);
  };
  return act(
    `settle:${number}:${printed}`,
    async (key) => {
      const label = await change(`labels/${encodeURIComponent(number)}/settle`, {
        body: { printed, reason: say('decide.looked') },
        key,
        read: readLabel,
      });
      state.decided.set(number, label.state);
      tell(decidedText(number, label.state));
    },
    { failed },
  );
}

/** What somebody else has decided. */
async function learn(number) {
  try {
    heardOfDecision((await get(`labels/${encodeURIComponent(number)}`, readDetails)).label);
    changed();
  } catch {
    // It is still asked; the next press says the same.
  }
}

/** A label changed: if it was unknown and a printer is held for it, only the release is left to do. */
export function heardOfDecision(label) {
  const isAsked = state.status?.printers.some((printer) => printer.label === label.number);
  if (label.state === 'unknown') state.decided.delete(label.number);
  else if (isAsked) state.decided.set(label.number, label.state);
}

const learned = new Set();

/** A printer stays held after its label was decided about, perhaps before this page was opened: that is asked once. */
export function learnDecisions() {
  for (const { state: is, label } of state.status.printers) {
    if (is !== 'unknown' || label === null || learned.has(label)) continue;
    learned.add(label);
    void learn(label);
  }
}

/** Puts what the agent answers into the status, until the next one comes. */
function put(printer) {
  const { printers } = state.status;
  const at = printers.findIndex(({ name }) => name === printer.name);
  if (at >= 0) printers[at] = printer;
  changed();
}

function hold(name) {
  return act(`lane:${name}`, async (key) => {
    put(await change(`printers/${encodeURIComponent(name)}/hold`, { key, read: readPrinter }));
    tell(say('printers.held', { name }));
  });
}

function release(name) {
  return act(`lane:${name}`, async (key) => {
    put(await change(`printers/${encodeURIComponent(name)}/release`, { key, read: readPrinter }));
    tell(say('printers.released', { name }));
  });
}
