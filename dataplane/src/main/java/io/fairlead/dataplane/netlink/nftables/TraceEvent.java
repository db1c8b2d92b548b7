package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;

/**
 * One step of a packet whose tracing a rule asked for.
 *
 * @param id the same for all steps of a packet, on its way in or on its way out
 * @param rule the number of the rule that applied; 0 if it was the chain's end
 * @param verdict what was decided, as nft writes it: "accept", "drop", "jump CHAIN", "continue"; at
 *     the end of a base chain its policy
 * @param mark of the packet
 * @param inputIndex the link that it came through, or 0
 * @param outputIndex the link that it leaves through, or 0 if that is not known yet
 * @param networkHeader as the packet has it now; empty in all but the first step in a chain's table
 * @param transportHeader the beginning of it; likewise
 */
public record TraceEvent(
    int id,
    Kind kind,
    TableName table,
    String chain,
    long rule,
    String verdict,
    int mark,
    int inputIndex,
    int outputIndex,
    Bytes networkHeader,
    Bytes transportHeader) {

  /** What decided: enum nft_trace_types. */
  public enum Kind {
    POLICY,
    RETURN,
    RULE
  }
}
