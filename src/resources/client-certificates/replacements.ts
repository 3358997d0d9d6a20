import type { Snapshot } from '../../shared-reads/snapshot.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { isClientCertificateId } from './id.ts';
import { type Item, isWhole } from './list.ts';

/** The tag of a certificate that was generated to replace another: its value is AWS's id of that. */
export const REPLACES_TAG = 'certway:replaces';

/** AWS's id of the certificate that this one was generated to replace; undefined if the tag names no other one. */
export function replacedIdOf({ clientCertificateId, tags }: ClientCertificate): string | undefined {
  const id = tags.find(({ key }) => key === REPLACES_TAG)?.value;
  return id !== undefined && id !== clientCertificateId && isClientCertificateId(id) ? id : undefined;
}

/** The successor of each certificate that has one, by AWS's id. Of several it is the first that was generated. */
export type Successors = (all: Snapshot<Item>) => Map<string, ClientCertificate>;

/** Looks at each snapshot once. */
export function createSuccessors(): Successors {
  const known = new WeakMap<Snapshot<Item>, Map<string, ClientCertificate>>();
  return (all) => {
    const successors = known.get(all) ?? successorsIn(all);
    known.set(all, successors);
    return successors;
  };
}

function successorsIn({ items }: Snapshot<Item>): Map<string, ClientCertificate> {
  const successors = new Map<string, ClientCertificate>();
  for (const { node } of items) {
    if (!isWhole(node)) continue;
    const id = replacedIdOf(node);
    const other = id === undefined ? undefined : successors.get(id);
    if (id !== undefined && (!other || isBefore(node, other))) successors.set(id, node);
  }
  return successors;
}

/** Which of two was generated first. AWS's dates have whole seconds; within one, the smaller id counts as the earlier. */
export function isBefore(a: ClientCertificate, b: ClientCertificate): boolean {
  const ms = a.createdDate.getTime() - b.createdDate.getTime();
  return ms < 0 || (ms === 0 && a.clientCertificateId < b.clientCertificateId);
}
