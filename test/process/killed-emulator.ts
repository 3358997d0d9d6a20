/** An emulator in its own process, on the file of its one argument; prints its URL. */
import { createEmulator } from '../../src/emulator/index.ts';
import { generateRsaKeyPair } from '../../src/emulator/x509.ts';

const oneKeyPair = generateRsaKeyPair();
const server = createEmulator({
  path: process.argv[2],
  requestsPerSecond: 0,
  generateKeyPair: () => oneKeyPair,
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null)
    process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
