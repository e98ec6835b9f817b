// The code that a person reads from the machine's own terminal: who can read it may use the station.

import { button } from './actions.js';
import { ApiError, change } from './api.js';
import { h } from './dom.js';
import { changed, state } from './state.js';
import { say, sayError } from './words.js';

let fault = null;
let isAsking = false;

export function viewSession(begin) {
  const submit = (event) => {
    event.preventDefault();
    const code = event.target.elements.code.value.replace(/\D/g, '');
    if (code.length === 8) void enter(code, begin);
    else {
      fault = say('session.short');
      changed();
    }
  };
  return h(
    'form',
    { class: 'session', onsubmit: submit, key: 'session' },
    h('h1', { id: 'heading', tabindex: '-1' }, say('session.title')),
    state.hasEnded && h('p', { class: 'ended', role: 'alert', key: 'ended' }, say('session.ended')),
    h('p', null, say('session.how')),
    h('p', null, h('code', null, 'miandan-agent console')),
    h('label', { for: 'code' }, say('session.code')),
    h('input', {
      id: 'code',
      name: 'code',
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      maxlength: '12',
      spellcheck: 'false',
      'aria-describedby': 'code-fault',
      made: (node) => node.focus(),
    }),
    h('p', { class: 'fault', id: 'code-fault', role: 'alert' }, fault ?? ''),
    button({ type: 'submit', kind: 'main', isOff: isAsking, text: say(isAsking ? 'working' : 'session.enter') }),
  );
}

/** Gives the agent a code, and begins if it is taken. */
export async function enter(code, begin) {
  if (isAsking) return;
  isAsking = true;
  fault = null;
  changed();
  try {
    await change('session', { body: { code } });
    isAsking = false;
    state.notice = null;
    begin();
    return;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fault = sayError(error);
  }
  isAsking = false;
  state.session = 'out';
  changed();
}
