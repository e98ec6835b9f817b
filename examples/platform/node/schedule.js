// What is derived, signed and authenticated, byte by byte (docs/mso1.md, "Keys and bytes").

import { createHmac } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { sha256 } from './encoding.js';

export const SUITE = 1;
export const HPKE = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

const u16 = (number) => Buffer.from([number >> 8, number & 255]);

export const hmac = (key, ...data) =>
  data.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest();

export const signatureInput = (b, r) => Buffer.concat([Buffer.from('MSO1 sig\0'), u16(SUITE), sha256(b), sha256(r)]);

export const wrapInfo = (kid, b) =>
  Buffer.concat([Buffer.from('MSO1 key\0'), u16(SUITE), u16(kid.length), Buffer.from(kid), sha256(b)]);

// HKDF-Expand (RFC 5869, section 2.3); node:crypto has it only together with HKDF-Extract.
export function expand(key, info, length) {
  const blocks = [Buffer.alloc(0)];
  for (let count = 1; 32 * (count - 1) < length; count += 1) {
    blocks.push(hmac(key, blocks[count - 1], info, Buffer.from([count])));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

export const batchSecret = (batchKey, jti) => hmac(jti, batchKey);
export const orderKey = (secret, h) => expand(secret, Buffer.concat([Buffer.from('MSO1 order'), sha256(h)]), 32);

export function fieldKeyAndNonce(key, field) {
  const derived = expand(key, Buffer.from(`MSO1 field${field}`), 44);
  return [derived.subarray(0, 32), derived.subarray(32)];
}

export const fieldAad = (h, field, type) => Buffer.concat([sha256(h), Buffer.from(`${field}\0${type}`)]);

export function pad(text) {
  const padded = Buffer.alloc(Math.ceil((2 + text.length) / 32) * 32);
  padded.writeUInt16BE(text.length);
  text.copy(padded, 2);
  return padded;
}
