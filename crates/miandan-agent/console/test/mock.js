// An agent that is made up: it serves the console's files under the agent's headers and answers its API from memory, by the
// same rules. Tests make things happen at it; alone (`node mock.js [PORT]`) it prints all day.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CODE = '12345678';
const CONSOLE = fileURLToPath(new URL('..', import.meta.url));
const TEMPLATES = fileURLToPath(new URL('../../../../templates', import.meta.url));
const TYPES = { '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'";

/** Seconds, of which day 2026-11-30 14:03:22 in China is one. */
export const START = 1_796_018_602;
const LAYERS = [
  'not_dumpable', 'no_new_privileges', 'resource_limits', 'closed_descriptors', 'user_namespace', 'network_namespace',
  'ipc_namespace', 'mount_namespace', 'landlock', 'seccomp',
];
const CARRIERS = [['YTO', 'YT74'], ['ZTO', '7683'], ['STO', '7731'], ['SF', 'SF14']];

/** A fleet that this station is part of, in which everything has happened that there is; stations beyond six are well. */
export function fleetOf(count = 12, now = START) {
  const sites = ['hangzhou', 'yiwu', 'guangzhou'];
  const stations = Array.from({ length: count }, (_, index) => ({
    station: `${sites[index % 3]}/st-${String(Math.floor(index / 3) + 1).padStart(3, '0')}`,
    state: 'takes-labels',
    version: '0.1.0',
    heard: now - (index % 5),
    clock_ahead: (index % 3) - 1,
    printers: ['前台', '打包台 1'].slice(0, 1 + (index % 2)).map((name) => ({
      name, queued: index % 7, sending: index % 4 === 0 ? '261130-501-012' : null, held: null, trouble: null, printed: index * 37, unknown: 0, aside: 0,
    })),
  }));
  const happens = [
    ({ printers: [printer] }) => Object.assign(printer, { held: 'unknown', trouble: 'the printer says: paper-jam', unknown: 2, queued: 1_204 }),
    ({ printers: [printer] }) => Object.assign(printer, { held: 'person', aside: 3 }),
    ({ printers }) => Object.assign(printers.at(-1), { trouble: 'the printer says: paper-out, cover-open' }),
    (station) => Object.assign(station, { state: 'gone', heard: now - 7_900 }),
    (station) => Object.assign(station, { clock_ahead: -95 }),
    (station) => Object.assign(station, { state: 'drained' }),
  ];
  // Those that need somebody are not the first.
  happens.forEach((happen, index) => happen(stations[count - 1 - index]));
  return {
    member: { station: 'hangzhou/st-001', line: 'connected', drained: false, printed: 1_482, unknown: 1, aside: 3 },
    overview: { cut_off: [], stations: stations.sort((one, other) => (one.station < other.station ? -1 : 1)) },
  };
}

class Refusal extends Error {
  constructor(status, code, detail) {
    super(code);
    Object.assign(this, { status, code, detail });
  }
}

export class MockAgent {
  constructor({ printers = ['前台', '打包台 1', '打包台 2'], labels = 120, now = () => START } = {}) {
    this.now = now;
    this.sessions = new Set();
    this.streams = new Set();
    this.answered = new Map();
    /** Everything that was asked for: `{ method, path, key, body }`. */
    this.asked = [];
    /** How often something was really done, by what it was. */
    this.done = [];
    /** What is answered instead, by a function of the path, until it is taken away. */
    this.instead = null;
    /** How long an answer takes, in milliseconds. */
    this.delay = 0;
    this.language = 'zh';
    this.printers = printers.map((name, index) => ({
      name,
      uri: `socket://192.0.2.${7 + index}`,
      profile: ['tspl 203 dpi', 'zpl 203 dpi', 'cpcl 203 dpi'][index % 3],
      state: 'ready',
      waiting: 0,
      sending: null,
      trouble: null,
      label: null,
      last: null,
    }));
    this.perMinute = Array.from({ length: 60 }, (_, minute) => (minute * 7) % 5 + (minute > 20 && minute < 44 ? 3 : 0));
    this.labels = [];
    for (let index = 1; index <= labels; index += 1) this.#print(this.printers[index % this.printers.length], START - (labels - index) * 23);
    this.failedToday = 1;
    this.reprintedToday = 2;
    this.origins = { paired: ['https://erp.example'], waiting: ['https://shop.example:8443'] };
    this.fleet = { member: null, overview: null };
    this.layers = LAYERS.map((layer) => ({ layer, state: 'on', mandatory: !layer.endsWith('namespace') }));
    this.templates = existsSync(TEMPLATES)
      ? readdirSync(TEMPLATES).filter((name) => /-\d+x\d+$/.test(name)).map((name) => {
          const [, width, height] = /-(\d+)x(\d+)$/.exec(name);
          return { name, addresses: [`cloudprint.example/template/${name}`], width_mm: Number(width), height_mm: Number(height) };
        })
      : [];
  }

  #print(printer, at, state = 'confirmed') {
    const index = this.labels.length + 1;
    const [carrier, prefix] = CARRIERS[index % CARRIERS.length];
    const label = {
      number: `261130-001-${String(index).padStart(3, '0')}`,
      copy: 0,
      carrier,
      waybill: `${prefix}${String(10_000_000_000 + index * 7_919).slice(1)}`,
      state,
      printer: printer.name,
      confirmed_by: state === 'confirmed' ? 'status-idle' : null,
      reason: null,
      changed: at,
      attempts: 1,
      can_reprint: index > 20,
      history: ['planned', 'rendered', 'sending', ...(state === 'confirmed' ? ['sent', 'confirmed'] : [])].map((what, step) => ({
        time: at - 4 + step, what, copy: 0, printer: step > 1 ? printer.name : null, reason: null, operator: null,
      })),
    };
    if (state !== 'confirmed' && state !== 'sending') label.history.push({ ...label.history.at(-1), what: state });
    printer.last = label.number;
    this.labels.push(label);
    return label;
  }

  /** A printer prints one more. */
  print(name) {
    const label = this.#print(this.#printer(name), this.now());
    this.perMinute[59] += 1;
    this.tell('label', this.#shown(label));
    this.changed();
    return label;
  }

  /** A printer jams: as many labels of it as are said may be on paper, the last is what it is held for. */
  jam(name, count = 1) {
    const printer = this.#printer(name);
    let label;
    for (let index = 0; index < count; index += 1) {
      label = this.#print(printer, this.now(), 'unknown');
      label.reason = 'the printer says: paper-jam';
      this.tell('label', this.#shown(label));
    }
    Object.assign(printer, { state: 'unknown', label: label.number, sending: null, waiting: 3, trouble: 'the printer says: paper-jam' });
    this.changed();
    return label;
  }

  set(name, what) {
    Object.assign(this.#printer(name), what);
    this.changed();
  }

  /** Somebody else says what became of a label. */
  settle(number, printed) {
    const label = this.#label(number);
    this.#become(label, printed ? 'confirmed' : 'failed', { confirmed_by: printed ? 'operator' : null });
  }

  #become(label, state, more = {}) {
    Object.assign(label, { state, changed: this.now(), ...more });
    label.history.push({ time: this.now(), what: state, copy: label.copy, printer: label.printer, reason: label.reason, operator: 'console' });
    this.tell('label', this.#shown(label));
    this.changed();
  }

  #printer(name) {
    const found = this.printers.find((printer) => printer.name === name);
    if (found === undefined) throw new Refusal(404, 'UNKNOWN_PRINTER');
    return found;
  }

  #label(number) {
    const found = this.labels.find((label) => label.number === number);
    if (found === undefined) throw new Refusal(404, 'UNKNOWN_LABEL');
    return found;
  }

  #shown({ history, ...label }) {
    return label;
  }

  status() {
    const count = (...states) => this.labels.filter(({ state }) => states.includes(state)).length;
    return {
      version: '0.1.0',
      language: this.language,
      now: this.now(),
      started: START - 2 * 86_400 - 3_900,
      component: { mode: 'service', sandbox: 'full', layers: this.layers, station: 'ST-01' },
      today: { printed: count('sent', 'confirmed'), failed: count('failed') + this.failedToday, unknown: count('unknown'), reprinted: this.reprintedToday },
      waiting: this.printers.reduce((sum, { waiting }) => sum + waiting, 0),
      per_minute: this.perMinute,
      printers: this.printers,
      origins_waiting: this.origins.waiting.length,
    };
  }

  changed() {
    this.tell('status', this.status());
  }

  tell(event, said) {
    const text = `event: ${event}\ndata: ${JSON.stringify(said)}\n\n`;
    for (const stream of this.streams) stream.write(text);
  }

  /** Every session ends. */
  endSessions() {
    this.sessions.clear();
    this.cut();
  }

  /** The streams of events break. */
  cut() {
    for (const stream of this.streams) stream.destroy();
  }

  async listen(port = 0) {
    this.server = createServer((request, response) => void this.#answer(request, response));
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.origin = `http://127.0.0.1:${this.port}`;
    return this;
  }

  /** The agent ends; `listen(port)` starts it again. */
  async stop() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
    this.streams.clear();
  }

  async #answer(request, response) {
    const url = new URL(request.url, 'http://agent');
    if (!url.pathname.startsWith('/api/')) {
      this.#file(url.pathname, response);
      return;
    }
    let text = '';
    for await (const piece of request) text += piece;
    const path = decodeURIComponent(url.pathname.slice('/api/v1/'.length));
    const key = request.headers['idempotency-key'];
    this.asked.push({ method: request.method, path, key, body: text });
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    const instead = this.instead?.(path, request.method);
    if (instead) {
      if (instead.cut) response.destroy();
      else response.writeHead(instead.status ?? 200, { 'content-type': instead.type ?? 'application/json' }).end(instead.text);
      return;
    }
    try {
      if (request.method !== 'GET' && request.headers['x-miandan'] !== '1') throw new Refusal(403, 'FORBIDDEN');
      const session = /miandan=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
      if (path === 'session' && request.method === 'POST') {
        this.#enter(JSON.parse(text), response);
        return;
      }
      if (!this.sessions.has(session)) throw new Refusal(401, 'UNAUTHORIZED');
      if (path === 'session') {
        this.sessions.delete(session);
        this.cut();
        response.writeHead(204).end();
      } else if (path === 'events') this.#stream(response);
      else if (path.endsWith('.png')) this.#picture(path, response);
      else {
        const said = request.method === 'GET' ? this.#read(path, url.searchParams) : this.#change(path, text, key);
        if (said === null) response.writeHead(204).end();
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, detail } = error;
      response.writeHead(status, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail }));
    }
  }

  #file(path, response) {
    const file = join(CONSOLE, path === '/' ? 'index.html' : path);
    if (!/^\/[\w-]*(\.\w+)?$/.test(path) || !(extname(file) in TYPES) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)],
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
    response.end(readFileSync(file));
  }

  #enter({ code }, response) {
    this.tries = (this.tries ?? 0) + 1;
    if (this.tries > 20) throw new Refusal(429, 'TOO_MANY');
    if (code !== CODE) throw new Refusal(401, 'WRONG_CODE');
    const session = createHash('sha256').update(`${this.sessions.size}${Math.random()}`).digest('hex');
    this.sessions.add(session);
    response.writeHead(204, { 'set-cookie': `miandan=${session}; HttpOnly; SameSite=Strict; Path=/` }).end();
  }

  #stream(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': \n\n');
    response.write(`event: status\ndata: ${JSON.stringify(this.status())}\n\n`);
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  #picture(path, response) {
    const [, number] = /^labels\/([^/]+)\/preview\.png$/.exec(path) ?? [];
    if (number !== undefined && !this.#label(number).can_reprint) throw new Refusal(410, 'ORDER_GONE');
    const [, template = 'yto-76x130'] = /^templates\/([^/]+)\/picture\.png$/.exec(path) ?? [];
    const folder = join(TEMPLATES, template, '203');
    const [picture] = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.png')) : [];
    if (picture === undefined) throw new Refusal(404, 'UNKNOWN_TEMPLATE');
    response.writeHead(200, { 'content-type': 'image/png' }).end(readFileSync(join(folder, picture)));
  }

  #read(path, query) {
    if (path === 'status') return this.status();
    if (path === 'origins') return this.origins;
    if (path === 'fleet') return this.fleet;
    if (path === 'templates') return { templates: this.templates };
    if (path === 'labels') return this.#list(query);
    const label = this.#label(/^labels\/([^/]+)$/.exec(path)?.[1]);
    return { label: this.#shown(label), history: label.history };
  }

  #list(query) {
    const states = {
      printed: ['sent', 'confirmed'], failed: ['failed'], unknown: ['unknown'], waiting: ['planned', 'rendered', 'sending'],
    }[query.get('state')];
    const search = query.get('search');
    const limit = Number(query.get('limit') ?? 50);
    const day = query.get('day');
    const all = this.labels
      .filter(({ state }) => states === undefined || states.includes(state))
      .filter(({ printer }) => !query.get('printer') || printer === query.get('printer'))
      .filter(({ number, waybill }) => !search || number.includes(search) || waybill.includes(search))
      .filter(({ changed }) => !day || new Date((changed + 28_800) * 1_000).toISOString().startsWith(day))
      .reverse();
    const from = query.get('after') ? all.findIndex(({ number }) => number === query.get('after')) + 1 : 0;
    const labels = all.slice(from, from + limit);
    return { labels: labels.map((label) => this.#shown(label)), next: from + limit < all.length ? labels.at(-1).number : null };
  }

  #change(path, text, key) {
    // What was answered once under a key is answered again, and not done again.
    const before = key && this.answered.get(key);
    if (before) {
      if (before.asked !== path + text) throw new Refusal(422, 'KEY_OF_ANOTHER');
      return before.said;
    }
    const said = this.#do(path, JSON.parse(text || '{}'), key);
    if (key) this.answered.set(key, { asked: path + text, said });
    return said;
  }

  #do(path, body, key) {
    const [what, name, verb] = path.split('/');
    const isKeyed = ['resume', 'reprint', 'settle'].includes(verb) && !body.look;
    if (isKeyed && !key) throw new Refusal(400, 'NO_KEY');
    const does = {
      'printers/hold': () => this.#hold(name),
      'printers/release': () => this.#release(name),
      'printers/resume': () => this.#resume(name, body),
      'labels/reprint': () => this.#reprint(name, body),
      'labels/settle': () => this.#settle(name, body),
    }[`${what}/${verb}`];
    if (does !== undefined) {
      const said = does();
      if (!body.look) this.done.push(path);
      return said;
    }
    if (path !== 'origins/allow' && path !== 'origins/remove') throw new Refusal(404, 'UNKNOWN');
    const { paired, waiting } = this.origins;
    if (path === 'origins/remove' && !paired.includes(body.origin)) throw new Refusal(404, 'UNKNOWN_ORIGIN');
    this.origins = {
      paired: path === 'origins/allow' ? [...paired, body.origin] : paired.filter((origin) => origin !== body.origin),
      waiting: waiting.filter((origin) => origin !== body.origin),
    };
    this.done.push(path);
    this.changed();
    return null;
  }

  #hold(name) {
    this.set(name, { state: 'held' });
    return this.#printer(name);
  }

  #release(name) {
    this.set(name, { state: 'ready', trouble: null, label: null, waiting: 0 });
    return this.#printer(name);
  }

  #resume(name, { last, look = false }) {
    const sent = this.labels.filter(({ printer }) => printer === name);
    const confirmed = sent.filter(({ number, state }) => number <= last && state === 'unknown');
    const after = sent.filter(({ number, state }) => number > last && ['unknown', 'sent', 'confirmed'].includes(state));
    const reprinted = after.filter((label) => label.can_reprint);
    const gone = after.filter((label) => !label.can_reprint);
    if (!look) {
      confirmed.forEach((label) => this.#become(label, 'confirmed', { confirmed_by: 'operator' }));
      for (const label of reprinted) {
        label.copy += 1;
        this.#become(label, 'confirmed', { confirmed_by: 'status-idle' });
      }
      this.#release(name);
    }
    const numbers = (labels) => labels.map(({ number }) => number);
    return { last, confirmed: numbers(confirmed), reprinted: numbers(reprinted), gone: numbers(gone) };
  }

  #reprint(number, { reason, printer }) {
    const label = this.#label(number);
    if (label.state === 'sending') throw new Refusal(409, 'BEING_SENT');
    if (!label.can_reprint) throw new Refusal(410, 'ORDER_GONE');
    label.copy += 1;
    this.reprintedToday += 1;
    if (printer) label.printer = this.#printer(printer).name;
    label.history.push({ time: this.now(), what: 'reprint', copy: label.copy, printer: label.printer, reason, operator: 'console' });
    this.#become(label, 'confirmed', { confirmed_by: 'status-idle' });
    return { number, copy: label.copy };
  }

  #settle(number, { printed }) {
    const label = this.#label(number);
    if (label.state !== 'unknown') throw new Refusal(409, 'NOT_UNKNOWN', '已经有人确认过');
    this.settle(number, printed);
    return this.#shown(label);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const begun = Date.now();
  const agent = new MockAgent({ now: () => Math.floor(Date.now() / 1000) });
  agent.fleet = fleetOf(14, agent.now());
  await agent.listen(Number(process.argv[2] ?? 0));
  console.log(`${agent.origin}/#code=${CODE}`);
  setInterval(() => {
    const printer = agent.printers[Math.floor((Date.now() - begun) / 3_000) % agent.printers.length];
    if (printer.state === 'ready') agent.print(printer.name);
    else if (printer.state === 'held') agent.set(printer.name, { waiting: printer.waiting + 1 });
    if (agent.labels.length % 40 === 0) agent.jam(printer.name, 2);
  }, 3_000).unref();
}
