// One label: how it stands, what happened to it, what it looks like, and what can be done about it.

import { button } from './actions.js';
import { ApiError, get } from './api.js';
import { h } from './dom.js';
import { moment } from './format.js';
import { mark } from './icons.js';
import { readDetails } from './shapes.js';
import { changed, now, openDialog, state } from './state.js';
import { answer } from './view-printers.js';
import { openReprint } from './view-reprint.js';
import { say, sayError, sayTrouble, word } from './words.js';

export function openLabel(label) {
  const dialog = { name: 'label', label, details: null, fault: null, picture: 'asked' };
  openDialog(dialog);
  void load(dialog);
}

/** Something changed about a label, null: perhaps about all. If it is looked at, it is read again. */
export function heardOfLabel(label) {
  for (const dialog of state.dialogs) {
    if (dialog.name === 'label' && (label === null || dialog.label.number === label.number)) void load(dialog);
  }
}

async function load(dialog) {
  try {
    dialog.details = await get(`labels/${encodeURIComponent(dialog.label.number)}`, readDetails);
    dialog.label = dialog.details.label;
    dialog.fault = null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    dialog.fault = sayError(error);
  }
  changed();
}

export function titleOfLabel(dialog) {
  return say('label.title', { number: dialog.label.number });
}

export function drawLabel(dialog) {
  const { label, details } = dialog;
  return h(
    'div',
    { class: 'label' },
    drawPicture(dialog),
    h(
      'div',
      { class: 'label-facts', key: 'facts' },
      h('p', { class: 'label-state' }, mark(label.state, word('label.states', label.state)), h('span', null, word('label.means', label.state))),
      h(
        'dl',
        { class: 'facts' },
        fact(say('waybill'), h('b', { class: 'figures' }, label.waybill ?? say('none'))),
        fact(say('carrier'), label.carrier ?? say('none')),
        fact(say('printer'), label.printer ?? say('none')),
        fact(say('changed'), moment(label.changed, now())),
        label.confirmed_by !== null && fact(say('label.basis'), word('label.confirmedBy', label.confirmed_by)),
        label.attempts !== null && label.attempts > 1 && fact(say('label.attempts'), String(label.attempts)),
        label.reason !== null && fact(say('reason'), sayTrouble(label.reason)),
      ),
      h('p', { class: 'fault', role: 'alert' }, dialog.fault ?? ''),
      label.state === 'unknown' &&
        h(
          'div',
          { class: 'decision', key: 'decision' },
          h('p', null, h('strong', null, say('label.settle'))),
          h('div', { class: 'row' }, answer(label.number, true), answer(label.number, false)),
        ),
      h(
        'div',
        { class: 'row', key: 'does' },
        label.can_reprint
          ? button({ text: say('label.reprint'), key: 'reprint', isOff: label.state === 'sending', 'data-first': true, onclick: () => openDialog(openReprint(label)) })
          : h('p', { class: 'small', key: 'gone' }, sayWhyNot(label)),
      ),
      details !== null && drawHistory(details.history),
    ),
  );
}

function fact(name, value) {
  return h('div', { key: name }, h('dt', null, name), h('dd', null, value));
}

function sayWhyNot(label) {
  if (label.state === 'failed') return say('label.goneFailed');
  return say(label.state === 'unknown' ? 'label.goneUnknown' : 'label.gone');
}

function drawHistory(history) {
  return h(
    'div',
    { class: 'scroll', key: 'history', tabindex: '0', role: 'region', 'aria-label': say('label.history') },
    h(
      'table',
      null,
      h('caption', null, say('label.history')),
      h('thead', null, h('tr', null, ['time', 'what', 'operator'].map((column) => h('th', { scope: 'col', key: column }, say(`label.${column}`))))),
      h(
        'tbody',
        null,
        history.map((event, index) =>
          h(
            'tr',
            { key: index },
            h('td', { class: 'figures' }, moment(event.time, now())),
            h(
              'td',
              null,
              mark(event.what, word('label.events', event.what)),
              h('span', { class: 'aside' }, [event.copy ? say('copyMark', { copy: event.copy }) : '', event.printer ?? '', event.reason ? sayTrouble(event.reason) : ''].filter(Boolean).join(' · ')),
            ),
            h('td', null, event.operator ?? say('none')),
          ),
        ),
      ),
    ),
  );
}

/** The masked preview. Why there is none is asked only when there is none. */
function drawPicture(dialog) {
  const path = `labels/${encodeURIComponent(dialog.label.number)}/preview.png`;
  const failed = async () => {
    dialog.picture = 'fails';
    changed();
    try {
      await get(path, () => null);
    } catch (error) {
      if (error.code === 'ORDER_GONE' || error.status === 410) dialog.picture = 'gone';
    }
    changed();
  };
  return h(
    'div',
    { class: 'label-picture', key: 'picture' },
    dialog.picture === 'asked'
      ? h('img', { src: `/api/v1/${path}`, alt: say('label.preview', { number: dialog.label.number }), onerror: failed })
      : h('p', { class: 'small' }, say(dialog.picture === 'gone' ? 'label.previewGone' : 'label.previewFails')),
  );
}
