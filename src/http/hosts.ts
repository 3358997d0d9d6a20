import { isIP } from 'node:net';

/**
 * Checks the host that a request is for. If the name of a foreign page resolves to this machine
 * (https://en.wikipedia.org/wiki/DNS_rebinding), the page has the same origin as the service, and only the host name reveals
 * it. IP addresses have no name, and `localhost` never resolves to another machine (RFC 6761, 6.3).
 */
export function createHostCheck(names: readonly string[]): (host: string) => boolean {
  const allowed = new Set(names.map((name) => name.toLowerCase()));
  return (host) => {
    const name = nameOf(host.toLowerCase());
    return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || allowed.has(name);
  };
}

/** The host without its port, the trailing dot, and the brackets of an IPv6 address. */
function nameOf(host: string): string {
  const [, name = host] = /^(.*?)\.?(?::\d*)?$/.exec(host) ?? [];
  return /^\[.*\]$/.test(name) ? name.slice(1, -1) : name;
}
