export type Method = 'GET' | 'POST';

/** Where a request goes, and how. */
export type Endpoint = { readonly url: URL; readonly method: Method };
