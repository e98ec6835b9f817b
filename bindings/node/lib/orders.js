'use strict';
// Sealed orders. Node holds them as they came, and cannot open them.

const given = require('./arguments.js');
const { MiandanError, bad, unwrap } = require('./error.js');
const { native } = require('./native.js');

const OURS = Symbol('made by this file');

/** One sealed order on one line: line breaks in JSON stand between its words only. */
function line(order) {
  if (typeof order === 'object' && order !== null && !given.isBytes(order)) return Buffer.from(JSON.stringify(order));
  const text = given.bytes('an order', order);
  return text.includes(10) || text.includes(13) ? Buffer.from(text.toString('latin1').replace(/[\r\n]+/g, ' '), 'latin1') : text;
}

function lines(orders) {
  if (typeof orders === 'string' || given.isBytes(orders)) return given.bytes('orders', orders);
  if (typeof orders?.[Symbol.iterator] !== 'function') throw bad('orders are a string, bytes, or several orders');
  const newline = Buffer.from('\n');
  return Buffer.concat(Array.from(orders, line).flatMap((order) => [order, newline]));
}

let ordersOf;

class Orders {
  #native;
  #length;
  #closed = false;

  static {
    ordersOf = (name, value) => {
      if (typeof value !== 'object' || value === null || !(#native in value)) throw given.notOurs(name, 'Orders', value);
      if (value.#closed) throw new MiandanError({ code: 'BAD_HANDLE', message: 'the orders were closed' });
      return value.#native;
    };
  }

  constructor(ours, orders) {
    if (ours !== OURS) throw bad('orders come from Orders.open or Orders.from');
    this.#native = orders;
    this.#length = orders.count();
  }

  static async open(path) {
    return new Orders(OURS, unwrap(await native.openOrders(given.file('path', path))));
  }

  static async from(orders) {
    return new Orders(OURS, unwrap(await native.spoolOrders(lines(orders))));
  }

  get length() {
    return this.#length;
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#native.close();
  }
}
if (Symbol.dispose !== undefined) {
  Object.defineProperty(Orders.prototype, Symbol.dispose, { value: Orders.prototype.close, configurable: true, writable: true });
}

module.exports = { Orders, ordersOf };
