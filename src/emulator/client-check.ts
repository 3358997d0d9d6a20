import type { IncomingMessage } from 'node:http';
import { chosen } from './errors.ts';

/** Refuses web pages. Browsers send `sec-fetch-site` with a page's images and links, too. */
export function createClientCheck(
  isAllowedHost: (host: string) => boolean,
): (message: IncomingMessage) => void {
  return ({ httpVersion, headers }) => {
    const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
    if (httpVersion === '1.1' && host === '') throw chosen.hostMissing();
    const isOfPage = origin !== undefined || /^(cross|same)-site$/.test(String(site));
    if (isOfPage || !isAllowedHost(host)) throw chosen.notForPages();
  };
}
