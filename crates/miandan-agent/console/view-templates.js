// The labels that this station can print, as they look.

import { ApiError, get } from './api.js';
import { h } from './dom.js';
import { readTemplates } from './shapes.js';
import { changed } from './state.js';
import { say, sayError } from './words.js';

let templates = null;
let fault = null;
let isLoading = false;
const without = new Set();

/** What did not come is asked for again. */
export function askForTemplatesAgain() {
  fault = null;
}

async function load() {
  isLoading = true;
  try {
    ({ templates } = await get('templates', readTemplates));
    fault = null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fault = sayError(error);
  }
  isLoading = false;
  changed();
}

export function viewTemplates() {
  if (templates === null && !isLoading && fault === null) void load();
  return [
    h(
      'div',
      { class: 'head' },
      h('h1', { id: 'heading', tabindex: '-1' }, say('templates.title')),
      h('p', { class: 'lead' }, templates === null ? '' : say('templates.count', { count: templates.length })),
    ),
    h('p', { class: 'fault', role: 'alert' }, fault ?? ''),
    templates !== null && templates.length === 0 && h('p', { class: 'empty', key: 'none' }, say('templates.none')),
    templates !== null && h('ul', { class: 'templates', key: 'templates' }, templates.map(drawTemplate)),
  ];
}

function drawTemplate({ name, addresses, width_mm: width, height_mm: height }) {
  return h(
    'li',
    { key: name },
    without.has(name)
      ? h('p', { class: 'no-picture', key: 'no-picture' }, say('templates.noPicture'))
      : h('img', {
          key: 'picture',
          src: `/api/v1/templates/${encodeURIComponent(name)}/picture.png`,
          alt: say('templates.picture', { name }),
          loading: 'lazy',
          onerror: () => {
            without.add(name);
            changed();
          },
        }),
    h(
      'div',
      { key: 'words' },
      h('h2', null, name),
      h('p', { class: 'figures' }, say('templates.size', { width, height })),
      addresses.length === 0
        ? h('p', { class: 'small' }, say('templates.noAddresses'))
        : h('ul', { class: 'addresses', 'aria-label': say('templates.addresses') }, addresses.map((address) => h('li', { key: address }, address))),
    ),
  );
}
