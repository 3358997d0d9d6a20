import { UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { startBackend } from '../emulator/backend.ts';
import { expiringIn, startPageService, untilStagesAreRead } from './page-service.ts';
import {
  expectNoAxeViolations,
  expectNoSidewaysScroll,
  keepScreenshot,
  openPage,
  type PageOptions,
  startBrowser,
} from './support.ts';

const STAGES = ['prod', 'staging', 'test'];
const DENIED = new AwsError(403, 'AccessDeniedException', 'User is not authorized to perform this action');

/** The replacement of a certificate that three stages of one API have, as a person comes there. */
async function openReplacement(options: PageOptions = {}) {
  const backend = await startBackend((response) => response.end('hello'));
  const [service, browser] = await Promise.all([
    startPageService({
      examples: [
        expiringIn(12, { id: 'old001', description: 'Payments backend' }),
        expiringIn(200, { id: 'other1', description: 'Another one' }),
      ],
      restApis: [
        {
          id: 'orders0001',
          name: 'Orders',
          backend: backend.url,
          stages: STAGES.map((stageName) => ({ stageName, clientCertificateId: 'old001' })),
        },
      ],
      backendCa: backend.ca,
    }),
    startBrowser(),
  ]);
  await untilStagesAreRead(service.url);
  const opened = await openPage(browser, service, '#/certificates', options);
  const { page } = opened;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const stages = (name: string) => page.getByRole('list', { name }).getByRole('listitem');
  await page.getByRole('link', { name: 'Payments backend' }).click();
  await page.getByRole('link', { name: 'Replace', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Replace Payments backend' }).waitFor();

  /** Steps 1 and 2. */
  async function begin(): Promise<void> {
    await page.getByRole('main').getByRole('link', { name: 'Generate', exact: true }).click();
    await button('Generate').click();
    await page.getByRole('link', { name: 'Go on replacing' }).click();
    await trust();
  }

  async function trust(): Promise<void> {
    const fingerprint = await page.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/).innerText();
    await page.getByLabel('Fingerprint that the backends trust').fill(fingerprint.toLowerCase());
    await button('All backends trust it').click();
    await button('Move one').waitFor();
  }

  return { service, button, stages, begin, ...opened };
}

test('a certificate is replaced from the first step to the last, with a reload after each', async () => {
  const { page, button, stages, complaints, outside } = await openReplacement();
  await expectNoAxeViolations(page);
  await page.getByRole('main').getByRole('link', { name: 'Generate', exact: true }).click();
  await button('Generate').click();
  await page.getByRole('link', { name: 'Go on replacing' }).click();
  await page.reload();
  await page.getByLabel('Fingerprint that the backends trust').fill('00:11');
  await button('All backends trust it').click();
  await page.getByText('This is not the fingerprint of the new certificate.').waitFor();
  await expectNoAxeViolations(page);
  expect(await button('Move one').count()).toBe(0);
  const fingerprint = await page.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/).innerText();
  await page.getByLabel('Fingerprint that the backends trust').fill(fingerprint);
  await button('All backends trust it').click();
  await button('Send a GET').waitFor();
  await page.reload();
  await button('Send a GET').click();
  await page.getByText(/The backend answered with status 200 after \d+ ms/).waitFor();
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'replace-tested');
  await button('Move one').click();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await expect.poll(() => stages('Stages with the old certificate').count()).toBe(2);
  await button('Move the rest').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
  await expect
    .poll(() => stages('Results').allInnerTexts())
    .toEqual([
      expect.stringMatching(/^Orders \/ staging\s+Moved$/),
      expect.stringMatching(/^Orders \/ test\s+Moved$/),
    ]);
  await expectNoAxeViolations(page);
  await keepScreenshot(page, 'replace-moved');
  await page.reload();
  await page.getByLabel('Type old001 to delete it').fill('old001');
  await button('Delete it').click();
  await page.getByText('Stages that use it').first().waitFor();
  await expect
    .poll(() => page.getByRole('list', { name: 'Stages that use it' }).getByRole('listitem').count())
    .toBe(3);
  expect([complaints, outside]).toEqual([[], []]);
});

test('a stage that AWS refuses to change does not keep the others, and can be tried again', async () => {
  const { page, service, button, stages, begin } = await openReplacement();
  await begin();
  let refusals = 0;
  service.fail((operation) => {
    if (operation !== 'UpdateStage') return undefined;
    refusals += 1;
    return refusals === 2 ? { kind: 'error', error: DENIED } : undefined;
  });
  await button('Move the rest').click();
  await page.getByText('2 of 3 stages', { exact: true }).waitFor();
  await expect
    .poll(() => stages('Results').allInnerTexts())
    .toEqual([
      expect.stringMatching(/Moved$/),
      expect.stringMatching(/Failed: /),
      expect.stringMatching(/Moved$/),
    ]);
  await expectNoAxeViolations(page);
  await button('Move the rest').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
});

test('a stage that someone else has changed meanwhile is left alone', async () => {
  const { page, service, button, stages, begin } = await openReplacement();
  await begin();
  const patchOperations = [{ op: 'replace' as const, path: '/clientCertificateId', value: 'other1' }];
  await service.client.send(
    new UpdateStageCommand({ restApiId: 'orders0001', stageName: 'prod', patchOperations }),
  );
  await button('Move one').click();
  await expect
    .poll(() => stages('Results').allInnerTexts())
    .toEqual([expect.stringMatching(/Left alone: someone has put another certificate on it/)]);
  await page.getByText('0 of 2 stages', { exact: true }).waitFor();
});

test('it goes back, also after a reload', async () => {
  const { page, button, begin } = await openReplacement();
  await begin();
  await button('Move the rest').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
  await page.reload();
  await button('Back out').click();
  await button('Move them back').click();
  await page.getByText('0 of 3 stages', { exact: true }).waitFor();
});

test('where an answer is lost, what is known is shown, and it goes on', async () => {
  const { page, button, stages, begin } = await openReplacement();
  await begin();
  let isFirst = true;
  await page.route('**/graphql', async (route) => {
    if (!isFirst || !route.request().postData()?.includes('mutation Move')) return route.continue();
    isFirst = false;
    await route.fetch();
    return route.abort();
  });
  await button('Move the rest').click();
  await expect
    .poll(() => stages('Results').allInnerTexts())
    .toEqual([expect.stringMatching(/No answer came. Move it again: that does no harm./)]);
  await page.getByText('1 of 3 stages', { exact: true }).waitFor();
  await button('Move the rest').click();
  await page.getByText('3 of 3 stages', { exact: true }).waitFor();
});

test('on a narrow screen nothing scrolls sideways', async () => {
  const { page, begin } = await openReplacement({ width: 360 });
  await begin();
  await expectNoSidewaysScroll(page);
  await keepScreenshot(page, 'replace-narrow');
});
