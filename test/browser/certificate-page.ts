import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { expiringIn, startPageService, untilStagesAreRead } from './page-service.ts';
import { openPage, type PageOptions, startBrowser } from './support.ts';

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
export async function openCertificate(
  name: string,
  options: PageOptions = {},
  env: Record<string, string> = {},
  emulator: EmulatorOptions = {},
) {
  const [service, browser] = await Promise.all([
    startPageService({ ...SEEDS, ...emulator }, env),
    startBrowser(),
  ]);
  if (!env['AUTH'] && env['STAGE_READS_PER_SECOND'] !== '0') await untilStagesAreRead(service.url);
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
