// How bytes and members are written in MSO1, and how strictly they are read (docs/mso1.md, "Notation").

import { createHash } from 'node:crypto';
import { require } from './refused.js';

export const sha256 = (...data) => data.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
export const toBase64url = (data) => Buffer.from(data).toString('base64url');
export const keyId = (publicKey) => sha256(publicKey).subarray(0, 8).toString('hex');

// The bytes of a text; at most `limit` of them, or exactly `size`.
export function fromBase64url(text, { limit, size } = {}) {
  require(typeof text === 'string');
  require(limit === undefined || Math.floor((text.length * 3) / 4) <= limit, 'LIMIT');
  require(/^[A-Za-z0-9_-]*$/.test(text) && !text.endsWith('\n') && text.length % 4 !== 1);
  const data = Buffer.from(text, 'base64url');
  // Node ignores unused bits that are not zero.
  require(toBase64url(data) === text && (size === undefined || data.length === size));
  return data;
}

// White space may stand around a key file or a list.
export function strip(data) {
  const space = (byte) => [0x20, 0x09, 0x0a, 0x0c, 0x0d].includes(byte);
  let [start, end] = [0, data.length];
  while (start < end && space(data[start])) start += 1;
  while (end > start && space(data[end - 1])) end -= 1;
  return data.subarray(start, end);
}

// Readers of one member each: they answer the value, or refuse it.

const reader = (holds) => (value) => {
  require(holds(value));
  return value;
};
const below = (end) => reader((value) => typeof value === 'bigint' && value < end);

export const text = reader((value) => typeof value === 'string');
export const identifier = reader((value) => typeof value === 'string' && value !== '' && !/\p{Cc}/u.test(value));
export const hexadecimalKeyId = reader((value) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value) && value.length === 16);
export const word = (...words) => reader((value) => words.includes(value));
export const u16 = below(1n << 16n);
export const u32 = below(1n << 32n);
export const u64 = below(1n << 64n);
export const dataOf = (size) => (value) => fromBase64url(value, { size });
export const isObject = (value) => typeof value === 'object' && !Array.isArray(value);

export const arrayOf = (read) => (value) => {
  require(Array.isArray(value));
  return value.map((element) => read(element));
};

// A reader of objects with these members and no other.
export function objectOf(required, optional = {}) {
  const readers = { ...required, ...optional };
  return (value) => {
    require(isObject(value));
    require(Object.keys(value).every((name) => Object.hasOwn(readers, name)));
    require(Object.keys(required).every((name) => name in value));
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, readers[name](member)]));
  };
}
