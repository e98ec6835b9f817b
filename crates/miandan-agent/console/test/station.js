// A made-up station with the console open at it, for one test.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { launch, open } from './browser.js';
import { CODE, MockAgent } from './mock.js';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Starts both; they end with the test, which fails if the page threw anything or the browser had anything against it. */
export async function station(t, options = {}) {
  const agent = await new MockAgent().listen();
  const opened = await open(browser, agent.origin, { hash: `#code=${CODE}`, ...options });
  opened.page.setDefaultTimeout(6_000);
  t.after(async () => {
    await opened.context.close();
    await agent.stop();
    assert.deepEqual(opened.wrong, []);
  });
  await opened.page.waitForSelector('.printer');
  return { agent, ...opened };
}

/** Waits until something is said at the bottom of the page. */
export function notice(page, text) {
  return page.waitForFunction((text) => document.querySelector('#notice')?.textContent.includes(text), text);
}
