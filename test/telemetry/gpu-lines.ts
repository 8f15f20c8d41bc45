/** The id of a card, as the driver writes it. */
export const cardId = (card: number) => `GPU-${String(card).padStart(8, '0')}-6f2a-11ee-b1d2-0123456789ab`
