package io.fairlead.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.testing.TestNamespace;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many Services. Times are printed, not judged: of the clock, and of this thread on a processor,
 * which other work on the machine does not change.
 */
class NftablesScaleKernelTest {

  private static void update(ServiceTable services, int number, List<EndpointAddress> endpoints) {
    String name = "s" + number;
    int address = (10 << 24 | 96 << 16) + number;
    services.update(
        Samples.key(name),
        Samples.service(name, Protocol.TCP, new EndpointAddress(ip(address), 80), endpoints));
  }

  private static IpAddress ip(int number) {
    return IpAddress.of(
        new byte[] {
          (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
        });
  }

  private static EndpointAddress endpoint(int number, int port) {
    return new EndpointAddress(ip((10 << 24 | 128 << 16) + number), port);
  }

  private static ServiceTable fill(NfTablesSocket kernel, int services, int endpoints) {
    ServiceTable table = new ServiceTable(kernel);
    for (int i = 0; i < services; i++) {
      int first = i * endpoints;
      update(
          table,
          i,
          IntStream.range(first, first + endpoints).mapToObj(n -> endpoint(n, 8080)).toList());
    }
    return table;
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

  private static String time(Step step) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    long cpu = threads.getCurrentThreadCpuTime();
    long before = System.nanoTime();
    step.run(0);
    return (System.nanoTime() - before) / 1_000_000
        + " ms (processor "
        + (threads.getCurrentThreadCpuTime() - cpu) / 1_000_000
        + " ms)";
  }

  @ParameterizedTest(name = "{0} Services with {1} endpoints each")
  @CsvSource({"10000, 2", "44000, 1", "5000, 50"})
  @DisplayName("Many elements, and changes of a few (services 48)")
  void scale(int count, int endpoints) throws Exception {
    try (TestNamespace namespace = TestNamespace.create("scale");
        NfTablesSocket kernel = namespace.call(NfTablesSocket::open)) {
      ServiceTable services = fill(kernel, count, endpoints);
      System.out.printf("%,d services x %d%n", count, endpoints);
      System.out.println("  first sync: " + time(_ -> services.commit()));
      NftablesServices.cleanup(kernel);
      services.distrust();
      System.out.println("  again, warm: " + time(_ -> services.commit()));
      ServiceTable second = fill(kernel, count, endpoints);
      System.out.println("  restart over it: " + time(_ -> assertThat(second.commit()).isEmpty()));

      long replaced =
          median(
              400,
              i -> {
                update(services, 77, List.of(endpoint(1, 1), endpoint(2, 2 + i)));
                services.commit();
              });
      long scaled =
          median(
              200,
              i -> {
                List<EndpointAddress> three =
                    List.of(endpoint(1, 1), endpoint(2, 2), endpoint(3, 3));
                update(services, 77, three.subList(0, 2 + i % 2));
                services.commit();
              });
      long added =
          median(
              200,
              i -> {
                update(services, count + i, List.of(endpoint(1, 1), endpoint(2, 2)));
                services.commit();
              });
      System.out.printf(
          "  one endpoint replaced: %d us; scaled by one: %d us; a service added: %d us (medians)%n",
          replaced, scaled, added);
      List<String> repairs = services.audit();
      assertThat(repairs).isEmpty();
    }
  }
}
