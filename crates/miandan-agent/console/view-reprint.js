// Printing a label again, with a reason.

import { act, button, isOpen } from './actions.js';
import { change } from './api.js';
import { h } from './dom.js';
import { readReprinted } from './shapes.js';
import { changed, closeDialog, state, tell } from './state.js';
import { say, sayError } from './words.js';

const REASONS = ['jam', 'faint', 'torn', 'lost', 'other'];

/** What the journal takes, in characters. */
const LONGEST = 200;

export function openReprint(label) {
  return { name: 'reprint', label, request: `reprint:${label.number}`, why: null, isTried: false, fault: null };
}

export function titleOfReprint(dialog) {
  return say('reprint.title', { number: dialog.label.number });
}

export function drawReprint(dialog) {
  const { label, request } = dialog;
  // Nobody knows whether it was done: it can be asked for again, and for nothing else.
  const isTried = dialog.isTried && (state.busy.has(request) || isOpen(request));
  const printers = state.status?.printers ?? [];
  const submit = (event) => {
    event.preventDefault();
    const { other, printer } = event.target.elements;
    void reprint(dialog, other?.value.trim() ?? '', printer?.value ?? '');
  };
  const choose = (event) => {
    dialog.why = event.target.value;
    dialog.fault = null;
    changed();
  };
  return h(
    'form',
    { onsubmit: submit },
    h('p', { class: 'small' }, say('reprint.note')),
    h(
      'fieldset',
      { disabled: isTried },
      h('legend', null, say('reprint.why')),
      h(
        'div',
        { class: 'choices' },
        REASONS.map((reason) =>
          h(
            'label',
            { class: 'choice', key: reason },
            h('input', { type: 'radio', name: 'why', value: reason, onchange: choose }),
            h('span', null, say(`reprint.reasons.${reason}`)),
          ),
        ),
      ),
      dialog.why === 'other' &&
        h(
          'div',
          { class: 'field', key: 'other' },
          h('label', { for: 'other' }, say('reprint.other')),
          h('input', { id: 'other', name: 'other', maxlength: String(LONGEST), autocomplete: 'off', made: (node) => node.focus() }),
        ),
      printers.length > 1 &&
        h(
          'div',
          { class: 'field', key: 'where' },
          h('label', { for: 'where' }, say('reprint.where')),
          h(
            'select',
            { id: 'where', name: 'printer' },
            h('option', { value: '' }, say('reprint.same') + (label.printer ? ` (${label.printer})` : '')),
            printers.filter(({ name }) => name !== label.printer).map(({ name }) => h('option', { value: name, key: name }, name)),
          ),
        ),
    ),
    h('p', { class: 'fault', role: 'alert' }, dialog.fault ?? ''),
    h(
      'div',
      { class: 'row end' },
      button({ text: say('cancel'), onclick: () => closeDialog(dialog) }),
      button({ id: request, type: 'submit', kind: 'main', text: say('reprint.go') }),
    ),
  );
}

function reprint(dialog, other, printer) {
  const { label, request, why } = dialog;
  const reason = why === 'other' ? other : why && say(`reprint.reasons.${why}`);
  if (!reason) {
    dialog.fault = say('reprint.otherMissing');
    changed();
    return undefined;
  }
  dialog.isTried = true;
  dialog.fault = null;
  const failed = (error) => {
    dialog.fault = sayError(error);
    changed();
  };
  return act(
    request,
    async (key) => {
      const done = await change(`labels/${encodeURIComponent(label.number)}/reprint`, {
        body: printer === '' ? { reason } : { reason, printer },
        key,
        read: readReprinted,
      });
      closeDialog(dialog);
      tell(say('reprint.done', done));
    },
    { failed },
  );
}
