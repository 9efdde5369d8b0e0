/** One backup of the database in `DATABASE_URL`, into a folder, for bench/backup.ts: how long, and in how much memory. */
import { writeBackup } from '@/lib/backup/make-backup';
import { inSnapshot } from '@/lib/platform/bulk';
import { diskStore } from '@/lib/platform/disk-store';

const [, , folder = '', recipient = ''] = process.argv;
const begun = performance.now();
await inSnapshot((bulk) =>
  writeBackup(bulk, diskStore(folder), [recipient], new AbortController().signal, () => undefined),
);
const seconds = (performance.now() - begun) / 1000;
console.log(JSON.stringify({ seconds, memory: process.resourceUsage().maxRSS / 1000 }));
