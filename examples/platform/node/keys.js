// Key files and trust lists (docs/mso1.md, "Key files"). Those under a passphrase are for `miandan` only.

import { createPrivateKey, createPublicKey } from 'node:crypto';
import { arrayOf, dataOf, hexadecimalKeyId, identifier, isObject, keyId, objectOf, strip, u64, word } from './encoding.js';
import { readJson } from './json.js';
import { require } from './refused.js';
import { SKEW, later } from './shapes.js';

const KEY_FILE_BYTES = 65_536;
const TRUST_LIST_BYTES = 1_048_576;

export const DATES = { nbf: u64, exp: u64 };
const SCOPE = { id: identifier, groups: arrayOf(identifier), merchants: arrayOf(identifier) };
const STATION = { ...SCOPE, kid: hexadecimalKeyId, x25519: dataOf(32), ed25519: dataOf(32) };
const ISSUER = { iss: identifier, kid: hexadecimalKeyId, ed25519: dataOf(32) };
const TRUSTED = { merchants: arrayOf(identifier), ...DATES };

const STATION_SECRET = objectOf({ v: word('miandan-station-1'), ...STATION }, DATES);
const STATION_PUBLIC = objectOf({ v: word('miandan-station-public-1'), ...STATION }, DATES);
const ISSUER_SECRET = objectOf({ v: word('miandan-issuer-1'), ...ISSUER });
const ISSUER_PUBLIC = objectOf({ v: word('miandan-issuer-public-1'), ...ISSUER }, TRUSTED);
const TRUST_LIST = objectOf({ v: word('miandan-trust-1'), issuers: arrayOf(objectOf(ISSUER, TRUSTED)) });

const curve = (data, name) => ({ kty: 'OKP', crv: name, x: Buffer.from(data).toString('base64url') });
export const ed25519Public = (data) => createPublicKey({ key: curve(data, 'Ed25519'), format: 'jwk' });

// A private key from its 32 bytes: PKCS #8 (RFC 8410) is these, after a fixed beginning.
function privateKey(data, objectIdentifier) {
  const der = Buffer.concat([Buffer.from(`302e020100300506032b65${objectIdentifier}04220420`, 'hex'), data]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
const publicBytes = (key) => Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x, 'base64url');

export const inForce = (key, now) =>
  later(now, SKEW) >= (key.nbf ?? 0n) && (key.exp === undefined || now < later(key.exp, SKEW));

export function checked(key, publicKey) {
  require(key.kid === keyId(publicKey));
  require(key.nbf === undefined || key.exp === undefined || key.exp > key.nbf);
  return key;
}

function read(shape, data) {
  require(data.length <= KEY_FILE_BYTES);
  return shape(readJson(strip(data)));
}

export function readStation(data) {
  const key = read(STATION_SECRET, data);
  return checked(key, publicBytes(privateKey(key.x25519, '6e')));
}

export function readStationPublic(data) {
  const key = read(STATION_PUBLIC, data);
  return checked(key, key.x25519);
}

export function readIssuer(data) {
  const key = read(ISSUER_SECRET, data);
  key.private = privateKey(key.ed25519, '70');
  return checked(key, publicBytes(key.private));
}

// Issuers from public files and trust lists, by issuer and name of the key.
export function readTrust(files) {
  const issuers = new Map();
  for (const data of files) {
    require(data.length <= TRUST_LIST_BYTES);
    const value = readJson(strip(data));
    const isList = isObject(value) && value.v === 'miandan-trust-1';
    for (const issuer of isList ? TRUST_LIST(value).issuers : [read(ISSUER_PUBLIC, data)]) {
      const name = JSON.stringify([issuer.iss, issuer.kid]);
      require(!issuers.has(name));
      issuers.set(name, checked(issuer, issuer.ed25519));
    }
  }
  return issuers;
}

export const findIssuer = (issuers, iss, kid) => issuers.get(JSON.stringify([iss, kid]));
