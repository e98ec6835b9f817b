// The component: where it is, and what becomes of a host without one, with another one, or with a wrong key.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Batch, Component, Station } from 'miandan';
import { Shop, TEMPLATE, failure } from './shop.mjs';

/** A program that is no component of this version: it says so, or says nothing. */
function fake(shop, name, lines) {
  writeFileSync(shop.at(name), [`#!${process.execPath}`, ...lines, ''].join('\n'));
  chmodSync(shop.at(name), 0o755);
  return shop.at(name);
}

const OTHER_VERSION = [
  "const word = (text) => Buffer.concat([Buffer.from([text.length, 0, 0, 0]), Buffer.from(text)]);",
  "const layers = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((layer) => [layer, 0]));",
  "const body = Buffer.concat([Buffer.from([128, 3, 0]), word('0.0.3'), word('ST-01'), layers]);",
  "require('node:fs').writeSync(0, Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]));",
  'setTimeout(() => {}, 10_000);',
];

test('the component of the package is locked', async (t) => {
  const shop = new Shop(t, 1);
  const component = shop.component();
  assert.match(component.place, /miandan-component/);
  const ready = await component.check();
  assert.equal(ready.station, 'ST-01');
  assert.match(ready.version, /^\d+\.\d+\.\d+$/);
  assert.ok(['full', 'reduced'].includes(ready.sandbox));
  assert.equal(ready.isSeparate, undefined);
});

test('no component, a dead one, and one of another version', async (t) => {
  const shop = new Shop(t, 3);
  assert.equal(await failure(() => shop.component({ program: shop.at('nowhere') })), 'COMPONENT_MISSING');
  const place = process.env.MIANDAN_COMPONENT;
  process.env.MIANDAN_COMPONENT = shop.at('nowhere');
  assert.equal(await failure(() => shop.component()), 'COMPONENT_MISSING');
  if (place === undefined) delete process.env.MIANDAN_COMPONENT;
  else process.env.MIANDAN_COMPONENT = place;

  const orders = await shop.orders();
  const kinds = [
    [fake(shop, 'dead', ['process.exit(3)']), 'COMPONENT_FAILED'],
    [fake(shop, 'other', OTHER_VERSION), 'COMPONENT_VERSION'],
    [fake(shop, 'babbling', ["require('node:fs').writeSync(0, 'hello, who is there?')"]), 'COMPONENT_FAILED'],
    [shop.at('orders.jsonl'), 'COMPONENT_FAILED'],
  ];
  for (const [program, code] of kinds) {
    const component = shop.component({ program });
    assert.equal(await failure(() => component.check()), code);
    const batch = new Batch({ component, orders, template: TEMPLATE });
    assert.equal(await failure(() => batch.printPdf(shop.at('labels.pdf'))), code);
    assert.equal(await failure(() => batch.labels().next()), code);
    const printers = { desk: { uri: `file:${shop.folder}/`, profile: 'tspl' } };
    assert.equal(await failure(() => Station.open({ component, journal: shop.at('journal.db'), printers })), code);
  }
  const service = new Component({ program: `unix:${shop.at('no.sock')}` });
  assert.equal(await failure(() => service.check()), 'SERVICE_UNREACHABLE');
});

test('a wrong key, a foreign issuer, and files that are not there', async (t) => {
  const [shop, other] = [new Shop(t, 3), new Shop(t, 1)];
  const codes = async (options) => {
    const batch = new Batch({ component: shop.component(options), orders: await shop.orders(), template: TEMPLATE });
    const found = new Set();
    const summary = await batch.printPdf(shop.at('labels.pdf'), { onLabel: ({ error }) => found.add(error?.code) });
    assert.equal(summary.done, 0);
    return [...found];
  };
  assert.deepEqual(await codes({ key: other.at('station.key') }), ['UNKNOWN_KEY']);
  assert.deepEqual(await codes({ trust: other.at('issuer.key.pub') }), ['UNKNOWN_ISSUER']);
  assert.equal(await failure(() => shop.component({ key: shop.at('no.key') }).check()), 'UNREADABLE');
  assert.equal(await failure(() => shop.component({ trust: shop.folder }).check()), 'UNREADABLE');
  assert.equal(await failure(() => shop.component({ key: shop.at('orders.jsonl') }).check()), 'UNKNOWN_KEY');
  assert.equal(await failure(() => shop.component({ key: 'credential:key' })), 'UNREADABLE');
});

test('what the component remembers is kept beside the key, elsewhere, or nowhere', async (t) => {
  const shop = new Shop(t, 1);
  const orders = await shop.orders();
  const print = (state) => new Batch({ component: shop.component(state), orders, template: TEMPLATE }).printPdf(shop.at('labels.pdf'));
  const isThere = (name) => {
    try {
      return readFileSync(shop.at(name)).length > 0;
    } catch {
      return false;
    }
  };
  await print({ state: false });
  assert.ok(!isThere('station.key.state'));
  await print({ state: shop.at('kept') });
  assert.deepEqual([isThere('kept'), isThere('station.key.state')], [true, false]);
  await print({});
  assert.ok(isThere('station.key.state'));
});
