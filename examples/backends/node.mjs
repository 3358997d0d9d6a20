// Node: trust.sha256 is the bundle as SHA-256 fingerprints. (A server of Node 24 ignores `allowPartialTrustChain`.)
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const readTrusted = () =>
  new Set(readFileSync('/etc/certway/trust.sha256', 'utf8').split('\n').filter(isFingerprint));
const isFingerprint = (line) => /^[0-9a-f]{64}$/.test(line);

let trusted = readTrusted();
process.on('SIGHUP', () => {
  trusted = readTrusted(); // after the bundle has changed
});

/** The handshake has proved that the client has the private key. */
function isTrusted(socket) {
  const { raw, valid_to: validTo } = socket.getPeerCertificate();
  return raw && trusted.has(createHash('sha256').update(raw).digest('hex')) && new Date(validTo) > new Date();
}

const options = {
  cert: readFileSync('/etc/certway/server.crt'),
  key: readFileSync('/etc/certway/server.key'),
  requestCert: true,
  rejectUnauthorized: false, // isTrusted decides
};
createServer(options, (request, response) => {
  if (isTrusted(request.socket)) response.end('Hello, API Gateway.\n');
  else response.writeHead(403).end();
}).listen(8443);
