import type { InputIssue } from '../errors.ts';
import { quote } from '../input-issues.ts';
import { tagFilterIssues } from '../resources/tags.ts';

/** The filter that the query of a URL stands for. If there are issues, it must not be used. */
export type TrustBundleParameters = {
  filter: { tags: { key: string; value?: string }[]; status?: string[] };
  issues: InputIssue[];
};

const STATUSES = ['VALID', 'EXPIRING', 'EXPIRED'];

/** Of each kind; a URL has room for thousands. */
const MAX_ISSUES = 20;

/**
 * Reads `?tag=team:payments&tag=environment&status=expiring`: each tag by its key, or by key and value, and one of the statuses.
 * A key ends at the first colon.
 */
export function parseTrustBundleParameters(search: string): TrustBundleParameters {
  const parameters = new URLSearchParams(search);
  const unknown = [...new Set(parameters.keys())].filter((name) => name !== 'tag' && name !== 'status');
  const tags = parameters.getAll('tag').map(tagOf);
  const status = parameters.getAll('status').map((text) => text.toUpperCase());
  return {
    filter: { tags, ...(status.length > 0 && { status }) },
    issues: [
      ...unknown.slice(0, MAX_ISSUES).map((name) => ({
        path: [],
        message: `expected no other parameters than tag and status, got ${quote(name)}`,
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
