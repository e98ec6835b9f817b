// The fleet: how this station stands to it and, where the configuration lets it look, every station of it. What needs a
// person stands first. It is asked for while it is looked at.

import { button } from './actions.js';
import { ApiError, get } from './api.js';
import { h } from './dom.js';
import { clock, figure, moment } from './format.js';
import { mark } from './icons.js';
import { readFleet } from './shapes.js';
import { changed, isGone, now, state } from './state.js';
import { otherLanguage, say, sayError, sayTrouble, word } from './words.js';

/** How often it is asked for, in milliseconds. */
const PERIOD = 3_000;
/** What is older is said to be, in seconds. */
const OLD = 10;
/** A clock that is further off is said to be, in seconds. */
const CLOCK = 60;
/** Stations that are shown at first, and that each press adds. */
const PAGE = 100;
/** Sites that are named when they are cut off. */
const NAMED = 12;

/** Why a station needs a person, what matters most first. */
const NEEDS = [
  ({ printers }) => printers.some(({ held }) => held === 'unknown'),
  ({ printers }) => printers.some(({ held }) => held !== null),
  ({ printers }) => printers.some(({ trouble }) => trouble !== null),
  ({ state: is }) => is === 'gone',
  isClockOff,
  ({ isCut }) => isCut,
];

/** What is counted, and what it is called. */
const COUNTS = { queued: 'fleet.queued', printed: 'today.printed', unknown: 'today.unknown', aside: 'fleet.aside' };

/** As the agent and the broker said last; `heard` and `told` are when. */
let member = null;
let overview = null;
let heard = null;
let told = null;
/** Why the broker, and why the agent, has said nothing since. */
let trouble = null;
let fault = null;
let isLoading = false;
let isOld = true;
let timer = null;
let search = '';
let most = PAGE;
/** What is drawn of each station, and of which text it was made. */
const drawn = new Map();

/** What did not come is asked for again; after the agent was away, also what did. */
export function askForFleetAgain(wasAway) {
  isOld ||= wasAway || heard === null;
}

/** Whether the agent has to do with a fleet. */
export function hasFleet() {
  if (isOld && !isGone()) void load();
  return member !== null || overview !== null || trouble !== null;
}

async function load() {
  if (isLoading) return;
  isLoading = true;
  isOld = false;
  try {
    const said = await get('fleet', readFleet);
    heard = now();
    member = said.member;
    trouble = said.overview?.trouble ?? null;
    if (trouble === null) {
      told = heard;
      overview = said.overview && arrange(said.overview);
    }
    fault = null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fault = error;
  }
  isLoading = false;
  changed();
}

/** Adds the stations up and sorts them; of what needs nobody, those first of which something was unknown. */
function arrange({ stations, cut_off: cut }) {
  const sums = { 'takes-labels': 0, drained: 0, gone: 0, queued: 0, printed: 0, unknown: 0, aside: 0 };
  const rows = stations.map((given) => {
    const station = { ...given, isCut: cut.includes(given.station.split('/', 1)[0]) };
    if (station.state in sums) sums[station.state] += 1;
    let unknown = 0;
    for (const printer of station.printers) {
      for (const name of Object.keys(COUNTS)) sums[name] += printer[name] ?? 0;
      unknown += printer.unknown;
    }
    const need = NEEDS.findIndex((needs) => needs(station));
    return { station, need: need < 0 ? NEEDS.length + Number(unknown === 0) : need };
  });
  rows.sort((one, other) => one.need - other.need);
  return { cut, sums, stations: rows.map(({ station }) => station), needing: rows.filter(({ need }) => need < NEEDS.length).length };
}

function isClockOff({ clock_ahead: ahead }) {
  return Math.abs(ahead) > CLOCK;
}

const isLookedAt = () => state.session === 'in' && state.route.view === 'fleet' && document.visibilityState === 'visible';

/** Asks now and then, until nobody looks any more. While nothing is answered, what is shown ages. */
function keepAsking() {
  if (!isLookedAt()) {
    clearInterval(timer);
    timer = null;
  } else if (isLoading || isGone()) changed();
  else void load();
}

document.addEventListener('visibilitychange', changed);

export function viewFleet() {
  if (timer === null && isLookedAt()) {
    timer = setInterval(keepAsking, PERIOD);
    if (!isGone()) void load();
  }
  const why = fault !== null ? (fault.code === 'NO_ANSWER' ? say('goneTitle') : sayError(fault)) : trouble !== null ? word('fleet.troubles', trouble) : null;
  const since = overview !== null ? told : member !== null ? heard : null;
  const age = now() - since;
  const summary = overview !== null && { count: figure(overview.stations.length), stuck: figure(overview.needing) };
  return [
    h(
      'div',
      { class: 'head' },
      h('h1', { id: 'heading', tabindex: '-1' }, say('views.fleet')),
      summary &&
        overview.stations.length > 0 &&
        h('p', { class: 'lead' }, overview.needing === 0 ? mark('ready', say('fleet.allWell', summary)) : mark('unknown', say('fleet.someStuck', summary))),
    ),
    h('p', { class: 'fault', role: 'alert' }, why ?? ''),
    since !== null &&
      (fault !== null || isGone() || age > OLD || (trouble !== null && overview !== null)) &&
      h('p', { class: 'old', key: 'old' }, say('fleet.old', { time: clock(since), age: say('fleet.span', { seconds: Math.round(age) }) })),
    heard === null && fault === null && h('p', { class: 'lead', key: 'loading' }, say('loading')),
    heard !== null && !hasFleet() && h('p', { class: 'empty', key: 'none' }, say('fleet.none')),
    member !== null && drawMember(),
    overview !== null && drawOverview(),
  ];
}

function drawMember() {
  const { station, line, drained, printed, unknown, aside } = member;
  const takes = drained ? 'drained' : 'takes-labels';
  return h(
    'section',
    { 'aria-labelledby': 'here', key: 'here' },
    h('h2', { id: 'here' }, say('fleet.here')),
    drawFigures([
      ['fleet.place', station],
      ['fleet.line', mark(line, word('fleet.lines', line))],
      ['state', drained === null ? say('none') : mark(takes, say(`fleet.states.${takes}`))],
      ...Object.entries({ printed, unknown, aside }).map(([name, count]) => [COUNTS[name], sayCount(name, count)]),
    ]),
    line === 'refused' && h('p', { class: 'small', key: 'refused' }, say('fleet.refused')),
    aside > 0 && h('p', { class: 'small', key: 'aside' }, say('fleet.asideMeans')),
  );
}

function drawOverview() {
  const { cut, sums, stations } = overview;
  const words = search.toLowerCase();
  const isFound = ({ station, printers }) => station.toLowerCase().includes(words) || printers.some(({ name }) => name.toLowerCase().includes(words));
  const found = words === '' ? stations : stations.filter(isFound);
  const shown = found.slice(0, most);
  return h(
    'section',
    { 'aria-labelledby': 'all', key: 'all', 'data-stale': trouble !== null || fault !== null },
    h(
      'div',
      { class: 'head' },
      h('h2', { id: 'all' }, say('fleet.all')),
      h('input', { type: 'search', 'aria-label': say('fleet.search'), placeholder: say('fleet.search'), value: search, oninput: find, maxlength: '64', autocomplete: 'off', spellcheck: 'false' }),
    ),
    drawFigures([
      ...['takes-labels', 'drained', 'gone'].map((name) => [`fleet.states.${name}`, figure(sums[name])]),
      ...Object.entries(COUNTS).map(([name, words]) => [words, sayCount(name, sums[name])]),
    ]),
    cut.length > 0 &&
      h(
        'p',
        { class: 'old', key: 'cut' },
        say('fleet.cutOff', { sites: cut.slice(0, NAMED).join(say('comma')), more: Math.max(0, cut.length - NAMED) }),
      ),
    shown.length > 0 && drawTable(shown),
    shown.length === 0 && h('p', { class: 'empty', key: 'nothing' }, say(words === '' ? 'fleet.noStations' : 'fleet.nothing')),
    h(
      'p',
      { class: 'foot', key: 'foot' },
      h('span', { role: 'status' }, say('fleet.shown', { count: figure(shown.length), of: figure(found.length) })),
      found.length > most && button({ text: say('labels.more'), onclick: showMore, key: 'more' }),
    ),
  );
}

function find(event) {
  search = event.target.value.trim();
  most = PAGE;
  changed();
}

function showMore() {
  most += PAGE;
  changed();
}

function drawFigures(figures) {
  return h('dl', { class: 'totals card', key: 'figures' }, figures.map(([name, value]) => h('div', { key: name }, h('dt', null, say(name)), h('dd', null, value))));
}

function sayCount(name, count) {
  if (count === null) return say('none');
  return name === 'unknown' && count > 0 ? mark('unknown', figure(count)) : figure(count);
}

function drawTable(stations) {
  const columns = ['station.title', 'printer', 'state', ...Object.values(COUNTS)];
  return h(
    'table',
    { class: 'fleet', key: 'stations' },
    h('caption', { class: 'unseen' }, say('fleet.all')),
    h('thead', null, h('tr', null, columns.map((column) => h('th', { scope: 'col', key: column }, say(column))))),
    stations.map(drawStation),
  );
}

/** The rows of a station: as long as nothing of it is to be shown otherwise, the same description. */
function drawStation(station) {
  const notes = [
    station.state === 'gone' && say('fleet.heard', { time: moment(station.heard, now()) }),
    isClockOff(station) && say('fleet.clock', { isFast: station.clock_ahead > 0, off: say('fleet.span', { seconds: Math.abs(station.clock_ahead) }) }),
    station.isCut && say('fleet.isCut'),
  ].filter(Boolean);
  const text = JSON.stringify([otherLanguage(), station.state, station.version, notes, station.printers]);
  const before = drawn.get(station.station);
  if (before?.text === text) return before.rows;
  const rows = describe(station, notes);
  drawn.set(station.station, { text, rows });
  return rows;
}

function describe({ station, state: is, version, printers }, notes) {
  const lines = Math.max(1, printers.length);
  const head = h(
    'th',
    { scope: 'rowgroup', rowspan: String(lines), key: 'station' },
    h('strong', null, station),
    h('div', null, mark(is, word('fleet.states', is)), h('span', { class: 'aside' }, version)),
    notes.map((note) => h('div', { class: 'note', key: note }, note)),
  );
  if (printers.length === 0) return h('tbody', { key: station }, h('tr', null, head, h('td', { colspan: '6', class: 'wide' }, say('fleet.noPrinters'))));
  return h(
    'tbody',
    { key: station },
    printers.map((printer, index) =>
      h(
        'tr',
        { key: printer.name },
        index === 0 && head,
        h('th', { scope: 'row', key: 'printer' }, printer.name),
        h('td', { class: 'wide' }, sayHow(printer, is)),
        Object.entries(COUNTS).map(([name, words]) => h('td', { class: 'figures', key: name, 'data-name': say(words) }, sayCount(name, printer[name]))),
      ),
    ),
  );
}

function sayHow({ held, trouble: has, sending }, is) {
  const why = held === 'person' ? 'held' : held;
  if (why !== null) return [mark(why, word('printers.states', why)), has !== null && h('div', { class: 'note' }, sayTrouble(has))];
  if (has !== null) return mark('troubled', sayTrouble(has));
  // What was well when it was heard of last may be anything by now.
  if (is === 'gone') return say('none');
  return sending !== null ? mark('printing', sending) : mark('ready', say('printers.states.ready'));
}
