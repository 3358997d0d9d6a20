import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openGraphiQL } from './graphiql-page.ts';
import { untilStagesAreRead } from './page-service.ts';
import { keepScreenshot, NO_STREAMS, openPage, SCREENSHOTS, startBrowser, startService } from './support.ts';

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
      startService({ STAGE_READS_PER_SECOND: '10', ...NO_STREAMS }),
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

test('the picture page-replace of the documents shows a stage that was moved, and is small', async () => {
  const [service, browser] = await Promise.all([
    startService({ STAGE_READS_PER_SECOND: '10' }),
    startBrowser(),
  ]);
  await untilStagesAreRead(service.url);
  const { page } = await openPage(browser, service, '#/certificates');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await page.getByRole('link', { name: 'Payments backend', exact: true }).click();
  await page.getByRole('link', { name: /^(Replace|Go on replacing)$/ }).click();
  const generate = page.getByRole('main').getByRole('link', { name: 'Generate', exact: true });
  const trusted = page.getByLabel('Fingerprint that the backends trust (new)');
  await generate.or(trusted).waitFor();
  if (await generate.isVisible()) {
    await generate.click();
    await button('Generate').click();
    await page.getByRole('link', { name: 'Go on replacing' }).click();
  }
  const form = page.locator('form', { has: trusted });
  await trusted.fill(await form.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/).innerText());
  await form.getByRole('button', { name: 'All backends trust it' }).click();
  await page
    .getByRole('button', { name: /^Move .+ \/ / })
    .first()
    .click();
  await page.getByText('Moved', { exact: true }).waitFor();
  await page.setViewportSize({ width: 1280, height: 700 });
  await page.getByRole('heading', { name: /^4\./ }).evaluate((heading) => {
    window.scrollTo(0, heading.getBoundingClientRect().top + window.scrollY - 130);
  });
  await page.mouse.move(1270, 690);
  await keepScreenshot(page, 'page-replace');
  const { size } = await stat(`${SCREENSHOTS}/page-replace.png`);
  expect(size).toBeLessThan(150_000);
});
