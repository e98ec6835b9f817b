'use strict';
// What a program hands over, looked at before the native module sees it. Whatever it is, the worst that comes of it is a
// MiandanError.

const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { isDate } = require('node:util/types');
const { MiandanError, bad } = require('./error.js');

/** After this many seconds since 1970 (the year 5138) a number was meant to be milliseconds. */
const LATEST = 1e11;

/** An object of options, none of them unknown. */
function options(name, value, known) {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${name} is an object`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw bad(`${name} has no option ${JSON.stringify(unknown)}`);
  return value;
}

function wellFormed(name, value) {
  if (!value.isWellFormed()) throw new MiandanError({ code: 'NOT_UNICODE', message: `${name} has half a character in it` });
  return value;
}

function text(name, value) {
  if (typeof value !== 'string' || value === '') throw bad(`${name} is a string that is not empty`);
  if (value.includes('\0')) throw bad(`${name} has a NUL in it`);
  return wellFormed(name, value);
}

/** A path: a string or a `file:` URL. It stays the same when the program changes its folder. */
function file(name, value) {
  if (value instanceof URL) {
    try {
      return text(name, fileURLToPath(value));
    } catch (cause) {
      throw new MiandanError({ code: 'BAD_ARGUMENT', message: `${name}: ${cause.message}` }, { cause });
    }
  }
  return path.resolve(text(name, value));
}

function list(name, value) {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** One path, or several, or none. */
function files(name, value) {
  return list(name, value).map((each) => file(name, each));
}

function isBytes(value) {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

/** Bytes without a copy of them, or a text as UTF-8. */
function bytes(name, value) {
  if (typeof value === 'string') return Buffer.from(wellFormed(name, value));
  if (!isBytes(value)) throw bad(`${name} is a string or bytes`);
  try {
    return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value);
  } catch (cause) {
    throw new MiandanError({ code: 'BAD_ARGUMENT', message: `${name}: ${cause.message}` }, { cause });
  }
}

function integer(name, value, least, most) {
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || value < least || value > most) throw bad(`${name} is a whole number from ${least} to ${most}`);
  return value;
}

function flag(name, value) {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw bad(`${name} is true or false`);
  return value;
}

/** One of these; the first if nothing is said. */
function oneOf(name, value, words) {
  if (value === undefined) return words[0];
  if (!words.includes(value)) throw bad(`${name} is ${words.join(' or ')}`);
  return value;
}

/** A time: a Date, or whole seconds since 1970. */
function time(name, value) {
  if (value === undefined) return undefined;
  const seconds = isDate(value) ? Math.floor(value.getTime() / 1000) : value;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > LATEST) throw bad(`${name} is a Date, or whole seconds since 1970`);
  return seconds;
}

/** A duration in milliseconds, as seconds. */
function duration(name, value) {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw bad(`${name} is a number of milliseconds`);
  return value / 1000;
}

function callback(name, value) {
  if (value !== undefined && typeof value !== 'function') throw bad(`${name} is a function`);
  return value;
}

function signal(name, value) {
  if (value === undefined) return undefined;
  if (typeof value?.aborted !== 'boolean' || typeof value.addEventListener !== 'function') throw bad(`${name} is an AbortSignal`);
  return value;
}

/** What is thrown where an object of ours was expected. */
function notOurs(name, kind, value) {
  const is = typeof value === 'object' && value !== null;
  const article = /^[AEIOU]/.test(kind) ? 'an' : 'a';
  return new MiandanError({ code: is ? 'BAD_HANDLE' : 'BAD_ARGUMENT', message: `${name} is ${article} ${kind} of this package` });
}

module.exports = { bytes, callback, duration, file, files, flag, integer, isBytes, list, notOurs, oneOf, options, signal, text, time };
