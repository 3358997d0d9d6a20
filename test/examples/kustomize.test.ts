import { writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1';
import { Service, ServiceAccount } from 'kubernetes-models/v1';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createApiKey } from '../../src/auth/api-key.ts';
import { parseConfig } from '../../src/settings/config.ts';
import { createIdentity } from '../support/identities.ts';
import { emptyFolder, run as start } from '../support/process.ts';
import { run } from './support.ts';

const FOLDER = 'examples/kubernetes';
const MODELS = { Deployment, Service, ServiceAccount };

/** What kubectl would apply, by its kind. */
async function rendered(path: string) {
  const text = await run('kubectl', ['kustomize', `${FOLDER}/${path}`]);
  const objects = parseAllDocuments(text).map((document) => document.toJS());
  return new Map(objects.map((object) => [object.kind as keyof typeof MODELS, object]));
}

test.each(['base', 'overlays/production'])(
  "%s is of Kubernetes' own schema, with no field that it does not know",
  async (path) => {
    const objects = await rendered(path);
    expect([...objects.keys()].toSorted()).toEqual(['Deployment', 'Service', 'ServiceAccount']);
    for (const [kind, object] of objects) {
      new MODELS[kind](object).validate();
      expect(JSON.parse(JSON.stringify(loadYaml(dumpYaml(object))))).toEqual(object);
    }
  },
);

test('the base has no role in it, which EKS Pod Identity gives; IRSA names one', async () => {
  expect((await rendered('base')).get('ServiceAccount').metadata).not.toHaveProperty('annotations');
  const { annotations } = (await rendered('overlays/production')).get('ServiceAccount').metadata;
  expect(annotations['eks.amazonaws.com/role-arn']).toMatch(/^arn:aws:iam::\d{12}:role\//);
});

test('the overlay for production starts with its files, and its probes are answered', async () => {
  const objects = await rendered('overlays/production');
  const deployment: IDeployment = objects.get('Deployment');
  const pod = deployment.spec?.template.spec;
  const container = pod?.containers[0];
  const folder = await emptyFolder();
  const { cert, key } = createIdentity({ name: 'certway' });
  const files = {
    '/etc/certway/tls/tls.crt': cert,
    '/etc/certway/tls/tls.key': key,
    '/etc/certway/redis/url': 'redis://127.0.0.1:9',
  };
  const placed = new Map<string, string>();
  for (const [path, text] of Object.entries(files)) {
    const mounts = container?.volumeMounts?.filter(({ mountPath }) => path.startsWith(`${mountPath}/`)) ?? [];
    expect(mounts).toHaveLength(1);
    expect(pod?.volumes?.map(({ name }) => name)).toContain(mounts[0]?.name);
    placed.set(path, join(folder, path.replaceAll('/', '-')));
    await writeFile(placed.get(path) ?? '', text);
  }
  const { entry } = createApiKey('portal');
  const env = Object.fromEntries(
    (container?.env ?? []).map(({ name, value = entry }) => [name, placed.get(value) ?? value]),
  );
  expect(parseConfig({ HOST: '0.0.0.0', ...env })).toMatchObject({
    REDIS_URL: 'redis://127.0.0.1:9',
    UPSTREAM: 'aws',
  });
  const service = await start([], { ...env, UPSTREAM: 'emulator', DRAIN_DELAY_MS: '0' });
  const url = await service.printed(/https:\S+(?=\/graphql$)/m);
  for (const probe of [container?.livenessProbe, container?.readinessProbe]) {
    expect(probe?.httpGet?.scheme).toBe('HTTPS');
    const status = await new Promise((resolve) => {
      get(url + probe?.httpGet?.path, { ca: cert }, ({ statusCode }) => resolve(statusCode));
    });
    expect(status).toBe(200);
  }
  await service.stop();
});
