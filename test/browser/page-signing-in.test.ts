import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { serveOn } from '../support/process.ts';
import { expiringIn, startPageService } from './page-service.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  failing,
  keepScreenshot,
  openPage,
  startBrowser,
} from './support.ts';

const EXAMPLES = [expiringIn(3, { id: 'soon01', description: 'Soon' })];

/** The page of a service that requires one of two keys. */
async function start(hash = '#/certificates?status=EXPIRING', scopes?: string) {
  const { key } = createApiKey('portal');
  const [service, browser] = await Promise.all([
    startPageService(
      { examples: EXAMPLES },
      { AUTH: 'api-key', API_KEYS: apiKeyEntry('portal', key, scopes) },
    ),
    startBrowser(),
  ]);
  const opened = await openPage(browser, service, hash);
  const field = opened.page.getByLabel('API key');
  const give = async (text: string) => {
    await field.fill(text);
    await opened.page.getByRole('button', { name: 'Continue' }).click();
  };
  return { key, service, field, give, ...opened };
}

/** From now on the service knows another key, the one that is returned, and no longer the one before. */
async function withdraw(service: Awaited<ReturnType<typeof startPageService>>): Promise<string> {
  await service.stop();
  const other = createApiKey('portal').key;
  await serveOn(service.endpoint, {
    PORT: new URL(service.url).port,
    AUTH: 'api-key',
    API_KEYS: apiKeyEntry('portal', other),
  });
  return other;
}

/** Everything that outlives the page, and its address. */
const keptBy = async (page: Page) =>
  page.evaluate(() =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      history.state,
    ]),
  );

test('it asks for a key before anything is shown, and keeps it nowhere', async () => {
  const { key, page, field, give, complaints } = await start();
  await field.waitFor();
  expect(await page.getByText('soon01').count()).toBe(0);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'sign-in');
  await give(`  Bearer ${key} `);
  await page.getByText('soon01').waitFor();
  await page.getByRole('button', { name: 'portal' }).waitFor();
  expect(await keptBy(page)).not.toContain(key);
  expect(page.url()).toContain('#/certificates?status=EXPIRING');
  expect(complaints).toEqual([]);
  await page.reload();
  await field.waitFor();
  expect(await keptBy(page)).not.toContain(key);
});

test('what is wrong with a key stands where it was typed, and another one fixes it', async () => {
  const { key, page, give } = await start();
  const wrong = (text: string | RegExp) => page.getByText(text).first().waitFor();
  await give('');
  await wrong('The field is empty.');
  await give('two words');
  await wrong(/^This cannot be one: it has blanks/);
  await give(`${key}x`);
  await wrong(/^Not accepted \(401\): The credentials are not valid\. Request id: [\w-]{36}$/);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'sign-in-refused');
  await give(key);
  await page.getByText('soon01').waitFor();
});

test('while the service cannot be reached, the field says so', async () => {
  const { key, page, service, give } = await start();
  await service.stop();
  await give(key);
  await page.getByText('The service cannot be reached.').first().waitFor();
});

test('a key that is withdrawn is asked for again, and the person goes on where they were', async () => {
  const { key, page, service, field, give } = await start();
  await give(key);
  await page.getByText('soon01').waitFor();
  await failing(page, 'ClientCertificatesChanged'); // which else may be refused before the click
  const other = await withdraw(service);
  await page.getByRole('button', { name: 'Read again' }).click();
  await field.waitFor();
  expect(await page.getByText('soon01').isVisible()).toBe(true);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'sign-in-again');
  await give(other);
  await expect.poll(() => field.count()).toBe(0);
  await page.getByText('soon01').waitFor();
});

test('where a dialog is open, the field is not behind it, and what was to be saved is saved then', async () => {
  const { key, page, service, field, give } = await start();
  await give(key);
  await page.getByRole('link', { name: 'Soon', exact: true }).click();
  await page.getByRole('button', { name: 'Edit description' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill('Later');
  await failing(page, 'ClientCertificatesChanged'); // which else may be refused before the click
  const other = await withdraw(service);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await field.waitFor();
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await expectNoAxeViolations(page);
  await give(other);
  await page.getByRole('heading', { level: 1, name: 'Later' }).waitFor();
  await expect.poll(() => dialog.count()).toBe(0);
});

test.each([
  ['#/certificates', '50 certificates'],
  ['#/dangling-stages', '50 stages'],
])(
  'nor is it behind the preferences of the table at %s, which keep what is chosen there',
  async (hash, size) => {
    const { key, page, service, field, give } = await start(hash);
    await give(key);
    await page.getByRole('button', { name: 'portal' }).waitFor(); // who may read listens to changes
    await page.getByRole('button', { name: 'What the table shows' }).click();
    await page.getByLabel(size).check();
    const other = await withdraw(service); // the stream is refused
    await field.waitFor();
    await give(other);
    await expect.poll(() => field.count()).toBe(0);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await expect.poll(() => page.url()).toContain('size=50');
  },
);

test('who may only read sees what writes as not possible, and why', async () => {
  const { key, page, give } = await start('#/certificates', 'client-certificates:read');
  await give(key);
  const generate = page
    .getByRole('button', { name: 'Generate' })
    .or(page.getByRole('link', { name: 'Generate', disabled: true }));
  await page.getByText('soon01').waitFor();
  await expect.poll(() => generate.last().getAttribute('aria-disabled')).toBe('true');
});

test('who may not read gets the error of the service, with the scope that it takes', async () => {
  const { key, page, give } = await start('#/', 'client-certificates:write');
  await give(key);
  await page
    .getByText(/client-certificates:read/)
    .first()
    .waitFor();
  await page
    .getByText(/FORBIDDEN · Request id: /)
    .first()
    .waitFor();
  await expectNoAxeViolations(page);
});

test('the field fits into a window of 360 pixels', async () => {
  const { page } = await start();
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNoSidewaysScroll(page);
});
