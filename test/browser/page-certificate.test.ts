import { readFile } from 'node:fs/promises';
import { DeleteClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { openCertificate } from './certificate-page.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  failing,
  holding,
  keepScreenshot,
  untilDrawn,
} from './support.ts';

const bundleAsked = async (page: Page) =>
  page.waitForRequest((request) => request.postData()?.includes('"operationName":"Bundle"') === true);

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

test('until a bundle is there, none of another backend or an earlier visit is shown in its place', async () => {
  const { page } = await openCertificate('Payments backend');
  const file = (backend: string) => page.getByRole('region', { name: `the trust bundle for ${backend}` });
  await file('nginx').waitFor();
  const answerFirst = await holding(page, 'Bundle');
  await page.getByLabel('Backend').click();
  await Promise.all([bundleAsked(page), page.getByRole('option', { name: 'ALB' }).click()]);
  await page.getByText('AWS does not document that it accepts').waitFor();
  expect(await file('nginx').or(file('ALB')).count()).toBe(0);
  answerFirst();
  await expect.poll(() => file('ALB').innerText()).toMatch(/^-----BEGIN CERTIFICATE-----/m);
  const answer = await holding(page, 'Bundle');
  await page.getByRole('link', { name: 'All certificates' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'All certificates' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'What backends have to trust' }).waitFor();
  expect(await file('nginx').count()).toBe(0);
  answer();
  await file('nginx').waitFor();
});

test('while a bundle is made anew, since certificates have changed, it says so', async () => {
  const { page, button } = await openCertificate('Payments backend');
  const [known, anew] = [page.getByText('SHA-256 of the bundle'), page.getByText('the bundle is made anew')];
  await known.waitFor();
  const answer = await holding(page, 'Bundle');
  await page.getByLabel('Value of tag 2').fill('platform');
  await button('Save tags').click();
  await anew.waitFor();
  expect(await known.count()).toBe(0);
  await expectNoAxeViolations(page);
  answer();
  await known.waitFor();
  expect(await anew.count()).toBe(0);
});

test('no bundle of an earlier visit is shown while it is asked for once more after a failure', async () => {
  const { page, button } = await openCertificate('Payments backend');
  const bundle = page.getByRole('region', { name: 'the trust bundle for nginx' });
  await bundle.waitFor();
  await failing(page, 'Bundle');
  await page.getByRole('link', { name: 'All certificates' }).first().click();
  await page.getByRole('link', { name: 'Payments backend', exact: true }).click();
  await page.getByText('The bundle could not be made').waitFor();
  await page.unroute('**/graphql');
  const answer = await holding(page, 'Bundle');
  await Promise.all([bundleAsked(page), button('Try again').click()]);
  await untilDrawn(page);
  expect(await bundle.count()).toBe(0);
  answer();
  await bundle.waitFor();
});

test('one that cannot be read again is as old as when it was read, and not as the one that was read last', async () => {
  const { page, service } = await openCertificate('Payments backend', {}, { CACHE_TTL_MS: '1' });
  const [address, old] = [page.url(), page.getByText('AWS does not answer now')];
  await page.getByText(/^Read at/).waitFor();
  expect(await old.count()).toBe(0);
  service.fail(() => ({ kind: 'error', error: new AwsError(429, 'TooManyRequestsException', 'Too many') }));
  await page.getByRole('link', { name: 'All certificates' }).first().click();
  await page.getByRole('link', { name: 'Nobody uses it', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Nobody uses it' }).waitFor();
  await old.waitFor();
  await failing(page, 'Certificate');
  await page.goto(address);
  await page.getByRole('heading', { level: 1, name: 'Payments backend' }).waitFor();
  await page.getByText('The service answered with status 500.').waitFor();
  expect(await old.count()).toBe(0);
});

test('on a narrow screen nothing scrolls sideways', async () => {
  const { page } = await openCertificate('Payments backend', { width: 360 });
  await expectNoSidewaysScroll(page);
  await keepScreenshot(page, 'certificate-narrow');
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

test('one that someone else deletes meanwhile says so, and so does a wrong address', async () => {
  const { page, service } = await openCertificate('Nobody uses it');
  await service.client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'free01' }));
  await page.reload();
  await page.getByText('There is no such certificate').waitFor({ timeout: 30_000 });
  await expectNoAxeViolations(page);
});
