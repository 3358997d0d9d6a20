import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { expiringIn, startPageService } from './page-service.ts';
import { openPage, type PageOptions, startBrowser } from './support.ts';

/** The tags of a certificate that CloudFormation has made, and that is itself a successor: AWS and the service set all but one. */
const OF_A_STACK = {
  'aws:cloudformation:stack-name': 'orders',
  'AWS:other': 'x',
  'certway:replaces': 'gone01',
  team: 'orders',
};

const SEEDS: EmulatorOptions = {
  examples: [
    expiringIn(12, { id: 'old001', description: 'Payments backend', tags: { team: 'payments' } }),
    expiringIn(40, { id: 'old002', description: 'Orders backend', tags: { team: 'orders' } }),
    expiringIn(50, { id: 'old003', description: 'Of a stack', tags: OF_A_STACK }),
  ],
};

/** The view that generates, with two certificates that may be replaced. */
export async function openGenerate(hash = '#/generate', options: PageOptions = {}, env = {}) {
  const [service, browser] = await Promise.all([startPageService(SEEDS, env), startBrowser()]);
  const opened = await openPage(browser, service, hash, options);
  const { page } = opened;
  const generate = page.getByRole('button', { name: 'Generate', exact: true });
  await page.getByLabel('Description').waitFor();
  const made = () => service.calls.filter((call) => call === 'GenerateClientCertificate').length;

  /** The address of the form for a successor of the certificate with this id of AWS. */
  async function hashToReplace(clientCertificateId: string): Promise<string> {
    const response = await fetch(service.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ clientCertificates { nodes { id clientCertificateId } } }"}',
    });
    const nodes: { id: string; clientCertificateId: string }[] = (await response.json()).data
      .clientCertificates.nodes;
    const one = nodes.find((node) => node.clientCertificateId === clientCertificateId);
    return `#/generate?replaces=${encodeURIComponent(one?.id ?? '')}`;
  }

  /** Without a reload, as the back button and links do. */
  const go = (to: string) => page.evaluate((hash) => window.location.assign(hash), to);

  return { service, generate, made, hashToReplace, go, ...opened };
}
