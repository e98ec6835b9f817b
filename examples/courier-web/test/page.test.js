// The page in Chromium, as a courier uses it: files, pictures of labels, the camera, a hand scanner, no network. First:
// ../build, and see labels.js. PAGE names a folder that the page was built into, if not ../dist; CHROMIUM the program;
// SCREENSHOTS a folder for pictures of the page.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { draw, fixture, token, vectors } from './labels.js';
import { serve } from './server.js';

const DIST = process.env.PAGE ?? fileURLToPath(new URL('../dist', import.meta.url));
const NUMBER = 'YT7412345678901';
const NOW = vectors.tokens[0].checks[0].now;
const DAY = 24 * 3600;
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

const work = mkdtempSync(join(tmpdir(), 'courier-web-'));
let server;
let elsewhere;
let browser;
let labels;

function launch(more = []) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...more] });
}

before(async () => {
  labels = {
    genuine: draw(join(work, 'genuine'), { text: token('sealed'), waybillNo: NUMBER }),
    copy: draw(join(work, 'copy'), { text: token('copy'), waybillNo: NUMBER, copy: 2 }),
    other: draw(join(work, 'other'), { text: token('sealed'), waybillNo: 'YT7000000000012' }),
    forged: draw(join(work, 'forged'), { text: token('forged: the waybill number'), waybillNo: NUMBER }),
    unknown: draw(join(work, 'unknown'), { text: token('of a station that nobody vouches for'), waybillNo: NUMBER }),
    revoked: draw(join(work, 'revoked'), { text: token('of a station that is revoked later'), waybillNo: NUMBER }),
    specimen: draw(join(work, 'specimen'), { text: token('specimen'), waybillNo: NUMBER }),
    plain: draw(join(work, 'plain'), { text: token('plain'), waybillNo: NUMBER }),
    tokenless: draw(join(work, 'tokenless'), { text: '', waybillNo: NUMBER }),
  };
  server = await serve(DIST);
  elsewhere = await serve(undefined);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await elsewhere?.stop();
  rmSync(work, { recursive: true, force: true });
});

/** A phone with the page open, at a time; everything that it does wrong is in `wrong`, every request in `requests`. */
async function open({ locale = 'zh-CN', from = browser, now = NOW, at = server, before } = {}) {
  const context = await from.newContext({ ...PHONE, locale });
  const page = await context.newPage();
  const wrong = [];
  const requests = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  context.on('request', (request) => requests.push(request.url()));
  await page.clock.setFixedTime(new Date(now * 1000));
  await before?.(page);
  await page.goto(at.origin);
  await page.waitForSelector('body[data-ready]');
  return { page, context, wrong, requests };
}

async function trust(page, { carrier = 'carrier.key', keep = false, keepCarrier = false } = {}) {
  await page.click('#settings-open');
  await page.setInputFiles('#issuers', fixture(vectors.files.issuers));
  await page.waitForFunction(() => document.querySelector('#issuers-state').textContent.includes('platform'));
  await page.setInputFiles('#stations', fixture(vectors.files.stations));
  await page.waitForFunction(() => document.querySelector('#stations-state').textContent.includes('3'));
  if (carrier !== null) {
    await page.setInputFiles('#carrier', fixture(carrier));
    await page.waitForFunction(() => document.querySelector('#carrier-state').textContent.includes('TO'));
  }
  if (keep) await page.check('#keep');
  if (keepCarrier) await page.check('#keep-carrier');
  await page.click('#settings-close');
  await page.waitForSelector('#trust[data-state="good"]');
}

async function verdict(page, expected, what) {
  try {
    await page.waitForSelector(`#verdict[data-verdict="${expected}"]`, { timeout: 15_000 });
  } catch {
    assert.fail(`${what}: ${await page.getAttribute('#verdict', 'data-verdict')}, not ${expected}`);
  }
}

async function scan(page, label, expected) {
  await page.click('#next');
  await page.setInputFiles('#picture', labels[label]);
  await verdict(page, expected, label);
}

const text = (page, id) => page.textContent(`#${id}`);
const isSeen = (page, id) => page.isVisible(`#${id}`);

async function picture(page, name) {
  if (process.env.SCREENSHOTS === undefined) return;
  mkdirSync(process.env.SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

/** A photograph of a label on a parcel: turned, tilted by scaling, blurred, noisy, unevenly lit, as JPEG. */
async function photograph(page, label, { turn, blur, width = 1600, height = 1200, scale = 0.9 }) {
  await page.click('#next');
  return Buffer.from(
    await page.evaluate(
      async ([bytes, turn, blur, width, height, scale]) => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext('2d');
        context.fillStyle = '#a98b62';
        context.fillRect(0, 0, width, height);
        const fit = (Math.min(width, height) / Math.max(bitmap.width, bitmap.height)) * scale;
        context.filter = `blur(${blur}px)`;
        context.translate(width / 2, height / 2);
        context.rotate(turn);
        context.scale(fit, fit * 0.93);
        context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
        context.resetTransform();
        context.filter = 'none';
        const light = context.createLinearGradient(0, 0, width, height);
        light.addColorStop(0, '#fff4');
        light.addColorStop(1, '#0007');
        context.fillStyle = light;
        context.fillRect(0, 0, width, height);
        const pixels = context.getImageData(0, 0, width, height);
        let seed = 7;
        for (let i = 0; i < pixels.data.length; i += 4) {
          seed = (seed * 1103515245 + 12345) & 0x7fffffff;
          const noise = ((seed >> 16) & 31) - 16;
          for (let channel = 0; channel < 3; channel++) pixels.data[i + channel] += noise;
        }
        context.putImageData(pixels, 0, 0);
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
        return Array.from(new Uint8Array(await blob.arrayBuffer()));
      },
      [[...readFileSync(labels[label])], turn, blur, width, height, scale],
    ),
  );
}

test('every verdict from the picture of a label', async () => {
  const { page, context, wrong, requests } = await open();
  await picture(page, '0-no-files');
  await scan(page, 'genuine', 'unknown-station');
  assert.equal(await isSeen(page, 'claims'), false, 'nothing is said of what nobody vouches for');
  await trust(page);
  await picture(page, '1-waiting');
  const loaded = server.asked.length;

  await scan(page, 'genuine', 'genuine');
  assert.equal(await text(page, 'word'), '真面单');
  assert.equal(await text(page, 'waybill-no'), NUMBER);
  assert.equal(await text(page, 'station'), 'ST-1');
  assert.equal(await text(page, 'copy'), '首次');
  assert.equal(await text(page, 'door'), '2 / 1501');
  assert.equal(await page.getAttribute('#call', 'href'), 'tel:12000000000,0042');
  assert.equal(await text(page, 'call'), '拨打 12000000000 转 0042');
  assert.equal(await isSeen(page, 'warning'), false, 'the barcode beside it was read');
  await picture(page, '2-genuine');
  await page.click('#language');
  assert.equal(await text(page, 'word'), 'Genuine');
  assert.equal(await text(page, 'door'), '2 / 1501');
  await picture(page, '2-genuine-english');
  await page.click('#language');

  await scan(page, 'copy', 'reprint');
  assert.equal(await text(page, 'word'), '真 · 补打 2');
  assert.equal(await isSeen(page, 'call'), true);
  await picture(page, '3-reprint');

  for (const [label, expected] of [['forged', 'forged'], ['unknown', 'unknown-station']]) {
    await scan(page, label, expected);
    assert.equal(await isSeen(page, 'claims'), false);
    assert.equal(await isSeen(page, 'sealed'), false);
    await picture(page, `4-${expected}`);
  }
  await scan(page, 'other', 'other-waybill');
  assert.match(await text(page, 'meaning'), /YT7412345678901.*YT7000000000012/);
  assert.equal(await isSeen(page, 'sealed'), false);
  await picture(page, '5-other-waybill');
  await scan(page, 'specimen', 'specimen');
  assert.equal(await isSeen(page, 'sealed'), false);
  await picture(page, '5-specimen');
  await scan(page, 'plain', 'genuine');
  assert.equal(await isSeen(page, 'sealed'), false, 'there is nothing sealed');
  await scan(page, 'tokenless', 'not-a-token');
  await page.click('#next');
  await page.setInputFiles('#picture', fixture('issuer.pub'));
  await verdict(page, 'no-code', 'what is no picture');
  await picture(page, '5-no-code');

  await page.clock.setFixedTime(new Date((NOW + DAY) * 1000));
  await scan(page, 'revoked', 'revoked');
  await page.clock.setFixedTime(new Date((NOW - 2 * DAY) * 1000));
  await scan(page, 'genuine', 'not-yet-valid');
  await page.clock.setFixedTime(new Date((NOW + 14 * DAY) * 1000));
  await scan(page, 'genuine', 'genuine');
  assert.equal(await page.getAttribute('#call', 'href'), null, 'the number has lapsed');
  assert.equal(await text(page, 'sealed-note'), '虚拟号已失效，请联系网点。');
  assert.equal(await page.getAttribute('#trust', 'data-state'), 'old', 'it is said with each label');
  await picture(page, '6-list-old');
  await page.clock.setFixedTime(new Date((NOW + 20 * DAY) * 1000));
  await scan(page, 'genuine', 'expired');
  assert.equal(await text(page, 'door'), '2 / 1501');
  assert.equal(await page.getAttribute('#call', 'href'), null, 'it is not genuine now');
  await picture(page, '6-expired');

  await page.click('#next');
  for (const id of ['door', 'call', 'waybill-no']) assert.equal(await text(page, id), '', 'the next parcel');
  assert.deepEqual(wrong, []);
  assert.ok(requests.every((url) => url.startsWith(`${server.origin}/`) || url.startsWith('blob:')), requests.join('\n'));
  assert.equal(server.asked.length, loaded, 'nothing is asked for after the page is there');
  await context.close();
});

test('a page that is there needs no network, and can send nothing elsewhere', async () => {
  const own = await serve(DIST);
  const { page, context, wrong } = await open({ at: own });
  await trust(page, { keep: true });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await own.stop();
  await scan(page, 'genuine', 'genuine');
  const asked = own.asked.length;
  await page.reload();
  await page.waitForSelector('body[data-ready]');
  await scan(page, 'genuine', 'genuine');
  assert.equal(await isSeen(page, 'call'), false, 'the key was for the session');
  assert.equal(own.asked.length, asked);
  assert.deepEqual(wrong, []);
  await context.setOffline(false);

  // To another place of this machine, which would answer.
  const left = await page.evaluate(async (origin) => {
    const results = await Promise.allSettled([
      fetch(`${origin}/fetch`, { mode: 'no-cors' }),
      new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = resolve;
        image.onerror = reject;
        image.src = `${origin}/image.png`;
      }),
      new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.onload = resolve;
        script.onerror = reject;
        script.src = `${origin}/script.js`;
        document.head.append(script);
      }),
    ]);
    navigator.sendBeacon(`${origin}/beacon`, 'door');
    return results.map(({ status }) => status);
  }, elsewhere.origin);
  assert.deepEqual(left, ['rejected', 'rejected', 'rejected']);
  assert.deepEqual(elsewhere.asked, []);
  await context.close();
});

test('files are remembered only when that is asked for, the key only when that is asked for as well', async () => {
  const { page, context } = await open();
  const reload = async () => {
    await page.reload();
    await page.waitForSelector('body[data-ready]');
  };
  const state = () => page.getAttribute('#trust', 'data-state');
  await trust(page);
  await reload();
  assert.equal(await state(), 'none');
  await trust(page, { keep: true });
  await reload();
  assert.equal(await state(), 'good');
  await scan(page, 'genuine', 'genuine');
  assert.equal(await text(page, 'sealed-note'), '有密封内容（门牌、虚拟号），需要快递公司密钥才能打开。');
  await picture(page, '7-no-key');
  await trust(page, { keep: true, keepCarrier: true });
  await page.click('#settings-open');
  await picture(page, '8-settings');
  await page.click('#settings-close');
  await reload();
  await scan(page, 'genuine', 'genuine');
  assert.equal(await text(page, 'door'), '2 / 1501');
  await page.click('#settings-open');
  await page.click('#forget');
  await page.click('#settings-close');
  assert.equal(await state(), 'none');
  assert.equal(await text(page, 'door'), '');
  await reload();
  assert.equal(await state(), 'none');
  await context.close();
});

test('files that are not to be believed are said to be', async () => {
  const { page, context } = await open({ locale: 'en' });
  await page.click('#settings-open');
  const fault = async (id, file, words) => {
    await page.setInputFiles(`#${id}`, file);
    await page.waitForFunction((words) => document.querySelector('#settings-fault').textContent.includes(words), words);
  };
  await fault('stations', fixture('stations.json'), 'not signed by an issuer that is trusted');
  await fault('issuers', fixture('stations.json'), 'not the public file of an issuer');
  await fault('carrier', fixture('issuer.pub'), 'not the key file of a carrier');
  await picture(page, '8-settings-fault');
  await page.click('#settings-close');
  // Keys of another carrier, and another key of the same.
  for (const [carrier, words] of [['other-carrier.key', 'another carrier'], ['carrier-newer.key', 'does not open']]) {
    await trust(page, { carrier });
    await scan(page, 'genuine', 'genuine');
    assert.match(await text(page, 'sealed-note'), new RegExp(words));
    assert.equal(await text(page, 'door'), '');
  }
  await context.close();
});

test('a hand scanner types the token and the number, in either order', async () => {
  const { page, context } = await open({ locale: 'en' });
  await trust(page);
  const type = async (line) => {
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  };
  await page.click('#trust');
  await type(token('sealed'));
  await verdict(page, 'genuine', 'the token alone');
  assert.equal(await isSeen(page, 'warning'), true, 'the number was not read');
  await type(NUMBER);
  await page.waitForSelector('#warning', { state: 'hidden' });
  await verdict(page, 'genuine', 'with its number');
  await type('YT7000000000012');
  await verdict(page, 'number', 'the number of the next parcel');
  await type(token('sealed'));
  await verdict(page, 'other-waybill', 'a token of another waybill');
  await type('hello');
  await verdict(page, 'not-a-token', 'anything else');
  await type(token('sealed').slice(0, -3));
  await verdict(page, 'malformed', 'a token that was cut off');
  await context.close();
});

test('photographs of labels: turned, blurred, noisy, unevenly lit', async () => {
  const { page, context } = await open();
  await trust(page);
  const views = [
    { turn: 0.12, blur: 0.5 },
    { turn: -0.6, blur: 0.5, width: 2000, height: 1500 },
    { turn: 0.8, blur: 0.5, width: 2400, height: 1800 },
    { turn: Math.PI / 2 + 0.05, blur: 0.8, width: 1920, height: 1440 },
    { turn: Math.PI, blur: 1, width: 2400, height: 1800 },
  ];
  for (const view of views) {
    const buffer = await photograph(page, 'genuine', view);
    await page.setInputFiles('#picture', { name: 'photograph.jpg', mimeType: 'image/jpeg', buffer });
    await verdict(page, 'genuine', JSON.stringify(view));
    assert.equal(await isSeen(page, 'warning'), false, `the barcode beside it: ${JSON.stringify(view)}`);
  }
  await context.close();
});

test('the camera is looked at until a label is read', async () => {
  const { page, context } = await open();
  // What the camera sees, as a file of JPEG pictures one after the other.
  const frame = await photograph(page, 'genuine', { turn: 0.05, blur: 0.3, width: 1920, height: 1080, scale: 0.95 });
  const film = join(work, 'camera.mjpeg');
  writeFileSync(film, Buffer.concat(Array(20).fill(frame)));
  await context.close();
  const filming = await launch([`--use-file-for-fake-video-capture=${film}`]);
  try {
    const { page, wrong } = await open({ from: filming });
    await trust(page);
    await page.click('#scan');
    await page.waitForSelector('#camera:not([hidden])');
    await picture(page, '9-camera');
    await verdict(page, 'genuine', 'the camera');
    assert.equal(await text(page, 'waybill-no'), NUMBER);
    assert.equal(await isSeen(page, 'camera'), false, 'it is off again');
    assert.equal(await text(page, 'scan'), '扫码');
    assert.deepEqual(wrong, []);
  } finally {
    await filming.close();
  }
});

test('a reader that the browser has is asked first, and what it does not find is looked for', async () => {
  // Its formats are those of the standard; its corners are where the codes of a level label would be.
  const before = (page) =>
    page.addInitScript((text) => {
      globalThis.BarcodeDetector = class {
        static getSupportedFormats = async () => ['code_128', 'ean_13', 'qr_code'];
        detect = async () => {
          const corners = [{ x: 0, y: 0 }, { x: 9, y: 0 }, { x: 9, y: 9 }, { x: 0, y: 9 }];
          return [{ format: 'qr_code', rawValue: text, cornerPoints: corners }];
        };
      };
    }, token('copy'));
  const { page, context, wrong } = await open({ before });
  await trust(page);
  // The camera shows no label at all: what is read is what the browser's reader says.
  await page.click('#scan');
  await verdict(page, 'reprint', "the browser's reader");
  assert.equal(await isSeen(page, 'warning'), true, 'nobody has read the number');
  assert.deepEqual(wrong, []);
  await context.close();
});

test('a door does not stay on the screen', async () => {
  const { page, context } = await open({ before: (page) => page.clock.install({ time: new Date(NOW * 1000) }) });
  await trust(page);
  await scan(page, 'genuine', 'genuine');
  assert.equal(await text(page, 'door'), '2 / 1501');
  await page.clock.fastForward('04:30');
  assert.equal(await text(page, 'door'), '2 / 1501');
  await page.clock.fastForward('00:31');
  assert.equal(await text(page, 'door'), '');
  assert.equal(await page.getAttribute('#verdict', 'data-verdict'), 'none');
  await context.close();
});
