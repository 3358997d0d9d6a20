import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import graphqlEslint from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import { buildSchema, printSchema } from 'graphql';

const { resolve } = createRequire(import.meta.url);

/** As clients see it: without what a subgraph only says to composers, which not every linter understands. */
export const clientSchemaOf = (sdl: string): string =>
  printSchema(buildSchema(sdl, { assumeValidSDL: true }));

/** What graphql-eslint's `flat/schema-relay` complains of. */
export async function eslintComplaints(sdl: string): Promise<string[]> {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.graphql'],
      languageOptions: {
        parser: graphqlEslint.parser,
        parserOptions: { graphQLConfig: { schema: sdl } },
      },
      plugins: { '@graphql-eslint': graphqlEslint as ESLint.Plugin },
      rules: {
        ...graphqlEslint.configs['flat/schema-relay'].rules,
        // By default no list may be of anything but edges. Tags, issues and the two `nodes` are short lists that have no
        // pages: AWS allows 50 tags, and the others are as long as what was asked for.
        '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      },
    },
  });
  const results = await eslint.lintText(sdl, { filePath: 'schema.graphql' });
  return results.flatMap(({ messages }) => messages.map(({ message }) => message));
}

const RELAY_RULES = [
  'relay-connection-types-spec',
  'relay-connection-arguments-spec',
  'relay-page-info-spec',
];

/** What graphql-schema-linter's rules of Relay complain of. */
export function schemaLinterComplaints(sdl: string): string[] {
  const linter = resolve('graphql-schema-linter/lib/cli.js');
  const args = [linter, '--stdin', '--format', 'json', '--rules', RELAY_RULES.join(',')];
  const { stdout, stderr } = spawnSync(process.execPath, args, { input: sdl, encoding: 'utf8' });
  if (stderr) throw new Error(stderr);
  const { errors }: { errors: { message: string }[] } = JSON.parse(stdout);
  return errors.map(({ message }) => message);
}
