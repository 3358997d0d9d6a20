import { createOldestFirst, type OldestFirst } from '../collections/oldest-first.ts';
import type { HttpRequest } from '../exchange.ts';

/** Something that waits for its client to read it. */
export type Unsent = {
  request: HttpRequest;
  /** The memory that would be free without this entry. */
  bytes: number;
  /** All entries with this body, if several may share it because it comes from the cache, and what removes this one from them. */
  shared: { all: OldestFirst<Unsent>; leave: () => void } | undefined;
  length: number;
  sinceMs: number;
  /** Removes it from all; undefined once that was done. */
  leave: (() => void) | undefined;
};

/** What waits for clients to read it, over all connections, and what makes way for it. */
export type Room = {
  /** Whether nothing more has room, as long as nothing makes way. */
  isFull(): boolean;
  /** Whether there is room for this many more bytes, after those that have waited too long were cut off. */
  hasRoomFor(bytes: number, request: HttpRequest): boolean;
  /** Whether others have this body, which is kept, too. */
  isShared(body: Uint8Array): boolean;
  add(request: HttpRequest, bytes: number, length: number, body?: Uint8Array): Unsent;
  count(entry: Unsent, bytes: number): void;
  remove(entry: Unsent): void;
  cutOff(entry: Unsent): void;
  /** The oldest first. */
  entries(): Iterable<Unsent>;
  ageMs(entry: Unsent): number;
};

/** If there is no room, a response that has waited for longer is cut off. */
const PATIENCE_UNDER_PRESSURE_MS = 1000;

/** If there is no room, an address with a larger share loses its responses to others at once. */
const MAX_SHARE = 0.5;

export function createRoom({ maxBytes, elapsedMs }: { maxBytes: number; elapsedMs: () => number }): Room {
  const unsent = createOldestFirst<Unsent>();
  /** The entries that share a cached body, which keep it in memory. The oldest one is charged for its bytes. */
  const sharing = new WeakMap<Uint8Array, OldestFirst<Unsent>>();
  const ofAddress = new Map<string | undefined, number>();
  let total = 0;

  const ageMs = ({ sinceMs }: Unsent) => elapsedMs() - sinceMs;

  function count(entry: Unsent, bytes: number): void {
    const { address } = entry.request;
    entry.bytes += bytes;
    total += bytes;
    const sum = (ofAddress.get(address) ?? 0) + bytes;
    if (sum === 0) ofAddress.delete(address);
    else ofAddress.set(address, sum);
  }

  function remove(entry: Unsent): void {
    const { bytes, shared, leave } = entry;
    if (!leave) return;
    leave();
    entry.leave = undefined;
    count(entry, -bytes);
    if (!shared) return;
    shared.leave();
    const { oldest } = shared.all;
    if (oldest) count(oldest, bytes);
  }

  function share(body: Uint8Array, entry: Unsent): void {
    const all = sharing.get(body) ?? createOldestFirst();
    if (all.size === 0) sharing.set(body, all);
    entry.shared = { all, leave: all.add(entry) };
  }

  function cutOff(entry: Unsent): void {
    remove(entry);
    entry.request.cutOff();
  }

  function makesWay(entry: Unsent, { address }: HttpRequest): boolean {
    if (entry.bytes === 0) return false;
    if (ageMs(entry) >= PATIENCE_UNDER_PRESSURE_MS) return true;
    const other = entry.request.address;
    return other !== address && (ofAddress.get(other) ?? 0) > maxBytes * MAX_SHARE;
  }

  function hasRoomFor(bytes: number, request: HttpRequest): boolean {
    if (total + bytes <= maxBytes) return true;
    for (const entry of unsent) {
      if (total + bytes <= maxBytes) return true;
      if (makesWay(entry, request)) cutOff(entry);
    }
    return total + bytes <= maxBytes;
  }

  function add(request: HttpRequest, bytes: number, length: number, body?: Uint8Array): Unsent {
    const entry: Unsent = {
      request,
      bytes: 0,
      shared: undefined,
      length,
      sinceMs: elapsedMs(),
      leave: undefined,
    };
    entry.leave = unsent.add(entry);
    count(entry, bytes);
    if (body) share(body, entry);
    return entry;
  }

  return {
    isFull: () => total >= maxBytes,
    hasRoomFor,
    isShared: (body) => (sharing.get(body)?.size ?? 0) > 0,
    add,
    count,
    remove,
    cutOff,
    entries: () => unsent,
    ageMs,
  };
}
