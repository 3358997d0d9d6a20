/** The default and the maximum of `limit` in AWS's service model. */
export const DEFAULT_PAGE_SIZE = 25;
export const MAX_PAGE_SIZE = 500;
