// Batches: files, labels one by one, and ways to end early.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Batch, Orders, template } from 'miandan';
import { Shop, TEMPLATE, failure } from './shop.mjs';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

async function batchOf(t, count, options) {
  const shop = new Shop(t, count);
  const batch = new Batch({ component: shop.component(), orders: await shop.orders(), template: TEMPLATE, ...options });
  return { shop, batch };
}

/** Files of a batch that did not come to its end. */
function unfinished(shop) {
  return readdirSync(shop.folder).filter((name) => name.includes('unfinished'));
}

test('a batch becomes one PDF, and tells of each label in order', async (t) => {
  const { shop, batch } = await batchOf(t, 150);
  const told = [];
  const summary = await batch.printPdf(shop.at('labels.pdf'), { onLabel: (label) => told.push(label) });
  assert.deepEqual([summary.done, summary.failed, summary.pages], [150, 0, 150]);
  assert.deepEqual([summary.component.station, summary.component.layers.seccomp], ['ST-01', 'on']);
  assert.deepEqual(told.map(({ index }) => index), Array.from({ length: 150 }, (_, place) => place + 1));
  assert.ok(told.every((label) => label.count === 150 && label.size > 0 && label.error === null));
  assert.equal(told.filter(({ warnings }) => warnings.length > 0).length, summary.warned);
  const pdf = readFileSync(shop.at('labels.pdf'));
  assert.ok(pdf.subarray(0, 5).equals(Buffer.from('%PDF-')));
  // The same batch at the same time is the same file, however many components make it and whether anybody listens.
  const now = new Date();
  const again = async (options, name) => {
    const same = new Batch({ component: shop.component(), orders: await shop.orders(), template: template(TEMPLATE), now, ...options });
    await same.printPdf(pathToFileURL(shop.at(name)));
    return readFileSync(shop.at(name));
  };
  assert.ok((await again({ workers: 1 }, 'one.pdf')).equals(await again({ workers: 3 }, 'two.pdf')));
});

test('a batch becomes a folder of pictures, and what a printer is sent', async (t) => {
  const { shop, batch } = await batchOf(t, 12);
  await batch.printFolder(shop.at('pictures'));
  assert.equal(readdirSync(shop.at('pictures')).length, 12);
  assert.ok(readFileSync(shop.at('pictures/000012.png')).subarray(0, 4).equals(PNG));
  await batch.printFolder(shop.at('zpl'), { profile: 'zpl' });
  assert.match(readFileSync(shop.at('zpl/000001.zpl'), 'latin1'), /^\^XA|\^XA/);
  const summary = await batch.printFile(shop.at('all.prn'), 'language = "tspl"\ndpi = 203\nhead_dots = 832\n');
  assert.equal(summary.done, 12);
  assert.match(readFileSync(shop.at('all.prn'), 'latin1'), /SIZE/);
});

test('labels come one by one, in the order of the orders', async (t) => {
  const { batch } = await batchOf(t, 300);
  const labels = batch.labels();
  assert.equal(labels.summary, null);
  let index = 0;
  for await (const label of labels) {
    index += 1;
    assert.equal(label.index, index);
    assert.ok(Buffer.isBuffer(label.pages[0]) && label.pages[0].subarray(0, 4).equals(PNG));
    assert.equal(label.size, label.pages[0].length);
  }
  assert.equal(labels.summary.done, 300);
  assert.deepEqual(await labels.next(), { done: true, value: undefined });
  for await (const label of batch.labels({ form: 'tspl' })) {
    assert.match(label.pages[0].toString('latin1'), /SIZE/);
  }
});

test('the rest of the program has its turn while labels come', async (t) => {
  const { batch } = await batchOf(t, 600);
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  let labels = 0;
  for await (const label of batch.labels()) labels += label.pages.length;
  clearInterval(timer);
  assert.equal(labels, 600);
  assert.ok(turns > 5, `${turns} turns`);
});

test('who leaves the loop early cancels the batch', async (t) => {
  const { batch } = await batchOf(t, 400);
  let seen = 0;
  for await (const label of batch.labels()) {
    seen += 1;
    if (label.index === 3) break;
  }
  assert.equal(seen, 3);
  const labels = batch.labels();
  await labels.next();
  assert.equal((await labels.return('enough')).value, 'enough');
  assert.equal((await labels.next()).done, true);
  assert.equal(labels.summary, null);
  // One that was never begun has nothing to cancel.
  assert.equal((await batch.labels().return()).done, true);
  await assert.rejects(async () => {
    for await (const label of batch.labels()) throw new Error(`not ${label.index}`);
  }, /not 1/);
});

test('a signal cancels, before and while labels come', async (t) => {
  const { shop, batch } = await batchOf(t, 2000);
  const reason = new Error('the customer has gone');
  const gone = AbortSignal.abort(reason);
  for (const call of [() => batch.printPdf(shop.at('a.pdf'), { signal: gone }), () => batch.labels({ signal: gone }).next()]) {
    await assert.rejects(call, (error) => error.code === 'CANCELLED' && error.cause === reason);
  }
  const stop = new AbortController();
  const onLabel = ({ index }) => index === 5 && stop.abort();
  assert.equal(await failure(() => batch.printPdf(shop.at('b.pdf'), { signal: stop.signal, onLabel })), 'CANCELLED');
  const later = new AbortController();
  let seen = 0;
  const iterate = async () => {
    for await (const label of batch.labels({ signal: later.signal })) {
      seen = label.index;
      if (seen === 10) later.abort();
    }
  };
  assert.equal(await failure(iterate), 'CANCELLED');
  assert.ok(seen < 2000);
  assert.equal(await failure(() => batch.printPdf(shop.at('c.pdf'), { signal: AbortSignal.timeout(1) })), 'CANCELLED');
  assert.deepEqual(readdirSync(shop.folder).filter((name) => name.endsWith('.pdf')), []);
  assert.deepEqual(unfinished(shop), []);
});

test('what onLabel throws comes out, and nothing is left behind', async (t) => {
  const { shop, batch } = await batchOf(t, 60);
  const fault = new RangeError('of the program');
  const at = (place, thrown) => (label) => (label.index === place ? thrown() : undefined);
  const thrown = () => {
    throw fault;
  };
  for (const place of [1, 33, 60]) {
    await assert.rejects(batch.printPdf(shop.at('labels.pdf'), { onLabel: at(place, thrown) }), fault);
    await assert.rejects(batch.printPdf(shop.at('labels.pdf'), { onLabel: at(place, () => Promise.reject(fault)) }), fault);
    // Not even where it was the last label.
    assert.ok(!existsSync(shop.at('labels.pdf')));
  }
  assert.deepEqual(unfinished(shop), []);
  const slow = [];
  const onLabel = async ({ index }) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    slow.push(index);
  };
  assert.equal((await batch.printPdf(shop.at('labels.pdf'), { onLabel })).done, 60);
  assert.equal(slow.length, 60);
});

test('one bad order does not stop the others', async (t) => {
  const shop = new Shop(t, 30);
  const { lines } = shop;
  lines[6] = JSON.stringify({ ...JSON.parse(lines[6]), s: JSON.parse(lines[29]).s.replace(/^.{8}/, 'AAAAAAAA') });
  lines[7] = 'not an order';
  lines[8] = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(lines[8])).reverse()));
  const orders = await Orders.from(lines);
  const batch = new Batch({ component: shop.component(), orders, template: TEMPLATE });
  const errors = [];
  const onLabel = ({ index, error, size }) => error && errors.push([index, error.code, size]);
  const summary = await batch.printPdf(shop.at('labels.pdf'), { onLabel });
  assert.deepEqual([summary.done, summary.failed], [28, 2]);
  assert.deepEqual(errors.map(([index]) => index), [7, 8]);
  assert.deepEqual(errors[1], [8, 'MALFORMED', 0]);
  const broken = [];
  for await (const { error, pages } of batch.labels()) if (error) broken.push([error.code, pages.length]);
  assert.deepEqual(broken, errors.map(([, code]) => [code, 0]));
});

test('orders come as lines, bytes and objects', async (t) => {
  const shop = new Shop(t, 5);
  const { lines } = shop;
  const given = [
    `\ufeff${lines.join('\r\n')}`,
    Buffer.from(lines.join('\n')),
    new Uint8Array(Buffer.from(lines.join('\n'))).buffer,
    lines,
    lines.map((line) => JSON.parse(line)),
    lines.map((line) => JSON.stringify(JSON.parse(line), null, 2)),
    new Set(lines.map((line) => Buffer.from(line))),
  ];
  for (const orders of given) {
    const read = await Orders.from(orders);
    assert.equal(read.length, 5);
    const summary = await new Batch({ component: shop.component(), orders: read, template: TEMPLATE }).printPdf(shop.at('labels.pdf'));
    assert.equal(summary.done, 5);
    read.close();
    read.close();
  }
});

test('several batches at once, of one order file', async (t) => {
  const { shop, batch } = await batchOf(t, 50);
  const printed = await Promise.all(Array.from({ length: 6 }, (_, place) => batch.printPdf(shop.at(`${place}.pdf`))));
  assert.ok(printed.every(({ done }) => done === 50));
});

test('a preview and 300 dpi are other pictures', async (t) => {
  const shop = new Shop(t, 1);
  const orders = await shop.orders();
  const picture = async (options) => {
    const batch = new Batch({ component: shop.component(), orders, template: TEMPLATE, ...options });
    for await (const { pages } of batch.labels()) return pages[0];
  };
  const [plain, preview, fine] = [await picture(), await picture({ preview: true }), await picture({ dpi: 300 })];
  assert.deepEqual([plain.readUInt32BE(16), preview.readUInt32BE(16), fine.readUInt32BE(16)], [608, 608, 898]);
  assert.ok(!plain.equals(preview));
});
