package io.fairlead.dataplane.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What has to hold of whatever reads bytes that somebody else made. */
public final class Decoding {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long FIXED_BYTES = 4L << 20;

  private static final long PER_BYTE = 4096;

  private Decoding() {}

  /** Reads an input; what it throws fails the test. */
  @FunctionalInterface
  public interface Attempt {
    void run() throws Exception;
  }

  /**
   * Runs {@code attempt}, and holds it to memory in proportion to its input: a length that the
   * input claims must not be allocated.
   *
   * @param refusal the one checked exception with which input is refused
   * @param attempt can be repeated
   */
  public static void of(byte[] input, Class<? extends Exception> refusal, Attempt attempt) {
    long limit = FIXED_BYTES + PER_BYTE * input.length;
    if (allocation(refusal, attempt) > limit) {
      // The first time loads classes, which are the dearer for being instrumented.
      assertThat(allocation(refusal, attempt))
          .as("bytes allocated for %d bytes of input", input.length)
          .isLessThan(limit);
    }
  }

  private static long allocation(Class<? extends Exception> refusal, Attempt attempt) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      attempt.run();
    } catch (Exception e) {
      if (!refusal.isInstance(e)) {
        throw new AssertionError("input is refused with another exception: " + e, e);
      }
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("input is refused without a reason", e);
      }
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
