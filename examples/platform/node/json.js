// JSON read strictly (docs/mso1.md, "JSON"). JSON.parse takes the last of two members of one name and rounds large
// numbers, so it is not used. Integers come as BigInt, objects without a prototype.

import { Refused } from './refused.js';

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const INTEGER = /(?:0|[1-9][0-9]{0,19})(?![0-9.eE])/y;

export function readJson(bytes, { escapes = true, depth = 8 } = {}) {
  const ends = String.fromCharCode(bytes[0], bytes[bytes.length - 1]);
  if (ends !== '{}' && ends !== '[]') throw new Refused('MALFORMED');
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused('MALFORMED');
  }
  if (!escapes && text.includes('\\')) throw new Refused('MALFORMED');
  const parser = new Parser(text);
  const value = parser.value(depth);
  parser.finish();
  return value;
}

export function writeJson(value) {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member)}`).join(',')}}`;
}

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found?.[0];
  }

  next() {
    this.match(SPACE);
    return this.text[this.at];
  }

  take(character) {
    if (this.next() !== character) return false;
    this.at += 1;
    return true;
  }

  demand(condition) {
    if (!condition) throw new Refused('MALFORMED');
  }

  value(depth) {
    this.demand(depth > 0);
    if (this.take('{')) return this.object(depth);
    if (this.take('[')) return this.array(depth);
    if (this.next() === '"') return this.string();
    const digits = this.match(INTEGER);
    this.demand(digits !== undefined);
    return BigInt(digits);
  }

  object(depth) {
    const object = Object.create(null);
    if (this.take('}')) return object;
    do {
      this.next();
      const name = this.string();
      this.demand(!(name in object) && this.take(':'));
      object[name] = this.value(depth - 1);
    } while (this.take(','));
    this.demand(this.take('}'));
    return object;
  }

  array(depth) {
    const array = [];
    if (this.take(']')) return array;
    do {
      array.push(this.value(depth - 1));
    } while (this.take(','));
    this.demand(this.take(']'));
    return array;
  }

  string() {
    const literal = this.match(STRING);
    this.demand(literal !== undefined);
    const string = JSON.parse(literal);
    this.demand(string.isWellFormed());
    return string;
  }

  finish() {
    this.demand(this.at === this.text.length);
  }
}
