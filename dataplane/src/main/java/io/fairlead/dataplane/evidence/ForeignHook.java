package io.fairlead.dataplane.evidence;

/**
 * A chain of somebody else's that sees packets of ours.
 *
 * @param program whose it seems to be, by its names; empty if that cannot be told
 * @param family of its table, as nft writes it
 * @param table "ip filter", with its family
 * @param chain its name
 * @param type "filter", "nat" or "route"
 * @param hook "prerouting", "input", "forward", "output", "postrouting", "ingress", "egress"
 * @param priority lower comes first
 * @param policy "accept" or "drop"
 * @param effect a sentence: what it may do to packets of pods and Services
 */
public record ForeignHook(
    String program,
    String family,
    String table,
    String chain,
    String type,
    String hook,
    int priority,
    String policy,
    String effect) {}
