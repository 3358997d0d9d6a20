import { hash } from 'node:crypto';

/** Names what the replicas share. What belongs together has one tag, and so is on one server of a cluster. */
export type Keys = {
  /** A key of all accounts and regions. */
  ofAll(name: string): string;
  /** A key of one of them. */
  of(accountRegion: string, name: string): string;
};

/** Changes with the form of anything that is stored, so that releases that do not understand each other share nothing. */
const FORMAT = 1;

/** https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags */
export const createKeys = (prefix: string): Keys => ({
  ofAll: (name) => `{${prefix}:${FORMAT}}:${name}`,
  of: (accountRegion, name) => `{${prefix}:${FORMAT}:${accountRegion}}:${name}`,
});

/** A short name for any text, which does not tell the text. */
export const digestOf = (text: string): string => hash('sha256', text, 'base64url');
