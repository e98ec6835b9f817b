// Every vector of fixtures/courier through the module, and what it must not do. First: ../build

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CourierError, load } from '../miandan-courier.js';

const fixture = (name) => readFileSync(new URL(`../../../fixtures/courier/${name}`, import.meta.url));
const wasm = readFileSync(new URL('../miandan-courier.wasm', import.meta.url));
const vectors = JSON.parse(fixture('vectors.json'));
const courier = await load(wasm);

function newTrust() {
  const trust = courier.newTrust();
  trust.addIssuers(fixture(vectors.files.issuers));
  trust.addStations(fixture(vectors.files.stations));
  return trust;
}

function failure(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof CourierError, error.stack);
    return error.code;
  }
  return undefined;
}

test('the module asks nothing of its host, and names no place of the machine that built it', () => {
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(wasm)), []);
  assert.match(courier.version, /^\d+\.\d+\.\d+$/);
  assert.equal(courier.version, JSON.parse(readFileSync(new URL('../package.json', import.meta.url))).version);
  assert.ok(!/\/(root|home|Users)\/|registry\/src/.test(wasm.toString('latin1')));
});

test('every token is answered for as the vectors say', () => {
  const trust = newTrust();
  const verdicts = new Set();
  for (const { name, text, claims, contents, damage, checks } of vectors.tokens) {
    for (const { now, waybill_no: waybillNo, verdict, station, is_list_old: isListOld } of checks) {
      const answer = trust.check(text, { now, waybillNo });
      const isGood = verdict === 'genuine' || verdict === 'reprint';
      const said = [answer.text, answer.verdict, answer.station, answer.isListOld, answer.isGood];
      assert.deepEqual(said, [text, verdict, station, isListOld, isGood], name);
      verdicts.add(answer.verdict);
      assert.equal(trust.isOld(now), isListOld);
      if (damage) continue;
      assert.equal(answer.waybillNo, claims.waybill_no);
      assert.equal(answer.issuedAt, claims.issued * 3600);
      assert.equal(answer.expiresAt, (claims.issued + claims.lifetime) * 3600);
      assert.equal(answer.serial, claims.serial);
      assert.equal(answer.copy, claims.copy);
      assert.equal(answer.isSealed, contents !== undefined);
      assert.match(answer.carrierId, /^[0-9a-f]{4}$/);
    }
  }
  assert.equal(verdicts.size, 9);
  trust.free();
});

test('every sealed part opens, or does not, as the vectors say', () => {
  const carriers = new Map(vectors.keys.carriers.map(({ file, code }) => [file, [courier.readCarrier(fixture(file)), code]]));
  for (const [carrier, code] of carriers.values()) assert.equal(carrier.code, code);
  const failures = { nothing: 'nothing-sealed', 'other-carrier': 'other-carrier', 'other-key': 'other-key' };
  for (const { name, text, opens } of vectors.tokens) {
    for (const { file, status, contents } of opens) {
      const [carrier] = carriers.get(file);
      if (status !== 'opened') {
        assert.equal(failure(() => carrier.open({ text })), failures[status], name);
        continue;
      }
      assert.deepEqual(carrier.open({ text }), {
        virtualNumber: contents.virtual_number,
        virtualDays: contents.virtual_days,
        door: contents.door,
        isIncomplete: contents.is_incomplete,
      }, name);
    }
  }
  for (const [carrier] of carriers.values()) carrier.free();
});

test('what is no token is said not to be', () => {
  const trust = newTrust();
  const codes = { other: 'not-a-token', version: 'unknown-version', malformed: 'malformed' };
  for (const { text, reason } of vectors.refused) {
    assert.equal(failure(() => trust.check(text, { now: 0 })), codes[reason], JSON.stringify(text));
  }
  trust.free();
});

test('files are looked at before they are trusted', () => {
  const issuers = fixture(vectors.files.issuers);
  const stations = fixture(vectors.files.stations);
  const trust = courier.newTrust();
  assert.equal(failure(() => trust.addStations(stations)), 'unknown-issuer');
  assert.equal(failure(() => trust.addIssuers(stations)), 'no-issuer');
  trust.addIssuers(issuers.toString());
  assert.equal(failure(() => trust.addStations(issuers)), 'no-list');
  const list = JSON.parse(stations);
  const other = list.s[10] === 'A' ? 'B' : 'A';
  const changed = JSON.stringify({ ...list, s: list.s.slice(0, 10) + other + list.s.slice(11) });
  assert.equal(failure(() => trust.addStations(changed)), 'bad-signature');
  assert.equal(trust.hasStations, false);
  // A view that does not begin where its buffer does.
  const padded = new Uint8Array(stations.length + 7);
  padded.set(stations, 7);
  trust.addStations(padded.subarray(7));
  assert.equal(trust.hasStations, true);
  assert.equal(failure(() => courier.readCarrier(issuers)), 'bad-key');
  trust.free();
});

test('what is of another kind is refused, and after freeing there is nothing', () => {
  const trust = newTrust();
  const [{ text, checks: [{ now }] }] = vectors.tokens;
  for (const wrong of [undefined, null, 7, {}]) {
    assert.equal(failure(() => trust.check(wrong, { now })), 'bad-argument');
    assert.equal(failure(() => trust.addIssuers(wrong)), 'bad-argument');
  }
  for (const wrong of [undefined, -1, 1.5, NaN, Infinity, '1', 2 ** 60]) {
    assert.equal(failure(() => trust.check(text, { now: wrong })), 'bad-argument');
  }
  trust.free();
  trust.free();
  assert.equal(failure(() => trust.check(text, { now })), 'bad-argument');
  assert.equal(trust.hasStations, false);
});

// An instance of its own, whose memory can be looked at.
async function instance() {
  const { instance } = await WebAssembly.instantiate(wasm);
  return { courier: await load(instance), memory: instance.exports.memory };
}

test('nothing that was opened stays in the memory of the module', async () => {
  const { courier, memory } = await instance();
  const has = (text) => Buffer.from(memory.buffer).includes(text);
  const carrier = courier.readCarrier(fixture(vectors.files.carrier));
  const { text } = vectors.tokens.find(({ name }) => name === 'sealed, a door alone');
  const { door } = carrier.open({ text });
  assert.equal(door, '3号楼2单元1204室');
  // The key itself is there as long as the carrier is: so this finds what is there.
  const { private: bytes } = vectors.keys.carriers.find(({ file }) => file === vectors.files.carrier);
  // Without its ends, some bits of which X25519 sets.
  const key = Buffer.from(bytes, 'hex').subarray(1, 31);
  assert.ok(has(key), 'the key');
  carrier.free();
  assert.ok(!has(key), 'the key');
  assert.ok(!has('1204'), 'the door');
  assert.ok(!has('"x25519"'), 'the key file');
});

test('memory does not grow with what is asked', async () => {
  const { courier, memory } = await instance();
  const trust = courier.newTrust();
  trust.addIssuers(fixture(vectors.files.issuers));
  trust.addStations(fixture(vectors.files.stations));
  const carrier = courier.readCarrier(fixture(vectors.files.carrier));
  const { text, checks: [{ now }] } = vectors.tokens.find(({ name }) => name === 'sealed');
  const ask = () => {
    for (let i = 0; i < 300; i++) carrier.open(trust.check(text, { now }));
    return memory.buffer.byteLength;
  };
  const before = ask();
  assert.equal(ask(), before);
});
