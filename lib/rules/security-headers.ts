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

type Arrival = {
  readonly appUrl: string;
  /** As it stands in the environment: how many proxies of ours are before us. */
  readonly trustedProxyHops: string | undefined;
  /** `X-Forwarded-Proto`. */
  readonly forwardedProto: string | null;
  readonly pathname: string;
  readonly search: string;
};

/**
 * Where a request that came over plain HTTP is sent, or `null` where it came as it should. Only a proxy of ours can say how
 * it came; with none, whoever says so is the client. Where several have written down what they saw, the outermost of ours
 * met the client.
 */
export function httpsAddress({ appUrl, trustedProxyHops, forwardedProto, pathname, search }: Arrival): string | null {
  const hops = Number(trustedProxyHops ?? 0);
  if (!appUrl.startsWith('https://') || !(hops > 0) || forwardedProto === null) return null;
  const seen = forwardedProto.split(',').map((proto) => proto.trim().toLowerCase());
  return (seen.at(-hops) ?? seen[0]) === 'http' ? addressOn(appUrl, pathname, search) : null;
}

/** An address of ours, whatever the path looks like: `//evil.example` is a path here and not another site. */
export function addressOn(appUrl: string, pathname: string, search: string): string {
  const address = new URL(appUrl);
  address.pathname = pathname;
  address.search = search;
  return address.href;
}
