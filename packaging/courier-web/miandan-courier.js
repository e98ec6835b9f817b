// The courier's token: is it genuine, without a network, and what does its sealed part say? The work is done by
// miandan-courier.wasm, which asks nothing of the page: no clock, no randomness, no network. This file hands texts over.
//
// Times are whole seconds since 1970 (UTC).

/** What is said of a token, by the number that the module has for it. */
const VERDICTS = [
  undefined,
  'genuine',
  'reprint',
  'expired',
  'not-yet-valid',
  'unknown-station',
  'revoked',
  'forged',
  'other-waybill',
  'specimen',
];

/** Why something was not done: the module's numbers, their words, and what they mean. */
const FAILURES = new Map([
  [1, ['bad-argument', 'an argument is missing or is not of its kind']],
  [2, ['not-utf8', 'a text is not UTF-8']],
  [3, ['internal', 'a fault of the module']],
  [10, ['not-a-token', "this is not a courier's token"]],
  [11, ['unknown-version', 'the token is of a version that is not known here']],
  [12, ['malformed', 'the token is cut off or was changed']],
  [20, ['no-issuer', 'this is neither the public file of an issuer nor a trust list']],
  [21, ['no-list', 'this is not a signed list of stations']],
  [22, ['unknown-issuer', 'nobody who is trusted signed this list']],
  [23, ['bad-signature', 'the list was changed after it was signed']],
  [24, ['older-list', 'a newer list of this issuer is there already']],
  [30, ['bad-key', 'this is not the key file of a carrier']],
  [31, ['nothing-sealed', 'the token has no sealed part']],
  [32, ['other-carrier', 'the sealed part is for another carrier']],
  [33, ['other-key', 'the sealed part is for another key of this carrier, or was changed']],
]);

/** The version of the module's functions that this file was written for. */
const ABI = 1;

export class CourierError extends Error {
  /** @param {number} status */
  constructor(status) {
    const [code, message] = FAILURES.get(status) ?? ['internal', `the module answered ${status}`];
    super(message);
    this.name = 'CourierError';
    this.code = code;
  }
}

/**
 * Loads the module: from beside this file, or from an address, bytes, a response, a compiled module or an instance of it.
 *
 * Node's `fetch` reads no files: hand over the bytes there.
 */
export async function load(source = new URL('miandan-courier.wasm', import.meta.url)) {
  const instance = await instantiate(source);
  const module = instance.exports;
  if (module.miandan_courier_abi() !== ABI) throw new CourierError(3);
  return new Courier(module);
}

async function instantiate(source) {
  if (source instanceof WebAssembly.Instance) return source;
  if (source instanceof WebAssembly.Module) return WebAssembly.instantiate(source);
  if (source instanceof URL || typeof source === 'string') source = await fetch(source);
  if (typeof Response !== 'undefined' && source instanceof Response) {
    if (!source.ok) throw new Error(`the module could not be fetched: ${source.status}`);
    source = await source.arrayBuffer();
  }
  return (await WebAssembly.instantiate(source)).instance;
}

class Courier {
  #module;

  constructor(module) {
    this.#module = module;
  }

  /** The version of the module, e.g. `0.1.0`. */
  get version() {
    const place = this.#module.miandan_courier_version();
    const bytes = new Uint8Array(this.#module.memory.buffer, place);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** Trusts nobody yet. */
  newTrust() {
    return new Trust(this.#module);
  }

  /** A carrier's key file. Throws `bad-key`. */
  readCarrier(file) {
    return new Carrier(this.#module, file);
  }
}

class Trust {
  #module;
  #handle;

  constructor(module) {
    this.#module = module;
    this.#handle = module.miandan_courier_trust_new();
  }

  /** The public file of an issuer, or a trust list of several. Throws `no-issuer`. */
  addIssuers(file) {
    this.#add(this.#module.miandan_courier_trust_add_issuers, file);
  }

  /**
   * A signed list of stations, after its issuer. Throws `no-list`, `unknown-issuer`, `bad-signature` or `older-list`;
   * what was known before stays.
   */
  addStations(file) {
    this.#add(this.#module.miandan_courier_trust_add_stations, file);
  }

  #add(add, file) {
    using(this.#module, (scratch) => {
      succeed(add(this.#handle, ...scratch.bytes(file)));
    });
  }

  /** Whether there is a list of stations at all. */
  get hasStations() {
    return this.#module.miandan_courier_trust_has_stations(this.#handle) !== 0;
  }

  /** Whether a list is older than its issuer promised: then a station may have been revoked since. */
  isOld(now) {
    return this.#module.miandan_courier_trust_is_old(this.#handle, seconds(now)) !== 0;
  }

  /**
   * Checks the text of a code at a time, beside the waybill number of the code next to it if somebody has read that.
   * Throws `not-a-token`, `unknown-version` or `malformed`.
   */
  check(text, { now, waybillNo }) {
    const module = this.#module;
    return using(module, (scratch) => {
      const answer = ask(module, this.#handle, scratch, text, seconds(now), waybillNo);
      try {
        return Object.freeze({
          text,
          verdict: VERDICTS[module.miandan_courier_answer_verdict(answer)] ?? 'forged',
          isGood: module.miandan_courier_answer_is_good(answer) !== 0,
          isListOld: module.miandan_courier_answer_is_list_old(answer) !== 0,
          station: scratch.lent(module.miandan_courier_answer_station, answer),
          waybillNo: scratch.lent(module.miandan_courier_answer_waybill_no, answer),
          carrierId: scratch.lent(module.miandan_courier_answer_carrier_id, answer),
          issuedAt: Number(module.miandan_courier_answer_issued_at(answer)),
          expiresAt: Number(module.miandan_courier_answer_expires_at(answer)),
          serial: module.miandan_courier_answer_serial(answer),
          copy: module.miandan_courier_answer_copy(answer),
          isSealed: module.miandan_courier_answer_is_sealed(answer) !== 0,
        });
      } finally {
        module.miandan_courier_answer_free(answer);
      }
    });
  }

  /** Gives its memory back. Nobody is trusted by it afterwards. */
  free() {
    this.#module.miandan_courier_trust_free(this.#handle);
    this.#handle = 0;
  }
}

class Carrier {
  #module;
  #handle;

  constructor(module, file) {
    this.#module = module;
    this.#handle = using(module, (scratch) => {
      succeed(module.miandan_courier_carrier_new(...scratch.bytes(file), scratch.out));
      return scratch.word();
    });
  }

  /** The carrier's code, e.g. `YTO`. */
  get code() {
    return using(this.#module, (scratch) => scratch.lent(this.#module.miandan_courier_carrier_code, this.#handle));
  }

  /**
   * Opens the sealed part of the token that was answered for. Throws `nothing-sealed`, `other-carrier` or `other-key`.
   *
   * Anybody can seal to a carrier: look at `answer.isGood` before a number is called. What comes back is personal.
   */
  open(answer) {
    const module = this.#module;
    return using(module, (scratch) => {
      // An answer in JavaScript holds no memory of the module, so the token is read once more; nobody is asked for it.
      const nobody = module.miandan_courier_trust_new();
      let again = 0;
      let opened = 0;
      try {
        again = ask(module, nobody, scratch, answer.text, 0n, undefined);
        succeed(module.miandan_courier_open(this.#handle, again, scratch.out));
        opened = scratch.word();
        return {
          virtualNumber: scratch.lent(module.miandan_courier_opened_virtual_number, opened),
          virtualDays: module.miandan_courier_opened_virtual_days(opened),
          door: scratch.lent(module.miandan_courier_opened_door, opened),
          isIncomplete: module.miandan_courier_opened_is_incomplete(opened) !== 0,
        };
      } finally {
        module.miandan_courier_opened_free(opened);
        module.miandan_courier_answer_free(again);
        module.miandan_courier_trust_free(nobody);
      }
    });
  }

  /** Wipes the key and gives its memory back. */
  free() {
    this.#module.miandan_courier_carrier_free(this.#handle);
    this.#handle = 0;
  }
}

/** An answer of the module's, which the caller frees. */
function ask(module, trust, scratch, text, now, waybillNo) {
  const beside = waybillNo === undefined || waybillNo === null ? [0, 0] : scratch.text(waybillNo);
  succeed(module.miandan_courier_check(trust, ...scratch.text(text), now, ...beside, scratch.out));
  return scratch.word();
}

function succeed(status) {
  if (status !== 0) throw new CourierError(status);
}

function seconds(now) {
  if (!Number.isSafeInteger(now) || now < 0) throw new CourierError(1);
  return BigInt(now);
}

/** Memory of the module for the time of one call; all of it is wiped and given back, whatever happens. */
function using(module, call) {
  const scratch = new Scratch(module);
  try {
    return call(scratch);
  } finally {
    scratch.giveBack();
  }
}

class Scratch {
  #module;
  #taken = [];

  constructor(module) {
    this.#module = module;
    /** Where the module writes a handle or a length. */
    this.out = this.#take(8);
  }

  #take(size) {
    const place = this.#module.miandan_courier_take(size);
    if (place === 0) throw new CourierError(1);
    this.#taken.push([place, size]);
    return place;
  }

  /** A text of JavaScript: its place and its length. */
  text(text) {
    if (typeof text !== 'string') throw new CourierError(1);
    return this.bytes(new TextEncoder().encode(text));
  }

  /** A file, as bytes or as text: its place and its length. */
  bytes(file) {
    if (typeof file === 'string') return this.text(file);
    if (!(file instanceof ArrayBuffer) && !ArrayBuffer.isView(file)) throw new CourierError(1);
    const bytes = ArrayBuffer.isView(file)
      ? new Uint8Array(file.buffer, file.byteOffset, file.byteLength)
      : new Uint8Array(file);
    const place = this.#take(bytes.length);
    // After the memory was taken: taking may have moved it all.
    new Uint8Array(this.#module.memory.buffer, place, bytes.length).set(bytes);
    return [place, bytes.length];
  }

  /** What the module has written. */
  word() {
    return new DataView(this.#module.memory.buffer).getUint32(this.out, true);
  }

  /** A text of the module's, or `null`. */
  lent(text, handle) {
    const place = text(handle, this.out);
    if (place === 0) return null;
    return new TextDecoder().decode(new Uint8Array(this.#module.memory.buffer, place, this.word()));
  }

  giveBack() {
    for (const [place, size] of this.#taken) this.#module.miandan_courier_give_back(place, size);
  }
}
