import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeSettings } from '../../src/settings/help.ts';
import { misspeltSettings } from '../../src/settings/misspelt.ts';

const SETTINGS: string[] = describeSettings().match(/(?<=^ {2})[A-Z_]+/gm) ?? [];
const LONG = SETTINGS.filter((name) => name.replaceAll('_', '').length >= 8);
const SHORT = SETTINGS.filter((name) => name.length < 7);

const warningsOf = (...names: string[]) =>
  misspeltSettings(Object.fromEntries(names.map((name) => [name, '1'])));

/** Typing mistakes in a name, at an index, with a letter. */
const SLIPS = {
  omission: (name: string, at: number) => name.slice(0, at) + name.slice(at + 1),
  insertion: (name: string, at: number, letter: string) => name.slice(0, at) + letter + name.slice(at),
  substitution: (name: string, at: number, letter: string) => name.slice(0, at) + letter + name.slice(at + 1),
  transposition: (name: string, at: number) =>
    name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2),
};

const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ_');

test.each(Object.entries(SLIPS))('a single %s in a name of 8 letters or more is reported', (_, slip) => {
  const slipped = fc
    .tuple(fc.constantFrom(...LONG), fc.nat(), letter)
    .map(([name, at, other]) => ({ name, given: slip(name, at % name.length, other) }));
  fc.assert(
    fc.property(slipped, ({ name, given }) => {
      fc.pre(!SETTINGS.includes(given) && given !== 'AWS_REGION'); // the SDK's
      const [warning, ...others] = warningsOf(given);
      expect(warning).toMatch(new RegExp(`^${given} is no setting: did you mean .*\\b${name}\\b`));
      expect(others).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test.each(SETTINGS)('%s in lower case, or without its underscores, is reported', (name) => {
  const others = [name.toLowerCase(), name.replaceAll('_', '')].filter((other) => other !== name);
  expect(warningsOf(...others)).toEqual(
    [...new Set(others)].map((other) => `${other} is no setting: did you mean ${name}?`),
  );
});

test.each(SHORT)('two swapped letters are reported also in a short name such as %s', (name) => {
  const swapped = SLIPS.transposition(name, 1);
  expect(warningsOf(swapped)).toEqual([`${swapped} is no setting: did you mean ${name}?`]);
});

test('both settings are named if two are equally similar', () => {
  expect(warningsOf('EMULATOR_HORT')).toEqual([
    'EMULATOR_HORT is no setting: did you mean EMULATOR_HOST or EMULATOR_PORT?',
  ]);
});

describe('nothing is reported', () => {
  test('about the settings themselves', () => {
    expect(warningsOf(...SETTINGS)).toEqual([]);
  });

  test('about a name without a value', () => {
    expect(misspeltSettings({ RATE_LIMIT_PER_MINTUE: '', LOG_LEVLE: undefined })).toEqual([]);
  });

  test('about variables of shells, npm, Node, AWS, containers and CI', () => {
    expect(warningsOf(...OTHERS)).toEqual([]);
    expect(misspeltSettings(process.env)).toEqual([]);
  });

  test.each(['EMULATORS', 'CERTWAY', 'AUTH', 'API_KEYS', 'GRAPHQL', 'UPSTREAM', 'KUBERNETES'])(
    'about the variables of Kubernetes for a service %s',
    (service) => {
      expect(
        misspeltSettings({
          [`${service}_SERVICE_HOST`]: '10.0.0.7',
          [`${service}_SERVICE_PORT`]: '4001',
          [`${service}_SERVICE_PORT_HTTPS`]: '443',
          [`${service}_PORT`]: 'tcp://10.0.0.7:4001',
          [`${service}_PORT_4001_TCP`]: 'tcp://10.0.0.7:4001',
          [`${service}_PORT_4001_TCP_PROTO`]: 'tcp',
          [`${service}_PORT_4001_TCP_PORT`]: '4001',
          [`${service}_PORT_4001_TCP_ADDR`]: '10.0.0.7',
        }),
      ).toEqual([]);
    },
  );
});

/** From the manuals of bash, zsh, tcsh, systemd, npm, Node, OpenTelemetry, Docker, AWS's SDKs, ECS, Lambda and GitHub Actions. */
const OTHERS = `
  PATH HOME USER LOGNAME SHELL TERM LANG LC_ALL PWD OLDPWD SHLVL TMPDIR TZ EDITOR PAGER MAIL DISPLAY XAUTHORITY COLUMNS LINES
  HOSTNAME HOSTTYPE OSTYPE MACHTYPE VENDOR GROUP IFS PS1 _ INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID NOTIFY_SOCKET LISTEN_FDS
  SSH_AUTH_SOCK SSH_CLIENT SSH_CONNECTION SSH_TTY GPG_AGENT_INFO COLORTERM TERM_PROGRAM TMUX http_proxy https_proxy no_proxy
  HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY POST PORTS SPORT DPORT HOSTS GHOST AUTHOR OAUTH API_KEY APP_KEY API_URL API_HOST API_PORT
  NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_COMPILE_CACHE NODE_DEBUG NODE_VERSION NODE_TLS_REJECT_UNAUTHORIZED
  NODE_NO_WARNINGS NODE_REPL_HISTORY YARN_VERSION NVM_DIR NVM_BIN UV_THREADPOOL_SIZE INIT_CWD
  npm_command npm_config_cache npm_config_node_gyp npm_config_prefix npm_execpath npm_lifecycle_event npm_lifecycle_script
  npm_node_execpath npm_package_json npm_package_name npm_package_version npm_config_user_agent
  AWS_REGION AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_MAX_ATTEMPTS AWS_ENDPOINT_URL
  AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE ECS_CONTAINER_METADATA_URI_V4 AWS_EXECUTION_ENV
  OTEL_SERVICE_NAME OTEL_LOG_LEVEL OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_TIMEOUT DOCKER_HOST COMPOSE_PROJECT_NAME
  KUBERNETES_PORT KUBERNETES_SERVICE_HOST POD_NAME POD_NAMESPACE POD_IP NODE_NAME NODE_IP HOST_IP container
  CI GITHUB_ACTIONS GITHUB_TOKEN GITHUB_REF RUNNER_OS RUNNER_DEBUG GITLAB_CI BUILD_NUMBER JENKINS_URL
  DATABASE_URL REDIS_URL SERVICE_PORT SERVER_PORT HTTP_PORT HTTPS_PORT METRICS_PORT DEBUG VERBOSE LOGLEVEL_ROOT LOG_FORMAT LOG_FILE
  REQUEST_TIMEOUT CACHE_TTL RATE_LIMIT CORS_ORIGIN_ALLOW_ALL JWT_SECRET AUTH_TOKEN MAX_CONNECTIONS MAX_WORKERS
`
  .trim()
  .split(/\s+/);
