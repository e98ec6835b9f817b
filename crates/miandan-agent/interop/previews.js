// Whether a preview is one, and masked: two orders that differ in nothing but what a label hides have the same preview to
// the last byte, and what is not hidden makes another one.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { TEMPLATE, WORK, run, seal } from "./station.js";

// A made-up person, with a phone that nobody has.
const PERSON = {
  name: "林小满",
  mobile: "12000001234",
  province: "浙江省",
  city: "嘉兴市",
  district: "桐乡市",
  town: "崇福镇",
  detail: "万松北路224号龙湖小区5幢1单元1904",
};
// The same where it may be seen: the first character, the last four digits, all but unit and room.
const TWIN = { ...PERSON, name: "林大江", mobile: "12099991234", detail: "万松北路224号龙湖小区5幢2单元1806" };
const OTHER = { ...PERSON, mobile: "12000001235" };

const order = (recipient, sender) => ({
  order_id: "26111100009001",
  waybill_no: "YT0000000090011",
  carrier: "YTO",
  recipient,
  sender,
  items: [{ name: "猫粮 2kg", sku: "CAT-2K", count: 1 }],
  parcel: { index: 1, count: 1, weight_g: 2170 },
  routing: { code: "278-31-18 F9", sortation: "嘉兴" },
  service: "标准快递",
});

// The sender that an order system lays over the order, in the two forms in which they write it.
export const asCainiao = ({ name, mobile, province, city, district, town, detail }) => ({
  sender: { name, mobile, address: { province, city, district, town, detail } },
});
export const asDouyin = ({ name, mobile, province, city, district, town, detail }) => ({
  senderInfo: {
    address: {
      countryCode: "CHN",
      provinceName: province,
      cityName: city,
      districtName: district,
      streetName: town,
      detailAddress: detail,
    },
    contact: { name, mobile },
  },
});

// Documents for previews: of a person, of their twin, and of somebody else.
let people;
export function documents(addData) {
  people ??= [PERSON, TWIN, OTHER].map((person) => [person, seal([order(person, PERSON)])[0]]);
  return people.map(([person, sealed], place) => {
    const content = { encryptedData: sealed.data, templateURL: TEMPLATE };
    // The sender of the third is that of the first: it is told apart by its recipient.
    if (addData) content.addData = addData(place === 1 ? person : PERSON);
    return { documentID: sealed.waybill, contents: [content] };
  });
}

export async function fetched(url) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, url);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(answer.headers.get("access-control-allow-origin"), null, "no page may read it");
  const bytes = Buffer.from(await answer.arrayBuffer());
  const [form, start] = url.endsWith(".pdf") ? ["application/pdf", "%PDF-"] : ["image/png", "\x89PNG\r\n"];
  assert.equal(answer.headers.get("content-type"), form);
  assert.equal(bytes.subarray(0, start.length).toString("latin1"), start);
  return bytes;
}

// `previews`: the files for the three documents.
export function areMasked(previews, what) {
  const [person, twin, other] = previews;
  assert.ok(person.equals(twin), `${what}: a preview depends on what is hidden`);
  assert.ok(!person.equals(other), `${what}: a preview does not depend on what is shown`);
  const file = join(mkdtempSync(join(WORK, "preview-")), person[0] === 0x25 ? "label.pdf" : "label.png");
  writeFileSync(file, person);
  // It ends with an error, since nothing can be scanned: 预览 stands across the codes, and so it has to be.
  const found = run("label", "check", "--json", file).stdout.trim().split("\n").map((line) => JSON.parse(line));
  const phones = found.filter((one) => one.event === "number").map((one) => one.digits_shown);
  assert.deepEqual(phones, [4, 4], `${what}: of recipient and sender the last four digits are shown`);
  assert.equal(found.find((one) => one.event === "file").symbols, 0, `${what}: a preview can be scanned`);
  if (file.endsWith(".pdf")) {
    const text = spawnSync("pdftotext", [file, "-"], { encoding: "utf8" });
    assert.equal(text.status, 0, "pdftotext (poppler-utils) is needed");
    for (const clear of [PERSON.name, PERSON.mobile, "1904"]) {
      assert.ok(!text.stdout.includes(clear), `${what}: ${clear.length} characters are clear`);
    }
  }
}
