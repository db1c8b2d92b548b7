package io.fairlead.bench.lab;

import java.io.IOException;
import org.junit.jupiter.api.Assumptions;

/** What the tests of the whole stand on. */
public final class Whole {

  private Whole() {}

  /** Skips the calling test if this kernel lacks what a proxy mode needs. */
  public static void requireKernelOf(String proxyMode) throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        !proxyMode.equals("ipvs") || KernelFeatures.hasIpvs(), KernelFeatures.WITHOUT_IPVS);
  }

  /**
   * The tree that was built. Without one the calling test is skipped, unless -Dfairlead.dist named
   * it: then it fails.
   */
  public static Distribution distribution() throws IOException {
    Distribution distribution = Distribution.ifBuilt();
    Assumptions.assumeTrue(
        distribution != null, "tests of the whole need target/fairlead; make dist builds it");
    return distribution == null ? Distribution.required() : distribution;
  }
}
