import { z } from 'zod';

/** More than the largest form that anybody fills in: 200 special days of six shifts. */
const mostFields = 4_000;

/** A form whose fields are not known beforehand, because it has as many rows as somebody typed. A rule reads it further. */
export const formWithRows = z
  .record(z.string().max(40), z.string().max(200, 'At most 200 characters.'))
  .refine((form) => Object.keys(form).length <= mostFields);
