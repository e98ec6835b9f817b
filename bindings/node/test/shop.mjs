// A station and an issuer with keys of their own, and orders sealed from one to the other, by the programs in PROGRAMS.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Component, MiandanError, Orders } from 'miandan';

const { PROGRAMS } = process.env;
assert.ok(PROGRAMS, 'PROGRAMS names the folder that has the program miandan');

export const TEMPLATE = 'one-part-76x130';

/** In a folder of its own, which is gone after the test. */
export class Shop {
  /** What has to end before the folder goes. */
  stops = [];

  constructor(t, count = 20) {
    this.folder = mkdtempSync(join(tmpdir(), 'miandan-node-'));
    t.after(async () => {
      for (const stop of this.stops) await stop();
      rmSync(this.folder, { recursive: true, force: true });
    });
    this.run('keygen', 'station', '--id', 'ST-01', '--merchant', 'SHOP-1', '--no-passphrase', '--out', 'station.key');
    this.run('keygen', 'issuer', '--id', 'platform', '--out', 'issuer.key');
    writeFileSync(this.at('orders.jsonl'), this.run('sample', '--count', String(count)));
    const to = ['--issuer', 'issuer.key', '--to', 'station.key.pub', '--merchant', 'SHOP-1'];
    this.run('seal', 'orders.jsonl', ...to, '-o', 'sealed.jsonl');
  }

  at(name) {
    return join(this.folder, name);
  }

  run(...words) {
    const ran = spawnSync(join(PROGRAMS, 'miandan'), words, { cwd: this.folder, encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(ran.status, 0, `${words.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  }

  /** The sealed orders, a line each. */
  get lines() {
    return readFileSync(this.at('sealed.jsonl'), 'utf8').trim().split('\n');
  }

  component(options) {
    return new Component({ key: this.at('station.key'), trust: this.at('issuer.key.pub'), ...options });
  }

  orders() {
    return Orders.open(this.at('sealed.jsonl'));
  }
}

/** The code of what is thrown, or of what a promise is rejected with. */
export async function failure(call) {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof MiandanError, error?.stack ?? String(error));
    assert.ok(error.message.length > 0 && error.number > 0);
    assert.ok(error.meaning() && error.meaning('zh') !== error.meaning('en'));
    return error.code;
  }
  return undefined;
}
