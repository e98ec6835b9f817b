// Which web pages may print here. Letting one in gives it the printers, so it is asked twice and shown whole.

import { act, button } from './actions.js';
import { ApiError, change, get } from './api.js';
import { h } from './dom.js';
import { readOrigins } from './shapes.js';
import { changed, closeDialog, openDialog, state, tell } from './state.js';
import { say, sayError } from './words.js';

let origins = null;
let fault = null;
let isLoading = false;
let isOld = true;

/** The list has changed, here or elsewhere. */
export function originsChanged() {
  isOld = true;
}

async function load() {
  if (isLoading) return;
  isLoading = true;
  isOld = false;
  try {
    origins = await get('origins', readOrigins);
    fault = null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fault = sayError(error);
  }
  isLoading = false;
  changed();
}

export function viewOrigins() {
  if (isOld) void load();
  const waiting = origins?.waiting ?? [];
  const paired = origins?.paired ?? [];
  return [
    h('div', { class: 'head' }, h('h1', { id: 'heading', tabindex: '-1' }, say('origins.title')), h('p', { class: 'lead small' }, say('origins.why'))),
    h('p', { class: 'fault', role: 'alert' }, fault ?? ''),
    origins !== null && [
      h('h2', null, say('origins.waiting')),
      waiting.length === 0 ? h('p', { class: 'empty', key: 'none-waiting' }, say('origins.noneWaiting')) : drawList('allow', waiting),
      h('h2', null, say('origins.paired')),
      paired.length === 0 ? h('p', { class: 'empty', key: 'none-paired' }, say('origins.nonePaired')) : drawList('remove', paired),
    ],
  ];
}

function drawList(what, list) {
  const open = (origin) => openDialog({ name: 'origin', what, origin, request: `origin:${origin}`, fault: null });
  return h(
    'table',
    { class: `origins ${what}`, key: what },
    h('caption', { class: 'unseen' }, say(what === 'allow' ? 'origins.waiting' : 'origins.paired')),
    h('thead', { class: 'unseen' }, h('tr', null, h('th', { scope: 'col' }, say('origins.origin')), h('th', { scope: 'col' }, say('origins.action')))),
    h(
      'tbody',
      null,
      list.map((origin) =>
        h(
          'tr',
          { key: origin },
          h('th', { scope: 'row', class: 'figures' }, origin),
          h(
            'td',
            null,
            button({ id: `origin:${origin}`, kind: what === 'allow' ? 'main' : '', text: say(`origins.${what}`), of: origin, onclick: () => open(origin) }),
          ),
        ),
      ),
    ),
  );
}

export function titleOfAllow(dialog) {
  return say(`origins.${dialog.what}Title`);
}

export function drawAllow(dialog) {
  const { what, origin, request } = dialog;
  return h(
    'div',
    null,
    h('p', { class: 'origin' }, origin),
    h('p', null, say(`origins.${what}Why`)),
    h('p', { class: 'fault', role: 'alert' }, dialog.fault ?? ''),
    h(
      'div',
      { class: 'row end' },
      button({ text: say('cancel'), 'data-first': true, onclick: () => closeDialog(dialog) }),
      button({ id: request, kind: 'main', text: say(`origins.${what}Go`), onclick: () => decide(dialog) }),
    ),
  );
}

function decide(dialog) {
  const { what, origin, request } = dialog;
  const failed = (error) => {
    dialog.fault = sayError(error);
    isOld = true;
    changed();
  };
  return act(
    request,
    async (key) => {
      await change(`origins/${what}`, { body: { origin }, key });
      closeDialog(dialog);
      tell(say(what === 'allow' ? 'origins.allowed' : 'origins.removed', { origin }));
      if (state.route.view === 'origins') await load();
      else isOld = true;
    },
    { failed },
  );
}
