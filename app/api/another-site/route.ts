import { anotherSite } from '@/lib/doors/another-site';

/** Where the middleware sends forms of other sites. */
export const POST = anotherSite;
