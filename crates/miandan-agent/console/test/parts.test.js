// What can be tried without a browser: events, times, numbers, shapes of answers, and that both languages say everything.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { parser } from '../events.js';
import { clock, day, figure, moment, runningNumber } from '../format.js';
import { readLabels, readStatus } from '../shapes.js';
import english from '../words-en.js';
import chinese from '../words-zh.js';
import { MockAgent, START } from './mock.js';

const CONSOLE = fileURLToPath(new URL('..', import.meta.url));

test('events come in whatever pieces', () => {
  const stream = ': heartbeat\n\nevent: status\r\ndata: {"a":1}\r\n\r\nevent: label\ndata: 1\ndata: 2\nid: 7\n\ndata: plain\n\nevent: none\n\n';
  const wanted = [['status', '{"a":1}'], ['label', '1\n2'], ['message', 'plain']];
  for (let size = 1; size <= stream.length; size += 1) {
    const told = [];
    const parse = parser((event, data) => told.push([event, data]));
    for (let at = 0; at < stream.length; at += size) parse(stream.slice(at, at + size));
    assert.deepEqual(told, wanted, `in pieces of ${size}`);
  }
});

test('a stream without an end of a line is given up', () => {
  const parse = parser(() => assert.fail('nothing was said'));
  assert.throws(() => {
    for (let piece = 0; piece < 100; piece += 1) parse('x'.repeat(65_536));
  }, /GARBAGE/);
});

test('times are those of China wherever this runs', () => {
  assert.equal(clock(START), '14:03:22');
  assert.equal(clock(START, false), '14:03');
  assert.equal(day(START), '2026-11-30');
  // A second before midnight in China, and midnight.
  assert.equal(day(1_796_054_399), '2026-11-30');
  assert.equal(day(1_796_054_400), '2026-12-01');
  assert.equal(moment(START, START + 60), '14:03:22');
  assert.equal(moment(START - 86_400, START), '11-29 14:03:22');
  assert.equal(moment(START - 400 * 86_400, START), '2025-10-26 14:03:22');
  assert.equal(clock(1e300), '–');
});

test('running numbers and figures are read and written', () => {
  assert.deepEqual(runningNumber('261130-001-012'), [261130, 1, 12]);
  for (const none of ['', '012', '261130-001', 'YT7412345678901', '261130-001-012x']) assert.equal(runningNumber(none), null, none);
  assert.equal(figure(1_234_567), '1,234,567');
  assert.equal(figure(999), '999');
});

test('an answer of another shape is refused wherever it differs', () => {
  const status = new MockAgent().status();
  assert.deepEqual(readStatus(structuredClone(status)), status);
  let tried = 0;
  const spoil = (at, path) => {
    for (const [name, value] of Object.entries(at)) {
      for (const wrong of [{ wrong: true }, -1.5, 'x'.repeat(5_000), [[]]]) {
        if (typeof wrong === typeof value && typeof value === 'number' && ['now', 'started'].includes(name)) continue;
        if (name === 'mandatory') continue;
        at[name] = wrong;
        assert.throws(() => readStatus(structuredClone(status)), TypeError, `${path}.${name}: ${JSON.stringify(wrong).slice(0, 40)}`);
        tried += 1;
      }
      at[name] = value;
      if (typeof value === 'object' && value !== null) spoil(value, `${path}.${name}`);
    }
  };
  spoil(status, 'status');
  assert.ok(tried > 300, `only ${tried} were tried`);
  for (const wrong of [null, [], 'text', {}, { labels: {} }, { labels: [null], next: null }]) assert.throws(() => readLabels(wrong), TypeError);
});

function keysOf(words, path = '') {
  return Object.entries(words).flatMap(([name, value]) => (typeof value === 'object' ? keysOf(value, `${path}${name}.`) : [`${path}${name}:${typeof value}`]));
}

test('both languages say the same things', () => {
  // What the agent says in English has to be translated, and only partly put in other words.
  const without = (keys) => keys.filter((key) => !key.startsWith('troubles.'));
  assert.deepEqual(without(keysOf(chinese)), without(keysOf(english)));
  const devices = readFileSync(new URL('../../../miandan/src/messages/devices.rs', import.meta.url), 'utf8');
  // Every reason that the devices have and that comes from a printer at a station.
  for (const [, text] of devices.matchAll(/^ {4}[A-Z_]+ = "([^"{]+)", "/gm)) {
    if (/IPP|TLS|certificate|form of label|another fault|file of another/.test(text)) continue;
    assert.ok(text in chinese.troubles, `no Chinese for “${text}”`);
  }
});

test('every word that is asked for is there', () => {
  const known = new Set(keysOf(chinese).map((key) => key.split(':')[0]));
  const sources = readdirSync(CONSOLE).filter((name) => name.endsWith('.js') && !name.startsWith('words-'));
  let found = 0;
  for (const name of sources) {
    for (const [, path] of readFileSync(new URL(`../${name}`, import.meta.url), 'utf8').matchAll(/\bsay\('([a-zA-Z.]+)'/g)) {
      assert.ok(known.has(path), `${name}: ${path}`);
      found += 1;
    }
  }
  assert.ok(found > 100);
});

test('the page is light, and its document names every module', () => {
  const files = readdirSync(CONSOLE).filter((name) => /\.(js|css|html|svg)$/.test(name));
  const total = files.reduce((sum, name) => sum + readFileSync(new URL(`../${name}`, import.meta.url)).length, 0);
  assert.ok(total <= 150_000, `${total} bytes`);
  const document = readFileSync(new URL('../index.html', import.meta.url), 'utf8');
  for (const name of files.filter((name) => name.endsWith('.js'))) assert.ok(document.includes(`"${name}"`), `${name} is not loaded at once`);
  for (const [, name] of document.matchAll(/(?:href|src)="([^"]+)"/g)) assert.ok(files.includes(name), `${name} is not there`);
});

test('nothing of the page can run what is not its own', () => {
  for (const name of readdirSync(CONSOLE).filter((name) => name.endsWith('.js') || name.endsWith('.html'))) {
    const text = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc|javascript:/, name);
    assert.doesNotMatch(text, /\sstyle[=:]|https?:\/\/(?!www\.w3\.org\/2000\/svg)/, name);
  }
});
