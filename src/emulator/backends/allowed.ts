import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** The emulator must not call this backend. */
export class BackendRefused extends Error {
  override readonly name = 'BackendRefused';
}

/** Decides which backends may be called. */
export type AllowedBackends = {
  /** Throws a `BackendRefused` if the host of the URL is an address that may not be called. */
  check(url: URL): void;
  /**
   * A `lookup` for `net.connect`, which resolves the URL's host to addresses that may be called.
   */
  lookupFor(url: URL): LookupFunction;
};

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Allows loopback addresses, and the hosts in `names`, each of which may have a port:
 * `api.example.com`, `10.0.0.7:8443`. For any other name, the address counts to which the
 * connection is made, so a foreign name cannot lead into this network.
 */
export function allowBackends(names: readonly string[]): AllowedBackends {
  const allowed = new Set(names.map((name) => name.toLowerCase()));

  const isNamed = (url: URL) => allowed.has(url.hostname) || allowed.has(`${url.hostname}:${portOf(url)}`);

  return {
    check: (url) => {
      const host = addressOf(url);
      if (isIP(host) !== 0 && !isNamed(url) && !isLoopback(host)) throw refused(url);
    },
    lookupFor: (url) => (host, options, callback) => {
      lookup(host, { ...options, all: true }, (error, addresses) => {
        const usable = isNamed(url) ? addresses : addresses?.filter(({ address }) => isLoopback(address));
        const [first] = usable ?? [];
        if (error || !first) callback(error ?? refused(url), '', 0);
        else if (options.all) callback(null, usable);
        else callback(null, first.address, first.family);
      });
    },
  };
}

/** An IPv4-mapped address (`::ffff:127.0.0.1`) counts as the IPv4 address. */
const isLoopback = (address: string) => LOOPBACK.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

const refused = ({ host }: URL) =>
  new BackendRefused(`${host} is not a loopback address, and not in EMULATOR_BACKENDS`);

export const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));

/** The host without the brackets of an IPv6 address. */
export const addressOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');
