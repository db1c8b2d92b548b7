package io.fairlead.dataplane.policy.conntrack;

/**
 * What one pass over the kernel's connections came to.
 *
 * @param addresses whose connections were looked at
 * @param judged connections that were judged
 * @param cut connections that are denied and were made an end of
 * @param nanoseconds how long it took
 */
public record CutReport(int addresses, int judged, int cut, long nanoseconds) {}
