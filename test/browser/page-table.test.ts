import type { BrowserContext } from 'playwright-core';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { expiringIn, startPageService } from './page-service.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  keepScreenshot,
  openPage,
  startBrowser,
} from './support.ts';

const TEAM = { tags: { team: 'orders', environment: 'production' } };

const EXAMPLES = [
  expiringIn(-5, { id: 'gone01', description: 'Gone' }),
  expiringIn(3, { id: 'soon01', description: 'Soon', ...TEAM }),
  expiringIn(45, { id: 'late01', description: 'Afterwards', ...TEAM }),
  expiringIn(200, { id: 'fine01' }),
];

const MANY = Array.from({ length: 2000 }, (_, i) =>
  expiringIn(1 + (i % 360), { id: `m${String(i).padStart(5, '0')}`, description: `Backend ${i}` }),
);

/** Calls of the background would be counted, too. */
const QUIET = { STAGE_READS_PER_SECOND: '0' };

/** The table as a person reads it. */
async function openTable(
  browser: BrowserContext,
  service: { url: string },
  hash = '#/certificates',
  options = {},
) {
  const opened = await openPage(browser, service, hash, options);
  const { page } = opened;
  /** The first cells of the rows. */
  const names = async () =>
    page.getByRole('table').or(page.getByRole('grid')).getByRole('rowheader').allInnerTexts();
  return {
    ...opened,
    names,
    button: (name: string | RegExp) => page.getByRole('button', { name }),
    params: () => new URLSearchParams(page.url().split(/#[^?]*\??/)[1]),
  };
}

test('the soonest expiration is first, and each row leads to its certificate', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, QUIET),
    startBrowser(),
  ]);
  const { page, names, complaints, outside } = await openTable(browser, service);
  await expect.poll(names).toEqual(['Gone', 'Soon', 'Afterwards', 'fine01']);
  await page.getByRole('heading', { name: 'All certificates (4)' }).waitFor();
  const row = page.getByRole('row').filter({ hasText: 'Soon' });
  expect(await row.innerText()).toMatch(
    /Soon\s+Expiring\s+3\s+\d+ \w+ \d{4}\s+Unknown yet\s+environment: production\s+team: orders\s+soon01/,
  );
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'table');
  expect({ complaints, outside }).toEqual({ complaints: [], outside: [] });
  await page.getByRole('link', { name: 'Afterwards' }).click();
  await expect.poll(() => page.url()).toMatch(/#\/certificates\/[\w%=-]+$/);
});

test('filter, order and page size are in the address, so that a reload and the back button keep them', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, QUIET),
    startBrowser(),
  ]);
  const { page, names, params } = await openTable(browser, service);
  await expect.poll(names).toHaveLength(4);
  await page.getByRole('combobox', { name: 'Filter the certificates' }).fill('after');
  await page.keyboard.press('Enter');
  await expect.poll(names).toEqual(['Afterwards']);
  expect(params().get('descriptionContains')).toBe('after');
  await page.getByText('1 match').first().waitFor();
  await page.reload();
  await expect.poll(names).toEqual(['Afterwards']);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect.poll(names).toHaveLength(4);
  await page.getByRole('columnheader', { name: 'Description' }).getByRole('button').first().click();
  await expect.poll(names).toEqual(['Afterwards', 'Gone', 'Soon', 'fine01']);
  expect(Object.fromEntries(params())).toEqual({ orderBy: 'DESCRIPTION', direction: 'ASC' });
  await page.goBack();
  await expect.poll(names).toEqual(['Gone', 'Soon', 'Afterwards', 'fine01']);
});

test.for([
  ['status=EXPIRED,EXPIRING', ['Gone', 'Soon'], 'Status = Expired, Expiring'],
  ['tag=team%3Dorders&tag=environment', ['Soon', 'Afterwards'], 'Tag = team=orders'],
  ['usage=UNKNOWN&status=VALID', ['Afterwards', 'fine01'], 'Usage = Unknown'],
  ['descriptionContains=SOO', ['Soon'], 'Description : SOO'],
  ['status=VALID&orderBy=CREATED_DATE&direction=DESC', ['fine01', 'Afterwards'], 'Status = Valid'],
] as const)(
  'an address with %s has a filter of the API, and its tokens',
  async ([query, expected, token]) => {
    const [service, browser] = await Promise.all([
      startPageService({ examples: EXAMPLES }, QUIET),
      startBrowser(),
    ]);
    const { page, names } = await openTable(browser, service, `#/certificates?${query}`);
    await expect.poll(names).toEqual(expected);
    await expect
      .poll(async () => (await page.locator('body').innerText()).replaceAll(/\s+/g, ' '))
      .toContain(token);
  },
);

test('a status and a tag can be chosen with the keyboard alone', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, QUIET),
    startBrowser(),
  ]);
  const { page, names, params } = await openTable(browser, service);
  await expect.poll(names).toHaveLength(4);
  const field = page.getByRole('combobox', { name: 'Filter the certificates' });
  await field.fill('Tag = team=orders');
  await page.keyboard.press('Enter');
  await expect.poll(names).toEqual(['Soon', 'Afterwards']);
  expect(params().getAll('tag')).toEqual(['team=orders']);
});

test('a wrong date in the address is a complaint of the API, with the request id', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, QUIET),
    startBrowser(),
  ]);
  const { page } = await openTable(browser, service, '#/certificates?expiresAfter=yesterday');
  await page.getByText('The certificates could not be read').waitFor();
  await page
    .getByText(/Request id: [\w-]{36}/)
    .first()
    .waitFor();
  await page.getByText('They are not known now.').first().waitFor();
  expect(await page.getByText(/No certificate matches|There is no certificate/).count()).toBe(0);
  await expectNoAxeViolations(page);
});

test('2,000 certificates are read by four calls, and walked page by page, forth and back', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: MANY }, { ...QUIET, CACHE_TTL_MS: '600000' }),
    startBrowser(),
  ]);
  const { page, names, button, params } = await openTable(browser, service);
  await expect.poll(names, { timeout: 60_000 }).toHaveLength(25);
  await page.getByRole('heading', { name: 'All certificates (2,000)' }).waitFor();
  const first = await names();
  await button('Next page').click();
  await expect.poll(async () => (await names())[0]).not.toBe(first[0]);
  const second = await names();
  expect(second).toHaveLength(25);
  expect(params().has('after')).toBe(true);
  await button('Next page').click();
  await expect.poll(async () => (await names())[0]).not.toBe(second[0]);
  await button('Previous page').click();
  await expect.poll(names).toEqual(second);
  expect(params().has('before')).toBe(true);
  await page.reload();
  await expect.poll(names).toEqual(second);
  await button('First page').click();
  await expect.poll(names).toEqual(first);
  await page.goto(`${page.url().split('#')[0]}#/certificates?size=100&status=VALID`);
  await expect.poll(names).toHaveLength(100);
  await page.getByRole('link', { name: 'What needs me' }).first().click();
  await page.getByRole('heading', { name: 'Expired or expiring, and not known to be used (50+)' }).waitFor();
  expect(service.calls).toEqual(Array.from({ length: 4 }, () => 'GetClientCertificates'));
  await keepScreenshot(page, 'overview-many');
});

test('with several regions there is a column and a filter for them, and one that is down is named', async () => {
  const accountId = '123456789012';
  const [service, browser] = await Promise.all([
    startPageService(
      {
        accountRegions: [
          { accountId, region: 'us-east-1', examples: EXAMPLES },
          {
            accountId,
            region: 'eu-central-1',
            examples: [expiringIn(9, { id: 'euro01', description: 'Euro' })],
          },
        ],
      },
      { ...QUIET, AWS_REGIONS: 'us-east-1,eu-central-1', CACHE_TTL_MS: '0', CACHE_STALE_MS: '0' },
    ),
    startBrowser(),
  ]);
  const { page, names, button } = await openTable(browser, service, '#/certificates?regions=eu-central-1');
  await expect.poll(names).toEqual(['Euro']);
  await page.getByRole('columnheader', { name: 'Region' }).waitFor();
  await button('Clear filters').click();
  await expect.poll(names).toEqual(['Gone', 'Soon', 'Euro', 'Afterwards', 'fine01']);
  service.fail((_, __, { region }) =>
    region === 'eu-central-1'
      ? { kind: 'error', error: new AwsError(403, 'AccessDeniedException', 'No') }
      : undefined,
  );
  await button('Read again').click();
  await page.getByText('One region cannot be read').waitFor();
  await expect.poll(names).toEqual(['Gone', 'Soon', 'Afterwards', 'fine01']);
  await page.getByRole('heading', { name: 'All certificates', exact: true }).waitFor(); // without a number
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'table-one-region-down');
});

test('it fits into a window of 360 pixels', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, QUIET),
    startBrowser(),
  ]);
  const { page, names } = await openTable(browser, service, '#/certificates?status=EXPIRING,VALID', {
    width: 360,
  });
  await expect.poll(names).toHaveLength(3);
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'table-narrow');
});

test('the preferences of the table are in the address, and can be closed by the keyboard', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, QUIET),
    startBrowser(),
  ]);
  const { page, names, button, params } = await openTable(browser, service);
  await expect.poll(names).toHaveLength(4);
  await button(/Preferences|What the table shows/).click();
  await page.getByLabel('50 certificates').check();
  await expectNoAxeViolations(page);
  await button('Confirm').click();
  await expect.poll(() => params().get('size')).toBe('50');
});
