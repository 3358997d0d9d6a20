import { GenerateClientCertificateCommand, TagResourceCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { openCertificate } from './certificate-page.ts';
import { openGenerate } from './generate-page.ts';
import { openReplacement } from './replacement.ts';
import { expectNoAxeViolations, failing, holding } from './support.ts';

const SOON = { SUBSCRIPTION_REFRESH_MS: '1000' };

const listening = async ({ url }: { url: string }) =>
  expect
    .poll(async () => (await fetch(new URL('/metrics', url))).text())
    .toMatch(/^certway_subscriptions 1$/m);

test('tags that a colleague adds or changes while others are edited stay', async () => {
  const { page, service, button } = await openCertificate('Payments backend', {}, SOON);
  await listening(service);
  await page.getByLabel('Value of tag 2').fill('platform');
  const resourceArn = await page.getByText(/^arn:aws:/).innerText();
  await service.client.send(new TagResourceCommand({ resourceArn, tags: { colleague: 'yes', old: 'y' } }));
  await service.client.send(new GenerateClientCertificateCommand({ description: 'Read with them' }));
  await page.getByText('3 certificates. SHA-256').waitFor();
  service.calls.length = 0;
  await button('Save tags').click();
  await expect.poll(() => page.getByLabel(/^Key of tag/).count()).toBe(3);
  const values = () =>
    page
      .getByLabel(/^Value of tag/)
      .evaluateAll((inputs) => inputs.map((input) => (input instanceof HTMLInputElement ? input.value : '')));
  await expect.poll(values).toEqual(['yes', 'y', 'platform']);
  expect(service.calls).toContain('TagResource');
  expect(service.calls).not.toContain('UntagResource');
});

test('what a person types stays where the certificate cannot be read again', async () => {
  const { page, service } = await openCertificate('Payments backend', {}, SOON);
  await listening(service);
  await page.getByLabel('Value of tag 2').fill('platform');
  await failing(page, 'Certificate');
  await service.client.send(new GenerateClientCertificateCommand({ description: 'From elsewhere' }));
  await page.getByText('The certificate could not be read').waitFor();
  expect(await page.getByLabel('Value of tag 2').inputValue()).toBe('platform');
});

test('what a person types to generate stays where the accounts cannot be read again', async () => {
  const { page, service } = await openGenerate('#/generate', {}, SOON);
  await listening(service);
  await page.getByLabel('Description').fill('Orders backend');
  await failing(page, 'WhereToGenerate');
  await service.client.send(new GenerateClientCertificateCommand({ description: 'From elsewhere' }));
  await page.getByText('What is there could not be read').waitFor();
  expect(await page.getByLabel('Description').inputValue()).toBe('Orders backend');
});

test('the steps and the results of moving stay where the stages cannot be read again', async () => {
  const { page, begin, button, expectResults } = await openReplacement();
  await begin();
  await failing(page, 'Replacement');
  await button('Move Orders / test').click();
  await page.getByText('The replacement could not be read').waitFor();
  await expectResults(/Moved$/);
  await page.unroute('**/graphql');
  await button('Try again').click();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
});

test('where no answer comes, it is not known whether the description was saved', async () => {
  const { page, button } = await openCertificate('Payments backend');
  await button('Edit description').click();
  await failing(page, 'Describe');
  await page.getByRole('dialog').getByLabel('Description').fill('Orders backend');
  await button('Save').click();
  await page.getByText('It is not known whether the description was saved').waitFor();
});

test('a late answer to a description closes no dialog but its own', async () => {
  const { page, button } = await openCertificate('Payments backend');
  const field = page.getByRole('dialog').getByLabel('Description');
  const go = await holding(page, 'Describe');
  await button('Edit description').click();
  await field.fill('Orders backend');
  await button('Save').click();
  await button('Cancel').click();
  await button('Edit description').click();
  await field.fill('A better one');
  go();
  await page.locator('h1', { hasText: 'Orders backend' }).waitFor();
  expect(await field.inputValue()).toBe('A better one');
});

test('a description that a colleague changes is the one to edit, or is told to who has begun', async () => {
  const { page, service, button } = await openCertificate('Payments backend');
  const describe = async (description: string) =>
    service.query(`mutation {
      updateClientCertificate(
        input: { id: "arn:aws:apigateway:us-east-1::/clientcertificates/used01", description: "${description}" }
      ) { __typename }
    }`);
  await page.getByRole('link', { name: 'Generate', exact: true }).click();
  await page.getByLabel('Description').waitFor();
  await describe('Orders backend');
  const go = await holding(page, 'Certificate');
  await page.goBack();
  await button('Edit description').click();
  const dialog = page.getByRole('dialog');
  const field = dialog.getByLabel('Description');
  expect(await field.inputValue()).toBe('Payments backend');
  go();
  await expect.poll(() => field.inputValue()).toBe('Orders backend');
  await field.fill('Orders backend, old');
  await describe('Orders');
  await dialog.getByText('Meanwhile it is “Orders”, which Save replaces.').waitFor();
  expect(await field.inputValue()).toBe('Orders backend, old');
  await expectNoAxeViolations(page);
});
