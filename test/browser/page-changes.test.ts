import { GenerateClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { serveOn } from '../support/process.ts';
import { expiringIn, startPageService } from './page-service.ts';
import { openPage, startBrowser } from './support.ts';

const SOON = { SUBSCRIPTION_REFRESH_MS: '1000' };

const EXAMPLES = [expiringIn(3, { id: 'soon01', description: 'Soon' })];

async function start(hash: string) {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, SOON),
    startBrowser(),
  ]);
  const opened = await openPage(browser, service, hash);
  const metricsUrl = new URL('/metrics', service.url);
  return {
    service,
    ...opened,
    /** Another client, without the service. */
    generate: async (description: string) =>
      service.client.send(new GenerateClientCertificateCommand({ description })),
    listening: async () => /^certway_subscriptions (\d+)$/m.exec(await (await fetch(metricsUrl)).text())?.[1],
  };
}

/** The first cells of the rows. */
const names = (page: Page) => async () =>
  page.getByRole('table').or(page.getByRole('grid')).getByRole('rowheader').allInnerTexts();

test('what another client has generated appears in the table, without a reload', async () => {
  const { page, generate, listening, complaints } = await start('#/certificates');
  await expect.poll(names(page)).toEqual(['Soon']);
  await expect.poll(listening).toBe('1');
  await generate('From elsewhere');
  await expect.poll(names(page)).toEqual(['Soon', 'From elsewhere']);
  await page.getByRole('heading', { name: 'All certificates (2)' }).waitFor();
  expect(complaints).toEqual([]);
});

test('what has changed while the service was away appears once it is back', async () => {
  const { page, service, generate, listening } = await start('#/certificates');
  await expect.poll(names(page)).toEqual(['Soon']);
  await expect.poll(listening).toBe('1');
  expect(await service.stop()).toMatchObject({ code: 0 });
  await generate('Meanwhile');
  await serveOn(service.endpoint, { ...SOON, PORT: new URL(service.url).port });
  await expect.poll(names(page)).toEqual(['Soon', 'Meanwhile']);
});

test('a page that cannot be seen does not listen, and reads what it has missed', async () => {
  const { page, generate, listening } = await start('#/certificates');
  await expect.poll(names(page)).toEqual(['Soon']);
  await expect.poll(listening).toBe('1');
  const beHidden = (isHidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await beHidden(true);
  await expect.poll(listening).toBe('0');
  await generate('Unseen');
  await beHidden(false);
  await expect.poll(names(page)).toEqual(['Soon', 'Unseen']);
});
