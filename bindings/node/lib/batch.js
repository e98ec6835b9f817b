'use strict';
// A batch of sealed orders that is printed with one template.

const given = require('./arguments.js');
const { componentOf } = require('./component.js');
const { MiandanError, bad, unwrap } = require('./error.js');
const { follow } = require('./follow.js');
const { fonts, readFonts } = require('./fonts.js');
const { native } = require('./native.js');
const { ordersOf } = require('./orders.js');
const { profileText, templateBytes } = require('./shipped.js');

const OPTIONS = ['component', 'dpi', 'fonts', 'missing', 'now', 'orders', 'preview', 'printedAt', 'template', 'workers'];
const NONE = Object.freeze([]);

/** What is said of each label of a handful. */
function* reports({ first, count, sizes, said }) {
  let next = 0;
  for (let place = 0; place < sizes.length; place += 1) {
    const index = first + place;
    const more = said[next]?.index === index ? said[next++] : undefined;
    const error = more?.failed === undefined ? null : new MiandanError(more.failed);
    yield { index, count, size: sizes[place], warnings: more?.warnings ?? NONE, error };
  }
}

/** The same, with the pages of each. */
function* labelsOf(handful) {
  const { pages, pageCounts } = handful;
  let page = 0;
  let place = 0;
  for (const report of reports(handful)) {
    const end = page + (pageCounts === undefined ? 1 : pageCounts[place++]);
    report.pages = pages.slice(page, end);
    page = end;
    yield report;
  }
}

class Batch {
  #component;
  #orders;
  #spec;
  #fonts;

  constructor(options) {
    if (options === undefined) throw bad('a Batch has options');
    const of = given.options('options', options, OPTIONS);
    this.#component = componentOf('component', of.component);
    ordersOf('orders', of.orders);
    this.#orders = of.orders;
    this.#fonts = fonts(of.fonts);
    this.#spec = {
      template: templateBytes('template', of.template),
      missing: given.oneOf('missing', of.missing, ['refuse', 'box']),
      now: given.time('now', of.now),
      printedAt: given.time('printedAt', of.printedAt),
      workers: given.integer('workers', of.workers, 1, 1024),
      dpi: given.oneOf('dpi', of.dpi, [203, 300]),
      preview: given.flag('preview', of.preview),
    };
  }

  async printPdf(path, options) {
    const { onLabel, signal } = given.options('options', options, ['onLabel', 'signal']);
    return this.#print({ kind: 'pdf', path: given.file('path', path) }, onLabel, signal);
  }

  async printFolder(path, options) {
    const { onLabel, profile, signal } = given.options('options', options, ['onLabel', 'profile', 'signal']);
    const printer = profile === undefined ? undefined : profileText('profile', profile);
    return this.#print({ kind: 'folder', path: given.file('path', path), profile: printer }, onLabel, signal);
  }

  async printFile(path, profile, options) {
    const { onLabel, signal } = given.options('options', options, ['onLabel', 'signal']);
    const output = { kind: 'file', path: given.file('path', path), profile: profileText('profile', profile) };
    return this.#print(output, onLabel, signal);
  }

  labels(options) {
    const { form, signal } = given.options('options', options, ['form', 'signal']);
    const profile = form === undefined || form === 'png' ? undefined : profileText('form', form);
    given.signal('signal', signal);
    const handfuls = () => this.#follow({ kind: 'labels', profile, isTold: true }, signal);
    return new Labels(handfuls);
  }

  async #print(output, onLabel, signal) {
    given.callback('onLabel', onLabel);
    given.signal('signal', signal);
    const handfuls = this.#follow({ ...output, isTold: onLabel !== undefined }, signal);
    try {
      for (;;) {
        const { done, value } = await handfuls.next();
        if (done) return value;
        for (const label of reports(value)) {
          if (signal?.aborted) break;
          const answer = onLabel(label);
          if (typeof answer?.then === 'function') await answer;
        }
      }
    } finally {
      // If onLabel threw, the batch is cancelled, and has ended before anybody hears of it.
      await handfuls.return();
    }
  }

  async *#follow(output, signal) {
    const read = await readFonts(this.#fonts);
    const start = () => {
      const spec = { ...this.#spec, now: this.#spec.now ?? Math.floor(Date.now() / 1000), fonts: read };
      return unwrap(native.startBatch(this.#component, ordersOf('orders', this.#orders), spec, output));
    };
    return yield* follow(start, signal);
  }
}

/** The labels of a batch. It begins with the first that is asked for, and is cancelled by who leaves early. */
class Labels {
  #labels;
  #summary = null;

  constructor(handfuls) {
    this.#labels = this.#all(handfuls);
  }

  async *#all(start) {
    const handfuls = start();
    try {
      for (;;) {
        const { done, value } = await handfuls.next();
        if (done) {
          this.#summary = value;
          return value;
        }
        yield* labelsOf(value);
      }
    } finally {
      await handfuls.return();
    }
  }

  get summary() {
    return this.#summary;
  }

  next() {
    return this.#labels.next();
  }

  return(value) {
    return this.#labels.return(value);
  }

  throw(error) {
    return this.#labels.throw(error);
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
if (Symbol.asyncDispose !== undefined) {
  const dispose = async function dispose() {
    await this.return();
  };
  Object.defineProperty(Labels.prototype, Symbol.asyncDispose, { value: dispose, configurable: true, writable: true });
}

module.exports = { Batch };
