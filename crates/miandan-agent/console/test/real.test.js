// A real agent, if AGENT_URL says where one is and AGENT_CODE how to get in: that the page understands all that it answers.
// Whatever is tried at a printer is undone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, isTooWide, launch, open } from './browser.js';
import { POLICY } from './mock.js';

const { AGENT_URL, AGENT_CODE } = process.env;

if (AGENT_URL !== undefined) {
  test('a real agent', async (t) => {
    const browser = await launch();
    t.after(() => browser.close());
    const at = AGENT_URL.replace(/\/$/, '');
    const { page, wrong } = await open(browser, at, { hash: `#code=${AGENT_CODE}` });
    page.setDefaultTimeout(15_000);

    await t.test('lets the page in, under its policy', async () => {
      await page.waitForSelector('#heading:text-is("打印机")');
      const answer = await page.request.get(`${at}/`);
      assert.equal(answer.headers()['content-security-policy'], POLICY);
      assert.equal(answer.headers()['x-content-type-options'], 'nosniff');
      assert.equal(await page.evaluate(() => document.cookie), '', 'no script sees the session');
      const refused = await page.request.get(`${at}/api/v1/status`, { headers: { cookie: 'none=1' } });
      assert.equal(refused.status(), 401);
    });

    for (const view of ['printers', 'today', 'labels', 'origins', 'templates', 'station', 'fleet']) {
      await t.test(`is understood: ${view}`, async () => {
        await page.goto(`${at}/#/${view}`);
        await page.waitForTimeout(700);
        assert.equal(await page.locator('.banner strong').count(), 0, 'the events are understood');
        assert.equal(await page.locator('.fault:not(:empty)').count(), 0, await page.locator('.fault').first().textContent().catch(() => ''));
        assert.deepEqual(await faults(page), []);
        assert.equal(await isTooWide(page), false);
      });
    }

    await t.test('shows a label, if there is one', async (t) => {
      await page.goto(`${at}/#/labels`);
      await page.waitForSelector('.foot [role=status]:not(:has-text("正在"))');
      if ((await page.locator('tr[data-number]').count()) === 0) {
        t.diagnostic('the journal is empty');
        return;
      }
      await page.click('tr[data-number] .link >> nth=0');
      await page.waitForSelector('.label table');
      assert.equal(await page.locator('dialog .fault:not(:empty)').count(), 0);
      await page.keyboard.press('Escape');
    });

    await t.test('holds a printer that is ready, and releases it', async (t) => {
      await page.goto(`${at}/#/printers`);
      const ready = page.locator('.printer[data-state="ready"]');
      if ((await ready.count()) === 0) {
        t.diagnostic('no printer is ready');
        return;
      }
      const name = await ready.first().locator('h2').textContent();
      const printer = page.locator('.printer', { has: page.locator(`h2:text-is(${JSON.stringify(name)})`) });
      await ready.first().locator('.does .button').click();
      await page.waitForFunction((name) => [...document.querySelectorAll('.printer[data-state="held"] h2')].some((h2) => h2.textContent === name), name);
      await page.waitForTimeout(800);
      await printer.locator('.does .button.main').click();
      await page.waitForFunction((name) => [...document.querySelectorAll('.printer:not([data-state="held"]) h2')].some((h2) => h2.textContent === name), name);
    });

    await t.test('has nothing that the browser is against', () => assert.deepEqual(wrong, []));
  });
}
