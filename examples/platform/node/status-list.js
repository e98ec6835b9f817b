#!/usr/bin/env node
// Signs the list of withdrawn authorisations: status-list.js --issuer issuer.key withdrawn.json > status.list
//
// The input is a JSON object: reference → highest epoch that is withdrawn.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { identifier, strip, u32 } from './encoding.js';
import { readJson } from './json.js';
import { readIssuer } from './keys.js';
import { byBytes, signList } from './lists.js';

export function signStatus(issuer, withdrawn, iat, next) {
  const entries = Object.entries(withdrawn).map(([ref, epoch]) => ({ ref: identifier(ref), epoch: u32(epoch) }));
  entries.sort((one, other) => byBytes(one.ref, other.ref));
  return signList('status', issuer, { iss: issuer.iss, ikid: issuer.kid, iat, next, withdrawn: entries });
}

function main(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      issuer: { type: 'string' },
      now: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
      'next-hours': { type: 'string', default: '24' }, // when a newer list will be there
    },
  });
  const issuer = readIssuer(readFileSync(values.issuer));
  const withdrawn = readJson(strip(readFileSync(positionals[0])));
  const iat = BigInt(values.now);
  process.stdout.write(signStatus(issuer, withdrawn, iat, iat + BigInt(values['next-hours']) * 3600n));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2));
