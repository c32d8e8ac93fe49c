/** How the gateway of the API is registered. */
export const GATEWAY = { from: ['127.0.0.1/32'], dialect: 'original' } as const;
