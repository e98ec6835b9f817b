'use strict';
// The native module, with the component beside it.

const path = require('node:path');
const { version } = require('../package.json');

const system = `${process.platform}-${process.arch}`;
const library = path.join(__dirname, '..', 'native', system, 'miandan.node');

function load() {
  let native;
  try {
    native = require(library);
  } catch (cause) {
    throw new Error(`the package miandan cannot be used on ${system}: ${cause.message.split('\n')[0]}`, { cause });
  }
  if (native.version() !== version) {
    throw new Error(`the package miandan is of version ${version}, and its native module of ${native.version()}`);
  }
  return native;
}

const native = load();
// Batches are cancelled, so that nothing half-written is left, and stations finish the label in flight. When somebody ends a
// worker thread there is no such event, and the module is told by Node itself.
process.on('exit', () => native.endAll());

module.exports = { library, native };
