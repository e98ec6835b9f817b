// Labels to scan: those that Miandan ships, drawn by Miandan, with tokens of the test vectors.
//
// They are drawn by an example program: cargo build -p miandan-templates --example look

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);
const LABEL = 'two-part-100x150';

export const fixture = (name) => fileURLToPath(new URL(`fixtures/courier/${name}`, ROOT));
export const vectors = JSON.parse(readFileSync(fixture('vectors.json')));

/** The token of a vector. */
export function token(name) {
  const found = vectors.tokens.find((vector) => vector.name === name);
  if (found === undefined) throw new Error(`no vector "${name}"`);
  return found.text;
}

function look() {
  const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('target', ROOT));
  return `${target}/debug/examples/look`;
}

/** Draws a label into a folder of its own: its picture at 203 dots an inch. */
export function draw(folder, { text, waybillNo, copy = 0 }) {
  mkdirSync(folder, { recursive: true });
  const template = readFileSync(new URL(`templates/${LABEL}/template.xml`, ROOT), 'utf8');
  const sample = JSON.parse(readFileSync(new URL(`templates/${LABEL}/sample.json`, ROOT)));
  writeFileSync(`${folder}/template.xml`, template);
  writeFileSync(`${folder}/sample.json`, JSON.stringify({ ...sample, waybill_no: waybillNo, courier_token: text, copy }));
  execFileSync(look(), [`${folder}/template.xml`, `${folder}/drawn`, '203']);
  return `${folder}/drawn/ordinary.png`;
}
