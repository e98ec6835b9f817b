// For ../check: the known answers through this opener, and orders opened with every field.
//
// check.js answers known-answers.json       fails if a case is answered otherwise
// check.js open KEY TRUST NOW FILE          as open.js, but the fields that are never printed too, and the types

import { readFileSync } from 'node:fs';
import { fromBase64url, toBase64url } from './encoding.js';
import { readJson, writeJson } from './json.js';
import { readStation, readStationPublic, readTrust } from './keys.js';
import { Status, verifyList } from './lists.js';
import { openChecked, openOrder } from './open.js';
import { Refused } from './refused.js';
import { FIELDS, PRINTABLE } from './shapes.js';

// The bytes of a case. `pad_to` puts spaces after the first character until it is so long.
function content(item, name) {
  const data = name in item ? Buffer.from(item[name]) : fromBase64url(item[`${name}_base64url`]);
  const missing = Math.max(0, Number(item.pad_to ?? 0n) - data.length);
  return Buffer.concat([data.subarray(0, 1), Buffer.alloc(missing, ' '), data.subarray(1)]);
}

async function answered(open) {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Refused) return { code: error.code };
    throw error;
  }
}

async function answers(file) {
  const known = readJson(readFileSync(file).subarray(0, -1), { depth: 16 });
  const { now, stations, issuers, status_lists: lists, orders, lists: signed, key_files: keyFiles } = known;
  const trusted = (names) => readTrust(names.map((name) => Buffer.from(issuers[name].public)));
  const wrong = [];
  const compare = (item, answer, expected) => {
    const [given, right] = [answer, expected].map((value) => writeJson(value));
    if (given !== right) wrong.push(`${item.name}: ${given} and not ${right}`);
  };
  for (const item of orders) {
    const status = new Status(item.status?.policy ?? 'off', item.status?.max_age);
    for (const name of item.status?.lists ?? []) {
      status.add(verifyList('status', Buffer.from(lists[name]), trusted(['platform', 'other'])));
    }
    const keys = (item.stations ?? ['S1']).map((name) => readStation(Buffer.from(stations[name].secret)));
    const trust = trusted(item.trust ?? ['platform']);
    const answer = await answered(async () => {
      const wanted = item.wanted ?? PRINTABLE;
      const { fields } = await openOrder(content(item, 'order'), item.now ?? now, keys, trust, status, wanted);
      return { opened: fields };
    });
    compare(item, answer, 'code' in item ? { code: item.code } : { opened: item.opened });
  }
  for (const item of signed) {
    const answer = await answered(async () => {
      const body = verifyList(item.kind, content(item, 'file'), trusted(item.trust));
      return { entries: body[item.kind === 'status' ? 'withdrawn' : item.kind].length };
    });
    compare(item, answer, 'code' in item ? { code: item.code } : { entries: item.entries });
  }
  // This example reads neither carriers' keys nor, since Node 20 has no Argon2, files under a passphrase.
  const readable = keyFiles.filter((item) => item.kind !== 'carrier public' && !('passphrase' in item));
  const readers = { station: readStation, 'station public': readStationPublic };
  for (const item of readable) {
    const answer = await answered(async () => {
      (readers[item.kind] ?? ((data) => readTrust([data])))(content(item, 'file'));
      return { read: 1n };
    });
    compare(item, 'code' in answer ? { read: 0n } : answer, { read: item.read });
  }
  for (const line of wrong) console.error(line);
  const counts = `${orders.length} known orders, ${signed.length} known lists, ${readable.length} known key files`;
  console.log(`Node: ${counts}, ${wrong.length} answered otherwise`);
  return wrong.length === 0;
}

async function open(key, trust, now, file) {
  const [keys, issuers] = [[readStation(readFileSync(key))], readTrust([readFileSync(trust)])];
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const off = new Status('off');
    const { header, fields } = await openChecked(Buffer.from(line), BigInt(now), keys, issuers, off, Object.keys(FIELDS));
    if (header.mrg) header.mrg = toBase64url(header.mrg);
    header.jti = toBase64url(header.jti);
    console.log(writeJson({ header, fields }));
  }
  return true;
}

const [command, ...rest] = process.argv.slice(2);
process.exitCode = (await { answers, open }[command](...rest)) ? 0 : 1;
