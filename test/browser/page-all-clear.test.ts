import { expect, test } from 'vitest';
import { expiringIn, startPageService, untilStagesAreRead } from './page-service.ts';
import {
  expectNoAxeViolations,
  failing,
  holding,
  keepScreenshot,
  openPage,
  startBrowser,
  untilDrawn,
} from './support.ts';

/** With one certificate, which nobody needs to care about. */
const startFine = async (env?: Record<string, string>) =>
  Promise.all([startPageService({ examples: [expiringIn(100, { id: 'fine01' })] }, env), startBrowser()]);

test('where nothing is to be done, it says so, with the time', async () => {
  const [service, browser] = await startFine();
  await untilStagesAreRead(service.url);
  const { page } = await openPage(browser, service);
  await page.getByText('All clear', { exact: true }).waitFor();
  await page
    .getByText(/expires soon, and the certificate of every stage exists, at \d\d:\d\d:\d\d\./)
    .waitFor();
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'overview-all-clear');
});

test('while not all stages have been read, it says nothing of their certificates', async () => {
  const [service, browser] = await startFine({ STAGE_READS_PER_SECOND: '0' });
  const { page } = await openPage(browser, service);
  await page.getByText('All clear as far as is known', { exact: true }).waitFor();
  await page.getByText(/^No certificate has expired or expires soon, at \d\d:\d\d:\d\d\.$/).waitFor();
  await page.getByText('No stages have been read.').waitFor();
  await expectNoAxeViolations(page);
});

test('without any certificate it is all clear, and the table offers to generate one', async () => {
  const [service, browser] = await Promise.all([startPageService(), startBrowser()]);
  const { page } = await openPage(browser, service);
  await page.getByText('All clear').waitFor();
  await page.getByRole('link', { name: 'All certificates' }).first().click();
  await page.getByRole('link', { name: 'Generate one' }).waitFor();
});

test('where something could not be read, nothing says that all is clear', async () => {
  const [service, browser] = await startFine();
  await untilStagesAreRead(service.url);
  const { page } = await openPage(browser, service);
  const allClear = page.getByText(/^All clear/);
  await allClear.waitFor();
  await failing(page, 'Overview');
  await page.getByRole('button', { name: 'Read again' }).click();
  await page.getByText('AWS could not be read').waitFor();
  expect(await allClear.count()).toBe(0);
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await allClear.waitFor();
  await failing(page, 'DanglingStages');
  await page.getByRole('link', { name: 'All certificates' }).first().click();
  await page.getByRole('link', { name: 'fine01' }).waitFor();
  await page.goBack();
  await page.getByText('The stages could not be checked').waitFor();
  expect(await allClear.count()).toBe(0);
});

test('nor does it while that is read again', async () => {
  const [service, browser] = await startFine();
  await untilStagesAreRead(service.url);
  const { page } = await openPage(browser, service, '#/certificates');
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"operationName":"Overview"')) return route.continue();
    const { data } = await (await route.fetch()).json();
    return route.fulfill({ json: { data, errors: [{ message: 'One cannot be read' }] } });
  });
  await page.getByRole('link', { name: 'What needs me' }).first().click();
  await page.getByText('One cannot be read').waitFor();
  await page.unroute('**/graphql');
  const answer = await holding(page, 'Overview');
  await Promise.all([
    page.waitForRequest('**/graphql'),
    page.getByRole('button', { name: 'Read again' }).click(),
  ]);
  await untilDrawn(page);
  const allClear = page.getByText(/^All clear/);
  expect(await allClear.count()).toBe(0);
  answer();
  await allClear.waitFor();
});
