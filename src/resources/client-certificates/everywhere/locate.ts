import type { AccountRegion } from '../../../aws/account-region.ts';
import type { InputIssue } from '../../../errors/errors.ts';
import { quote } from '../../../errors/input-issues.ts';
import { type Address, parseAddress } from '../../everywhere/address.ts';
import { addressIssues, ambiguity, candidatesOf } from '../../everywhere/candidates.ts';
import { hasAny, incomplete, isFailure } from '../../everywhere/failures.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import { isClientCertificateArn, isClientCertificateId, NOUN } from '../id.ts';
import { isWhole } from '../list.ts';
import type { Snapshots } from './snapshots.ts';

/** A certificate's account and region, and the id that the door there takes. */
export type Located = { accountRegion: AccountRegion; local: string };

/** Where certificates are. */
export type Locate = {
  /** Null if there is none; with issues if the id is malformed, or of nowhere here, or of two. */
  find(id: string, path: string[]): Promise<{ certificate: ClientCertificate | null; issues: InputIssue[] }>;
  /** The same for one that is to be changed: rejects as well if it cannot be told whether another one has the id. */
  place(id: string, path: string[]): Promise<{ located: Located | null; issues: InputIssue[] }>;
};

export function parseCertificateAddress(text: string): Address | undefined {
  const address = parseAddress(text, 'ClientCertificate', isClientCertificateId);
  return address && (address.region === undefined || isClientCertificateArn(address.local))
    ? address
    : undefined;
}

/** The complaints about an id, as far as they do not depend on what there is. */
export function certificateIdIssues(all: readonly AccountRegion[], id: string, path: string[]): InputIssue[] {
  const address = parseCertificateAddress(id);
  if (address) return addressIssues(all, address, NOUN, path);
  const message = `expected a global id, an ARN, or an id such as a1b2c3, got ${quote(id)}`;
  return [{ path, message }];
}

/** An id that says its place is looked up there alone; any other in all collections, each of which is read once for all. */
export function createLocate(operation: OperationEverywhere, snapshots: Snapshots): Locate {
  const { doorsIn } = operation;

  async function candidates(id: string, path: string[]) {
    const address = parseCertificateAddress(id);
    if (!address) return { issues: certificateIdIssues(operation.all, id, path) };
    const found = await candidatesOf(operation, address, NOUN);
    if ('expected' in found) return { issues: [{ path, message: found.expected }] };
    return { local: address.local, candidates: found.candidates };
  }

  /** Looks in several of them. A broken certificate, which may be the one, is a failure. */
  async function search(local: string, among: readonly AccountRegion[]) {
    const { reads, failures: unread } = await snapshots.read(among);
    const failures = [...unread];
    const id = local.slice(local.lastIndexOf('/') + 1);
    const found: { accountRegion: AccountRegion; certificate: ClientCertificate }[] = [];
    for (const { accountRegion, snapshot } of reads) {
      const item = snapshot.find(id);
      if (isFailure(item)) failures.push({ accountRegion, error: item });
      else if (item && isWhole(item)) found.push({ accountRegion, certificate: item });
    }
    return { found, failures };
  }

  return {
    find: async (id, path) => {
      const there = await candidates(id, path);
      if ('issues' in there) return { certificate: null, issues: there.issues };
      const [only, ...others] = there.candidates;
      if (only && others.length === 0)
        return { certificate: await doorsIn(only).clientCertificates.find(there.local, path), issues: [] };
      const { found, failures } = await search(there.local, there.candidates);
      if (found.length === 0 && hasAny(failures)) throw incomplete(failures);
      const issues = ambiguityIssues(id, path, found);
      return { certificate: issues.length > 0 ? null : (found[0]?.certificate ?? null), issues };
    },
    place: async (id, path) => {
      const there = await candidates(id, path);
      if ('issues' in there) return { located: null, issues: there.issues };
      const { local } = there;
      const [only, ...others] = there.candidates;
      if (only && others.length === 0) return { located: { accountRegion: only, local }, issues: [] };
      const { found, failures } = await search(local, there.candidates);
      if (hasAny(failures))
        throw incomplete(failures, `So it cannot be told where ${quote(id)} is; use the global id.`);
      const [first] = found;
      return {
        located: first ? { accountRegion: first.accountRegion, local } : null,
        issues: ambiguityIssues(id, path, found),
      };
    },
  };
}

function ambiguityIssues(
  id: string,
  path: string[],
  found: { accountRegion: AccountRegion }[],
): InputIssue[] {
  const message = ambiguity(found, quote(id));
  return message === undefined ? [] : [{ path, message }];
}
