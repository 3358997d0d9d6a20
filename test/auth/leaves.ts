import type { SchemaPath } from '../graphql/schema-paths.ts';
import type { Answer } from '../support/service.ts';

/** A leaf of the schema, and the field of the root that selects it alone. */
export type Leaf = { path: SchemaPath; field: string };

/** What came of an operation: its answer and its AWS calls. */
export type Outcome = { answer: Answer; calls: string[] };
export type Ask = (source: string) => Promise<Outcome>;

/** No answer has more than 100 errors. */
const TOGETHER = 50;

/** So much may be in one operation that so many leaves have a place in it, whatever each of them costs. */
export const ROOM = {
  MAX_COST: '100000000',
  MAX_TOKENS: '100000',
  MAX_UPSTREAM_CALLS_PER_OPERATION: '10000',
  REQUEST_TIMEOUT_MS: '60000',
};

/**
 * One operation for the leaves below the same field of the same result of a mutation, since a mutation that is refused ends
 * the operation. If that field was refused, so was each of them. Otherwise they are asked for alone.
 */
export async function askMutations(leaves: Leaf[], ask: Ask): Promise<Outcome[]> {
  const outcomes = new Map<Leaf, Outcome>();
  for (const some of Map.groupBy(leaves, fieldOfResult).values()) {
    const outcome = await ask(`mutation { ${some.map(({ field }) => field).join(' ')} }`);
    const { errors = [] } = outcome.answer;
    const isOfAll = some.length === 1 || (errors.length === 1 && (errors[0]?.path?.length ?? 0) <= 2);
    const own = isOfAll ? some.map(() => outcome) : await askAlone(some, ask);
    for (const [i, leaf] of some.entries()) outcomes.set(leaf, own[i] as Outcome);
  }
  return leaves.map((leaf) => outcomes.get(leaf) as Outcome);
}

/** With the arguments of the mutation, since those of `Mutation.delete…` differ. */
const fieldOfResult = ({ path, field }: Leaf) =>
  [field.split(' { ... on ')[0], ...path.name.split('.').slice(0, 4)].join(' ');

/** One operation for each leaf. */
async function askAlone(leaves: Leaf[], ask: Ask): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { path, field } of leaves) outcomes.push(await ask(`${path.operation} { ${field} }`));
  return outcomes;
}

/**
 * One operation for all leaves, each below an alias of its own, by which data and errors are told apart. The calls are those
 * of all. Where the answer has no data, since a field that may not be null was refused, the leaves are asked for alone.
 */
export async function askTogether(leaves: Leaf[], ask: Ask): Promise<Outcome[]> {
  const fields = leaves.map(({ field }, i) => `a${i}: ${field}`).join(' ');
  const { answer, calls } = await ask(`${leaves[0]?.path.operation} { ${fields} }`);
  const { data, errors = [] } = answer;
  if (!data) return askAlone(leaves, ask);
  return leaves.map((_, i) => {
    const own = errors.filter(({ path }) => path?.[0] === `a${i}`);
    return { answer: { data: { [`a${i}`]: data[`a${i}`] }, ...(own.length > 0 && { errors: own }) }, calls };
  });
}

/** Leaves of the same field of the root, as many as one operation may have. */
export const byField = (leaves: Leaf[]): Leaf[][] =>
  Array.from(Map.groupBy(leaves, ({ path }) => path.name.split('.').slice(0, 2).join('.')).values()).flatMap(
    (some) =>
      Array.from({ length: Math.ceil(some.length / TOGETHER) }, (_, i) =>
        some.slice(i * TOGETHER, (i + 1) * TOGETHER),
      ),
  );
