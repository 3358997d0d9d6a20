import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { serveOn } from '../support/process.ts';
import { expiringIn, startPageService } from './page-service.ts';
import { openPage, startBrowser } from './support.ts';

const EXAMPLES = [expiringIn(3, { id: 'soon01', description: 'Soon' })];

async function start(hash = '#/') {
  const [service, browser] = await Promise.all([startPageService({ examples: EXAMPLES }), startBrowser()]);
  return { service, browser, ...(await openPage(browser, service, hash)) };
}

const isDark = async (page: Page) => page.evaluate(() => document.body.classList.contains('awsui-dark-mode'));

const choose = async (page: Page, mode: string) => {
  await page.getByRole('button', { name: 'Colours' }).click();
  await page.getByRole('menuitemcheckbox', { name: mode }).click();
};

test('the colours follow the system, and the switch, which the browser remembers', async () => {
  const { page } = await start();
  expect(await isDark(page)).toBe(false);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => isDark(page)).toBe(true);
  await choose(page, 'Light');
  await expect.poll(() => isDark(page)).toBe(false);
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await isDark(page)).toBe(false);
  await choose(page, 'As the system');
  await expect.poll(() => isDark(page)).toBe(true);
});

test('in a browser that keeps nothing, the page is there, and the colours hold until a reload', async () => {
  const [service, browser] = await Promise.all([startPageService({ examples: EXAMPLES }), startBrowser()]);
  await browser.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      },
    });
  });
  const { page, complaints } = await openPage(browser, service);
  await choose(page, 'Dark');
  await expect.poll(() => isDark(page)).toBe(true);
  expect(complaints).toEqual([]);
});

test('with the keyboard alone one goes from view to view, and the focus is at the beginning of each', async () => {
  const { page } = await start();
  await page.getByText('All clear').or(page.getByText('soon01')).first().waitFor();
  await page.getByRole('link', { name: 'All certificates' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^All certificates/ }).waitFor();
  await expect.poll(() => page.title()).toBe('All certificates · Certway');
  const focused = async () =>
    page.evaluate(() => document.activeElement?.querySelector('h1')?.textContent ?? '');
  await expect.poll(focused).toMatch(/^All certificates/);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Read again');
});

test('an address that there is not leads back, and the back button returns', async () => {
  const { page } = await start('#/nowhere/%E0%A4%A');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await page.getByRole('link', { name: 'What needs me' }).last().click();
  await page.getByRole('heading', { name: 'What needs me' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await page.goto(new URL('#/__proto__', page.url()).href);
  await page.getByRole('link', { name: 'Nothing here' }).waitFor();
});

test('when the service is gone, each view says so, and goes on when it is back', async () => {
  const { page, service } = await start('#/certificates');
  await page.getByText('soon01').waitFor();
  await service.stop();
  await page.getByRole('button', { name: 'Read again' }).click();
  await page.getByText(/^The service cannot be reached/).waitFor();
  await serveOn(service.endpoint, { PORT: new URL(service.url).port });
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.getByText('soon01').waitFor();
  await expect.poll(() => page.getByText(/^The service cannot be reached/).count()).toBe(0);
});

test('a page that is opened while the service is going says that it cannot be reached', async () => {
  const { page, browser, service } = await start();
  await page.close();
  const other = await browser.newPage();
  await other.route('**/page.json', (route) => route.abort());
  await other.goto(new URL('/', service.url).href);
  await other.getByText('The service cannot be reached').waitFor();
  await other.getByRole('button', { name: 'Try again' }).waitFor();
});
