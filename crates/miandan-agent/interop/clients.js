// Order systems: the client library `ec-print` as it is installed, and a plain WebSocket where that has a bug.

import ecPrint from "ec-print";
import { WebSocket } from "ws";

const { Providers } = ecPrint;

const PATIENCE = 20_000;

// Waits for something, and not for ever.
export function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: it does not come`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Messages that are waited for, whether they have come already or come later.
class Inbox {
  messages = [];
  #waiting = [];

  put(message) {
    this.messages.push(message);
    this.#waiting = this.#waiting.filter(({ is, resolve }) => !is(message) || resolve(message));
  }

  find(is, what) {
    const known = this.messages.find(is);
    if (known) return Promise.resolve(known);
    const promise = new Promise((resolve) => this.#waiting.push({ is, resolve }));
    return within(promise, what);
  }
}

// A provider of ec-print that is connected, everything that its listener for results is called with, and everything that
// came over its socket.
export async function connect(kind, port, path = "/") {
  const options = { WebSocket, maxRetries: 3, minReconnectionDelay: 200 };
  const provider = new Providers[kind]({ url: `ws://localhost:${port}${path}`, options });
  if (!(await within(provider.connect(), `${kind}: a connection`))) throw new Error(`${kind}: no connection`);
  const [results, raw] = [new Inbox(), new Inbox()];
  // JD's provider throws here: its protocol has no such message.
  if (kind !== "Jingdong") provider.notifyPrintResult((result) => results.put(result));
  provider.ws.addEventListener("message", (event) => raw.put(JSON.parse(event.data)));
  // `disconnect` without a code closes with 0, which is none (RFC 6455, 7.4), and throws.
  return { provider, results, raw, end: () => provider.disconnect(1000) };
}

// A connection without a library: what is asked is answered by its key.
export async function plain(port, path = "/", origin = undefined) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { origin });
  const inbox = new Inbox();
  socket.on("message", (text) => inbox.put(JSON.parse(text)));
  await within(
    new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject)),
    "a connection",
  );
  return {
    ask(message) {
      socket.send(JSON.stringify(message));
      return inbox.find((answer) => answer.key === message.key, message.orderType);
    },
    end: () => socket.close(),
  };
}
