import { isTagKey } from './tag-keys.ts';
import { labelCollisions, MAX_METRIC_TAGS } from './tag-labels.ts';

/** How a setting is parsed: what is expected, in words, and its value, or undefined if the text is wrong. */
export type Parser<T> = {
  expected: string;
  parse(text: string): T | undefined;
  /** Complaints never quote the text. */
  secret?: true;
  /** What is wrong with a text, if there is more to say than what was expected. */
  complaints?(text: string): string[] | undefined;
};

/** Of texts with several parts, about each of which there are complaints of its own. */
export const withComplaints = <T>(
  expected: string,
  read: (text: string) => { value: T; complaints: string[] },
): Parser<T> => ({
  expected,
  parse: (text) => {
    const { value, complaints } = read(text);
    return complaints.length === 0 ? value : undefined;
  },
  complaints: (text) => read(text).complaints,
});

export const wholeNumber = (least: number, most: number): Parser<number> => ({
  expected: `a whole number from ${least} to ${most}`,
  parse: (text) =>
    /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined,
});

export const oneOf = <const T extends string>(...words: T[]): Parser<T> => ({
  expected: words.join(' or '),
  parse: (text) => words.find((word) => word === text),
});

export const yesOrNo: Parser<boolean> = {
  expected: 'true or false',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

/** Commas alone were meant to have something between them, such as variables that turned out empty. */
const list: Parser<string[]> = {
  expected: 'values with commas between them',
  parse: (text) => {
    const items = text.split(',').flatMap((item) => item.trim() || []);
    return items.length > 0 || text === '' ? items : undefined;
  },
};

/** Origins as browsers write them, without a path. */
export const origins: Parser<string[]> = {
  expected: 'origins such as https://portal.example.com, with commas between them',
  parse: (text) => {
    const all = list.parse(text);
    return all?.every((origin) => URL.parse(origin)?.origin === origin) ? all : undefined;
  },
};

/** Names without a port, since a rebound DNS name keeps the port; addresses need not be listed. */
export const hostNames: Parser<string[]> = {
  expected: 'host names such as certway.example.com, without a port, with commas between them',
  parse: (text) => {
    const all = list.parse(text);
    return all?.every((name) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name)) ? all : undefined;
  },
};

/** Hosts as they are in URLs: names or addresses, each for one port or for any. */
export const hosts: Parser<string[]> = {
  expected: 'hosts such as api.example.com or 10.0.0.7:8443, with commas between them',
  parse: (text) => {
    const all = list.parse(text);
    const form = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;
    return all?.every((host) => form.test(host) && URL.canParse(`http://${host}`)) ? all : undefined;
  },
};

/** Tag keys, each with a label of its own in metrics. */
export const tagKeys: Parser<string[]> = {
  expected: `up to ${MAX_METRIC_TAGS} keys of tags, with commas between them`,
  parse: (text) => {
    const all = list.parse(text);
    const isGood = all?.every(isTagKey) && all.length <= MAX_METRIC_TAGS && labelCollisions(all).length === 0;
    return isGood ? all : undefined;
  },
  complaints: (text) => {
    const collisions = labelCollisions(list.parse(text) ?? []);
    return collisions.length > 0 ? collisions : undefined;
  },
};

/** `auto` means on, unless callers have to authenticate and NODE_ENV is production. */
export const onOrOff = oneOf('auto', 'true', 'false');

export const httpUrl: Parser<string> = {
  expected: 'an http or https URL',
  parse: (text) => {
    const { protocol = '', username = '', password = '' } = URL.parse(text) ?? {};
    const isGood = /^https?:$/.test(protocol) && username + password === '';
    return isGood || text === '' ? text : undefined;
  },
  complaints: (text) => [
    `expected an http or https URL without credentials, got ${text.includes('@') ? 'one with an @' : JSON.stringify(text)}`,
  ],
};

/** The names and values of a query string; no name twice. */
export const queryString: Parser<Record<string, string>> = {
  expected: 'names and values as in the query of a URL, each name once',
  parse: (text) => {
    const query = new URLSearchParams(text);
    const isGood = query.keys().every((name) => name !== '' && query.getAll(name).length === 1);
    return isGood ? Object.fromEntries(query) : undefined;
  },
};

/** Whether each percent sign begins an escape, and the escapes are UTF-8. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A server of Redis or Valkey. The URL may have a password, which the client decodes, as it does the path of a socket. */
export const redisUrl: Parser<string> = {
  expected: 'a URL such as rediss://user:password@host:6379/0, or unix:///path',
  secret: true,
  parse: (text) => {
    const {
      protocol = '',
      hostname = '',
      pathname = '',
      username = '',
      password = '',
    } = URL.parse(text) ?? {};
    const isServer = /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname);
    const isSocket = /^unix:\/\/\/[^?]+$/.test(text);
    const areDecodable = [username, password, isSocket ? text : ''].every(isDecodable);
    return ((isServer || isSocket) && areDecodable) || text === '' ? text : undefined;
  },
};

/** A hash tag of a cluster ends at the first brace. */
export const keyPrefix: Parser<string> = {
  expected: 'up to 64 letters, digits and any of - _ . :',
  parse: (text) => (/^[\w.:-]{1,64}$/.test(text) ? text : undefined),
};

/** Names of AWS regions, none twice. */
export const regions: Parser<string[]> = {
  expected: 'regions such as eu-central-1, none twice, with commas between them',
  parse: (text) => {
    const all = list.parse(text);
    const areGood = all?.every((region) => /^[a-z]{2,8}(-[a-z]+){1,3}-\d{1,2}$/.test(region));
    return areGood && new Set(all).size === all?.length ? all : undefined;
  },
};

/** Whole days from 0 to 365, since no certificate lives longer; the largest first. */
export const noticeDays: Parser<number[]> = {
  expected: 'whole numbers from 0 to 365, none twice, with commas between them',
  parse: (text) => {
    const all = list.parse(text)?.map((days) => wholeNumber(0, 365).parse(days)) ?? [];
    const days = all.filter((number) => number !== undefined);
    const areGood = days.length === all.length && days.length > 0 && new Set(days).size === days.length;
    return areGood ? days.sort((a, b) => b - a) : undefined;
  },
};

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
export const eventBus: Parser<string> = {
  expected: 'the name of an event bus, or its ARN',
  parse: (text) =>
    /^(arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/)?[\w./-]{1,256}$/.test(text) || text === ''
      ? text
      : undefined,
};

export const text: Parser<string> = { expected: 'text', parse: (value) => value };

/** An access key has no character that is special in an Authorization header or in a shell. */
export const credentials: Parser<{ accessKeyId: string; secretAccessKey: string } | null> = {
  expected: 'an access key and its secret as KEY:SECRET, without blanks',
  secret: true,
  parse: (text) => {
    const [, accessKeyId, secretAccessKey] = /^([\w-]+):(\S+)$/.exec(text) ?? [];
    if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
    return text === '' ? null : undefined;
  },
};

export const port = wholeNumber(0, 65_535);
export const milliseconds = wholeNumber(1, 3_600_000);
