import { createServer } from 'node:http';

/** The quickest start that Node has to offer: plain JavaScript, a server that answers nothing but OK. */
const server = createServer((_, response) => response.end('OK'));
server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
