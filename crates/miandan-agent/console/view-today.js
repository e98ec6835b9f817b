// The day in figures, and how fast labels came in the last hour.

import { h } from './dom.js';
import { clock, day, figure } from './format.js';
import { shape, tone } from './icons.js';
import { now, state } from './state.js';
import { say } from './words.js';

const SHAPES = { printed: 'printed', waiting: 'waiting', unknown: 'unknown', failed: 'failed' };

export function viewToday() {
  const { today, waiting } = state.status;
  const counts = { ...today, waiting };
  return [
    h('div', { class: 'head' }, h('h1', { id: 'heading', tabindex: '-1' }, say('today.title')), h('p', { class: 'lead figures' }, day(now()))),
    h(
      'ul',
      { class: 'counts' },
      Object.keys(SHAPES).map((name) =>
        h(
          'li',
          { key: name },
          h(
            'a',
            { class: `count ${counts[name] > 0 ? `tone-${tone(SHAPES[name])}` : 'tone-quiet'}`, href: linkTo(name) },
            h('span', { class: 'count-name' }, shape(SHAPES[name]), say(`today.${name}`)),
            ' ',
            h('b', null, figure(counts[name])),
            name === 'printed' && h('span', { class: 'aside' }, `${say('today.reprinted')} ${figure(today.reprinted)}`),
          ),
        ),
      ),
    ),
    drawHour(state.status.per_minute.slice(-60)),
  ];
}

/** The labels that were counted. What waits may be of an earlier day. */
function linkTo(name) {
  const query = new URLSearchParams({ state: name });
  if (name !== 'waiting') query.set('day', day(now()));
  return `#/labels?${query}`;
}

const PLOT = { width: 900, height: 300, left: 40, top: 14, bottom: 30 };

function drawHour(minutes) {
  const total = minutes.reduce((sum, one) => sum + one, 0);
  const most = Math.max(0, ...minutes);
  const ofMinute = (index) => Math.floor(now() / 60) * 60 - (minutes.length - 1 - index) * 60;
  const summary =
    total === 0
      ? say('today.summaryNone')
      : say('today.summary', { total, most, at: clock(ofMinute(minutes.lastIndexOf(most)), false), last: minutes.at(-1) });
  const top = roundUp(most);
  const { width, height, left, bottom } = PLOT;
  const step = (width - left) / 60;
  const high = height - PLOT.top - bottom;
  const y = (value) => height - bottom - (value / top) * high;
  const round = (value) => String(Math.round(value * 10) / 10);
  return h(
    'figure',
    { class: 'hour', key: 'hour' },
    h('figcaption', null, h('h2', null, say('today.perMinute')), h('p', null, summary)),
    h(
      'svg',
      { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${say('today.perMinute')}: ${summary}` },
      [0, top / 2, top].map((value) => [
        h('line', { x1: String(left), x2: String(width), y1: round(y(value)), y2: round(y(value)), class: 'grid' }),
        h('text', { x: String(left - 8), y: round(y(value) + 5), 'text-anchor': 'end' }, String(value)),
      ]),
      minutes.map((value, index) =>
        h('rect', {
          key: `m${index}`,
          class: index === minutes.length - 1 ? 'bar last' : 'bar',
          x: round(left + (60 - minutes.length + index) * step + step * 0.15),
          y: round(value === 0 ? y(0) - 1 : y(value)),
          width: round(step * 0.7),
          height: round(value === 0 ? 1 : (value / top) * high),
        }),
      ),
      // The current minute stands at the right; a time every quarter of an hour.
      [0, 15, 30, 45, 59].map((index) =>
        h(
          'text',
          { key: `t${index}`, x: round(left + (index + 0.5) * step), y: String(height - 8), 'text-anchor': index === 59 ? 'end' : index === 0 ? 'start' : 'middle' },
          clock(ofMinute(index - 60 + minutes.length), false),
        ),
      ),
    ),
  );
}

/** The top of the scale: an even number of a round size, so that its half is a number too. */
function roundUp(most) {
  const sizes = [2, 4, 6, 10, 20, 40, 60, 100, 200, 400, 600, 1_000, 2_000, 4_000, 6_000, 10_000];
  return sizes.find((size) => size >= most) ?? Math.ceil(most / 10_000) * 10_000;
}
