// The fleet: what needs somebody first, what is old, a thousand stations, and everybody who looks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFleet } from '../shapes.js';
import { LARGE, SMALL, faults, isTooWide, tooSmall } from './browser.js';
import { START, fleetOf } from './mock.js';
import { station } from './station.js';

const NARROW = { width: 390, height: 844 };
const ENTRY = 'nav a[href="#/fleet"]';
const asked = (agent) => agent.asked.filter(({ path }) => path === 'fleet').length;

/** Opens the view over a fleet; with `isSlow`, time passes only by `pass`. */
async function look(t, fleet, { isSlow = false, ...options } = {}) {
  const at = await station(t, options);
  at.agent.fleet = fleet;
  if (isSlow) await at.page.clock.install();
  await at.page.reload();
  await at.page.waitForSelector('.printer');
  await at.page.click(ENTRY);
  await at.page.waitForSelector('h1:text-matches("机队|Fleet")');
  return at;
}

/** Lets time pass at the agent, whose stream goes on, and in the page; and what it asks for be answered. */
async function pass({ agent, page }, seconds) {
  const began = agent.now();
  for (let second = 1; second <= seconds; second += 1) {
    agent.now = () => began + second;
    for (const stream of agent.streams) stream.write(': \n\n');
    await page.evaluate(() => fetch('/icon.svg').catch(() => {}));
    await page.clock.runFor(1_000);
    await page.evaluate(() => fetch('/icon.svg').catch(() => {}));
  }
}

const names = (page) => page.locator('.fleet [scope=rowgroup] strong').allTextContents();
const figures = (page, section) => page.evaluate((section) => Object.fromEntries([...document.querySelectorAll(`section[aria-labelledby=${section}] .totals > div`)].map((div) => [div.querySelector('dt').textContent, div.querySelector('dd').textContent])), section);

test('an answer of another shape is refused wherever it differs', () => {
  const fleet = fleetOf(7);
  assert.deepEqual(readFleet(structuredClone(fleet)), fleet);
  for (const overview of [null, { trouble: 'unreachable' }]) assert.deepEqual(readFleet({ member: null, overview }), { member: null, overview });
  let tried = 0;
  const spoil = (at) => {
    for (const [name, value] of Object.entries(at)) {
      for (const wrong of [{ wrong: true }, 'x'.repeat(5_000), [[]]]) {
        at[name] = wrong;
        assert.throws(() => readFleet(structuredClone(fleet)), TypeError, `${name}: ${JSON.stringify(wrong).slice(0, 40)}`);
        tried += 1;
      }
      at[name] = value;
      if (typeof value === 'object' && value !== null) spoil(value);
    }
  };
  spoil(fleet);
  assert.ok(tried > 200, `only ${tried} were tried`);
});

test('who has to do with no fleet sees nothing of one', async (t) => {
  const { agent, page } = await station(t);
  await page.waitForTimeout(200);
  assert.equal(asked(agent), 1, 'it is asked once');
  assert.equal(await page.locator(ENTRY).count(), 0);
  await page.goto(`${agent.origin}/#/fleet`);
  await page.waitForSelector('.empty:has-text("没有机队")');
  // An older agent does not even know the question.
  agent.instead = (path) => path === 'fleet' && { status: 404, text: '' };
  await page.goto(`${agent.origin}/#/printers`);
  await page.reload();
  await page.waitForSelector('.printer');
  assert.equal(await page.locator(ENTRY).count(), 0);
  assert.equal(await page.locator('.fault:not(:empty), .banner strong').count(), 0);
  // An agent that was started again may be one of a fleet.
  agent.instead = null;
  agent.fleet = fleetOf(6);
  agent.cut();
  await page.waitForSelector(ENTRY);
});

test('a station that is one of a fleet and may not look at it', async (t) => {
  const fleet = { ...fleetOf(6), overview: null };
  const { agent, page } = await look(t, fleet);
  await page.waitForSelector('#here');
  assert.deepEqual(await figures(page, 'here'), { 场地与打印站: 'hangzhou/st-001', 消息服务器: '已连接', 状态: '接收面单', 已打印: '1,482', 不明: '1', 搁置: '3' });
  assert.match(await page.textContent('main'), /搁置：不是发给本站的面单的消息/);
  assert.equal(await page.locator('.fleet').count(), 0);
  agent.fleet = { member: { ...fleet.member, line: 'refused', drained: null, aside: 0 }, overview: null };
  await page.waitForSelector('section:has-text("消息服务器拒绝本站接入")');
  assert.equal((await figures(page, 'here')).状态, '–');
});

test('what needs somebody stands first, and all of it is added up', async (t) => {
  const fleet = fleetOf(14);
  const [cut] = fleet.overview.stations;
  fleet.overview.cut_off = ['guangzhou'];
  for (const { station, printers } of fleet.overview.stations) if (station.startsWith('guangzhou')) for (const printer of printers) printer.queued = null;
  const { page } = await look(t, fleet);
  await page.waitForSelector('.fleet');
  const shown = await names(page);
  // A label in doubt, held, in trouble, gone, a wrong clock, a site that is cut off.
  assert.deepEqual(shown.slice(0, 6), ['yiwu/st-005', 'hangzhou/st-005', 'guangzhou/st-004', 'yiwu/st-004', 'hangzhou/st-004', cut.station]);
  assert.equal(shown.length, 14);
  const row = (name) => page.textContent(`.fleet tbody:has(strong:text-is("${name}"))`);
  assert.match(await row('yiwu/st-005'), /请查看打印机打印机报告：卡纸1,2044812/);
  assert.match(await row('hangzhou/st-005'), /已暂停/);
  assert.match(await row('guangzhou/st-004'), /所在场地失联.*打印机报告：缺纸、机盖打开–/);
  assert.match(await row('yiwu/st-004'), /失去联系0\.1\.0最后消息 11:51:42前台–/, 'of a printer that is not heard of nobody says that it is ready');
  assert.match(await row('hangzhou/st-004'), /时钟慢 95 秒/);
  assert.match(await page.textContent('.head'), /14 个打印站中有 8 个需要处理/);
  assert.match(await page.textContent('main'), /场地失联：guangzhou。/);
  const sum = (name) => fleet.overview.stations.flatMap(({ printers }) => printers).reduce((all, printer) => all + printer[name], 0);
  const { 排队: queued, 已打印: printed, 接收面单: takes, 已停收: drained, 失去联系: gone, 不明: unknown } = await figures(page, 'all');
  assert.deepEqual([takes, drained, gone, unknown], ['12', '1', '1', '2']);
  assert.deepEqual([queued, printed].map((text) => Number(text.replace(',', ''))), [sum('queued'), sum('printed')]);
});

test('a label that was decided about needs nobody any more', async (t) => {
  const fleet = fleetOf(14);
  Object.assign(fleet.overview.stations.find(({ station }) => station === 'yiwu/st-005').printers[0], { held: null, trouble: null });
  const { page } = await look(t, fleet);
  await page.waitForSelector('.fleet');
  assert.equal((await names(page)).indexOf('yiwu/st-005'), 4, 'behind those that do, before all others');
  assert.match(await page.textContent('.head'), /14 个打印站中有 4 个需要处理/);
});

test('it is asked every three seconds while somebody looks', async (t) => {
  const at = await look(t, fleetOf(6), { isSlow: true });
  const { agent, page } = at;
  await page.waitForSelector('.fleet');
  agent.fleet.overview.stations[0].printers[0].printed = 98_765;
  let before = asked(agent);
  const since = () => asked(agent) - before;
  await pass(at, 9);
  assert.equal(since(), 3);
  await page.waitForSelector('.fleet td:text-is("98,765")');
  const see = (how) =>
    page.evaluate((how) => {
      Object.defineProperty(document, 'visibilityState', { value: how, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, how);
  before = asked(agent);
  await see('hidden');
  await pass(at, 20);
  assert.equal(since(), 0, 'not while nobody sees it');
  await see('visible');
  await pass(at, 1);
  assert.equal(since(), 1, 'and at once when somebody does');
  await page.goto(`${agent.origin}/#/today`);
  before = asked(agent);
  await pass(at, 20);
  assert.equal(since(), 0, 'nor on another view');
  await page.goto(`${agent.origin}/#/fleet`);
  await pass(at, 4);
  assert.equal(since(), 2);
});

test('the broker or the agent away: what was known stays, and how old it is', async (t) => {
  const at = await look(t, fleetOf(6), { isSlow: true });
  const { agent, page } = at;
  await page.waitForSelector('.fleet');
  assert.equal(await page.locator('.old').count(), 0);
  const { member } = agent.fleet;
  const age = async () => Number(/已过 (\d+) 秒/.exec(await page.textContent('.old'))[1]);
  for (const [trouble, text] of [['unreachable', '没有应答'], ['refused', '不允许本站查看机队'], ['not-set-up', '还没有建立机队'], ['version', '版本不同'], ['dreaming', 'dreaming']]) {
    agent.fleet = { member: { ...member, line: 'disconnected' }, overview: { trouble } };
    await pass(at, 3);
    await page.waitForSelector(`.fault:has-text("${text}")`);
  }
  assert.match(await page.textContent('.old'), /所示机队情况截至 14:03:\d\d，已过 \d+ 秒。/);
  assert.equal((await names(page)).length, 6);
  assert.equal((await figures(page, 'here')).消息服务器, '正在不断重试');
  let before = await age();
  agent.instead = (path) => path === 'fleet' && { status: 500, text: '<html>' };
  await pass(at, 3);
  await page.waitForSelector('.fault:has-text("HTTP_500")');
  assert.ok((await age()) > before, 'it ages');
  agent.instead = null;
  agent.fleet = fleetOf(6);
  await pass(at, 3);
  await page.waitForSelector('.fault:empty', { state: 'attached' });
  assert.equal(await page.locator('.old').count(), 0);
  // Who takes long does not answer either.
  const asking = agent.asked.length;
  agent.delay = 4_000;
  await page.clock.runFor(3_000);
  while (agent.asked.length === asking) await page.waitForTimeout(20);
  agent.delay = 0;
  await pass(at, 12);
  assert.ok((await age()) >= 10);
  await agent.stop();
  await page.waitForSelector('.banner strong');
  before = await age();
  await pass(at, 9);
  assert.ok((await age()) > before);
  assert.equal((await names(page)).length, 6);
  await agent.listen(agent.port);
  await pass(at, 9);
  await page.waitForSelector('.old', { state: 'detached' });
});

test('a broker that was never reached', async (t) => {
  const at = await look(t, { member: null, overview: { trouble: 'unreachable' } }, { isSlow: true });
  const { agent, page } = at;
  await page.waitForSelector('.fault:has-text("消息服务器没有应答")');
  assert.equal(await page.locator('.old, .fleet, .empty').count(), 0);
  agent.fleet = { ...fleetOf(6), overview: { trouble: 'unreachable' } };
  await pass(at, 3);
  await page.waitForSelector('#here');
  assert.equal(await page.locator('.old').count(), 0, 'what is shown is not old');
  agent.fleet = { member: null, overview: { cut_off: [], stations: [] } };
  await pass(at, 3);
  await page.waitForSelector('.empty:has-text("还没有打印站加入")');
});

test('a thousand stations: only what has changed is drawn again, and one of them is found', async (t) => {
  const { agent, page } = await look(t, fleetOf(1_000));
  await page.waitForSelector('.fleet');
  assert.equal((await names(page)).length, 100);
  const { 接收面单: takes } = await figures(page, 'all');
  assert.equal(takes, '998');
  await page.focus('.foot .button');
  for (let times = 0; times < 9; times += 1) {
    await page.keyboard.press('Enter');
    await page.waitForFunction((rows) => document.querySelectorAll('.fleet tbody').length === rows, 100 * (times + 2));
  }
  assert.match(await page.textContent('.foot'), /已显示 1,000 个，共 1,000 个/);
  await page.evaluate(() => {
    globalThis.touched = [];
    const watch = new MutationObserver((all) => globalThis.touched.push(...all.map(({ target }) => target.nodeName)));
    watch.observe(document.querySelector('.fleet'), { subtree: true, childList: true, characterData: true, attributes: true });
    globalThis.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (globalThis.longest = Math.max(globalThis.longest, duration)))).observe({ type: 'longtask' });
  });
  // They all say something every few seconds, and one has printed.
  const fleet = structuredClone(agent.fleet);
  for (const one of fleet.overview.stations) one.heard += one.state === 'gone' ? 0 : 3;
  fleet.overview.stations[500].printers[0].printed = 777_777;
  agent.fleet = fleet;
  await page.waitForSelector('.fleet td:text-is("777,777")');
  assert.deepEqual(await page.evaluate(() => globalThis.touched), ['#text']);
  t.diagnostic(`longest task of an answer of 1,000 stations: ${(await page.evaluate(() => globalThis.longest)) || 'less than 50'} ms`);
  // One that begins to need somebody comes to the top, and is the same element.
  const name = fleet.overview.stations[600].station;
  const body = await page.$(`.fleet tbody:has(strong:text-is("${name}"))`);
  fleet.overview.stations[600].printers[0].held = 'unknown';
  await page.waitForFunction((body) => [...document.querySelectorAll('.fleet tbody')].indexOf(body) < 2, body);
  await page.fill('main input[type=search]', 'YIWU/st-077');
  await page.waitForFunction(() => document.querySelectorAll('.fleet tbody').length === 1);
  assert.deepEqual(await names(page), ['yiwu/st-077']);
  await page.waitForTimeout(3_300);
  assert.equal(await page.inputValue('main input[type=search]'), 'YIWU/st-077');
  assert.equal(await page.evaluate(() => document.activeElement.type), 'search', 'what is typed into stays');
  await page.fill('main input[type=search]', 'nowhere');
  await page.waitForSelector('.empty:has-text("没有符合条件的打印站")');
});

test('texts are texts, and words that this page does not know are shown as they are', async (t) => {
  const evil = '<img src=x onerror="document.title=1"><b>"\'&';
  const fleet = fleetOf(6);
  const [first] = fleet.overview.stations;
  Object.assign(first, { station: `a/${evil}`, state: 'dreaming', version: evil, clock_ahead: 400_000 });
  Object.assign(first.printers[0], { name: evil, held: 'moon', trouble: evil, sending: evil });
  fleet.overview.stations[1].printers = [];
  fleet.overview.cut_off = [evil, ...Array.from({ length: 30 }, (_, index) => `s${index}`)];
  const { page } = await look(t, fleet, { locale: 'en-GB' });
  await page.waitForSelector('.fleet:has-text("dreaming"):has-text("moon"):has-text("Clock 4 d ahead"):has-text("No printer")');
  assert.match(await page.textContent('main'), /and 19 more\./);
  assert.equal(await page.locator('main b b, img[src="x"]').count(), 0);
});

for (const locale of ['zh-CN', 'en-GB']) {
  for (const scheme of ['light', 'dark']) {
    test(`nobody is shut out: ${locale}, ${scheme}`, async (t) => {
      const fleet = fleetOf(14);
      Object.assign(fleet.overview.stations[7], { station: `${'s'.repeat(32)}/${'t'.repeat(32)}` });
      fleet.overview.stations[8].printers[0].name = '一台名字很长很长的打印机，放在二楼靠窗';
      fleet.overview.cut_off = ['yiwu'];
      const { agent, page } = await look(t, fleet, { locale, scheme });
      await page.waitForSelector('.fleet');
      for (const trouble of [false, true]) {
        if (trouble) {
          agent.fleet = { member: { ...fleet.member, line: 'disconnected' }, overview: { trouble: 'unreachable' } };
          await page.waitForSelector('.old');
        }
        for (const size of scheme === 'dark' || trouble ? [SMALL, NARROW] : [SMALL, LARGE, { width: 1366, height: 768 }, { width: 800, height: 480 }, NARROW]) {
          await page.setViewportSize(size);
          await page.waitForTimeout(60);
          const at = `${size.width}${trouble ? ', trouble' : ''}`;
          assert.deepEqual(await tooSmall(page), [], at);
          assert.equal(await isTooWide(page), false, at);
          if (size === SMALL || (size === NARROW && !trouble)) assert.deepEqual(await faults(page), [], at);
        }
      }
      assert.equal(await page.locator('h1').count(), 1);
      await page.setViewportSize(SMALL);
      assert.equal(await page.evaluate(() => document.querySelector('.rail').scrollHeight <= innerHeight), true, 'all of the rail is seen');
    });
  }
}

test('by keyboard alone; and a table stays one for who hears it, on a narrow screen too', async (t) => {
  const fleet = fleetOf(104);
  const { page } = await look(t, fleet, { size: NARROW });
  await page.waitForSelector('.fleet');
  await page.focus('#heading');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.type), 'search');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.fleet tbody').length === 104);
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const roles = nodes.filter(({ ignored }) => !ignored).map(({ role }) => role.value);
  const count = (role) => roles.filter((name) => name === role).length;
  const printers = fleet.overview.stations.reduce((sum, { printers }) => sum + printers.length, 0);
  assert.deepEqual(['table', 'row', 'columnheader', 'rowheader'].map(count), [1, 1 + printers, 7, 104 + printers]);
});

test('times that have passed are said in two languages', async (t) => {
  const fleet = fleetOf(6);
  fleet.overview.stations[0] = { ...fleet.overview.stations[0], state: 'gone', heard: START - 3 * 86_400 };
  const { page } = await look(t, fleet, { locale: 'en-GB' });
  await page.waitForSelector('.note:has-text("Last heard 11-27 14:03:22")');
  await page.click('.rail [lang="zh-CN"]');
  await page.waitForSelector('.note:has-text("最后消息 11-27 14:03:22")');
  assert.equal(await page.locator('.fleet :text("Takes labels")').count(), 0, 'nothing is left of the other language');
});
