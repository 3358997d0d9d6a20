import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1';
import { Service, ServiceAccount } from 'kubernetes-models/v1';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createApiKey } from '../../src/auth/api-key.ts';
import { parseConfig } from '../../src/settings/config.ts';
import { SETTINGS } from '../../src/settings/settings.ts';
import { serve } from '../support/process.ts';
import { read } from './support.ts';

const PATH = 'examples/kubernetes/base/certway.yaml';
const documents = (await read(PATH)).split(/^---$/m);
const [, deploymentText = ''] = documents;
const deployment: IDeployment = parse(deploymentText);
const pod = deployment.spec?.template.spec;
const container = pod?.containers[0];

/** The environment of the container, with an API key instead of its secret. */
const { key, entry } = createApiKey('prometheus');
const env = Object.fromEntries(
  (container?.env ?? []).map(({ name, value, valueFrom }) => [
    name,
    valueFrom?.secretKeyRef?.key === 'API_KEYS' ? entry : (value ?? ''),
  ]),
);

test.for([
  ['ServiceAccount', ServiceAccount],
  ['Deployment', Deployment],
  ['Service', Service],
] as const)("the %s is of Kubernetes' own schema, with no field that it does not know", ([kind, Model]) => {
  const text = documents.find((candidate) => parse(candidate).kind === kind) ?? '';
  const object = parse(text);
  new Model(object).validate();
  // The official client drops fields that are not in the API's schema.
  expect(parse(dumpYaml(loadYaml(text)))).toEqual(object);
});

test('the Service selects the pods by their labels, and their port by its name', () => {
  const [, , service] = documents.map((text) => parse(text));
  const { metadata } = deployment.spec?.template ?? {};
  expect(metadata?.labels).toMatchObject(service.spec.selector);
  expect(metadata?.labels).toMatchObject(deployment.spec?.selector.matchLabels ?? { none: '' });
  expect(container?.ports).toContainEqual({ name: service.spec.ports[0].targetPort, containerPort: 4000 });
  expect(metadata?.annotations?.['prometheus.io/port']).toBe('4000');
});

test('the settings exist, and leave the pod enough time to shut down', async () => {
  const dockerfile = await read('Dockerfile');
  const ofImage = Object.fromEntries(
    Array.from(dockerfile.matchAll(/^ENV (\w+)=(\S+)$/gm), ([, name, value]) => [name, value]),
  );
  const config = parseConfig({ ...ofImage, ...env });
  expect(config).toMatchObject({ HOST: '0.0.0.0', UPSTREAM: 'aws', auth: { kind: 'api-key' }, PORT: 4000 });
  const graceMs = (pod?.terminationGracePeriodSeconds ?? 0) * 1000;
  expect(graceMs).toBeGreaterThan(config.DRAIN_DELAY_MS + config.DRAIN_TIMEOUT_MS);
  expect(config.DRAIN_TIMEOUT_MS).toBeGreaterThan(config.REQUEST_TIMEOUT_MS);
  expect(Object.keys(env).filter((name) => !(name in SETTINGS))).toEqual(['AWS_REGION']);
});

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
test('the pod meets the restricted standard, and cannot write to its file system', () => {
  expect(pod?.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(container?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect(pod).toMatchObject({ automountServiceAccountToken: false });
  expect(pod).not.toHaveProperty('volumes');
});

test('no Service in the namespace sets anything', () => {
  expect(pod).toMatchObject({ enableServiceLinks: false });
});

test('the probes and the scrape are answered', async () => {
  const { url } = await serve({ ...env, UPSTREAM: 'emulator' });
  const get = async (path = '', headers: Record<string, string> = {}) =>
    (await fetch(new URL(path, url), { headers })).status;
  for (const probe of [container?.livenessProbe, container?.readinessProbe])
    expect(await get(probe?.httpGet?.path)).toBe(200);
  const metrics = deployment.spec?.template.metadata?.annotations?.['prometheus.io/path'];
  expect(await get(metrics)).toBe(401);
  expect(await get(metrics, { authorization: `Bearer ${key}` })).toBe(200);
});
