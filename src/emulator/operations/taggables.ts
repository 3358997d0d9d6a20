import { findCertificate } from './client-certificates.ts';
import { getRestApi } from './rest-apis.ts';
import { whereAny } from './rules.ts';
import { getStage } from './stages.ts';
import type { Taggable } from './tags.ts';
import { getApi } from './v2-apis.ts';
import { getStage as getV2Stage } from './v2-stages.ts';

const clientCertificate: Taggable = {
  path: /^\/clientcertificates\/([a-z0-9]+)$/,
  find: (accountRegion, id = '') => {
    const { tags } = findCertificate(accountRegion, id);
    return { tags, setTags: (all) => accountRegion.store.certificates.setTags(id, all) };
  },
};

const restApi: Taggable = {
  path: /^\/restapis\/([a-z0-9]+)$/,
  find: (accountRegion, id = '') => {
    const api = getRestApi(accountRegion, id);
    const { apis } = accountRegion.store.restApis;
    return { tags: api.tags ?? {}, setTags: (tags) => apis.set('', id, { ...api, tags: whereAny(tags) }) };
  },
};

const stage: Taggable = {
  path: /^\/restapis\/([a-z0-9]+)\/stages\/([^/]+)$/,
  find: (accountRegion, restApiId = '', stageName = '') => {
    const found = getStage(accountRegion, { restApiId, stageName });
    const { stages } = accountRegion.store.restApis;
    return {
      tags: found.tags ?? {},
      setTags: (tags) => stages.set(restApiId, stageName, { ...found, tags: whereAny(tags) }),
    };
  },
};

const api: Taggable = {
  path: /^\/apis\/([a-z0-9]+)$/,
  find: (accountRegion, id = '') => {
    const found = getApi(accountRegion, id);
    return {
      tags: found.tags,
      setTags: (tags) => accountRegion.store.v2Apis.apis.set('', id, { ...found, tags }),
    };
  },
};

const v2Stage: Taggable = {
  path: /^\/apis\/([a-z0-9]+)\/stages\/([^/]+)$/,
  find: (accountRegion, apiId = '', stageName = '') => {
    const found = getV2Stage(accountRegion, apiId, stageName);
    const { stages } = accountRegion.store.v2Apis;
    return { tags: found.tags, setTags: (tags) => stages.set(apiId, stageName, { ...found, tags }) };
  },
};

/**
 * What the tag operations of API Gateway accept. Whether AWS accepts ARNs of API Gateway V2 there
 * is not known.
 */
export const taggables: Taggable[] = [clientCertificate, restApi, stage];

/** What the tag operations of API Gateway V2 accept. */
export const v2Taggables: Taggable[] = [api, v2Stage];
