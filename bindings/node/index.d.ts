/**
 * Prints electronic waybills from sealed orders. Names, phones and addresses are opened and masked in a print component, a
 * sandboxed process of its own; Node holds sealed orders and finished labels.
 *
 * Points in time are `Date`s or whole seconds since 1970, durations are milliseconds. Paths are strings or `file:` URLs.
 * Whatever goes wrong is thrown as a {@link MiandanError}, or a promise is rejected with it.
 */

/// <reference types="node" />

export type Path = string | URL;
export type Time = Date | number;
export type Bytes = ArrayBufferView | ArrayBuffer;

/** The name of a template that is shipped, or XML. */
export type Template = string | Bytes;

/** The name of a printer's profile that is shipped, or TOML. */
export type Profile = string | Bytes;

/** The version of the package. */
export const version: string;

/** Why an order, a key, a template or a sandbox was refused: `docs/mso1.md` has what each means. */
export type Refusal =
  | 'MALFORMED'
  | 'LIMIT'
  | 'UNSUPPORTED_SUITE'
  | 'UNKNOWN_ISSUER'
  | 'BAD_SIGNATURE'
  | 'UNKNOWN_KEY'
  | 'AUTH_FAILED'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'WRONG_AUDIENCE'
  | 'WRONG_STATION'
  | 'WRONG_PURPOSE'
  | 'WITHDRAWN'
  | 'STALE_STATUS'
  | 'PRINT_LIMIT'
  | 'TEMPLATE_REFUSED'
  | 'FIELD_MISSING'
  | 'FIELD_NOT_PRINTABLE'
  | 'GLYPH_MISSING'
  | 'SANDBOX_UNAVAILABLE'
  | 'TRACED'
  | 'INTERNAL';

/** What became of a call. */
export type StatusCode =
  | 'OK'
  | Refusal
  | 'BAD_ARGUMENT'
  | 'BAD_HANDLE'
  | 'NOT_UNICODE'
  | 'COMPONENT_MISSING'
  | 'COMPONENT_VERSION'
  | 'COMPONENT_FAILED'
  | 'SERVICE_UNREACHABLE'
  | 'UNREADABLE'
  | 'NO_ORDERS'
  | 'UNWRITABLE'
  | 'FONT_REFUSED'
  | 'PRINTER_UNKNOWN'
  | 'PRINTER_UNFIT'
  | 'PRINTER_UNAVAILABLE'
  | 'UNCERTAIN'
  | 'DUPLICATE'
  | 'CONFLICT'
  | 'IN_FLIGHT'
  | 'WAITED_TOO_LONG'
  | 'BUSY'
  | 'ORDER_GONE'
  | 'LABEL_UNKNOWN'
  | 'NO_DOUBT'
  | 'PERSONAL_TEMPLATE'
  | 'JOURNAL_FAILED'
  | 'JOURNAL_IN_USE'
  | 'CANCELLED'
  | 'STOPPING'
  | 'END'
  | 'NOTHING';

/** A status, and what it means to people. */
export interface Status {
  readonly number: number;
  readonly code: StatusCode;
  readonly en: string;
  readonly zh: string;
}

/** Every status, in the order of their numbers. Neither numbers nor codes ever change. */
export function statuses(): readonly Status[];

/** What the journal has of a label already. */
export interface EarlierLabel {
  readonly number: string;
  readonly state: LabelState;
  /** When it came so far, in seconds since 1970. */
  readonly when: number;
  readonly printer?: string;
  /** Copies beside the first print. */
  readonly copies: number;
}

/** Something was not done. The message is English, for developers, and has nothing personal in it. */
export class MiandanError extends Error {
  private constructor();
  readonly name: 'MiandanError';
  readonly code: StatusCode;
  /** The number of the code. */
  readonly number: number;
  /** The field of the order that is at fault. */
  readonly field?: string;
  /** Where in the template, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Of `DUPLICATE` and `CONFLICT`. */
  readonly earlier?: EarlierLabel;
  /** What the code means, for people; in English unless `zh` is asked for. */
  meaning(lang?: 'en' | 'zh'): string;
}

export interface ComponentOptions {
  /** Key files of the station, the current one first. `credential:NAME` is one that systemd hands over. */
  key?: Path | readonly Path[];
  /** Public files of the issuers whose orders are printed, and trust lists. */
  trust?: Path | readonly Path[];
  /**
   * The component's program, or `unix:` and the socket of a service, which has keys and trust of its own. Without it the
   * variable `MIANDAN_COMPONENT` counts, and then the component of this package.
   */
  program?: Path;
  /** A file with the passphrase of the key files. */
  passphraseFile?: Path;
  /** Where it is kept what the component remembers; beside the first key if nothing is said, nowhere if `false`. */
  state?: Path | false;
  /** Signed lists of withdrawn authorisations. */
  statusLists?: Path | readonly Path[];
  /** What a list that is missing or too old means; `warn` if there are lists. */
  statusPolicy?: 'off' | 'warn' | 'required';
  /** How old a list may be, in milliseconds, if it is to be fresher than its issuer promises. */
  statusMaxAge?: number;
  /** Signed lists of carriers' keys, to which couriers' tokens are sealed. */
  carrierLists?: Path | readonly Path[];
  /** Whether couriers' tokens are signed, for labels that show one. */
  courierToken?: boolean;
}

/** What a component says of itself once it is locked. */
export interface ReadyComponent {
  readonly version: string;
  readonly station: string;
  /** How much of the sandbox holds. */
  readonly sandbox: 'full' | 'reduced' | 'insufficient';
  /** Each layer of it: `on`, `partial`, `unavailable` and the like. */
  readonly layers: Readonly<Record<string, string>>;
  /** Of a service, whether it is that of another user, who keeps the keys from this one. */
  readonly isSeparate?: boolean;
}

/** How print components are started. Nothing is started until something is printed or checked. */
export class Component {
  /** Throws `COMPONENT_MISSING` if there is none. */
  constructor(options: ComponentOptions);
  /** Where it is. */
  readonly place: string;
  /** Starts a component and ends it again. */
  check(): Promise<ReadyComponent>;
}

/** Sealed orders. They are on a disk, still sealed; memory holds where each begins. */
export class Orders {
  private constructor();
  /** The orders of a file, a line each. */
  static open(path: Path): Promise<Orders>;
  /** Orders in memory: lines, or several orders, each as text, as bytes or as an object. */
  static from(orders: string | Bytes | Iterable<string | Bytes | object>): Promise<Orders>;
  readonly length: number;
  /** Closes the file, once no batch reads it any more. The garbage collector does the same, later. */
  close(): void;
  [Symbol.dispose](): void;
}

/** The names of the templates that are shipped. */
export function templates(): string[];

/** A template that is shipped, as XML. */
export function template(name: string): string;

export interface KnownProfile {
  readonly name: string;
  /** For which printers it is. */
  readonly about: string;
  readonly aboutZh: string;
  readonly language: string;
  readonly dpi: number;
}

/** The printers that are known by name. */
export function profiles(): KnownProfile[];

export interface BatchOptions {
  component: Component;
  orders: Orders;
  template: Template;
  /** What expiry is measured against; the time when printing begins. */
  now?: Time;
  /** When the labels were printed first, as templates show it; `now` unless somebody knows better. */
  printedAt?: Time;
  /** How many components work side by side; one for each processor. */
  workers?: number;
  /** The dot grid of pictures and PDFs. */
  dpi?: 203 | 300;
  /** Whether the labels are only looked at: symbols are covered by 预览. */
  preview?: boolean;
  /** Fonts for characters that the bundled typeface does not have, in this order: files, or what is in them. */
  fonts?: Path | Bytes | ReadonlyArray<Path | Bytes>;
  /** What is done about a character that no font has: the label is refused, or shows a box. */
  missing?: 'refuse' | 'box';
}

/** What a person should know of a label. */
export interface LabelWarning {
  /** The field that it is about. */
  readonly field?: string;
  readonly warning: string;
}

/** A label that was dealt with. */
export interface LabelReport {
  /** Its place in the batch, from 1. */
  readonly index: number;
  /** Labels in the batch. */
  readonly count: number;
  /** Bytes. */
  readonly size: number;
  readonly warnings: readonly LabelWarning[];
  /** Why there is no label. The others are printed. */
  readonly error: MiandanError | null;
}

/** A label with its pages. */
export interface Label extends LabelReport {
  /** A picture for each page, or what a printer is sent for it; none where there is an error. */
  readonly pages: Buffer[];
}

export interface Cancellable {
  /** Cancels: `CANCELLED`, with the reason of the signal as `cause`. */
  signal?: AbortSignal;
}

export interface PrintOptions extends Cancellable {
  /**
   * Called for each label, in order. What it throws, or what its promise is rejected with, cancels the batch and comes out of
   * the call that prints.
   */
  onLabel?: (label: LabelReport) => unknown;
}

/** What came of a batch. */
export interface Summary {
  /** Labels. */
  readonly done: number;
  /** Orders without a label. */
  readonly failed: number;
  /** Pages of all labels. */
  readonly pages: number;
  /** Labels of which a person should know something. */
  readonly warned: number;
  readonly component: ReadyComponent;
}

/** The labels of a batch as they are made. Leaving the loop cancels the batch and waits until its components are gone. */
export interface Labels extends AsyncIterableIterator<Label> {
  next(): Promise<IteratorResult<Label, Summary>>;
  return(value?: any): Promise<IteratorResult<Label, any>>;
  throw(error?: any): Promise<IteratorResult<Label, any>>;
  [Symbol.asyncIterator](): this;
  [Symbol.asyncDispose](): Promise<void>;
  /** What came of the batch, after its last label. */
  readonly summary: Summary | null;
}

/** Sealed orders that are printed with one template, as often as wanted. One bad order never stops the others. */
export class Batch {
  constructor(options: BatchOptions);
  /** One PDF. It has its name when it is whole; where no label was made there is none. */
  printPdf(path: Path, options?: PrintOptions): Promise<Summary>;
  /** A file for each page: pictures, or what a printer is sent. The folder is made if need be. */
  printFolder(path: Path, options?: PrintOptions & { profile?: Profile }): Promise<Summary>;
  /** Everything that a printer is sent, in one file or device. */
  printFile(path: Path, profile: Profile, options?: PrintOptions): Promise<Summary>;
  /** The labels one by one: pictures (`png`), or what a printer is sent. */
  labels(options?: Cancellable & { form?: 'png' | Profile }): Labels;
}

export interface StationOptions {
  component: Component;
  /** The file of the journal. It is made where there is none. */
  journal: Path;
  /** The printers by their names: `socket://192.0.2.7`, `ipp://…`, `usb:…`, `file:…` (docs/printers.md). */
  printers: Readonly<Record<string, { uri: string; profile: Profile }>>;
  /** Components that are kept warm; one for each processor. */
  components?: number;
  /** How long a label waits for its printer, in milliseconds; ten minutes. */
  patience?: number;
  /** Labels that may wait for all printers together; 20,000. */
  mostWaiting?: number;
  /** Labels that stay in memory, still sealed, so that they can be printed again; 2,000. */
  keep?: number;
  fonts?: BatchOptions['fonts'];
  missing?: BatchOptions['missing'];
  /** Templates that components get before the first label, which then does not wait for them. */
  templates?: Template | readonly Template[];
}

/** How far a label came. */
export type LabelState = 'planned' | 'rendered' | 'sending' | 'sent' | 'confirmed' | 'unknown' | 'failed';

interface EventOf {
  /** Which order of the request, from 1. */
  readonly index: number;
  /** The running number on the label, such as `261111-003-012`; `null` of one that was refused before it had one. */
  readonly number: string | null;
}

/** Something that happened to a label. The last is `settled`, of every label. */
export type LabelEvent = EventOf &
  (
    | { readonly type: 'planned' }
    /** It is made, in so many milliseconds. */
    | { readonly type: 'made'; readonly took: number; readonly warnings: readonly LabelWarning[] }
    | { readonly type: 'sending' }
    /** The printer takes nothing; it is tried again after so many milliseconds. */
    | { readonly type: 'waiting'; readonly why: string; readonly again: number }
    | {
        readonly type: 'settled';
        readonly printed: boolean;
        /** What says that it was printed, beyond that its bytes were taken. */
        readonly confirmation: string | null;
        readonly error: MiandanError | null;
      }
  );

/** What became of a label. */
export interface LabelResult extends EventOf {
  readonly printed: boolean;
  readonly confirmation: string | null;
  readonly warnings: readonly LabelWarning[];
  /**
   * Why not. `UNCERTAIN` is the one after which nobody knows: the printer is held until a person has looked. `DUPLICATE` says
   * that the label was printed before; nothing is sent then.
   */
  readonly error: MiandanError | null;
}

/** Labels that a station was asked for. They are printed whether anybody listens or not. */
export interface Job extends AsyncIterable<LabelEvent> {
  readonly count: number;
  /** What became of each, when nothing more becomes of any. */
  results(): Promise<LabelResult[]>;
}

/** Why, and who says so: the journal keeps both. */
export interface Word {
  reason: string;
  operator: string;
}

export interface PrinterStatus {
  readonly name: string;
  /** Labels that wait for it. */
  readonly waiting: number;
  /** The label that it is being sent. */
  readonly sending: string | null;
  /** Why it gets no labels. */
  readonly held: 'person' | 'unknown' | 'journal' | null;
  /** The label of which nobody knows whether it was printed. */
  readonly unknown: string | null;
  readonly trouble: string | null;
}

/** A copy of a label in the journal. */
export interface Print {
  readonly number: string;
  /** 0 for the first print. */
  readonly copy: number;
  readonly state: LabelState;
  readonly printer?: string;
  readonly confirmation?: string;
  readonly reason?: string;
  /** Since when, in seconds since 1970. */
  readonly changed: number;
}

export interface Resumed {
  /** Labels that are taken as printed. */
  readonly confirmed: string[];
  /** Labels that are printed again, with a mark. */
  readonly reprinted: string[];
  /** Labels that should be, and of which the order is not in memory any more. */
  readonly gone: string[];
}

/**
 * Printers that labels are sent to through a journal: what the journal has is not printed twice, and what may be on paper is
 * never sent again by itself.
 */
export class Station {
  private constructor();
  /** Opens the journal and starts the first component. */
  static open(options: StationOptions): Promise<Station>;
  /** Prints orders on a printer, in their order, behind those that wait for it. */
  print(printer: string, orders: Orders, template: Template): Promise<Job>;
  /** Prints a label again, with a mark; answers which copy it is. */
  reprint(number: string, options: Word & { printer?: string }): Promise<number>;
  /** What a person says of a label of which nobody knows whether it was printed. */
  settle(number: string, options: Word & { printed: boolean }): Promise<Print>;
  /**
   * Goes on after a jam: `last` is the last good label that came out. With `dryRun` nothing is done, and who and why is not
   * asked.
   */
  resume(printer: string, last: string, options: Word & { dryRun?: false }): Promise<Resumed>;
  resume(printer: string, last: string, options: { dryRun: true }): Promise<Resumed>;
  /** The latest copy of a label. */
  latest(number: string): Promise<Print>;
  /** Has a printer get no labels after the one that it is being sent. */
  hold(printer: string): void;
  /** Has it get labels again: somebody has looked. */
  release(printer: string): void;
  printers(): PrinterStatus[];
  /**
   * Takes no more labels and finishes those in flight, for which it waits 30 s unless another time is given. Nothing becomes of
   * the others (`STOPPING`).
   */
  stop(options?: { patience?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
