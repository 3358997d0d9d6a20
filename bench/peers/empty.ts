import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The quickest start that Node has to offer: a server that answers nothing but OK. */
const server = createServer((_, response) => response.end('OK'));
server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
