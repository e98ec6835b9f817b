// A whole day with the real programs, if PROGRAMS says where they are: fifty labels are printed, the printer jams, a person goes
// on from the last good label, prints one again, and holds what a scanner saw against the journal.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { faults, launch, open } from './browser.js';
import { notice } from './station.js';

const { PROGRAMS } = process.env;
const LABELS = 50;
const PROFILE = 'language = "tspl"\ndpi = 203\nhead_dots = 832\n';

/** A printer that takes a label on a connection, and breaks off once, in the middle of the one at this place. */
class Printer {
  labels = 0;
  jams = 0;

  async listen(jamAt) {
    this.server = createServer((line) => {
      let bytes = 0;
      line.on('error', () => {});
      line.on('data', (data) => {
        bytes += data.length;
        if (this.labels === jamAt && this.jams === 0 && bytes > 20_000) {
          this.jams += 1;
          line.resetAndDestroy();
        }
      });
      line.on('end', () => {
        if (bytes > 0) this.labels += 1;
        line.end();
      });
    });
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    return this.server.address().port;
  }
}

/** Ports that nobody else has at this moment. */
async function ports(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => done(server));
  })));
  const found = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return found;
}

async function until(what, holds) {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await holds();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${what}: it does not come to pass`);
}

if (PROGRAMS !== undefined) {
  test('a whole day at a real station', { timeout: 100_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'miandan-day-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const run = (program, ...words) => spawnSync(join(PROGRAMS, program), words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
    const done = (...words) => {
      const ran = run(...words);
      assert.equal(ran.status, 0, `${words.join(' ')}: ${ran.stderr}`);
      return ran.stdout;
    };
    done('miandan', 'keygen', 'station', '--id', 'ST-01', '--merchant', 'SHOP-1', '--no-passphrase', '--out', 'station.key');
    done('miandan', 'keygen', 'issuer', '--id', 'platform', '--out', 'issuer.key');
    writeFileSync(join(folder, 'orders.jsonl'), done('miandan', 'sample', '--count', String(LABELS)));
    done('miandan', 'seal', 'orders.jsonl', '--issuer', 'issuer.key', '--to', 'station.key.pub', '--merchant', 'SHOP-1', '-o', 'sealed.jsonl');
    const orders = readFileSync(join(folder, 'sealed.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));

    const printer = new Printer();
    const at = await printer.listen(20);
    t.after(() => printer.server.close());
    const [ws, previews, admin] = await ports(3);
    writeFileSync(join(folder, 'plain.toml'), PROFILE);
    writeFileSync(join(folder, 'agent.toml'), `folder = "state"
key = "station.key"
trust = "issuer.key.pub"
default_template = "one-part-76x130"
[printers."前台"]
uri = "socket://127.0.0.1:${at}"
profile = "plain.toml"
[dialects.cainiao]
ws = ${ws}
[previews]
port = ${previews}
[admin]
port = ${admin}
`);
    const agent = spawn(join(PROGRAMS, 'miandan-agent'), ['--config', 'agent.toml'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    t.after(() => agent.kill('SIGKILL'));
    let log = '';
    agent.stderr.setEncoding('utf8').on('data', (text) => (log += text));
    await until('the agent runs', () => log.includes(' started '));

    const token = readFileSync(join(folder, 'state/admin.token'), 'utf8').trim();
    const api = async (path, body) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(`http://127.0.0.1:${admin}/api/v1/${path}`, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) });
      assert.ok(answer.ok, `${path}: ${answer.status}`);
      return answer.json();
    };

    const browser = await launch();
    t.after(() => browser.close());
    const [address] = done('miandan-agent', '--config', 'agent.toml', 'console').split('\n');
    const { page, wrong } = await open(browser, new URL(address).origin, { hash: new URL(address).hash });
    page.setDefaultTimeout(20_000);
    await page.waitForSelector('.printer[data-state="ready"]');

    // Fifty, and a jam.
    const taken = await api('print', { orders });
    assert.equal(taken.labels.filter(({ number }) => number).length, LABELS);
    await page.waitForSelector('.decision');
    const said = await page.textContent('.decision');
    const [unknown] = said.match(/\d{6}-\d{3}-\d{3,}/);
    assert.equal(Number(unknown.slice(-3)), 21, 'the label in which the line broke');
    assert.deepEqual(await faults(page), []);

    // The one before it was the last good one: a hand scanner reads its waybill.
    const all = await api('labels?limit=200');
    const last = all.labels.find(({ number }) => Number(number.slice(-3)) === 20);
    await page.click('.printer .does .button:has-text("卡纸后续打")');
    await page.waitForFunction(() => document.activeElement?.id === 'last');
    await page.keyboard.type(last.waybill);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.listed.reprinted');
    await page.click('dialog .button.main');
    await notice(page, '1 张重新打印');
    const count = async (state) => (await api(`labels?state=${state}&limit=200`)).labels;
    await until('all are printed', async () => new Set((await count('printed')).map(({ number }) => number)).size === LABELS);
    await page.waitForSelector('.printer[data-state="ready"]');
    assert.equal(printer.labels, LABELS);

    // One is smeared.
    const smeared = all.labels.find(({ number }) => Number(number.slice(-3)) === 33);
    await page.goto(`${new URL(address).origin}/#/labels?search=${smeared.number}`);
    await page.click(`tr[data-number="${smeared.number}"]`);
    await page.waitForFunction(() => document.querySelector('.label-picture img')?.naturalWidth > 0);
    await page.click('.label .button:has-text("补打")');
    await page.click('.choice:has-text("其他原因")');
    await page.fill('#other', '标签贴歪');
    await page.click('.dialog-reprint .button.main');
    await page.waitForSelector('.dialog-reprint', { state: 'detached' });
    await notice(page, '补打 1');
    await until('the copy is printed', () => printer.labels === LABELS + 1);
    assert.deepEqual(await faults(page), []);
    await page.keyboard.press('Escape');
    await page.click('nav a:has-text("今日")');
    await page.waitForFunction(() => document.querySelector('.count b')?.textContent === '51');

    // What a scanner saw at the end of the day is what was printed.
    const journal = ['--journal', 'state/journal.db'];
    writeFileSync(join(folder, 'scans.txt'), all.labels.map(({ waybill }) => waybill).join('\n'));
    done('miandan', 'verify', unknown.slice(0, 10), '--scans', 'scans.txt', ...journal);
    done('miandan', 'journal', 'verify', ...journal);
    assert.deepEqual(wrong, []);

    // The agent ends under the open page, which says so in words.
    agent.kill('SIGTERM');
    await page.waitForSelector('.banner strong');
    await until('it ends', () => agent.exitCode === 0);
  });
}
