// For everybody: without a mouse, with a screen reader, with thick fingers, in both languages, sizes and schemes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LARGE, SMALL, faults, isTooWide, tooSmall } from './browser.js';
import { CODE, POLICY } from './mock.js';
import { notice, station } from './station.js';

const VIEWS = ['printers', 'today', 'labels', 'origins', 'templates', 'station'];

/** Every view and dialog, one after the other; `look(name)` at each. */
async function tour({ agent, page }, look) {
  for (const view of VIEWS) {
    await page.goto(`${agent.origin}/#/${view}`);
    await page.waitForSelector('h1#heading');
    await page.waitForTimeout(120);
    await look(view);
  }
  const number = agent.labels.at(-1).number;
  await page.goto(`${agent.origin}/#/labels?state=unknown`);
  await page.click(`tr[data-number="${number}"] .link`);
  await page.waitForSelector('.label table');
  await look('label');
  await page.click('.label > .label-facts > .row .button');
  await page.click('.choice >> nth=4');
  await page.waitForSelector('#other');
  await look('reprint');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.goto(`${agent.origin}/#/origins`);
  await page.click('.origins.allow .button');
  await page.waitForSelector('dialog');
  await look('origin');
  await page.keyboard.press('Escape');
  await page.goto(`${agent.origin}/#/printers`);
  await page.click('.printer[data-state="unknown"] .does .button >> nth=0');
  await page.waitForSelector('#last');
  await look('resume');
  await page.fill('#last', agent.labels.at(-2).number);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.listed');
  await look('resume, checked');
  await page.keyboard.press('Escape');
  await agent.stop();
  await page.waitForSelector('.banner strong');
  await look('gone');
  await agent.listen(agent.port);
  await page.waitForSelector('.banner:empty', { state: 'attached' });
  agent.endSessions();
  await page.waitForSelector('.ended');
  await look('session');
}

function stuck(agent) {
  agent.jam('打包台 1', 3);
  agent.set('前台', { state: 'waiting', trouble: 'the printer says: paper-out', waiting: 27 });
  agent.printers.push({ ...agent.printers[0], name: '一台名字很长很长的打印机，放在二楼靠窗', state: 'held', trouble: null });
  agent.printers.push({ ...agent.printers[0], name: 'journal', state: 'journal', trouble: null });
  agent.changed();
}

for (const locale of ['zh-CN', 'en-GB']) {
  for (const scheme of ['light', 'dark']) {
    test(`nobody is shut out: ${locale}, ${scheme}`, async (t) => {
      const at = await station(t, { locale, scheme });
      stuck(at.agent);
      await tour(at, async (name) => {
        assert.deepEqual(await faults(at.page), [], name);
        assert.deepEqual(await tooSmall(at.page), [], `${name}: too small for a glove`);
        assert.equal(await isTooWide(at.page), false, `${name}: wider than the screen`);
        assert.equal(await at.page.locator('h1').count(), 1, name);
        assert.equal(await at.page.locator('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').count(), 0, name);
      });
    });
  }
}

test('nothing stands beside the screen, whatever its size', async (t) => {
  const at = await station(t, { locale: 'en-GB' });
  stuck(at.agent);
  for (const size of [SMALL, LARGE, { width: 1366, height: 768 }, { width: 800, height: 480 }, { width: 390, height: 844 }]) {
    await at.page.setViewportSize(size);
    for (const view of VIEWS) {
      await at.page.goto(`${at.agent.origin}/#/${view}`);
      await at.page.waitForTimeout(60);
      assert.equal(await isTooWide(at.page), false, `${view} at ${size.width}`);
    }
  }
});

test('both languages: by the browser, by the switch, and kept', async (t) => {
  const { page } = await station(t, { locale: 'en-US' });
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.match(await page.textContent('main'), /All 3 printers run/);
  await page.click('.rail [lang="zh-CN"]');
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  assert.match(await page.textContent('main'), /3 台打印机运行正常/);
  await page.reload();
  await page.waitForSelector('.printer');
  assert.match(await page.textContent('main'), /3 台打印机运行正常/, 'it is remembered');
});

/** Presses Tab until something has the focus, and says what was passed. */
async function tabTo(page, text, most = 60) {
  const passed = [];
  for (let times = 0; times < most; times += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const { activeElement: on, body } = document;
      return on === body ? '' : (on.getAttribute('aria-label') ?? on.textContent);
    });
    passed.push(at);
    if (at.includes(text)) return passed;
  }
  return assert.fail(`${text} is not reached: ${passed.join(' | ')}`);
}

test('a jam by keyboard alone', async (t) => {
  const { agent, page } = await station(t);
  agent.jam('打包台 1');
  await page.waitForSelector('.decision');
  await tabTo(page, '没有打出');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none', 'the focus is seen');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.decision .button:has-text("恢复打印"):not([aria-disabled])');
  await tabTo(page, '恢复打印：打包台 1');
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.querySelectorAll('.printer[data-state="ready"]').length === 3);
  assert.equal(agent.done.length, 2);
});

test('a label is printed again by keyboard alone, and the focus goes back where it was', async (t) => {
  const { agent, page } = await station(t);
  await tabTo(page, '面单');
  await page.keyboard.press('Enter');
  await page.waitForSelector('tr[data-number]');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'heading', 'a new view is read from its heading');
  const number = agent.labels.at(-2).number;
  await tabTo(page, number);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.label table');
  await tabTo(page, '补打');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.dialog-reprint');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  // The focus does not leave the dialog for what is behind it.
  for (let times = 0; times < 12; times += 1) {
    await page.keyboard.press('Tab');
    const isInside = await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('.dialog-reprint') !== null);
    assert.ok(isInside, 'the focus stays in the dialog');
  }
  await page.focus('.dialog-reprint .button.main');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.dialog-reprint', { state: 'detached' });
  await notice(page, number);
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? ''), new RegExp(number));
  assert.deepEqual(agent.done, [`labels/${number}/reprint`]);
});

test('what happens is said: in a live region, in the title, in landmarks', async (t) => {
  const { agent, page } = await station(t);
  assert.equal(await page.locator('main').count(), 1);
  assert.equal(await page.locator('nav[aria-label]').count(), 1);
  assert.equal(await page.locator('#notice[role="status"]').count(), 1);
  assert.equal(await page.locator('.banner[role="alert"]').count(), 1);
  const label = agent.jam('前台');
  await notice(page, `前台：面单 ${label.number} 可能已经打出`);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '跳到内容');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'heading');
});

test('a button keeps the focus and a field its text while the station goes on', async (t) => {
  const { agent, page } = await station(t);
  await page.goto(`${agent.origin}/#/labels`);
  await page.waitForSelector('tr[data-number]');
  await page.focus('[name=search]');
  await page.keyboard.type('YT74');
  for (let times = 0; times < 5; times += 1) agent.print('前台');
  await page.waitForSelector('.head .button');
  assert.equal(await page.inputValue('[name=search]'), 'YT74');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'search');
  await page.goto(`${agent.origin}/#/printers`);
  await page.focus('.does .button >> nth=1');
  const node = await page.$('.does .button >> nth=1');
  agent.jam('前台');
  await page.waitForSelector('.decision');
  assert.equal(await page.evaluate((node) => document.activeElement === node && node.isConnected, node), true);
});

test('the page keeps to its policy, asks nobody else, and is there at once', async (t) => {
  const { agent, page, context } = await station(t);
  const elsewhere = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(agent.origin)) elsewhere.push(request.url());
  });
  const answer = await page.goto(`${agent.origin}/?again`);
  assert.equal(answer.headers()['content-security-policy'], POLICY);
  await page.waitForSelector('.printer');
  const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  t.diagnostic(`first contentful paint after ${Math.round(painted)} ms`);
  for (const view of VIEWS) await page.goto(`${agent.origin}/#/${view}`);
  await page.waitForTimeout(300);
  assert.deepEqual(elsewhere, []);
  assert.equal(await page.locator('[style]').count(), 0);
  const kept = await page.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage } }));
  assert.deepEqual(kept, { local: {}, session: {} }, 'nothing of the station is kept in the browser');
  assert.ok(!page.url().includes(CODE));
});
