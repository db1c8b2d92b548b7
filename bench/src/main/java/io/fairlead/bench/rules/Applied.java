package io.fairlead.bench.rules;

/**
 * When what happened to a change; all by System.nanoTime.
 *
 * @param begin before anybody had done anything for it: its text was ready, its write not yet sent
 * @param record when it had been read; for those who keep no records, {@code begin}
 * @param acknowledged when whoever it was given to said that it is done: the kernel, or an API
 *     server
 */
record Applied(long begin, long record, long acknowledged) {

  /** Of a change whose maker reads nothing. */
  static Applied of(long begin, long acknowledged) {
    return new Applied(begin, begin, acknowledged);
  }
}
