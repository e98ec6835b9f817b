// After a jam: the last good label is in somebody's hand. What will be done is shown before it is.

import { act, button, isOpen } from './actions.js';
import { ApiError, change, get } from './api.js';
import { h } from './dom.js';
import { runningNumber } from './format.js';
import { readDetails, readLabels, readResumed } from './shapes.js';
import { changed, closeDialog, state, tell } from './state.js';
import { say, sayError } from './words.js';

export function openResume(printer) {
  return { name: 'resume', printer, request: `resume:${printer}`, step: 'ask', fault: null, isLooking: false, isTried: false };
}

export function titleOfResume(dialog) {
  return say('resume.title', { name: dialog.printer });
}

export function drawResume(dialog) {
  return dialog.step === 'check' ? drawCheck(dialog) : drawAsk(dialog);
}

function drawAsk(dialog) {
  const printer = state.status?.printers.find(({ name }) => name === dialog.printer);
  const submit = (event) => {
    event.preventDefault();
    void look(dialog, event.target.elements.last.value.trim(), printer);
  };
  return h(
    'form',
    { onsubmit: submit, key: 'ask' },
    h('label', { for: 'last' }, say('resume.ask')),
    h('input', {
      id: 'last',
      name: 'last',
      class: 'large',
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      maxlength: '64',
      'aria-describedby': 'last-how last-fault',
      made: (node) => node.focus(),
    }),
    h('p', { class: 'small', id: 'last-how' }, say('resume.how'), printer?.last ? ` ${say('resume.last', { number: printer.last })}` : ''),
    h('p', { class: 'fault', id: 'last-fault', role: 'alert' }, dialog.fault ?? ''),
    h(
      'div',
      { class: 'row end' },
      button({ text: say('cancel'), onclick: () => closeDialog(dialog) }),
      button({ type: 'submit', kind: 'main', isOff: dialog.isLooking, text: say(dialog.isLooking ? 'resume.looking' : 'resume.look') }),
    ),
  );
}

/** Finds the label, and what the agent would do: it alone knows what this printer was sent. */
async function look(dialog, typed, printer) {
  if (typed === '' || dialog.isLooking) return;
  dialog.isLooking = true;
  dialog.fault = null;
  changed();
  try {
    const label = await find(typed, printer);
    if (label.printer !== null && label.printer !== dialog.printer) {
      throw new Fault(say('resume.otherPrinter', { number: label.number, printer: label.printer }));
    }
    const body = { last: label.number, reason: say('resume.reason'), look: true };
    const found = await change(`printers/${encodeURIComponent(dialog.printer)}/resume`, { body, read: readResumed });
    Object.assign(dialog, { step: 'check', last: label.number, found });
  } catch (error) {
    if (error instanceof Fault) dialog.fault = error.message;
    else if (error instanceof ApiError) dialog.fault = error.status === 404 ? say('resume.notFound') : sayError(error);
    else throw error;
  } finally {
    dialog.isLooking = false;
    changed();
  }
}

class Fault extends Error {}

/** The label of a running number, of the end of one, or of a waybill number. */
async function find(typed, printer) {
  let number = runningNumber(typed) ? typed : null;
  if (/^\d{1,7}$/.test(typed)) {
    const batch = /^(.*)-\d+$/.exec(printer?.label ?? printer?.last ?? '')?.[1];
    if (batch === undefined) throw new Fault(say('resume.nowhere'));
    number = `${batch}-${typed.padStart(3, '0')}`;
  }
  if (number !== null) return (await get(`labels/${encodeURIComponent(number)}`, readDetails)).label;
  const { labels } = await get(`labels?${new URLSearchParams({ search: typed, limit: '50' })}`, readLabels);
  const found = new Map(labels.filter(({ waybill }) => waybill === typed).map((label) => [label.number, label]));
  if (found.size > 1) throw new Fault(say('resume.several'));
  const [label] = found.values();
  if (label === undefined) throw new Fault(say('resume.notFound'));
  return label;
}

function drawCheck(dialog) {
  const { confirmed, reprinted, gone } = dialog.found;
  // Nobody knows whether it was done: it can be asked for again, and for nothing else.
  const isTried = dialog.isTried && isOpen(dialog.request);
  return h(
    'div',
    { key: 'check' },
    h('p', { class: 'large', key: 'last' }, say('resume.check', { number: dialog.last })),
    confirmed.length + reprinted.length + gone.length === 0 && h('p', null, say('resume.none')),
    confirmed.length > 0 && listed('confirmed', confirmed),
    reprinted.length > 0 && listed('reprinted', reprinted),
    gone.length > 0 && listed('gone', gone),
    h('p', { class: 'small' }, say('resume.then')),
    h('p', { class: 'fault', role: 'alert' }, dialog.fault ?? ''),
    h(
      'div',
      { class: 'row end' },
      button({ text: say('back'), isOff: isTried || state.busy.has(dialog.request), onclick: () => again(dialog) }),
      button({ id: dialog.request, kind: 'main', text: say('resume.go'), made: (node) => node.focus(), onclick: () => resume(dialog) }),
    ),
  );
}

function listed(what, numbers) {
  return h(
    'section',
    { class: `listed ${what}`, key: what },
    h('h3', null, say(`resume.${what}`, { count: numbers.length })),
    h('ul', null, numbers.map((number) => h('li', { key: number }, h('b', null, number)))),
  );
}

function again(dialog) {
  Object.assign(dialog, { step: 'ask', fault: null });
  changed();
}

function resume(dialog) {
  dialog.isTried = true;
  const failed = (error) => {
    dialog.fault = sayError(error);
    changed();
  };
  return act(
    dialog.request,
    async (key) => {
      const done = await change(`printers/${encodeURIComponent(dialog.printer)}/resume`, {
        body: { last: dialog.last, reason: say('resume.reason') },
        key,
        read: readResumed,
      });
      closeDialog(dialog);
      const [confirmed, reprinted, gone] = [done.confirmed, done.reprinted, done.gone].map((numbers) => numbers.length);
      tell([say('resume.done', { confirmed, reprinted }), gone > 0 ? say('resume.gone', { count: gone }) : ''].join(' ').trim(), gone > 0);
    },
    { failed },
  );
}
