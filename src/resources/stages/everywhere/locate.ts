import type { AccountRegion } from '../../../aws/account-region.ts';
import type { InputIssue } from '../../../errors/errors.ts';
import { quote } from '../../../errors/input-issues.ts';
import { type Address, parseAddress } from '../../everywhere/address.ts';
import { addressIssues, ambiguity, candidatesOf } from '../../everywhere/candidates.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import type { ApiStage } from '../api-stage.ts';
import { isStageArn, NOUN } from '../id.ts';

/** A known stage, and its account and region. */
export type LocatedStage = { accountRegion: AccountRegion; stage: ApiStage };

/** Without a complaint there is no stage, or one; the ARN is what the door of its account and region takes. */
export type FoundStage = { located: LocatedStage | null; local: string; issues: InputIssue[] };

export function parseStageAddress(text: string): Address | undefined {
  const address = parseAddress(text, 'ApiStage', () => false);
  return address && isStageArn(address.local) ? address : undefined;
}

/** Looks for a stage in all indexes that can have it, without asking AWS for stages. */
export async function locateStage(
  operation: OperationEverywhere,
  id: string,
  path: string[],
): Promise<FoundStage> {
  const complain = (message: string) => ({ located: null, local: '', issues: [{ path, message }] });
  const address = parseStageAddress(id);
  if (!address) return { located: null, local: '', issues: stageIdIssues(operation.all, id, path) };
  const there = await candidatesOf(operation, address, NOUN);
  if ('expected' in there) return complain(there.expected);
  const { local } = address;
  const found = there.candidates.flatMap((accountRegion) => {
    const stage = operation.stagesIn(accountRegion).find(local);
    return stage ? [{ accountRegion, stage }] : [];
  });
  const message = ambiguity(found, local);
  return message === undefined ? { located: found[0] ?? null, local, issues: [] } : complain(message);
}

/** The complaints about an id, as far as they do not depend on what there is. */
export function stageIdIssues(all: readonly AccountRegion[], id: string, path: string[]): InputIssue[] {
  const address = parseStageAddress(id);
  if (address) return addressIssues(all, address, NOUN, path);
  return [{ path, message: `expected the global id or the ARN of a stage, got ${quote(id)}` }];
}
