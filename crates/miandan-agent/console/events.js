// The agent's events, read from a stream that is opened again until somebody stops it. `EventSource` is not used: it says
// neither that the session has ended nor that nothing has come for too long.

import { ApiError, problem, readWith } from './api.js';
import { readLabel, readStatus } from './shapes.js';

/** A heartbeat comes every 15 s; after this long, in milliseconds, the other end is taken for dead. */
const SILENCE = 35_000;
/** Between tries, in milliseconds, the last again and again. */
const PAUSES = [300, 700, 1_500, 3_000];
/** What may come without an end of a line, in characters. */
const LONGEST = 4_000_000;

/**
 * Listens. `heard` is told `('status', STATUS)` and `('label', LABEL)`; `lost` an `ApiError` each time that the stream ends
 * or cannot be opened. After `UNAUTHORIZED` it is not tried again.
 */
export class Events {
  #heard;
  #lost;
  #tries = 0;
  #abort = null;
  #timer = null;

  constructor(heard, lost) {
    this.#heard = heard;
    this.#lost = lost;
  }

  start() {
    this.stop();
    this.#abort = new AbortController();
    void this.#listen(this.#abort);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  async #listen(abort) {
    let watch;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), SILENCE);
    };
    let why = new ApiError('NO_ANSWER');
    try {
      alive();
      const answer = await fetch('/api/v1/events', {
        headers: { accept: 'text/event-stream' },
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'error',
        signal: abort.signal,
      });
      if (!answer.ok) throw problem(answer.status, await answer.text());
      if (!(answer.headers.get('content-type') ?? '').startsWith('text/event-stream')) throw new ApiError('GARBAGE');
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const parse = parser((event, data) => this.#tell(event, data));
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        alive();
        parse(value);
      }
    } catch (error) {
      if (error instanceof ApiError) why = error;
    }
    clearTimeout(watch);
    // Another one has been started since, or nobody listens any more.
    if (this.#abort !== abort) return;
    this.#abort.abort();
    this.#lost(why);
    if (why.code === 'UNAUTHORIZED') return;
    this.#timer = setTimeout(() => this.start(), PAUSES[Math.min(this.#tries++, PAUSES.length - 1)]);
  }

  #tell(event, data) {
    const read = { status: readStatus, label: readLabel }[event];
    // Events that this page does not know are of a newer agent.
    if (read === undefined) return;
    const said = readWith(read, data);
    this.#tries = 0;
    this.#heard(event, said);
  }
}

/** A parser of server-sent events: is fed pieces as they come, and tells whole events. */
export function parser(tell) {
  let rest = '';
  let event = 'message';
  let data = [];
  return (piece) => {
    rest += piece;
    if (rest.length > LONGEST) throw new ApiError('GARBAGE');
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) tell(event, data.join('\n'));
        event = 'message';
        data = [];
      } else if (!line.startsWith(':')) {
        const colon = line.indexOf(':');
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (name === 'event') event = value;
        else if (name === 'data') data.push(value);
      }
    }
  };
}
