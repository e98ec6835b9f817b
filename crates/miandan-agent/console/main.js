// The page: who is at it, what the agent tells, which view is shown.

import { button, whenSessionEnds } from './actions.js';
import { change } from './api.js';
import { drawDialog } from './dialogs.js';
import { h, patch } from './dom.js';
import { Events } from './events.js';
import { clock } from './format.js';
import { listenToScanner, swallowSecondPresses } from './guard.js';
import { cross, viewIcon } from './icons.js';
import { changed, drawWith, isGone, now, setNow, state, tell } from './state.js';
import { askForFleetAgain, hasFleet, viewFleet } from './view-fleet.js';
import { viewLabels, heardLabel } from './view-labels.js';
import { heardOfLabel } from './view-label.js';
import { originsChanged, viewOrigins } from './view-origins.js';
import { heardOfDecision, isStuck, learnDecisions, viewPrinters } from './view-printers.js';
import { enter, viewSession } from './view-session.js';
import { viewStation } from './view-station.js';
import { askForTemplatesAgain, viewTemplates } from './view-templates.js';
import { viewToday } from './view-today.js';
import { otherLanguage, say, sayTrouble, switchLanguage } from './words.js';

const VIEWS = {
  printers: viewPrinters,
  today: viewToday,
  labels: viewLabels,
  origins: viewOrigins,
  templates: viewTemplates,
  station: viewStation,
  fleet: viewFleet,
};

const events = new Events(heard, lost);
const root = document.getElementById('page');

function heard(event, said) {
  state.session = 'in';
  state.hasEnded = false;
  if (state.lost !== null) {
    state.lost = null;
    if (state.heard !== null) tell(say('backAgain'));
    heardLabel(null);
    heardOfLabel(null);
    askAgain(true);
  }
  if (event === 'status') {
    setNow(said.now);
    sayWhatIsNew(state.status, said);
    if (state.status?.origins_waiting !== said.origins_waiting) originsChanged();
    state.status = said;
    learnDecisions();
  } else {
    heardOfDecision(said);
    heardLabel(said);
    heardOfLabel(said);
  }
  state.heard = now();
  changed();
}

function lost(error) {
  if (error.code === 'UNAUTHORIZED') endSession();
  else state.lost = error;
  changed();
}

/** What is read once is read again when it may have changed unseen, or did not come. */
function askAgain(wasAway = false) {
  originsChanged();
  askForTemplatesAgain();
  askForFleetAgain(wasAway);
}

/** Printers that have got stuck are said once, also to those who do not look. */
function sayWhatIsNew(before, status) {
  if (before === null) return;
  for (const printer of status.printers) {
    const was = before.printers.find(({ name }) => name === printer.name);
    if (was === undefined) continue;
    const { name } = printer;
    if (printer.state === 'unknown' && (was.state !== 'unknown' || was.label !== printer.label)) {
      tell(say('printers.nowUnknown', { name, number: printer.label ?? say('none') }), true);
    } else if (printer.trouble !== null && was.trouble !== printer.trouble && printer.state !== 'unknown') {
      tell(say('printers.nowTrouble', { name, trouble: sayTrouble(printer.trouble) }), true);
    }
  }
}

function endSession() {
  events.stop();
  state.hasEnded = state.session === 'in';
  state.session = 'out';
  state.lost = null;
  state.notice = null;
  state.dialogs = [];
  changed();
}

/** Begins to listen, after a code was taken or when the page is opened. */
function begin() {
  state.session = state.session === 'out' ? 'in' : state.session;
  state.hasEnded = false;
  events.start();
  changed();
}

async function lock() {
  // Whatever the agent says: who locks wants to see nothing more.
  const asked = change('session', { method: 'DELETE' }).catch(() => {});
  endSession();
  state.hasEnded = false;
  state.status = null;
  tell(say('session.locked'));
  await asked;
}

/** The view of the address. A code in it is taken out at once: an address is seen, kept and sent on. */
function followAddress() {
  const address = location.hash.slice(1);
  const code = /^code=(\d{8})$/.exec(address)?.[1];
  if (code !== undefined) {
    history.replaceState(null, '', '#/printers');
    state.route = { view: 'printers', query: new URLSearchParams() };
    return code;
  }
  const [path, query = ''] = address.split('?', 2);
  const view = path.replace(/^\//, '');
  const isOther = state.route.view !== view;
  state.route = { view: Object.hasOwn(VIEWS, view) ? view : 'printers', query: new URLSearchParams(query) };
  state.dialogs = [];
  askAgain();
  changed();
  if (isOther) queueMicrotask(() => queueMicrotask(() => document.getElementById('heading')?.focus()));
  return undefined;
}

function draw() {
  const isIn = state.session === 'in';
  const stuck = state.status?.printers.filter(isStuck).length ?? 0;
  const { view } = state.route;
  const heading = isIn ? say(`views.${view}`) : say('session.title');
  document.title = `${isIn && stuck > 0 ? `(${stuck}) ` : ''}${heading} – ${say('title')}`;
  patch(root, [
    h('a', { class: 'skip', href: '#heading', onclick: skip }, say('skip')),
    drawRail(isIn, stuck),
    h(
      'div',
      { class: 'content', key: 'content' },
      drawBanner(),
      h(
        'main',
        { id: 'main', 'data-stale': isIn && isGone() },
        state.session === 'out' ? viewSession(begin) : isIn && state.status !== null ? h('div', { key: view }, VIEWS[view]()) : waiting(),
      ),
    ),
    drawNotice(),
    ...state.dialogs.map((dialog) => drawDialog(dialog)),
  ]);
}

function skip(event) {
  event.preventDefault();
  document.getElementById('heading')?.focus();
}

function waiting() {
  return h('div', { key: 'waiting' }, h('h1', { id: 'heading', tabindex: '-1' }, isGone() ? say('title') : say('loading')));
}

function drawRail(isIn, stuck) {
  const badges = { printers: stuck, origins: state.status?.origins_waiting ?? 0 };
  return h(
    'header',
    { class: 'rail', key: 'rail' },
    h(
      'p',
      { class: 'brand' },
      h('strong', null, say('brand')),
      h('span', null, isIn ? (state.status?.component.station ?? '') : ''),
    ),
    isIn &&
      h(
        'nav',
        { 'aria-label': say('navigation') },
        Object.keys(VIEWS).filter((view) => view !== 'fleet' || hasFleet()).map((view) =>
          h(
            'a',
            { key: view, href: `#/${view}`, 'aria-current': state.route.view === view ? 'page' : false },
            viewIcon(view),
            h('span', null, say(`views.${view}`)),
            badges[view] > 0 &&
              h('b', { class: 'badge' }, String(badges[view]), h('span', { class: 'unseen' }, ` ${say('needs', { count: badges[view] })}`)),
          ),
        ),
      ),
    h(
      'div',
      { class: 'rail-end', key: 'end' },
      h('button', { type: 'button', class: 'plain', lang: otherLanguage(), onclick: speakOther }, say('otherLanguage')),
      isIn && h('button', { type: 'button', class: 'plain', onclick: lock }, say('lock')),
    ),
  );
}

function speakOther() {
  switchLanguage();
  state.notice = null;
  changed();
}

/** Why nothing that is shown may be believed; always there, so that it is read out when it fills. */
export function sayGone() {
  const isGarbage = state.lost.code === 'GARBAGE';
  const since = state.heard === null ? say('goneNever') : say('goneSince', { time: clock(state.heard) });
  return [say(isGarbage ? 'garbageTitle' : 'goneTitle'), isGarbage ? say('garbageSince') : since];
}

function drawBanner() {
  if (!isGone() || state.session === 'out') return h('div', { class: 'banner', role: 'alert', key: 'banner' });
  const [title, text] = sayGone();
  return h(
    'div',
    { class: 'banner tone-bad', role: 'alert', key: 'banner' },
    h('p', null, h('strong', null, title), h('span', null, text)),
    h('button', { type: 'button', class: 'button', onclick: () => events.start() }, say('retryNow')),
  );
}

function drawNotice() {
  const { notice } = state;
  return h(
    'div',
    { class: `notice ${notice?.isBad ? 'tone-bad' : 'tone-good'}`, key: 'notice', 'data-shown': notice !== null },
    h('p', { role: 'status', id: 'notice' }, notice?.text ?? ''),
    notice && h('button', { type: 'button', class: 'plain', 'aria-label': say('close'), onclick: forgetNotice }, cross()),
  );
}

function forgetNotice() {
  state.notice = null;
  changed();
}

drawWith(draw);
whenSessionEnds(endSession);
listenToScanner();
swallowSecondPresses();
window.addEventListener('hashchange', () => {
  const code = followAddress();
  if (code !== undefined) void enter(code, begin);
});
// Times that pass are drawn as they do.
setInterval(changed, 15_000);
const code = followAddress();
if (code === undefined) begin();
else void enter(code, begin);
