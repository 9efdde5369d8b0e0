import { exportEntries, trailResponse } from '@/lib/audit/export-entries';
import { auditExport } from '@/lib/audit/filters';
import { download } from '@/lib/doors/page';

/** The business's trail as a file. */
export const GET = download({
  requirePermission: 'export_data',
  input: auditExport,
  recent: true,
  load: exportEntries,
  respond: async (file, _request, again) => trailResponse(file, again),
});
