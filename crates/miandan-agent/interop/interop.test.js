// What the client library `ec-print` reports when it prints at the agent, dialect by dialect, and a plain client beside it
// where the library has a bug. What came out of the printers is read afterwards (`.ci/interop`).
//
//     PROGRAMS=target/debug WORK=DIR node --test interop.test.js

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { connect, plain } from "./clients.js";
import { areMasked, asCainiao, asDouyin, documents, fetched } from "./previews.js";
import { Station, TEMPLATE, WORK, expected, makeKeys, orders } from "./station.js";

const FOREIGN = "AES:" + Buffer.from("nothing that we can open").toString("base64");

let station, old;

before(async () => {
  makeKeys();
  station = await Station.start("new", { cainiao: "1.x", douyin: null, pinduoduo: null, kuaishou: null, jd: null });
  old = await Station.start("old", { cainiao: "0.x" });
});

after(async () => {
  for (const [name, one] of [["new", station], ["old", old]]) {
    if (!one) continue;
    const { status, said } = await one.end(name);
    assert.equal(status, 0, said);
  }
  writeFileSync(join(WORK, "expected.json"), JSON.stringify(expected));
});

// What differs between the platforms of the family.
const FAMILY = [
  {
    name: "cainiao 1.x", on: () => station, kind: "Cainiao", dialect: "cainiao", version: "1.5.3.0",
    logo: "needTopLogo", notify: "notifyOnTaskFailure", sender: asCainiao,
    // The promise is settled by the first answer, which only says that the task was taken. The preview is in the second, which
    // the library drops: whoever wants it listens to the socket.
    preview: (client, first, task) =>
      client.raw.find((message) => message.cmd === "print" && message.taskID === task && message.responses, "preview"),
  },
  {
    name: "cainiao 0.x", on: () => old, kind: "Cainiao", dialect: "cainiao", version: "0.2.8.3",
    logo: "needTopLogo", notify: "notifyOnTaskFailure", sender: asCainiao,
    preview: (client, first) => first,
  },
  {
    name: "douyin", on: () => station, kind: "Doudian", dialect: "douyin", version: "1.5.3.0",
    logo: "needTopLogo", notify: "TaskFailedNotify", sender: asDouyin,
    preview: (client, first, task) => client.results.find((result) => result.taskID === task, "preview"),
  },
  {
    name: "pinduoduo", on: () => station, kind: "Pinduoduo", dialect: "pinduoduo", version: "1.5.3.0",
    logo: "PrintTopLogo", notify: "TaskFailedNotify", sender: asCainiao, templateMember: "templateUrl",
    preview: (client, first) => first,
  },
  {
    name: "kuaishou", on: () => station, kind: "Kuaishou", dialect: "kuaishou", path: "/ks/printer", version: "1.5.3.0",
    logo: "needTopLogo", notify: "notifyOnTaskFailure", sender: asDouyin,
    preview: (client, first) => first,
  },
];

for (const platform of FAMILY) {
  const { name, sender } = platform;
  const open = () => connect(platform.kind, platform.on().ports[platform.dialect], platform.path);
  const member = platform.templateMember ?? "templateURL";
  const document = ({ waybill, data }) => ({
    documentID: waybill,
    contents: [{ encryptedData: data, [member]: TEMPLATE, signature: "MD:AAAA", ver: "waybill_print_secret_version_1" }],
  });
  const taskOf = (id) => `${name} ${id}`;
  const ending = (client, task) =>
    client.results.find(
      (result) => result.taskID === task && ["printed", "failed", "partPrinted"].includes(result.taskStatus),
      `${task}: the end`,
    );
  const shelf = name === "cainiao 0.x" || name === "kuaishou" ? "shelf" : "desk";
  const expect = (printer, sealed) => {
    const folder = `${platform.on() === old ? "old" : "new"}-${printer}`;
    (expected[folder] ??= []).push(...sealed.map(({ waybill }) => waybill));
  };

  test(`${name}: printers, settings, version`, async () => {
    const client = await open();
    const printers = await client.provider.getPrinters();
    assert.equal(printers.defaultPrinter, "desk");
    assert.deepEqual(printers.printers.map((printer) => printer.name).sort(), ["desk", "shelf"]);

    const info = await client.provider.getAgentInfo();
    assert.equal(info.version, platform.version);
    assert.equal(info.agent, "miandan");

    const settings = { name: "shelf", horizontalOffset: 1.5, verticalOffset: -1, [platform.logo]: false };
    const set = await client.provider.setPrinterConfig(settings);
    assert.equal(set.status, "success", JSON.stringify(set));
    const { printer } = await client.provider.getPrinterConfig("shelf");
    assert.deepEqual({ ...settings, ...printer }, printer, "what was set is there");
    await client.provider.setPrinterConfig({ name: "shelf", horizontalOffset: 0, verticalOffset: 0 });

    assert.equal((await client.provider.setGlobalConfig({ [platform.notify]: false })).status, "success");
    assert.equal((await client.provider.getGlobalConfig())[platform.notify], false);
    assert.equal((await client.provider.setPrinterConfig({ name: "none" })).status, "failed");
    client.end();
  });

  test(`${name}: three labels, and what became of them`, async () => {
    const client = await open();
    const [sealed, id] = [orders(3), taskOf("three")];
    const contents = sealed.map(document);
    contents[0].contents[0].addData = sender({
      name: "王小明", mobile: "12000009999", province: "浙江省", city: "杭州市", district: "余杭区", town: "", detail: "文一西路1号2幢301室",
    });
    const answer = await client.provider.print({ taskID: id, printer: shelf, documents: contents });
    assert.equal(answer.status, "success", JSON.stringify(answer));
    expect(shelf, sealed);
    const end = await ending(client, id);
    assert.equal(end.taskStatus, "printed", JSON.stringify(end));
    assert.equal(end.printer, shelf);
    const told = end.printStatus.map(({ documentID, status }) => [documentID, status]);
    assert.deepEqual(told, sealed.map(({ waybill }) => [waybill, "success"]));
    const asked = await client.provider.getTaskStatus([id, "nobody's"]);
    const [known, unknown] = asked.printStatus;
    assert.deepEqual(known.detailStatus.map(({ status }) => status), ["success", "success", "success"]);
    assert.deepEqual([unknown.taskID, unknown.detailStatus], ["nobody's", []]);
    client.end();
  });

  test(`${name}: what was printed is not printed again`, async () => {
    const client = await open();
    const [sealed, id] = [orders(1), taskOf("once")];
    const task = () => ({ taskID: id, printer: "", documents: sealed.map(document) });
    await client.provider.print(task());
    expect("desk", sealed);
    assert.equal((await ending(client, id)).taskStatus, "printed");
    // Another order system prints the same label, and this one asks again after it has been away.
    const other = await open();
    await other.provider.print({ ...task(), taskID: taskOf("twice") });
    const twice = await ending(other, taskOf("twice"));
    assert.equal(twice.taskStatus, "failed");
    assert.match(twice.printStatus[0].detail, /^1020 DUPLICATE/);
    const again = await open();
    await again.provider.print(task());
    assert.equal((await ending(again, id)).taskStatus, "printed", "the same task is told of, and nothing is printed");
    for (const one of [client, other, again]) one.end();
  });

  test(`${name}: a foreign ciphertext fails, and what is beside it is printed`, async () => {
    const client = await open();
    const [sealed, id] = [orders(1), taskOf("foreign")];
    const both = [document({ waybill: "F1", data: FOREIGN }), ...sealed.map(document)];
    await client.provider.print({ taskID: id, printer: "desk", documents: both });
    expect("desk", sealed);
    const end = await ending(client, id);
    assert.equal(end.taskStatus, name === "kuaishou" ? "partPrinted" : "failed");
    assert.deepEqual(end.printStatus.map(({ status }) => status), ["failed", "success"]);
    assert.match(end.printStatus[0].detail, /^40 FOREIGN_CIPHERTEXT/);
    const none = await client.provider.print({ taskID: taskOf("none"), printer: "desk", documents: [] });
    assert.deepEqual([none.status, none.errorCode], ["failed", 11]);
    client.end();
  });

  for (const form of ["image", "pdf"]) {
    test(`${name}: a preview as ${form} is masked`, async () => {
      const client = await open();
      const previews = [];
      for (const [place, one] of documents(sender).entries()) {
        const id = taskOf(`${form} ${place}`);
        const first = await client.provider.printPreview({ taskID: id, printer: "desk", previewType: form, documents: [one] });
        const preview = await platform.preview(client, first, id);
        const url = form === "image" ? preview.previewImage[0] : preview.previewURL;
        previews.push(await fetched(url));
      }
      areMasked(previews, name);
      client.end();
    });
  }
}

test("jd: the library", async () => {
  const { provider, end } = await connect("Jingdong", station.ports.jd);
  const printers = await provider.getPrinters();
  assert.deepEqual(printers.printers.map((printer) => printer.name).sort(), ["desk", "shelf"]);
  // A bug of ec-print 1.0.1: `print` is called with `{ parameters }`, as its types have it, and looks for them in a member
  // `task` that nobody sets, so what goes over the wire has no parameters. And `success`, which is a text in this protocol, is
  // true for it whenever there is one.
  const content = { tempUrl: TEMPLATE, printData: orders(1)[0].data, dataType: "app" };
  const refused = await provider.print({ taskID: "1", documents: [], parameters: { printName: "desk", contents: [content] } });
  assert.deepEqual([refused.success, refused.status, refused.detailinfo.errorCode], [true, "502", 11]);
  // With that member put in by the caller it works.
  const [sealed] = orders(1);
  const parameters = { printName: "desk", contents: [{ ...content, printData: sealed.data }] };
  const printed = await provider.print({ task: { parameters } });
  (expected["new-desk"] ??= []).push(sealed.waybill);
  assert.deepEqual([printed.status, printed.detailinfo.total], ["500", "1-1"], JSON.stringify(printed));
  end();
});

test("jd: a plain client", async () => {
  const { ask, end } = await plain(station.ports.jd);
  let key = 0;
  const send = (orderType, contents, printName = "shelf") =>
    ask({ orderType, key: `k${(key += 1)}`, version: "2", parameters: { printName, contents } });
  const content = ({ data }) => ({ tempUrl: TEMPLATE, printData: data });
  const sealed = orders(3);
  const printed = await send("PRINT", sealed.map(content));
  (expected["new-shelf"] ??= []).push(...sealed.map(({ waybill }) => waybill));
  assert.deepEqual([printed.success, printed.detailinfo.total], ["true", "3-3"], JSON.stringify(printed));
  const twice = await send("PRINT", sealed.slice(0, 1).map(content));
  assert.deepEqual([twice.success, twice.detailinfo.total], ["false", "1-0"]);
  const foreign = await send("PRINT", [{ tempUrl: TEMPLATE, printData: "AAAA" }]);
  assert.deepEqual([foreign.success, foreign.status], ["false", "502"]);

  const all = await send("PRE_View:multi", documents().map(({ contents: [one] }) => content({ data: one.encryptedData })));
  assert.equal(all.success, "true", JSON.stringify({ ...all, content: "", detailinfo: all.detailinfo.errors }));
  const pictures = all.detailinfo.imgdata.map((text) => Buffer.from(text, "base64"));
  assert.equal(pictures.length, 3);
  assert.equal(pictures[0].subarray(1, 4).toString(), "PNG");
  end();
});

test("a page that nobody let in is turned away, and another path is none", async () => {
  await assert.rejects(plain(station.ports.cainiao, "/", "https://shop.example"), /403/);
  await assert.rejects(plain(station.ports.kuaishou, "/elsewhere"), /404/);
});
