import {
  DeleteClientCertificateCommand,
  DeleteStageCommand,
  GetClientCertificatesCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { createApiKey } from '../../src/auth/api-key.ts';
import { AwsError } from '../../src/emulator/errors.ts';
import { apiKeyEntry } from '../support/authentication.ts';
import { DENIED, openReplacement } from './replacement.ts';
import { expectNoAxeViolations, holding } from './support.ts';

const isMove = (route: Route): boolean =>
  route.request().postData()?.includes('"operationName":"Move"') === true;

const ORDERS = { restApiId: 'orders0001', stageName: 'prod' };
const THROTTLED = new AwsError(429, 'TooManyRequestsException', 'Too Many Requests');

test('a stage that AWS refuses to change does not keep the others, and can be tried again', async () => {
  const { page, service, button, expectResults, begin } = await openReplacement();
  await begin();
  let refusals = 0;
  service.fail((operation) => {
    if (operation !== 'UpdateStage') return undefined;
    refusals += 1;
    return refusals === 2 ? { kind: 'error', error: DENIED } : undefined;
  });
  await button('Move these 3 stages').click();
  await page.getByText('2 of 3 stages', { exact: true }).waitFor();
  await expectResults(/Moved$/, /Failed: .+\. Move it again once that is mended\.$/, /Moved$/);
  await expect.poll(() => page.getByText('2 of 3 stages moved.').count()).toBeGreaterThan(0); // for screen readers
  await expectNoAxeViolations(page);
  await button('Move it').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
});

test('a stage that someone else has changed meanwhile is left alone', async () => {
  const { page, service, button, expectResults, begin } = await openReplacement();
  await begin();
  const patchOperations = [{ op: 'replace' as const, path: '/clientCertificateId', value: 'other1' }];
  await service.client.send(new UpdateStageCommand({ ...ORDERS, patchOperations }));
  await button('Move Orders / prod').click();
  await expectResults(/Left alone: someone has put another certificate on it\. Ask them\.$/);
  await page.getByText('0 of 2 stages', { exact: true }).waitFor();
});

test('a stage that the service refuses to move is left as it is, which it says in its own words, and the others are moved', async () => {
  const { page, service, button, expectResults, begin } = await openReplacement();
  await begin();
  const { data } = await service.query('{ clientCertificate(id: "other1") { x509 { fingerprintSha256 } } }');
  await service.query(`mutation {
    replaceClientCertificate(input: {
      id: "old001", with: "other1", stages: ["arn:aws:apigateway:us-east-1::/restapis/orders0001/stages/prod"]
      trustedFingerprintSha256: "${data.clientCertificate.x509.fingerprintSha256}"
    }) { __typename }
  }`);
  await button('Move these 3 stages').click();
  await expectResults(
    /Not moved: expected a stage with the certificate old001, got one with "other1"$/,
    /Moved$/,
    /Moved$/,
  );
  await page.getByText('2 of 2 stages', { exact: true }).waitFor();
});

test('a stage that was deleted meanwhile is said to be gone, and the others are moved', async () => {
  const { page, service, button, expectResults, begin } = await openReplacement();
  await begin();
  await service.client.send(new DeleteStageCommand(ORDERS));
  await button('Move these 3 stages').click();
  await expectResults(/does not exist any more\. Nothing is to be moved\.$/, /Moved$/, /Moved$/);
  await page.getByText('2 of 2 stages', { exact: true }).waitFor();
});

test('while AWS throttles, the stages are said not to be tried, and can be moved later', async () => {
  const { page, service, button, expectResults, begin } = await openReplacement({
    env: { UPSTREAM_TIMEOUT_MS: '2000' },
  });
  await begin();
  service.fail((operation) =>
    operation === 'UpdateStage' ? { kind: 'error', error: THROTTLED } : undefined,
  );
  await button('Move Orders / prod').click();
  await expectResults(
    /Not tried: the time or the AWS calls of the request were used up, or AWS throttled\. Move it again\.$/,
  );
  service.fail(() => undefined);
  await button('Move these 3 stages').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
});

test('where one answer is lost, that is said, and the others are moved', async () => {
  const { page, button, expectResults, begin } = await openReplacement();
  await begin();
  let isFirst = true;
  await page.route('**/graphql', async (route) => {
    if (!isFirst || !isMove(route)) return route.continue();
    isFirst = false;
    await route.fetch();
    return route.abort();
  });
  await button('Move these 3 stages').click();
  await expectResults(/No answer came\. Move it again: that does no harm\.$/, /Moved$/, /Moved$/);
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
});

test('where no answer comes at all, it ends after two, and goes on later', async () => {
  const { page, button, expectResults, begin } = await openReplacement();
  await begin();
  await page.route('**/graphql', async (route) =>
    isMove(route) ? route.fulfill({ status: 500, body: 'oh no' }) : route.continue(),
  );
  await button('Move these 3 stages').click();
  await page.getByText('The service answered with status 500.').waitFor();
  await expectResults(/No answer came/, /No answer came/);
  await page.unroute('**/graphql');
  await button('Move these 3 stages').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
  await expectResults(/Moved$/, /Moved$/, /Moved$/);
});

test('a refusal of the whole request ends it, and says why', async () => {
  const { page, service, button, expectResults, begin } = await openReplacement({
    env: { CACHE_TTL_MS: '0' }, // otherwise the service knows the deleted one for another moment
  });
  await begin();
  const { items = [] } = await service.client.send(new GetClientCertificatesCommand());
  const next = items.find(({ tags }) => tags?.['certway:replaces'] === 'old001');
  await service.client.send(
    new DeleteClientCertificateCommand({ clientCertificateId: next?.clientCertificateId }),
  );
  await button('Move these 3 stages').click();
  await page.getByText('The stage was not moved').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Generate', exact: true }).waitFor(); // step 1 again
  await expectResults(/Not tried: see below$/);
});

test('it stops after the stage that is under way', async () => {
  const { page, service, button, expectResults, begin } = await openReplacement();
  await begin();
  const go = await holding(page, 'Move');
  await button('Move these 3 stages').click();
  await button('Stop after this one').click();
  go();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await expectResults(/Moved$/);
  expect(service.calls.filter((operation) => operation === 'UpdateStage')).toHaveLength(1);
});

test('who may only read sees how far it is, and that it takes another scope', async () => {
  const { key } = createApiKey('reader');
  const { page, button } = await openReplacement({
    key,
    env: { AUTH: 'api-key', API_KEYS: apiKeyEntry('reader', key, 'client-certificates:read') },
  });
  const generate = page.getByRole('main').getByText('Generate', { exact: true });
  await generate.waitFor();
  expect(await generate.locator('xpath=ancestor-or-self::*[@aria-disabled="true"]').count()).toBeGreaterThan(
    0,
  );
  expect(await button('Delete it').count()).toBe(0);
  await expectNoAxeViolations(page);
});

test('who leaves the view stops it after the stage that is under way', async () => {
  const { page, service, button, begin } = await openReplacement();
  await begin();
  const go = await holding(page, 'Move');
  await button('Move these 3 stages').click();
  await button('Stop after this one').waitFor();
  await page.getByRole('link', { name: 'Show the certificate' }).click();
  await page.getByRole('heading', { level: 1, name: 'Payments backend', exact: true }).waitFor();
  go();
  await page.getByRole('heading', { name: 'Stages that use it (2)' }).waitFor();
  await page.goBack();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  expect(service.calls.filter((operation) => operation === 'UpdateStage')).toHaveLength(1);
});

test('a new certificate that has expired as well is said to be no use, and nothing can be moved to it', async () => {
  const { page, button } = await openReplacement({ successorDays: -1 });
  await page.getByText('It has expired as well').waitFor();
  await expectNoAxeViolations(page);
  expect(await button('All backends trust it').count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Move/ }).count()).toBe(0);
});
