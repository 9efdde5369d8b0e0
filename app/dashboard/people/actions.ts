'use server';

import { savePeople as savePeopleUseCase } from '@/lib/businesses/save-people';
import { action } from '@/lib/doors/action';
import { formWithRows } from '@/lib/doors/form-with-rows';

export const savePeople = action({
  requirePermission: 'manage_settings',
  input: formWithRows,
  run: savePeopleUseCase,
  done: () => ({ message: 'Saved. The next call rings these people.', revalidate: ['/dashboard/people'] }),
});
