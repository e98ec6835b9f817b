// The JSON shapes of MSO1: every member, whether it is required, and its type (docs/mso1.md).

import {
  arrayOf, dataOf, fromBase64url, hexadecimalKeyId, identifier, isObject, objectOf, text, u16, u32, u64, word,
} from './encoding.js';
import { readJson } from './json.js';
import { require } from './refused.js';

const PARTY = {
  name: ['name'], org: ['org'], mobile: ['mobile'], phone: ['mobile', 'landline'], virtual: ['virtual'],
  province: ['region'], city: ['region'], district: ['region'], town: ['region'], detail: ['address'],
};
const NEVER_PRINTED = { 'buyer.account': ['account'], 'buyer.email': ['email'], 'buyer.idcard': ['idcard'] };
const fieldsOf = (party) => Object.entries(PARTY).map(([member, types]) => [`${party}.${member}`, types]);
// Every field in the order of the format, and the types that it may have.
export const FIELDS = { ...Object.fromEntries([...fieldsOf('recipient'), ...fieldsOf('sender')]), ...NEVER_PRINTED };
export const PRINTABLE = Object.keys(FIELDS).filter((field) => !(field in NEVER_PRINTED));

export const MASK = {
  name: ['first', 'none'], phone: ['tail4', 'tail2', 'none'], address: ['full', 'unit', 'digits', 'detail'],
};

export const ORDER_BYTES = 65_536;
export const BATCH_HEADER_BYTES = 4_096;
export const ORDER_HEADER_BYTES = 16_384;
export const CIPHERTEXT_BYTES = 4_096;
export const RECIPIENTS = 16;
export const PATH = 20;
export const BATCH = 2 ** PATH;
export const LIFETIME = 30n * 86_400n;
export const SKEW = 300n;

// A sum of times stops at the largest one; it does not wrap around.
export function later(time, seconds) {
  const [sum, largest] = [time + seconds, (1n << 64n) - 1n];
  return sum < largest ? sum : largest;
}

function fieldTypes(value) {
  require(isObject(value));
  require(Object.entries(value).every(([field, type]) => Object.hasOwn(FIELDS, field) && FIELDS[field].includes(type)));
  return value;
}

const optionalTexts = (...names) => objectOf({}, Object.fromEntries(names.map((name) => [name, text])));

const OUTER = objectOf({ v: word('MSO1'), b: text, r: text, s: text, h: text, f: text, p: arrayOf(dataOf(32)) });
const BATCH_HEADER = objectOf(
  {
    suite: u16, iss: text, ikid: hexadecimalKeyId, jti: dataOf(16), iat: u64, nbf: u64, exp: u64, aud: text, pur: text,
    n: u32, root: dataOf(32),
  },
  {
    stn: text,
    mask: objectOf({}, Object.fromEntries(Object.entries(MASK).map(([name, words]) => [name, word(...words)]))),
  },
);
const RECIPIENT = objectOf({ kid: hexadecimalKeyId, enc: dataOf(32), wk: dataOf(48) });
const ORDER_HEADER = objectOf(
  { i: u32, jti: dataOf(16), ord: identifier, wbn: identifier, cp: identifier, fields: fieldTypes },
  {
    pay: identifier,
    routing: optionalTexts(
      'code', 'sortation', 'consolidation_name', 'consolidation_code', 'origin_name', 'origin_code',
    ),
    service: text,
    parcel: objectOf({}, { weight_g: u32, index: u32, count: u32, cod_fen: u32, insured_fen: u32 }),
    items: arrayOf(objectOf({}, { name: text, sku: text, count: u32 })),
    memo: text,
    mrg: dataOf(16),
    consent: objectOf({ ref: identifier, epoch: u32 }),
    max: u32,
  },
);

export function readOrder(data) {
  require(data.length <= ORDER_BYTES, 'LIMIT');
  const order = OUTER(readJson(data, { escapes: false }));
  require(order.p.length <= PATH, 'LIMIT');
  return order;
}

export const readOrderHeader = (h) => ORDER_HEADER(readJson(fromBase64url(h, { limit: ORDER_HEADER_BYTES })));

export function readCiphertexts(f, types) {
  const table = readJson(fromBase64url(f), { escapes: false });
  require(isObject(table));
  require(Object.entries(table).every(([field, value]) => Object.hasOwn(FIELDS, field) && typeof value === 'string'));
  const ciphertexts = {};
  for (const field of Object.keys(FIELDS)) {
    require(field in table === field in types);
    if (field in table) ciphertexts[field] = fromBase64url(table[field], { limit: CIPHERTEXT_BYTES });
  }
  return ciphertexts;
}

export function readBatchHeader(b) {
  const header = BATCH_HEADER(readJson(fromBase64url(b, { limit: BATCH_HEADER_BYTES })));
  require(header.suite === 1n, 'UNSUPPORTED_SUITE');
  for (const name of ['iss', 'aud', 'stn']) if (name in header) identifier(header[name]);
  require(header.n > 0n && header.exp > header.nbf && header.exp > header.iat);
  require(header.n <= BigInt(BATCH) && header.exp - header.iat <= LIFETIME, 'LIMIT');
  return header;
}

export function readRecipients(r) {
  const recipients = arrayOf(RECIPIENT)(readJson(fromBase64url(r)));
  require(recipients.length <= RECIPIENTS, 'LIMIT');
  const byKey = new Map(recipients.map((recipient) => [recipient.kid, recipient]));
  require(byKey.size > 0 && byKey.size === recipients.length);
  return byKey;
}

// A virtual number: what is dialled, its extension, and until when it may be printed.
export function checkVirtual(data) {
  const { main, ext } = objectOf({ main: text, ext: text, until: u64 })(readJson(data, { escapes: false }));
  require(/^[0-9+-]{3,20}$/.test(main) && /^[0-9]{0,8}$/.test(ext));
}
