/** The file of each AWS resource; the next one adds its name. */
const RESOURCES = /^(client-certificates|client-certificate-(reads|cache|upstream))\.ts$/;

/** Files may import from their own layer and from those below it. Only `main.ts` knows the emulator. */
const LAYERS = [
  /^main\.ts$/,
  /^(service|commands)\.ts$/,
  /^server\.ts$/,
  /^execution\.ts$/,
  /^(edge|plugins|schema)\//,
  /^(metrics|expiration-metrics)\.ts$/,
  /^authentication\.ts$/,
  /^context\.ts$/,
  /^light-fetch\.ts$/,
  /^exchange\.ts$/,
  RESOURCES,
  /^upstream-cache\.ts$/,
  /^(known-findings|read-queue|shared-read|upstream-health)\.ts$/,
  /^findings\.ts$/,
  /^aws-calls\.ts$/,
  /^client-certificate-list\.ts$/,
  /^snapshot\.ts$/,
  /^paging\.ts$/,
  /^api-gateway\.ts$/,
  /^(config|setting-kinds|misspelt-settings|viewer|api-key|jwt|jwks|client-certificate|client-certificate-id|input-rules|x509|aws-errors|errors|global-id|listener|log|expiry-watch|tag-labels|maybe-promise|document-cache|second-time|log-output|log-terminal|operation-labels|hosts|aws-answers|aws-denials|call-budget|fair-queue|folded|in-slices)\.ts$/,
];

/** What bounds the requests of any server; the emulator has nothing else of the service. */
const ANY_SERVER = /^edge\/(in-order|request-bodies)\.ts$/;

const layerOf = (file: string) => LAYERS.findIndex((layer) => layer.test(file));
const SCHEMA_LAYER = layerOf('schema/');

type Import = { from: string; isType: boolean; isDynamic: boolean };

/** Who may import what, whether the import is of types alone, and whether it is dynamic. */
type Rule = { module: RegExp; only: string; allows(file: string, how: Import): boolean };

const RULES: Rule[] = [
  { module: /^@(pothos|graphql-tools)\//, only: 'schema/', allows: (file) => file.startsWith('schema/') },
  {
    module: /^graphql-yoga/,
    only: 'execution.ts and plugins/',
    allows: (file) => file === 'execution.ts' || file.startsWith('plugins/'),
  },
  {
    module: /^dataloader$/,
    only: 'client-certificates.ts',
    allows: (file) => RESOURCES.test(file),
  },
  { module: /^node:sqlite$/, only: 'emulator/store.ts', allows: (file) => file === 'emulator/store.ts' },
  {
    module: /^@(aws-sdk|smithy)\//,
    only: 'api-gateway.ts and client-certificates.ts, and as types below schema/ and in emulator/',
    allows: (file, { isType }) =>
      file === 'api-gateway.ts' ||
      RESOURCES.test(file) ||
      (isType && (file.startsWith('emulator/') || layerOf(file) > SCHEMA_LAYER)),
  },
  { module: /^jose$/, only: 'jwt.ts and jwks.ts', allows: (file) => file === 'jwt.ts' || file === 'jwks.ts' },
  {
    module: /^(node:)?process$/,
    only: 'main.ts, and plugins/turns.ts for nextTick',
    allows: (file) => file === 'main.ts' || file === 'plugins/turns.ts',
  },
  {
    module: /^@graphql-yoga\/render-graphiql$/,
    only: 'edge/graphiql.ts, dynamically, since it is nine megabytes',
    allows: (file, { isDynamic }) => file === 'edge/graphiql.ts' && isDynamic,
  },
  {
    module: /^emulator\//,
    only: 'main.ts and emulator/',
    allows: (file) => file === 'main.ts' || file.startsWith('emulator/'),
  },
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
  if (!file.startsWith('emulator/') && layerOf(file) === -1)
    complaints.push(`${file}: it has no place in LAYERS yet`);
  if (/^export default\b|\bas default\b/m.test(code)) complaints.push(`${file}: it has a default export`);
  if (/^export\s[^'"`;=(]*\sfrom\s/m.test(code)) complaints.push(`${file}: it exports what another file has`);
  if (file !== 'main.ts' && /\bprocess\b/.test(withoutStrings(code)))
    complaints.push(`${file}: it uses process; only main.ts does, and hands on what others need`);
  if (/\b(import|require)\(\s*[^'\s]/.test(code) || /\brequire\(/.test(code))
    complaints.push(`${file}: it imports what cannot be read here; write import('the name')`);
  return complaints;
}

function importViolations(file: string, one: Import): string[] {
  const { from } = one;
  const complaints = RULES.filter(({ module, allows }) => module.test(from) && !allows(file, one)).map(
    ({ only }) => `${file} imports ${from}: allowed in ${only}`,
  );
  if (!from.endsWith('.ts') || from.startsWith('emulator/')) return complaints;
  if (file.startsWith('emulator/')) {
    if (!ANY_SERVER.test(from)) complaints.push(`${file} imports ${from}: emulator/ stands alone`);
  } else if (layerOf(from) < layerOf(file)) complaints.push(`${file} imports ${from}: that is above it`);
  else if (layerOf(file) === SCHEMA_LAYER && layerOf(from) === SCHEMA_LAYER && folder(file) !== folder(from))
    complaints.push(`${file} imports ${from}: edge/, plugins/ and schema/ know nothing of each other`);
  return complaints;
}

const folder = (file: string) => file.split('/')[0];

/** Each cycle once, from the file in it whose name comes first. */
function cycles(imports: Map<string, Import[]>): string[] {
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
