import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createEmulator } from '../src/emulator/index.ts';
import { generateRsaKeyPair } from '../src/emulator/x509.ts';

/** An emulator with as many certificates as the first argument says, all of one key pair; tells its parent its URL. */
const keyPair = await generateRsaKeyPair();
const server = createEmulator({
  requestsPerSecond: 0,
  generateKeyPair: async () => keyPair,
  examples: Array.from({ length: Number(process.argv[2]) }, (_, index) => ({
    description: `Backend number ${(index * 7919) % 100_003}`,
    tags: { team: `team-${index % 20}`, environment: index % 3 === 0 ? 'production' : 'test' },
    createdDate: new Date(Date.now() - ((index * 104_729) % 400) * 86_400_000),
  })),
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
await fetch(`http://127.0.0.1:${port}/clientcertificates?limit=1`, { headers: { authorization: 'any' } });
process.send?.(`http://127.0.0.1:${port}`);
