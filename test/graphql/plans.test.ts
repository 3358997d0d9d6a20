import { setImmediate as endOfTurn } from 'node:timers/promises';
import { buildSchema, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createKeptTexts, type Moment } from '../../src/graphql/executor/kept-texts.ts';
import { createPlans } from '../../src/graphql/executor/plans.ts';
import { writeAll } from '../../src/graphql/executor/write.ts';
import { WrittenText } from '../../src/graphql/executor/written-text.ts';
import { collectGarbage } from '../support/heap.ts';

const schema = buildSchema('type Query { a: String }');

const ANIMALS = buildSchema(`
  interface Animal { name: String }
  type Cat implements Animal { name: String lives: Int }
  type Dog implements Animal { name: String tricks: Int }
  type Query { animal: Animal }
`);

function start(of = schema) {
  const { addValid, forget, queryOf, planOf } = createPlans<unknown>({
    schema: of,
    keepTexts: (writes) => (item, run) => writeAll(writes, item, run),
  });
  return {
    addValid,
    forget,
    queryOf,
    planOf,
    /** The plan of a valid query, by its text. */
    createPlanFor: (text: string) => {
      const document = parse(text);
      addValid(document);
      const query = queryOf(document, undefined) as OperationDefinitionNode;
      return (variables: Record<string, unknown> = {}) => planOf(document, query, variables);
    },
  };
}

const queryWith = (fields: number) => `{ ${Array.from({ length: fields }, (_, i) => `a${i}: a`).join(' ')} }`;

describe('plans', () => {
  test('are made of documents that were found valid, and of queries alone', () => {
    const { addValid, queryOf } = start();
    const document = parse('query A { a } subscription B { a }');
    expect(queryOf(document, 'A')).toBe(undefined);
    addValid(document);
    expect(queryOf(document, 'A')?.name?.value).toBe('A');
    expect(queryOf(document, 'B')).toBe(undefined);
    expect(queryOf(document, undefined)).toBe(undefined);
  });

  test('are made once for each combination of the variables of directives, 16 at most', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const planOf = start().createPlanFor(
      `query (${names.map((name) => `$${name}: Boolean!`).join()}) { a ${names.map((name) => `a${name}: a @include(if: $${name})`).join(' ')} }`,
    );
    const combination = (number: number) =>
      Object.fromEntries(names.map((name, i) => [name, (number >> i) % 2 === 1]));
    const first = planOf(combination(0));
    expect(first?.fields).toBe(1);
    for (let number = 1; number < 16; number += 1) planOf(combination(number));
    expect(planOf(combination(16))).toBe(undefined);
    expect(planOf(combination(0))).toBe(first);
  });

  test('are forgotten with their document, and none is made for a request that waited meanwhile', () => {
    const { addValid, forget, queryOf, planOf } = start();
    const document = parse('query A { a } query B { a }');
    addValid(document);
    const [a, b] = ['A', 'B'].map((name) => queryOf(document, name) as OperationDefinitionNode);
    const plan = a && planOf(document, a, {});
    expect(plan?.fields).toBe(1);
    forget(document);
    expect([a, b].map((query) => query && planOf(document, query, {}))).toEqual([undefined, undefined]);
    expect(queryOf(document, 'A')).toBe(undefined);
    addValid(document);
    expect(a && planOf(document, a, {})?.fields).toBe(1);
    expect(a && planOf(document, a, {})).not.toBe(plan);
  });

  test('have 4000 fields at most', () => {
    const { createPlanFor } = start();
    expect(createPlanFor(queryWith(4000))()?.fields).toBe(4000);
    expect(createPlanFor(queryWith(4001))()).toBe(undefined);
  });

  test('have 40,000 fields together, of the queries that were used last', () => {
    const { createPlanFor } = start();
    const planOfFirst = createPlanFor(queryWith(4000));
    const planOfSecond = createPlanFor(queryWith(4000));
    const [first, second] = [planOfFirst(), planOfSecond()];
    for (let i = 0; i < 7; i += 1) createPlanFor(queryWith(4000))();
    expect(planOfFirst()).toBe(first);
    createPlanFor(queryWith(4000))();
    expect(planOfFirst()).toBe(first);
    expect(planOfSecond()).not.toBe(second);
  });
});

test('every plan of a query counts for that', () => {
  const { createPlanFor } = start();
  const aliases = Array.from({ length: 3000 }, (_, i) => `a${i}: a @include(if: $with)`).join(' ');
  const createSmallAndLarge = () => {
    const planOf = createPlanFor(`query ($with: Boolean!) { a ${aliases} }`);
    return { small: () => planOf({ with: false }), large: () => planOf({ with: true }) };
  };
  const first = createSmallAndLarge();
  const plan = first.small();
  expect(plan?.fields).toBe(1);
  for (let i = 0; i < 14; i += 1) {
    const { small, large } = createSmallAndLarge();
    small();
    large();
  }
  expect(first.small()).not.toBe(plan);
});

test('a query whose plans have 10,000 fields gets no more of them', () => {
  const aliases = Array.from({ length: 3000 }, (_, i) => `a${i}: a`).join(' ');
  const planOf = start().createPlanFor(
    `query ($a: Boolean!, $b: Boolean!, $c: Boolean!) {
      ${aliases} a: a @include(if: $a) b: a @include(if: $b) c: a @include(if: $c)
    }`,
  );
  const plans = [0, 1, 2, 3, 4].map((n) => planOf({ a: n % 2 > 0, b: n % 4 > 1, c: n > 3 }));
  expect(plans.map((plan) => plan?.fields)).toEqual([3000, 3001, 3001, 3002, undefined]);
  expect(planOf({ a: false, b: false, c: false })).toBe(plans[0]);
});

test('fields of all possible types count for that', () => {
  const planOf = start(ANIMALS).createPlanFor(
    '{ animal { name ... on Cat { lives } ... on Dog { tricks } } }',
  );
  expect(planOf()?.fields).toBe(1 + 2 + 2);
});

test('a plan keeps none of the variables of the request that it was made for', async () => {
  const planOf = start(ANIMALS).createPlanFor(
    'query ($with: Boolean!, $a: String) { animal @include(if: $with) { name ... on Cat { lives } } }',
  );
  const makeFor = (a: object) => ({ plan: planOf({ with: true, a }), sent: new WeakRef(a) });
  const { plan, sent } = makeFor({});
  await endOfTurn();
  collectGarbage();
  expect(sent.deref()).toBe(undefined);
  expect(planOf({ with: true, a: null })).toBe(plan);
});

describe('kept texts', () => {
  const moment: Moment = { nowMs: 0, trueUntilMs: Number.POSITIVE_INFINITY, isTrueUntil: () => undefined };

  /** The texts of several selections of one field. */
  function startKeeping(text: string, selections = 1) {
    let written = 0;
    const keep = createKeptTexts<undefined>({ momentOf: () => moment, ofItself: () => undefined });
    const writes = Array.from({ length: selections }, () =>
      keep([
        (_, run) => {
          written += 1;
          run.text.add(text);
        },
      ]),
    );
    return {
      textOf: (item: object, selection = 0) => {
        const answer = new WrittenText();
        writes[selection]?.(item, { context: undefined, text: answer });
        return answer.toString();
      },
      written: () => written,
    };
  }

  test('are written for the first two times, and copied after that', () => {
    const { textOf, written } = startKeeping('{"a":1');
    const item = {};
    expect([1, 2, 3, 4].map(() => textOf(item))).toEqual(Array(4).fill('{"a":1}'));
    expect(written()).toBe(2);
  });

  test('are forgotten when they have more than 8 Mi characters together', () => {
    const { textOf, written } = startKeeping('x'.repeat(1024 * 1024 - 1000));
    const items = Array.from({ length: 8 }, () => ({}));
    for (const item of [...items, ...items, ...items]) textOf(item);
    expect(written()).toBe(16);
    const one = {};
    textOf(one);
    textOf(one);
    expect(written()).toBe(18);
    for (const item of items) textOf(item);
    expect(written()).toBe(26);
  });

  test('of selections that are no longer asked for are forgotten, too', () => {
    const { textOf, written } = startKeeping('x'.repeat(1024 * 1024 - 1000), 9);
    const item = {};
    for (let selection = 0; selection < 9; selection += 1) for (const _ of [1, 2]) textOf(item, selection);
    expect(written()).toBe(18);
    textOf(item, 0);
    expect(written()).toBe(19);
  });

  test('count for more than their characters, since each is an entry', () => {
    const { textOf, written } = startKeeping('');
    const items = Array.from({ length: 15_000 }, () => ({}));
    for (const item of [...items, ...items, ...items]) textOf(item);
    expect(written()).toBeGreaterThan(30_000);
  });

  test('are none where every field depends on more', () => {
    const keep = createKeptTexts<string>({ momentOf: () => moment, ofItself: () => 'itself' });
    let asked = 0;
    const write = keep([
      (_, { context, text }) => {
        if (context === 'itself') asked += 1;
        if (context === 'itself') throw new Error('it depends on more');
        text.add('{"a":1');
      },
    ]);
    const item = {};
    for (let i = 0; i < 5; i += 1) write(item, { context: 'other', text: new WrittenText() });
    expect(asked).toBe(1);
  });
});

describe('a written text', () => {
  const long = 'x'.repeat(300);

  test.for([
    ['of short texts', ['a', 'b', 'c']],
    ['of long and short texts', ['a', long, long, 'b', long, '']],
    ['that is long', [long.repeat(50), 'b', long]],
  ] as const)('%s is all of them in their order', ([, texts]) => {
    const text = new WrittenText();
    for (const one of texts) text.add(one);
    expect(text.length).toBe(texts.join('').length);
    expect(text.toString()).toBe(texts.join(''));
    expect(`${text.toBody()}`).toBe(texts.join(''));
  });

  test('that is not all ASCII is UTF-8', () => {
    const text = new WrittenText();
    text.isAscii = false;
    text.add('ü\u{1f511}'.repeat(10_000));
    expect(text.toBody()).toEqual(Buffer.from('ü\u{1f511}'.repeat(10_000)));
  });
});
