// A station for order systems to print at: throw-away keys, sealed orders, a running agent, and two printers that are not
// there. `desk` is a raw TCP port, as label printers have it; `shelf` is a folder. What they are sent is kept as files, for
// others to read.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

// The programs that are tested, and a folder for everything.
export const PROGRAMS = need("PROGRAMS");
export const WORK = need("WORK");

export const TEMPLATE = "http://cloudprint.cainiao.com/template/standard/101/1";

function need(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} has to be set`);
  return value;
}

export function run(...words) {
  const ran = spawnSync(join(PROGRAMS, "miandan"), words, { cwd: WORK, encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.error) throw ran.error;
  return ran;
}

export function miandan(...words) {
  const ran = run(...words);
  if (ran.status !== 0) throw new Error(`miandan ${words[0]} ended with ${ran.status}: ${ran.stderr}`);
  return ran.stdout;
}

export function makeKeys() {
  miandan("keygen", "station", "--id", "ST-01", "--merchant", "SHOP-1", "--no-passphrase", "--out", "station.key");
  miandan("keygen", "issuer", "--id", "platform", "--out", "issuer.key");
}

// Plain orders as an order system gets them: sealed to this station.
export function seal(plain) {
  writeFileSync(join(WORK, "plain.jsonl"), plain.map((order) => JSON.stringify(order)).join("\n"));
  const keys = ["--issuer", "issuer.key", "--to", "station.key.pub", "--merchant", "SHOP-1"];
  miandan("seal", "plain.jsonl", ...keys, "-o", "orders.sealed.jsonl", "--quiet");
  const lines = readFileSync(join(WORK, "orders.sealed.jsonl"), "utf8").trim().split("\n");
  return plain.map((order, place) => ({
    waybill: order.waybill_no,
    data: "MSO1:" + Buffer.from(lines[place]).toString("base64url"),
  }));
}

// Orders that nobody has printed yet: each is taken once.
let stock;
export function orders(count) {
  stock ??= seal(miandan("sample", "--count", "100", "--seed", "7").trim().split("\n").map((line) => JSON.parse(line)));
  if (stock.length < count) throw new Error("there are no more orders");
  return stock.splice(0, count);
}

// What must have come out of each printer when all is over, by its folder.
export const expected = {};

// A label printer at a port: one connection is one label.
function desk(folder) {
  mkdirSync(folder, { recursive: true });
  let number = 0;
  const server = createServer({ allowHalfOpen: true }, (line) => {
    const parts = [];
    line.on("data", (part) => parts.push(part));
    line.on("error", () => {});
    line.on("end", () => {
      if (parts.length > 0) {
        number += 1;
        writeFileSync(join(folder, `${String(number).padStart(4, "0")}.prn`), Buffer.concat(parts));
      }
      line.end();
    });
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

// From below those that the system gives to whoever connects.
function freePort() {
  return new Promise((resolve) => {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    server.on("error", () => resolve(freePort()));
    // Every address is both loopback addresses too.
    server.listen(port, () => server.close(() => resolve(port)));
  });
}

// An agent that speaks some dialects, each at a port of its own: `{ cainiao: "0.x", jd: null }`.
export class Station {
  static async start(name, dialects) {
    const station = new Station();
    const folder = join(WORK, name);
    const printers = Object.fromEntries(["desk", "shelf"].map((each) => [each, join(WORK, "printed", `${name}-${each}`)]));
    mkdirSync(printers.shelf, { recursive: true });
    mkdirSync(folder, { recursive: true });
    station.desk = await desk(printers.desk);
    station.ports = {};
    const [previews, admin] = [await freePort(), await freePort()];
    const lines = [
      `folder = "${join(folder, "state")}"`,
      `key = "${join(WORK, "station.key")}"`,
      `trust = "${join(WORK, "issuer.key.pub")}"`,
      `state = "${join(folder, "station.state")}"`,
      'default_printer = "desk"',
      'default_template = "one-part-76x130"',
      `previews.port = ${previews}`,
      `admin.port = ${admin}`,
      "[printers.desk]",
      `uri = "socket://127.0.0.1:${station.desk.address().port}"`,
      'profile = "tspl"',
      "[printers.shelf]",
      `uri = "file:${printers.shelf}/"`,
      'profile = "tspl"',
    ];
    for (const [dialect, generation] of Object.entries(dialects)) {
      station.ports[dialect] = await freePort();
      lines.push(`[dialects.${dialect}]`, `ws = ${station.ports[dialect]}`);
      if (generation) lines.push(`generation = "${generation}"`);
    }
    writeFileSync(join(folder, "agent.toml"), lines.join("\n") + "\n");
    station.said = "";
    station.agent = spawn(join(PROGRAMS, "miandan-agent"), ["--config", join(folder, "agent.toml")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    station.ended = new Promise((resolve) => station.agent.on("exit", resolve));
    station.agent.stderr.setEncoding("utf8").on("data", (text) => (station.said += text));
    for (let round = 0; ; round += 1) {
      if (station.agent.exitCode !== null || round > 600) throw new Error(`the agent is not up:\n${station.said}`);
      const up = await fetch(`http://127.0.0.1:${admin}/healthz`).then((answer) => answer.ok, () => false);
      if (up) return station;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  // Ends it, and answers how it ended and what it said; its journal has to be whole.
  async end(name) {
    this.agent.kill("SIGTERM");
    const status = await this.ended;
    this.desk.close();
    miandan("journal", "verify", "--journal", join(WORK, name, "state", "journal.db"));
    return { status, said: this.said };
  }
}
