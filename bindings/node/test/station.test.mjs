// A station: through the journal onto printers that are files.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { Orders, Station } from 'miandan';
import { Shop, TEMPLATE, failure } from './shop.mjs';

const WHY = { reason: 'the label was torn', operator: 'Operator 2' };

async function open(t, count, options) {
  const shop = new Shop(t, count);
  mkdirSync(shop.at('desk'));
  const printers = { desk: { uri: `file:${shop.at('desk')}/`, profile: 'tspl' } };
  const station = await Station.open({ component: shop.component(), journal: shop.at('journal.db'), printers, ...options });
  shop.stops.push(() => station.stop());
  return { shop, station };
}

test('labels are printed, told of until they are settled, and not printed twice', async (t) => {
  const { shop, station } = await open(t, 12);
  const orders = await shop.orders();
  const job = await station.print('desk', orders, TEMPLATE);
  assert.equal(job.count, 12);
  const types = new Map();
  for await (const { index, type, number } of job) {
    types.set(index, [...(types.get(index) ?? []), type]);
    assert.match(number, /^\d{6}-\d{3}-\d{3}$/);
  }
  for (const each of types.values()) assert.deepEqual(each, ['planned', 'made', 'sending', 'settled']);
  const results = await job.results();
  assert.equal(results.length, 12);
  assert.ok(results.every(({ printed, confirmation, error }) => printed && confirmation === 'stored' && error === null));
  assert.equal(readdirSync(shop.at('desk')).length, 12);

  const again = await (await station.print('desk', orders, TEMPLATE)).results();
  assert.ok(again.every(({ printed, number }) => !printed && number === null));
  assert.deepEqual(again.map(({ error }) => [error.code, error.earlier.number]), results.map(({ number }) => ['DUPLICATE', number]));
  assert.equal(again[0].error.earlier.state, 'confirmed');
  assert.equal(readdirSync(shop.at('desk')).length, 12);

  assert.equal(await station.reprint(results[3].number, WHY), 1);
  let print;
  do print = await station.latest(results[3].number);
  while (print.state !== 'confirmed');
  assert.deepEqual([print.number, print.copy], [results[3].number, 1]);
  assert.equal(await failure(() => station.settle(results[0].number, { ...WHY, printed: true })), 'NO_DOUBT');
  const look = await station.resume('desk', results[9].number, { dryRun: true });
  assert.deepEqual(look, { confirmed: [], reprinted: results.slice(10).map(({ number }) => number), gone: [] });
  const resumed = await station.resume('desk', results[9].number, WHY);
  assert.deepEqual(resumed, look);
});

test('whoever listens, however often', async (t) => {
  const { shop, station } = await open(t, 8);
  const job = await station.print('desk', await shop.orders(), TEMPLATE);
  const iterate = async () => {
    const seen = [];
    for await (const event of job) seen.push(event);
    return seen;
  };
  const [one, two, results, once] = await Promise.all([iterate(), iterate(), job.results(), job.results()]);
  assert.equal(one.length + two.length, 8 * 4);
  assert.deepEqual(results, once);
  assert.deepEqual(await iterate(), []);
});

test('a printer that is held gets nothing until it is released', async (t) => {
  const { shop, station } = await open(t, 3);
  station.hold('desk');
  const job = await station.print('desk', await shop.orders(), TEMPLATE);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const [desk] = station.printers();
  assert.deepEqual([desk.name, desk.held, desk.waiting, desk.sending], ['desk', 'person', 3, null]);
  assert.equal(await failure(() => station.reprint('261111-001-001', { ...WHY, printer: 'desk' })), 'ORDER_GONE');
  station.release('desk');
  assert.ok((await job.results()).every(({ printed }) => printed));
  assert.equal(station.printers()[0].held, null);
});

test('what may be on paper holds its printer, and a person says what it was', async (t) => {
  // A printer that breaks off in the middle of its first label.
  const server = createServer((line) => {
    line.on('error', () => {});
    line.once('data', () => line.resetAndDestroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const printers = { jam: { uri: `socket://127.0.0.1:${server.address().port}`, profile: 'language = "tspl"\ndpi = 203\nhead_dots = 832\n' } };
  const { shop, station } = await open(t, 2, { printers });
  const job = await station.print('jam', await Orders.from(shop.lines.slice(0, 1)), TEMPLATE);
  const [{ number, error }] = await job.results();
  assert.equal(error.code, 'UNCERTAIN');
  const [jam] = station.printers();
  assert.deepEqual([jam.held, jam.unknown], ['unknown', number]);
  assert.equal((await station.latest(number)).state, 'unknown');
  const settled = await station.settle(number, { ...WHY, printed: false });
  assert.deepEqual([settled.number, settled.state], [number, 'failed']);
  station.release('jam');
});

test('a station that has stopped', async (t) => {
  const { shop, station } = await open(t, 3);
  const orders = await shop.orders();
  station.hold('desk');
  const job = await station.print('desk', orders, TEMPLATE);
  const results = job.results();
  await Promise.all([station.stop(), station.stop({ patience: 100 })]);
  assert.deepEqual((await results).map(({ error }) => error.code), ['STOPPING', 'STOPPING', 'STOPPING']);
  await station.stop();
  const calls = [
    () => station.print('desk', orders, TEMPLATE),
    () => station.reprint('261111-001-001', WHY),
    () => station.settle('261111-001-001', { ...WHY, printed: true }),
    () => station.resume('desk', '261111-001-001', WHY),
    () => station.latest('261111-001-001'),
    () => station.hold('desk'),
    () => station.release('desk'),
    () => station.printers(),
  ];
  for (const call of calls) assert.equal(await failure(call), 'BAD_HANDLE');
  // The journal is free again.
  const printers = { desk: { uri: `file:${shop.at('desk')}/`, profile: 'tspl' } };
  const next = await Station.open({ component: shop.component(), journal: shop.at('journal.db'), printers });
  await next[Symbol.asyncDispose]();
});

test('bad input', async (t) => {
  const { shop, station } = await open(t, 2);
  const orders = await shop.orders();
  const component = shop.component();
  const journal = shop.at('other.db');
  const uri = `file:${shop.at('desk')}/`;
  const opens = [
    [undefined, 'BAD_ARGUMENT'],
    [{}, 'BAD_ARGUMENT'],
    [{ component, journal }, 'BAD_ARGUMENT'],
    [{ component: orders, journal, printers: {} }, 'BAD_HANDLE'],
    [{ component, journal: 7, printers: {} }, 'BAD_ARGUMENT'],
    [{ component, journal: shop.folder, printers: {} }, 'JOURNAL_FAILED'],
    [{ component, journal: shop.at('sealed.jsonl'), printers: {} }, 'JOURNAL_FAILED'],
    [{ component, journal, printers: { desk: null } }, 'BAD_ARGUMENT'],
    [{ component, journal, printers: { desk: undefined } }, 'BAD_ARGUMENT'],
    [{ component, journal, printers: { desk: {} } }, 'BAD_ARGUMENT'],
    [{ component, journal, printers: { '': { uri, profile: 'tspl' } } }, 'BAD_ARGUMENT'],
    [{ component, journal, printers: { desk: { uri: 'gopher://x', profile: 'tspl' } } }, 'PRINTER_UNKNOWN'],
    [{ component, journal, printers: { desk: { uri: 'file:\ud800', profile: 'tspl' } } }, 'NOT_UNICODE'],
    [{ component, journal, printers: { desk: { uri, profile: 'none' } } }, 'PRINTER_UNKNOWN'],
    [{ component, journal, printers: {}, patience: -1 }, 'BAD_ARGUMENT'],
    [{ component, journal, printers: {}, components: 0 }, 'BAD_ARGUMENT'],
    [{ component, journal, printers: {}, keep: 1.5 }, 'BAD_ARGUMENT'],
    [{ component, journal, printers: {}, fonts: Buffer.from('none') }, 'FONT_REFUSED'],
    [{ component, journal, printers: {}, templates: 'none' }, 'BAD_ARGUMENT'],
    [{ component, journal, printers: {}, onEvent() {} }, 'BAD_ARGUMENT'],
  ];
  for (const [options, code] of opens) assert.equal(await failure(() => Station.open(options)), code, JSON.stringify(options));
  const calls = [
    [() => new Station(), 'BAD_ARGUMENT'],
    [() => station.print('none', orders, TEMPLATE), 'PRINTER_UNKNOWN'],
    [() => station.print(null, orders, TEMPLATE), 'BAD_ARGUMENT'],
    [() => station.print('desk', station, TEMPLATE), 'BAD_HANDLE'],
    [() => station.print('desk', orders, 7), 'BAD_ARGUMENT'],
    [() => station.hold('none'), 'PRINTER_UNKNOWN'],
    [() => station.release(), 'BAD_ARGUMENT'],
    [() => station.reprint('x', WHY), 'BAD_ARGUMENT'],
    [() => station.reprint('261111-001-001'), 'BAD_ARGUMENT'],
    [() => station.latest('261111-001-001'), 'LABEL_UNKNOWN'],
    [() => station.latest('261341-001-001'), 'BAD_ARGUMENT'],
    [() => station.settle('261111-001-001', WHY), 'BAD_ARGUMENT'],
    [() => station.settle('261111-001-001', { ...WHY, printed: true }), 'LABEL_UNKNOWN'],
    [() => station.resume('none', '261111-001-001', WHY), 'PRINTER_UNKNOWN'],
    [() => station.resume('desk', '261111-001-001', {}), 'BAD_ARGUMENT'],
    [() => station.stop({ patience: 'long' }), 'BAD_ARGUMENT'],
  ];
  for (const [call, code] of calls) assert.equal(await failure(call), code, String(call));
  const results = await (await station.print('desk', orders, '<page')).results();
  assert.deepEqual(results.map(({ error }) => [error.code, error.line > 0]), [['TEMPLATE_REFUSED', true], ['TEMPLATE_REFUSED', true]]);
});
