import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Place, type Server, startServer, takeExample } from './backend.ts';

const run = promisify(execFile);

/** A backend of `examples/backends/`: the file that tells it what to trust, the form of that, and how it is started. */
export type Backend = {
  name: string;
  format: string;
  file: string;
  /** Has it read the file again. Without it, the file is read for each connection, or only at the start. */
  reload?: NodeJS.Signals;
  start(place: Place): Promise<Server>;
};

const startNode = async (place: Place) =>
  startServer(place.port, process.execPath, [await takeExample('node.mjs', place)]);

const startPython = async (place: Place) =>
  startServer(place.port, '/usr/bin/python3', [await takeExample('python.py', place)]);

/** As a service of systemd, with a master process that takes the signals. */
const startHaproxy = async (place: Place) =>
  startServer(place.port, '/usr/sbin/haproxy', ['-W', '-db', '-f', await takeExample('haproxy.cfg', place)]);

export const BACKENDS: Backend[] = [
  {
    name: 'nginx',
    format: 'nginx',
    file: 'trust.nginx',
    start: async (place) => startNginx(place, 'nginx.conf'),
    reload: 'SIGHUP',
  },
  { name: 'HAProxy', format: 'haproxy', file: 'trust.haproxy', start: startHaproxy, reload: 'SIGUSR2' },
  { name: 'Apache', format: 'apache', file: 'trust.apache', start: startApache, reload: 'SIGUSR1' },
  { name: 'Node', format: 'sha256', file: 'trust.sha256', start: startNode, reload: 'SIGHUP' },
  { name: 'Python', format: 'pem', file: 'trust.pem', start: startPython, reload: 'SIGHUP' },
  { name: 'Go', format: 'pem', file: 'trust.pem', start: startGo },
  { name: 'Java', format: 'pem', file: 'trust.pem', start: startJava },
  {
    name: 'openssl s_server -partial_chain',
    format: 'pem',
    file: 'trust.pem',
    start: async (place) => startOpenssl(place, ['-partial_chain']),
  },
];

/** nginx with an example for `http { }`; `edit` changes it. */
export async function startNginx(place: Place, name: string, edit = (text: string) => text) {
  const configuration = await takeExample(name, place, edit);
  return startServer(place.port, '/usr/sbin/nginx', [
    '-c',
    await nginxMain(place, configuration),
    '-g',
    'daemon off;',
  ]);
}

/** The main configuration of an nginx that writes to its folder alone. */
async function nginxMain({ folder }: Place, configuration: string): Promise<string> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${folder}/${name};\n`)
    .join('');
  const path = join(folder, 'main.conf');
  await writeFile(
    path,
    `pid ${folder}/nginx.pid;\nerror_log stderr;\nevents { }\nhttp {\n  access_log off;\n${temporary}  include ${configuration};\n}\n`,
  );
  return path;
}

const APACHE_MODULES = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'ssl',
  'socache_shmcb',
  'proxy',
  'proxy_http',
];

async function startApache(place: Place) {
  const { folder, port } = place;
  const path = join(folder, 'main.conf');
  const lines = [
    `DefaultRuntimeDir ${folder}`,
    `PidFile ${folder}/apache.pid`,
    `ErrorLog ${folder}/error.log`,
    'ServerName localhost',
    'User www-data',
    'Group www-data',
    `Listen ${port}`,
    ...APACHE_MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    `Include ${await takeExample('apache.conf', place)}`,
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  return startServer(port, '/usr/sbin/apache2', ['-DFOREGROUND', '-d', folder, '-f', path]);
}

async function startGo(place: Place) {
  const binary = join(place.folder, 'server');
  await run('/usr/bin/go', ['build', '-o', binary, await takeExample('server.go', place)], {
    env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' },
  });
  return startServer(place.port, binary, []);
}

export async function startJava(place: Place, edit = (text: string) => text) {
  const { folder, port } = place;
  const script = await takeExample('java-trust-store.sh', place);
  await run(script, [`${folder}/trust.pem`, `${folder}/trust.p12`]);
  const keyStore = [
    '-in',
    `${folder}/server.pem`,
    '-out',
    `${folder}/server.p12`,
    '-passout',
    'pass:changeit',
  ];
  await run('/usr/bin/openssl', ['pkcs12', '-export', ...keyStore]);
  return startServer(port, '/usr/bin/java', [await takeExample('JavaServer.java', place, edit)]);
}

/** `-Verify` asks for a certificate, and `-verify_return_error` ends the handshake if it is not accepted. */
export async function startOpenssl({ folder, port }: Place, options: string[]) {
  const args = ['-accept', `127.0.0.1:${port}`, '-www', '-Verify', '1', '-verify_return_error'];
  const files = [
    '-cert',
    `${folder}/server.crt`,
    '-key',
    `${folder}/server.key`,
    '-CAfile',
    `${folder}/trust.pem`,
  ];
  return startServer(port, '/usr/bin/openssl', ['s_server', ...args, ...files, ...options]);
}
