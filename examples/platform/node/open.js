#!/usr/bin/env node
// Opens sealed orders, one a line: open.js --key station.key --trust issuer.key.pub [--now N] orders.sealed.jsonl
//
// Prints one JSON line per order: {"ord", "wbn", "fields": {field: text}}, or {"code"} for an order that is refused.
// The checks stand in the order of docs/mso1.md, "Opening". This shows personal data in clear: it is for tests of your
// sealer. What prints for a merchant is `miandan`, which opens inside a sandbox and masks.

import { createDecipheriv, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fromBase64url } from './encoding.js';
import { ed25519Public, findIssuer, inForce, readStation, readTrust } from './keys.js';
import { Status, verifyList } from './lists.js';
import * as merkle from './merkle.js';
import { Refused, require } from './refused.js';
import { HPKE, batchSecret, fieldAad, fieldKeyAndNonce, orderKey, signatureInput, wrapInfo } from './schedule.js';
import {
  FIELDS, PRINTABLE, SKEW, checkVirtual, later, readBatchHeader, readCiphertexts, readOrder, readOrderHeader,
  readRecipients,
} from './shapes.js';

// The order header and the wanted fields of one order, or `Refused`.
export async function openOrder(data, now, keys, trust, status = new Status('off'), wanted = PRINTABLE) {
  require(wanted.every((field) => PRINTABLE.includes(field)), 'FIELD_NOT_PRINTABLE');
  return openChecked(data, now, keys, trust, status, wanted);
}

export async function openChecked(data, now, keys, trust, status, wanted) {
  // Size and shape.
  const order = readOrder(data);
  const header = readOrderHeader(order.h);
  const ciphertexts = readCiphertexts(order.f, header.fields);

  // What the batch shares: a real opener does this once for a batch and remembers it under `b`, `r` and `s`.
  const batch = readBatchHeader(order.b);
  const recipients = readRecipients(order.r);
  const signature = fromBase64url(order.s, { size: 64 });
  const issuer = findIssuer(trust, batch.iss, batch.ikid);
  require(issuer && (issuer.merchants ?? [batch.aud]).includes(batch.aud), 'UNKNOWN_ISSUER');
  const genuine = verify(null, signatureInput(order.b, order.r), ed25519Public(issuer.ed25519), signature);
  require(genuine, 'BAD_SIGNATURE');

  // Time, audience, station, purpose.
  require(inForce(issuer, now), 'UNKNOWN_ISSUER');
  require(later(now, SKEW) >= batch.nbf && later(now, SKEW) >= batch.iat, 'NOT_YET_VALID');
  require(now < later(batch.exp, SKEW), 'EXPIRED');
  const forMerchant = keys.filter((key) => key.merchants.includes(batch.aud));
  require(forMerchant.length > 0, 'WRONG_AUDIENCE');
  const forStation = forMerchant.filter((key) => [key.id, ...key.groups].includes(batch.stn ?? key.id));
  require(forStation.length > 0, 'WRONG_STATION');
  require(batch.pur === 'print', 'WRONG_PURPOSE');

  // The order belongs to the batch, at its index, and was not withdrawn.
  const leaf = merkle.leaf(order.h, order.f);
  const belongs = merkle.verify(leaf, Number(header.i), Number(batch.n), order.p, batch.root);
  require(header.jti.equals(batch.jti) && belongs, 'BAD_SIGNATURE');
  status.check(batch.iss, header.consent, now);

  // Only now is a private key used.
  const key = forStation.find((key) => inForce(key, now) && recipients.has(key.kid));
  require(key, 'UNKNOWN_KEY');
  const batchKey = await unwrap(key, recipients.get(key.kid), order.b);
  const secret = orderKey(batchSecret(batchKey, batch.jti), order.h);
  const fields = {};
  for (const field of Object.keys(FIELDS).filter((field) => wanted.includes(field) && field in ciphertexts)) {
    const type = header.fields[field];
    const text = openField(secret, order.h, field, type, ciphertexts[field]);
    if (type === 'virtual') checkVirtual(Buffer.from(text));
    fields[field] = text;
  }
  return { header, fields };
}

async function unwrap(key, { kid, enc, wk }, b) {
  try {
    const recipientKey = await HPKE.kem.deserializePrivateKey(key.x25519);
    const context = await HPKE.createRecipientContext({ recipientKey, enc, info: wrapInfo(kid, b) });
    return Buffer.from(await context.open(wk));
  } catch {
    throw new Refused('AUTH_FAILED'); // a point of low order, or a wrong tag
  }
}

function openField(orderSecret, h, field, type, ciphertext) {
  require(ciphertext.length >= 16, 'AUTH_FAILED');
  const [key, nonce] = fieldKeyAndNonce(orderSecret, field);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    decipher.setAAD(fieldAad(h, field, type)).setAuthTag(ciphertext.subarray(-16));
    const padded = Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
    const length = padded.readUInt16BE();
    const [text, padding] = [padded.subarray(2, 2 + length), padded.subarray(2 + length)];
    require(padded.length % 32 === 0 && text.length === length, 'AUTH_FAILED');
    require(padding.length < 32 && padding.every((byte) => byte === 0), 'AUTH_FAILED');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    throw new Refused('AUTH_FAILED');
  }
}

export async function main(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      key: { type: 'string', multiple: true, default: [] },
      trust: { type: 'string', multiple: true, default: [] },
      now: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
      'status-list': { type: 'string', multiple: true, default: [] },
      'status-policy': { type: 'string', default: 'warn' },
      fields: { type: 'string' }, // with commas between them; all that may be printed otherwise
    },
  });
  const keys = values.key.map((file) => readStation(readFileSync(file)));
  const trust = readTrust(values.trust.map((file) => readFileSync(file)));
  const status = new Status(values['status-policy']);
  for (const file of values['status-list']) status.add(verifyList('status', readFileSync(file), trust));
  const wanted = values.fields?.split(',') ?? PRINTABLE;
  for (const line of readFileSync(positionals[0], 'utf8').split('\n').filter(Boolean)) {
    try {
      const { header, fields } = await openOrder(Buffer.from(line), BigInt(values.now), keys, trust, status, wanted);
      console.log(JSON.stringify({ ord: header.ord, wbn: header.wbn, fields }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      console.log(JSON.stringify({ code: error.code }));
      process.exitCode = 4;
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
