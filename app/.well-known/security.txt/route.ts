import { securityContact } from '@/lib/doors/security-contact';

export const dynamic = 'force-dynamic'; // a date that was written at the build would pass
export const GET = securityContact;
