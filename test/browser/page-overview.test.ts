import type { BrowserContext } from 'playwright-core';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import type { RestApiSeed } from '../../src/emulator/seeds.ts';
import { expiringIn, startPageService, untilStagesAreRead } from './page-service.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  keepScreenshot,
  NO_STREAMS,
  openPage,
  startBrowser,
} from './support.ts';

const THROTTLED = {
  kind: 'error',
  error: new AwsError(429, 'TooManyRequestsException', 'Too Many Requests'),
} as const;
const DENIED = {
  kind: 'error',
  error: new AwsError(403, 'AccessDeniedException', 'User is not authorized to perform this action'),
} as const;

const EXAMPLES = [
  expiringIn(-5, { id: 'gone01', description: 'Gone and used' }),
  expiringIn(3, { id: 'soon01', description: 'Soon and used' }),
  expiringIn(2, { id: 'soon02', description: 'Soon and not used' }),
  expiringIn(45, { id: 'late01', description: 'Late and used' }),
  expiringIn(200, { id: 'fine01', description: 'Fine' }),
];

const API: RestApiSeed = {
  id: 'orders0001',
  name: 'Orders',
  stages: [
    { stageName: 'prod', clientCertificateId: 'soon01' },
    { stageName: 'old', clientCertificateId: 'gone01' },
    { stageName: 'test', clientCertificateId: 'late01' },
    { stageName: 'legacy', clientCertificateId: 'nobody' },
  ],
};

/** The overview as a person reads it. */
async function openOverview(browser: BrowserContext, service: { url: string }, options = {}) {
  const opened = await openPage(browser, service, '#/', options);
  const { page } = opened;
  const list = (name: string) => page.getByRole('list', { name }).getByRole('listitem');
  return {
    ...opened,
    used: list('Expired or expiring, and in use'),
    others: list('Expired or expiring, and not known to be used'),
    dangling: list('Stages whose certificate does not exist'),
    months: page.getByRole('link', { name: /certificates?, \d+ known to be in use$/ }),
  };
}

test('it lists what is in use first, the soonest first, then dangling stages, then the rest', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES, restApis: [API] }),
    startBrowser(),
  ]);
  await untilStagesAreRead(service.url);
  const { page, used, others, dangling, complaints, outside } = await openOverview(browser, service);
  await expect
    .poll(() => used.allInnerTexts())
    .toEqual([
      expect.stringMatching(/Gone and used[\s\S]*Replace[\s\S]*expired 5 days ago[\s\S]*gone01 · 1 stage$/),
      expect.stringMatching(/Soon and used[\s\S]*Replace[\s\S]*expires in 3 days[\s\S]*soon01 · 1 stage$/),
    ]);
  await expect
    .poll(() => dangling.allInnerTexts())
    .toEqual([expect.stringMatching(/Orders \/ legacy[\s\S]*nobody/)]);
  expect(await others.allInnerTexts()).toEqual([expect.stringMatching(/Soon and not used[\s\S]*Not used$/)]);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'overview');
  expect({ complaints, outside }).toEqual({ complaints: [], outside: [] });
});

test('twelve bars count what expires when, and each leads to the table of its certificates', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES, restApis: [API] }),
    startBrowser(),
  ]);
  await untilStagesAreRead(service.url);
  const { page, months } = await openOverview(browser, service);
  await expect.poll(() => months.count()).toBe(12);
  const names = await months.evaluateAll((links) => links.map((link) => link.textContent ?? ''));
  const counts = names.map((name) => Number(/: (\d+) cert/.exec(name)?.[1]));
  expect(counts.reduce((sum, number) => sum + number, 0)).toBe(4);
  expect(names[0]).toMatch(/: 2 certificates, 1 known to be in use/);
  await months.nth(1).click();
  await expect
    .poll(() => page.getByRole('row').allInnerTexts())
    .toEqual([expect.stringContaining('Description'), expect.stringContaining('Late and used')]);
  await page.goBack();
  await expect.poll(() => months.count()).toBe(12);
});

test('two visits within the time for which answers are reused cost one read of AWS', async () => {
  const [service, browser] = await Promise.all([
    startPageService(
      { examples: EXAMPLES },
      { CACHE_TTL_MS: '600000', STAGE_READS_PER_SECOND: '0', ...NO_STREAMS },
    ),
    startBrowser(),
  ]);
  for (const visit of ['first', 'second']) {
    const { page, months } = await openOverview(browser, service);
    await expect.poll(() => months.count(), { message: visit }).toBe(12);
    await page.getByRole('link', { name: 'All certificates' }).first().click();
    await page.getByText('fine01').waitFor();
    await page.waitForLoadState('networkidle');
  }
  expect(service.calls).toEqual(['GetClientCertificates']);
});

test('a region that cannot be read is named, and does not hide the others', async () => {
  const accountId = '123456789012';
  const [service, browser] = await Promise.all([
    startPageService(
      { accountRegions: [{ accountId, region: 'us-east-1', examples: EXAMPLES }] },
      { AWS_REGIONS: 'us-east-1,eu-central-1', STAGE_READS_PER_SECOND: '0' },
    ),
    startBrowser(),
  ]);
  service.fail((_, __, { region }) => (region === 'eu-central-1' ? DENIED : undefined));
  const { page, others, months } = await openOverview(browser, service);
  await page.getByText('One region cannot be read').waitFor();
  await page.getByText(/UPSTREAM_DENIED, since /).waitFor();
  const ofThisRegion = expect.stringMatching(/ · us-east-1$/);
  expect(await others.allInnerTexts()).toEqual([ofThisRegion, ofThisRegion, ofThisRegion]);
  await expect.poll(() => months.count()).toBe(12);
  expect(await page.getByText('All clear').count()).toBe(0);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'overview-one-region-down');
});

test('while AWS throttles, it says so with the request id, and reads again when asked to', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, { STAGE_READS_PER_SECOND: '0' }),
    startBrowser(),
  ]);
  service.fail(() => THROTTLED);
  const { page, others } = await openOverview(browser, service);
  await page.getByText('AWS could not be read').waitFor();
  await page
    .getByText(/THROTTLED · Request id: [\w-]{36}/)
    .first()
    .waitFor();
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'overview-throttled');
  service.fail(() => undefined);
  await expect
    .poll(async () => {
      const again = page.getByRole('button', { name: 'Try again' }).first();
      if (await again.isVisible()) await again.click();
      return others.count();
    })
    .toBe(3);
});

test('an answer that stands in for AWS is said to be old', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, { STAGE_READS_PER_SECOND: '0', CACHE_TTL_MS: '1' }),
    startBrowser(),
  ]);
  const { page, others } = await openOverview(browser, service);
  await expect.poll(() => others.count()).toBe(3);
  service.fail(() => THROTTLED);
  await page.getByRole('button', { name: 'Read again' }).click();
  await page.getByText('AWS does not answer now').waitFor();
  await page.getByText(/This is what it said at \d\d:\d\d:\d\d\./).waitFor();
  expect(await others.count()).toBe(3);
  await expectNoAxeViolations(page);
});

test('while AWS is slow, the page says that it reads', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES }, { STAGE_READS_PER_SECOND: '0' }),
    startBrowser(),
  ]);
  const { promise: until, resolve } = Promise.withResolvers<void>();
  service.fail(() => ({ kind: 'held', until }));
  const { page, others } = await openOverview(browser, service);
  await page.getByRole('status', { name: 'Reading the certificates' }).waitFor();
  await expectNoAxeViolations(page);
  resolve();
  await expect.poll(() => others.count()).toBe(3);
});

test('it fits into a window of 360 pixels', async () => {
  const [service, browser] = await Promise.all([
    startPageService({ examples: EXAMPLES, restApis: [API] }),
    startBrowser(),
  ]);
  await untilStagesAreRead(service.url);
  const { page, months } = await openOverview(browser, service, { width: 360, colorScheme: 'dark' });
  await expect.poll(() => months.count()).toBe(12);
  await expectNoSidewaysScroll(page);
  await keepScreenshot(page, 'overview-narrow');
});
