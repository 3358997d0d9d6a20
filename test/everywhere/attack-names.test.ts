import { expect, test } from 'vitest';
import type { AccountRegion } from '../../src/aws/account-region.ts';
import { narrow } from '../../src/resources/everywhere/narrow.ts';

/** Counts how often the account of one of them is looked at, which is what takes time. */
function servedAccounts(count: number) {
  let looks = 0;
  const all = Array.from(
    { length: count },
    (_, i): Pick<AccountRegion, 'account' | 'accountId' | 'region'> => ({
      get account() {
        looks += 1;
        return `account${i}`;
      },
      accountId: undefined,
      region: 'us-east-1',
    }),
  ) as AccountRegion[];
  return { all, looks: () => looks };
}

test('a filter with very many accounts looks at those served as often as one with a single account', () => {
  const few = servedAccounts(1000);
  narrow(few.all, { accounts: ['account999'] });
  const many = servedAccounts(1000);
  const accounts = Array.from({ length: 10_000 }, (_, i) => `account${i % 1000}`);
  const { chosen, issues } = narrow(many.all, { accounts });
  expect({ chosen: chosen.length, issues }).toEqual({ chosen: 1000, issues: [] });
  expect(many.looks()).toBeLessThan(2 * few.looks());
});
