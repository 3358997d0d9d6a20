import { type CertificateStore, createCertificateStore } from './client-certificates.ts';
import { openDatabase } from './database.ts';
import { createRestApiStore, type RestApiStore } from './rest-apis.ts';
import { createV2ApiStore, type V2ApiStore } from './v2-apis.ts';

export type Store = {
  certificates: CertificateStore;
  restApis: RestApiStore;
  v2Apis: V2ApiStore;
  /**
   * All writes of `run` or, if it throws, none of them. Nothing changes between its reads and its writes, not even in another
   * process. What it does after an `await` is no part of it.
   */
  transaction<T>(run: () => T): T;
  close(): void;
};

/** All that the emulator knows, in a SQLite file or in memory. */
export function createStore(path = ':memory:'): Store {
  const db = openDatabase(path);
  return {
    certificates: createCertificateStore(db),
    restApis: createRestApiStore(db),
    v2Apis: createV2ApiStore(db),
    transaction: (run) => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = run();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}
