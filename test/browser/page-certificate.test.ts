import { readFile } from 'node:fs/promises';
import { DeleteClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { AwsError } from '../../src/emulator/errors.ts';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { expiringIn, startPageService, untilStagesAreRead } from './page-service.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  keepScreenshot,
  openPage,
  type PageOptions,
  startBrowser,
} from './support.ts';

const SEEDS: EmulatorOptions = {
  examples: [
    expiringIn(12, { id: 'used01', description: 'Payments backend', tags: { team: 'payments', old: 'x' } }),
    expiringIn(200, { id: 'free01', description: 'Nobody uses it' }),
  ],
  restApis: [
    { id: 'orders0001', name: 'Orders', stages: [{ stageName: 'prod', clientCertificateId: 'used01' }] },
  ],
};

/** The view of the certificate with this name, as a person comes there. */
async function openCertificate(name: string, options: PageOptions = {}, env: Record<string, string> = {}) {
  const [service, browser] = await Promise.all([startPageService(SEEDS, env), startBrowser()]);
  if (!env['AUTH']) await untilStagesAreRead(service.url);
  const opened = await openPage(browser, service, '#/certificates', options);
  const { page } = opened;
  const enter = async () => {
    await page.getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('heading', { name: 'What backends have to trust' }).waitFor();
  };
  if (!env['AUTH']) await enter();
  const button = (text: string) => page.getByRole('button', { name: text, exact: true });
  return { service, enter, button, ...opened };
}

test('a certificate is shown with its stages, its fingerprints and the bundle, and can be downloaded', async () => {
  const { page, complaints, outside } = await openCertificate('Payments backend');
  await page.getByText(/expires in 1[12] days/).waitFor();
  expect(await page.getByRole('list', { name: 'Stages that use it' }).innerText()).toMatch(/Orders \/ prod/);
  await page.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/).waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the PEM of the certificate' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('used01.pem');
  const pem = await readFile(await download.path(), 'utf8');
  expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n$/);
  const bundle = page.getByRole('region', { name: 'the trust bundle for nginx' });
  await expect
    .poll(() => bundle.innerText())
    .toMatch(/client_certificate_is_trusted[\s\S]*used01[\s\S]*free01/);
  await page.getByLabel('Backend').click();
  await page.getByRole('option', { name: 'ALB' }).click();
  await page.getByText('AWS does not document that it accepts').waitFor();
  await keepScreenshot(page, 'certificate');
  await expectNoAxeViolations(page);
  expect([complaints, outside]).toEqual([[], []]);
});

test('on a narrow screen nothing scrolls sideways', async () => {
  const { page } = await openCertificate('Payments backend', { width: 360 });
  await expectNoSidewaysScroll(page);
  await keepScreenshot(page, 'certificate-narrow');
});

test('tags are added, changed and removed, and only that is sent', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  await page.getByLabel('Value of tag 2').fill('platform');
  await page.getByRole('button', { name: 'Remove the tag old' }).click();
  await button('Add a tag').click();
  await page.getByLabel('Key of tag 2').fill('team');
  await page.getByText('This key is there twice.').first().waitFor();
  await expect.poll(() => button('Save tags').isDisabled()).toBe(true);
  await page.getByLabel('Key of tag 2').fill('stage');
  await page.getByLabel('Value of tag 2').fill('bad#value');
  await button('Save tags').click();
  await page.getByText('The tags were not saved').waitFor();
  await expectNoAxeViolations(page);
  await page.getByLabel('Value of tag 2').fill('prod');
  service.calls.length = 0;
  await button('Save tags').click();
  await expect
    .poll(() => service.calls.filter((call) => /tagResource/i.test(call)).toSorted())
    .toEqual(['TagResource', 'UntagResource']);
  await page.reload();
  await expect.poll(() => page.getByLabel('Value of tag 1').inputValue()).toBe('prod');
});

test('the description is changed, and a complaint stands at its field', async () => {
  const { page, button } = await openCertificate('Payments backend');
  await button('Edit description').click();
  const field = page.getByRole('dialog').getByLabel('Description');
  await field.fill('x'.repeat(1025));
  await button('Save').click();
  await page.getByRole('dialog').getByText(/1024/).nth(1).waitFor();
  await expectNoAxeViolations(page);
  await field.fill('Orders backend');
  await button('Save').click();
  await page.getByRole('heading', { level: 1, name: 'Orders backend' }).waitFor();
});

test('a certificate that is used is deleted only by those who say so twice', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  await button('Delete').click();
  const typed = page.getByLabel('Type used01 to delete it');
  await typed.fill('used0');
  await expect.poll(() => button('Delete it').isDisabled()).toBe(true);
  await typed.fill('used01');
  await button('Delete it').click();
  const dialog = page.getByRole('dialog');
  await expect
    .poll(() => dialog.getByRole('list', { name: 'Stages that use it' }).innerText())
    .toMatch(/Orders \/ prod/);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'certificate-in-use');
  await dialog.getByText('Delete it all the same').click();
  await button('Delete although it may be used').click();
  await expect.poll(() => service.calls.includes('DeleteClientCertificate')).toBe(true);
});

test('a certificate that nobody uses is deleted, and the table has it no more', async () => {
  const { page, button } = await openCertificate('Nobody uses it');
  await button('Delete').click();
  await page.getByLabel('Type free01 to delete it').fill('free01');
  await button('Delete it').click();
  await page.getByRole('heading', { level: 1, name: 'All certificates' }).waitFor();
  await page.getByText('Payments backend').first().waitFor();
  await expect.poll(() => page.getByText('Nobody uses it').count()).toBe(0);
});

test('one that someone else deletes meanwhile says so, and so does a wrong address', async () => {
  const { page, service } = await openCertificate('Nobody uses it');
  await service.client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'free01' }));
  await page.reload();
  await page.getByText('There is no such certificate').waitFor({ timeout: 30_000 });
  await expectNoAxeViolations(page);
});

test('what AWS throttles says so where it was tried, with a request id', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  const error = new AwsError(429, 'TooManyRequestsException', 'Too Many Requests');
  service.fail((operation) => (operation === 'TagResource' ? { kind: 'error', error } : undefined));
  await page.getByLabel('Value of tag 2').fill('platform');
  await button('Save tags').click();
  await page.getByText(/Request id: \S+/).waitFor({ timeout: 60_000 });
  expect(await page.getByLabel('Value of tag 2').inputValue()).toBe('platform');
});

test('who may only read sees why nothing can be changed', async () => {
  const { key } = createApiKey('reader');
  const API_KEYS = apiKeyEntry('reader', key, 'client-certificates:read');
  const { page, enter, button } = await openCertificate(
    'Payments backend',
    {},
    { AUTH: 'api-key', API_KEYS },
  );
  await page.getByLabel('API key').fill(key);
  await button('Continue').click();
  await enter();
  for (const name of ['Edit description', 'Delete', 'Save tags'])
    expect([name, await button(name).getAttribute('aria-disabled')]).toEqual([name, 'true']);
  await expectNoAxeViolations(page);
});
