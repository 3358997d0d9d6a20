import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { CronJob, type ICronJob } from 'kubernetes-models/batch/v1';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseCommand } from '../../src/commands/command-line.ts';
import { emulate } from '../emulator/support.ts';
import { startReceiver } from '../notifications/receiver.ts';
import { DAY_MS } from '../notifications/support.ts';
import { run } from '../support/process.ts';
import { read } from './support.ts';

const text = await read('examples/kubernetes/notify-cronjob.yaml');
const [, deployment = ''] = (await read('examples/kubernetes/base/certway.yaml')).split(/^---$/m);
const job: ICronJob = parse(text);
const container = job.spec?.jobTemplate.spec?.template.spec?.containers[0];

test("the CronJob is of Kubernetes' own schema, with no field that it does not know", () => {
  new CronJob(job).validate();
  expect(parse(dumpYaml(loadYaml(text)))).toEqual(parse(text));
  expect(container?.image).toBe(parse(deployment).spec.template.spec.containers[0].image);
});

test('no Service in the namespace sets anything', () => {
  expect(job.spec?.jobTemplate.spec?.template.spec).toMatchObject({ enableServiceLinks: false });
});

test('it tells of what is due with its settings, and ends well', async () => {
  const [, , ...args] = container?.args ?? [];
  expect(parseCommand(args)).toMatchObject({ name: 'notify' });
  const receiver = await startReceiver();
  const { url } = await emulate({
    examples: [{ id: 'soon', createdDate: new Date(Date.now() - 358 * DAY_MS - 3_600_000) }],
  });
  const env = Object.fromEntries(
    (container?.env ?? []).map(({ name, value = `${receiver.url}/ format=slack` }) => [name, value]),
  );
  const { end } = await run(args, {
    ...env,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_API_GATEWAY: url,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    STAGE_READS_PER_SECOND: '0',
  });
  expect(await end()).toMatchObject({ code: 0 });
  expect(receiver.received).toHaveLength(1);
});
