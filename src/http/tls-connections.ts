import type { Server } from 'node:https';
import type { Socket } from 'node:net';

/** Which connections of a TLS server have clients that were checked against the authorities that are trusted now. */
export type TlsConnections = {
  /** Knows the connections of this server from now on. */
  watch(server: Server): void;
  /** Other authorities are trusted from now on: no connection until now was checked against them. */
  distrust(): void;
  isChecked(socket: Socket): boolean;
};

export function createTlsConnections(): TlsConnections {
  let begun = new Map<string, Socket>();
  let checked = new WeakSet<Socket>();
  return {
    watch(server) {
      // Node chooses the authorities when the TCP connection begins, however long the handshake takes. Its socket for TLS is another
      // one; both know the address of the client.
      server.on('connection', (socket: Socket) => {
        const client = clientOf(socket);
        const all = begun;
        all.set(client, socket);
        socket.once('close', () => {
          if (all.get(client) === socket) all.delete(client);
        });
      });
      server.on('secureConnection', (socket: Socket) => {
        if (socket.remotePort !== undefined && begun.has(clientOf(socket))) checked.add(socket);
      });
    },
    distrust() {
      begun = new Map();
      checked = new WeakSet();
    },
    isChecked: (socket) => checked.has(socket),
  };
}

/** The port is undefined if the client has left. */
const clientOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
