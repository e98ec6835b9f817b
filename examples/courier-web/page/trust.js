// Whom the page trusts, and the carrier's key: files that were chosen, and what the module makes of them.

import { CourierError } from './miandan-courier/miandan-courier.js';

export class Files {
  #courier;
  #trust;
  #carrier = null;
  /** As they were chosen, for what is remembered. */
  #issuers = [];
  #stations = [];
  #carrierFile = null;
  /** Who signed lists, how many stations are on them, and until when they are good. */
  #lists = new Map();

  constructor(courier) {
    this.#courier = courier;
    this.#trust = courier.newTrust();
  }

  /** Throws the module's error for a file that is none of an issuer. */
  addIssuers(text) {
    this.#trust.addIssuers(text);
    this.#issuers.push(text);
  }

  /** Throws the module's error for a list that is not believed. */
  addStations(text) {
    this.#trust.addStations(text);
    // It was read and believed, so it has this shape.
    const { iss, next, stations } = JSON.parse(fromBase64url(JSON.parse(text).l));
    this.#lists.set(iss, { next, count: stations.length });
    this.#stations = this.#stations.filter((list) => list.iss !== iss).concat({ iss, text });
  }

  /** Throws the module's error for a file that is no key. */
  setCarrier(text) {
    const carrier = this.#courier.readCarrier(text);
    this.#carrier?.free();
    this.#carrier = carrier;
    this.#carrierFile = text;
  }

  /** What there is to remember. */
  toRemember(withCarrier) {
    const carrier = withCarrier ? this.#carrierFile : null;
    return { issuers: [...this.#issuers], stations: this.#stations.map(({ text }) => text), carrier };
  }

  /** Takes what was remembered. What is not believed any more is left out. */
  take({ issuers, stations, carrier }) {
    const quietly = (take, file) => {
      try {
        take(file);
      } catch (error) {
        if (!(error instanceof CourierError)) throw error;
      }
    };
    for (const file of issuers) quietly((text) => this.addIssuers(text), file);
    for (const file of stations) quietly((text) => this.addStations(text), file);
    if (carrier !== null) quietly((text) => this.setCarrier(text), carrier);
  }

  /** Lets go of everything. */
  clear() {
    this.#trust.free();
    this.#carrier?.free();
    this.#trust = this.#courier.newTrust();
    this.#carrier = null;
    this.#carrierFile = null;
    this.#issuers = [];
    this.#stations = [];
    this.#lists.clear();
  }

  /** The names of the issuers. */
  get issuers() {
    const names = this.#issuers.flatMap((text) => {
      const file = JSON.parse(text);
      return (file.issuers ?? [file]).map(({ iss }) => iss);
    });
    return [...new Set(names)];
  }

  /** How many stations there are, and until when all lists are good; `null` without a list. */
  get stations() {
    if (this.#lists.size === 0) return null;
    const lists = [...this.#lists.values()];
    const count = lists.reduce((sum, list) => sum + list.count, 0);
    return { count, until: Math.min(...lists.map(({ next }) => next)) };
  }

  /** The code of the carrier whose key is there, or `null`. */
  get carrier() {
    return this.#carrier?.code ?? null;
  }

  isOld(now) {
    return this.#trust.isOld(now);
  }

  /** What the module says of a token; throws its error for a text that is none. */
  check(text, question) {
    return this.#trust.check(text, question);
  }

  /** What the carrier's key opens; throws the module's error. */
  open(answer) {
    return this.#carrier.open(answer);
  }
}

function fromBase64url(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
}
