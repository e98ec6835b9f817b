'use strict';
// Labels that a station was asked for, until nothing more becomes of any of them.

const { MiandanError } = require('./error.js');

const NONE = Object.freeze([]);

/** What happened, without what it does not say. */
function event({ index, kind, number, took, warnings, why, again, confirmation, failed }, known) {
  const of = { index, type: kind, number: number ?? known };
  if (kind === 'made') return { ...of, took, warnings: warnings ?? NONE };
  if (kind === 'waiting') return { ...of, why, again };
  if (kind === 'settled') {
    const error = failed === undefined ? null : new MiandanError(failed);
    return { ...of, printed: error === null, confirmation: confirmation ?? null, error };
  }
  return of;
}

class Job {
  #native;
  // Labels of a station that nobody holds any more would not be printed.
  #station;
  #results;
  #left;
  #events = [];
  #told = 0;
  #fetching = null;

  constructor(station, job, count) {
    this.#station = station;
    this.#native = job;
    this.#left = count;
    this.#results = Array.from({ length: count }, (_, place) => ({
      index: place + 1, number: null, printed: false, confirmation: null, warnings: NONE, error: null,
    }));
  }

  get count() {
    return this.#results.length;
  }

  async results() {
    while (this.#left > 0) await this.#fetch();
    return this.#results.map((result) => ({ ...result }));
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      while (this.#told < this.#events.length) yield this.#events[this.#told++];
      this.#events = [];
      this.#told = 0;
      if (this.#left === 0) return;
      await this.#fetch();
    }
  }

  /** Whoever waits, waits for the same. */
  async #fetch() {
    this.#fetching ??= this.#next().finally(() => (this.#fetching = null));
    await this.#fetching;
  }

  async #next() {
    const { events, isOver } = await this.#native.next();
    for (const happened of events) this.#note(happened);
    // A station that has forgotten a label is a defect; nobody is to wait for it for ever.
    if (isOver) this.#left = 0;
  }

  #note(happened) {
    const result = this.#results[happened.index - 1];
    const told = event(happened, result.number);
    this.#events.push(told);
    result.number = told.number;
    if (told.type === 'made') result.warnings = told.warnings;
    if (told.type !== 'settled') return;
    this.#left -= 1;
    result.printed = told.printed;
    result.confirmation = told.confirmation;
    result.error = told.error;
  }
}

module.exports = { Job };
