// Pictures of every view and dialog, at both sizes, in both languages and both schemes: node screenshots.js FOLDER.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LARGE, SMALL, launch, open } from './browser.js';
import { CODE, MockAgent, fleetOf } from './mock.js';

const folder = process.argv[2] ?? 'screenshots';
mkdirSync(folder, { recursive: true });

const NAMES = ['前台', '打包台 1', '打包台 2', '打包台 3', '冷链台', '退货台'];

async function agentAtWork() {
  const agent = await new MockAgent({ printers: NAMES, labels: 240 }).listen();
  agent.fleet = fleetOf(14);
  agent.jam('打包台 1', 3);
  agent.set('前台', { state: 'printing', sending: '261130-001-241', waiting: 12 });
  agent.set('打包台 2', { state: 'waiting', trouble: 'the printer says: paper-out', waiting: 27 });
  agent.set('打包台 3', { state: 'held', waiting: 4 });
  return agent;
}

async function pictures(browser, { size, locale, scheme }) {
  const agent = await agentAtWork();
  const { page, context } = await open(browser, agent.origin, { size, locale, scheme, hash: `#code=${CODE}` });
  const name = `${locale.slice(0, 2)}-${size.width}-${scheme}`;
  const shoot = async (what) => {
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(folder, `${name}-${what}.png`) });
  };
  await page.waitForSelector('.printer');
  await shoot('1-printers');
  for (const [index, view] of ['today', 'labels', 'origins', 'templates', 'station'].entries()) {
    await page.goto(`${agent.origin}/#/${view}`);
    await page.waitForTimeout(250);
    await shoot(`${index + 2}-${view}`);
  }
  await page.goto(`${agent.origin}/#/fleet`);
  await page.waitForSelector('.fleet');
  await shoot('e-fleet');
  await page.goto(`${agent.origin}/#/labels?state=unknown`);
  await page.click('tr[data-number="261130-001-242"] .link');
  await page.waitForSelector('.label table');
  await shoot('7-label');
  await page.click('.dialog-label .row .button:not(.main)');
  await page.click('.choice >> nth=4');
  await shoot('8-reprint');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.goto(`${agent.origin}/#/printers`);
  await page.click('.printer[data-state="unknown"] .does .button >> nth=0');
  await page.fill('#last', '241');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.listed, [role=alert].fault:not(:empty)');
  await shoot('9-resume');
  await page.keyboard.press('Escape');
  await page.goto(`${agent.origin}/#/origins`);
  await page.click('.origins.allow .button');
  await shoot('a-allow');
  await page.keyboard.press('Escape');
  await page.goto(`${agent.origin}/#/printers`);
  await page.click('.decision .button >> nth=0');
  await page.waitForTimeout(900);
  await shoot('b-decided');
  await agent.stop();
  await page.waitForSelector('.banner strong');
  await shoot('c-gone');
  await agent.listen(agent.port);
  await page.waitForSelector('.banner:empty', { state: 'attached' });
  agent.endSessions();
  await page.waitForSelector('.ended');
  await shoot('d-ended');
  await context.close();
  await agent.stop();
}

const browser = await launch();
const only = process.argv[3];
for (const size of [SMALL, LARGE]) {
  for (const locale of ['zh-CN', 'en-GB']) {
    for (const scheme of ['light', 'dark']) {
      if (!only || only === `${locale.slice(0, 2)}-${size.width}-${scheme}`) await pictures(browser, { size, locale, scheme });
    }
  }
}
await browser.close();
