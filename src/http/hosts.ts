import { isIP } from 'node:net';

/**
 * Whether a request may name this host as the one that it is for. A page whose own name leads to this machine
 * (https://en.wikipedia.org/wiki/DNS_rebinding) is of one origin with what listens here, and its browser would let it read
 * everything; only the name tells. Addresses are no names, and `localhost` leads nowhere else (RFC 6761, 6.3).
 */
export function createHostCheck(names: readonly string[]): (host: string) => boolean {
  const allowed = new Set(names.map((name) => name.toLowerCase()));
  return (host) => {
    const name = nameOf(host.toLowerCase());
    return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || allowed.has(name);
  };
}

/** Without the port, the dot of a root, and the brackets of an IPv6 address. */
function nameOf(host: string): string {
  const [, name = host] = /^(.*?)\.?(?::\d*)?$/.exec(host) ?? [];
  return /^\[.*\]$/.test(name) ? name.slice(1, -1) : name;
}
