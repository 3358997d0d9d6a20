import { mkdir, writeFile } from 'node:fs/promises';
import type { BrowserContext } from 'playwright-core';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { RestApiSeed } from '../../src/emulator/seeds.ts';
import { emptyFolder } from '../support/process.ts';
import { startPageService, untilStagesAreRead } from './page-service.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  keepScreenshot,
  openPage,
  startBrowser,
} from './support.ts';

const DENIED = {
  kind: 'error',
  error: new AwsError(403, 'AccessDeniedException', 'User is not authorized to perform this action'),
} as const;

/** APIs with nine stages each, all of which name certificates that do not exist. */
const apisOf = (count: number): RestApiSeed[] =>
  Array.from({ length: count }, (_, api) => ({
    id: `api${api}`,
    name: `API ${api}`,
    stages: Array.from({ length: 9 }, (_, i) => ({
      stageName: `s${i}`,
      clientCertificateId: `gone${api}${i}`,
    })),
  }));

/** All names, in the order of their ARNs. */
const namesOf = (apis: RestApiSeed[]): string[] =>
  apis.flatMap(({ name, stages = [] }) => stages.map(({ stageName }) => `${name} / ${stageName}`));

const MANY = apisOf(7);
const NAMES = namesOf(MANY);

async function openStages(browser: BrowserContext, service: { url: string }, hash: string, options = {}) {
  const opened = await openPage(browser, service, hash, options);
  const { page } = opened;
  return {
    ...opened,
    names: async () =>
      page.getByRole('table').or(page.getByRole('grid')).getByRole('rowheader').allInnerTexts(),
    button: (name: string | RegExp) => page.getByRole('button', { name }),
    params: () => Object.fromEntries(new URLSearchParams(page.url().split(/#[^?]*\??/)[1])),
  };
}

test('with more dangling stages than the overview shows, it counts them, and leads to all of them, page by page', async () => {
  const [service, browser] = await Promise.all([startPageService({ restApis: MANY }), startBrowser()]);
  await untilStagesAreRead(service.url);
  const opened = await openStages(browser, service, '#/');
  const { page, names, button, params, complaints, outside } = opened;
  await page.getByRole('heading', { name: 'Stages whose certificate does not exist (63)' }).waitFor();
  const list = page.getByRole('list', { name: 'Stages whose certificate does not exist' });
  expect(await list.getByRole('listitem').count()).toBe(10);
  await page.getByRole('link', { name: 'All of them' }).click();
  await page
    .getByRole('heading', { level: 1, name: 'Stages whose certificate does not exist (63)' })
    .waitFor();
  await expect.poll(names).toEqual(NAMES.slice(0, 25));
  expect(await page.getByRole('row').nth(1).innerText()).toMatch(
    /^API 0 \/ s0\s+gone00 does not exist\s+api0\s+\d+ \w+ \d{4}, [\d:]+ UTC$/,
  );
  expect(await button('Previous page').isDisabled()).toBe(true);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'dangling-stages');
  await button('Next page').click();
  await expect.poll(names).toEqual(NAMES.slice(25, 50));
  await page.reload();
  await expect.poll(names).toEqual(NAMES.slice(25, 50));
  await button('Next page').click();
  await expect.poll(names).toEqual(NAMES.slice(50));
  expect(await button('Next page').isDisabled()).toBe(true);
  await button('Previous page').click();
  await expect.poll(names).toEqual(NAMES.slice(25, 50));
  expect(params()).toEqual({ before: expect.any(String) });
  await page.goBack();
  await expect.poll(names).toEqual(NAMES.slice(50));
  await button('First page').click();
  await expect.poll(names).toEqual(NAMES.slice(0, 25));
  expect({ complaints, outside }).toEqual({ complaints: [], outside: [] });
});

test('the size of a page is in the address, and a page that is there no more leads to the first one', async () => {
  const [service, browser] = await Promise.all([startPageService({ restApis: MANY }), startBrowser()]);
  await untilStagesAreRead(service.url);
  const { page, names, button, params } = await openStages(browser, service, '#/dangling-stages?size=50');
  await expect.poll(names).toEqual(NAMES.slice(0, 50));
  await button(/Preferences|What the table shows/).click();
  await page.getByLabel('100 stages').check();
  await button('Confirm').click();
  await expect.poll(names).toEqual(NAMES);
  expect(params()).toEqual({ size: '100' });
  await page.evaluate(() => {
    window.location.hash = '#/dangling-stages?after=nonsense';
  });
  await page.getByText('The stages could not be checked').waitFor();
  await button('Try again').click();
  await expect.poll(names).toEqual(NAMES.slice(0, 25));
});

test('where every stage has its certificate, it says so, also in a window of 360 pixels', async () => {
  const [service, browser] = await Promise.all([startPageService(), startBrowser()]);
  await untilStagesAreRead(service.url);
  const { page } = await openStages(browser, service, '#/dangling-stages', {
    width: 360,
    colorScheme: 'dark',
  });
  await page.getByText('The certificate of every stage that has been read exists.').first().waitFor();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});

const ACCOUNT_ID = '123456789012';

/** The settings for one account that has a name. */
async function namedAccount(): Promise<Record<string, string>> {
  const HOME = await emptyFolder();
  await mkdir(`${HOME}/.aws`);
  const keys = `[prod]\naws_access_key_id = ${ACCOUNT_ID}\naws_secret_access_key = any\n`;
  await writeFile(`${HOME}/.aws/credentials`, keys);
  return { HOME, ACCOUNTS: 'prod' };
}

test.each(['without a name', 'with one'])(
  'a region of an account %s that cannot be read is named, and the stages of the others are there, with their region',
  async (which) => {
    const [service, browser] = await Promise.all([
      startPageService(
        { accountRegions: [{ accountId: ACCOUNT_ID, region: 'us-east-1', restApis: apisOf(1) }] },
        { AWS_REGIONS: 'us-east-1,eu-central-1', ...(which === 'with one' && (await namedAccount())) },
      ),
      startBrowser(),
    ]);
    service.fail((_, __, { region }) => (region === 'eu-central-1' ? DENIED : undefined));
    const { page, names } = await openStages(browser, service, '#/dangling-stages');
    await page.getByText('One region cannot be read').waitFor();
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: 'Read again' }).click();
        return names();
      })
      .toEqual(namesOf(apisOf(1)));
    expect(await page.getByRole('row').nth(1).innerText()).toMatch(/us-east-1$/);
    await expectNoAxeViolations(page);
  },
);

test('while AWS throttles, it says so, and reads again when asked to', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ restApis: apisOf(1) }, { CACHE_STALE_MS: '0', CACHE_TTL_MS: '1' }),
    startBrowser(),
  ]);
  await untilStagesAreRead(service.url);
  const error = new AwsError(429, 'TooManyRequestsException', 'Too Many Requests');
  service.fail(() => ({ kind: 'error', error }));
  const { page, names, button } = await openStages(browser, service, '#/dangling-stages');
  await page
    .getByText(/THROTTLED · Request id: [\w-]{36}/)
    .first()
    .waitFor();
  await page.getByText('It is not known now.').first().waitFor();
  expect(await page.getByText('The certificate of every stage').count()).toBe(0);
  service.fail(() => undefined);
  await expect
    .poll(async () => {
      const again = button('Try again').first();
      if (await again.isVisible()) await again.click();
      return names();
    })
    .toEqual(namesOf(apisOf(1)));
});
