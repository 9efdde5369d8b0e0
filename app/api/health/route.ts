import { preflight, readable } from '@/lib/doors/cross-origin';
import { health } from '@/lib/doors/health';

export const GET = readable(health);
export const OPTIONS = preflight;
