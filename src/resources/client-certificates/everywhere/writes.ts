import type { InputIssue } from '../../../errors.ts';
import { quote, throwIfInvalid } from '../../../input-issues.ts';
import { choose } from '../../everywhere/choose.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import { tagIssues, tagKeyIssues } from '../../tags.ts';
import type { ClientCertificatesIn } from '../client-certificates.ts';
import { descriptionIssues } from '../descriptions.ts';
import { parseGenerateInput } from '../generate-input.ts';
import { noSuchClientCertificate } from '../not-found.ts';
import type { Writes } from '../writes.ts';
import type { Locate } from './locate.ts';

/** Changes where the id says, or, for a new certificate, the input. All input is checked before anything is changed. */
export function createWrites(
  { all, doorsIn, viewer }: OperationEverywhere,
  locate: Locate,
  forget: () => void,
): Writes {
  /** Has the door there make the change, with the id that it takes. */
  async function change<Input extends { id: string }, R>(
    input: Input,
    issues: InputIssue[],
    run: (door: ClientCertificatesIn, input: Input) => Promise<R>,
  ): Promise<R> {
    const { located, issues: idIssues } = await locate.place(input.id, ['input', 'id']);
    throwIfInvalid([...idIssues, ...issues]);
    if (!located) throw noSuchClientCertificate();
    const { accountRegion, local } = located;
    await accountRegion.identify();
    return run(doorsIn(accountRegion).clientCertificates, { ...input, id: local }).finally(forget);
  }

  return {
    async generate({ account, region, replaces, ...input }) {
      const path = ['input', 'replaces'];
      const replaced = replaces == null ? undefined : await locate.place(replaces, path);
      const own = replaced?.located ?? undefined;
      const { chosen, issues } = choose(all, { account, region }, own?.accountRegion);
      const local = { ...input, replaces: own?.local };
      const where = { region: own?.accountRegion.region ?? '', caller: viewer.name };
      throwIfInvalid([
        ...issues,
        ...parseGenerateInput(local, where).issues,
        ...(replaced?.issues ?? []),
        ...(replaced && !own && replaced.issues.length === 0 ? [noneToReplace(replaces, path)] : []),
      ]);
      if (!chosen) throw new Error('no account and region was chosen');
      await chosen.identify();
      return doorsIn(chosen).clientCertificates.generate(local).finally(forget);
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

const noneToReplace = (id: string | null | undefined, path: string[]): InputIssue => ({
  path,
  message: `expected a client certificate that exists, got ${quote(id ?? '')}`,
});
