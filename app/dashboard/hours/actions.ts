'use server';

import { saveHours as saveHoursUseCase } from '@/lib/businesses/save-hours';
import { action } from '@/lib/doors/action';
import { formWithRows } from '@/lib/doors/form-with-rows';

export const saveHours = action({
  requirePermission: 'manage_settings',
  input: formWithRows,
  run: saveHoursUseCase,
  done: () => ({ message: 'Saved. The next call goes by these hours.', revalidate: ['/dashboard/hours'] }),
});
