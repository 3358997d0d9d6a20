import type { AccountRegion } from '../../../aws/account-region.ts';
import type { InputIssue } from '../../../errors/errors.ts';
import { throwIfInvalid } from '../../../errors/input-issues.ts';
import { type Choice, choose, otherPlaceIssues, wrongNames } from '../../everywhere/choose.ts';
import { identifyAccount } from '../../everywhere/identify-account.ts';
import { areUnknownDigits } from '../../everywhere/narrow.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import { tagIssues, tagKeyIssues } from '../../tags.ts';
import type { ClientCertificatesIn } from '../client-certificates.ts';
import { descriptionIssues } from '../descriptions.ts';
import { noneToReplace, parseGenerateInput } from '../generate-input.ts';
import { noSuchClientCertificate } from '../not-found.ts';
import type { Writes } from '../writes.ts';
import { certificateIdIssues, type Locate, type Located, parseCertificateAddress } from './locate.ts';

const REPLACES = ['input', 'replaces'];

/** Changes where the id says, or, for a new certificate, the input. All input is checked before AWS is asked for anything. */
export function createWrites(operation: OperationEverywhere, locate: Locate, forget: () => void): Writes {
  const { all, doorsIn, viewer } = operation;

  /** Has the door there make the change, with the id that it takes. */
  async function change<Input extends { id: string }, R>(
    input: Input,
    issues: InputIssue[],
    run: (door: ClientCertificatesIn, input: Input) => Promise<R>,
  ): Promise<R> {
    throwIfInvalid([...certificateIdIssues(all, input.id, ['input', 'id']), ...issues]);
    const { located, issues: idIssues } = await locate.place(input.id, ['input', 'id']);
    throwIfInvalid(idIssues);
    if (!located) throw noSuchClientCertificate();
    const { accountRegion, local } = located;
    await accountRegion.identify();
    return run(doorsIn(accountRegion).clientCertificates, { ...input, id: local }).finally(forget);
  }

  /** Whether an account that is not known by its 12 digits yet has one region only, so that nobody has to name it. */
  const mayHaveOneRegion = () =>
    all.some((one) => !one.accountId && all.filter(({ account }) => account === one.account).length === 1);

  /**
   * What is chosen, unless there is something to complain about. The account may be named by 12 digits that it is not known by yet: if
   * nothing else is wrong for sure, the accounts are asked for theirs first.
   */
  async function chooseNamed(
    { account, region }: Choice,
    otherIssues: InputIssue[],
    run: () => ReturnType<typeof choose>,
  ): Promise<AccountRegion | undefined> {
    let { chosen, issues } = run();
    const mayBeRight = ({ path: [, name] }: InputIssue) =>
      name === 'account' || (name === 'region' && region == null && mayHaveOneRegion());
    if (account != null && areUnknownDigits(all, account) && [...issues, ...otherIssues].every(mayBeRight)) {
      await identifyAccount(operation, all, account);
      ({ chosen, issues } = run());
    }
    throwIfInvalid([...issues, ...otherIssues]);
    return chosen;
  }

  /** The certificate to replace, which is where the new one has to be. */
  async function toReplace(id: string, choice: Choice): Promise<Located> {
    const { located, issues } = await locate.place(id, REPLACES);
    throwIfInvalid(issues);
    if (!located) throw noneToReplace(id);
    throwIfInvalid(otherPlaceIssues(located.accountRegion, choice));
    return located;
  }

  return {
    async generate({ account, region, replaces, ...input }) {
      const choice = { account, region };
      const address = replaces == null ? undefined : parseCertificateAddress(replaces);
      const where = { region: address?.region ?? '', caller: viewer.name };
      const otherIssues = [
        ...parseGenerateInput({ ...input, replaces: address?.local }, where).issues,
        ...(replaces == null ? [] : certificateIdIssues(all, replaces, REPLACES)),
      ];
      const chosen = await chooseNamed(choice, otherIssues, () =>
        replaces == null ? choose(all, choice) : { chosen: undefined, issues: wrongNames(all, choice) },
      );
      const replaced = replaces == null ? undefined : await toReplace(replaces, choice);
      const accountRegion = replaced?.accountRegion ?? chosen;
      if (!accountRegion) throw new Error('no account and region was chosen');
      await accountRegion.identify();
      return doorsIn(accountRegion)
        .clientCertificates.generate({ ...input, replaces: replaced?.local })
        .finally(forget);
    },
    update: async (input) =>
      change(input, descriptionIssues(input.description, ['input', 'description']), (door, local) =>
        door.update(local),
      ),
    delete: async (input) => change(input, [], (door, local) => door.delete(local)),
    tag: async (input) =>
      change(input, tagIssues(input.tags, ['input', 'tags']), (door, local) => door.tag(local)),
    untag: async (input) =>
      change(input, tagKeyIssues(input.tagKeys, ['input', 'tagKeys']), (door, local) => door.untag(local)),
  };
}
