// The page: what a courier does with it, and what it answers.

import { CourierError, load } from './miandan-courier/miandan-courier.js';
import { Camera } from './camera.js';
import { forget, remember, remembered } from './keep.js';
import { prepare, readPicture } from './reader.js';
import { showAnswer, showNotOpened, showOpened, showVerdict, showWaiting } from './show.js';
import { Files } from './trust.js';
import { other, preferred, say, sayDay, sayFileFault } from './words.js';

/** How long a token and a number that were scanned one after the other belong together, in milliseconds. */
const TOGETHER = 20_000;

/** How long a label stays on the screen, in milliseconds: a door is not left lying about. */
const SHOWN = 5 * 60_000;

const element = (id) => document.getElementById(id);
const now = () => Math.floor(Date.now() / 1000);

let language = preferred();
let files;
let camera;
/** Shows again what is on the screen, when the language or the files have changed. */
let view = () => showWaiting(language, false);
/** What a hand scanner has read of the label so far. */
let scanned = { token: null, number: null, at: -Infinity };
let clearing;

function show(next) {
  view = next;
  view();
  // The lists may have become old since.
  sayTrust();
  clearTimeout(clearing);
  clearing = setTimeout(startAgain, SHOWN);
}

function startAgain() {
  scanned = { token: null, number: null, at: -Infinity };
  show(() => showWaiting(language, false));
  clearTimeout(clearing);
}

/** What carriers' numbers look like. A label has other Code 128 as well, of routes and boxes, which are shorter. */
function isNumber(text) {
  return /^[0-9A-Z][0-9A-Z_./-]{7,62}$/.test(text) && text.replace(/[^0-9]/g, '').length >= 6;
}

/** Checks a token beside the numbers that were read with it. Answers whether it is good. */
function check(token, numbers) {
  try {
    const { waybillNo } = files.check(token, { now: now() });
    const beside = numbers.find((number) => number === waybillNo) ?? numbers.find(isNumber);
    const ask = () => files.check(token, { now: now(), waybillNo: beside });
    show(() => showChecked(ask(), beside));
    return ask().isGood;
  } catch (error) {
    if (!(error instanceof CourierError)) throw error;
    show(() => showVerdict(language, error.code, {}));
    return false;
  }
}

function showChecked(answer, beside) {
  showAnswer(language, answer, beside);
  // Anybody can seal something to a carrier: what is not of a station that is vouched for is not looked at.
  if (!answer.isSealed || !(answer.isGood || answer.verdict === 'expired')) return;
  if (files.carrier === null) {
    showNotOpened(language, 'noKey');
    return;
  }
  try {
    showOpened(language, answer, files.open(answer), now());
  } catch (error) {
    if (!(error instanceof CourierError)) throw error;
    showNotOpened(language, error.code === 'other-carrier' ? 'otherCarrier' : 'otherKey');
  }
}

/** For those who look at the parcel and not at the phone. */
function feel(isGood) {
  navigator.vibrate?.(isGood ? 60 : [150, 80, 150, 80, 150]);
}

function checkRead({ token, numbers }) {
  startAgain();
  if (token === null) {
    show(() => showVerdict(language, 'no-code', {}));
    feel(false);
  } else {
    feel(check(token, numbers));
  }
}

/** A line of a hand scanner, which types like a keyboard: a token or a number, in either order. */
function checkTyped(text) {
  const isTogether = performance.now() - scanned.at < TOGETHER;
  const { token, number } = isTogether ? scanned : { token: null, number: null };
  if (!text.startsWith('W1:') && isNumber(text)) {
    if (token !== null && number === null) {
      scanned = { token, number: text, at: performance.now() };
      feel(check(token, [text]));
      return;
    }
    scanned = { token: null, number: text, at: performance.now() };
    show(() => showVerdict(language, 'number', { beside: text }));
    return;
  }
  const beside = token === null ? number : null;
  scanned = { token: text, number: beside, at: performance.now() };
  feel(check(text, beside === null ? [] : [beside]));
}

async function scan() {
  if (camera.isOn) {
    stopCamera();
    return;
  }
  startAgain();
  try {
    element('camera').hidden = false;
    await camera.start();
  } catch {
    stopCamera();
    show(() => {
      showVerdict(language, 'fault', {});
      element('meaning').textContent = say(language, 'noCamera');
    });
    return;
  }
  element('camera-light').hidden = !camera.hasLight;
  sayEverything();
  const read = await camera.read();
  if (read === null) return;
  stopCamera();
  checkRead(read);
}

function stopCamera() {
  camera.stop();
  element('camera').hidden = true;
  delete element('camera-light').dataset.on;
  sayEverything();
}

async function pictureChosen(input) {
  const [file] = input.files;
  if (file === undefined) return;
  stopCamera();
  show(() => showWaiting(language, true));
  try {
    checkRead(await readPicture(file));
  } catch {
    // No picture at all.
    checkRead({ token: null, numbers: [] });
  }
  input.value = '';
}

/** Takes files with one of the ways that Files has; says what is wrong with those that are not taken. */
async function filesChosen(input, take) {
  const faults = [];
  for (const file of input.files) {
    try {
      take(await file.text());
    } catch (error) {
      if (!(error instanceof CourierError)) throw error;
      faults.push(say(language, 'fault', { name: file.name, why: sayFileFault(language, error.code) }));
    }
  }
  input.value = '';
  element('settings-fault').textContent = faults.join('\n');
  await keep();
  sayEverything();
}

/** Remembers what is to be remembered, and forgets the rest. */
async function keep() {
  if (element('keep').checked) await remember(files.toRemember(element('keep-carrier').checked));
  else await forget();
}

async function keepChanged(changed) {
  if (changed.id === 'keep-carrier' && changed.checked) element('keep').checked = true;
  if (changed.id === 'keep' && !changed.checked) element('keep-carrier').checked = false;
  await keep();
  sayEverything();
}

async function forgetAll() {
  files.clear();
  element('keep').checked = false;
  element('keep-carrier').checked = false;
  element('settings-fault').textContent = '';
  await forget();
  startAgain();
  sayEverything();
}

/** Says everything that is no label's, in the language of now. */
function sayEverything() {
  document.documentElement.lang = language;
  document.title = say(language, 'title');
  for (const place of document.querySelectorAll('[data-word]')) place.textContent = say(language, place.dataset.word);
  element('language').textContent = say(language, 'otherLanguage');
  element('scan').textContent = say(language, camera.isOn ? 'stop' : 'scan');
  const { names, until, stations, carrier } = known();
  const none = say(language, 'none');
  element('issuers-state').textContent = names === '' ? none : say(language, 'issuersOf', { names });
  element('stations-state').textContent =
    stations === null ? none : say(language, 'stationsOf', { count: stations.count, until });
  const kept = element('keep-carrier').checked ? 'carrierKept' : 'carrierOf';
  element('carrier-state').textContent = carrier === null ? none : say(language, kept, { code: carrier });
  sayTrust();
}

/** What the files say, in words. */
function known() {
  const { issuers, stations, carrier } = files;
  const names = issuers.join(language === 'en' ? ', ' : '、');
  return { names, until: stations === null ? '' : sayDay(language, stations.until), stations, carrier };
}

function sayTrust() {
  const { names, until, stations, carrier } = known();
  const trust = element('trust');
  const isOld = stations !== null && files.isOld(now());
  trust.dataset.state = stations === null ? 'none' : isOld ? 'old' : 'good';
  if (names === '') trust.textContent = say(language, 'trustNone');
  else if (stations === null) trust.textContent = say(language, 'trustNoList');
  else if (isOld) trust.textContent = say(language, 'trustOld');
  else {
    const key = carrier === null ? '' : say(language, 'keyed', { code: carrier });
    trust.textContent = say(language, 'trustGood', { names, until }) + key;
  }
}

function listen() {
  element('language').addEventListener('click', () => {
    language = other(language);
    sayEverything();
    view();
  });
  element('scan').addEventListener('click', scan);
  element('camera-light').addEventListener('click', ({ target }) => {
    target.toggleAttribute('data-on');
    camera.setLight(target.hasAttribute('data-on'));
  });
  element('next').addEventListener('click', () => {
    stopCamera();
    startAgain();
    element('text').value = '';
  });
  element('picture').addEventListener('change', ({ target }) => pictureChosen(target));
  element('text').addEventListener('keydown', (event) => {
    // A line that an input method is still composing is not one yet.
    if (event.key !== 'Enter' || event.isComposing) return;
    const text = event.target.value.trim();
    event.target.value = '';
    if (text !== '') checkTyped(text);
  });
  // What a hand scanner types belongs into the field, wherever the last touch was.
  document.addEventListener('keydown', ({ target, key, ctrlKey, metaKey }) => {
    const isElsewhere = !target.closest('input, dialog');
    if (isElsewhere && key.length === 1 && !ctrlKey && !metaKey) element('text').focus();
  });

  element('settings-open').addEventListener('click', () => element('settings').showModal());
  element('settings-close').addEventListener('click', () => element('settings').close());
  element('settings').addEventListener('close', () => view());
  element('issuers').addEventListener('change', ({ target }) => filesChosen(target, (text) => files.addIssuers(text)));
  element('stations').addEventListener('change', ({ target }) => filesChosen(target, (text) => files.addStations(text)));
  element('carrier').addEventListener('change', ({ target }) => filesChosen(target, (text) => files.setCarrier(text)));
  for (const id of ['keep', 'keep-carrier']) element(id).addEventListener('change', ({ target }) => keepChanged(target));
  element('forget').addEventListener('click', forgetAll);
  // A camera is not left on in a pocket.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && camera.isOn) stopCamera();
  });
}

async function takeRemembered() {
  // A browser that may remember nothing has remembered nothing.
  const kept = await remembered().catch(() => undefined);
  if (kept === undefined) return;
  files.take(kept);
  element('keep').checked = true;
  element('keep-carrier').checked = kept.carrier !== null;
}

async function begin() {
  // Everything that is ever needed, before anything is asked: then no network is.
  const [courier] = await Promise.all([load(), prepare(), navigator.serviceWorker?.register('service-worker.js')]);
  files = new Files(courier);
  camera = new Camera(element('video'));
  await takeRemembered();
  element('version').textContent = say(language, 'version', courier);
  listen();
  sayEverything();
  view();
  document.body.dataset.ready = '';
}

begin();
