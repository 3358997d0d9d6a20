import { BlockList, isIP, SocketAddress } from 'node:net';
import type { HttpRequest } from '../../exchange.ts';
import type { TrustedProxies } from '../../settings/proxies.ts';
import type { Middleware } from '../middleware.ts';

/**
 * Takes the client's address, and the host that it has asked for, from `X-Forwarded-For` and `X-Forwarded-Host`, as far as proxies
 * that are trusted have added them. What a client writes there itself stands before what the proxies add, and is never reached.
 */
export function fromProxies(trusted: TrustedProxies): Middleware {
  const isTrusted = trustOf(trusted);
  return {
    before({ request }) {
      const { address, hops } = walk(request, isTrusted);
      if (hops === 0) return undefined;
      request.address = address;
      const hosts = valuesOf(request, 'x-forwarded-host');
      const host = hosts[Math.max(0, hosts.length - hops)];
      if (host && request.hosts.length === 1) request.hosts = [host];
      return undefined;
    },
  };
}

type IsTrusted = (address: string, hop: number) => boolean;

/** From the connection backwards, while a proxy is trusted and names who has called it. */
function walk(request: HttpRequest, isTrusted: IsTrusted): { address: string | undefined; hops: number } {
  const callers = valuesOf(request, 'x-forwarded-for').reverse();
  let address = request.address && plain(request.address);
  let hops = 0;
  while (address !== undefined && isTrusted(address, hops)) {
    const caller = addressIn(callers[hops] ?? '');
    hops += 1;
    if (caller === undefined) break;
    address = caller;
  }
  return { address, hops };
}

function trustOf(trusted: TrustedProxies): IsTrusted {
  if (typeof trusted === 'number') return (_, hop) => hop < trusted;
  const list = new BlockList();
  for (const { address, bits } of trusted) list.addSubnet(address, bits, familyOf(address));
  return (address) => list.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

const valuesOf = ({ header }: HttpRequest, name: string): string[] =>
  header(name)
    ?.split(',')
    .map((value) => value.trim()) ?? [];

/** Some proxies add the port; one that does not tell the address writes a word. */
function addressIn(text: string): string | undefined {
  if (isIP(text) !== 0) return plain(text);
  const address = SocketAddress.parse(text)?.address;
  return address && plain(address);
}

/** A server of both IP versions has IPv4 addresses as ::ffff:192.0.2.1. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
