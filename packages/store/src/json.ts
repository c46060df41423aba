/** JSON as PostgreSQL keeps it. Amounts inside are decimal strings, never numbers. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
