// A day at the station, as the person at the packing table lives it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE } from './mock.js';
import { notice, station } from './station.js';

const printer = (name) => `.printer:has(h2:text-is("${name}"))`;
const changes = (agent, path) => agent.asked.filter((asked) => asked.method === 'POST' && asked.path === path);

test('the code of the address is used and taken out of it', async (t) => {
  const { agent, page } = await station(t);
  assert.equal(new URL(page.url()).hash, '#/printers');
  assert.deepEqual(changes(agent, 'session').map(({ body }) => JSON.parse(body)), [{ code: CODE }]);
  assert.equal(await page.evaluate(() => document.cookie), '', 'no script sees the session');
});

test('printers run: what the agent tells is shown at once', async (t) => {
  const { agent, page } = await station(t);
  assert.match(await page.textContent('.head'), /3 台打印机运行正常/);
  agent.set('前台', { state: 'printing', sending: '261130-001-121', waiting: 12 });
  await page.waitForSelector(`${printer('前台')}[data-state="printing"]`);
  assert.match(await page.textContent(printer('前台')), /正在打印.*261130-001-121.*12/s);
  agent.set('打包台 2', { state: 'waiting', trouble: 'the printer says: paper-out, cover-open', waiting: 27 });
  await notice(page, '打包台 2：打印机报告：缺纸、机盖打开');
  assert.match(await page.textContent('.head'), /3 台打印机中有 1 台需要处理/);
  assert.match(await page.title(), /^\(1\) 打印机/);
});

test('a jam: two presses put it right', async (t) => {
  const { agent, page } = await station(t);
  const label = agent.jam('打包台 1');
  await page.waitForSelector('.decision');
  assert.match(await page.textContent('.decision'), new RegExp(`面单 ${label.number} 可能已经打出。请查看打印机。`));
  await page.click('.decision .button:has-text("没有打出")');
  await page.waitForSelector('.decision .button:has-text("恢复打印"):not([aria-disabled])');
  assert.match(await page.textContent('.decision'), new RegExp(`已记录：面单 ${label.number} 没有打出`));
  await page.click('.decision .button:has-text("恢复打印")');
  await page.waitForSelector(`${printer('打包台 1')}[data-state="ready"]`);
  assert.deepEqual(agent.done, [`labels/${label.number}/settle`, 'printers/打包台 1/release']);
  const [settled] = changes(agent, `labels/${label.number}/settle`);
  assert.deepEqual(JSON.parse(settled.body), { printed: false, reason: '已查看打印机' });
  assert.match(settled.key, /^[0-9a-f-]{36}$/);
});

for (const [how, typed] of [['the whole number', (label) => label.number], ['its end', (label) => String(Number(label.number.slice(-3)))], ['the waybill number', (label) => label.waybill]]) {
  test(`resuming after a jam by ${how} of the last good label`, async (t) => {
    const { agent, page } = await station(t);
    const last = agent.jam('打包台 1', 4);
    const at = agent.labels.indexOf(last);
    await page.click(`${printer('打包台 1')} .does .button:has-text("卡纸后续打")`);
    await page.waitForFunction(() => document.activeElement?.id === 'last');
    // A hand scanner, which ends with Enter.
    await page.keyboard.type(typed(agent.labels[at - 2]));
    await page.keyboard.press('Enter');
    await page.waitForSelector('.listed.reprinted');
    assert.equal(agent.done.length, 0, 'Enter of the scanner has done nothing yet');
    assert.match(await page.textContent('.listed.confirmed'), /视为已打出：2 张/);
    assert.match(await page.textContent('.listed.reprinted'), /重新打印并带补打标记：2 张/);
    await page.click('dialog .button.main');
    await notice(page, '已恢复打印：2 张视为已打出，2 张重新打印。');
    await page.waitForSelector('dialog', { state: 'detached' });
    const asked = changes(agent, 'printers/打包台 1/resume').find(({ body }) => !JSON.parse(body).look);
    assert.deepEqual(JSON.parse(asked.body), { last: agent.labels[at - 2].number, reason: '卡纸后续打' });
    assert.deepEqual(agent.done, ['printers/打包台 1/resume']);
    assert.deepEqual(agent.labels.slice(-4).map(({ copy }) => copy), [0, 0, 1, 1]);
  });
}

test('resuming with what is no label of the printer says so and does nothing', async (t) => {
  const { agent, page } = await station(t);
  agent.jam('打包台 1');
  await page.click(`${printer('打包台 1')} .does .button`);
  const look = async (typed, words) => {
    await page.fill('#last', typed);
    await page.keyboard.press('Enter');
    await page.waitForFunction((words) => document.querySelector('#last-fault')?.textContent.includes(words), words);
  };
  await look('999', '没有找到这张面单');
  await look('YT0000000000000', '没有找到这张面单');
  const other = agent.labels.find((label) => label.printer === '前台');
  await look(other.number, '属于打印机“前台”');
  agent.labels.at(-1).waybill = other.waybill;
  await look(other.waybill, '有多张面单');
  assert.deepEqual(agent.done, []);
});

test('labels whose order is gone are said to be when a printer is resumed', async (t) => {
  const { agent, page } = await station(t);
  agent.jam('打包台 1', 2);
  agent.labels.at(-1).can_reprint = false;
  await page.click(`${printer('打包台 1')} .does .button`);
  await page.fill('#last', agent.labels.at(-2).number);
  await page.keyboard.press('Enter');
  await page.click('dialog .listed ~ .row .main');
  await notice(page, '1 张无法补打');
});

test('today: figures lead to their labels, the hour has words', async (t) => {
  const { agent, page } = await station(t);
  agent.jam('前台');
  await page.click('nav a:has-text("今日")');
  assert.equal(await page.textContent('.count:has-text("已打印") b'), '120');
  assert.equal(await page.textContent('.count:has-text("不明") b'), '1');
  const total = agent.perMinute.reduce((sum, one) => sum + one, 0);
  assert.match(await page.getAttribute('.hour svg', 'aria-label'), new RegExp(`最近一小时共 ${total} 张；最多一分钟 7 张（13:46）`));
  assert.equal(await page.locator('.bar').count(), 60);
  agent.print('前台');
  await page.waitForFunction(() => document.querySelector('.count b')?.textContent === '121');
  await page.click('.count:has-text("不明")');
  await page.waitForSelector('tr[data-number]');
  assert.equal(await page.locator('tr[data-number]').count(), 1);
  assert.equal(new URL(page.url()).hash, '#/labels?state=unknown&day=2026-11-30');
});

test('labels: filters, pages, and changes while they are looked at', async (t) => {
  const { agent, page } = await station(t);
  await page.click('nav a:has-text("面单")');
  const rows = page.locator('tr[data-number]');
  await page.waitForSelector('tr[data-number]');
  assert.equal(await rows.count(), 50);
  assert.equal(await rows.first().getAttribute('data-number'), agent.labels.at(-1).number);
  await page.click('.foot .button:has-text("更多")');
  await page.waitForFunction(() => document.querySelectorAll('tr[data-number]').length === 100);
  await page.click('.foot .button:has-text("更多")');
  await page.waitForSelector('.foot :text("没有更多了")');
  assert.equal(await rows.count(), 120);

  await page.selectOption('[name=printer]', '前台');
  await page.waitForFunction(() => document.querySelectorAll('tr[data-number]').length === 40);
  const wanted = agent.labels.find((label) => label.printer === '前台');
  await page.fill('[name=search]', wanted.waybill);
  await page.click('.filters .button.main');
  await page.waitForFunction(() => document.querySelectorAll('tr[data-number]').length === 1);
  assert.equal(await rows.first().getAttribute('data-number'), wanted.number);
  await page.fill('[name=day]', '2026-11-29');
  await page.waitForSelector('.empty');
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll('tr[data-number]').length === 1);
  assert.equal(await page.inputValue('[name=day]'), '', 'the filters follow the address');
  await page.click('.filters :text("清除")');
  await page.waitForFunction(() => document.querySelectorAll('tr[data-number]').length === 50);
  assert.equal(await page.inputValue('[name=search]'), '');

  const fresh = agent.print('打包台 2');
  await page.waitForSelector('.head .button:has-text("有 1 张新变化")');
  assert.notEqual(await rows.first().getAttribute('data-number'), fresh.number, 'no row moves under a finger');
  await page.click('.head .button');
  await page.waitForSelector(`tr[data-number="${fresh.number}"]`);
});

test('a label is printed again, with a reason', async (t) => {
  const { agent, page } = await station(t);
  const label = agent.labels.at(-3);
  await page.goto(`${agent.origin}/#/labels`);
  await page.click(`tr[data-number="${label.number}"]`);
  await page.waitForSelector('.label table');
  assert.ok(await page.waitForFunction(() => document.querySelector('.label-picture img')?.naturalWidth > 0), 'the preview is there');
  assert.match(await page.textContent('.label-facts'), /已打印.*打印机转为空闲/s);
  await page.click('.label .button:has-text("补打")');
  await page.click('.dialog-reprint .button.main');
  await page.waitForSelector('.dialog-reprint .fault:has-text("请写明原因")');
  await page.click('.choice:has-text("其他原因")');
  await page.click('.dialog-reprint .button.main');
  await page.waitForSelector('.dialog-reprint .fault:has-text("请写明原因")');
  assert.deepEqual(agent.done, [], 'not without a reason');
  await page.fill('#other', '标签贴歪');
  await page.selectOption('#where', '打包台 2');
  await page.click('.dialog-reprint .button.main');
  await page.waitForSelector('.dialog-reprint', { state: 'detached' });
  await notice(page, `${label.number} 已加入队列，带标记“补打 1”。`);
  assert.deepEqual(JSON.parse(changes(agent, `labels/${label.number}/reprint`)[0].body), { reason: '标签贴歪', printer: '打包台 2' });
  await page.waitForSelector('.label table :text("补打 1")');
  assert.match(await page.textContent('.label table'), /标签贴歪/);
  await page.keyboard.press('Escape');
  await page.waitForSelector(`tr[data-number="${label.number}"] .tag:has-text("补打 1")`);
});

test('an order that is gone is said to be, by what its label is', async (t) => {
  const { agent, page } = await station(t);
  const [printed, failed, unknown] = agent.labels.slice(0, 3);
  failed.state = 'failed';
  unknown.state = 'unknown';
  const words = [[printed, '由订单系统再次发送也不行'], [failed, '由订单系统再次发送即可打印'], [unknown, '请先确认它是否打出']];
  for (const [label, said] of words) {
    await page.goto(`${agent.origin}/#/labels?search=${label.number}`);
    await page.click(`tr[data-number="${label.number}"]`);
    await page.waitForSelector('.label-picture:has-text("订单已不在内存中")');
    assert.match(await page.textContent('.label-facts'), new RegExp(said));
    assert.equal(await page.locator('.label .button:has-text("补打")').count(), 0);
    await page.keyboard.press('Escape');
  }
});

test('an unknown label is settled where it is looked at', async (t) => {
  const { agent, page } = await station(t);
  const label = agent.jam('前台');
  await page.click('.decision :text("查看面单")');
  await page.click(`tr[data-number="${label.number}"]`);
  await page.click('.label .button:has-text("已打出")');
  await page.waitForSelector('.label-state:has-text("已打印")');
  assert.equal(await page.locator('.label .decision').count(), 0);
  assert.deepEqual(agent.done, [`labels/${label.number}/settle`]);
});

test('a web page is let in, and removed', async (t) => {
  const { agent, page } = await station(t);
  await page.waitForSelector('nav a:has-text("网页") .badge');
  await page.click('nav a:has-text("网页")');
  await page.click('.origins.allow .button');
  assert.equal(await page.textContent('dialog .origin'), 'https://shop.example:8443');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '取消', 'Enter alone lets nobody in');
  await page.click('dialog .button.main');
  await notice(page, '已允许 https://shop.example:8443');
  await page.waitForSelector('.origins.remove tr:has-text("shop.example")');
  assert.equal(await page.locator('nav .badge').count(), 0);
  await page.click('.origins.remove tr:has-text("erp.example") .button');
  await page.click('dialog .button.main');
  await page.waitForFunction(() => document.querySelectorAll('.origins.remove tbody tr').length === 1);
  assert.deepEqual(agent.origins, { paired: ['https://shop.example:8443'], waiting: [] });
  agent.origins.waiting.push('https://new.example');
  agent.changed();
  await page.waitForSelector('.origins.allow tr:has-text("new.example")');
});

test('templates have pictures and sizes, the station says what protects it', async (t) => {
  const { agent, page } = await station(t);
  agent.templates = [...agent.templates.slice(0, 3), { name: 'no-picture', addresses: [], width_mm: 60, height_mm: 40 }];
  agent.layers[4].state = 'unavailable';
  agent.changed();
  await page.click('nav a:has-text("模板")');
  await page.waitForSelector('.no-picture');
  assert.match(await page.textContent('.templates > li:last-child'), /60 × 40 毫米.*没有对应的地址/s);
  await page.waitForFunction(() => document.querySelector('.templates img')?.naturalWidth > 0);
  await page.click('nav a:has-text("打印站")');
  await page.waitForSelector('#layers');
  assert.match(await page.textContent('main'), /ST-01.*0\.1\.0.*2 天 1 小时.*服务模式/s);
  assert.equal(await page.locator('tr:has-text("用户命名空间") .mark').textContent(), '系统不提供');
});
