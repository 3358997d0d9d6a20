import type { InputIssue } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import { parseIdArgument } from '../client-certificates/id.ts';
import { bareFingerprint } from '../client-certificates/x509.ts';
import type { ApiStage } from './api-stage.ts';
import { expectedApiStageId, parseApiStageId } from './id.ts';
import type { StageSnapshot } from './snapshot.ts';

export type ReplaceInput = {
  id: string;
  /** By default, the one that was generated to replace it. */
  with?: string | null | undefined;
  /** By default, all that are known to use the certificate. */
  stages?: string[] | null | undefined;
  dryRun: boolean;
  trustedFingerprintSha256?: string | null | undefined;
};

export type ReplaceRequest = {
  from: string;
  /** Undefined if it is to be found. */
  to: string | undefined;
  /** Undefined for all. */
  stages: ApiStage[] | undefined;
  dryRun: boolean;
  /** In lower case without colons. */
  fingerprint: string | undefined;
};

/** With a complaint about each of them, there are no more complaints than the schema says. */
export const MAX_STAGES = 300;

/** What the arguments say, as far as it can be told without AWS. If there are issues, the request must not be used. */
export function parseReplaceInput(
  input: ReplaceInput,
  region: string,
  snapshot: StageSnapshot,
): { request: ReplaceRequest; issues: InputIssue[] } {
  const from = parseIdArgument(region, input.id, ['input', 'id']);
  const to =
    input.with == null
      ? { clientCertificateId: undefined, issues: [] }
      : parseIdArgument(region, input.with, ['input', 'with']);
  const stages = input.stages == null ? undefined : stagesOf(input.stages, region, snapshot);
  const move = { from: from.clientCertificateId, to: to.clientCertificateId };
  const areIdsFine = from.issues.length + to.issues.length === 0;
  return {
    request: { ...move, stages: stages?.stages, dryRun: input.dryRun, fingerprint: fingerprintOf(input) },
    issues: [
      ...from.issues,
      ...to.issues,
      ...(areIdsFine && move.from === move.to
        ? [{ path: ['input', 'with'], message: 'expected another certificate, got that of `id`' }]
        : []),
      ...(stages?.issues ?? []),
      ...(areIdsFine && move.to !== undefined ? otherCertificateIssues(input, region, snapshot, move) : []),
      ...formIssues(input),
    ],
  };
}

/** The complaints about stages that have neither the old certificate nor the new one. */
export function otherCertificateIssues(
  { stages }: ReplaceInput,
  region: string,
  snapshot: StageSnapshot,
  { from, to }: Pick<ReplaceRequest, 'from' | 'to'>,
): InputIssue[] {
  return (stages ?? []).slice(0, MAX_STAGES).flatMap((text, index) => {
    const stage = snapshot.find(parseApiStageId(region, text) ?? '');
    if (!stage || [from, to].includes(stage.certificateReference ?? '')) return [];
    const got =
      stage.certificateReference === null ? 'without one' : `with ${quote(stage.certificateReference)}`;
    return [issueAt(index, `expected a stage with the certificate ${from}, got one ${got}`)];
  });
}

function stagesOf(
  texts: string[],
  region: string,
  snapshot: StageSnapshot,
): { stages: ApiStage[]; issues: InputIssue[] } {
  const stages = new Map<string, ApiStage>();
  const issues: InputIssue[] = [];
  const wrongCount = countIssues(texts);
  if (wrongCount.length > 0) return { stages: [], issues: wrongCount };
  for (const [index, text] of texts.entries()) {
    const arn = parseApiStageId(region, text);
    const stage = arn === undefined ? undefined : snapshot.find(arn);
    if (arn === undefined) issues.push(issueAt(index, expectedApiStageId(region, text)));
    else if (!stage) issues.push(issueAt(index, expectedKnownStage(arn, snapshot)));
    else if (stages.has(arn))
      issues.push(issueAt(index, `expected no stage twice, got ${quote(text)} again`));
    else if (stage.isManaged)
      issues.push(issueAt(index, 'expected a stage that can be changed, got one that API Gateway manages'));
    if (arn !== undefined && stage) stages.set(arn, stage);
  }
  return { stages: Array.from(stages.values()), issues };
}

const issueAt = (index: number, message: string): InputIssue => ({
  path: ['input', 'stages', String(index)],
  message,
});

const expectedKnownStage = (arn: string, { index }: StageSnapshot): string =>
  `expected a stage of a REST or WebSocket API that this service has read, got ${arn}${
    index.complete ? '' : '; not all stages have been read yet'
  }`;

/** The complaint about how many stages there are. */
export const countIssues = ({ length }: string[]): InputIssue[] =>
  length >= 1 && length <= MAX_STAGES
    ? []
    : [{ path: ['input', 'stages'], message: `expected 1 to ${MAX_STAGES}, got ${length}` }];

/** The complaints about the fingerprint that do not depend on what there is. */
export function formIssues(input: ReplaceInput): InputIssue[] {
  const fingerprint = fingerprintOf(input);
  const isFine = fingerprint === undefined ? input.dryRun : /^[0-9a-f]{64}$/.test(fingerprint);
  if (isFine) return [];
  const message =
    fingerprint === undefined
      ? 'expected the fingerprint of the certificate that the backends trust besides the old one, got nothing'
      : `expected 64 hexadecimal digits, with or without colons, got ${quote(fingerprint)}`;
  return [{ path: ['input', 'trustedFingerprintSha256'], message }];
}

const fingerprintOf = ({ trustedFingerprintSha256: trusted }: ReplaceInput): string | undefined =>
  trusted == null ? undefined : bareFingerprint(trusted);
