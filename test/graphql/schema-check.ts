/**
 * `npm run schema:check`: refuses a `schema.graphql` that breaks clients or supergraphs of the last other one on main,
 * unless each such change is listed in `schema-changes.json` with its reason.
 *
 * On main is what `origin/main` has, or else `main`, as far as this branch has it too; without either, the history of
 * this branch. The newest `schema.graphql` there that differs from the one at hand is what it is compared with: on a
 * branch that changes the schema that is main's, on main it is the one before the last change; the list therefore keeps
 * its entries. Without any (a shallow clone, no git) there is nothing to refuse, and it says so.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { schemaChanges } from './schema-changes.ts';

const SCHEMA = 'schema.graphql';
const LIST = 'schema-changes.json';

const now = readFileSync(SCHEMA, 'utf8');
const earlier = earlierSchema();
if (!earlier) print(`Nothing to compare ${SCHEMA} with: this clone has no other one in the history of main.`);
else await compare(earlier);

async function compare({ commit, sdl }: { commit: string; sdl: string }): Promise<void> {
  const reasons: Record<string, string> = JSON.parse(readFileSync(LIST, 'utf8'));
  const { breaking, dangerous } = await schemaChanges(sdl, now);
  const refused = breaking.filter((change) => !reasons[change]?.trim());
  const listed = breaking.filter((change) => !refused.includes(change));

  print(`${SCHEMA}, compared with that of ${commit.slice(0, 10)}:`);
  printAll('Dangerous changes, which pass:', dangerous);
  printAll(
    `Breaking changes with a reason in ${LIST}:`,
    listed.map((change) => `${change} (${reasons[change]})`),
  );
  printAll('Breaking changes:', refused);
  if (refused.length === 0) return print('No breaking change without a reason.');
  print(`What has to break is listed in ${LIST}: {"the line above": "the reason"}.`);
  process.exitCode = 1;
}

function earlierSchema(): { commit: string; sdl: string } | undefined {
  const start =
    git('merge-base', 'HEAD', 'origin/main')?.trim() ?? git('merge-base', 'HEAD', 'main')?.trim() ?? 'HEAD';
  const commits = git('log', '--first-parent', '--format=%H', start, '--', SCHEMA) ?? '';
  for (const commit of commits.split('\n').filter(Boolean)) {
    const sdl = git('show', `${commit}:./${SCHEMA}`);
    if (sdl !== undefined && sdl !== now) return { commit, sdl };
  }
  return undefined;
}

/** What git prints, if it can do that. */
function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

function printAll(title: string, lines: string[]): void {
  if (lines.length > 0) print(`\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
