import { DeleteClientCertificateCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { openGenerate } from './generate-page.ts';
import { expectNoAxeViolations, failing } from './support.ts';

const REGIONS = { AWS_REGIONS: 'us-east-1,eu-central-1' };

test('one to replace that is not there any more is said, and no form is shown', async () => {
  const { page, service, go, hashToReplace, generate } = await openGenerate();
  const hash = await hashToReplace('old002');
  await service.client.send(new DeleteClientCertificateCommand({ clientCertificateId: 'old002' }));
  await expect.poll(() => hashToReplace('old002')).toBe('#/generate?replaces=');
  await go(hash);
  await page.getByText('There is no such certificate').waitFor();
  await expectNoAxeViolations(page);
  expect(await generate.count()).toBe(0);
  await page.getByRole('main').getByRole('link', { name: 'All certificates' }).click();
  await page.getByRole('heading', { level: 1, name: 'All certificates' }).waitFor();
});

test('the form begins anew whenever it is for another one, and for none', async () => {
  const { page, service, go, hashToReplace, generate, made } = await openGenerate('#/generate', {}, REGIONS);
  const description = page.getByLabel('Description');
  const team = page.getByLabel('Value of tag 1');
  await go(await hashToReplace('old001'));
  await expect.poll(() => description.inputValue()).toBe('Payments backend');
  await expect.poll(() => team.inputValue()).toBe('payments');
  await go(await hashToReplace('old002'));
  await expect.poll(() => description.inputValue()).toBe('Orders backend');
  await expect.poll(() => team.inputValue()).toBe('orders');
  await page.locator('a', { hasText: /^Generate$/ }).click();
  await page.getByLabel('Where').waitFor();
  await expect.poll(() => description.inputValue()).toBe('');
  expect(await team.count()).toBe(0);
  await expect.poll(() => generate.isDisabled()).toBe(true);
  await description.press('Enter');
  await service.query(`mutation {
    updateClientCertificate(
      input: { id: "arn:aws:apigateway:us-east-1::/clientcertificates/old002", description: "Orders" }
    ) { __typename }
  }`);
  await page.goBack();
  await expect.poll(() => description.inputValue()).toBe('Orders'); // what it is called now
  expect(made()).toBe(0);
});

test('where what is there cannot be read, the form does not begin with what it was at an earlier visit', async () => {
  const { page, service, go, hashToReplace, generate } = await openGenerate();
  const description = page.getByLabel('Description');
  const hash = await hashToReplace('old002');
  await go(hash);
  await expect.poll(() => description.inputValue()).toBe('Orders backend');
  await page.getByRole('link', { name: 'What needs me' }).click();
  await page.getByRole('heading', { level: 1, name: 'What needs me' }).waitFor();
  await service.query(`mutation {
    updateClientCertificate(
      input: { id: "arn:aws:apigateway:us-east-1::/clientcertificates/old002", description: "Orders" }
    ) { __typename }
  }`);
  await failing(page, 'WhereToGenerate');
  await go(hash);
  await page.getByText('What is there could not be read').waitFor();
  expect(await generate.count()).toBe(0);
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => description.inputValue()).toBe('Orders');
});

test('after a successor, another one is asked for without the certificate to replace', async () => {
  const { page, go, hashToReplace, generate } = await openGenerate();
  await go(await hashToReplace('old001'));
  await page.getByText('It is to replace Payments backend').waitFor();
  await generate.click();
  await page.getByText(/^Payments backend \(\w+\) was generated$/).waitFor();
  await page.getByRole('link', { name: 'Generate another' }).click();
  await expect.poll(() => page.getByLabel('Description').inputValue()).toBe('');
  expect(new URL(page.url()).hash).toBe('#/generate');
});

test('a successor gets the tags of the old one but for those that AWS or the service sets itself', async () => {
  const { page, go, hashToReplace, generate } = await openGenerate();
  await go(await hashToReplace('old003'));
  await page.getByText('It is to replace Of a stack').waitFor();
  await expect.poll(() => page.getByLabel('Key of tag 1').inputValue()).toBe('team');
  expect(await page.getByLabel(/^Key of tag/).count()).toBe(1);
  await generate.click();
  await page.getByText(/^Of a stack \(\w+\) was generated$/).waitFor();
});
