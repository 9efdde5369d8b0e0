import { health } from '@/lib/doors/health';

export const GET = health;
