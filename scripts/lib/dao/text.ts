/**
 * A text that anybody may have written, fit for a line of a terminal: no line breaks, no control characters, nothing that turns the
 * direction of what follows.
 */
export const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
