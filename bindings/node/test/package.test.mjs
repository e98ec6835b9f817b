// What is in the package, and that its types say the same as its code.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import * as miandan from 'miandan';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('miandan/package.json'));

test('the package has all that it needs, and nothing else', () => {
  const { version, files } = require('miandan/package.json');
  assert.equal(miandan.version, version);
  const native = readdirSync(join(folder, 'native'));
  assert.ok(native.includes(`${process.platform}-${process.arch}`));
  for (const system of native) assert.deepEqual(readdirSync(join(folder, 'native', system)).length, 2);
  for (const file of files.filter((name) => !name.includes('*'))) assert.ok(readdirSync(folder).includes(file), file);
});

test('every status stands in the types, with both meanings', () => {
  const types = readFileSync(join(folder, 'index.d.ts'), 'utf8');
  const declared = /export type Refusal =[\s\S]*?export type StatusCode =[\s\S]*?;/.exec(types)[0].matchAll(/'([A-Z0-9_]+)'/g);
  const codes = miandan.statuses().map(({ code }) => code);
  assert.deepEqual(Array.from(declared, ([, code]) => code).sort(), [...codes].sort());
  assert.ok(miandan.statuses().every(({ number, en, zh }) => Number.isInteger(number) && en && zh));
});

test('what is exported stands in the types', () => {
  const types = readFileSync(join(folder, 'index.d.ts'), 'utf8');
  for (const name of Object.keys(miandan)) {
    assert.match(types, new RegExp(`export (declare )?(class|function|const) ${name}\\b`), name);
  }
});
