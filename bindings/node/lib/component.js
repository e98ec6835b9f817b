'use strict';
// How print components are started.

const given = require('./arguments.js');
const { bad, unwrap } = require('./error.js');
const { library, native } = require('./native.js');

const OPTIONS = [
  'carrierLists', 'courierToken', 'key', 'passphraseFile', 'program', 'state', 'statusLists', 'statusMaxAge', 'statusPolicy', 'trust',
];

/** A file, or `credential:NAME`, which the system hands over. */
function key(value) {
  return typeof value === 'string' && value.startsWith('credential:') ? given.text('key', value) : given.file('key', value);
}

/** A program, or `unix:` and the socket of a service. */
function program(value) {
  return typeof value === 'string' && value.startsWith('unix:') ? given.text('program', value) : given.file('program', value);
}

let componentOf;

class Component {
  #native;

  static {
    componentOf = (name, value) => {
      if (typeof value !== 'object' || value === null || !(#native in value)) throw given.notOurs(name, 'Component', value);
      return value.#native;
    };
  }

  constructor(options) {
    if (options === undefined) throw bad('a Component has options');
    const of = given.options('options', options, OPTIONS);
    const { state } = of;
    this.#native = unwrap(native.component({
      library,
      program: of.program === undefined ? undefined : program(of.program),
      keys: given.list('key', of.key).map(key),
      trust: given.files('trust', of.trust),
      passphraseFile: of.passphraseFile === undefined ? undefined : given.file('passphraseFile', of.passphraseFile),
      stateBeside: state === undefined,
      state: state === undefined || state === false ? undefined : given.file('state', state),
      statusLists: given.files('statusLists', of.statusLists),
      statusPolicy: of.statusPolicy === undefined ? undefined : given.oneOf('statusPolicy', of.statusPolicy, ['off', 'warn', 'required']),
      statusMaxAge: given.duration('statusMaxAge', of.statusMaxAge),
      carrierLists: given.files('carrierLists', of.carrierLists),
      courierToken: given.flag('courierToken', of.courierToken),
    }));
  }

  get place() {
    return this.#native.place();
  }

  async check() {
    return unwrap(await this.#native.check());
  }
}

module.exports = { Component, componentOf };
