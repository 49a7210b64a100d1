/** Heights of rows that a ListWindow draws, by text size: two lines of a union's name, in large text three. */
export const RANK_ROW = { normal: 76, large: 138 } as const
