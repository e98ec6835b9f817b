// The journal: what became of every label, newest first. What is looked for stands in the address.

import { button } from './actions.js';
import { ApiError, get } from './api.js';
import { h } from './dom.js';
import { moment } from './format.js';
import { mark } from './icons.js';
import { readLabels } from './shapes.js';
import { changed, now, state } from './state.js';
import { openLabel } from './view-label.js';
import { say, sayError, word } from './words.js';

const STATES = ['printed', 'failed', 'unknown', 'waiting'];
const FILTERS = ['state', 'printer', 'search', 'day'];
const PAGE = 50;

/** What is shown: of which filters, its rows, where it goes on, what has changed since. */
let shown = nothing(null);

function nothing(filters) {
  return { filters, rows: [], next: null, isLoading: false, isRead: false, fault: null, fresh: new Set() };
}

/** A label changed; null: everything may have. Rows that are shown change in place, others are counted. */
export function heardLabel(label) {
  if (label === null) {
    shown = nothing(null);
    return;
  }
  // A copy has the number of its label, and takes its row.
  const of = shown.rows.filter((row) => row.number === label.number);
  const row = of.find(({ copy }) => copy === label.copy) ?? of.find(({ copy }) => copy < label.copy);
  if (row !== undefined) shown.rows[shown.rows.indexOf(row)] = label;
  else if (shown.isRead && mayMatch(label)) shown.fresh.add(`${label.number}/${label.copy}`);
}

function mayMatch(label) {
  const filters = new URLSearchParams(shown.filters);
  const states = {
    printed: ['sent', 'confirmed'],
    failed: ['failed'],
    unknown: ['unknown'],
    waiting: ['planned', 'rendered', 'sending'],
  }[filters.get('state')];
  if (states !== undefined && !states.includes(label.state)) return false;
  if (filters.has('printer') && filters.get('printer') !== label.printer) return false;
  // Of what was searched for there are few, and of another day none.
  return !filters.has('search') && !filters.has('day');
}

function filtersOf(query) {
  const filters = new URLSearchParams();
  for (const name of FILTERS) if (query.get(name)) filters.set(name, query.get(name));
  return filters;
}

async function load(more) {
  const mine = shown;
  if (mine.isLoading) return;
  mine.isLoading = true;
  try {
    const query = new URLSearchParams(mine.filters);
    query.set('limit', String(PAGE));
    if (more && mine.next !== null) query.set('after', mine.next);
    const { labels, next } = await get(`labels?${query}`, readLabels);
    const known = new Set(mine.rows.map(({ number, copy }) => `${number}/${copy}`));
    mine.rows.push(...labels.filter(({ number, copy }) => !known.has(`${number}/${copy}`)));
    mine.next = next;
    mine.fault = null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    mine.fault = sayError(error);
  }
  mine.isRead = true;
  mine.isLoading = false;
  changed();
}

function refresh() {
  shown = nothing(shown.filters);
  void load(false);
  changed();
}

export function viewLabels() {
  const filters = filtersOf(state.route.query);
  if (shown.filters !== String(filters)) {
    shown = nothing(String(filters));
    void load(false);
  }
  return [
    h(
      'div',
      { class: 'head' },
      h('h1', { id: 'heading', tabindex: '-1' }, say('labels.title')),
      shown.fresh.size > 0 && button({ key: 'fresh', text: say('labels.fresh', { count: shown.fresh.size }), onclick: refresh }),
    ),
    drawFilters(filters),
    h('p', { class: 'fault', role: 'alert' }, shown.fault ?? ''),
    shown.rows.length > 0 && drawRows(),
    shown.isRead && shown.rows.length === 0 && shown.fault === null && h('p', { class: 'empty', key: 'nothing' }, say('labels.nothing')),
    h(
      'p',
      { class: 'foot', key: 'foot' },
      h('span', { role: 'status' }, shown.isRead ? say('labels.shown', { count: shown.rows.length }) : say('loading')),
      shown.next !== null
        ? button({ text: shown.isLoading ? say('loading') : say('labels.more'), isOff: shown.isLoading, onclick: () => load(true), key: 'more' })
        : shown.isRead && shown.rows.length > 0 && h('span', { key: 'all' }, say('labels.all')),
    ),
  ];
}

function drawFilters(filters) {
  const go = (event) => {
    event?.preventDefault();
    const form = document.getElementById('filters');
    const wanted = new URLSearchParams();
    for (const name of FILTERS) {
      const value = form.elements[name].value.trim();
      if (value !== '') wanted.set(name, value);
    }
    location.hash = `#/labels?${wanted}`;
  };
  const select = (name, all, options) =>
    h(
      'select',
      { name, 'aria-label': all, value: filters.get(name) ?? '', onchange: go, key: name, made: (node) => (node.value = filters.get(name) ?? '') },
      h('option', { value: '' }, all),
      options.map(([value, text]) => h('option', { value, key: value }, text)),
    );
  const printers = state.status.printers.map(({ name }) => [name, name]);
  return h(
    'form',
    { class: 'filters', id: 'filters', role: 'search', 'aria-label': say('labels.filters'), onsubmit: go, key: 'filters' },
    select('state', say('labels.allStates'), STATES.map((name) => [name, say(`labels.states.${name}`)])),
    select('printer', say('labels.allPrinters'), printers),
    h('input', {
      name: 'search',
      type: 'search',
      'aria-label': say('labels.search'),
      placeholder: say('labels.search'),
      value: filters.get('search') ?? '',
      maxlength: '64',
      autocomplete: 'off',
      spellcheck: 'false',
    }),
    h('input', { name: 'day', type: 'date', 'aria-label': say('labels.day'), value: filters.get('day') ?? '', onchange: go }),
    button({ type: 'submit', kind: 'main', text: say('labels.find') }),
    String(filters) !== '' && h('a', { class: 'button plain', href: '#/labels', key: 'clear' }, say('labels.clear')),
  );
}

function drawRows() {
  // A row stays the same one when its label becomes a copy: it may have the focus.
  const times = new Map();
  const keyOf = ({ number }) => {
    times.set(number, (times.get(number) ?? 0) + 1);
    return `${number}/${times.get(number)}`;
  };
  const columns = ['number', 'waybill', 'state', 'printer', 'changed'];
  return h(
    'div',
    { class: 'scroll', key: 'rows' },
    h(
      'table',
      { class: 'rows' },
      h('caption', { class: 'unseen' }, say('labels.title')),
      h('thead', null, h('tr', null, columns.map((column) => h('th', { scope: 'col', key: column }, say(column))))),
      h('tbody', null, shown.rows.map((label) => drawRow(label, keyOf(label)))),
    ),
  );
}

function drawRow(label, key) {
  const { number, copy } = label;
  return h(
    // The button in it is what has the focus; the whole row is a larger target for a finger.
    'tr',
    { key, onclick: () => openLabel(label), 'data-number': number },
    h(
      'th',
      { scope: 'row' },
      h('button', { type: 'button', class: 'link', 'aria-label': say('labels.open', { number }) }, number),
      copy > 0 && h('span', { class: 'tag' }, say('copyMark', { copy })),
    ),
    h('td', null, h('span', { class: 'figures' }, label.waybill ?? say('none')), h('span', { class: 'aside' }, label.carrier ?? '')),
    h('td', null, mark(label.state, word('label.states', label.state))),
    h('td', null, label.printer ?? say('none')),
    h('td', { class: 'figures' }, moment(label.changed, now())),
  );
}
