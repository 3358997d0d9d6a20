import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { exampleApis, exampleCertificates, exampleRestApis } from '../../src/emulator/examples.ts';
import { startService } from '../support/service.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

const read = async (page: string) => readFile(ROOT + page, 'utf8');

/** The service as `npm start` has it, with the examples of its emulator. */
const startWithExamples = async () =>
  startService({
    emulator: {
      examples: exampleCertificates(new Date()),
      restApis: exampleRestApis,
      apis: exampleApis,
    },
  });

/** The operations of a page; its other blocks of GraphQL are types of other subgraphs. */
const operationsIn = (text: string): { source: string; operation: OperationDefinitionNode }[] =>
  Array.from(text.matchAll(/^ *```graphql\n([\s\S]*?)```$/gm), ([, source = '']) => source).flatMap(
    (source) =>
      parse(source).definitions.flatMap((operation) =>
        operation.kind === Kind.OPERATION_DEFINITION ? [{ source, operation }] : [],
      ),
  );

const pages = await Promise.all(
  globSync(['README.md', 'docs/*.md'], { cwd: ROOT }).map(async (page) => ({
    page,
    operations: operationsIn(await read(page)),
  })),
);

test.each(pages.filter(({ operations }) => operations.length > 0))(
  'the service executes every operation of $page',
  async ({ operations }) => {
    const { query } = await startWithExamples();
    for (const { source, operation } of operations) {
      const { errors = [] } = await query(source);
      const codes = errors.map(({ extensions }) => extensions['code']);
      // Without the variables that a person has to fill in, nothing but the schema is checked.
      const needsVariables = operation.variableDefinitions?.some(
        ({ type }) => type.kind === Kind.NON_NULL_TYPE,
      );
      expect(codes, source).toEqual(needsVariables ? ['BAD_USER_INPUT'] : []);
    }
  },
);

test('the request with curl in docs/queries.md gets the answer beside it', async () => {
  const [, body = '', answer = ''] =
    /^curl [^\n]+ -d '([^']+)'\n```\n\n```json\n(.+)\n```$/m.exec(await read('docs/queries.md')) ?? [];
  const { post } = await startWithExamples();
  const response = await post(body);
  expect(await response.json()).toEqual(JSON.parse(answer));
});
