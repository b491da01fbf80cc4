/**
 * Constants of linux/tc_act/tc_mirred.h and tc_gact.h.
 *
 * @module
 */

export const TCA_MIRRED = { TCA_MIRRED_TM: 1, TCA_MIRRED_PARMS: 2 } as const;

export const TCA_EGRESS_REDIR = 1;
export const TCA_EGRESS_MIRROR = 2;
export const TCA_INGRESS_REDIR = 3;
export const TCA_INGRESS_MIRROR = 4;

export const TCA_GACT = { TCA_GACT_TM: 1, TCA_GACT_PARMS: 2, TCA_GACT_PROB: 3 } as const;
