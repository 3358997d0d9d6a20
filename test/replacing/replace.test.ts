import { GetDeploymentsCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import { GetStageCommand as GetWebSocketStageCommand } from '@aws-sdk/client-apigatewayv2';
import { describe, expect, test } from 'vitest';
import { globalIdOf } from '../support/service.ts';
import { GET, prod, START, stageId, startReplacing, statuses, UPDATE, withOld } from './support.ts';

const CERTIFICATE = 'GetClientCertificate';

describe('replacing', () => {
  test('reads each stage right before it writes it, and says what came of it', async () => {
    const { callsOf, replace, truth } = await startReplacing({ restApis: withOld('r000', 'r001') });
    const calls = await callsOf(async () => {
      const { data, errors } = await replace();
      expect(errors).toBeUndefined();
      const outcome = (apiId: string) => ({
        stage: { name: 'prod', api: { apiId }, certificateReference: 'new' },
        status: 'REPLACED',
        error: null,
      });
      expect(data.result).toEqual({
        __typename: 'ReplaceClientCertificatePayload',
        oldClientCertificate: { clientCertificateId: 'old' },
        newClientCertificate: { clientCertificateId: 'new' },
        outcomes: [outcome('r000'), outcome('r001')],
        remaining: 0,
        index: { complete: true },
      });
    });
    expect(calls).toEqual([CERTIFICATE, CERTIFICATE, GET, UPDATE, GET, UPDATE]);
    expect([await truth('r000'), await truth('r001')]).toEqual(['new', 'new']);
  });

  test('is planned by a dry run, which reads and changes no stage', async () => {
    const { callsOf, replace, truth } = await startReplacing();
    const calls = await callsOf(async () => {
      const { data } = await replace({ dryRun: true });
      expect(statuses(data.result.outcomes)).toEqual({ r000: 'PLANNED', r001: 'PLANNED', r002: 'PLANNED' });
      expect(data.result.remaining).toBe(3);
    });
    expect(calls).toEqual([CERTIFICATE, CERTIFICATE]);
    expect(await truth('r000')).toBe('old');
  });

  test('begins with the stages that are named, goes on with the rest, and can go back', async () => {
    const { callsOf, replace, truth } = await startReplacing();
    const one = await replace({ stages: [prod('r001')] });
    expect(statuses(one.data.result.outcomes)).toEqual({ r001: 'REPLACED' });
    expect(one.data.result.remaining).toBe(0);
    expect([await truth('r000'), await truth('r001')]).toEqual(['old', 'new']);

    const back = await replace({ id: 'new', with: 'old', stages: [prod('r001')] });
    expect(statuses(back.data.result.outcomes)).toEqual({ r001: 'REPLACED' });
    expect(await truth('r001')).toBe('old');

    await replace({ stages: [prod('r001')] });
    const rest = await replace();
    expect(statuses(rest.data.result.outcomes)).toEqual({
      r000: 'REPLACED',
      r001: 'ALREADY_REPLACED',
      r002: 'REPLACED',
    });
    const calls = await callsOf(async () => {
      const again = await replace();
      expect(new Set(Object.values(statuses(again.data.result.outcomes)))).toEqual(
        new Set(['ALREADY_REPLACED']),
      );
    });
    expect(calls).toEqual([CERTIFICATE, CERTIFICATE]);
    const all = await replace({ id: 'new', with: 'old' });
    expect(statuses(all.data.result.outcomes)).toEqual({
      r000: 'REPLACED',
      r001: 'REPLACED',
      r002: 'REPLACED',
    });
    expect(all.data.result.remaining).toBe(0);
  });

  test('takes the certificate that was generated for it, without `with`', async () => {
    const { replace, truth } = await startReplacing();
    const { data } = await replace({ with: null, dryRun: true });
    expect(data.result.newClientCertificate).toEqual({ clientCertificateId: 'new' });
    expect(await truth('r000')).toBe('old');
  });

  test('moves stages of WebSocket APIs, and changes nothing else of any stage', async () => {
    const settings = { description: 'Live', tags: { team: 'payments' } };
    const { callsOf, client, v2Client, replace } = await startReplacing({
      restApis: [
        {
          id: 'r000',
          stages: [{ stageName: 'prod', clientCertificateId: 'old', variables: { a: 'b' }, ...settings }],
        },
      ],
      apis: [
        {
          apiId: 'w000',
          stages: [
            { stageName: 'live', clientCertificateId: 'old', stageVariables: { a: 'b' }, ...settings },
            { stageName: 'test' },
          ],
        },
      ],
    });
    const read = async () => [
      await client.send(new GetStageCommand({ restApiId: 'r000', stageName: 'prod' })),
      await v2Client.send(new GetWebSocketStageCommand({ ApiId: 'w000', StageName: 'live' })),
    ];
    const [rest, webSocket] = await read();
    const calls = await callsOf(async () => {
      const { data } = await replace();
      expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED', 'w000/live': 'REPLACED' });
    });
    expect(calls.slice(2)).toEqual(['GetStage (v2)', 'UpdateStage (v2)', GET, UPDATE]);
    const $metadata = expect.anything();
    expect(await read()).toEqual([
      { ...rest, $metadata, clientCertificateId: 'new', lastUpdatedDate: expect.any(Date) },
      { ...webSocket, $metadata, ClientCertificateId: 'new', LastUpdatedDate: expect.any(Date) },
    ]);
    const { items } = await client.send(new GetDeploymentsCommand({ restApiId: 'r000' }));
    expect(items).toHaveLength(1);
  });

  test('tells the index, so that the next query says so without another read', async () => {
    const { replace, query } = await startReplacing();
    const USED =
      '{ clientCertificates { nodes { clientCertificateId usage stages { totalCount nodes { certificateReference } } } } }';
    const before = await query(USED);
    await replace({ stages: [prod('r000'), prod('r001')] });
    const { data } = await query(USED);
    const used = (name: string, answer = data) =>
      answer.clientCertificates.nodes.find(
        (node: { clientCertificateId: string }) => node.clientCertificateId === name,
      );
    expect(used('old', before.data).stages.totalCount).toBe(3);
    expect(used('old').stages.totalCount).toBe(1);
    expect(used('new')).toMatchObject({ usage: 'IN_USE', stages: { totalCount: 2 } });
  });

  test('is not undone in the index by a read that AWS answered during a write', async () => {
    const { replace, fail, stageIndex, clock } = await startReplacing({ restApis: withOld('r000') });
    let asked = { atMs: 0, at: START };
    fail((operation) => {
      if (operation !== UPDATE) return undefined;
      void clock.wait(10);
      asked = { atMs: clock.elapsedMs(), at: START };
      void clock.wait(10);
      return undefined;
    });
    await replace();
    const stages = [{ name: 'prod', certificateReference: 'old', lastUpdatedDate: null }];
    stageIndex.read({ apiId: 'r000', name: 'r000', protocol: 'REST' }, stages, asked);
    expect(stageIndex.snapshot().usageOf('new')).toBe('IN_USE');
  });

  test('shows in its payload the stages as they are after it, also for several in one operation', async () => {
    const { query, fingerprints } = await startReplacing();
    const input = (stage: string) =>
      `{ id: "old", with: "new", trustedFingerprintSha256: "${fingerprints.get('new')}", stages: ["${stage}"] }`;
    const fields =
      '... on ReplaceClientCertificatePayload { oldClientCertificate { stages { totalCount } } }';
    const { data } = await query(`mutation {
      a: replaceClientCertificate(input: ${input(prod('r000'))}) { ${fields} }
      b: replaceClientCertificate(input: ${input(prod('r001'))}) { ${fields} }
    }`);
    expect(
      [data.a, data.b].map(({ oldClientCertificate }) => oldClientCertificate.stages.totalCount),
    ).toEqual([2, 1]);
  });

  test('takes ids and fingerprints in each of their forms', async () => {
    const { replace, fingerprints } = await startReplacing();
    const fingerprint = fingerprints.get('new')?.replaceAll(':', '').toLowerCase();
    const { data } = await replace({
      id: globalIdOf('old'),
      with: 'arn:aws:apigateway:us-east-1::/clientcertificates/new',
      stages: [
        'arn:aws:apigateway:us-east-1::/restapis/r000/stages/prod',
        stageId('restapis/r001/stages/prod'),
      ],
      trustedFingerprintSha256: fingerprint,
    });
    expect(statuses(data.result.outcomes)).toEqual({ r000: 'REPLACED', r001: 'REPLACED' });
  });
});
