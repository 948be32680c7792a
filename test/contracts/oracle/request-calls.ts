/** The calls about one request: their product with all states and callers is in OracleRegistry.states.test.ts. */
export const REQUEST_CALLS = [
  'report',
  'reportFailure',
  'allowEarly',
  'cancel',
  'conclude',
  'refund',
  'sync',
  'deliver',
] as const
