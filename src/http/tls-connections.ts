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
      // one; both know the addresses of the two ends.
      server.on('connection', (socket: Socket) => {
        const ends = endsOf(socket);
        const all = begun;
        all.set(ends, socket);
        socket.once('close', () => {
          if (all.get(ends) === socket) all.delete(ends);
        });
      });
      server.on('secureConnection', (socket: Socket) => {
        if (socket.remotePort !== undefined && begun.has(endsOf(socket))) checked.add(socket);
      });
    },
    distrust() {
      begun = new Map();
      checked = new WeakSet();
    },
    isChecked: (socket) => checked.has(socket),
  };
}

/** The client's port is undefined if it has left. It may have one connection from there to each address of this machine. */
const endsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket) =>
  `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
