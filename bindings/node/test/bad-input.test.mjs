// Whatever a program hands over, it gets a status with a message, and the process lives.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batch, Component, Orders, Station, profiles, statuses, template, templates } from 'miandan';
import { Shop, TEMPLATE, failure } from './shop.mjs';

const HALF = 'half \ud83d of a character';
const CALLABLE = Object.assign(() => 1, { key: 1 });
/** Things that are nothing that is asked for anywhere. */
const ODD = [null, 0, -1, 1.5, NaN, Infinity, 1n, true, '', 'a\0b', HALF, Symbol('s'), CALLABLE, [], [null], [[]], {}, new Map(), new Date(NaN), /x/];
/** What is a good value for one place or another, among them. */
const odd = (...not) => ODD.filter((value) => !not.includes(value));

const refused = ['BAD_ARGUMENT', 'BAD_HANDLE', 'NOT_UNICODE'];
async function isRefused(what, call) {
  const code = await failure(call);
  assert.ok(refused.includes(code), `${what}: ${code}`);
}

test('options of a component', async (t) => {
  const shop = new Shop(t, 1);
  for (const value of [undefined, null, 0, '', 'key', [], CALLABLE, {}]) await isRefused('options', () => new Component(value));
  for (const name of ['key', 'trust', 'passphraseFile', 'program', 'statusLists', 'carrierLists']) {
    const lists = ['passphraseFile', 'program'].includes(name) ? [] : ODD.filter((value) => Array.isArray(value) && value.length === 0);
    for (const value of odd(...lists)) await isRefused(`${name}: ${String(value)}`, () => shop.component({ [name]: value }));
    await isRefused(name, () => shop.component({ [name]: new URL('http://example.com/key') }));
  }
  await isRefused('no key', () => shop.component({ key: [] }));
  for (const value of odd()) await isRefused('state', () => shop.component({ state: value }));
  for (const value of odd()) await isRefused('statusPolicy', () => shop.component({ statusPolicy: value }));
  await isRefused('statusPolicy', () => shop.component({ statusPolicy: 'required' }));
  for (const value of odd(true)) await isRefused('courierToken', () => shop.component({ courierToken: value }));
  for (const value of odd(0, 1.5)) await isRefused('statusMaxAge', () => shop.component({ statusMaxAge: value }));
  await isRefused('an unknown option', () => shop.component({ passphrase: 'x' }));
});

test('orders', async (t) => {
  const shop = new Shop(t, 1);
  for (const value of [undefined, ...ODD]) await isRefused('open', () => Orders.open(value));
  for (const value of [undefined, null, 0, 1n, true, {}, CALLABLE, HALF, [null], [1], [HALF]]) {
    await isRefused(`from ${String(value)}`, () => Orders.from(value));
  }
  for (const value of ['', '\n \r\n', Buffer.alloc(0), [], new ArrayBuffer(0)]) assert.equal(await failure(() => Orders.from(value)), 'NO_ORDERS');
  assert.equal(await failure(() => Orders.open(shop.at('nowhere'))), 'UNREADABLE');
  assert.equal(await failure(() => Orders.open(shop.folder)), 'UNREADABLE');
  await isRefused('new', () => new Orders());
  await isRefused('new', () => new Orders(1, 2));
  const view = new Uint8Array(8);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  assert.ok(['BAD_ARGUMENT', 'NO_ORDERS'].includes(await failure(() => Orders.from(view))));
  assert.ok(['BAD_ARGUMENT', 'NO_ORDERS'].includes(await failure(() => Orders.from(view.buffer))));
  // What is no order is known when it is printed: bytes of any kind, a line that is too long.
  const given = [Buffer.from([0xff, 0xfe, 0, 0xd8]), 'x'.repeat(200_000), '{}', '[]', 'null', '\u0000', '面单'];
  const orders = await Orders.from(given);
  assert.equal(orders.length, given.length);
  const codes = [];
  for await (const { error } of new Batch({ component: shop.component(), orders, template: TEMPLATE }).labels()) codes.push(error.code);
  assert.deepEqual(new Set(codes), new Set(['MALFORMED', 'LIMIT']));
});

test('options of a batch', async (t) => {
  const shop = new Shop(t, 1);
  const [component, orders] = [shop.component(), await shop.orders()];
  const make = (options) => new Batch({ component, orders, template: TEMPLATE, ...options });
  for (const value of [undefined, null, 0, '', [], {}]) await isRefused('options', () => new Batch(value));
  const fakes = [undefined, ...ODD, Object.create(Component.prototype), Object.create(Orders.prototype), new Proxy(component, {})];
  for (const value of [...fakes, orders]) await isRefused('component', () => make({ component: value }));
  for (const value of [...fakes, component]) await isRefused('orders', () => make({ orders: value }));
  assert.equal(await failure(() => make({ component: orders })), 'BAD_HANDLE');
  for (const value of [undefined, ...ODD, 'no-such-template']) await isRefused('template', () => make({ template: value }));
  for (const value of odd(0)) await isRefused('now', () => make({ now: value }));
  await isRefused('milliseconds', () => make({ now: Date.now() }));
  for (const value of odd()) await isRefused('workers', () => make({ workers: value }));
  for (const value of odd()) await isRefused('dpi', () => make({ dpi: value }));
  for (const value of odd(true)) await isRefused('preview', () => make({ preview: value }));
  for (const value of odd()) await isRefused('missing', () => make({ missing: value }));
  for (const value of odd(...ODD.filter((each) => Array.isArray(each) && each.length === 0))) await isRefused('fonts', () => make({ fonts: value }));
  const broken = {
    template: ['<page', 'TEMPLATE_REFUSED'],
    fonts: [Buffer.from('no font'), 'FONT_REFUSED'],
  };
  for (const [name, [value, code]] of Object.entries(broken)) {
    assert.equal(await failure(() => make({ [name]: value }).printPdf(shop.at('labels.pdf'))), code);
  }
  assert.equal(await failure(() => make({ fonts: shop.at('no.ttf') }).labels().next()), 'UNREADABLE');
  const long = `<page>${' '.repeat(9 << 20)}</page>`;
  assert.ok(['TEMPLATE_REFUSED', 'COMPONENT_FAILED', 'LIMIT'].includes(await failure(() => make({ template: long }).labels().next())));
  await assert.rejects(make({ template: template(TEMPLATE).replace('</', '</x') }).printPdf(shop.at('a.pdf')), (error) => error.line > 0 && error.column > 0);
});

test('calls of a batch', async (t) => {
  const shop = new Shop(t, 1);
  const orders = await shop.orders();
  const batch = new Batch({ component: shop.component(), orders, template: TEMPLATE });
  for (const value of [undefined, ...ODD]) {
    await isRefused('pdf', () => batch.printPdf(value));
    await isRefused('folder', () => batch.printFolder(value));
    await isRefused('file', () => batch.printFile(value, 'tspl'));
    if (value === undefined) continue;
    await isRefused('signal', () => batch.printPdf(shop.at('a.pdf'), { signal: value }));
    await isRefused('signal', () => batch.labels({ signal: value }));
    if (typeof value !== 'function') await isRefused('onLabel', () => batch.printPdf(shop.at('a.pdf'), { onLabel: value }));
  }
  for (const value of [null, 0, 'x', [], CALLABLE]) {
    await isRefused('options', () => batch.printPdf(shop.at('a.pdf'), value));
    await isRefused('options', () => batch.labels(value));
  }
  assert.equal(await failure(() => batch.printFile(shop.at('a.prn'), 'no-such-printer')), 'PRINTER_UNKNOWN');
  assert.equal(await failure(() => batch.printFile(shop.at('a.prn'), 'language = "none"')), 'PRINTER_UNKNOWN');
  assert.equal(await failure(() => batch.labels({ form: 'cpcl-58' }).next()), 'PRINTER_UNFIT');
  assert.equal(await failure(() => batch.printPdf(shop.at('no/folder/a.pdf'))), 'UNWRITABLE');
  assert.equal(await failure(() => batch.printFolder(shop.at('sealed.jsonl'))), 'UNWRITABLE');
  // Closed orders, used again: at once, and by a batch that was made before.
  orders.close();
  orders.close();
  assert.equal(orders.length, 1);
  assert.equal(await failure(() => new Batch({ component: shop.component(), orders, template: TEMPLATE })), 'BAD_HANDLE');
  assert.equal(await failure(() => batch.printPdf(shop.at('a.pdf'))), 'BAD_HANDLE');
  assert.equal(await failure(() => batch.labels().next()), 'BAD_HANDLE');
  // Methods of one class on another.
  for (const wrong of [{}, null, undefined, Object.create(Batch.prototype), orders]) {
    await assert.rejects(async () => Batch.prototype.printPdf.call(wrong, shop.at('a.pdf')));
    await assert.rejects(async () => Component.prototype.check.call(wrong));
    await assert.rejects(async () => Station.prototype.stop.call(wrong));
  }
});

test('names of what is shipped', async () => {
  assert.ok(templates().includes(TEMPLATE) && template(TEMPLATE).includes('<page'));
  for (const value of [undefined, ...ODD, 'toString', '__proto__', '../templates']) await isRefused('template', () => template(value));
  assert.ok(profiles().every(({ name, about, aboutZh, language, dpi }) => name && about && aboutZh && language && [203, 300].includes(dpi)));
  assert.equal(statuses()[0].code, 'OK');
  assert.throws(() => statuses().push({}));
});
