'use strict';
// What the package adds to the Rust call: rounds of Rust and Node in turn, the median of the ratios of neighbours, memory over
// many calls, and many threads against one. Best on a machine that does nothing else.
//
//   cargo build --release --example rounds
//   PROGRAMS=../../target/release node --expose-gc bench/bench.js [LABELS] [ROUNDS]
//
// ROUNDS names the program of the example if it is elsewhere, ONLY some of memory, ratios and threads.

const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { Batch, Component, Orders } = require('..');

const TEMPLATE = 'one-part-76x130';

/** Memory is asked after in a process whose allocators give back what is not in use: what they keep is no growth of ours. */
const KEEP_LITTLE = ['--expose-gc', '--max-semi-space-size=2'];
const GIVE_BACK = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '8192', MALLOC_TRIM_THRESHOLD_: '4096' };

function made(folder, options) {
  const component = new Component({ key: join(folder, 'station.key'), trust: join(folder, 'issuer.key.pub') });
  return (orders) => new Batch({ component, orders, template: TEMPLATE, ...options });
}

async function iterate(batch) {
  let bytes = 0;
  for await (const { pages } of batch.labels()) for (const page of pages) bytes += page.length;
  if (bytes === 0) throw new Error('labels have pages');
}

/** One of several threads: its share of the labels, as often as it is asked. */
async function thread() {
  const { folder, file, name, workers } = workerData;
  const orders = await Orders.open(file);
  const batch = made(folder, { workers })(orders);
  parentPort.on('message', async (round) => {
    if (round === null) return parentPort.close();
    await batch.printPdf(join(folder, `${name}-${round}.pdf`));
    parentPort.postMessage(round);
  });
  parentPort.postMessage('ready');
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const seconds = async (call) => {
  const began = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - began) / 1e9;
};
/** What is in use once nothing waits to be freed, for which the event loop has to turn. */
const rss = async () => {
  for (let turn = 0; turn < 4; turn += 1) {
    global.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().rss / 2 ** 20;
};

function command(folder, program, ...words) {
  const env = program === process.execPath ? { ...process.env, ...GIVE_BACK } : process.env;
  const ran = spawnSync(program, words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30, env });
  if (ran.status !== 0) throw new Error(`${program} ${words.join(' ')}: ${ran.stderr ?? ran.error}`);
  return ran.stdout;
}

async function ratios(folder, rounds, labels) {
  const { PROGRAMS, ROUNDS = join(PROGRAMS, 'examples/rounds') } = process.env;
  const file = join(folder, 'sealed.jsonl');
  const orders = await Orders.open(file);
  const batch = made(folder)(orders);
  const component = new Component({ key: join(folder, 'station.key'), trust: join(folder, 'issuer.key.pub') });
  const rust = (form) => Number(command(
    folder, ROUNDS, form, component.place, file, join(folder, 'station.key'), join(folder, 'issuer.key.pub'),
    String(Math.floor(Date.now() / 1000)), join(folder, 'rust.pdf'),
  ));
  const calls = {
    'printPdf': ['pdf', () => batch.printPdf(join(folder, 'node.pdf'))],
    'printPdf with onLabel': ['pdf', () => batch.printPdf(join(folder, 'node.pdf'), { onLabel() {} })],
    'labels()': ['png', () => iterate(batch)],
  };
  for (const [name, [form, call]] of Object.entries(calls)) {
    const [ours, theirs, ratio] = [[], [], []];
    for (let round = -1; round < rounds; round += 1) {
      // Who begins gains nothing by it.
      const one = round % 2 === 0 ? [rust(form), await seconds(call)] : [await seconds(call), rust(form)].reverse();
      if (round < 0) continue;
      theirs.push(one[0]);
      ours.push(one[1]);
      ratio.push(one[1] / one[0]);
    }
    const percent = ((median(ratio) - 1) * 100).toFixed(1);
    console.log(`${name}: Rust ${median(theirs).toFixed(3)} s, Node ${median(ours).toFixed(3)} s for ${labels} labels: ${percent} % (${rounds} rounds)`);
  }
}

async function threads(folder, lines, rounds) {
  const start = async (name, file, workers) => {
    const worker = new Worker(__filename, { workerData: { folder, file, name, workers } });
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    return worker;
  };
  const all = (workers, round) => Promise.all(workers.map((worker) => new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage(round);
  })));
  const share = Math.ceil(lines.length / 8);
  const files = Array.from({ length: 8 }, (_, place) => {
    const file = join(folder, `share-${place}.jsonl`);
    writeFileSync(file, lines.slice(place * share, (place + 1) * share).join('\n'));
    return file;
  });
  const one = [await start('one', join(folder, 'sealed.jsonl'))];
  const eight = await Promise.all(files.map((file, place) => start(`share-${place}`, file, 1)));
  const ratio = [];
  const rates = [[], []];
  for (let round = -1; round < rounds; round += 1) {
    const alone = await seconds(() => all(one, round));
    const together = await seconds(() => all(eight, round));
    if (round < 0) continue;
    rates[0].push(lines.length / alone);
    rates[1].push(lines.length / together);
    ratio.push(alone / together);
  }
  for (const worker of [...one, ...eight]) worker.postMessage(null);
  console.log(`threads: one ${median(rates[0]).toFixed(0)} labels/s, eight ${median(rates[1]).toFixed(0)} labels/s: ${median(ratio).toFixed(2)} times the rate`);
}

/** So many calls of every kind but one that starts a component, and as many labels as calls. */
async function memory(folder, calls) {
  const file = join(folder, 'sealed.jsonl');
  const orders = await Orders.from(readFileSync(join(folder, 'few.jsonl')));
  const some = async (count) => {
    for (let call = 0; call < count; call += 4) {
      const opened = await Orders.open(join(folder, 'few.jsonl'));
      await Orders.open(`${file}.not`).catch(() => {});
      const batch = made(folder)(opened);
      await batch.printFile('x', 'no-such-printer').catch(() => {});
      if (call % 8 === 0) opened.close();
    }
  };
  const labels = async (count) => {
    for (let label = 0; label < count; label += 1000) await iterate(made(folder)(orders));
  };
  await some(calls / 4);
  await labels(calls / 4);
  const before = await rss();
  const marks = [];
  for (let part = 0; part < 4; part += 1) {
    await some(calls / 4);
    await labels(calls / 4);
    marks.push((await rss()).toFixed(1));
  }
  console.log(`memory: ${before.toFixed(1)} MiB before, ${marks.join(', ')} MiB after each quarter of ${calls} calls and ${calls} labels`);
}

async function main() {
  if (process.argv[2] === 'memory') return memory(process.argv[3], 100_000);
  const [labels, rounds] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 11)];
  const folder = mkdtempSync(join(tmpdir(), 'miandan-bench-'));
  try {
    const miandan = join(process.env.PROGRAMS, 'miandan');
    command(folder, miandan, 'keygen', 'station', '--id', 'ST-01', '--merchant', 'SHOP-1', '--no-passphrase', '--out', 'station.key');
    command(folder, miandan, 'keygen', 'issuer', '--id', 'platform', '--out', 'issuer.key');
    writeFileSync(join(folder, 'orders.jsonl'), command(folder, miandan, 'sample', '--count', String(labels)));
    const to = ['--issuer', 'issuer.key', '--to', 'station.key.pub', '--merchant', 'SHOP-1'];
    command(folder, miandan, 'seal', 'orders.jsonl', ...to, '-o', 'sealed.jsonl');
    const lines = readFileSync(join(folder, 'sealed.jsonl'), 'utf8').trim().split('\n');
    writeFileSync(join(folder, 'few.jsonl'), lines.slice(0, 1000).join('\n'));
    const which = process.env.ONLY ?? 'memory ratios threads';
    if (which.includes('memory')) process.stdout.write(command(folder, process.execPath, ...KEEP_LITTLE, __filename, 'memory', folder));
    if (which.includes('ratios')) await ratios(folder, rounds, labels);
    if (which.includes('threads')) await threads(folder, lines, Math.ceil(rounds / 2));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

(isMainThread ? main() : thread()).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
