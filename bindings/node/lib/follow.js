'use strict';
// A batch that is being printed, from its start to its end.

const { MiandanError, cancelled } = require('./error.js');

/** Fewer labels than this, and the next handful is waited for a little: each costs a way from one thread to another. */
const FEW = 32;
/** That little, in milliseconds. */
const PAUSE = 1;

/** Lets the rest of the program have its turn. */
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, PAUSE));
}

/**
 * Labels by handfuls, as they come; returns what came of the batch. Who leaves it early cancels the batch, and gets away when
 * its components are gone.
 */
async function* follow(start, signal) {
  if (signal?.aborted) throw cancelled(signal);
  const run = start();
  const cancel = () => run.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  let end;
  try {
    while (end === undefined) {
      let handful = run.next();
      // Labels may be ready each time: then nothing but this keeps the rest of the program alive.
      if (handful instanceof Promise) handful = await handful;
      else await turn();
      end = handful.end;
      if (handful.sizes.length > 0 && !signal?.aborted) yield handful;
      if (end === undefined && handful.sizes.length < FEW) await pause();
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
    if (end === undefined) {
      run.cancel();
      while ((await run.next()).end === undefined);
    }
  }
  if (end.failed === undefined) return end.summary;
  const error = new MiandanError(end.failed);
  throw error.code === 'CANCELLED' && signal?.aborted ? cancelled(signal) : error;
}

module.exports = { follow };
