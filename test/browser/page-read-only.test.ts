import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { openCertificate } from './certificate-page.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  keepScreenshot,
  type PageOptions,
} from './support.ts';

/** The view of a certificate, for who may only read. */
async function openAsReader(options: PageOptions = {}) {
  const { key } = createApiKey('reader');
  const API_KEYS = apiKeyEntry('reader', key, 'client-certificates:read');
  const opened = await openCertificate('Payments backend', options, { AUTH: 'api-key', API_KEYS });
  const { page, button, enter } = opened;
  await page.getByLabel('API key').fill(key);
  await button('Continue').click();
  await enter();
  return opened;
}

test('who may only read sees why nothing can be changed', async () => {
  const { page, button } = await openAsReader();
  for (const name of ['Edit description', 'Delete', 'Save tags']) {
    expect([name, await button(name).isDisabled()]).toEqual([name, true]);
    await button(name).hover({ force: true });
    await button(name).focus();
    await expectNoAxeViolations(page);
  }
  await page.getByText('takes the scope client-certificates:write').waitFor();
  await keepScreenshot(page, 'certificate-read-only');
});

test('so it is in each view that changes something', async () => {
  const { page, complaints } = await openAsReader({ width: 360 });
  const why = (scopes: string) => page.getByText(`takes the ${scopes}`);
  await page.getByRole('link', { name: 'Replace', exact: true }).click();
  await why('scopes client-certificates:write and stages:write').waitFor();
  const generate = page.getByRole('main').getByRole('link', { name: 'Generate', exact: true });
  await generate.hover({ force: true });
  await generate.focus();
  await expectNoAxeViolations(page);
  await expectNoSidewaysScroll(page);
  await page.evaluate(() => window.location.assign('#/generate'));
  await why('scope client-certificates:write').waitFor();
  await page.getByLabel('Description').press('Enter');
  await page.getByRole('button', { name: 'Generate', exact: true }).hover({ force: true });
  await expectNoAxeViolations(page);
  await page.evaluate(() => window.location.assign('#/certificates'));
  await page.getByRole('heading', { level: 1, name: 'All certificates' }).waitFor();
  await why('scope client-certificates:write').waitFor();
  await expectNoAxeViolations(page);
  expect(complaints).toEqual([]);
});

test('where it is not known what one may do, it says so, and asks once more', async () => {
  const { page, button } = await openCertificate('Payments backend');
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('"operationName":"Viewer"') ? route.abort() : route.continue(),
  );
  await page.reload();
  await page.getByText('It is not known what you may do').waitFor();
  await expectNoAxeViolations(page);
  expect(await button('Delete').isDisabled()).toBe(true);
  await page.unroute('**/graphql');
  await button('Try again').click();
  await expect.poll(() => button('Delete').isDisabled()).toBe(false);
  expect(await page.getByText('It is not known what you may do').count()).toBe(0);
});
