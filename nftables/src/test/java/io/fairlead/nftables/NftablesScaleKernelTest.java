package io.fairlead.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** 10,000 Services with two endpoints each. Times are printed, not judged. */
class NftablesScaleKernelTest {

  private static final int SERVICES = 10_000;

  private static void update(ServiceTable services, int number, String... endpoints) {
    String name = "s" + number;
    String address =
        "10." + (96 + (number >> 16)) + "." + (number >> 8 & 255) + "." + (number & 255);
    services.update(Samples.key(name), Samples.tcp(name, address + ":80", endpoints));
  }

  private static String endpoint(int number) {
    return "10.244." + (number >> 8 & 255) + "." + (number & 255) + ":8080";
  }

  private static ServiceTable fill(NfTablesSocket kernel) {
    ServiceTable services = new ServiceTable(kernel);
    for (int i = 0; i < SERVICES; i++) {
      update(services, i, endpoint(2 * i), endpoint(2 * i + 1));
    }
    return services;
  }

  /** The median of what {@code count} repetitions take, in microseconds. */
  private static long median(int count, Step step) throws Exception {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      long before = System.nanoTime();
      step.run(i);
      times[i] = System.nanoTime() - before;
    }
    Arrays.sort(times);
    return times[count / 2] / 1000;
  }

  private interface Step {
    void run(int number) throws Exception;
  }

  @Test
  @DisplayName("20,000 elements and more in a map, and one-element changes (services 48)")
  void scale() throws Exception {
    try (TestNamespace namespace = TestNamespace.create("scale");
        NfTablesSocket kernel = namespace.call(NfTablesSocket::open)) {
      ServiceTable services = fill(kernel);
      long start = System.nanoTime();
      services.commit();
      long loaded = System.nanoTime();
      ServiceTable second = fill(kernel);
      long filled = System.nanoTime();
      assertThat(second.commit()).isEmpty();
      long compared = System.nanoTime();
      System.out.printf(
          "%,d services x 2: loaded in %d ms; a restart compared them in %d ms%n",
          SERVICES, (loaded - start) / 1_000_000, (compared - filled) / 1_000_000);

      long replaced =
          median(
              400,
              i -> {
                update(services, 77, "10.244.1.2:1", "10.244.1.3:" + (2 + i));
                assertThat(services.commit()).hasSize(2);
              });
      long scaled =
          median(
              100,
              i -> {
                String[] endpoints =
                    i % 2 == 0
                        ? new String[] {"10.244.1.2:1", "10.244.1.3:9", "10.244.1.4:1"}
                        : new String[] {"10.244.1.2:1", "10.244.1.3:9"};
                update(services, 77, endpoints);
                services.commit();
              });
      System.out.printf(
          "one endpoint replaced: %d us; scaled by one: %d us (medians)%n", replaced, scaled);
      List<String> repairs = services.audit();
      assertThat(repairs).isEmpty();
    }
  }
}
