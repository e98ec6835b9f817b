// Signed lists: withdrawn authorisations, stations' and carriers' keys (docs/mso1.md, "Signed lists").

import { sign, verify } from 'node:crypto';
import {
  arrayOf, dataOf, fromBase64url, hexadecimalKeyId, identifier, objectOf, sha256, strip, text, toBase64url, u32, u64,
} from './encoding.js';
import { readJson, writeJson } from './json.js';
import { DATES, checked, ed25519Public, findIssuer, inForce } from './keys.js';
import { require } from './refused.js';
import { later } from './shapes.js';

const LIST_BYTES = 8_388_608;
const LIST_LIFETIME = 31n * 86_400n;
const GRACE = 86_400n;

const HEAD = { iss: text, ikid: hexadecimalKeyId, iat: u64, next: u64 };
const OUTER = objectOf({ v: text, l: text, s: dataOf(64) });
const STATION = objectOf({ id: identifier, kid: hexadecimalKeyId, ed25519: dataOf(32) }, DATES);
const CARRIER = objectOf({ carrier: identifier, kid: hexadecimalKeyId, x25519: dataOf(32) }, DATES);
const BODIES = {
  status: objectOf({ ...HEAD, withdrawn: arrayOf(objectOf({ ref: identifier, epoch: u32 })) }),
  stations: objectOf({ ...HEAD, stations: arrayOf(STATION) }),
  carriers: objectOf({ ...HEAD, carriers: arrayOf(CARRIER) }),
};

const signatureInput = (kind, l) => Buffer.concat([Buffer.from(`MSO1 ${kind}\0`), sha256(l)]);
export const byBytes = (one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other));

// The text of a list. Its entries have to be in order already, see status-list.js.
export function signList(kind, issuer, body) {
  require(body.iat < body.next && body.next <= body.iat + LIST_LIFETIME, 'LIMIT');
  const l = toBase64url(writeJson(body));
  const s = toBase64url(sign(null, signatureInput(kind, l), issuer.private));
  const file = `${writeJson({ v: `MSO1-${kind}`, l, s })}\n`;
  require(file.length <= LIST_BYTES, 'LIMIT');
  return file;
}

// The body of a list, after its signature was found to hold.
export function verifyList(kind, file, trust) {
  require(file.length <= LIST_BYTES, 'LIMIT');
  const outer = OUTER(readJson(strip(file), { escapes: false }));
  require(outer.v === `MSO1-${kind}`);
  const body = BODIES[kind](readJson(fromBase64url(outer.l)));
  const names = kind === 'status' ? body.withdrawn.map((entry) => entry.ref) : body[kind].map((entry) => entry.kid);
  if (kind !== 'status') for (const entry of body[kind]) checked(entry, entry.ed25519 ?? entry.x25519);
  require(names.every((name, at) => at === 0 || byBytes(names[at - 1], name) < 0));
  identifier(body.iss);
  require(body.next > body.iat);
  require(body.next - body.iat <= LIST_LIFETIME, 'LIMIT');
  const issuer = findIssuer(trust, body.iss, body.ikid);
  require(issuer && inForce(issuer, body.iat), 'UNKNOWN_ISSUER');
  require(verify(null, signatureInput(kind, outer.l), ed25519Public(issuer.ed25519), outer.s), 'BAD_SIGNATURE');
  return body;
}

// What a station knows of withdrawals, and its policy: `off`, `warn` or `required`.
export class Status {
  constructor(policy = 'warn', maxAge = undefined) {
    Object.assign(this, { policy, maxAge, lists: new Map() });
  }

  add({ iss, iat, next, withdrawn }) {
    const known = this.lists.get(iss);
    if (known && known.iat >= iat) return;
    this.lists.set(iss, { iat, next, epochs: new Map(withdrawn.map(({ ref, epoch }) => [ref, epoch])) });
  }

  check(iss, consent, now) {
    if (this.policy === 'off') return;
    const known = this.lists.get(iss);
    const withdrawn = consent && known?.epochs.get(consent.ref);
    require(withdrawn === undefined || consent.epoch > withdrawn, 'WITHDRAWN');
    const fresh =
      known && now < later(known.next, GRACE) && (this.maxAge === undefined || now < later(known.iat, this.maxAge));
    require(fresh || this.policy !== 'required', 'STALE_STATUS');
  }
}
