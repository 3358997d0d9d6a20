import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openGraphiQL } from './graphiql-page.ts';
import { keepScreenshot, openPage, SCREENSHOTS, startBrowser, startService } from './support.ts';

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

test.for([
  ['page-overview', '#/', 'light', 'Stages whose certificate does not exist'],
  ['page-table', '#/certificates', 'dark', 'Payments backend'],
] as const)(
  'the picture %s of the documents shows all stages as read, and is small',
  async ([name, hash, colorScheme, text]) => {
    const [service, browser] = await Promise.all([
      startService({ STAGE_READS_PER_SECOND: '10' }),
      startBrowser(),
    ]);
    const { page } = await openPage(browser, service, hash, { colorScheme });
    await page.setViewportSize({ width: 1280, height: name === 'page-table' ? 580 : 1180 });
    await page.getByText(text).first().waitFor();
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: 'Read again' }).click();
        await page.waitForLoadState('networkidle');
        return (await page.getByText(/not known yet where|Unknown yet|at least/).count()) === 0;
      })
      .toBe(true);
    await keepScreenshot(page, name);
    const { size } = await stat(`${SCREENSHOTS}/${name}.png`);
    expect(size).toBeLessThan(150_000);
  },
);
