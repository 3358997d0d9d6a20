import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openGraphiQL } from './graphiql-page.ts';
import { keepScreenshot, SCREENSHOTS, startBrowser, startService } from './support.ts';

test('the picture of the README shows the next expirations, and is small', async () => {
  const [{ url }, browser] = await Promise.all([startService(), startBrowser()]);
  const { page, openTab, result, run } = await openGraphiQL(browser, url);
  await page.setViewportSize({ width: 1280, height: 640 });
  await openTab('WhatExpiresNext');
  await run();
  await expect.poll(result).toMatch(/"EXPIRED".*"EXPIRING"/);
  await page.mouse.move(1270, 630);
  await keepScreenshot(page, 'readme');
  const { size } = await stat(`${SCREENSHOTS}/readme.png`);
  expect(size).toBeLessThan(150_000);
});
