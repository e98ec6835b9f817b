// The station itself: what runs, under which promise, and whether every layer of the sandbox holds.

import { h } from './dom.js';
import { clock, day } from './format.js';
import { mark } from './icons.js';
import { now, state } from './state.js';
import { say, word } from './words.js';

export function viewStation() {
  const { version, started, component, printers } = state.status;
  return [
    h('div', { class: 'head' }, h('h1', { id: 'heading', tabindex: '-1' }, say('station.title'))),
    h(
      'div',
      { class: 'columns' },
      h(
        'section',
        { 'aria-label': say('station.station') },
        h(
          'dl',
          { class: 'facts card' },
          fact('station', component.station ?? say('none')),
          fact('version', version),
          fact('uptime', sayUptime(now() - started)),
          fact('started', `${day(started)} ${clock(started)}`),
          fact('mode', component.mode === null ? say('none') : word('station.modes', component.mode)),
          fact('sandbox', component.sandbox === null ? say('none') : mark(component.sandbox, word('station.sandboxes', component.sandbox))),
        ),
        h('h2', null, say('station.printers')),
        drawTable(
          ['printer', 'station.profile', 'station.address'],
          printers.map(({ name, profile, uri }) => [name, profile ?? say('none'), uri ?? say('none')]),
          say('station.printers'),
        ),
      ),
      h(
        'section',
        { 'aria-labelledby': 'layers' },
        h('h2', { id: 'layers' }, say('station.layers')),
        component.layers.length === 0
          ? h('p', { class: 'empty', key: 'none' }, say('station.noLayers'))
          : drawTable(
              ['station.layer', 'state', 'station.mandatory'],
              component.layers.map(({ layer, state: is, mandatory }) => [
                word('station.layerNames', layer),
                mark(is, word('station.layerStates', is)),
                say(mandatory ? 'station.yes' : 'station.no'),
              ]),
              say('station.layers'),
            ),
      ),
    ),
  ];
}

function fact(name, value) {
  return h('div', { key: name }, h('dt', null, say(`station.${name}`)), h('dd', null, value));
}

function drawTable(columns, rows, caption) {
  return h(
    'table',
    { key: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h('thead', null, h('tr', null, columns.map((column) => h('th', { scope: 'col', key: column }, say(column))))),
    h('tbody', null, rows.map(([first, ...others], index) => h('tr', { key: index }, h('th', { scope: 'row' }, first), others.map((cell) => h('td', null, cell))))),
  );
}

function sayUptime(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return say('station.uptimeOf', { days: Math.floor(minutes / 1_440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 });
}
