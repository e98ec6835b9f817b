/** Times are whole seconds since 1970 (UTC). */

export type Verdict =
  /** A station that an issuer vouches for made it for this waybill. So is a photocopy of the label. */
  | 'genuine'
  /** Genuine, and a copy of its label: `copy` says which. */
  | 'reprint'
  /** It was genuine once. */
  | 'expired'
  /** It is from the future: a clock is wrong, this one or the station's. */
  | 'not-yet-valid'
  /** Nobody vouches for the station, or not for that time. */
  | 'unknown-station'
  /** The issuer has taken back its word for the station's key. */
  | 'revoked'
  /** The signature is not the station's: made up, or changed. */
  | 'forged'
  /** It is genuine, and from the label of another waybill. */
  | 'other-waybill'
  /** It is from a label that was made to be looked at, and vouches for nothing. */
  | 'specimen';

export type Failure =
  | 'bad-argument'
  | 'not-utf8'
  | 'internal'
  | 'not-a-token'
  | 'unknown-version'
  | 'malformed'
  | 'no-issuer'
  | 'no-list'
  | 'unknown-issuer'
  | 'bad-signature'
  | 'older-list'
  | 'bad-key'
  | 'nothing-sealed'
  | 'other-carrier'
  | 'other-key';

/** Why something was not done. */
export class CourierError extends Error {
  readonly code: Failure;
}

/** A file: its bytes, or its text. */
export type FileContents = string | ArrayBuffer | ArrayBufferView;

export interface Question {
  /** The time. */
  now: number;
  /** What stands in the code beside the token, if somebody has read that. */
  waybillNo?: string | null;
}

/** What is said of a token, and what the token says of itself. */
export interface Answer {
  /** The token. */
  readonly text: string;
  readonly verdict: Verdict;
  /** Whether the parcel may be taken for what its label says: `genuine` or `reprint`. */
  readonly isGood: boolean;
  /** Whether a list is older than its issuer promised: then a station may have been revoked since. */
  readonly isListOld: boolean;
  /** The station that signed it, or `null` if its signature does not hold. */
  readonly station: string | null;
  readonly waybillNo: string;
  /** Who delivers, by four hexadecimal digits: the first bytes of SHA-256 of its code. */
  readonly carrierId: string;
  /** When it was issued, to the hour. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The number of the label in its batch. */
  readonly serial: number;
  /** 0 for the first print, n for the n-th copy, 255 for that and more. */
  readonly copy: number;
  /** Whether it has a part that only the carrier can open. */
  readonly isSealed: boolean;
}

/** What a sealed part says. It is personal: show it, do not log or store it. */
export interface Opened {
  /** Digits, and an extension after `-`; empty if there is none. */
  virtualNumber: string;
  /** For how many whole days after the token was issued the number can be called; 255 for that and longer. */
  virtualDays: number;
  /** What the label hides of the address, e.g. `2 / 1501`; empty if it hides nothing. */
  door: string;
  /** Whether more is hidden than fitted: then the courier has to ask the carrier. */
  isIncomplete: boolean;
}

/** Whom the app trusts. */
export interface Trust {
  /** The public file of an issuer, or a trust list of several. Throws `no-issuer`. */
  addIssuers(file: FileContents): void;
  /**
   * A signed list of stations, after its issuer. Throws `no-list`, `unknown-issuer`, `bad-signature` or `older-list`; what
   * was known before stays.
   */
  addStations(file: FileContents): void;
  /** Whether there is a list of stations at all. */
  readonly hasStations: boolean;
  /** Whether a list is older than its issuer promised. */
  isOld(now: number): boolean;
  /** Throws `not-a-token`, `unknown-version` or `malformed`. */
  check(text: string, question: Question): Answer;
  /** Gives its memory back. */
  free(): void;
}

/** A carrier's secret key. */
export interface Carrier {
  /** The carrier's code, e.g. `YTO`. */
  readonly code: string;
  /**
   * Opens the sealed part of a token. Throws `nothing-sealed`, `other-carrier` or `other-key`.
   *
   * Anybody can seal to a carrier: look at `isGood` before a number is called.
   */
  open(answer: Pick<Answer, 'text'>): Opened;
  /** Wipes the key and gives its memory back. */
  free(): void;
}

export interface Courier {
  /** The version of the module. */
  readonly version: string;
  /** Trusts nobody yet. */
  newTrust(): Trust;
  /** A carrier's key file. Throws `bad-key`. */
  readCarrier(file: FileContents): Carrier;
}

/**
 * Loads the module: from beside `miandan-courier.js`, or from an address, bytes, a response, a compiled module or an instance
 * of it.
 */
export function load(
  source?: URL | string | BufferSource | Response | WebAssembly.Module | WebAssembly.Instance,
): Promise<Courier>;
