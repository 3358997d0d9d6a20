import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Api } from '../../src/resources/stages/api.ts';
import type { StageFacts } from '../../src/resources/stages/api-stage.ts';
import type { Moment } from '../../src/resources/stages/known-api.ts';
import { nextRead, OFTEN_MS } from '../../src/resources/stages/plan.ts';
import { createStageIndex, type StageIndex } from '../../src/resources/stages/stage-index.ts';

const REGION = 'eu-central-1';
const PLACE = { account: undefined, accountId: undefined, region: REGION, name: REGION, where: undefined };
const rest = (apiId: string, name = apiId): Api => ({ apiId, name, protocol: 'REST' });
const socket = (apiId: string): Api => ({ apiId, name: apiId, protocol: 'WEBSOCKET' });
const at = (atMs: number): Moment => ({ atMs, at: new Date(atMs) });
const stage = (name: string, certificateReference: string | null = null): StageFacts => ({
  name,
  certificateReference,
  lastUpdatedDate: null,
});

/** AWS's lists of both protocols. */
function list(index: StageIndex, apis: Api[], moment: Moment): void {
  for (const protocol of ['REST', 'WEBSOCKET'] as const)
    index.listed(
      protocol,
      apis.filter((api) => api.protocol === protocol),
      moment,
    );
}

/** An index that knows all APIs, of which none was read. */
function indexOf(...apis: Api[]) {
  const index = createStageIndex(PLACE, 1);
  list(index, apis, at(0));
  return index;
}

describe('the usage of a certificate', () => {
  test('is unknown before anything was read, and while an API was not', () => {
    expect(createStageIndex(PLACE, 1).snapshot().usageOf('c1')).toBe('UNKNOWN');
    const index = indexOf(rest('a'), rest('b'));
    index.read(rest('a'), [stage('prod')], at(1));
    expect(index.snapshot().usageOf('c1')).toBe('UNKNOWN');
  });

  test('is known as soon as one stage has it', () => {
    const index = indexOf(rest('a'), rest('b'));
    index.read(rest('a'), [stage('prod', 'c1')], at(1));
    const { usageOf, index: state } = index.snapshot();
    expect([usageOf('c1'), usageOf('c2')]).toEqual(['IN_USE', 'UNKNOWN']);
    expect(state).toEqual({ apis: 2, apisRead: 1, complete: false, oldestReadAt: new Date(1) });
  });

  test('is that it is unused once all APIs of both protocols were read, and none has it', () => {
    const index = indexOf(rest('a'), socket('w'));
    index.read(rest('a'), [stage('prod', 'c1')], at(1));
    index.read(socket('w'), [stage('live', 'c1')], at(2));
    const { usageOf, ofCertificate, index: state } = index.snapshot();
    expect([usageOf('c1'), usageOf('c2')]).toEqual(['IN_USE', 'UNUSED']);
    expect(state).toEqual({ apis: 2, apisRead: 2, complete: true, oldestReadAt: new Date(1) });
    expect(ofCertificate('c1').map(({ node }) => node.arn)).toEqual([
      'arn:aws:apigateway:eu-central-1::/apis/w/stages/live',
      'arn:aws:apigateway:eu-central-1::/restapis/a/stages/prod',
    ]);
  });

  test('is unused at once where there are no APIs', () => {
    expect(indexOf().snapshot().usageOf('c1')).toBe('UNUSED');
    const index = createStageIndex(PLACE, 1);
    index.listed('REST', [], at(0));
    expect(index.snapshot().usageOf('c1')).toBe('UNKNOWN'); // there may be WebSocket APIs
  });

  test('says nothing of certificates of ACM', () => {
    const index = indexOf(rest('a'));
    const arn = 'arn:aws:acm:eu-central-1:111111111111:certificate/1';
    index.read(rest('a'), [stage('prod', arn), stage('test')], at(1));
    const { stages, counts } = index.snapshot();
    expect(stages.map(({ node }) => [node.certificateSource, node.certificateReference])).toEqual([
      ['ACM', arn],
      ['NONE', null],
    ]);
    expect(counts()).toEqual(new Map());
  });
});

describe('the index', () => {
  test('forgets an API that is not listed any more, and one that AWS does not know', () => {
    const index = indexOf(rest('a'), rest('b'), rest('c'));
    for (const id of ['a', 'b', 'c']) index.read(rest(id), [stage('prod', id)], at(1));
    index.listed('REST', [rest('a'), rest('c')], at(2));
    index.gone(rest('c'));
    expect(index.snapshot().counts()).toEqual(new Map([['a', 1]]));
    expect(index.snapshot().index).toMatchObject({ apis: 1, apisRead: 1, complete: true });
  });

  test('ignores what is read of an API that is gone, and what fails there', () => {
    const index = indexOf();
    index.read(rest('a'), [stage('prod', 'c1')], at(1));
    index.note(rest('a'), stage('prod', 'c1'), at(1));
    index.failed({ kind: 'stages', api: rest('a') }, true, at(1));
    expect(index.snapshot().index).toMatchObject({ apis: 0, complete: true });
  });

  test('keeps what it knows while AWS fails, and says that it is incomplete while AWS refuses', () => {
    const index = indexOf(rest('a'), rest('b'));
    for (const id of ['a', 'b']) index.read(rest(id), [stage('prod', id)], at(1));
    index.failed({ kind: 'stages', api: rest('a') }, false, at(2));
    expect(index.snapshot().index).toMatchObject({ apisRead: 2, complete: true });
    index.failed({ kind: 'stages', api: rest('a') }, true, at(3));
    expect(index.snapshot().index).toMatchObject({ apisRead: 1, complete: false });
    expect(index.snapshot().counts().keys().toArray()).toEqual(['a', 'b']);
    index.read(rest('a'), [], at(4));
    expect(index.snapshot().index).toMatchObject({ apisRead: 2, complete: true });
    index.failed({ kind: 'apis', protocol: 'WEBSOCKET' }, true, at(5));
    expect(index.snapshot().index).toMatchObject({ apisRead: 2, complete: false });
    index.listed('WEBSOCKET', [], at(6));
    expect(index.snapshot().index).toMatchObject({ complete: true });
  });

  test('has the new name of an API, also with the stages that it knew before', () => {
    const index = indexOf(rest('a', 'old'));
    index.read(rest('a', 'old'), [stage('prod')], at(1));
    index.listed('REST', [rest('a', 'new')], at(2));
    expect(index.snapshot().stages.map(({ node }) => node.api.name)).toEqual(['new']);
    expect(index.snapshot().index).toMatchObject({ apisRead: 1, complete: true });
  });

  test('does not take a REST API and a WebSocket API with the same id for one', () => {
    const index = indexOf(rest('a'), socket('a'));
    index.read(rest('a'), [stage('prod', 'c1')], at(1));
    index.read(socket('a'), [stage('prod', 'c2')], at(1));
    expect(index.snapshot().counts().size).toBe(2);
  });

  test('has what was noted after a write, and not what was read of AWS before it', () => {
    const index = indexOf(rest('a'));
    index.read(rest('a'), [stage('prod', 'old'), stage('test', 'old')], at(1));
    index.note(rest('a'), stage('prod', 'new'), at(5));
    index.read(rest('a'), [stage('prod', 'old'), stage('test', 'old')], at(4)); // its answer came later
    expect(index.snapshot().find(arn('a', 'prod'))).toMatchObject({ certificateReference: 'new' });
    index.note(rest('a'), stage('prod', 'older'), at(3));
    expect(index.snapshot().find(arn('a', 'prod'))).toMatchObject({ certificateReference: 'new' });
    index.read(rest('a'), [stage('prod', 'newest')], at(6));
    expect(index.snapshot().counts()).toEqual(new Map([['newest', 1]]));
  });

  test('is not complete while a write is in doubt, and the stages are read again a minute later, not before', () => {
    const index = indexOf(rest('a'));
    list(index, [rest('a')], at(OFTEN_MS));
    index.read(rest('a'), [stage('prod', 'old')], at(1));
    index.doubt(rest('a'), at(OFTEN_MS));
    expect(index.snapshot().index).toMatchObject({ apisRead: 0, complete: false });
    expect(nextRead(index.entries(), OFTEN_MS + 1)).toEqual({ dueInMs: OFTEN_MS - 1 });
    index.read(rest('a'), [stage('prod', 'new')], at(2 * OFTEN_MS));
    expect(index.snapshot().index).toMatchObject({ apisRead: 1, complete: true });
  });

  test('is not complete by what was read before another replica told of a doubt, and does not ask sooner for that', () => {
    const index = indexOf(rest('a'));
    const stages = { kind: 'stages', api: rest('a') } as const;
    list(index, [rest('a')], at(OFTEN_MS));
    index.failed(stages, true, at(OFTEN_MS));
    index.failed(stages, false, at(OFTEN_MS - 2)); // older answers that come later
    index.read(rest('a'), [stage('prod', 'old')], at(OFTEN_MS - 1));
    expect(index.snapshot().index).toMatchObject({ apisRead: 0, complete: false });
    expect(nextRead(index.entries(), OFTEN_MS + 1)).toEqual({ dueInMs: OFTEN_MS - 1 });
    index.read(rest('a'), [stage('prod', 'new')], at(2 * OFTEN_MS));
    expect(index.snapshot().index).toMatchObject({ apisRead: 1, complete: true });
  });

  test('forgets a stage that is gone, but not one with its name that was read later', () => {
    const index = indexOf(rest('a'));
    index.read(rest('a'), [stage('prod', 'c1'), stage('test', 'c1')], at(5));
    index.stageGone(rest('a'), 'prod', at(4)); // its answer came later
    index.stageGone(rest('a'), 'test', at(6));
    expect(index.snapshot().stages.map(({ node }) => node.name)).toEqual(['prod']);
  });

  test('moves on with everything that it is told, so that no answer made before is given again', () => {
    const index = indexOf(rest('a'));
    const changes = [
      () => index.read(rest('a'), [], at(1)),
      () => index.note(rest('a'), stage('prod'), at(2)),
      () => index.failed({ kind: 'stages', api: rest('a') }, true, at(3)),
      () => index.gone(rest('a')),
      () => index.listed('REST', [], at(4)),
    ];
    for (const change of changes) {
      const [stamp, snapshot] = [index.stamp(), index.snapshot()];
      expect([index.isFresh(stamp), index.snapshot()]).toEqual([true, snapshot]);
      change();
      expect([index.isFresh(stamp), index.snapshot() === snapshot]).toEqual([false, false]);
    }
    expect(index.isFresh({ ...index.stamp(), collection: 'client-certificates eu-central-1' })).toBe(false);
  });
});

const arn = (apiId: string, name: string) =>
  `arn:aws:apigateway:${REGION}::/restapis/${apiId}/stages/${name}`;

const IDS = ['a', 'b', 'c'];
const facts = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('prod', 'test', 'dev'),
    certificateReference: fc.constantFrom(null, 'c1', 'c2', 'arn:aws:acm:x'),
    lastUpdatedDate: fc.constant(null),
  }),
  { selector: ({ name }) => name },
);
const event = fc.oneof(
  fc.record({ kind: fc.constant('listed'), ids: fc.uniqueArray(fc.constantFrom(...IDS)) }),
  fc.record({ kind: fc.constant('read'), id: fc.constantFrom(...IDS), stages: facts }),
  fc.record({ kind: fc.constant('denied'), id: fc.constantFrom(...IDS) }),
  fc.record({ kind: fc.constant('gone'), id: fc.constantFrom(...IDS) }),
);

test('after any history, the index is what the last answers of AWS say', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const index = createStageIndex(PLACE, 1);
      index.listed('WEBSOCKET', [], at(0));
      const model = new Map<string, { stages: StageFacts[]; isRead: boolean }>();
      let isListed = false;
      for (const [i, one] of events.entries()) {
        const moment = at(i);
        if (one.kind === 'listed') {
          index.listed(
            'REST',
            one.ids.map((id) => rest(id)),
            moment,
          );
          isListed = true;
          for (const id of IDS)
            if (!one.ids.includes(id)) model.delete(id);
            else if (!model.has(id)) model.set(id, { stages: [], isRead: false });
        } else if (one.kind === 'read') {
          index.read(rest(one.id), one.stages, moment);
          if (model.has(one.id)) model.set(one.id, { stages: one.stages, isRead: true });
        } else if (one.kind === 'denied') {
          index.failed({ kind: 'stages', api: rest(one.id) }, true, moment);
          const known = model.get(one.id);
          if (known) known.isRead = false;
        } else {
          index.gone(rest(one.id));
          model.delete(one.id);
        }
        const snapshot = index.snapshot();
        const all = [...model].flatMap(([id, { stages }]) => stages.map((facts) => ({ id, ...facts })));
        expect(snapshot.stages.map(({ node }) => node.arn)).toEqual(
          all.map(({ id, name }) => arn(id, name)).toSorted(),
        );
        const complete = isListed && [...model.values()].every(({ isRead }) => isRead);
        expect(snapshot.index.complete).toBe(complete);
        for (const id of ['c1', 'c2']) {
          const users = all.filter(({ certificateReference }) => certificateReference === id);
          expect(snapshot.usageOf(id)).toBe(users.length > 0 ? 'IN_USE' : complete ? 'UNUSED' : 'UNKNOWN');
          expect(snapshot.ofCertificate(id)).toHaveLength(users.length);
        }
      }
    }),
  );
});

test('stages are in the order of their ARNs, whatever ids and names there are', () => {
  const id = fc.stringMatching(/^[a-z0-9-]{1,3}$/);
  const apis = fc.uniqueArray(
    fc.record({
      apiId: id,
      protocol: fc.constantFrom('REST' as const, 'WEBSOCKET' as const),
      names: fc.uniqueArray(id),
    }),
    { selector: ({ apiId, protocol }) => `${protocol} ${apiId}` },
  );
  fc.assert(
    fc.property(apis, (all) => {
      const known = all.map(({ apiId, protocol }) => ({ apiId, protocol, name: '' }));
      const index = indexOf(...known);
      for (const [i, api] of known.entries())
        index.read(
          api,
          (all[i]?.names ?? []).map((name) => stage(name)),
          at(1),
        );
      const arns = index.snapshot().stages.map(({ node }) => node.arn);
      expect(arns).toEqual(arns.toSorted());
      expect(arns).toHaveLength(all.reduce((sum, { names }) => sum + names.length, 0));
      for (const one of arns) expect(index.snapshot().find(one)?.arn).toBe(one);
    }),
  );
});
