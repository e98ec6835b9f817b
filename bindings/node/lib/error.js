'use strict';
// Everything that goes wrong, with a code that never changes.

const { native } = require('./native.js');

const STATUSES = Object.freeze(native.statuses().map(({ number, name, en, zh }) => Object.freeze({ number, code: name, en, zh })));
const BY_NUMBER = new Map(STATUSES.map((status) => [status.number, status]));
const BY_CODE = new Map(STATUSES.map((status) => [status.code, status]));

class MiandanError extends Error {
  /** Of what the native module answered, or of a code and a message. */
  constructor({ fault, code, message, field, line, column, earlier }, options) {
    super(message, options);
    const status = BY_NUMBER.get(fault) ?? BY_CODE.get(code) ?? BY_CODE.get('INTERNAL');
    this.code = status.code;
    this.number = status.number;
    if (field !== undefined) this.field = field;
    if (line !== undefined) this.line = line;
    if (column !== undefined) this.column = column;
    if (earlier !== undefined) this.earlier = earlier;
  }

  meaning(lang = 'en') {
    const status = BY_NUMBER.get(this.number);
    return String(lang).startsWith('zh') ? status.zh : status.en;
  }
}
Object.defineProperty(MiandanError.prototype, 'name', { value: 'MiandanError', configurable: true, writable: true });

/** What the native module answered, unless that is why it did not do it. */
function unwrap(answer) {
  if (typeof answer === 'object' && answer !== null && answer.fault !== undefined) throw new MiandanError(answer);
  return answer;
}

/** An argument that means nothing. */
function bad(message) {
  return new MiandanError({ code: 'BAD_ARGUMENT', message });
}

/** The program gave up. */
function cancelled(signal) {
  return new MiandanError({ code: 'CANCELLED', message: 'it was cancelled' }, { cause: signal.reason });
}

/** Every status there is. */
function statuses() {
  return STATUSES;
}

module.exports = { MiandanError, bad, cancelled, statuses, unwrap };
