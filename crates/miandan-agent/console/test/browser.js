// Chromium with the console open, and what all tests ask of it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** The screen at the packing table, and that of an office. */
export const SMALL = { width: 1024, height: 600 };
export const LARGE = { width: 1920, height: 1080 };

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/**
 * Opens the console with a code. Whatever the page throws, or the browser has against it (also the security policy), is in
 * `wrong`; a refused request is no fault of the page.
 */
export async function open(browser, at, { locale = 'zh-CN', scheme = 'light', size = SMALL, hash = '', touch = false } = {}) {
  const context = await browser.newContext({ viewport: size, locale, colorScheme: scheme, hasTouch: touch, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/Failed to load resource/.test(message.text())) wrong.push(message.text());
  });
  await page.goto(`${at}/${hash}`);
  return { page, context, wrong };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds on the page as it is, of any weight. */
export async function faults(page) {
  // Through the debugger, since the page's own policy admits no script but its own.
  await page.evaluate(`${AXE}; undefined`);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join(' | ')}`);
}

/** Whether anything stands beside the screen. */
export function isTooWide(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Buttons, links and fields that are seen and smaller than a gloved finger, in pixels. */
export function tooSmall(page, least = 44) {
  return page.evaluate((least) => {
    const found = [];
    for (const node of document.querySelectorAll('button, a, select, input')) {
      // Of a choice, the label around it is what is pressed.
      const target = node.closest('label') ?? node;
      const { width, height } = target.getBoundingClientRect();
      if (width === 0 || node.closest('.skip') || node.classList.contains('skip')) continue;
      if (width < least || height < least) found.push(`${node.textContent || node.name} ${Math.round(width)}×${Math.round(height)}`);
    }
    return found;
  }, least);
}
