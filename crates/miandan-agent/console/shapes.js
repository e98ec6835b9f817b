// What the agent's answers must look like. Whatever else comes throws, and is said to make no sense; members that this
// page does not know are left alone, and words that it does not know are shown as they are.

const LONGEST = 4_096;

function fail() {
  throw new TypeError('shape');
}

const object = (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : fail());
const text = (value) => (typeof value === 'string' && value.length <= LONGEST ? value : fail());
const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : fail());
const count = (value) => (Number.isInteger(value) && value >= 0 ? value : fail());
const maybe = (read) => (value) => (value === null || value === undefined ? null : read(value));
const list = (read) => (value) => (Array.isArray(value) && value.length <= 10_000 ? value.map(read) : fail());
const isTrue = (value) => value === true;

/** Reads an object by a table of readers. */
function by(readers) {
  return (value) => {
    const given = object(value);
    return Object.fromEntries(Object.entries(readers).map(([name, read]) => [name, read(given[name])]));
  };
}

export const readPrinter = by({
  name: text,
  uri: maybe(text),
  profile: maybe(text),
  state: text,
  waiting: count,
  sending: maybe(text),
  trouble: maybe(text),
  label: maybe(text),
  last: maybe(text),
});

export const readStatus = by({
  version: text,
  language: maybe(text),
  now: number,
  started: number,
  component: by({
    mode: maybe(text),
    sandbox: maybe(text),
    layers: list(by({ layer: text, state: text, mandatory: isTrue })),
    station: maybe(text),
  }),
  today: by({ printed: count, failed: count, unknown: count, reprinted: count }),
  waiting: count,
  per_minute: list(count),
  printers: list(readPrinter),
  origins_waiting: count,
});

export const readLabel = by({
  number: text,
  copy: count,
  carrier: maybe(text),
  waybill: maybe(text),
  state: text,
  printer: maybe(text),
  confirmed_by: maybe(text),
  reason: maybe(text),
  changed: number,
  attempts: maybe(count),
  can_reprint: isTrue,
});

export const readLabels = by({ labels: list(readLabel), next: maybe(text) });

export const readDetails = by({
  label: readLabel,
  history: list(
    by({ time: number, what: text, copy: maybe(count), printer: maybe(text), reason: maybe(text), operator: maybe(text) }),
  ),
});

export const readResumed = by({ confirmed: list(text), reprinted: list(text), gone: list(text) });
export const readReprinted = by({ number: text, copy: count });
export const readOrigins = by({ paired: list(text), waiting: list(text) });
const readOverview = by({
  cut_off: list(text),
  stations: list(
    by({
      station: text,
      state: text,
      version: text,
      heard: number,
      clock_ahead: number,
      printers: list(
        by({ name: text, queued: maybe(count), sending: maybe(text), held: maybe(text), trouble: maybe(text), printed: count, unknown: count, aside: count }),
      ),
    }),
  ),
});
const readNoOverview = by({ trouble: text });

export const readFleet = by({
  member: maybe(by({ station: text, line: text, drained: maybe((value) => (typeof value === 'boolean' ? value : fail())), printed: count, unknown: count, aside: count })),
  overview: maybe((value) => ('trouble' in object(value) ? readNoOverview : readOverview)(value)),
});
export const readTemplates = by({
  templates: list(by({ name: text, addresses: list(text), width_mm: number, height_mm: number })),
});
