// The package in a process: it keeps none alive, none crashes when it ends, threads share it, and memory stays as it is.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import * as miandan from 'miandan';
import { Shop, TEMPLATE, failure } from './shop.mjs';

const { Batch, Component, Orders } = miandan;

/** A program that has the package, and a component, orders and a batch of the shop. */
function program(shop, body) {
  const start = `
    import * as miandan from ${JSON.stringify(import.meta.resolve('miandan'))};
    const { Batch, Component, Orders, Station } = miandan;
    const at = (name) => ${JSON.stringify(`${shop.folder}/`)} + name;
    const component = new Component({ key: at('station.key'), trust: at('issuer.key.pub') });
    const orders = await Orders.open(at('sealed.jsonl'));
    const batch = new Batch({ component, orders, template: ${JSON.stringify(TEMPLATE)} });
    const printers = { desk: { uri: 'file:' + at('desk/'), profile: 'tspl' } };
    const station = () => Station.open({ component, journal: at('journal.db'), printers });`;
  return `${start}\n${body}`;
}

/** Runs it, and answers its exit code and what it said. */
async function run(shop, body) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(shop, body)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code, signal] = await once(child, 'close');
  return { code: code ?? signal, said: said.trim() };
}

test('both ways to load it give the same classes', () => {
  const required = createRequire(import.meta.url)('miandan');
  assert.deepEqual(Object.keys(required).sort(), Object.keys(miandan).sort());
  for (const [name, value] of Object.entries(required)) assert.equal(value, miandan[name]);
});

test('a process ends when it has nothing more to do', { timeout: 30_000 }, async (t) => {
  const shop = new Shop(t, 30);
  mkdirSync(shop.at('desk'));
  const ends = [
    // Nothing was begun; something was begun and left; a station is idle; a station has printed; one that waits is not waited for.
    '',
    'const labels = batch.labels(); await labels.next(); console.log("left");',
    'globalThis.kept = await station(); console.log("idle");',
    'const s = await station(); console.log((await (await s.print("desk", orders, "one-part-76x130")).results()).length);',
    'const s = await station(); s.hold("desk"); await s.print("desk", orders, "one-part-76x130"); console.log("held");',
    // What is waited for keeps it alive.
    'batch.printPdf(at("a.pdf")).then(({ done }) => console.log(done));',
  ];
  const said = ['', 'left', 'idle', '30', 'held', '30'];
  for (const [place, body] of ends.entries()) assert.deepEqual(await run(shop, body), { code: 0, said: said[place] }, body);
});

test('the end of a process in the middle of something is no crash, and leaves nothing half-written', { timeout: 60_000 }, async (t) => {
  const shop = new Shop(t, 3000);
  mkdirSync(shop.at('desk'));
  const ends = [
    ['batch.printPdf(at("a.pdf"), { onLabel: ({ index }) => index === 40 && process.exit(7) });', 7],
    ['batch.printPdf(at("a.pdf")); setTimeout(() => process.exit(7), 60);', 7],
    ['for await (const { index } of batch.labels()) if (index === 40) process.exit(7);', 7],
    ['for await (const { index } of batch.labels()) if (index === 40) throw new Error("out");', 1],
    ['component.check(); Orders.open(at("sealed.jsonl")); station(); process.exit(7);', 7],
    ['const s = await station(); s.print("desk", orders, "one-part-76x130"); setTimeout(() => process.exit(7), 150);', 7],
    ['const s = await station(); for await (const { type } of await s.print("desk", orders, "one-part-76x130")) if (type === "sending") process.exit(7);', 7],
  ];
  for (const [body, code] of ends) {
    assert.equal((await run(shop, body)).code, code, body);
    assert.deepEqual(readdirSync(shop.folder).filter((name) => name.includes('unfinished') || name.endsWith('.pdf')), [], body);
  }
  // Labels in flight were finished: of none a person has to say whether it was printed.
  const { said } = await run(shop, `
    const s = await station();
    let unknown = 0;
    for (const name of (await import('node:fs')).readdirSync(at('desk'))) {
      const number = /\\d{6}-\\d{3}-\\d+/.exec(name)?.[0];
      if (number && (await s.latest(number)).state === 'unknown') unknown += 1;
    }
    console.log(unknown, s.printers()[0].held);
    await s.stop();`);
  assert.equal(said, '0 null');
});

test('threads print side by side, and may be ended in the middle', { timeout: 60_000 }, async (t) => {
  const shop = new Shop(t, 400);
  const body = program(shop, `
    import { parentPort, workerData } from 'node:worker_threads';
    let done = 0;
    for await (const label of batch.labels()) {
      done += 1;
      if (workerData.ends && done === 3) parentPort.postMessage('begun');
    }
    const { done: printed } = await batch.printPdf(at(workerData.name));
    parentPort.postMessage([done, printed]);`);
  const start = (workerData) => new Worker(new URL(`data:text/javascript,${encodeURIComponent(body)}`), { workerData });
  const workers = Array.from({ length: 8 }, (_, place) => start({ name: `${place}.pdf` }));
  const said = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
  assert.deepEqual(said, Array.from({ length: 8 }, () => [400, 400]));
  for (let round = 0; round < 3; round += 1) {
    const worker = start({ name: 'x.pdf', ends: true });
    await once(worker, 'message');
    assert.equal(await worker.terminate(), 1);
  }
});

test('memory does not grow with the number of calls', { timeout: 120_000 }, async (t) => {
  const shop = new Shop(t, 2);
  const orders = await shop.orders();
  const component = shop.component();
  const path = shop.at('sealed.jsonl');
  const rounds = async (count) => {
    for (let call = 0; call < count; call += 1) {
      const opened = await Orders.open(path);
      await failure(() => Orders.open(`${path}.not`));
      await failure(() => Orders.from('half \ud83d'));
      new Component({ key: shop.at('station.key'), trust: shop.at('issuer.key.pub') });
      new Batch({ component, orders, template: TEMPLATE });
      if (call % 2 === 0) opened.close();
    }
    for (let call = 0; call < count / 200; call += 1) {
      for await (const { pages } of new Batch({ component, orders, template: TEMPLATE, workers: 1 }).labels()) assert.equal(pages.length, 1);
    }
    global.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
    global.gc?.();
    return process.memoryUsage().rss;
  };
  await rounds(2000);
  const before = await rounds(1000);
  const after = await rounds(4000);
  assert.ok(after - before < 24 << 20, `${before} bytes became ${after}`);
});
