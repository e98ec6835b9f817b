// Shapes. Every state has one of its own, so that it is known in bad light and without colour.

import { h } from './dom.js';

const svg = (name, viewBox, ...children) =>
  h('svg', { class: `icon icon-${name}`, viewBox, 'aria-hidden': 'true', focusable: 'false' }, ...children);
const path = (d, more) => h('path', { d, ...more });
const line = { fill: 'none', stroke: 'currentColor', 'stroke-width': '2.4', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
const full = { fill: 'currentColor' };
const cut = { fill: 'none', stroke: 'var(--card)', 'stroke-width': '2.8', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };

const SHAPES = {
  // A disc with a tick, a triangle, an hourglass, two bars, a diamond with a question, an octagon with a cross.
  good: () => [h('circle', { cx: '12', cy: '12', r: '10', ...full }), path('M7.2 12.6l3.2 3.2 6.4-7', cut)],
  moving: () => [path('M6 3.2v17.6L21 12z', full)],
  waiting: () => [path('M6 2.5h12M6 21.5h12M7.5 3v4.2L12 12l4.5-4.8V3M7.5 21v-4.2L12 12l4.5 4.8V21', line), path('M9 20l3-3.2L15 20z', full)],
  held: () => [path('M5 3h5v18H5zM14 3h5v18h-5z', full)],
  unknown: () => [path('M12 1l11 11-11 11L1 12z', full), path('M9.4 9.6a2.7 2.7 0 1 1 3.9 2.4c-.9.5-1.3 1-1.3 2M12 16.9v.1', cut)],
  bad: () => [path('M7.6 1.5h8.8l6.1 6.1v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6z', full), path('M8.4 8.4l7.2 7.2M15.6 8.4l-7.2 7.2', cut)],
  part: () => [h('circle', { cx: '12', cy: '12', r: '9', ...line }), path('M12 3a9 9 0 0 1 0 18z', full)],
  empty: () => [h('circle', { cx: '12', cy: '12', r: '9', ...line })],
};

/** The shape of each state of a printer, a label, a layer and a station. */
const OF = {
  ready: 'good', troubled: 'waiting', printing: 'moving', waiting: 'waiting', held: 'held', unknown: 'unknown', journal: 'bad',
  planned: 'empty', rendered: 'part', sending: 'moving', sent: 'good', confirmed: 'good', failed: 'bad', reprint: 'moving',
  on: 'good', partial: 'part', unavailable: 'empty', dangerously_off: 'bad', untested: 'unknown',
  'takes-labels': 'good', drained: 'held', gone: 'bad', connected: 'good', disconnected: 'waiting', refused: 'bad',
  full: 'good', reduced: 'part', insufficient: 'bad', printed: 'good',
};

/** How a state is coloured; what is not known is coloured as nothing is. */
const TONE = { good: 'good', moving: 'busy', waiting: 'late', held: 'quiet', unknown: 'ask', bad: 'bad', part: 'quiet', empty: 'quiet' };

export function tone(state) {
  return TONE[OF[state]] ?? 'quiet';
}

export function shape(state) {
  const name = OF[state] ?? 'empty';
  return svg(name, '0 0 24 24', ...SHAPES[name]());
}

/** A state as shape and word. */
export function mark(state, text) {
  return h('span', { class: `mark tone-${tone(state)}` }, shape(state), h('span', null, text));
}

const VIEWS = {
  printers: 'M6 9V3h12v6M6 17H3V9h18v8h-3M6 14h12v7H6z',
  today: 'M4 20V11M10 20V4M16 20v-7M21 20H2',
  labels: 'M5 3h14v18H5zM8 7h8M8 11h8M8 15v3M10.5 15v3M13 15v3M16 15v3',
  origins: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  templates: 'M4 4h16v16H4zM4 10h16M11 10v10',
  station: 'M12 2l8 3v6c0 5-3.4 9-8 11-4.6-2-8-6-8-11V5z',
  fleet: 'M9 3h6v6H9zM3 15h6v6H3zM15 15h6v6h-6zM12 9v3M6 15v-3h12v3',
};

export function viewIcon(view) {
  return svg(`view-${view}`, '0 0 24 24', path(VIEWS[view], { ...line, 'stroke-width': '2' }));
}

export function tick() {
  return svg('tick', '0 0 24 24', path('M4 12.5l5.5 5.5L20 6.5', { ...line, 'stroke-width': '3' }));
}

export function cross() {
  return svg('close', '0 0 24 24', path('M6 6l12 12M18 6L6 18', { ...line, 'stroke-width': '3' }));
}
