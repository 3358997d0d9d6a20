import { expect } from 'vitest';
import { AwsError } from '../../src/emulator/errors.ts';
import { startBackend } from '../emulator/backend.ts';
import { expiringIn, startPageService, untilStagesAreRead } from './page-service.ts';
import { openPage, type PageOptions, startBrowser } from './support.ts';

const STAGES = ['prod', 'staging', 'test'];

const UNREAD_ID = 'unread0001';

export const DENIED = new AwsError(
  403,
  'AccessDeniedException',
  'User is not authorized to perform this action',
);

export type ReplacementOptions = PageOptions & {
  env?: Record<string, string>;
  /** A credential that the service asks for, and the page too. */
  key?: string;
  /** In how many days the certificate expires that was generated to replace it; there is none by default. */
  successorDays?: number;
  /** Whether one more API has stages that AWS does not list. */
  isUnread?: boolean;
};

/** The replacement of a certificate that three stages of one API have, as a person comes there. */
export async function openReplacement({
  env = {},
  key,
  isUnread = false,
  successorDays,
  ...options
}: ReplacementOptions = {}) {
  const backend = await startBackend((response) => response.end('hello'));
  const [service, browser] = await Promise.all([
    startPageService(
      {
        examples: [
          expiringIn(12, { id: 'old001', description: 'Payments backend' }),
          expiringIn(200, { id: 'other1', description: 'Another one' }),
          ...(successorDays === undefined
            ? []
            : [expiringIn(successorDays, { id: 'new001', tags: { 'certway:replaces': 'old001' } })]),
        ],
        restApis: [
          {
            id: 'orders0001',
            name: 'Orders',
            backend: backend.url,
            stages: STAGES.map((stageName) => ({ stageName, clientCertificateId: 'old001' })),
          },
          ...(isUnread
            ? [{ id: UNREAD_ID, name: 'Unread', backend: backend.url, stages: [{ stageName: 'prod' }] }]
            : []),
        ],
        backendCa: backend.ca,
        fault: (operation, { restApiId }) =>
          operation === 'GetStages' && restApiId === UNREAD_ID ? { kind: 'error', error: DENIED } : undefined,
      },
      env,
    ),
    startBrowser(),
  ]);
  if (!isUnread) await untilStagesAreRead(service.url, key);
  const opened = await openPage(browser, service, '#/certificates', options);
  const { page } = opened;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const stages = (name: string) => page.getByRole('list', { name }).getByRole('listitem');
  const expectResults = async (...results: RegExp[]) =>
    expect
      .poll(() => stages('Results').allInnerTexts())
      .toEqual(results.map((result) => expect.stringMatching(result)));
  if (key !== undefined) {
    await page.getByLabel('API key').fill(key);
    await button('Continue').click();
  }
  await page.getByRole('link', { name: 'Payments backend', exact: true }).click();
  await page.getByRole('link', { name: /^(Replace|Go on replacing)$/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Replace Payments backend' }).waitFor();

  async function generate(): Promise<void> {
    await page.getByRole('main').getByRole('link', { name: 'Generate', exact: true }).click();
    await button('Generate').click();
    await page.getByRole('link', { name: 'Go on replacing' }).click();
  }

  /** Pastes what the backends trust: the fingerprint that is shown. */
  async function trust(which: 'new' | 'old'): Promise<void> {
    const form = page.locator('form', { hasText: `Fingerprint that the backends trust (${which})` });
    const fingerprint = await form.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/).innerText();
    await pasteFingerprint(which, fingerprint.toLowerCase());
  }

  async function pasteFingerprint(which: 'new' | 'old', fingerprint: string): Promise<void> {
    const form = page.locator('form', { hasText: `Fingerprint that the backends trust (${which})` });
    await form.getByRole('textbox').fill(fingerprint);
    await form.getByRole('button', { name: 'All backends trust it' }).click();
  }

  /** Steps 1 and 2. */
  async function begin(): Promise<void> {
    await generate();
    await trust('new');
    await button('Move these 3 stages').waitFor();
  }

  return { service, button, stages, expectResults, generate, trust, pasteFingerprint, begin, ...opened };
}
