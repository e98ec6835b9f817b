#!/usr/bin/env node
// Seals plain orders, one a line: seal.js --issuer issuer.key --to station.key.pub --merchant M orders.jsonl > sealed.jsonl
//
// A plain order is what `miandan seal` reads. What a sealer must do stands in docs/mso1.md, "Sealing".

import { createCipheriv, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { toBase64url } from './encoding.js';
import { readJson, writeJson } from './json.js';
import { readIssuer, readStationPublic } from './keys.js';
import * as merkle from './merkle.js';
import { require } from './refused.js';
import {
  HPKE, SUITE, batchSecret, expand, fieldAad, fieldKeyAndNonce, hmac, orderKey, pad, signatureInput, wrapInfo,
} from './schedule.js';
import {
  BATCH, CIPHERTEXT_BYTES, FIELDS, MASK, ORDER_BYTES, RECIPIENTS, checkVirtual, readBatchHeader, readOrderHeader,
} from './shapes.js';

// The sealed orders of one batch, as texts. `options` has `aud`, `iat`, `nbf`, `exp` (BigInt) and, if wanted, `stn`,
// `mask` and `max`. A batch key that is used twice gives everything away, so nobody chooses it.
export async function sealBatch(issuer, stations, orders, options) {
  require(orders.length >= 1 && orders.length <= BATCH && stations.length >= 1 && stations.length <= RECIPIENTS);
  for (const station of stations) refuseStation(station, options);
  const [jti, batchKey] = [randomBytes(16), randomBytes(32)];
  const secret = batchSecret(batchKey, jti);

  const parts = orders.map((order, index) => {
    const fields = personalFields(order);
    const h = toBase64url(writeJson(orderHeader(issuer, index, jti, order, fields, options)));
    readOrderHeader(h); // refuses what an opener would refuse
    return { h, f: toBase64url(writeJson(encrypt(orderKey(secret, h), h, fields))) };
  });
  const [root, paths] = merkle.rootAndPaths(parts.map(({ h, f }) => merkle.leaf(h, f)));

  const { aud, stn, mask, iat, nbf, exp } = options;
  const b = toBase64url(
    writeJson({
      suite: SUITE, iss: issuer.iss, ikid: issuer.kid, jti: toBase64url(jti), iat, nbf, exp, aud,
      ...(stn && { stn }), pur: 'print', ...(mask && { mask }), n: orders.length, root: toBase64url(root),
    }),
  );
  readBatchHeader(b);
  const r = toBase64url(writeJson(await Promise.all(stations.map((station) => wrap(station, batchKey, b)))));
  const s = toBase64url(sign(null, signatureInput(b, r), issuer.private));
  batchKey.fill(0);

  return parts.map(({ h, f }, index) => {
    const sealed = writeJson({ v: 'MSO1', b, r, s, h, f, p: paths[index].map(toBase64url) });
    require(sealed.length <= ORDER_BYTES, 'LIMIT');
    return sealed;
  });
}

// Nothing is sealed to a station that would refuse it.
function refuseStation(station, { aud, stn, iat }) {
  require(station.merchants.includes(aud), 'WRONG_AUDIENCE');
  require([station.id, ...station.groups].includes(stn ?? station.id), 'WRONG_STATION');
  require(station.exp === undefined || station.exp > iat, 'UNKNOWN_KEY');
}

// [field, type, bytes], in the order of the format; what is empty is left out.
function personalFields(order) {
  const fields = [];
  for (const [field, types] of Object.entries(FIELDS)) {
    const [party, member] = field.split('.');
    const value = order[party]?.[member];
    if (member === 'virtual' && value) {
      const data = Buffer.from(writeJson({ main: value.main, ext: value.ext ?? '', until: value.until }));
      checkVirtual(data);
      fields.push([field, 'virtual', data]);
    } else if (value?.trim()) {
      fields.push([field, member === 'phone' ? phoneType(value) : types[0], Buffer.from(value)]);
    }
  }
  return fields;
}

// A mobile is 11 digits that begin with 13 to 19, with or without the code of the country and separators.
export function phoneType(number) {
  const half = number.replace(/[－＋（）０-９]/g, (full) => String.fromCharCode(full.charCodeAt(0) - 0xfee0));
  const digits = half.replace(/[ \u3000\t()-]/g, '').replace(/^\++/, '').replace(/^0086|^86(?=[0-9]{11}$)/, '');
  return /^1[3-9][0-9]{9}$/.test(digits) ? 'mobile' : 'landline';
}

function orderHeader(issuer, index, jti, order, fields, { aud, max }) {
  const header = {
    i: index, jti: toBase64url(jti), ord: order.order_id, wbn: order.waybill_no, cp: order.carrier,
  };
  if (order.payment_id) header.pay = order.payment_id;
  for (const name of ['routing', 'service', 'parcel', 'items', 'memo', 'consent']) {
    if (order[name] && Object.keys(order[name]).length > 0) header[name] = order[name];
  }
  if (order.merge_key?.trim()) header.mrg = toBase64url(mergeMark(issuer, aud, order.merge_key));
  if (max !== undefined) header.max = max;
  header.fields = Object.fromEntries(fields.map(([field, type]) => [field, type]));
  return header;
}

// The same for parcels of one consignee, and nobody without the issuer's key can try out merge keys.
function mergeMark(issuer, merchant, mergeKey) {
  const key = expand(hmac(Buffer.alloc(32), issuer.ed25519), Buffer.from('MSO1 merge'), 32);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(Buffer.byteLength(merchant)));
  return hmac(key, length, merchant, mergeKey).subarray(0, 16);
}

function encrypt(orderSecret, h, fields) {
  const table = {};
  for (const [field, type, text] of fields) {
    require(text.length <= CIPHERTEXT_BYTES, 'LIMIT');
    const padded = pad(text);
    require(padded.length + 16 <= CIPHERTEXT_BYTES, 'LIMIT');
    const [key, nonce] = fieldKeyAndNonce(orderSecret, field);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(fieldAad(h, field, type));
    table[field] = toBase64url(Buffer.concat([cipher.update(padded), cipher.final(), cipher.getAuthTag()]));
  }
  return table;
}

async function wrap(station, batchKey, b) {
  const recipientPublicKey = await HPKE.kem.deserializePublicKey(station.x25519);
  const context = await HPKE.createSenderContext({ recipientPublicKey, info: wrapInfo(station.kid, b) });
  const wk = await context.seal(batchKey);
  return { kid: station.kid, enc: toBase64url(context.enc), wk: toBase64url(wk) };
}

async function main(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      issuer: { type: 'string' },
      to: { type: 'string', multiple: true, default: [] },
      merchant: { type: 'string' },
      station: { type: 'string' }, // the station or group that alone may print
      now: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
      'expires-days': { type: 'string', default: '30' },
      'batch-size': { type: 'string', default: '100' },
      'max-prints': { type: 'string' },
      ...Object.fromEntries(Object.keys(MASK).map((name) => [`mask-${name}`, { type: 'string' }])),
    },
  });
  const issuer = readIssuer(readFileSync(values.issuer));
  const stations = values.to.map((file) => readStationPublic(readFileSync(file)));
  const lines = readFileSync(positionals[0], 'utf8').split('\n').filter(Boolean);
  const orders = lines.map((line) => readJson(Buffer.from(line.trim())));
  const words = Object.keys(MASK).map((name) => [name, values[`mask-${name}`]]).filter(([, word]) => word);
  const iat = BigInt(values.now);
  const options = {
    aud: values.merchant, stn: values.station, max: values['max-prints'] && BigInt(values['max-prints']),
    iat, nbf: iat, exp: iat + BigInt(values['expires-days']) * 86_400n,
    mask: words.length > 0 ? Object.fromEntries(words) : undefined,
  };
  const size = Number(values['batch-size']);
  for (let start = 0; start < orders.length; start += size) {
    for (const sealed of await sealBatch(issuer, stations, orders.slice(start, start + size), options)) {
      process.stdout.write(`${sealed}\n`);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
