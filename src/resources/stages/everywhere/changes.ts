import type { AccountRegion } from '../../../aws/account-region.ts';
import type { InputIssue } from '../../../errors.ts';
import { throwIfInvalid } from '../../../input-issues.ts';
import { type Locate, parseCertificateAddress } from '../../client-certificates/everywhere/locate.ts';
import { noSuchClientCertificate } from '../../client-certificates/not-found.ts';
import type { Address } from '../../everywhere/address.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import type { ApiStages } from '../api-stages.ts';
import { formIssues } from '../replacement-input.ts';
import { expectedRestStage } from '../test-certificate-input.ts';
import { locateStage, parseStageAddress } from './locate.ts';

/** Changes that concern one account and region: everything that the input names has to be there. */
export function createStageChanges(
  operation: OperationEverywhere,
  locate: Locate,
): Pick<ApiStages, 'test' | 'replace' | 'refuseIfUsed'> {
  const { doorsIn } = operation;

  async function homeOf(id: string) {
    const { located, issues } = await locate.place(id, ['input', 'id']);
    if (issues.length === 0 && !located) throw noSuchClientCertificate();
    await located?.accountRegion.identify();
    return { located, issues };
  }

  return {
    async test(input) {
      const { located, local, issues } = await locateStage(operation, input.stage, ['input', 'stage']);
      const home = located?.accountRegion;
      await home?.identify();
      const there = inPlaceOf(home, parseCertificateAddress);
      const id = there(input.id, ['input', 'id']);
      throwIfInvalid([
        ...id.issues,
        ...issues,
        ...(issues.length === 0 && !home ? [expectedRestStage(local)] : []),
      ]);
      if (!home) throw noSuchClientCertificate();
      return doorsIn(home).apiStages.test({ ...input, id: id.local, stage: local });
    },
    async replace(input) {
      const { located, issues } = await homeOf(input.id);
      const certificate = inPlaceOf(located?.accountRegion, parseCertificateAddress);
      const stage = inPlaceOf(located?.accountRegion, parseStageAddress);
      const successor = input.with == null ? undefined : certificate(input.with, ['input', 'with']);
      const stages = input.stages?.map((text, i) => stage(text, ['input', 'stages', String(i)]));
      const elsewhere = [
        ...issues,
        ...(successor?.issues ?? []),
        ...(stages ?? []).flatMap(({ issues }) => issues),
      ];
      if (elsewhere.length > 0) throwIfInvalid([...elsewhere, ...formIssues(input)]);
      if (!located) throw noSuchClientCertificate();
      return doorsIn(located.accountRegion).apiStages.replace({
        ...input,
        id: located.local,
        with: successor?.local,
        stages: stages?.map(({ local }) => local),
      });
    },
    async refuseIfUsed(id) {
      const { located, issues } = await homeOf(id);
      throwIfInvalid(issues);
      if (located) await doorsIn(located.accountRegion).apiStages.refuseIfUsed(located.local);
    },
  };
}

/** What the door of an account and region takes, and the complaint about something that is of another one. */
const inPlaceOf =
  (home: AccountRegion | undefined, parse: (text: string) => Address | undefined) =>
  (text: string, path: string[]): { local: string; issues: InputIssue[] } => {
    const address = parse(text);
    if (!address || !home) return { local: text, issues: [] }; // the door complains
    const { accountId = home.accountId, region = home.region, local } = address;
    if (accountId === home.accountId && region === home.region) return { local, issues: [] };
    const got = `${accountId === home.accountId ? '' : `the account ${accountId}, `}${region}`;
    return { local, issues: [{ path, message: `expected one of ${home.name} as well, got one of ${got}` }] };
  };
