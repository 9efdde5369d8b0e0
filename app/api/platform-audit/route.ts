import { exportPlatformEntries, trailResponse } from '@/lib/audit/export-entries';
import { auditExport } from '@/lib/audit/filters';
import { download } from '@/lib/doors/page';

/** The platform's trail as a file. */
export const GET = download({
  requirePermission: 'view_platform',
  input: auditExport,
  recent: true,
  load: exportPlatformEntries,
  respond: async (file, _request, again) => trailResponse(file, again),
});
