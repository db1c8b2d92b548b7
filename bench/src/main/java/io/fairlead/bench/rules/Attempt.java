package io.fairlead.bench.rules;

/**
 * One connection that a {@link ServiceClient} began, and what became of it. Times are of
 * System.nanoTime.
 *
 * @param begin before its socket was made
 * @param sent when its first packet had been sent
 * @param end when the answer or the refusal was there, or nobody waited for one any more
 * @param address who answered, as an unsigned number; meaningless if nobody did
 */
record Attempt(long begin, long sent, long end, Outcome outcome, long address) {

  enum Outcome {
    /** An endpoint has said its address. */
    ANSWERED,
    /** The kernel has told that there is nobody, by a reset or by ICMP. */
    REFUSED,
    /** Nobody answered in time. */
    UNANSWERED
  }

  boolean isAnswered() {
    return outcome == Outcome.ANSWERED;
  }
}
