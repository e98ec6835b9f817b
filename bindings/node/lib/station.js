'use strict';
// A station: labels through the journal onto printers, none of them twice.

const given = require('./arguments.js');
const { componentOf } = require('./component.js');
const { MiandanError, bad, unwrap } = require('./error.js');
const { fonts, readFonts } = require('./fonts.js');
const { Job } = require('./job.js');
const { native } = require('./native.js');
const { ordersOf } = require('./orders.js');
const { profileText, templateBytes } = require('./shipped.js');

const OPTIONS = ['component', 'components', 'fonts', 'journal', 'keep', 'missing', 'mostWaiting', 'patience', 'printers', 'templates'];
const OURS = Symbol('made by this file');
const MOST = 1_000_000;

function printers(value) {
  if (typeof value !== 'object' || value === null) throw bad('printers is an object: a printer for each name');
  return Object.entries(value).map(([name, printer]) => {
    if (printer === undefined) throw bad(`printers.${name} is an object`);
    const { uri, profile } = given.options(`printers.${name}`, printer, ['profile', 'uri']);
    return {
      name: given.text('the name of a printer', name),
      uri: given.text(`printers.${name}.uri`, uri),
      profile: profileText(`printers.${name}.profile`, profile),
    };
  });
}

/** Why, and who says so: the journal keeps both. */
function words(options) {
  return [given.text('reason', options.reason), given.text('operator', options.operator)];
}

class Station {
  #native;

  constructor(ours, station) {
    if (ours !== OURS) throw bad('a station comes from Station.open');
    this.#native = station;
  }

  static async open(options) {
    const of = given.options('options', options, OPTIONS);
    const component = componentOf('component', of.component);
    const spec = {
      journal: given.file('journal', of.journal),
      printers: printers(of.printers),
      components: given.integer('components', of.components, 1, 1024),
      patience: given.duration('patience', of.patience),
      mostWaiting: given.integer('mostWaiting', of.mostWaiting, 1, MOST),
      keep: given.integer('keep', of.keep, 0, MOST),
      missing: given.oneOf('missing', of.missing, ['refuse', 'box']),
      templates: given.list('templates', of.templates).map((template) => templateBytes('templates', template)),
    };
    const named = fonts(of.fonts);
    return new Station(OURS, unwrap(await native.openStation(component, { ...spec, fonts: await readFonts(named) })));
  }

  async print(printer, orders, template) {
    const job = this.#native.job();
    const asked = this.#native.print(
      job, given.text('printer', printer), ordersOf('orders', orders), templateBytes('template', template),
    );
    return new Job(this, job, unwrap(await unwrap(asked)));
  }

  async reprint(number, options) {
    const of = given.options('options', options, ['operator', 'printer', 'reason']);
    const printer = of.printer === undefined ? undefined : given.text('printer', of.printer);
    return unwrap(await this.#native.reprint(given.text('number', number), printer, ...words(of)));
  }

  async settle(number, options) {
    const of = given.options('options', options, ['operator', 'printed', 'reason']);
    if (typeof of.printed !== 'boolean') throw bad('printed is true or false');
    return unwrap(await this.#native.settle(given.text('number', number), of.printed, ...words(of)));
  }

  async resume(printer, last, options) {
    const of = given.options('options', options, ['dryRun', 'operator', 'reason']);
    const dryRun = given.flag('dryRun', of.dryRun);
    const why = dryRun ? ['', ''] : words(of);
    return unwrap(await this.#native.resume(given.text('printer', printer), given.text('last', last), ...why, dryRun));
  }

  async latest(number) {
    return unwrap(await this.#native.latest(given.text('number', number)));
  }

  hold(printer) {
    this.#known(printer, unwrap(this.#native.hold(given.text('printer', printer))));
  }

  release(printer) {
    this.#known(printer, unwrap(this.#native.release(given.text('printer', printer))));
  }

  printers() {
    return unwrap(this.#native.printers()).map(({ name, waiting, sending, held, unknown, trouble }) => ({
      name, waiting, sending: sending ?? null, held: held ?? null, unknown: unknown ?? null, trouble: trouble ?? null,
    }));
  }

  async stop(options) {
    const { patience } = given.options('options', options, ['patience']);
    unwrap(await this.#native.stop(given.duration('patience', patience)));
  }

  #known(printer, isKnown) {
    if (!isKnown) throw new MiandanError({ code: 'PRINTER_UNKNOWN', message: `no printer is called ${JSON.stringify(printer)}` });
  }
}
if (Symbol.asyncDispose !== undefined) {
  const dispose = function dispose() {
    return this.stop();
  };
  Object.defineProperty(Station.prototype, Symbol.asyncDispose, { value: dispose, configurable: true, writable: true });
}

module.exports = { Station };
