/** The policy of every page (CSP Level 3): scripts and styles by nonce, nothing from anywhere else, no frame around it. */
export function contentSecurityPolicy(nonce: string, site: { development: boolean; https: boolean }): string {
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${site.development ? ` 'unsafe-eval'` : ''}`,
    `style-src 'self' ${site.development ? `'unsafe-inline'` : `'nonce-${nonce}'`}`,
    `img-src 'self' data:`,
    `media-src 'self'`,
    `connect-src 'self'${site.development ? ' ws:' : ''}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    ...(site.https ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}
