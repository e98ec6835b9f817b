// Dialogs. The browser's own modal ones: they keep the focus inside, close on Escape and give the focus back.

import { dropKey } from './actions.js';
import { h } from './dom.js';
import { clock } from './format.js';
import { cross } from './icons.js';
import { closeDialog, isGone, state } from './state.js';
import { drawLabel, titleOfLabel } from './view-label.js';
import { drawAllow, titleOfAllow } from './view-origins.js';
import { drawReprint, titleOfReprint } from './view-reprint.js';
import { drawResume, titleOfResume } from './view-resume.js';
import { say } from './words.js';

const DIALOGS = {
  label: [titleOfLabel, drawLabel],
  origin: [titleOfAllow, drawAllow],
  reprint: [titleOfReprint, drawReprint],
  resume: [titleOfResume, drawResume],
};

let made = 0;

export function drawDialog(dialog) {
  const [title, draw] = DIALOGS[dialog.name];
  // A key of its own for each time that it is opened: what is asked for then is asked for once.
  dialog.id ??= `dialog-${(made += 1)}`;
  const id = `${dialog.id}-title`;
  const close = () => closeDialog(dialog);
  return h(
    'dialog',
    {
      key: dialog.id,
      class: `dialog-${dialog.name}`,
      'aria-labelledby': id,
      oncancel: (event) => {
        event.preventDefault();
        close();
      },
      // Escape pressed twice closes whatever `cancel` says.
      onclose: close,
      made: (node) => {
        if (dialog.request) dropKey(dialog.request);
        const first = node.querySelector('[data-first], input');
        node.showModal();
        first?.focus();
      },
    },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', { id }, title(dialog)),
      h('button', { type: 'button', class: 'plain', 'aria-label': say('close'), onclick: close }, cross()),
    ),
    isGone() &&
      h(
        'p',
        { class: 'dialog-gone tone-bad', key: 'gone' },
        h('strong', null, say('goneTitle')),
        ` ${state.heard === null ? '' : say('goneSince', { time: clock(state.heard) })}`,
      ),
    h('div', { class: 'dialog-body', key: 'body' }, draw(dialog)),
  );
}
