// What goes wrong: the agent away, the session over, somebody else first, presses that come twice, answers that are none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE } from './mock.js';
import { notice, station } from './station.js';

const pause = (page, milliseconds) => page.waitForTimeout(milliseconds);

test('the agent is gone and comes back', async (t) => {
  const { agent, page } = await station(t);
  await agent.stop();
  await page.waitForSelector('.banner:has-text("打印站代理没有应答")');
  assert.match(await page.textContent('.banner'), /以下内容截至 14:03:22/);
  assert.equal(await page.getAttribute('.does .button', 'aria-disabled'), 'true');
  const asked = agent.asked.length;
  await page.click('.does .button', { force: true });
  await pause(page, 200);
  await agent.listen(agent.port);
  agent.set('前台', { state: 'printing', sending: '261130-001-121' });
  await page.waitForSelector('.printer[data-state="printing"]');
  assert.equal(await page.textContent('.banner'), '');
  await notice(page, '打印站代理已恢复应答');
  assert.ok(agent.asked.slice(asked).every(({ method }) => method === 'GET'), 'nothing that was pressed meanwhile is done later');
  assert.equal(await page.getAttribute('.does .button', 'aria-disabled'), null);
});

test('a stream that breaks is opened again at once', async (t) => {
  const { agent, page } = await station(t);
  for (let time = 0; time < 3; time += 1) {
    agent.cut();
    await page.waitForSelector('.banner:has-text("没有应答")');
    await page.waitForSelector('.banner:empty', { state: 'attached' });
  }
  agent.set('前台', { state: 'held' });
  await page.waitForSelector('.printer[data-state="held"]');
});

test('a stream that falls silent is taken for dead', async (t) => {
  const { agent, context } = await station(t);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(agent.origin);
  await page.waitForSelector('.printer');
  await page.clock.runFor(34_000);
  assert.equal(await page.textContent('.banner'), '');
  const before = agent.asked.filter(({ path }) => path === 'events').length;
  await page.clock.runFor(5_000);
  await page.waitForFunction(() => true);
  for (let tries = 0; tries < 50 && agent.asked.filter(({ path }) => path === 'events').length === before; tries += 1) await page.clock.runFor(200);
  assert.equal(agent.asked.filter(({ path }) => path === 'events').length, before + 1);
});

test('the session ends: a code is asked for, and where one was is kept', async (t) => {
  const { agent, page } = await station(t);
  await page.click('nav a:has-text("面单")');
  await page.click('tr[data-number]');
  await page.waitForSelector('.label');
  agent.endSessions();
  await page.waitForSelector('.ended');
  assert.equal(await page.locator('dialog').count(), 0);
  assert.equal(await page.locator('tr[data-number]').count(), 0, 'nothing of the journal is left on the screen');
  await page.fill('#code', '00000000');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.session .fault:has-text("代码不对")');
  await page.fill('#code', '1234');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.session .fault:has-text("代码是 8 位数字")');
  agent.tries = 20;
  await page.fill('#code', CODE);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.session .fault:has-text("尝试次数过多")');
  agent.tries = 0;
  // As it is read out, in two halves.
  await page.fill('#code', '1234 5678');
  await page.keyboard.press('Enter');
  await page.waitForSelector('tr[data-number]');
});

test('a change that finds the session over asks for a code', async (t) => {
  const { agent, page } = await station(t);
  agent.sessions.clear();
  await page.click('.does .button >> nth=0');
  await page.waitForSelector('.ended');
  assert.deepEqual(agent.done, []);
});

test('locking ends the session', async (t) => {
  const { agent, page } = await station(t);
  await page.click('.rail :text("锁定")');
  await page.waitForSelector('.session');
  assert.equal(await page.locator('.ended').count(), 0);
  assert.equal(await page.locator('.printer').count(), 0);
  await page.reload();
  await page.waitForSelector('.session');
  assert.equal(agent.sessions.size, 0);
});

test('somebody else has decided first', async (t) => {
  const { agent, page } = await station(t);
  const label = agent.jam('前台');
  await page.waitForSelector('.decision');
  // In the moment between their press and ours.
  agent.tell = () => {};
  agent.settle(label.number, true);
  delete agent.tell;
  await page.click('.decision .button:has-text("没有打出")');
  await notice(page, '已经有人先确认了这张面单');
  await page.waitForSelector('.decision .button:has-text("恢复打印")');
  assert.match(await page.textContent('.decision'), new RegExp(`已记录：面单 ${label.number} 已打出`));
  assert.deepEqual(agent.done, []);
});

test('what was decided elsewhere is not asked again, now or on a page that is opened later', async (t) => {
  const { agent, page } = await station(t);
  const label = agent.jam('前台');
  await page.waitForSelector('.decision .button:has-text("没有打出")');
  agent.settle(label.number, false);
  await page.waitForSelector(`.decision:has-text("面单 ${label.number} 没有打出")`);
  await page.reload();
  await page.waitForSelector(`.decision:has-text("面单 ${label.number} 没有打出")`);
  assert.equal(await page.locator('.decision .button:has-text("已打出")').count(), 0);
  await page.click('.decision .button:has-text("恢复打印")');
  await page.waitForSelector('.decision', { state: 'detached' });
  assert.deepEqual(agent.done, ['printers/前台/release']);
});

test('a label that is being sent is not printed again meanwhile', async (t) => {
  const { agent, page } = await station(t);
  const label = agent.labels.at(-1);
  await page.goto(`${agent.origin}/#/labels`);
  await page.click(`tr[data-number="${label.number}"]`);
  await page.click('.label .button:has-text("补打")');
  label.state = 'sending';
  await page.click('.choice:has-text("卡纸")');
  await page.click('.dialog-reprint .button.main');
  await page.waitForSelector('.dialog-reprint .fault:has-text("此刻正在发送")');
  assert.deepEqual(agent.done, []);
});

test('pressing twice does nothing twice, and nothing else either', async (t) => {
  const { agent, page } = await station(t);
  agent.delay = 250;
  await page.dblclick('.does .button >> nth=0');
  await page.waitForSelector('.does .button[data-busy]:has-text("正在处理…")');
  await page.waitForSelector('.printer[data-state="held"]');
  await pause(page, 900);
  assert.deepEqual(agent.done, ['printers/前台/hold'], 'the second press has not released it');

  const label = agent.jam('打包台 1');
  await page.waitForSelector('.decision');
  await page.dblclick('.decision .button:has-text("没有打出")');
  await pause(page, 900);
  assert.deepEqual(agent.done.slice(1), [`labels/${label.number}/settle`], 'the second press has not met the button that came there');

  const old = agent.labels.at(-5);
  await page.goto(`${agent.origin}/#/labels`);
  await page.click(`tr[data-number="${old.number}"]`);
  await page.click('.label .button:has-text("补打")');
  await page.click('.choice:has-text("卡纸")');
  await page.dblclick('.dialog-reprint .button.main');
  await page.waitForSelector('.dialog-reprint', { state: 'detached' });
  await pause(page, 900);
  assert.deepEqual(agent.done.slice(2), [`labels/${old.number}/reprint`]);
  assert.equal(old.copy, 1);
});

test('a glove that touches twice does nothing twice', async (t) => {
  const { agent, page } = await station(t, { touch: true });
  const label = agent.jam('打包台 2');
  await page.waitForSelector('.decision');
  const touchTwice = async (selector) => {
    const { x, y, width, height } = await page.locator(selector).first().boundingBox();
    await page.touchscreen.tap(x + width / 2, y + height / 2);
    await pause(page, 150);
    await page.touchscreen.tap(x + width / 2 + 6, y + height / 2 + 4);
    await pause(page, 900);
  };
  await touchTwice('.decision .button:has-text("没有打出")');
  assert.deepEqual(agent.done, [`labels/${label.number}/settle`]);
  await touchTwice('.decision .button:has-text("恢复打印")');
  assert.deepEqual(agent.done.slice(1), ['printers/打包台 2/release']);
  await touchTwice('.does .button');
  assert.deepEqual(agent.done.slice(2), ['printers/前台/hold']);
});

test('what was lost on the way is asked for again under the same key', async (t) => {
  const { agent, page } = await station(t);
  const label = agent.labels.at(-1);
  await page.goto(`${agent.origin}/#/labels`);
  await page.click(`tr[data-number="${label.number}"]`);
  await page.click('.label .button:has-text("补打")');
  await page.click('.choice:has-text("打印不清")');
  const asked = () => agent.asked.filter(({ path }) => path.endsWith('/reprint'));
  agent.instead = (path) => path.endsWith('/reprint') && { cut: true };
  await page.click('.dialog-reprint .button.main');
  await page.waitForSelector('.dialog-reprint .fault:has-text("不知道是否已执行")');
  assert.equal(await page.isDisabled('.choice input >> nth=0'), true, 'another reason would be another request');
  agent.instead = null;
  await pause(page, 800);
  await page.click('.dialog-reprint .button.main');
  await page.waitForSelector('.dialog-reprint', { state: 'detached' });
  // The browser itself asks again for what was cut off, too.
  const tries = asked().length;
  assert.ok(tries >= 2);
  assert.equal(new Set(asked().map(({ key }) => key)).size, 1);
  assert.equal(label.copy, 1);
  // The next time that the dialog is opened is another wish.
  await page.click('.label .button:has-text("补打")');
  await page.click('.choice:has-text("丢失")');
  await pause(page, 800);
  await page.click('.dialog-reprint .button.main');
  await page.waitForSelector('.dialog-reprint', { state: 'detached' });
  assert.notEqual(asked()[tries].key, asked()[0].key);
  assert.equal(label.copy, 2);
});

test('a hand scanner presses no button', async (t) => {
  const { agent, page } = await station(t);
  await page.focus('.does .button >> nth=0');
  const label = agent.labels.at(-7);
  await page.keyboard.type(label.waybill);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`tr[data-number="${label.number}"]`);
  assert.equal(await page.locator('tr[data-number]').count(), 1, 'it is looked up instead');
  assert.deepEqual(agent.done, []);
});

const GARBAGE = {
  'no JSON': { text: '<html>hello' },
  'another shape': { text: '{"printers":"many"}' },
  nothing: { text: '' },
  'a refusal without a body': { status: 500, text: '' },
  'a refusal of another shape': { status: 503, text: '[{"code":7}]', type: 'application/problem+json' },
  'a very long text': { text: JSON.stringify({ labels: [{ number: 'x'.repeat(100_000) }], next: null }) },
};

for (const [what, instead] of Object.entries(GARBAGE)) {
  test(`garbage: ${what}`, async (t) => {
    const { agent, page } = await station(t);
    agent.instead = (path) => path !== 'session' && path !== 'events' && instead;
    for (const view of ['labels', 'origins', 'templates']) {
      await page.goto(`${agent.origin}/#/${view}`);
      await page.waitForSelector('.fault:not(:empty)');
    }
    await page.goto(`${agent.origin}/#/printers`);
    await page.click('.does .button >> nth=0');
    await page.waitForFunction(() => document.querySelector('.notice.tone-bad #notice')?.textContent.length > 0);
    agent.cut();
    agent.instead = (path) => path === 'events' && { ...instead, type: instead.type ?? 'text/event-stream', text: `event: status\ndata: ${instead.text}\n\n` };
    await page.waitForSelector('.banner strong');
    agent.instead = null;
    await page.waitForSelector('.banner:empty', { state: 'attached', timeout: 8_000 });
    agent.set('前台', { state: 'held' });
    await page.waitForSelector('.printer[data-state="held"]');
  });
}

test('words that this page does not know are shown as they are', async (t) => {
  const { agent, page } = await station(t);
  agent.set('前台', { state: 'dreaming', trouble: 'the printer says: on-fire' });
  await page.waitForSelector('.printer[data-state="dreaming"]');
  assert.match(await page.textContent('.printer >> nth=0'), /dreaming.*打印机报告：on-fire/s);
  agent.layers[0] = { layer: 'moat', state: 'flooded', mandatory: true };
  agent.changed();
  await page.goto(`${agent.origin}/#/station`);
  await page.waitForSelector('tr:has-text("moat"):has-text("flooded")');
  await page.goto(`${agent.origin}/#/nowhere`);
  await page.waitForSelector('.printer');
});

test('what did not come is asked for again', async (t) => {
  const { agent, page } = await station(t);
  for (const [view, path, seen] of [['templates', 'templates', '.templates > li'], ['origins', 'origins', '.origins'], ['labels', 'labels', 'tr[data-number]']]) {
    agent.instead = (asked) => asked === path && { status: 500, text: '' };
    await page.goto(`${agent.origin}/#/${view}`);
    await page.waitForSelector('.fault:not(:empty)');
    agent.instead = null;
    agent.cut();
    await page.waitForSelector(seen);
    assert.equal(await page.locator('.fault:not(:empty)').count(), 0, view);
  }
});

test('a printer that failed last time is not called ready', async (t) => {
  const { agent, page } = await station(t);
  agent.set('前台', { trouble: 'no connection in time' });
  await page.waitForSelector('.printer:has-text("上次没有打成"):has-text("连接超时")');
  assert.match(await page.textContent('.head'), /3 台打印机中有 1 台需要处理/);
});

test('texts are texts, whatever stands in them', async (t) => {
  const { agent, page } = await station(t);
  const evil = '<img src=x onerror="document.title=1"><b>"\'&';
  agent.printers[0].name = evil;
  agent.labels.at(-1).waybill = evil;
  agent.labels.at(-1).reason = `${evil}${evil}`;
  agent.origins.waiting = [evil];
  agent.templates = [{ name: `../../${evil}`, addresses: [evil], width_mm: 1, height_mm: 1 }];
  agent.changed();
  await page.waitForFunction((evil) => document.querySelector('.printer h2')?.textContent === evil, evil);
  for (const view of ['labels', 'origins', 'templates', 'station']) {
    await page.goto(`${agent.origin}/#/${view}`);
    await page.waitForFunction((evil) => document.querySelector('main')?.textContent.includes(evil), evil);
    assert.equal(await page.locator('main b b, img[src="x"]').count(), 0);
  }
});
