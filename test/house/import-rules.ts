/**
 * The parts of `src/` from the door inwards: a folder, or a file of its own. Each may import from itself and from those
 * below it. `docs/architecture.md` has the same list.
 */
export const PARTS = [
  'main.ts',
  'commands/',
  'service.ts',
  'background.ts',
  'server.ts',
  'operations.ts',
  'web/',
  'http/',
  'graphql/execution.ts',
  'graphql/plugins/',
  'graphql/schema/',
  'graphql/',
  'exchange.ts',
  'observability/',
  'notifications/',
  'resources/',
  'shared-reads/',
  'replicas/',
  'relay/',
  'aws/',
  'settings/',
  'auth/',
  'http-limits/',
  'errors/',
  'time/',
  'collections/',
  'maybe-promise.ts',
];

const partOf = (file: string) => PARTS.findIndex((part) => file.startsWith(part));

type Import = { from: string; isType: boolean; isDynamic: boolean };

/** Who may import what, whether the import is of types alone, and whether it is dynamic. */
type Rule = { module: RegExp; only: string; allows(file: string, how: Import): boolean };

const below = (...parts: string[]) => ({
  only: parts.join(' and '),
  allows: (file: string) => parts.some((part) => file.startsWith(part)),
});

const RULES: Rule[] = [
  { module: /^@pothos\//, ...below('graphql/schema/') },
  { module: /^@graphql-tools\//, ...below('graphql/schema/', 'graphql/executor/') },
  { module: /^graphql-yoga/, ...below('graphql/') },
  { module: /^dataloader$/, ...below('resources/') },
  { module: /^node:sqlite$/, ...below('emulator/store/', 'notifications/sqlite-marks.ts') },
  {
    module: /^@aws-sdk\/client-eventbridge$/,
    only: 'notifications/event-bridge.ts, and as types in notifications/',
    allows: (file, { isType }) =>
      file === 'notifications/event-bridge.ts' || (isType && file.startsWith('notifications/')),
  },
  {
    module: /^@(aws-sdk\/(?!client-eventbridge)|smithy\/)/,
    only: 'aws/ and resources/, and as types in emulator/',
    allows: (file, { isType }) => /^(aws|resources)\//.test(file) || (isType && file.startsWith('emulator/')),
  },
  { module: /^jose$/, ...below('auth/') },
  { module: /^@prometheus-io\/client$/, ...below('observability/') },
  {
    module: /^(node:)?process$/,
    only: 'main.ts, and graphql/fair-scheduler.ts for nextTick',
    allows: (file) => file === 'main.ts' || file === 'graphql/fair-scheduler.ts',
  },
  {
    module: /^@graphql-yoga\/render-graphiql$/,
    only: 'web/, dynamically, since it is nine megabytes',
    allows: (file, { isDynamic }) => file.startsWith('web/') && isDynamic,
  },
  {
    module: /^@redis\/client$/,
    only: 'replicas/redis-client.ts, dynamically, since it is a megabyte that few need',
    allows: (file, { isDynamic }) => file === 'replicas/redis-client.ts' && isDynamic,
  },
  { module: /^emulator\//, ...below('commands/', 'emulator/') },
];

/** What is wrong with files of `src/`, by their paths there: one sentence for each violation. */
export function violationsOf(sources: Map<string, string>): string[] {
  const imports = new Map(Array.from(sources, ([file, text]) => [file, importsOf(file, text)]));
  return [
    ...Array.from(sources).flatMap(([file, text]) => styleViolations(file, withoutComments(text))),
    ...Array.from(imports).flatMap(([file, all]) => all.flatMap((one) => importViolations(file, one))),
    ...cycles(imports),
  ];
}

function styleViolations(file: string, code: string): string[] {
  const complaints: string[] = [];
  if (!/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(file))
    complaints.push(`${file}: its name is not in kebab-case`);
  if (!file.startsWith('emulator/') && partOf(file) === -1)
    complaints.push(`${file}: it has no place in PARTS yet`);
  if (/^export default\b|\bas default\b/m.test(code)) complaints.push(`${file}: it has a default export`);
  if (/^export\s[^'"`;=(]*\sfrom\s/m.test(code)) complaints.push(`${file}: it exports what another file has`);
  if (file !== 'main.ts' && /\bprocess\b/.test(withoutStrings(code)))
    complaints.push(`${file}: it uses process; only main.ts does, and hands on what others need`);
  if (/\b(import|require)\(\s*[^'\s]/.test(code) || /\brequire\(/.test(code))
    complaints.push(`${file}: it imports what cannot be read here; write import('the name')`);
  return complaints;
}

/** What bounds the requests of any server; the emulator has nothing else of the service. */
const ANY_SERVER = 'http-limits/';

const PEERS = ['graphql/plugins/', 'graphql/schema/'];

function importViolations(file: string, one: Import): string[] {
  const { from } = one;
  const complaints = RULES.filter(({ module, allows }) => module.test(from) && !allows(file, one)).map(
    ({ only }) => `${file} imports ${from}: allowed in ${only}`,
  );
  if (!from.endsWith('.ts') || from.startsWith('emulator/')) return complaints;
  if (file.startsWith('emulator/')) {
    if (!from.startsWith(ANY_SERVER)) complaints.push(`${file} imports ${from}: emulator/ stands alone`);
  } else if (partOf(from) < partOf(file)) complaints.push(`${file} imports ${from}: that is above it`);
  else if (partOf(from) !== partOf(file) && arePeers(from, file))
    complaints.push(`${file} imports ${from}: ${PEERS.join(' and ')} know nothing of each other`);
  return complaints;
}

const arePeers = (...files: string[]) =>
  files.every((file) => PEERS.some((folder) => file.startsWith(folder)));

/** The files without those that lead to no cycle, of which there are too many ways to walk. */
function onlyCyclic(imports: Map<string, Import[]>): Map<string, Import[]> {
  const left = new Map(Array.from(imports).filter(([, all]) => all.some(({ from }) => imports.has(from))));
  return left.size < imports.size ? onlyCyclic(left) : left;
}

/** Each cycle once, from the file in it whose name comes first. */
function cycles(all: Map<string, Import[]>): string[] {
  const imports = onlyCyclic(all);
  const found: string[] = [];
  function walk(path: string[]): void {
    const [start = '', last = ''] = [path[0], path.at(-1)];
    for (const { from } of imports.get(last) ?? []) {
      if (from === start) found.push(`${[...path, from].join(' → ')}: that is a cycle`);
      else if (from > start && !path.includes(from)) walk([...path, from]);
    }
  }
  for (const file of imports.keys()) walk([file]);
  return found;
}

/** What a file imports, its own kind by their paths in `src/`. */
export function importsOf(file: string, text: string): Import[] {
  const code = withoutComments(text);
  const statements = code.matchAll(
    /^(?:import|export)\s(?:(type)\s)?(?:[^'"`;=(]*\sfrom\s+)?['"]([^'"]+)['"]/gm,
  );
  const expressions = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  const resolve = (from = '') =>
    from.startsWith('.') ? new URL(from, `file:///${file}`).pathname.slice(1) : from;
  return [
    ...Array.from(statements, ([, type, from]) => ({
      from: resolve(from),
      isType: type === 'type',
      isDynamic: false,
    })),
    ...Array.from(expressions, ([, from]) => ({ from: resolve(from), isType: false, isDynamic: true })),
  ];
}

const TOKENS = /(\/\*[\s\S]*?\*\/|\/\/.*)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

const withoutComments = (text: string) =>
  text.replace(TOKENS, (token, comment) => (comment === undefined ? token : ' '));

/** Templates stay, for the sake of what they compute. */
const withoutStrings = (code: string) =>
  code.replace(TOKENS, (token) => (/^['"]/.test(token) ? "''" : token));
