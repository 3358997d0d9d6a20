import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { outcomeOf, type Place, placeOfServer } from './backend.ts';
import { startJava, startNginx, startOpenssl } from './backends.ts';
import { startTrust } from './certificates.ts';

/** What AWS advises, to the letter: the new certificate is put beside the old one in the file of trusted certificates. */
const OBVIOUS: { name: string; start(place: Place): Promise<unknown> }[] = [
  {
    name: 'nginx with ssl_client_certificate and ssl_verify_client on',
    start: async (place) =>
      startNginx(place, 'nginx.conf', (text) =>
        text
          .replace('include /etc/certway/trust.nginx;', '')
          .replace(
            /ssl_verify_client .*\n.*\n/,
            'ssl_client_certificate /etc/certway/trust.pem; ssl_verify_client on;',
          ),
      ),
  },
  { name: 'openssl s_server', start: async (place) => startOpenssl(place, []) },
  { name: 'Node with ca', start: startNode },
];

async function startNode({ folder, port }: Place): Promise<void> {
  const [cert, key, ca] = await Promise.all(
    ['server.crt', 'server.key', 'trust.pem'].map(async (name) => readFile(join(folder, name))),
  );
  const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true }, (_, response) =>
    response.end(),
  );
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(port, resolve));
}

test.each(OBVIOUS)('$name accepts the old certificate alone, and one of two', async ({ start }) => {
  const trust = await startTrust();
  const alone = await placeOfServer();
  await writeFile(join(alone.folder, 'trust.pem'), await trust.bundle('pem'));
  await start(alone);
  expect(await outcomeOf(alone.port, trust.old)).toBe('accepted');

  const renewed = await trust.generateNew();
  const both = await placeOfServer();
  await writeFile(join(both.folder, 'trust.pem'), await trust.bundle('pem'));
  await start(both);
  const outcomes = [await outcomeOf(both.port, trust.old), await outcomeOf(both.port, renewed)];
  expect(outcomes.toSorted()).toEqual(['accepted', 'refused']);
});

test('Java accepts an expired certificate in its trust store, unless the application looks at the date', async () => {
  const [place, trust] = await Promise.all([placeOfServer(), startTrust()]);
  await writeFile(join(place.folder, 'trust.pem'), await trust.bundle('pem'));
  await startJava(place, (text) =>
    text.replace('checkValidity()', 'checkValidity(((X509Certificate) peer).getNotBefore())'),
  );
  expect(await outcomeOf(place.port, trust.expired)).toBe('accepted');
});
