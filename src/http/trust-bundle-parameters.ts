import type { InputIssue } from '../errors/errors.ts';
import { quote } from '../errors/input-issues.ts';
import { tagFilterIssues } from '../resources/tags.ts';

/** The filter that the query of a URL stands for. If there are issues, it must not be used. */
export type TrustBundleParameters = {
  filter: {
    tags: { key: string; value?: string }[];
    status?: string[];
    accounts?: string[];
    regions?: string[];
  };
  issues: InputIssue[];
};

const NAMES = ['tag', 'status', 'account', 'region'];

const STATUSES = ['VALID', 'EXPIRING', 'EXPIRED'];

/** Of each kind; a URL has room for thousands. */
const MAX_ISSUES = 20;

/**
 * Reads `?tag=team:payments&tag=environment&status=expiring&account=prod&region=us-east-1`: each tag by its key, or by key and value,
 * and one of the statuses, of the accounts and of the regions. A key ends at the first colon.
 */
export function parseTrustBundleParameters(search: string): TrustBundleParameters {
  const parameters = new URLSearchParams(search);
  const unknown = [...new Set(parameters.keys())].filter((name) => !NAMES.includes(name));
  const tags = parameters.getAll('tag').map(tagOf);
  const status = parameters.getAll('status').map((text) => text.toUpperCase());
  const accounts = parameters.getAll('account');
  const regions = parameters.getAll('region');
  return {
    filter: {
      tags,
      ...(status.length > 0 && { status }),
      ...(accounts.length > 0 && { accounts }),
      ...(regions.length > 0 && { regions }),
    },
    issues: [
      ...unknown.slice(0, MAX_ISSUES).map((name) => ({
        path: [],
        message: `expected no other parameters than tag, status, account and region, got ${quote(name)}`,
      })),
      ...tagFilterIssues(tags, ['tag']),
      ...parameters
        .getAll('status')
        .map((text, index) => ({ text, path: ['status', `${index}`] }))
        .filter(({ text }) => !STATUSES.includes(text.toUpperCase()))
        .slice(0, MAX_ISSUES)
        .map(({ text, path }) => ({
          path,
          message: `expected valid, expiring or expired, got ${quote(text)}`,
        })),
    ],
  };
}

function tagOf(text: string): { key: string; value?: string } {
  const end = text.indexOf(':');
  return end === -1 ? { key: text } : { key: text.slice(0, end), value: text.slice(end + 1) };
}
