import { nextAuth } from '@/lib/doors/next-auth';

export { nextAuth as GET, nextAuth as POST };
