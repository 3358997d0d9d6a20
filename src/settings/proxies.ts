import { isIP } from 'node:net';
import type { Parser } from './parsers.ts';

/** How many proxies are between the clients and the service, or in which networks they are. */
export type TrustedProxies = number | readonly { address: string; bits: number }[];

const MOST_HOPS = 10;

/** A number, or addresses and CIDRs. */
export const proxies: Parser<TrustedProxies> = {
  expected: `a number of proxies up to ${MOST_HOPS}, or addresses and networks such as 10.0.0.0/8, with commas between them`,
  parse: (text) => {
    if (text === '') return 0;
    if (/^\d{1,2}$/.test(text)) return Number(text) <= MOST_HOPS ? Number(text) : undefined;
    const networks = text.split(',').map((one) => networkOf(one.trim()));
    const good = networks.filter((network) => network !== undefined);
    return good.length === networks.length ? good : undefined;
  },
};

function networkOf(text: string): { address: string; bits: number } | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (most < 0 || rest.length > 0) return undefined;
  if (bits === undefined) return { address, bits: most };
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? { address, bits: Number(bits) } : undefined;
}

/** The path below which everything is, without a slash at its end. */
export const basePath: Parser<string> = {
  expected: 'a path such as /certway, without a slash at its end',
  parse: (text) => (/^(\/[\w.~-]*[\w~-])*$/.test(text) ? text : undefined),
};
