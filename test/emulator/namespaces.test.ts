import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStores } from '../../src/emulator/store/store.ts';

const NAMESPACES = ['123456789012 us-east-1', '123456789012 eu-west-1', '111111111111 us-east-1'];
const IDS = ['a', 'b', 'c'];
const QUOTA = 2;

const namespace = fc.constantFrom(...NAMESPACES);
const id = fc.constantFrom(...IDS);
const text = fc.string({ maxLength: 5 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), namespace, id, text, key: fc.constantFrom('k1', 'k2') }),
  fc.record({ kind: fc.constant('describe' as const), namespace, id, text }),
  fc.record({ kind: fc.constant('delete' as const), namespace, id }),
  fc.record({ kind: fc.constant('set' as const), namespace, id, text }),
  fc.record({ kind: fc.constant('remove' as const), namespace, id }),
);

test('whatever is done in one namespace is seen in that one only', () => {
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const stores = createStores();
    const certificates = new Map(NAMESPACES.map((one) => [one, new Map<string, [string, string]>()]));
    const stages = new Map(NAMESPACES.map((one) => [one, new Map<string, string>()]));
    for (const one of steps) {
      const store = stores.of(one.namespace);
      const mine = certificates.get(one.namespace) ?? new Map<string, [string, string]>();
      const mineStages = stages.get(one.namespace) ?? new Map<string, string>();
      const before = mine.get(one.id);
      if (one.kind === 'insert' && !before) {
        const dates = { createdDate: new Date(0), expirationDate: new Date(1) };
        const row = { id: one.id, description: one.text, pem: 'pem', ...dates, tags: {} };
        const isStored = store.certificates.insert(row, { id: one.key, pem: () => one.key }, QUOTA);
        expect(isStored).toBe(mine.size < QUOTA);
        if (isStored) mine.set(one.id, [one.text, one.key]);
      } else if (one.kind === 'describe') {
        store.certificates.setDescription(one.id, one.text);
        if (before) mine.set(one.id, [one.text, before[1]]);
      } else if (one.kind === 'delete') {
        store.certificates.delete(one.id);
        mine.delete(one.id);
      } else if (one.kind === 'set') {
        store.v2Apis.stages.set('api', one.id, {
          stageName: one.id,
          description: one.text,
          defaultRouteSettings: {},
          routeSettings: {},
          stageVariables: {},
          tags: {},
          createdDate: '',
          lastUpdatedDate: '',
        });
        mineStages.set(one.id, one.text);
      } else if (one.kind === 'remove') {
        expect(store.v2Apis.stages.delete('api', one.id)).toBe(mineStages.delete(one.id));
      }
    }
    for (const one of NAMESPACES) {
      const { certificates: found, v2Apis } = stores.of(one);
      const rows = found.page(500).map((row) => [row.id, [row.description, found.privateKeyOf(row.id)]]);
      expect(new Map(rows as [string, [string, string]][])).toEqual(certificates.get(one));
      expect(found.count()).toBe(certificates.get(one)?.size);
      const kept = v2Apis.stages.all('api').map((stage) => [stage.stageName, stage.description]);
      expect(new Map(kept as [string, string][])).toEqual(stages.get(one));
      for (const [, description] of stages.get(one) ?? [])
        expect(v2Apis.stages.isAnyWith('description', description)).toBe(true);
      expect(v2Apis.stages.isAnyWith('description', 'nobody has this')).toBe(false);
    }
    stores.close();
  });
  fc.assert(property, { numRuns: 50 });
});
