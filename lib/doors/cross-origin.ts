/**
 * What pages of other sites may read: what a handler gives everybody, and nothing that a cookie opens. Who may is in
 * `ALLOWED_ORIGINS`, compared whole; no answer allows credentials, and none allows `*`. Every other handler says nothing
 * about it, and a browser then refuses.
 */
import { env } from '@/lib/platform/env';

/** A GET handler whose answer the sites in `ALLOWED_ORIGINS` may read. */
export const readable =
  <R extends Request>(answer: (request: R) => Promise<Response>) =>
  async (request: R): Promise<Response> => {
    const response = await answer(request);
    for (const [name, value] of Object.entries(allowed(request))) response.headers.append(name, value);
    return response;
  };

/** The question before it: may this site ask? */
export async function preflight(request: Request): Promise<Response> {
  const origin = allowed(request);
  const may = 'Access-Control-Allow-Origin' in origin;
  const methods = { Allow: 'GET, HEAD, OPTIONS', ...(may && { 'Access-Control-Allow-Methods': 'GET, HEAD' }) };
  return new Response(null, { status: 204, headers: { ...origin, ...methods } });
}

/** Always with `Vary`: what is kept on the way for one site must not be given to another. */
function allowed({ headers }: Request): Record<string, string> {
  const origin = headers.get('origin');
  const isAllowed = origin !== null && env().ALLOWED_ORIGINS.includes(origin);
  return { Vary: 'Origin', ...(isAllowed && { 'Access-Control-Allow-Origin': origin }) };
}
