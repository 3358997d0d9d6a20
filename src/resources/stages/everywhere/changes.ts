import type { AccountRegion } from '../../../aws/account-region.ts';
import { type InputIssue, InvalidInputError } from '../../../errors/errors.ts';
import { throwIfInvalid } from '../../../errors/input-issues.ts';
import {
  certificateIdIssues,
  type Locate,
  type Located,
  parseCertificateAddress,
} from '../../client-certificates/everywhere/locate.ts';
import { noSuchClientCertificate } from '../../client-certificates/not-found.ts';
import type { Address } from '../../everywhere/address.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import type { ApiStages } from '../api-stages.ts';
import { countIssues, formIssues } from '../replacement-input.ts';
import { expectedRestStage, methodIssues, pathIssues } from '../test-certificate-input.ts';
import { locateStage, parseStageAddress, stageIdIssues } from './locate.ts';

/** Changes that concern one account and region: everything that the input names has to be there. */
export function createStageChanges(
  operation: OperationEverywhere,
  locate: Locate,
): Pick<ApiStages, 'test' | 'replace' | 'deleteIfUnused'> {
  const { all, doorsIn } = operation;

  async function homeOf(id: string): Promise<Located> {
    const { located, issues } = await locate.place(id, ['input', 'id']);
    throwIfInvalid(issues);
    if (!located) throw noSuchClientCertificate();
    await located.accountRegion.identify();
    return located;
  }

  function stageIssues(stages: string[]): InputIssue[] {
    const wrongCount = countIssues(stages);
    if (wrongCount.length > 0) return wrongCount;
    return stages.flatMap((text, i) => stageIdIssues(all, text, ['input', 'stages', String(i)]));
  }

  return {
    async test(input) {
      throwIfInvalid([
        ...certificateIdIssues(all, input.id, ['input', 'id']),
        ...stageIdIssues(all, input.stage, ['input', 'stage']),
        ...methodIssues(input.method ?? 'GET'),
        ...pathIssues(input.path),
      ]);
      const { located, local, issues } = await locateStage(operation, input.stage, ['input', 'stage']);
      throwIfInvalid(issues);
      if (!located) throw new InvalidInputError([expectedRestStage(local)]);
      const home = located.accountRegion;
      await home.identify();
      const id = inPlaceOf(home, parseCertificateAddress)(input.id, ['input', 'id']);
      throwIfInvalid(id.issues);
      return doorsIn(home).apiStages.test({ ...input, id: id.local, stage: local });
    },
    async replace(input) {
      throwIfInvalid([
        ...certificateIdIssues(all, input.id, ['input', 'id']),
        ...(input.with == null ? [] : certificateIdIssues(all, input.with, ['input', 'with'])),
        ...(input.stages == null ? [] : stageIssues(input.stages)),
        ...formIssues(input),
      ]);
      const { accountRegion, local } = await homeOf(input.id);
      const certificateIn = inPlaceOf(accountRegion, parseCertificateAddress);
      const stageIn = inPlaceOf(accountRegion, parseStageAddress);
      const successor = input.with == null ? undefined : certificateIn(input.with, ['input', 'with']);
      const stages = input.stages?.map((text, i) => stageIn(text, ['input', 'stages', String(i)]));
      throwIfInvalid([...(successor?.issues ?? []), ...(stages ?? []).flatMap(({ issues }) => issues)]);
      const locals = { id: local, with: successor?.local, stages: stages?.map(({ local }) => local) };
      return doorsIn(accountRegion).apiStages.replace({ ...input, ...locals });
    },
    async deleteIfUnused(id, run) {
      const { accountRegion, local } = await homeOf(id);
      return doorsIn(accountRegion).apiStages.deleteIfUnused(local, run);
    },
  };
}

/** What the door of an account and region takes, and the complaint about what is of another one. */
const inPlaceOf =
  (home: AccountRegion, parse: (text: string) => Address | undefined) =>
  (text: string, path: string[]): { local: string; issues: InputIssue[] } => {
    const address = parse(text);
    if (!address) return { local: text, issues: [] }; // the door complains
    const { accountId = home.accountId, region = home.region, local } = address;
    if (accountId === home.accountId && region === home.region) return { local, issues: [] };
    const got = `${accountId === home.accountId ? '' : `the account ${accountId}, `}${region}`;
    return { local, issues: [{ path, message: `expected one of ${home.name} as well, got one of ${got}` }] };
  };
