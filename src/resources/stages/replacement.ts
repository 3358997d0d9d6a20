import { type InputIssue, InvalidInputError } from '../../errors/errors.ts';
import { throwIfInvalid } from '../../errors/input-issues.ts';
import type { ClientCertificate, Expiry } from '../client-certificates/client-certificate.ts';
import type { ClientCertificates } from '../client-certificates/client-certificates.ts';
import { REPLACES_TAG, replacedIdOf } from '../client-certificates/replacements.ts';
import { bareFingerprint } from '../client-certificates/x509.ts';
import type { ApiStage } from './api-stage.ts';
import { createStageMover, type Move, type StageMoverOptions, type StageReplacement } from './move-stage.ts';
import { otherCertificateIssues, parseReplaceInput, type ReplaceInput } from './replacement-input.ts';
import type { IndexState, StageSnapshot } from './snapshot.ts';
import type { StageIndex } from './stage-index.ts';

/** What came of a replacement, stage by stage. */
export type Replacement = {
  oldClientCertificate: ClientCertificate;
  newClientCertificate: ClientCertificate;
  outcomes: StageReplacement[];
  /** How many of the stages may still have the old certificate. */
  remaining: number;
  index: IndexState;
};

export type ReplacementOptions = Omit<StageMoverOptions, 'index'> & {
  index: StageIndex;
  expiry: Expiry;
  clientCertificates: ClientCertificates;
};

/** The same request again goes on with these. */
const LEFT = ['PLANNED', 'FAILED', 'NOT_TRIED'];

/**
 * Puts another certificate on the stages that have a certain one, one after the other, as far as the operation's time and calls
 * go. Nothing of that is kept: what is left to do is what AWS says.
 */
export async function replaceCertificate(
  options: ReplacementOptions,
  input: ReplaceInput,
): Promise<Replacement> {
  const { index, clientCertificates } = options;
  const { region } = options.accountRegion;
  const snapshot = index.snapshot();
  const { request, issues } = parseReplaceInput(input, region, snapshot);
  throwIfInvalid(issues);
  const oldClientCertificate = await clientCertificates.get(request.from);
  const newClientCertificate = await successorOf(clientCertificates, oldClientCertificate, request.to);
  const move = { from: request.from, to: newClientCertificate.clientCertificateId };
  throwIfInvalid([
    ...expiryIssues(options.expiry, oldClientCertificate, newClientCertificate),
    ...(request.to === undefined ? otherCertificateIssues(input, region, snapshot, move) : []),
    ...(await trustIssues(clientCertificates, newClientCertificate, request.fingerprint)),
  ]);
  const stages = request.stages ?? stagesWith(snapshot, move);
  const outcomes = request.dryRun
    ? stages.map((stage) => planned(stage, move))
    : await moved(options, stages, move);
  return {
    oldClientCertificate,
    newClientCertificate,
    outcomes,
    remaining: outcomes.filter(({ status }) => LEFT.includes(status)).length,
    index: index.snapshot().index,
  };
}

async function successorOf(
  clientCertificates: ClientCertificates,
  old: ClientCertificate,
  id: string | undefined,
): Promise<ClientCertificate> {
  const found = await (id === undefined
    ? clientCertificates.replacedBy(old)
    : clientCertificates.find(id, []));
  if (found) return found;
  const message =
    id === undefined
      ? `expected a certificate, since none has the tag ${REPLACES_TAG} with ${old.clientCertificateId}`
      : `expected a client certificate that exists, got ${id}`;
  throw new InvalidInputError([{ path: ['input', 'with'], message }]);
}

/** Certificates that go back to the one before have the tag, and that one expires earlier. */
function expiryIssues(expiry: Expiry, old: ClientCertificate, successor: ClientCertificate): InputIssue[] {
  const path = ['input', 'with'];
  const at = successor.expirationDate.toISOString();
  if (expiry.statusOf(successor) === 'EXPIRED')
    return [{ path, message: `expected a certificate that is valid, got one that expired at ${at}` }];
  const isGoingBack = replacedIdOf(old) === successor.clientCertificateId;
  if (isGoingBack || successor.expirationDate >= old.expirationDate) return [];
  const message =
    `expected a certificate that expires no earlier than the old one, got one that expires at ${at}; to go back, ` +
    `give ${old.clientCertificateId} the tag ${REPLACES_TAG} with ${successor.clientCertificateId}`;
  return [{ path, message }];
}

async function trustIssues(
  { x509Of }: ClientCertificates,
  successor: ClientCertificate,
  fingerprint: string | undefined,
): Promise<InputIssue[]> {
  if (fingerprint === undefined) return [];
  const { fingerprintSha256 } = await x509Of(successor);
  if (bareFingerprint(fingerprintSha256) === fingerprint) return [];
  const message = `expected the SHA-256 fingerprint of ${successor.clientCertificateId}, got that of another certificate`;
  return [{ path: ['input', 'trustedFingerprintSha256'], message }];
}

/** Those that have the old certificate come first. */
const stagesWith = (snapshot: StageSnapshot, { from, to }: Move): ApiStage[] =>
  [...snapshot.ofCertificate(from), ...snapshot.ofCertificate(to)].map(({ node }) => node);

const planned = (stage: ApiStage, { to }: Move): StageReplacement => ({
  stage,
  status: stage.certificateReference === to ? 'ALREADY_REPLACED' : 'PLANNED',
  error: null,
});

/** What the index knows to be replaced takes no call, so that the same request again comes to the others. */
async function moved(
  options: StageMoverOptions,
  stages: ApiStage[],
  move: Move,
): Promise<StageReplacement[]> {
  const moveStage = createStageMover(options);
  const outcomes: StageReplacement[] = [];
  let isOver = false;
  for (const stage of stages) {
    const plan = planned(stage, move);
    if (plan.status === 'ALREADY_REPLACED') outcomes.push(plan);
    else if (isOver) outcomes.push({ ...plan, status: 'NOT_TRIED' });
    else {
      const outcome = await moveStage(stage, move);
      isOver = outcome.status === 'NOT_TRIED';
      outcomes.push(outcome);
    }
  }
  return outcomes;
}
