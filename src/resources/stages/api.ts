/** HTTP APIs are none of them: their stages have no client certificates. */
export type ApiProtocol = 'REST' | 'WEBSOCKET';

/** An API whose stages can have a client certificate. */
export type Api = { readonly apiId: string; readonly name: string; readonly protocol: ApiProtocol };
